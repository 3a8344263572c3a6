"""Logistic regression: the cross-entropy of a linear model of columns of data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ...messages import GdvizError, quote
from ..budget import MAX_DRAWN_ROWS
from .regression import Fit, Model

Array = NDArray[np.float64]

MAX_LOGISTIC_ROWS = 10_000
"""The most rows of a logistic regression, which has no closed form."""
BLOCK = 2**17
"""Numbers, points times rows, that are worked on at a time: they fit into a cache."""
MAX_ITERATIONS = 100
"""The most steps of Newton's method; about eight are usual."""
CONVERGED = 1e-6
"""A minimum is where the last step is smaller than this share of the parameters."""


@dataclass(frozen=True)
class LogisticRegression(Model):
    """The mean cross-entropy of p = 1/(1 + exp(−t)) as the probability of y = 1.

    A row adds softplus(−t) where y is 1 and softplus(t) where it is 0, with t = θ₁ + θ₂x₁ + … and
    softplus(t) = log(1 + exp t). Rows that are equal are counted and worked out once.

    Raises
    ------
    GdvizError
        If y has other values than 0 and 1, or only one of them, or there are too many rows.
    """

    def __post_init__(self) -> None:
        super().__post_init__()
        file, values = quote(self.data.name), np.unique(self.data.columns[-1])
        if self.rows > MAX_LOGISTIC_ROWS:
            raise GdvizError(
                f"{file} has {self.rows} rows; a logistic regression takes {MAX_LOGISTIC_ROWS} at "
                "most: keep a sample of them"
            )
        for value in values:
            if value not in (0.0, 1.0):
                message = f"{value:.12g} in column {self.data.y} is neither 0 nor 1"
                raise GdvizError(f"{file}: {message}, which a logistic regression tells apart")
        if len(values) < 2:
            raise GdvizError(
                f"{file}: column {self.data.y} is {values[0]:g} in each row; a logistic "
                "regression needs both 0 and 1"
            )

    @property
    def description(self) -> str:
        return f"the mean cross-entropy of a logistic regression on {self._source()}"

    @property
    def tex(self) -> str:
        n, t = self.rows, self._linear_tex
        return (
            rf"\frac{{1}}{{{n}}} \sum_{{i=1}}^{{{n}}} "
            rf"\bigl[\ln\bigl(1 + e^{{{t}}}\bigr) - y_i ({t})\bigr]"
        )

    @property
    def content(self) -> object:
        return ["logistic-regression", self.data.digest, self.standardized, *self.parameters[2:]]

    @property
    def cost(self) -> int:
        return len(self._distinct.counts)

    @cached_property
    def _signs(self) -> Array:
        """Factor of t in each row: −1 where y is 1, and 1 where it is 0."""
        signs: Array = 1.0 - 2.0 * self.data.columns[-1]
        return signs

    @cached_property
    def _distinct(self) -> _Rows:
        table = np.array([*self._inputs, self._signs])
        (*inputs, signs), counts = np.unique(table, axis=1, return_counts=True)
        return _Rows(np.array(inputs), signs, counts.astype(np.float64))

    @cached_property
    def sketch(self) -> LogisticRegression:
        """The same with rows that are nearly equal counted as one, where they are many.

        Half of the limits between them are evenly spaced, so that rows far out stay by themselves,
        and half have as many rows between them, so that they are close where rows are.
        """
        rows = self._distinct
        if len(rows.inputs) > 1 or len(rows.counts) <= MAX_DRAWN_ROWS:
            return self
        (x,), shares = rows.inputs, np.linspace(0.0, 1.0, MAX_DRAWN_ROWS // 4)
        limits = [np.quantile(x, shares), x.min() + shares * np.ptp(x)]
        cells = np.searchsorted(np.sort(np.concatenate(limits)), x)
        _, cells = np.unique(2 * cells + (rows.signs > 0), return_inverse=True)
        counts, inputs, signs = (
            np.asarray(np.bincount(cells, rows.counts * part), float)
            for part in (np.ones(len(x)), x, rows.signs)
        )
        loss = replace(self)
        loss.__dict__["_distinct"] = _Rows((inputs / counts)[np.newaxis], signs / counts, counts)
        return loss

    @cached_property
    def _fit(self) -> Fit | None:
        """By Newton's method with halved steps, which for this loss is IRLS.

        There is a minimum unless a plane separates the classes (Albert & Anderson, Biometrika 71,
        1984, pp. 1–10). For one column, that is easy to see; for more, the steps don't end.
        """
        if len(self._inputs) == 1:
            zeros, ones = self._inputs[0, self._signs > 0], self._inputs[0, self._signs < 0]
            if zeros.max() <= ones.min() or ones.max() <= zeros.min():
                return None
        means, deviations = np.array([column[:2] for column in self._scales]).T[:, :, np.newaxis]
        rows = replace(self._distinct, inputs=(self._distinct.inputs - means) / deviations)
        theta = np.zeros(self.dimension)
        shares = 0.5 ** np.arange(50)
        for _ in range(MAX_ITERATIONS):
            inverse = _inverse(rows.hessian(theta))
            if inverse is None:  # so nearly apart that floats can't tell
                return None
            step = -inverse @ rows.gradient(theta)
            values = rows.value((theta + shares[:, np.newaxis] * step).T)
            # The longest of these steps that does not lead up, by more than rounding may.
            better = values <= rows.value(theta) * (1 + 1e-14)
            theta = theta + shares[better.argmax()] * step
            fit = Fit(tuple(theta.tolist()), inverse)
            error = np.abs(step).max() / max(1.0, np.abs(theta).max())
            if error <= 1e-12:
                break
        return fit if error <= CONVERGED else None

    def predict(self, theta: Array, inputs: Array) -> Array:
        """The probability of y = 1 for inputs of shape (d − 1, n), shape (n,)."""
        with np.errstate(over="ignore"):
            return np.asarray(1 / (1 + np.exp(-super().predict(theta, inputs))))

    def value_at(self, theta: Array) -> Array:
        return self._distinct.value(theta)

    def gradient_at(self, theta: Array) -> Array:
        return self._distinct.gradient(theta)

    def hessian_at(self, theta: Array) -> Array:
        return self._distinct.hessian(theta)

    def batch_gradient_at(self, theta: Array, rows: NDArray[np.intp]) -> Array:
        inputs = np.take(self._inputs, rows, axis=1)
        return _Rows(inputs, self._signs[rows], np.ones(len(rows))).gradient(theta)


@dataclass(frozen=True, eq=False)
class _Rows:
    """Rows of a logistic regression: inputs (d − 1, n), the sign of t and how often they occur.

    The derivatives of softplus are σ(t) = 1/(1 + exp(−t)) and σ(t)σ(−t).
    """

    inputs: Array
    signs: Array
    counts: Array

    def value(self, theta: Array) -> Array:
        return self._means(_softplus, [self.counts], theta)[0, ...]

    def gradient(self, theta: Array) -> Array:
        signed = self.counts * self.signs
        return self._means(_sigmoid, [signed, *(signed * column for column in self.inputs)], theta)

    def hessian(self, theta: Array) -> Array:
        once = [self.counts, *(self.counts * column for column in self.inputs)]
        rows, columns = np.triu_indices(len(once))
        factors = [
            once[column] if row == 0 else once[row] * self.inputs[column - 1]
            for row, column in zip(rows, columns, strict=True)
        ]
        hessian = np.empty((len(once), *theta.shape))
        hessian[rows, columns] = hessian[columns, rows] = self._means(_bell, factors, theta)
        return hessian

    def _means(
        self, function: Callable[[Array], Array], factors: Sequence[Array], theta: Array
    ) -> Array:
        """The mean over rows of factor · function(± t), for each factor, at each point.

        All operations are elementwise, on contiguous arrays, with an order of summation that the
        number of rows alone decides: so each point has the same bits in company as alone.
        """
        intercept, *weights = np.ascontiguousarray(theta.reshape(len(theta), -1))
        sums = np.empty((len(factors), len(intercept)))
        some = max(1, BLOCK // len(self.counts))
        with np.errstate(all="ignore"):
            for first in range(0, len(intercept), some):
                block = slice(first, first + some)
                t = self.inputs[0][:, np.newaxis] * weights[0][block]
                for column, weight in zip(self.inputs[1:], weights[1:], strict=True):
                    t += column[:, np.newaxis] * weight[block]
                t += intercept[block]
                t *= self.signs[:, np.newaxis]
                values = function(t)
                for total, factor in zip(sums, factors, strict=True):
                    total[block] = _total(values * factor[:, np.newaxis])
            sums /= self.counts.sum()
        return sums.reshape(len(factors), *theta.shape[1:])


def _inverse(hessian: Array) -> Array | None:
    """The inverse of a matrix that is positive definite, None of any other."""
    if len(hessian) == 2:
        (aa, ab), (_, bb) = hessian.tolist()
        determinant = aa * bb - ab * ab
        return np.array([[bb, -ab], [-ab, aa]]) / determinant if determinant > 0 else None
    try:
        np.linalg.cholesky(hessian)
    except np.linalg.LinAlgError:
        return None
    return np.linalg.inv(hessian).astype(np.float64, copy=False)


def _total(terms: Array) -> Array:
    """The sum of terms of shape (n, points) over n, by halves; the terms are overwritten."""
    left = len(terms)
    while left > 1:
        half = left // 2
        terms[:half] += terms[left - half : left]
        left -= half
    total: Array = terms[0]
    return total


def _softplus(t: Array) -> Array:
    """log(1 + exp t), without overflow."""
    small = np.abs(t)
    np.negative(small, out=small)
    np.exp(small, out=small)
    np.log1p(small, out=small)
    small += np.maximum(t, 0.0, out=t)
    return small


def _sigmoid(t: Array) -> Array:
    """1/(1 + exp(−t)), where an overflow is 0, as it should be; t is overwritten."""
    np.negative(t, out=t)
    np.exp(t, out=t)
    t += 1.0
    return np.divide(1.0, t, out=t)


def _bell(t: Array) -> Array:
    """σ(t)σ(−t) = e/(1 + e)² with e = exp(−|t|); t is overwritten."""
    np.abs(t, out=t)
    np.negative(t, out=t)
    np.exp(t, out=t)
    below = np.square(1.0 + t)
    return np.divide(t, below, out=t)

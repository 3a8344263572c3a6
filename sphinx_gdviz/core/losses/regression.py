"""Models: the losses of a line and of a logistic regression on an author's data."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import PurePath
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from ...messages import GdvizError, did_you_mean, quote
from ..expr.call import read_call
from ..expr.node import FUNCTIONS
from ..expr.parse import CONSTANTS, VARIABLES
from .base import Loss, Range
from .dataset import Dataset, is_constant

Array = NDArray[np.float64]
Point = tuple[float, float]

MAX_LOGISTIC_ROWS = 10_000
"""The most rows of a logistic regression, which has no closed form."""
BLOCK = 2**17
"""So many numbers, points times rows, are worked on at a time: they fit into a cache."""
ITERATIONS = 100
"""The most steps of Newton's method; about eight are usual."""
WIDER = 1.25
"""How much wider than the ellipse that it shows a frame is."""
LEAST_DROP = 0.01
"""A frame shows a rise of at least this share of the minimum."""
WITHOUT_MINIMUM = 5.0
"""The half width of a frame round no minimum, in parameters of the standardized column."""


class _Fit(NamedTuple):
    """The minimum, in parameters a + b z of a column z with mean 0 and standard deviation 1."""

    a: float
    b: float
    inverse: Array
    """The inverse of the Hessian there, shape (2, 2)."""


@dataclass(frozen=True)
class Model(Loss):
    """The mean, over the rows of some data, of what the line θ₁ + θ₂x makes of each.

    Attributes
    ----------
    data : Dataset
    standardized : bool
        Whether the line is fitted to columns with mean 0 and standard deviation 1 (that of the
        rows themselves: divided by n, not n − 1).
    """

    data: Dataset
    standardized: bool = False

    @classmethod
    def of(cls, data: Dataset, standardized: bool = False) -> Self:
        """The loss, in the frame that shows its minimum and the origin.

        The frame is the smallest box round the ellipse where the quadratic approximation at the
        minimum is at most what the loss is at the origin, and a quarter wider.

        Raises
        ------
        GdvizError
            If the data don't suit the model.
        """
        loss = cls(data, standardized)
        xlim, ylim = loss._frame()
        return replace(loss, xlim=xlim, ylim=ylim)

    @property
    def rows(self) -> int:
        return len(self.data)

    @cached_property
    def minimum(self) -> Point | None:
        """Where the loss is least; None where it falls without end (or seems to, in floats)."""
        return None if self._fit is None else self._unscaled(self._fit.a, self._fit.b)

    @property
    @abstractmethod
    def _fit(self) -> _Fit | None:
        """The minimum, if there is one."""

    @property
    def columns(self) -> tuple[Array, Array]:
        """The columns x and y as the model has them, each of shape (rows,)."""
        return self._x, self.data.columns[1]

    @cached_property
    def _x(self) -> Array:
        """The column x as the model has it, shape (rows,)."""
        column: Array = self.data.columns[0]
        return _scaled(column)[2] if self.standardized else column

    @cached_property
    def _scale(self) -> tuple[float, float, Array]:
        """Of the column x: its mean, its standard deviation, and itself standardized."""
        return _scaled(self._x)

    def _unscaled(self, a: float, b: float) -> Point:
        """The parameters that stand for a line a + b z of the standardized column."""
        mean, deviation, _ = self._scale
        return float(a - b * mean / deviation), float(b / deviation)

    def _frame(self) -> tuple[Range, Range]:
        mean, deviation, _ = self._scale
        if self._fit and self.minimum:
            centre, inverse = self.minimum, self._fit.inverse
            origin, least = self.value([(0.0, 0.0), centre])
            reach = np.sqrt(2 * (max(origin - least, LEAST_DROP * least) or 1.0))
        else:
            centre, inverse, reach = (0.0, 0.0), np.eye(2), WITHOUT_MINIMUM / WIDER
        # θ = A(a, b), so that the inverse of the Hessian in θ is A inverse Aᵀ.
        shift = np.array([1.0, -mean / deviation])
        widths = np.sqrt(shift @ inverse @ shift), np.sqrt(inverse[1, 1]) / deviation
        xlim, ylim = (
            (float(middle - WIDER * reach * width), float(middle + WIDER * reach * width))
            for middle, width in zip(centre, widths, strict=True)
        )
        return xlim, ylim

    def _source(self) -> str:
        """The data in words."""
        file = PurePath(self.data.name).name
        of = f"{self.rows} rows of {file} ({self.data.y} against {self.data.x}"
        return f"{of}, standardized)" if self.standardized else f"{of})"


@dataclass(frozen=True)
class LeastSquares(Model):
    """The mean squared error of a line: L = mean (θ₁ + θ₂xᵢ − yᵢ)².

    With d the distance from the minimum θ*, m the mean of x and s its standard deviation,
    L = L(θ*) + (d₁ + m d₂)² + (s d₂)². So it takes no row, and loses no digits near the minimum.

    Raises
    ------
    GdvizError
        If y is to be standardized and is constant.
    """

    def __post_init__(self) -> None:
        if self.standardized and is_constant(self.data.columns[1]):
            raise GdvizError(
                f"{quote(self.data.name)}: column {self.data.y} is the same in each row; it can't "
                "be standardized"
            )

    @property
    def description(self) -> str:
        return f"the mean squared error of a line through {self._source()}"

    @property
    def tex(self) -> str:
        n = self.rows
        return rf"\frac{{1}}{{{n}}} \sum_{{i=1}}^{{{n}}} (\theta_1 + \theta_2 x_i - y_i)^2"

    @property
    def content(self) -> object:
        return ["least-squares", self.data.digest, self.standardized]

    @property
    def columns(self) -> tuple[Array, Array]:
        return self._x, self._y

    @cached_property
    def _y(self) -> Array:
        column: Array = self.data.columns[1]
        return _scaled(column)[2] if self.standardized else column

    @cached_property
    def _fit(self) -> _Fit:
        _, _, z = self._scale
        mean = self._y.mean()
        slope = float((z * (self._y - mean)).mean())
        return _Fit(float(mean), slope, np.eye(2) / 2)

    @cached_property
    def _residuals(self) -> Array:
        """What the best line leaves of each row, shape (rows,)."""
        return self._y - (self._fit.a + self._fit.b * self._scale[2])

    @cached_property
    def _least(self) -> float:
        return float((self._residuals**2).mean())

    def _from_minimum(self, theta: Array) -> tuple[Array, Array]:
        first, second = self._unscaled(self._fit.a, self._fit.b)
        return theta[0] - first, theta[1] - second

    def value_at(self, theta: Array) -> Array:
        mean, deviation, _ = self._scale
        with np.errstate(all="ignore"):
            d1, d2 = self._from_minimum(theta)
            return np.asarray(self._least + np.square(d1 + mean * d2) + np.square(deviation * d2))

    def gradient_at(self, theta: Array) -> Array:
        mean, deviation, _ = self._scale
        with np.errstate(all="ignore"):
            d1, d2 = self._from_minimum(theta)
            first = 2 * (d1 + mean * d2)
            return np.array([first, mean * first + 2 * deviation**2 * d2])

    def hessian_at(self, theta: Array) -> Array:
        mean, deviation, _ = self._scale
        xx, xy, yy = 2.0, 2 * mean, 2 * (mean**2 + deviation**2)
        hessian = np.empty((2, *theta.shape))
        hessian[0, 0], hessian[0, 1], hessian[1, 0], hessian[1, 1] = xx, xy, xy, yy
        return hessian

    def batch_gradient_at(self, theta: Array, rows: NDArray[np.intp]) -> Array:
        column, residuals = self._x[rows], self._residuals[rows]
        mean = column.mean()
        centred = column - mean
        with np.errstate(all="ignore"):
            d1, d2 = self._from_minimum(theta)
            first = 2 * (d1 + mean * d2 - residuals.mean())
            second = np.square(centred).mean() * d2 - (centred * residuals).mean()
            return np.array([first, mean * first + 2 * second])


@dataclass(frozen=True)
class LogisticRegression(Model):
    """The mean cross-entropy of p = 1/(1 + exp(−(θ₁ + θ₂xᵢ))) as the probability of yᵢ = 1.

    A row adds softplus(−t) where y is 1 and softplus(t) where it is 0, with t = θ₁ + θ₂x and
    softplus(t) = log(1 + exp t). Rows that are equal are counted and worked out once.

    Raises
    ------
    GdvizError
        If y has other values than 0 and 1, or only one of them, or there are too many rows.
    """

    def __post_init__(self) -> None:
        file, values = quote(self.data.name), np.unique(self.data.columns[1])
        if self.rows > MAX_LOGISTIC_ROWS:
            raise GdvizError(
                f"{file} has {self.rows} rows; a logistic regression takes {MAX_LOGISTIC_ROWS} at "
                "most: keep a sample of them"
            )
        for value in values:
            if value not in (0.0, 1.0):
                said = f"{value:.12g} in column {self.data.y} is neither 0 nor 1"
                raise GdvizError(f"{file}: {said}, which a logistic regression tells apart")
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
        n, t = self.rows, r"\theta_1 + \theta_2 x_i"
        return (
            rf"\frac{{1}}{{{n}}} \sum_{{i=1}}^{{{n}}} "
            rf"\bigl[\ln\bigl(1 + e^{{{t}}}\bigr) - y_i ({t})\bigr]"
        )

    @property
    def content(self) -> object:
        return ["logistic-regression", self.data.digest, self.standardized]

    @property
    def cost(self) -> int:
        return len(self._distinct.x)

    @cached_property
    def _signs(self) -> Array:
        """What t is multiplied by in each row: −1 where y is 1, and 1 where it is 0."""
        signs: Array = 1.0 - 2.0 * self.data.columns[1]
        return signs

    @cached_property
    def _distinct(self) -> _Rows:
        table = np.stack([self._x, self._signs])
        (x, signs), counts = np.unique(table, axis=1, return_counts=True)
        return _Rows(x, signs, counts.astype(np.float64))

    @cached_property
    def _fit(self) -> _Fit | None:
        """By Newton's method with halved steps, which for this loss is IRLS.

        There is a minimum unless the classes lie on different sides of some x (Albert & Anderson,
        Biometrika 71, 1984, pp. 1–10).
        """
        zeros, ones = self._x[self._signs > 0], self._x[self._signs < 0]
        if zeros.max() <= ones.min() or ones.max() <= zeros.min():
            return None
        mean, deviation, _ = self._scale
        rows = replace(self._distinct, x=(self._distinct.x - mean) / deviation)
        theta = np.zeros(2)
        shares = 0.5 ** np.arange(50)
        for _ in range(ITERATIONS):
            aa, ab, bb = (float(second) for second in rows.hessian(*theta))
            determinant = aa * bb - ab * ab
            if not determinant > 0:  # so nearly apart that floats can't tell
                return None
            inverse = np.array([[bb, -ab], [-ab, aa]]) / determinant
            step = -inverse @ np.array(rows.gradient(*theta))
            values = rows.value(*(theta + shares[:, np.newaxis] * step).T)
            # The longest of these steps that does not lead up, by more than rounding may.
            better = values <= rows.value(*theta) * (1 + 1e-14)
            theta = theta + shares[better.argmax()] * step
            if np.abs(step).max() <= 1e-12 * max(1.0, np.abs(theta).max()):
                break
        return _Fit(float(theta[0]), float(theta[1]), inverse)

    def value_at(self, theta: Array) -> Array:
        return self._distinct.value(*theta)

    def gradient_at(self, theta: Array) -> Array:
        return np.array(self._distinct.gradient(*theta))

    def hessian_at(self, theta: Array) -> Array:
        aa, ab, bb = self._distinct.hessian(*theta)
        return np.array([[aa, ab], [ab, bb]])

    def batch_gradient_at(self, theta: Array, rows: NDArray[np.intp]) -> Array:
        part = _Rows(self._x[rows], self._signs[rows], np.ones(len(rows)))
        return np.array(part.gradient(*theta))


@dataclass(frozen=True, eq=False)
class _Rows:
    """Rows of a logistic regression, each of shape (n,): x, the sign of t, how often they occur.

    The derivatives of softplus are σ(t) = 1/(1 + exp(−t)) and σ(t)σ(−t).
    """

    x: Array
    signs: Array
    counts: Array

    def value(self, a: Array, b: Array) -> Array:
        (value,) = self._means(_softplus, (self.counts,), a, b)
        return value

    def gradient(self, a: Array, b: Array) -> tuple[Array, Array]:
        signed = self.counts * self.signs
        first, second = self._means(_sigmoid, (signed, signed * self.x), a, b)
        return first, second

    def hessian(self, a: Array, b: Array) -> tuple[Array, Array, Array]:
        once = self.counts * self.x
        aa, ab, bb = self._means(_bell, (self.counts, once, once * self.x), a, b)
        return aa, ab, bb

    def _means(
        self,
        function: Callable[[Array], Array],
        factors: Sequence[Array],
        a: Array,
        b: Array,
    ) -> list[Array]:
        """The mean over rows of factor · function(± (a + b x)), for each factor, at each point.

        All operations are elementwise, on contiguous arrays, with an order of summation that the
        number of rows alone decides: so each point has the same bits in company as alone.
        """
        shape = np.shape(a)
        a, b = (np.ascontiguousarray(np.reshape(part, -1), np.float64) for part in (a, b))
        x, signs = self.x[:, np.newaxis], self.signs[:, np.newaxis]
        sums = np.empty((len(factors), len(a)))
        some = max(1, BLOCK // len(x))
        with np.errstate(all="ignore"):
            for first in range(0, len(a), some):
                block = slice(first, first + some)
                t = x * b[block]
                t += a[block]
                t *= signs
                values = function(t)
                for total, factor in zip(sums, factors, strict=True):
                    total[block] = _total(values * factor[:, np.newaxis])
            sums /= self.counts.sum()
        return [total.reshape(shape) for total in sums]


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


def _scaled(column: Array) -> tuple[float, float, Array]:
    """The mean and the standard deviation of a column, and the column standardized."""
    mean = float(column.mean())
    centred = column - mean
    deviation = float(np.sqrt(np.square(centred).mean()))
    return mean, deviation, centred / deviation


MODELS: dict[str, Callable[[Dataset, bool], Model]] = {
    "least-squares": LeastSquares.of,
    "logistic-regression": LogisticRegression.of,
}
"""What makes each model, by the names that authors use."""

_WORDS = {*VARIABLES, *CONSTANTS, *FUNCTIONS}
_STANDARDIZE = {"yes": True, "no": False}
_BEGINNING = re.compile(r"\s*([A-Za-z][\w-]*)\s*(\(?)(.*)", re.DOTALL)


def is_model(text: str) -> bool:
    """Whether the text of a loss is meant as the call of a model, and not as a formula or a name.

    ``x-sin(y)`` is a formula; ``least_squares(cars.csv)`` and ``ridge(cars.csv, x=speed)`` are
    meant as models, and :func:`read_model` says what is wrong with them.
    """
    match = _BEGINNING.fullmatch(text)
    if not match:
        return False
    name, bracket, inside = match.groups()
    words = set(name.split("-"))
    if words <= _WORDS:
        return False
    if not bracket:
        return name in MODELS and not inside
    return "=" in inside or bool(did_you_mean(name, MODELS)) or ("-" in name and not words & _WORDS)


def read_model(text: str, read: Callable[[str, str, str], Dataset]) -> Model:
    """Read a model as authors write it: ``least-squares(cars.csv, x=speed, y=dist)``.

    Parameters
    ----------
    text : str
        What an author wrote.
    read : callable
        (file name, x column, y column) -> Dataset.

    Raises
    ------
    GdvizError
        If there is no such model, or a setting is missing, unknown or wrong.
    GdvizError
        If the data can't be read, or don't suit the model.
    """
    call = read_call(text, _example("least-squares"))
    if call.name not in MODELS:
        near = did_you_mean(call.name, MODELS) or f"; there are {' and '.join(MODELS)}:"
        raise GdvizError(f"{quote(call.name)} is not a model{near} write {_example(call.name)}")
    example = _example(call.name)
    if len(call.positional) != 1:
        said = f"names {len(call.positional) or 'no'} file{'s' * (len(call.positional) > 1)}"
        raise GdvizError(f"{quote(text)} {said}; write one, as in {example}")
    named = dict(call.named)
    known = ("x", "y", "standardize")
    for name in named:
        if name not in known:
            near = did_you_mean(name, known) or ";"
            raise GdvizError(
                f"{call.name} has no setting {quote(name)}{near} it has {', '.join(known)}"
            )
    for name in ("x", "y"):
        if name not in named:
            raise GdvizError(f"{quote(text)} does not say which column is {name}; write {example}")
    standardize = named.get("standardize", "no")
    if standardize not in _STANDARDIZE:
        raise GdvizError(f"standardize={quote(standardize)}: it is {' or '.join(_STANDARDIZE)}")
    data = read(call.positional[0], named["x"], named["y"])
    return MODELS[call.name](data, _STANDARDIZE[standardize])


def _example(name: str) -> str:
    if name == "logistic-regression":
        return "logistic-regression(oring.csv, x=temperature, y=failure)"
    return "least-squares(cars.csv, x=speed, y=dist)"

"""Regression: a linear model of columns of data, and its least squares."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import PurePath
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from ...messages import GdvizError, quote
from .base import Loss, Range
from .dataset import Dataset, is_constant

Array = NDArray[np.float64]

PADDING = 1.25
"""Width of a frame, as a multiple of that of the ellipse that it shows."""
LEAST_DROP = 0.01
"""A frame shows a rise of at least this share of the minimum."""
WITHOUT_MINIMUM = 5.0
"""The half width of a frame round no minimum, in parameters of standardized columns."""
COLLINEAR = 1e-12
"""Columns whose correlations have a smaller eigenvalue than this share are collinear."""


class Fit(NamedTuple):
    """The minimum, in parameters of columns with mean 0 and standard deviation 1."""

    parameters: tuple[float, ...]
    """The intercept, then the weight of each column."""
    inverse: Array
    """The inverse of the Hessian there, shape (d, d)."""


class Column(NamedTuple):
    """A column as a model has it."""

    mean: float
    deviation: float
    standardized: Array
    """Itself with mean 0 and standard deviation 1, shape (rows,)."""

    @classmethod
    def of(cls, values: Array) -> Self:
        """The column of these values."""
        mean = float(values.mean())
        centred = values - mean
        deviation = float(np.sqrt(np.square(centred).mean()))
        return cls(mean, deviation, centred / deviation)


@dataclass(frozen=True)
class Model(Loss):
    """The mean, over the rows of some data, of what t = θ₁ + θ₂x₁ + θ₃x₂ + … makes of each.

    The parameters of a line through one column are called x and y, as those of a formula; those
    of more columns are the intercept and the names of the columns.

    Attributes
    ----------
    data : Dataset
    standardized : bool
        True for columns that are taken with mean 0 and standard deviation 1 (that of the rows
        themselves: divided by n, not n − 1).
    """

    data: Dataset
    standardized: bool = False

    def __post_init__(self) -> None:
        if len(self.data.inputs) > 1:
            object.__setattr__(self, "parameters", ("intercept", *self.data.inputs))

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
        xlim, ylim, *_ = loss._frame
        return replace(loss, xlim=xlim, ylim=ylim)

    @property
    def domain(self) -> tuple[Range, ...]:
        return (self.xlim, self.ylim, *self._frame[2:])

    @property
    def rows(self) -> int:
        return len(self.data)

    @cached_property
    def minimum(self) -> tuple[float, ...] | None:
        """The parameters of the least loss; None where it falls without end, in floats at least."""
        if self._fit is None:
            return None
        intercept, *weights = self._fit.parameters
        found = []
        for weight, column in zip(weights, self._scales, strict=True):
            intercept = intercept - weight * column.mean / column.deviation
            found.append(float(weight / column.deviation))
        return (float(intercept), *found)

    @property
    @abstractmethod
    def _fit(self) -> Fit | None:
        """The minimum, if there is one."""

    def predict(self, theta: Array, inputs: Array) -> Array:
        """The model's y for inputs as it has them, of shape (d − 1, n), shape (n,)."""
        return np.asarray(theta[0] + _dot(theta[1:], list(inputs)))

    @property
    def columns(self) -> Array:
        """The columns x₁, x₂, … and y as the model has them, shape (d, rows)."""
        return np.array([*self._inputs, self.data.columns[-1]])

    @cached_property
    def _inputs(self) -> Array:
        """The columns x₁, x₂, … as the model has them, shape (d − 1, rows)."""
        columns: Array = self.data.columns[:-1]
        if not self.standardized:
            return columns
        return np.array([Column.of(column).standardized for column in columns])

    @cached_property
    def _scales(self) -> list[Column]:
        return [Column.of(column) for column in self._inputs]

    @cached_property
    def _frame(self) -> tuple[Range, ...]:
        size = self.dimension
        if self._fit and self.minimum:
            centre, inverse = self.minimum, self._fit.inverse
            origin, least = self.value([np.zeros(size), np.array(centre)])
            reach = np.sqrt(2 * (max(origin - least, LEAST_DROP * least) or 1.0))
        else:
            centre, inverse, reach = (0.0,) * size, np.eye(size), WITHOUT_MINIMUM / PADDING
        # θ = A(a, b, …), so that the inverse of the Hessian in θ is A inverse Aᵀ.
        shift = np.array([1.0, *(-column.mean / column.deviation for column in self._scales)])
        widths = [np.sqrt(shift @ inverse @ shift)]
        for index, column in enumerate(self._scales, 1):
            widths.append(np.sqrt(inverse[index, index]) / column.deviation)
        return tuple(
            (float(middle - PADDING * reach * width), float(middle + PADDING * reach * width))
            for middle, width in zip(centre, widths, strict=True)
        )

    @property
    def _linear_tex(self) -> str:
        """The linear model of row i, as TeX."""
        if self.dimension == 2:
            return r"\theta_1 + \theta_2 x_i"
        return rf"\theta_1 + \sum_{{j=1}}^{{{self.dimension - 1}}} \theta_{{j+1}} x_{{ij}}"

    def _source(self) -> str:
        """The data in words."""
        file = PurePath(self.data.name).name
        of = f"{self.rows} rows of {file} ({self.data.y} against {self.data.x}"
        return f"{of}, standardized)" if self.standardized else f"{of})"


@dataclass(frozen=True)
class LeastSquares(Model):
    """The mean squared error of a linear model: L = mean (θ₁ + θ₂x₁ + θ₃x₂ + … − y)².

    With d the distance from the minimum θ*, m the means of the columns and C their covariances,
    L = L(θ*) + (d₁ + m·d₂…)² + d₂…ᵀ C d₂…. So it takes no row, and loses no digits near the
    minimum. Where columns are collinear, θ* is the minimum with the smallest standardized weights.

    Raises
    ------
    GdvizError
        If y is to be standardized and is constant.
    """

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.standardized and is_constant(self.data.columns[-1]):
            raise GdvizError(
                f"{quote(self.data.name)}: column {self.data.y} is the same in each row; it can't "
                "be standardized"
            )

    @property
    def description(self) -> str:
        what = "line" if self.dimension == 2 else "linear model"
        return f"the mean squared error of a {what} through {self._source()}"

    @property
    def tex(self) -> str:
        n = self.rows
        return rf"\frac{{1}}{{{n}}} \sum_{{i=1}}^{{{n}}} ({self._linear_tex} - y_i)^2"

    @property
    def content(self) -> object:
        return ["least-squares", self.data.digest, self.standardized, *self.parameters[2:]]

    @property
    def columns(self) -> Array:
        return np.array([*self._inputs, self._y])

    @cached_property
    def _y(self) -> Array:
        column: Array = self.data.columns[-1]
        return Column.of(column).standardized if self.standardized else column

    @cached_property
    def _correlations(self) -> Array:
        standardized = np.array([column.standardized for column in self._scales])
        correlations: Array = standardized @ standardized.T / self.rows
        np.fill_diagonal(correlations, 1.0)
        return correlations

    @cached_property
    def _covariances(self) -> Array:
        deviations = [column.deviation for column in self._scales]
        covariances: Array = self._correlations * np.outer(deviations, deviations)
        # A power of a float may differ from its product with itself in the last bit.
        np.fill_diagonal(covariances, [deviation**2 for deviation in deviations])
        return covariances

    @cached_property
    def _root(self) -> Array:
        """A matrix R with RᵀR = C."""
        values, vectors = np.linalg.eigh(self._correlations)
        root: Array = np.sqrt(np.maximum(values, 0.0))[:, np.newaxis] * vectors.T
        return root * [column.deviation for column in self._scales]

    @cached_property
    def _fit(self) -> Fit:
        mean = self._y.mean()
        with_y = [(column.standardized * (self._y - mean)).mean() for column in self._scales]
        inverse = np.eye(self.dimension)
        inverse[1:, 1:] = np.linalg.pinv(self._correlations, rcond=COLLINEAR, hermitian=True)
        weights = inverse[1:, 1:] @ with_y
        return Fit((float(mean), *weights.tolist()), inverse / 2)

    @cached_property
    def _residuals(self) -> Array:
        """Differences between y and the best model, shape (rows,)."""
        intercept, *weights = self._fit.parameters
        fitted = intercept + _dot(weights, [column.standardized for column in self._scales])
        return np.asarray(self._y - fitted)

    @cached_property
    def _least(self) -> float:
        return float((self._residuals**2).mean())

    def _from_minimum(self, theta: Array) -> list[Array]:
        assert self.minimum is not None
        return [part - place for part, place in zip(theta, self.minimum, strict=True)]

    def value_at(self, theta: Array) -> Array:
        with np.errstate(all="ignore"):
            first, *others = self._from_minimum(theta)
            for column, distance in zip(self._scales, others, strict=True):
                first = first + column.mean * distance
            value = self._least + np.square(first)
            for row in self._root:
                value = value + np.square(_dot(row, others))
            return np.asarray(value)

    def gradient_at(self, theta: Array) -> Array:
        means = [column.mean for column in self._scales]
        with np.errstate(all="ignore"):
            return _gradient(theta, self._from_minimum(theta), means, self._covariances)

    def hessian_at(self, theta: Array) -> Array:
        means = [column.mean for column in self._scales]
        matrix = np.ones((self.dimension, self.dimension))
        matrix[0, 1:] = matrix[1:, 0] = means
        matrix[1:, 1:] = np.outer(means, means) + self._covariances
        np.fill_diagonal(matrix, [1.0, *(c.mean**2 + c.deviation**2 for c in self._scales)])
        hessian = np.empty((self.dimension, *theta.shape))
        hessian[...] = 2 * matrix.reshape(matrix.shape + (1,) * (theta.ndim - 1))
        return hessian

    def batch_gradient_at(self, theta: Array, rows: NDArray[np.intp]) -> Array:
        columns, residuals = [column[rows] for column in self._inputs], self._residuals[rows]
        means = [column.mean() for column in columns]
        centred = [column - mean for column, mean in zip(columns, means, strict=True)]
        covariances = np.array([[(one * other).mean() for other in centred] for one in centred])
        errors = [residuals.mean(), *((column * residuals).mean() for column in centred)]
        with np.errstate(all="ignore"):
            return _gradient(theta, self._from_minimum(theta), means, covariances, errors)


def _gradient(
    theta: Array,
    distances: list[Array],
    means: list[float],
    covariances: Array,
    errors: list[float] | None = None,
) -> Array:
    """∇ of mean (d₁ + d₂x₁ + … − r)², given the moments of the columns x and of x and r."""
    errors = errors or [0.0] * len(distances)
    gradient = np.empty(theta.shape)
    first, *others = distances
    for mean, distance in zip(means, others, strict=True):
        first = first + mean * distance
    gradient[0] = first = 2 * (first - errors[0])
    for index, (mean, row) in enumerate(zip(means, covariances, strict=True), 1):
        gradient[index] = mean * first + 2 * (_dot(row, others) - errors[index])
    return gradient


def _dot(factors: Sequence[float] | Array, parts: list[Array]) -> Array:
    """The sum of products, in an order that the number of parts alone decides."""
    total: Array = factors[0] * parts[0]
    for factor, part in zip(factors[1:], parts[1:], strict=True):
        total = total + factor * part
    return total

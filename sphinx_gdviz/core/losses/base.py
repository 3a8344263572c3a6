"""Losses: a function of two parameters with its first and second derivatives."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..expr.derivative import differentiate
from ..expr.parse import parse_formula
from ..expr.printer import plain_formula, tex_formula
from ..expr.program import Program

Array = NDArray[np.float64]
Range = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Loss(ABC):
    """A loss L(θ₁, θ₂), and how it is best looked at.

    Attributes
    ----------
    xlim, ylim : tuple of float
        The domain that is worth looking at.
    camera : tuple of float or None
        The azimuth and elevation, in degrees, that shows it best; None to have it looked for.
    levels : int
        How many isolines suit it.
    """

    xlim: Range = (-2.0, 2.0)
    ylim: Range = (-2.0, 2.0)
    camera: tuple[float, float] | None = None
    levels: int = 20

    def __getstate__(self) -> dict[str, Any]:
        # Without what is cached, so that it is pickled to the same bytes before and after use.
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @property
    @abstractmethod
    def description(self) -> str:
        """What it is, in words or as a formula, for a reader and a screen reader."""

    @property
    @abstractmethod
    def tex(self) -> str:
        """Its formula as TeX, in θ₁ and θ₂."""

    @property
    @abstractmethod
    def content(self) -> object:
        """All that its values depend on, as JSON has it: a part of an experiment's key."""

    @property
    def rows(self) -> int:
        """How many rows of data it is a mean over; 0 for a loss without data."""
        return 0

    @property
    def cost(self) -> int:
        """How many rows it takes to work it out at one point; 0 for a closed form."""
        return 0

    @abstractmethod
    def value_at(self, x: Array, y: Array) -> Array:
        """L at parameters x and y of one shape, in that shape."""

    @abstractmethod
    def gradient_at(self, x: Array, y: Array) -> tuple[Array, Array]:
        """The two first derivatives at parameters x and y of one shape, each in that shape."""

    @abstractmethod
    def hessian_at(self, x: Array, y: Array) -> tuple[Array, Array, Array]:
        """The second derivatives xx, xy and yy at parameters x and y, each in their shape."""

    def batch_gradient_at(self, x: Array, y: Array, rows: NDArray[np.intp]) -> tuple[Array, Array]:
        """The first derivatives of the loss over a few rows of its data, given by number.

        Raises
        ------
        ValueError
            If the loss has no data.
        """
        raise ValueError(f"{self.description} has no data to take batches of")

    def value(self, points: ArrayLike) -> Array:
        """L at points of shape (..., 2), as an array of shape (...)."""
        return self.value_at(*_coordinates(points))

    def gradient(self, points: ArrayLike) -> Array:
        """∇L at points of shape (..., 2), as an array of shape (..., 2)."""
        return np.stack(self.gradient_at(*_coordinates(points)), axis=-1)

    def hessian(self, points: ArrayLike) -> Array:
        """The matrix of second derivatives at points of shape (..., 2), of shape (..., 2, 2)."""
        xx, xy, yy = self.hessian_at(*_coordinates(points))
        return np.stack([np.stack([xx, xy], -1), np.stack([xy, yy], -1)], -2)


@dataclass(frozen=True)
class ProgramLoss(Loss):
    """A loss that a program computes."""

    @property
    @abstractmethod
    def program(self) -> Program:
        """The program of the value."""

    @cached_property
    def _derivatives(self) -> Program:
        return differentiate(self.program)

    @cached_property
    def _gradient(self) -> Program:
        return self._derivatives.select(0, 1)

    @cached_property
    def _hessian(self) -> Program:
        return self._derivatives.select(2, 3, 4)

    def value_at(self, x: Array, y: Array) -> Array:
        (value,) = self.program(x, y)
        return value

    def gradient_at(self, x: Array, y: Array) -> tuple[Array, Array]:
        slope_x, slope_y = self._gradient(x, y)
        return slope_x, slope_y

    def hessian_at(self, x: Array, y: Array) -> tuple[Array, Array, Array]:
        xx, xy, yy = self._hessian(x, y)
        return xx, xy, yy


@dataclass(frozen=True)
class FormulaLoss(ProgramLoss):
    """A loss given by a formula in ``x`` and ``y``, as its author wrote it.

    Raises
    ------
    GdvizError
        When it is first used, if the text is not a formula.
    """

    formula: str

    @cached_property
    def program(self) -> Program:
        """The program of the value; raises GdvizError for text that is not a formula."""
        return parse_formula(self.formula)

    @property
    def description(self) -> str:
        return plain_formula(self.formula)

    @property
    def tex(self) -> str:
        return tex_formula(self.formula)

    @property
    def content(self) -> object:
        return self.formula


def _coordinates(points: ArrayLike) -> tuple[Array, Array]:
    array = np.asarray(points, float)
    return array[..., 0], array[..., 1]

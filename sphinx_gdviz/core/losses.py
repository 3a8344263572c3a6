"""Losses: a function of two parameters with its derivatives, and the catalogue of named ones."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .derivatives import differentiate
from .formula import FormulaError, parse_formula
from .program import Program

Range = tuple[float, float]


@dataclass(frozen=True)
class Loss:
    """A loss L(x, y) given by a formula.

    Attributes
    ----------
    formula : str
        The formula as its author wrote it.
    xlim, ylim : tuple of float
        The domain that is worth looking at.
    camera : tuple of float or None
        The azimuth and elevation, in degrees, that shows it best; None to have it looked for.
    """

    formula: str
    xlim: Range = (-2.0, 2.0)
    ylim: Range = (-2.0, 2.0)
    camera: tuple[float, float] | None = None

    @cached_property
    def program(self) -> Program:
        """The program of the value; raises FormulaError for text that is not a formula."""
        return parse_formula(self.formula)

    @cached_property
    def _derivatives(self) -> Program:
        return differentiate(self.program)

    @cached_property
    def _gradient(self) -> Program:
        return self._derivatives.select(0, 1)

    def value(self, points: ArrayLike) -> NDArray[np.float64]:
        """L at points of shape (..., 2), as an array of shape (...)."""
        (value,) = self.program(*_coordinates(points))
        return value

    def gradient(self, points: ArrayLike) -> NDArray[np.float64]:
        """∇L at points of shape (..., 2), as an array of shape (..., 2)."""
        return np.stack(self._gradient(*_coordinates(points)), axis=-1)

    def hessian(self, points: ArrayLike) -> NDArray[np.float64]:
        """The matrix of second derivatives at points of shape (..., 2), of shape (..., 2, 2)."""
        _, _, xx, xy, yy = self._derivatives(*_coordinates(points))
        return np.stack([np.stack([xx, xy], -1), np.stack([xy, yy], -1)], -2)


CATALOGUE: dict[str, Loss] = {
    "bowl": Loss("x**2 + y**2 + 0.5*sin(3*x) + 0.5*cos(3*y)", camera=(-60.0, 40.0)),
}
"""Losses that have a name."""

DEFAULT_LOSS = "bowl"


def find_loss(text: str) -> Loss:
    """The loss with this name, or the loss that this formula writes.

    Raises
    ------
    FormulaError
        If the text is neither.
    """
    if text in CATALOGUE:
        return CATALOGUE[text]
    loss = Loss(text)
    try:
        _ = loss.program
    except FormulaError as error:
        if text.isidentifier():
            raise FormulaError(f"{error}; the named losses are {', '.join(CATALOGUE)}") from None
        raise
    return loss


def _coordinates(points: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    array = np.asarray(points, float)
    return array[..., 0], array[..., 1]

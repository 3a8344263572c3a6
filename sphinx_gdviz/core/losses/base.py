"""Losses: functions of d parameters with their first and second derivatives."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ...messages import listed
from ..budget import CALL, FEW, FUNCTION, ROW
from ..expr.derivative import differentiate
from ..expr.node import FUNCTIONS, Expr
from ..expr.parse import VARIABLES, find_parameters, parse_formula
from ..expr.printer import Piece, to_tex, to_text
from ..expr.program import Program
from ..expr.symbols import symbol_tex

Array = NDArray[np.float64]
Range = tuple[float, float]

DEFAULT_RANGE: Range = (-2.0, 2.0)


@dataclass(frozen=True, kw_only=True)
class Loss(ABC):
    """A loss L(θ) of d parameters, and the settings that show it best.

    What works on many points takes one array whose first axis is that of the parameters, so that
    each of them lies in one piece of memory: ``value_at``, ``gradient_at``, ``hessian_at``. What
    people call takes points whose last axis it is: ``value``, ``gradient``, ``hessian``.

    Attributes
    ----------
    parameters : tuple of str
        The names of its parameters.
    xlim, ylim : tuple of float
        The ranges of the first two parameters that are worth looking at.
    camera : tuple of float or None
        The azimuth and elevation, in degrees, that shows it best; None to search for it.
    levels : int
        Number of isolines that suit it.
    """

    parameters: tuple[str, ...] = ("x", "y")
    xlim: Range = DEFAULT_RANGE
    ylim: Range = DEFAULT_RANGE
    camera: tuple[float, float] | None = None
    levels: int = 20

    def __getstate__(self) -> dict[str, Any]:
        # Without what is cached, so that it is pickled to the same bytes before and after use.
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @property
    @abstractmethod
    def description(self) -> str:
        """The loss in words or as a formula, for a reader and a screen reader."""

    @property
    @abstractmethod
    def tex(self) -> str:
        """Its formula as TeX, in θ₁ and θ₂."""

    @property
    @abstractmethod
    def content(self) -> object:
        """All that its values depend on, as JSON has it: a part of an experiment's key."""

    @property
    def dimension(self) -> int:
        """The number of parameters, d."""
        return len(self.parameters)

    @property
    def label(self) -> str:
        """Its name in a title: a formula typeset, anything else in words."""
        return self.description

    @property
    def named_parameters(self) -> str:
        """Its parameters in a message: “the parameters w and b”."""
        return f"the parameter{'s' * (self.dimension > 1)} {listed(self.parameters)}"

    @property
    def symbols(self) -> tuple[str, ...]:
        """The names of the parameters in print: x and y, which mean nothing, are θ₁ and θ₂."""
        return ("theta1", "theta2") if self.parameters == VARIABLES else self.parameters

    def symbol(self, name: str) -> str:
        """The name in print of a parameter."""
        return self.symbols[self.parameters.index(name)]

    @property
    def domain(self) -> tuple[Range, ...]:
        """The range of each parameter that is worth looking at."""
        others = (DEFAULT_RANGE,) * (self.dimension - 2)
        return (self.xlim, self.ylim, *others)[: self.dimension]

    @property
    def rows(self) -> int:
        """Number of rows of data that it is a mean over; 0 for a loss without data."""
        return 0

    @property
    def cost(self) -> int:
        """Number of rows that its value at one point takes; 0 for a closed form."""
        return 0

    def operations(self, points: int) -> int:
        """Operations that the gradients at so many points take, roughly, for a budget."""
        return FEW * (CALL + points) + ROW * self.cost * points

    @property
    def sketch(self) -> Loss:
        """A loss that looks the same in a picture, and takes no longer than a picture may."""
        return self

    @abstractmethod
    def value_at(self, theta: Array) -> Array:
        """L at parameters of shape (d, ...), as an array of shape (...)."""

    @abstractmethod
    def gradient_at(self, theta: Array) -> Array:
        """∇L at parameters of shape (d, ...), as a new array of shape (d, ...)."""

    @abstractmethod
    def hessian_at(self, theta: Array) -> Array:
        """The second derivatives at parameters of shape (d, ...), of shape (d, d, ...)."""

    def batch_gradient_at(self, theta: Array, rows: NDArray[np.intp]) -> Array:
        """∇L over a few rows of the data, given by number, as an array of shape (d, ...).

        Raises
        ------
        ValueError
            If the loss has no data.
        """
        raise ValueError(f"{self.description} has no data to take batches of")

    def value(self, points: ArrayLike) -> Array:
        """L at points of shape (..., d), as an array of shape (...)."""
        return self.value_at(_parameters_first(points))

    def gradient(self, points: ArrayLike) -> Array:
        """∇L at points of shape (..., d), as an array of shape (..., d)."""
        gradient = np.moveaxis(self.gradient_at(_parameters_first(points)), 0, -1)
        return np.ascontiguousarray(gradient)

    def hessian(self, points: ArrayLike) -> Array:
        """The matrix of second derivatives at points of shape (..., d), of shape (..., d, d)."""
        hessian = np.moveaxis(self.hessian_at(_parameters_first(points)), (0, 1), (-2, -1))
        return np.ascontiguousarray(hessian)


@dataclass(frozen=True)
class ProgramLoss(Loss):
    """A loss that a program computes."""

    @property
    @abstractmethod
    def program(self) -> Program:
        """The program of the value."""

    @cached_property
    def _derivatives(self) -> Program:
        return differentiate(self.program, self.dimension)

    @cached_property
    def _gradient(self) -> Program:
        return self._derivatives.select(*range(self.dimension))

    def operations(self, points: int) -> int:
        steps = [step.operation for step in self._gradient.instructions]
        functions = sum(operation in FUNCTIONS for operation in steps)
        return len(steps) * CALL + (len(steps) + FUNCTION * functions) * points

    @cached_property
    def _hessian(self) -> Program:
        """The program of the upper triangle of the Hessian, row by row."""
        return self._derivatives.select(*range(self.dimension, len(self._derivatives.outputs)))

    def value_at(self, theta: Array) -> Array:
        return self.program(theta)[0, ...]

    def gradient_at(self, theta: Array) -> Array:
        return self._gradient(theta)

    def hessian_at(self, theta: Array) -> Array:
        place = np.empty((self.dimension, self.dimension), np.intp)
        rows, columns = np.triu_indices(self.dimension)
        place[rows, columns] = place[columns, rows] = np.arange(len(rows))
        return self._hessian(theta)[place]


@dataclass(frozen=True)
class FormulaLoss(ProgramLoss):
    """A loss given by a formula, as its author wrote it.

    Its parameters, where they are not given, are those that the formula has, x before y.

    Raises
    ------
    GdvizError
        When it is first used, if the text is not a formula.
    """

    formula: str
    parameters: tuple[str, ...] = field(default=(), kw_only=True)

    def __post_init__(self) -> None:
        if not self.parameters:
            object.__setattr__(self, "parameters", find_parameters(str(self.formula)))

    @cached_property
    def expression(self) -> Expr:
        """The formula as it was written; raises GdvizError for text that is not a formula."""
        return parse_formula(self.formula, self.parameters)

    @cached_property
    def program(self) -> Program:
        return Program.of([self.expression], self.parameters)

    @property
    def description(self) -> str:
        return to_text(self.expression)

    @property
    def tex(self) -> str:
        symbols = dict(zip(self.parameters, map(symbol_tex, self.symbols), strict=True))
        return to_tex(self.expression, lambda name: Piece(symbols[name], is_simple=True))

    @property
    def label(self) -> str:
        return f"${self.tex}$"

    @property
    def content(self) -> object:
        usual = self.parameters == find_parameters(self.formula)
        return self.formula if usual else [self.formula, *self.parameters]


def _parameters_first(points: ArrayLike) -> Array:
    """Points of shape (..., d) as an array of shape (d, ...)."""
    return np.moveaxis(np.asarray(points, float), -1, 0)

"""Tracing: a loss that an author wrote in Python becomes a program.

The function is called once, with symbols for numbers, which note what is done to them. So its
derivatives are as exact as those of a formula, and pictures, caches and pages need no Python.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ...messages import GdvizError, quote
from ..expr.parse import MAX_DEGREE, refuse_steep_powers
from ..expr.program import FUNCTIONS, Program, ProgramBuilder
from .base import FormulaLoss, Loss, ProgramLoss, Range

MAX_INSTRUCTIONS = 20_000
"""Longest program that a function may become."""

_UFUNCS: dict[str, str] = {
    **{name: name for name in ("add", "subtract", "multiply", "divide", "negative")},
    **{name: name for name in FUNCTIONS if hasattr(np, name)},
    **{f"arc{name}": f"a{name}" for name in ("sin", "cos", "tan")},
    "true_divide": "divide",
    "absolute": "abs",
    "fabs": "abs",
}
"""NumPy's functions and what they are called in a program."""


@dataclass(frozen=True)
class FunctionLoss(ProgramLoss):
    """A loss given by a function of Python; make it with :func:`trace`."""

    name: str
    traced: Program

    @property
    def program(self) -> Program:
        return self.traced

    @property
    def description(self) -> str:
        return self.name

    @property
    def tex(self) -> str:
        escaped = self.name.replace("_", r"\_")
        return rf"\mathrm{{{escaped}}}(\theta_1, \theta_2)"

    @property
    def content(self) -> object:
        steps = self.traced.instructions
        return [[step.operation, step.operands, step.value] for step in steps], self.traced.outputs


def trace(
    function: Callable[[Any, Any], Any],
    name: str,
    *,
    xlim: Range = (-2.0, 2.0),
    ylim: Range = (-2.0, 2.0),
) -> FunctionLoss:
    """Make a loss of a function ``f(x, y)``.

    Parameters
    ----------
    function : callable
        Does arithmetic with its two arguments, and calls NumPy's functions with them, those that
        formulas have too. It does not ask what they are: ``if x > 0`` can't be traced.
    name : str
        What the loss is called.
    xlim, ylim : tuple of float
        Its domain.

    Raises
    ------
    GdvizError
        If the function does something else, or fails.
    """
    builder = ProgramBuilder()
    x, y = (_Symbol(builder, builder.variable(name)) for name in ("x", "y"))
    try:
        result = function(x, y)
        output = _Symbol.register_of(builder, result)
    except GdvizError:
        raise
    except (Exception, SystemExit) as error:
        said = " ".join(str(error).split())
        raise GdvizError(f"the function fails ({type(error).__name__}: {said})") from None
    program = builder.build(output)
    refuse_steep_powers(program)
    return FunctionLoss(name, program, xlim=xlim, ylim=ylim)


def as_loss(name: str, value: Any) -> Loss:
    """A loss from a formula, a function of x and y, or a loss.

    Raises
    ------
    ValueError
        If it is none of these.
    """
    if isinstance(value, Loss):
        loss = _checked(value)
        loss.gradient((0.5, 0.5))  # a formula is read when it is first used
        return loss
    if isinstance(value, str):
        return as_loss(name, FormulaLoss(value))
    if callable(value):
        return trace(value, name)
    raise ValueError("write a formula, a function of (x, y), or a loss")


def _checked(loss: Loss) -> Loss:
    """A loss whose domain and looks make sense, with tuples where lists are written."""
    for name in ("xlim", "ylim"):
        side = getattr(loss, name)
        if not (_is_pair(side) and math.isfinite(side[1] - side[0]) and side[0] < side[1]):
            raise ValueError(f"{name} is {side!r}; write (low, high)")
    if loss.camera is not None and not (_is_pair(loss.camera) and 5 <= loss.camera[1] <= 90):
        raise ValueError(f"camera is {loss.camera!r}; write (azimuth, elevation from 5 to 90)")
    if not isinstance(loss.levels, int) or not 2 <= loss.levels <= 100:
        raise ValueError(f"levels is {loss.levels!r}; write a whole number from 2 to 100")
    if isinstance(loss, FormulaLoss) and not isinstance(loss.formula, str):
        raise ValueError(f"{loss.formula!r} is not a formula; write it as text")
    camera = loss.camera and (float(loss.camera[0]), float(loss.camera[1]))
    xlim, ylim = ((float(side[0]), float(side[1])) for side in (loss.xlim, loss.ylim))
    return replace(loss, xlim=xlim, ylim=ylim, camera=camera)


def _is_pair(value: Any) -> bool:
    numbers = value if isinstance(value, (tuple, list)) else ()
    return len(numbers) == 2 and all(isinstance(n, (int, float)) for n in numbers)


class _Symbol:
    """A number that is not known yet: what is done to it is written down."""

    def __init__(self, builder: ProgramBuilder, register: int) -> None:
        self._builder = builder
        self._register = register
        if len(builder.instructions) > MAX_INSTRUCTIONS:
            raise GdvizError(f"the function takes more than {MAX_INSTRUCTIONS} operations")

    @staticmethod
    def register_of(builder: ProgramBuilder, value: Any) -> int:
        """The register of a symbol, or of a number."""
        if isinstance(value, _Symbol):
            return value._register
        if isinstance(value, (int, float, np.integer, np.floating)):
            with suppress(OverflowError):
                if math.isfinite(value):
                    return builder.constant(float(value))
        raise GdvizError(f"{quote(repr(value))} is neither a finite number nor made of x and y")

    def _apply(self, operation: str, *values: Any) -> _Symbol:
        registers = (self.register_of(self._builder, value) for value in values)
        return _Symbol(self._builder, self._builder.apply(operation, *registers))

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *values: Any, **how: Any) -> _Symbol:
        name = ufunc.__name__
        if method == "__call__" and not how:
            if name in _UFUNCS:
                return self._apply(_UFUNCS[name], *values)
            if name == "square":
                return self * self
            if name in ("power", "float_power"):
                base, exponent = values
                symbol = _Symbol(self._builder, self.register_of(self._builder, base))
                return symbol.__pow__(exponent)
            if name == "positive":
                return self
        name = name if method == "__call__" else f"{name}.{method}"
        known = ", np.".join((*filter(np.__dict__.get, _UFUNCS), "square", "power", "positive"))
        raise GdvizError(f"np.{name} is not known here; there are np.{known}")

    def __pow__(self, exponent: Any) -> _Symbol:
        value = self._builder.value_of(self.register_of(self._builder, exponent))
        if value is None or abs(value) > MAX_DEGREE:
            raise GdvizError(
                f"an exponent is a number from -{MAX_DEGREE} to {MAX_DEGREE}; "
                "for another power write np.exp(... * np.log(...))"
            )
        return _Symbol(self._builder, self._builder.power(self._register, value))

    def __rpow__(self, base: Any) -> _Symbol:
        return _Symbol(self._builder, self.register_of(self._builder, base)) ** self

    def __bool__(self) -> bool:
        raise GdvizError("the function asks what x or y is, as in “if x > 0”: it can't be traced")

    def _compare(self, other: object) -> bool:
        return bool(self)

    __lt__ = __le__ = __gt__ = __ge__ = _compare
    __eq__ = __ne__ = _compare
    __hash__ = object.__hash__

    def __float__(self) -> float:
        raise GdvizError(
            "the function wants x or y as a number: write functions of NumPy, as np.sin(x), "
            "and no arrays"
        )

    def __add__(self, other: Any) -> _Symbol:
        return self._apply("add", self, other)

    def __radd__(self, other: Any) -> _Symbol:
        return self._apply("add", other, self)

    def __sub__(self, other: Any) -> _Symbol:
        return self._apply("subtract", self, other)

    def __rsub__(self, other: Any) -> _Symbol:
        return self._apply("subtract", other, self)

    def __mul__(self, other: Any) -> _Symbol:
        return self._apply("multiply", self, other)

    def __rmul__(self, other: Any) -> _Symbol:
        return self._apply("multiply", other, self)

    def __truediv__(self, other: Any) -> _Symbol:
        return self._apply("divide", self, other)

    def __rtruediv__(self, other: Any) -> _Symbol:
        return self._apply("divide", other, self)

    def __neg__(self) -> _Symbol:
        return self._apply("negative", self)

    def __pos__(self) -> _Symbol:
        return self

    def __abs__(self) -> _Symbol:
        return self._apply("abs", self)

"""Losses in Python, and all else that may be made a loss."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from ..expr.parse import VARIABLES
from ..expr.program import Program
from ..expr.symbols import is_symbol, symbol_tex
from ..expr.trace import trace
from .base import FormulaLoss, Loss, ProgramLoss, Range


@dataclass(frozen=True)
class FunctionLoss(ProgramLoss):
    """A loss given by a function of Python; make it with :meth:`of`."""

    name: str
    traced: Program

    @classmethod
    def of(
        cls,
        name: str,
        function: Callable[..., Any],
        *,
        parameters: tuple[str, ...] = (),
        xlim: Range = (-2.0, 2.0),
        ylim: Range = (-2.0, 2.0),
    ) -> FunctionLoss:
        """Make a loss of a function ``f(x, y)``, or one of other parameters.

        Parameters
        ----------
        name : str
            Its name, for descriptions.
        function : callable
            Does arithmetic with its arguments, and calls NumPy's functions with them, those that
            formulas have too. It does not ask what they are: ``if x > 0`` can't be traced.
        parameters : tuple of str
            The names of its arguments; if left out, its own where it has one argument, x and y
            elsewhere.
        xlim, ylim : tuple of float
            Its domain.

        Raises
        ------
        GdvizError
            If the function does something else, or fails.
        """
        parameters = parameters or _arguments(function)
        program = Program.of([trace(function, parameters)], parameters)
        return cls(name, program, parameters=parameters, xlim=xlim, ylim=ylim)

    @property
    def program(self) -> Program:
        return self.traced

    @property
    def description(self) -> str:
        return self.name

    @property
    def tex(self) -> str:
        escaped = self.name.replace("_", r"\_")
        return rf"\mathrm{{{escaped}}}({', '.join(map(symbol_tex, self.symbols))})"

    @property
    def content(self) -> object:
        steps = self.traced.instructions
        names = () if self.parameters == VARIABLES else (self.parameters,)
        code = [[step.operation, step.operands, step.value] for step in steps]
        return code, self.traced.outputs, *names


def _arguments(function: Callable[..., Any]) -> tuple[str, ...]:
    """The name of the argument of a function of one; x and y for all others."""
    try:
        arguments = [*inspect.signature(function).parameters.values()]
    except (TypeError, ValueError):  # some callables have no signature
        return VARIABLES
    needed = [each.name for each in arguments if each.default is each.empty]
    is_one = len(needed) == 1 and arguments[0].kind is not arguments[0].VAR_POSITIONAL
    return (needed[0] if is_symbol(needed[0]) else "x",) if is_one else VARIABLES


def as_loss(name: str, value: Any, parameters: tuple[str, ...] = ()) -> Loss:
    """A loss from a formula, a function of parameters with these names, or a loss.

    Raises
    ------
    ValueError
        If it is none of these.
    """
    if isinstance(value, Loss):
        loss = _checked(value)
        loss.gradient((0.5,) * loss.dimension)  # a formula is read when it is first used
        return loss
    if isinstance(value, str):
        return as_loss(name, FormulaLoss(value))
    if callable(value):
        return FunctionLoss.of(name, value, parameters=parameters)
    raise ValueError("write a formula, a function of (x, y) or of (x), or a loss")


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

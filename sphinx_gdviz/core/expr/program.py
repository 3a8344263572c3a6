"""Straight-line programs: what an expression becomes to be evaluated.

A program is a list of instructions, each of which computes one register from earlier ones.
It is data, not code: NumPy evaluates it at build time, and a page can evaluate the very same list
in a browser.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .node import OPERATIONS, Expr, walk
from .simplify import lowered


@dataclass(frozen=True)
class Instruction:
    """One step: an operation on earlier registers.

    A ``"constant"`` has its value, and a ``"parameter"`` its place among the parameters.
    """

    operation: str
    operands: tuple[int, ...] = ()
    value: float = 0.0


@dataclass(frozen=True)
class Program:
    """Instructions in order, and the registers that are its results."""

    instructions: tuple[Instruction, ...]
    outputs: tuple[int, ...]

    @classmethod
    def of(cls, exprs: Sequence[Expr], parameters: Sequence[str]) -> Program:
        """The program that computes some expressions in these parameters."""
        exprs = lowered(exprs)
        place = {name: index for index, name in enumerate(parameters)}
        registers: dict[Expr, int] = {}
        instructions: list[Instruction] = []
        for part in walk(*exprs):
            match part.operation:
                case "number":
                    step = Instruction("constant", value=part.value)
                case "symbol":
                    step = Instruction("parameter", value=place[part.name])
                case operation:
                    step = Instruction(operation, tuple(registers[each] for each in part.operands))
            registers[part] = len(instructions)
            instructions.append(step)
        return cls(tuple(instructions), tuple(registers[expr] for expr in exprs))

    def __getstate__(self) -> dict[str, Any]:
        # Without what is cached, so that it is pickled to the same bytes before and after use.
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def expressions(self, parameters: Sequence[str]) -> list[Expr]:
        """The outputs as expressions."""
        registers: list[Expr] = []
        for step in self.instructions:
            match step.operation:
                case "constant":
                    part = Expr.number(step.value)
                case "parameter":
                    part = Expr.symbol(parameters[int(step.value)])
                case operation:
                    part = Expr(operation, tuple(registers[index] for index in step.operands))
            registers.append(part)
        return [registers[output] for output in self.outputs]

    def select(self, *outputs: int) -> Program:
        """The part of the program that computes some of its outputs, given by position."""
        places = (int(step.value) for step in self.instructions if step.operation == "parameter")
        names = [f"theta{index}" for index in range(max(places, default=0) + 1)]
        exprs = self.expressions(names)
        return Program.of([exprs[output] for output in outputs], names)

    def __call__(self, theta: ArrayLike) -> NDArray[np.float64]:
        """Evaluate in double precision, elementwise.

        Parameters
        ----------
        theta : array_like, shape (d, ...)
            The parameters.

        Returns
        -------
        ndarray, shape (outputs, ...)
            A new array. Overflow and undefined values become ``inf`` and ``nan``.
        """
        theta = np.asarray(theta, float)
        registers: list[Any] = []
        with np.errstate(all="ignore"):
            for function, operands in self._steps:
                match operands:
                    case (left, right):
                        registers.append(function(registers[left], registers[right]))
                    case (operand,):
                        registers.append(function(registers[operand]))
                    case (condition, then, otherwise):
                        choices = registers[then], registers[otherwise]
                        registers.append(function(registers[condition], *choices))
                    case _:
                        registers.append(theta[function] if isinstance(function, int) else function)
        results = np.empty((len(self.outputs), *theta.shape[1:]))
        for row, output in enumerate(self.outputs):
            results[row] = registers[output]
        return results

    @cached_property
    def _steps(self) -> list[tuple[Any, tuple[int, ...]]]:
        """Each instruction as a function of NumPy, a value, or the place of a parameter."""
        # Looked up once: for a single run it takes longer than the arithmetic itself.
        leaves: dict[str, Callable[[float], Any]] = {"constant": np.float64, "parameter": int}
        return [
            (leaves[o](s.value) if (o := s.operation) in leaves else OPERATIONS[o], s.operands)
            for s in self.instructions
        ]

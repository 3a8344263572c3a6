"""Straight-line programs: what a formula becomes once it has been checked.

A program is a list of instructions, each of which computes one register from earlier ones.
It is data, not code: it is differentiated by the chain rule, NumPy evaluates it at build
time, and a page can evaluate the very same list in a browser.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

FUNCTIONS = (
    *("sin", "cos", "tan", "asin", "acos", "atan"),
    *("sinh", "cosh", "tanh", "exp", "log", "sqrt", "abs"),
)
"""Functions of one argument that a formula may call."""


@dataclass(frozen=True)
class Instruction:
    """One step: an operation on earlier registers (or, for a constant, a value)."""

    operation: str
    operands: tuple[int, ...] = ()
    value: float = 0.0


@dataclass(frozen=True)
class Program:
    """Instructions in order, and the registers that are its results."""

    instructions: tuple[Instruction, ...]
    outputs: tuple[int, ...]

    def __getstate__(self) -> dict[str, Any]:
        # Without what is cached, so that it is pickled to the same bytes before and after use.
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def select(self, *outputs: int) -> Program:
        """The part of the program that computes some of its outputs, given by position."""
        return _prune(self.instructions, tuple(self.outputs[output] for output in outputs))

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
                    case _:
                        registers.append(theta[function] if isinstance(function, int) else function)
        results = np.empty((len(self.outputs), *theta.shape[1:]))
        for row, output in enumerate(self.outputs):
            results[row] = registers[output]
        return results

    @cached_property
    def _steps(self) -> list[tuple[Any, tuple[int, ...]]]:
        """Each instruction as a function of NumPy and its operands, a value, or a parameter.

        A parameter is given by its number.
        """
        return [(self._meaning(step), step.operands) for step in self.instructions]

    @staticmethod
    def _meaning(step: Instruction) -> Any:
        if step.operation == "constant":
            return np.float64(step.value)
        return _NUMPY[step.operation] if step.operands else ("x", "y").index(step.operation)


_NUMPY: dict[str, Callable[..., Any]] = {
    "add": np.add,
    "subtract": np.subtract,
    "multiply": np.multiply,
    "divide": np.divide,
    "negative": np.negative,
    "power": np.power,
    "sign": np.sign,
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "asin": np.arcsin,
    "acos": np.arccos,
    "atan": np.arctan,
    "sinh": np.sinh,
    "cosh": np.cosh,
    "tanh": np.tanh,
    "exp": np.exp,
    "log": np.log,
    "sqrt": np.sqrt,
    "abs": np.abs,
}


@dataclass
class ProgramBuilder:
    """Collects instructions, sharing equal ones and folding constants.

    The methods return register numbers. An operation on constants alone is carried out at once.
    """

    instructions: list[Instruction] = field(default_factory=list)
    _known: dict[Instruction, int] = field(default_factory=dict)

    def constant(self, value: float) -> int:
        return self._emit(Instruction("constant", value=float(value)))

    def variable(self, name: str) -> int:
        return self._emit(Instruction(name))

    def apply(self, operation: str, *operands: int) -> int:
        """Append an operation, or fold it where all operands are constants."""
        values = [self.value_of(operand) for operand in operands]
        if all(value is not None for value in values):
            with np.errstate(all="ignore"):
                return self.constant(float(_NUMPY[operation](*np.array(values, float))))
        left, right = (values[0], values[1]) if len(values) == 2 else (None, None)
        if operation == "multiply" and 1.0 in (left, right):
            return operands[1] if left == 1.0 else operands[0]
        if operation == "add" and 0.0 in (left, right):
            return operands[1] if left == 0.0 else operands[0]
        return self._emit(Instruction(operation, operands))

    def power(self, base: int, exponent: float) -> int:
        """Raise a register to a constant power; whole powers become multiplications."""
        if exponent < 0:
            return self.apply("divide", self.constant(1.0), self.power(base, -exponent))
        if exponent == 0.5:
            return self.apply("sqrt", base)
        if exponent != int(exponent):
            return self.apply("power", base, self.constant(exponent))
        result, square, remaining = self.constant(1.0), base, int(exponent)
        while remaining:
            if remaining & 1:
                result = self.apply("multiply", result, square)
            remaining >>= 1
            if remaining:
                square = self.apply("multiply", square, square)
        return result

    def value_of(self, register: int) -> float | None:
        """The value of a constant register, or None."""
        step = self.instructions[register]
        return step.value if step.operation == "constant" else None

    def build(self, *outputs: int) -> Program:
        """The program with these outputs, without the instructions that none of them needs."""
        return _prune(self.instructions, outputs)

    def _emit(self, step: Instruction) -> int:
        if step not in self._known:
            self._known[step] = len(self.instructions)
            self.instructions.append(step)
        return self._known[step]


def _prune(instructions: Sequence[Instruction], outputs: tuple[int, ...]) -> Program:
    """The program with these outputs, without the instructions that none of them needs."""
    needed = set(outputs)
    for register in range(len(instructions) - 1, -1, -1):
        if register in needed:
            needed.update(instructions[register].operands)
    order = sorted(needed)
    position = {register: index for index, register in enumerate(order)}
    kept = tuple(
        Instruction(
            step.operation, tuple(position[operand] for operand in step.operands), step.value
        )
        for step in (instructions[register] for register in order)
    )
    return Program(kept, tuple(position[output] for output in outputs))

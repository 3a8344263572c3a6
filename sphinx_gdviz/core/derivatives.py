"""Exact derivatives of a program, by SymPy."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from .formula import FormulaError
from .program import FUNCTIONS, Program, ProgramBuilder

MAX_SIZE = 20_000
"""Largest second derivative that is asked of SymPy, in operations before simplification."""


@lru_cache(maxsize=256)
def differentiate(program: Program) -> Program:
    """The first and second derivatives of a program's value.

    Parameters
    ----------
    program : Program
        With one output, f(x, y).

    Returns
    -------
    Program
        With the five outputs ∂f/∂x, ∂f/∂y, ∂²f/∂x², ∂²f/∂x∂y, ∂²f/∂y². The derivative of |u|
        is sign u, and that of sign u is 0, also at u = 0.

    Raises
    ------
    FormulaError
        If the derivatives would be too large, or leave the real numbers.
    """
    _refuse_large(program)
    import sympy  # takes a third of a second, and most builds need no derivative

    x, y = sympy.symbols("x y", real=True)
    (value,) = program.interpret(_sympy_operations(x, y))
    value = sympy.sympify(value)
    gradient = [sympy.diff(value, variable) for variable in (x, y)]
    hessian = [sympy.diff(gradient[i], (x, y)[j]) for i, j in ((0, 0), (0, 1), (1, 1))]
    writer = _Writer()
    return writer.builder.build(*(writer.write(part) for part in (*gradient, *hessian)))


def _sympy_operations(x: Any, y: Any) -> dict[str, Callable[..., Any]]:
    import sympy

    return {
        "x": lambda: x,
        "y": lambda: y,
        # The decimal that was written, not the binary fraction: the derivative of 0.1 x³ is 0.3 x².
        "constant": lambda value: sympy.Rational(repr(value)),
        "add": lambda a, b: a + b,
        "subtract": lambda a, b: a - b,
        "multiply": lambda a, b: a * b,
        "divide": lambda a, b: a / b,
        "negative": lambda a: -a,
        "power": lambda a, b: a**b,
        **{name: getattr(sympy, name) for name in FUNCTIONS if name != "abs"},
        "abs": sympy.Abs,
    }


class _Writer:
    """Writes SymPy expressions into one program, sharing what they have in common."""

    def __init__(self) -> None:
        self.builder = ProgramBuilder()

    def write(self, expression: Any) -> int:
        builder = self.builder
        if expression.is_Number or expression.is_NumberSymbol:
            value = float(expression) if expression.is_finite else None
            if value is None:
                raise FormulaError("the formula's derivative is not finite anywhere")
            return builder.constant(value)
        if expression.is_Symbol:
            return builder.variable(expression.name)
        if expression.is_Add:
            return self._fold("add", expression.args)
        if expression.is_Mul:
            return self._product(expression)
        if expression.is_Pow and expression.exp.is_Rational:
            return builder.power(self.write(expression.base), float(expression.exp))
        name = type(expression).__name__.lower()
        if name == "diracdelta":
            return builder.constant(0.0)
        if name in (*FUNCTIONS, "sign") and len(expression.args) == 1:
            return builder.apply(name, self.write(expression.args[0]))
        raise FormulaError(f"the formula's derivative leaves the real numbers ({expression})")

    def _product(self, expression: Any) -> int:
        numerator, denominator = expression.as_numer_denom()
        if denominator == 1 or denominator.is_Number:
            return self._fold("multiply", expression.args)
        return self.builder.apply("divide", self.write(numerator), self.write(denominator))

    def _fold(self, operation: str, arguments: tuple[Any, ...]) -> int:
        result = self.write(arguments[0])
        for argument in arguments[1:]:
            result = self.builder.apply(operation, result, self.write(argument))
        return result


def _refuse_large(program: Program) -> None:
    """Bound SymPy's work by the sizes of f, f′ and f″ written out as trees."""
    sizes: list[tuple[int, int, int]] = []
    for step in program.instructions:
        operands = [sizes[index] for index in step.operands]
        match step.operation:
            case "constant":
                sizes.append((1, 0, 0))
            case "x" | "y":
                sizes.append((1, 1, 0))
            case "add" | "subtract" | "negative":
                f, d, h = map(sum, zip(*operands, strict=True))
                sizes.append((f + 1, d + 1, h + 1))
            case "multiply" | "divide" | "power":
                (f, df, hf), (g, dg, hg) = operands
                sizes.append((f + g + 1, f + g + df + dg + 3, f + g + 2 * (df + dg) + hf + hg + 7))
            case _:
                ((f, d, h),) = operands
                sizes.append((f + 1, f + d + 2, 2 * (f + d) + f + h + 6))
    if sizes and max(max(size) for size in sizes) > MAX_SIZE:
        raise FormulaError("the formula is too long to differentiate; write it with fewer factors")

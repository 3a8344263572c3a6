"""Formulas: an author's text, read through a whitelist into a program.

The text is parsed with :func:`ast.parse` and never compiled or run. What is not on the list
below is refused with a message that says what would be right.
"""

from __future__ import annotations

import ast
import math
import warnings

from ...messages import GdvizError, did_you_mean, quote
from .program import FUNCTIONS, Program, ProgramBuilder

MAX_LENGTH = 1000
"""Longest formula, in characters."""
MAX_DEGREE = 64
"""Largest exponent, also of nested powers multiplied together."""
MAX_DEPTH = 150
"""Deepest nesting, far from the depth at which Python's own stack would end."""
CONSTANTS = {"pi": math.pi, "e": math.e}
VARIABLES = ("x", "y")

_BINARY: dict[type[ast.operator], str] = {
    ast.Add: "add",
    ast.Sub: "subtract",
    ast.Mult: "multiply",
    ast.Div: "divide",
}


def parse_formula(text: str) -> Program:
    """Read a formula in ``x`` and ``y``.

    Parameters
    ----------
    text : str
        An expression with numbers, ``x``, ``y``, ``pi``, ``e``, the operators ``+ - * / **``,
        parentheses, and calls of the functions in
        :data:`~sphinx_gdviz.core.expr.program.FUNCTIONS`.

    Returns
    -------
    Program
        With one output, the value.

    Raises
    ------
    GdvizError
        If anything else is written, or the formula is too long or too steep.
    """
    if len(text) > MAX_LENGTH:
        raise GdvizError(
            f"the formula has {len(text)} characters; the most that is read is {MAX_LENGTH}"
        )
    if not text.strip():
        raise GdvizError("the formula is empty; write one in x and y, such as x**2 + y**2")
    if "#" in text:
        raise GdvizError("a formula has no comments: leave out “#” and what follows it")
    line = " ".join(text.split())
    builder = ProgramBuilder()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python's remarks on code that will never run
            tree = ast.parse(line, mode="eval")
        output = _Reader(builder, line).read(tree.body)
    except GdvizError:
        raise
    except (RecursionError, MemoryError):
        raise GdvizError("the formula is nested too deeply") from None
    except (SyntaxError, ValueError) as error:
        raise GdvizError(
            f"{quote(text)} is not a formula ({getattr(error, 'msg', error)}); "
            "write an expression such as x**2 + 3*sin(y)"
        ) from None
    program = builder.build(output)
    refuse_steep_powers(program)
    return program


class _Reader:
    """Walks a syntax tree, and knows nothing but what is allowed."""

    def __init__(self, builder: ProgramBuilder, text: str) -> None:
        self._builder = builder
        self._text = text
        self._depth = 0

    def read(self, node: ast.expr) -> int:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise GdvizError("the formula is nested too deeply")
        register = self._read(node)
        self._depth -= 1
        value = self._builder.value_of(register)
        if value is not None and not math.isfinite(value):
            raise GdvizError(f"{self._source(node)} is not a finite real number")
        return register

    def _read(self, node: ast.expr) -> int:
        builder = self._builder
        match node:
            case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
                return builder.constant(_to_float(value))
            case ast.Name(id=name) if name in VARIABLES:
                return builder.variable(name)
            case ast.Name(id=name) if name in CONSTANTS:
                return builder.constant(CONSTANTS[name])
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self.read(operand)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return builder.apply("negative", self.read(operand))
            case ast.BinOp(op=ast.Pow(), left=base, right=exponent):
                return builder.power(self.read(base), self._exponent(exponent))
            case ast.BinOp(op=operator, left=left, right=right) if type(operator) in _BINARY:
                return builder.apply(_BINARY[type(operator)], self.read(left), self.read(right))
            case ast.Call(func=ast.Name(id=name), args=[argument], keywords=[]) if (
                name in FUNCTIONS and not isinstance(argument, ast.Starred)
            ):
                return builder.apply(name, self.read(argument))
        raise GdvizError(_reason(node, self._source(node)))

    def _exponent(self, node: ast.expr) -> float:
        register = self.read(node)
        value = self._builder.value_of(register)
        if value is None or abs(value) > MAX_DEGREE:
            raise GdvizError(
                f"the exponent {self._source(node)} is not a number from -{MAX_DEGREE} to "
                f"{MAX_DEGREE}; for another power write exp(... * log(...))"
            )
        return value

    def _source(self, node: ast.expr) -> str:
        return quote(ast.get_source_segment(self._text, node) or ast.unparse(node))


def _reason(node: ast.expr, source: str) -> str:
    """Why a piece of a formula is refused, and what would be right."""
    allowed = f"the functions are {', '.join(FUNCTIONS)}"
    match node:
        case ast.Name(id=name) if name in FUNCTIONS:
            return f"{name} is a function: write {name}(...)"
        case ast.Name(id=name):
            return f"{quote(name)} is unknown; the variables are x and y, the constants pi and e"
        case ast.BinOp(op=ast.BitXor()):
            return f"{source}: a power is written with **, as in x**2"
        case ast.Call(func=ast.Name(id=name)) if name in FUNCTIONS:
            return f"{name} takes one argument, as in {name}(x)"
        case ast.Call(func=ast.Name(id=name)):
            near = did_you_mean(name, FUNCTIONS)
            return f"{quote(name)} is not a known function{near or ';'} {allowed}"
        case ast.Call() | ast.Attribute():
            return f"{source} is not allowed: write functions without a prefix; {allowed}"
        case ast.Tuple():
            return f"{source}: a number has a decimal point, not a comma"
    return f"{source} is not allowed in a formula; use numbers, x, y and + - * / **; {allowed}"


def refuse_steep_powers(program: Program) -> None:
    """Bound the degree of the whole: beyond it a loss is flat, or overflows a step outside."""
    degrees: list[int] = []
    for step in program.instructions:
        operands = [degrees[index] for index in step.operands]
        match step.operation:
            case "constant":
                degrees.append(0)
            case "x" | "y":
                degrees.append(1)
            case "multiply":
                degrees.append(sum(operands))
            case _:
                degrees.append(max(operands))
    if degrees and max(degrees) > MAX_DEGREE:
        raise GdvizError(
            f"the formula multiplies x and y {max(degrees)} times over; "
            f"powers and products may reach degree {MAX_DEGREE}"
        )


def _to_float(value: float) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf

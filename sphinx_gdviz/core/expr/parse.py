"""Formulas: an author's text, read through a whitelist into an expression.

The text is parsed with :func:`ast.parse` and never compiled or run. What is not on the list
below is refused with a message that says what would be right.
"""

from __future__ import annotations

import ast
import keyword
import math
import re
import unicodedata
import warnings
from collections.abc import Sequence

from ...messages import GdvizError, did_you_mean, listed, quote
from .node import FUNCTIONS, Expr, bottom_up
from .simplify import lower, lowered
from .symbols import is_symbol

MAX_LENGTH = 1000
"""Longest formula, in characters."""
MAX_DEGREE = 64
"""Largest exponent, also of nested powers multiplied together."""
MAX_DEPTH = 150
"""Deepest nesting, far from the depth at which Python's own stack would end."""
CONSTANTS = {"pi": math.pi, "e": math.e}
VARIABLES = ("x", "y")
"""The parameters of a formula that names no others."""
_TAKEN = {*CONSTANTS, *FUNCTIONS, "lr", "np"}
"""Names that mean something else, in a formula or where parameters are asked for by name."""

_COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Gt: "greater",
    ast.Lt: "less",
    ast.GtE: "greater_equal",
    ast.LtE: "less_equal",
}
_EXAMPLES = {1: "{}(x)", 2: "{}(x, y)", 3: "{}(x > 0, x, 0)"}
"""Calls of functions with so many arguments."""

_BINARY: dict[type[ast.operator], str] = {
    ast.Add: "add",
    ast.Sub: "subtract",
    ast.Mult: "multiply",
    ast.Div: "divide",
    ast.Pow: "power",
}


def parse_formula(text: str, parameters: Sequence[str] = VARIABLES) -> Expr:
    """Read a formula.

    Parameters
    ----------
    text : str
        An expression with numbers, ``pi``, ``e``, the operators ``+ - * / **``,
        parentheses, and calls of the functions in
        :data:`~sphinx_gdviz.core.expr.node.FUNCTIONS`; the first argument of ``where`` compares.
    parameters : sequence of str
        The names that it may have besides.

    Returns
    -------
    Expr
        The formula as it was written, to be printed or made a program.

    Raises
    ------
    GdvizError
        If anything else is written, or the formula is too long or too steep.
    """
    check_names(parameters)
    if len(text) > MAX_LENGTH:
        raise GdvizError(
            f"the formula has {len(text)} characters; the most that is read is {MAX_LENGTH}"
        )
    if not text.strip():
        raise GdvizError("the formula is empty; write one in x and y, such as x**2 + y**2")
    if "#" in text:
        raise GdvizError("a formula has no comments: leave out “#” and what follows it")
    line = " ".join(text.split())
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python's remarks on code that will never run
            tree = ast.parse(line, mode="eval")
        expr = _Reader(line, parameters).read(tree.body, 0)
    except GdvizError:
        raise
    except (RecursionError, MemoryError):
        raise GdvizError("the formula is nested too deeply") from None
    except (SyntaxError, ValueError) as error:
        hint = _hint(line) or "write an expression such as x**2 + 3*sin(y)"
        raise GdvizError(
            f"{quote(text)} is not a formula ({getattr(error, 'msg', error)}); {hint}"
        ) from None
    check_degree(expr)
    return expr


_SIGNS = {"−": "-", "–": "-", "·": "*", "⋅": "*", "×": "*", "÷": "/", "≥": ">=", "≤": "<="}
"""Signs as they are printed, and as they are written."""
_POWER = re.compile(r"(\w+|\S)([⁰¹²³⁴⁵⁶⁷⁸⁹]+)")
_PRODUCT = re.compile(
    r"(?<![\w.])(\d+\.?\d*|\.\d+) *([^\W\d]\w*)|\b([^\W\d]\w*) +(\w+)|\|([^|]+)\|"
)


def _hint(text: str) -> str:
    """The way to write what a formula has as books print it; empty where there is no such thing."""
    for letter in text:
        if letter in _SIGNS:
            return f"write {_SIGNS[letter]} for {quote(letter)}"
        if unicodedata.decomposition(letter).startswith("<fraction>"):
            fraction = unicodedata.normalize("NFKC", letter).replace("⁄", "/")
            return f"write ({fraction}) for {quote(letter)}"
    if match := _POWER.search(text):
        exponent = unicodedata.normalize("NFKC", match[2])
        return f"a power is written with **: {match[1]}**{exponent} for {quote(match[0])}"
    if match := _PRODUCT.search(text):
        if match[5]:
            return f"write abs({match[5]}) for {quote(match[0])}"
        first, second = match[1] or match[3], match[2] or match[4]
        return f"a product is written with *: {first}*{second} for {quote(match[0])}"
    return ""


def find_parameters(text: str) -> tuple[str, ...]:
    """The parameters of a formula, which need not be right: x before y, then as they come up.

    A name is one if it is a letter, also a Greek one, with digits where wanted. A constant is one
    of x and y.
    """
    names = [word for word in find_names(text) if is_symbol(word)] or VARIABLES
    ordered = iter(sorted(name for name in names if name in VARIABLES))
    return tuple(next(ordered) if name in VARIABLES else name for name in names)


def find_names(text: str) -> list[str]:
    """The names in a formula, which need not be right, but for constants and what is called."""
    words = re.findall(r"(?<![\w.])[^\W\d]\w*\b(?!\s*[(.])", unicodedata.normalize("NFKC", text))
    return [word for word in dict.fromkeys(words) if word not in CONSTANTS]


def check_names(names: Sequence[str]) -> tuple[str, ...]:
    """Names as Python reads them, if the parameters of a formula can have them.

    Raises
    ------
    GdvizError
        If one is no name, has another meaning, or is there twice.
    """
    names = tuple(unicodedata.normalize("NFKC", name) for name in names)
    for name in names:
        if not name.isidentifier():
            raise GdvizError(f"{quote(name)} is not a name; write letters, as in w, b or theta1")
        if keyword.iskeyword(name):
            other = "lamda" if name == "lambda" else "another"
            raise GdvizError(f"{quote(name)} is a word of Python; write {other}")
        if name in _TAKEN:
            raise GdvizError(f"{quote(name)} has a meaning already; write another name")
    if len({*names}) < len(names):
        raise GdvizError(f"{quote(', '.join(names))} has a name twice; write each once")
    return names


class _Reader:
    """Walks a syntax tree, and knows nothing but what is allowed."""

    def __init__(self, text: str, parameters: Sequence[str]) -> None:
        self._text = text
        self._bytes = text.encode()
        self._parameters = parameters
        self._depth = 0
        self._lowered: dict[Expr, Expr] = {}

    def read(self, node: ast.expr, begin: int) -> Expr:
        """A part of the formula, what stands before it beginning at an offset in bytes."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise GdvizError("the formula is nested too deeply")
        expr = self._read(node)
        self._depth -= 1
        operands = [self._lowered[operand] for operand in expr.operands]
        self._lowered[expr] = value = lower(expr, operands)
        if value.is_number and not math.isfinite(value.value):
            raise GdvizError(f"{self._source(node)} is not a finite real number")
        if expr.operands and b"(" in self._bytes[begin : node.col_offset]:
            expr = Expr(expr.operation, expr.operands, name="()")
            self._lowered[expr] = value
        return expr

    def _read(self, node: ast.expr) -> Expr:
        match node:
            case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
                written = self._bytes[node.col_offset : node.end_col_offset].decode()
                return Expr.number(_to_float(value), written)
            case ast.Name(id=name) if name in CONSTANTS:
                return Expr.number(CONSTANTS[name], name)
            case ast.Name(id=name) if name in self._parameters:
                return Expr.symbol(name)
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self.read(operand, node.col_offset)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return Expr("negative", (self.read(operand, node.col_offset),))
            case ast.BinOp(op=operator, left=left, right=right) if type(operator) in _BINARY:
                first = self.read(left, node.col_offset)
                second = self.read(right, left.end_col_offset or 0)
                if isinstance(operator, ast.Pow):
                    self._check_exponent(right, second)
                return Expr(_BINARY[type(operator)], (first, second))
            case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if (
                len(arguments) == FUNCTIONS.get(name) and name != "where"
            ):
                return Expr(name, tuple(self.read(each, each.col_offset) for each in arguments))
            case ast.Call(
                func=ast.Name(id="where"), args=[ast.Compare() as test, then, other], keywords=[]
            ):
                branches = (self.read(each, each.col_offset) for each in (then, other))
                return Expr("where", (self._comparison(test), *branches))
        raise GdvizError(self._reason(node, self._source(node)))

    def _comparison(self, node: ast.Compare) -> Expr:
        """The condition of a choice."""
        match node.ops, node.comparators:
            case [operator], [other] if type(operator) in _COMPARISONS:
                operands = (
                    self.read(node.left, node.col_offset),
                    self.read(other, node.left.end_col_offset or 0),
                )
                expr = Expr(_COMPARISONS[type(operator)], operands)
                self._lowered[expr] = lower(expr, [self._lowered[each] for each in operands])
                return expr
        raise GdvizError(f"{self._source(node)}: a condition is one of >, <, >= and <=")

    def _check_exponent(self, node: ast.expr, exponent: Expr) -> None:
        value = self._lowered[exponent]
        if not value.is_number or abs(value.value) > MAX_DEGREE:
            raise GdvizError(
                f"the exponent {self._source(node)} is not a number from -{MAX_DEGREE} to "
                f"{MAX_DEGREE}; for another power write exp(... * log(...))"
            )

    def _source(self, node: ast.expr) -> str:
        return quote(ast.get_source_segment(self._text, node) or ast.unparse(node))

    def _reason(self, node: ast.expr, source: str) -> str:
        """Why a piece of a formula is refused, and what would be right."""
        allowed = f"the functions are {', '.join(FUNCTIONS)}"
        names = ", ".join(self._parameters)
        match node:
            case ast.Name(id=name) if name in FUNCTIONS:
                return f"{name} is a function: write {name}(...)"
            case ast.Name(id=name):
                variables = f"variable{'s are' if len(self._parameters) > 1 else ' is'}"
                known = f"the {variables} {listed(self._parameters)}, the constants pi and e"
                written = [name for name in find_names(self._text) if name not in FUNCTIONS]
                meant = f"; or name the parameters: {', '.join(written)}" * (len(written) == 2)
                return f"{quote(name)} is unknown; {known}{meant}"
            case ast.BinOp(op=ast.BitXor()):
                return f"{source}: a power is written with **, as in x**2"
            case ast.Call(func=ast.Name(id=name)) if name in FUNCTIONS:
                count = FUNCTIONS[name]
                if name == "where" and len(node.args) == count:
                    return f"{self._source(node.args[0])} is no comparison; write where(x > 0, ...)"
                number = ("one", "two", "three")[count - 1]
                example = _EXAMPLES[count].format(name)
                return f"{name} takes {number} argument{'s' * (count > 1)}, as in {example}"
            case ast.Call(func=ast.Name(id=name)) if len(name) == 1:
                return f"{source}: a product is written with *, as in {name}*(...)"
            case ast.Call(func=ast.Constant() | ast.BinOp()):
                return f"{source}: a product is written with *, as in 3*(x + 1)"
            case ast.Compare():
                return f"{source} is not allowed: comparisons stand in where(x > 0, ..., ...) only"
            case ast.IfExp():
                return f"{source} is not allowed: write where(x > 0, ..., ...) for a choice"
            case ast.Call(func=ast.Name(id=name)):
                near = did_you_mean(name, FUNCTIONS)
                return f"{quote(name)} is not a known function{near or ';'} {allowed}"
            case ast.Call() | ast.Attribute():
                return f"{source} is not allowed: write functions without a prefix; {allowed}"
            case ast.Tuple():
                return f"{source}: a number has a decimal point, not a comma"
        return (
            f"{source} is not allowed in a formula; use numbers, {names} and + - * / **; {allowed}"
        )


def check_degree(expr: Expr) -> None:
    """Bound the degree of the whole: beyond it a loss is flat, or overflows a step outside."""

    def degree(part: Expr, degrees: list[int]) -> int:
        match part.operation:
            case "number":
                return 0
            case "symbol":
                return 1
            case "multiply":
                return sum(degrees)
        return max(degrees)

    if (degrees := bottom_up(lowered([expr]), degree)[0]) > MAX_DEGREE:
        raise GdvizError(
            f"the formula multiplies {listed(expr.symbols)} {degrees} times over; powers and "
            f"products may reach degree {MAX_DEGREE}"
        )


def _to_float(value: float) -> float:
    try:
        return float(value)
    except OverflowError:  # a whole number of more than 308 digits
        return math.inf

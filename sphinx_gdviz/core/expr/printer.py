"""Expressions for a reader: as TeX, as plain text, and as Python."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import ClassVar

from .node import FUNCTIONS, NUMPY_NAMES, Expr, walk
from .symbols import symbol_tex, symbol_text

COMPARISON, SUM, SLASH, PRODUCT, SIGN, POWER, ATOM = range(7)
"""Precedence of a piece of text: the higher, the fewer brackets it needs."""

_SIGNS = {
    "add": ("+", SUM),
    "subtract": ("-", SUM),
    "multiply": ("*", PRODUCT),
    "divide": ("/", PRODUCT),
    "greater": (">", COMPARISON),
    "less": ("<", COMPARISON),
    "greater_equal": (">=", COMPARISON),
    "less_equal": ("<=", COMPARISON),
}
_RELATIONS = {">=": r"\ge", "<=": r"\le"}


def to_python(expr: Expr) -> str:
    """An expression as Python with NumPy as ``np``, as ``ruff format`` leaves it.

    It is computed in the same order, to the last bit.
    """
    return _Python().write(expr).text


def to_text(expr: Expr) -> str:
    """A formula in plain text, with the brackets of its author: “2 x^2·y − sin(3 x)”."""
    return PlainText().write(expr).text.replace("-", "−")


def to_tex(
    expr: Expr,
    symbol: Callable[[str], Piece] | None = None,
    number: Callable[[float], Piece] | None = None,
) -> str:
    r"""An expression as TeX, as textbooks have it.

    ``2*x`` is ``2x``, a quotient is a fraction, and a function of a simple argument needs no
    brackets.

    Parameters
    ----------
    expr : Expr
        The expression.
    symbol : callable, optional
        Writes a symbol of this name, where that is not :func:`symbol_tex`.
    number : callable, optional
        Writes a number, where that is not as it was written.
    """
    return _Tex(symbol, number).write(expr).signed


@dataclass(frozen=True)
class Piece:
    """The text of a part, and what has to be known to put it into another part.

    Attributes
    ----------
    text : str
        The text; in TeX without the sign.
    level : int
        Its precedence.
    minus : bool
        The whole has a minus sign.
    is_simple : bool
        It may be an argument without brackets.
    is_open : bool
        It ends in such an argument, to which what follows would seem to belong.
    ends_in_number : bool
        Digits behind it would continue a number, and a fraction make a mixed number.
    is_numeric : bool
        It is made of numbers that stand in the place of symbols.
    """

    text: str
    level: int = ATOM
    minus: bool = False
    is_simple: bool = False
    is_open: bool = False
    ends_in_number: bool = False
    is_numeric: bool = False

    @property
    def signed(self) -> str:
        return f"-{self.text}" if self.minus else self.text


# --- on one line --------------------------------------------------------------------------------


class _Python:
    """Writes Python; the other dialects have its precedence too."""

    signs: ClassVar = {operation: f" {sign} " for operation, (sign, _) in _SIGNS.items()}
    power_behind_sign = ATOM  # brackets say that the sign comes last

    def write(self, expr: Expr) -> Piece:
        match expr.operation, expr.operands:
            case "number", _:
                return self.number(expr)
            case "symbol", _:
                return self.symbol(expr.name)
            case "called", (operand,):
                return self.write(operand)
            case "negative", (operand,):
                return self.negative(operand)
            case "square", (base,):
                return self.power(base, Expr.number(2.0))
            case "power", (base, exponent):
                return self.power(base, exponent)
            case operation, (left, right) if operation in _SIGNS:
                return self.infix(operation, left, right)
        return self.call(expr)

    def within(self, expr: Expr, level: int) -> str:
        """The text as a part of something with this precedence."""
        piece = self.write(expr)
        return piece.text if piece.level >= level else f"({piece.text})"

    def number(self, expr: Expr) -> Piece:
        if expr.name in ("pi", "e"):
            return Piece(f"np.{expr.name}")
        written = expr.name.lower()
        # What ruff would write otherwise, as 1.e5 or 0x10, is written from the value.
        if not re.fullmatch(r"(\d|[1-9]\d{,11})(\.\d+)?(e-?[1-9]\d*)?", written):
            written = re.sub(r"(e-?)\+?0*|\.0$", r"\1", repr(expr.value))
        return Piece(written, ATOM if expr.value >= 0 else SIGN)

    def symbol(self, name: str) -> Piece:
        return Piece(name)

    def negative(self, operand: Expr) -> Piece:
        is_power = operand.operation in ("power", "square")
        level = self.power_behind_sign if is_power else SIGN
        return Piece(f"-{self.within(operand, level)}", SIGN)

    def infix(self, operation: str, left: Expr, right: Expr) -> Piece:
        level = _SIGNS[operation][1]
        text = f"{self.within(left, level)}{self.signs[operation]}{self.within(right, level + 1)}"
        return Piece(text, level)

    def power(self, base: Expr, exponent: Expr) -> Piece:
        texts = self.within(base, ATOM), self.within(exponent, SIGN)
        is_simple = all(re.fullmatch(r"-?[\w.]+", text) for text in texts)
        return Piece(("**" if is_simple else " ** ").join(texts), POWER)

    def call(self, expr: Expr) -> Piece:
        match expr.operation, expr.operands:
            case "floor", (Expr("divide", (u, v)),):
                level = PRODUCT
                return Piece(f"{self.within(u, level)} // {self.within(v, level + 1)}", level)
            case "norm", _:
                return Piece(f"np.linalg.norm({self.arguments(expr)})")
            case "newton_step", (hessian, g, damping):
                matrix = f"{self.write(hessian).text}(theta)"
                if not damping.equals(0):
                    matrix += f" + {self.within(damping, PRODUCT)} * np.eye(len(theta))"
                return Piece(f"np.linalg.solve({matrix}, {self.write(g).text})")
            case "relu", (u,):
                return self.write(Expr("max", (u, Expr.number(0.0))))
            case "sigmoid", (u,):
                one = Expr.number(1.0)
                return self.write(one / (one + Expr("exp", (-u,))))
            case "softplus", _:
                return Piece(f"np.logaddexp(0, {self.arguments(expr)})")
        return Piece(f"np.{NUMPY_NAMES[expr.operation]}({self.arguments(expr)})")

    def arguments(self, expr: Expr) -> str:
        return ", ".join(self.write(operand).signed for operand in expr.operands)


class PlainText(_Python):
    """Prints plain text: powers with ^, “2 x” for 2*x, “·” elsewhere."""

    signs: ClassVar = {
        **_Python.signs,
        "divide": "/",
        "greater_equal": " ≥ ",
        "less_equal": " ≤ ",
    }
    power_behind_sign = SIGN

    def write(self, expr: Expr) -> Piece:
        piece = super().write(expr)
        # What was written needs no other brackets than those that it has.
        return Piece(f"({piece.text})") if expr.name == "()" else piece

    def number(self, expr: Expr) -> Piece:
        return Piece(expr.name.replace("_", "") or super().number(expr).text)

    def symbol(self, name: str) -> Piece:
        return Piece(symbol_text(name))

    def infix(self, operation: str, left: Expr, right: Expr) -> Piece:
        if operation != "multiply":
            return super().infix(operation, left, right)
        texts = self.within(left, PRODUCT), self.within(right, SIGN)
        # Not behind a quotient: x/2·y is not x/(2 y).
        joins = texts[0].endswith(")") or _last(left).name[:1] in tuple("0123456789.")
        joins = joins and (texts[1][0] == "(" or texts[1][0].isalpha()) and not _has_slash(left)
        return Piece((" " if joins else "·").join(texts), PRODUCT)

    def power(self, base: Expr, exponent: Expr) -> Piece:
        return Piece(f"{self.within(base, ATOM)}^{self.within(exponent, SIGN)}", POWER)

    def call(self, expr: Expr) -> Piece:
        return Piece(f"{expr.operation}({self.arguments(expr)})")


def _last(expr: Expr) -> Expr:
    """The number or symbol that is written last."""
    while expr.operands:
        expr = expr.operands[-1]
    return expr


def _has_slash(expr: Expr) -> bool:
    """Return True for a product with a quotient among its factors that is not in brackets."""
    while expr.operation == "multiply" and expr.name != "()":
        expr = expr.operands[0]
    return expr.operation == "divide" and expr.name != "()"


# --- TeX ----------------------------------------------------------------------------------------

_OPERATORS = {
    **{name: rf"\{name}" for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh", "log")},
    **{name: rf"\arc{name[1:]}" for name in ("asin", "acos", "atan")},
}
"""Functions that may stand before their argument without brackets."""
_OTHERS = {"max": r"\max", "min": r"\min"}
_STARTS = (*_OPERATORS.values(), r"\exp")
_NUMBER = re.compile(r"0*(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?")


class _Tex(_Python):
    """Writes TeX; in an exponent and a condition, on one line, quotients have a slash."""

    def __init__(
        self,
        symbol: Callable[[str], Piece] | None,
        number: Callable[[float], Piece] | None,
        *,
        on_one_line: bool = False,
    ) -> None:
        self._symbol, self._number, self._on_one_line = symbol, number, on_one_line

    def on_one_line(self, expr: Expr) -> str:
        return _Tex(self._symbol, self._number, on_one_line=True).write(expr).signed

    def number(self, expr: Expr) -> Piece:
        return self._number(expr.value) if self._number else _tex_number(expr)

    def symbol(self, name: str) -> Piece:
        return self._symbol(name) if self._symbol else Piece(symbol_tex(name), is_simple=True)

    def negative(self, operand: Expr) -> Piece:
        piece = self.write(operand)
        if piece.minus or piece.level <= SUM:
            piece = Piece(_within(piece, PRODUCT), is_numeric=piece.is_numeric)
        return replace(piece, minus=True, is_simple=False)

    def infix(self, operation: str, left: Expr, right: Expr) -> Piece:
        first, second = self.write(left), self.write(right)
        match operation:
            case "multiply":
                piece = _tex_product(first, second)
            case "divide":
                piece = _tex_quotient(first, second, self._on_one_line)
            case _:
                sign, level = _SIGNS[operation]
                after = _within(second, SLASH) if level == SUM else second.signed
                sign = _RELATIONS.get(sign, sign)
                piece = Piece(f"{first.signed} {sign} {after}", level)
        return replace(piece, is_numeric=first.is_numeric and second.is_numeric)

    def power(self, base: Expr, exponent: Expr) -> Piece:
        raised = self.on_one_line(exponent)
        # Not for −1: that would be read as the inverse function.
        if base.operation in _OPERATORS and exponent.is_number and exponent.value.is_integer():
            operator = f"{_OPERATORS[base.operation]}^{{{raised}}}"
            return _applied(operator, self.write(base.operands[0]))
        piece = self.write(base)
        text = f"{_within(piece, ATOM)}^{{{raised}}}"
        return Piece(text, POWER, is_numeric=piece.is_numeric and not exponent.symbols)

    def call(self, expr: Expr) -> Piece:
        match expr.operation, expr.operands:
            case "where", _:
                return Piece(self.cases(expr))
            case "exp", (argument,):
                if any(part.operation in FUNCTIONS for part in walk(argument)):
                    return Piece(rf"\exp\left( {self.arguments(expr)} \right)", POWER)
                return Piece(rf"\mathrm{{e}}^{{{self.on_one_line(argument)}}}", POWER)
            case "sqrt", (argument,):
                piece = self.write(argument)
                text = rf"\sqrt{{{piece.signed}}}"
                return Piece(text, POWER, is_simple=True, is_numeric=piece.is_numeric)
            case "newton_step", (hessian, g, damping):
                matrix = self.write(hessian).text
                if not damping.equals(0):
                    matrix += f" + {_within(self.write(damping), PRODUCT)} I"
                inverse = rf"\left( {matrix} \right)^{{-1}}"
                return Piece(inverse + _within(self.write(g), PRODUCT), PRODUCT)
            case "norm", _:
                return Piece(rf"\left\| {self.arguments(expr)} \right\|", is_simple=True)
            case "abs", _:
                return Piece(rf"\left| {self.arguments(expr)} \right|", is_simple=True)
            case name, (argument,) if name in _OPERATORS:
                return _applied(_OPERATORS[name], self.write(argument))
        name = _OTHERS.get(expr.operation, rf"\operatorname{{{expr.operation}}}")
        return Piece(rf"{name}\left( {self.arguments(expr)} \right)", POWER)

    def cases(self, expr: Expr) -> str:
        """A choice, with the condition of each value."""
        rows = []
        while expr.operation == "where":
            condition, then, expr = expr.operands
            rows.append(f"{self.write(then).signed} & {self.on_one_line(condition)}")
        inside = r" \\ ".join([*rows, rf"{self.write(expr).signed} & \text{{else}}"])
        return rf"\begin{{cases}} {inside} \end{{cases}}"


def _within(piece: Piece, level: int) -> str:
    """The TeX as a part of something with this precedence."""
    if piece.minus or piece.level < level:
        return rf"\left( {piece.signed} \right)"
    return piece.text


def _tex_number(expr: Expr) -> Piece:
    """A number as it was written, but with a power of ten for an exponent."""
    if expr.name in ("pi", "e"):
        return Piece({"pi": r"\pi", "e": r"\mathrm{e}"}[expr.name], is_simple=True)
    minus, value = math.copysign(1.0, expr.value) < 0, abs(expr.value)
    match = _NUMBER.fullmatch(expr.name.replace("_", "") or repr(value).removesuffix(".0"))
    if not match:  # 0x10
        text = repr(value).removesuffix(".0")
        return Piece(text, minus=minus, is_simple=True, ends_in_number=True)
    whole, decimals, exponent = match.groups()
    digits = (whole or "0") + (f".{decimals}" if decimals else "")
    if int(exponent or 0) == 0 or float(digits) == 0:
        return Piece(digits, minus=minus, is_simple=True, ends_in_number=True)
    power = f"10^{{{int(exponent)}}}"
    if digits == "1":
        return Piece(power, POWER, minus)
    return Piece(rf"{digits} \cdot {power}", PRODUCT, minus)


def _tex_product(first: Piece, second: Piece) -> Piece:
    left, right = _within(replace(first, minus=False), PRODUCT), _within(second, PRODUCT)
    apart = (
        right[0].isdigit()
        or second.is_numeric
        or (first.is_open and not right.startswith(_STARTS))
        or (first.ends_in_number and right.startswith(r"\frac"))
    )
    is_command = right[0].isalpha() and re.search(r"\\[a-zA-Z]+$", left)
    is_whole = right == second.text
    return Piece(
        left + (r" \cdot " if apart else " " if is_command else "") + right,
        PRODUCT,
        minus=first.minus,
        is_simple=first.is_simple and second.is_simple and not apart,
        is_open=second.is_open and is_whole,
        ends_in_number=second.ends_in_number and is_whole,
    )


def _tex_quotient(first: Piece, second: Piece, on_one_line: bool) -> Piece:
    above = replace(first, minus=False)
    if on_one_line:
        return Piece(f"{_within(above, SLASH)}/{_within(second, POWER)}", SLASH, first.minus)
    text = rf"\frac{{{above.text}}}{{{second.signed}}}"
    return Piece(text, POWER, minus=first.minus, is_simple=True)


def _applied(operator: str, argument: Piece) -> Piece:
    if argument.is_simple and not argument.minus:
        return Piece(f"{operator} {argument.text}", POWER, is_open=True)
    return Piece(rf"{operator}\left( {argument.signed} \right)", POWER)

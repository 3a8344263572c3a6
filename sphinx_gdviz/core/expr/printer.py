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
"""How tightly a piece of text holds together."""

_SIGNS = {
    "add": ("+", SUM),
    "subtract": ("-", SUM),
    "multiply": ("*", PRODUCT),
    "divide": ("/", PRODUCT),
    "greater": (">", COMPARISON),
    "less": ("<", COMPARISON),
}


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
    return _Tex(symbol or (lambda name: Piece(symbol_tex(name), is_simple=True)), number).tex(expr)


@dataclass(frozen=True)
class Piece:
    """The text of a part, and what has to be known to put it into another part.

    Attributes
    ----------
    text : str
        The text; in TeX without the sign.
    level : int
        How tightly it holds together.
    minus : bool
        Whether the whole has a minus sign.
    is_simple : bool
        Whether it may be an argument without brackets.
    is_open : bool
        Whether it ends in such an argument, to which what follows would seem to belong.
    ends_in_number : bool
        Whether digits behind it would continue a number, and a fraction make a mixed number.
    is_numeric : bool
        Whether it is made of numbers that stand in the place of symbols.
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
    """Writes Python; other texts on one line have its precedence too."""

    signs: ClassVar = {operation: f" {sign} " for operation, (sign, _) in _SIGNS.items()}
    power_behind_sign = ATOM  # brackets say that the sign comes last

    def write(self, expr: Expr) -> Piece:
        match expr.operation, expr.operands:
            case "number", _:
                return self.number(expr)
            case "symbol", _:
                return Piece(self.symbol(expr.name))
            case "called", (operand,):
                return self.write(operand)
            case "negative", (operand,):
                is_power = operand.operation in ("power", "square")
                level = self.power_behind_sign if is_power else SIGN
                return Piece(f"-{self.within(operand, level)}", SIGN)
            case "square", (base,):
                return self.power(base, Expr.number(2.0))
            case "power", (base, exponent):
                return self.power(base, exponent)
            case "multiply", (left, right):
                return self.product(left, right)
            case operation, (left, right) if operation in _SIGNS:
                level = _SIGNS[operation][1]
                text = f"{self.within(left, level)}{self.signs[operation]}"
                return Piece(text + self.within(right, level + 1), level)
        return self.call(expr)

    def within(self, expr: Expr, level: int) -> str:
        """The text as a part of something that holds together as tightly as `level`."""
        piece = self.write(expr)
        return piece.text if piece.level >= level else f"({piece.text})"

    def product(self, left: Expr, right: Expr) -> Piece:
        texts = self.within(left, PRODUCT), self.within(right, PRODUCT + 1)
        return Piece(self.signs["multiply"].join(texts), PRODUCT)

    def number(self, expr: Expr) -> Piece:
        if expr.name in ("pi", "e"):
            return Piece(f"np.{expr.name}")
        written = expr.name.lower()
        if not re.fullmatch(r"(\d|[1-9]\d{,11})(\.\d+)?(e-?[1-9]\d*)?", written):
            written = re.sub(r"(e-?)\+?0*|\.0$", r"\1", repr(expr.value))
        return Piece(written, ATOM if expr.value >= 0 else SIGN)

    def symbol(self, name: str) -> str:
        return name

    def power(self, base: Expr, exponent: Expr) -> Piece:
        texts = self.within(base, ATOM), self.within(exponent, SIGN)
        is_simple = all(re.fullmatch(r"-?[\w.]+", text) for text in texts)
        return Piece(("**" if is_simple else " ** ").join(texts), POWER)

    def call(self, expr: Expr) -> Piece:
        inside = ", ".join(self.write(part).text for part in expr.operands)
        return Piece(f"np.{NUMPY_NAMES[expr.operation]}({inside})")


class PlainText(_Python):
    """Prints plain text: powers with ^, “2 x” for 2*x, “·” elsewhere."""

    signs: ClassVar = {**_Python.signs, "divide": "/", "multiply": "·"}
    power_behind_sign = SIGN

    def write(self, expr: Expr) -> Piece:
        piece = super().write(expr)
        # What was written needs no other brackets than those that it has.
        return Piece(f"({piece.text})") if expr.name == "()" else piece

    def number(self, expr: Expr) -> Piece:
        return Piece(expr.name.replace("_", "") or super().number(expr).text)

    def symbol(self, name: str) -> str:
        return symbol_text(name)

    def power(self, base: Expr, exponent: Expr) -> Piece:
        return Piece(f"{self.within(base, ATOM)}^{self.within(exponent, SIGN)}", POWER)

    def product(self, left: Expr, right: Expr) -> Piece:
        texts = self.within(left, PRODUCT), self.within(right, SIGN)
        # Not behind a quotient: x/2·y is not x/(2 y).
        joins = texts[0].endswith(")") or _last(left).name[:1] in tuple("0123456789.")
        joins = joins and (texts[1][0] == "(" or texts[1][0].isalpha()) and not _has_slash(left)
        return Piece((" " if joins else "·").join(texts), PRODUCT)

    def call(self, expr: Expr) -> Piece:
        inside = ", ".join(self.write(part).text for part in expr.operands)
        return Piece(f"{expr.operation}({inside})")


def _last(expr: Expr) -> Expr:
    """The number or symbol that is written last."""
    while expr.operands:
        expr = expr.operands[-1]
    return expr


def _has_slash(expr: Expr) -> bool:
    """Whether a product has a quotient among its factors that is not in brackets."""
    while expr.operation == "multiply" and expr.name != "()":
        expr = expr.operands[0]
    return expr.operation == "divide" and expr.name != "()"


# --- TeX ----------------------------------------------------------------------------------------

_OPERATORS = {
    **{name: rf"\{name}" for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh", "log")},
    **{name: rf"\arc{name[1:]}" for name in ("asin", "acos", "atan")},
}
"""Functions that may stand before their argument without brackets."""
_STARTS = (*_OPERATORS.values(), r"\exp")
_NUMBER = re.compile(r"0*(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?")


class _Tex:
    """Writes TeX; `inline` for an exponent, where quotients have a slash."""

    def __init__(
        self, symbol: Callable[[str], Piece], number: Callable[[float], Piece] | None
    ) -> None:
        self._symbol = symbol
        self._number = number

    def tex(self, expr: Expr, inline: bool = False) -> str:
        return self.write(expr, inline).signed

    def write(self, expr: Expr, inline: bool = False) -> Piece:
        match expr.operation, expr.operands:
            case "number", _:
                return self._number(expr.value) if self._number else _tex_number(expr)
            case "symbol", _:
                return self._symbol(expr.name)
            case "called", (operand,):
                return self.write(operand, inline)
            case "negative", (operand,):
                piece = self.write(operand, inline)
                if piece.minus or piece.level <= SUM:
                    piece = Piece(_within(piece, PRODUCT), is_numeric=piece.is_numeric)
                return replace(piece, minus=True, is_simple=False)
            case "square", (base,):
                return self.power(base, Expr.number(2.0), inline)
            case "power", (base, exponent):
                return self.power(base, exponent, inline)
            case operation, (left, right) if operation in _SIGNS:
                first, second = self.write(left, inline), self.write(right, inline)
                piece = self.infix(operation, first, second, inline)
                return replace(piece, is_numeric=first.is_numeric and second.is_numeric)
            case operation, (argument,) if operation in FUNCTIONS:
                return self.function(operation, argument, inline)
            case "where", operands:
                return Piece(self.cases(operands))
        names = {"maximum": r"\max", "minimum": r"\min"}
        name = names.get(expr.operation, rf"\operatorname{{{expr.operation}}}")
        inside = ", ".join(self.tex(operand) for operand in expr.operands)
        return Piece(rf"{name}\left( {inside} \right)", POWER)

    def infix(self, operation: str, first: Piece, second: Piece, inline: bool) -> Piece:
        match operation:
            case "multiply":
                return _tex_product(first, second)
            case "divide":
                return _tex_quotient(first, second, inline)
        sign, level = _SIGNS[operation]
        right = _within(second, SLASH) if level == SUM else second.signed
        return Piece(f"{first.signed} {sign} {right}", level)

    def power(self, base: Expr, exponent: Expr, inline: bool) -> Piece:
        raised = self.tex(exponent, inline=True)
        # Not for −1: that would be read as the inverse function.
        if base.operation in _OPERATORS and exponent.is_number and exponent.value.is_integer():
            operator = f"{_OPERATORS[base.operation]}^{{{raised}}}"
            return _applied(operator, self.write(base.operands[0], inline))
        piece = self.write(base, inline)
        text = f"{_within(piece, ATOM)}^{{{raised}}}"
        return Piece(text, POWER, is_numeric=piece.is_numeric and not exponent.symbols)

    def function(self, name: str, argument: Expr, inline: bool) -> Piece:
        has_function = any(part.operation in FUNCTIONS for part in walk(argument))
        if name == "exp" and not has_function:
            return Piece(rf"\mathrm{{e}}^{{{self.tex(argument, inline=True)}}}", POWER)
        piece = self.write(argument, inline)
        match name:
            case "exp":
                return Piece(rf"\exp\left( {piece.signed} \right)", POWER)
            case "sqrt":
                text = rf"\sqrt{{{piece.signed}}}"
                return Piece(text, POWER, is_simple=True, is_numeric=piece.is_numeric)
            case "abs":
                return Piece(rf"\left| {piece.signed} \right|", is_simple=True)
        return _applied(_OPERATORS[name], piece)

    def cases(self, operands: tuple[Expr, ...]) -> str:
        """What holds under which condition."""
        condition, then, otherwise = operands
        rows = [f"{self.tex(then)} & {self.tex(condition, inline=True)}"]
        while otherwise.operation == "where":
            condition, then, otherwise = otherwise.operands
            rows.append(f"{self.tex(then)} & {self.tex(condition, inline=True)}")
        rows.append(rf"{self.tex(otherwise)} & \text{{else}}")
        inside = r" \\ ".join(rows)
        return rf"\begin{{cases}} {inside} \end{{cases}}"


def _within(piece: Piece, level: int) -> str:
    """The TeX as a part of something that holds together as tightly as `level`."""
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


def _tex_quotient(first: Piece, second: Piece, inline: bool) -> Piece:
    above = replace(first, minus=False)
    if inline:
        return Piece(f"{_within(above, SLASH)}/{_within(second, POWER)}", SLASH, first.minus)
    text = rf"\frac{{{above.text}}}{{{second.signed}}}"
    return Piece(text, POWER, minus=first.minus, is_simple=True)


def _applied(operator: str, argument: Piece) -> Piece:
    if argument.is_simple and not argument.minus:
        return Piece(f"{operator} {argument.text}", POWER, is_open=True)
    return Piece(rf"{operator}\left( {argument.signed} \right)", POWER)

"""Notation: a formula as a reader meets it, in plain text and in TeX."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, replace

from .parse import parse_formula

_TOKEN = re.compile(
    r"0[xX][\da-fA-F_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?"
    r"|[^\W\d]\w*|\*\*|\S"
)
_NUMBER = re.compile(r"0*(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?")

SUM, SLASH, PRODUCT, POWER, ATOM = range(5)
"""How tightly a piece of a formula holds together."""

_NAMES = {"x": r"\theta_1", "y": r"\theta_2", "pi": r"\pi", "e": r"\mathrm{e}"}
_OPERATORS = {
    **{name: rf"\{name}" for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh", "log")},
    **{name: rf"\arc{name[1:]}" for name in ("asin", "acos", "atan")},
}
"""Functions that may stand before their argument without brackets."""
_FUNCTIONS = (*_OPERATORS.values(), r"\exp")


def plain_formula(text: str) -> str:
    """A formula for a reader or a screen reader: powers with ^, “2 x” for 2*x, “·” elsewhere."""
    tokens = _TOKEN.findall(text)
    written = ""
    divides = [False]  # whether a “/” stands before in the term: x/2·y is not x/(2 y)
    for before, token, after in zip(["", *tokens], tokens, [*tokens[1:], ""], strict=False):
        match token:
            case "+" | "-" if before[-1:].isalnum() or before[-1:] in (")", "."):
                divides[-1] = False
                written += f" {token} "
            case "*":
                joins = before[0] in ")." or before[0].isdigit()
                joins = joins and (after == "(" or after.isalpha()) and not divides[-1]
                written += " " if joins else "·"
            case "**":
                written += "^"
            case "(":
                divides.append(False)
                written += token
            case ")":
                divides.pop()
                written += token
            case "/":
                divides[-1] = True
                written += token
            case _:
                written += token.replace("_", "")
    return written.replace("-", "−")


def tex_formula(text: str) -> str:
    r"""A formula as TeX, in θ₁ and θ₂.

    Written as textbooks do: ``2*x`` is ``2\theta_1``, a quotient is a fraction, and a function
    of a simple argument needs no brackets. What the author put in brackets stays together.

    Raises
    ------
    GdvizError
        If the text is not a formula.
    """
    parse_formula(text)  # raises for whatever is not on its list
    line = " ".join(text.split())
    tree = ast.parse(line, mode="eval")
    return _Writer(line.encode()).write(tree.body).written


@dataclass(frozen=True)
class _Piece:
    r"""TeX of a part of a formula, and what has to be known to put it into another part.

    Attributes
    ----------
    tex : str
        Without the sign.
    level : int
        How tightly it holds together, without the sign.
    minus : bool
        Whether the whole has a minus sign.
    is_simple : bool
        Whether it may be an argument without brackets.
    is_open : bool
        Whether it ends in such an argument, to which what follows would seem to belong.
    ends_in_number : bool
        Whether a fraction behind it would make a mixed number.
    """

    tex: str
    level: int = ATOM
    minus: bool = False
    is_simple: bool = False
    is_open: bool = False
    ends_in_number: bool = False

    @property
    def written(self) -> str:
        return f"-{self.tex}" if self.minus else self.tex

    def within(self, level: int) -> str:
        """The TeX as a part of something that holds together as tightly as `level`."""
        if self.minus or self.level < level:
            return rf"\left( {self.written} \right)"
        return self.tex


class _Writer:
    """Walks the syntax tree of a formula that was checked."""

    def __init__(self, source: bytes) -> None:
        self._source = source

    def write(self, node: ast.expr, inline: bool = False) -> _Piece:
        """The TeX of a node; `inline` for an exponent, where quotients have a slash."""
        match node:
            case ast.Constant(value=value):
                written = self._source[node.col_offset : node.end_col_offset].decode()
                return _number(written, value)
            case ast.Name(id=name):
                return _Piece(_NAMES[name], is_simple=True)
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self.write(operand, inline)
            case ast.UnaryOp(operand=operand):
                piece = self.write(operand, inline)
                if piece.minus or piece.level == SUM:
                    piece = _Piece(piece.within(PRODUCT))
                return replace(piece, minus=True, is_simple=False)
            case ast.BinOp(left=left, op=ast.Pow(), right=right):
                return self._power(left, right, inline)
            case ast.BinOp(left=left, op=operator, right=right):
                first, second = self.write(left, inline), self.write(right, inline)
                match operator:
                    case ast.Mult():
                        return _product(first, second)
                    case ast.Div():
                        return _quotient(first, second, inline)
                sign = "+" if isinstance(operator, ast.Add) else "-"
                return _Piece(f"{first.written} {sign} {second.within(SLASH)}", SUM)
            case ast.Call(func=ast.Name(id=name), args=[argument]):
                return self._call(name, argument, inline)
        raise AssertionError(ast.dump(node))  # parse_formula takes nothing else

    def _power(self, base: ast.expr, exponent: ast.expr, inline: bool) -> _Piece:
        raised = self.write(exponent, inline=True).written
        match base, exponent:
            # Not for −1: that would be read as the inverse function.
            case ast.Call(func=ast.Name(id=name), args=[argument]), ast.Constant(value=int()) if (
                name in _OPERATORS
            ):
                return _applied(f"{_OPERATORS[name]}^{{{raised}}}", self.write(argument, inline))
        return _Piece(f"{self.write(base, inline).within(ATOM)}^{{{raised}}}", POWER)

    def _call(self, name: str, argument: ast.expr, inline: bool) -> _Piece:
        if name == "exp" and not any(isinstance(part, ast.Call) for part in ast.walk(argument)):
            return _Piece(rf"\mathrm{{e}}^{{{self.write(argument, inline=True).written}}}", POWER)
        piece = self.write(argument, inline)
        match name:
            case "exp":
                return _Piece(rf"\exp\left( {piece.written} \right)", POWER)
            case "sqrt":
                return _Piece(rf"\sqrt{{{piece.written}}}", POWER, is_simple=True)
            case "abs":
                return _Piece(rf"\left| {piece.written} \right|", is_simple=True)
        return _applied(_OPERATORS[name], piece)


def _number(written: str, value: object) -> _Piece:
    """A number as it was written, but with a power of ten for an exponent."""
    match = _NUMBER.fullmatch(written.replace("_", ""))
    if not match:
        return _Piece(str(value), is_simple=True, ends_in_number=True)  # 0x10
    whole, decimals, exponent = match.groups()
    digits = (whole or "0") + (f".{decimals}" if decimals else "")
    if int(exponent or 0) == 0 or float(digits) == 0:
        return _Piece(digits, is_simple=True, ends_in_number=True)
    power = f"10^{{{int(exponent)}}}"
    if digits == "1":
        return _Piece(power, POWER)
    return _Piece(rf"{digits} \cdot {power}", PRODUCT)


def _product(first: _Piece, second: _Piece) -> _Piece:
    left, right = replace(first, minus=False).within(PRODUCT), second.within(PRODUCT)
    apart = (
        right[0].isdigit()
        or (first.is_open and not right.startswith(_FUNCTIONS))
        or (first.ends_in_number and right.startswith(r"\frac"))
    )
    is_whole = right == second.tex
    return _Piece(
        left + (r" \cdot " if apart else "") + right,
        PRODUCT,
        minus=first.minus,
        is_simple=first.is_simple and second.is_simple and not apart,
        is_open=second.is_open and is_whole,
        ends_in_number=second.ends_in_number and is_whole,
    )


def _quotient(first: _Piece, second: _Piece, inline: bool) -> _Piece:
    above = replace(first, minus=False)
    if inline:
        return _Piece(f"{above.within(SLASH)}/{second.within(POWER)}", SLASH, minus=first.minus)
    tex = rf"\frac{{{above.tex}}}{{{second.written}}}"
    return _Piece(tex, POWER, minus=first.minus, is_simple=True)


def _applied(operator: str, argument: _Piece) -> _Piece:
    if argument.is_simple and not argument.minus:
        return _Piece(f"{operator} {argument.tex}", POWER, is_open=True)
    return _Piece(rf"{operator}\left( {argument.written} \right)", POWER)

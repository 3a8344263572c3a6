"""Python text: expressions and calls written as ``ruff format`` leaves them, 88 characters wide.

Expressions are syntax trees of :mod:`ast`, of which only what a listing has is known here:
numbers, names, arithmetic, calls, and conditions.
"""

from __future__ import annotations

import ast
import copy
import json
import re
from collections.abc import Collection, Iterator, Sequence
from itertools import count
from typing import Any

from ...expr.parse import CONSTANTS

WIDTH = 88
"""The longest line."""
INDENT = "    "

_CONDITION, _COMPARISON, _SUM, _PRODUCT, _SIGN, _POWER, _ATOM = range(7)
"""How tightly expressions hold together."""

_OPERATORS: dict[type[ast.operator], tuple[str, int]] = {
    ast.Add: ("+", _SUM),
    ast.Sub: ("-", _SUM),
    ast.Mult: ("*", _PRODUCT),
    ast.Div: ("/", _PRODUCT),
    ast.Pow: ("**", _POWER),
}
_NAMES = {"asin": "arcsin", "acos": "arccos", "atan": "arctan"}
_COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}


def number(value: float) -> str:
    """A number as short as it can be written: ``1``, ``0.1``, ``1e-8``."""
    return re.sub(r"e([+-]?)0*|\.0$", _exponent, repr(float(value)))


def _exponent(match: re.Match[str]) -> str:
    return f"e{match[1].strip('+')}" if match[0].startswith("e") else ""


def point(values: Sequence[float]) -> str:
    """A point as a tuple."""
    return f"({', '.join(map(number, values))})"


def quoted(text: str) -> str:
    """A text in the quotes that it needs least escapes in."""
    double = json.dumps(text, ensure_ascii=False)
    if '"' in text and "'" not in text:
        return "'" + double[1:-1].replace('\\"', '"') + "'"
    return double


def name_of(function: str) -> ast.expr:
    """A function of formulas as NumPy's."""
    return ast.Attribute(ast.Name("np"), _NAMES.get(function, function))


def formula_expression(text: str) -> ast.expr:
    """A formula that was checked as an expression, as its author wrote it."""
    line = " ".join(text.split())
    read: ast.expr = _FormulaReader(line.encode()).visit(ast.parse(line, mode="eval").body)
    return read


class _FormulaReader(ast.NodeTransformer):
    """Puts NumPy's functions in place of those of formulas, and keeps numbers as they are."""

    def __init__(self, source: bytes) -> None:
        self._source = source

    def visit(self, node: ast.AST) -> Any:
        match node:
            case ast.Call(func=ast.Name(id=name), args=[argument]):
                return ast.Call(name_of(name), [self.visit(argument)], [])
            case ast.Name(id=name) if name in CONSTANTS:
                return name_of(name)
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self.visit(operand)
            case ast.Constant(value=int() | float() as value):
                written = self._source[node.col_offset : node.end_col_offset].decode().lower()
                if re.fullmatch(r"(\d|[1-9]\d{,11})(\.\d+)?(e-?[1-9]\d*)?", written):
                    return ast.Name(written)
                return ast.Name(number(value))
        return self.generic_visit(node)


def is_constant(node: ast.expr) -> bool:
    """Whether an expression has no variable."""
    names = [part.id for part in ast.walk(node) if isinstance(part, ast.Name)]
    return not any(name.isidentifier() and name != "np" for name in names)


def expression(node: ast.expr) -> str:
    """An expression on one line."""
    return _written(node)[0]


def _within(node: ast.expr, level: int) -> str:
    """An expression as a part of another that wants it to hold together as tightly as this."""
    text, binds = _written(node)
    return text if binds >= level else f"({text})"


def _written(node: ast.expr) -> tuple[str, int]:
    """The text of an expression, and how tightly it holds together."""
    match node:
        case ast.Name(id=name):
            return name, _ATOM
        case ast.Constant(value=int() | float() as value):
            return number(value), _ATOM if value >= 0 else _SIGN
        case ast.Attribute(value=value, attr=name):
            return f"{_within(value, _ATOM)}.{name}", _ATOM
        case ast.Call(func=function, args=arguments):
            inside = ", ".join(expression(argument) for argument in arguments)
            return f"{_within(function, _ATOM)}({inside})", _ATOM
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            # A power is put in brackets, for its sign comes last.
            is_power = isinstance(operand, ast.BinOp) and isinstance(operand.op, ast.Pow)
            return f"-{_within(operand, _ATOM if is_power else _SIGN)}", _SIGN
        case ast.BinOp(left=base, op=ast.Pow(), right=exponent):
            sign = "**" if _is_simple(base) and _is_simple(exponent) else " ** "
            return f"{_within(base, _ATOM)}{sign}{_within(exponent, _SIGN)}", _POWER
        case ast.BinOp(left=left, op=operator, right=right):
            sign, level = _OPERATORS[type(operator)]
            return f"{_within(left, level)} {sign} {_within(right, level + 1)}", level
        case ast.Compare(left=left, ops=[operator], comparators=[right]):
            sign = _COMPARISONS[type(operator)]
            return f"{_within(left, _SUM)} {sign} {_within(right, _SUM)}", _COMPARISON
        case ast.IfExp(body=body, test=test, orelse=other):
            either, or_else = _within(body, _COMPARISON), _within(other, _CONDITION)
            return f"{either} if {_within(test, _COMPARISON)} else {or_else}", _CONDITION
    return ast.unparse(node), _ATOM if isinstance(node, ast.Subscript) else _CONDITION


def _is_simple(node: ast.expr) -> bool:
    """Whether a power of it is written without spaces."""
    match node:
        case ast.UnaryOp(operand=operand):
            return _is_simple(operand)
        case ast.Attribute(value=value):
            return _is_simple(value)
    return isinstance(node, (ast.Name, ast.Constant))


def letters(taken: Collection[str]) -> Iterator[str]:
    """Short names for parts of an expression, but for those that are taken."""
    plain = "abcdpqrsuvw"
    numbered = (f"{letter}{n}" for n in count(1) for letter in plain)
    return (name for names in (iter(plain), numbered) for name in names if name not in taken)


def statement(target: str, node: ast.expr, names: Iterator[str], indent: str = "") -> list[str]:
    """The lines of ``target = expression``, or of ``return expression``.

    What is too long for a line is broken at its plus and minus signs if it has several, and what
    is too long even then is given a name and computed before.

    Parameters
    ----------
    target : str
        A name, or ``"return"``.
    node : ast.expr
        The expression.
    names : iterator of str
        Names for its parts.
    indent : str
        What each line begins with.
    """
    head = f"{indent}return" if target == "return" else f"{indent}{target} ="
    before: list[str] = []
    while True:
        line = f"{head} {expression(node)}"
        if len(line) <= WIDTH:
            return [*before, line]
        terms, whole = _terms(node), f"{indent}{INDENT}{expression(node)}"
        if len(terms) > 2 and len(whole) <= WIDTH:
            return [*before, f"{head} (", whole, f"{indent})"]
        long = [term for sign, term in terms if len(indent + INDENT + sign + term) > WIDTH]
        if len(terms) > 2 and not long:
            inner = [f"{indent}{INDENT}{sign}{term}" for sign, term in terms]
            return [*before, f"{head} (", *inner, f"{indent})"]
        part = _largest(node, WIDTH - len(indent) - 8, inside=long if len(terms) > 2 else None)
        name = next(names)
        before.append(f"{indent}{name} = {expression(part)}")
        node = _replaced(node, part, ast.Name(name))


def _terms(node: ast.expr) -> list[tuple[str, str]]:
    """The terms of a sum, each with the sign before it."""
    match node:
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as operator, right=right):
            sign, level = _OPERATORS[type(operator)]
            return [*_terms(left), (f"{sign} ", _within(right, level + 1))]
    return [("", _within(node, _SUM))]


def _largest(node: ast.expr, room: int, inside: Sequence[str] | None) -> ast.expr:
    """The part of an expression with the longest text that has this much room.

    Of a sum whose other terms are short enough, only parts `inside` its long terms count.
    """
    if inside is not None:
        long = [term for term in _operands(node) if _within(term, _PRODUCT) in inside]
        parts = [part for term in long for part in ast.walk(term)]
    else:
        parts = [part for part in ast.walk(node) if part is not node]
    fitting = [
        (len(text), -index, part)
        for index, part in enumerate(parts)
        if isinstance(part, (ast.BinOp, ast.Call)) and len(text := expression(part)) <= room
    ]
    return max(fitting, key=lambda entry: entry[:2])[2]


def _operands(node: ast.expr) -> list[ast.expr]:
    match node:
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub(), right=right):
            return [*_operands(left), right]
    return [node]


class _Replacer(ast.NodeTransformer):
    def __init__(self, old: str, new: ast.expr) -> None:
        self._old, self._new = old, new

    def visit(self, node: ast.AST) -> Any:
        if isinstance(node, (ast.BinOp, ast.Call)) and ast.dump(node) == self._old:
            return self._new
        return self.generic_visit(node)


def _replaced(node: ast.expr, old: ast.expr, new: ast.expr) -> ast.expr:
    """An expression with another one in place of each part that is equal to `old`."""
    replaced: ast.expr = _Replacer(ast.dump(old), new).visit(copy.deepcopy(node))
    return replaced


def bracketed(head: str, items: Sequence[str], tail: str, indent: str = "") -> list[str]:
    """``head``, which ends in a bracket, the items with commas between them, and ``tail``.

    On one line, or all items on the next one, or each on a line of its own; always the last where
    an item has several lines.
    """
    line = f"{indent}{head}{', '.join(items)}{tail}"
    if "\n" not in line:
        if len(line) <= WIDTH:
            return [line]
        inner = f"{indent}{INDENT}{', '.join(items)}"
        if len(inner) <= WIDTH and not head.endswith(("[", " (")):
            return [f"{indent}{head}", inner, f"{indent}{tail}"]
    inside = [f"{indent}{INDENT}{part}" for item in items for part in f"{item},".split("\n")]
    return [f"{indent}{head}", *inside, f"{indent}{tail}"]


def literal(text: str, room: int = 60) -> str:
    """A text in quotes; a long one in pieces that are joined, on several lines."""
    if len(text) <= room:
        return quoted(text)
    words = re.findall(r"\S*\s*", text)
    pieces = [""]
    for word in filter(None, words):
        if pieces[-1] and len(pieces[-1] + word) > room:
            pieces.append("")
        pieces[-1] += word
    if len(pieces) == 1:
        return quoted(text)
    return "\n".join(["(", *(f"{INDENT}{quoted(piece)}" for piece in pieces), ")"])


def number_lines(values: Sequence[float]) -> list[str]:
    """Numbers with spaces between them, in lines."""
    lines = [""]
    for value in map(number, values):
        if len(lines[-1]) + len(value) >= WIDTH:
            lines.append("")
        lines[-1] += f" {value}" if lines[-1] else value
    return lines

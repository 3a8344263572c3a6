"""Python text: numbers, calls and statements as ``ruff format`` leaves them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

WIDTH = 88
"""The longest line."""
INDENT = "    "


def number(value: float) -> str:
    """A number as short as it can be written: ``1``, ``0.1``, ``1e-8``."""
    return re.sub(r"\.0$|(?<=e)\+|(?<=e-)0", "", repr(float(value)))


def point(values: Sequence[float]) -> str:
    """A point as a tuple."""
    inside = ", ".join(map(number, values))
    return f"({inside},)" if len(values) == 1 else f"({inside})"


def bracketed(head: str, items: Sequence[str], tail: str, indent: str = "") -> list[str]:
    """``head``, which ends in a bracket, the items with commas between them, and ``tail``.

    On one line, or all arguments on the next one, or each item on a line of its own.
    """
    for lines in (
        [f"{indent}{head}{', '.join(items)}{tail}"],
        [f"{indent}{head}", f"{indent}{INDENT}{', '.join(items)}", f"{indent}{tail}"],
    ):
        if max(map(len, lines)) <= WIDTH and (len(lines) == 1 or not head.endswith("[")):
            return lines
    return [f"{indent}{head}", *(f"{indent}{INDENT}{item}," for item in items), f"{indent}{tail}"]


def statement(head: str, expression: str, indent: str = INDENT) -> list[str]:
    """The lines of ``head expression``.

    A sum that is too long is broken at its signs. What stands in brackets in one that is too long
    even then, or in another expression, is computed before.
    """
    before: list[str] = []
    while True:
        terms, lines = _terms(expression), [f"{indent}{head} {expression}"]
        if len(terms) > 2 and len(lines[0]) > WIDTH:
            inner = [f"{indent}{INDENT}{expression}"]
            if len(inner[0]) > WIDTH:
                inner = [f"{indent}{INDENT}{term}" for term in terms]
            lines = [f"{indent}{head} (", *inner, f"{indent})"]
        parts = [part for part in _groups(expression) if len(part) < WIDTH - len(indent) - 8]
        if max(map(len, lines)) <= WIDTH or not parts:
            return [*before, *lines]
        part, name = max(parts, key=len), f"part{len(before) + 1}"
        before.append(f"{indent}{name} = {part[1:-1]}")
        # The argument of a function keeps its brackets.
        expression = re.sub(rf"(?<=\w){re.escape(part)}", f"({name})", expression)
        expression = expression.replace(part, name)


def _groups(expression: str) -> Iterator[str]:
    """All that stands in brackets, with them, but for several arguments and for short names."""
    opened: list[int] = []
    for index, sign in enumerate(expression):
        if sign == "(":
            opened.append(index)
        elif sign == ")":
            group = expression[opened.pop() : index + 1]
            if " " in group and ", " not in group:
                yield group


def _terms(expression: str) -> list[str]:
    """The terms of a sum, each with the sign before it."""
    terms, depth = [""], 0
    for piece in re.split(r"( [+-] |[()])", expression):
        depth += (piece == "(") - (piece == ")")
        if piece in (" + ", " - ") and depth == 0:
            terms.append(piece.lstrip())
        else:
            terms[-1] += piece
    return terms

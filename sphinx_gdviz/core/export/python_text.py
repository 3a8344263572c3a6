"""Python text: numbers, calls and statements as ``ruff format`` leaves them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from itertools import count

from ..expr.node import Expr, bottom_up, walk
from ..expr.printer import to_python

WIDTH = 88
"""The longest line."""
INDENT = "    "
SHORT, LONG = 11, 72
"""A text shorter than this is written again where it occurs again; a longer one than that, which
is no sum, would not fit into a line."""


def number(value: float) -> str:
    """A number as short as it can be written: ``1``, ``0.1``, ``1e-8``."""
    return re.sub(r"\.0$|(?<=e)\+|(?<=e-)0", "", repr(float(value)))


def point(values: Sequence[float]) -> str:
    """A point as a tuple."""
    inside = ", ".join(map(number, values))
    return f"({inside},)" if len(values) == 1 else f"({inside})"


def bracketed(head: str, items: Sequence[str], tail: str) -> str:
    """``head``, which ends in a bracket, the items with commas between them, and ``tail``.

    On one line, or all arguments on the next one, or each item on a line of its own.
    """
    inside = ", ".join(items)
    if len(line := f"{head}{inside}{tail}") <= WIDTH:
        return line
    if len(INDENT + inside) <= WIDTH and not head.endswith("["):
        return f"{head}\n{INDENT}{inside}\n{tail}"
    return "\n".join([head, *(f"{INDENT}{item}," for item in items), tail])


def statement(head: str, expression: str, indent: str = INDENT) -> str:
    """``head expression``; a sum that is too long is broken at its signs."""
    line, terms = f"{indent}{head} {expression}", _terms(expression)
    if len(line) <= WIDTH or len(terms) < 3:
        return line
    start = f"{indent}{INDENT}"
    inner = start + expression
    if len(inner) > WIDTH:
        inner = start + f"\n{start}".join(terms)
    return f"{indent}{head} (\n{inner}\n{indent})"


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


def written_out(
    exprs: Sequence[Expr], taken: Collection[str], *, repeated: bool = False
) -> tuple[list[tuple[str, str]], list[str]]:
    """Write expressions, and before them the parts of those that would be too long.

    Parameters
    ----------
    exprs : sequence of Expr
        The expressions.
    taken : collection of str
        Names that no part may have.
    repeated : bool
        Give parts that occur again names, too.

    Returns
    -------
    assignments : list of (str, str)
        Names of parts, and the texts that they stand for, in order.
    outputs : list of str
        The text of each expression.
    """
    uses = Counter(operand for part in walk(*exprs) for operand in part.operands)
    letters = (f"{letter}{n or ''}" for n in count() for letter in "abcdpqrsuvw")
    assignments: list[tuple[str, str]] = []

    def named(part: Expr) -> Expr:
        name = next(letter for letter in letters if letter not in taken)
        assignments.append((name, to_python(part)))
        return Expr.symbol(name)

    def write(part: Expr, operands: list[Expr]) -> Expr:
        made = part.with_operands(operands)
        while len(to_python(made)) > LONG and not _has_three_terms(made):
            longest = max(made.operands, key=lambda operand: len(to_python(operand)))
            if len(to_python(longest)) < SHORT:
                break
            name = named(longest)
            made = made.with_operands(name if each is longest else each for each in made.operands)
        is_again = repeated and uses[part] > 1 and bool(operands)
        return named(made) if is_again and len(to_python(made)) >= SHORT else made

    outputs = bottom_up(exprs, write)
    return assignments, [to_python(output) for output in outputs]


def _has_three_terms(expr: Expr) -> bool:
    """True for a sum that :func:`statement` breaks."""
    sums = ("add", "subtract")
    return expr.operation in sums and expr.operands[0].operation in sums

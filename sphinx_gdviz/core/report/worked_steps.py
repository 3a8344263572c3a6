"""Update rules as TeX: with symbols, with their settings, and step by step with a run's numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..descent.run import gradients_taken
from ..expr.node import Expr
from ..expr.printer import ATOM, PRODUCT, Piece, to_tex
from ..expr.simplify import simplified
from ..methods.rule import Rule
from ..methods.statements import evaluate, rule_symbol, statements_of
from ..result import Run
from .numbers import Numeral, exact, rounded


def rule_lines(
    rule: Rule, settings: Mapping[str, float] | None = None, lr: float | None = None
) -> list[tuple[str, str]]:
    r"""A rule as TeX: for each statement what is computed, and how.

    Parameters
    ----------
    rule : Rule
        The rule.
    settings : mapping, optional
        Numbers for its settings, in place of their symbols.
    lr : float, optional
        The learning rate, in place of η.

    Raises
    ------
    GdvizError
        If the rule can't be written out.
    """
    values = {**(settings or {}), **({} if lr is None else {"lr": lr})}
    statements = [(s.name, simplified(s.term, values)) for s in statements_of(rule).later]
    uses = sum(leaf.name == "g" for _, term in statements for leaf in term.leaves())
    is_plain = uses == 1 and all(name != "g" for name, _ in statements)

    def write(name: str) -> Piece:
        gradient = r"\nabla L(\theta)"
        return Piece(gradient if name == "g" and is_plain else rule_symbol(name)[0])

    lines = [] if is_plain else [("g", r"\nabla L(\theta)")]
    lines += [(rule_symbol(name)[0], to_tex(term, write, _exact)) for name, term in statements]
    return lines


@dataclass(frozen=True)
class Update:
    """One update of a run, with all that the rule computes in it.

    Attributes
    ----------
    number : int
        Counted from 1: it leads from iterate number − 1 to iterate number.
    before, after : mapping
        The values of all names before and after.
    """

    number: int
    before: Mapping[str, Any]
    after: Mapping[str, Any]


def updates_of(run: Run, count: int) -> list[Update]:
    """The first updates of a run, worked out again with everything that is in them.

    Parameters
    ----------
    run : Run
        The run.
    count : int
        How many updates.
    """
    method = run.method
    written = statements_of(method.optimizer.rule)
    factors, taken = method.schedule.factors(method.steps), gradients_taken(run.trajectory, method)
    values: dict[str, Any] = dict(method.optimizer.values)
    updates = []
    for index in range(count):
        values |= {
            "theta": run.trajectory.points[index],
            "g": taken[index],
            "lr": np.float64(method.lr * factors[index]),
            "t": index + 1,
        }
        if index == 0:
            # Numbers, not arrays of two: what they make superfluous is not shown.
            values = evaluate(written.memory, values)
        after = evaluate(written.update, values)
        updates.append(Update(index + 1, dict(values), after))
        values = after
    return updates


WIDEST = 72
"""A row of a derivation goes on in the next where it would have more characters than that."""


def derivation(
    run: Run,
    updates: list[Update],
    form: str = "",
) -> str:
    r"""Updates with their numbers put into the rule, as the rows of an ``aligned``.

    Parameters
    ----------
    run : Run
        The run.
    updates : list of Update
        What :func:`updates_of` gives.
    form : str
        The format of rounded numbers.
    """
    rule = run.method.optimizer.rule
    statements = statements_of(rule).update

    def write_number(value: float) -> Piece:
        return _exact(value, form)

    is_exact = not (run.method.noise or run.method.batch)
    rows = []
    for update in updates:
        number, values = update.number, dict(update.before)
        slope = rf"\nabla L(\theta_{{{number - 1}}})" if is_exact else f"g_{{{number - 1}}}"
        rows.append(_row(slope, [_shown(values["g"], form).signed]))

        def write(name: str, values: Mapping[str, Any] = values) -> Piece:
            if name == "theta" and values["t"] == 1:  # the start, which somebody has written
                return _point(*map(exact, values[name]))
            is_given = name in rule.defaults or name in ("lr", "t")
            return _exact(values[name], form) if is_given else _shown(values[name], form)

        for statement in statements:
            folded = _folded(statement.term, values)
            parts = [] if folded.is_number else [to_tex(folded, write, write_number)]
            values[statement.name] = statement.term.evaluate(values)
            parts.append(_shown(values[statement.name], form).signed)
            if statement.name == "theta":
                held = run.trajectory.points[number]
                if not np.array_equal(held, values["theta"], equal_nan=True):
                    parts[-1] += rf" \to {_shown(held, form).signed}"
            left = _indexed(rule_symbol(statement.name)[0], number)
            rows.append(_row(left, list(dict.fromkeys(parts))))
    return " \\\\\n".join(rows)


def _indexed(symbol: str, number: int) -> str:
    """A symbol with the number of the update as its index, in place of t where it has that."""
    for index, shown in ((r"_t", number), (r"_{t+1}", number + 1)):
        if symbol.endswith(index):
            return f"{symbol.removesuffix(index)}_{{{shown}}}"
    return symbol if "_" in symbol else f"{symbol}_{{{number}}}"


_COMMAND = re.compile(r"\\[a-z]+|[{}\\]")
"""What has no width of its own, or about that of one character."""


def _row(left: str, parts: list[str]) -> str:
    """One equation after another; a long one goes on in the next row."""
    text = f"{left} &= {parts[0]}"
    for part in parts[1:]:
        is_long = len(_COMMAND.sub("", text + part)) > WIDEST
        text += (" \\\\\n&= " if is_long else " = ") + part
    return text


def _folded(term: Expr, values: Mapping[str, Any]) -> Expr:
    """A term with all carried out that is no matter of the two parameters."""
    scalars = {name: float(value) for name, value in values.items() if np.ndim(value) == 0}
    return simplified(term, scalars)


def _exact(value: float, form: str = "") -> Piece:
    """A number that somebody has written; one with many digits was computed."""
    numeral = exact(float(value))
    if len(numeral.digits) > 8:
        numeral = rounded(float(value), form)
    return _number(numeral)


def _shown(value: Any, form: str) -> Piece:
    """A measured number or point."""
    if np.ndim(value) == 0:
        return _number(rounded(float(value), form))
    return _point(*(rounded(float(part), form) for part in value))


def _number(numeral: Numeral) -> Piece:
    """A number, which may be a product with a power of ten."""
    level = PRODUCT if numeral.exponent is not None and numeral.digits else ATOM
    text = numeral.tex.removeprefix("-")
    return Piece(text, level, minus=text != numeral.tex, is_numeric=True)


def _point(x: Numeral, y: Numeral) -> Piece:
    return Piece(rf"({x.tex},\, {y.tex})", is_numeric=True)

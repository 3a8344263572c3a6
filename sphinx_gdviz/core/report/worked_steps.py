"""Update rules as TeX: with symbols, with their settings, and step by step with a run's numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from ..descent.run import gradients_taken
from ..expr.node import Expr
from ..expr.printer import ATOM, PRODUCT, Piece, to_tex
from ..expr.simplify import simplified
from ..methods.rule import HESSIAN, Rule
from ..methods.statements import Statement, evaluate, rule_symbol, statements_of
from ..result import Result, Run
from .numbers import Numeral, exact, rounded
from .query import Selection


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


def rule_formula(
    rule: Rule, settings: Mapping[str, float] | None = None, lr: float | None = None
) -> str:
    """A rule as a display; parameters are those of :func:`rule_lines`."""
    lines = rule_lines(rule, settings, lr)
    if len(lines) == 1:
        return rf"{lines[0][0]} \leftarrow {lines[0][1]}"
    return aligned(" \\\\\n".join(rf"{name} &\leftarrow {text}" for name, text in lines))


def rule_of(which: Selection, result: Result) -> str:
    """The rule of the runs that are meant as a display, with the settings that they share."""
    runs = which.among(result)
    methods = {run.method for run in runs}
    run = runs[0] if len({m.optimizer for m in methods}) == 1 else which.only(result)
    is_one = len({m.lr for m in methods}) == 1 and run.method.schedule.is_constant
    optimizer = run.method.optimizer
    return rule_formula(optimizer.rule, optimizer.values, run.lr if is_one else None)


def aligned(rows: str) -> str:
    """Rows as one formula, for renderers that take no rows where a formula stands."""
    return f"\\begin{{aligned}}\n{rows}\n\\end{{aligned}}"


WIDEST = 72
"""A row of a derivation goes on in the next where it would have more characters than that."""


def derivation(run: Run, first: int, last: int, form: str = "") -> str:
    r"""Some updates of a run with their numbers put into the rule, as the rows of an ``aligned``.

    Parameters
    ----------
    run : Run
        The run.
    first, last : int
        The updates, counted from 1; they are evaluated again with everything that is in them.
    form : str
        The format of rounded numbers.
    """
    method, written = run.method, statements_of(run.method.optimizer.rule)
    factors, taken = method.schedule.factors(method.steps), gradients_taken(run.trajectory, method)
    values: dict[str, Any] = dict(method.optimizer.values)
    rows: list[str] = []
    for index in range(last):
        values |= {
            "theta": run.trajectory.points[index],
            "g": taken[index],
            "lr": np.float64(method.lr * factors[index]),
            "t": index + 1,
        }
        if method.optimizer.rule.takes_hessian:
            values[HESSIAN] = run.trajectory.loss.hessian(run.trajectory.points[index])
        if index == 0:
            # Numbers, not arrays of two: what they make superfluous is not shown.
            values = evaluate(written.memory, values)
        if index + 1 < first:
            values = evaluate(written.update, values)
        else:
            rows += _update_rows(run, written.update, values, form)
    return " \\\\\n".join(rows)


def _update_rows(
    run: Run, statements: Sequence[Statement], values: dict[str, Any], form: str
) -> Iterator[str]:
    """Yield the rows of one update, given the values before it; those after it are put in."""
    number, settings = values["t"], run.method.optimizer.rule.defaults
    is_exact = not (run.method.noise or run.method.batch)
    slope = rf"\nabla L(\theta_{{{number - 1}}})" if is_exact else f"g_{{{number - 1}}}"
    yield _row(slope, [_shown(values["g"], form).signed])

    def write(name: str) -> Piece:
        if name == "theta" and number == 1:  # the start, which was written, not measured
            return _point(*map(exact, values[name]))
        is_given = name in settings or name in ("lr", "t")
        return _exact(values[name], form) if is_given else _shown(values[name], form)

    for statement in statements:
        folded = _folded(statement.term, values)
        # Written before the value is put in: a name stands for what it was.
        parts = [] if folded.is_number else [to_tex(folded, write, lambda n: _exact(n, form))]
        values[statement.name] = statement.term.evaluate(values)
        parts.append(_shown(values[statement.name], form).signed)
        if statement.name == "theta":
            held = run.trajectory.points[number]
            if not np.array_equal(held, values["theta"], equal_nan=True):
                parts[-1] += rf" \to {_shown(held, form).signed}"
        left = _indexed(rule_symbol(statement.name)[0], number)
        yield _row(left, list(dict.fromkeys(parts)))


def _indexed(symbol: str, number: int) -> str:
    """A symbol with the number of the update as its index, in place of t where it has that."""
    for index, shown in ((r"_t", number), (r"_{t+1}", number + 1)):
        if symbol.endswith(index):
            return f"{symbol.removesuffix(index)}_{{{shown}}}"
    return symbol if "_" in symbol else f"{symbol}_{{{number}}}"


_COMMAND = re.compile(r"\\[a-z]+|[{}\\]")
"""Parts of TeX without a width of their own, or of about one character."""


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
    """A number that was written; one with many digits was computed."""
    numeral = exact(float(value))
    if len(numeral.digits) > 8:
        numeral = rounded(float(value), form)
    return _number(numeral)


def _shown(value: Any, form: str) -> Piece:
    """A measured number or point."""
    if np.ndim(value) == 0:
        return _number(rounded(float(value), form))
    if np.ndim(value) == 2:
        rows = [" & ".join(rounded(float(part), form).tex for part in row) for row in value]
        inside = r" \\ ".join(rows)
        return Piece(rf"\begin{{pmatrix}} {inside} \end{{pmatrix}}", is_numeric=True)
    return _point(*(rounded(float(part), form) for part in value))


def _number(numeral: Numeral) -> Piece:
    """A number, which may be a product with a power of ten."""
    level = PRODUCT if numeral.exponent is not None and numeral.digits else ATOM
    text = numeral.tex.removeprefix("-")
    return Piece(text, level, minus=text != numeral.tex, is_numeric=True)


def _point(*coordinates: Numeral) -> Piece:
    if len(coordinates) == 1:
        return _number(coordinates[0])
    inside = r",\, ".join(numeral.tex for numeral in coordinates)
    return Piece(f"({inside})", is_numeric=True)

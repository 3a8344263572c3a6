"""Update rules as TeX: with symbols, with their settings, and step by step with a run's numbers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..descent.run import gradients_taken
from ..expr.node import Term
from ..methods.rule import Rule
from ..methods.statements import carry_out, recipe_of
from ..result import Run
from .numbers import Numeral, given, measured

SYMBOLS = {
    "theta": r"\theta",
    "lr": r"\eta",
    "momentum": r"\mu",
    "dampening": r"\tau",
    "alpha": r"\alpha",
    "beta1": r"\beta_1",
    "beta2": r"\beta_2",
    "eps": r"\varepsilon",
    "weight_decay": r"\lambda",
    "momentum_decay": r"\psi",
    "shrink": r"\eta_-",
    "grow": r"\eta_+",
    "smallest": r"s_{\min}",
    "largest": r"s_{\max}",
    "m_hat": r"\hat m",
    "v_hat": r"\hat v",
    "v_max": r"\bar v",
    "mu": r"\mu_t",
    "mu_next": r"\mu_{t+1}",
    "product": "P",
    "delta": r"\Delta",
    "decayed": r"\tilde\theta",
    "rho_max": r"\rho_\infty",
    "r": "r_t",
    "g_before": "g'",
    "sign": r"\sigma",
}
"""What readers know the names of rules by; a name of one letter is its own symbol."""


def symbol(name: str, rule: Rule) -> str:
    """A name of a rule as TeX."""
    if name == "rho":  # a setting of Adadelta, and what RAdam computes
        return r"\rho" if name in rule.defaults else r"\rho_t"
    if name in SYMBOLS:
        return SYMBOLS[name]
    kind, _, letter = unicodedata.name(name, "").rpartition(" ") if len(name) == 1 else ("", "", "")
    if kind in ("GREEK SMALL LETTER", "GREEK CAPITAL LETTER"):
        greek = letter.lower() if "SMALL" in kind else letter.capitalize()
        return rf"\{greek.replace('lamda', 'lambda').replace('Lamda', 'Lambda')}"
    if not name.isascii():
        return rf"\text{{{name}}}"
    escaped = name.replace("_", r"\_")
    return name if len(name) == 1 else rf"\mathrm{{{escaped}}}"


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
    statements = [(s.name, s.term.simplified(values)) for s in recipe_of(rule).later]
    uses = sum(leaf.name == "g" for _, term in statements for leaf in term.leaves())
    is_plain = uses == 1 and all(name != "g" for name, _ in statements)

    def write(name: str) -> _Piece:
        gradient = r"\nabla L(\theta)"
        return _Piece(gradient if name == "g" and is_plain else symbol(name, rule))

    lines = [] if is_plain else [("g", r"\nabla L(\theta)")]
    lines += [(symbol(name, rule), _tex(term, write).text) for name, term in statements]
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
    recipe = recipe_of(method.optimizer.rule)
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
        after = carry_out(recipe.later if index else recipe.first, values)
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
        The format of measured numbers.
    """
    rule = run.method.optimizer.rule
    recipe = recipe_of(rule)
    is_exact = not (run.method.noise or run.method.batch)
    rows = []
    for update in updates:
        number, values = update.number, dict(update.before)
        slope = rf"\nabla L(\theta_{{{number - 1}}})" if is_exact else f"g_{{{number - 1}}}"
        rows.append(_row(slope, [_shown(values["g"], form).text]))

        def write(name: str, values: Mapping[str, Any] = values) -> _Piece:
            if name == "theta" and values["t"] == 1:  # the start, which somebody has written
                return _point(*map(given, values[name]))
            is_given = name in rule.defaults or name in ("lr", "t")
            return _exact(values[name], form) if is_given else _shown(values[name], form)

        for statement in recipe.later if number > 1 else recipe.first:
            folded = _folded(statement.term, values)
            parts = [] if folded.operation == "number" else [_tex(folded, write, form=form).text]
            values[statement.name] = statement.term.evaluate(values)
            parts.append(_shown(values[statement.name], form).text)
            if statement.name == "theta":
                held = run.trajectory.points[number]
                if not np.array_equal(held, values["theta"], equal_nan=True):
                    parts[-1] += rf" \to {_shown(held, form).text}"
            left = _indexed(symbol(statement.name, rule), number)
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


def _folded(term: Term, values: Mapping[str, Any]) -> Term:
    """A term with all carried out that is no matter of the two parameters."""
    scalars = {name: float(value) for name, value in values.items() if np.ndim(value) == 0}
    return term.simplified(scalars)


@dataclass(frozen=True)
class _Piece:
    """Some TeX, how tightly its outermost operation binds, and whether it is all numbers."""

    text: str
    binds: int = 5
    is_number: bool = False


def _exact(value: float, form: str = "") -> _Piece:
    """A number that somebody has written; one with many digits was computed."""
    numeral = given(float(value))
    if len(numeral.digits) > 8:
        numeral = measured(float(value), form)
    is_product = numeral.exponent is not None and numeral.digits
    return _Piece(numeral.tex, 0 if value < 0 else 2 if is_product else 5, is_number=True)


def _shown(value: Any, form: str) -> _Piece:
    """A measured number or point."""
    if np.ndim(value) == 0:
        tex = measured(float(value), form).tex
        return _Piece(tex, 0 if tex.startswith("-") else 5, is_number=True)
    return _point(*(measured(float(part), form) for part in value))


def _point(x: Numeral, y: Numeral) -> _Piece:
    return _Piece(rf"({x.tex},\, {y.tex})", is_number=True)


_SUM, _PRODUCT, _POWER, _ATOM = 1, 2, 4, 5


def _bracketed(text: str) -> str:
    """In brackets that are as tall as what they hold."""
    return rf"\left( {text} \right)" if re.search(r"\\(frac|sqrt|begin)", text) else f"({text})"


def _tex(term: Term, write: Callable[[str], _Piece], depth: int = 0, form: str = "") -> _Piece:
    """A term as TeX, with a function that writes its symbols."""

    def of(operand: Term, inner: int = 0) -> _Piece:
        return _tex(operand, write, depth + inner, form)

    def within(piece: _Piece, level: int) -> str:
        return piece.text if piece.binds >= level else _bracketed(piece.text)

    match term.operation, term.operands:
        case "number", _:
            return _exact(term.value, form)
        case "symbol", _:
            return write(term.name)
        case "negative", (operand,):
            return _Piece(f"-{within(of(operand), _PRODUCT)}", _SUM)
        case "add" | "subtract" as operation, (left, right):
            first, second = of(left), of(right)
            sign = "+" if operation == "add" else "-"
            text = f"{within(first, _SUM)} {sign} {within(second, _PRODUCT)}"
            return _Piece(text, _SUM, first.is_number and second.is_number)
        case "multiply", (left, right):
            first, second = of(left), of(right)
            if right.operation == "number":
                first, second = second, first
            texts = [within(piece, _PRODUCT) for piece in (first, second)]
            is_bracket = texts[1].startswith(("(", r"\left"))
            is_number = second.is_number or texts[1][0].isdigit()
            dot = r" \cdot " if is_number else r"\, " if is_bracket else " "
            return _Piece(dot.join(texts), _PRODUCT, first.is_number and second.is_number)
        case "divide", (left, right):
            above, below = of(left, 1), of(right, 1)
            is_number = above.is_number and below.is_number
            if depth:
                text = f"{within(above, _PRODUCT)} / {within(below, _POWER)}"
                return _Piece(text, _PRODUCT, is_number)
            return _Piece(rf"\frac{{{above.text}}}{{{below.text}}}", _POWER, is_number)
        case "square" | "power", (base, *exponent):
            pieces = [of(base), *(of(raised, 1) for raised in exponent)]
            raised = pieces[1].text if exponent else "2"
            raised = raised if len(raised) == 1 else f"{{{raised}}}"
            is_number = all(piece.is_number for piece in pieces)
            return _Piece(f"{within(pieces[0], _ATOM)}^{raised}", _POWER, is_number)
        case "sqrt", (operand,):
            inside = of(operand, 1)
            return _Piece(rf"\sqrt{{{inside.text}}}", _POWER, inside.is_number)
        case "absolute", (operand,):
            return _Piece(rf"\left| {of(operand).text} \right|")
        case "greater" | "less" as operation, (left, right):
            sign = ">" if operation == "greater" else "<"
            return _Piece(f"{of(left, 1).text} {sign} {of(right, 1).text}", 0)
        case "where", operands:
            return _Piece(_cases(operands, lambda operand: of(operand).text))
        case operation, operands:
            names = {"maximum": r"\max", "minimum": r"\min", "exp": r"\exp", "log": r"\log"}
            name = names.get(operation, rf"\operatorname{{{operation}}}")
            listed = ", ".join(of(operand, 1).text for operand in operands)
            return _Piece(name + _bracketed(listed), _POWER)


def _cases(operands: tuple[Term, ...], write: Callable[[Term], str]) -> str:
    """What holds under which condition."""
    rows = []
    while True:
        condition, then, otherwise = operands
        rows.append(f"{write(then)} & {write(condition)}")
        if otherwise.operation != "where":
            break
        operands = otherwise.operands
    rows.append(rf"{write(otherwise)} & \text{{else}}")
    inside = r" \\ ".join(rows)
    return rf"\begin{{cases}} {inside} \end{{cases}}"

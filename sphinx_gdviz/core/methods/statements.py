"""Recipes: an update rule as statements, to be typeset, put into numbers or written as Python."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Any

import numpy as np

from ...messages import GdvizError
from ..expr.node import Expr
from ..expr.printer import to_python
from .optimizer import Optimizer
from .rule import Rule

GIVEN = ("theta", "g", "lr", "t")
"""What every rule is given: θ, the gradient at θ, the learning rate η, the number of the update."""


@dataclass(frozen=True)
class Statement:
    """An assignment: a name, and the term that it gets."""

    name: str
    term: Expr


@dataclass(frozen=True)
class Recipe:
    """What a rule does in one update.

    Attributes
    ----------
    rule : Rule
        The rule.
    memory : tuple of str
        The names of what it remembers from one update to the next.
    first : tuple of Statement
        The statements of the first update, in order, the last being that of ``theta``.
    later : tuple of Statement
        Those of all others; they read the memory of the update before.
    """

    rule: Rule
    memory: tuple[str, ...]
    first: tuple[Statement, ...]
    later: tuple[Statement, ...]


@lru_cache(maxsize=128)
def recipe_of(rule: Rule) -> Recipe:
    """Write a rule out, by calling it with terms in place of arrays.

    Raises
    ------
    GdvizError
        If it asks what its arguments are, or calls functions that terms do not know.
    """
    theta, g, lr, t = map(Expr.symbol, GIVEN)
    settings = {name: Expr.symbol(name) for name in rule.defaults}
    try:
        after, memory = rule.update(theta, g, lr, None, t, **settings)
        parts = _flat(memory)
        names = rule.memory or tuple(f"s{n}" for n in range(1, len(parts) + 1))
        symbols = [Expr.symbol(name) for name in names]
        again, remembered = rule.update(theta, g, lr, _like(memory, iter(symbols)), t, **settings)
        later = _flat(remembered)
        if not len(parts) == len(later) == len(names):
            raise GdvizError("it does not remember the same things after each update")
        _check_length([*parts, *later, Expr.of(after), Expr.of(again)])
        first = _statements([*zip(names, parts, strict=True), ("theta", Expr.of(after))])
        return Recipe(
            rule,
            names,
            first,
            _statements([*zip(names, later, strict=True), ("theta", Expr.of(again))]),
        )
    except Exception as error:  # of whatever kind an author's code raises
        said = " ".join(str(error).split()) or type(error).__name__
        raise GdvizError(f"the rule “{rule.name}” can't be written out: {said}") from None


MAX_LENGTH = 1_500
"""The most operations of a rule, with each counted as often as it is written."""


def _check_length(terms: list[Expr]) -> None:
    """Raise GdvizError for what is too long to be written out, without writing it out."""
    lengths: dict[int, int] = {}

    def length(term: Expr) -> int:
        if id(term) not in lengths:
            parts = sum(map(length, term.operands))
            # What has a name is written once.
            lengths[id(term)] = 1 if term.operation == "called" else 1 + parts
        return lengths[id(term)]

    if sum(map(length, terms)) > MAX_LENGTH:
        raise GdvizError("it is too long; it may use one value in many places")


def _flat(memory: Any) -> list[Expr]:
    """What a rule remembers, one thing after another."""
    if memory is None:
        return []
    if isinstance(memory, (tuple, list)):
        return [term for part in memory for term in _flat(part)]
    if isinstance(memory, dict):
        return [term for part in memory.values() for term in _flat(part)]
    return [Expr.of(memory)]


def _like(memory: Any, symbols: Any) -> Any:
    """A memory of the same make, of symbols."""
    if memory is None:
        return None
    if isinstance(memory, (tuple, list)):
        return type(memory)(_like(part, symbols) for part in memory)
    if isinstance(memory, dict):
        return {key: _like(part, symbols) for key, part in memory.items()}
    return next(symbols)


def _statements(results: list[tuple[str, Expr]]) -> tuple[Statement, ...]:
    """Assignments that compute the results, and what has a name, each before it is read.

    A result that is a part of another stands there under its name.
    """
    names = {id(term): name for name, term in results if term.operands}
    made: set[int] = set()
    pending: list[Statement] = []

    def read(term: Expr) -> Expr:
        if not term.operands:
            return term
        is_called = term.operation == "called"
        name = term.name if is_called else names.get(id(term))
        if name is None:
            return Expr(term.operation, tuple(map(read, term.operands)))
        if id(term) not in made:
            made.add(id(term))
            operands = tuple(map(read, term.operands))
            body = operands[0] if is_called else Expr(term.operation, operands)
            pending.append(Statement(name, body))
        return Expr("new", name=name)  # and not the symbol, which is what it was before

    for name, term in results:
        value = read(term)
        if value.operands or value.name != name:
            pending.append(Statement(name, value))
    return _ordered(pending)


def _ordered(pending: list[Statement]) -> tuple[Statement, ...]:
    """Statements in an order in which each reads what it means to read, the old or the new."""

    def reads(statement: Statement, operation: str) -> set[str]:
        return {part.name for part in statement.term.walk() if part.operation == operation}

    def settled(part: Expr) -> Expr:
        if part.operation == "new":
            return Expr.symbol(part.name)
        return Expr(part.operation, tuple(map(settled, part.operands)), part.value, part.name)

    done: list[Statement] = []
    while pending:
        written = {statement.name for statement in pending}
        for statement in pending:
            others = [other for other in pending if other is not statement]
            waits = reads(statement, "new") & {other.name for other in others}
            spoils = any(statement.name in reads(other, "symbol") for other in others)
            if not waits and not spoils:
                break
        else:
            raise GdvizError(f"{', '.join(sorted(written))} depend on each other")
        done.append(Statement(statement.name, settled(statement.term)))
        pending.remove(statement)
    return tuple(done)


def carry_out(statements: tuple[Statement, ...], values: Mapping[str, Any]) -> dict[str, Any]:
    """All values after some statements, given those before, by name."""
    found = dict(values)
    for statement in statements:
        found[statement.name] = statement.term.evaluate(found)
    return found


@dataclass(frozen=True)
class PythonUpdate:
    """An update as Python, for arrays ``theta`` and ``g`` of shape (2,).

    Attributes
    ----------
    settings : tuple of (str, float)
        The settings of the rule and their values.
    state : tuple of (str, str)
        What the rule remembers, and the text of its value before the first update.
    lines : tuple of str
        Statements that compute the state and ``theta`` from ``theta``, ``g``, ``lr``, ``t`` (from
        1), the state and the settings.
    """

    settings: tuple[tuple[str, float], ...]
    state: tuple[tuple[str, str], ...]
    lines: tuple[str, ...]


_BEFORE: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "zeros": ("np.zeros(2)", lambda lr: np.zeros(2)),
    "one": ("1.0", lambda lr: np.float64(1)),
    "rate": ("np.full(2, lr)", lambda lr: np.full(2, lr)),
}
"""What a rule may remember before its first update, and what that is at a learning rate."""


def python_update(optimizer: Optimizer) -> PythonUpdate:
    """Write an update as Python.

    Raises
    ------
    GdvizError
        If the rule can't be written out.
    """
    rule = optimizer.rule
    recipe, settings = recipe_of(rule), optimizer.values
    read = {leaf.name for s in (*recipe.first, *recipe.later) for leaf in s.term.leaves()}
    before = _before(recipe, settings)
    if before is not None:
        lines = [f"{s.name} = {to_python(s.term)}" for s in recipe.later]
    else:
        before = ("zeros",) * len(recipe.memory)
        if [s.name for s in recipe.first] != [s.name for s in recipe.later]:
            raise GdvizError(f"the rule “{rule.name}” can't be written out: it begins otherwise")
        lines = []
        for index, (first, later) in enumerate(zip(recipe.first, recipe.later, strict=True)):
            line = to_python(later.term)
            if not _agrees(recipe, index, settings):
                line = f"{to_python(first.term)} if t == 1 else {line}"
            lines.append(f"{first.name} = {line}")
    return PythonUpdate(
        tuple((name, value) for name, value in settings.items() if name in read),
        tuple((name, _BEFORE[kind][0]) for name, kind in zip(recipe.memory, before, strict=True)),
        tuple(lines),
    )


def _before(recipe: Recipe, settings: Mapping[str, float]) -> tuple[str, ...] | None:
    """The memory with which the later statements do in a first update what the first ones do."""
    trials = _trials(settings)
    results = (*recipe.memory, "theta")
    firsts = [carry_out(recipe.first, trial) for trial in trials]
    for kinds in product(_BEFORE, repeat=len(recipe.memory)):
        found = [
            carry_out(
                recipe.later,
                {
                    **trial,
                    **{
                        name: _BEFORE[kind][1](trial["lr"])
                        for name, kind in zip(recipe.memory, kinds, strict=True)
                    },
                },
            )
            for trial in trials
        ]
        if all(
            np.array_equal(first[name], later[name])
            for first, later in zip(firsts, found, strict=True)
            for name in results
        ):
            return kinds
    return None


def _agrees(recipe: Recipe, index: int, settings: Mapping[str, float]) -> bool:
    """Whether a later statement gives what the first one does, without a memory."""
    for trial in _trials(settings):
        before = carry_out(recipe.first[:index], trial)
        with suppress(KeyError):
            first, later = (s[index].term.evaluate(before) for s in (recipe.first, recipe.later))
            if np.array_equal(first, later):
                continue
        return False
    return True


def _trials(settings: Mapping[str, float]) -> list[dict[str, Any]]:
    """A few first updates to try things on."""
    random = np.random.RandomState(0)
    return [
        {**settings, "theta": random.randn(2), "g": random.randn(2), "lr": random.rand(), "t": 1}
        for _ in range(3)
    ]

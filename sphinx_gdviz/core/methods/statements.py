"""An update rule as statements, to be typeset, put into numbers or written as Python."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ...messages import GdvizError
from ..expr.node import Expr
from ..expr.printer import to_python
from .optimizer import Optimizer
from .rule import Rule

Path = tuple[Any, ...]
"""The place of a part in a memory: keys and indices from the outside in."""

GIVEN = ("theta", "g", "lr", "t")
"""The arguments of every rule: θ, the gradient at θ, the rate η, the number of the update."""


@dataclass(frozen=True)
class Statement:
    """An assignment: a name, and the term that it gets."""

    name: str
    term: Expr


@dataclass(frozen=True)
class Statements:
    """A rule written out.

    Attributes
    ----------
    rule : Rule
        The rule.
    memory : tuple of Statement
        The parts of its memory, with the values before the first update:
        terms of ``theta``, ``lr`` and the settings.
    update : tuple of Statement
        The statements of an update, in order. They read the memory and what a rule is given, and
        compute the next memory and ``theta``.
    """

    rule: Rule
    memory: tuple[Statement, ...]
    update: tuple[Statement, ...]

    @property
    def first(self) -> tuple[Statement, ...]:
        """The statements of the first update for a reader: the memory before it is put in."""
        known, found = {s.name: s.term for s in self.memory}, []
        for statement in self.update:
            term = _in_update(statement.term, is_first=True).simplified(known)
            found.append(Statement(statement.name, term))
            known.pop(statement.name, None)  # from here on the name is the new value
        return tuple(found)

    @property
    def later(self) -> tuple[Statement, ...]:
        """The statements of all other updates for a reader."""
        return tuple(Statement(s.name, _in_update(s.term, is_first=False)) for s in self.update)


@lru_cache(maxsize=128)
def statements_of(rule: Rule) -> Statements:
    """Write a rule out, by calling it with terms in place of arrays.

    Raises
    ------
    GdvizError
        If it asks what its arguments are, or calls functions that terms do not know.
    """
    theta, g, lr, t = map(Expr.symbol, GIVEN)
    settings = {name: Expr.symbol(name) for name in rule.defaults}
    try:
        memory = rule.start(theta, lr, settings)
        before = _parts(memory)
        names = _names(before, {*GIVEN, *settings})
        update: Callable[..., Any] = rule.update  # of terms, here
        outcome = update(theta, g, lr, _with(memory, map(Expr.symbol, names)), t, **settings)
        rule.check_memory(outcome[1])
        result, after = Expr.of(outcome[0]), _parts(outcome[1])
        if after.keys() != before.keys():
            raise GdvizError("it does not remember the same things after each update")
        _check_length([*after.values(), result])
        results = [(name, after[path]) for name, path in zip(names, before, strict=True)]
        return Statements(
            rule,
            tuple(map(Statement, names, before.values())),
            _statements([*results, ("theta", result)]),
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
            # A term with a name is written once, and read by its name elsewhere.
            lengths[id(term)] = 1 if term.operation == "called" else 1 + parts
        return lengths[id(term)]

    if sum(map(length, terms)) > MAX_LENGTH:
        raise GdvizError("it is too long; it may use one value in many places")


def _parts(memory: Any, path: Path = ()) -> dict[Path, Expr]:
    """The parts of a memory by their places in it."""
    if memory is None:
        return {}
    if isinstance(memory, (tuple, list)):
        memory = dict(enumerate(memory))
    if isinstance(memory, dict):
        parts = (_parts(part, (*path, key)) for key, part in memory.items())
        return {place: term for each in parts for place, term in each.items()}
    return {path: Expr.of(memory)}


def _names(parts: Iterable[Path], taken: set[str]) -> tuple[str, ...]:
    """The names of the parts of a memory for readers: those in a dictionary, or numbered ones."""
    keys = [path[0] if len(path) == 1 else None for path in parts]
    return tuple(
        key if isinstance(key, str) and key.isidentifier() and key not in taken else f"s{number}"
        for number, key in enumerate(keys, 1)
    )


def _with(memory: Any, symbols: Iterator[Expr]) -> Any:
    """A memory of the same make, of symbols."""
    if memory is None:
        return None
    if isinstance(memory, (tuple, list)):
        return type(memory)([_with(part, symbols) for part in memory])
    if isinstance(memory, dict):
        return {key: _with(part, symbols) for key, part in memory.items()}
    return next(symbols)


def _in_update(term: Expr, *, is_first: bool) -> Expr:
    """A term in the first update or in another: without a choice of these, as in momentum."""

    def choose(then: Expr, otherwise: Expr) -> Expr:
        return otherwise if is_first else then

    return _chosen(term, choose)


def _chosen(term: Expr, choose: Callable[[Expr, Expr], Expr | None]) -> Expr:
    """A term with what is chosen of two in place of each “where t > 1”; None leaves it there."""
    found: dict[Expr, Expr] = {}
    for part in term.walk():
        operands = tuple(found[operand] for operand in part.operands)
        chosen = None
        match part.operation, operands:
            case "where", (Expr("greater", (count, one)), then, otherwise) if (
                count.name == "t" and one.value == 1
            ):
                chosen = choose(then, otherwise)
        found[part] = (
            Expr(part.operation, operands, part.value, part.name) if chosen is None else chosen
        )
    return found[term]


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


def evaluate(statements: tuple[Statement, ...], values: Mapping[str, Any]) -> dict[str, Any]:
    """All values after some statements, given those before, by name."""
    found = dict(values)
    for statement in statements:
        found[statement.name] = statement.term.evaluate(found)
    return found


@dataclass(frozen=True)
class PythonUpdate:
    """An update as Python, for arrays ``theta`` and ``g``.

    Attributes
    ----------
    settings : tuple of (str, float)
        The settings of the rule and their values.
    state : tuple of (str, str)
        The parts of the memory, and the texts of their values before the first update.
    lines : tuple of str
        Statements that compute the state and ``theta`` from ``theta``, ``g``, ``lr``, ``t`` (from
        1), the state and the settings.
    """

    settings: tuple[tuple[str, float], ...]
    state: tuple[tuple[str, str], ...]
    lines: tuple[str, ...]


def python_update(optimizer: Optimizer, *others: Optimizer) -> PythonUpdate:
    """Write an update as Python, with the settings of an optimizer.

    Parameters
    ----------
    optimizer : Optimizer
        The optimizer.
    *others : Optimizer
        Optimizers of the same rule, with whose settings the update has to be right, too.

    Raises
    ------
    GdvizError
        If the rule can't be written out.
    """
    written = statements_of(optimizer.rule)

    def choose(then: Expr, otherwise: Expr) -> Expr | None:
        """Choose as after the first update, where the first is the same with all settings."""
        settings = [each.values for each in (optimizer, *others)]
        is_same = all(then.simplified(v) is otherwise.simplified(v) for v in settings)
        return then if is_same else None

    update = [(s.name, _chosen(s.term, choose)) for s in written.update]
    read = {name for s in written.memory for name in s.term.symbols}
    read |= {name for _, term in update for name in term.symbols}
    return PythonUpdate(
        tuple((name, value) for name, value in optimizer.values.items() if name in read),
        tuple((s.name, _initial_text(s.term)) for s in written.memory),
        tuple(f"{name} = {to_python(term)}" for name, term in update),
    )


def _initial_text(term: Expr) -> str:
    """A part of the memory before the first update, as an array where it becomes one."""
    match to_python(term):
        case "0":
            return "np.zeros_like(theta)"
        case "lr":
            return "np.full_like(theta, lr)"
        case text:
            return text

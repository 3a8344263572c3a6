"""An update rule as statements, to be typeset, put into numbers or written as Python."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ...messages import GdvizError
from ..expr.node import Expr, bottom_up, walk
from ..expr.simplify import simplified
from ..expr.symbols import symbol_tex, symbol_text
from .rule import HESSIAN, Rule

Path = tuple[Any, ...]
"""The place of a part in a memory: keys and indices from the outside in."""

GIVEN = ("theta", "g", "lr", "t")
"""The arguments of every rule: θ, the gradient at θ, the rate η, the number of the update."""

SYMBOLS = {
    "lr": (r"\eta", "η"),
    "momentum": (r"\mu", "μ"),
    "dampening": (r"\tau", "τ"),
    "eps": (r"\varepsilon", "ε"),
    "weight_decay": (r"\lambda", "λ"),
    "momentum_decay": (r"\psi", "ψ"),
    "shrink": (r"\eta_-", "η₋"),
    "grow": (r"\eta_+", "η₊"),
    "smallest": (r"s_{\min}", "sₘᵢₙ"),
    "largest": (r"s_{\max}", "sₘₐₓ"),
    "m_hat": (r"\hat m", "m̂"),
    "v_hat": (r"\hat v", "v̂"),
    "v_max": (r"\bar v", "v̄"),
    "mu": (r"\mu_t", "μₜ"),
    "mu_next": (r"\mu_{t+1}", "μₜ₊₁"),
    "product": ("P", "P"),
    "hessian": (r"\nabla^2 L(\theta)", "∇²L(θ)"),
    "damping": (r"\lambda", "λ"),
    "delta": (r"\Delta", "Δ"),
    "decayed": (r"\tilde\theta", "θ̃"),
    "rho_t": (r"\rho_t", "ρₜ"),
    "rho_max": (r"\rho_\infty", "ρ∞"),
    "r": ("r_t", "rₜ"),
    "g_before": ("g'", "g′"),
    "sign": (r"\sigma", "σ"),
}
"""Symbols of names in the rules of this package, as TeX and as plain text."""


def rule_symbol(name: str) -> tuple[str, str]:
    """The symbol of a name in a rule, as TeX and as plain text."""
    return SYMBOLS.get(name) or (symbol_tex(name), symbol_text(name))


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
            term = simplified(_in_update(statement.term, is_first=True), known)
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
    given = settings | ({HESSIAN: Expr.symbol(HESSIAN)} if rule.takes_hessian else {})
    try:
        memory = rule.start(theta, lr, settings)
        before = _parts(memory)
        names = _names(before, {*GIVEN, *given})
        # Arguments that are symbols note what the rule does with them.
        update: Callable[..., Any] = rule.update
        symbols = _replaced(memory, lambda path, _: Expr.symbol(names[path]))
        outcome = update(theta, g, lr, symbols, t, **given)
        rule.check_memory(outcome[1])
        result, after = Expr.of(outcome[0]), _parts(outcome[1])
        if after.keys() != before.keys():
            raise GdvizError("it does not remember the same things after each update")
        _check_length([*after.values(), result])
        return Statements(
            rule,
            tuple(Statement(names[path], part) for path, part in before.items()),
            _statements([*((names[path], after[path]) for path in before), ("theta", result)]),
        )
    except Exception as error:  # of whatever kind an author's code raises
        message = " ".join(str(error).split()) or type(error).__name__
        raise GdvizError(f"the rule “{rule.name}” can't be written out: {message}") from None


MAX_LENGTH = 1_500
"""The most operations of a rule, with each counted as often as it is written."""


def _check_length(terms: list[Expr]) -> None:
    """Raise GdvizError for what is too long to be written out, without writing it out."""

    def length(part: Expr, lengths: list[int]) -> int:
        # A term with a name is written once, and read by its name elsewhere.
        return 1 if part.operation == "called" else 1 + sum(lengths)

    if sum(bottom_up(terms, length)) > MAX_LENGTH:
        raise GdvizError("it is too long; it may use one value in many places")


def _replaced(memory: Any, make: Callable[[Path, Any], Expr], path: Path = ()) -> Any:
    """A memory of the same structure, with an expression in place of each part."""
    if memory is None:
        return None
    if isinstance(memory, dict):
        return {key: _replaced(part, make, (*path, key)) for key, part in memory.items()}
    if isinstance(memory, (tuple, list)):
        parts = enumerate(memory)
        return type(memory)([_replaced(part, make, (*path, index)) for index, part in parts])
    return make(path, memory)


def _parts(memory: Any) -> dict[Path, Expr]:
    """The parts of a memory by their places in it."""
    parts: dict[Path, Expr] = {}
    _replaced(memory, lambda path, part: parts.setdefault(path, Expr.of(part)))
    return parts


def _names(parts: Iterable[Path], taken: set[str]) -> dict[Path, str]:
    """The names of the parts of a memory for readers: those in a dictionary, or numbered ones."""
    names = {}
    for number, path in enumerate(parts, 1):
        key = path[0] if len(path) == 1 else None
        is_name = isinstance(key, str) and key.isidentifier() and key not in taken
        names[path] = str(key) if is_name else f"s{number}"
    return names


def _in_update(term: Expr, *, is_first: bool) -> Expr:
    """A term in the first update or in another: without a choice of these, as in momentum."""

    def choose(part: Expr, operands: list[Expr]) -> Expr:
        match part.operation, operands:
            case "where", [Expr("greater", (count, one)), then, otherwise] if (
                count.name == "t" and one.equals(1)
            ):
                return otherwise if is_first else then
        return part.with_operands(operands)

    return bottom_up([term], choose)[0]


def _statements(results: list[tuple[str, Expr]]) -> tuple[Statement, ...]:
    """Assignments that compute the results, and what has a name, each before it is read.

    A result that is a part of another is read there by its name.
    """
    names = {term: name for name, term in results if term.operands}
    made: set[Expr] = set()
    pending: list[Statement] = []

    def read(term: Expr) -> Expr:
        if not term.operands:
            return term
        is_called = term.operation == "called"
        name = term.name if is_called else names.get(term)
        if name is None:
            return Expr(term.operation, tuple(map(read, term.operands)))
        if term not in made:
            made.add(term)
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
        return {part.name for part in walk(statement.term) if part.operation == operation}

    def settled(part: Expr) -> Expr:
        if part.operation == "new":
            return Expr.symbol(part.name)
        return part.with_operands(map(settled, part.operands))

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

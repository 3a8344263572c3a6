"""The update rules as data for a page: ``python -m sphinx_gdviz.widget.rules`` writes them."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from sphinx_gdviz.core.numerals import given
from sphinx_gdviz.core.optimizers import RULES, Rule
from sphinx_gdviz.core.recipe import Recipe, Statement, carry_out, recipe_of
from sphinx_gdviz.core.terms import Term

TARGET = Path(__file__).parent / "src" / "engine" / "rules.generated.ts"

SYMBOLS = {
    "theta": "θ",
    "lr": "η",
    "momentum": "μ",
    "dampening": "τ",
    "alpha": "α",
    "beta1": "β₁",
    "beta2": "β₂",
    "eps": "ε",
    "weight_decay": "λ",
    "momentum_decay": "ψ",
    "shrink": "η₋",
    "grow": "η₊",
    "smallest": "sₘᵢₙ",
    "largest": "sₘₐₓ",
    "m_hat": "m̂",
    "v_hat": "v̂",
    "v_max": "v̄",
    "mu": "μₜ",
    "mu_next": "μₜ₊₁",
    "product": "P",
    "delta": "Δ",
    "decayed": "θ̃",
    "rho_max": "ρ∞",
    "r": "rₜ",
    "g_before": "g′",
    "sign": "σ",
}
"""The symbols of :data:`sphinx_gdviz.core.typeset.SYMBOLS` without TeX."""

_RAISED = {"t": "ᵗ", "2": "²"}
_BINARY = {
    "add": (" + ", 1),
    "subtract": (" − ", 1),
    "multiply": ("·", 2),
    "divide": ("/", 2),
    "greater": (" > ", 0),
    "less": (" < ", 0),
}
"""Signs, and how tightly they bind."""
_POWER, _ATOM = 3, 4


def rule_data(rule: Rule) -> dict[str, Any]:
    """A rule as `Rule` of ``src/types.ts`` has it.

    Raises
    ------
    RecipeError
        If the rule can't be written out.
    """
    recipe = recipe_of(rule)
    return {
        "title": rule.title,
        "defaults": {name: _number(value) for name, value in rule.defaults.items()},
        "memory": list(recipe.memory),
        "first": _statements(recipe.first),
        "later": _statements(recipe.later),
        "text": [f"{symbol(s.name, rule)} ← {_text(s.term, rule)[0]}" for s in recipe.later],
    }


def symbol(name: str, rule: Rule) -> str:
    """What readers know a name of a rule by."""
    if name == "rho":  # a setting of Adadelta, and what RAdam computes
        return "ρ" if name in rule.defaults else "ρₜ"
    return SYMBOLS.get(name, name)


def generated() -> str:
    """The text of ``rules.generated.ts``."""
    lines = [
        "// Written by `python -m sphinx_gdviz.widget.rules`; do not edit.",
        'import { rulesOf } from "./shorthand.ts";',
        "",
        "export const RULES = rulesOf({",
    ]
    for name, rule in RULES.items():
        recipe, data = recipe_of(rule), rule_data(rule)
        memory = _memory_before(recipe)
        parts = [
            data["title"],
            data["defaults"],
            memory or dict.fromkeys(recipe.memory, 0),
            _shorthand(recipe.later),
            "\n".join(data["text"]),
            *([] if memory is not None else [_shorthand(recipe.first)]),
        ]
        lines.append(f"  {name}: [")
        lines += (f"    {json.dumps(part, ensure_ascii=False)}," for part in parts)
        lines.append("  ],")
    return "\n".join([*lines, "});", ""])


def _memory_before(recipe: Recipe) -> dict[str, int | str] | None:
    """The memory with which the first update is like all others; None where there is none."""
    random = np.random.RandomState(0)
    rule = recipe.rule
    trials: list[dict[str, Any]] = [
        {
            "theta": random.randn(2),
            "g": random.randn(2),
            "lr": np.float64(random.rand()),
            "t": 1,
            **{name: np.float64(random.rand()) for name in rule.defaults},
        }
        for _ in range(20)
    ]
    results = (*recipe.memory, "theta")
    firsts = [carry_out(recipe.first, trial) for trial in trials]
    known: tuple[int | str, ...] = (0, 1, "lr")
    for kinds in product(known, repeat=len(recipe.memory)):
        memory = dict(zip(recipe.memory, kinds, strict=True))
        befores = (
            {**trial, **{name: trial["lr"] if of == "lr" else of for name, of in memory.items()}}
            for trial in trials
        )
        founds = [carry_out(recipe.later, before) for before in befores]
        if all(
            np.array_equal(np.broadcast_to(first[name], 2), np.broadcast_to(found[name], 2))
            for first, found in zip(firsts, founds, strict=True)
            for name in results
        ):
            return memory
    return None


_SIGNS = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/", "power": "^"}


def _shorthand(statements: Iterable[Statement]) -> str:
    """Statements in Polish notation: “b=+ * momentum b g;theta=- theta * lr b”."""
    return ";".join(f"{statement.name}={_polish(statement.term)}" for statement in statements)


def _polish(term: Term) -> str:
    match term.operation:
        case "number":
            return f"{_number(term.value)}"
        case "symbol":
            return term.name
        case operation:
            sign = _SIGNS.get(operation, f"{operation}(")
            return " ".join([sign, *map(_polish, term.operands)])


def _statements(statements: Iterable[Statement]) -> list[list[Any]]:
    return [[statement.name, _term(statement.term)] for statement in statements]


def _term(term: Term) -> Any:
    match term.operation:
        case "number":
            return _number(term.value)
        case "symbol":
            return term.name
        case operation:
            return [operation, *map(_term, term.operands)]


def _number(value: float) -> float | int:
    """A number that JSON writes as short as it is."""
    return int(value) if value == int(value) else value


def _text(term: Term, rule: Rule) -> tuple[str, int]:
    """A term as plain text, and how tightly its outermost operation binds."""

    def within(operand: Term, level: int) -> str:
        text, binds = _text(operand, rule)
        return text if binds >= level else f"({text})"

    match term.operation, term.operands:
        case "number", _:
            return given(term.value).plain, _ATOM if term.value >= 0 else 1
        case "symbol", _:
            return symbol(term.name, rule), _ATOM
        case "negative", (operand,):
            return f"−{within(operand, 2)}", 1
        case "square" | "power", (base, *exponent):
            raised = within(exponent[0], _ATOM) if exponent else "2"
            return within(base, _ATOM) + _RAISED.get(raised, f"^{raised}"), _POWER
        case "sqrt", (operand,):
            return f"√{within(operand, _ATOM)}", _ATOM
        case "absolute", (operand,):
            return f"|{_text(operand, rule)[0]}|", _ATOM
        case "where", (condition, then, otherwise):
            texts = (_text(operand, rule)[0] for operand in (then, condition, otherwise))
            return "{} if {}, else {}".format(*texts), 0
        case operation, (left, right) if operation in _BINARY:
            sign, level = _BINARY[operation]
            after = level + (operation in ("subtract", "divide"))
            return f"{within(left, level)}{sign}{within(right, max(after, 1))}", level
        case operation, operands:
            name = {"maximum": "max", "minimum": "min"}.get(operation, operation)
            return f"{name}({', '.join(_text(operand, rule)[0] for operand in operands)})", _ATOM


def main(arguments: list[str] | None = None) -> int:
    """Write the file, or say whether it is what it should be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if not current")
    if parser.parse_args(arguments).check:
        current = TARGET.is_file() and TARGET.read_text(encoding="utf-8") == generated()
        if not current:
            print(f"{TARGET.name} is out of date: run python -m {__spec__.name}", file=sys.stderr)
        return 0 if current else 1
    TARGET.write_text(generated(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

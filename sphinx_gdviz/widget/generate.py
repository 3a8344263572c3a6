"""The update rules as data for a page: ``python -m sphinx_gdviz.widget.generate`` writes them."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from sphinx_gdviz.core.expr.node import Expr
from sphinx_gdviz.core.methods.rule import Rule
from sphinx_gdviz.core.methods.rules import RULES
from sphinx_gdviz.core.methods.statements import Recipe, Statement, carry_out, recipe_of

TARGET = Path(__file__).parent / "src" / "engine" / "rules.generated.ts"


def rule_data(rule: Rule) -> dict[str, Any]:
    """A rule as `Rule` of ``src/types.ts`` has it.

    Raises
    ------
    GdvizError
        If the rule can't be written out.
    """
    recipe = recipe_of(rule)
    return {
        "title": rule.title,
        "defaults": {name: _number(value) for name, value in rule.defaults.items()},
        "memory": list(recipe.memory),
        "first": _statements(recipe.first),
        "later": _statements(recipe.later),
    }


def generated() -> str:
    """The text of ``rules.generated.ts``."""
    lines = [
        "// Written by `python -m sphinx_gdviz.widget.generate`; do not edit.",
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


def _polish(term: Expr) -> str:
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


def _term(term: Expr) -> Any:
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

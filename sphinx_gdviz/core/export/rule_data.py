"""Update rules as plain data, for the page to carry them out.

The shapes are those of ``widget/src/types.ts``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..expr.node import Expr
from ..methods.rule import Rule
from ..methods.statements import Statement, recipe_of


def rule_data(rule: Rule) -> dict[str, Any]:
    """A rule as statements.

    Raises
    ------
    GdvizError
        If the rule can't be written out.
    """
    recipe = recipe_of(rule)
    return {
        "title": rule.title,
        "defaults": dict(rule.defaults),
        "memory": list(recipe.memory),
        "first": _statements(recipe.first),
        "later": _statements(recipe.later),
    }


def _statements(statements: Iterable[Statement]) -> list[list[Any]]:
    return [[statement.name, _term(statement.term)] for statement in statements]


def _term(term: Expr) -> Any:
    match term.operation:
        case "number":
            return term.value
        case "symbol":
            return term.name
        case operation:
            return [operation, *map(_term, term.operands)]

"""Update rules as plain data, for the page to carry them out and to show them.

The shapes are those of ``widget/src/types.ts``.
"""

from __future__ import annotations

from typing import Any, ClassVar

from ..expr.node import Expr
from ..expr.printer import ATOM, COMPARISON, POWER, PRODUCT, SUM, Piece, PlainText
from ..methods.rule import Rule
from ..methods.statements import rule_symbol, statements_of


def rule_data(rule: Rule) -> dict[str, Any]:
    """A rule as statements, each with its text in most updates and in the first one.

    Raises
    ------
    GdvizError
        If the rule can't be written out.
    """
    written = statements_of(rule)
    names = {"lr", *rule.defaults, *(statement.name for statement in written.update)}
    names |= {name for s in written.memory + written.update for name in s.term.symbols}
    symbols = {name: rule_symbol(name)[1] for name in sorted(names)}
    return {
        "title": rule.title,
        "defaults": dict(rule.defaults),
        "symbols": {name: text for name, text in symbols.items() if text != name},
        "memory": {statement.name: term_data(statement.term) for statement in written.memory},
        "update": [
            [
                statement.name,
                term_data(statement.term),
                _template(later.term),
                _template(first.term),
            ]
            for statement, later, first in zip(
                written.update, written.later, written.first, strict=True
            )
        ],
    }


def term_data(term: Expr) -> Any:
    """A term: a number, a name, or an operation with its operands."""
    match term.operation:
        case "number":
            return term.value
        case "symbol":
            return term.name
        case operation:
            return [operation, *map(term_data, term.operands)]


def _template(term: Expr) -> str:
    return _Template().write(term).text


class _Template(PlainText):
    """Prints a statement with a place for each symbol, to be filled with that or with numbers.

    ``{name}`` is a place, ``{(name}`` one that needs brackets around a negative number, and
    ``{^name}`` an exponent.
    """

    signs: ClassVar = {**PlainText.signs, "subtract": " − "}

    def within(self, expr: Expr, level: int) -> str:
        if expr.operation == "symbol":
            return f"{{({expr.name}}}" if level > SUM else f"{{{expr.name}}}"
        return super().within(expr, level)

    def symbol(self, name: str) -> Piece:
        return Piece(f"{{{name}}}")

    def negative(self, operand: Expr) -> Piece:
        return Piece(f"−{self.within(operand, PRODUCT)}", SUM)

    def infix(self, operation: str, left: Expr, right: Expr) -> Piece:
        match operation:  # more on the right needs no brackets here
            case "add":
                return Piece(f"{self.within(left, SUM)} + {self.within(right, SUM)}", SUM)
            case "multiply":
                return Piece(f"{self.within(left, PRODUCT)}·{self.within(right, PRODUCT)}", PRODUCT)
        return super().infix(operation, left, right)

    def power(self, base: Expr, exponent: Expr) -> Piece:
        if exponent.equals(2):
            return Piece(f"{self.within(base, ATOM)}²", POWER)
        is_count = exponent.operation == "symbol" and exponent.name == "t"
        raised = "{^t}" if is_count else f"^{self.within(exponent, ATOM)}"
        return Piece(f"{self.within(base, ATOM)}{raised}", POWER)

    def call(self, expr: Expr) -> Piece:
        match expr.operation, expr.operands:
            case "sqrt", (operand,):
                return Piece(f"√{self.within(operand, ATOM)}")
            case "abs", _:
                return Piece(f"|{self.arguments(expr)}|")
            case "norm", _:
                return Piece(f"‖{self.arguments(expr)}‖")
            case "where", operands:
                condition, then, otherwise = (self.write(part).text for part in operands)
                return Piece(f"{then} if {condition}, else {otherwise}", COMPARISON)
        return Piece(f"{expr.operation}({self.arguments(expr)})")

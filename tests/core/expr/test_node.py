"""Expressions: equal ones are one, and nothing else is simplified than what is said."""

from __future__ import annotations

import math
import weakref
from typing import Any

import numpy as np
import pytest

from sphinx_gdviz.core.expr.node import Expr, fold, walk
from sphinx_gdviz.core.expr.simplify import simplified
from sphinx_gdviz.messages import GdvizError

x, y = Expr.symbol("x"), Expr.symbol("y")


def test_what_is_equal_is_one() -> None:
    assert (x + y * 2) is (Expr.symbol("x") + y * 2.0)
    assert (x + y) is not (y + x)
    assert Expr.number(0.0) is not Expr.number(-0.0)
    assert Expr.number(math.nan) is Expr.number(math.nan)
    assert Expr.number(0.5, ".5") is not Expr.number(0.5)


def test_what_nobody_holds_is_forgotten() -> None:
    chain = symbol = Expr.symbol("of this test alone")
    for _ in range(1000):
        chain = np.sin(chain)
    parts = [weakref.ref(part) for part in walk(chain) if part is not symbol]
    assert len(parts) == 1000
    del chain
    assert not any(part() for part in parts)


@pytest.mark.parametrize(
    ("folded", "expected"),
    [
        (1 * x, x),
        (x * 1.0, x),
        (0 + x, x),
        (x**1, x),
        (x * x, Expr("square", (x,))),
        (x**2, Expr("square", (x,))),
        (np.power(x, 2), Expr("square", (x,))),
        (np.zeros_like(x) + 2, Expr.number(2)),
        (np.arcsin(x), Expr("asin", (x,))),
        (np.abs(x), Expr("abs", (x,))),
        # What may be undefined or infinite stays.
        (x * 0, Expr("multiply", (x, Expr.number(0)))),
        (x - x, Expr("subtract", (x, x))),
        (x / x, Expr("divide", (x, x))),
    ],
)
def test_folding(folded: Expr, expected: Expr) -> None:
    assert folded is expected


def test_as_it_is_written_nothing_is_folded() -> None:
    written = Expr("multiply", (Expr.number(1.0, "1"), x))
    assert written is not x
    assert fold("multiply", Expr.number(1.0, "1"), x) is x


@pytest.mark.parametrize(
    ("expr", "simple"),
    [
        (1 - y, Expr.number(0.1)),
        (x * (y - 0.9), Expr.number(0.0)),
        (x * (y + 0.1), x),
        (x * (y * 1), Expr("multiply", (Expr.number(0.9), x))),
        (y * x * x, Expr("multiply", (Expr.number(0.9), Expr("square", (x,))))),
        (np.where(y > 0.5, x, 2.0), x),
    ],
)
def test_simplified_for_a_reader(expr: Expr, simple: Expr) -> None:
    assert simplified(expr, {"y": 0.9}) is simple


def test_evaluation() -> None:
    expr = np.where(x > y, np.maximum(x, 3) ** 2, -abs(y)).called("z") + 1
    found = expr.evaluate({"x": np.array([1.0, 2.0, -4.0]), "y": np.array([0.0, 5.0, -3.0])})
    np.testing.assert_array_equal(found, [10.0, -4.0, -2.0])


def test_parts_come_once_and_after_their_operands() -> None:
    expr = (x + y) * (x + y) + np.sin(x + y)
    parts = list(walk(expr, y))
    assert len(parts) == len(set(parts)) == 6
    for index, part in enumerate(parts):
        assert set(part.operands) <= set(parts[:index])
    assert expr.symbols == ["x", "y"]


@pytest.mark.parametrize(
    ("question", "told"),
    [
        (lambda: bool(x > 0), "asks what x is"),
        (lambda: max(x, y), "asks what y or x is"),
        (lambda: x == 0.3, "asks what x is"),
        (lambda: float(x), "wants x as a number"),
        (lambda: list(x), "takes an argument apart"),
        (lambda: x[0], "takes an argument apart"),
        (lambda: x + math.inf, "neither a finite number"),
        (lambda: x + "1", "neither a finite number"),
        (lambda: np.cbrt(x), "np.cbrt is not known here; there are np.add"),
        (lambda: np.linalg.norm(x), "np.linalg.norm is not known here"),
    ],
)
def test_what_an_expression_is_not(question: Any, told: str) -> None:
    with pytest.raises(GdvizError, match=told):
        question()

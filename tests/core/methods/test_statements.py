"""Recipes: what is written out of a rule is what the rule does."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sphinx_gdviz.core.expr.printer import to_python
from sphinx_gdviz.core.methods.optimizer import find_optimizer
from sphinx_gdviz.core.methods.rule import register
from sphinx_gdviz.core.methods.rules import RULES
from sphinx_gdviz.core.methods.statements import evaluate, statements_of
from sphinx_gdviz.messages import GdvizError

OPTIMIZERS = [
    *RULES,
    "momentum(momentum=0.5, dampening=0.5)",
    "adamw(weight_decay=0.2)",
    "lion(weight_decay=0.1)",
]


@pytest.mark.parametrize("text", OPTIMIZERS)
def test_statements_do_what_the_rule_does(text: str) -> None:
    optimizer = find_optimizer(text)
    rule = RULES[optimizer.name]
    written, settings = statements_of(rule), dict(optimizer.values)
    if rule.takes_hessian:
        settings["hessian"] = np.array([[2.0, 0.5], [0.5, -1.0]])
    random = np.random.RandomState(3)
    theta, lr = random.randn(2), np.float64(0.3)
    memory = rule.start(theta, lr, settings)
    values = evaluate(written.memory, {**settings, "theta": theta, "lr": lr})
    for t in range(1, 9):
        g = random.randn(2) * (random.rand(2) > 0.1)
        theta, memory = rule.step(theta, g, lr, memory, t, settings)
        values = evaluate(written.update, {**values, "g": g, "t": t})
        np.testing.assert_array_equal(values["theta"], theta)


def heavy(theta: Any, g: Any, lr: Any, memory: Any, t: int, *, mass: float = 0.5) -> Any:
    """A rule of an author's own, with a dictionary for a memory."""
    speed = mass * memory["speed"] + g
    return theta - lr * speed / (1 + np.abs(speed)), {"speed": speed}


def at_rest(theta: Any, lr: Any) -> Any:
    return {"speed": np.zeros(theta.shape)}


def asks(theta: Any, g: Any, lr: Any, memory: Any, t: int) -> Any:
    """A rule that asks what the gradient is."""
    return (theta - lr * g if (g > 0).all() else theta), memory


def forgets(theta: Any, g: Any, lr: Any, memory: Any, t: int) -> Any:
    """A rule that remembers nothing after its first update."""
    return theta - lr * g, None


def swaps(theta: Any, g: Any, lr: Any, memory: Any, t: int) -> Any:
    """A rule with two memories, each of which becomes the other."""
    a, b = memory
    return theta - lr * a, (b + g, a - g)


def test_rules_of_an_authors_own() -> None:
    written = statements_of(register("heavy", (at_rest, heavy)))
    assert [(s.name, to_python(s.term)) for s in written.memory] == [("speed", "0")]
    assert [(s.name, to_python(s.term)) for s in written.update] == [
        ("speed", "mass * speed + g"),
        ("theta", "theta - lr * speed / (1 + np.abs(speed))"),
    ]


def test_memories_without_names_have_numbers() -> None:
    def averages(theta: Any, g: Any, lr: Any, memory: Any, t: int) -> Any:
        slow, (theta_sum, n) = memory["lr"], memory["rest"]
        return theta - lr * slow, {"lr": slow + g, "rest": (theta_sum + theta, n + 1)}

    def init(theta: Any, lr: Any) -> Any:
        return {"lr": lr * np.ones_like(theta), "rest": (theta, 1)}

    rule = register("averages", (init, averages))
    written = statements_of(rule)
    assert [statement.name for statement in written.memory] == ["s1", "s2", "s3"]
    values = evaluate(written.memory, {"theta": np.array([1.0, 2.0]), "lr": 0.5})
    after = evaluate(written.update, {**values, "g": np.array([4.0, 6.0]), "t": 1})
    assert after["theta"].tolist() == [0.75, 1.75]
    assert [np.asarray(after[name]).tolist() for name in ("s1", "s2", "s3")] == [
        [4.5, 6.5],
        [2.0, 4.0],
        2.0,
    ]


def grows(theta: Any, g: Any, lr: Any, memory: Any, t: int) -> Any:
    """A rule that is short in Python, and endless when it is written out."""
    for _ in range(40):
        g = g * g - 0.5 * g
    return theta - lr * g, memory


def splits(theta: Any, g: Any, lr: Any, memory: Any, t: int) -> Any:
    """A rule that takes the gradient apart."""
    x, y = g
    return theta - lr * np.array([x, y]), memory


@pytest.mark.parametrize(
    "update",
    [
        lambda theta, g, lr, memory, t: (theta - lr * g.sum(), memory),
        lambda theta, g, lr, memory, t: (theta.T - lr * g, memory),
        lambda theta, g, lr, memory, t: (theta - lr * (g @ g), memory),
        lambda theta, g, lr, memory, t: (theta - lr * g % 2, memory),
        lambda theta, g, lr, memory, t: (theta - lr * round(g), memory),
        lambda theta, g, lr, memory, t: (theta - np.hypot(g, lr), memory),
        lambda theta, g, lr, memory, t: (theta - lr * g / range(t)[0], memory),
    ],
)
def test_what_a_rule_may_not_do_is_told_in_words_of_its_author(update: Any) -> None:
    with pytest.raises(GdvizError, match=r"(theta|g|lr|t) ") as error:
        statements_of(register("other", update))
    assert "Expr" not in str(error.value)


INITS = {"forgets": lambda theta, lr: theta, "swaps": lambda theta, lr: (theta, theta)}


@pytest.mark.parametrize("function", [asks, forgets, swaps, grows, splits])
def test_what_can_not_be_written_out_is_told(function: Any) -> None:
    name, init = function.__name__, INITS.get(function.__name__)
    rule = register(name, (init, function) if init else function)
    with pytest.raises(GdvizError, match=f"the rule “{name}” can't be written out"):
        statements_of(rule)

"""Schedules: against the recursions by which their authors define them."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sphinx_gdviz.core.descent.run import descend
from sphinx_gdviz.core.methods.schedules import Schedule, find_schedule
from sphinx_gdviz.messages import GdvizError


def test_constant() -> None:
    assert find_schedule("constant").factors(3).tolist() == [1.0, 1.0, 1.0]
    assert find_schedule("constant").is_constant
    assert not find_schedule("constant(warmup=2)").is_constant


def test_step_halves_every_so_often() -> None:
    factors = find_schedule("step(every=3, factor=0.1)").factors(8)
    np.testing.assert_allclose(factors, [1, 1, 1, 0.1, 0.1, 0.1, 0.01, 0.01], rtol=1e-15)
    assert find_schedule("step").factors(12)[[0, 9, 10]].tolist() == [1.0, 1.0, 0.5]


def test_exponential_is_a_product() -> None:
    expected = [1.0]
    for _ in range(9):
        expected.append(expected[-1] * 0.9)
    np.testing.assert_allclose(find_schedule("exponential(factor=0.9)").factors(10), expected)


def test_cosine_obeys_the_recursion_of_pytorch() -> None:
    """η_{t+1} − η_min = (1 + cos(π(t+1)/T)) / (1 + cos(πt/T)) · (η_t − η_min)."""
    total, final, expected = 20, 0.1, [1.0]
    for t in range(total - 1):
        ratio = (1 + math.cos(math.pi * (t + 1) / total)) / (1 + math.cos(math.pi * t / total))
        expected.append(final + ratio * (expected[-1] - final))
    np.testing.assert_allclose(find_schedule("cosine(final=0.1)").factors(total), expected)


@pytest.mark.parametrize("kind", ["constant", "step(every=2)", "exponential", "cosine"])
def test_warm_up_rises_evenly_and_then_the_schedule_begins(kind: str) -> None:
    name, _, inside = kind.rstrip(")").partition("(")
    plain, warm = (
        find_schedule(kind),
        find_schedule(f"{name}({inside}, warmup=4)".replace("(,", "(")),
    )
    factors = warm.factors(14)
    np.testing.assert_allclose(factors[:4], [0.25, 0.5, 0.75, 1.0])
    np.testing.assert_array_equal(factors[4:], plain.factors(10))
    np.testing.assert_allclose(warm.factors(2), [0.25, 0.5])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("cosin", "did you mean “cosine”"),
        ("cosine(5)", "with its name"),
        ("step(evry=3)", "did you mean “every”"),
        ("step(every=0)", "at least 1"),
        ("step(every=1.5)", "a whole number"),
        ("exponential(factor=1.1)", "at most 1"),
        ("exponential(factor=0)", "above 0"),
        ("cosine(final=2)", "at least 0 and at most 1"),
        ("cosine(warmup=-1)", "at least 0"),
        ("constant(factor=0.5)", "it has warmup"),
    ],
)
def test_mistakes_are_explained(text: str, said: str) -> None:
    with pytest.raises(GdvizError, match=said):
        find_schedule(text)


def test_the_rate_of_a_run_follows_its_schedule() -> None:
    """On x² plain descent multiplies x by 1 − 2η at each step."""
    run = descend("x**2", lr=0.2, start=(1.0, 0.0), steps=6, schedule="step(every=2, factor=0.5)")
    expected = [1.0]
    for rate in (0.2, 0.2, 0.1, 0.1, 0.05, 0.05):
        expected.append(expected[-1] * (1 - 2 * rate))
    np.testing.assert_allclose(run.points[:, 0], expected, rtol=1e-14)


def test_what_is_the_same_is_equal() -> None:
    assert find_schedule("step( factor = 0.5,every=3 )") == find_schedule(
        "step(every=3, factor=.5)"
    )
    assert find_schedule("cosine") == Schedule("cosine")

"""Schedules: against the recursions by which their authors define them."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from sphinx_gdviz.core.descent.run import descend
from sphinx_gdviz.core.export.page_data import obstacle
from sphinx_gdviz.core.export.python_program import write_program
from sphinx_gdviz.core.methods.schedules import (
    KINDS,
    Schedule,
    as_schedule,
    find_schedule,
    register_schedule,
)
from sphinx_gdviz.core.options.read import Book, read_experiment
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
        ("milestones", "write the steps in order"),
        ("milestones(30, 15)", "write the steps in order"),
        ("milestones(1.5)", "a whole number"),
        ("cosine(begin=0)", "begin is where a warm-up begins"),
        ("power(decay=0)", "above 0"),
        ("one-cycle(rise=1)", "below 1"),
        ("cosine(over=0)", "at least 1"),
        ("constant(floor=2)", "at most 1"),
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


def stepped(total: int, change: Callable[[int, float], float], first: float = 1.0) -> list[float]:
    """Factors by a recursion, as PyTorch's schedulers have them."""
    factors = [first]
    for t in range(1, total):
        factors.append(change(t, factors[-1]))
    return factors


def annealed(start: float, end: float, share: float) -> float:
    return end + (start - end) / 2 * (1 + math.cos(math.pi * share))


def restarting(total: int, first: int, grow: int, final: float) -> Iterator[float]:
    """``CosineAnnealingWarmRestarts`` as it counts, with T_cur and T_i."""
    place, length = 0, first
    for _ in range(total):
        yield final + (1 - final) * (1 + math.cos(math.pi * place / length)) / 2
        place += 1
        if place >= length:
            place, length = place - length, length * grow


def cycling(t: int, up: int, low: float) -> float:
    """``CyclicLR`` in mode triangular."""
    cycle = math.floor(1 + t / (2 * up))
    x = 1 + t / (2 * up) - cycle
    scale = x / 0.5 if x <= 0.5 else (x - 1) / (0.5 - 1)
    return low + (1 - low) * scale


def one_cycle(t: int, total: int, rise: float, div: float, final_div: float) -> float:
    """``OneCycleLR`` with its two phases."""
    top, initial = rise * total - 1, 1 / div
    if t <= top:
        return annealed(initial, 1.0, t / top)
    return annealed(1.0, initial / final_div, (t - top) / (total - 1 - top))


# From PyTorch's sources, and the others from what their authors write.
OF_LIBRARIES: list[tuple[str, list[float]]] = [
    (
        "polynomial(exponent=2, over=25)",
        stepped(40, lambda t, f: f * ((1 - t / 25) / (1 - (t - 1) / 25)) ** 2 if t <= 25 else f),
    ),
    ("polynomial", stepped(40, lambda t, f: f * (1 - 1 / (40 - t + 1)))),
    (
        "milestones(5, 15, 30, factor=0.3)",
        stepped(40, lambda t, f: f * 0.3 if t in (5, 15, 30) else f),
    ),
    ("restarts(every=7, final=0.1)", [*restarting(40, 7, 1, 0.1)]),
    ("restarts(every=3, grow=2)", [*restarting(40, 3, 2, 0.0)]),
    ("restarts(every=1, grow=3)", [*restarting(40, 1, 3, 0.0)]),
    ("triangular(every=10, low=1/4)", [cycling(t, 5, 0.25) for t in range(40)]),
    ("one-cycle", [one_cycle(t, 40, 0.3, 25, 1e4) for t in range(40)]),
    ("one-cycle(rise=0.5, initial=0.1, final=0.001)",
     [one_cycle(t, 40, 0.5, 10, 100) for t in range(40)]),
    ("power(decay=0.2)", [1 / (1 + 0.2 * t) for t in range(40)]),
    ("power(decay=0.1, exponent=1/2)", [(0.1 * t + 1) ** -0.5 for t in range(40)]),
    ("power(decay=1, exponent=0.5)", [1 / math.sqrt(t + 1) for t in range(40)]),
    ("power(decay=0.3, stairs=8)", [1 / (1 + 0.3 * (t - t % 8)) for t in range(40)]),
    ("exponential(factor=0.9, stairs=10)", [0.9 ** (t - t % 10) for t in range(40)]),
    ("exponential(factor=0.9, floor=0.005)", stepped(40, lambda t, f: max(0.005, f * 0.9))),
    ("constant(warmup=10, begin=0)", [min(1, t / 10) for t in range(40)]),
    ("constant(warmup=8, begin=1/3)", [min(1, 1 / 3 + 2 / 3 * t / 8) for t in range(40)]),
    (
        "cosine(over=20, final=0.1)",
        [annealed(1, 0.1, min(t, 20) / 20) for t in range(40)],
    ),
    (  # as Dive into Deep Learning has it: 5 steps up, done at 20
        "cosine(warmup=5, begin=0, over=15, final=1/30)",
        [t / 5 if t < 5 else annealed(1, 1 / 30, min(t - 5, 15) / 15) for t in range(40)],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), OF_LIBRARIES, ids=[c[0] for c in OF_LIBRARIES])
def test_schedules_are_those_of_libraries_and_books(text: str, expected: list[float]) -> None:
    schedule = find_schedule(text)
    np.testing.assert_allclose(schedule.factors(40), expected, rtol=1e-12, atol=1e-15)
    experiment, mistakes = read_experiment({"schedule": text, "steps": "40", "view": "contour"})
    assert not mistakes
    assert experiment
    names: dict[str, Any] = {"np": np}
    exec(re.search(r"def schedule.*?\n\n", write_program(experiment), re.S)[0], names)  # type: ignore[index]
    with np.errstate(all="ignore"):
        written = [names["schedule"](t, 40) for t in range(1, 41)]
    np.testing.assert_allclose(written, expected, rtol=1e-11, atol=1e-15)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("steps", [1, 2, 3, 7])
def test_short_runs_have_finite_factors(kind: str, steps: int) -> None:
    name = "milestones(3)" if kind == "milestones" else kind
    factors = find_schedule(name).factors(steps)
    assert factors.shape == (steps,)
    assert np.isfinite(factors).all()
    assert (factors >= 0).all()


def fading(step: int, steps: int, *, share: float = 0.5) -> float:
    return 1 - share * step / steps


def test_a_schedule_of_an_author() -> None:
    book = Book(schedules={**KINDS, "fading": register_schedule("fading", fading)})
    options = {"schedule": "fading(share=0.8, warmup=2)", "steps": "10"}
    experiment, mistakes = read_experiment(options, book)
    assert not mistakes
    assert experiment
    expected = [0.5, 1.0, *(1 - 0.8 * t / 8 for t in range(8))]
    np.testing.assert_allclose(experiment.schedule.factors(10), expected, rtol=1e-15)
    assert "return 1 - 0.8 * (t - 3) / (steps - 2)" in write_program(experiment)
    assert not obstacle(experiment)
    run = descend("x**2", lr=0.1, start=1.0, steps=10, schedule=fading)
    np.testing.assert_allclose(run.points[2, 0], (1 - 0.2) * (1 - 0.2 * 0.95))


def test_a_schedule_that_asks_is_run_and_told() -> None:
    asking = as_schedule(lambda step, steps: 1.0 if step < steps / 2 else 0.1)
    assert asking.factors(4).tolist() == [1, 1, 0.1, 0.1]
    experiment, _ = read_experiment({"schedule": lambda step, steps: 1 if step < 3 else 0.1})
    assert experiment
    assert "can't be written out: it asks what" in obstacle(experiment)
    with pytest.raises(GdvizError, match="can't be written out"):
        write_program(experiment)


def test_another_code_is_another_schedule() -> None:
    codes = {register_schedule("a", f).code for f in (fading, lambda s, n: 1.0, lambda s, n: 2.0)}
    assert len(codes) == 3


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (lambda step: 1.0, "write a function of"),
        (3, "write a function of"),
        (lambda step, steps, *, warmup=3: 1.0, "each schedule has a setting warmup"),
        (lambda step, steps, *, a="b": 1.0, "the setting a has no number"),
    ],
)
def test_what_is_no_schedule_is_told(function: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        register_schedule("mine", function)


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (lambda step, steps: -1.0, "gives -1.0, and not a finite number from 0 at step 0"),
        (lambda step, steps: math.nan, "gives nan"),
        (lambda step, steps: 1 / (step - 2), "fails|gives"),
        (lambda step, steps: "a", "fails"),
    ],
)
def test_a_schedule_that_fails_is_told(function: Any, said: str) -> None:
    with pytest.raises(GdvizError, match=said):
        descend("x**2", start=1.0, schedule=function)

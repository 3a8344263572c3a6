"""Verdicts: what a run did, and from which step."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sphinx_gdviz.core.descent import oscillation
from sphinx_gdviz.core.descent.neighbourhood import lengths
from sphinx_gdviz.core.descent.oscillation import trends
from sphinx_gdviz.core.descent.run import Trajectory, descend
from sphinx_gdviz.core.descent.verdict import TOLERANCE, Verdict
from sphinx_gdviz.core.losses.base import Array


def norms(run: Trajectory) -> list[float]:
    return [math.hypot(*gradient) for gradient in run.gradients.tolist()]


def first_to_the_end(conditions: list[bool]) -> int:
    """The first index from which all hold, found by walking back from the end."""
    index = len(conditions)
    while index and conditions[index - 1]:
        index -= 1
    return index


def plain(run: Trajectory) -> Verdict:
    """The verdict without point and period, which have tests of their own."""
    return replace(run.verdict, point=None, period=None)


CHAPTER: list[tuple[dict[str, Any], Verdict]] = [
    ({"lr": 0.01}, Verdict("slow", 50)),
    ({"lr": 0.01, "steps": 400}, Verdict("converged", 295, "minimum")),
    ({"lr": 0.01, "steps": 295}, Verdict("converged", 295, "minimum")),
    ({"lr": 0.01, "steps": 294}, Verdict("slow", 294)),
    ({"lr": 0.1}, Verdict("converged", 26, "minimum")),
    ({"lr": 0.1, "steps": 26}, Verdict("converged", 26, "minimum")),
    ({"lr": 0.1, "steps": 25}, Verdict("slow", 25)),
    ({"lr": 0.1, "clip": (-3.0, 3.0)}, Verdict("converged", 26, "minimum")),
]


@pytest.mark.parametrize(("arguments", "verdict"), CHAPTER, ids=[repr(a) for a, _ in CHAPTER])
def test_the_chapter(arguments: dict[str, Any], verdict: Verdict) -> None:
    assert plain(descend(**arguments)) == verdict


@pytest.mark.parametrize("lr", [0.34, 0.4, 0.45, 0.5, 0.51, 0.6, 0.9])
def test_too_large_a_rate_oscillates_from_its_first_rise(lr: float) -> None:
    """Above 2/λmax = 0.33586 the bowl's x never settles, and below 1 it stays bounded."""
    run = descend(lr=lr, steps=200)
    losses = run.losses.tolist()
    rise = next(i for i in range(1, len(losses)) if losses[i] > losses[i - 1])
    assert plain(run) == Verdict("oscillating", rise)


@pytest.mark.parametrize("lr", [0.2, 0.3, 0.33])
def test_below_the_stable_rate_it_converges_though_it_overshoots(lr: float) -> None:
    """The limit is ηλ = 2, not 1: between them the path swings and still settles."""
    assert descend(lr=lr, steps=800).verdict.kind == "converged"


@pytest.mark.parametrize(("lr", "steps"), [(1.05, 50), (1.05, 100), (1.02, 400), (3.0, 50)])
def test_unclipped_divergence(lr: float, steps: int) -> None:
    run = descend(lr=lr, steps=steps)
    # The named bowl's domain is ±2 by ±2: ten half-diagonals are 20√2 from the origin.
    outside = [math.hypot(*point) > 20 * math.sqrt(2) for point in run.points.tolist()]
    assert plain(run) == Verdict("diverged", first_to_the_end(outside))


def test_just_above_1_the_bowls_sine_still_catches_the_path() -> None:
    """At 1.01, |1 − 2η| = 1.02 loses to a sine of amplitude 1.515 until |y| is about 75."""
    run = descend(lr=1.01, steps=2000)
    assert np.abs(run.points).max() < 1.515 / 0.02
    assert plain(run) == Verdict("oscillating", 1)


def test_a_box_disguises_divergence_and_the_verdict_says_so() -> None:
    run = descend(lr=1.05, clip=(-3.0, 3.0))
    free = descend(lr=1.05)
    first = next(i for i, point in enumerate(free.points.tolist()) if max(map(abs, point)) > 3)
    assert run.verdict.clip_step == first
    assert run.verdict.kind == "oscillating"
    assert free.verdict.clip_step is None


def test_overflow_diverges_from_its_first_step_out() -> None:
    run = descend("x**4 + y**4", lr=10.0)
    outside = [not math.hypot(*point) <= 20 * math.sqrt(2) for point in run.points.tolist()]
    assert not np.isfinite(run.points[-1]).any()
    assert plain(run) == Verdict("diverged", first_to_the_end(outside))


def test_no_bound_below_diverges() -> None:
    run = descend("x**2 - y**2", start=(1.5, 1e-3), lr=0.2, steps=100)
    assert run.verdict.kind == "diverged"
    assert run.verdict.place is None


def test_a_steady_slide_out_of_the_domain_is_slow() -> None:
    """Diverging is running away ever faster; a plane is only descended at the speed it asks."""
    run = descend("x + y", start=(0.0, 0.0), lr=1.0, steps=100)
    assert run.points[-1].tolist() == [-100.0, -100.0]
    assert plain(run) == Verdict("slow", 100)


@pytest.mark.parametrize(
    ("formula", "start", "place"),
    [
        ("bowl", (1.5, 0.0), "saddle"),
        ("x**2 - y**2", (1.5, 0.0), "saddle"),
        ("x**2 - y**2", (0.0, 0.0), "saddle"),
        ("x*y", (1.0, 1.0), "saddle"),
        ("-x**2 - y**2", (0.0, 0.0), "maximum"),
        ("cos(x) + cos(y)", (0.0, 0.0), "maximum"),
        ("cos(x) - cos(y)", (0.0, 0.0), "saddle"),
    ],
)
def test_stuck_where_no_minimum_is(formula: str, start: tuple[float, float], place: str) -> None:
    run = descend(formula, start=start, steps=100)
    small = [norm < TOLERANCE for norm in norms(run)]
    assert plain(run) == Verdict("stuck", first_to_the_end(small), place)


@pytest.mark.parametrize(
    ("formula", "start"),
    [
        ("x**2 + y**2", (0.0, 0.0)),
        ("(x - 1)**2 + (y - 3)**2", (1.0, 3.0)),
        ("(x**2 + y - 11)**2 + (x + y**2 - 7)**2", (3.0, 2.0)),
        ("1 - cos(x) - cos(y)", (0.0, 0.0)),
    ],
)
def test_a_start_at_the_minimum_converged_at_step_0(
    formula: str, start: tuple[float, float]
) -> None:
    run = descend(formula, start=start, lr=0.01)
    assert plain(run) == Verdict("converged", 0, "minimum")
    assert run.verdict.point == pytest.approx(start, abs=1e-12)


def test_one_step_has_a_verdict() -> None:
    assert plain(descend(steps=1)) == Verdict("slow", 1)
    assert plain(descend("x**2 + y**2", lr=0.5, steps=1)) == Verdict("converged", 1, "minimum")


def test_held_by_a_box() -> None:
    run = descend("(x - 5)**2 + (y - 5)**2", start=(0.0, 0.0), clip=(-1.0, 1.0), lr=0.1)
    # x₁ = 1 exactly reaches the wall, x₂ is the first that it holds.
    assert plain(run) == Verdict("stuck", 1, "box", 2)


def test_passing_through_a_small_gradient_is_not_converging() -> None:
    """Momentary smallness counts only from where it stays to the end."""
    run = descend("x**2 - y**2", start=(0.5, 1e-7), lr=0.1, steps=90)
    below = [norm < TOLERANCE for norm in norms(run)]
    assert any(below)
    assert run.verdict.kind not in ("converged", "stuck")


steady = settings(deadline=None, derandomize=True, max_examples=60, database=None)
SMALL, LARGE = st.floats(0.2, 4.0), st.floats(1.0, 20.0)


def quadratic(smallest: float, condition: float, angle: float) -> tuple[str, np.ndarray]:
    """½ zᵀAz with eigenvalues λ and κλ, turned by an angle, and A."""
    turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    matrix = turn @ np.diag([smallest, smallest * condition]) @ turn.T
    (a, b), (_, d) = matrix.tolist()
    return f"0.5*({a!r}*x**2 + 2*({b!r})*x*y + {d!r}*y**2)", matrix


@steady
@given(SMALL, LARGE, st.floats(0, math.pi), st.floats(0.1, 0.9))
def test_convex_quadratics_converge_below_the_stable_rate(
    smallest: float, condition: float, angle: float, share: float
) -> None:
    formula, matrix = quadratic(smallest, condition, angle)
    eigenvalues = np.linalg.eigvalsh(matrix)
    lr = share * 2 / eigenvalues[-1]
    rate = max(np.abs(1 - lr * eigenvalues).max(), 1e-9)
    # A convex function is steepest at a corner of the domain.
    steepest = max(np.linalg.norm(matrix @ corner) for corner in ((2, 2), (2, -2)))
    tolerance = TOLERANCE * min(1.0, steepest)
    # ‖∇f‖ ≤ λmax rateᵗ ‖start‖, ‖start‖ < 2.2; a tenth of the tolerance for rounding.
    steps = math.ceil(math.log(tolerance / 10 / (2.2 * eigenvalues[-1])) / math.log(rate)) + 1
    run = descend(formula, lr=lr, start=(1.5, 1.5), steps=max(1, steps))
    small = [norm < tolerance for norm in norms(run)]
    assert plain(run) == Verdict("converged", first_to_the_end(small), "minimum")


@steady
@given(SMALL, LARGE, st.floats(0, math.pi), st.floats(1.2, 3.0))
def test_convex_quadratics_diverge_above_the_stable_rate(
    smallest: float, condition: float, angle: float, share: float
) -> None:
    formula, matrix = quadratic(smallest, condition, angle)
    eigenvalues, vectors = np.linalg.eigh(matrix)
    assume(abs(vectors[:, -1] @ [1.5, 1.5]) > 0.1)  # else nothing of the start grows
    run = descend(formula, lr=share * 2 / eigenvalues[-1], start=(1.5, 1.5), steps=100)
    assert run.verdict.kind == "diverged"


WRONG = [
    # (formula, arguments, kinds that would not mislead, why)
    ("x**2 + y**2", {"lr": 1.0}, {"oscillating"}, "swings for ever at an equal loss"),
    ("x**2 + y**2", {"lr": 1.05, "clip": (-3.0, 3.0)}, {"oscillating"}, "swings from wall to wall"),
    ("0.0001*(x**2 + y**2)", {"lr": 0.1}, {"slow"}, "absolute tolerance: nothing was done"),
    ("-exp(-x**2 - y**2)", {"start": (3.0, 3.0)}, {"slow", "stuck:flat"}, "a plateau, no saddle"),
    ("x**2 - y**4", {"start": (1.5, 0.0)}, {"stuck:saddle"}, "a zero eigenvalue is not a minimum"),
    ("-x**4 - y**4", {"start": (0.0, 0.0)}, {"stuck:maximum"}, "the same, at a maximum"),
    ("x**3 - 3*x*y**2", {"start": (0.0, 0.0)}, {"stuck:saddle"}, "the monkey saddle"),
    ("x + y", {"lr": 1e-20}, {"slow"}, "stands still by rounding; the loss is not flat there"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("formula", "arguments", "right", "why"), WRONG, ids=[f"{f} {a}" for f, a, _, _ in WRONG]
)
def test_no_verdict_misleads(
    formula: str, arguments: dict[str, Any], right: set[str], why: str
) -> None:
    verdict = descend(formula, **arguments).verdict
    assert {verdict.kind, f"{verdict.kind}:{verdict.place}"} & right, (verdict, why)


@pytest.mark.parametrize(
    ("lr", "period"), [(0.34, 2), (0.4, 2), (0.43, 4), (0.45, 8), (0.48, None), (0.5, None)]
)
def test_the_period_of_the_bowl_doubles(lr: float, period: int | None) -> None:
    assert descend(lr=lr, steps=400).verdict.period == period


def test_runs_without_a_period_are_hardly_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of many runs most are not back at the end: the steps before are looked at for the others."""
    runs = descend(lr=np.linspace(0.44, 0.6, 50), steps=2000)
    looked_at = []

    def counted(vectors: Array) -> Array:
        looked_at.append(vectors.size)
        return lengths(vectors)

    monkeypatch.setattr(oscillation, "lengths", counted)
    periods = oscillation.periods_of(runs.points)
    assert (periods > 0).any()
    assert (periods == 0).any()
    assert sum(looked_at) < runs.points.size


def test_periods_of_both_coordinates_together() -> None:
    """At 0.51, x repeats after three steps and y after two: together they do after six."""
    run = descend(lr=0.51, steps=400)
    assert np.abs(np.diff(run.points[-40:, 0].reshape(-1, 4), axis=0)).max() > 0.1
    assert run.verdict.period == 6


def test_the_point_is_the_minimum_and_not_the_end() -> None:
    run = descend(lr=0.1, steps=26)
    assert run.verdict.point == pytest.approx((-0.3578182150884, 0.6744752307527), abs=1e-12)
    assert np.abs(run.points[-1] - run.verdict.point).max() > 1e-6
    assert descend(start=(1.5, 0.0)).verdict.point == pytest.approx((-0.3578182150884, 0.0))
    assert descend(lr=0.01).verdict.point is None


def test_a_ball_that_rushes_through_a_minimum_has_not_converged() -> None:
    """A rate at which the last step lands on it, at full speed: the next would carry it away."""

    def end(lr: float) -> float:
        run = descend("x**2", optimizer="momentum", lr=lr, start=(1.5, 0.0), steps=6)
        return float(run.points[-1, 0])

    low, high = 0.03, 0.15
    assert end(low) > 0 > end(high)
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if end(middle) > 0 else (low, middle)
    run = descend("x**2", optimizer="momentum", lr=low, start=(1.5, 0.0), steps=6)
    assert norms(run)[-1] < 1e-12
    assert run.verdict.kind == "slow"


def test_an_exponential_tail_has_no_minimum_to_converge_to() -> None:
    """Its curvature is positive everywhere, and Newton's method runs off."""
    run = descend("exp(-x) + y**2", lr=1.0, steps=4000, start=(1.0, 0.0))
    assert run.verdict.kind == "stuck"
    assert run.verdict.place == "flat"


def test_ringing_that_dies_away_is_on_its_way() -> None:
    run = descend(optimizer="momentum", lr=0.1)
    assert run.verdict.kind == "slow"
    assert descend(optimizer="momentum", lr=0.1, steps=400).verdict.kind == "converged"


def test_a_batch_has_the_verdicts_of_its_runs() -> None:
    rates = np.geomspace(0.01, 1.5, 60)
    batch = descend(lr=rates[:, np.newaxis], start=[(1.5, 1.5), (1.5, 0.0)], clip=(-3, 3))
    with pytest.raises(ValueError, match="a batch of runs"):
        _ = batch.verdict
    for index in np.ndindex(60, 2):
        assert batch.verdicts[index] == batch[index].verdict


FOUND = [
    # (loss, arguments, kind, place, why)
    ("three-hump-camel", {"lr": 0.1, "start": (3, 3)}, "diverged", None, "∞ − ∞ far away"),
    ("log(x) + y**2", {}, "diverged", "undefined", "no loss for x < 0, nearby"),
    ("ackley", {"start": (0, 0)}, "diverged", "undefined", "no gradient at the cusp"),
    ("x**2 + y**2", {"lr": 5, "schedule": "cosine"}, "diverged", None, "far away, standing still"),
    ("x**2 + y**2", {"optimizer": "momentum", "lr": 0.0115964, "start": (1.5, 0), "steps": 12,
                     "clip": (-1, 1)}, "slow", None, "through the middle of the box"),
    ("(x-5)**2 + y**2", {"optimizer": "momentum", "lr": 0.012286, "start": (0, 1.5), "steps": 12,
                         "clip": (-2, 2)}, "slow", None, "along a wall at speed"),
    ("matyas", {"optimizer": "lion", "lr": 0.07, "start": (-3.1, 6.2), "steps": 100}, "slow", None,
     "a straight line through a valley, and up again"),
    ("bowl", {"optimizer": "rmsprop", "lr": 0.3, "steps": 1}, "slow", None, "one step"),
    ("bowl", {"optimizer": "momentum", "lr": 0.0092, "start": (0.507, -0.529)}, "slow", None,
     "a swing longer than what is looked at"),
    ("cos(2*pi*x) + cos(2*pi*y)", {"start": (0.3, 0.3), "lr": 0.02, "steps": 500}, "converged",
     "minimum", "a lattice of critical points"),
    ("0.0005*x + y**2", {"steps": 100}, "stuck", "flat", "a tilted gutter"),
    ("0.01*(exp(-x) + y**2)", {"lr": 100, "steps": 3000, "start": (1, 0)}, "stuck", "flat",
     "the tail of an exponential, whatever its scale"),
    ("x**2 - y**4", {"start": (1.5, 0.0)}, "stuck", "saddle", "a Hessian that is singular"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("loss", "arguments", "kind", "place", "why"), FOUND, ids=[why for *_, why in FOUND]
)
def test_runs_that_were_once_misjudged(
    loss: str, arguments: dict[str, Any], kind: str, place: str | None, why: str
) -> None:
    verdict = descend(loss, **arguments).verdict
    assert (verdict.kind, verdict.place) == (kind, place), why


@pytest.mark.parametrize(
    ("optimizer", "lr", "steps", "kind"),
    [("gd", 1.001, 1000, "diverged"), ("momentum(momentum=0.9999)", 1e-5, 6000, "oscillating")],
)
def test_what_grows_or_swings_slowly_has_no_period(
    optimizer: str, lr: float, steps: int, kind: str
) -> None:
    verdict = descend("x**2 + y**2", optimizer=optimizer, lr=lr, steps=steps).verdict
    assert (verdict.kind, verdict.period) == (kind, None)


@pytest.mark.parametrize("start", [10.0, 1.5, -0.01])
@pytest.mark.parametrize("steps", [5, 10, 20, 50, 200, 1000])
@pytest.mark.parametrize("rate", [0.9, 0.95, 0.98, 0.99, 0.995, 1.005, 1.01, 1.02, 1.05, 1.1])
def test_swings_of_a_parabola_die_away_or_grow(rate: float, steps: int, start: float) -> None:
    """On x² each step multiplies x by 1 − 2η, so that η = 1 is the edge."""
    verdict = descend("x**2", lr=rate, steps=steps, start=start).verdict
    if rate == 1.005 and steps < 100:
        assert (verdict.kind, verdict.period) == ("oscillating", 2), "it is back, to one percent"
    elif rate > 1:
        assert verdict.kind == "diverged"
    elif abs(2 * start) * abs(1 - 2 * rate) ** steps < 1e-3:
        assert verdict.kind == "converged"
    else:
        assert verdict.kind == "slow"


def test_the_swings_of_the_listed_faults() -> None:
    first = descend("x**2 + y**2", lr=1.1, start=(10.0, 0.0), steps=10).verdict
    assert (first.kind, first.step) == ("diverged", 1), "each step raises the loss"
    assert descend("x**2 + 4*y**2", lr=0.26).verdict.kind == "diverged"
    assert descend("0.1*x**2 + 2*y**2", lr=0.6, start=(-5.0, -2.0), steps=20).verdict.kind == (
        "diverged"
    )


def test_what_neither_grows_nor_dies_away_is_irregular() -> None:
    """Noise is noise, and the logistic map is chaotic."""
    for steps in (50, 200, 1000):
        for seed in range(20):
            run = descend("x**2 + y**2", lr=0.9, noise=3.0, steps=steps, seed=seed)
            assert not trends(run.points[:, np.newaxis], run.losses[:, np.newaxis]).any()
            assert run.verdict.kind in ("oscillating", "slow"), (steps, seed)
    starts = np.random.default_rng(0).uniform(0.1, 0.9, (40, 1))
    # A step of x ← 4x(1 − x) with the rate 1.
    chaos = descend("-1.5*x**2 + 4*x**3/3", lr=1.0, start=starts, steps=100)
    np.testing.assert_allclose(chaos.points[1], 4 * starts * (1 - starts), atol=1e-12)
    assert set(chaos.verdicts.kinds) == {"oscillating"}
    assert not chaos.verdicts.periods.any()


def test_swings_that_grow_within_a_valley_are_on_their_way() -> None:
    run = descend("x**4/4 - 10*x**2", lr=0.06, start=-6.0, steps=12)
    assert run.losses[-1] < run.losses[0]
    assert run.verdict.kind != "diverged"


def test_no_runs_have_no_verdicts() -> None:
    assert descend(start=np.zeros((0, 2))).verdicts.kinds.shape == (0,)

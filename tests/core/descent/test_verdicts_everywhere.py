"""Verdicts on every loss and every rule: what they say is held against what the runs do later."""

from __future__ import annotations

import numpy as np
import pytest

from sphinx_gdviz.core.descent.critical_points import critical_points
from sphinx_gdviz.core.descent.run import Trajectory, descend
from sphinx_gdviz.core.descent.verdict import steepness
from sphinx_gdviz.core.losses.base import Loss
from sphinx_gdviz.core.losses.named import CATALOGUE
from sphinx_gdviz.core.methods.rules import RULES

STEPS, LATER, RUNS = 150, 1500, 6
HEAVY = ("gd", "momentum", "nesterov")
"""Rules whose step is a factor on the slope; that of the others is a distance."""


def runs_of(loss: Loss, rule: str, seed: int) -> tuple[Trajectory, Trajectory]:
    """Runs from anywhere at rates from small to too large, and what becomes of them later."""
    random = np.random.default_rng(seed)
    lower, upper = np.array([loss.xlim, loss.ylim]).T
    size = float(np.hypot(*(upper - lower)))
    usual = size / steepness(loss) if rule in HEAVY else 0.1 * size
    lr = usual * 10 ** random.uniform(-2, 0.5, RUNS)
    start = random.uniform(lower, upper, (RUNS, 2))
    short = descend(loss, optimizer=rule, lr=lr, start=start, steps=STEPS)
    return short, descend(loss, optimizer=rule, lr=lr, start=start, steps=LATER)


@pytest.mark.parametrize("name", CATALOGUE)
def test_verdicts_hold(name: str) -> None:
    loss = CATALOGUE[name].loss
    lower, upper = np.array([loss.xlim, loss.ylim]).T
    size = float(np.hypot(*(upper - lower)))
    known = np.array([c.point for c in critical_points(loss, loss.xlim, loss.ylim)]).reshape(-1, 2)
    kinds = set()
    for seed, rule in enumerate(RULES):
        short, long = runs_of(loss, rule, seed)
        np.testing.assert_array_equal(long.points[: STEPS + 1], short.points)
        for index in range(RUNS):
            verdict, path = short.verdicts[index], short.points[:, index]
            later = long.points[STEPS:, index]
            kinds.add(verdict.kind)
            match verdict.kind:
                case "converged" | "stuck" if verdict.place in ("minimum", "saddle"):
                    assert verdict.point
                    is_inside = ((lower <= verdict.point) & (verdict.point <= upper)).all()
                    if is_inside:
                        apart = np.hypot(*(known - verdict.point).T).min()
                        assert apart < 1e-6 * size, (rule, verdict)
                    assert np.hypot(*(path[-1] - verdict.point)) < 0.05 * size
                    if rule in HEAVY and verdict.place == "minimum":
                        assert np.hypot(*(later - verdict.point).T).max() < 0.05 * size
                case "diverged" if verdict.place != "undefined":
                    away = np.hypot(*(later - (lower + upper) / 2).T)
                    assert not (away < 5 * size).any(), (rule, verdict)
                case "oscillating" if verdict.period:
                    covered = np.hypot(*np.ptp(path[-STEPS // 4 :], axis=0))
                    back = later[verdict.period] - later[0]
                    assert np.hypot(*back) < 0.05 * covered, (rule, verdict)
                    shorter = [np.hypot(*(later[p] - later[0])) for p in range(1, verdict.period)]
                    assert not shorter or max(shorter) > 0.01 * covered
                case "oscillating" | "slow":
                    assert np.isfinite(path).all()
                    norm = np.hypot(*short.gradients[-1, index])
                    following = np.hypot(*short.next_gradient[index])
                    assert max(norm, following) >= 1e-3 * min(1.0, steepness(loss)), (rule, verdict)
    assert kinds >= {"slow"}


def test_each_verdict_was_met() -> None:
    """So that the tests above are not about nothing."""
    met = {
        (kind, place)
        for name in ("bowl", "himmelblau", "saddle", "ackley", "beale")
        for seed, rule in enumerate(RULES)
        for verdicts in [runs_of(CATALOGUE[name].loss, rule, seed)[0].verdicts]
        for kind, place in zip(verdicts.kinds.tolist(), verdicts.places.tolist(), strict=True)
    }
    assert {kind for kind, _ in met} >= {"converged", "slow", "oscillating", "diverged"}


def test_a_cusp_is_no_place_to_settle() -> None:
    """Ackley's minimum has a slope of 2.83 all around: a fixed rate swings across it for ever."""
    run = descend("ackley", lr=0.05, start=(0.2, 0.1), steps=400)
    assert run.verdict.kind == "oscillating"
    assert np.hypot(*run.points[-50:].T).max() < 0.3

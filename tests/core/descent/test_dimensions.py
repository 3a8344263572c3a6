"""Losses of one, two and seven parameters: runs of PyTorch, and what is found in each."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sphinx_gdviz.core.descent.critical_points import critical_point, critical_points
from sphinx_gdviz.core.descent.maps import Axis, find_bifurcation
from sphinx_gdviz.core.descent.run import Method, descend, gradients_taken, last_iterates
from sphinx_gdviz.core.losses.base import FormulaLoss, Loss
from sphinx_gdviz.core.losses.dataset import Dataset, read_dataset
from sphinx_gdviz.core.losses.logistic import LogisticRegression
from sphinx_gdviz.core.losses.regression import LeastSquares
from sphinx_gdviz.core.methods.optimizer import as_optimizer
from sphinx_gdviz.core.methods.rules import RULES

ORACLE = json.loads(
    (Path(__file__).parents[1] / "methods" / "oracles" / "dimensions.json").read_text("utf-8")
)
SEVEN = tuple(f"x{number}" for number in range(1, 8))
PAIRS = list(pairwise(SEVEN))


def table(target: str) -> Dataset:
    names = "abcdef"
    rows = "\n".join(",".join(map(repr, row)) for row in ORACLE["rows"])
    text = f"{','.join(names)},number,class\n{rows}\n"
    return read_dataset(text.encode(), "rows.csv", " + ".join(names), target)


LOSSES: dict[str, Loss] = {
    "waves": FormulaLoss("x**2 + sin(3*x)", parameters=("x",)),
    "quadratic": FormulaLoss(
        " + ".join(f"{number}/2*{name}**2" for number, name in enumerate(SEVEN, 1))
        + f" + {'*'.join(SEVEN)}",
        parameters=SEVEN,
    ),
    "chain": FormulaLoss(
        " + ".join(f"100*({second} - {first}**2)**2 + (1 - {first})**2" for first, second in PAIRS),
        parameters=SEVEN,
    ),
    "least-squares": LeastSquares.of(table("number")),
    "logistic-regression": LogisticRegression.of(table("class")),
}
CHAIN = LOSSES["chain"]


@pytest.mark.parametrize("name", LOSSES)
def test_derivatives_are_those_of_pytorch(name: str) -> None:
    loss, expected = LOSSES[name], ORACLE["losses"][name]
    start = expected["start"]
    for found, part in (
        (loss.value(start), "value"),
        (loss.gradient(start), "gradient"),
        (loss.hessian(start), "hessian"),
    ):
        size = np.abs(expected[part]).max()
        np.testing.assert_allclose(found, expected[part], rtol=1e-12, atol=1e-13 * size)


def test_every_rule_of_pytorch_is_compared() -> None:
    assert {case[0] for case in ORACLE["cases"]} == set(RULES) - {
        "lion",
        "normalized",
        "sign",
        "newton",
    }


@pytest.mark.parametrize("case", ORACLE["cases"], ids=lambda case: f"{case[0]}-{case[1]}")
def test_runs_are_those_of_pytorch(case: Any) -> None:
    call, name, lr, expected = case
    start = ORACLE["losses"][name]["start"]
    run = descend(LOSSES[name], optimizer=call, lr=lr, start=start, steps=40)
    assert run.points.shape == (41, len(start))
    found = run.points[ORACLE["steps"]]
    size = np.abs(expected).max()
    assert np.abs(found - expected).max() < 1e-11 * size


def test_a_number_is_the_start_of_one_parameter() -> None:
    run = descend("x**2", start=10, lr=0.2)
    assert run.points.shape == (51, 1)
    assert run.losses.shape == (51,)
    np.testing.assert_allclose(run.points[:, 0], 10 * 0.6 ** np.arange(51), rtol=1e-12)
    assert (run.verdict.kind, run.verdict.point) == ("converged", (0.0,))
    assert descend(LOSSES["waves"], start=[[1.0], [2.0]]).points.shape == (51, 2, 1)
    assert descend(CHAIN).points[0].tolist() == [1.5] * 7


@pytest.mark.parametrize(
    ("loss", "start", "said"),
    [
        ("waves", (1.0, 2.0), r"1 finite coordinate \(x\)"),
        ("chain", (1.0, 2.0), r"7 finite coordinates \(x1, x2, x3, x4, x5, x6, x7\)"),
        ("chain", 1.0, "7 finite coordinates"),
        ("chain", [np.inf] * 7, "7 finite coordinates"),
    ],
)
def test_starts_have_a_coordinate_for_each_parameter(loss: str, start: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        descend(LOSSES[loss], start=start)


@pytest.mark.parametrize("name", LOSSES)
def test_a_batch_of_runs_has_the_bits_of_each(name: str) -> None:
    loss = LOSSES[name]
    starts = np.random.RandomState(3).uniform(-1, 1, (2, 3, loss.dimension))
    chance = {"noise": 0.1, "seed": 5, "clip": (-1.0, 1.0)}
    if loss.rows:
        chance["batch"] = 4
    runs = descend(loss, optimizer="adam", lr=0.01, start=starts, steps=30, **chance)
    assert runs.points.shape == (31, 2, 3, loss.dimension)
    assert runs.verdicts.points.shape == (2, 3, loss.dimension)
    for index in np.ndindex(2, 3):
        alone = descend(loss, optimizer="adam", lr=0.01, start=starts[index], steps=30, **chance)
        for part in ("points", "losses", "gradients", "next_gradient"):
            assert np.array_equal(getattr(alone, part), getattr(runs[index], part)), part
        assert alone.verdict == runs.verdicts[index]
    method = Method(as_optimizer("adam"), 0.01, 30, **chance)
    ends, _, _ = last_iterates(loss, method, starts.reshape(-1, loss.dimension))
    assert np.array_equal(ends, runs.points[-1].reshape(-1, loss.dimension))


def test_noise_is_the_stream_of_its_seed() -> None:
    loss = LOSSES["waves"]
    run = descend(loss, start=1.0, steps=20, noise=0.5, seed=7)
    normals = np.random.RandomState(7).standard_normal((21, 1))[:20]
    method = Method(as_optimizer("gd"), 0.1, 20, noise=0.5, seed=7)
    np.testing.assert_allclose(
        gradients_taken(run, method), run.gradients[:-1] + 0.5 * normals, rtol=1e-14
    )


def test_critical_points_on_a_line() -> None:
    found = critical_points(LOSSES["waves"])
    roots = [point.point[0] for point in found]
    np.testing.assert_allclose(LOSSES["waves"].gradient(np.reshape(roots, (-1, 1))), 0, atol=1e-12)
    assert [point.kind for point in found] == ["minimum", "minimum", "maximum"]
    assert found[0].largest_stable_rate == pytest.approx(2 / found[0].eigenvalues[0])
    assert found[0].condition_number == 1
    (kink,) = critical_points(FormulaLoss("abs(x - 0.3)", parameters=("x",)))
    assert kink.point == pytest.approx((0.3,), abs=1e-11)
    assert np.isnan(kink.eigenvalues).all()
    assert critical_points(FormulaLoss("x", parameters=("x",))) == ()
    (inflection,) = critical_points(FormulaLoss("x**3", parameters=("x",)))
    assert inflection.kind == "saddle"


def test_critical_points_of_the_chain() -> None:
    """For four to seven parameters it has two minima (Shang and Qiu, 2006), and a saddle."""
    starts = np.random.RandomState(0).uniform(-2, 2, (400, 7))
    found = critical_points(CHAIN, starts=starts)
    assert [point.kind for point in found] == ["minimum", "minimum", "saddle"]
    assert found[0].point == pytest.approx((1,) * 7)
    assert found[1].loss == pytest.approx(3.98360, abs=1e-5)
    for point in found:
        curvatures = np.linalg.eigvalsh(CHAIN.hessian(point.point))
        np.testing.assert_allclose(point.eigenvalues, curvatures, rtol=1e-9)
        again = critical_point(CHAIN, np.array(point.point))
        assert (again.kind, again.point) == (point.kind, point.point)
    with pytest.raises(ValueError, match="starts"):
        critical_points(CHAIN)


@pytest.mark.parametrize(
    ("formula", "kind", "place"),
    [
        ("a**2 + b**2 + c**2", "converged", "minimum"),
        ("a**2 + b**2 + 0*c", "converged", "minimum"),  # a line of minima
        ("a**2 + b**2 + c**4", "converged", "minimum"),
        ("a**2 + b**2 - c**2", "stuck", "saddle"),
        ("(a + b + c - 1)**2", "converged", "minimum"),  # a plane of them
        ("exp(-a) + b**2 + c**2", "slow", None),
        ("-a**2 - b**2 - c**2", "diverged", None),
    ],
)
def test_verdicts_on_three_parameters(formula: str, kind: str, place: str | None) -> None:
    loss = FormulaLoss(formula, parameters=("a", "b", "c"))
    start = (0.5, 0.7, 0.0) if "- c**2" in formula else (0.5, 0.7, 0.2)
    verdict = descend(loss, lr=0.1, start=start, steps=400).verdict
    assert (verdict.kind, verdict.place) == (kind, place)


def test_oscillation_in_the_seventh_parameter() -> None:
    run = descend(LOSSES["quadratic"], lr=2 / 7, start=[0.0] * 6 + [0.5], steps=60)
    assert (run.verdict.kind, run.verdict.period) == ("oscillating", 2)


def test_a_sweep_of_the_start_of_one_parameter() -> None:
    loss = LOSSES["waves"]
    method = Method(as_optimizer("gd"), 0.1, 60)
    shown = find_bifurcation(loss, method, (1.5,), Axis("x", -1.0, 1.0), count=5)
    assert shown.points.shape == (30, 5, 1)

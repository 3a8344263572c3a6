"""Projections onto convex sets, and descents that stay in them."""

from __future__ import annotations

import contextlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sphinx_gdviz import Experiment, GdvizError, descend
from sphinx_gdviz.core.descent.constraint import Constraint, find_constraint
from sphinx_gdviz.core.export.page_data import obstacle
from sphinx_gdviz.core.export.python_program import write_program
from sphinx_gdviz.core.report.numbers import plain_text
from sphinx_gdviz.core.report.quantities import answer
from sphinx_gdviz.core.report.query import read_query

SETS = {text: find_constraint(text) for text in ("l1 1.5", "l2 0.7", "box -1, 0.5", "simplex 2")}
QUADRATIC = "(x - 1.5)**2 + 3*(y - 1)**2"
POINTS = arrays(np.float64, (3,), elements=st.floats(-4, 4))


def is_inside(found: Constraint, points: np.ndarray) -> np.ndarray:
    """Flags of points of shape (d, ...) by the definitions of the sets."""
    slack = 1e-12 * 4
    match found.kind:
        case "l1":
            return np.abs(points).sum(axis=0) <= found.high + slack
        case "l2":
            return np.sqrt((points**2).sum(axis=0)) <= found.high + slack
        case "box":
            return ((points >= found.low) & (points <= found.high)).all(axis=0)
    return (points >= 0).all(axis=0) & (np.abs(points.sum(axis=0) - found.high) <= slack)


def sample(found: Constraint) -> np.ndarray:
    """Points of a set at random, shape (3, n)."""
    random = np.random.RandomState(1)
    if found.kind == "simplex":
        return found.high * random.dirichlet(np.ones(3), 4000).T
    points = random.uniform(-2, 2, (3, 60_000))
    return points[:, is_inside(found, points)]


@pytest.mark.parametrize("text", SETS)
@given(point=POINTS)
def test_a_projection_is_the_nearest_point(text: str, point: np.ndarray) -> None:
    found = SETS[text]
    nearest = found.project(point)
    assert is_inside(found, nearest)
    np.testing.assert_allclose(found.project(nearest), nearest, atol=1e-12)
    # Seen from the nearest point, all of a convex set lies on the other side of the point.
    towards = sample(found) - nearest[:, np.newaxis]
    assert ((point - nearest) @ towards).max() <= 1e-9


@pytest.mark.parametrize("text", SETS)
def test_many_at_once_are_as_each_alone(text: str) -> None:
    points = np.random.RandomState(2).uniform(-3, 3, (3, 4, 5))
    found = SETS[text].project(points)
    for index in np.ndindex(4, 5):
        np.testing.assert_array_equal(found[:, *index], SETS[text].project(points[:, *index]))


@pytest.mark.parametrize(
    ("constraint", "minimum"),
    [
        ("l1 1", (0.375, 0.625)),  # where x − 1.5 = 3 (y − 1) on x + y = 1
        ("simplex 1", (0.375, 0.625)),
        ("box -1, 0.5", (0.5, 0.5)),
        ("box -1, 1", (1.0, 1.0)),
    ],
)
def test_a_run_comes_to_the_constrained_minimum(
    constraint: str, minimum: tuple[float, float]
) -> None:
    run = descend(QUADRATIC, start=(-0.5, -0.5), constraint=constraint, steps=200)
    assert (run.verdict.kind, run.verdict.place) == ("converged", "boundary")
    assert run.verdict.point == pytest.approx(minimum, abs=1e-9)
    assert 0 < run.verdict.step < 60


def test_the_minimum_on_a_circle() -> None:
    run = descend(QUADRATIC, start=(-0.5, -0.5), constraint="l2 1", steps=200)
    angles = np.linspace(0, 2 * np.pi, 2_000_001)
    losses = (np.cos(angles) - 1.5) ** 2 + 3 * (np.sin(angles) - 1) ** 2
    best = angles[losses.argmin()]
    assert run.points[-1] == pytest.approx((np.cos(best), np.sin(best)), abs=1e-5)
    assert run.verdict.place == "boundary"


def test_inside_of_the_set_nothing_is_otherwise() -> None:
    free = descend(QUADRATIC, start=(0.5, 0.5))
    held = descend(QUADRATIC, start=(0.5, 0.5), constraint="l2 9")
    np.testing.assert_allclose(held.points, free.points, rtol=1e-14)
    assert held.verdict == free.verdict
    assert held.verdict.place == "minimum"


def test_a_run_on_its_way_along_the_boundary_has_not_converged() -> None:
    run = descend(QUADRATIC, start=(-0.5, -0.5), constraint="l1 1", lr=0.001, steps=100)
    assert run.verdict.kind == "slow"


def test_a_figure_of_it() -> None:
    figure = Experiment(QUADRATIC, start=(-0.5, -0.5), constraint="l1 1")
    assert "projected onto the ℓ1 ball of radius 1" in figure.alt
    assert "to loss 1.688 at (0.375, 0.625), on the boundary" in figure.alt
    assert obstacle(figure.settings) == "it has a constraint"


@pytest.mark.parametrize("constraint", ["l1 1", "l2 0.5", "box -0.5, 0.3", "simplex 1"])
def test_the_program_has_the_same_path(constraint: str) -> None:
    figure = Experiment(QUADRATIC, start=(-0.5, -0.5), constraint=constraint, view="outcomes")
    names: dict[str, np.ndarray] = {}
    with contextlib.redirect_stdout(None):
        exec(write_program(figure.settings), names)
    np.testing.assert_allclose(names["path"], figure.runs[0].trajectory.points, atol=1e-12)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("l3 1", "“l3” is no constraint"),
        ("l1 -1", "-1 is not above 0"),
        ("box 1", "has 1 of its numbers"),
        ("box 1, -1", "-1 is not above 1"),
        ("simplx", "did you mean “simplex”"),
        ("l1 one", "“one” is not a number"),
    ],
)
def test_mistakes(text: str, said: str) -> None:
    with pytest.raises(GdvizError, match=said):
        find_constraint(text)
    with pytest.raises(ValueError, match="constraint: "):
        Experiment(constraint=text)


def test_basins_have_none() -> None:
    with pytest.raises(ValueError, match="view: basins are those of runs without a constraint"):
        Experiment(constraint="l1 1", view="basins")


def test_the_lowest_known_loss_is_one_of_the_set() -> None:
    """The minimum outside of it is no loss that a projected run could come to."""
    held = Experiment(QUADRATIC, start=(-0.5, -0.5), constraint="l1 1", steps=200).result
    assert held.lowest_loss == pytest.approx(1.125**2 + 3 * 0.375**2, abs=1e-9)
    free = Experiment(QUADRATIC, start=(-0.5, -0.5), constraint="l2 9", steps=5).result
    assert free.lowest_loss == pytest.approx(0, abs=1e-12)


def test_no_loss_is_known_where_there_is_neither_run_nor_critical_point() -> None:
    figure = Experiment("x + y", steps=0, view="contour")
    assert plain_text(answer(figure.result, read_query("lowest-known"))) == "undefined"

"""Sweeps: each cell is the run that it stands for."""

from __future__ import annotations

import numpy as np
import pytest

from sphinx_gdviz.core.descent.maps import (
    DIVERGED,
    UNSETTLED,
    Axis,
    find_basins,
    find_bifurcation,
    find_outcomes,
)
from sphinx_gdviz.core.descent.run import Method, descend
from sphinx_gdviz.core.descent.verdict import KINDS
from sphinx_gdviz.core.losses.named import find_loss
from sphinx_gdviz.core.methods.optimizer import find_optimizer

CAMEL = find_loss("2*x**2 - 1.05*x**4 + x**6/6 + x*y + y**2")
BOWL = find_loss("bowl")


def method(optimizer: str = "gd", lr: float = 0.1, steps: int = 50) -> Method:
    return Method(find_optimizer(optimizer), lr, steps)


def test_values_are_the_middles_of_equal_parts() -> None:
    assert Axis("lr", 0.0, 1.0).values(4).tolist() == [0.125, 0.375, 0.625, 0.875]
    values = Axis("lr", 0.01, 1.0, log=True).values(2)
    np.testing.assert_allclose(values, [10**-1.5, 10**-0.5])
    for axis in (Axis("lr", 0.1, 0.7), Axis("lr", 0.1, 70.0, log=True)):
        np.testing.assert_allclose(axis.share(axis.values(5)), [0.1, 0.3, 0.5, 0.7, 0.9])


@pytest.mark.parametrize("optimizer", ["gd", "momentum(momentum=0.8)"])
def test_basins_are_where_single_runs_come_to(optimizer: str) -> None:
    frame, size = (-2.0, 2.0), 24
    how = method(optimizer, steps=80)
    basins = find_basins(CAMEL, how, frame, frame, size)
    axis = Axis("", *frame).values(size)
    for row, column in np.random.default_rng(0).integers(0, size, (40, 2)):
        start = (axis[column], axis[row])
        verdict = descend(CAMEL, optimizer=optimizer, lr=0.1, start=start, steps=80).verdict
        label = int(basins.labels[row, column])
        if verdict.kind in ("converged", "stuck"):
            assert verdict.point == pytest.approx(basins.destinations[label].point, abs=1e-6)
        else:
            assert label == UNSETTLED


def test_the_basins_of_the_camel() -> None:
    """The issue of the book: the origin is global, two minima trap; mirrored they are the same."""
    basins = find_basins(CAMEL, method(steps=500), (-2.0, 2.0), (-2.0, 2.0), 64)
    assert [found.kind for found in basins.destinations] == ["minimum"] * 3
    points = np.array([found.point for found in basins.destinations])
    np.testing.assert_allclose(points[0], 0.0, atol=1e-9)
    np.testing.assert_allclose(np.abs(points[1:]), [[1.7475522, 0.8737761]] * 2, atol=1e-6)
    assert basins.share(UNSETTLED) == 0.0
    mirrored = basins.labels[::-1, ::-1]
    np.testing.assert_array_equal(mirrored == 0, basins.labels == 0)
    np.testing.assert_array_equal(mirrored == 1, basins.labels == 2)


def test_starts_that_go_to_infinity_are_told_from_those_that_come_nowhere() -> None:
    loss = find_loss("x**2 - y**4")
    basins = find_basins(loss, method(lr=0.4, steps=200), (-2.0, 2.0), (-2.0, 2.0), 16)
    assert basins.share(DIVERGED) > 0.9
    slow = find_basins(loss, method(lr=1e-4, steps=5), (-2.0, 2.0), (-2.0, 2.0), 16)
    assert slow.share(UNSETTLED) == 1.0
    assert slow.destinations == ()


def test_destinations_may_lie_outside_of_the_frame() -> None:
    basins = find_basins(BOWL, method(steps=200), (1.0, 2.0), (1.0, 2.0), 8)
    assert basins.share(0) == 1.0
    assert basins.destinations[0].point == pytest.approx((-0.357818, 0.674475), abs=1e-6)


@pytest.mark.parametrize(
    ("across", "up"),
    [
        (Axis("lr", 0.05, 1.2), Axis("y", -2.0, 2.0)),
        (Axis("lr", 0.01, 2.0, log=True), Axis("momentum", 0.0, 0.95)),
        (Axis("momentum", 0.0, 0.95), Axis("x", -2.0, 2.0)),
    ],
    ids=lambda axis: axis.name,
)
def test_outcomes_are_the_verdicts_of_single_runs(across: Axis, up: Axis) -> None:
    size = 12
    outcomes = find_outcomes(BOWL, method("momentum"), (1.5, 1.5), across, up, size)
    for row, column in np.random.default_rng(1).integers(0, size, (40, 2)):
        values = {across.name: across.values(size)[column], up.name: up.values(size)[row]}
        start = (values.get("x", 1.5), values.get("y", 1.5))
        optimizer = f"momentum(momentum={float(values.get('momentum', 0.9))!r})"
        run = descend(optimizer=optimizer, lr=values.get("lr", 0.1), start=start)
        assert KINDS[outcomes.kinds[row, column]] == run.verdict.kind


def test_a_bifurcation_diagram_doubles_its_period_where_the_bowl_does() -> None:
    """Facts of the chapter: one point below 0.336, two below 0.42, four at 0.43, eight at 0.45."""
    diagram = find_bifurcation(BOWL, method(steps=3000), (1.5, 1.5), Axis("lr", 0.3, 0.46), 160)
    rates = diagram.across.values(160)

    def values(lr: float) -> int:
        column = int(np.abs(rates - lr).argmin())
        return len(np.unique(np.round(diagram.points[:, column, 0], 5)))

    assert [values(lr) for lr in (0.32, 0.4, 0.435, 0.45)] == [1, 2, 4, 8]


def test_runs_that_diverge_settle_nowhere() -> None:
    diagram = find_bifurcation(BOWL, method(steps=100), (1.5, 1.5), Axis("lr", 0.5, 3.0), 10)
    lost = np.isnan(diagram.points).all(axis=(0, 2))
    np.testing.assert_array_equal(lost, diagram.across.values(10) > 1.02)


@pytest.mark.parametrize(
    ("formula", "lr", "why"),
    [
        ("(x**2 + y**2 - 0.25)**2", 0.1, "a ring of minima"),
        ("x**2 + 0*y", 0.1, "a valley"),
        ("0", 0.1, "a plain"),
        ("x**2 - y**2", 0.1, "no minimum"),
        ("(x + 1)**2 + 0.1*log(x) + y**2", 0.1, "a minimum of the derivative, where no loss is"),
    ],
)
def test_what_is_no_isolated_point_is_no_destination(formula: str, lr: float, why: str) -> None:
    basins = find_basins(find_loss(formula), method(lr=lr, steps=300), (-2.0, 2.0), (-2.0, 2.0), 64)
    assert basins.destinations == (), why


def test_a_lattice_of_many_minima_is_told_apart() -> None:
    loss = find_loss("cos(2*x)*cos(2*y)")
    basins = find_basins(loss, method(lr=0.2, steps=100), (-9.0, 9.0), (-9.0, 9.0), 90)
    assert len([found for found in basins.destinations if found.kind == "minimum"]) > 60
    assert basins.share(UNSETTLED) < 0.05

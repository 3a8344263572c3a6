"""Curves against the step: on which scale, and what is said of a run that overflows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sphinx_gdviz import Experiment as Written
from sphinx_gdviz.core.experiment import Experiment
from sphinx_gdviz.core.losses.named import find_loss
from sphinx_gdviz.core.methods.schedules import find_schedule
from sphinx_gdviz.core.result import run as run_experiment
from sphinx_gdviz.draw.drawing import Polyline
from sphinx_gdviz.draw.run_marks import LOST

from .drawing import Part, laid_out, legend_of, number, optimizers

HILL = Experiment(loss=find_loss("x**2 - y**2"), lr=(0.1, 0.9, 1.2), steps=400)

CARS = Path(__file__).parents[2] / "book" / "foundations" / "cars.csv"

MEASURED: tuple[str, ...] = ("loss", "gradient")


def panel(experiment: Experiment, view: str) -> Part:
    (shown,) = laid_out(replace(experiment, views=(view,))).panels
    return shown


def curves(shown: Part) -> list[np.ndarray]:
    """The places of curves: shares of the plot, to the right and upwards, shape (n, 2) each."""
    box = shown.box
    lines = [m.lines[0] for m in shown.marks if isinstance(m, Polyline) and m.clip == box]
    return [(line - [box.left, box.bottom]) / [box.width, -box.height] for line in lines]


def scale_of(shown: Part) -> str:
    """The scale of the upright axis, by the numbers along it."""
    labels, places = zip(*shown.beside(), strict=True)
    values = np.array(list(map(number, labels)))
    assert len(values) > 1
    if len(values) == 2:  # they would be on a scale of any kind; steps of an even one are 1, 2, 5
        return "log" if values[0] > 0 and values[1] >= 10 * values[0] else "linear"
    for name, scaled in (("linear", values), ("log", np.log10(np.maximum(values, 1e-323)))):
        line = np.polynomial.Polynomial.fit(places, scaled, 1)
        if np.abs(line(np.array(places)) - scaled).max() < 1e-6 * np.ptp(scaled):
            return name
    return "symlog"


def unit(shown: Part) -> float:
    """The power of ten that stands behind the name of the upright axis, or one."""
    (name,) = (text.layout.text for text in shown.texts if text.is_upright)
    return number(name.partition("×")[2].rstrip(")") or "1")


def values_of(shown: Part, heights: np.ndarray) -> np.ndarray:
    """Values at heights of a plot, by the numbers beside it, of a linear or a log scale."""
    labels, places = zip(*shown.beside(), strict=True)
    values = np.array(list(map(number, labels)))
    if scale_of(shown) == "log":
        return np.asarray(10 ** np.polynomial.Polynomial.fit(places, np.log10(values), 1)(heights))
    return np.asarray(np.polynomial.Polynomial.fit(places, values, 1)(heights) * unit(shown))


def steps_of(shown: Part, curve: np.ndarray) -> np.ndarray:
    """The steps of a curve's points, by the numbers under the plot."""
    labels, places = zip(*shown.below(), strict=True)
    return np.asarray(
        np.polynomial.Polynomial.fit(places, list(map(number, labels)), 1)(curve[:, 0])
    )


@pytest.mark.parametrize(
    ("experiment", "view", "scale"),
    [
        (Experiment(), "loss", "linear"),  # falls below zero
        (Experiment(), "gradient", "log"),
        (Experiment(lr=(0.01,)), "gradient", "linear"),
        (Experiment(loss=find_loss("x**2 + y**2")), "loss", "log"),
        (Experiment(loss=find_loss("x**2 + y**2"), lr=(1.0,)), "loss", "linear"),
        (Experiment(loss=find_loss("0*x")), "loss", "linear"),
        (Experiment(loss=find_loss("0*x")), "gradient", "linear"),
        (HILL, "loss", "symlog"),
        (HILL, "gradient", "log"),
    ],
)
def test_the_scale_suits_the_values(experiment: Experiment, view: str, scale: str) -> None:
    assert scale_of(panel(experiment, view)) == scale


@pytest.mark.parametrize("view", MEASURED)
@pytest.mark.parametrize(
    "experiment",
    [
        Experiment(),
        Experiment(lr=(1.05,)),
        Experiment(lr=(0.01, 0.1, 0.5)),
        Experiment(loss=find_loss("x**2 + y**2"), steps=400),
        Experiment(loss=find_loss("1e12*(x**2+y**2)"), lr=(1e-13,)),
        HILL,
    ],
)
def test_all_of_a_curve_is_in_the_picture_and_true(experiment: Experiment, view: str) -> None:
    shown = panel(experiment, view)
    runs = run_experiment(experiment).runs
    for run, curve in zip(runs, curves(shown), strict=True):
        norms = np.hypot(*run.trajectory.gradients.T)
        own = (run.trajectory.losses if view == "loss" else norms)[: len(curve)]
        np.testing.assert_allclose(steps_of(shown, curve), np.arange(len(curve)), atol=1e-3)
        assert curve.min() >= -1e-9
        assert curve.max() <= 1 + 1e-9
        if scale_of(shown) == "linear":
            size = np.abs(own).max()
            np.testing.assert_allclose(values_of(shown, curve[:, 1]), own, atol=1e-6 * size)
        elif scale_of(shown) == "log":
            # What is less than the plot shows lies at its lower edge.
            is_shown = curve[:, 1] > 1e-9
            found = np.log10(values_of(shown, curve[:, 1]))
            np.testing.assert_allclose(found[is_shown], np.log10(own[is_shown]), atol=1e-3)
            assert (own[~is_shown] <= 1e-15 * own[0]).all(), "rounding noise"
        else:  # between the same two numbers in the picture and in truth
            labels, places = zip(*shown.beside(), strict=True)
            heights, losses = curve[:, 1] + 1e-9, own + 1e-9 * np.abs(own)
            between = np.searchsorted(list(map(number, labels)), losses)
            np.testing.assert_array_equal(np.searchsorted(places, heights), between)


@pytest.mark.parametrize("view", MEASURED)
def test_a_run_that_overflows_ends_with_a_mark(view: str) -> None:
    shown = panel(Experiment(loss=find_loss("x**4 + y**4"), lr=(0.5,), steps=20), view)
    (curve,) = (mark for mark in shown.marks if isinstance(mark, Polyline) and mark.clip)
    np.testing.assert_array_equal(shown.places(LOST), curve.lines[0][-1:])
    assert len(curve.lines[0]) < 20
    assert ("20", pytest.approx(0.972, abs=0.01)) in shown.below(), "the steps asked for"
    assert shown.box.top <= shown.places(LOST)[0, 1] <= shown.box.bottom


@pytest.mark.parametrize("view", MEASURED)
def test_a_run_that_stays_finite_has_no_such_mark(view: str) -> None:
    assert panel(Experiment(lr=(0.5,)), view).named(LOST) == []


@pytest.mark.parametrize("view", MEASURED)
def test_a_run_that_is_lost_at_once(view: str) -> None:
    """One point is all there is to show."""
    experiment = Experiment(lr=(1e308,), steps=5, views=(view,))
    assert LOST in legend_of(laid_out(experiment))
    (curve,) = curves(panel(experiment, view))
    assert len(curve) in (1, 2)


def test_a_gradient_without_a_value_at_the_start_leaves_an_empty_panel() -> None:
    experiment = Experiment(
        loss=find_loss("abs(x) + sqrt(abs(y))"), start=((0, 0),), views=MEASURED
    )
    loss, gradient = laid_out(experiment).panels
    assert [len(curve) for curve in curves(loss)] == [1]
    assert curves(gradient) == []
    assert gradient.named(LOST) == []


def test_numbers_along_both_axes_are_in_order_and_apart() -> None:
    for experiment in (Experiment(), HILL, Experiment(lr=(1e300,), steps=5)):
        for view in MEASURED:
            shown = panel(experiment, view)
            for numbers in (shown.beside(), shown.below()):
                places = [place for _, place in numbers]
                assert len(places) >= 2
                assert (np.diff(places) > 0.05).all()
                assert (np.diff([number(label) for label, _ in numbers]) > 0).all()
                assert min(places) >= -1e-3
                assert max(places) <= 1 + 1e-3


SCHEDULES = ("constant", "constant(warmup=5)", "cosine(warmup=5)", "step(every=7)", "exponential")


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("lr", [(0.1,), (0.1, 0.3), (1e-12,), (1e12,), (1e-12, 1e12)])
def test_the_rate_of_each_step_is_what_the_step_was_made_with(
    schedule: str, lr: tuple[float, ...]
) -> None:
    experiment = Experiment(views=("rate",), lr=lr, schedule=find_schedule(schedule), steps=20)
    shown = panel(experiment, "rate")
    found = curves(shown)
    assert len(found) == len(lr)
    for rate, curve in zip(lr, found, strict=True):
        expected = rate * experiment.schedule.factors(20)[: len(curve)]
        np.testing.assert_allclose(steps_of(shown, curve), np.arange(len(curve)) + 1, atol=1e-3)
        values = values_of(shown, curve[:, 1])
        if scale_of(shown) == "linear":
            np.testing.assert_allclose(values, expected, atol=1e-6 * max(lr))
        else:
            np.testing.assert_allclose(values, expected, rtol=1e-3)
        assert len(curve) == 20 or rate > 1e6
        assert ((curve > 0) & (curve < 1)).all()


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_rates_are_shown_from_zero(schedule: str) -> None:
    """A rate that stays looks level, without digits that say nothing; a cosine is a cosine."""
    experiment = Experiment(views=("rate",), lr=(0.1, 0.3), schedule=find_schedule(schedule))
    shown = panel(experiment, "rate")
    assert scale_of(shown) == "linear"
    low, high = values_of(shown, np.array([0.0, 1.0]))
    assert -0.02 < low < 0 < 0.3 < high < 0.33
    assert [label for label, _ in shown.beside()] == ["0", "0.1", "0.2", "0.3"]


def test_rates_that_differ_by_decades_are_on_a_log_scale() -> None:
    def scale(*lr: float) -> str:
        return scale_of(panel(Experiment(lr=lr, steps=5), "rate"))

    assert scale(0.001, 0.2) == "log"
    assert scale(0.01, 0.2) == "linear"


def test_the_rate_of_an_optimizer_is_its_own() -> None:
    experiment = Experiment(optimizers=optimizers("gd", "adam(lr=0.02)"), lr=(0.1,), steps=6)
    shown = panel(experiment, "rate")
    gd, adam = (values_of(shown, curve[:, 1]) for curve in curves(shown))
    np.testing.assert_allclose(gd, 0.1, atol=1e-9)
    np.testing.assert_allclose(adam, 0.02, atol=1e-9)


def test_the_error_is_measured_from_the_lowest_loss_that_is_known() -> None:
    result = run_experiment(Experiment(lr=(0.01, 0.1), steps=30))
    minimum = min(point.loss for point in result.critical_points)
    assert result.lowest_loss == min(minimum, *(run.trajectory.losses.min() for run in result.runs))
    shown = panel(Experiment(lr=(0.1,), steps=20), "error")
    assert scale_of(shown) == "log"
    (line,) = curves(shown)
    alone = run_experiment(Experiment(lr=(0.1,), steps=20))
    errors = alone.runs[0].trajectory.losses - minimum
    np.testing.assert_allclose(values_of(shown, line[:, 1]), errors, rtol=2e-3)


def test_each_parameter_has_a_curve_and_each_run_a_panel() -> None:
    experiment = Experiment(lr=(0.01, 0.1), steps=30, views=("parameters",))
    first, second = laid_out(experiment).panels
    for shown, run in zip((first, second), run_experiment(experiment).runs, strict=True):
        for line, column in zip(curves(shown), run.trajectory.points.T, strict=True):
            np.testing.assert_allclose(values_of(shown, line[:, 1]), column, atol=5e-3)
    assert legend_of(laid_out(experiment))[-2:] == [r"$\theta_1$", r"$\theta_2$"]


def test_epochs_are_passes_over_the_data() -> None:
    rows = f"least-squares({CARS}, x=speed, y=dist, standardize=yes)"
    listed = "batch=25 steps=8 | batch=10 steps=20 | steps=4"
    settings = Written(rows, start="0, 0", runs=listed, view="loss", against="epoch").settings
    (shown,) = laid_out(settings).panels
    for line, run in zip(curves(shown), run_experiment(settings).runs, strict=True):
        share = (line[:, 0] - line[0, 0]) / (curves(shown)[0][-1, 0] - line[0, 0])
        np.testing.assert_allclose(share, np.linspace(0, 1, run.method.steps + 1), atol=1e-9)
    assert shown.below()[-1][0] == "4"

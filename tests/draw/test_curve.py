"""Curves against the step: on which scale, and what is said of a run that overflows."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.axes import Axes

from sphinx_gdviz.core.experiment import Experiment
from sphinx_gdviz.core.losses.named import find_loss
from sphinx_gdviz.core.methods.schedules import find_schedule
from sphinx_gdviz.core.result import run as run_experiment
from sphinx_gdviz.draw.run_marks import LOST

from .drawing import laid_out, legend_of, optimizers

HILL = Experiment(loss=find_loss("x**2 - y**2"), lr=(0.1, 0.9, 1.2), steps=400)

MEASURED: tuple[str, ...] = ("loss", "gradient")


def panel(experiment: Experiment, view: str) -> Axes:
    settings = {**vars(experiment), "views": (view,)}
    names = Experiment.__dataclass_fields__
    return laid_out(Experiment(**{name: settings[name] for name in names})).axes[0]


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
    assert panel(experiment, view).get_yscale() == scale


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
    axes = panel(experiment, view)
    runs = run_experiment(experiment).runs
    curves = [line for line in axes.lines if line.get_label() != LOST]
    low, high = axes.get_ylim()
    for run, line in zip(runs, curves, strict=True):
        steps, values = line.get_data()
        norms = np.hypot(*run.trajectory.gradients.T)
        own = run.trajectory.losses if view == "loss" else norms
        np.testing.assert_array_equal(steps, np.arange(len(values)))
        positive = own[: len(values)] if axes.get_yscale() != "log" else np.maximum(own, 1e-300)
        expected = np.clip(positive[: len(values)], -1e300, 1e300)
        np.testing.assert_allclose(values, expected, rtol=1e-12)
        shown = values[values > 1e-300] if axes.get_yscale() == "log" else values
        assert ((shown >= low) & (shown <= high)).all()


@pytest.mark.parametrize("view", MEASURED)
def test_a_run_that_overflows_ends_with_a_mark(view: str) -> None:
    axes = panel(Experiment(loss=find_loss("x**4 + y**4"), lr=(0.5,), steps=20), view)
    (curve, mark) = axes.lines
    assert mark.get_label() == LOST
    np.testing.assert_array_equal(mark.get_xydata()[0], curve.get_xydata()[-1])
    assert len(curve.get_xdata()) < 20
    assert axes.get_xlim()[1] > 20, "the steps that were asked for"
    low, high = axes.get_ylim()
    assert low <= mark.get_ydata()[0] <= high


@pytest.mark.parametrize("view", MEASURED)
def test_a_run_that_stays_finite_has_no_such_mark(view: str) -> None:
    assert len(panel(Experiment(lr=(0.5,)), view).lines) == 1


@pytest.mark.parametrize("view", MEASURED)
def test_a_run_that_is_lost_at_once(view: str) -> None:
    """One point is all there is to show."""
    experiment = Experiment(lr=(1e308,), steps=5, views=(view,))
    assert LOST in legend_of(laid_out(experiment))
    (curve, _) = laid_out(experiment).axes[0].lines
    assert len(curve.get_xdata()) in (1, 2)


def test_a_gradient_without_a_value_at_the_start_leaves_an_empty_panel() -> None:
    experiment = Experiment(
        loss=find_loss("abs(x) + sqrt(abs(y))"), start=((0, 0),), views=MEASURED
    )
    loss, gradient = laid_out(experiment).axes
    assert len(loss.lines[0].get_xdata()) == 1
    assert all(len(line.get_xdata()) == 0 for line in gradient.lines)


def test_numbers_along_both_axes_are_in_order_and_apart() -> None:
    for experiment in (Experiment(), HILL, Experiment(lr=(1e300,), steps=5)):
        for view in MEASURED:
            axes = panel(experiment, view)
            numbers = [text for text in axes.texts if text.get_ha() == "right"]
            places = [text.get_position()[1] for text in numbers]
            assert len(places) >= 2
            assert (np.diff(places) > 0.05).all()
            assert min(places) >= -1e-9
            assert max(places) <= 1 + 1e-9


SCHEDULES = ("constant", "constant(warmup=5)", "cosine(warmup=5)", "step(every=7)", "exponential")


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("lr", [(0.1,), (0.1, 0.3), (1e-12,), (1e12,), (1e-12, 1e12)])
def test_the_rate_of_each_step_is_what_the_step_was_made_with(
    schedule: str, lr: tuple[float, ...]
) -> None:
    experiment = Experiment(views=("rate",), lr=lr, schedule=find_schedule(schedule), steps=20)
    axes = laid_out(experiment).axes[0]
    curves = [line for line in axes.lines if line.get_label() != LOST]
    low, high = axes.get_ylim()
    assert len(curves) == len(lr)
    for rate, line in zip(lr, curves, strict=True):
        steps, values = line.get_data()
        expected = rate * experiment.schedule.factors(20)
        np.testing.assert_array_equal(steps, np.arange(len(values)) + 1)
        np.testing.assert_allclose(values, expected[: len(values)], rtol=1e-12)
        assert len(values) == 20 or rate > 1e6
        assert ((values > low) & (values < high)).all()


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_rates_are_shown_from_zero(schedule: str) -> None:
    """A rate that stays looks level, without digits that say nothing; a cosine is a cosine."""
    experiment = Experiment(views=("rate",), lr=(0.1, 0.3), schedule=find_schedule(schedule))
    axes = laid_out(experiment).axes[0]
    assert axes.get_yscale() == "linear"
    low, high = axes.get_ylim()
    assert -0.02 < low < 0 < 0.3 < high < 0.33
    numbers = [text.get_text() for text in axes.texts if text.get_ha() == "right"]
    assert numbers == ["0", "0.1", "0.2", "0.3"]


def test_rates_that_differ_by_decades_are_on_a_log_scale() -> None:
    def scale(*lr: float) -> str:
        return laid_out(Experiment(views=("rate",), lr=lr, steps=5)).axes[0].get_yscale()

    assert scale(0.001, 0.2) == "log"
    assert scale(0.01, 0.2) == "linear"


def test_the_rate_of_an_optimizer_is_its_own() -> None:
    experiment = Experiment(
        views=("rate",), optimizers=optimizers("gd", "adam(lr=0.02)"), lr=(0.1,), steps=6
    )
    gd, adam = laid_out(experiment).axes[0].lines
    assert set(gd.get_ydata()) == {0.1}
    assert set(adam.get_ydata()) == {0.02}

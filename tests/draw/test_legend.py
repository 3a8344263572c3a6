"""The legend names what the figure has in it, once, and hides nothing."""

from __future__ import annotations

import pytest

from sphinx_gdviz.core.experiment import MARKS, Experiment

from .drawing import laid_out, legend_of

RATES = (0.01, 0.1, 0.3)
STARTS = ((1.5, 1.5), (-1.5, 1.5), (1.5, -1.5), (-1.5, -1.5))


@pytest.mark.parametrize(
    "experiment",
    [
        Experiment(),
        Experiment(width="30%"),
        Experiment(views=("surface",), width="3in", marks=MARKS),
        Experiment(lr=RATES, overlay=True),
        Experiment(lr=RATES, start=STARTS, overlay=True, marks=MARKS),
        Experiment(lr=RATES, start=STARTS[:3], overlay=True),
        Experiment(lr=tuple(k / 100 for k in range(1, 9)), start=STARTS[:3], overlay=True, steps=5),
        Experiment(lr=(0.123456789012, 0.2), start=((0.123456789012, -1.987654321098),) * 2),
        Experiment(lr=(1.05, 0.01), steps=400, views=("surface", "arrows", "loss"), marks=MARKS),
    ],
    ids=lambda e: f"{e.views} {e.width} {len(e.lr)} {len(e.start)}",
)
def test_it_hides_nothing_and_fits_the_page(experiment: Experiment) -> None:
    figure = laid_out(experiment)
    (legend,) = figure.legends
    box = legend.get_window_extent()
    width = figure.get_figwidth() * figure.dpi
    assert box.x0 >= -1
    assert box.x1 <= width + 1
    assert box.y0 >= -1
    for axes in figure.axes:
        texts = [text.get_window_extent().y0 for text in axes.texts if text.get_text()]
        assert box.y1 <= min([axes.get_window_extent().y0, *texts]) + 1


def test_of_one_run_it_names_the_parts() -> None:
    assert legend_of(laid_out(Experiment())) == ["Start", "Steps", "End"]
    assert legend_of(laid_out(Experiment(lr=RATES[:2]))) == ["Start", "Steps", "End"]


def test_of_several_runs_it_names_each_once() -> None:
    names = legend_of(laid_out(Experiment(lr=RATES, overlay=True, views=("contour", "loss"))))
    assert names == ["η = 0.01", "η = 0.1", "η = 0.3", "Start", "End"]
    names = legend_of(laid_out(Experiment(start=STARTS[:2], views=("contour",))))
    assert names == ["from (1.5, 1.5)", "from (−1.5, 1.5)", "Start", "End"]


def test_it_reads_along_the_rows() -> None:
    """With twelve runs it has rows: the first names the first runs, as in a text."""
    names = legend_of(laid_out(Experiment(lr=RATES, start=STARTS, overlay=True)))
    runs = [
        f"η = {rate} from ({x:g}, {y:g})".replace("-", "−") for rate in RATES for x, y in STARTS
    ]
    assert names[: len(runs)] == runs
    assert names[len(runs) :] == ["Start", "End"]


@pytest.mark.parametrize(
    ("experiment", "names"),
    [
        (Experiment(views=("contour",), lr=(1.05,)), {"Leaves the frame"}),
        (Experiment(views=("contour",), lr=(0.5,)), set()),
        (Experiment(views=("surface",), camera=(60, 20), start=((1.5, -1.2),)), {"Hidden"}),
        (Experiment(views=("surface",), camera=(-60, 80), start=((1.5, -1.2),)), set()),
        (Experiment(views=("arrows",)), {"Downhill"}),
        (Experiment(views=("contour",), marks=("minima",)), {"Minimum"}),
        (Experiment(views=("contour",), marks=MARKS), {"Minimum", "Saddle point"}),
        (Experiment(views=("contour", "loss"), lr=(1.05,), steps=9000), {"Leaves the frame"}),
    ],
)
def test_it_names_only_what_is_there(experiment: Experiment, names: set[str]) -> None:
    usual = {"Start", "Steps", "End", "No longer finite"}
    assert set(legend_of(laid_out(experiment))) - usual == names


def test_a_figure_of_one_curve_needs_none() -> None:
    assert laid_out(Experiment(views=("loss",))).legends == []

"""The page: nothing is cut off, and nothing stands on something else."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, permutations

import numpy as np
import pytest
from matplotlib.figure import Figure

from sphinx_gdviz.core.descent.maps import Axis
from sphinx_gdviz.core.experiment import VIEWS, Experiment
from sphinx_gdviz.core.losses.named import find_loss
from sphinx_gdviz.core.methods.schedules import find_schedule

from .drawing import laid_out, optimizers, style_of

ALL = tuple(VIEWS)

TOUCH = 0.02
"""Inches that the boxes of two texts may share; they have room for accents that are not there."""

ROSENBROCK = "(1-x)**2 + 100*(y-x**2)**2"
LONG = tuple(f"A rather long title of panel {k}: $x^2 + y^2$, once more" for k in range(12))


def on_other_plots(figure: Figure) -> list[str]:
    """Texts of one plot that stand on another."""
    return [
        text.get_text()
        for axes, other in permutations(figure.axes, 2)
        for text in (axes.title, *axes.texts)
        if text.get_text()
        and text.get_window_extent()
        .padded(-TOUCH / 2 * figure.dpi)
        .overlaps(other.get_window_extent())
    ]


def texts(figure: Figure) -> list[tuple[str, np.ndarray]]:
    """All texts, with their boxes in inches: left, bottom, right, top."""
    found = [text for axes in figure.axes for text in (*axes.texts, axes.title)]
    found += [text for legend in figure.legends for text in legend.get_texts()]
    return [
        (text.get_text(), text.get_window_extent().extents / figure.dpi)
        for text in found
        if text.get_text()
    ]


@pytest.mark.parametrize("views", [("contour",), ("surface",), ("loss",), ("arrows", "gradient")])
@pytest.mark.parametrize("count", range(1, 13))
def test_panels_of_any_number_stay_inside_the_page_and_apart(
    count: int, views: tuple[str, ...]
) -> None:
    rates = tuple(0.01 * (k + 1) for k in range(count))
    panels = len(Experiment(lr=rates, views=views).panels)
    titles = tuple(f"A title that is rather long, number {k}"[:24] for k in range(panels))
    figure = laid_out(Experiment(lr=rates, views=views, titles=titles, steps=3))
    boxes = [axes.get_position() for axes in figure.axes]
    plots = [axes for axes in figure.axes if axes.get_title()]
    assert len(plots) == panels
    for index, box in enumerate(boxes):
        assert box.x0 >= -1e-9
        assert box.x1 <= 1 + 1e-9
        assert box.y0 >= -1e-9
        assert box.y1 <= 1 + 1e-9
        shrunk = box.padded(-1e-6)
        assert not any(shrunk.overlaps(other) for other in boxes[index + 1 :])


@pytest.mark.parametrize(
    "experiment",
    [
        Experiment(),
        Experiment(width="3in"),
        Experiment(width="30%"),
        Experiment(lr=(0.01, 0.1, 0.5), views=ALL, overlay=True),
        Experiment(lr=tuple(0.01 * (k + 1) for k in range(12)), titles=LONG, steps=2),
        Experiment(
            lr=tuple(0.01 * (k + 1) for k in range(12)), views=("surface",), titles=LONG, steps=2
        ),
        Experiment(loss=find_loss("1e-12*(x**2 + y**2)"), lr=(1e11,), views=ALL),
        Experiment(loss=find_loss("1e-12*(x**2 + y**2)"), views=ALL),
        Experiment(loss=find_loss("1e12*(x**2 + y**2)"), lr=(1e-13,), views=ALL),
        Experiment(loss=find_loss("1e6 + x**2 + y**2"), views=ALL),
        Experiment(loss=find_loss(f"1e12*({ROSENBROCK})"), lr=(1e-15,), views=ALL),
        Experiment(
            loss=find_loss(ROSENBROCK),
            lr=(1e-3,),
            start=((-1.5, 1.5),),
            steps=500,
            views=ALL,
        ),
        Experiment(loss=find_loss("x**64 + y**2"), steps=5, views=ALL),
        Experiment(
            loss=find_loss("x**2 - y**2"), lr=(0.1, 0.9, 1.2), steps=400, views=("loss", "gradient")
        ),
        Experiment(lr=(1e300,), steps=5, views=ALL),
        Experiment(xlim=(-0.001, 0.001), ylim=(100.0, 1000.0), start=((0.0, 200.0),), views=ALL),
        Experiment(lr=(0.01, 0.1, 0.3), xlim=(-0.002, 0.002), ylim=(-2000, 2000), steps=3),
        Experiment(xlim=(0, 1e-9), ylim=(-1e9, 1e9), start=((0.0, 0.0),)),
        Experiment(views=("surface",), camera=(0.0, 90.0)),
        Experiment(views=("surface",), camera=(-90.0, 5.0)),
        Experiment(views=("surface",), camera=(30.0, 40.0)),
        Experiment(views=("surface",), camera=(135.0, 25.0)),
        Experiment(start=((1.5, 1.5), (-1.5, 1.5), (1.5, -1.5)), lr=(0.01, 0.1, 0.3), overlay=True),
    ],
    ids=lambda e: (
        f"{e.loss.description[:14]} {e.lr[0]:.3g} {e.width} {e.camera} {e.frame[0][0]} "
        f"{len(e.titles)}"
    ),
)
@pytest.mark.usefixtures("coarse")
def test_no_text_is_cut_off_or_stands_on_another(experiment: Experiment) -> None:
    assert faults(laid_out(experiment)) == ([], [], [])


def faults(figure: Figure) -> tuple[list[str], list[tuple[str, str]], list[str]]:
    """Texts that are cut off, that stand on each other, and that stand on another plot."""
    width, height = figure.get_size_inches()
    found = texts(figure)
    slack = TOUCH / 2
    cut_off = [
        text
        for text, (left, bottom, right, top) in found
        if left < -slack or bottom < -slack or right > width + slack or top > height + slack
    ]
    overlapping = [
        (text, other)
        for (text, a), (other, b) in combinations(found, 2)
        if (np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2]) > TOUCH).all()
    ]
    return cut_off, overlapping, on_other_plots(figure)


@pytest.mark.parametrize("size", [6, 9, 12, 15])
@pytest.mark.parametrize(
    "experiment",
    [
        Experiment(lr=(0.02, 0.1, 0.3)),
        Experiment(lr=(0.02, 0.1, 0.3), views=("surface", "contour", "loss"), overlay=True),
    ],
    ids=["rates", "overlay"],
)
def test_rooms_go_with_the_size_of_the_font(experiment: Experiment, size: int) -> None:
    """Nothing is cut off and nothing stands on another text, whatever the size of the letters."""
    figure = laid_out(replace(experiment, style=style_of(f"font.size: {size}")))
    width, height = figure.get_size_inches()
    boxes = texts(figure)
    for text, (left, bottom, right, top) in boxes:
        assert left >= -TOUCH, text
        assert bottom >= -TOUCH, text
        assert right <= width + TOUCH, text
        assert top <= height + TOUCH, text
    for (one, a), (other, b) in combinations(boxes, 2):
        apart = (
            a[2] < b[0] + TOUCH or b[2] < a[0] + TOUCH or a[3] < b[1] + TOUCH or b[3] < a[1] + TOUCH
        )
        assert apart, (one, other)


MAPS: tuple[str, ...] = ("outcomes", "bifurcation", "basins")
MANY = optimizers("momentum(momentum=0.5)", "momentum(momentum=0.95)", "adam(beta1=0.8, lr=0.02)")
STARTS = ((1.5, 1.5), (-1.25, 1.125), (1.0, -1.875))
SWEEPS = {
    "usual": (),
    "decades": (Axis("lr", 1e-6, 1e3, log=True),),
    "all decades": (Axis("lr", 1e-14, 1e14, log=True), Axis("x", -2.0, 2.0)),
    "narrow": (Axis("lr", 0.1, 0.11, log=True), Axis("y", 0.1, 0.11)),
    "half a decade": (Axis("lr", 0.02, 0.09, log=True),),
    "narrower": (Axis("lr", 0.1, 0.1001), Axis("x", 1.0, 1.00001)),
    "tiny": (Axis("lr", 1e-9, 9e-9),),
    "large": (Axis("x", -123456.0, -12345.0), Axis("lr", 10.0, 12345.0, log=True)),
    "negative": (Axis("x", -1.75, -0.25), Axis("y", -2.5, -0.125)),
}


@pytest.mark.parametrize("width", ["25%", "50%", "100%"])
@pytest.mark.parametrize("name", SWEEPS)
@pytest.mark.usefixtures("coarse")
def test_maps_of_many_runs_have_room_for_what_is_written(name: str, width: str) -> None:
    experiment = Experiment(views=MAPS, sweep=SWEEPS[name], width=width, steps=20)
    assert faults(laid_out(experiment)) == ([], [], [])


@pytest.mark.parametrize("size", [6, 9, 12, 15])
@pytest.mark.parametrize(
    "experiment",
    [
        Experiment(views=MAPS),
        Experiment(views=("bifurcation",), sweep=SWEEPS["decades"]),
        Experiment(views=("basins", "outcomes"), width="66%"),
        Experiment(views=("rate", "outcomes"), schedule=find_schedule("cosine(warmup=5)")),
    ],
    ids=lambda e: ", ".join(e.views),
)
@pytest.mark.usefixtures("coarse")
def test_maps_have_room_for_letters_of_any_size(experiment: Experiment, size: int) -> None:
    figure = laid_out(replace(experiment, style=style_of(f"font.size: {size}"), steps=20))
    assert faults(figure) == ([], [], [])


@pytest.mark.parametrize("width", ["25%", "40%", "66%", "100%"])
@pytest.mark.parametrize(
    "experiment",
    [
        Experiment(views=("basins",), lr=tuple(0.05 * (k + 1) for k in range(12))),
        Experiment(views=("basins",), optimizers=MANY, start=STARTS),
        Experiment(views=("contour", "basins", "rate"), optimizers=MANY, overlay=True),
        Experiment(views=("outcomes", "rate"), optimizers=MANY, start=STARTS),
        Experiment(
            views=("outcomes",),
            optimizers=optimizers("momentum", "nesterov"),
            sweep=(Axis("momentum", 0.0, 0.99), Axis("lr", 1e-4, 10.0, log=True)),
            lr=(0.1, 0.25, 0.5),
        ),
        Experiment(views=("bifurcation",), optimizers=MANY, lr=(0.1, 0.2)),
    ],
    ids=lambda e: f"{', '.join(e.views)} {len(e.optimizers)}",
)
@pytest.mark.usefixtures("coarse")
def test_many_panels_and_long_names_fit(experiment: Experiment, width: str) -> None:
    assert faults(laid_out(replace(experiment, width=width, steps=10))) == ([], [], [])


@pytest.mark.parametrize("schedule", ["constant", "cosine(warmup=5)", "step(every=7)"])
@pytest.mark.parametrize("lr", [(1e-12,), (1e12,), (1e-12, 1e12), (0.1, 0.3), (1e-5,)])
def test_numbers_of_rates_fit(lr: tuple[float, ...], schedule: str) -> None:
    shown = Experiment(views=("loss", "rate"), lr=lr, schedule=find_schedule(schedule), steps=40)
    assert faults(laid_out(shown)) == ([], [], [])

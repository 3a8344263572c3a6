"""The legend names what the figure has in it, once, and hides nothing."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from sphinx_gdviz.core.descent.maps import DIVERGED, UNSETTLED, Axis, Basins
from sphinx_gdviz.core.experiment import MARKS, Experiment
from sphinx_gdviz.core.losses.named import find_loss
from sphinx_gdviz.core.result import run
from sphinx_gdviz.draw import style
from sphinx_gdviz.draw.drawing import Fill, Mark, Marker, Polyline, Text

from .drawing import Page, colors_named, extent, laid_out, legend_of, optimizers

RATES = (0.01, 0.1, 0.3)
STARTS = ((1.5, 1.5), (-1.5, 1.5), (1.5, -1.5), (-1.5, -1.5))


@pytest.mark.parametrize(
    "experiment",
    [
        Experiment(),
        Experiment(width="30%"),
        Experiment(views=("surface",), width="3in", marks=tuple(MARKS)),
        Experiment(lr=RATES, overlay=True),
        Experiment(lr=RATES, start=STARTS, overlay=True, marks=tuple(MARKS)),
        Experiment(lr=RATES, start=STARTS[:3], overlay=True),
        Experiment(lr=tuple(k / 100 for k in range(1, 9)), start=STARTS[:3], overlay=True, steps=5),
        Experiment(lr=(0.123456789012, 0.2), start=((0.123456789012, -1.987654321098),) * 2),
        Experiment(
            lr=(1.05, 0.01), steps=400, views=("surface", "arrows", "loss"), marks=tuple(MARKS)
        ),
    ],
    ids=lambda e: f"{e.views} {e.width} {len(e.lr)} {len(e.start)}",
)
def test_it_hides_nothing_and_fits_the_page(experiment: Experiment) -> None:
    check_place(laid_out(experiment))


def check_place(page: Page) -> None:
    """Fail unless the legend is on the page, below all else, and its names do not touch."""
    texts = [text for text in page.texts if not any(text in part.marks for part in page.parts)]
    boxes = [extent(text) for text in texts]
    lowest = max(extent(text).bottom for part in page.parts for text in part.texts)
    samples = [place for _, marks in page.legend for mark in marks for place in points(mark)]
    assert min(box.top for box in boxes) >= max(lowest, *(p.box.bottom for p in page.parts))
    assert min(place[1] for place in samples) >= lowest
    for left, top, right, bottom in (
        *((box.left, box.top, box.right, box.bottom) for box in boxes),
        *((*place, *place) for place in samples),
    ):
        assert 0 <= left <= right <= page.drawing.width
        assert 0 <= top <= bottom <= page.drawing.height


def points(mark: Mark) -> np.ndarray:
    """All points of a sample, shape (n, 2)."""
    painted = mark.painted() if isinstance(mark, Marker) else mark
    assert isinstance(painted, Fill | Polyline)
    return np.concatenate(painted.polygons if isinstance(painted, Fill) else painted.lines)


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
        (Experiment(views=("contour",), marks=tuple(MARKS)), {"Minimum", "Saddle point"}),
        (Experiment(views=("contour", "loss"), lr=(1.05,), steps=9000), {"Leaves the frame"}),
    ],
)
def test_it_names_only_what_is_there(experiment: Experiment, names: set[str]) -> None:
    usual = {"Start", "Steps", "End", "No longer finite"}
    assert set(legend_of(laid_out(experiment))) - usual == names


def test_a_figure_of_one_curve_needs_none() -> None:
    assert legend_of(laid_out(Experiment(views=("loss",)))) == []


# Maps.

LOG = Axis("lr", 0.01, 10.0, log=True)
WAVES = find_loss("sin(x)**2 + sin(y)**2")


def map_colors(page: Page) -> set[str]:
    """The colors in the images of a page, but for what is not seen."""
    found: set[str] = set()
    for image in (image for panel in page.panels for image in panel.images):
        pixels = image.render(300.0).pixels.reshape(-1, 4)
        seen = np.unique(pixels[pixels[:, 3] == 255], axis=0)
        found |= {f"#{red:02x}{green:02x}{blue:02x}" for red, green, blue, _ in seen.tolist()}
    return found


def patches(page: Page) -> dict[str, str]:
    """The names of colors of maps: those before which a patch stands, and the parameters."""
    return {
        name: colors_named(page)[name]
        for name, (sample, *_) in page.legend
        if isinstance(sample, Fill) or name in (r"$\theta_1$", r"$\theta_2$")
    }


@pytest.mark.parametrize(
    "experiment",
    [
        Experiment(views=("basins",)),
        Experiment(views=("basins",), lr=(0.1, 9.0), steps=200),
        Experiment(views=("basins", "outcomes", "bifurcation"), sweep=(LOG,), steps=80),
        Experiment(views=("outcomes",), loss=find_loss("0*x")),
        Experiment(views=("outcomes",), sweep=(Axis("lr", 5.0, 9.0),)),
        Experiment(views=("bifurcation",), loss=find_loss("x**2 + 0*y"), start=((1.0, 9.0),)),
        Experiment(views=("bifurcation", "outcomes"), optimizers=optimizers("gd", "adam")),
        Experiment(
            views=("outcomes",),
            loss=find_loss("x**2 - y**2"),
            sweep=(Axis("lr", 0.01, 1.2), Axis("y", 0.0, 1e-300)),
        ),
    ],
    ids=lambda e: f"{e.views} {e.loss.description[:9]} {e.lr} {e.sweep[:1]}",
)
@pytest.mark.usefixtures("coarse")
def test_it_names_the_colors_of_maps_and_no_others(experiment: Experiment) -> None:
    page = laid_out(experiment)
    assert set(patches(page).values()) == map_colors(page)
    names = legend_of(page)
    assert len(set(names)) == len(names)


@pytest.mark.usefixtures("coarse")
def test_what_diverged_has_one_name_in_all_maps() -> None:
    experiment = Experiment(
        loss=find_loss("x**4 + y**4"), views=("basins", "outcomes"), lr=(0.5,), sweep=(LOG,)
    )
    page = laid_out(experiment)
    colors = list(patches(page).values())
    assert colors.count(style.DIVERGED) == 1
    assert style.DIVERGED in map_colors(page)


@pytest.mark.usefixtures("coarse")
def test_of_more_points_than_colors_it_shows_all_colors_at_once() -> None:
    experiment = Experiment(loss=WAVES, xlim=(-6, 6), ylim=(-6, 6), views=("basins",))
    (shown,) = run(experiment).maps
    assert isinstance(shown, Basins)
    count = len(shown.destinations)
    assert count > len(style.BASINS)
    page = laid_out(experiment)
    assert f"to one of {count} points" in legend_of(page)
    assert not any(name.startswith("to (") for name in legend_of(page))
    swatches = dict(page.legend)[f"to one of {count} points"]
    assert [swatch.color for swatch in swatches if isinstance(swatch, Fill)] == [*style.BASINS]
    for one, other in pairwise(map(points, swatches)):
        assert one[:, 0].max() == pytest.approx(other[:, 0].min()), "side by side"
    assert style.UNSETTLED in map_colors(page)
    assert map_colors(page) == {*style.BASINS, style.UNSETTLED}


def basins_of(labels: list[int]) -> Page:
    """A page of basins with no destinations, and these labels in its rows."""
    experiment = Experiment(views=("basins",), steps=3)
    shown = Basins((), np.repeat(np.array(labels, np.int16)[:, np.newaxis], 4, axis=1))
    return laid_out(replace(run(experiment), maps=(shown,)))


@pytest.mark.usefixtures("coarse")
@pytest.mark.parametrize(
    ("labels", "names"),
    [
        ([UNSETTLED] * 4, {"to no single point"}),
        ([DIVERGED] * 4, {"diverged"}),
        ([UNSETTLED, DIVERGED], {"to no single point", "diverged"}),
    ],
)
def test_basins_of_no_point_at_all(labels: list[int], names: set[str]) -> None:
    """A flat loss, say, or runs that all diverge."""
    page = basins_of(labels)
    assert set(legend_of(page)) == {"Start", "Steps", "End", *names}
    assert map_colors(page) == set(patches(page).values())


@pytest.mark.usefixtures("coarse")
def test_points_that_are_close_are_named_as_exactly_as_it_takes() -> None:
    loss = find_loss("1e9*((x - 1)**2 - 1e-8)**2 + y**2")
    lies = {"xlim": (0.9997, 1.0003), "ylim": (-0.0003, 0.0003)}
    experiment = Experiment(
        loss=loss, **lies, views=("basins",), start=((1.00005, 0.0001),), lr=(0.01,), steps=600
    )
    names = [name for name in legend_of(laid_out(experiment)) if name.startswith("to (")]
    assert sorted(names) == ["to (0.9999, 0)", "to (1.0001, 0)"]


@pytest.mark.usefixtures("coarse")
def test_a_sweep_of_several_rates_tells_no_runs_apart() -> None:
    """It draws none of them: the other panels have one run each, and a title that names it."""
    alone = Experiment(lr=(0.1, 0.2), views=("contour",))
    beside = Experiment(lr=(0.1, 0.2), views=("contour", "outcomes"))
    assert (
        legend_of(laid_out(beside))[:3] == legend_of(laid_out(alone)) == ["Start", "Steps", "End"]
    )


@pytest.mark.parametrize("width", ["25%", "40%"])
def test_a_long_name_is_broken_where_the_page_is_narrow(width: str) -> None:
    experiment = Experiment(
        views=("loss",),
        optimizers=optimizers("momentum(momentum=0.5)", "momentum(momentum=0.95)"),
        start=STARTS[:2],
        width=width,
        steps=5,
    )
    page = laid_out(experiment)
    names = legend_of(page)
    assert any("\n" in name for name in names)
    words = " ".join(names[0].split())
    assert words == "Momentum (momentum 0.5) from (1.5, 1.5)"
    check_place(page)


def test_a_style_may_ask_for_a_frame() -> None:
    """It holds all names, lies behind them, and is on the page."""
    experiment = Experiment(lr=RATES, overlay=True, views=("contour",))
    framed = laid_out(replace(experiment, style=(("legend.frameon", True),))).drawing
    bare = laid_out(experiment).drawing
    assert len(framed.marks) == len(bare.marks) + 1
    (frame,) = [
        mark
        for mark in framed.marks
        if isinstance(mark, Fill) and mark.edge == "#cccccc" and len(mark.polygons) == 1
    ]
    names = [extent(mark) for mark in framed.marks[-6:] if isinstance(mark, Text)]
    (left, top), (right, bottom) = frame.polygons[0].min(axis=0), frame.polygons[0].max(axis=0)
    assert names
    assert 0 < left < min(box.left for box in names)
    assert top < min(box.top for box in names)
    assert max(box.right for box in names) < right < framed.width
    assert max(box.bottom for box in names) < bottom < framed.height

"""Maps of many runs: what is at a place of the picture is what a single run from there does."""

from __future__ import annotations

import base64
import io
import re
import warnings
import xml.etree.ElementTree as ET
from dataclasses import dataclass, replace

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.colors import to_hex
from PIL import Image

from sphinx_gdviz.core.descent.maps import CELLS, RATES, STARTS, Axis, Basins, Bifurcation
from sphinx_gdviz.core.descent.run import descend, follow
from sphinx_gdviz.core.experiment import Experiment
from sphinx_gdviz.core.losses.base import FormulaLoss
from sphinx_gdviz.core.losses.dataset import read_dataset
from sphinx_gdviz.core.losses.logistic import LogisticRegression
from sphinx_gdviz.core.losses.named import find_loss
from sphinx_gdviz.core.methods.schedules import find_schedule
from sphinx_gdviz.core.report.describe import KIND_NAMES, rounded_point
from sphinx_gdviz.core.result import Result, run
from sphinx_gdviz.core.views import VIEWS
from sphinx_gdviz.draw import style
from sphinx_gdviz.draw.axes import axis_edge
from sphinx_gdviz.draw.drawing import Plot
from sphinx_gdviz.draw.figure import draw
from sphinx_gdviz.draw.views.sweeps import STABLE

from .drawing import Page, Part, colors_named, laid_out, legend_of, number, optimizers

SVG, XLINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}"
SWEEPS = tuple(name for name, view in VIEWS.items() if view.is_sweep)
INK = np.array([0x22] * 3)
LOG = Axis("lr", 0.01, 10.0, log=True)
TILTED = find_loss("x**2 + y**2 - 0.2*x**3 - 0.2*y**3")
"""A loss from which runs from below diverge sooner than those from above."""
HILLS = Experiment(
    loss=find_loss("himmelblau"),
    lr=(0.01,),
    start=((0.0, 0.0),),
    steps=200,
    views=("basins",),
    optimizers=optimizers("gd", "momentum(momentum=0.5)"),
)
VERDICTS = Experiment(loss=TILTED, views=("outcomes",), sweep=(LOG,))
FORKS = Experiment(views=("bifurcation",), sweep=(Axis("lr", 0.2, 0.5),), steps=200)


@dataclass(frozen=True)
class Printed:
    """A figure, its PNG at 300 dpi, and the images in its SVG with their places in points."""

    page: Page
    pixels: np.ndarray
    images: list[tuple[Image.Image, np.ndarray]]

    @property
    def panels(self) -> list[Part]:
        return self.page.panels

    def at(self, place: np.ndarray) -> str:
        """The color that is most frequent around a place of the PNG."""
        column, row = (place / 72 * 300).astype(int)
        around = self.pixels[max(0, row - 4) : row + 5, max(0, column - 4) : column + 5]
        colors, counts = np.unique(around.reshape(-1, 3), axis=0, return_counts=True)
        return to_hex(colors[counts.argmax()] / 255)

    def in_svg(self, place: np.ndarray) -> str:
        """The color of the pixel of an SVG's image that lies at a place."""
        x, y = place
        for image, (left, top, across, up) in self.images:
            column, row = (x - left) / across * image.width, (y - top) / up * image.height
            if 0 <= column < image.width and 0 <= row < image.height:
                return to_hex(np.array(image.getpixel((int(column), int(row)))[:3]) / 255)
        raise AssertionError("there is no image at this place")


def share(panel: Part, across: float, up: float) -> np.ndarray:
    """A place in a panel, from 0 at its left and lower edges to 1 at the others."""
    return Plot(panel.box, (0, 1), (0, 1)).place(np.array([across, up]))


def parameters(panel: Part, x: float, y: float) -> np.ndarray:
    """A place in a panel whose axes go from −6 to 6."""
    return Plot(panel.box, (-6, 6), (-6, 6)).place(np.array([x, y]))


def name_of(point: tuple[float, float]) -> str:
    return f"to {rounded_point(point)}"


def printed(shown: Experiment | Result) -> Printed:
    result = run(shown) if isinstance(shown, Experiment) else shown
    files = draw(result, ["svg", "png"])
    pixels = np.asarray(Image.open(io.BytesIO(files["png"])).convert("RGB"), int)
    root = ET.fromstring(files["svg"])
    by_name: dict[str, tuple[Image.Image, list[str]]] = {}
    for element in root.iter(f"{SVG}image"):
        data = base64.b64decode(element.attrib[f"{XLINK}href"].partition(",")[2])
        size = [element.attrib["width"], element.attrib["height"]]
        image = Image.open(io.BytesIO(data)).convert("RGBA")
        by_name[f"#{element.attrib['id']}"] = image, size
    images = []
    for use in root.iter(f"{SVG}use"):
        if found := by_name.get(use.attrib[f"{XLINK}href"]):
            box = [use.attrib["x"], use.attrib["y"], *found[1]]
            images.append((found[0], np.array(box, float) / 100))
    return Printed(laid_out(result), pixels, images)


def middles(axis: Axis, count: int, wanted: list[int]) -> list[float]:
    return axis.values(count)[wanted].tolist()


# Basins.


def test_the_color_at_a_start_is_that_of_where_its_run_ends() -> None:
    shown = printed(HILLS)
    names = colors_named(shown.page)
    wanted = np.random.RandomState(5).randint(8, STARTS - 8, (16, 2)).tolist()
    seen: set[str] = set()
    for panel, method in zip(shown.panels, HILLS.methods, strict=True):
        for column, row in wanted:
            (x,), (y,) = (
                middles(Axis("", -6, 6), STARTS, [column]),
                middles(Axis("", -6, 6), STARTS, [row]),
            )
            verdict = follow(HILLS.loss, method, (x, y)).verdict
            name = {"slow": "to no single point", "oscillating": "to no single point"}.get(
                verdict.kind, KIND_NAMES["diverged"]
            )
            if verdict.point:
                name = name_of(verdict.point)
            assert shown.in_svg(parameters(panel, x, y)) == names[name], (x, y, verdict)
            seen.add(name)
    assert len(seen) >= 4


def test_the_print_shows_the_same_basins_the_right_way_up() -> None:
    shown = printed(HILLS)
    names = colors_named(shown.page)
    panel = shown.panels[0]
    for minimum in ((-2.805, 3.131), (-3.779, -3.283), (3.584, -1.848)):
        beside = minimum[0] + 0.9, minimum[1] + 0.5  # not under its mark
        assert shown.at(parameters(panel, *beside)) == names[name_of(minimum)]


def test_a_destination_has_one_color_in_all_panels() -> None:
    """Also where another finds only some of the points, and those a little beside."""
    result = run(HILLS)
    first = result.maps[0]
    assert isinstance(first, Basins)
    _, second, _, fourth = first.destinations
    x, y = second.point
    some = (replace(second, point=(x + 1e-3, y)), fourth)
    labels = np.repeat([[0], [1]], 4, axis=1).astype(np.int16)
    shown = printed(replace(result, maps=(first, Basins(some, labels))))
    names = colors_named(shown.page)
    assert len([name for name in names if name.startswith("to (")]) == 4
    for point, y in ((second, -5.0), (fourth, 5.0)):
        assert shown.in_svg(parameters(shown.panels[1], -5.0, y)) == names[name_of(point.point)]


# Outcomes.


def test_the_color_at_a_rate_and_a_start_is_the_verdict_of_that_run() -> None:
    shown = printed(VERDICTS)
    (panel,) = shown.panels
    names = colors_named(shown.page)
    seen = set()
    columns = [3, 50, 90, 107, 110, 114, 118, 125, 150]
    for lr, column in zip(middles(LOG, CELLS, columns), columns, strict=True):
        for y, row in zip(
            middles(Axis("y", -2, 2), CELLS, [2, 40, 150]), (2, 40, 150), strict=True
        ):
            kind = descend(VERDICTS.loss, lr=lr, start=(1.5, y), steps=50).verdict.kind
            place = (column + 0.5) / CELLS, (row + 0.5) / CELLS
            assert shown.in_svg(share(panel, *place)) == names[KIND_NAMES[kind]], (lr, y)
            seen.add(kind)
    assert seen == {"slow", "converged", "oscillating", "diverged"}


def test_the_print_shows_the_same_outcomes_the_right_way_up() -> None:
    """Numbers at the axes and colors belong together: from below, runs diverge sooner."""
    shown = printed(VERDICTS)
    (panel,) = shown.panels
    names = colors_named(shown.page)
    ticks = dict(panel.beside())
    assert ticks["−2"] == pytest.approx(0, abs=1e-9)
    assert ticks["2"] == pytest.approx(1)
    across = float(LOG.share(np.array(0.93)))
    assert shown.at(share(panel, across, 0.03)) == names["diverged"]
    assert shown.at(share(panel, across, 0.6)) == names["converged"]


def test_settings_change_along_the_axes_that_are_named_after_them() -> None:
    sweep = Axis("momentum", 0.0, 0.99), Axis("lr", 0.01, 1.0, log=True)
    experiment = Experiment(views=("outcomes",), optimizers=optimizers("momentum"), sweep=sweep)
    shown = printed(experiment)
    (panel,) = shown.panels
    names = colors_named(shown.page)
    assert {"Momentum", "Learning rate"} <= panel.words
    for column, row in ((10, 5), (10, 100), (100, 100), (10, 155), (40, 60)):
        (momentum,), (lr,) = (
            middles(axis, CELLS, [n]) for axis, n in zip(sweep, (column, row), strict=True)
        )
        run = descend(optimizer="momentum", settings={"momentum": momentum}, lr=lr)
        place = (column + 0.5) / CELLS, (row + 0.5) / CELLS
        assert shown.in_svg(share(panel, *place)) == names[KIND_NAMES[str(run.verdicts.kinds)]]


# Bifurcations.


def scale_of(panel: Part) -> tuple[float, float]:
    """What lies at the lower and the upper end of a panel, by the numbers at its edge."""
    ticks = [(place, number(label)) for label, place in panel.beside()]
    (part, value), (other_part, other) = ticks[0], ticks[-1]
    slope = (other - value) / (other_part - part)
    return value - slope * part, value + slope * (1 - part)


@pytest.mark.parametrize("width", ["100%", "2in"])
def test_ink_is_where_single_runs_settle_and_nowhere_else(width: str) -> None:
    experiment = replace(FORKS, width=width)
    shown = printed(experiment)
    (panel,) = shown.panels
    low, high = scale_of(panel)
    ((image, _),) = shown.images
    seen = np.asarray(image)[::-1, :, 3] > 0
    fold, rest = divmod(RATES, image.width)
    assert rest == 0
    rates = experiment.across.values(RATES)
    for column in np.linspace(2, image.width - 3, 24).astype(int).tolist():
        together = rates[column * fold : (column + 1) * fold]
        start = np.tile([1.5, 1.5], (fold, 1))
        later = descend(lr=together, start=start, steps=experiment.steps).points[-100:]
        settled = (later.reshape(-1) - low) / (high - low) * image.height
        inked = np.flatnonzero(seen[:, column]) + 0.5
        assert len(inked)
        apart = np.abs(settled[:, np.newaxis] - inked)
        assert apart.min(axis=1).max() <= 1.5, "each iterate has ink"
        assert apart.min(axis=0).max() <= 1.5, "and all ink is an iterate's"


def test_what_is_frequent_is_strong_and_lets_no_paper_through() -> None:
    """A settled run is there hundreds of times, one without a period once; on any paper."""
    shown = printed(replace(FORKS, sweep=(Axis("lr", 0.2, 0.6),)))
    ((image, _),) = shown.images
    opacity = np.asarray(image)[..., 3]
    assert set(np.unique(opacity[:, : image.width // 4])) == {0, 255}
    assert len(np.unique(opacity[:, -image.width // 8 :])) >= 4


def test_two_parameters_that_are_the_same_are_both_seen() -> None:
    shown = printed(replace(FORKS, loss=TILTED, sweep=(Axis("lr", 0.1, 0.9),)))
    ((image, _),) = shown.images
    pixels = np.asarray(image)
    seen = pixels[pixels[..., 3] > 0][:, :3]
    colors, counts = np.unique(seen, axis=0, return_counts=True)
    names = colors_named(shown.page)
    inks = {to_hex(color / 255) for color in colors}
    assert {names[r"$\theta_1$"], names[r"$\theta_2$"]} == inks
    assert counts.min() > 0.3 * counts.sum()


def test_names_are_those_of_the_parameters() -> None:
    loss = FormulaLoss("b**2 + phi0**2 + b*phi0", parameters=("phi0", "b"))
    assert axis_edge(Axis("phi0", 0.0, 1.0), loss).name == r"Start $\phi_0$"
    assert axis_edge(Axis("y", 0.0, 1.0), TILTED).name == r"Start $\theta_2$"
    page = laid_out(replace(FORKS, loss=loss, sweep=(Axis("b", 0.2, 0.9),)))
    assert {r"$\phi_0$", "$b$"} <= set(colors_named(page))
    assert "Start $b$" in page.panels[0].words


def test_its_colors_are_of_no_named_run() -> None:
    two = Experiment(views=("bifurcation", "contour"), start=((1.5, 1.5), (-1.0, 1.0)), steps=60)
    names = colors_named(laid_out(two))
    assert len(set(names.values())) == len(names) == 5


def test_of_runs_that_all_diverge_there_is_a_frame_and_nothing_in_it() -> None:
    experiment = replace(FORKS, sweep=(Axis("lr", 5.0, 9.0),), lr=(5.0,), steps=60)
    result = run(experiment)
    (iterates,) = result.maps
    assert isinstance(iterates, Bifurcation)
    assert np.isnan(iterates.points).all()
    shown = printed(experiment)
    ((image, _),) = shown.images
    assert not np.asarray(image)[..., 3].any()
    assert legend_of(shown.page) == []
    words = {"−2", "2", "5", "9", "Learning rate", "Later iterates"}
    assert words <= shown.panels[0].words


# Axes.


@pytest.mark.parametrize(
    "axis",
    [
        LOG,
        Axis("lr", 0.02, 0.09, log=True),
        Axis("lr", 0.1, 0.11, log=True),
        Axis("lr", 0.03, 3.0, log=True),
        Axis("lr", 1e-6, 1e3, log=True),
        Axis("lr", 1e-140, 1e140, log=True),
        Axis("lr", 0.1, 0.11),
        Axis("lr", 1e-9, 9e-9),
        Axis("x", -12345.0, -0.25),
    ],
    ids=lambda axis: f"{axis.low} {axis.high} {axis.log}",
)
def test_an_axis_has_enough_numbers_and_has_them_where_they_belong(axis: Axis) -> None:
    edge = axis_edge(axis, TILTED)
    assert (3 if axis.log else 2) <= len(edge.labels) <= 8
    powers = re.search(r"×(10\S+)\)", edge.name)
    unit = number(powers[1]) if powers else 1.0
    values = np.array([number(label) for label in edge.labels]) * unit
    np.testing.assert_allclose(axis.share(values), edge.normalized, atol=1e-6)
    assert edge.normalized.min() >= -1e-9
    assert edge.normalized.max() <= 1 + 1e-9


# The line at the largest stable rate.

STEEP = find_loss("3*x**2 + y**2")
"""Its largest curvature is 6."""


def dark_columns(shown: Printed, panel: Part) -> np.ndarray:
    """The columns of the print that are dark in a third of a panel, away from its frame."""
    box = np.array([panel.box.left, panel.box.top, panel.box.right, panel.box.bottom])
    left, top, right, bottom = (box / 72 * 300).astype(int)
    inside = shown.pixels[top + 5 : bottom - 4, left + 5 : right - 4]
    dark = (inside.max(axis=-1) < 60).mean(axis=0) > 0.33
    return np.flatnonzero(dark) + left + 5.5


@pytest.mark.parametrize("view", SWEEPS)
@pytest.mark.parametrize("axis", [Axis("lr", 0.05, 0.5), Axis("lr", 0.001, 2.0, log=True)])
def test_the_dashed_line_stands_at_two_over_the_largest_curvature(view: str, axis: Axis) -> None:
    shown = printed(Experiment(loss=STEEP, views=(view,), sweep=(axis,)))
    (panel,) = shown.panels
    found = dark_columns(shown, panel)
    assert 2 <= len(found) <= 7, "a line of one point"
    expected = share(panel, float(axis.share(np.array(1 / 3))), 0.5)[0] / 72 * 300
    assert found.mean() == pytest.approx(expected, abs=1)
    assert STABLE in legend_of(laid_out(Experiment(loss=STEEP, views=(view,), sweep=(axis,))))


def test_there_is_one_for_each_minimum_that_runs_come_to() -> None:
    """From the left to a minimum that is steep, from the right to one that is not."""
    loss = find_loss("x**4 - 2*x**2 + 0.3*x**3 + y**2")
    starts = ((-1.5, 0.5), (1.5, 0.5))
    runs = [descend(loss, lr=0.05, start=start, steps=150).verdict.point for start in starts]
    curved = [12 * x**2 - 4 + 1.8 * x for x, _ in runs]
    axis = Axis("lr", 0.01, 0.5)
    experiment = Experiment(
        loss=loss, views=("outcomes",), lr=(0.05,), start=starts, sweep=(axis,), steps=150
    )
    shown = printed(experiment)
    found = dark_columns(shown, shown.panels[0])
    expected = sorted(
        share(shown.panels[0], float(axis.share(np.array(2 / c))), 0.5)[0] / 72 * 300
        for c in curved
    )
    groups = np.split(found, np.flatnonzero(np.diff(found) > 3) + 1)
    assert [group.mean() for group in groups] == pytest.approx(expected, abs=1)


@pytest.mark.parametrize(
    "experiment",
    [
        Experiment(optimizers=optimizers("momentum(momentum=0.3)"), sweep=(Axis("lr", 0.05, 0.5),)),
        Experiment(optimizers=optimizers("adam"), sweep=(Axis("lr", 0.05, 0.5),)),
        Experiment(sweep=(Axis("x", -2.0, 2.0),)),
        Experiment(sweep=(Axis("x", 0.1, 0.5),)),
        Experiment(optimizers=optimizers("momentum"), sweep=(Axis("momentum", 0.0, 0.9),)),
        Experiment(schedule=find_schedule("cosine"), sweep=(Axis("lr", 0.05, 0.5),)),
        Experiment(lr=(5.0,), sweep=(Axis("lr", 0.05, 0.5),)),
        Experiment(sweep=(Axis("lr", 0.4, 0.5),)),
        Experiment(sweep=(Axis("lr", 0.01, 0.3),)),
        Experiment(loss=find_loss("x**2 - y**2"), start=((1.0, 0.0),), sweep=()),
    ],
    ids=lambda e: f"{e.optimizers[0].name} {e.schedule.kind} {e.lr} {e.sweep}",
)
@pytest.mark.usefixtures("coarse")
def test_there_is_no_line_where_it_would_say_nothing(experiment: Experiment) -> None:
    loss = STEEP if experiment.sweep else experiment.loss
    views: tuple[str, ...] = ("outcomes", "bifurcation")
    shown = printed(replace(experiment, loss=loss, views=views, steps=400))
    assert STABLE not in legend_of(shown.page)
    names = colors_named(shown.page)
    assert len(dark_columns(shown, shown.panels[1])) == 0
    # The border of what diverges is an edge; a line would be darker.
    assert style.MARK not in names.values()
    assert len(dark_columns(shown, shown.panels[0])) == 0


@pytest.mark.usefixtures("coarse")
def test_the_line_is_seen_on_dark_pages_and_dark_colors_too() -> None:
    """Over verdicts it is dark and light by turns, and stays so; over paper it turns with it."""
    experiment = Experiment(loss=STEEP, views=SWEEPS, sweep=(Axis("lr", 0.05, 0.5),))
    with mpl.rc_context(style.settings()):
        turned = style.dark_colors()
    outcomes, forks = laid_out(experiment).panels

    def lines(panel: Part) -> list[str]:
        (named,) = panel.lines(STABLE)
        place = named.lines[0].tolist()
        return [line.color for line in panel.lines("", STABLE) if line.lines[0].tolist() == place]

    assert lines(outcomes) == [style.CASING, style.MARK]
    assert lines(forks) == ["#222222"]
    assert not {style.CASING, style.MARK} & set(turned)
    assert "#222222" in turned
    with mpl.rc_context(style.settings("dark_background")):
        paper, ink = (to_hex(mpl.rcParams[key]) for key in ("axes.facecolor", "axes.edgecolor"))
    dark = laid_out(replace(experiment, style="dark_background")).panels[1]
    assert lines(dark) == [ink]
    assert (paper, ink) == ("#000000", "#ffffff")


# Odd results, and the same bytes.

ROWS = b"x,y\n-1.2,0\n-0.8,0\n-0.2,1\n0.1,0\n0.9,1\n1.5,1\n"
FITTED = LogisticRegression(read_dataset(ROWS, "rows.csv", "x", "y"))
MAPS: tuple[str, ...] = ("basins", "outcomes", "bifurcation")


@pytest.mark.parametrize(
    "experiment",
    [
        Experiment(lr=(9.0,), sweep=(Axis("lr", 5.0, 9.0),), steps=30),
        Experiment(loss=find_loss("0*x*y")),
        Experiment(loss=find_loss("0*x*y + 3"), steps=1),
        Experiment(loss=find_loss("log(x) + y**2"), xlim=(-2, 2), sweep=(Axis("x", -2.0, 2.0),)),
        Experiment(loss=find_loss("sqrt(x - y)"), sweep=(Axis("y", -2.0, 2.0), Axis("x", -2, 2))),
        Experiment(clip=(-1.0, 0.5)),
        Experiment(noise=0.3, seed=4),
        Experiment(loss=FITTED, batch=2, seed=1, start=((0.0, 0.0),), sweep=(LOG,)),
        Experiment(loss=find_loss("x**2 - y**2"), steps=400, sweep=(Axis("lr", 0.01, 2.0),)),
        Experiment(loss=find_loss("1/(x - y)**2"), start=((1.0, 0.0),)),
        Experiment(
            loss=find_loss("1e250*(x**2 + y**2)"), sweep=(Axis("lr", 1e-254, 1e-248, True),)
        ),
        Experiment(loss=find_loss("1e-250*(x**2 + y**2)"), sweep=(Axis("lr", 1e240, 1e255, True),)),
        Experiment(sweep=(Axis("lr", 1e-140, 1e140, log=True),)),
        Experiment(sweep=(Axis("lr", 0.1, 0.1 + 1e-12),)),
        Experiment(xlim=(-0.001, 0.001), ylim=(100.0, 1000.0), start=((0.0, 200.0),)),
        Experiment(steps=1),
        Experiment(start=((50.0, -80.0),)),
        Experiment(schedule=find_schedule("cosine(warmup=5)")),
        Experiment(
            optimizers=optimizers("adam", "rmsprop"), views=("bifurcation",), overlay=True, steps=20
        ),
    ],
    ids=lambda e: f"{e.loss.description} {e.lr} {e.sweep}",
)
@pytest.mark.usefixtures("coarse")
def test_odd_maps_draw_without_a_word(experiment: Experiment) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        files = draw(
            run(replace(experiment, views=experiment.views or MAPS)), ["svg", "pdf", "png"]
        )
    assert len(files["pdf"]) > 1000
    outlines = re.findall(rb' d="([^"]*)"', files["svg"])
    assert outlines
    assert not any(word in outline for word in (b"nan", b"inf") for outline in outlines)


@pytest.mark.usefixtures("coarse")
def test_the_same_bytes_twice_and_from_what_was_kept() -> None:
    experiment = Experiment(
        views=(*MAPS, "rate"), optimizers=optimizers("gd", "momentum"), sweep=(LOG,), steps=30
    )
    result = run(experiment)
    files = draw(result, ["svg", "pdf", "png"])
    assert draw(run(experiment), ["svg", "pdf", "png"]) == files
    kept = Result.from_bytes(experiment, result.to_bytes())
    assert draw(kept, ["svg", "pdf", "png"]) == files

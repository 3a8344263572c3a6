"""Whole figures: every layout draws, keeps its size, and says the same thing in the same bytes."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import warnings
import xml.etree.ElementTree as ET

import matplotlib as mpl
import matplotlib.image
import numpy as np
import pytest

from sphinx_gdviz.core.experiment import MARKS, Experiment
from sphinx_gdviz.core.losses.named import find_loss
from sphinx_gdviz.core.result import run
from sphinx_gdviz.core.views import views_of
from sphinx_gdviz.draw import figure
from sphinx_gdviz.draw.drawing import Drawing, Polyline
from sphinx_gdviz.draw.figure import draw, draw_with_remarks
from sphinx_gdviz.draw.run_marks import APART, LOST, STEPS
from sphinx_gdviz.draw.scene import Scene

from .drawing import extent, laid_out, legend_of

ALL = views_of(2)

SINGLE = Experiment()
RATES = Experiment(lr=(0.01, 0.1, 0.5), clip=(-3, 3), xlim=(-2.5, 2.5), ylim=(-2.5, 2.5))
PAGE_WIDTH = 5.5
GREEN, RED = np.array([26, 150, 65]), np.array([215, 25, 28])


def pixels(experiment: Experiment) -> np.ndarray:
    """The picture at 300 dpi, shape (rows, columns, 3), 0 to 255."""
    image = matplotlib.image.imread(io.BytesIO(draw(run(experiment), ["png"])["png"]))
    return np.asarray(image[..., :3] * 255).round()


def marks(image: np.ndarray, color: np.ndarray) -> np.ndarray:
    """Where a picture has this very color."""
    return np.argwhere(np.abs(image - color).max(axis=-1) <= 2)


@pytest.mark.parametrize("experiment", [SINGLE, RATES], ids=["single", "rates"])
def test_files_are_whole_and_of_the_printed_width(experiment: Experiment) -> None:
    files = draw(run(experiment), ["svg", "pdf", "png"])
    assert list(files) == ["svg", "pdf", "png"]
    root = ET.fromstring(files["svg"])
    assert float(root.attrib["width"].removesuffix("pt")) == pytest.approx(PAGE_WIDTH * 72)
    assert b"<date" not in files["svg"]
    assert b"matplotlib.org" not in files["svg"].lower()
    box = re.search(rb"/MediaBox\[0 0 (\S+) (\S+)\]", files["pdf"])
    assert box
    assert float(box[1]) == pytest.approx(PAGE_WIDTH * 72, abs=0.01)
    assert files["pdf"].rstrip().endswith(b"%%EOF")
    assert b"CreationDate" not in files["pdf"]
    assert b"/Type3" not in files["pdf"], "fonts are TrueType"
    image = matplotlib.image.imread(io.BytesIO(files["png"]))
    assert image.shape[1] == PAGE_WIDTH * 300


def test_formats_are_drawn_alike_together_and_alone() -> None:
    """Saving one format leaves no trace in the next."""
    together = draw(run(RATES), ["pdf", "png", "svg"])
    for file_format in ("svg", "pdf", "png"):
        assert draw(run(RATES), [file_format]) == {file_format: together[file_format]}


def test_start_and_end_are_where_the_run_began_and_ended() -> None:
    """The marks on the contours are at the run's first and last point, to a pixel or two."""
    experiment = Experiment(views=("contour",), start=((1.5, 1.5),))
    result = run(experiment)
    page = laid_out(result)
    image = pixels(experiment)
    for color, point in ((GREEN, (1.5, 1.5)), (RED, result.runs[0].trajectory.points[-1])):
        across, row = page.place(page.panels[0], point) / 72 * 300
        found = marks(image, color)
        near = found[np.abs(found - (row, across)).max(axis=1) < 12]
        assert len(near) > 200, "a filled mark"
        # The mark is about 18 pixels wide and the path runs into it from one side.
        np.testing.assert_allclose(near.mean(axis=0), (row, across), atol=3)


def test_start_and_end_differ_in_shape_too() -> None:
    for panel in laid_out(SINGLE).panels:
        shapes = {marker.name: marker.shape for marker in panel.markers("Start", "End")}
        assert shapes == {"Start": "o", "End": "s"}


def test_the_path_on_the_contours_is_the_trajectory() -> None:
    page = laid_out(SINGLE)
    _, contour = page.panels
    points = page.place(contour, page.result.runs[0].trajectory.points)
    (line,) = contour.lines(STEPS)
    np.testing.assert_array_equal(line.lines, [points])
    # An iterate has a mark, unless it would lie on the one before.
    (iterates,) = contour.markers(STEPS)
    gaps = np.hypot(*np.moveaxis(iterates.places[:, np.newaxis] - points, -1, 0))
    marked = gaps.argmin(axis=1)
    np.testing.assert_array_equal(points[marked], iterates.places)
    assert (np.diff(marked) > 0).all()
    assert gaps[:, 1:-1].min(axis=0).max() < APART * iterates.size


def test_the_path_on_the_surface_is_dotted_where_it_is_hidden() -> None:
    hidden = laid_out(Experiment(views=("surface",), camera=(60, 20), start=((1.5, -1.2),)))
    seen = laid_out(Experiment(views=("surface",), camera=(-60, 80), start=((1.5, -1.2),)))
    assert legend_of(hidden) == ["Start", "End", "Hidden"], "no step is seen"
    assert legend_of(seen) == ["Start", "Steps", "End"]
    assert all(line.dashes for line in hidden.panels[0].lines("Hidden"))
    assert not any(line.dashes for line in seen.panels[0].lines(STEPS))


@pytest.mark.parametrize(
    "experiment",
    [
        Experiment(lr=(1.05,), steps=50),
        Experiment(lr=(1e300,), steps=5, views=ALL),
        Experiment(loss=find_loss("cos(x) + cos(y)"), lr=(1.7e308,), steps=20),
        Experiment(loss=find_loss("cos(x) + 0*y"), lr=(5e306,), steps=100, views=ALL),
        Experiment(loss=find_loss("cos(x)"), lr=(5e306,), steps=100, views=views_of(1)),
        Experiment(loss=find_loss("1/x"), start=((1e-3,),), views=views_of(1)),
        Experiment(loss=find_loss("1e-12*x**2"), lr=(0.1, 1e12), views=("graph",)),
        Experiment(loss=find_loss("x**64"), lr=(0.1,), start=((1e3,),), views=("graph",)),
        Experiment(loss=find_loss("0*x + 3"), views=("graph",)),
        Experiment(loss=find_loss("x**2 - y**2"), lr=(0.1, 0.9, 1.2), steps=400, views=ALL),
        Experiment(loss=find_loss("1/x + 0*y"), start=((1.0, 0.0),), views=ALL),
        Experiment(loss=find_loss("1/(x - y)**2"), start=((1.0, 0.0),), views=ALL),
        Experiment(loss=find_loss("x**64 + y**2"), steps=5, views=ALL),
        Experiment(loss=find_loss("1e-12*(x**2 + y**2)"), views=ALL),
        Experiment(loss=find_loss("1e12*(x**2 + y**2)"), lr=(1e-13,), views=ALL),
        Experiment(loss=find_loss("1e250*(x**2 + y**2)"), lr=(1e-252,), views=ALL),
        Experiment(loss=find_loss("1e-250*(x**2 + y**2)"), lr=(1e249,), views=ALL),
        Experiment(loss=find_loss("1e15 + x**2 + y**2"), views=ALL),
        Experiment(loss=find_loss("log(x) + y**2"), steps=3, views=ALL),
        Experiment(loss=find_loss("0*x*y"), views=ALL, marks=tuple(MARKS)),
        Experiment(loss=find_loss("0*x*y + 3"), scale="log", views=ALL),
        Experiment(loss=find_loss("abs(x) + sqrt(abs(y))"), start=((0.0, 0.0),), views=ALL),
        Experiment(lr=(1e-30,), steps=1, views=ALL),
        Experiment(start=((1.9, 1.9), (-1.9, -1.9), (50.0, 50.0)), steps=1, views=ALL),
        Experiment(xlim=(-0.001, 0.001), ylim=(100.0, 1000.0), views=ALL),
        Experiment(views=("surface",), camera=(0.0, 90.0)),
        Experiment(views=("surface",), camera=(-90.0, 5.0)),
        Experiment(views=("surface", "contour"), lr=(0.1, 0.2, 0.3)),
        Experiment(titles=("$x^2 & < _ {", "\\frac{")),
    ],
    ids=lambda experiment: f"{experiment.loss.description}-{experiment.lr}-{experiment.camera}",
)
@pytest.mark.usefixtures("coarse")
def test_odd_experiments_draw_without_a_word(experiment: Experiment) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        files = draw(run(experiment), ["svg", "pdf", "png"])
    assert len(files["pdf"]) > 1000
    outlines = re.findall(rb' d="([^"]*)"', files["svg"])
    assert outlines
    assert not any(word in outline for word in (b"nan", b"inf") for outline in outlines)


def test_same_bytes_in_every_process() -> None:
    code = (
        "import hashlib; from sphinx_gdviz.core.experiment import Experiment;"
        "from sphinx_gdviz.core.result import run;"
        "from sphinx_gdviz.draw.figure import draw;"
        "maps = ('basins', 'outcomes', 'bifurcation', 'rate');"
        "r = run(Experiment(views=('surface', 'contour', *maps), lr=(0.1, 0.5), steps=20));"
        "print([hashlib.sha256(d).hexdigest() for d in draw(r, ['svg', 'pdf', 'png']).values()])"
    )

    def run(seed: str, folder: str) -> str:
        environment = {
            **os.environ,
            "PYTHONHASHSEED": seed,
            "PYTHONPATH": os.pathsep.join(sys.path),
        }
        return subprocess.run(
            [sys.executable, "-c", code],
            env=environment,
            cwd=folder,
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    assert run("1", "/") == run("2", "/tmp")


def test_settings_of_a_machine_have_no_influence() -> None:
    plain = draw(run(RATES), ["svg", "pdf"])
    with mpl.rc_context({"font.size": 30, "lines.linewidth": 9, "figure.facecolor": "red"}):
        assert draw(run(RATES), ["svg", "pdf"]) == plain


def test_a_path_that_leaves_the_frame_ends_at_its_edge() -> None:
    """No line of the surface reaches beyond the box, however long the steps are."""
    for experiment in (
        Experiment(views=("surface",), lr=(1.05,)),
        Experiment(
            views=("surface",),
            loss=find_loss("x**2+y**2-x*y"),
            start=((30, 1),),
            lr=(0.5,),
            steps=4,
        ),
    ):
        (panel,) = laid_out(experiment).panels
        marks = panel.lines(STEPS, "Hidden")
        assert marks
        box = panel.box
        for line in (line for mark in marks for line in mark.lines):
            assert (line >= [box.left - 1e-6, box.top - 1e-6]).all()
            assert (line <= [box.right + 1e-6, box.bottom + 1e-6]).all()


def test_long_paths_are_drawn_and_stay_small() -> None:
    """Longer than an author may ask for; a path of 100 000 marks as outlines is megabytes."""
    long = Experiment(views=("surface", "contour", "loss"), lr=(0.5,), steps=100_000)
    files = draw(run(long), ["svg", "pdf"])
    assert 10_000 < len(files["pdf"]) < 1_000_000
    assert 10_000 < len(files["svg"]) < 1_000_000


def test_the_first_figure_of_the_book_is_small() -> None:
    files = draw(run(SINGLE), ["svg", "pdf"])
    assert len(files["svg"]) <= 75_000
    assert len(files["pdf"]) <= 65_000


def test_each_view_begins_a_row() -> None:
    rates = (0.02, 0.05, 0.1, 0.2, 0.3)
    page = laid_out(Experiment(views=("surface", "contour"), lr=rates, steps=2))
    rows: dict[int, list[bool]] = {}
    for panel in page.panels:
        (title,) = (text for text in panel.texts if text.layout.text == panel.title)
        rows.setdefault(round(extent(title).top), []).append(panel.is_surface)
    assert sorted(map(len, rows.values())) == [2, 2, 3, 3]
    assert all(len(set(views)) == 1 for views in rows.values()), "no row has both views"


@pytest.mark.parametrize("view", ["contour", "surface", "gradient"])
def test_a_run_ends_in_every_panel_where_its_loss_does(view: str) -> None:
    """Beyond the domain of log the gradient 1/x has values all the same, and descent goes on."""
    result = run(Experiment(loss=find_loss("log(x) + y**2"), views=(view,)))
    verdict = result.runs[0].verdict
    assert verdict.place == "undefined"
    page = laid_out(result)
    (panel,) = page.panels
    (cross,) = panel.places(LOST)
    if view == "contour":
        last = result.runs[0].trajectory.points[verdict.step - 1]
        np.testing.assert_allclose(cross, page.place(panel, last))
        edge = page.place(panel, (0, 0))[0]
        assert all(line[:, 0].min() > edge for mark in panel.lines(STEPS) for line in mark.lines)
    if view == "gradient":
        (curve,) = (mark for mark in panel.marks if isinstance(mark, Polyline) and mark.clip)
        np.testing.assert_array_equal(cross, curve.lines[0][-1])
        assert len(curve.lines[0]) == verdict.step


def test_only_what_an_author_can_mend_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def lay_out(scenes: list[Scene]) -> Drawing:
        warnings.warn("oneOf deprecated - use one_of", DeprecationWarning, stacklevel=2)
        warnings.warn("soon another way", FutureWarning, stacklevel=2)
        warnings.warn("Glyph 23398 missing from font", UserWarning, stacklevel=2)
        return original(scenes)

    original = figure.lay_out
    monkeypatch.setattr(figure, "lay_out", lay_out)
    _, remarks = draw_with_remarks(run(SINGLE), ["svg"])
    assert remarks == ["Glyph 23398 missing from font"]

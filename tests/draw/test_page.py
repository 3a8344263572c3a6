"""Whole figures: every layout draws, keeps its size, and says the same thing in the same bytes."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import warnings
import xml.etree.ElementTree as ET

import matplotlib.image
import numpy as np
import pytest

from sphinx_gdviz.core.experiment import Experiment
from sphinx_gdviz.draw import style
from sphinx_gdviz.draw.page import draw, lay_out

SINGLE = Experiment()
RATES = Experiment(lr=(0.01, 0.1, 0.5), clip=(-3, 3), xlim=(-2.5, 2.5), ylim=(-2.5, 2.5))
GREEN, RED = np.array([26, 150, 65]), np.array([215, 25, 28])


def pixels(experiment: Experiment) -> np.ndarray:
    """The picture at 300 dpi, shape (rows, columns, 3), 0 to 255."""
    image = matplotlib.image.imread(io.BytesIO(draw(experiment.run(), "png")), format="png")
    return np.asarray(image[..., :3] * 255).round()


def marks(image: np.ndarray, colour: np.ndarray) -> np.ndarray:
    """Where a picture has this very colour."""
    return np.argwhere(np.abs(image - colour).max(axis=-1) <= 2)


@pytest.mark.parametrize("file_format", ["svg", "pdf", "png"])
@pytest.mark.parametrize("experiment", [SINGLE, RATES], ids=["single", "rates"])
def test_files_are_whole_and_of_the_printed_width(experiment: Experiment, file_format: str) -> None:
    data = draw(experiment.run(), file_format)
    points = style.PAGE_WIDTH * 72
    if file_format == "svg":
        root = ET.fromstring(data)
        assert float(root.attrib["width"].removesuffix("pt")) == pytest.approx(points)
        ids = re.findall(rb'\bid="([^"]*)"', data)
        assert len(ids) == len(set(ids)), "an id twice is no valid SVG"
        assert b"<date" not in data
        assert b"matplotlib.org" not in data.lower()
    elif file_format == "pdf":
        box = re.search(rb"/MediaBox \[ ?0 0 (\S+) (\S+) ?\]", data)
        assert box
        assert float(box[1]) == pytest.approx(points, abs=0.01)
        assert data.rstrip().endswith(b"%%EOF")
        assert b"CreationDate" not in data
        assert b"/Type3" not in data.replace(b" ", b""), "fonts are Type 42"
    else:
        assert matplotlib.image.imread(io.BytesIO(data)).shape[1] == style.PAGE_WIDTH * 300


def test_start_and_end_are_where_the_run_began_and_ended() -> None:
    """The marks on the contours are at the run's first and last point, to a pixel or two."""
    experiment = Experiment(views=("contour",), start=((1.5, 1.5),))
    result = experiment.run()
    figure = lay_out(result)
    axes = figure.axes[0]
    image = pixels(experiment)
    for colour, point in ((GREEN, (1.5, 1.5)), (RED, result.runs[0].trajectory.points[-1])):
        across, up = axes.transData.transform(point) / figure.dpi * 300
        row = image.shape[0] - up
        found = marks(image, colour)
        near = found[np.abs(found - (row, across)).max(axis=1) < 12]
        assert len(near) > 200, "a filled mark"
        # The mark is about 18 pixels wide and the path runs into it from one side.
        np.testing.assert_allclose(near.mean(axis=0), (row, across), atol=3)


def test_start_and_end_differ_in_shape_too() -> None:
    figure = lay_out(SINGLE.run())
    for axes in figure.axes[:2]:
        markers = [line.get_marker() for line in axes.lines if line.get_markersize() > 4]
        assert markers == ["o", "s"]


def test_the_path_on_the_contours_is_the_trajectory() -> None:
    result = SINGLE.run()
    contour = lay_out(result).axes[1]
    (line,) = [c for c in contour.collections if c.get_zorder() == 10]
    np.testing.assert_array_equal(line.get_paths()[0].vertices, result.runs[0].trajectory.points)


def test_the_path_on_the_surface_is_dotted_where_it_is_hidden() -> None:
    hidden = Experiment(views=("surface",), camera=(60, 20), start=((1.5, -1.2),))
    seen = Experiment(views=("surface",), camera=(-60, 80), start=((1.5, -1.2),))

    def labels(experiment: Experiment) -> list[str]:
        (legend,) = lay_out(experiment.run()).legends
        return [text.get_text() for text in legend.get_texts()]

    assert labels(hidden) == ["Start", "Steps", "End", "Hidden"]
    assert labels(seen) == ["Start", "Steps", "End"]


@pytest.mark.parametrize("count", range(1, 13))
def test_panels_of_any_number_stay_inside_the_page_and_apart(count: int) -> None:
    rates = tuple(0.01 * (k + 1) for k in range(count))
    titles = tuple(f"A title that is rather long, number {k}"[:24] for k in range(count))
    experiment = Experiment(lr=rates, views=("contour",), titles=titles, steps=3)
    figure = lay_out(experiment.run())
    figure.canvas.draw()
    boxes = [axes.get_position() for axes in figure.axes]
    plots = [axes for axes in figure.axes if axes.get_title()]
    assert len(plots) == count
    for index, box in enumerate(boxes):
        assert box.x0 >= 0
        assert box.x1 <= 1
        assert box.y0 >= 0
        assert box.y1 <= 1
        assert not any(box.overlaps(other) for other in boxes[index + 1 :])


@pytest.mark.parametrize(
    "experiment",
    [
        Experiment(lr=(1.05,), steps=50),
        Experiment(lr=(1e300,), steps=5),
        Experiment(loss="x**64 + y**2", steps=5),
        Experiment(loss="1e-12*(x**2 + y**2)"),
        Experiment(loss="1e12*(x**2 + y**2)", lr=(1e-13,)),
        Experiment(loss="log(x) + y**2", steps=3),
        Experiment(loss="0*x"),
        Experiment(loss="abs(x) + sqrt(abs(y))", start=((0.0, 0.0),)),
        Experiment(start=((1.9, 1.9), (-1.9, -1.9), (50.0, 50.0)), steps=1),
        Experiment(xlim=(-0.001, 0.001), ylim=(100.0, 1000.0)),
        Experiment(views=("surface",), camera=(0.0, 90.0)),
        Experiment(views=("surface",), camera=(-90.0, 5.0)),
        Experiment(views=("surface", "contour"), lr=(0.1, 0.2, 0.3)),
        Experiment(titles=("$x^2 & < _ {", "\\frac{")),
    ],
    ids=lambda experiment: f"{experiment.loss}-{experiment.lr}-{experiment.camera}",
)
def test_odd_experiments_draw_without_a_word(experiment: Experiment) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for file_format in ("svg", "pdf"):
            assert len(draw(experiment.run(), file_format)) > 1000


def test_same_bytes_in_every_process() -> None:
    code = (
        "import hashlib; from sphinx_gdviz.core.experiment import Experiment;"
        "from sphinx_gdviz.draw.page import draw;"
        "r = Experiment(views=('surface', 'contour'), lr=(0.1, 0.5)).run();"
        "print([hashlib.sha256(draw(r, f)).hexdigest() for f in ('svg', 'pdf', 'png')])"
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
    import matplotlib as mpl

    plain = draw(RATES.run(), "svg")
    with mpl.rc_context({"font.size": 30, "lines.linewidth": 9, "figure.facecolor": "red"}):
        assert draw(RATES.run(), "svg") == plain


def test_a_path_that_leaves_the_frame_ends_at_its_edge() -> None:
    """No line of the surface reaches beyond the box, however long the steps are."""
    for experiment in (
        Experiment(views=("surface",), lr=(1.05,)),
        Experiment(views=("surface",), loss="x**2+y**2-x*y", start=((30, 1),), lr=(0.5,), steps=4),
    ):
        axes = lay_out(experiment.run()).axes[0]
        for collection in axes.collections:
            if collection.get_zorder() == 10:
                for path in collection.get_paths():
                    assert np.abs(path.vertices).max() < 1.1


def test_long_paths_are_drawn() -> None:
    long = Experiment(views=("contour",), lr=(0.5,), steps=100_000)
    assert len(draw(long.run(), "pdf")) > 10_000
    # More points than are looked at in one go, to see which of them the hill hides.
    hidden = Experiment(views=("surface",), lr=(0.5,), steps=500)
    assert len(draw(hidden.run(), "pdf")) > 10_000


def test_each_view_begins_a_row() -> None:
    rates = (0.02, 0.05, 0.1, 0.2, 0.3)
    figure = lay_out(Experiment(views=("surface", "contour"), lr=rates, steps=2).run())
    tops: dict[float, set[bool]] = {}
    for axes in figure.axes:
        if axes.get_title():
            tops.setdefault(round(axes.get_position().y1, 3), set()).add(axes.axison)
    assert len(tops) == 4
    assert all(len(kinds) == 1 for kinds in tops.values()), "no row has both views"

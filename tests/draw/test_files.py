"""Files: SVG, PDF and PNG show the same, and nothing is lost on the way to them."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from math import ceil
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from browser.live.pages import chromium
from PIL import Image, ImageChops
from playwright.sync_api import Browser, Page

from sphinx_gdviz.core.experiment import MARKS, Experiment
from sphinx_gdviz.core.losses.named import find_loss
from sphinx_gdviz.core.result import run
from sphinx_gdviz.core.views import views_of
from sphinx_gdviz.draw import style
from sphinx_gdviz.draw.drawing import Drawing, Fill, Mark, Marker, Polyline, Text
from sphinx_gdviz.draw.drawing import Image as ImageMark
from sphinx_gdviz.draw.figure import lay_out
from sphinx_gdviz.draw.scene import Scene
from sphinx_gdviz.draw.writers.pdf import to_pdf
from sphinx_gdviz.draw.writers.png import to_png
from sphinx_gdviz.draw.writers.raster import MANY, lightened
from sphinx_gdviz.draw.writers.svg import to_svg

DOTS_PER_INCH = 300
COARSE, TILE = 10, 6
"""A pixel is compared with the mean of so many squared, in tiles of so many such means."""
TOLERANCE, SMOOTHED = 10.0, 16.0
"""The greatest root mean square of a tile, on a scale of 0 to 255, that is borne; more is where a
viewer of PDF smooths an image of cells, and the mask over it for itself."""

FIGURES = {
    **{view: Experiment(views=(view,), steps=20, marks=tuple(MARKS)) for view in views_of(2)},
    "graph": Experiment(find_loss("x**2 + sin(5*x)"), steps=20, marks=tuple(MARKS)),
    "runs": Experiment(lr=(0.01, 0.1, 0.3), overlay=True, views=("contour", "loss"), steps=30),
    "hidden": Experiment(views=("surface",), camera=(60, 20), start=((1.5, -1.2),)),
    "lost": Experiment(loss=find_loss("x**4 + y**4"), lr=(0.5,), steps=20, views=("surface",)),
    "long": Experiment(views=("surface", "contour"), lr=(0.5,), steps=9000),
    "formulas": Experiment(views=("contour",), titles=(r"$\frac{1}{2} \sqrt{x^2 + y_1}$, half",)),
}
"""One of each kind, and some for lines of each style, images of marks, and formulas."""


@pytest.fixture(scope="module")
def browser(tool: Callable[[str], str]) -> Iterator[Browser]:
    """One browser for all tests."""
    with chromium(tool("chromium")) as browser:
        yield browser


def drawing_of(experiment: Experiment) -> Drawing:
    """A drawing that is as high as a whole number of pixels, of which no program cuts a part."""
    with mpl.rc_context(style.settings(experiment.style)):
        drawing = lay_out([Scene(run(experiment))])
    return replace(drawing, height=6.0 * ceil(drawing.height / 6))


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


def png_picture(drawing: Drawing) -> Image.Image:
    return opened(to_png(drawing, DOTS_PER_INCH))


def pdf_picture(drawing: Drawing, program: str) -> Image.Image:
    """A PDF as Poppler shows it, which has nothing to complain of."""
    command = [program, "-png", "-r", str(DOTS_PER_INCH), "-"]
    done = subprocess.run(command, input=to_pdf(drawing), capture_output=True, check=True)
    assert done.stderr == b""
    return opened(done.stdout)


@contextmanager
def shown(svg: bytes, drawing: Drawing, browser: Browser, folder: Path) -> Iterator[Page]:
    """An SVG in a browser's window of its size."""
    (folder / "figure.svg").write_bytes(svg)
    width, height = (round(side * 4 / 3) for side in (drawing.width, drawing.height))
    page = browser.new_page(
        viewport={"width": width, "height": height},
        device_scale_factor=DOTS_PER_INCH / 96,
        color_scheme="light",
    )
    page.goto((folder / "figure.svg").as_uri())
    yield page
    page.close()


def svg_picture(drawing: Drawing, browser: Browser, folder: Path) -> Image.Image:
    """An SVG as a browser shows it, on a page that is light."""
    with mpl.rc_context(style.settings()):
        svg = to_svg(drawing, style.dark_colors())
    with shown(svg, drawing, browser, folder) as page:
        return opened(page.screenshot())


def difference(one: Image.Image, other: Image.Image) -> tuple[float, float]:
    """The mean difference of two pictures, and the greatest root mean square of any tile.

    A tile may be a pixel beside its place, to which a program moves a line to make it sharp.
    """
    assert one.size == other.size
    moved = [ImageChops.offset(other, right, down) for right in (-1, 0, 1) for down in (-1, 0, 1)]
    first, *others = (np.asarray(picture.reduce(COARSE), float) for picture in (one, *moved))
    rows, columns = (first.shape[axis] // TILE for axis in (0, 1))
    changes = np.array([first - other for other in others])[:, : rows * TILE, : columns * TILE]
    tiles = changes.reshape(-1, rows, TILE, columns, TILE, 3)
    mean = np.abs(tiles).mean(axis=(2, 4, 5)).min(axis=0).mean()
    return float(mean), float(np.sqrt((tiles**2).mean(axis=(2, 4, 5))).min(axis=0).max())


@pytest.mark.parametrize("name", FIGURES)
def test_they_look_alike(
    name: str, tmp_path: Path, browser: Browser, tool: Callable[[str], str]
) -> None:
    drawing = drawing_of(FIGURES[name])
    png = png_picture(drawing)
    mean, greatest = difference(png, pdf_picture(drawing, tool("pdftoppm")))
    assert mean < 2.0
    assert greatest < (SMOOTHED if name == "bifurcation" else TOLERANCE)
    mean, greatest = difference(png, svg_picture(drawing, browser, tmp_path))
    assert mean < 1.0
    assert greatest < TOLERANCE


def test_text_has_room_in_whatever_font_a_reader_has(tmp_path: Path, browser: Browser) -> None:
    """Text that stays text in an SVG is as wide as it was measured."""
    drawing = drawing_of(FIGURES["runs"])
    with mpl.rc_context({"svg.fonttype": "none", "font.family": ["No Such Font", "monospace"]}):
        svg = to_svg(drawing, {})
    texts = [mark for mark in drawing.marks if isinstance(mark, Text) and not mark.layout.is_math]
    with shown(svg, drawing, browser, tmp_path) as page:
        script = "[...document.querySelectorAll('text')].map(text => text.getBBox().width)"
        found = np.array(page.evaluate(script)) / 100
    measured = [text.layout.width * text.size for text in texts]
    np.testing.assert_allclose(found, measured, atol=2.0)
    assert max(measured) > 60


@pytest.mark.parametrize("kind", [Polyline, Fill, Marker, Text, ImageMark])
def test_what_is_left_out_is_noticed(kind: type[Mark]) -> None:
    """The measure is worth something: without marks of one kind, the same picture is far off."""
    drawing = drawing_of(FIGURES["runs"])
    left = tuple(mark for mark in drawing.marks if not isinstance(mark, kind))
    _, greatest = difference(png_picture(drawing), png_picture(replace(drawing, marks=left)))
    assert greatest > 3 * TOLERANCE


def test_every_kind_of_mark_is_in_some_figure() -> None:
    kinds = {type(mark) for name in ("runs", "hidden") for mark in drawing_of(FIGURES[name]).marks}
    assert kinds == set(Mark.__subclasses__())


@pytest.mark.parametrize("dots_per_inch", [72, 150, 600])
def test_a_png_has_the_size_that_was_asked_for(dots_per_inch: int) -> None:
    experiment = Experiment(views=("loss",), steps=3, width="3in")
    drawing = drawing_of(experiment)
    with Image.open(io.BytesIO(to_png(drawing, dots_per_inch))) as image:
        assert image.size[0] == 3 * dots_per_inch
        assert image.size[1] == pytest.approx(drawing.height / 72 * dots_per_inch, abs=1)
        assert image.info["dpi"] == pytest.approx((dots_per_inch, dots_per_inch), abs=0.1)


def test_marks_of_many_points_are_images_that_look_the_same(tool: Callable[[str], str]) -> None:
    """A long path of dots and dashes: the vector files stay small."""
    angle = np.linspace(0, 60, 2 * MANY)
    spiral = angle[:, np.newaxis] * np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    first, second, third = (np.add(spiral, place) for place in ((90, 90), (270, 90), (450, 90)))
    marks = (
        Polyline(lines=[first], color="#0072b2", width=1.0, dashes=(5.0, 1.5)),
        Marker(places=second[::7], shape="s", size=2.0, color="#d7191c"),
        Marker(places=third[::3], shape="o", size=1.5, color="#00805f"),
    )
    drawing = Drawing(540.0, 180.0, marks, (), "#ffffff")
    kinds = [type(mark) for mark in lightened(drawing).marks]
    assert kinds == [ImageMark, ImageMark, ImageMark]
    mean, greatest = difference(png_picture(drawing), pdf_picture(drawing, tool("pdftoppm")))
    assert mean < 2.0
    assert greatest < SMOOTHED
    few = replace(drawing, marks=(replace(marks[0], lines=[first[:MANY]]),))
    assert lightened(few).marks == few.marks

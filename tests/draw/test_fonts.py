"""Fonts of other kinds than Matplotlib's own: OpenType with PostScript outlines, and collections.

They are made here of Matplotlib's, so that it does not matter which ones a machine has.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from string import printable

import matplotlib as mpl
import numpy as np
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.ttLib import TTCollection, TTFont
from matplotlib import font_manager

from sphinx_gdviz.core.experiment import Experiment
from sphinx_gdviz.core.result import run
from sphinx_gdviz.draw.drawing import Drawing
from sphinx_gdviz.draw.drawing import Text as TextMark
from sphinx_gdviz.draw.figure import draw
from sphinx_gdviz.draw.text import lay_out_text
from sphinx_gdviz.draw.writers import font_files
from sphinx_gdviz.draw.writers.pdf import to_pdf

from .drawing import style_of
from .test_files import TOLERANCE, difference, pdf_picture, png_picture

TITLE = "Effort (A) 12"


def fonts_of_matplotlib(*names: str) -> list[TTFont]:
    folder = Path(mpl.get_data_path()) / "fonts" / "ttf"
    return [TTFont(folder / f"{name}.ttf") for name in names]


@pytest.fixture
def add(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """Let Matplotlib know of a font, as of those that a machine has."""

    def add_font(path: Path) -> None:
        fonts = font_manager.fontManager
        monkeypatch.setattr(fonts, "ttflist", [*fonts.ttflist])
        fonts.addfont(path)

    return add_font


@pytest.fixture
def postscript(tmp_path: Path, add: Callable[[Path], None]) -> str:
    """The family of a font with PostScript outlines: those of ASCII of DejaVu Sans."""
    (source,) = fonts_of_matplotlib("DejaVuSans")
    names, glyphs = source.getBestCmap(), source.getGlyphSet()
    codes = {ord(c): names[ord(c)] for c in printable if ord(c) in names}
    order = [".notdef", *codes.values()]
    builder = FontBuilder(source["head"].unitsPerEm, isTTF=False)
    builder.setupGlyphOrder(order)
    builder.setupCharacterMap(codes)
    outlines = {}
    for name in order:
        pen = T2CharStringPen(glyphs[name].width, glyphs)
        glyphs[name].draw(pen)
        outlines[name] = pen.getCharString()
    builder.setupCFF("Outlines", {}, outlines, {})
    builder.setupHorizontalMetrics({name: source["hmtx"][name] for name in order})
    builder.setupHorizontalHeader(ascent=1900, descent=-480)
    builder.setupNameTable({"familyName": "Outlines", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    builder.save(tmp_path / "outlines.otf")
    add(tmp_path / "outlines.otf")
    return "Outlines"


def line_of(text: str, family: str) -> Drawing:
    """A drawing of a line of text, and of one that goes upwards."""
    with mpl.rc_context({"font.family": [family]}):
        layout = lay_out_text(text)
    marks = (
        TextMark(layout=layout, x=24.0, y=36.0, size=20.0, color="#222222"),
        TextMark(layout=layout, x=240.0, y=160.0, size=14.0, color="#d7191c", is_upright=True),
    )
    return Drawing(264.0, 168.0, marks, (), "#ffffff")


def output(command: list[str], data: bytes) -> str:
    return subprocess.run(command, input=data, capture_output=True, check=True).stdout.decode()


def test_postscript_outlines_are_embedded_as_such(
    postscript: str, tmp_path: Path, tool: Callable[[str], str]
) -> None:
    experiment = Experiment(
        views=("loss",),
        steps=3,
        titles=(TITLE,),
        style=style_of(f"font.family: {postscript}, DejaVu Sans"),
    )
    data = draw(run(experiment), ["pdf", "svg", "png"])["pdf"]
    (tmp_path / "figure.pdf").write_bytes(data)
    listed = output([tool("pdffonts"), str(tmp_path / "figure.pdf")], b"").splitlines()
    (line,) = (line for line in listed if "outlines" in line)
    assert "CID Type 0C" in line
    assert line.split()[-5:-2] == ["yes", "yes", "yes"], "embedded, a subset, with a map to Unicode"
    assert TITLE in output([tool("pdftotext"), "-", "-"], data)


def test_nothing_is_told_of_what_an_author_cannot_mend(caplog: pytest.LogCaptureFixture) -> None:
    """The fonts of TeX that come with Matplotlib have dates that fontTools finds odd."""
    font_files._subset.cache_clear()
    sheet = style_of("mathtext.fontset: cm")
    draw(run(Experiment(views=("contour",), steps=3, style=sheet)), ["pdf"])
    assert caplog.records == []


def test_a_pdf_shows_postscript_outlines_as_a_png_does(
    postscript: str, tool: Callable[[str], str]
) -> None:
    drawing = line_of(TITLE, postscript)
    png = png_picture(drawing)
    assert difference(png, pdf_picture(drawing, tool("pdftoppm")))[1] < TOLERANCE
    # They are those of another font, drawn by other means.
    assert difference(png, png_picture(line_of(TITLE, "DejaVu Sans")))[1] < TOLERANCE


FACES = (0, 1) if hasattr(font_manager, "FontPath") else (0,)
"""Before Matplotlib 3.11 it knows but the first font of a collection."""


@pytest.mark.parametrize("index", FACES)
def test_a_collection_has_several_fonts(
    index: int, tmp_path: Path, add: Callable[[Path], None], tool: Callable[[str], str]
) -> None:
    collection = TTCollection()
    collection.fonts = fonts_of_matplotlib("DejaVuSans", "DejaVuSansMono")
    for number, font in enumerate(collection.fonts):
        for identifier in (1, 4, 6, 16):
            font["name"].setName(f"Collected{number}", identifier, 3, 1, 0x409)
            font["name"].setName(f"Collected{number}", identifier, 1, 0, 0)
    collection.save(tmp_path / "collection.ttc")
    add(tmp_path / "collection.ttc")
    family = ("DejaVu Sans", "DejaVu Sans Mono")[index]
    collected, alone = line_of(TITLE, f"Collected{index}"), line_of(TITLE, family)
    assert difference(png_picture(collected), png_picture(alone)) == (0.0, 0.0)
    pictures = [pdf_picture(drawing, tool("pdftoppm")) for drawing in (collected, alone)]
    np.testing.assert_array_equal(*pictures)
    assert TITLE in output([tool("pdftotext"), "-", "-"], to_pdf(collected))

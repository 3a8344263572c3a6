"""Text: its glyphs are those that Matplotlib draws, and titles fit.

Titles are broken between words, and set smaller where a word alone is too wide.
"""

from __future__ import annotations

import warnings
from itertools import pairwise

import matplotlib as mpl
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.textpath import TextPath

from sphinx_gdviz.draw.text import SMALLEST, fitted, glyph_outline, lay_out_text, width_of

LONG = "A rather long title that says at length what the panel below it shows"

words = st.text("abgimW$²η–", min_size=1, max_size=12).filter(lambda word: "$" not in word)


def outline(text: str) -> Path:
    """The outline of a text in the fonts in force, of size 100, as Matplotlib draws it."""
    fonts = FontProperties(family=list(mpl.rcParams["font.family"]))
    return TextPath((0, 0), text, size=100, prop=fonts)


@pytest.mark.parametrize("text", ["Loss", "−0.5", LONG, "$x^2 + y^2$ and more", "Wide: WWW", "iii"])
@pytest.mark.parametrize("size", [7.0, 8.5])
def test_width_is_as_drawn(text: str, size: float) -> None:
    drawn = outline(text).get_extents().width / 100 * size
    assert width_of(text, size) == pytest.approx(drawn, abs=1e-3)


FALLBACK = ["DejaVu Sans Display", "DejaVu Serif", "DejaVu Sans"]
"""The first has a few signs alone, the second no Arabic letters."""


@pytest.mark.parametrize(
    "text",
    [
        *("Loss", "AVATAR, Tomato", "efficient fluff", "η = 0.1", "a  b ", r"costs \$5"),
        *("e\N{COMBINING ACUTE ACCENT}", "سلام", "שלום 12"),
        r"$\frac{\sqrt{x^2}}{y_1}$ and $\sum_i \theta_i$",
    ],
)
@pytest.mark.filterwarnings("ignore:Glyph")
@pytest.mark.parametrize("families", [["DejaVu Sans"], ["DejaVu Serif"], FALLBACK])
def test_glyphs_are_those_of_matplotlib_and_where_it_has_them(
    text: str, families: list[str]
) -> None:
    """`matplotlib._text_helpers.layout` is undocumented: here it is held to `TextPath`.

    From it come the number of each glyph, its place, and the font that has it.
    """
    with mpl.rc_context({"font.family": families}):
        layout, drawn = lay_out_text(text), outline(text.replace(r"\$", "$"))
        expected = drawn.vertices[drawn.codes != Path.CLOSEPOLY]
    parts = [np.empty((0, 2))]
    for glyph in layout.glyphs:
        vertices, codes = glyph_outline(glyph.path, glyph.index)
        inked = vertices[codes != Path.CLOSEPOLY]
        parts.append(100 * (inked * glyph.size + [glyph.x, glyph.y]))
    parts += [
        100 * np.array([(x, y), (x, y + up), (x + across, y + up), (x + across, y), (x, y)])
        for x, y, across, up in layout.rectangles
    ]
    np.testing.assert_allclose(np.concatenate(parts), expected, atol=0.02)
    box = 100 * np.array([layout.left, layout.bottom, layout.right, layout.top])
    # The points of curves lie a little outside of them.
    np.testing.assert_allclose(box, drawn.get_extents().extents, atol=3)
    if not layout.is_math:  # to be searched for, in whatever order a script is written
        read = "".join(glyph.text for glyph in layout.glyphs)
        assert sorted(read) == sorted(text.replace(r"\$", "$"))


def test_a_letter_is_taken_from_the_first_font_that_has_it() -> None:
    with mpl.rc_context({"font.family": FALLBACK}):
        glyphs = lay_out_text("a ش").glyphs
    assert [glyph.path.rpartition("/")[2] for glyph in glyphs if glyph.text != " "] == [
        "DejaVuSerif.ttf",
        "DejaVuSans.ttf",
    ]


@pytest.mark.parametrize("family", ["sans-serif", "serif", "monospace", "cursive", "fantasy"])
def test_a_generic_family_is_the_first_of_its_fonts_or_none(family: str) -> None:
    fonts = {"sans-serif": "DejaVu Serif", "serif": "DejaVu Sans Mono", "monospace": "DejaVu Sans"}
    lists = {f"font.{name}": ["No Such Font", font] for name, font in fonts.items()}
    none = {"font.cursive": ["No Such Font"], "font.fantasy": ["No Such Font"]}
    with mpl.rc_context({"font.family": [family, "STIXGeneral"], **lists, **none}):
        (glyph,) = lay_out_text("a").glyphs
    font = fonts.get(family, "STIXGeneral").replace(" ", "")
    assert glyph.path.endswith(f"{font}.ttf")


def test_a_missing_glyph_is_told_of_each_time() -> None:
    """A process lays a text out but once, and has to tell of each figure."""
    for _ in range(2):
        with pytest.warns(UserWarning, match="Glyph 20013 .*missing from font"):
            lay_out_text("Loss 中")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        lay_out_text("Loss")


steady = settings(deadline=None, derandomize=True, database=None)
"""The same examples every time, however slow the machine is."""


@steady
@given(st.lists(words, min_size=1, max_size=9), st.floats(20, 300))
def test_lines_fit_and_say_the_same(given_words: list[str], width: float) -> None:
    text, size = fitted("  ".join(given_words), 8.5, width)
    if all(SMALLEST * width_of(word, 8.5) <= width for word in given_words):
        assert text.split() == given_words
    assert "".join(text.split()) == "".join(given_words), "too long a word is broken, and whole"
    assert SMALLEST * 8.5 <= size <= 8.5
    widest = max(width_of(line, size) for line in text.split("\n"))
    assert widest <= width * (1 + 1e-9) or size == pytest.approx(SMALLEST * 8.5)
    if size < 8.5:
        assert any(width_of(word, 8.5) > width for word in given_words), "only for a word too wide"


@steady
@given(st.lists(words, min_size=2, max_size=9), st.floats(72, 300))
def test_lines_are_as_full_as_they_can_be(given_words: list[str], width: float) -> None:
    lines = fitted(" ".join(given_words), 8.5, width)[0].split("\n")
    for line, following in pairwise(lines):
        assert width_of(f"{line} {following.split()[0]}", 8.5) > width


def test_a_formula_stays_in_one_line() -> None:
    formula = "$x^2 + y^2 + z$"
    text, _ = fitted(f"The loss {formula} and more", 8.5, 65.0)
    assert "\n" in text
    assert formula in text
    # What only looks like a formula is text like any other.
    assert fitted("costs $5 or more", 8.5, 650.0)[0] == "costs $5 or more"


def test_an_overlong_word_is_set_smaller() -> None:
    word = "Überdurchschnittlichkeit"
    text, size = fitted(word, 8.5, 86.0)
    assert text == word
    assert SMALLEST * 8.5 < size < 8.5
    assert width_of(word, size) == pytest.approx(86.0)


def test_nothing_is_nothing() -> None:
    assert fitted("", 8.5, 72.0) == ("", 8.5)


def test_a_font_of_its_own_has_widths_of_its_own() -> None:
    usual = width_of(LONG, 8)
    with mpl.rc_context({"font.family": ["DejaVu Sans Mono"]}):
        assert width_of(LONG, 8) > 1.05 * usual
    assert width_of(LONG, 8) == usual


def test_a_word_too_long_for_any_size_is_broken() -> None:
    text, size = fitted("x" * 200, 8.5, 144.0)
    assert "\n" in text
    assert all(width_of(line, size) <= 144.0 * (1 + 1e-9) for line in text.split("\n"))


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("Momentum (momentum 0.95), η = 0.1", ["Momentum", "(momentum 0.95),", "η = 0.1"]),
        ("Adam, η = −0.02 from (−1.5, 2)", ["Adam,", "η = −0.02 from", "(−1.5, 2)"]),
        ("In 3 of 20 runs", ["In 3 of 20", "runs"]),
        ("to (1.25, −1.75)", ["to", "(1.25, −1.75)"]),
    ],
)
def test_a_number_stays_with_what_it_counts(title: str, lines: list[str]) -> None:
    width = max(width_of(line, 8.5) for line in lines) + 1e-3
    assert fitted(title, 8.5, width)[0].split("\n") == lines

"""Titles that fit: broken between words, set smaller where a word alone is too wide."""

from __future__ import annotations

from itertools import pairwise

import matplotlib as mpl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from sphinx_gdviz.draw.text import SMALLEST, fitted, width_of

LONG = "A rather long title that says at length what the panel below it shows"

words = st.text("abgimW$²η–", min_size=1, max_size=12).filter(lambda word: "$" not in word)


def drawn_width(text: str, size: float) -> float:
    """Width in inches as Matplotlib draws it."""
    figure = Figure(dpi=1000)
    canvas = FigureCanvasAgg(figure)
    return figure.text(0, 0, text, fontsize=size).get_window_extent(canvas.get_renderer()).width / (
        figure.dpi
    )


@pytest.mark.parametrize("text", ["Loss", "−0.5", LONG, "$x^2 + y^2$ and more", "Wide: WWW", "iii"])
@pytest.mark.parametrize("size", [7.0, 8.5])
def test_width_is_as_drawn(text: str, size: float) -> None:
    assert width_of(text, size) == pytest.approx(drawn_width(text, size), abs=0.03)


steady = settings(deadline=None, derandomize=True, database=None)
"""The same examples every time, however slow the machine is."""


@steady
@given(st.lists(words, min_size=1, max_size=9), st.floats(0.3, 4))
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
@given(st.lists(words, min_size=2, max_size=9), st.floats(1, 4))
def test_lines_are_as_full_as_they_can_be(given_words: list[str], width: float) -> None:
    lines = fitted(" ".join(given_words), 8.5, width)[0].split("\n")
    for line, following in pairwise(lines):
        assert width_of(f"{line} {following.split()[0]}", 8.5) > width


def test_a_formula_stays_in_one_line() -> None:
    formula = "$x^2 + y^2 + z$"
    text, _ = fitted(f"The loss {formula} and more", 8.5, 0.9)
    assert "\n" in text
    assert formula in text
    # What only looks like a formula is text like any other.
    assert fitted("costs $5 or more", 8.5, 9.0)[0] == "costs $5 or more"


def test_an_overlong_word_is_set_smaller() -> None:
    word = "Überdurchschnittlichkeit"
    text, size = fitted(word, 8.5, 1.2)
    assert text == word
    assert SMALLEST * 8.5 < size < 8.5
    assert width_of(word, size) == pytest.approx(1.2)


def test_nothing_is_nothing() -> None:
    assert fitted("", 8.5, 1.0) == ("", 8.5)


def test_a_font_of_its_own_has_widths_of_its_own() -> None:
    usual = width_of(LONG, 8)
    with mpl.rc_context({"font.family": ["DejaVu Sans Mono"]}):
        assert width_of(LONG, 8) > 1.05 * usual
    assert width_of(LONG, 8) == usual


def test_a_word_too_long_for_any_size_is_broken() -> None:
    text, size = fitted("x" * 200, 8.5, 2.0)
    assert "\n" in text
    assert all(width_of(line, size) <= 2.0 * (1 + 1e-9) for line in text.split("\n"))


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

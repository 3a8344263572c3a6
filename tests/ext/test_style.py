"""The style of a book's figures: settings of Matplotlib, which pictures follow."""

from __future__ import annotations

from pathlib import Path

import matplotlib.style
import pytest

from sphinx_gdviz.core.experiment import Experiment
from sphinx_gdviz.core.result import run
from sphinx_gdviz.draw.figure import draw

from .books import QUICK, edit, myst, pictures, run_sphinx, write_book

PAGES = {
    "one.md": "# One\n\n" + myst(":name: fig-one", *QUICK) + "\n" + myst(":lr: 0.2", *QUICK),
    "two.rst": "Two\n===\n\n.. gdviz-figure::\n   :name: fig-two\n   :view: loss\n\n   Caption.\n",
    "prose.md": "# Prose\n\nSee {numref}`fig-one`.\n",
}
STYLE = 'gdviz_style = {"text.color": "#123456", "font.size": 8}\n'


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Two pages with figures, and one without, in a book with a style."""
    return write_book(tmp_path, PAGES, STYLE)


STYLES = {
    "dict": ('{"text.color": "#123456"}', b'fill="#123456"'),
    "without-hash": ('{"text.color": "123456"}', b'fill="#123456"'),
    "list": ('{"font.family": ["DejaVu Serif"], "svg.fonttype": "none"}', b"'DejaVu Serif'"),
    "numbers": ('{"figure.figsize": (4, 3)}', b'width="288pt"'),
    "cycle": ("""{"axes.prop_cycle": "cycler('color', ['#123456'])"}""", b'stroke="#123456"'),
    "cycle-quotes": (
        """{"axes.prop_cycle": 'cycler("color", ["#123456"])'}""",
        b'stroke="#123456"',
    ),
    "cycler": (
        '__import__("cycler").cycler(color=["#123456"])',
        b'stroke="#123456"',
    ),
    "name": ('"dark_background"', b'stroke="#8dd3c7"'),
}
"""What is written in conf.py, and what the picture then has in it."""


@pytest.mark.parametrize("name", STYLES)
def test_style_is_followed(tmp_path: Path, name: str) -> None:
    style, mark = STYLES[name]
    style = f'{{"axes.prop_cycle": {style}}}' if name == "cycler" else style
    book = write_book(tmp_path, {"one.md": "# One\n\n" + myst(*QUICK)}, f"gdviz_style = {style}\n")
    (drawn,) = pictures(run_sphinx(book, "html", "-W").ok()).values()
    assert mark in drawn


def test_every_style_of_matplotlib_draws() -> None:
    """Some have sizes of letters that are words, or fonts that no machine has."""
    failed = {}
    for name in matplotlib.style.available:
        experiment = Experiment(
            style=name, steps=3, levels=3, lr=(0.1, 0.2), views=("contour", "loss"), overlay=True
        )
        try:
            draw(run(experiment), ["svg"])
        except Exception as error:
            failed[name] = repr(error)
    assert failed == {}


def test_change_of_the_style_draws_all_again(book: Path) -> None:
    first = pictures(run_sphinx(book).ok())
    assert len(first) == 3
    assert all(b'fill="#123456"' in svg for svg in first.values())
    edit(book / "conf.py", "123456", "654321")
    built = run_sphinx(book).ok()
    assert sorted(built.read) == ["one", "two"]
    assert built.drew == 3
    assert all(
        b'fill="#654321"' in (built.out / "_images" / name).read_bytes()
        for name in (name for name in pictures(built) if name not in first)
    )
    assert "prose" not in built.wrote
    edit(book / "conf.py", "654321", "123456")
    assert run_sphinx(book).ok().drew == 0, "the first pictures are still kept"
    assert run_sphinx(book, driver=True).ok().read == []
    edit(book / "conf.py", STYLE, "")
    built = run_sphinx(book).ok()
    assert sorted(built.read) == ["one", "two"]
    assert built.drew == 3
    again = run_sphinx(book, driver=True).ok()
    assert again.read == []
    assert again.imported == []


def test_mistake_in_a_figure_does_not_have_its_page_read_each_time(book: Path) -> None:
    """It has no style, and so none that could be another than the book's."""
    (book / "two.rst").write_text(
        "Two\n===\n\n" + ".. gdviz-figure::\n   :chapter: 2\n   :lr: x\n\n   C.\n"
    )
    run_sphinx(book)
    assert run_sphinx(book).ok().read == []


MISTAKES = {
    "key": ('{"font.sizee": 8}', ("“font.sizee”", "did you mean “font.size”")),
    "value": ('{"font.size": "big"}', ("font.size", "big")),
    "colour": ('{"text.color": "#12345"}', ("text.color", "12345")),
    "map": ('{"image.cmap": "viridsi"}', ("image.cmap", "viridsi")),
    "no-text": ('{3: 4, "font.size": 8}', ("3",)),
    "name": ('"clasic"', ("“clasic”", "classic")),
    "missing": ('"none.mplstyle"', ("“none.mplstyle”",)),
    "number": ("3", ("gdviz_style", "int")),
}
"""What is written in conf.py, and what the message must name."""


@pytest.mark.parametrize("name", MISTAKES)
def test_mistake_is_one_message(tmp_path: Path, name: str) -> None:
    """However many figures there are, and the book is built."""
    style, words = MISTAKES[name]
    book = write_book(tmp_path, PAGES, f"gdviz_style = {style}\n")
    built = run_sphinx(book)
    assert built.code == 0, built.stderr
    (message,) = built.messages
    if name != "number":  # Sphinx tells of other types, in its own words and place
        assert (message.file, message.type) == ("conf.py", "gdviz.setting")
        assert message.text.startswith("gdviz_style: ")
    assert all(word in message.text for word in words)
    assert "Traceback" not in built.stderr
    assert "Caption." in built.page("two.html")
    assert run_sphinx(book, "html", "-W", "-E").code != 0


def test_figures_appear_when_the_mistake_is_mended(book: Path) -> None:
    edit(book / "conf.py", "text.color", "text.colour")
    built = run_sphinx(book)
    assert built.page("one.html").count("gdviz-mistake") == 2
    edit(book / "conf.py", "text.colour", "text.color")
    assert run_sphinx(book).ok().page("one.html").count('src="_images/gdviz-') == 2

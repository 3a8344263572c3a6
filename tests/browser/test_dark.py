"""Dark pages: what a reader sees of a figure in the themes of most books, in a real browser."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from ext.books import myst, run_sphinx, write_book
from PIL import Image
from playwright.sync_api import Browser

from .live.pages import chromium, size

Scheme = Literal["dark", "light"]
Medium = Literal["screen", "print"]
WITH_DARK = ("sphinx_book_theme", "pydata_sphinx_theme", "furo")
"""Themes that have a dark side and a button for it."""
WITHOUT = ("alabaster", "sphinx_rtd_theme")
WHITE = (255, 255, 255)
PAGE = "# A page\n\nWords.\n\n" + myst(":static:", ":steps: 5", ":view: contour", ":levels: 12")


@dataclass(frozen=True)
class Shown:
    """A page of a book in some theme, and the browser that shows it."""

    browser: Browser
    page: Path

    def picture(self, chosen: str, preferred: Scheme, media: Medium = "screen") -> Image.Image:
        """The figure as seen by a reader.

        Parameters
        ----------
        chosen : str
            What the reader chose with the theme's button: dark, light or auto.
        preferred : str
            What the reader's system is set to.
        media : str
            What the page is for, screen or print.
        """
        page = self.browser.new_page(color_scheme=preferred, **size(1200, 900))
        page.emulate_media(media=media)
        # Furo looks at the one, themes of the PyData family at both.
        page.add_init_script(f"localStorage.theme = localStorage.mode = '{chosen}'")
        page.goto(self.page.as_uri())
        box = page.locator("img.gdviz").bounding_box()
        assert box
        shot = page.screenshot(clip=box, full_page=True)
        seen = Image.open(io.BytesIO(shot)).convert("RGB")
        page.close()
        assert seen.width > 400, "the figure is there"
        return seen

    def paper(self, chosen: str, preferred: Scheme, media: Medium = "screen") -> tuple[int, ...]:
        """The colour of the figure's paper, which is the same along its upper edge."""
        seen = np.asarray(self.picture(chosen, preferred, media))
        (colour,) = np.unique(seen[3:5, 10:-10].reshape(-1, 3), axis=0)
        return tuple(colour.tolist())


@pytest.fixture(scope="module")
def browser(tool: Callable[[str], str]) -> Iterator[Browser]:
    """One browser for all tests."""
    with chromium(tool("chromium")) as browser:
        yield browser


@pytest.fixture(scope="module")
def show(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Shown]:
    """Build the book in a theme, once, and show it."""
    cache = tmp_path_factory.mktemp("cache")
    pages: dict[str, Path] = {}

    def build(theme: str) -> Shown:
        if theme not in pages:
            book = write_book(tmp_path_factory.mktemp(theme), {"one.md": PAGE})
            options = ("-D", f"html_theme={theme}", "-D", f"gdviz_cache={cache}")
            pages[theme] = run_sphinx(book, "html", *options).ok().out / "one.html"
        return Shown(browser, pages[theme])

    return build


def is_dark(colour: tuple[int, ...]) -> bool:
    return max(colour) < 64


@pytest.mark.parametrize("theme", WITH_DARK)
def test_figure_follows_the_choice_of_the_reader(show: Callable[[str], Shown], theme: str) -> None:
    """Against the preference of the system, which is what a browser would follow by itself."""
    assert is_dark(show(theme).paper("dark", preferred="light"))
    assert show(theme).paper("light", preferred="dark") == WHITE


@pytest.mark.parametrize("theme", WITH_DARK)
def test_figure_follows_the_system_where_the_choice_is_left_to_it(
    show: Callable[[str], Shown], theme: str
) -> None:
    assert is_dark(show(theme).paper("auto", preferred="dark"))
    assert show(theme).paper("auto", preferred="light") == WHITE


@pytest.mark.parametrize("theme", WITHOUT)
def test_figure_on_a_page_without_a_dark_side_stays_light(
    show: Callable[[str], Shown], theme: str
) -> None:
    """A dark picture on a white page is worse than none that turns dark."""
    assert show(theme).paper("auto", preferred="dark") == WHITE


@pytest.mark.parametrize("theme", WITH_DARK + WITHOUT)
def test_print_is_light(show: Callable[[str], Shown], theme: str) -> None:
    """Whatever is on the screen when a page is printed: ink is spent on the figure alone."""
    assert show(theme).paper("dark", preferred="dark", media="print") == WHITE


@pytest.mark.parametrize("theme", WITH_DARK)
def test_colours_of_the_content_stay(show: Callable[[str], Shown], theme: str) -> None:
    """Captions speak of colours; a theme's filter for photographs changes them, too."""
    dark, light = (
        np.asarray(show(theme).picture(choice, preferred=choice)).astype(int)
        for choice in ("dark", "light")
    )
    assert dark.shape == light.shape
    height, width, _ = dark.shape
    inside = np.s_[height // 5 : height * 7 // 10, width * 3 // 10 : width * 6 // 10]  # the map
    assert np.ptp(light[inside]) > 100, "there is something to see"
    assert np.abs(dark[inside] - light[inside]).max() <= 2


OTHERS = {
    "shibuya": ('class="dark" style="color-scheme: dark"', ""),
    "sphinx-image-inverter": (
        'data-theme="dark"',
        """html[data-theme="dark"] figure:not(.sd-tab-set.docutils figure) img:not(.only-dark) {
          background-color: #fff !important; mix-blend-mode: difference !important;
          filter: invert(1) hue-rotate(180deg) !important }""",
    ),
}
"""What others set on a dark page, and their style sheets."""


@pytest.mark.parametrize("other", OTHERS)
def test_dark_picture_is_left_as_it_is(show: Callable[[str], Shown], other: str) -> None:
    usual = show("alabaster")
    root, style = OTHERS[other]
    text = usual.page.read_text("utf-8").replace("<html ", f"<html {root} ", 1)
    pages = [usual.page.with_name(f"{other}-{name}.html") for name in ("with", "without")]
    for page, rules in zip(pages, (style, ""), strict=True):
        page.write_text(text.replace("</head>", f"<style>{rules}</style></head>", 1), "utf-8")
    shown, dark = (Shown(usual.browser, page) for page in pages)
    assert is_dark(shown.paper("auto", preferred="light"))
    seen, same = (np.asarray(one.picture("auto", "light")).astype(int) for one in (shown, dark))
    assert np.abs(seen - same).max() <= 2
    assert shown.paper("auto", preferred="light", media="print") == WHITE

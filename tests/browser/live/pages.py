"""The book whose figures are read here, and what a person does on its pages."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from ext.books import Built, myst
from PIL import Image
from playwright.sync_api import Browser, BrowserType, ConsoleMessage, Locator, Page, sync_playwright

WIDGET = Path(__file__).parents[3] / "sphinx_gdviz" / "widget"
RATES = (
    *(":name: fig-rates", ":lr: 0.01, 0.1, 0.5", ":clip: -3, 3", ":xlim: -2.5, 2.5"),
    *(":titles: Too small ({lr}); Good ({lr}); Too large ({lr})",),
)
PAGES = {
    "index.md": "# Figures\n\n"
    + myst(":name: fig-run", ":lr: 0.1", caption="One run with *emphasis*.")
    + myst(*RATES, caption="Three rates.")
    + myst(":name: fig-adam", ":optimizer: adam; gd", ":lr: 0.05", ":noise: 0.1", ":overlay:")
    + myst(":name: fig-guess", ":predict:", ":try: Set the rate to 0.3; Start elsewhere")
    + myst(":name: fig-still", ":static:", ":lr: 0.2"),
}
LIVE = ("fig-run", "fig-rates", "fig-adam", "fig-guess")
"""The figures that come alive."""

OTHERS = ("mathjax", "invalid theme mode")
"""What is complained of by others: MathJax is missed without a net, and a theme its button."""

Spot = tuple[float, float]
"""A place on the screen."""

Open = Callable[..., Page]
"""Opens an address in a window of its own; what it is given by name is of the window."""


@contextmanager
def chromium(program: str) -> Iterator[Browser]:
    """The browser as it is installed."""
    with sync_playwright() as playwright, launched(playwright.chromium, program) as browser:
        yield browser


def launched(kind: BrowserType, program: str) -> Browser:
    """A browser of its own, to be closed."""
    return kind.launch(executable_path=program, args=["--no-sandbox", "--force-color-profile=srgb"])


def complaints(page: Page) -> list[str]:
    """What a page complains of from now on, but for what is none of a figure's making."""
    told: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        words = message.text
        if message.type == "error" and not any(other in words.lower() for other in OTHERS):
            told.append(words)

    page.on("pageerror", lambda error: told.append(str(error)))
    page.on("console", hear)
    return told


def address(built: Built, name: str = "index.html") -> str:
    """Where a page is, without a server."""
    return (built.out / name).as_uri()


def size(width: int, height: int) -> dict[str, Any]:
    """Of a window."""
    return {"viewport": {"width": width, "height": height}}


def alive(page: Page, name: str) -> Locator:
    """A figure that has come alive."""
    figure = page.locator(f"#{name}")
    figure.scroll_into_view_if_needed()
    figure.locator(".gdviz-live").wait_for()
    return figure


def unfold(figure: Locator) -> Locator:
    """A figure with all that was folded away in it."""
    figure.evaluate("f => f.querySelectorAll('details').forEach(details => details.open = true)")
    table = figure.locator("[data-gdviz=table]")
    if table.is_visible():  # it is filled a little later
        table.locator("td").first.wait_for()
    return figure


def control(figure: Locator, name: str) -> Locator:
    """A control; those that are folded away are unfolded first."""
    found = figure.locator(f"[data-gdviz={name}]").first
    if not found.is_visible():
        figure.locator(".gdviz-deep > summary").click()
    return found


def verdict(figure: Locator) -> str:
    """What the figure says of its run, once it has come to rest."""
    figure.page.wait_for_timeout(800)
    return " ".join((figure.locator(".gdviz-verdict").text_content() or "").split())


def picture(locator: Locator) -> np.ndarray[Any, Any]:
    """What is seen of something, as rows of pixels."""
    return np.asarray(Image.open(io.BytesIO(locator.screenshot())).convert("RGB")).astype(int)


def contrast(a: Any, b: Any) -> float:
    """Of two colours, from 1 to 21, as WCAG counts it."""

    def light(colour: Any) -> float:
        share = np.asarray(colour[:3], float) / 255
        linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
        return float(linear @ (0.2126, 0.7152, 0.0722))

    low, high = sorted((light(a), light(b)))
    return (high + 0.05) / (low + 0.05)


def spot(canvas: Locator, across: float, down: float) -> Spot:
    """A place on the screen, by shares of a canvas."""
    box = canvas.bounding_box()
    assert box
    return box["x"] + across * box["width"], box["y"] + down * box["height"]


def start_spot(canvas: Locator) -> Spot:
    """Where the start is seen: the middle of what has its colour."""
    across, down = canvas.evaluate(
        """canvas => {
          const {width, height} = canvas;
          const {data} = canvas.getContext('2d').getImageData(0, 0, width, height);
          let [count, across, down] = [0, 0, 0];
          for (let i = 0; i < data.length; i += 4) {
            if (data[i] !== 0x1a || data[i + 1] !== 0x96 || data[i + 2] !== 0x41) continue;
            count++;
            across += (i / 4) % width;
            down += Math.floor(i / 4 / width);
          }
          return [(across / count + 0.5) / width, (down / count + 0.5) / height];
        }"""
    )
    return spot(canvas, across, down)

"""Many figures on one page: all come alive, and together they take little memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import psutil
import pytest
from ext.books import Built, myst
from playwright.sync_api import Browser, Page

from .conftest import Build
from .pages import Open, address, alive, launched, size

COUNT = 8
MEGABYTE = 2**20
FINE = {**size(1000, 900), "device_scale_factor": 2}
"""A window as on most screens of today: a pixel of CSS is four of the screen."""


def page_of_figures(kind: str, *options: str) -> str:
    figures = (myst(f":name: {kind}-{number}", *options) for number in range(COUNT))
    return f"# {kind}\n\n" + "\n".join(figures)


PAGES = {"live.md": page_of_figures("live"), "still.md": page_of_figures("still", ":static:")}


@pytest.fixture(scope="module")
def many(build: Build) -> Built:
    """A page with many figures, and one with their pictures."""
    return build(pages=PAGES)


def read_through(page: Page, kind: str) -> Iterator[Any]:
    """Scroll from figure to figure, and wait until each is drawn."""
    for number in range(COUNT):
        name = f"{kind}-{number}"
        page.locator(f"#{name}").scroll_into_view_if_needed()
        yield alive(page, name) if kind == "live" else page.locator(f"#{name}")
        page.evaluate("new Promise(drawn => setTimeout(() => requestAnimationFrame(drawn), 300))")


PAINTED = """canvas => {
  const {width, height} = canvas;
  if (!width || !height) return 0;
  const {data} = canvas.getContext('2d').getImageData(0, 0, width, height);
  let painted = 0;
  for (let i = 0; i < data.length; i += 4) {
    const [low, , high] = [data[i], data[i + 1], data[i + 2]].sort((a, b) => a - b);
    painted += data[i + 3] > 250 && high - low > 20;
  }
  return painted / width / height;
}"""
"""How much of a canvas is covered by the colours of a loss."""


def test_all_come_alive_and_are_drawn_where_they_are_seen(open_page: Open, many: Built) -> None:
    page = open_page(address(many, "live.html"))
    for figure in read_through(page, "live"):
        for canvas in figure.locator(".gdviz-panel canvas").all():
            canvas.scroll_into_view_if_needed()
            page.wait_for_timeout(100)
            assert canvas.evaluate(PAINTED) > 0.2
    assert page.locator(".gdviz-live").count() == COUNT
    heights = page.locator(".gdviz-live").evaluate_all("all => all.map(f => f.clientHeight)")
    assert len(set(heights)) == 1, "those that are far away keep their place"
    pixels = page.locator(".gdviz-panel canvas").evaluate_all("all => all.map(c => c.width)")
    assert len(pixels) == 2 * COUNT
    assert not any(pixels[: COUNT // 2]), "those that are far away have given up their pixels"
    assert all(pixels[-2:])
    first = alive(page, "live-0").locator("[data-view=contour] canvas")
    first.scroll_into_view_if_needed()
    page.evaluate("new Promise(drawn => setTimeout(() => requestAnimationFrame(drawn), 300))")
    assert first.evaluate(PAINTED) > 0.2, "and have them again when the reader comes back"


def memory(browser: Browser, target: str, kind: str) -> float:
    """Megabytes of the process of a page, when its reader is at the end."""
    page = browser.new_context(**FINE).new_page()
    page.goto(target)
    for _ in read_through(page, kind):
        pass
    session = page.context.new_cdp_session(page)
    for _ in range(3):
        session.send("HeapProfiler.collectGarbage")
    processes = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
    # There are others, which Chromium keeps in store.
    used: float = max(
        psutil.Process(process["id"]).memory_full_info().uss / MEGABYTE
        for process in processes
        if process["type"] == "renderer"
    )
    page.context.close()
    return used


def test_a_figure_takes_at_most_eight_megabytes(
    browser: Browser, tool: Callable[[str], str], many: Built
) -> None:
    used = {}
    for kind in ("still", "live"):
        with launched(browser.browser_type, tool("chromium")) as own:
            used[kind] = memory(own, address(many, f"{kind}.html"), kind)
    each = (used["live"] - used["still"]) / COUNT
    print(f"{each:.1f} MB each of {used}")
    assert 0 < each <= 8

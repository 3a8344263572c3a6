"""What a figure costs its reader, in a browser: ours, beside plotly.js's of the same surface."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, FloatRect, Page, sync_playwright

from .pages import Site

VISITS = 5
FIRST, FRAMES = 5, 30
"""Frames of a drag in which scripts are still being compiled, and those that count."""
LONG = 120_000
"""Milliseconds after which a page does not come any more."""

WATCH = """
const request = requestAnimationFrame.bind(window);
const isDrawn = () => {
  const canvases = [...document.querySelectorAll(".gdviz-alive .gdviz-panel canvas")];
  return window.isDrawn || (canvases.length && canvases.every((c) => c.hasAttribute("width")));
};
const watch = () =>
  request(isDrawn() ? () => (window.interactive = performance.now()) : watch);
request(watch);

window.work = 0;
window.timed = (act, ...given) => {
  const begin = performance.now();
  act(...given);
  window.work += performance.now() - begin;
};
window.requestAnimationFrame = (act) => request((now) => timed(act, now));
window.nextFrame = () => new Promise(request);
"""
"""Runs before the scripts of a page.

A page is interactive when its figure is drawn, listens, and has been presented. Ours is drawn when
all its canvases have a size of their own, plotly's when `newPlot` has kept its promise. The first
frame that finds it so presents it, and has done so when the next one begins; WebGL may still be at
work then, which is to plotly's advantage. The time counts from the navigation, and the start of a
process for the page is in it, also without a figure.

`work` is what callbacks of frames take, and whatever else is `timed`.
"""

TURN = """
async ([selector, count]) => {
  const canvas = document.querySelector(selector);
  const { x, y } = canvas.getBoundingClientRect();
  const gl = canvas.getContext("webgl") ?? canvas.getContext("webgl2");
  const look = () =>
    gl
      ? gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4))
      : canvas.getContext("2d").getImageData(0, 0, 1, 1);
  const drag = (i) => {
    const place = { clientX: x + 240 + 3 * i, clientY: y + 200 };
    const event = { ...place, pointerId: 1, buttons: 1, bubbles: true, view: window };
    canvas.dispatchEvent(new PointerEvent("pointermove", event));
    canvas.dispatchEvent(new MouseEvent("mousemove", event));
  };
  const found = [];
  for (let i = 1; i <= count; i++) {
    await nextFrame();
    work = 0;
    timed(drag, i);
    await nextFrame();
    const scripts = work;
    timed(look);
    found.push([scripts, work]);
  }
  return found;
}
"""
"""Drags a surface on by three pixels a frame, once the mouse has been pressed on it.

A frame takes the work of listeners, of the callbacks in the next frame, and of all that these have
told the canvas to draw: it is done when a pixel can be read. To wait for the screen is no work, and
to bring the canvas there is the same for all.
"""


@dataclass(frozen=True)
class Frame:
    """Milliseconds of a frame while a surface is turned: of scripts alone, and of all work."""

    scripts: float
    whole: float


@dataclass(frozen=True)
class Memory:
    """A page after it has been scrolled through: figures that are alive, and bytes."""

    alive: int
    bytes: int


def openings(site: Site, *names: str) -> list[float]:
    """Milliseconds until pages are interactive, each time for a reader who was never there."""
    with _browser() as browser:
        rounds = [[_opening(browser, site.address(name)) for name in names] for _ in range(VISITS)]
    return [median(times) for times in zip(*rounds, strict=True)]


def turning(site: Site, name: str, canvas: str) -> Frame:
    """Turn the surface of a page."""
    with _browser() as browser, _page(browser) as page:
        _open(page, site.address(name))
        page.wait_for_timeout(1000)
        surface = page.locator(canvas).first
        box = surface.bounding_box()
        assert box
        page.mouse.move(box["x"] + 240, box["y"] + 200)
        page.mouse.down()
        middle: FloatRect = {"x": box["x"] + 140, "y": box["y"] + 100, "width": 200, "height": 200}
        before = page.screenshot(clip=middle)
        times = page.evaluate(TURN, [canvas, FIRST + FRAMES])[FIRST:]
        assert page.screenshot(clip=middle) != before, "it turns"
    return Frame(*(median(column) for column in zip(*times, strict=True)))


def scrolled(site: Site, name: str) -> Memory:
    """Scroll through a page in a new browser.

    The memory is that of all processes of the browser, since a canvas may be shared among them:
    their proportional set size, as Linux has it, without what is mapped from files.
    """
    with _browser() as browser, _page(browser) as page:
        page.goto(site.address(name))
        for figure in page.locator("figure").all():
            figure.scroll_into_view_if_needed()
            page.evaluate("async () => { for (let i = 0; i < 3; i++) await nextFrame(); }")
        page.wait_for_timeout(1000)
        page.context.new_cdp_session(page).send("HeapProfiler.collectGarbage")
        page.wait_for_timeout(1000)
        told = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")
        sizes = [_memory(process["id"]) for process in told["processInfo"]]
        return Memory(page.locator(".gdviz-alive").count(), sum(sizes))


def _memory(process: int) -> int:
    text = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii")
    return 1024 * sum(map(int, re.findall(r"(?m)^Pss_(?:Anon|Shmem): +(\d+)", text)))


@contextmanager
def _browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        program = shutil.which("chromium")  # without one, the one that Playwright has installed
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def _page(browser: Browser) -> Iterator[Page]:
    """A page of a reader without a cache."""
    context = browser.new_context(viewport={"width": 1200, "height": 900}, device_scale_factor=1)
    context.set_default_timeout(LONG)
    context.add_init_script(WATCH)
    yield context.new_page()
    context.close()


def _open(page: Page, address: str) -> float:
    page.goto(address)
    return float(page.wait_for_function("window.interactive", polling=100).json_value())


def _opening(browser: Browser, address: str) -> float:
    with _page(browser) as page:
        return _open(page, address)

"""Fingers on the reader's figure: they tap, drag, turn and pinch, and still scroll the page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

import pytest
from playwright.sync_api import CDPSession, Locator, Page, expect

from .conftest import Build
from .pages import Open, Spot, address, alive, control, size, spot, start_spot


@pytest.fixture
def phone(open_page: Open, build: Build) -> Page:
    """The page with figures on a phone."""
    target = address(build("html_theme = 'furo'\n"))
    return open_page(target, has_touch=True, is_mobile=True, **size(390, 844))


@pytest.fixture
def fingers(phone: Page) -> CDPSession:
    """What moves fingers as Chromium gets them from a screen."""
    return phone.context.new_cdp_session(phone)


def move(fingers: CDPSession, *ways: Sequence[Spot], steps: int = 10) -> None:
    """Put fingers down, move each along its corners, and lift them."""

    def tell(kind: str, spots: Sequence[Spot]) -> None:
        points = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(spots)]
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    tell("touchStart", [way[0] for way in ways])
    for spots in zip(*(_between(way, steps) for way in ways), strict=True):
        tell("touchMove", spots)
    tell("touchEnd", [])


def _between(way: Sequence[Spot], steps: int) -> Iterator[Spot]:
    for (x0, y0), (x1, y1) in pairwise(way):
        for step in range(1, steps + 1):
            yield x0 + (x1 - x0) * step / steps, y0 + (y1 - y0) * step / steps


def panel(page: Page, view: str) -> Locator:
    """A panel's canvas, in the middle of the screen."""
    canvas = alive(page, "fig-run").locator(f"[data-view={view}] canvas")
    canvas.evaluate("canvas => canvas.scrollIntoView({block: 'center', behavior: 'instant'})")
    expect(canvas).to_be_in_viewport(ratio=1)
    return canvas


def start_of(page: Page) -> Spot:
    """The start, as the figure's fields have it."""
    figure = page.locator("#fig-run")
    x, y = (float(control(figure, f"start-{side}").input_value()) for side in "xy")
    return x, y


def scrolled(page: Page, past: float = 0) -> float:
    """How far the page has been scrolled, when it comes past a place or does not for a while."""
    far: float = page.evaluate(
        """past => new Promise(tell => {
          const look = times =>
            scrollY > past || !times ? tell(scrollY) : setTimeout(look, 50, times - 1);
          look(20);
        })""",
        past,
    )
    return far


def test_a_tap_moves_the_start(phone: Page) -> None:
    start_of(phone)  # unfolds the fields
    canvas = panel(phone, "contour")
    phone.touchscreen.tap(*spot(canvas, 0.3, 0.7))
    figure = phone.locator("#fig-run")
    expect(control(figure, "start-x")).not_to_have_value("1.5")
    x, y = start_of(phone)
    assert x < 0
    assert y < 0
    assert start_spot(canvas) == pytest.approx(spot(canvas, 0.3, 0.7), abs=2)


def test_a_finger_drags_the_start_and_not_the_page(phone: Page, fingers: CDPSession) -> None:
    start_of(phone)
    canvas = panel(phone, "contour")
    before = scrolled(phone)
    end = spot(canvas, 0.4, 0.75)
    move(fingers, [start_spot(canvas), end])
    expect(control(phone.locator("#fig-run"), "start-x")).not_to_have_value("1.5")
    assert start_of(phone)[1] < 0
    assert start_spot(canvas) == pytest.approx(end, abs=2)
    assert scrolled(phone, past=before) == before


def test_a_finger_beside_the_start_scrolls_the_page(phone: Page, fingers: CDPSession) -> None:
    before = start_of(phone)
    canvas = panel(phone, "contour")
    top = scrolled(phone)
    move(fingers, [spot(canvas, 0.3, 0.8), spot(canvas, 0.3, 0.2)])
    assert scrolled(phone, past=top + 50) > top + 50
    assert start_of(phone) == before


def test_one_finger_turns_the_surface(phone: Page, fingers: CDPSession) -> None:
    figure = alive(phone, "fig-run")
    turn = control(figure, "turn").get_attribute("aria-valuetext")
    zoom = control(figure, "zoom").get_attribute("aria-valuetext")
    canvas = panel(phone, "surface")
    before = scrolled(phone)
    move(fingers, [spot(canvas, 0.3, 0.5), spot(canvas, 0.7, 0.5)])
    expect(control(figure, "turn")).not_to_have_attribute("aria-valuetext", turn or "")
    expect(control(figure, "zoom")).to_have_attribute("aria-valuetext", zoom or "")
    assert scrolled(phone, past=before) == before


def test_a_finger_scrolls_the_page_over_the_surface(phone: Page, fingers: CDPSession) -> None:
    canvas = panel(phone, "surface")
    canvas.evaluate("canvas => canvas.scrollIntoView({block: 'end', behavior: 'instant'})")
    before = scrolled(phone)
    move(fingers, [spot(canvas, 0.5, 0.9), spot(canvas, 0.5, 0.2)])
    assert scrolled(phone, past=before + 50) > before + 50


def test_two_fingers_zoom_the_surface_and_not_the_page(phone: Page, fingers: CDPSession) -> None:
    figure = alive(phone, "fig-run")
    zoom = control(figure, "zoom")
    expect(zoom).to_have_attribute("aria-valuetext", "1 times")
    canvas = panel(phone, "surface")
    middle = 0.5
    move(
        fingers,
        [spot(canvas, 0.45, middle), spot(canvas, 0.2, middle)],
        [spot(canvas, 0.55, middle), spot(canvas, 0.8, middle)],
    )
    expect(zoom).not_to_have_attribute("aria-valuetext", "1 times")
    assert _times(zoom) > 1.5
    assert phone.evaluate("visualViewport.scale") == 1
    wide = _times(zoom)
    move(
        fingers,
        [spot(canvas, 0.2, middle), spot(canvas, 0.4, middle)],
        [spot(canvas, 0.8, middle), spot(canvas, 0.6, middle)],
    )
    expect(zoom).not_to_have_attribute("aria-valuetext", f"{wide:g} times")
    assert _times(zoom) < wide
    assert phone.evaluate("visualViewport.scale") == 1


def _times(zoom: Locator) -> float:
    found = re.match(r"[\d.]+", zoom.get_attribute("aria-valuetext") or "")
    assert found
    return float(found[0])


def test_a_tap_is_a_guess(phone: Page) -> None:
    figure = alive(phone, "fig-guess")
    canvas = figure.locator("[data-view=contour] canvas")
    canvas.evaluate("canvas => canvas.scrollIntoView({block: 'center', behavior: 'instant'})")
    phone.touchscreen.tap(*spot(canvas, 0.3, 0.7))
    expect(figure.locator(".gdviz-verdict")).to_contain_text("off your guess")

"""Pages that are read from right to left: the figure turns with them, its numbers do not."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from .conftest import Build
from .pages import (
    LIVE,
    Open,
    address,
    alive,
    contrast,
    control,
    picture,
    size,
    start_spot,
    unfold,
)

THEMES = ("alabaster", "furo")
WORDS = {
    "one": "הריצה {outcome}.",
    "converged": "התכנסה בצעד {step} להפסד {loss} בנקודה {point}",
    "stepOf": "צעד {step} מתוך {steps}, הפסד {loss}",
}
"""Some of the figure's words, as a translator may write them."""

Show = Callable[..., Page]


@pytest.fixture
def show(open_page: Open, build: Build) -> Show:
    """Shows the page with figures in a theme, written in a direction, in some words."""

    def show(
        theme: str, way: str = "rtl", words: dict[str, str] | None = None, **window: Any
    ) -> Page:
        built = build(f"html_theme = '{theme}'\nlanguage = 'he'\n")
        name = f"{way}{'-words' if words else ''}.html"
        said = f'<script type="application/json" class="gdviz-strings">{json.dumps(words or {})}'
        html = built.page("index.html").replace("<html", f'<html dir="{way}"', 1)
        (built.out / name).write_text(html.replace("<head>", f"<head>{said}</script>"), "utf-8")
        return open_page(address(built, name), **window)

    return show


@pytest.mark.parametrize("theme", THEMES)
def test_controls_are_in_the_order_of_reading(show: Show, theme: str) -> None:
    figure = unfold(alive(show(theme), "fig-run"))
    boxes = [control(figure, name).bounding_box() for name in ("play", "back", "scrub", "forward")]
    lefts = [box["x"] for box in boxes if box]
    assert lefts == sorted(lefts, reverse=True)
    for name in ("rate", "start-x", "turn"):
        field, label = (
            box.bounding_box()
            for box in (
                control(figure, name),
                control(figure, name).locator("xpath=ancestor::label"),
            )
        )
        assert field
        assert label
        assert field["x"] - label["x"] < 3, "a label stands on the right of its field"


def test_signs_on_buttons_point_where_the_slider_goes(show: Show) -> None:
    """What is mirrored in the buttons is what the browser mirrors in sliders."""
    signs = {
        way: [
            picture(control(alive(show("furo", way), "fig-run"), name).locator("svg"))
            for name in ("play", "back", "forward")
        ]
        for way in ("ltr", "rtl")
    }
    for left, right in zip(*signs.values(), strict=True):
        apart, same = (np.abs(right - other).mean() for other in (left[:, ::-1], left))
        assert apart < same


@pytest.mark.parametrize("theme", THEMES)
def test_numbers_in_fields_have_their_sign_on_the_left(show: Show, theme: str) -> None:
    figure = alive(show(theme), "fig-run")
    field = control(figure, "start-x")
    field.fill("-1.25")
    field.press("Enter")
    expect(figure.locator(".gdviz-verdict")).to_contain_text("−")
    fields = figure.locator("input[type=number]")
    ways = fields.evaluate_all("all => all.map(field => getComputedStyle(field).direction)")
    assert set(ways) == {"ltr"}


SIGNS = """element => {
  const range = document.createRange();
  const text = document.createTreeWalker(element, NodeFilter.SHOW_TEXT).nextNode();
  const left = at => {
    range.setStart(text, at);
    range.setEnd(text, at + 1);
    return range.getBoundingClientRect().left;
  };
  const pairs = [/−[^\\d]*\\d/g, /\\d[^,()]*,[^,()\\d]*\\d/g].flatMap(
    pattern => [...text.data.matchAll(pattern)]);
  return pairs.map(({0: {length}, index}) => left(index) < left(index + length - 1));
}"""
"""Of each minus, whether it stands left of its number, and of points, whether θ₁ left of θ₂."""


def test_numbers_in_sentences_have_their_sign_on_the_left(show: Show) -> None:
    page = show("furo", words=WORDS)
    figure = alive(page, "fig-run")
    expect(figure.locator(".gdviz-verdict")).to_contain_text("התכנסה")
    assert figure.locator(".gdviz-now").evaluate(SIGNS)[:1] == [True]
    assert figure.locator(".gdviz-verdict").evaluate(SIGNS) == [True] * 3


@pytest.mark.parametrize("theme", THEMES)
def test_rates_are_stable_from_the_right(show: Show, theme: str) -> None:
    figure = alive(show(theme), "fig-run")
    rate = control(figure, "rate")
    share = rate.evaluate("input => +getComputedStyle(input).getPropertyValue('--gdviz-stable')")
    assert 0.6 < share < 0.9
    rate.evaluate("input => input.style.visibility = 'hidden'")
    below = picture(figure.locator(".gdviz-rate > span"))[-2]
    paper = below[2]
    marked = [contrast(pixel, paper) > 2 for pixel in below[::-1][2:-2]]
    end = marked.index(False)
    assert end / len(marked) == pytest.approx(share, abs=0.06)
    assert not any(marked[end:])


def test_plots_are_the_same_either_way(show: Show) -> None:
    plots = {}
    for way in ("ltr", "rtl"):
        page = show("furo", way)
        figure = alive(page, "fig-run")
        control(figure, "why").check()
        control(figure, "scrub").fill("2")
        page.wait_for_timeout(800)
        plots[way] = figure.locator("canvas").evaluate_all("all => all.map(c => c.toDataURL())")
    assert len(plots["ltr"]) >= 3
    assert plots["ltr"] == plots["rtl"]


@pytest.mark.parametrize("theme", THEMES)
def test_the_start_goes_where_it_is_dragged(show: Show, theme: str) -> None:
    page = show(theme)
    figure = alive(page, "fig-run")
    control(figure, "start-x")
    canvas = figure.locator("[data-view=contour] canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box
    end = box["x"] + 0.4 * box["width"], box["y"] + 0.75 * box["height"]
    page.mouse.move(*start_spot(canvas))
    page.mouse.down()
    page.mouse.move(*end, steps=5)
    page.mouse.up()
    expect(control(figure, "start-x")).not_to_have_value("1.5")
    assert start_spot(canvas) == pytest.approx(end, abs=2)


def test_the_surface_turns_with_the_hand(show: Show) -> None:
    turned = []
    for way in ("ltr", "rtl"):
        page = show("furo", way)
        figure = alive(page, "fig-run")
        turn = control(figure, "turn")
        box = figure.locator("[data-view=surface] canvas").bounding_box()
        assert box
        page.mouse.move(box["x"] + 100, box["y"] + 100)
        page.mouse.down()
        page.mouse.move(box["x"] + 140, box["y"] + 100, steps=4)
        page.mouse.up()
        expect(turn).not_to_have_value("-60")
        turned.append(turn.input_value())
    assert turned[0] == turned[1]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", [390, 1000])
def test_nothing_sticks_out(show: Show, theme: str, width: int) -> None:
    page = show(theme, **size(width, 900))
    for name in LIVE:
        unfold(alive(page, name))
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0
    out = page.locator(".gdviz-live").evaluate_all(
        """all => all.flatMap(live => {
          const {left, right} = live.getBoundingClientRect();
          return [...live.querySelectorAll('button, input, select, summary, p, canvas')]
            .filter(e => e.checkVisibility() && !e.closest('.gdviz-scroll, .gdviz-spoken'))
            .map(e => [e.dataset.gdviz || e.className, e.getBoundingClientRect()])
            .filter(([, box]) => box.left < left - 1 || box.right > right + 1)
            .map(([name]) => name);
        })"""
    )
    assert out == []

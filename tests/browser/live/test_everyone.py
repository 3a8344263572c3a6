"""The reader's figure is for everyone: on small screens, enlarged, in forced colours, at rest."""

from __future__ import annotations

import os
from itertools import combinations
from typing import Any, NamedTuple

import pytest
from ext.books import Built
from playwright.sync_api import Page, expect

from .conftest import Build
from .pages import (
    LIVE,
    WIDGET,
    Open,
    address,
    alive,
    contrast,
    control,
    picture,
    size,
    unfold,
)

AXE = WIDGET / "node_modules" / "axe-core" / "axe.min.js"
THEMES = [
    *[("sphinx_book_theme", scheme) for scheme in ("light", "dark")],
    *[("furo", scheme) for scheme in ("light", "dark")],
    *[("alabaster", "light"), ("sphinx_rtd_theme", "light")],
]
SMALL = {
    "narrow": size(320, 640),
    "phone": size(450, 700),
    "twice as large": {**size(640, 450), "device_scale_factor": 2},
}


def in_theme(build: Build, theme: str) -> str:
    """Where the page with figures is, in a theme."""
    return address(build(f"html_theme = '{theme}'\n"))


def barriers(page: Page, *include: str) -> list[Any]:
    """What axe finds in the figures and in what comes with them; rows of a table are all alike."""
    found: list[Any] = page.evaluate(
        """async include => {
          const context = {include, exclude: ['tbody tr:nth-child(n+3)']};
          const {violations} = await axe.run(context, {preload: false});
          return violations.map(v => [v.id, v.nodes.map(n => n.html.slice(0, 200))]);
        }""",
        include or ("figure", ".gdviz-more"),
    )
    return found


@pytest.mark.parametrize(("theme", "scheme"), THEMES)
def test_no_barrier_is_found(open_page: Open, build: Build, theme: str, scheme: str) -> None:
    if not AXE.exists() and not os.environ.get("CI"):
        pytest.skip("npm ci in sphinx_gdviz/widget brings axe-core")
    page = open_page(in_theme(build, theme), color_scheme=scheme, **size(1200, 900))
    page.evaluate(AXE.read_text("utf-8"))
    figures = {name: alive(page, name) for name in LIVE}
    assert barriers(page) == [], "as it opens"
    for figure in figures.values():
        unfold(figure)
    for name in ("fig-run", "fig-rates"):
        control(figures[name], "why").check()
        control(figures[name], "scrub").fill("3")
        control(figures[name], "add").click()
    control(figures["fig-adam"], "basins").check()
    expect(figures["fig-rates"].locator(".gdviz-run")).to_have_count(4)
    expect(figures["fig-adam"].locator(".gdviz-ends svg").first).to_be_attached()
    assert barriers(page) == [], "with everything unfolded"
    control(figures["fig-guess"], "reveal").click()
    expect(figures["fig-guess"].locator(".gdviz-guessing")).to_have_count(0)
    assert barriers(page, "#fig-guess") == [], "with the guess revealed"


class Box(NamedTuple):
    """Where something is on the page."""

    name: str
    left: float
    top: float
    right: float
    bottom: float


def boxes(page: Page, *selectors: str) -> list[list[Box]]:
    """Where things are that are seen, all at one moment, for each selector.

    A check box or a radio button is its label, too.
    """
    found = page.evaluate(
        """selectors => selectors.map(selector => [...document.querySelectorAll(selector)]
          .map(e => /checkbox|radio/.test(e.type) ? e.closest('label') : e)
          .filter(e => e.checkVisibility({visibilityProperty: true}))
          .map(e => {
            const {left, top, right, bottom} = e.getBoundingClientRect();
            const name = e.dataset.gdviz || e.className || e.textContent || e.tagName;
            return [name, left + scrollX, top + scrollY, right + scrollX, bottom + scrollY];
          }))""",
        selectors,
    )
    return [[Box(*values) for values in boxes] for boxes in found]


TARGETS = ", ".join(
    f"figure .gdviz-live {tag}" for tag in ("button", "select", "input", "textarea", "summary")
)
WORDS = ", ".join(
    f"figure {name}"
    for name in (
        *("canvas", "legend", "small", "strong", "li", "figcaption", ".gdviz-title"),
        *(".gdviz-now", ".gdviz-verdict:not(.gdviz-spoken)", ".gdviz-key > span"),
    )
)


def overlaps(found: list[Box]) -> list[tuple[str, str]]:
    """Pairs of which one covers the other by more than a pixel."""
    return [
        (a.name, b.name)
        for a, b in combinations(found, 2)
        if min(a.right, b.right) - max(a.left, b.left) > 1
        and min(a.bottom, b.bottom) - max(a.top, b.top) > 1
    ]


@pytest.mark.parametrize("theme", dict(THEMES))
@pytest.mark.parametrize("window", SMALL.values(), ids=SMALL)
def test_there_is_room_on_small_screens(
    open_page: Open, build: Build, theme: str, window: dict[str, Any]
) -> None:
    page = open_page(in_theme(build, theme), **window)
    for name in LIVE:
        unfold(alive(page, name))
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, "the page scrolls sideways"
    out = [
        name
        for name in LIVE
        if page.evaluate("id => (f => f.scrollWidth - f.clientWidth)(window[id])", name) > 1
    ]
    assert out == [], "a figure is wider than its column"
    targets, words = boxes(page, TARGETS, WORDS)
    assert len(targets) > 80
    small = [box for box in targets if min(box.right - box.left, box.bottom - box.top) < 24]
    assert small == []
    assert overlaps(targets + words) == []


@pytest.mark.parametrize("theme", [*dict(THEMES), "basic"])
def test_what_comes_with_a_figure_stands_clear_of_its_caption(
    open_page: Open, build: Build, theme: str
) -> None:
    page = open_page(in_theme(build, theme))
    for name in LIVE:
        alive(page, name)
    (found,) = boxes(page, "figure .caption-text, .gdviz-more summary")
    assert len(found) >= 7
    assert overlaps(found) == []


def test_nothing_is_played_to_readers_who_want_less_motion(open_page: Open, built: Built) -> None:
    """Steps come one after the other, two in a second at most, or the last one at once."""
    page = open_page("about:blank", reduced_motion="reduce")
    page.clock.install()
    page.goto(address(built))
    figure = alive(page, "fig-run")
    control(figure, "scrub").fill("0")
    seen = """figure => {
      const told = figure.querySelector('.gdviz-now');
      window.steps = [];
      new MutationObserver(() => steps.push(told.textContent)).observe(told, {childList: true});
    }"""
    figure.evaluate(seen)
    page.clock.run_for(1000)
    control(figure, "play").click()
    page.clock.run_for(2000)
    steps = set(page.evaluate("steps"))  # a text that is written again moves nothing
    assert 1 <= len(steps) <= 5, "too much moves"
    page.clock.run_for(60_000)
    assert control(figure, "scrub").input_value() == "50", "it does not come to the end"


def test_less_motion_is_no_motion_of_the_style(open_page: Open, built: Built) -> None:
    page = open_page(address(built), reduced_motion="reduce")
    figure = unfold(alive(page, "fig-run"))
    moving = figure.evaluate(
        """figure => [...figure.querySelectorAll('*')].filter(e => {
          const {transitionDuration, animationName} = getComputedStyle(e);
          return transitionDuration !== '0s' || animationName !== 'none';
        }).length"""
    )
    assert moving == 0


COLOURS = """figure => {
  const pen = document.createElement('canvas').getContext('2d');
  const rgb = colour => {
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 1, 1);
    return [...pen.getImageData(0, 0, 1, 1).data];
  };
  const paper = e => {
    for (; e; e = e.parentElement) {
      const colour = rgb(getComputedStyle(e).backgroundColor);
      if (colour[3] > 250) return colour;
    }
    return rgb('Canvas');
  };
  return [...figure.querySelectorAll('button, input, select, summary, legend, label, p, span')]
    .filter(e => e.checkVisibility() && !e.closest('.gdviz-spoken') && !e.matches(':disabled'))
    .map(e => {
      const {color, borderTopColor, borderTopWidth} = getComputedStyle(e);
      const isFramed = e.matches('button, select, input:not([type=range])');
      return {
        name: e.dataset.gdviz || e.className || e.textContent,
        paper: paper(e),
        text: rgb(color),
        frame: isFramed && !/checkbox|radio/.test(e.type) ? rgb(borderTopColor) : null,
        width: parseFloat(borderTopWidth),
      };
    });
}"""
"""The colours of all that is written, and the frames of controls."""

INK = """canvas => {
  // What stands left of the plot: numbers and a name.
  const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width / 7, canvas.height);
  const found = new Set();
  for (let i = 0; i < data.length; i += 4)
    if (data[i + 3] > 200) found.add(data.subarray(i, i + 3).join());
  return [...found].map(text => text.split(',').map(Number));
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_forced_colours_show_words_and_controls(open_page: Open, build: Build, scheme: str) -> None:
    page = open_page(in_theme(build, "furo"), color_scheme=scheme, forced_colors="active")
    for name in ("fig-run", "fig-rates"):
        figure = unfold(alive(page, name))
        found = figure.evaluate(COLOURS)
        assert len(found) > 30
        faint = [one["name"] for one in found if contrast(one["text"], one["paper"]) < 4.5]
        assert faint == [], "words"
        framed = [one for one in found if one["frame"]]
        faint = [
            one["name"]
            for one in framed
            if contrast(one["frame"], one["paper"]) < 3 or one["width"] < 1
        ]
        assert framed
        assert faint == [], "frames"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_forced_colours_show_where_the_keyboard_is(
    open_page: Open, build: Build, scheme: str
) -> None:
    page = open_page(in_theme(build, "furo"), color_scheme=scheme, forced_colors="active")
    figure = unfold(alive(page, "fig-run"))
    control(figure, "play").focus()
    outlines = {}
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    for _ in range(12):
        page.keyboard.press("Tab")
        name, style, width, colour = page.evaluate(
            """() => {
              const e = document.activeElement;
              const {outlineStyle, outlineWidth, outlineColor} = getComputedStyle(e);
              return [e.dataset.gdviz || e.textContent, outlineStyle, outlineWidth, outlineColor];
            }"""
        )
        is_faint = contrast(_rgb(colour), _rgb(paper)) < 3
        outlines[name] = style != "none" and float(width[:-2]) >= 2 and not is_faint
    assert len(outlines) > 8
    assert [name for name, is_seen in outlines.items() if not is_seen] == []


def _rgb(colour: str) -> list[float]:
    return [float(part) for part in colour.strip("rgba()").split(",")]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_forced_colours_are_the_ink_of_the_plots(
    open_page: Open, build: Build, scheme: str
) -> None:
    page = open_page(in_theme(build, "furo"), color_scheme=scheme)
    canvas = alive(page, "fig-run").locator("[data-view=contour] canvas")
    page.emulate_media(forced_colors="active")
    page.evaluate("new Promise(drawn => setTimeout(() => requestAnimationFrame(drawn), 800))")
    text, paper = (
        _rgb(page.evaluate("colour => getComputedStyle(document.body)[colour]", name))
        for name in ("color", "backgroundColor")
    )
    assert contrast(text, paper) > 15
    inks = canvas.evaluate(INK)
    assert text in inks
    assert [ink for ink in inks if contrast(ink, paper) < 4.5] == []


@pytest.mark.parametrize("forced", ["none", "active"])
def test_the_mark_of_stable_rates_is_seen(open_page: Open, built: Built, forced: str) -> None:
    page = open_page(address(built), forced_colors=forced)
    figure = alive(page, "fig-run")
    control(figure, "rate").evaluate("input => input.style.visibility = 'hidden'")
    below = picture(figure.locator(".gdviz-rate > span"))[-2]
    left, right = below[len(below) // 4], below[-3]
    assert contrast(left, right) >= 3

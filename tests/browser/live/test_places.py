"""Places that a figure may be in: scaled, folded away, or in a page that is swapped."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from ext.books import Built, myst
from playwright.sync_api import Browser, Page, expect

from .conftest import Build
from .pages import Open, address, alive, control, spot, start_spot

TABS = """\
<div class="sd-tab-set"><input id="tab-1" type="radio" name="t" checked><label for="tab-1">A</label>
<div class="content">One</div><input id="tab-2" type="radio" name="t"><label for="tab-2">B</label>
<div class="content">
"""
STYLE = """\
<style>.content { display: none } input:checked + label + .content { display: block }
.toggle-hidden > .admonition-title ~ * { display: block; height: 0; visibility: hidden }</style>
"""


def hidden(name: str, before: str, after: str) -> str:
    """A figure in a box of HTML."""
    around = [f"```{{raw}} html\n{text}\n```\n" for text in (before, after)]
    return f"{around[0]}\n{myst(f':name: {name}')}\n{around[1]}"


@pytest.fixture(scope="module")
def folded(build: Build) -> str:
    """Where a page with figures is that nobody sees as it opens."""
    button = (
        '<div class="admonition toggle-hidden"><p class="admonition-title">Note <button '
        "class='toggle-button' onclick=\"this.parentElement.parentElement.classList"
        ".remove('toggle-hidden')\">+</button></p>"
    )
    panel = (
        '<button id="b" onclick="document.getElementById(\'p\').hidden = false">Tab</button>'
        '<div id="p" role="tabpanel" aria-labelledby="b" hidden>'
    )
    parts = [
        hidden("fig-details", STYLE + "<details><summary>More</summary>", "</details>"),
        hidden("fig-tab", TABS, "</div></div>"),
        hidden("fig-toggle", button, "</div>"),
        hidden("fig-panel", panel, "</div>"),
    ]
    return address(build(pages={"index.md": "# Folded\n\n" + "\n".join(parts)}))


@pytest.mark.parametrize("name", ["fig-details", "fig-tab", "fig-toggle", "fig-panel"])
def test_link_with_a_state_opens_what_hides_its_figure(
    open_page: Open, folded: str, name: str
) -> None:
    page = open_page(f"{folded}#{name}:lr=0.3")
    canvas = page.locator(f"#{name} canvas").first
    expect(canvas).to_be_in_viewport()
    assert control(page.locator(f"#{name}"), "lr").input_value() == "0.3"
    others = open_page(folded)
    others.evaluate(f"location.hash = '{name}:lr=0.3'")
    expect(others.locator(f"#{name} canvas").first).to_be_in_viewport()


def test_data_are_not_shown_whatever_a_box_has_to_show(open_page: Open, folded: str) -> None:
    page = open_page(folded)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator("script.gdviz-data").count() == 4
    assert not any(script.is_visible() for script in page.locator("script.gdviz-data").all())


@pytest.mark.parametrize("style", ["transform: scale(1.4)", "zoom: 1.4", "transform: scale(0.6)"])
def test_start_is_drawn_where_the_pointer_is(page: Page, style: str) -> None:
    figure = alive(page, "fig-run")
    figure.evaluate("(f, style) => f.style.cssText = style + '; transform-origin: 0 0'", style)
    canvas = figure.locator("[data-view=contour] canvas")
    canvas.scroll_into_view_if_needed()
    page.wait_for_timeout(500)
    place = spot(canvas, 0.4, 0.6)
    page.mouse.move(*start_spot(canvas))
    page.mouse.down()
    page.mouse.move(*place, steps=3)
    page.mouse.up()
    page.wait_for_timeout(500)
    assert start_spot(canvas) == pytest.approx(place, abs=3)


SWAP = """async target => {
  const text = await (await fetch(target)).text();
  const other = new DOMParser().parseFromString(text, 'text/html');
  document.body.replaceChildren(...other.body.childNodes);
}"""


def test_figures_wake_in_a_page_that_is_swapped(
    browser: Browser, build: Build, served: Callable[[Path], str]
) -> None:
    pages = {name: f"# {name}\n\n" + myst(f":name: fig-{name[0]}") for name in ("one.md", "two.md")}
    home = served(build(pages=pages).out)
    page = browser.new_page()
    page.goto(f"{home}/one.html")
    alive(page, "fig-o")
    page.evaluate(SWAP, f"{home}/two.html")
    alive(page, "fig-t")
    expect(page.locator("#fig-o")).to_have_count(0)
    page.close()


def test_without_its_style_sheet_it_stays_a_picture(open_page: Open, built: Built) -> None:
    bare = built.out / "bare.html"
    text = built.page("index.html")
    bare.write_text(re.sub(r"<link[^>]*gdviz\.css[^>]*>", "", text), "utf-8")
    page = open_page(bare.as_uri())
    page.wait_for_timeout(800)
    assert page.locator("canvas").count() == 0
    assert page.locator("img.gdviz").first.is_visible()


def test_picture_is_saved_where_a_page_allows_none_from_data(
    browser: Browser, built: Built, served: Callable[[Path], str]
) -> None:
    strict = built.out / "strict.html"
    policy = '<meta http-equiv="Content-Security-Policy" content="img-src \'self\'">'
    strict.write_text(built.page("index.html").replace("<head>", "<head>" + policy, 1), "utf-8")
    page = browser.new_page()
    page.goto(f"{served(built.out)}/strict.html")
    save = control(alive(page, "fig-run"), "save-png")
    with page.expect_download() as download:
        save.click()
    assert download.value.suggested_filename == "fig-run.svg"
    page.close()


def test_guess_without_a_map_takes_another_rate(open_page: Open, build: Build) -> None:
    figure = myst(":name: fig-guess", ":predict:", ":view: gradient")
    page = open_page(address(build(pages={"index.md": f"# Guess\n\n{figure}"})))
    guess = alive(page, "fig-guess")
    control(guess, "lr").fill("0.2")
    page.wait_for_timeout(300)
    assert guess.locator("canvas").first.is_visible()  # and nothing was complained of


def test_still_is_hidden_whatever_a_theme_wants_of_pictures(page: Page) -> None:
    page.add_style_tag(content="#fig-run img { display: inline-block }")
    expect(alive(page, "fig-run").locator("img.gdviz")).to_be_hidden()


FITS = """input => {
  const context = document.createElement('canvas').getContext('2d');
  const style = getComputedStyle(input);
  context.font = style.font;
  const buttons = 18; // which turn up as it is pointed at
  const room = input.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  return context.measureText(input.value).width + buttons <= room;
}"""


@pytest.mark.parametrize("rate", ["0.00025", "1000000"])
def test_rate_is_seen_whole(page: Page, rate: str) -> None:
    field = control(alive(page, "fig-run"), "lr")
    field.fill(rate)
    assert field.evaluate(FITS)

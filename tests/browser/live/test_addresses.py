"""Addresses that nobody meant: mistyped, cut off, or from an older page."""

from __future__ import annotations

from typing import Any

import pytest
from ext.books import myst
from playwright.sync_api import Page, expect

from .conftest import Build
from .pages import Open, address, alive

NONSENSE = (
    *("", "garbage", "a=b=c", ",,,=,=", "%", "%E0%A4%A", "%25", "%00", "%F0%9F%98%80", "<b>&amp;"),
    *("lr=", "lr=nan", "lr=NaN", "lr=-1", "lr=0", "lr=1e999", "lr=Infinity", "lr=fast", "lr=0.1.2"),
    *("steps=0", "steps=-5", "steps=1e9", "steps=nan", "steps=9007199254740993", "step=-1"),
    *("step=51", "step=1e400", "step=half"),
    *("rule=unknown", "rule=__proto__", "rule=constructor", "rule=toString", "rule=(", "rule=)"),
    *("rule=adam2(beta1=0.5)", "rule=gd(momentum=0.9)", "rule=gd(__proto__=1)"),
    *("start=", "start=1", "start=;", "start=1;", "start=;2", "start=1;2;3", "start=nan;nan"),
    *("start=1e999;0", "start=1e200;1e200", "start=left;right"),
    *("turn=1e9", "turn=nan", "tilt=-45", "tilt=400", "zoom=0", "zoom=-1", "zoom=1e9", "zoom=nan"),
    *(
        "arrows=yes",
        "basins=yes",
        "arrows=2",
        "-",
        "-/-/-",
        "/",
        "////////",
        "garbage/more/garbage",
    ),
    *("/" * 5000, "lr=" + "9" * 5000, "x" * 100_000),
)
EXTREME = (
    *("lr=5e-324", "lr=1e100", "start=1e99;-1e99", "start=-0;0", "steps=1,step=0", "steps=10000"),
    *("zoom=3,tilt=90,turn=-360", "zoom=0.5,tilt=5,turn=360", "lr=1e100,rule=adam,step=0,arrows=1"),
    *("rule=rprop(shrink=-1e300;grow=1e300)", "rule=adam(beta1=1;beta2=1),arrows=1,step=3"),
    "/".join(["lr=0.1", *["lr=1e100,start=1e99;1e99"] * 30]),
)
STATE = """figure => {
  const value = name => figure.querySelector(`[data-gdviz=${name}]`).value;
  const names = ['lr', 'optimizer', 'steps', 'start-x', 'start-y', 'scrub', 'turn', 'tilt', 'zoom'];
  const checked = ['why', 'basins'].map(
    name => [name, figure.querySelector(`[data-gdviz=${name}]`).checked]);
  const runs = figure.querySelectorAll('.gdviz-run').length;
  const said = figure.querySelector('.gdviz-verdict').textContent;
  const told = figure.querySelector('.gdviz-now').textContent;
  return {...Object.fromEntries([...names.map(name => [name, value(name)]), ...checked]),
    runs, said, told};
}"""


@pytest.fixture(scope="module")
def target(build: Build) -> str:
    """Where a page with one figure is that comes alive, and one that does not."""
    figures = myst(":name: fig-run", ":lr: 0.1") + myst(":name: fig-still", ":static:", ":lr: 0.2")
    return address(build(pages={"index.md": f"# Figures\n\n{figures}"}))


def shown(page: Page) -> dict[str, Any]:
    """What the figure shows."""
    figure = alive(page, "fig-run")
    expect(figure.locator(".gdviz-verdict")).not_to_be_empty()
    state: dict[str, Any] = figure.evaluate(STATE)
    return state


def differing(page: Page, usual: dict[str, Any]) -> dict[str, Any]:
    """In what the figure is not as it was printed."""
    return {name: value for name, value in shown(page).items() if usual[name] != value}


def test_nonsense_brings_the_printed_figure_back(open_page: Open, target: str) -> None:
    page = open_page(target)
    usual = shown(page)
    figure = alive(page, "fig-run")
    rate = figure.locator("[data-gdviz=lr]")
    del usual["said"]  # which is said when all is at rest
    for text in NONSENSE:
        page.evaluate("location.hash = 'fig-run:lr=0.3'")
        expect(rate).to_have_value("0.3")
        page.evaluate("text => { location.hash = text }", f"fig-run:{text}")
        expect(rate).to_have_value("0.1")
        assert usual.items() <= figure.evaluate(STATE).items(), text[:25]


def test_nonsense_opens_the_figure_as_it_was_printed(open_page: Open, target: str) -> None:
    """It is read as nonsense that comes later is."""
    page = open_page(target)
    usual = shown(page)
    for text in ("%E0%A4%A", "lr=nan", "rule=__proto__", "start=1;", "garbage/more", "x" * 100_000):
        page.goto("about:blank")
        page.goto(f"{target}#fig-run:{text}")
        assert differing(page, usual) == {}, text[:25]


def test_extreme_numbers_are_shown_and_can_be_taken_back(open_page: Open, target: str) -> None:
    page = open_page(target)
    usual = shown(page)
    for text in EXTREME:
        page.goto("about:blank")
        page.goto(f"{target}#fig-run:{text}")
        assert differing(page, usual), text
        page.locator("#fig-run [data-gdviz=reset]").click()
        expect(page.locator("#fig-run .gdviz-verdict")).to_have_text(usual["said"])
        assert differing(page, usual) == {}, text


@pytest.mark.parametrize(
    "text", ["fig-nothing:lr=0.3", "fig-still:lr=0.3", "fig-ru:lr=0.3", "fig-run", ":", "%:%"]
)
def test_names_of_no_live_figure_do_nothing(open_page: Open, target: str, text: str) -> None:
    page = open_page(f"{target}#{text}")
    assert shown(page)["lr"] == "0.1"
    assert page.locator("#fig-still .gdviz-live").count() == 0

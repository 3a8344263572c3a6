"""Figures of many runs: the picture stays, and pointing at it shows one of its runs."""

from __future__ import annotations

import pytest
from ext.books import Built, myst
from playwright.sync_api import Locator, Page, expect

from sphinx_gdviz import Experiment
from sphinx_gdviz.core.report.describe import outcome

from .conftest import Build
from .pages import Open, address, alive, control

SWEEP = "lr 0.01 to 1.1; y -2 to 2"
MAPS = {
    "index.md": "# Maps\n\n"
    + myst(":name: fig-outcomes", ":view: outcomes", f":sweep: {SWEEP}", ":steps: 60")
    + myst(":name: fig-settle", ":view: bifurcation", ":sweep: lr 0.1 to 1", ":steps: 60")
    + myst(
        *(":name: fig-two", ":view: outcomes", ":optimizer: momentum; nesterov"),
        *(":sweep: lr 0.01 to 1 log; momentum 0 to 0.9", ":steps: 60"),
    )
}


@pytest.fixture(scope="module")
def built(build: Build) -> Built:
    """A page with maps."""
    return build(pages=MAPS)


def point_at(figure: Locator, across: float, up: float, which: int = 0) -> None:
    """Press the mouse at a place of a map, given as shares of its sides."""
    area = figure.locator(".gdviz-area").nth(which)
    area.scroll_into_view_if_needed()
    box = area.bounding_box()
    assert box
    place = {"x": across * box["width"], "y": (1 - up) * box["height"]}
    area.click(position={"x": place["x"], "y": place["y"]})


def test_a_place_of_a_map_is_a_run(page: Page) -> None:
    figure = alive(page, "fig-outcomes")
    expect(figure.locator("img.gdviz")).to_be_visible()
    expect(figure.locator(".gdviz-spot")).to_be_visible()
    point_at(figure, 0.5, 0.75)
    lr, y = (control(figure, name).input_value() for name in ("lr", "start-y"))
    assert abs(float(lr) - 0.555) < 0.01
    assert abs(float(y) - 1) < 0.03
    (run,) = Experiment(lr=lr, start=f"1.5, {y}", steps="60").runs
    expect(figure.locator(".gdviz-verdict")).to_have_text(f"It {outcome(run)}.")


def test_the_mark_is_where_the_run_is_and_gone_where_the_map_has_none(page: Page) -> None:
    figure = alive(page, "fig-outcomes")
    mark, area = figure.locator(".gdviz-spot"), figure.locator(".gdviz-area")
    control(figure, "lr").fill("0.555")
    control(figure, "start-y").fill("1")
    spot, box = mark.bounding_box(), area.bounding_box()
    assert spot
    assert box
    assert abs(spot["x"] + spot["width"] / 2 - box["x"] - 0.5 * box["width"]) < 2
    assert abs(spot["y"] + spot["height"] / 2 - box["y"] - 0.25 * box["height"]) < 2
    control(figure, "start-x").fill("0")  # the map is of starts with another θ₁
    expect(mark).to_be_hidden()
    control(figure, "start-x").fill("1.5")
    expect(mark).to_be_visible()
    control(figure, "lr").fill("5")
    expect(mark).to_be_hidden()


def test_a_diagram_of_rates_and_a_map_of_each_optimizer(
    page: Page, open_page: Open, built: Built
) -> None:
    figure = alive(page, "fig-settle")
    point_at(figure, 0.5, 0.9)
    expect(control(figure, "lr")).to_have_value("0.55")
    expect(control(figure, "start-y")).to_have_value("1.5")
    both = alive(page, "fig-two")
    point_at(both, 0.75, 0.5, which=1)
    expect(control(both, "optimizer")).to_have_value("nesterov")
    expect(control(both, "lr")).to_have_value("0.316")
    expect(control(both, "setting-momentum")).to_have_value("0.45")
    page.wait_for_timeout(800)
    shared = alive(open_page(address(built) + page.evaluate("location.hash")), "fig-two")
    expect(shared.locator(".gdviz-run").nth(1)).to_contain_text("η = 0.316")


def test_print_has_the_picture_alone(page: Page) -> None:
    figure = alive(page, "fig-outcomes")
    page.emulate_media(media="print")
    expect(figure.locator("img.gdviz")).to_be_visible()
    expect(figure.locator(".gdviz-live")).to_be_hidden()
    expect(figure.locator(".gdviz-spot")).to_be_hidden()

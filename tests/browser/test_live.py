"""The reader's figure in a real browser: a person clicks, drags, types and reads."""

from __future__ import annotations

import os
import re
import subprocess
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from ext.books import Built, myst, run_sphinx, write_book
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from sphinx_gdviz import Experiment, descend
from sphinx_gdviz.core.words import outcome

WIDGET = Path(__file__).parents[2] / "sphinx_gdviz" / "widget"
AXE = WIDGET / "node_modules" / "axe-core" / "axe.min.js"
CSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:"
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


@pytest.fixture(scope="module")
def browser(tool: Callable[[str], str]) -> Iterator[Browser]:
    """Chromium, as it is installed."""
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--force-color-profile=srgb"]
        chromium = playwright.chromium.launch(executable_path=tool("chromium"), args=flags)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """A page with figures."""
    book = write_book(tmp_path_factory.mktemp("live"), PAGES)
    return run_sphinx(book, "html", "-W").ok()


@pytest.fixture
def page(browser: Browser, built: Built) -> Iterator[Page]:
    """The page in a new window, in which nothing may be complained of."""
    context = browser.new_context(viewport={"width": 1000, "height": 900})
    window = context.new_page()
    told: list[str] = []
    window.on("pageerror", lambda error: told.append(str(error)))
    window.on("console", lambda m: told.append(m.text) if m.type == "error" else None)
    window.goto(address(built))
    yield window
    context.close()
    assert [words for words in told if "mathjax" not in words.lower()] == []


def address(built: Built, name: str = "index.html") -> str:
    """Where a page is, without a server."""
    return (built.out / name).as_uri()


def alive(page: Page, name: str) -> Locator:
    """A figure that has come alive."""
    figure = page.locator(f"#{name}")
    figure.scroll_into_view_if_needed()
    figure.locator(".gdviz-live").wait_for()
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


def test_it_opens_on_the_printed_state(page: Page) -> None:
    figure = alive(page, "fig-run")
    run = Experiment(lr=0.1).runs[0]
    expect(figure.locator(".gdviz-verdict")).to_have_text(f"It {outcome(run)}.")
    expect(control(figure, "lr")).to_have_value("0.1")
    expect(control(figure, "scrub")).to_have_value("50")
    titles = figure.locator(".gdviz-title").all_text_contents()
    assert titles == ["Loss surface", "Contours"]
    assert not figure.locator("img.gdviz").is_visible()
    rates = alive(page, "fig-rates")
    assert rates.locator(".gdviz-title").all_text_contents() == [
        "Too small (0.01)",
        "Good (0.1)",
        "Too large (0.5)",
    ]
    said = " ".join(rates.locator(".gdviz-run").all_text_contents())
    for run in Experiment(lr="0.01, 0.1, 0.5", clip="-3, 3").runs:
        assert outcome(run) in said


def test_print_and_pages_without_scripts_have_the_picture(browser: Browser, built: Built) -> None:
    context = browser.new_context(java_script_enabled=False)
    window = context.new_page()
    window.goto(address(built))
    assert window.locator("#fig-run img.gdviz").is_visible()
    context.close()
    context = browser.new_context()
    window = context.new_page()
    window.goto(address(built))
    figure = alive(window, "fig-run")
    window.emulate_media(media="print")
    assert figure.locator("img.gdviz").is_visible()
    assert not figure.locator(".gdviz-live").is_visible()
    context.close()


def test_a_static_figure_stays_a_picture(page: Page, built: Built) -> None:
    page.locator("#fig-still").scroll_into_view_if_needed()
    page.wait_for_timeout(300)
    assert page.locator("#fig-still img.gdviz").is_visible()
    assert page.locator("#fig-still .gdviz-live").count() == 0
    assert built.page("index.html").count('class="gdviz-data"') == 4


@pytest.mark.parametrize("rate", ["1.05", "0.3", "0.02"])
def test_a_rate_that_is_typed_is_run_and_judged(page: Page, rate: str) -> None:
    figure = alive(page, "fig-run")
    control(figure, "lr").fill(rate)
    control(figure, "lr").press("Enter")
    run = Experiment(lr=float(rate)).runs[0]
    expect(figure.locator(".gdviz-verdict")).to_have_text(f"It {outcome(run)}.")
    control(figure, "reset").click()
    expect(control(figure, "lr")).to_have_value("0.1")


def test_the_start_is_dragged(page: Page) -> None:
    figure = alive(page, "fig-run")
    canvas = figure.locator("[data-view=contour] canvas")
    box = canvas.bounding_box()
    assert box
    before = verdict(figure)
    page.mouse.move(box["x"] + 0.7 * box["width"], box["y"] + 0.3 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.6 * box["width"], box["y"] + 0.75 * box["height"], steps=5)
    page.mouse.up()
    assert verdict(figure) != before
    x, y = (float(control(figure, f"start-{side}").input_value()) for side in "xy")
    assert (x, y) != (1.5, 1.5)
    assert y < 0
    run = Experiment(lr=0.1, start=(x, y)).runs[0]
    expect(figure.locator(".gdviz-verdict")).to_have_text(f"It {outcome(run)}.")
    assert verdict(figure) != before


def test_playing_stepping_and_scrubbing(page: Page) -> None:
    figure = alive(page, "fig-run")
    control(figure, "scrub").fill("10")
    loss = descend(lr=0.1).losses[10]
    expect(figure.locator(".gdviz-now")).to_have_text(f"Step 10 of 50, loss {loss:.3f}")
    control(figure, "forward").click()
    expect(control(figure, "scrub")).to_have_value("11")
    control(figure, "back").focus()
    page.keyboard.press("Enter")
    expect(control(figure, "scrub")).to_have_value("10")
    control(figure, "play").click()
    expect(control(figure, "scrub")).not_to_have_value("10", timeout=15_000)
    assert int(control(figure, "scrub").input_value()) > 10
    control(figure, "play").click()


def test_another_optimizer(page: Page) -> None:
    figure = alive(page, "fig-run")
    options = control(figure, "optimizer").locator("option").count()
    assert options == 14
    control(figure, "optimizer").select_option("adam")
    expect(figure.locator(".gdviz-verdict")).to_have_text(
        f"It {outcome(Experiment(optimizer='adam', lr=0.1).runs[0])}."
    )
    control(figure, "setting-beta1").fill("0.5")
    control(figure, "setting-beta1").press("Enter")
    run = Experiment(optimizer="adam(beta1=0.5)", lr=0.1).runs[0]
    expect(figure.locator(".gdviz-verdict")).to_have_text(f"It {outcome(run)}.")


def test_the_same_noise_as_in_the_build(page: Page) -> None:
    """The page makes the run again, of the random numbers that Python had."""
    figure = alive(page, "fig-adam")
    control(figure, "lr").fill("0.06")
    control(figure, "lr").press("Enter")
    run = Experiment(optimizer="adam", lr=0.06, noise=0.1).runs[0]
    expect(figure.locator(".gdviz-run").filter(has_text=outcome(run))).to_have_count(1)


def test_a_link_opens_the_figure_as_it_was(page: Page, browser: Browser) -> None:
    figure = alive(page, "fig-run")
    control(figure, "lr").fill("0.37")
    control(figure, "lr").press("Enter")
    control(figure, "start-x").fill("-1.25")
    control(figure, "start-x").press("Enter")
    said = verdict(figure)
    link = page.url
    assert "#fig-run:" in link
    other = browser.new_context().new_page()
    other.goto(link)
    same = other.locator("#fig-run")
    same.locator(".gdviz-live").wait_for()
    expect(control(same, "lr")).to_have_value("0.37")
    expect(control(same, "start-x")).to_have_value("-1.25")
    expect(same.locator(".gdviz-verdict")).to_have_text(said)
    other.context.close()


def test_the_directive_that_is_copied_makes_the_same_figure(page: Page, tmp_path: Path) -> None:
    figure = alive(page, "fig-run")
    control(figure, "optimizer").select_option("momentum")
    control(figure, "lr").fill("0.07")
    control(figure, "lr").press("Enter")
    control(figure, "steps").fill("60")
    control(figure, "steps").press("Enter")
    said = verdict(figure)
    page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    control(figure, "directive").click()
    directive = figure.locator("textarea.gdviz-copy").input_value()
    assert "{gdviz-figure}" in directive
    book = write_book(tmp_path, {"one.md": f"# One\n\n{directive}\n"})
    again = run_sphinx(book, "html", "-W").ok().page("one.html")
    run = Experiment(optimizer="momentum", lr=0.07, steps=60).runs[0]
    assert said == f"It {outcome(run)}."
    assert f"it {outcome(run)}" in again


def test_predict_then_reveal(page: Page) -> None:
    figure = alive(page, "fig-guess")
    expect(figure.locator(".gdviz-guessing")).to_have_count(1)
    assert "converged" not in verdict(figure)
    assert figure.locator(".gdviz-tasks li").all_text_contents() == [
        "Set the rate to 0.3",
        "Start elsewhere",
    ]
    control(figure, "guess-x").fill("-0.3")
    control(figure, "guess-y").fill("0.6")
    control(figure, "reveal").click()
    figure.locator(".gdviz-guessing").wait_for(state="detached")
    assert figure.locator(".gdviz-guessing").count() == 0
    expect(figure.locator(".gdviz-verdict")).to_contain_text("converged")


def test_a_table_of_steps(page: Page) -> None:
    figure = alive(page, "fig-run")
    control(figure, "table").locator("summary").click()
    row = figure.locator("[data-gdviz=table] tbody tr").nth(1)
    row.wait_for()
    cells = [cell.strip() for cell in row.locator("td, th").all_text_contents()]
    run = descend(lr=0.1)
    assert cells[0] == "1"
    assert cells[1:4] == [f"{value:.3f}" for value in (*run.points[1], run.losses[1])]


@pytest.fixture
def served() -> Iterator[Callable[[Path], str]]:
    """Serves a folder to this machine: a policy with 'self' means nothing without a server."""
    servers: list[ThreadingHTTPServer] = []

    def serve(folder: Path) -> str:
        handler = partial(SimpleHTTPRequestHandler, directory=str(folder))
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


def _as_a_page_under_csp(built: Built, folder: Path) -> Path:
    """The figures on a page of our own, which allows nothing but its own files."""
    figures = re.findall(
        r"(?s)<figure.*?</figure>\s*(?:<script type.*?</script>)?", built.page("index.html")
    )
    static = built.out / "_static"
    for name in ("gdviz.js", "gdviz.css"):
        (folder / name).write_bytes((static / name).read_bytes())
    (folder / "_images").symlink_to(built.out / "_images")
    head = f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{CSP}">'
    head += '<link rel="icon" href="data:,">'
    links = '<link rel="stylesheet" href="gdviz.css"><script defer src="gdviz.js"></script>'
    page = folder / "page.html"
    page.write_text(
        f'<!doctype html><html lang="en"><head>{head}<title>x</title>{links}</head>'
        f"<body><main><h1>Figures</h1>{''.join(figures)}</main></body></html>",
        "utf-8",
    )
    return page


def test_everything_works_under_a_strict_policy(
    browser: Browser, built: Built, tmp_path: Path, served: Callable[[Path], str]
) -> None:
    target = _as_a_page_under_csp(built, tmp_path)
    context = browser.new_context()
    window = context.new_page()
    told: list[str] = []
    window.on("console", lambda m: told.append(m.text) if m.type in ("error", "warning") else None)
    window.on("pageerror", lambda error: told.append(str(error)))
    window.add_init_script(
        "document.addEventListener('securitypolicyviolation',"
        " event => console.error(event.violatedDirective))"
    )
    window.goto(f"{served(target.parent)}/{target.name}")
    figure = alive(window, "fig-run")
    control(figure, "lr").fill("1.05")
    control(figure, "lr").press("Enter")
    expect(figure.locator(".gdviz-verdict")).to_contain_text("diverged")
    control(figure, "why").check()
    control(figure, "basins").check()
    window.wait_for_timeout(1500)
    with window.expect_download():
        control(figure, "save-png").click()
    with window.expect_download():
        control(figure, "save-svg").click()
    context.close()
    assert told == []


THEMES = [
    *[("sphinx_book_theme", scheme) for scheme in ("light", "dark")],
    *[("furo", scheme) for scheme in ("light", "dark")],
    ("alabaster", "light"),
]


@pytest.mark.parametrize(("theme", "scheme"), THEMES)
def test_no_barrier_is_found(browser: Browser, tmp_path: Path, theme: str, scheme: Any) -> None:
    if not AXE.exists() and not os.environ.get("CI"):
        pytest.skip("npm ci in sphinx_gdviz/widget brings axe-core")
    book = write_book(tmp_path, PAGES, f"html_theme = '{theme}'\n")
    built = run_sphinx(book, "html", "-W").ok()
    context = browser.new_context(color_scheme=scheme, viewport={"width": 1200, "height": 900})
    window = context.new_page()
    window.goto(address(built))
    for name in ("fig-run", "fig-rates", "fig-guess"):
        figure = alive(window, name)
        figure.locator(".gdviz-deep > summary").click()
    window.evaluate(AXE.read_text("utf-8"))
    found = window.evaluate(
        "async () => (await axe.run('figure')).violations"
        ".map(v => [v.id, v.nodes.map(n => n.html.slice(0, 200))])"
    )
    context.close()
    assert found == []


@pytest.mark.parametrize("width", [320, 450])
def test_small_screens_have_no_sideways_scrolling(
    browser: Browser, built: Built, width: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 700})
    window = context.new_page()
    window.goto(address(built))
    for name in ("fig-run", "fig-rates"):
        figure = alive(window, name)
        figure.locator(".gdviz-deep > summary").click()
        assert figure.evaluate("f => f.scrollWidth <= f.clientWidth + 1")
    sizes = window.evaluate(
        "[...document.querySelectorAll('#fig-run button, #fig-run select, #fig-run input')]"
        ".filter(e => e.offsetParent).map(e => [e.dataset.gdviz, e.getBoundingClientRect().height])"
    )
    context.close()
    small = [
        item for item in sizes if item[1] < 24 and item[0] not in ("why", "basins", "linked", "run")
    ]
    assert small == []


def test_pages_without_a_live_figure_load_no_script(tmp_path: Path) -> None:
    pages = {
        "one.md": "# One\n\n" + myst(":static:"),
        "two.md": "# Two\n\n" + myst(":view: bifurcation", ":sweep: lr 0.1 to 0.3"),
        "three.md": "# Three\n\n" + myst(":lr: 0.1"),
    }
    book = write_book(tmp_path, pages)
    built = run_sphinx(book, "html", "-W").ok()
    has = {name: "gdviz.js" in built.page(f"{name}.html") for name in ("one", "two", "three")}
    assert has == {"one": False, "two": False, "three": True}
    off = run_sphinx(book, "html", "-W", "-D", "gdviz_interactive=0").ok()
    assert "gdviz.js" not in off.page("three.html")
    assert "gdviz-data" not in off.page("three.html")
    epub = run_sphinx(book, "epub")
    assert not any("gdviz-data" in p.read_text("utf-8") for p in epub.out.rglob("*.xhtml"))


def test_bundle_is_what_the_sources_build_to(tool: Callable[[str], str]) -> None:
    done = subprocess.run(
        [tool("node"), "build.mjs", "--check"],
        cwd=WIDGET,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr

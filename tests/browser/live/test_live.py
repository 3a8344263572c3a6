"""The reader's figure in a real browser: a person clicks, drags, types and reads."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from ext.books import Built, myst, run_sphinx, write_book
from playwright.sync_api import Browser, Page, expect

from sphinx_gdviz import Experiment, descend
from sphinx_gdviz.core.methods.rules import RULES
from sphinx_gdviz.core.report.describe import outcome

from .conftest import Build
from .pages import Open, address, alive, control, unfold, verdict

CSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:"


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
    assert options == sum(not rule.takes_hessian for rule in RULES.values())
    control(figure, "optimizer").select_option("adam")
    expect(figure.locator(".gdviz-verdict")).to_have_text(
        f"It {outcome(Experiment(optimizer='adam', lr=0.1).runs[0])}."
    )
    control(figure, "setting-beta1").fill("0.5")
    control(figure, "setting-beta1").press("Enter")
    run = Experiment(optimizer="adam(beta1=0.5)", lr=0.1).runs[0]
    expect(figure.locator(".gdviz-verdict")).to_have_text(f"It {outcome(run)}.")


def test_what_the_build_refuses_is_refused(page: Page) -> None:
    figure = alive(page, "fig-run")
    control(figure, "optimizer").select_option("momentum")
    said = f"It {outcome(Experiment(optimizer='momentum', lr=0.1).runs[0])}."
    expect(figure.locator(".gdviz-verdict")).to_have_text(said)
    for name, usual, refused in (
        ("setting-momentum", "0.9", ("1.9", "1", "-0.1", "")),
        ("setting-dampening", "0", ("1.1", "-1")),
        ("lr", "0.1", ("0", "-2")),
        ("steps", "50", ("0", "2.5")),
    ):
        for value in refused:
            field = control(figure, name)
            field.fill(value)
            assert field.evaluate("field => field.matches(':invalid')"), (name, value)
            field.press("Enter")
            expect(field).to_have_value(usual)
            assert field.evaluate("field => field.matches(':valid')")
    expect(figure.locator(".gdviz-verdict")).to_have_text(said)
    control(figure, "setting-dampening").fill("1")
    run = Experiment(optimizer="momentum(dampening=1)", lr=0.1).runs[0]
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


def test_nothing_tells_the_end_before_the_reader_has_guessed(page: Page) -> None:
    x, y = (f"{abs(part):.3f}" for part in Experiment(lr=0.1).runs[0].trajectory.points[-1])
    page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    figure = unfold(alive(page, "fig-guess"))
    for name in ("basins", "csv"):
        found = control(figure, name)
        if found.is_visible() and found.is_enabled():
            found.click()
    page.wait_for_timeout(800)
    expect(figure.locator(".gdviz-live")).not_to_have_attribute("aria-busy", "true")
    texts = figure.locator("textarea").evaluate_all("all => all.map(text => text.value)")
    said = " ".join([figure.inner_text(), *texts])
    assert "Reveal" in said
    assert [part for part in (x, y) if part in said] == []
    control(figure, "reveal").click()
    expect(figure.locator(".gdviz-verdict")).to_contain_text(x)


def test_a_table_of_steps(page: Page) -> None:
    figure = alive(page, "fig-run")
    control(figure, "table").locator("summary").click()
    row = figure.locator("[data-gdviz=table] tbody tr").nth(1)
    row.wait_for()
    cells = [cell.strip() for cell in row.locator("td, th").all_text_contents()]
    run = descend(lr=0.1)
    assert cells[0] == "1"
    assert cells[1:4] == [f"{value:.3f}" for value in (*run.points[1], run.losses[1])]


def test_parameters_have_their_names(build: Build, open_page: Open) -> None:
    options = (":name: fig-names", ":loss: w**2 + 3*b0**2", ":parameters: b0, w", ":steps: 5")
    page = open_page(address(build(pages={"index.md": "# Names\n\n" + myst(*options)})))
    figure = unfold(alive(page, "fig-names"))
    heads = figure.locator("[data-gdviz=table] thead th")
    assert heads.all_text_contents()[1:3] == ["b₀", "w"]
    for name, label in (("start-x", "Start b₀"), ("start-y", "Start w")):
        assert control(figure, name).locator("..").text_content() == label
    with page.expect_download() as saved:
        control(figure, "save-svg").click()
    texts = re.findall(r"<text[^>]*>([^<]*)</text>", saved.value.path().read_text("utf-8"))
    assert [texts.count(name) for name in ("b₀", "w", "θ₁", "θ₂")] == [2, 2, 0, 0]


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


def test_pages_without_a_live_figure_load_no_script(tmp_path: Path) -> None:
    pages = {
        "one.md": "# One\n\n" + myst(":static:"),
        "two.md": "# Two\n\nNo figure.\n",
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

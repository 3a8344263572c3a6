"""What each option does to the figure; the two languages; words where no picture is."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from docutils import nodes
from sphinx.testing.util import SphinxTestApp

from sphinx_gdviz.core.experiment import Experiment
from sphinx_gdviz.core.losses.dataset import Dataset, read_dataset
from sphinx_gdviz.core.options.read import Book, experiment_options, read_experiment
from sphinx_gdviz.core.result import run as run_experiment
from sphinx_gdviz.ext.domain import KEY, GdvizDomain
from sphinx_gdviz.ext.experiments import experiment_of

from .books import QUICK, copy_root, myst, run_sphinx, write_book


def tree(app: SphinxTestApp, docname: str) -> str:
    """The doctree of a page, without what says where it comes from."""
    doctree = app.env.get_doctree(docname)
    for node in doctree.findall(nodes.Element):
        for attribute in ("source", "line", "xml:space", "gdviz-live"):  # how it was written
            node.attributes.pop(attribute, None)
    figure = next(iter(doctree.findall(nodes.figure)))
    text = figure.pformat()
    # MyST says at each link what it is; that is not the figure's doing.
    text = re.sub(r' (?:classes="[^"]*"|name="[^"]*") (?=[^>]*refuri)', " ", text)
    return re.sub(r"fig-(myst|rest|yaml)", "fig", text)


@pytest.mark.sphinx("dummy", testroot="twins")
def test_markup_languages_give_the_same_doctree(app: SphinxTestApp) -> None:
    app.build()
    assert app.warning.getvalue() == ""
    rest = tree(app, "rest")
    for attribute in ("gdviz-key=", "chapter=", "<legend>", "<math", "<emphasis>", "refuri"):
        assert attribute in rest
    rest_link, myst_link = '<reference name="link" refuri', "<reference refuri"
    assert tree(app, "myst").replace(myst_link, rest_link) == rest.replace(myst_link, rest_link)
    assert tree(app, "yaml") == tree(app, "myst")


@pytest.mark.sphinx("html", testroot="options")
def test_standard_options_are_those_of_the_standard_figure(app: SphinxTestApp) -> None:
    app.build()
    theirs, ours, *_ = app.env.get_doctree("index").findall(nodes.figure)
    for attribute in ("align", "width", "classes"):
        assert ours.get(attribute) == theirs.get(attribute), attribute
    for attribute in ("alt", "width", "align"):
        assert ours[0].get(attribute) == theirs[0].get(attribute), attribute
    assert [name for name in ours[0]["classes"] if name != "gdviz"] == theirs[0]["classes"]
    assert [type(child) for child in ours] == [type(child) for child in theirs]
    page = (app.outdir / "index.html").read_text(encoding="utf-8")
    blocks = re.findall(r'<figure class.*?id="fig-(theirs|ours)".*?</figure>', page, re.S)
    assert blocks == ["theirs", "ours"]
    markup = {
        name: re.search(rf'<figure [^>]*id="fig-{name}".*?</figure>', page, re.S)
        for name in ("theirs", "ours")
    }
    assert markup["ours"]
    assert markup["theirs"]
    picture = r"_images/[\w.-]+"
    ours = rf"{picture}| gdviz| width=\"\d+\" height=\"\d+\"| style=\"[^\"]*\""
    same = [re.sub(ours, "", found[0]) for found in markup.values() if found]
    assert same[0].replace("fig-theirs", "") == same[1].replace("fig-ours", "")


@pytest.mark.sphinx("html", testroot="options")
def test_defaults_of_the_book(app: SphinxTestApp) -> None:
    app.build()
    _, ours, plain, _ = app.env.get_doctree("index").findall(nodes.figure)
    experiment = shown(app, plain)
    assert experiment.steps == 3
    assert experiment.levels == 2
    assert plain["align"] == "right"
    assert ours["align"] == "left"
    assert list((app.srcdir / "pictures").glob("gdviz-*.svg"))
    assert not (app.doctreedir / "gdviz").exists()


def shown(app: SphinxTestApp, node: nodes.Element) -> Experiment:
    """The experiment that a figure in a page shows."""
    (figure,) = {f.key: f for f in GdvizDomain.of(app.env) if f.key == node[KEY]}.values()
    return experiment_of(app.env, figure)


class _Images(HTMLParser):
    """Collects the images of a page, and counts what might have come out of an attribute."""

    def __init__(self) -> None:
        super().__init__()
        self.images: list[dict[str, str | None]] = []
        self.bold = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            self.images.append(dict(attrs))
        self.bold += tag == "b"


@pytest.mark.sphinx("html", testroot="options")
def test_quotes_do_not_break_the_page(app: SphinxTestApp) -> None:
    app.build()
    parser = _Images()
    parser.feed((app.outdir / "index.html").read_text(encoding="utf-8"))
    assert parser.images[-1]["alt"] == "Say \"x < y\" & <b>go</b> 'on'"
    assert parser.images[-1].keys() <= {"alt", "src", "class", "width", "height", "style"}
    assert parser.bold == 1, "the caption's own, as MyST passes HTML on"


@pytest.mark.sphinx("html", testroot="options")
def test_alt_text_is_written_from_the_verdict(app: SphinxTestApp) -> None:
    app.build()
    _, _, plain, _ = app.env.get_doctree("index").findall(nodes.figure)
    alt = plain[0]["alt"]
    assert alt.startswith("Contours of x^2 + y^2")
    run = run_experiment(shown(app, plain)).runs[0]
    assert run.verdict.kind == "slow"
    assert "at learning rate 0.2 it was still on its way at step 3" in alt
    assert "3 steps from (1.5, 1.5)" in alt


def test_alt_text_of_the_bowl(tmp_path: Path) -> None:
    book = write_book(tmp_path, {"one.md": "# One\n\n" + myst(":alt:") + "\n" + myst()})
    page = " ".join(run_sphinx(book, "text").page("one.txt").split())
    assert "at learning rate 0.1 it converged at step 26 to loss −0.075 at (−0.358, 0.674)." in page


CHANGES = {
    "loss": "x**2 + y**2",
    "parameters": "b, w",
    "optimizer": "adam",
    "lr": "0.2",
    "schedule": "cosine",
    "start": "1, 1",
    "steps": "4",
    "clip": "-3, 3",
    "noise": "0.5",
    "batch": "2",
    "seed": "1",
    "runs": "lr=0.1 | lr=0.2",
    "view": "surface",
    "constraint": "l1 1",
    "against": "epoch",
    "overlay": "",
    "sweep": "lr 0.1 to 1",
    "titles": "One; Two",
    "xlim": "-3, 3",
    "ylim": "-3, 3",
    "levels": "5",
    "scale": "log",
    "aspect": "fill",
    "camera": "10, 20",
    "mark": "minima",
    "arrows": "0, 1",
    "model": "quadratic at start",
    "label": "start = here",
    "numbers": "0..3",
    "labels": "u; v",
    "width": "66%",
}


COMPANIONS = {
    "parameters": {"loss": "w**2 + b"},
    "batch": {"loss": "least-squares(cars.csv, x=speed, y=dist)"},
    "seed": {"noise": "0.5"},
    "against": {
        "loss": "least-squares(cars.csv, x=speed, y=dist)",
        "start": "0, 0",
        "view": "loss",
    },
    "sweep": {"view": "bifurcation"},
}
"""What an option needs beside it to mean anything."""


def _cars(name: str, x: str, y: str) -> Dataset:
    return read_dataset(b"speed,dist\n4,2\n7,4\n8,16\n9,10\n", name, x, y)


def test_every_option_of_an_experiment_is_tried() -> None:
    assert CHANGES.keys() == experiment_options(Book()).keys()


@pytest.mark.parametrize("option", CHANGES)
def test_option_changes_the_key(option: str) -> None:
    book, others = Book(max_steps=100, read_data=_cars), COMPANIONS.get(option, {})
    usual, _ = read_experiment(others, book)
    changed, mistakes = read_experiment({**others, option: CHANGES[option]}, book)
    assert mistakes == []
    assert changed
    assert usual
    assert changed.key != usual.key


@pytest.mark.parametrize(
    ("option", "one", "other"),
    [
        ("lr", "0.1,0.2", " 0.10 ,\n 2e-1 "),
        ("start", "1,1;2,2", " 1 , 1 ; 2.0, 2"),
        ("loss", "x**2 + y", "x**2  +\n  y"),
        ("steps", "50", " 050 "),
    ],
)
def test_spaces_and_ways_of_writing_do_not_change_the_key(
    option: str, one: str, other: str
) -> None:
    keys = {
        read.key
        for text in (one, other)
        if (read := read_experiment({option: text}, Book(max_steps=100))[0])
    }
    assert len(keys) == 1


@pytest.mark.parametrize("option", ["lr", "start", "clip", "xlim", "camera"])
@pytest.mark.parametrize("number", ["1_0", "٣", "0x1", "1.5.", "1e", "--1", "NaN", "Infinity"])
def test_only_plain_numbers_are_numbers(option: str, number: str) -> None:
    """As `steps` does, so that a typing slip is told and not read as another number."""
    text = number if option == "lr" else f"{number}, 20"
    experiment, mistakes = read_experiment({option: text}, Book(max_steps=100))
    assert experiment is None
    assert [mistake.option for mistake in mistakes] == [option]


WIDTHS = {"66%": 0.66 * 5.5, "9cm": 9 / 2.54, "288pt": 4.0, "24pc": 4.0, "300": 3.125, "2.5in": 2.5}
"""Inches to what is written for them; a number alone is of pixels, as docutils has it."""


def test_width_is_the_width_that_is_drawn(tmp_path: Path) -> None:
    """So lettering keeps its size; web pages scale as they do any picture, print does not."""
    figures = [myst(f":width: {width}", *QUICK, caption=width) for width in WIDTHS]
    book = write_book(tmp_path, {"one.md": "# One\n\n" + "\n".join(figures)})
    page = run_sphinx(book, "html", "-W").ok().page("one.html")
    images = re.findall(r'<img [^>]*style="([^"]*)"[^>]*src="_images/(gdviz-\w+)', page)
    widths = [width.replace("300", "300px") for width in WIDTHS]
    assert [style for style, _ in images] == [f"width: {width};" for width in widths]
    printed = run_sphinx(book, "latex", "-W").ok()
    assert printed.page("small.tex").count(r"\sphinxincludegraphics{{gdviz-") == len(WIDTHS)
    for (_, name), inches in zip(images, WIDTHS.values(), strict=True):
        svg = (book / "_build" / "html" / "_images" / f"{name}.svg").read_text(encoding="utf-8")
        (size,) = re.findall(r'<svg [^>]*width="([\d.]+)pt"', svg)
        assert float(size) == pytest.approx(72 * inches, abs=0.01)
        (box,) = re.findall(rb"/MediaBox\[0 0 (\S+) ", (printed.out / f"{name}.pdf").read_bytes())
        assert float(box) == pytest.approx(72 * inches, abs=0.01)


def test_bare_figure(tmp_path: Path) -> None:
    """Without options, in all ways of writing it."""
    pages = {
        "one.md": "# One\n\n```{gdviz-figure}\nCaption.\n```\n\n:::{gdviz-figure}\nCaption.\n:::\n",
        "two.rst": "Two\n===\n\n.. gdviz-figure::\n\n   Caption.\n",
    }
    built = run_sphinx(write_book(tmp_path, pages), "html", "-W").ok()
    assert built.drew == 1
    assert built.page("one.html").count("<img") == 2


def _in_table(figure: str) -> str:
    rows = figure.strip().replace("\n", "\n    ")
    return f"````{{list-table}}\n* - cell\n  - {rows}\n````\n"


WRAPPINGS: dict[str, Callable[[str], str]] = {
    "admonition": lambda figure: f"````{{note}}\n{figure}````\n",
    "list": lambda figure: "- item\n\n  " + figure.replace("\n", "\n  ") + "\n",
    "table": _in_table,
    "quote": lambda figure: "> " + figure.replace("\n", "\n> ") + "\n",
    "only html": lambda figure: f"````{{only}} html\n{figure}````\n",
    "container": lambda figure: f"````{{container}} c\n{figure}````\n",
}


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The option for pictures that books share."""
    return f"gdviz_cache={tmp_path_factory.mktemp('cache')}"


@pytest.mark.parametrize("wrapping", WRAPPINGS)
def test_figure_anywhere(tmp_path: Path, cache: str, wrapping: str) -> None:
    text = WRAPPINGS[wrapping](myst(":name: fig-in", ":chapter: 22", *QUICK))
    book = write_book(tmp_path, {"one.md": f"# One\n\nSee {{numref}}`fig-in`.\n\n{text}"})
    built = run_sphinx(book, "html", "-W", "-D", cache).ok()
    assert "Fig. 22.1" in re.sub("<[^>]+>", "", built.page("one.html"))
    assert 'src="_images/gdviz-' in built.page("one.html")
    run_sphinx(book, "latex", "-W", "-D", cache).ok()


@pytest.mark.parametrize("builder", ["latex", "text"])
def test_figure_for_html_only_is_left_out_elsewhere(
    tmp_path: Path, cache: str, builder: str
) -> None:
    text = WRAPPINGS["only html"](myst(":chapter: 22", *QUICK, caption="Hidden caption."))
    book = write_book(tmp_path, {"one.md": f"# One\n\n{text}"})
    built = run_sphinx(book, builder, "-W", "-D", cache).ok()
    pages: list[Any] = [*built.out.rglob("*.txt"), *built.out.glob("*.tex")]
    assert pages
    assert not any("Hidden caption" in page.read_text(encoding="utf-8") for page in pages)


def test_names_with_spaces_and_other_scripts(tmp_path: Path) -> None:
    figure = myst(":name: Fig One Größe", *QUICK, ":titles: 学習率 η", caption="Größe — 学習.")
    book = write_book(tmp_path, {"one.md": f"# One\n\n{{numref}}`fig one größe`\n\n{figure}"})
    built = run_sphinx(book, "html", "-W", "--keep-going")
    assert "Traceback" not in built.stderr
    assert "Fig. 1.1" in re.sub("<[^>]+>", "", built.page("one.html"))


@pytest.mark.parametrize("theme", ["alabaster", "sphinx_book_theme"])
def test_themes(rootdir: Path, tmp_path: Path, cache: str, theme: str) -> None:
    book = copy_root(rootdir, "plain", tmp_path / "book")
    built = run_sphinx(book, "html", "-W", "-D", cache, "-D", f"html_theme={theme}").ok()
    page = built.page("index.html")
    assert page.count('src="_images/gdviz-') == 2
    assert re.search(r"Fig\. 22\.1 ?</span><span class=\"caption-text\">The first", page)

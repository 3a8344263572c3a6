"""Mistakes of an author: one message at the right place, and the rest of the book is built."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import pytest

from .books import QUICK, Built, Message, copy_root, myst, plain, run_sphinx, write_book

# What is written, and what the message must name: that, and what would be right.
OPTIONS: dict[str, tuple[str, tuple[str, ...]]] = {
    "rate-word": ("lr: quick", ("“quick”", "number", "0.1")),
    "rate-negative": ("lr: -0.5", ("-0.5", "positive")),
    "rate-zero": ("lr: 0", ("0", "positive")),
    "rate-infinite": ("lr: inf", ("“inf”", "finite")),
    "rate-nan": ("lr: nan", ("“nan”", "finite")),
    "rate-overflows": ("lr: 1e999", ("“1e999”", "finite")),
    "rate-empty": ("lr:", ("nothing", "0.1")),
    "rate-gap": ("lr: 0.1,,0.2", ("“0.1,,0.2”", "empty")),
    "rate-semicolon": ("lr: 0.1; 0.2", ("“0.1; 0.2”", "0.01, 0.1")),
    "rate-twice": ("lr: 0.1, 0.10", ("“0.1, 0.10”", "once")),
    "start-one": ("start: 1", ("“1”", "1 coordinate", "1.5, 1.5")),
    "start-three": ("start: 1, 2, 3", ("“1, 2, 3”", "3 coordinates")),
    "start-word": ("start: a, b", ("“a”", "number")),
    "start-empty": ("start:", ("nothing",)),
    "steps-negative": ("steps: -1", ("“-1”", "0 to 100000")),
    "arrows-near": ("arrows: strat", ("“strat”", "did you mean “start”")),
    "model-near": ("model: tangente at start", ("“tangente”", "did you mean “tangent”")),
    "model-place": ("model: quadratic", ("has no place", "quadratic at start")),
    "model-chord": ("model: chord 1, 2", ("1 has 1 coordinate", "x and y")),
    "label-empty": ("label: start =", ("“start", "no text", "minimum = lowest")),
    "numbers-word": ("numbers: all", ("“all”", "0..5")),
    "labels-many": ("labels: a; b; c; d", ("4 names for 3 axes",)),
    "arrows-late": ("arrows: step 51", ("no step 51", "0 to 50")),
    "steps-fraction": ("steps: 2.5", ("“2.5”", "whole number")),
    "steps-billions": ("steps: 10000000000", ("“10000000000”", "100000")),
    "steps-empty": ("steps:", ("whole number",)),
    "clip-one": ("clip: 3", ("“3”", "low, high")),
    "clip-reversed": ("clip: 3, -3", ("“3, -3”", "low, high")),
    "view-unknown": ("view: contuor", ("“contuor”", "did you mean “contour”")),
    "view-near": (
        "view: gradients",
        ("“gradients”", "did you mean “gradient”", "arrows, basins, graph"),
    ),
    "view-twice": ("view: loss, loss", ("“loss, loss”", "once")),
    "overlay-value": ("overlay: both", ("“both”", "not needed")),
    "scale-near": ("scale: logg", ("“logg”", "did you mean “log”", "linear")),
    "scale-far": ("scale: square", ("“square”", "linear", "log")),
    "scale-two": ("scale: linear, log", ("“linear, log”", "linear or log")),
    "scale-empty": ("scale:", ("nothing", "linear", "log")),
    "mark-near": ("mark: minimum", ("“minimum”", "did you mean “minima”", "saddles")),
    "mark-far": ("mark: all", ("“all”", "minima, saddles, maxima")),
    "mark-twice": ("mark: minima, minima", ("“minima, minima”", "once")),
    "mark-gap": ("mark: minima,,maxima", ("“minima,,maxima”", "empty", "minima, saddles, maxima")),
    "mark-empty": ("mark:", ("nothing", "minima, saddles, maxima")),
    "titles-many": ("titles: a; b; c", ("3 titles", "2 panels")),
    "xlim-reversed": ("xlim: 2, -2", ("“2, -2”", "low, high")),
    "xlim-tiny": ("xlim: 1e-320, 2e-320", ("“1e-320, 2e-320”",)),
    "ylim-huge": ("ylim: -1e308, 1e308", ("“-1e308, 1e308”",)),
    "levels-one": ("levels: 1", ("“1”", "from 2")),
    "camera-one": ("camera: 30", ("“30”", "azimuth, elevation")),
    "chapter-word": ("chapter: twenty", ("“twenty”", "22")),
    "chapter-negative": ("chapter: -1", ("“-1”", "22")),
    "chapter-empty": ("chapter:", ("22",)),
    "option-unknown": ("stpes: 3", ("stpes", "did you mean “steps”")),
    "option-far": ("nonumber:", ("nonumber", "no such option")),
    "align": ("align: middle", ("middle", "left")),
    "width": ("width: wide", ("“wide”", "66%", "cm")),
    "width-unit": ("width: 20em", ("“20em”", "66%", "in, cm, mm, pt, pc or px")),
    "width-share": ("width: 120%", ("“120%”", "25 to 100")),
    "width-bare": ("width: 66", ("“66”", "0.688 inches", "1.6 to 40")),
    "width-narrow": ("width: 3cm", ("“3cm”", "1.18 inches", "1.6 to 40")),
    "width-negative": ("width: -5cm", ("“-5cm”", "66%")),
    "width-empty": ("width:", ("66%",)),
    "overlay-near": ("overlap:", ("overlap", "did you mean “overlay”")),
    "mark-plural": ("marks: minima", ("marks", "did you mean “mark”")),
    "figwidth": ("figwidth: -3", ("-3",)),
    "figwidth-wide": ("figwidth: 1000in", ("“1000in”", "at most 40in")),
    "figwidth-none": ("figwidth: 0%", ("“0%”", "more than 0")),
    "figwidth-all": ("figwidth: 101%", ("“101%”", "at most 100%")),
    "class": ("class: 123", ("123",)),
    "class-brackets": ("class: <>", ("“<>”",)),
    "class-dollars": ("class: $$", ("“$$”",)),
    "loss-name": ("loss: bwol", ("“bwol”", "did you mean “bowl”")),
    "loss-variable": ("loss: x**2 + z", ("“z”", "x and y")),
    "parameters-unused": ("parameters: w, b", ("“bowl”", "of its own", "leave the names out")),
    "parameters-twice": ("parameters: w, w", ("“w, w”", "once")),
    "parameters-empty": ("parameters:", ("nothing", "w, b")),
    "loss-call": ("loss: open(x)", ("“open”", "sin")),
    "loss-near-call": ("loss: sinn(x)", ("“sinn”", "did you mean “sin”")),
    "loss-attribute": ("loss: x.real", ("x.real", "not allowed")),
    "loss-dunder": ("loss: x.__class__", ("x.__class__", "not allowed")),
    "loss-lambda": ("loss: (lambda z=1 - z)", ("lambda",)),
    "loss-tower": ("loss: 9**9**9**9", ("exponent",)),
    "loss-tower-x": ("loss: x**9**9", ("exponent",)),
    "loss-caret": ("loss: x^2", ("**",)),
    "loss-long": ("loss: " + "x+" * 50_000 + "x", ("100001 characters", "1000")),
    "loss-deep": ("loss: " + "(" * 400 + "x" + ")" * 400, ("loss",)),
    "loss-empty": ("loss:", ("empty", "x**2")),
    "loss-infinite": ("loss: 1/x - 1/(x - 1.5)", ("not finite", "(1.5)")),
}


PAGE = ("align", "chapter", "class", "figwidth", "width")
"""Options that say nothing of what is drawn: with a mistake in one the picture stands."""
OF_PAGE = [name for name, (option, _) in OPTIONS.items() if option.startswith(PAGE)]

INCLUDED = 3 if version("myst-parser") >= "5" else 4
"""The third line of an included file, of which MyST-Parser 4 counts one too many."""


def _myst_page(name: str, option: str) -> str:
    figure = myst(f":name: fig-md-{name}", f":{option}")
    return f"# A\n\nSee {{numref}}`fig-md-{name}`.\n\n{figure}\nRest of the page.\n"


def _rest_page(name: str, option: str) -> str:
    return (
        f"A\n=\n\nSee :numref:`fig-rst-{name}`.\n\n.. gdviz-figure::\n   :name: fig-rst-{name}\n"
        f"   :{option}\n\n   A caption.\n\nRest of the page.\n"
    )


@pytest.fixture(scope="module")
def bad_book(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """A book with a page for each mistake, in both languages."""
    pages = {}
    for name, (option, _) in OPTIONS.items():
        pages[f"md-{name}.md"] = _myst_page(name, option)
        pages[f"rst-{name}.rst"] = _rest_page(name, option)
    return run_sphinx(write_book(tmp_path_factory.mktemp("bad"), pages))


@pytest.mark.parametrize("language", ["md", "rst"])
@pytest.mark.parametrize("name", OPTIONS)
def test_mistake_is_one_message(bad_book: Built, name: str, language: str) -> None:
    option, words = OPTIONS[name]
    mine = [m for m in bad_book.messages if m.file == f"{language}-{name}.{language}"]
    assert len(mine) == 1, mine
    (message,) = mine
    assert message.type == "gdviz.option"
    assert message.line == {"md": 7, "rst": 8}[language]
    assert message.text.startswith("gdviz-figure: ")
    assert option.partition(":")[0] in message.text
    for word in words:
        assert word in message.text
    assert len(message.text) < 400


@pytest.mark.parametrize("language", ["md", "rst"])
@pytest.mark.parametrize("name", OPTIONS)
def test_rest_of_the_page_stands(bad_book: Built, name: str, language: str) -> None:
    text = plain(bad_book.page(f"{language}-{name}.html"))
    assert "See Fig. " in text
    assert "A caption." in text
    assert "Rest of the page." in text
    assert ("This figure could not be made." in text) == (name not in OF_PAGE)
    assert ('src="_images/gdviz-' in bad_book.page(f"{language}-{name}.html")) == (name in OF_PAGE)


def test_nothing_else_is_said(bad_book: Built) -> None:
    assert bad_book.code == 0
    assert "Traceback" not in bad_book.stderr
    assert [m for m in bad_book.messages if not m.file] == []
    assert len(bad_book.messages) == 2 * len(OPTIONS)
    assert bad_book.drew == 1  # of all that have a mistake beside what is drawn: they are the same


@pytest.mark.parametrize("builder", ["latex", "text", "epub", "man", "texinfo", "singlehtml"])
def test_mistake_in_other_editions(tmp_path: Path, builder: str) -> None:
    book = write_book(tmp_path, {"md-one.md": _myst_page("one", "lr: quick")})
    conf = book / "conf.py"
    conf.write_text(conf.read_text("utf-8") + 'version = copyright = "1"\n', "utf-8")
    built = run_sphinx(book, builder)
    assert built.code == 0
    assert [m.type for m in built.messages] == ["gdviz.option"]


def test_w_fails_the_build(tmp_path: Path) -> None:
    book = write_book(tmp_path, {"one.md": _myst_page("one", "lr: quick")})
    built = run_sphinx(book, "html", "-W", "--keep-going")
    assert built.code != 0
    assert "Rest of the page." in built.page("one.html")


@pytest.mark.parametrize("silenced", ["gdviz.option", "gdviz.*", "gdviz"])
def test_messages_can_be_silenced(tmp_path: Path, silenced: str) -> None:
    conf = f'suppress_warnings = ["{silenced}"]\n'
    book = write_book(tmp_path, {"one.md": _myst_page("one", "lr: quick")}, conf)
    run_sphinx(book, "html", "-W").ok()


def messages(folder: Path, pages: dict[str, str], conf: str = "") -> list[Message]:
    built = run_sphinx(write_book(folder, pages, conf))
    assert built.code == 0
    assert "Traceback" not in built.stderr
    return built.messages


def _yaml(*options: str) -> str:
    """A page with options in YAML, the first of them in line 5."""
    return "\n".join(
        ["# A", "", "```{gdviz-figure}", "---", *options, "---", "Caption.", "```", ""]
    )


PLACES: dict[str, tuple[str, int]] = {
    "yaml.md": ("# A\n\n```{gdviz-figure}\n---\nsteps: 3\nlr: quick\n---\nCaption.\n```\n", 6),
    "colons.md": ("# A\n\n:::{gdviz-figure}\n:steps: 3\n:lr: quick\n\nCaption.\n:::\n", 5),
    "note.md": ("# A\n\n````{note}\nText.\n\n" + myst(":steps: 3", ":lr: quick") + "````\n", 8),
    "list.md": ("# A\n\n- item\n\n  ```{gdviz-figure}\n  :lr: quick\n\n  Caption.\n  ```\n", 6),
    "fault-in-prose.md": (
        "# A\n\n```{gdviz-figure}\n:name: n\n:lr: quick\n\nCaption.\n\nlr: this is prose.\n```\n",
        5,
    ),
    "note.rst": ("A\n=\n\n.. note::\n\n   .. gdviz-figure::\n      :lr: quick\n\n      Cap.\n", 7),
    "list.rst": ("A\n=\n\n- item\n\n  .. gdviz-figure::\n     :lr: quick\n\n     Caption.\n", 7),
    "deep.rst": (
        "A\n=\n\n- item\n\n  .. note::\n\n     .. gdviz-figure::\n        :steps: 3\n"
        "        :lr: quick\n\n        Caption.\n",
        10,
    ),
    "same-line.rst": ("A\n=\n\n.. gdviz-figure:: :lr: quick\n\n   Caption.\n", 4),
    "long-value.rst": (
        "A\n=\n\n.. gdviz-figure::\n   :start: 1, 1;\n      2, 2\n   :lr: quick\n\n   Caption.\n",
        7,
    ),
    "long-caption.rst": (
        "A\n=\n\n.. gdviz-figure::\n   :steps: 3\n   :lr: quick\n\n   Caption.\n\n   Legend.\n",
        6,
    ),
    "deeper.rst": (
        "A\n=\n\n.. gdviz-figure::\n   :alt: a\n     :lr: b\n   :lr: quick\n\n   Cap.\n",
        7,
    ),
    "block.md": (_yaml("alt: |", "  lr: one", "", "  lr: two", "lr: quick"), 9),
    "folded.md": (_yaml("alt: one", "  lr: two", "lr: quick"), 7),
    "quoted.md": (_yaml('alt: "one \\"', "lr: two", "", '"', "lr: quick"), 9),
    "quoted-once.md": (_yaml("alt:", "  'one''", "lr: two'", "lr: quick"), 8),
    "quoted-name.md": (_yaml('"lr" : quick', "alt: lr"), 5),
    "quoted-colons.md": ("# A\n\n" + myst(':alt: "one', ':lr: two"', ":lr: quick"), 6),
    "twice.md": ("# A\n\n" + myst(":lr: 0.1", ":steps: 3", ":lr: quick"), 6),
    "separated.md": ("# A\n\n" + myst(":alt: one\u2028:steps: 3", ":lr: quick"), 5),
}


@pytest.mark.parametrize("name", PLACES)
def test_line_of_the_option(tmp_path: Path, name: str) -> None:
    text, line = PLACES[name]
    (message,) = messages(tmp_path, {name: text})
    assert (message.file, message.line, message.type) == (name, line, "gdviz.option")


def test_line_in_an_included_file(tmp_path: Path) -> None:
    part = "Words.\n\n.. gdviz-figure::\n   :steps: 3\n   :lr: quick\n\n   Caption.\n"
    page = "A\n=\n\nMore.\n\n.. include:: part.txt\n"
    (message,) = messages(
        tmp_path,
        {"one.rst": page, "part.txt": part, "index.rst": "B\n=\n\n.. toctree::\n\n   one\n"},
    )
    assert (message.file, message.line) == ("part.txt", 5)


def test_line_in_an_included_file_of_myst(tmp_path: Path) -> None:
    part = "Words.\n\n" + myst(":steps: 3", ":lr: quick")
    page = "# A\n\nMore.\n\n```{include} part.txt\n```\n"
    (message,) = messages(
        tmp_path,
        {"one.md": page, "part.txt": part, "index.rst": "B\n=\n\n.. toctree::\n\n   one\n"},
    )
    assert (message.file, message.line) == ("part.txt", 5)


VALUES = {
    "value.md": ("# A\n\nB\u2028B\x1cB\x85none loss\n\n{gdviz-value}`none loss`.\n", 5),
    "value.rst": ("A\n=\n\nB\u2028B\x1cB\x85\n\nWords\n:gdviz-value:`none loss`.\n", 10),
}
"""Pages with signs at which docutils ends a line, and Markdown does not."""


@pytest.mark.parametrize("name", VALUES)
def test_line_of_a_value_after_strange_ends_of_lines(tmp_path: Path, name: str) -> None:
    text, line = VALUES[name]
    (message,) = messages(tmp_path, {name: text})
    assert (message.file, message.line) == (name, line)


def test_quotations_in_an_included_file_and_in_its_page(tmp_path: Path) -> None:
    value = "\nA {gdviz-value}`none loss`.\n"
    pages = {
        "one.md": f"# A\n\nMore.\n\n```{{include}} part.md\n```\n{value}",
        "part.md": f"Words.\n{value}{value}",
        "index.rst": "B\n=\n\n.. toctree::\n\n   one\n",
    }
    found = messages(tmp_path, pages, 'exclude_patterns = ["part.md"]\n')
    assert [(m.file, m.line) for m in found] == [("part.md", INCLUDED), ("one.md", 8)]
    assert f"(also in line {INCLUDED + 2})" in found[0].text
    assert "also" not in found[1].text


def test_figure_in_an_included_file_that_cannot_be_drawn(tmp_path: Path) -> None:
    part = "Words.\n\n" + myst(":titles: 学; Contours")
    pages = {
        "one.md": "# A\n\nMore.\n\n```{include} part.txt\n```\n",
        "part.txt": part,
        "index.rst": "B\n=\n\n.. toctree::\n\n   one\n",
    }
    (message,) = messages(tmp_path, pages)
    assert (message.file, message.line, message.type) == ("part.txt", INCLUDED, "gdviz.draw")


@pytest.mark.parametrize("body", ["", "\n", "   \n"])
def test_empty_caption(tmp_path: Path, body: str) -> None:
    pages = {
        "one.md": f"# A\n\n{{numref}}`f`\n\n```{{gdviz-figure}}\n:name: f\n{body}```\n",
        "two.rst": f"A\n=\n\n:numref:`g`\n\n.. gdviz-figure::\n   :name: g\n{body}\nNext.\n",
    }
    found = messages(tmp_path, pages)
    assert [(m.file, m.line, m.type) for m in found] == [
        ("one.md", 5, "gdviz.content"),
        ("two.rst", 6, "gdviz.content"),
    ]
    assert all("caption" in m.text for m in found)


@pytest.mark.parametrize("body", ["- a list", "..\n\n   comment", "```{note}\nNo.\n```"])
def test_body_without_a_caption_is_told_once(tmp_path: Path, body: str) -> None:
    page = f"# A\n\n{{numref}}`f`\n\n````{{gdviz-figure}}\n:name: f\n\n{body}\n````\n"
    found = messages(tmp_path, {"one.md": page})
    assert len(found) == (0 if body.startswith("..") else 1), found


def test_comment_instead_of_a_caption_is_told(tmp_path: Path) -> None:
    page = "A\n=\n\n:numref:`f`\n\n.. gdviz-figure::\n   :name: f\n\n   ..\n"
    found = messages(tmp_path, {"one.rst": page})
    assert len(found) == 1
    assert found[0].file == "one.rst"


def test_name_twice_on_a_page(tmp_path: Path) -> None:
    figure = myst(":name: fig-a", *QUICK)
    (message,) = messages(tmp_path, {"one.md": f"# A\n\n{figure}\n{figure}\n{{numref}}`fig-a`\n"})
    assert (message.file, message.line, message.type) == ("one.md", 13, "gdviz.option")
    assert "“fig-a”" in message.text
    assert run_sphinx(tmp_path, "html", "-E").page("one.html").count('src="_images/gdviz-') == 2


def test_name_of_an_ordinary_figure(rootdir: Path, tmp_path: Path) -> None:
    book = copy_root(rootdir, "plain", tmp_path / "book")
    page = book / "index.md"
    page.write_text(page.read_text("utf-8") + "\n" + myst(":name: fig-dot", *QUICK), "utf-8")
    (message,) = run_sphinx(book).messages
    assert "“fig-dot”" in message.text


@pytest.mark.parametrize("heading", ["fig-a", "fig-a\n\n## fig-a"])
def test_name_of_a_heading(tmp_path: Path, heading: str) -> None:
    page = f"# {heading}\n\n{{numref}}`fig-a`\n\n" + myst(":name: fig-a", *QUICK)
    built = run_sphinx(write_book(tmp_path, {"one.md": page})).ok()
    assert "Fig. 1.1" in plain(built.page("one.html"))
    assert 'id="fig-a"' in built.page("one.html")


def test_chapter_of_a_book_without_numbers(tmp_path: Path) -> None:
    book = write_book(tmp_path, {"one.md": "# A\n\n" + myst(":chapter: 2", *QUICK)})
    built = run_sphinx(book, "html", "-D", "numfig=0")
    (message,) = built.messages
    assert (message.line, message.type) == (4, "gdviz.option")
    assert "numfig = True" in message.text
    assert built.drew == 1


def test_width_and_another_option_are_told_each_time(tmp_path: Path) -> None:
    book = write_book(tmp_path, {"one.md": "# A\n\n" + myst(":width: wide", ":hide: me", *QUICK)})
    built = run_sphinx(book)
    assert [m.line for m in built.messages] == [4, 5]
    assert built.drew == 1
    again = run_sphinx(book, "html", "-a", "-E")
    assert sorted(m.text for m in again.messages) == sorted(m.text for m in built.messages)
    (book / "one.md").write_text((book / "one.md").read_text("utf-8") + "More.\n", "utf-8")
    again = run_sphinx(book)  # which recalls what it has read before
    assert sorted(m.text for m in again.messages) == sorted(m.text for m in built.messages)


def test_name_in_two_documents(tmp_path: Path) -> None:
    figure = myst(":name: fig-a", *QUICK)
    found = messages(tmp_path, {"one.md": f"# A\n\n{figure}", "two.md": f"# B\n\n{figure}"})
    assert len(found) == 1
    assert "fig-a" in found[0].text


@pytest.mark.parametrize(
    ("directive", "option"),
    [
        *(("gdviz-table", option) for option in ("width: 0%", "width: 1000in", "align: top")),
        *(("gdviz-steps", option) for option in ("class: <>", "class: $$", "class: 123")),
        ("gdviz-table", "class: <>"),
        ("gdviz-rule", "class: 123"),
    ],
)
def test_looks_of_tables_and_formulas(tmp_path: Path, directive: str, option: str) -> None:
    figure = myst(":name: fig-a", *QUICK)
    page = f"# A\n\n{figure}\n```{{{directive}}} fig-a\n:{option}\n```\n"
    (message,) = messages(tmp_path, {"one.md": page})
    assert (message.line, message.type) == (13, "gdviz.option")
    assert f"“{option.partition(': ')[2]}”" in message.text
    assert "gdviz-mistake" not in run_sphinx(tmp_path, "html", "-E").page("one.html")


def test_two_mistakes_are_two_messages(tmp_path: Path) -> None:
    found = messages(tmp_path, {"one.md": "# A\n\n" + myst(":lr: quick", ":steps: -1")})
    assert [(m.line, m.type) for m in found] == [(4, "gdviz.option"), (5, "gdviz.option")]


def test_setting_above_its_limit(tmp_path: Path) -> None:
    page = {"one.md": "# A\n\n" + myst(":steps: 11")}
    (message,) = messages(tmp_path, page, "gdviz_max_steps = 10\n")
    assert "0 to 10" in message.text


@pytest.mark.parametrize(
    "defaults",
    ['{"steps": 5}', '{"lr": 0.1}', '{"lr": [0.1, 0.2]}', '{"stepz": "5"}', '{"lr": "quick"}'],
)
def test_defaults_of_the_book_that_are_wrong(tmp_path: Path, defaults: str) -> None:
    """A number may pass for its text; anything else is told, and never a traceback."""
    pages = {"one.md": "# A\n\n" + myst(*QUICK[1:]) + "\nRest.\n"}
    book = write_book(tmp_path, pages, f"gdviz_defaults = {defaults}\n")
    built = run_sphinx(book)
    assert built.code == 0, built.stderr
    assert "Rest." in built.page("one.html")


def test_frame_in_which_the_loss_is_nowhere_finite(tmp_path: Path) -> None:
    page = "# A\n\n" + myst(":loss: sqrt(x - 1.4)", ":xlim: -3, -2")
    (message,) = messages(tmp_path, {"one.md": page})
    assert (message.type, message.line) == ("gdviz.option", 5)
    assert "xlim: the loss is not finite anywhere in the frame" in message.text


OVERFLOWS = {
    "huge-rate": (":lr: 1e300",),
    "power": (":loss: x**64 + y**64", ":lr: 1", ":start: 9, 9"),
    "exponentials": (":loss: exp(exp(x)) + exp(exp(y))", ":lr: 10", ":start: 3, 3"),
    "logarithm": (":loss: log(x) + log(y)", ":lr: 5"),
    "root": (":loss: sqrt(x) + sqrt(y)", ":lr: 5"),
    "pole": (":loss: 1/x + 1/y", ":lr: 3"),
    "far": (":start: 1e150, 1e150", ":loss: x**2 + y**2"),
    "surface": (":lr: 1.05, 1e300", ":view: surface, contour"),
    "flat": (":loss: 3",),
    "constant-sum": (":loss: 0*x",),
    "tiny": (":loss: 1e-300*x**2",),
    "large": (":loss: 1e300*(x**2 + y**2)",),
}


@pytest.fixture(scope="module")
def overflowing_book(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """A book of descents that leave the numbers behind."""
    pages = {f"{name}.md": "# A\n\n" + myst(*options) for name, options in OVERFLOWS.items()}
    return run_sphinx(write_book(tmp_path_factory.mktemp("overflow"), pages))


@pytest.mark.parametrize("name", OVERFLOWS)
def test_overflow_is_a_verdict(overflowing_book: Built, name: str) -> None:
    assert [m for m in overflowing_book.messages if m.file == f"{name}.md"] == []
    assert "<img" in overflowing_book.page(f"{name}.html")


def test_overflow_says_nothing_on_the_console(overflowing_book: Built) -> None:
    assert overflowing_book.code == 0
    assert [m for m in overflowing_book.messages if not m.file] == []
    assert "RuntimeWarning" not in overflowing_book.stdout + overflowing_book.stderr


def test_figure_with_a_mistake_keeps_its_pinned_number(tmp_path: Path) -> None:
    figures = [
        myst(":name: fig-bad", ":chapter: 22", ":lr: fast"),
        myst(":name: fig-good", ":chapter: 22"),
    ]
    page = "# A\n\nSee {numref}`fig-bad` and {numref}`fig-good`.\n\n" + "\n".join(figures)
    built = run_sphinx(write_book(tmp_path, {"one.md": page}))
    assert [m.type for m in built.messages] == ["gdviz.option"]
    assert "See Fig. 22.1 and Fig. 22.2." in plain(built.page("one.html"))


def test_letters_that_the_font_lacks_are_told_with_their_line(tmp_path: Path) -> None:
    page = "# A\n\n" + myst(":titles: 学; Contours")
    (message,) = messages(tmp_path, {"one.md": page})
    assert (message.file, message.type) == ("one.md", "gdviz.draw")
    assert "missing from font" in message.text


def test_a_title_that_is_no_formula(tmp_path: Path) -> None:
    """It is told at its option, like all that can be seen before a figure is drawn."""
    titles = {
        "$\\zzinj$": "“$\\zzinj$” can't be set as mathematics (Unknown symbol: \\zzinj)",
        "Rate $x^$": "“$x^$” can't be set as mathematics (an error at its character 2)",
        "$" + "{" * 80 + "}" * 80 + "$": "can't be set as mathematics (it is nested too deeply)",
    }
    figures = [myst(":view: contour", f":titles: {title}", ":steps: 2") for title in titles]
    text = "# A\n\n" + "\n".join(figures)
    found = messages(tmp_path, {"one.md": text})
    for (title, said), message in zip(titles.items(), found, strict=True):
        assert message.text.startswith("gdviz-figure: titles: “")
        assert said in message.text
        assert (message.type, message.line) == (
            "gdviz.draw",
            text.split("\n").index(f":titles: {title}") + 1,
        )


@pytest.mark.parametrize("end", ["\f", "\u2028", "\nstray"])
def test_options_that_are_cut_off_are_told(tmp_path: Path, end: str) -> None:
    """What ends a line for MyST-Parser ends the options: those after it are in the body."""
    text = "# A\n\n" + myst(*QUICK, f":alt: one{end}two", ":lr: quick", caption="{ref}`a <b>`")
    found = [m for m in messages(tmp_path, {"one.md": text}) if m.type == "gdviz.content"]
    assert "“:lr: quick” comes after the end of the options" in found[0].text
    assert found[0].line == 3

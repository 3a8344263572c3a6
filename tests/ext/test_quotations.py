"""Quotations: what a page says of a figure is what the figure's runs did, in every builder."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from sphinx.cmd.build import main as sphinx_main

from sphinx_gdviz.messages import some_of

from .books import QUICK, Built, edit, myst, plain, run_sphinx, write_book

RATES = (":name: fig-rates", ":lr: 0.01, 0.1, 0.5", ":view: loss")

PAGES = {
    "one.md": "# One\n\n"
    + myst(*RATES, caption="It ends at {gdviz-value}`fig-rates loss run=2`.")
    + "\nRate {gdviz-value}`fig-rates lr run=2` reaches {gdviz-value}`fig-rates loss:.4f run=2`.\n"
    "\nIn prose: {gdviz-value}`fig-rates gradient-norm:.1e run=2`.\n\n"
    "| a | b |\n|---|---|\n| cell | {gdviz-value}`fig-rates step run=2` |\n",
    "two.rst": "Two\n===\n\nRST: :gdviz-value:`fig-rates point run=2`; :ref:`fig-rates`; "
    ":numref:`{name} <fig-rates>`.\n",
    "other.md": "# Other\n\nNothing is quoted here.\n",
}
TEXTS = {
    "html": ("one.html", "two.html"),
    "dirhtml": ("one/index.html", "two/index.html"),
    "singlehtml": ("index.html", "index.html"),
    "text": ("one.txt", "two.txt"),
    "man": ("small.1", "small.1"),
    "latex": ("small.tex", "small.tex"),
    "texinfo": ("small.texi", "small.texi"),
    "xml": ("one.xml", "two.xml"),
    "epub": ("one.xhtml", "two.xhtml"),
}


def said(built: Built, name: str) -> str:
    """The text of a page, with exponents of all builders written alike."""
    text = built.page(name)
    if name.endswith("xml"):
        text = html.unescape(re.sub(r"<[^>]+>", "", text))
    text = plain(text) if name.endswith("html") else " ".join(text.split())
    return re.sub(r"10(\$\^\{\\text\{|@w\{\^)?(−11|⁻¹¹)(\}\}\$|\})?", "10⁻¹¹", text)


@pytest.mark.parametrize("builder", TEXTS)
def test_every_builder_says_the_same(tmp_path: Path, builder: str) -> None:
    conf = "version = copyright = '1'\n"
    built = run_sphinx(write_book(tmp_path, PAGES, conf), builder, "-W", "-j2").ok()
    first, second = (said(built, name) for name in TEXTS[builder])
    for words in ("reaches −0.0751", "It ends at −0.075.", "Rate 0.1 "):
        assert words in first
    assert "1.3 × 10⁻¹¹" in first
    assert "26" in first
    assert "RST: (−0.358, 0.674)" in second
    assert re.search(r"; .{0,120}?It ends at −0.075", second.partition("RST: ")[2])
    for text in (first, second):
        assert "\u2063" not in text
        assert "gdviz-value" not in text


def test_numbers_follow_the_figure_wherever_it_is_quoted(tmp_path: Path) -> None:
    book = write_book(tmp_path, PAGES)
    for builder in ("html", "text"):
        run_sphinx(book, builder, "-W", "-j2").ok()
    edit(book / "one.md", ":lr: 0.01, 0.1, 0.5", ":lr: 0.01, 0.3, 0.5")
    for builder in ("html", "text"):
        built = run_sphinx(book, builder, "-W", "-j2").ok()
        again = run_sphinx(book, builder, "-W", "-E", out=tmp_path / "again" / builder).ok()
        assert built.read == (["one"] if builder == "html" else [])
        for page in ("index", "one", "two", "other"):
            name = f"{page}.{'html' if builder == 'html' else 'txt'}"
            assert built.page(name) == again.page(name)
        assert "Rate 0.3 reaches" in plain(built.page(name.replace("other", "one")))


def test_only_pages_that_say_something_else_are_written_again(tmp_path: Path) -> None:
    pages = {
        "one.md": "# One\n\n" + myst(*RATES),
        "two.md": "# Two\n\n{gdviz-value}`fig-rates step run=2`\n",
        "three.md": "# Three\n\n{gdviz-value}`fig-rates loss run=1`\n",
        "four.md": "# Four\n",
    }
    book = write_book(tmp_path, pages)
    run_sphinx(book).ok()
    assert run_sphinx(book).ok().wrote == []
    edit(book / "one.md", "0.01, 0.1,", "0.01, 0.2,")
    # What the first run did is the same.
    assert set(run_sphinx(book, "html", "-j1").ok().wrote) == {"index", "one", "two"}
    edit(book / "one.md", "A caption", "Another caption")
    assert run_sphinx(book).ok().wrote == ["index", "one"]
    edit(book / "one.md", "Another caption", "A caption")
    built = run_sphinx(book, driver=True).ok()
    assert built.imported == []


def test_a_figure_that_is_gone_is_one_message_on_each_page(tmp_path: Path) -> None:
    pages = {
        "one.md": "# One\n\n" + myst(*RATES) + "\n" + myst(":name: fig-other", *QUICK),
        "two.md": "# Two\n\n{gdviz-value}`fig-rates loss run=2` and\n"
        "{gdviz-value}`fig-rates step run=2`.\n\n```{gdviz-table} fig-rates\n```\n",
    }
    book = write_book(tmp_path, pages)
    run_sphinx(book, "html", "-W").ok()
    edit(book / "one.md", ":name: fig-rates", ":name: fig-rate")
    built = run_sphinx(book)
    told = [(m.file, m.line, m.type) for m in built.messages]
    assert told == [("two.md", 3, "gdviz.quote"), ("two.md", 6, "gdviz.quote")]
    assert "there is no figure or experiment “fig-rates”; did you mean “fig-rate”?" in (
        built.messages[0].text
    )
    assert "(also in line 4)" in built.messages[0].text
    assert "? and ?." in plain(built.page("two.html"))
    assert run_sphinx(book).messages == []  # it was told
    edit(book / "one.md", ":name: fig-rate", ":name: fig-rates")
    assert "−0.075 and 26." in plain(run_sphinx(book).ok().page("two.html"))


def test_of_many_figures_a_message_lists_the_nearest() -> None:
    names = [f"fig-{letter}{number}" for letter in "abc" for number in range(100)]
    assert some_of(names, "fig-b700") == "fig-b0, fig-b7, fig-b70, fig-b97, fig-c70 and 295 more"
    assert some_of(["b", "a"], "zz") == "a, b"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("fig-rates", "“fig-rates” has no quantity; write the name of a figure and"),
        ("fig-rates los run=1", "“los” is not a quantity; did you mean “loss”?"),
        ("fig-rates loss", "there are 3 runs; write which one is meant: run=1 at learning rate"),
        ("fig-rates loss lr=0.2", "no run is “lr=0.2”; there are run=1 at learning rate 0.01"),
        ("fig-rates period run=3", "the run has no period: it oscillated irregularly"),
        ("fig-rates loss:zz run=1", "“zz” is not a format; write a format of Python such as .4f"),
        ("fig-rate loss run=1", "there is no figure or experiment “fig-rate”; did you mean"),
    ],
)
def test_mistakes_are_told_at_their_line(tmp_path: Path, text: str, told: str) -> None:
    pages = {
        "one.md": "# One\n\n" + myst(*RATES) + f"\nA line.\nHere: {{gdviz-value}}`{text}`.\n",
        "two.rst": f"Two\n===\n\nA line.\n\nHere: :gdviz-value:`{text}`.\n",
    }
    built = run_sphinx(write_book(tmp_path, pages))
    lines = {"one.md": 12, "two.rst": 6}
    assert {(m.file, m.line) for m in built.messages} == set(lines.items())
    for message in built.messages:
        assert message.type == "gdviz.quote"
        assert told in message.text
    assert "Here: ?." in plain(built.page("one.html"))


def test_a_mistake_in_the_figure_is_told_once(tmp_path: Path) -> None:
    pages = {
        "one.md": "# One\n\n" + myst(*RATES, ":steps: x") + "\n{gdviz-value}`fig-rates loss`\n"
    }
    (message,) = run_sphinx(write_book(tmp_path, pages)).messages
    assert message.type == "gdviz.option"


def test_experiments_are_quoted_and_not_shown(tmp_path: Path) -> None:
    directive = "```{gdviz-experiment} long\n:lr: 0.01\n:steps: 400\n:expect: converged\n```\n"
    pages = {"one.md": f"# One\n\n{directive}\nAt step {{gdviz-value}}`long step`.\n"}
    book = write_book(tmp_path, pages, "gdviz_defaults = {'class': 'wide', 'levels': 30}\n")
    for builder in ("html", "latex", "text"):
        built = run_sphinx(book, builder, "-W").ok()
        assert built.drew == 0
    page = run_sphinx(book, "html", "-E").ok().page("one.html")
    assert "At step 295." in plain(page)
    assert "<!--" not in page.partition("<body>")[2].partition("sphinxsidebar")[0]
    edit(book / "one.md", ":expect: converged", ":expect: slow")
    (message,) = run_sphinx(book).messages
    assert (message.line, message.type) == (6, "gdviz.expect")


@pytest.mark.parametrize(
    ("directive", "line", "told"),
    [
        ("```{gdviz-experiment} a b\n```", 3, "the name “a b” has a space in it"),
        ("```{gdviz-experiment} a\n:stesp: 3\n```", 4, "did you mean “steps”"),
        ("```{gdviz-experiment} a\n:chapter: 3\n```", 4, "there is no such option"),
        ("```{gdviz-experiment} a\n\nText.\n```", 3, "an experiment has no body"),
        ("```{gdviz-experiment} a\n```\n\n```{gdviz-experiment} a\n```", 6, "is used twice"),
    ],
)
def test_mistakes_in_experiments(tmp_path: Path, directive: str, line: int, told: str) -> None:
    (message,) = run_sphinx(write_book(tmp_path, {"one.md": f"# One\n\n{directive}\n"})).messages
    assert (message.file, message.line) == ("one.md", line)
    assert told in message.text


TABLE = """```{gdviz-table} fig-rates
:name: tab-rates
%s

The runs.
```

See {numref}`tab-rates`.
"""


def rows(page: str) -> list[list[str]]:
    """The cells of the tables of a page."""
    found = re.findall(r"(?s)<tr[^>]*>(.*?)</tr>", page)
    return [
        [plain(cell) for cell in re.findall(r"(?s)<t[dh][^>]*>(.*?)</t[dh]>", r)] for r in found
    ]


def test_tables(tmp_path: Path) -> None:
    columns = ":columns: lr, verdict, step, period, loss:.6f, loss step=10, distance"
    pages = {"one.md": "# One\n\n" + myst(*RATES), "two.md": "# Two\n\n" + TABLE % columns}
    book = write_book(tmp_path, pages)
    page = run_sphinx(book, "html", "-W").ok().page("two.html")
    assert rows(page) == [
        [
            r"\(\eta\)",
            "Verdict",
            "Step",
            "Period",
            "Final loss",
            "Loss at step 10",
            "Final distance",
        ],
        ["0.01", "still on the way", "50", "–", "1.302564", "2.136", "1.335"],
        ["0.1", "converged", "26", "–", "−0.075142", "1.151", "3.34 × 10−12"],
        ["0.5", "oscillating", "3", "–", "−0.046556", "0.412", "0.100"],
    ]
    assert "Table 2.1 The runs." in plain(page)
    assert "See Table 2.1." in plain(page)
    assert "gdviz.css" in page
    for builder in ("latex", "text", "man", "texinfo"):
        run_sphinx(book, builder, "-W").ok()
    assert "Table 2.1: The runs." in run_sphinx(book, "text", "-E").ok().page("two.txt")
    assert r"\begin{tabulary}" in (tmp_path / "_build/latex/small.tex").read_text("utf-8")


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("gradient-norm", ["0.1", "0.01", "0.5"]),
        ("-loss", ["0.01", "0.5", "0.1"]),
        ("-lr", ["0.5", "0.1", "0.01"]),
        ("verdict", ["0.1", "0.5", "0.01"]),
        ("setting", ["0.01", "0.1", "0.5"]),
        ("period", ["0.01", "0.1", "0.5"]),
    ],
)
def test_sorted_tables(tmp_path: Path, sort: str, order: list[str]) -> None:
    text = TABLE % f":columns: lr, loss\n:sort: {sort}\n:titles: Rate; Loss"
    book = write_book(tmp_path, {"one.md": "# One\n\n" + myst(*RATES) + text})
    head, *body = rows(run_sphinx(book, "html", "-W").ok().page("one.html"))
    assert head == ["Rate", "Loss"]
    assert [row[0] for row in body] == order


@pytest.mark.parametrize(
    ("options", "line", "told"),
    [
        (":columns: lr, los", 11, "“los” is not a quantity; did you mean “loss”"),
        (":columns: lr, , loss", 13, "asks for nothing"),
        (":columns: loss lr=0.1", 13, "a row is a run already"),
        (":sort: loss, lr", 13, "more than one thing"),
        (":titles: A; B", 13, "2 titles for 5 columns"),
        (":colums: lr", 13, "did you mean “columns”"),
        (":align: middle", 13, "middle"),
        (":sort: start", 11, "runs can't be sorted by start"),
    ],
)
def test_mistakes_in_tables(tmp_path: Path, options: str, line: int, told: str) -> None:
    text = "# One\n\n" + myst(*RATES) + "\n" + TABLE % options
    built = run_sphinx(write_book(tmp_path, {"one.md": text}))
    (message,) = built.messages
    assert (message.file, message.line) == ("one.md", line)
    assert told in message.text
    assert "Table 1.1 The runs." in plain(built.page("one.html"))


def test_steps_as_a_derivation(tmp_path: Path) -> None:
    steps = (
        "```{gdviz-steps} fig-rates\n:lr: 0.1\n:steps: 2..3\n:format: .4f\n:label: eq-a\n```\n\n"
    )
    book = write_book(
        tmp_path, {"one.md": "# One\n\n" + myst(*RATES) + steps + "See {eq}`eq-a`.\n"}
    )
    page = run_sphinx(book, "html", "-W").ok().page("one.html")
    # In one environment of its own: not every renderer takes rows where a formula stands.
    (shown,) = re.findall(r"(?s)\\begin\{aligned\}\n(.*?)\n\\end\{aligned\}", page)
    assert shown.startswith(r"\nabla L(\theta_{1}) &amp;= (1.1870,\, 2.1345)")
    assert r"\theta_{3} &amp;= (1.1129,\, 0.8399) - 0.1 \cdot (0.7549,\, 0.8060)" in shown
    assert r"\theta_{1} &amp;=" not in shown
    assert "See (1.1)." in plain(page)
    for builder in ("latex", "text"):
        name = {"latex": "small.tex", "text": "one.txt"}[builder]
        assert r"(1.0374,\, 0.7593)" in said(run_sphinx(book, builder, "-W").ok(), name)


def test_steps_as_a_table(tmp_path: Path) -> None:
    steps = "```{gdviz-steps} fig-rates\n:lr: 0.1\n:steps: 2\n:as: table\n\nSteps.\n```\n"
    book = write_book(tmp_path, {"one.md": "# One\n\n" + myst(*RATES) + steps})
    page = run_sphinx(book, "html", "-W").ok().page("one.html")
    assert rows(page)[1:] == [
        ["0", "(1.500, 1.500)", "3.906", "(2.684, 4.466)"],
        ["1", "(1.232, 1.053)", "1.864", "(1.187, 2.135)"],
        ["2", "(1.113, 0.840)", "1.440", "(0.755, 0.806)"],
    ]
    assert "Table 1.1 Steps." in plain(page)


@pytest.mark.parametrize(
    ("options", "line", "told"),
    [
        (":lr: 0.2", 10, "no run is “lr=0.2”"),
        (":steps: 51\n:lr: 0.1", 10, "there is no step 51"),
        (":steps: 0", 11, "write how many, such as 3"),
        (":steps: 5..2", 11, "write how many, such as 3"),
        (":as: tabel", 11, "did you mean “table”"),
        (":format: z", 11, "is not a format"),
        (":lr: fast", 11, "“fast” is not a number"),
        (":stpes: 3", 11, "did you mean “steps”"),
        (":run: 1\n\nText.", 10, "a derivation has no body"),
    ],
)
def test_mistakes_in_steps(tmp_path: Path, options: str, line: int, told: str) -> None:
    text = "# One\n\n" + myst(*RATES) + f"```{{gdviz-steps}} fig-rates\n{options}\n```\n"
    built = run_sphinx(write_book(tmp_path, {"one.md": text}))
    (message,) = built.messages
    assert (message.file, message.line) == ("one.md", line)
    assert told in message.text


def test_rules(tmp_path: Path) -> None:
    several = myst(":name: fig-m", ":optimizer: gd; momentum(momentum=0.95)", ":lr: 0.02", *QUICK)
    text = "".join(
        f"```{{gdviz-rule}} {rule}\n```\n\n"
        for rule in (
            "gd",
            "momentum(momentum=0.5, lr=0.1)",
            "fig-m\n:optimizer: momentum",
            "fig-rates",
        )
    )
    book = write_book(tmp_path, {"one.md": "# One\n\n" + myst(*RATES) + several + text})
    page = run_sphinx(book, "html", "-W").ok().page("one.html")
    shown = re.findall(r"(?s)\\\[(.*?)\\\]", page)
    assert shown == [
        r"\theta \leftarrow \theta - \eta\nabla L(\theta)",
        r"\begin{split}\begin{aligned}"
        "\n"
        r"b &amp;\leftarrow 0.5b + \left( 1 - \tau \right)\nabla L(\theta) \\"
        "\n"
        r"\theta &amp;\leftarrow \theta - 0.1b"
        "\n"
        r"\end{aligned}\end{split}",
        r"\begin{split}\begin{aligned}"
        "\n"
        r"b &amp;\leftarrow 0.95b + \nabla L(\theta) \\"
        "\n"
        r"\theta &amp;\leftarrow \theta - 0.02b"
        "\n"
        r"\end{aligned}\end{split}",
        r"\theta \leftarrow \theta - \eta\nabla L(\theta)",
    ]


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("adma", "there is no figure or experiment “adma”"),
        ("adam(beta=1)", "adam has no setting “beta”"),
        ("adam\n:run: 2", "this is for the runs of a figure"),
        ("gd\n\nText.", "a rule has no body"),
        ("fig-rates\n:run: 7", "no run is “run=7”"),
    ],
)
def test_mistakes_in_rules(tmp_path: Path, rule: str, told: str) -> None:
    text = "# One\n\n" + myst(*RATES) + f"```{{gdviz-rule}} {rule}\n```\n"
    (message,) = run_sphinx(write_book(tmp_path, {"one.md": text})).messages
    assert told in message.text


def test_a_rule_of_the_books_own(tmp_path: Path) -> None:
    conf = (
        "def calm(theta, g, lr, memory, t, *, mass=2.0):\n"
        "    return theta - lr * g / (mass + abs(g)), memory\n"
        "gdviz_optimizers = {'calm': calm}\n"
    )
    page = "# One\n\n```{gdviz-rule} calm\n```\n"
    built = run_sphinx(write_book(tmp_path, {"one.md": page}, conf), "html", "-W").ok()
    assert r"\frac{\eta g}{\mathrm{mass} + \left| g \right|}" in built.page("one.html")


def test_another_builder_on_the_same_doctrees_is_not_left_behind(tmp_path: Path) -> None:
    pages = {
        "one.md": "# One\n\n" + myst(*RATES, caption="Step {gdviz-value}`fig-rates step run=2`."),
        "two.md": "# Two\n\n{ref}`fig-rates` {numref}`{name} <fig-rates>`\n",
    }
    book = write_book(tmp_path, pages)
    for builder in ("html", "text"):
        run_sphinx(book, builder, "-W").ok()
    edit(book / "one.md", "0.01, 0.1,", "0.01, 0.2,")
    run_sphinx(book, "html", "-W").ok()
    assert run_sphinx(book, "text", "-W").ok().page("two.txt").count("Step 12") == 2


def test_pages_that_were_not_written_are_written_later(tmp_path: Path) -> None:
    """A build of named files, and one into another folder."""
    pages = {
        "one.md": "# One\n\n" + myst(*RATES),
        "two.md": "# Two\n\nStep {gdviz-value}`fig-rates step run=2`.\n",
    }
    book = write_book(tmp_path, pages)
    for out in ("a", "b"):
        run_sphinx(book, "html", "-W", out=tmp_path / out).ok()
    edit(book / "one.md", "0.01, 0.1,", "0.01, 0.2,")
    command = ["-q", "-b", "html", "-d", str(book / "_build/doctrees"), str(book)]
    assert sphinx_main([*command, str(tmp_path / "a"), str(book / "one.md")]) == 0
    for out in ("a", "b"):
        built = run_sphinx(book, "html", "-W", out=tmp_path / out).ok()
        assert "Step 12." in plain(built.page("two.html"))


def test_a_rule_of_the_books_own_is_followed(tmp_path: Path) -> None:
    conf = (
        "def calm(theta, g, lr, memory, t, *, mass=2.0):\n"
        "    return theta - lr * g / mass, memory\n"
        "gdviz_optimizers = {'calm': calm}\n"
    )
    calm = myst(":name: fig-calm", ":optimizer: calm; gd", ":lr: 0.1", *QUICK)
    pages = {
        "one.md": "# One\n\n```{gdviz-rule} calm\n```\n",
        "two.md": "# Two\n\n" + calm + "\nMass {gdviz-value}`fig-calm mass:.2f run=1`.\n\n"
        "```{gdviz-rule} fig-calm\n:run: 1\n```\n",
    }
    book = write_book(tmp_path, pages, conf)
    built = run_sphinx(book, "html", "-W").ok()
    assert r"\frac{\eta\nabla L(\theta)}{\mathrm{mass}}" in built.page("one.html")
    assert "Mass 2.00." in plain(built.page("two.html"))
    assert r"\frac{0.1\nabla L(\theta)}{2}" in built.page("two.html")
    edit(book / "conf.py", "lr * g / mass", "lr * g * mass")
    assert r"\frac" not in run_sphinx(book, "html", "-W").ok().page("one.html")


@pytest.mark.parametrize(
    ("place", "text", "line"),
    [
        ("a glossary's term", "```{glossary}\nterm %s\n  Text.\n```\n", 1),  # MyST knows no better
        ("a section's title", "## Title %s\n", 11),
    ],
)
def test_a_value_that_would_be_kept_apart_from_its_page_is_told(
    tmp_path: Path, place: str, text: str, line: int
) -> None:
    text %= "{gdviz-value}`fig-rates runs`"
    pages = {"one.md": "# One\n\n" + myst(*RATES) + "\n" + text}
    built = run_sphinx(write_book(tmp_path, pages))
    (message,) = built.messages
    assert f"gdviz-value: a value can't stand in {place}" in message.text
    assert (message.file, message.line, message.type) == ("one.md", line, "gdviz.content")
    assert "\u2063" not in built.page("one.html") + built.page("index.html")


def test_a_value_in_a_title_of_restructuredtext_is_told(tmp_path: Path) -> None:
    figure = ".. gdviz-figure::\n   :name: fig-rates\n   :view: loss\n\n   Caption.\n"
    title = "At :gdviz-value:`fig-rates step`\n================================\n"
    built = run_sphinx(write_book(tmp_path, {"one.rst": f"One\n===\n\n{figure}\n{title}"}))
    (message,) = built.messages
    assert (message.file, message.line) == ("one.rst", 10)
    assert "At ?" in plain(built.page("index.html"))


def test_nothing_of_ours_is_left_in_other_outputs(tmp_path: Path) -> None:
    book = write_book(tmp_path, PAGES)
    for builder in ("xml", "pseudoxml", "html"):
        built = run_sphinx(book, builder, "-W").ok()
        for path in built.out.rglob("*"):
            if path.suffix in (".xml", ".pseudoxml", ".html", ".js"):
                text = path.read_text("utf-8")
                assert "Quotation(" not in text, path
                assert "gdviz-quotation" not in text, path
                if path.suffix in (".html", ".js"):
                    assert "\u2063" not in text, path


def test_markdown_references_are_resolved(tmp_path: Path) -> None:
    two = "# Two\n\n[](#fig-rates).\n"
    book = write_book(tmp_path, {"one.md": PAGES["one.md"], "two.md": two})
    page = plain(run_sphinx(book, "html", "-W").ok().page("two.html"))
    assert "It ends at −0.075." in page


def test_names_with_spaces_are_quoted_with_hyphens(tmp_path: Path) -> None:
    figure = myst(":name: My Figure", ":lr: 0.1", *QUICK)
    text = f"# One\n\n{figure}\nRate {{gdviz-value}}`my-figure lr`.\n"
    page = run_sphinx(write_book(tmp_path, {"one.md": text}), "html", "-W").ok().page("one.html")
    assert "Rate 0.1." in plain(page)

"""What comes with a figure: a description, its program, a notebook, for those who can use it."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import nbformat
import pytest

from .books import QUICK, edit, myst, plain, run_sphinx, write_book

LONG = " + ".join(f"sin({n}*x)*cos({n}*y)" for n in range(2, 35))
"""A loss that has no program."""
RUN = (":name: fig-run", ":lr: 0.1", *QUICK)


def details(page: str) -> dict[str, str]:
    """What is folded on a page, by what stands on the fold."""
    found = re.findall(r"(?s)<details><summary>(.*?)</summary>(.*?)</details>", page)
    return dict(found)


def test_description_is_folded_on_the_web_and_nowhere_in_print(tmp_path: Path) -> None:
    rates = (":lr: 0.1, 1.05", ":steps: 40", ":view: contour, loss", ":mark: minima", ":levels: 2")
    book = write_book(tmp_path, {"one.md": "# One\n\n" + myst(*rates)}, "version = copyright = '1'")
    for builder, name in (("html", "one.html"), ("epub", "one.xhtml")):
        said = plain(details(run_sphinx(book, builder, "-W").ok().page(name))["Description"])
        for words in (
            "Learning rate 0.1: the loss as isolines, darker where it is lower, for θ₁ from −2",
            "marked: minima at (−0.358, −0.674), (−0.358, 0.674)",
            "Loss against step: the loss of each run against the step, from step 0 to 40.",
            "At learning rate 0.1: from (1.5, 1.5), at loss 3.906; after 40 steps it was at",
            "it converged at step 26 to loss −0.075",
            "it diverged at step 16.",
        ):
            assert words in said
    for builder, name in (("latex", "small.tex"), ("text", "one.txt"), ("man", "small.1")):
        page = run_sphinx(book, builder, "-W").ok().page(name)
        assert "as isolines" not in page
        assert "<details" not in page


def test_program_is_folded_on_the_web_and_a_listing_in_print(tmp_path: Path) -> None:
    pages = {
        "one.md": "# One\n\n" + myst(*RUN, ":code:"),
        "two.md": "# Two\n\n" + myst(*QUICK, ":code: web"),
    }
    book = write_book(tmp_path, pages, "version = copyright = '1'")
    built = run_sphinx(book, "html", "-W").ok()
    for page in ("one.html", "two.html"):
        code = details(built.page(page))["Code"]
        assert "highlight" in code
        program = html.unescape(re.sub(r"<[^>]+>", "", code)).strip()
        assert program.startswith("import matplotlib.pyplot as plt")
        compile(program, page, "exec")
    for builder, suffix in (("latex", ".tex"), ("text", ".txt"), ("epub", ".xhtml"), ("man", ".1")):
        out = run_sphinx(book, builder, "-W").ok().out
        texts = [p.read_text("utf-8") for p in sorted(out.rglob(f"*{suffix}"))]
        count = sum(len(re.findall("matplotlib", plain(text))) for text in texts)
        assert count == 1, builder
    assert "Code" not in details(run_sphinx(book, "epub").ok().page("one.xhtml"))


def test_notebook_is_written_offered_and_up_to_date(tmp_path: Path) -> None:
    caption = "To *try* &lt;b&gt; ``a` b_c`` with $\\eta$ = {gdviz-value}`fig-run lr`."
    pages = {"part/one.md": "# One\n\n" + myst(*RUN, ":notebook:", caption=caption)}
    conf = 'gdviz_repository = "https://github.com/owner/book/tree/gh-pages/web"\n'
    book = write_book(tmp_path, pages, conf)
    for builder, page, up in (
        ("html", "part/one.html", "../"),
        ("dirhtml", "part/one/index.html", "../../"),
        ("singlehtml", "index.html", ""),
    ):
        built = run_sphinx(book, builder, "-W").ok()
        assert f'<a href="{up}_notebooks/fig-run.ipynb" download>Notebook</a>' in built.page(page)
        address = "https://colab.research.google.com/github/owner/book/blob/gh-pages/web/"
        assert f'href="{address}_notebooks/fig-run.ipynb"' in built.page(page)
        notebook = json.loads(built.page("_notebooks/fig-run.ipynb"))
        nbformat.validate(notebook)
    cells = ["".join(cell["source"]) for cell in notebook["cells"]]
    assert cells[0] == "# Fig. 1.1\n\nTo *try* \\<b\\> ``a` b_c`` with $\\eta$ = 0.1."
    assert "lr=0.1" in "".join(cells)

    path = run_sphinx(book).ok().out / "_notebooks/fig-run.ipynb"
    before = path.stat().st_mtime_ns
    edit(book / "part/one.md", "# One", "# Still one")
    run_sphinx(book).ok()
    assert path.stat().st_mtime_ns == before
    edit(book / "part/one.md", ":lr: 0.1", ":lr: 0.2")
    run_sphinx(book).ok()
    assert "lr=0.2" in path.read_text("utf-8")
    assert "= 0.2." in path.read_text("utf-8")
    path.unlink()
    run_sphinx(book).ok()
    assert path.exists()
    assert not list(path.parent.glob("*.part"))
    for builder in ("epub", "latex", "text"):
        built = run_sphinx(book, builder)
        assert not list(built.out.rglob("*.ipynb"))


def test_without_a_repository_there_is_no_colab(tmp_path: Path) -> None:
    book = write_book(tmp_path, {"one.md": "# One\n\n" + myst(*RUN, ":notebook:")})
    page = run_sphinx(book, "html", "-W").ok().page("one.html")
    assert "download>Notebook</a></div>" in page
    (book / "conf.py").write_text(
        (book / "conf.py").read_text("utf-8") + "gdviz_repository = 'github.com/a/b'\n", "utf-8"
    )
    (message,) = run_sphinx(book).messages
    assert (message.file, message.line, message.type) == ("conf.py", 7, "gdviz.setting")
    assert "https://github.com/owner/book/tree/gh-pages" in message.text


@pytest.mark.parametrize(
    ("options", "line", "told"),
    [
        ((":code: all",), 4, "“all” is not known here"),
        ((":code: wbe",), 4, "did you mean “web”"),
        ((":notebook: yess",), 4, "did you mean “yes”"),
        ((":notebook:",), 4, "the figure needs a name of letters"),
        ((":notebook:", ":name: a/../b"), 4, "the figure needs a name of letters"),
        ((":code:", f":loss: {LONG}"), 4, "too many for a program that is read"),
    ],
)
def test_mistakes(tmp_path: Path, options: tuple[str, ...], line: int, told: str) -> None:
    (message,) = run_sphinx(write_book(tmp_path, {"one.md": "# One\n\n" + myst(*options)})).messages
    assert (message.line, message.type) == (line, "gdviz.option")
    assert told in message.text


def test_what_is_usual_in_a_book_is_left_out_where_there_is_none(tmp_path: Path) -> None:
    conf = 'gdviz_defaults = {"code": "web", "notebook": ""}\n'
    long = myst(":name: fig-long", f":loss: {LONG}", *QUICK)
    book = write_book(tmp_path, {"one.md": "# One\n\n" + myst(*RUN) + long}, conf)
    page = run_sphinx(book, "html", "-W").ok().page("one.html")
    assert page.count("<summary>Code") == 1
    assert page.count("download>Notebook") == 1
    assert page.count("<summary>Description") == 2


def test_a_build_without_a_change_imports_nothing_for_it(tmp_path: Path) -> None:
    book = write_book(tmp_path, {"one.md": "# One\n\n" + myst(*RUN, ":code:", ":notebook:")})
    run_sphinx(book).ok()
    built = run_sphinx(book, driver=True).ok()
    assert built.imported == []
    assert built.wrote == []


GERMAN = """\
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8"

msgid "Description"
msgstr "Beschreibung"

msgid "Learning rate η"
msgstr "Lernrate η"
"""


def test_words_for_readers_are_translated_by_the_book(tmp_path: Path) -> None:
    book = write_book(tmp_path, {"one.md": "# One\n\n" + myst(*RUN)}, "language = 'de'\n")
    catalog = book / "locales/de/LC_MESSAGES/gdviz.po"
    catalog.parent.mkdir(parents=True)
    catalog.write_text(GERMAN, "utf-8")
    page = run_sphinx(book, "html", "-W").ok().page("one.html")
    assert "<summary>Beschreibung</summary>" in page
    (found,) = re.findall(r'class="gdviz-strings">(.*?)</script>', page)
    assert json.loads(found) == {"rate": "Lernrate η"}
    english = write_book(tmp_path / "en", {"one.md": "# One\n\n" + myst(*RUN)})
    assert "gdviz-strings" not in run_sphinx(english, "html", "-W").ok().page("one.html")


def test_catalogs_of_the_book_have_the_texts_of_the_author_alone(tmp_path: Path) -> None:
    other = (":name: fig-other", ":alt: A path downhill.", *QUICK)
    value = "It {gdviz-value}`fig-run outcome`.\n"
    table = "```{gdviz-table} fig-run\nThe runs.\n```\n"
    pages = {"one.md": "\n".join(["# One\n", myst(*RUN), myst(*other), value, table])}
    built = run_sphinx(write_book(tmp_path, pages), "gettext", "-W").ok()
    found = re.findall(r'^msgid "(.+)"$', built.page("one.pot"), re.M)
    captions = ["A path downhill.", "A caption.", "The runs."]
    assert sorted(found) == sorted(["One", *captions, "It {gdviz-value}`fig-run outcome`."])


MOVES_IMAGES = """
from docutils import nodes

def lead(app, doctree):
    for image in list(doctree.findall(nodes.image)):
        doctree.insert(0, image.deepcopy())

def setup(app):
    app.connect("doctree-read", lead)
"""


@pytest.mark.parametrize(("builder", "suffix"), [("html", "svg"), ("latex", "pdf")])
def test_a_picture_that_was_taken_out_of_its_figure(
    tmp_path: Path, builder: str, suffix: str
) -> None:
    """As an extension does that begins a list of posts with their first pictures."""
    book = write_book(tmp_path, {"one.md": "# One\n\n" + myst(*RUN)}, MOVES_IMAGES)
    built = run_sphinx(book, builder).ok()
    page = built.page("one.html" if builder == "html" else "small.tex")
    assert "gdviz://" not in page
    assert len(re.findall(rf"gdviz-[0-9a-f]{{32}}(\.|\}}\.){suffix}", page)) == 2

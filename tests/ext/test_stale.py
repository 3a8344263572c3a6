"""Pages are written again when what they show has changed, whatever was built or killed before."""

from __future__ import annotations

from pathlib import Path

import pytest

from .books import QUICK, Built, edit, myst, plain, run_sphinx, write_book

CONF = """
import os, signal
exclude_patterns = ["*.inc"]
html_copy_source, templates_path = False, ["_templates"]
locale_dirs = ["locale"]
language = "de"
gdviz_losses = {"ring": "(x**2 + y**2 - 1)**2"}


def strike(app, doctree, docname):
    if docname == os.environ.get("KILLED_AT"):
        os.kill(os.getpid(), signal.SIGKILL)


def setup(app):
    app.connect("doctree-resolved", strike, priority=900)
"""
PAGES = {
    "one.md": "# One\n\n"
    + myst(":name: fig-own", ":loss: ring", ":chapter: 22", *QUICK)
    + myst(":name: fig-data", ":loss: least-squares(a.csv, x=u, y=v)", *QUICK)
    + myst(":name: fig-last", *QUICK, caption="It ends at {gdviz-value}`fig-own loss`."),
    "sub/two.md": "# Two\n\n(part)=\n## A part\n\n"
    + myst(":name: fig-two", ":chapter: 22", *QUICK),
    "three.rst": "Three\n=====\n\n.. include:: /words.inc\n",
    "words.md": "# Words\n\n{numref}`fig-two`, {numref}`fig-last`, [](#fig-last), {ref}`part`, "
    "{gdviz-value}`fig-data loss`.\n",
}
LAYOUT = """\
{% for file in css_files %}{{ css_tag(file) }}{% endfor %}
{% for file in script_files %}{{ js_tag(file) }}{% endfor %}
{% block body %}{% endblock %}
"""
"""Nothing of the pages before and after: those Sphinx does not write again."""
CATALOG = """\
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "Description"
msgstr "Beschreibung"
"""


@pytest.fixture
def book(tmp_path: Path) -> Path:
    folder = write_book(tmp_path / "book", PAGES, CONF)
    (folder / "a.csv").write_text("u,v\n1,2\n2,4.1\n3,5.9\n")
    (folder / "_templates").mkdir()
    (folder / "_templates/layout.html").write_text(LAYOUT)
    (folder / "words.inc").write_text("Words.\n")
    (folder / "locale/de/LC_MESSAGES").mkdir(parents=True)
    (folder / "locale/de/LC_MESSAGES/gdviz.po").write_text(CATALOG)
    return folder


def check_against_clean_build(book: Path, builder: str) -> Built:
    """Build again; all pages are those of a clean build."""
    built, clean = book / "_build" / builder, book.parent / "clean" / builder
    cache = f"gdviz_cache={book.parent / 'cache'}"
    again = run_sphinx(book, builder, "-D", cache)
    run_sphinx(book, builder, "-Ead", book.parent / "clean/doctrees", "-D", cache, out=clean)
    for path in clean.rglob("*"):
        if path.suffix in (".html", ".txt", ".xhtml", ".svg"):
            name = path.relative_to(clean)
            assert (built / name).read_bytes() == path.read_bytes(), name
    return again


CHANGES = (
    ("a.csv", "3,5.9", "3,6.1"),
    ("conf.py", "- 1)**2", "- 2)**2"),
    ("conf.py", "numfig = True", "numfig = True\ngdviz_defaults = {'lr': '0.3'}"),
    ("conf.py", "numfig = True", "numfig = True\ngdviz_style = {'font.size': 7}"),
    ("conf.py", "numfig = True", "numfig = True\nnumfig_format = {'figure': 'Bild %s'}"),
    ("words.inc", "Words", "Other words"),
    ("one.md", ":chapter: 22", ":chapter: 7"),
    ("sub/two.md", "A part", "Another part"),
    ("index.rst", "   sub/two\n", ""),
)


def test_builders_that_share_doctrees_follow_every_change(book: Path) -> None:
    for builder in ("html", "text", "epub"):
        check_against_clean_build(book, builder)
    for change in CHANGES:
        edit(book / change[0], *change[1:])
        for builder in ("html", "text", "epub"):
            check_against_clean_build(book, builder)


@pytest.mark.parametrize("killed_at", ["one", "words"])
def test_a_build_that_was_killed_while_writing_is_made_up_for(book: Path, killed_at: str) -> None:
    check_against_clean_build(book, "html")
    edit(book / "one.md", "# One", "# One\n\n" + myst(":chapter: 22", *QUICK))
    cache = f"gdviz_cache={book.parent / 'cache'}"
    killed = run_sphinx(book, "html", "-D", cache, env={"KILLED_AT": killed_at})
    assert killed.code == -9
    (book / f"_build/html/{killed_at}.html").write_text("half a page")  # newer than its source
    assert "words" in check_against_clean_build(book, "html").wrote
    assert check_against_clean_build(book, "html").wrote == []


def test_a_figure_that_goes_is_missed_where_it_is_referred_to(book: Path) -> None:
    check_against_clean_build(book, "html")
    edit(book / "one.md", ":name: fig-last", ":name: fig-renamed")
    built = check_against_clean_build(book, "html")
    assert "words" in built.wrote
    assert any("fig-last" in message.text for message in built.messages)
    assert "fig-last" not in built.page("one.html")


def test_another_translation_rewrites_pages_that_have_words_of_ours(book: Path) -> None:
    assert "Beschreibung" in plain(check_against_clean_build(book, "html").page("one.html"))
    edit(book / "locale/de/LC_MESSAGES/gdviz.po", "Beschreibung", "Wortlaut")
    built = check_against_clean_build(book, "html")
    assert "Wortlaut" in plain(built.page("one.html"))
    assert "three" not in built.wrote

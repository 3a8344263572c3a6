"""Characters that no page, picture or terminal can show: each is a message, and in no file."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from sphinx_gdviz import Experiment

from .books import QUICK, Built, myst, run_sphinx, write_book

FIGURE = myst(":name: fig-a", *QUICK)
PAGES = {
    "alt": myst(*QUICK, ":alt: An \x01 alternative"),
    "title": myst(*QUICK, ":titles: A\ufffetitle"),
    "terminal": myst(*QUICK, ":titles: \x1b[31mred"),
    "terminal-of-8-bits": myst(*QUICK, ":class: \x9b31m"),
    "surrogate": '```{gdviz-figure}\n---\nalt: "\\ud83d"\n---\nA caption.\n```\n',
    "unknown": myst(*QUICK, ":o\x1bption: 3"),
    "table": FIGURE + "\n```{gdviz-table} fig-a\n:titles: A\x02; B; C; D; E\n```\n",
    "steps": FIGURE + "\n```{gdviz-steps} fig-\x03a\n```\n",
    "role": FIGURE + "\nA {gdviz-value}`fig-a loss\x04`.\n",
    "placeholder": myst(*QUICK, ":lr: \x1b[31mred"),
}


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """An EPUB with a page for each kind of text."""
    pages = {
        **{
            f"{name}.md": f"# A\n\n{page.replace('fig-a', f'fig-{name}')}"
            for name, page in PAGES.items()
        },
        "rest.rst": "A\n=\n\n.. gdviz-figure::\n   :alt: An \x01 alternative\n\n   A caption.\n",
    }
    folder = write_book(tmp_path_factory.mktemp("characters"), pages, 'version = copyright = "1"\n')
    return run_sphinx(folder, "epub")


@pytest.mark.parametrize("page", [*(f"{name}.md" for name in PAGES), "rest.rst"])
def test_each_is_one_message(book: Built, page: str) -> None:
    (message,) = (m for m in book.messages if m.file == page)
    assert "which no page can show; take it out" in message.text
    line = (book.folder / page).read_text("utf-8").split("\n")[message.line - 1]
    assert not line.isprintable() or "\\ud83d" in line


def test_none_is_in_a_file(book: Built) -> None:
    files = [path for path in book.out.rglob("*") if path.suffix in (".xhtml", ".svg")]
    assert len(files) > len(PAGES)
    for path in files:
        ElementTree.parse(path)
    assert not set("\x01\x1b\x9b\ufffe") & set(book.stderr)


def test_values_of_python_are_read_as_strictly() -> None:
    with pytest.raises(ValueError, match=r"U\+0001"):
        Experiment(titles=["A\x01", "B"])

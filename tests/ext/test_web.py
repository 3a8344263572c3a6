"""Web pages: what a page has of a figure, in each builder that makes some."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from .books import QUICK, myst, plain, run_sphinx, write_book

PAGES = (".html", ".xhtml", ".fjson")


@pytest.mark.parametrize("builder", ["html", "singlehtml", "epub", "htmlhelp", "json"])
def test_pictures_have_their_size(tmp_path: Path, builder: str) -> None:
    figures = myst(*QUICK) + "\n" + myst(":width: 66%", *QUICK)
    book = write_book(tmp_path, {"index.md": f"# A\n\n{figures}"}, 'version = copyright = "1"\n')
    built = run_sphinx(book, builder).ok()
    page = next(path for path in built.out.rglob("index.*") if path.suffix in PAGES)
    tags = re.findall(r"<img [^>]+>", page.read_text("utf-8").replace('\\"', '"'))
    sizes = [re.match(r'<img width="(\d+)" height="(\d+)" ', tag) for tag in tags]
    assert len(tags) == 2
    # Pages with the style sheet have no style of their own, which a strict policy would refuse.
    own = ["height: auto;" in tag for tag in tags]
    assert own == [builder not in ("html", "singlehtml")] * 2
    assert [tag.count(" style=") for tag in tags] == [int(own[0]), 1]
    assert "width: 66%;" in tags[1]
    (wide, high), (width, height) = (map(int, size.groups()) for size in sizes if size)
    assert 0.5 < high / wide < height / width < 1.5  # one line of text is as high in both
    assert width / wide == pytest.approx(0.66, abs=0.01)


TAKES = """\
from docutils import nodes
texts, images = [], []

def take(app, doctree):
    texts.extend(paragraph.astext() for paragraph in doctree.findall(nodes.paragraph))
    images.extend(image.deepcopy() for image in doctree.findall(nodes.image))

def put(app, doctree, docname):
    doctree.extend(images)
    texts.extend(node.astext() for node in doctree.findall(nodes.paragraph))
    print("TEXTS:", texts)

def setup(app):
    app.connect("doctree-read", take)
    app.connect("doctree-resolved", put)
"""
"""A conf.py that takes texts and images of a page, and puts them into it, as a blog does."""


def test_others_take_the_picture_and_no_description(tmp_path: Path) -> None:
    book = write_book(tmp_path, {"index.md": "# A\n\n" + myst(*QUICK) + "\nWords.\n"}, TAKES)
    built = run_sphinx(book).ok()
    page = built.page("index.html")
    assert "TEXTS: ['Words.', 'Words.']" in built.stdout
    assert "gdviz://" not in page
    assert len(re.findall(r'<img width="\d+" [^>]*src="_images/gdviz-', page)) == 2
    described = plain(page.partition("<details>")[2].partition("</details>")[0])
    assert described.startswith("Description The loss as isolines")
    assert "at learning rate 0.1" in described


GRID = """\
from docutils import nodes
from sphinx.util.docutils import SphinxDirective

class Grid(SphinxDirective):
    has_content = True

    def run(self):
        grid = nodes.figure(subcaptions="below")
        self.state.nested_parse(self.content, self.content_offset, grid)
        grid += nodes.caption("", "Two.")
        print("IN GRID:", *[type(node).__name__ for node in grid])
        return [grid]

def setup(app):
    app.add_directive("grid", Grid)
"""
"""A conf.py with a directive for a figure of several pictures, as of sphinx-subfigure."""


@pytest.mark.parametrize("builder", ["html", "latex"])
def test_parts_of_a_figure(tmp_path: Path, builder: str) -> None:
    rest = ".. gdviz-figure::\n   :name: fig-c\n   :lr: 0.3\n   :steps: 3\n\n   Words.\n"
    figures = "\n".join(myst(f":name: fig-{name}", *QUICK, caption=name) for name in "ab")
    pages = {
        "one.md": f"# A\n\n````{{grid}}\n{figures}\n````\n\nAt {{gdviz-value}}`fig-c lr`.\n",
        "two.rst": "B\n=\n\n.. grid::\n\n" + "".join(f"   {line}\n" for line in rest.splitlines()),
        "three.md": "# C\n\n````{grid}\n" + myst(":lr: quick") + "````\n",
    }
    built = run_sphinx(write_book(tmp_path, pages, GRID), builder)
    assert [(m.file, m.line, m.type) for m in built.messages] == [("three.md", 5, "gdviz.option")]
    kinds = re.findall("IN GRID: (.*)", built.stdout)
    assert sorted(kinds) == ["image caption", "image caption", "image image caption"]
    whole = "\n".join(path.read_text("utf-8") for path in built.out.rglob("*.[ht][te][mx]*"))
    assert len({*re.findall(r"gdviz-\w{32}", whole)}) == 2
    assert "This figure could not be made." in whole
    assert "At 0.3" in plain(whole)
    assert "gdviz://" not in whole


@pytest.mark.parametrize("builder", ["htmlhelp", "qthelp", "devhelp", "json", "pickle"])
def test_pages_without_style_sheets_have_pictures_alone(tmp_path: Path, builder: str) -> None:
    conf = 'version = copyright = "1"\n'
    book = write_book(tmp_path, {"index.md": "# A\n\n" + myst(":name: fig-a", *QUICK)}, conf)
    built = run_sphinx(book, builder).ok()
    pages = [path.read_bytes() for path in built.out.rglob("index.*")]
    assert any(b"<img" in page for page in pages)
    assert not any(b"gdviz-data" in page or b"gdviz.js" in page for page in pages)

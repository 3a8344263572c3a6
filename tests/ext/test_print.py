"""The printed book: whatever an author writes compiles, and nothing is lost on the way."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from .books import QUICK, Built, myst, run_sphinx, write_book

BOXES = '''\
"""An exercise as sphinx-exercise and sphinx-proof print it: in a box, from which nothing floats."""

from docutils import nodes
from sphinx.util.docutils import SphinxDirective


class exercise(nodes.Admonition, nodes.Element):
    pass


class Exercise(SphinxDirective):
    has_content = True

    def run(self):
        return [exercise("", *self.parse_content_to_nodes())]


def begin(translator, node):
    translator.body.append("\\n\\\\begin{sphinxadmonition}{note}{Exercise}")


def end(translator, node):
    translator.body.append("\\\\end{sphinxadmonition}\\n")


def setup(app):
    app.add_node(exercise, latex=(begin, end))
    app.add_directive("exercise", Exercise)
'''
CONF = """
import sys
sys.path.insert(0, str(__import__("pathlib").Path(__file__).parent))
extensions.append("boxes")
"""
DATA = "größe,学習β,Δt\n1,2,3\n2,3,4\n3,5,6\n"
FITTED = (":name: fitted", ":code:", ":loss: least-squares(d.csv, x=größe, y=学習β)")
TABLE = """\
```{gdviz-table} fitted
:columns: lr, loss, step
:titles: α ∈ ℝ; 学; １

A table.
```
"""
SETTABLE = """\
```{gdviz-table} fitted
:columns: lr, loss
:titles: ∇ ∂ ≈ √ ε Ω μ λ; 𝜃₁

```
"""


def boxed(*figures: str) -> str:
    return "\n".join(f"`````{{exercise}}\nBefore.\n\n{figure}`````\n" for figure in figures)


PAGES = {
    "one.md": "\n".join(
        [
            "# One\n",
            myst(*FITTED, ":optimizer: gd", ":lr: 0.1", ":start: 0, 0", *QUICK, caption="Fitted."),
            myst(":lr: 0.１ 😀", ":name: wrong", caption="Wrong."),
            myst(":chapter: 3", ":name: pinned", *QUICK, caption="Pinned."),
            TABLE,
            SETTABLE,
            "Refers to {numref}`pinned` and {numref}`ordinary`.",
        ]
    ),
    "two.md": "# Two\n\n"
    + boxed(myst(*QUICK, caption="Boxed."), myst(*QUICK, ":align: left", caption="Wrapped."))
    + f"\n````{{note}}\n{myst(*QUICK, ':chapter: 9', caption='Noted.')}````\n",
    "three.md": "# Three\n\n"
    + myst(":name: ordinary", *QUICK, caption="Ordinary.")
    + myst(*QUICK, caption="Next."),
    "index.rst": "Book\n====\n\n.. toctree::\n\n   one\n   two\n   three\n",
}


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The LaTeX of a book in which the unusual stands."""
    book = write_book(tmp_path_factory.mktemp("printed") / "book", PAGES, CONF)
    (book / "boxes.py").write_text(BOXES, "utf-8")
    (book / "d.csv").write_text(DATA, "utf-8")
    return run_sphinx(book, "latex")


@pytest.fixture(scope="module")
def compiled(printed: Built, tool: Callable[[str], str]) -> tuple[str, str]:
    """The text of its PDF, and the log."""
    latexmk, pdftotext = tool("latexmk"), tool("pdftotext")
    command = [latexmk, "-pdf", "-interaction=nonstopmode", "-halt-on-error", "small.tex"]
    done = subprocess.run(command, cwd=printed.out, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]
    command = [pdftotext, "-layout", "small.pdf", "-"]
    text = subprocess.run(command, cwd=printed.out, check=True, capture_output=True, text=True)
    log = (printed.out / "small.log").read_text(encoding="utf-8", errors="replace")
    return text.stdout, log


def test_characters_that_pdflatex_lacks_are_told_at_their_lines(printed: Built) -> None:
    found = [(m.file, m.line, m.type) for m in printed.messages]
    lines = PAGES["one.md"].splitlines()
    wrong, column = (lines.index(text) + 1 for text in (":lr: 0.１ 😀", FITTED[2]))
    title = lines.index(":titles: α ∈ ℝ; 学; １") + 1
    assert sorted(found) == sorted(
        [
            ("one.md", wrong, "gdviz.option"),
            ("one.md", column, "gdviz.content"),
            ("one.md", title, "gdviz.content"),
        ]
    )
    said = [m.text for m in printed.messages if m.type == "gdviz.content"]
    assert any("code: the program has “学習”" in text for text in said)
    assert any(text.startswith("gdviz-table: this has “学”") for text in said)


def test_characters_are_set(compiled: tuple[str, str]) -> None:
    text = compiled[0]
    assert "größe and ??𝛽" in text
    assert "0.1 ?" in text  # the mistake's
    assert set("𝛼∈∇𝜕≈𝜇𝜆𝜃") <= set(text)


def test_figures_in_boxes_are_printed(compiled: tuple[str, str]) -> None:
    text, log = compiled
    for caption in ("2.1: Boxed.", "2.2: Wrapped.", "9.1: Noted."):
        assert f"Fig. {caption}" in text
    assert not re.search("Float.s. lost|outer par mode", log)


def test_no_two_figures_have_one_number(compiled: tuple[str, str]) -> None:
    text, log = compiled
    numbers = re.findall(r"Fig\. ([\d.]+):", text)
    assert numbers.count("3.1") == 1
    assert len(set(numbers)) == len(numbers) == 8
    assert "Fig. 3.1: Pinned." in text
    assert "Fig. 3.2: Ordinary." in text
    assert "Fig. 3.3: Next." in text
    assert "Refers to Fig. 3.1 and Fig. 3.2." in text
    assert "duplicate" not in log


def test_an_engine_of_unicode_needs_no_help(printed: Built) -> None:
    options = ("-D", "latex_engine=lualatex")
    built = run_sphinx(printed.folder, "latex", *options, out=printed.folder / "lualatex")
    assert "gdviz.content" not in built.stderr
    assert r"\gdvizcharacter" not in built.page("small.tex")


def test_what_the_book_declares_counts(tmp_path: Path) -> None:
    """The definitions stand in the text, after all of the preamble's."""
    preamble = r"\DeclareUnicodeCharacter{03B7}{eta}"
    conf = f"latex_elements = {{'preamble': r'{preamble}'}}\n"
    page = "# One\n\n" + myst(":view: rate", ":lr: 0.1, 0.2", ":code:", *QUICK[:1])
    source = run_sphinx(write_book(tmp_path, {"one.md": page}, conf), "latex").ok()
    tex = source.page("small.tex")
    assert tex.index(preamble) < tex.index(r"\begin{document}") < tex.index(r"\gdvizcharacter{η}")
    assert r"\ifcsname" in source.page("gdviz.sty")

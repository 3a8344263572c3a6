"""A book made with Jupyter Book 1, which holds Sphinx 7 and MyST-Parser 3."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

CONFIG = """\
title: A small book
author: Nobody
execute:
  execute_notebooks: "off"
sphinx:
  extra_extensions: [sphinx_gdviz]
  config:
    numfig: true
"""
TOC = """\
format: jb-book
root: index
chapters:
  - file: one
  - file: two
"""
FIGURE = """\
# Rates

```{gdviz-figure}
:name: fig-rates
:lr: 0.01, 0.1, 0.5
:clip: -3, 3
:chapter: 22

Three learning rates.
```

```{figure} plain.png
An ordinary figure.
```

```{gdviz-table} fig-rates
:columns: lr, verdict, step

What the runs have come to.
```
"""
QUOTE = """\
# What they show

In {numref}`fig-rates` a rate of {gdviz-value}`fig-rates lr run=2` {gdviz-value}`fig-rates
outcome run=2`.

```{gdviz-figure}
:lr: 0

A mistake.
```
"""


def words(markup: str) -> str:
    """Text of HTML, on one line."""
    return " ".join(re.sub(r"<[^>]+>", "", markup).split())


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sources of a book."""
    folder = tmp_path_factory.mktemp("book")
    pages = {"index.md": "# A small book\n", "one.md": FIGURE, "two.md": QUOTE}
    for name, text in {"_config.yml": CONFIG, "_toc.yml": TOC, **pages}.items():
        (folder / name).write_text(text, "utf-8")
    Image.new("RGB", (8, 8)).save(folder / "plain.png")
    return folder


def build(book: Path, builder: str) -> str:
    """Build an edition, and return what was said."""
    done = subprocess.run(
        [Path(sys.executable).with_name("jupyter-book"), "build", book, "--builder", builder],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return re.sub(r"\x1b\[[\d;]*m", "", done.stdout)


def complaints(said: str) -> list[str]:
    """Warnings of a build, from the names of their files on."""
    return re.findall(r"([^/\n]+: WARNING: .*)", said)


MISTAKE = "two.md:7: WARNING: gdviz-figure: lr: the learning rate 0 is not positive"


def test_html(book: Path) -> None:
    (told,) = complaints(build(book, "html"))
    assert told.startswith(MISTAKE)
    one, two = ((book / f"_build/html/{name}.html").read_text("utf-8") for name in ("one", "two"))
    figures = re.findall(r"<figcaption>.*?</figcaption>", one, re.S)
    assert [words(figure) for figure in figures] == [
        "Fig. 22.1 Three learning rates.#",
        "Fig. 1 An ordinary figure.#",
    ]
    (picture,) = re.findall(r'src="(_images/gdviz-\w+\.svg)"', one)
    assert (book / "_build/html" / picture).read_bytes().startswith(b"<?xml")
    assert re.search(r'<script[^>]* src="_static/gdviz\.js', one)
    assert '<script type="application/json" class="gdviz-data" data-figure="fig-rates">' in one
    rows = [words(row) for row in re.findall(r"<tr.*?</tr>", one, re.S)]
    assert [row.split()[:2] for row in rows[1:]] == [
        ["0.01", "still"],
        ["0.1", "converged"],
        ["0.5", "oscillating"],
    ]
    assert "In Fig. 22.1 a rate of 0.1 converged at step 26 to loss −0.075" in words(two)


def test_latex(book: Path) -> None:
    build(book, "latex")
    (path,) = (book / "_build/latex").glob("*.tex")
    tex = path.read_text("utf-8")
    assert re.search(
        r"\\gdef\\gdviznumber\{22\.1\}.*?\\sphinxincludegraphics\{\{(gdviz-\w+)\}\.pdf\}\s*"
        r"\\caption\{Three learning rates\.\}",
        tex,
        re.S,
    )
    assert list((book / "_build/latex").glob("gdviz-*.pdf"))
    assert r"\ref{\detokenize{one:fig-rates}}} a rate of 0.1 converged at step 26" in tex
    assert r"\sphinxcaption{What the runs have come to.}" in tex

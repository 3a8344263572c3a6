"""What a build costs in which little has changed: what it loads, and what it keeps for the next."""

from __future__ import annotations

import pickletools
from pathlib import Path

import pytest

from .books import edit, run_sphinx, write_book

CARS = "speed,dist\n4,2\n4,10\n7,4\n7,22\n8,16\n9,10\n10,18\n10,26\n"
FIGURES = """\
# Figures

```{gdviz-figure}
:name: fig-one
:lr: 0.1, 0.4
:steps: 4
:view: contour
:mark: minima
:code:
:expect: slow, slow

One, which ends at {gdviz-value}`fig-one loss lr=0.1`.
```

```{gdviz-figure}
:name: fig-data
:loss: least-squares(cars.csv, x=speed, y=dist, standardize=yes)
:steps: 3
:static:

Data.
```
"""
QUOTING = """\
# Quotations

```{gdviz-experiment} quiet
:optimizer: adam
:steps: 3
```

It ends at {gdviz-value}`quiet loss:.3f`, and {gdviz-value}`fig-data minimum`.

```{gdviz-table} fig-one
:columns: lr, verdict, loss

A table.
```

```{gdviz-steps} fig-one
:lr: 0.1
:steps: 2
```

```{gdviz-rule} fig-one
```
"""


def make_book(folder: Path) -> Path:
    book = write_book(folder, {"figures.md": FIGURES, "quoting.md": QUOTING})
    (book / "cars.csv").write_text(CARS)
    return book


def test_a_build_without_changes_loads_no_mathematics(tmp_path: Path) -> None:
    book = make_book(tmp_path)
    first = run_sphinx(book, driver=True).ok()
    assert first.imported == ["matplotlib", "numpy"]
    again = run_sphinx(book, driver=True).ok()
    assert (again.read, again.imported) == ([], [])
    text = run_sphinx(book, "text", driver=True).ok()
    assert (text.read, text.imported) == ([], [])


@pytest.mark.parametrize("page", ["figures", "quoting"])
def test_an_edit_of_prose_loads_no_mathematics(tmp_path: Path, page: str) -> None:
    """The page is read again, with its figures and quotations."""
    book = make_book(tmp_path / "book")
    run_sphinx(book).ok()
    with (book / f"{page}.md").open("a") as file:
        file.write("\nA paragraph.\n")
    again = run_sphinx(book, driver=True).ok()
    assert (again.read, again.imported) == ([page], [])
    clean = run_sphinx(book, "html", "-E", "-a", out=tmp_path / "clean").ok()
    for name in ("figures", "quoting"):
        assert again.page(f"{name}.html") == clean.page(f"{name}.html")


CHANGES = (
    ("figures.md", ":lr: 0.1, 0.4", ":lr: 0.1, 0.3"),
    ("cars.csv", "10,26", "10,27"),
    ("cars.csv", "speed", "pace"),
    ("cars.csv", "pace", "speed"),
    ("conf.py", "numfig = True", "numfig = True\ngdviz_defaults = {'levels': 4}"),
    ("conf.py", "numfig = True", "numfig = True\ngdviz_style = 'grayscale'"),
    ("conf.py", "numfig = True", "numfig = True\ngdviz_max_steps = 3"),
)


def test_what_a_figure_depends_on_has_it_read_again(tmp_path: Path) -> None:
    book = make_book(tmp_path / "book")
    run_sphinx(book).ok()
    for change in CHANGES:
        file, old, new = change
        edit(book / file, old, new)
        again = run_sphinx(book)
        clean = run_sphinx(book, "html", "-E", out=tmp_path / "clean")
        assert again.messages == clean.messages, change
        for name in ("figures", "quoting"):
            assert again.page(f"{name}.html") == clean.page(f"{name}.html"), change


def test_a_remark_is_told_whenever_its_page_is_read(tmp_path: Path) -> None:
    book = make_book(tmp_path)
    edit(book / "figures.md", ":expect: slow, slow", ":expect: slow, diverged")
    (first,) = run_sphinx(book).messages
    edit(book / "figures.md", "# Figures", "# Figures\n\nA paragraph.")
    again = run_sphinx(book, driver=True)
    (message,) = again.messages
    assert (message.text, message.line) == (first.text, first.line + 2)
    assert again.imported == []


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_what_is_kept_is_plain_data(tmp_path: Path, jobs: str) -> None:
    """Neither environment nor pages have objects of NumPy, or of our mathematics."""
    book = make_book(tmp_path)
    run_sphinx(book, "html", "-j", jobs).ok()
    modules: set[object] = set()
    for path in (book / "_build/doctrees").glob("*.*"):
        if path.suffix in (".pickle", ".doctree"):
            modules |= {arg for _, arg, _ in pickletools.genops(path.read_bytes())}
    ours = {name for name in modules if str(name).startswith(("sphinx_gdviz.", "numpy"))}
    assert ours == {
        "sphinx_gdviz.core.report.numbers",
        "sphinx_gdviz.core.report.query",
        "sphinx_gdviz.core.report.tables",
        "sphinx_gdviz.ext.directives.gdviz_steps",
        "sphinx_gdviz.ext.directives.gdviz_table",
        "sphinx_gdviz.ext.domain",
        "sphinx_gdviz.ext.experiments",
        "sphinx_gdviz.ext.quotes.quotation",
        "sphinx_gdviz.ext.quotes.value",
    }

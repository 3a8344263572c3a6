"""Losses of one parameter, and of more than two, in a book."""

from __future__ import annotations

import html
import re

import numpy as np
import pytest

from .books import Built, pictures, run_sphinx, write_book

PAGE = """\
# One

```{gdviz-figure}
:name: fig-one
:loss: x**2
:start: 10
:lr: 0.2, 1.5
:steps: 10
:mark: minima
:code:
:notebook:
:expect: slow, diverged

A parabola.
```

```{gdviz-figure}
:name: fig-many
:loss: least-squares(rows.csv, x=a + b, y=c)
:start: 0, 0, 0
:lr: 0.02
:steps: 20

Three parameters.
```

It went from {gdviz-value}`fig-one start run=1` by {gdviz-value}`fig-one point step=1 run=1`,
at x = {gdviz-value}`fig-one x:.2f step=2 run=1`, to {gdviz-value}`fig-one minimum`.

```{gdviz-table} fig-one
:columns: setting, start, point, x, gradient, gradient-norm, step-length, minimum
```

```{gdviz-steps} fig-one
:run: 1
:steps: 1..2
```

The intercept ends at {gdviz-value}`fig-many intercept:.3f`.
"""
ROWS = "a,b,c\n1,2,3\n2,1,4\n3,5,9\n4,4,8\n"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The book as HTML."""
    folder = tmp_path_factory.mktemp("dimensions")
    book = write_book(folder, {"one.md": PAGE})
    (book / "rows.csv").write_text(ROWS, "utf-8")
    return run_sphinx(book, "html", "-W")


def words(built: Built) -> str:
    """The page's text, without its markup."""
    text = html.unescape(re.sub(r"<[^>]+>", "", built.page("one.html")))
    return " ".join(text.split())


def test_nothing_is_remarked(built: Built) -> None:
    built.ok()


def test_numbers_of_one_parameter_have_no_brackets(built: Built) -> None:
    page = words(built)
    assert "It went from 10 by 6.000, at x = 3.60, to 0." in page
    assert "at learning rate 1.5 it diverged at step" in built.page("one.html")
    assert r"\theta_{1} &= 10 - 0.2 \cdot 20.000 = 6.000" in page


def test_more_parameters_have_their_names(built: Built) -> None:
    a, b, c = np.loadtxt(ROWS.splitlines(), delimiter=",", skiprows=1).T
    theta = np.zeros(3)
    for _ in range(20):
        error = theta @ [np.ones(4), a, b] - c
        theta -= 0.02 * 2 / 4 * np.array([error.sum(), error @ a, error @ b])
    assert f"The intercept ends at {theta[0]:.3f}." in words(built)


def test_each_has_a_picture(built: Built) -> None:
    assert len(pictures(built)) == 2
    notebooks = [*built.out.rglob("*.ipynb")]
    assert "(x,) = theta" in notebooks[0].read_text("utf-8")

"""Models as authors write them: a name, a file of data and its columns."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sphinx_gdviz.core.losses.dataset import Dataset, read_file
from sphinx_gdviz.core.losses.logistic import LogisticRegression
from sphinx_gdviz.core.losses.models import MODELS, is_model, read_model
from sphinx_gdviz.core.losses.regression import LeastSquares, Model
from sphinx_gdviz.messages import GdvizError

BOOK = Path(__file__).parents[3] / "book"
CARS = read_file(BOOK / "foundations" / "cars.csv", "cars.csv", "speed", "dist")
ORING = read_file(BOOK / "guide" / "oring.csv", "oring.csv", "temperature", "failure")


def reading(text: str) -> tuple[Model, list[tuple[str, str, str]]]:
    asked: list[tuple[str, str, str]] = []

    def read(name: str, x: str, y: str) -> Dataset:
        asked.append((name, x, y))
        return ORING

    return read_model(text, read), asked


@pytest.mark.parametrize(
    ("text", "kind", "standardized"),
    [
        ("least-squares(a b/cars.csv, x=the speed, y=dist)", LeastSquares, False),
        ("least-squares(a b/cars.csv,y=dist,x=the speed,standardize=no)", LeastSquares, False),
        (
            " logistic-regression ( a b/cars.csv , x = the speed , y = dist, standardize = yes )",
            LogisticRegression,
            True,
        ),
    ],
)
def test_a_model_is_read(text: str, kind: Any, standardized: bool) -> None:
    loss, asked = reading(text)
    assert asked == [("a b/cars.csv", "the speed", "dist")]
    assert loss == kind.of(ORING, standardized)
    assert is_model(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "logistic-regresion(d.csv, x=a, y=b)",
            "“logistic-regresion” is not a model; did you mean “logistic-regression”? write",
        ),
        (
            "ridge(d.csv, x=a, y=b)",
            "“ridge” is not a model; there are least-squares and logistic-regression: write least",
        ),
        ("least-squares", "“least-squares” names no file; write one, as in least-squares(cars.csv"),
        ("least-squares()", "names no file"),
        ("logistic-regression(x=a, y=b)", "names no file; write one, as in logistic-regression("),
        ("least-squares(a.csv, b.csv, x=a, y=b)", "names 2 files; write one"),
        ("least-squares(a.csv)", "does not say which column is x; write least-squares(cars.csv"),
        ("least-squares(a.csv, y=b)", "does not say which column is x"),
        ("least-squares(a.csv, x=b)", "does not say which column is y"),
        ("least-squares(a.csv, x=a, x=b, y=b)", "has x twice"),
        ("least-squares(a.csv, x=, y=b)", "has an empty part"),
        ("least-squares(x=a, y=b, a.csv)", "has no name"),
        ("least-squares(a.csv, x=a, y=b", "is not a name with settings in brackets; write least"),
        (
            "least-squares(a.csv, x=a, y=b, standardise=yes)",
            "least-squares has no setting “standardise”; did you mean “standardize”? it has x, y,",
        ),
        ("least-squares(a.csv, x=a, y=b, q=1)", "has no setting “q”; it has x, y, standardize"),
        (
            "least-squares(a.csv, x=a, y=b, standardize=true)",
            "standardize=“true”: it is yes or no",
        ),
    ],
)
def test_calls_that_are_refused(text: str, message: str) -> None:
    assert is_model(text)
    with pytest.raises(GdvizError) as caught:
        reading(text)
    assert message in str(caught.value)


def test_what_is_wrong_with_the_data_is_told() -> None:
    def read(name: str, x: str, y: str) -> Dataset:
        raise GdvizError(f"{name}, {x}, {y}")

    with pytest.raises(GdvizError, match=r"a\.csv, b, c"):
        read_model("least-squares(a.csv, x=b, y=c)", read)
    with pytest.raises(GdvizError, match="neither 0 nor 1"):
        read_model("logistic-regression(a.csv, x=b, y=c)", lambda *_: CARS)


@pytest.mark.parametrize(
    "text",
    [
        *MODELS,
        "least_squares(a.csv, x=b, y=c)",
        "Least-Squares(a.csv)",
        "leastsquares(a.csv)",
        "linear-regression(a.csv)",
        "k-nearest-neighbours(a.csv)",
        "log-loss(a.csv, x=b, y=c)",
        "svm(a.csv, x=b, y=c)",
        "least-squares (",
    ],
)
def test_what_is_meant_as_a_model(text: str) -> None:
    assert is_model(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "bowl",
        "my-bowl",
        "three-hump-camel",
        "least",
        "least-squares + x",
        "x**2 + y**2",
        "sin(x)",
        "x-sin(y)",
        "x-exp(-y**2)",
        "pi-x-cos(y)",
        "e-sqrt(x)",
        "sin(x) = 3",
        "(x - 1)**2",
        "2*least-squares(x)",
        "x-foo(y)",
        "foo(x)",
        "exp(x)-log(y)",
    ],
)
def test_what_is_not(text: str) -> None:
    assert not is_model(text)

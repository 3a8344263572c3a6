"""Regression on several columns, against NumPy's least squares and the definitions."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sphinx_gdviz.core.descent.critical_points import critical_points
from sphinx_gdviz.core.descent.run import descend
from sphinx_gdviz.core.losses.dataset import Dataset, read_dataset
from sphinx_gdviz.core.losses.logistic import LogisticRegression
from sphinx_gdviz.core.losses.models import read_model
from sphinx_gdviz.core.losses.named import find_loss
from sphinx_gdviz.core.losses.regression import LeastSquares, Model
from sphinx_gdviz.core.options.read import Book, read_experiment
from sphinx_gdviz.messages import GdvizError

ROWS, COLUMNS = 60, 6
NAMES = ("a", "b", "c", "d", "e", "living area")
_random = np.random.RandomState(0)
INPUTS = _random.standard_normal((ROWS, COLUMNS)) * [1, 2, 3, 1, 0.5, 1] + [1, 0, 2, 0, 0, 5]
INPUTS[:, 5] += 0.7 * INPUTS[:, 0]
TARGET = INPUTS @ [1, -2, 0.5, 0, 3, 1] + 2 + _random.standard_normal(ROWS)
CLASSES = (np.median(TARGET) + 3 * _random.standard_normal(ROWS) < TARGET) * 1.0
TABLE = "\n".join(
    [
        ",".join([*NAMES, "y", "class"]),
        *(",".join(map(repr, row)) for row in np.column_stack([INPUTS, TARGET, CLASSES]).tolist()),
    ]
)
POINTS = _random.standard_normal((5, COLUMNS + 1))
BATCH = np.array([3, 4, 9])


def table(target: str, names: tuple[str, ...] = NAMES) -> Dataset:
    return read_dataset(TABLE.encode(), "table.csv", " + ".join(names), target)


def design(inputs: np.ndarray) -> np.ndarray:
    return np.column_stack([np.ones(len(inputs)), inputs])


@pytest.fixture(params=[False, True], ids=["raw", "standardized"])
def columns(request: pytest.FixtureRequest) -> tuple[bool, np.ndarray, np.ndarray]:
    """Whether columns are standardized, the design matrix, and the target."""
    if not request.param:
        return False, design(INPUTS), TARGET
    scaled = (INPUTS - INPUTS.mean(axis=0)) / INPUTS.std(axis=0)
    return True, design(scaled), (TARGET - TARGET.mean()) / TARGET.std()


def test_least_squares(columns: tuple[bool, np.ndarray, np.ndarray]) -> None:
    standardized, matrix, target = columns
    loss = LeastSquares.of(table("y"), standardized)
    assert loss.parameters == ("intercept", *NAMES)
    errors = POINTS @ matrix.T - target
    close = {"rtol": 1e-11, "atol": 1e-12}
    np.testing.assert_allclose(loss.value(POINTS), (errors**2).mean(axis=-1), **close)
    np.testing.assert_allclose(loss.gradient(POINTS), 2 * errors @ matrix / ROWS, **close)
    hessian = np.broadcast_to(2 * matrix.T @ matrix / ROWS, (5, 7, 7))
    np.testing.assert_allclose(loss.hessian(POINTS), hessian, **close)
    batch = 2 * errors[:, BATCH] @ matrix[BATCH] / len(BATCH)
    np.testing.assert_allclose(loss.batch_gradient_at(POINTS.T, BATCH).T, batch, **close)
    np.testing.assert_allclose(loss.minimum, np.linalg.lstsq(matrix, target)[0], **close)


def test_logistic_regression(columns: tuple[bool, np.ndarray, np.ndarray]) -> None:
    standardized, matrix, _ = columns
    loss = LogisticRegression.of(table("class"), standardized)
    t = POINTS @ matrix.T
    share, close = 1 / (1 + np.exp(-t)), {"rtol": 1e-11, "atol": 1e-12}
    value = (np.logaddexp(0, t) - CLASSES * t).mean(axis=-1)
    np.testing.assert_allclose(loss.value(POINTS), value, **close)
    np.testing.assert_allclose(loss.gradient(POINTS), (share - CLASSES) @ matrix / ROWS, **close)
    hessian = np.einsum("pn,ni,nj->pij", share * (1 - share), matrix, matrix) / ROWS
    np.testing.assert_allclose(loss.hessian(POINTS), hessian, **close)
    batch = (share - CLASSES)[:, BATCH] @ matrix[BATCH] / len(BATCH)
    np.testing.assert_allclose(loss.batch_gradient_at(POINTS.T, BATCH).T, batch, **close)
    np.testing.assert_allclose(loss.gradient(loss.minimum), 0, atol=1e-12)


@pytest.mark.parametrize("kind", [LeastSquares, LogisticRegression])
def test_runs_come_to_the_minimum(kind: type[Model]) -> None:
    loss = kind.of(table("y" if kind is LeastSquares else "class"), True)
    run = descend(loss, optimizer="adam", lr=0.05, steps=4000)
    assert run.points.shape == (4001, 7)
    assert run.verdict.kind == "converged"
    np.testing.assert_allclose(run.verdict.point, loss.minimum, rtol=1e-9, atol=1e-12)
    (minimum,) = critical_points(loss, starts=run.points[-1:])
    assert minimum.kind == "minimum"
    np.testing.assert_allclose(minimum.point, loss.minimum, rtol=1e-9, atol=1e-12)
    curvatures = np.linalg.eigvalsh(loss.hessian(loss.minimum))
    np.testing.assert_allclose(minimum.eigenvalues, curvatures, rtol=1e-6)


@pytest.mark.parametrize("kind", [LeastSquares, LogisticRegression])
def test_a_point_is_in_company_what_it_is_alone(kind: type[Model]) -> None:
    loss = kind(table("y" if kind is LeastSquares else "class"))
    for function in (loss.value, loss.gradient, loss.hessian):
        alone = [function(point) for point in POINTS]
        assert np.array_equal(function(POINTS), alone)


def test_the_domain_shows_the_minimum_and_the_origin() -> None:
    loss = LeastSquares.of(table("y"))
    assert loss.domain[:2] == (loss.xlim, loss.ylim)
    for (low, high), place in zip(loss.domain, loss.minimum or (), strict=True):
        assert low < place < high


def test_collinear_columns_have_a_line_of_minima() -> None:
    text = "a,b,y\n" + "\n".join(f"{n},{2 * n + 1},{3 * n + (-1) ** n}" for n in range(20))
    loss = LeastSquares.of(read_dataset(text.encode(), "rows.csv", "a + b", "y"))
    assert loss.minimum is not None
    np.testing.assert_allclose(loss.gradient(loss.minimum), 0, atol=1e-10)
    assert critical_points(loss, starts=np.zeros((1, 3))) == ()


def test_classes_that_a_plane_separates_have_no_minimum() -> None:
    text = "a,b,y\n" + "\n".join(
        f"{n},{(-1) ** n},{int(n + 3 * (-1) ** n > 9.5)}" for n in range(20)
    )
    data = read_dataset(text.encode(), "rows.csv", "a + b", "y")
    assert LogisticRegression.of(data).minimum is None


def test_what_authors_write() -> None:
    asked = []

    def read(name: str, x: str, y: str) -> Dataset:
        asked.append((name, x, y))
        return table(y, tuple(x.split(" + ")))

    loss = read_model("least-squares(table.csv, x=a + living area, y=y)", read)
    assert asked == [("table.csv", "a + living area", "y")]
    assert loss.parameters == ("intercept", "a", "living area")
    assert loss.description == (
        "the mean squared error of a linear model through 60 rows of table.csv "
        "(y against a + living area)"
    )
    options = {"loss": "least-squares(table.csv, x=a + b, y=y)"}
    experiment, _ = read_experiment(options, Book(read_data=read))
    assert experiment
    assert [panel.view.name for panel in experiment.panels] == ["loss"]
    options["view"] = "surface"
    _, (mistake,) = read_experiment(options, Book(read_data=read))
    assert "surface does not show a loss of the parameters intercept, a and b" in str(mistake)


def test_python_reads_models_as_the_directive_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "table.csv").write_text(TABLE)
    loss = LeastSquares.of(table("y", ("a", "b")), True)
    written = "least-squares({}, x=a + b, y=y, standardize=yes)"
    absolute = written.format(tmp_path / "table.csv")
    assert find_loss(absolute).content == loss.content
    with pytest.raises(GdvizError, match="there is no file"):
        find_loss(written.format("table.csv"))
    monkeypatch.chdir(tmp_path)
    text = written.format("table.csv")
    assert find_loss(text) == loss
    run = descend(text, start=(0.0, 0.0, 0.0), batch=5, steps=3)
    same = descend(loss, start=(0.0, 0.0, 0.0), batch=5, steps=3)
    np.testing.assert_array_equal(run.points, same.points)
    (minimum,) = critical_points(text, starts=run.points)
    assert minimum.point == pytest.approx(loss.minimum)
    with pytest.raises(GdvizError, match="“ridge” is not a model"):
        descend("ridge(table.csv, x=a, y=y)")


@pytest.mark.parametrize(
    ("x", "y", "said"),
    [
        ("a + a", "y", "x has a column twice"),
        ("a + y", "y", "x and y are the same column, “y”"),
        ("a + z", "y", "has no column “z”"),
    ],
)
def test_columns_that_are_refused(x: str, y: str, said: str) -> None:
    with pytest.raises(GdvizError, match=said):
        read_dataset(TABLE.encode(), "table.csv", x, y)

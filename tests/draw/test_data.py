"""The panel of data: rows where they are, and the model through them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sphinx_gdviz import Experiment
from sphinx_gdviz.core.export.page_data import obstacle
from sphinx_gdviz.core.export.python_program import write_program
from sphinx_gdviz.draw.drawing import Marker, Polyline
from sphinx_gdviz.draw.views import data

from .drawing import Part, laid_out, number

BOOK = Path(__file__).parents[2] / "book"
CARS = f"least-squares({BOOK / 'foundations' / 'cars.csv'}, x=speed, y=dist)"
ORING = f"logistic-regression({BOOK / 'guide' / 'oring.csv'}, x=temperature, y=failure)"


@pytest.fixture
def two(tmp_path: Path) -> str:
    """A logistic regression on two inputs."""
    random = np.random.RandomState(0)
    inputs = random.normal(size=(60, 2))
    labels = inputs @ [1.0, 2.0] + random.normal(size=60) > 0.3
    rows = [f"{a},{b},{int(c)}" for (a, b), c in zip(inputs.tolist(), labels, strict=True)]
    (tmp_path / "two.csv").write_text("\n".join(["a,b,c", *rows]), "utf-8")
    return f"logistic-regression({tmp_path / 'two.csv'}, x=a + b, y=c)"


def values(shown: Part, places: np.ndarray) -> np.ndarray:
    """Values at places of the page, by the numbers along the axes of a plot."""
    box, columns = shown.box, []
    shares = (places - [box.left, box.bottom]) / [box.width, -box.height]
    for axis, numbers in enumerate((shown.below(), shown.beside())):
        labels, at = zip(*numbers, strict=True)
        line = np.polynomial.Polynomial.fit(at, list(map(number, labels)), 1)
        columns.append(line(shares[:, axis]))
    return np.column_stack(columns)


def named(shown: Part, kind: type, name: str) -> list:
    return [mark for mark in shown.marks if isinstance(mark, kind) and mark.name == name]


def test_rows_and_the_line_are_where_they_belong() -> None:
    figure = Experiment(CARS, start="0, 0", lr=0.001, view="data")
    (shown,) = laid_out(figure.settings).panels
    (rows,) = named(shown, Marker, data.ROWS)
    columns = figure.settings.loss.columns
    np.testing.assert_allclose(values(shown, rows.places), columns.T, atol=1e-6)
    (line,) = named(shown, Polyline, data.LAST)
    intercept, slope = figure.runs[0].trajectory.points[-1]
    x, y = values(shown, np.concatenate(line.lines)).T
    np.testing.assert_allclose(y, intercept + slope * x, atol=1e-6)
    assert len(named(shown, Polyline, data.FIRST)) == 1
    assert len(named(shown, Polyline, data.BETWEEN)) == data.MOST_BETWEEN


def test_the_curve_of_a_logistic_model() -> None:
    figure = Experiment(ORING, start="10, -0.15", lr=0.0001, view="data", steps=3)
    (shown,) = laid_out(figure.settings).panels
    (line,) = named(shown, Polyline, data.LAST)
    intercept, slope = figure.runs[0].trajectory.points[-1]
    x, y = values(shown, np.concatenate(line.lines)).T
    np.testing.assert_allclose(y, 1 / (1 + np.exp(-(intercept + slope * x))), atol=1e-6)


def test_the_line_between_two_classes(two: str) -> None:
    figure = Experiment(two, start="1, 0, 0", lr=0.5, view="data", steps=100)
    (shown,) = laid_out(figure.settings).panels
    (line,) = named(shown, Polyline, data.LAST)
    intercept, across, up = figure.runs[0].trajectory.points[-1]
    x, y = values(shown, np.concatenate(line.lines)).T
    np.testing.assert_allclose(intercept + across * x + up * y, 0, atol=1e-6)
    counts = [len(named(shown, Marker, name)[0].places) for name in (data.ZEROS, data.ONES)]
    labels = figure.settings.loss.data.columns[-1]
    assert counts == [int((labels == value).sum()) for value in (0, 1)]


def test_runs_that_share_a_panel_have_their_ends_only() -> None:
    figure = Experiment(CARS, start="0, 0", lr="0.0001, 0.001", view="data", overlay=True)
    (shown,) = laid_out(figure.settings).panels
    assert not named(shown, Polyline, data.FIRST)
    colors = {m.color for m in shown.marks if isinstance(m, Polyline) and m.layer == 9.0}
    assert len(colors) == 2


def test_programs_take_several_columns(two: str) -> None:
    for batch in (None, 7):
        figure = Experiment(two, start="1, 0, 0", lr=0.5, view="outcomes", steps=20, batch=batch)
        names: dict[str, np.ndarray] = {}
        exec(write_program(figure.settings), names)
        expected = figure.runs[0].trajectory.points
        np.testing.assert_allclose(names["path"], expected, rtol=1e-9)


def test_what_has_no_such_panel(two: str) -> None:
    with pytest.raises(ValueError, match="view: data does not show a loss of the parameters x"):
        Experiment(view="data")
    linear = two.replace("logistic-regression", "least-squares")
    with pytest.raises(ValueError, match="view: data is shown of least squares with one input"):
        Experiment(linear, view="data")
    assert obstacle(Experiment(CARS, view="data").settings) == "it has the view data"

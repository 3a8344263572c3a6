"""Sketches of losses: what is drawn of many rows of data, in the time that few of them take."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sphinx_gdviz.core.budget import MAX_DRAWN_ROWS
from sphinx_gdviz.core.experiment import Experiment
from sphinx_gdviz.core.losses import logistic
from sphinx_gdviz.core.losses.base import Array
from sphinx_gdviz.core.losses.dataset import Dataset
from sphinx_gdviz.core.losses.logistic import LogisticRegression
from sphinx_gdviz.core.result import run
from sphinx_gdviz.draw.figure import draw

ROWS = 5000


def loss_of(x: Array) -> LogisticRegression:
    """A logistic regression on a column and labels that go with it."""
    chances = 1 / (1 + np.exp(-(x - np.median(x)) / np.std(x)))
    y = np.random.RandomState(1).uniform(size=len(x)) < chances
    return LogisticRegression(Dataset("rows.csv", "u", "v", np.array([x, y], "<f8").tobytes()))


def normal(count: int) -> Array:
    return np.random.RandomState(0).normal(3.0, 2.0, count)


@pytest.mark.parametrize(
    "x",
    [normal(ROWS), np.append(normal(ROWS), 400.0), np.exp(normal(ROWS))],
    ids=["even", "outlier", "skewed"],
)
def test_it_looks_like_the_loss(x: Array) -> None:
    """To a small part of a band of its colors, also where a row lies far out."""
    loss = loss_of(x)
    grid = np.stack(np.meshgrid(*(np.linspace(*side, 31) for side in loss.domain)), axis=-1)
    values, drawn = loss.value(grid), loss.sketch.value(grid)
    assert loss.sketch.cost <= MAX_DRAWN_ROWS
    assert np.abs(drawn - values).max() < 2e-3 * np.ptp(values)


def test_of_few_rows_it_is_the_loss_itself() -> None:
    loss = loss_of(normal(MAX_DRAWN_ROWS))
    assert loss.sketch is loss


def test_a_figure_of_many_rows_takes_no_longer_than_one_of_few(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Numbers are worked out of all rows; what is drawn, and looked for, of few."""
    worked = []

    def counted(self: Any, function: Any, factors: Any, theta: Array, inner: Any) -> Array:
        worked.append(theta[0].size * len(self.counts))
        found: Array = inner(self, function, factors, theta)
        return found

    inner = logistic._Rows._means
    monkeypatch.setattr(logistic._Rows, "_means", lambda *given: counted(*given, inner))
    loss = loss_of(normal(ROWS))
    views = ("surface", "contour")
    result = run(Experiment(loss=loss, views=views, marks=("minima",), steps=20))
    draw(result, ["svg"])
    assert sum(worked) < 700_000 * MAX_DRAWN_ROWS
    (minimum,) = result.critical_points
    np.testing.assert_allclose(loss.gradient(minimum.point), 0.0, atol=1e-12)
    assert minimum.loss == loss.value(np.array([minimum.point]))[0]

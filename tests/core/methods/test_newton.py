"""Newton's method: against NumPy's solver, closed forms, and what a book prints."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sphinx_gdviz.core.descent.run import descend
from sphinx_gdviz.core.export.page_data import obstacle
from sphinx_gdviz.core.export.python_program import write_program
from sphinx_gdviz.core.expr.linear import newton_step
from sphinx_gdviz.core.losses.base import FormulaLoss
from sphinx_gdviz.core.options.read import read_experiment

LOSSES = ["cosh(w/2)", "rosenbrock", "himmelblau", "x**4 + y**2 + 3*z**2 + x*z + y*z*x"]


@pytest.mark.parametrize("text", LOSSES)
@pytest.mark.parametrize("damping", [0.0, 0.7])
@pytest.mark.parametrize("lr", [1.0, 0.3])
def test_steps_are_those_of_a_linear_solver(text: str, damping: float, lr: float) -> None:
    run = descend(text, optimizer=f"newton(damping={damping})", lr=lr, steps=12)
    loss = run.loss
    for before, after in zip(run.points[:-1], run.points[1:], strict=True):
        matrix = loss.hessian(before) + damping * np.eye(loss.dimension)
        expected = before - lr * np.linalg.solve(matrix, loss.gradient(before))
        np.testing.assert_allclose(after, expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("dimension", [1, 2, 3, 6])
def test_a_quadratic_takes_one_step(dimension: int) -> None:
    random = np.random.default_rng(dimension)
    matrix, right = random.normal(size=(dimension, dimension)), random.normal(size=dimension)
    step = newton_step((matrix + matrix.T)[..., None], right[:, None], 0.0)[:, 0]
    np.testing.assert_allclose((matrix + matrix.T) @ step, right, rtol=1e-9, atol=1e-9)


def test_a_saddle_attracts_it() -> None:
    run = descend("x**2 - y**2 + x*y", optimizer="newton", lr=1.0, steps=3)
    np.testing.assert_allclose(run.points[1:], 0, atol=1e-15)
    assert (run.verdict.kind, run.verdict.place) == ("stuck", "saddle")


def test_a_pivot_of_zero_is_no_matter() -> None:
    np.testing.assert_allclose(descend("x*y", optimizer="newton", lr=1.0, steps=1).points[1], 0)


def test_a_run_is_the_same_in_a_batch() -> None:
    starts = np.random.default_rng(0).normal(size=(7, 3))
    loss = FormulaLoss(LOSSES[-1])
    batch = descend(loss, optimizer="newton(damping=2)", lr=0.5, start=starts, steps=9)
    for index, start in enumerate(starts):
        alone = descend(loss, optimizer="newton(damping=2)", lr=0.5, start=start, steps=9)
        np.testing.assert_array_equal(alone.points, batch.points[:, index])


def test_where_there_is_no_curvature_it_has_no_step() -> None:
    assert descend("x + y", optimizer="newton", lr=1.0, steps=2).verdict.kind == "diverged"


def test_dive_into_deep_learning() -> None:
    """Its section 12.3: cosh(x/2), and x cos(0.15πx) at full rate and at half of it."""
    assert abs(
        descend("cosh(x/2)", optimizer="newton", lr=1.0, start=10.0, steps=10).points[-1]
    ) < (1e-6)
    wave = descend("x*cos(0.15*pi*x)", optimizer="newton", lr=1.0, start=10.0, steps=10)
    assert wave.points[-1, 0] == pytest.approx(26.834134, abs=1e-5)
    damped = descend("x*cos(0.15*pi*x)", optimizer="newton", lr=0.5, start=10.0, steps=10)
    assert damped.points[-1, 0] == pytest.approx(7.269860, abs=1e-5)


@pytest.mark.parametrize("text", LOSSES[:3])
@pytest.mark.parametrize("call", ["newton", "newton(damping=0.7)"])
def test_the_program(text: str, call: str) -> None:
    options = {"loss": text, "optimizer": call, "lr": "1", "steps": "6", "view": "loss"}
    experiment, mistakes = read_experiment(options)
    assert not mistakes
    assert experiment
    program, names = write_program(experiment), {}  # type: ignore[var-annotated]
    exec(program.replace("import matplotlib.pyplot as plt\n", "").split("\nfig = ")[0], names)
    run = descend(experiment.loss, optimizer=call, lr=1.0, start=experiment.start[0], steps=6)
    np.testing.assert_allclose(names["path"], run.points, rtol=1e-8, atol=1e-9)
    assert obstacle(experiment) == "its rule takes the Hessian"


def test_a_rule_of_an_author_may_take_the_hessian() -> None:
    def diagonal(theta: Any, g: Any, lr: Any, memory: Any, t: int, *, hessian: Any) -> Any:
        return theta - lr * g / np.array([hessian[0, 0], hessian[1, 1]]), memory

    run = descend("x**2 + 5*y**2", optimizer=diagonal, lr=1.0, steps=1)
    np.testing.assert_allclose(run.points[1], 0, atol=1e-15)

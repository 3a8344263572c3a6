"""Models of a loss at a point, against derivatives by differences and Newton's method."""

from __future__ import annotations

import numpy as np
import pytest

from sphinx_gdviz.core.experiment import Experiment
from sphinx_gdviz.core.local_model import LocalModel
from sphinx_gdviz.core.losses.named import find_loss
from sphinx_gdviz.core.options.annotations import read_models
from sphinx_gdviz.core.places import ModelAt, Place
from sphinx_gdviz.core.report.describe import describe
from sphinx_gdviz.core.report.quantities import evaluate
from sphinx_gdviz.core.report.query import read_query
from sphinx_gdviz.core.result import run
from sphinx_gdviz.messages import GdvizError

LOSS = find_loss("x**2 + y**2 + 2*sin(1.5*(x + y)) + 2")
POINT = (0.5, -0.9)


@pytest.mark.parametrize(("kind", "order"), [("tangent", 2), ("quadratic", 3)])
def test_the_error_of_a_model_is_of_the_next_order(kind: str, order: int) -> None:
    model = LocalModel.at(read_models(f"{kind} at start")[0].kind, LOSS, POINT)
    errors = []
    for size in (1e-2, 1e-3):
        near = np.array(POINT) + size * np.array([0.8, 0.6])
        errors.append(abs(float(model.value(near) - LOSS.value(near))))
    assert np.log10(errors[0] / errors[1]) == pytest.approx(order, abs=0.1)
    assert float(model.value(POINT)) == model.loss == float(LOSS.value(POINT))


def test_a_quadratic_loss_is_its_own_model() -> None:
    loss = find_loss("(x - 1)**2 + 3*(y + 0.5)**2 + x*y")
    model = LocalModel.at("quadratic", loss, (-1.0, 1.5))
    points = np.random.default_rng(0).normal(size=(20, 2))
    np.testing.assert_allclose(model.value(points), loss.value(points))
    assert model.minimum
    np.testing.assert_allclose(loss.gradient(model.minimum), 0, atol=1e-12)


def test_no_minimum_where_it_does_not_bend_up() -> None:
    assert LocalModel.at("quadratic", find_loss("x**2 - y**2"), (1.0, 1.0)).minimum is None
    assert LocalModel.at("tangent", LOSS, POINT).minimum is None


def test_a_chord_meets_the_loss_at_its_ends() -> None:
    loss = find_loss("x*cos(pi*x)")
    chord = LocalModel.chord(loss, -1.5, 1.0)
    np.testing.assert_allclose(
        chord.value([[-1.5], [1.0]]), loss.value([[-1.5], [1.0]]), atol=1e-12
    )


def test_models_are_read() -> None:
    assert read_models("tangent at step 0..3; chord 2, 1") == (
        ModelAt("tangent", Place("step", 0, 3)),
        ModelAt("chord", ends=(1.0, 2.0)),
    )
    assert read_models("quadratic at -0.5, 1")[0].place == Place("point", point=(-0.5, 1.0))
    for wrong in ("quadratic", "tangent start", "chord 1", "chord 1, 1", "cubic at start"):
        with pytest.raises(GdvizError):
            read_models(wrong)


def test_models_are_those_of_the_run() -> None:
    shown = run(Experiment(LOSS, steps=5, models=read_models("tangent at step 0..3")))
    path = shown.runs[0].trajectory
    assert len(shown.models) == 4
    np.testing.assert_array_equal([m.point for m in shown.models], path.points[:4])
    np.testing.assert_allclose([m.gradient for m in shown.models], path.gradients[:4])
    np.testing.assert_allclose([m.loss for m in shown.models], path.losses[:4])


def test_the_minimum_is_a_quantity_and_described() -> None:
    shown = run(Experiment(LOSS, models=read_models("quadratic at 0.5, -0.9"), steps=0))
    found = evaluate(shown, read_query("model-minimum"))
    newton = np.array(POINT) - np.linalg.solve(LOSS.hessian(POINT), LOSS.gradient(POINT))
    assert isinstance(found, tuple)
    np.testing.assert_allclose(found, newton)
    assert "; models: quadratic model at (0.5, −0.9), lowest at (" in describe(shown).panels[0]
    with pytest.raises(GdvizError, match="the figure has 1 quadratic model"):
        evaluate(shown, read_query("model-minimum nth=2"))

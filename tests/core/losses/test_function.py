"""Functions of Python that become losses."""

from __future__ import annotations

import math
import pickle
from typing import Any

import numpy as np
import pytest

from sphinx_gdviz import Experiment
from sphinx_gdviz.core.descent.run import descend
from sphinx_gdviz.core.losses.base import FormulaLoss
from sphinx_gdviz.core.losses.function import FunctionLoss, as_loss
from sphinx_gdviz.messages import GdvizError


def wells(x: Any, y: Any) -> Any:
    total = 0
    for power in (1, 2, 3):
        total = total + np.sin(power * x) / power
    return total + np.square(y - 1) + 0.1 * abs(x) ** 3 + np.exp(-(x**2)) - 2**0.5 + (+y) * 2**-1


FORMULA = (
    "sin(x) + sin(2*x)/2 + sin(3*x)/3 + (y-1)**2 + 0.1*abs(x)**3 + exp(-x**2) - 2**0.5 + y*0.5"
)


def test_a_function_is_the_formula_that_it_writes() -> None:
    traced, written = FunctionLoss.of("wells", wells), FormulaLoss(FORMULA)
    points = np.random.default_rng(0).uniform(-2, 2, (50, 2))
    np.testing.assert_allclose(traced.value(points), wells(*points.T), rtol=1e-13)
    np.testing.assert_allclose(traced.value(points), written.value(points), rtol=1e-13)
    np.testing.assert_allclose(traced.gradient(points), written.gradient(points), rtol=1e-12)
    np.testing.assert_allclose(traced.hessian(points), written.hessian(points), rtol=1e-11)
    np.testing.assert_allclose(
        descend(traced, lr=0.05).points, descend(written, lr=0.05).points, rtol=1e-12
    )


@pytest.mark.parametrize(
    "name", ["sin", "arctan", "arcsin", "arccos", "tanh", "exp", "log", "sqrt"]
)
def test_numpy_functions(name: str) -> None:
    function = getattr(np, name)
    loss = FunctionLoss.of(name, lambda x, y: function(0.3 + 0.2 * x * y))
    assert loss.value((0.5, 1.0)) == pytest.approx(function(0.4), rel=1e-15)


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (lambda x, y: x if x > 0 else y, "asks what [xy]"),
        (lambda x, y: max(x, y), "asks what [xy]"),
        (lambda x, y: math.sin(x), "write functions of NumPy, as np.sin"),
        (lambda x, y: x * (y == 0.3), "asks what [xy]"),
        (lambda x, y: x if x != 0.3 else y, "asks what [xy]"),
        (lambda x, y: x * 10**400, "neither a finite number"),
        (lambda x, y: np.sum(x), "fails|np.(add.reduce|sum) is not known"),
        (lambda x, y: exit(), "the function fails"),
        (lambda x, y: np.arctan2(x, y), "np.arctan2 is not known here"),
        (lambda x, y: np.add.reduce([x, y]) + np.hypot(x, y), "np.hypot is not known"),
        (lambda x, y: x**y, "an exponent is a number"),
        (lambda x, y: x**100, "an exponent is a number from -64"),
        (lambda x, y: (x**50) ** 2, "degree 64"),
        (lambda x, y: 2**x, "an exponent is a number"),
        (lambda x, y: "x", "neither a finite number"),
        (lambda x, y: None, "fail|neither"),
        (lambda x, y: float("nan"), "neither a finite number"),
        (lambda x, y, z: x, "the function fails"),
        (lambda x, y: 1 / 0, "ZeroDivisionError"),
    ],
)
def test_what_cannot_be_traced_is_explained(function: Any, said: str) -> None:
    with pytest.raises(GdvizError, match=said):
        FunctionLoss.of("mine", function)


def test_functions_with_joints_are_those_of_numpy() -> None:
    def joints(x: Any, y: Any) -> Any:
        return np.maximum(x, y**2) + np.where(x >= y, np.minimum(x, 1), np.sign(y) * x)

    points = np.random.default_rng(4).uniform(-2, 2, (50, 2))
    loss = FunctionLoss.of("joints", joints)
    np.testing.assert_array_equal(loss.value(points), joints(*points.T))
    written = FormulaLoss("max(x, y**2) + where(x >= y, min(x, 1), sign(y)*x)")
    np.testing.assert_array_equal(loss.gradient(points), written.gradient(points))


def test_a_function_of_one_argument_is_a_loss_of_one_parameter() -> None:
    assert FunctionLoss.of("square", lambda w: w**2).parameters == ("w",)
    assert FunctionLoss.of("square", lambda weight: weight**2).parameters == ("x",)
    assert FunctionLoss.of("square", lambda x, y=2.0: x**2 + 0 * y).parameters == ("x",)
    assert FunctionLoss.of("sine", np.sin).parameters == ("x",)


def test_functions_of_any_number_of_arguments() -> None:
    loss = FunctionLoss.of(
        "plane", lambda w, b, c: w * b + np.sin(c) ** 2, parameters=("w", "b", "theta1")
    )
    written = FormulaLoss("w*b + sin(theta1)**2")
    point = (0.3, -1.2, 0.7)
    np.testing.assert_array_equal(loss.hessian(point), written.hessian(point))
    assert loss.tex == r"\mathrm{plane}(w, b, \theta_1)"


def test_a_figure_takes_another_letter_beside_x_or_y_for_a_slip() -> None:
    with pytest.raises(ValueError, match="“z” is unknown; the variables are x and y"):
        Experiment(loss="x**2 + z")


def test_a_figure_of_other_letters_has_their_names() -> None:
    given = Experiment(loss="w**2 + theta0**2")
    assert given.settings.loss.parameters == ("w", "theta0")
    assert "contours of w^2 + θ₀^2 with" in given.alt


def test_a_formula_in_x_descends_in_one_dimension() -> None:
    run = descend("x**2", start=10, lr=0.2)
    assert run.points.shape == (51, 1)
    np.testing.assert_allclose(run.points[:3, 0], [10.0, 6.0, 3.6], rtol=1e-15)
    assert descend("x**2", start=(10, 1), lr=0.2).points.shape == (51, 2)
    assert descend("y**2").points.shape == (51, 1)
    assert descend(FormulaLoss("x**2")).points.shape == (51, 1)
    assert descend("3").points.shape == (51, 2)


def test_an_endless_function_is_refused() -> None:
    def endless(x: Any, y: Any) -> Any:
        while True:
            x = np.sin(x)

    with pytest.raises(GdvizError, match="more than 20000 operations"):
        FunctionLoss.of("endless", endless)


def test_constants_are_losses_too() -> None:
    assert FunctionLoss.of("flat", lambda x, y: 3).value((1.0, 2.0)) == 3.0


def test_a_loss_may_be_a_formula_a_function_or_a_loss() -> None:
    loss = FormulaLoss("x**2")
    assert as_loss("one", loss) == loss
    assert as_loss("two", "x**2") == loss
    assert as_loss("three", lambda x, y: x * x).value((3.0, 0.0)) == 9.0
    for wrong in (3, None, ["x"]):
        with pytest.raises(ValueError, match="write a formula, a function"):
            as_loss("wrong", wrong)
    with pytest.raises(GdvizError):
        as_loss("wrong", FormulaLoss("import os"))


def test_content_tells_functions_apart() -> None:
    one, other = (FunctionLoss.of("mine", lambda x, y, a=a: x**2 + a * y) for a in (1.0, 2.0))
    assert one.content != other.content
    assert FunctionLoss.of("mine", lambda x, y: x**2 + 1.0 * y).content == one.content


def test_it_is_pickled_to_the_same_bytes_before_and_after_use() -> None:
    loss = FunctionLoss.of("wells", wells)
    before = pickle.dumps(loss)
    loss.gradient((1.0, 2.0))
    assert pickle.dumps(loss) == before
    again = pickle.loads(before)
    assert again == loss
    np.testing.assert_array_equal(again.hessian((1.0, 2.0)), loss.hessian((1.0, 2.0)))

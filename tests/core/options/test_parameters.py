"""The names of parameters: which a formula has, in which order, and what refuses them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sphinx_gdviz import Experiment, FormulaLoss, GdvizError, find_loss
from sphinx_gdviz.core.options.read import Book, read_experiment

LINE = "(w + b - 1)**2 + (2*w + b - 3)**2"


def test_the_order_is_that_of_the_option() -> None:
    usual, given = Experiment(LINE), Experiment(LINE, parameters="b, w")
    assert usual.settings.loss.parameters == ("w", "b")
    assert given.settings.loss.parameters == ("b", "w")
    point = (0.3, -1.2)
    assert given.settings.loss.value(point) == usual.settings.loss.value(point[::-1])
    assert given.settings.key != usual.settings.key


def test_what_is_said_that_is_usual_changes_nothing() -> None:
    for loss, names in ((LINE, "w, b"), ("y + x**2", "x, y"), ("x**2", ("x",))):
        assert Experiment(loss, parameters=names).settings == Experiment(loss).settings
        assert Experiment(loss, parameters=names).settings.key == Experiment(loss).settings.key


@pytest.mark.parametrize(
    ("loss", "parameters", "symbols"),
    [
        ("x**2 + 3*y", "x, y", ("theta1", "theta2")),
        ("x**2 + 3*y", "y, x", ("y", "x")),
        ("x**2*theta", "theta, x", ("theta", "x")),
        ("weight**2 + bias", "weight, bias", ("weight", "bias")),
        ("w**2", "w, b", ("w", "b")),  # a trough
        ("3", "w, b", ("w", "b")),
    ],
)
def test_names_in_print(loss: str, parameters: str, symbols: tuple[str, ...]) -> None:
    assert Experiment(loss, parameters=parameters).settings.loss.symbols == symbols


def test_a_function_has_the_names_that_are_given() -> None:
    def product(slope: Any, level: Any) -> Any:
        return slope * level

    named = Experiment(product, parameters=["w", "b"]).settings
    assert named.loss.tex == r"\mathrm{product}(w, b)"
    assert named.key != Experiment(product).settings.key


def test_python_names_them_too() -> None:
    assert find_loss(LINE, parameters=("b", "w")) == FormulaLoss(LINE, parameters=("b", "w"))
    assert find_loss("a + b*c", parameters=("c", "b", "a")).value((2.0, 3.0, 5.0)) == 11.0
    with pytest.raises(GdvizError, match="the formula has no d"):
        find_loss("a + b*c", parameters=("a", "b", "c", "d"))


@pytest.mark.parametrize(
    ("loss", "parameters", "said"),
    [
        (LINE, "w, c", "parameters: the formula has b, and “w, c” does not; write all that it has"),
        ("bias*w", "w, bais", "parameters: the formula has bias, and “w, bais” does not; did you"),
        ("a*b*c", "a", "parameters: the formula has b and c, and “a” does not"),
        (LINE, "w, b, c", "parameters: the formula has no c; leave that out"),
        ("3", "w", "parameters: the formula has no w; leave that out"),
        (LINE, "w, w", "parameters: “w, w” has a name twice; write each once"),
        (LINE, "w, sin", "parameters: “sin” has a meaning already; write another name"),
        (LINE, "e, lr", "parameters: “e” has a meaning already"),
        (LINE, "lambda, w", "parameters: “lambda” is a word of Python; write lamda"),
        (LINE, "w; b", "parameters: “w; b” is not a name; write letters, as in w, b or theta1"),
        (LINE, "w,, b", "parameters: “w,, b” has an empty part; write the names of the formula's"),
        ("bowl", "w, b", "parameters: “bowl” has parameters of its own; leave the names out"),
        (None, "w, b", "parameters: “bowl” has parameters of its own; leave the names out"),
        (
            "least-squares(cars.csv, x=speed, y=dist)",
            "w, b",
            "parameters: “least-squares(cars.csv, x=speed, y=dist)” has parameters of its own",
        ),
        (FormulaLoss(LINE), "b, w", "parameters: “(w + b − 1)^2 + (2 w + b − 3)^2” has parameters"),
        ("rosenbrok", "w, b", "loss: “rosenbrok” is neither a formula in w and b nor the name of"),
        ("w*sinn(b)", "w, b", "loss: “sinn” is not a known function; did you mean “sin”"),
        (
            "weight + x",
            None,
            "loss: “weight” is unknown; the variable is x, the constants pi and e",
        ),
    ],
)
def test_mistakes(loss: Any, parameters: Any, said: str) -> None:
    options = {"loss": loss, "parameters": parameters}
    written = {name: value for name, value in options.items() if value is not None}
    experiment, (mistake,) = read_experiment(written)
    assert experiment is None
    assert mistake.full.startswith(said)


def test_who_takes_a_name_for_a_function_of_formulas_learns_of_the_option() -> None:
    for formula in ("weight**2 + bias", "x**2 + theta"):
        _, (mistake,) = read_experiment({"loss": formula})
        names = formula.replace("**2 +", ",").replace(" ,", ",")
        assert str(mistake).endswith(f"; or name the parameters: {names}")


def test_a_named_loss_of_the_book_keeps_its_names() -> None:
    book = Book(losses={"line": FormulaLoss(LINE)})
    experiment, _ = read_experiment({"loss": "line"}, book)
    assert experiment
    assert experiment.loss.symbols == ("w", "b")
    _, (mistake,) = read_experiment({"loss": "line", "parameters": "b, w"}, book)
    assert mistake.is_unused  # a default of the book may be for the others


def test_a_sweep_changes_parameters_by_their_names() -> None:
    given = Experiment(LINE, view="outcomes", sweep="b -1 to 1; w 0 to 1", steps=5).settings
    assert [axis.name for axis in given.axes(given.panels[0].view)] == ["b", "w"]
    assert Experiment(LINE, view="outcomes", ylim="-3, 3").settings.up.name == "b"
    with pytest.raises(ValueError, match="sweep: gd has no “x” to change; there is lr, w, b"):
        Experiment(LINE, view="outcomes", sweep="x -1 to 1")
    named = Experiment(LINE, view="bifurcation", sweep="b -1 to 1", steps=5).result.maps[0]
    plain = LINE.replace("w", "x").replace("b", "y")
    swept = Experiment(plain, view="bifurcation", sweep="y -1 to 1", steps=5).result.maps[0]
    assert named
    assert swept
    np.testing.assert_array_equal(named.array, swept.array)

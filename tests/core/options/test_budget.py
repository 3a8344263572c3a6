"""The budget: what would take minutes or all memory is refused, with its limit."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from sphinx_gdviz.core.budget import CALL, MAX_ITERATES, MAX_TITLE
from sphinx_gdviz.core.losses.base import FormulaLoss
from sphinx_gdviz.core.losses.dataset import Dataset
from sphinx_gdviz.core.options.read import Book, read_experiment

RATES = ", ".join(f"{rate:.3f}" for rate in np.linspace(0.01, 0.03, 20))
SINES = " + ".join(f"sin({factor}*x*y)" for factor in range(1, 70))


def columns(name: str, x: str, y: str) -> Dataset:
    """The three thousand rows of a file."""
    values = np.linspace(0.0, 1.0, 3000)
    numbers = np.array([values, (values * 997 % 1).round()], "<f8")
    return Dataset(name, x, y, numbers.tobytes())


def mistakes(**options: str) -> list[tuple[str | None, str]]:
    """The mistakes in the options of a figure."""
    _, found = read_experiment(options, Book(read_data=columns))
    return [(mistake.option, str(mistake)) for mistake in found]


@pytest.mark.parametrize(
    "options",
    [
        {"view": "outcomes", "steps": "4000"},
        {"view": "basins", "steps": "4000"},
        {"view": "bifurcation", "steps": "40000"},
        {"view": "basins, outcomes", "steps": "500", "optimizer": "adam; nadam"},
        {"loss": SINES, "steps": "100000"},
        {"optimizer": "adam; adamw; nadam", "steps": "100000"},
        {"loss": "least-squares(a.csv, x=p, y=q)", "batch": "1000", "steps": "100000"},
        {"loss": "logistic-regression(a.csv, x=p, y=q)", "view": "contour", "steps": "100000"},
    ],
)
def test_steps_that_take_too_long_are_refused_with_their_limit(options: dict[str, Any]) -> None:
    ((option, said),) = mistakes(**options)
    most = re.fullmatch(rf"{options['steps']} are too many here; write (\d+) at most", said)
    assert (option, bool(most)) == ("steps", True), said
    assert most
    assert not mistakes(**{**options, "steps": most[1]})
    assert mistakes(**{**options, "steps": str(int(most[1]) + 1)})


def test_many_rates_have_fewer_steps() -> None:
    asked = {"lr": RATES, "overlay": "", "steps": "100000"}
    assert mistakes(**asked) == [
        ("steps", f"2000000 steps in all runs; {MAX_ITERATES} is the most")
    ]
    assert not mistakes(**{**asked, "steps": "25000"})


def test_of_runs_that_are_listed_each_counts_its_own_steps() -> None:
    """Runs that differ in more than their rates are run one by one."""
    short = " | ".join(f"lr=0.{number} steps=9 optimizer=adam" for number in range(1, 9))
    assert not mistakes(runs=f"{short} | lr=0.1 steps=100000", view="loss")
    turns = " | ".join(
        f"lr=0.{n} steps=40000 optimizer={('gd', 'adam')[n % 2]}" for n in range(1, 9)
    )
    ((option, said),) = mistakes(runs=turns, view="loss")
    assert option == "steps"
    assert said.startswith("40000 are too many here")


def test_rows_that_no_step_is_left_for() -> None:
    ((option, said),) = mistakes(
        loss="logistic-regression(a.csv, x=p, y=q)", view="basins, outcomes", steps="2"
    )
    assert option == "view"
    assert said.startswith("3000 rows of data are too many for these views")


@pytest.mark.parametrize(
    ("title", "length"),
    [("$" * 100_001, 100_001), ("{lr} " * 60, 60 * 5 - 1), ("x; {optimizer}" + "y" * 190, 206)],
)
def test_a_title_that_is_too_long(title: str, length: int) -> None:
    views = "contour, loss" if ";" in title else "contour"
    ((option, said),) = mistakes(titles=title, view=views, lr="0.25")
    assert option == "titles"
    assert said.endswith(f"has {length} characters; a title has {MAX_TITLE} at most")
    assert not mistakes(titles="x" * MAX_TITLE, view="contour")


def test_operations_grow_with_points_and_functions() -> None:
    """A call costs something, each point costs little, and a sine more than a product."""
    product, sine = FormulaLoss("x*y"), FormulaLoss("sin(x)*sin(y)")
    assert product.operations(1) > CALL
    assert product.operations(10_000) < 10_000 * product.operations(1)
    assert sine.operations(10**6) > 3 * product.operations(10**6)

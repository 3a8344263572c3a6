"""What is read instead of looked at."""

from __future__ import annotations

import pytest

from sphinx_gdviz.core.descent.maps import Axis
from sphinx_gdviz.core.experiment import Experiment
from sphinx_gdviz.core.losses.base import FormulaLoss
from sphinx_gdviz.core.losses.named import find_loss
from sphinx_gdviz.core.report import describe as words
from sphinx_gdviz.core.result import run

NAMED = FormulaLoss("w**2 + b**2", parameters=("b", "w"))


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (0, "0"),
        (-0.0751421, "−0.075"),
        (1.302564, "1.303"),
        (1.3e-11, "1.3 × 10⁻¹¹"),
        (7e5, "7 × 10⁵"),
    ],
)
def test_number(value: float, read: str) -> None:
    assert words.number(value) == read


@pytest.mark.parametrize(
    ("experiment", "said"),
    [
        (Experiment(), "at learning rate 0.1 it converged at step 26 to loss −0.075 at"),
        (Experiment(lr=(1.05,)), "it diverged at step 16."),
        (Experiment(start=((1.5, 0.0),)), "it was stuck at a saddle from step 26, at loss 0.189."),
        (Experiment(loss=find_loss("log(x) + y**2")), "it left the domain of the loss at step"),
        (
            Experiment(loss=find_loss("y**2 - x"), clip=(-2, 2)),
            "it was stuck at the edge of its box from step",
        ),
        (Experiment(lr=(0.01,)), "it was still on its way at step 50, at loss 1.303."),
        (Experiment(lr=(0.01, 0.1)), "with the paths of gradient descent"),
        (
            Experiment(views=("arrows", "loss", "contour", "loss")),
            "Arrows of the negative gradient, the loss against the step and contours of x^2",
        ),
        (Experiment(views=("loss",)), "The loss against the step of gradient descent on x^2"),
        (Experiment(views=("gradient",)), "The gradient norm against the step of gradient"),
        (
            Experiment(start=((1.5, 1.5), (-1.5, 1.0))),
            "50 steps; at learning rate 0.1 from (1.5, 1.5) it converged at step 26",
        ),
        (
            Experiment(start=((1.5, 1.5), (-1.5, 1.0))),
            "; at learning rate 0.1 from (−1.5, 1) it",
        ),
        (Experiment(steps=1), ", 1 step from (1.5, 1.5); at"),
        (
            Experiment(views=("outcomes",), sweep=(Axis("x", 0, 1), Axis("y", 0, 1)), steps=2),
            "What runs do, by θ₁ of the start from 0 to 1 and θ₂ of the start from 0 to 1: ",
        ),
        (
            Experiment(loss=NAMED, views=("bifurcation",), sweep=(Axis("b", 0, 1),), steps=2),
            "the iterates settle, by b of the start from 0 to 1: no run diverges",
        ),
        (
            Experiment(loss=NAMED, views=("bifurcation",), steps=2),
            "by learning rate from 0.01 to 1, from (1.5, 1.5): ",
        ),
    ],
)
def test_alt_text(experiment: Experiment, said: str) -> None:
    assert said in words.alt_text(run(experiment))

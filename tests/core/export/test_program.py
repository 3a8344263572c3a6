"""Programs are short, they run without us, and their runs are those of the figure."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from programs import check_panels, check_paths, check_text, run, trajectories

from sphinx_gdviz import Experiment as Given
from sphinx_gdviz.core.experiment import Experiment
from sphinx_gdviz.core.export.python_loss import MAX_OPERATIONS
from sphinx_gdviz.core.export.python_program import as_text, sections, write_program
from sphinx_gdviz.core.export.python_text import written_out
from sphinx_gdviz.core.expr.derivative import gradient
from sphinx_gdviz.core.expr.printer import to_python
from sphinx_gdviz.core.expr.simplify import collected
from sphinx_gdviz.core.losses.base import FormulaLoss, Loss
from sphinx_gdviz.core.losses.dataset import Dataset, read_file
from sphinx_gdviz.core.losses.logistic import LogisticRegression
from sphinx_gdviz.core.losses.named import LOSSES
from sphinx_gdviz.core.losses.regression import LeastSquares
from sphinx_gdviz.core.methods.rules import RULES
from sphinx_gdviz.messages import GdvizError

BOOK = Path(__file__).parents[3] / "book"
CARS = read_file(BOOK / "foundations" / "cars.csv", "cars.csv", "speed", "dist")
ORING = read_file(BOOK / "guide" / "oring.csv", "oring.csv", "temperature", "failure")

Array = NDArray[np.float64]


def a_loss(x: Any, y: Any) -> Any:
    """A loss of Python that has a part which is long and occurs again and again."""
    r = np.sqrt(x * x + y * y + 0.1)
    return r * np.exp(-r) + np.sin(r) * x + np.abs(x - y) / 3


def a_rule(
    theta: Array, g: Array, lr: Array, memory: Any, t: int, *, steps: float = 0.5, path: float = 0.0
) -> tuple[Array, Any]:
    """A rule whose settings are called what a program calls other things."""
    m = steps * memory + g + path * theta
    return theta - lr * m / (1 + np.abs(m)), m


A_RULE = (lambda theta, lr: np.zeros_like(theta), a_rule)


def reads(**options: Any) -> Experiment:
    """What the options of a figure ask for."""
    return Given(**options).settings


DRAWN = {
    "the usual": reads(),
    "overlay": reads(
        optimizer="gd; lion(weight_decay=0.1); adam(lr=0.3)",
        start="1.5, 1.5; -1, 1",
        view="surface, contour, arrows, loss, gradient, rate",
        overlay=True,
    ),
    "rates and starts": reads(
        lr="0.01, 0.1, 0.5", start="1.5, 1.5; -1, 1", view="contour, loss, surface"
    ),
    "five rates": reads(lr="0.01, 0.02, 0.03, 0.04, 0.05", view="arrows", titles="A; B; ; C; D"),
    "one rule thrice": reads(
        optimizer="momentum(momentum=0.5); momentum; gd", start="1.5, 1.5; -1, 1", steps=20
    ),
    "leaves the frame": reads(lr=1.1, start="3, 3"),
    "log scale": reads(loss="rosenbrock", lr=0.001, view="contour, surface, loss"),
    "domain": reads(loss="log(x) + sqrt(y) + x**2", start="1, 1", lr=0.05),
    "flat": reads(loss="3"),
    "slope": reads(loss="x + 0*y", view="contour, arrows, gradient"),
    "marks": reads(loss="rastrigin", mark="minima, saddles", lr=0.002, view="contour"),
    "long title": reads(view="contour", titles="A title “so long” that it's on no one line " * 3),
    "basins": reads(
        loss="himmelblau", view="basins", optimizer="rprop; nadam; gd(lr=0.01)", lr=0.02, steps=80
    ),
    "basins of runs": reads(view="basins", lr="0.1, 0.3", start="1, 1; -1, -1", steps=100),
    "maps with noise": reads(
        view="bifurcation, basins, contour", noise=0.01, sweep="y -2 to 2", steps=60
    ),
    "maps alone": reads(view="bifurcation, outcomes", lr="0.1, 0.2"),
    "many starts": reads(start="; ".join(f"{n / 5}, 1" for n in range(8)), view="contour"),
}
SCHEDULES = (
    *("cosine", "cosine(final=0.1, warmup=5)", "step(every=7)", "step(every=5, factor=0.1)"),
    *("exponential", "exponential(factor=0.9, warmup=3)", "constant(warmup=10)"),
)
MODELS: dict[str, Loss] = {
    "cars": LeastSquares.of(CARS),
    "cars, standardized": LeastSquares.of(CARS, standardized=True),
    "oring, standardized": LogisticRegression.of(ORING, standardized=True),
}
FORMULAS = {
    "steps": "x**1.5 + y**-2 + 1/(x*y)",
    "functions": "atan(x)*asin(y/4) + acos(x/5) + sinh(x/3) + cosh(y)/3 + tan(x/9)",
    "constants": "-x**2/3 + e**2*y**2 + sin(pi*x)/pi + 1E3*x*y*.5e-3",
    "edges": "abs(x) + abs(y - 1) - -x + x**64/2**60",
}
PLAIN = {
    **{f"loss {name}": reads(loss=name, lr=0.001, steps=60) for name in LOSSES},
    **{f"rule {name}": reads(optimizer=name, steps=100) for name in RULES},
    **{f"schedule {text}": reads(schedule=text, view="contour, rate") for text in SCHEDULES},
    **{
        f"model {name}": Experiment(
            loss, start=((0.2, 0.3),), lr=(0.003,), batch=batch, noise=noise
        )
        for name, loss in MODELS.items()
        for batch, noise in ((None, 0.0), (7, 0.0), (7, 0.2))
    },
    **{f"formula {n}": reads(loss=f, lr=0.01, start="1, 1") for n, f in FORMULAS.items()},
    "schedules of rules": reads(
        schedule="cosine(warmup=3)", optimizer="nesterov; adam", view="rate, contour"
    ),
    "noise": reads(noise=0.5, seed=3),
    "noise of several": reads(noise=0.2, lr="0.1, 0.2", optimizer="momentum; adam(lr=0.1)"),
    "clip": reads(lr="0.2, 1.1", clip="-1.8, 1.8"),
    "weights": reads(optimizer="adamw(weight_decay=0.2); momentum(dampening=0.5)"),
    "traced": reads(loss=a_loss),
    "names": reads(loss="sin(w)*b0 + b0**2 + w**4", parameters="b0, w", lr=0.05),
    "names of derivatives": reads(loss="x**2 + dx**2 + x*dx", parameters="dx, x"),
    "own rules": reads(optimizer=[A_RULE, "gd"]),
    "own rule": reads(optimizer=A_RULE),
    "one rule dampened and not": reads(optimizer="momentum; momentum(dampening=0.5)"),
    "dampened": reads(optimizer="momentum(momentum=0.5, dampening=0.5)"),
}
CASES = {**DRAWN, **PLAIN}


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """All programs."""
    return {name: write_program(case) for name, case in CASES.items()}


def test_parameters_have_their_names(texts: dict[str, str]) -> None:
    assert "    b0, w = theta\n    return np.sin(w) * b0 + b0**2 + w**4\n" in texts["names"]
    assert texts["names"].count('xlabel="b₀", ylabel="w"') == 2
    assert "θ" not in texts["names"]
    assert texts["the usual"].count('xlabel="θ₁", ylabel="θ₂"') == 2


@pytest.mark.parametrize("name", CASES)
def test_text(texts: dict[str, str], name: str, tmp_path: Path) -> None:
    check_text(texts[name], tmp_path)


@pytest.mark.parametrize("cases", [DRAWN, PLAIN], ids=["drawn", "plain"])
def test_runs_are_those_of_the_figure(
    cases: dict[str, Experiment], texts: dict[str, str], tmp_path: Path
) -> None:
    ran = run({name: texts[name] for name in cases}, tmp_path, draw=cases is DRAWN)
    for name, experiment in cases.items():
        check_paths(experiment, ran[name])
        check_panels(experiment, ran[name])


@pytest.mark.parametrize("name", [*LOSSES, "chaotic"])
def test_each_step_from_the_figures_own_iterates(name: str) -> None:
    chaotic = {"chaotic": reads(lr=0.9, steps=200)}
    experiment = chaotic.get(name) or CASES[f"loss {name}"]
    parts, names = sections(experiment), {}
    (of_figure,) = trajectories(experiment)
    with np.errstate(all="ignore"):
        exec(as_text((parts.imports, parts.parameters, *parts.loss, *parts.descent)), names)
        for before, after in zip(of_figure.points[:-1], of_figure.points[1:], strict=True):
            if np.isfinite(after).all():
                step = names["descend"](before, lr=experiment.lr[0], steps=1)[1]
                scale = max(1.0, np.abs(before).max(), np.abs(after).max())
                assert np.abs(step - after).max() <= 1e-12 * scale


def test_a_setting_that_is_zero_in_each_run_is_left_out(texts: dict[str, str]) -> None:
    assert "b = momentum * b + g\n" in texts["rule momentum"]
    assert "dampening=0.5)" in texts["dampened"]
    assert "np.where(t > 1, 1 - dampening, 1)" in texts["dampened"]


def test_length_of_the_usual_one() -> None:
    lines = write_program(Experiment()).splitlines()
    assert len(lines) <= 60
    assert len([line for line in lines if line]) <= 45


def test_it_is_written_the_same_every_time() -> None:
    assert write_program(reads()) == write_program(reads())


@pytest.mark.parametrize(
    ("formula", "slopes"),
    [
        ("x**2 + y**2", ("2 * x", "2 * y")),
        ("(1 - x)**2 + 5*(y - x**2)**2", ("2 * (x - 1) - 20 * x * (y - x**2)", "10 * (y - x**2)")),
        ("0.26*(x**2 + y**2) - 0.48*x*y", ("0.52 * x - 0.48 * y", "0.52 * y - 0.48 * x")),
        ("x**6/6 - 1.05*y**4", ("x**5", "-4.2 * y**3")),
        ("sin(2*pi*x) + cos(y/3)", ("2 * np.pi * np.cos(2 * np.pi * x)", "-np.sin(y / 3) / 3")),
        ("(x**4 + y**2)/2", ("2 * x**3", "y")),
        ("log(1 + x**2) + 3", ("2 * x / (1 + x**2)", "0")),
        ("sqrt(x)/y", ("0.5 / (y * np.sqrt(x))", "-np.sqrt(x) / y**2")),
    ],
)  # fmt: skip
def test_slopes_are_written_as_one_writes_them(formula: str, slopes: tuple[str, str]) -> None:
    found = gradient(FormulaLoss(formula).expression, ("x", "y"))
    assert written_out(collected(found), ("x", "y"), repeated=True) == ([], list(slopes))


def test_what_is_long_and_occurs_twice_has_a_name() -> None:
    loss = FormulaLoss("(x**2 + y - 11)**2 + (x + y**2 - 7)**2").expression
    found = collected(gradient(loss, ("x", "y")))
    names, slopes = written_out(found, ("x", "y"), repeated=True)
    assert names == [("a", "x**2 + y - 11"), ("b", "x + y**2 - 7")]
    assert slopes == ["4 * x * a + 2 * b", "2 * a + 4 * y * b"]


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        ("x**2+sin( 3*x )", "x**2 + np.sin(3 * x)"),
        ("-x**2 - (y-1)", "-(x**2) - (y - 1)"),
        ("1E3*x + .5*y + e", "1e3 * x + 0.5 * y + np.e"),
        ("abs(x)**2 * asin(+y)", "np.abs(x) ** 2 * np.arcsin(y)"),
        ("x/(2*y)/3", "x / (2 * y) / 3"),
    ],
)
def test_formulas_stay_as_their_authors_wrote_them(formula: str, text: str) -> None:
    assert to_python(FormulaLoss(formula).expression) == text


class Odd(Loss):
    """A loss of Python."""

    description, tex, content = "odd", "", ""

    def value_at(self, theta: Array) -> Array:
        return np.prod(theta, axis=0)

    def gradient_at(self, theta: Array) -> Array:
        return theta[::-1].copy()

    def hessian_at(self, theta: Array) -> Array:
        hessian = np.zeros((2, *theta.shape))
        hessian[0, 1] = hessian[1, 0] = 1
        return hessian


def long_loss(x: Any, y: Any) -> Any:
    """A loss that is too long to be read."""
    for n in range(MAX_OPERATIONS // 4):
        x = np.sin(x + n / 7) + y
    return x


def asks(theta: Array, g: Array, lr: Array, memory: Any, t: int) -> tuple[Array, Any]:
    """A rule that can't be traced."""
    return (theta - lr * g if g[0].sum() > 0 else theta), None


@pytest.mark.parametrize(
    ("experiment", "said"),
    [
        (Experiment(Odd()), "Odd is a loss of Python code"),
        (reads(loss=long_loss), "too many"),
        (
            Experiment(
                LeastSquares.of(
                    Dataset("d.csv", "x", "y", np.arange(402.0).astype("<f8").tobytes())
                )
            ),
            "d.csv has 201 rows; a program has at most 200",
        ),
    ],
)
def test_what_has_no_program(experiment: Experiment, said: str) -> None:
    with pytest.raises(GdvizError, match=said):
        write_program(experiment)


def test_rules_that_have_no_program() -> None:
    given = Given(optimizer=asks)
    with pytest.raises(GdvizError, match="asks"):
        write_program(given.settings)

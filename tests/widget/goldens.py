"""What the engine of the page is compared with: ``python -m tests.widget.goldens FOLDER``.

``goldens.json`` holds the numbers, arrays of floats as base64; ``runs.bin`` the runs that are
judged, as little-endian float64.
"""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from sphinx_gdviz.core.descent.maps import find_basins
from sphinx_gdviz.core.descent.run import Method, Trajectory, descend, follow
from sphinx_gdviz.core.descent.verdict import Verdict, steepness
from sphinx_gdviz.core.export.page_data import program_data, schedule_data
from sphinx_gdviz.core.export.rule_data import rule_data
from sphinx_gdviz.core.expr.node import ACTIVATIONS, COMPARISONS, Expr
from sphinx_gdviz.core.losses.base import FormulaLoss, Loss, ProgramLoss
from sphinx_gdviz.core.losses.dataset import read_file
from sphinx_gdviz.core.losses.logistic import LogisticRegression
from sphinx_gdviz.core.losses.named import LOSSES
from sphinx_gdviz.core.losses.regression import LeastSquares, Model
from sphinx_gdviz.core.methods.optimizer import Optimizer, find_optimizer
from sphinx_gdviz.core.methods.rules import RULES
from sphinx_gdviz.core.methods.schedules import find_schedule
from sphinx_gdviz.core.methods.statements import statements_of
from sphinx_gdviz.core.report import describe as words
from sphinx_gdviz.core.report.numbers import exact, rounded
from sphinx_gdviz.core.result import Run

BOOK = Path(__file__).parents[2] / "book"

FORMULAS = {
    "cone": FormulaLoss("sqrt(x**2 + y**2)"),
    "kinks": FormulaLoss("abs(x) + 2*abs(y - 0.5)"),
    "valley": FormulaLoss("(x - y)**2"),
    "quartic": FormulaLoss("x**4 + y**4"),
    "tail": FormulaLoss("exp(-x) + y**2"),
    "hill": FormulaLoss("-exp(-x**2 - y**2)"),
    "plain": FormulaLoss("tanh(x)**2 + tanh(5*y)**2/10"),
    "edge": FormulaLoss("-log(x) + x + y**2", xlim=(-0.5, 2.5)),
    "root": FormulaLoss("x**1.5 + y**2 - x"),
    "angles": FormulaLoss("atan(x)**2 + asin(y/3)**2 + acos(x/9)/9"),
    "hyperbolic": FormulaLoss("cosh(x) + sinh(y)**2 + tan(x/4)"),
    "joints": FormulaLoss(
        "max(x, y**2) + min(x*y, 0.3)/2 + sign(x - y)/9 + relu(y - x)**2 + where(x >= y, x**2, -y)"
        " + softplus(x)*sigmoid(y) + where(x < 0.1, y, 0)"
        " + where(y <= 0.2, 1, 0)*where(x > 1, x, 2)"
    ),
    "wave": FormulaLoss("sin(2*x)*cos(2*y) + 0.3"),
}
"""Losses with what those of the catalogue lack: kinks, poles, edges, valleys, plains."""

OPTIMIZERS = (
    "gd",
    "momentum",
    "nesterov",
    "adam",
    "rmsprop",
    "lion",
    "rprop",
    "momentum(dampening=0.5)",
)
RATES = (0.001, 0.01, 0.05, 0.1, 0.3, 0.7, 1.05, 3.0)
STARTS = ((0.87, 0.79), (0.31, 0.5), (0.5, 0.62), (0.04, 0.13))
"""Starts as shares of the domain."""
STEPS = 100
PAGE_RULES = [name for name, rule in RULES.items() if not rule.takes_hessian]


def models() -> dict[str, Model]:
    cars = read_file(BOOK / "foundations" / "cars.csv", "cars.csv", "speed", "dist")
    oring = read_file(BOOK / "guide" / "oring.csv", "oring.csv", "temperature", "failure")
    return {
        "line": LeastSquares.of(cars),
        "line-standardized": LeastSquares.of(cars, standardized=True),
        "logistic": LogisticRegression.of(oring, standardized=True),
    }


def packed(values: Any) -> str:
    return base64.b64encode(np.ascontiguousarray(values, "<f8").tobytes()).decode()


def loss_data(loss: Loss) -> dict[str, Any]:
    data: dict[str, Any] = {
        "name": loss.description,
        "value": {"code": [], "out": []},
        "derivatives": {"code": [], "out": []},
        "xlim": loss.xlim,
        "ylim": loss.ylim,
        "steepness": steepness(loss),
    }
    if isinstance(loss, ProgramLoss):
        data["value"] = program_data(loss.program)
        data["derivatives"] = program_data(loss._derivatives)
    if isinstance(loss, Model):
        x, y = loss.columns
        model = "least-squares" if isinstance(loss, LeastSquares) else "logistic"
        data["rows"] = {"model": model, "x": x.tolist(), "y": y.tolist()}
    return data


def points_of(loss: Loss, shares: Any) -> np.ndarray[Any, Any]:
    low, high = np.array([loss.xlim, loss.ylim]).T
    return low + np.asarray(shares) * (high - low)


def descent_data(method: Method) -> dict[str, Any]:
    return {
        "method": {
            "rule": method.optimizer.name,
            "settings": dict(method.optimizer.settings),
            "lr": method.lr,
        },
        "steps": method.steps,
        "schedule": schedule_data(method.schedule),
        "clip": method.clip,
        "noise": method.noise,
        "batch": method.batch,
        "seed": method.seed,
    }


def verdict_data(verdict: Verdict) -> dict[str, Any]:
    data = {
        "kind": verdict.kind,
        "step": verdict.step,
        "place": verdict.place,
        "clipStep": verdict.clip_step,
        "point": verdict.point,
        "period": verdict.period,
    }
    return {name: value for name, value in data.items() if value is not None}


def values(losses: dict[str, Loss]) -> Iterator[dict[str, Any]]:
    """Values and derivatives at points in and around the domain."""
    shares = np.random.RandomState(1).uniform(-0.2, 1.2, (300, 2))
    for name, loss in losses.items():
        points = points_of(loss, shares)
        gradient, hessian = loss.gradient_at(points.T), loss.hessian_at(points.T)
        found = [loss.value_at(points.T), *gradient, *hessian[np.triu_indices(2)]]
        yield {"loss": name, "points": packed(points), "found": packed(found)}


def updates(losses: dict[str, Loss]) -> Iterator[dict[str, Any]]:
    """Paths of every rule, from each point of which one step is made."""
    for (name, loss), rule in product(losses.items(), PAGE_RULES):
        rate = 0.05 if rule not in ("gd", "momentum", "nesterov") else 0.05 / steepness(loss)
        method = Method(Optimizer(rule), rate, 40)
        run = follow(loss, method, points_of(loss, STARTS[0]))
        yield {
            "loss": name,
            "descent": descent_data(method),
            "points": packed(run.points),
        }


def other_runs(losses: dict[str, Loss]) -> Iterator[tuple[str, Method, Any]]:
    """Runs with schedules, boxes, noise and batches."""
    plain = Method(find_optimizer("gd"), 0.1, 60)
    start = (1.5, 1.5)
    for schedule in (
        *("step(every=7, factor=0.3)", "exponential(factor=0.9, warmup=5)", "cosine"),
        *("cosine(final=0.2, warmup=8)", "constant(warmup=90)"),
    ):
        for optimizer in ("gd", "adam"):
            method = replace(plain, schedule=find_schedule(schedule))
            yield "bowl", replace(method, optimizer=find_optimizer(optimizer)), start
    for clip, rate in product(((-2.0, 2.0), (0.2, 1.0)), (0.1, 0.8, 3.0)):
        for name in ("bowl", "saddle", "ravine", "wave"):
            yield name, replace(plain, clip=clip, lr=rate), (0.7, 0.9)
    for seed, noise in product((0, 7, 2**32 - 1), (0.01, 0.5)):
        yield "bowl", replace(plain, noise=noise, seed=seed), start
    for name, loss in losses.items():
        if isinstance(loss, Model):
            rate = 0.5 / np.linalg.eigvalsh(loss.hessian(points_of(loss, (0.5, 0.5)))).max()
            for batch, noise in ((1, 0.0), (7, 0.0), (7, 0.1), (None, 0.0)):
                method = replace(plain, batch=batch, noise=noise, seed=3, lr=float(rate))
                yield name, method, tuple(points_of(loss, (0.2, 0.3)))
    yield "saddle", replace(plain, optimizer=find_optimizer("adam")), (1.0, 0.0)


def judged(losses: dict[str, Loss], folder: Path) -> Iterator[dict[str, Any]]:
    """Verdicts on runs that are written to ``runs.bin``."""
    with (folder / "runs.bin").open("wb") as file:

        def golden(
            name: str, method: Method, start: Any, run: Trajectory, verdict: Verdict
        ) -> dict[str, Any]:
            following = run.next_gradient[np.newaxis]
            for part in (run.points, run.losses, run.gradients, following):
                file.write(np.ascontiguousarray(part, "<f8").tobytes())
            return {
                "loss": name,
                "descent": descent_data(method),
                "start": [float(part) for part in start],
                "verdict": verdict_data(verdict),
                "outcome": words.outcome(Run(method, tuple(start), run, verdict, None)),
            }

        for name, optimizer in product(losses, OPTIMIZERS):
            loss = losses[name]
            starts = [*points_of(loss, STARTS)]
            run = descend(
                loss,
                optimizer=optimizer,
                lr=np.array(RATES)[:, np.newaxis],
                start=np.array(starts),
                steps=STEPS,
            )
            for (i, rate), (j, start) in product(enumerate(RATES), enumerate(starts)):
                method = Method(find_optimizer(optimizer), rate, STEPS)
                yield golden(name, method, start, run[i, j], run.verdicts[i, j])
        for name, method, start in other_runs(losses):
            run = follow(losses[name], method, start)
            yield golden(name, method, start, run, run.verdict)


def randoms() -> Iterator[dict[str, Any]]:
    for seed in (0, 1, 42, 123456789, 2**32 - 1):
        random = np.random.RandomState(seed)
        yield {
            "seed": seed,
            "bits": [
                int(n) for n in np.random.RandomState(seed).randint(0, 2**32, 1500, np.uint32)
            ],
            "uniform": packed(np.random.RandomState(seed).random_sample(2000)),
            "normal": packed(random.standard_normal(3001)),
            "permutations": [random.permutation(n).tolist() for n in (1, 2, 7, 50, 64, 1000)],
        }


def numerals() -> list[tuple[str, str, str, str]]:
    random = np.random.RandomState(5)
    numbers = [
        *(0.0, -0.0, 1.0, 0.1, -1.5, 0.0625, 1.1875, 1.3125, -2.4375, 0.0005, 0.000499, 9.9999e-5),
        *(1e-4, 123456.789, 1e6, 9999.9996, 10000, 10050, 10150, 1e5, -1e300, 1e10, 1.5e10),
        *(1e-8, 2.5e-11, 12345678901.5, 999999.99999, np.inf, -np.inf, np.nan, 5e-324, 0.3 - 0.1),
        *(10 ** random.uniform(-12, 12, 400) * random.choice([-1, 1], 400)),
        *(random.randint(-4000, 4000, 300) / 16),
        *np.round(random.uniform(-2, 2, 100), 3),
    ]
    return [
        (
            packed(number),
            rounded(float(number)).plain,
            exact(float(number)).plain if np.isfinite(number) else "",
            words.number(float(number)),
        )
        for number in numbers
    ]


def sweeps(losses: dict[str, Loss]) -> Iterator[dict[str, Any]]:
    for name, optimizer, rate in (
        ("bowl", "gd", 0.1),
        ("himmelblau", "gd", 0.01),
        ("wave", "momentum", 0.05),
        ("saddle", "gd", 0.1),
        ("valley", "gd", 0.1),
        ("six-hump-camel", "adam", 0.1),
    ):
        loss, method = losses[name], Method(find_optimizer(optimizer), rate, 80)
        found = find_basins(loss, method, loss.xlim, loss.ylim, 48)
        yield {
            "loss": name,
            "descent": descent_data(method),
            "labels": found.labels.reshape(-1).tolist(),
            "destinations": [
                {"point": critical.point, "kind": critical.kind, "loss": critical.loss}
                for critical in found.destinations
            ],
        }


def terms() -> list[dict[str, Any]]:
    """Each operation on numbers that are special."""
    special = (0.0, -0.0, 1.0, -1.0, 2.5, np.inf, -np.inf, np.nan)
    found = []
    for name in ("add", "multiply", "divide", "power", "max", "min", *COMPARISONS):
        pairs = [
            pair for pair in product(special, special) if not (name == "power" and pair[0] < 0)
        ]
        a, b = np.array(pairs).T
        term = Expr(name, (Expr.symbol("a"), Expr.symbol("b")))
        after = np.asarray(term.evaluate({"a": a, "b": b}), float)
        found.append({"name": name, "a": packed(a), "b": packed(b), "after": packed(after)})
    for name in ("negative", "square", "sqrt", "exp", "log", "abs", "sign", *ACTIVATIONS):
        a = np.array(special)
        after = np.asarray(Expr(name, (Expr.symbol("a"),)).evaluate({"a": a}), float)
        found.append({"name": name, "a": packed(a), "b": packed(a), "after": packed(after)})
    return found


def write(folder: Path) -> None:
    formulas: dict[str, Loss] = {**LOSSES, **FORMULAS}
    losses: dict[str, Loss] = {**formulas, **models()}
    assert all(statements_of(rule) for rule in RULES.values())
    goldens = {
        "losses": {name: loss_data(loss) for name, loss in losses.items()},
        "rules": {name: rule_data(RULES[name]) for name in PAGE_RULES},
        "values": list(values(losses)),
        "updates": list(updates(losses)),
        "judged": list(judged(losses, folder)),
        "schedules": [
            {
                "schedule": schedule_data(find_schedule(text)),
                "steps": steps,
                "factors": packed(find_schedule(text).factors(steps)),
            }
            for text in (
                *("constant", "step", "step(every=3, factor=0.9, warmup=4)", "exponential"),
                *("exponential(factor=0.5)", "cosine", "cosine(final=0.1, warmup=3)"),
                *("power(decay=1, exponent=1/2, floor=0.3)", "polynomial(exponent=2, final=0.1)"),
                *(
                    "milestones(3, 15, factor=0.1)",
                    "restarts(every=3)",
                    "restarts(every=5, grow=2)",
                ),
                *("triangular(every=7)", "one-cycle", "cosine(over=20, warmup=4, begin=0)"),
                *("constant(warmup=3)", "power(stairs=4)", "exponential(floor=0.5)"),
            )
            for steps in (1, 2, 3, 4, 5, 40)
        ],
        "randoms": list(randoms()),
        "numerals": numerals(),
        "basins": list(sweeps(losses)),
        "terms": terms(),
    }
    (folder / "goldens.json").write_text(json.dumps(goldens, allow_nan=False), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))

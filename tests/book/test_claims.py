"""What the sections on momentum, adaptive methods, batches, rates and traps say is what runs do.

A sentence of the book is made here of the numbers that are computed, and has to stand in the page
word for word; the runs are those of the page's own figures wherever it has them.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from sphinx_gdviz import CriticalPoint, Loss, Trajectory, critical_points, descend, find_loss
from sphinx_gdviz.core.descent.maps import Basins, Bifurcation, Outcomes
from sphinx_gdviz.core.descent.verdict import KINDS, TOLERANCE
from sphinx_gdviz.core.experiment import Experiment
from sphinx_gdviz.core.losses.dataset import read_file
from sphinx_gdviz.core.losses.regression import LeastSquares
from sphinx_gdviz.core.options.read import Book, read_experiment
from sphinx_gdviz.core.result import Result
from sphinx_gdviz.core.result import run as run_experiment

BOOK = Path(__file__).parents[2] / "book"
CONVERGED, SLOW, OSCILLATING, DIVERGED = (
    KINDS.index(kind) for kind in ("converged", "slow", "oscillating", "diverged")
)

Array = NDArray[np.float64]


def one_line(text: str) -> str:
    """Text without its line breaks."""
    return " ".join(text.split())


def read_directive(body: str) -> tuple[dict[str, str], str]:
    """The options and the caption of a figure."""
    options = re.findall(r"^:([a-z]+):(.*)$", body, re.M)
    caption = re.sub(r"^:[a-z]+:.*$", "", body, flags=re.M)
    return {name: value.strip() for name, value in options}, one_line(caption)


class Page:
    """A page of the book."""

    def __init__(self, name: str) -> None:
        self.folder = (BOOK / name).parent
        self.source = (BOOK / name).read_text("utf-8")
        self.text = one_line(self.source)
        # A figure that is shown as an example stands in a longer fence.
        bare = re.sub(r"^````md\n.*?^````$", "", self.source, flags=re.M | re.S)
        bodies = re.findall(r"^```\{gdviz-figure\}\n(.*?)^```$", bare, re.M | re.S)
        read = [read_directive(body) for body in bodies]
        self.figures = {options["name"]: options for options, _ in read}

    def says(self, *sentences: str) -> None:
        """Fail unless the page has these words."""
        for sentence in sentences:
            assert one_line(sentence) in self.text

    def experiment(self, name: str) -> Experiment:
        """What a figure of the page asks for."""
        book = Book(read_data=lambda file, x, y: read_file(self.folder / file, file, x, y))
        experiment, mistakes = read_experiment(self.figures[name], book)
        assert experiment
        assert not mistakes
        return experiment

    @cache  # noqa: B019 (pages live as long as the tests do)
    def result(self, name: str) -> Result:
        """What a figure of the page shows."""
        return run_experiment(self.experiment(name))

    def trajectories(self, name: str) -> list[Trajectory]:
        """The runs of a figure."""
        return [run.trajectory for run in self.result(name).runs]


MOMENTUM, ADAPTIVE, STOCHASTIC, RATES, TRAPS = (
    Page(f"foundations/{name}.md")
    for name in ("momentum", "adaptive", "stochastic", "learning-rates", "traps")
)


def norms(run: Trajectory) -> Array:
    """The length of each gradient."""
    return np.asarray(np.hypot(*run.gradients.T))


def first(condition: NDArray[np.bool_]) -> int:
    """The first step at which something holds."""
    assert condition.any()
    return int(condition.argmax())


def minima(loss: str) -> list[CriticalPoint]:
    """The minima of a loss in its domain, the lowest first."""
    return [point for point in critical_points(loss) if point.kind == "minimum"]


def heavy_ball(curvature: float, momentum: float, lr: float) -> float:
    """By what the error of a heavy ball on a parabola is multiplied in the long run."""
    update = np.array([[1 + momentum - lr * curvature, -momentum], [1.0, 0.0]])
    return float(np.abs(np.linalg.eigvals(update)).max())


def shown(value: float, digits: int = 1) -> str:
    """A number with a power of ten, as TeX."""
    number, power = f"{value:.{digits - 1}e}".split("e")
    return rf"{number} \times 10^{{{int(power)}}}"


def read_tex(formula: str) -> str:
    """A loss that is set in a display, as an author would write it."""
    for old, new in (
        (r"\theta_1", "x"),
        (r"\theta_2", "y"),
        (r"\left", ""),
        (r"\right", ""),
        (r"\,", " "),
        ("^", "**"),
    ):
        formula = formula.replace(old, new)
    formula = re.sub(r"\\tfrac\{(\d+)\}\{(\d+)\}", r"(\1/\2)", formula)
    return re.sub(r"(?<=[\dxy)])\s*(?=[(xy])", " * ", formula)


@pytest.mark.parametrize(
    ("page", "name"),
    [(MOMENTUM, "ravine"), (ADAPTIVE, "rosenbrock"), (TRAPS, "three-hump-camel")],
)
def test_displayed_losses_are_those_of_the_catalogue(page: Page, name: str) -> None:
    (shown_formula,) = re.findall(
        r"\$\$\s*L\(\\theta_1, \\theta_2\) = (.*?)\s*[.,]\s*\$\$", page.text
    )
    points = np.random.default_rng(0).uniform(-2, 2, (10, 2))
    values = find_loss(read_tex(shown_formula)).value(points)
    np.testing.assert_allclose(values, find_loss(name).value(points), rtol=1e-12)


# Momentum.


def test_momentum_on_a_slope_goes_ten_times_as_fast() -> None:
    MOMENTUM.says(
        r"often $0.9$", r"up to a step $1 / (1 - \mu)$ times as long", r"with $\mu = 0$ we are"
    )
    steps = np.diff(descend("x + 0*y", optimizer="momentum", lr=0.1, steps=400).points[:, 0])
    assert steps[-1] / steps[0] == pytest.approx(1 / (1 - 0.9))
    plain, ball = descend(), descend(optimizer="momentum(momentum=0)")
    assert (plain.points == ball.points).all(), "with no momentum we are back at descent"


def test_momentum_off_the_saddle() -> None:
    plain, ball = MOMENTUM.trajectories("fig-momentum-saddle")
    start, steps = plain.points[0], plain.steps
    assert start[0] == 1.5
    assert start[1] == 1e-6, "a millionth"
    MOMENTUM.says(
        f"From $(1.5, {start[1]:f})$ with $\\eta = 0.1$, two hundred steps.",
        "starts a millionth above the line",
    )
    assert steps == 200
    away, away_ball = (first(np.abs(run.points[:, 1]) > 0.5) for run in (plain, ball))
    MOMENTUM.says(
        f"The size of $\\theta_2$ first exceeds $0.5$ at step {away_ball} with momentum, "
        f"and at step {away} without.",
        "leaves the saddle in half the number of steps, overshoots, and rings",
        f"it takes until step {ball.verdict.step} before the gradient stays below $10^{{-3}}$, "
        f"against {plain.verdict.step} for plain descent",
    )
    assert away_ball / away == pytest.approx(0.5, abs=0.02)
    assert plain.verdict.kind == ball.verdict.kind == "converged"
    assert ball.points[:, 1].max() > 0.9 > plain.points[:, 1].max(), "it overshoots 0.674"
    assert first(norms(plain) < TOLERANCE) < 30, "plain descent stays on the saddle for long"
    assert plain.verdict.step - away < 15, "and then needs few steps more"


def test_factors_on_the_saddle() -> None:
    (saddle,) = (p for p in critical_points("bowl") if p.kind == "saddle")
    curvature = saddle.eigenvalues[0]
    assert curvature == pytest.approx(-2.5)
    plain, ball = 1 - 0.1 * curvature, heavy_ball(curvature, 0.9, 0.1)
    assert ball == pytest.approx(np.roots([1, -(1 + 0.9 + 0.25), 0.9]).max())
    MOMENTUM.says(
        f"$1 - 0.1 \\cdot ({curvature:.1f}) = {plain:.2f}$",
        r"the larger root of $r^2 - (1 + \mu + 0.25)\, r + \mu = 0$, "
        f"which is ${ball:.2f}$. So the ball needs half the steps",
    )
    assert np.log(plain) / np.log(ball) == pytest.approx(0.5, abs=0.02)
    for run, factor in zip(
        MOMENTUM.trajectories("fig-momentum-saddle"), (plain, ball), strict=True
    ):
        assert run.points[20, 1] / run.points[19, 1] == pytest.approx(factor, rel=1e-3)
    MOMENTUM.says("from $(1.5, 0)$ momentum gets stuck as well")
    stuck = descend(optimizer="momentum", lr=0.1, start=(1.5, 0), steps=1000)
    assert (stuck.verdict.kind, stuck.verdict.place) == ("stuck", "saddle")
    assert not stuck.points[:, 1].any()


def test_the_ravine_and_the_best_that_can_be_done_in_it() -> None:
    (bottom,) = minima("ravine")
    assert bottom.eigenvalues == pytest.approx((1, 25))
    MOMENTUM.says(
        r"L(\theta_1, \theta_2) = \tfrac{1}{2} \left( \theta_1^2 + 25\,\theta_2^2 \right)",
        "Its eigenvalues are $1$ and $25$.",
        r"plain descent must have $\eta < 2/25$",
        r"The best it can do is $\eta = 2/(1 + 25) = 1/13$, where each step multiplies both "
        "coordinates by $12/13$ in size, and throws the steep one from side to side",
        r"\mu = \left( \frac{\sqrt{25} - 1}{\sqrt{25} + 1} \right)^2 = \frac{4}{9}",
        r"\eta = \left( \frac{2}{\sqrt{25} + \sqrt{1}} \right)^2 = \frac{1}{9}",
        r"each step multiplies an error by about $2/3$, the root of $\mu$, in both directions",
    )
    assert bottom.largest_stable_rate == pytest.approx(2 / 25)
    ratios = descend("ravine", lr=1 / 13, start=(-1.8, 1), steps=20).points
    np.testing.assert_allclose(ratios[1:, 0] / ratios[:-1, 0], 12 / 13)
    np.testing.assert_allclose(ratios[1:, 1] / ratios[:-1, 1], -12 / 13)
    rates = np.linspace(0.001, 0.2, 400)
    assert np.abs(1 - np.outer(rates, [1, 25])).max(axis=1).min() >= 12 / 13 - 1e-9
    assert [heavy_ball(c, 4 / 9, 1 / 9) for c in (1, 25)] == pytest.approx([2 / 3] * 2, abs=1e-6)
    for momentum in np.linspace(0, 0.95, 39):
        for lr in np.linspace(0.005, 0.16, 63):
            assert max(heavy_ball(c, momentum, lr) for c in (1, 25)) >= 2 / 3 - 1e-6


def test_figure_of_the_ravine() -> None:
    plain, ball = MOMENTUM.result("fig-momentum-ravine").runs
    assert plain.lr == pytest.approx(1 / 13, abs=5e-5)
    assert ball.lr == pytest.approx(1 / 9, abs=5e-5)
    assert dict(ball.method.optimizer.settings)["momentum"] == pytest.approx(4 / 9, abs=5e-5)
    MOMENTUM.says(
        f"Momentum has converged at step {ball.verdict.step}; "
        f"plain descent is still on its way at step {plain.verdict.step}."
    )
    assert (plain.verdict.kind, ball.verdict.kind) == ("slow", "converged")


def test_the_common_momentum_is_too_much_for_the_ravine() -> None:
    root = np.sqrt(0.9)
    best_for = ((1 + root) / (1 - root)) ** 2
    assert best_for == pytest.approx(1400, rel=0.05)
    value = (np.sqrt(1400) - 1) / (np.sqrt(1400) + 1)
    assert value == pytest.approx(root, abs=1e-3)
    ball = descend("ravine", optimizer="momentum", lr=1 / 9, start=(-1.8, 1), steps=600)
    early = descend("ravine", optimizer="momentum", lr=1 / 9, start=(-1.8, 1), steps=120)
    assert early.verdict.kind == "slow"
    assert norms(early)[-10:].min() > 10 * TOLERANCE
    MOMENTUM.says(
        "where the eigenvalues differ by a factor of about $1400$, for then the square root of "
        rf"$\mu$ is $(\sqrt{{1400}} - 1)/(\sqrt{{1400}} + 1)$, nearly ${value:.2f}$",
        r"With $\mu = 0.9$ and $\eta = 1/9$ the ball is still ringing at step 120, and has "
        f"converged only at step {ball.verdict.step}.",
    )


def test_limit_of_the_rate_with_momentum() -> None:
    MOMENTUM.says(r"0 < \eta < \frac{2 (1 + \mu)}{\lambda} ,", r"twice as far for $\mu$ near one")
    for momentum in (0.0, 0.3, 0.7, 0.95):
        for curvature in (0.1, 1.0, 25.0):
            limit = 2 * (1 + momentum) / curvature
            assert heavy_ball(curvature, momentum, 0.999 * limit) < 1
            assert heavy_ball(curvature, momentum, 1.001 * limit) > 1


def test_outcomes_by_rate_and_momentum() -> None:
    outcomes = MOMENTUM.result("fig-momentum-outcomes").maps[0]
    assert isinstance(outcomes, Outcomes)
    kinds = outcomes.kinds
    steps = MOMENTUM.experiment("fig-momentum-outcomes").steps
    curvature = minima("bowl")[0].eigenvalues[1]
    lr, momentum = np.meshgrid(*(a.values(160) for a in (outcomes.across, outcomes.up)))
    limit = 2 * (1 + momentum) / curvature
    MOMENTUM.says(
        f"tries {kinds.size // 1000} {kinds.size % 1000} pairs of a rate and a momentum on the "
        f"two-valley loss, each for {steps} steps",
        f"has come to after {steps} steps",
        f"rings for so long that {steps} steps are not enough",
        f"in which {steps} steps are too few",
        f"the green ends at the limit ${2 / curvature:.3f}$ of plain descent, but for a strip of "
        "the width of a cell or two",
    )
    assert not ((kinds == CONVERGED) & (lr > limit)).any()
    cell = (lr[0, 1] - lr[0, 0]).item()
    for row in range(80):  # up to a momentum of 0.475
        last = lr[row, kinds[row] == CONVERGED].max()
        assert limit[row, 0] - last < 3 * cell, "the edge lies where the limit says"
    assert 2 / curvature - lr[0, kinds[0] == CONVERGED].max() - cell / 2 < 2 * cell
    assert not (kinds == DIVERGED).any()
    MOMENTUM.says("no pair in the figure makes a run diverge")
    top = kinds[(momentum > 0.93) & (lr > 0.02) & (lr < 0.3)]
    assert (top == SLOW).all(), "at the top the ball rings for so long"
    later = descend(optimizer="momentum(momentum=0.94)", lr=0.2, steps=1000)
    assert later.verdict.kind == "converged"


def test_a_motion_that_lasts_below_the_limit() -> None:
    outcomes = MOMENTUM.result("fig-momentum-outcomes").maps[0]
    assert isinstance(outcomes, Outcomes)
    lr, momentum = np.meshgrid(*(a.values(160) for a in (outcomes.across, outcomes.up)))
    inside = lr < 0.98 * 2 * (1 + momentum) / minima("bowl")[0].eigenvalues[1]
    caught = inside & (outcomes.kinds == OSCILLATING)
    assert caught.sum() > 500
    assert 0.5 < momentum[caught].min() < 0.55
    rule = "momentum(momentum=0.7)"
    run = descend(optimizer=rule, lr=0.5, steps=20_000)
    period = {3: "three"}[run.verdict.period or 0]
    assert (
        descend(optimizer=rule, lr=0.5, steps=500, start=(-0.36, 0.67)).verdict.kind == "converged"
    )
    MOMENTUM.says(
        r"Above $\mu = 0.5$ some are caught in a lasting swing",
        r"With $\mu = 0.7$ and $\eta = 0.5$, for instance, the run from $(1.5, 1.5)$ is back "
        f"every {period} steps for good, while one from $(-0.36, 0.67)$ converges.",
    )


# Adaptive methods.

LIST = [float(f"{digit}e{power}") for power in range(-5, 1) for digit in (1, 2, 5)]
"""1, 2 and 5 times the powers of ten from 0.00001 to 5."""


def test_first_steps_into_a_ravine() -> None:
    plain, adam = ADAPTIVE.trajectories("fig-adaptive-ravine")
    (_, a), (x, y) = plain.points[0], plain.points[1]
    lr = ADAPTIVE.result("fig-adaptive-ravine").runs[0].lr
    ADAPTIVE.says(
        f"Plain descent and Adam with the same rate of ${lr}$.",
        f"its first step takes $\\theta_2$ from ${a:g}$ to ${y:g}$ and $\\theta_1$ only from "
        f"$-1.8$ to ${x:g}$",
        f"Adam goes by ${lr}$ in each, and by nearly as much in the ten steps after",
    )
    moves = np.abs(np.diff(adam.points, axis=0))
    np.testing.assert_allclose(moves[0], lr, rtol=1e-6)
    assert moves[1:11].min() > 0.9 * lr
    assert plain.points[0, 0] == -1.8
    away = -plain.gradients[0] / np.hypot(*plain.gradients[0])
    assert away[1] < -0.99, "nearly straight at the opposite wall"
    assert (plain.points[:3, 1] * [1, -1, 1] > 0).all(), "it jumps across"
    assert (np.abs(plain.points[10:30, 1]) < 1e-5).all(), "and then crawls along"
    assert plain.points[30, 0] < -0.3
    bottom = minima("ravine")[0]
    assert bottom.condition_number == pytest.approx(25)
    ADAPTIVE.says("that one direction is twenty-five times as steep")


def test_adam_does_not_see_the_scale_of_the_loss() -> None:
    adam = ADAPTIVE.trajectories("fig-adaptive-ravine")[1]
    lr, start = 0.05, (-1.8, 1)
    loss = "100*(x**2 + 25*y**2)/2"
    large = descend(loss, optimizer="adam", lr=lr, start=start, steps=adam.steps)
    np.testing.assert_allclose(large.points, adam.points, atol=1e-7)
    ADAPTIVE.says("multiplied by a hundred, the loss gives the same path to all the digits")
    for loss in ("1e-3*x - 1000*y", "x**2 + y**2"):
        run = descend(loss, optimizer="adam", lr=0.3, start=(1, 1), steps=1)
        np.testing.assert_allclose(np.abs(run.points[1] - 1), 0.3, rtol=1e-4)
    ADAPTIVE.says(r"the first step has the length $\eta$ *in each coordinate*")


def test_the_same_rate_for_all_on_rosenbrock() -> None:
    (bottom,) = minima("rosenbrock")
    runs = ADAPTIVE.result("fig-same-rate").runs
    assert [run.method.optimizer.name for run in runs] == ["gd", "momentum", "adam"]
    assert [run.lr for run in runs] == [0.001] * 3
    assert runs[0].trajectory.steps == 500
    plain, ball, adam = (run.trajectory for run in runs)
    x, y = np.abs(adam.points[-1] - adam.points[0])
    longest = np.abs(np.diff(adam.points, axis=0)).max()
    assert longest <= 0.001
    assert (adam.points[-1] > adam.points[0]).all()
    way = np.hypot(*(np.array(bottom.point) - adam.points[0]))
    ADAPTIVE.says(
        "a bent ravine leads to the minimum at $(1, 1)$, where the eigenvalues differ by a factor "
        f"of {bottom.condition_number:.0f}. Let three methods start at the customary point "
        "$(-1.2, 1)$, each with the rate $0.001$.",
        r"Five hundred steps with $\eta = 0.001$.",
        f"After 500 steps momentum has a loss of ${ball.losses[-1]:.4f}$, plain descent "
        f"${plain.losses[-1]:.2f}$ and Adam ${adam.losses[-1]:.2f}$.",
        "no step of Adam's run is longer than $0.001$ in either coordinate, and so 500 of them "
        f"can't go farther than ${500 * 0.001:g}$; they have come ${x:.2f}$ to the right and "
        f"${y:.2f}$ upwards, and the way to the minimum is ${way:.1f}$",
    )
    assert bottom.point == pytest.approx((1, 1))


def best_of(loss: str, rule: str, start: tuple[float, float], steps: int) -> tuple[float, float]:
    """The best rate of the list, and the last loss with it."""
    losses = descend(loss, optimizer=rule, lr=LIST, start=start, steps=steps).losses[-1]
    losses = np.where(np.isfinite(losses), losses, np.inf)
    return LIST[int(losses.argmin())], float(losses.min())


def test_the_best_rate_for_each_on_rosenbrock() -> None:
    ADAPTIVE.says(
        "from one list of rates for all: here 1, 2 and 5 times the powers of ten from $0.00001$ "
        "to $5$"
    )
    assert (LIST[0], LIST[-1], len(LIST)) == (0.00001, 5, 18)
    rows = dict(
        re.findall(r"^\| (gradient descent|momentum|Adam) \| (.*) \|$", ADAPTIVE.source, re.M)
    )
    best_rates = []
    names = {"gradient descent": "gd", "momentum": "momentum", "Adam": "adam"}
    same = ADAPTIVE.trajectories("fig-same-rate")
    best = ADAPTIVE.result("fig-best-rate").runs
    for (title, name), same_run, run in zip(names.items(), same, best, strict=True):
        said_same, said_rate, said = (cell.strip(" $") for cell in rows[title].split("|"))
        rate, loss = best_of("rosenbrock", name, (-1.2, 1), 500)
        best_rates.append(rate)
        assert (run.method.optimizer.name, run.lr) == (name, rate), "the figure shows it"
        assert loss == run.trajectory.losses[-1]
        assert float(said_rate) == rate
        for text, value in ((said_same, same_run.losses[-1]), (said, loss)):
            digits = len(text.partition(".")[2])
            assert f"{value:.{digits}f}" == text
            assert float(text) == pytest.approx(value, rel=0.03), "with digits that say something"
    ADAPTIVE.says(
        f"${best_rates[0]:g}$ for plain descent and for momentum, ${best_rates[2]:g}$ for Adam.",
        "its best rate is five hundred times that of the others",
    )
    assert best_rates[0] == best_rates[1] == best_rates[2] / 500
    losses = [run.trajectory.losses[-1] for run in best]
    assert min(losses) == losses[2], "now Adam is the best of the three"
    adam = best[2].trajectory
    moves = np.abs(np.diff(adam.points, axis=0))
    ADAPTIVE.says("Its first step is one long in each coordinate")
    np.testing.assert_allclose(moves[0], 1)
    assert moves[100:].max() < 0.1, "and the later steps are short"


def test_on_the_bowl_it_is_the_other_way_round() -> None:
    lowest = minima("bowl")[0].loss
    rates, excess = zip(
        *(
            (rate, loss - lowest)
            for rate, loss in (best_of("bowl", rule, (1.5, 1.5), 50) for rule in ("gd", "adam"))
        ),
        strict=True,
    )
    assert rates[0] == rates[1]
    assert abs(excess[0]) < 1e-15
    ADAPTIVE.says(
        "from $(1.5, 1.5)$ and over 50 steps, the best rate of the same list is "
        f"${rates[0]}$ for both, and there plain descent comes to the minimum in all digits, while "
        f"Adam's loss is still ${shown(excess[1])}$ above it, in the other valley.",
    )
    plain, adam = (descend(optimizer=rule, lr=rates[0]) for rule in ("gd", "adam"))
    assert plain.points[-1, 1] > 0 > adam.points[-1, 1]


# The stochastic gradient.

CARS = read_file(BOOK / "foundations/cars.csv", "cars.csv", "speed", "dist")


def excess_of(run: Trajectory) -> Array:
    """How far each loss of a run on the cars is above the least one."""
    loss = run.loss
    assert isinstance(loss, LeastSquares)
    assert loss.minimum
    return np.asarray(run.losses - loss.value(loss.minimum))


def on_cars(lr: float, steps: int, batch: int | None = 5) -> Trajectory:
    """A run like those of the figures."""
    (run,) = STOCHASTIC.result("fig-schedule").runs
    start, seed = run.start, run.method.seed
    loss: Loss = run.trajectory.loss
    return descend(loss, lr=lr, start=start, steps=steps, batch=batch, seed=seed)


def test_the_loss_of_the_cars() -> None:
    loss = LeastSquares.of(CARS)
    assert loss.minimum
    intercept, slope = loss.minimum
    x, y = CARS.columns
    assert (slope, intercept) == pytest.approx(tuple(np.polyfit(x, y, 1)))
    low, high = np.linalg.eigvalsh(np.array(loss.hessian(loss.minimum)))
    STOCHASTIC.says(
        f"\\frac{{1}}{{{len(CARS)}}} \\sum_{{i=1}}^{{{len(CARS)}}}",
        f"${intercept:.3f} + {slope:.3f}\\,x$, with a loss of "
        f"${((intercept + slope * x - y) ** 2).mean():.2f}$.",
        f"Its eigenvalues are ${low:.3f}$ and ${high:.1f}$, a ratio of ${high / low:.0f}$.",
        f"(their mean is ${x.mean():.1f}$, their standard deviation ${x.std():.1f}$)",
        f"no rate above ${2 / high:.5f}$ is stable, and with such a rate the way along the ravine "
        "takes thousands of steps",
    )
    limit = 2 / high
    assert descend(loss, lr=1.001 * limit, start=(0, 0), steps=20_000).verdict.kind == "diverged"
    assert descend(loss, lr=0.98 * limit, start=(0, 0), steps=20_000).verdict.step > 2_000


def test_the_standardized_cars() -> None:
    loss = STOCHASTIC.experiment("fig-full-gradient").loss
    assert isinstance(loss, LeastSquares)
    assert loss.minimum
    assert loss.standardized
    np.testing.assert_allclose(loss.hessian(loss.minimum), 2 * np.eye(2), atol=1e-12)
    correlation = np.corrcoef(*CARS.columns)[0, 1]
    assert loss.minimum == pytest.approx((0, correlation))
    STOCHASTIC.says(
        "both eigenvalues are $2$, the contours are circles, and the minimum is at "
        f"$(0, {correlation:.3f})$",
    )
    (run,) = STOCHASTIC.trajectories("fig-full-gradient")
    ways, moves = np.array(loss.minimum) - run.points[:20], np.diff(run.points[:21], axis=0)
    assert np.abs(ways[:, 0] * moves[:, 1] - ways[:, 1] * moves[:, 0]).max() < 1e-12, "straight"
    assert run.verdict.kind == "converged"


def test_each_step_comes_nearer_to_the_best_line_of_its_batch() -> None:
    STOCHASTIC.says("so that ten steps see every row once", "each step comes nearer to that one")
    x, y = ((column - column.mean()) / column.std() for column in CARS.columns)
    for run in STOCHASTIC.result("fig-batches").runs:
        random = np.random.RandomState(run.method.seed)
        batch, points = run.method.batch, run.trajectory.points
        assert batch
        for step in range(run.trajectory.steps):
            if step % (50 // batch) == 0:
                order = random.permutation(50)
            rows = order[step % (50 // batch) * batch :][:batch]
            slope, intercept = np.polyfit(x[rows], y[rows], 1)
            residuals = points[step, 0] + points[step, 1] * x[rows] - y[rows]
            gradient = 2 * np.array([residuals.mean(), (residuals * x[rows]).mean()])
            moved = points[step + 1] - points[step]
            np.testing.assert_allclose(moved, -run.lr * gradient, atol=1e-12)
            before, after = points[step : step + 2] - [intercept, slope]
            assert np.hypot(*after) < np.hypot(*before)


def test_batches_come_near_and_do_not_settle() -> None:
    large, small = STOCHASTIC.result("fig-batches").runs
    assert (large.lr, small.lr) == (0.2, 0.05)
    settled = STOCHASTIC.experiment("fig-full-gradient")
    for name in ("fig-batches", "fig-schedule"):
        other = STOCHASTIC.experiment(name)
        assert (other.loss, other.start, other.steps) == (
            settled.loss,
            settled.start,
            settled.steps,
        )
    STOCHASTIC.says("is the same experiment with batches of five")
    full = on_cars(settled.lr[0], settled.steps, batch=None)
    with_batches = on_cars(settled.lr[0], settled.steps)
    near = [first(excess_of(run) <= 0.05) for run in (full, with_batches)]
    STOCHASTIC.says(
        f"at the rate ${settled.lr[0]}$ of {{numref}}`fig-full-gradient`, the loss is within "
        f"$0.05$ of its minimum at step {near[0]} with all rows, and at step {near[1]} with "
        "batches of five, for a tenth of the work"
    )
    rates = (0.2, 0.1, 0.05)
    runs = [on_cars(lr, 3000) for lr in rates]
    strays = [excess_of(run)[1000:].mean() for run in runs]
    arrives = [first(excess_of(run) <= 0.05) for run in runs]
    STOCHASTIC.says(
        "Between steps 1000 and 3000 the loss of a run with $\\eta = 0.2$ is on average "
        f"${strays[0]:.4f}$ above its minimum; with $\\eta = 0.1$ it is ${strays[1]:.4f}$ above, "
        f"and with $\\eta = 0.05$ it is ${strays[2]:.4f}$.",
        "Halving the rate cuts the excess to less than a third, and takes up to twice as long to "
        "get there: the loss is first within $0.05$ of the minimum at step "
        f"{arrives[0]}, {arrives[1]} and {arrives[2]}.",
        "the larger rate is there sooner and strays farther",
    )
    for seed in range(4):
        several = [
            excess_of(
                descend(runs[0].loss, lr=lr, start=(0.9, -0.1), steps=3000, batch=5, seed=seed)
            )
            for lr in rates
        ]
        means = [excess[1000:].mean() for excess in several]
        assert means[1] < means[0] / 3, "whatever the seed"
        assert means[2] < means[1] / 3
    assert arrives[0] < arrives[1] <= 2 * arrives[0]
    assert arrives[1] < arrives[2] <= 2 * arrives[1]
    for run in (large.trajectory, small.trajectory):
        assert first(excess_of(run) < 0.05) < 20
        assert norms(run)[50:].max() > 10 * TOLERANCE, "and neither settles"


def test_batches_drawn_anew_stray_farther() -> None:
    STOCHASTIC.says(
        "Were each batch drawn from all fifty rows, whatever the batches before it had, the excess "
        "would be larger at each of these rates, and a halved rate would only about halve it."
    )
    x, y = ((column - column.mean()) / column.std() for column in CARS.columns)
    random = np.random.default_rng(0)
    runs, rates = 40, (0.2, 0.1, 0.05)
    anew = []
    for lr in rates:
        theta, sums = np.tile([0.9, -0.1], (runs, 1)).T, 0.0
        for step in range(1500):
            rows = np.stack([random.choice(50, 5, replace=False) for _ in range(runs)])
            residuals = theta[0][:, np.newaxis] + theta[1][:, np.newaxis] * x[rows] - y[rows]
            means = [residuals.mean(axis=1), (residuals * x[rows]).mean(axis=1)]
            theta = theta - lr * 2 * np.stack(means)
            if step >= 200:
                sums += (theta[0] ** 2 + (theta[1] - np.corrcoef(x, y)[0, 1]) ** 2).mean()
        anew.append(sums / 1300)
    dealt = [excess_of(on_cars(lr, 3000))[1000:].mean() for lr in rates]
    assert all(a > d for a, d in zip(anew, dealt, strict=True))
    assert anew[1] / anew[0] == pytest.approx(0.5, abs=0.1)
    assert anew[2] / anew[1] == pytest.approx(0.5, abs=0.1)


def test_a_rate_that_falls() -> None:
    (run,) = STOCHASTIC.result("fig-schedule").runs
    factors = run.method.schedule.factors(run.trajectory.steps)
    assert factors[0] == 1
    assert (np.diff(factors) < 0).all()
    assert factors[-1] < 0.001
    constant = on_cars(run.lr, run.trajectory.steps)
    ends = [excess_of(r)[-1] for r in (run.trajectory, constant)]
    STOCHASTIC.says(
        f"At step {run.trajectory.steps} the loss is ${ends[0]:.5f}$ above the minimum, where the "
        f"run with the constant rate of ${run.lr}$ is ${ends[1]:.4f}$ above it.",
        f"with a rate that falls from ${run.lr}$ to zero",
        f"follows a half wave of the cosine, from ${run.lr}$ to zero",
    )
    arrivals = [first(excess_of(r) < 0.05) for r in (run.trajectory, constant)]
    assert arrivals[0] == arrivals[1], "as fast as before"


# How large a learning rate may be.


def test_the_hessian_and_the_limit() -> None:
    bottoms = minima("bowl")
    low, high = bottoms[0].eigenvalues
    (x, y) = bottoms[1].point
    best = 2 / (low + high)
    RATES.says(
        r"H = \begin{pmatrix} 2 - 4.5 \sin 3\theta_1 & 0 \\ "
        r"0 & 2 - 4.5 \cos 3\theta_2 \end{pmatrix}",
        f"\\begin{{pmatrix}} {high:.5f} & 0 \\\\ 0 & {low:.5f} \\end{{pmatrix}}",
        f"at the minima $({x:.6f}, \\pm {y:.6f})$",
        f"The limit is $2 / {high:.5f} = {2 / high:.5f}$.",
        f"$\\eta = 2 / ({high:.5f} + {low:.5f}) \\approx {best:.4f}$; both parts then shrink to "
        "about a fifth in each step",
        f"a run with this rate has converged at step {descend(lr=best).verdict.step}, where "
        f"$\\eta = 0.1$ takes {descend(lr=0.1).verdict.step}.",
        f"Here the ratio is only ${high / low:.1f}$.",
    )
    assert bottoms[0].point == pytest.approx((x, -y))
    assert (2 - 4.5 * np.sin(3 * x), 2 - 4.5 * np.cos(3 * y)) == pytest.approx((high, low))
    assert (
        abs(1 - best * high) == pytest.approx(abs(1 - best * low)) == pytest.approx(0.2, abs=0.005)
    )


def test_three_rates_around_the_limit() -> None:
    settles, jumps, irregular = RATES.trajectories("fig-stability")
    assert [run.lr for run in RATES.result("fig-stability").runs] == [0.3, 0.34, 0.48]
    assert settles.steps == 50
    high = minima("bowl")[0].eigenvalues[1]
    low = minima("bowl")[0].eigenvalues[0]
    assert settles.verdict.kind == "converged"
    assert (np.diff(settles.losses) < 0).all()
    RATES.says(
        f"Three learning rates around the limit ${2 / high:.5f}$, fifty steps each.",
        f"It converges at step {settles.verdict.step}, as $0.1$ did, and its loss falls at every "
        f"step, although its last approach is a swing from side to side with the factor "
        f"$1 - 0.3 \\cdot {high:.5f} = {1 - 0.3 * high:.3f}$.",
        "The rate $0.34$ is barely past the limit, and only for",
        f"with $\\eta\\lambda = {0.34 * low:.2f}$ the coordinate $\\theta_2$",
        f"settles at ${jumps.points[-1, 1]:.6f}$",
        f"the line $\\theta_2 = 0$, to ${jumps.points[1, 1]:.6f}$",
        f"the last two values are ${jumps.points[-2, 0]:.4f}$ and ${jumps.points[-1, 0]:.4f}$",
    )
    assert descend(lr=0.1).verdict.step == settles.verdict.step
    ends = np.sort(descend(lr=0.34, steps=2000).points[-2:, 0])
    RATES.says(f"it alternates between ${ends[0]:.4f}$ and ${ends[1]:.4f}$")
    assert (jumps.verdict.kind, jumps.verdict.period) == ("oscillating", 2)
    assert (irregular.verdict.kind, irregular.verdict.period) == ("oscillating", None)


def test_periods_double_and_end() -> None:
    def values(lr: float) -> int:
        return len(np.unique(np.round(descend(lr=lr, steps=6000).points[-2000:, 0], 7)))

    RATES.says("four different values at $0.43$ and $0.44$, eight at $0.45$")
    assert [values(lr) for lr in (0.43, 0.44, 0.45)] == [4, 4, 8]
    RATES.says("Somewhere between $0.45$ and $0.46$ the repetition ends.")
    assert [values(lr) for lr in (0.46, 0.48, 0.5)] == [2000] * 3
    # In the long run; in the first steps it stays inside.
    long = descend(lr=0.48, steps=6000).points[1:, 0]
    RATES.says(r"At $0.48$ the values of $\theta_1$ stay within $-0.721$ and $0.372$")
    assert (long.min(), long.max()) == pytest.approx((-0.7205, 0.3715), abs=6e-4)
    assert -0.721 <= long.min() < long.max() <= 0.372
    RATES.says(r"at $0.51$, $\theta_1$ repeats after three steps")
    assert values(0.51) == 3
    apart = descend(lr=0.48, start=[(1.5, 1.5), (1.5 + 1e-9, 1.5)], steps=100).points
    assert np.abs(apart[60:, 0, 0] - apart[60:, 1, 0]).max() > 0.5, "nothing in common"


def test_bifurcation_diagram() -> None:
    shown_map = RATES.result("fig-bifurcation").maps[0]
    assert isinstance(shown_map, Bifurcation)
    points, rates = shown_map.points, shown_map.across.values(shown_map.points.shape[1])
    steps = RATES.experiment("fig-bifurcation").steps
    low, high = minima("bowl")[0].eigenvalues
    RATES.says(
        f"makes {len(rates)} runs at as many rates, leaves out the first half of each",
        f"at $2/\\lambda_{{\\max}} = {2 / high:.3f}$",
        f"its own limit, $2 / {low:.5f} = {2 / low:.3f}$",
    )
    assert len(points) == steps // 2
    with np.errstate(invalid="ignore"):
        covered = np.ptp(points, axis=0)

    def count(lr: float, axis: int = 0) -> int:
        column = np.abs(rates - lr).argmin()
        return len(np.unique(np.round(points[-64:, column, axis], 4)))

    cell = rates[1] - rates[0]
    for axis, limit in ((0, 2 / high), (1, 2 / low)):
        moving = rates[covered[:, axis] > 0.01]
        assert abs(moving.min() - limit) < 3 * cell, "each settles up to its own limit"
    assert [count(lr) for lr in (0.32, 0.38, 0.44, 0.45, 0.51)] == [1, 2, 4, 8, 3]
    assert count(0.48) > 60, "without a period, with windows between"
    # From the upper valley to the lower one, where the first step crosses the middle.
    crosses = 1.5 / (2 * 1.5 - 1.5 * np.sin(4.5))
    settled = rates < 2 / low - 3 * cell
    assert (points[-1, settled & (rates < crosses), 1] > 0).all()
    assert (points[-1, settled & (rates > crosses), 1] < 0).all()
    later = 1.2 / (2 * 1.2 - 1.5 * np.sin(3.6))
    RATES.says(
        f"That happens at $\\eta = {crosses:.5f}$, and it is chance that this lies so close to the "
        f"dashed line: from $(1.5, 1.2)$ the first step crosses only at ${later:.3f}$."
    )
    for start, lr in (((1.5, 1.5), crosses), ((1.5, 1.2), later)):
        before, after = descend(lr=[lr - 1e-6, lr + 1e-6], start=start, steps=1).points[1, :, 1]
        assert before > 0 > after
    RATES.says(r"None of these runs diverges as long as $\eta < 1$.")
    assert not np.isnan(points[:, rates < 1]).any()
    assert np.isnan(points).any()
    bound = 1.5 * rates[rates < 1] / (1 - np.abs(1 - 2 * rates[rates < 1]))
    assert (np.abs(points[:, rates < 1]).max(axis=(0, 2)) <= bound).all()


def test_the_factor_along_an_eigenvector() -> None:
    RATES.says(
        r"is multiplied by $1 - \eta\lambda$ in every step. It shrinks if this factor lies "
        r"strictly between $-1$ and $1$. At a minimum with $\lambda > 0$ the factor is always "
        r"below $1$; it is above $-1$ when $\eta\lambda < 2$.",
        r"0 < \eta < \frac{2}{\lambda_{\max}}",
        r"For $\eta\lambda$ between $0$ and $1$ the error creeps in from one side. Between $1$ "
        "and $2$ the factor is negative",
    )
    for product in (0.3, 0.9, 1.1, 1.9, 2.1):
        errors = descend("x**2 + y**2/4", lr=product / 2, start=(1, 0), steps=10).points[:, 0]
        np.testing.assert_allclose(errors[1:] / errors[:-1], 1 - product)


def test_the_bounds_beyond_one() -> None:
    RATES.says(
        r"At $\eta = 1$ the factor $|1 - 2\eta|$ of the bound reaches one",
        r"Since the wave takes away at most $1.5\,\eta$,",
        r"|\theta_{t+1}| \ge (2\eta - 1)\,|\theta_t| - 1.5\,\eta ,",
        r"larger in size than $1.5\,\eta / (2\eta - 2)$, it grows in every later step",
    )
    starts = np.random.default_rng(0).uniform(-30, 30, (200, 2))
    for lr in (1.05, 1.3):
        before, after = np.abs(descend(lr=lr, start=starts, steps=1).points)
        assert (after >= (2 * lr - 1) * before - 1.5 * lr - 1e-9).all()
        lost = before > 1.5 * lr / (2 * lr - 2)
        assert lost.any()
        assert (after > before)[lost].all()


def test_divergence_beyond_one() -> None:
    (run,) = RATES.trajectories("fig-diverging")
    end, step = run.points[-1], first(np.abs(run.points[:, 1]) > 15.75)
    RATES.says(
        f"For $\\eta = 1.05$ that point of no return is ${1.5 * 1.05 / (2 * 1.05 - 2):.2f}$.",
        f"after fifty steps the run is at $({end[0]:.1f}, {end[1]:.1f})$",
        f"passes this point at step {step}, where it stands at ${run.points[step, 1]:.2f}$",
        f"After fifty steps $\\theta_2 = {end[1]:.1f}$ and the loss is nearly $700\\,000$",
        f"it ends at ${end[0]:.1f}$",
        r"by about a tenth each time once it is large, since $|1 - 2\eta| = 1.1$",
    )
    assert run.losses[-1] == pytest.approx(700_000, rel=0.005)
    assert (np.diff(np.abs(run.points[step:, 1])) > 0).all()
    np.testing.assert_allclose(run.points[41:, 1] / run.points[40:-1, 1], -1.1, atol=0.006)
    assert abs(end[0]) < 15.75
    assert run.verdict.kind == "diverged"
    held = descend(lr=1.05, clip=(-3, 3))
    assert held.verdict.clip_step == 1
    x, y = held.points[-1]
    RATES.says(
        "The box catches the run in its very first step, and after fifty steps it stands at "
        f"$({x:.3f}, {y:.3f})$ with a loss of ${held.losses[-1]:.2f}$."
    )


def test_outcomes_by_rate_and_start() -> None:
    outcomes = RATES.result("fig-outcomes").maps[0]
    assert isinstance(outcomes, Outcomes)
    kinds, rates = outcomes.kinds, outcomes.across.values(outcomes.kinds.shape[1])
    steps = RATES.experiment("fig-outcomes").steps
    limit = 2 / minima("bowl")[0].eigenvalues[1]
    RATES.says(
        f"asks that of {len(kinds)} starts on the line $\\theta_1 = 1.5$, at {len(rates)} rates",
        f"What {kinds.size // 1000} {kinds.size % 1000} runs of {steps} steps have come to",
        f"The green ends at ${limit:.3f}$ whatever the start",
        f"so close to the limit that {steps} steps are too few, a thin strip is still on the way",
        f"the waves still hold some of the runs for {steps} steps",
        "begins just above $1$, with a ragged edge",
    )
    cell = rates[1] - rates[0]
    for row in kinds:
        assert limit - 2 * cell < rates[row == CONVERGED].max() < limit
        (strip,) = np.flatnonzero(row == SLOW)
        assert abs(rates[strip] - limit) < cell
        assert 1 < rates[row == DIVERGED].min() < 1.02
    mixed = (kinds != kinds[0]).any(axis=0)
    assert mixed.sum() == 1, "hardly ever the start"
    assert 1 < rates[mixed].item() < 1.01
    assert set(kinds[:, mixed].ravel()) == {OSCILLATING, DIVERGED}


# Saddles and local minima.


def test_the_saddle_and_three_runs_past_it() -> None:
    (saddle,) = (p for p in critical_points("bowl") if p.kind == "saddle")
    down, up = saddle.eigenvalues
    TRAPS.says(
        f"has a saddle at $({saddle.point[0]:.6f}, {saddle.point[1]:g})$.",
        f"with the entries ${up:.5f}$ and ${down:g}$",
        f"with a loss of ${saddle.loss:.6f}$",
        f"{{eq}}`eq-error` holds with $\\lambda = {down:g}$ along $\\theta_2$, and the factor "
        f"$1 - 0.1 \\cdot ({down:g}) = {1 - 0.1 * down:g}$ makes the small offset grow by "
        "a quarter",
        r"Three runs that start almost together, at $\theta_1 = 1.5$ and $\theta_2 = 0$, $0.001$ "
        rf"and $-0.01$. The first ends on the saddle at $({saddle.point[0]:.3f}, 0)$. The second "
        "turns off into the upper valley and the third into the lower one.",
        r"$2\theta_2 - \tfrac{3}{2} \sin 3\theta_2$",
    )
    y = np.linspace(-2, 2, 9)
    slopes = find_loss("bowl").gradient(np.stack([np.zeros(9), y], axis=-1))[:, 1]
    np.testing.assert_allclose(slopes, 2 * y - 1.5 * np.sin(3 * y), atol=1e-12)
    stuck, above, below = TRAPS.result("fig-saddle").runs
    assert stuck.trajectory.steps == 50
    assert [run.start for run in (stuck, above, below)] == [(1.5, 0), (1.5, 0.001), (1.5, -0.01)]
    assert (stuck.verdict.kind, stuck.verdict.place) == ("stuck", "saddle")
    assert np.abs(stuck.trajectory.points[-1] - saddle.point).max() < 1e-12, "to twelve digits"
    assert above.verdict.kind == below.verdict.kind == "converged"
    assert above.trajectory.points[-1, 1] > 0 > below.trajectory.points[-1, 1]
    lost = descend(start=(1.5, 1e-6))
    TRAPS.says(
        f"shorter than $10^{{-3}}$ from step {stuck.verdict.step} on",
        f"The third run has converged at step {below.verdict.step} and the second at step "
        f"{above.verdict.step}",
        f"From $(1.5, 0.000001)$, plain descent has a loss of ${lost.losses[-1]:.6f}$ after fifty "
        f"steps and looks stuck. It is not. It converges at step "
        f"{descend(start=(1.5, 1e-6), steps=200).verdict.step}.",
        r"a thousandfold smaller one costs about thirty steps, since $1.25^{31} \approx 1000$",
    )
    assert round(1.25**31, -2) == 1000
    assert lost.verdict.kind == "slow"


def test_the_camel_and_four_runs_on_it() -> None:
    points = critical_points("three-hump-camel", (-2, 2), (-2, 2))
    bottoms = [p for p in points if p.kind == "minimum"]
    saddles = [p for p in points if p.kind == "saddle"]
    assert bottoms[0].point == pytest.approx((0, 0))
    assert (len(bottoms), len(saddles), len(points)) == (3, 2, 5)
    (x, y), (u, v) = bottoms[2].point, saddles[1].point
    TRAPS.says(
        f"two local minima, at $({x:.4f}, {y:.4f})$ and at $({-x:.4f}, {-y:.4f})$, and both have "
        f"$L = {bottoms[2].loss:.4f}$",
        f"Saddles at $({u:.4f}, {v:.4f})$ and $({-u:.4f}, {-v:.4f})$",
        "The runs from $(1.2, 1.5)$ and $(-0.5, -1.5)$ reach the global minimum at the origin. "
        "Those from $(1.5, 1.5)$ and $(-1.5, 1.5)$ are trapped in the local minima to the right "
        "and to the left.",
        f"the first ends at a loss of ${bottoms[2].loss:.4f}$ and the second at $0$",
    )
    runs = TRAPS.result("fig-traps").runs
    TRAPS.says("All four runs in {numref}`fig-traps` converge within fifty steps.")
    assert runs[0].trajectory.steps == 50
    for name in ("fig-traps", "fig-basins"):
        assert TRAPS.experiment(name).frame == ((-2, 2), (-2, 2))
    assert [run.start for run in runs] == [(1.5, 1.5), (1.2, 1.5), (-1.5, 1.5), (-0.5, -1.5)]
    ends = [(x, y), (0, 0), (-x, -y), (0, 0)]
    for run, end in zip(runs, ends, strict=True):
        assert run.verdict.kind == "converged"
        assert run.verdict.point == pytest.approx(end, abs=1e-9)
    assert (np.diff(runs[0].trajectory.losses) < 0).all()
    smaller = descend("three-hump-camel", lr=0.01, start=(1.5, 1.5), steps=2000)
    assert smaller.verdict.point == pytest.approx((x, y)), "a smaller rate does not help"


def test_basins_of_the_camel() -> None:
    result = TRAPS.result("fig-basins")
    plain, ball = result.maps
    assert isinstance(plain, Basins)
    assert isinstance(ball, Basins)
    shares = [[shown.share(n) for n in range(3)] for shown in (plain, ball)]
    for shown_map, row in zip((plain, ball), shares, strict=True):
        assert shown_map.destinations[0].point == pytest.approx((0, 0))
        assert sum(row) == pytest.approx(1)
        assert row[1] == pytest.approx(row[2])
    side = len(plain.labels)
    trapped = 1 - shares[0][0]
    TRAPS.says(
        f"one run for each of ${side} \\times {side}$ starts",
        f"Of the square from $-2$ to $2$, {100 * shares[0][0]:.0f} per cent belong to the origin, "
        f"and each local minimum catches {100 * shares[0][1]:.1f} per cent.",
        f"the origin gets {100 * shares[1][0]:.1f} per cent",
        f"the chance that all of them are trapped is ${trapped:.2f}^5$, about one in a hundred",
        "The start $(1.5, 1.5)$ is trapped with momentum as well.",
    )
    assert trapped**5 == pytest.approx(0.01, abs=0.002)
    assert all(
        run.verdict.point == pytest.approx((1.7476, -0.8738), abs=5e-5) for run in result.runs
    )
    options = {**TRAPS.figures["fig-basins"], "optimizer": "gd", "lr": "0.05"}
    assert result.runs[1].lr == 0.05
    del options["titles"]
    slower, _ = read_experiment(options)
    assert slower
    found = run_experiment(slower).maps[0]
    assert isinstance(found, Basins)
    TRAPS.says(f"plain descent comes to the origin from {100 * found.share(0):.1f} per cent")

    def border(labels: NDArray[np.int16]) -> int:
        return int((np.diff(labels, axis=0) != 0).sum() + (np.diff(labels, axis=1) != 0).sum())

    def most_changes(labels: NDArray[np.int16]) -> int:
        return int((np.diff(labels, axis=1) != 0).sum(axis=1).max())

    assert most_changes(plain.labels) <= 3, "smooth lines"
    assert most_changes(ball.labels) > 6, "threads"
    assert border(ball.labels) > 2 * border(plain.labels)

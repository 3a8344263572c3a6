"""What the sections on momentum, adaptive methods, batches, rates and traps say is what runs do.

Numbers and verdicts that the page quotes from its figures are held by the build. Here is what it
says in words of its own: such a sentence is made of what is computed, and has to stand in the page.
"""

from __future__ import annotations

import re

import numpy as np
import pytest
from numpy.typing import NDArray
from sources import BOOK, Page

from sphinx_gdviz import CriticalPoint, Loss, Trajectory, critical_points, descend, find_loss
from sphinx_gdviz.core.descent.maps import Basins, Bifurcation, Outcomes
from sphinx_gdviz.core.descent.verdict import KINDS, TOLERANCE
from sphinx_gdviz.core.losses.dataset import read_file
from sphinx_gdviz.core.losses.regression import LeastSquares
from sphinx_gdviz.core.options.read import read_experiment
from sphinx_gdviz.core.result import run as run_experiment

CONVERGED, SLOW, OSCILLATING, DIVERGED = (
    KINDS.index(kind) for kind in ("converged", "slow", "oscillating", "diverged")
)
MOMENTUM, ADAPTIVE, STOCHASTIC, RATES, TRAPS = (
    Page(f"foundations/{name}.md")
    for name in ("momentum", "adaptive", "stochastic", "learning-rates", "traps")
)

Array = NDArray[np.float64]


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


BOWL = minima("bowl")
LOW, HIGH = BOWL[0].eigenvalues
(SADDLE,) = (point for point in critical_points("bowl") if point.kind == "saddle")


def heavy_ball(curvature: float, momentum: float, lr: float) -> float:
    """By what the error of a heavy ball on a parabola is multiplied in the long run."""
    update = np.array([[1 + momentum - lr * curvature, -momentum], [1.0, 0.0]])
    return float(np.abs(np.linalg.eigvals(update)).max())


def outcomes_of(page: Page, name: str) -> Outcomes:
    """The map of a figure."""
    (outcomes,) = page.result(name).maps
    assert isinstance(outcomes, Outcomes)
    count = f"{outcomes.kinds.size // 1000} {outcomes.kinds.size % 1000}"
    page.says(f"tries {count} pairs" if page is MOMENTUM else f"What {count} runs")
    return outcomes


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


def test_momentum_gathers_speed_and_without_it_is_plain_descent() -> None:
    steps = np.diff(descend("x + 0*y", optimizer="momentum", lr=0.1, steps=400).points[:, 0])
    assert steps[-1] / steps[0] == pytest.approx(1 / (1 - 0.9))
    plain, ball = descend(), descend(optimizer="momentum(momentum=0)")
    assert (plain.points == ball.points).all()


def test_momentum_off_the_saddle() -> None:
    plain, ball = MOMENTUM.trajectories("fig-momentum-saddle")
    away, away_ball = (first(np.abs(run.points[:, 1]) > 0.5) for run in (plain, ball))
    factors = 1 - 0.1 * SADDLE.eigenvalues[0], heavy_ball(SADDLE.eigenvalues[0], 0.9, 0.1)
    MOMENTUM.says(
        "starts a millionth above the line",
        f"The size of $\\theta_2$ first exceeds $0.5$ at step {away_ball} with momentum, "
        f"and at step {away} without.",
        f"$1 - 0.1 \\cdot ({SADDLE.eigenvalues[0]:.1f}) = {factors[0]:.2f}$",
        f"which is ${factors[1]:.2f}$. So the ball needs half the steps",
    )
    assert plain.points[0, 1] == 1e-6
    assert away_ball / away == pytest.approx(0.5, abs=0.02)
    assert np.log(factors[0]) / np.log(factors[1]) == pytest.approx(0.5, abs=0.02)
    for run, factor in zip((plain, ball), factors, strict=True):
        assert run.points[20, 1] / run.points[19, 1] == pytest.approx(factor, rel=1e-3)
    assert ball.points[:, 1].max() > 0.9 > plain.points[:, 1].max(), "it overshoots 0.674"
    assert first(norms(plain) < TOLERANCE) < 30, "plain descent stays on the saddle for long"
    assert plain.verdict.step - away < 15, "and then needs few steps more"


def test_the_best_that_can_be_done_in_a_ravine() -> None:
    plain, ball = MOMENTUM.result("fig-momentum-ravine").runs
    momentum = ball.method.optimizer.values["momentum"]
    assert [plain.lr, ball.lr, momentum] == pytest.approx([1 / 13, 1 / 9, 4 / 9], abs=5e-5)
    (bottom,) = minima("ravine")
    MOMENTUM.says("Its eigenvalues are $1$ and $25$.", r"each step multiplies an error by about $2")
    assert bottom.eigenvalues == pytest.approx((1, 25))
    rates = np.linspace(0.001, 0.2, 400)
    assert np.abs(1 - np.outer(rates, [1, 25])).max(axis=1).min() >= 12 / 13 - 1e-9
    assert [heavy_ball(c, 4 / 9, 1 / 9) for c in (1, 25)] == pytest.approx([2 / 3] * 2, abs=1e-6)
    for other in np.linspace(0, 0.95, 20):
        for lr in np.linspace(0.005, 0.16, 32):
            assert max(heavy_ball(c, other, lr) for c in (1, 25)) >= 2 / 3 - 1e-6
    root = (np.sqrt(1400) - 1) / (np.sqrt(1400) + 1)
    assert root == pytest.approx(np.sqrt(0.9), abs=1e-3)
    MOMENTUM.says(f"is $(\\sqrt{{1400}} - 1)/(\\sqrt{{1400}} + 1)$, nearly ${root:.2f}$.")


def test_limit_of_the_rate_with_momentum() -> None:
    MOMENTUM.says(r"0 < \eta < \frac{2 (1 + \mu)}{\lambda} ,")
    for momentum in (0.0, 0.3, 0.7, 0.95):
        limit = 2 * (1 + momentum)
        assert heavy_ball(1, momentum, 0.999 * limit) < 1 < heavy_ball(1, momentum, 1.001 * limit)


def test_outcomes_by_rate_and_momentum() -> None:
    outcomes = outcomes_of(MOMENTUM, "fig-momentum-outcomes")
    kinds = outcomes.kinds
    lr, momentum = np.meshgrid(*(a.values(160) for a in (outcomes.across, outcomes.up)))
    limit = 2 * (1 + momentum) / HIGH
    assert not ((kinds == CONVERGED) & (lr > limit)).any()
    cell = (lr[0, 1] - lr[0, 0]).item()
    for row in range(80):  # up to a momentum of 0.475
        last = lr[row, kinds[row] == CONVERGED].max()
        assert limit[row, 0] - last < 3 * cell, "the edge lies where the limit says"
    strip = 2 / HIGH - lr[0, kinds[0] == CONVERGED].max() - cell / 2
    assert strip < 2 * cell, "but for a strip of the width of a cell or two"
    MOMENTUM.says("no pair in the figure makes a run diverge", r"Above $\mu = 0.5$ some are caught")
    assert not (kinds == DIVERGED).any()
    caught = (lr < 0.98 * limit) & (kinds == OSCILLATING)
    assert caught.sum() > 500
    assert 0.5 < momentum[caught].min() < 0.55
    top = kinds[(momentum > 0.93) & (lr > 0.02) & (lr < 0.3)]
    assert (top == SLOW).all(), "at the top the ball rings for so long"
    later = descend(optimizer="momentum(momentum=0.94)", lr=0.2, steps=1000)
    assert later.verdict.kind == "converged"


# Adaptive methods.

LIST = [float(f"{digit}e{power}") for power in range(-5, 1) for digit in (1, 2, 5)]
"""1, 2 and 5 times the powers of ten from 0.00001 to 5."""


def test_first_steps_into_a_ravine() -> None:
    plain, adam = ADAPTIVE.trajectories("fig-adaptive-ravine")
    lr = ADAPTIVE.experiment("fig-adaptive-ravine").lr[0]
    moves = np.abs(np.diff(adam.points, axis=0))
    np.testing.assert_allclose(moves[0], lr, rtol=1e-6)
    assert moves[1:11].min() > 0.9 * lr, "and by nearly as much in the ten steps after"
    away = -plain.gradients[0] / norms(plain)[0]
    assert away[1] < -0.99, "nearly straight at the opposite wall"
    assert (plain.points[:3, 1] * [1, -1, 1] > 0).all(), "it jumps across"
    assert (np.abs(plain.points[10:30, 1]) < 1e-5).all(), "and then crawls along"
    loss, start = "100*(x**2 + 25*y**2)/2", adam.points[0]
    large = descend(loss, optimizer="adam", lr=lr, start=start, steps=adam.steps)
    np.testing.assert_allclose(large.points, adam.points, atol=1e-7)
    ADAPTIVE.says("multiplied by a hundred, the loss gives the same path to all the digits")


def test_the_same_rate_for_all_on_rosenbrock() -> None:
    adam = ADAPTIVE.trajectories("fig-same-rate")[2]
    assert np.abs(np.diff(adam.points, axis=0)).max() <= 0.001
    assert adam.steps * 0.001 == 0.5, "500 of them can't go farther than a half"


def best_of(loss: str, rule: str, start: tuple[float, float], steps: int) -> tuple[float, float]:
    """The best rate of the list, and the last loss with it."""
    losses = descend(loss, optimizer=rule, lr=LIST, start=start, steps=steps).losses[-1]
    losses = np.where(np.isfinite(losses), losses, np.inf)
    return LIST[int(losses.argmin())], float(losses.min())


def test_the_best_rate_for_each() -> None:
    ADAPTIVE.says(
        "from one list of rates for all: here 1, 2 and 5 times the powers of ten from $0.00001$ "
        "to $5$",
        "its best rate is five hundred times that of the others",
    )
    assert (LIST[0], LIST[-1], len(LIST)) == (0.00001, 5, 18)
    runs = ADAPTIVE.result("fig-best-rate").runs
    assert [run.method.optimizer.name for run in runs] == ["gd", "momentum", "adam"]
    for run in runs:
        best = best_of("rosenbrock", run.method.optimizer.name, (-1.2, 1), 500)
        assert best == (run.lr, run.trajectory.losses[-1])
    assert runs[0].lr == runs[1].lr == runs[2].lr / 500
    assert min(runs, key=lambda run: run.trajectory.losses[-1]) is runs[2], "Adam is the best"
    moves = np.abs(np.diff(runs[2].trajectory.points, axis=0))
    np.testing.assert_allclose(moves[0], 1)
    assert moves[100:].max() < 0.1, "it keeps the later steps short"


def test_on_the_bowl_it_is_the_other_way_round() -> None:
    assert [best_of("bowl", rule, (1.5, 1.5), 50)[0] for rule in ("gd", "adam")] == [0.2, 0.2]
    plain, adam = (descend(optimizer=rule, lr=0.2) for rule in ("gd", "adam"))
    assert plain.losses[-1] == pytest.approx(BOWL[0].loss, abs=1e-15), "in all digits"
    assert plain.points[-1, 1] > 0 > adam.points[-1, 1], "in the other valley"


# The stochastic gradient.

CARS = read_file(BOOK / "foundations/cars.csv", "cars.csv", "speed", "dist")
SPEED, DIST = ((column - column.mean()) / column.std() for column in CARS.columns)


def excess_of(run: Trajectory) -> Array:
    """How far each loss of a run on the cars is above the least one."""
    loss = run.loss
    assert isinstance(loss, LeastSquares)
    assert loss.minimum
    return np.asarray(run.losses - loss.value(loss.minimum))


def on_cars(lr: float, steps: int, batch: int | None = 5, seed: int = 1) -> Trajectory:
    """A run like those of the figures."""
    loss: Loss = STOCHASTIC.experiment("fig-batches").loss
    return descend(loss, lr=lr, start=(0.9, -0.1), steps=steps, batch=batch, seed=seed)


def test_the_cars_and_what_standardizing_makes_of_them() -> None:
    loss = LeastSquares.of(CARS)
    assert loss.minimum
    x, y = CARS.columns
    assert loss.minimum[::-1] == pytest.approx(tuple(np.polyfit(x, y, 1)))
    low, high = np.linalg.eigvalsh(np.array(loss.hessian(loss.minimum)))
    STOCHASTIC.says(
        f"\\frac{{1}}{{{len(CARS)}}} \\sum_{{i=1}}^{{{len(CARS)}}}",
        f"Its eigenvalues are ${low:.3f}$ and ${high:.1f}$",
        f"(their mean is ${x.mean():.1f}$, their standard deviation ${x.std():.1f}$)",
        "both eigenvalues are $2$, the contours are circles",
    )
    (run,) = STOCHASTIC.trajectories("fig-full-gradient")
    loss = run.loss
    assert loss.minimum == pytest.approx((0, np.corrcoef(x, y)[0, 1]))
    np.testing.assert_allclose(loss.hessian(loss.minimum), 2 * np.eye(2), atol=1e-12)
    ways, moves = np.array(loss.minimum) - run.points[:20], np.diff(run.points[:21], axis=0)
    assert np.abs(ways[:, 0] * moves[:, 1] - ways[:, 1] * moves[:, 0]).max() < 1e-12, "straight"


def test_each_step_comes_nearer_to_the_best_line_of_its_batch() -> None:
    STOCHASTIC.says("so that ten steps see every row once", "each step comes nearer to that one")
    for run in STOCHASTIC.result("fig-batches").runs:
        random, points = np.random.RandomState(run.method.seed), run.trajectory.points
        for step in range(run.trajectory.steps):
            if step % 10 == 0:
                order = random.permutation(50)
            rows = order[step % 10 * 5 :][:5]
            slope, intercept = np.polyfit(SPEED[rows], DIST[rows], 1)
            before, after = points[step : step + 2] - [intercept, slope]
            assert np.hypot(*after) < np.hypot(*before)


def test_batches_come_near_and_do_not_settle() -> None:
    near = [first(excess_of(on_cars(0.1, 100, batch)) <= 0.05) for batch in (None, 5)]
    STOCHASTIC.says(
        f"the loss is within $0.05$ of its minimum at step {near[0]} with all rows, and at step "
        f"{near[1]} with batches of five, for a tenth of the work"
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
    )
    for seed in range(3):
        means = [excess_of(on_cars(lr, 3000, seed=seed))[1000:].mean() for lr in rates]
        assert means[1] < means[0] / 3, "whatever the seed"
        assert means[2] < means[1] / 3
    assert arrives[0] < arrives[1] <= 2 * arrives[0]
    assert arrives[1] < arrives[2] <= 2 * arrives[1]
    for run in STOCHASTIC.trajectories("fig-batches"):
        assert norms(run)[50:].max() > 10 * TOLERANCE, "neither settles"
    falling, constant = (
        first(excess_of(run) < 0.05)
        for run in (*STOCHASTIC.trajectories("fig-schedule"), on_cars(0.2, 100))
    )
    assert falling == constant, "as fast as before"


def test_batches_drawn_anew_stray_farther() -> None:
    STOCHASTIC.says(
        "Were each batch drawn from all fifty rows, whatever the batches before it had, the excess "
        "would be larger at each of these rates, and a halved rate would only about halve it."
    )
    random = np.random.default_rng(0)
    runs, rates = 40, (0.2, 0.1, 0.05)
    anew = []
    for lr in rates:
        theta, sums = np.tile([0.9, -0.1], (runs, 1)).T, 0.0
        for step in range(1000):
            rows = random.permuted(np.tile(np.arange(50), (runs, 1)), axis=1)[:, :5]
            residuals = theta[0][:, np.newaxis] + theta[1][:, np.newaxis] * SPEED[rows] - DIST[rows]
            means = [residuals.mean(axis=1), (residuals * SPEED[rows]).mean(axis=1)]
            theta = theta - lr * 2 * np.stack(means)
            if step >= 200:
                sums += (theta[0] ** 2 + (theta[1] - (SPEED * DIST).mean()) ** 2).mean()
        anew.append(sums / 800)
    dealt = [excess_of(on_cars(lr, 3000))[1000:].mean() for lr in rates]
    assert all(a > d for a, d in zip(anew, dealt, strict=True))
    assert [anew[1] / anew[0], anew[2] / anew[1]] == pytest.approx([0.5, 0.5], abs=0.1)


# How large a learning rate may be.


def test_the_hessian_and_the_limit() -> None:
    x, y = BOWL[1].point
    best = 2 / (LOW + HIGH)
    RATES.says(
        r"H = \begin{pmatrix} 2 - 4.5 \sin 3\theta_1 & 0 \\ "
        r"0 & 2 - 4.5 \cos 3\theta_2 \end{pmatrix}",
        f"\\begin{{pmatrix}} {HIGH:.5f} & 0 \\\\ 0 & {LOW:.5f} \\end{{pmatrix}}",
        f"at the minima $({x:.6f}, \\pm {y:.6f})$",
        f"The limit is $2 / {HIGH:.5f}$ = ",
        f"$\\eta = 2 / ({HIGH:.5f} + {LOW:.5f}) \\approx {best:.4f}$; both parts then shrink to "
        "about a fifth in each step",
    )
    assert BOWL[0].point == pytest.approx((x, -y))
    assert (2 - 4.5 * np.sin(3 * x), 2 - 4.5 * np.cos(3 * y)) == pytest.approx((HIGH, LOW))
    assert [best * HIGH - 1, 1 - best * LOW] == pytest.approx([0.2, 0.2], abs=0.005)


def test_three_rates_around_the_limit() -> None:
    settles, *_ = RATES.trajectories("fig-stability")
    assert (np.diff(settles.losses) < 0).all(), "its loss falls at every step"
    assert descend(lr=0.1).verdict.step == settles.verdict.step, "as 0.1 did"
    RATES.says(
        f"with the factor $1 - 0.3 \\cdot {HIGH:.5f} = {1 - 0.3 * HIGH:.3f}$.",
        f"with $\\eta\\lambda = {0.34 * LOW:.2f}$ the coordinate $\\theta_2$",
        "Somewhere between $0.45$ and $0.46$ the repetition ends.",
        r"At $0.48$ the values of $\theta_1$ stay within $-0.721$ and $0.372$",
    )
    runs = descend(lr=[0.46, 0.48, 0.5], steps=6000).points[:, :, 0]
    assert [len(np.unique(np.round(x[-2000:], 7))) for x in runs.T] == [2000] * 3
    assert (runs[1:, 1].min(), runs[1:, 1].max()) == pytest.approx((-0.7205, 0.3715), abs=5e-4)
    apart = descend(lr=0.48, start=[(1.5, 1.5), (1.5 + 1e-9, 1.5)], steps=100).points
    assert np.abs(apart[60:, 0, 0] - apart[60:, 1, 0]).max() > 0.5, "nothing in common"


def test_bifurcation_diagram() -> None:
    (diagram,) = RATES.result("fig-bifurcation").maps
    assert isinstance(diagram, Bifurcation)
    points, rates = diagram.points, diagram.across.values(diagram.points.shape[1])
    # From the upper valley to the lower one, where the first step crosses the middle.
    crosses, later = (y / (2 * y - 1.5 * np.sin(3 * y)) for y in (1.5, 1.2))
    RATES.says(
        f"makes {len(rates)} runs at as many rates, leaves out the first half of each",
        f"its own limit, $2 / {LOW:.5f} = {2 / LOW:.3f}$",
        f"That happens at $\\eta = {crosses:.5f}$, and it is chance that this lies so close to the "
        f"dashed line: from $(1.5, 1.2)$ the first step crosses only at ${later:.3f}$.",
        r"None of these runs diverges as long as $\eta < 1$.",
    )
    assert len(points) == RATES.experiment("fig-bifurcation").steps // 2
    cell = rates[1] - rates[0]
    with np.errstate(invalid="ignore"):
        moving = np.ptp(points, axis=0) > 0.01
    for axis, limit in ((0, 2 / HIGH), (1, 2 / LOW)):
        assert abs(rates[moving[:, axis]].min() - limit) < 3 * cell, "up to its own limit"

    def count(lr: float) -> int:
        column = np.abs(rates - lr).argmin()
        return len(np.unique(np.round(points[-64:, column, 0], 4)))

    assert [count(lr) for lr in (0.32, 0.38, 0.44, 0.45, 0.51)] == [1, 2, 4, 8, 3]
    assert count(0.48) > 60, "without a period, with windows between"
    settled = rates < 2 / LOW - 3 * cell
    assert (points[-1, settled & (rates < crosses), 1] > 0).all()
    assert (points[-1, settled & (rates > crosses), 1] < 0).all()
    for start, lr in (((1.5, 1.5), crosses), ((1.5, 1.2), later)):
        before, after = descend(lr=[lr - 1e-6, lr + 1e-6], start=start, steps=1).points[1, :, 1]
        assert before > 0 > after
    bound = 1.5 * rates[rates < 1] / (1 - np.abs(1 - 2 * rates[rates < 1]))
    assert (np.abs(points[:, rates < 1]).max(axis=(0, 2)) <= bound).all(), "nor leaves the box"
    assert np.isnan(points).any()


def test_divergence_beyond_one() -> None:
    (run,) = RATES.trajectories("fig-diverging")
    RATES.says(
        r"larger in size than $1.5\,\eta / (2\eta - 2)$, it grows in every later step",
        "that point of no return is $15.75$.",
        r"by about a tenth each time once it is large, since $|1 - 2\eta| = 1.1$",
        "passes this point at step {gdviz-value}`fig-diverging index step=8`",
    )
    assert first(np.abs(run.points[:, 1]) > 15.75) == 8
    assert (np.diff(np.abs(run.points[8:, 1])) > 0).all()
    np.testing.assert_allclose(run.points[41:, 1] / run.points[40:-1, 1], -1.1, atol=0.006)
    assert abs(run.points[-1, 0]) < 15.75, "the first has not yet reached it"


def test_outcomes_by_rate_and_start() -> None:
    outcomes = outcomes_of(RATES, "fig-outcomes")
    kinds, rates = outcomes.kinds, outcomes.across.values(outcomes.kinds.shape[1])
    RATES.says(f"{len(kinds)} starts on the line $\\theta_1 = 1.5$, at {len(rates)} rates each")
    cell = rates[1] - rates[0]
    for row in kinds:
        assert 2 / HIGH - 2 * cell < rates[row == CONVERGED].max() < 2 / HIGH
        (strip,) = np.flatnonzero(row == SLOW)
        assert abs(rates[strip] - 2 / HIGH) < cell, "a thin strip is still on the way"
        assert 1 < rates[row == DIVERGED].min() < 1.02, "begins just above 1"
    mixed = (kinds != kinds[0]).any(axis=0)
    assert mixed.sum() == 1, "the rate decides, and hardly ever the start"
    assert set(kinds[:, mixed].ravel()) == {OSCILLATING, DIVERGED}, "with a ragged edge"


# Saddles and local minima.


def test_the_saddle_and_three_runs_past_it() -> None:
    down, up = SADDLE.eigenvalues
    TRAPS.says(
        f"with the entries ${up:.5f}$ and ${down:g}$",
        f"the factor $1 - 0.1 \\cdot ({down:g}) = {1 - 0.1 * down:g}$ makes the small offset grow",
        r"a thousandfold smaller one costs about thirty steps, since $1.25^{31} \approx 1000$",
        r"$2\theta_2 - \tfrac{3}{2} \sin 3\theta_2$",
    )
    assert round(1.25**31, -2) == 1000
    y = np.linspace(-2, 2, 9)
    slopes = find_loss("bowl").gradient(np.stack([np.zeros(9), y], axis=-1))[:, 1]
    np.testing.assert_allclose(slopes, 2 * y - 1.5 * np.sin(3 * y), atol=1e-12)
    stuck, above, below = TRAPS.trajectories("fig-saddle")
    assert np.abs(stuck.points[-1] - SADDLE.point).max() < 1e-12, "to twelve digits"
    assert above.points[-1, 1] > 0 > below.points[-1, 1], "each in the valley on its own side"
    assert descend(start=(1.5, 1e-6)).verdict.kind == "slow", "after fifty steps"


def test_the_camel_and_four_runs_on_it() -> None:
    points = critical_points("three-hump-camel", (-2, 2), (-2, 2))
    kinds = [point.kind for point in points]
    assert (kinds.count("minimum"), kinds.count("saddle"), len(points)) == (3, 2, 5)
    right = next(p.point for p in points if p.kind == "minimum" and p.point[0] > 1)
    left = tuple(-value for value in right)
    runs = TRAPS.result("fig-traps").runs
    for run, end in zip(runs, (right, (0, 0), left, (0, 0)), strict=True):
        assert run.verdict.point == pytest.approx(end, abs=1e-9)
    assert (np.diff(runs[0].trajectory.losses) < 0).all()
    smaller = descend("three-hump-camel", lr=0.01, start=(1.5, 1.5), steps=2000)
    assert smaller.verdict.point == pytest.approx(right), "a smaller rate does not help"


def changes(labels: NDArray[np.int16], axis: int) -> NDArray[np.int_]:
    """How often a line through a map goes from one basin to another."""
    return np.asarray((np.diff(labels, axis=axis) != 0).sum(axis=axis))


def test_basins_of_the_camel() -> None:
    result = TRAPS.result("fig-basins")
    plain, ball = (found for found in result.maps if isinstance(found, Basins))
    for found in (plain, ball):
        assert found.destinations[0].point == pytest.approx((0, 0))
        assert sum(found.share(n) for n in range(3)) == pytest.approx(1)
    options = {**TRAPS.figures["fig-basins"], "optimizer": "gd", "lr": "0.05"}
    del options["titles"]
    slower, _ = read_experiment(options)
    assert slower
    assert result.runs[1].lr == 0.05
    (same_rate,) = run_experiment(slower).maps
    assert isinstance(same_rate, Basins)
    TRAPS.says(
        f"one run for each of ${len(plain.labels)} \\times {len(plain.labels)}$ starts",
        f"Of the square from $-2$ to $2$, {100 * plain.share(0):.0f} per cent belong to the "
        f"origin, and each local minimum catches {100 * plain.share(1):.1f} per cent.",
        f"the origin gets {100 * ball.share(0):.1f} per cent",
        f"plain descent comes to the origin from {100 * same_rate.share(0):.1f} per cent",
        "the chance that all of them are trapped is "
        f"${1 - plain.share(0):.2f}^5$, about one in a hundred",
    )
    assert plain.share(1) == pytest.approx(plain.share(2), abs=1e-3)
    assert (1 - plain.share(0)) ** 5 == pytest.approx(0.01, abs=0.002)
    assert all(
        run.verdict.point == pytest.approx((1.7476, -0.8738), abs=5e-5) for run in result.runs
    )
    assert changes(plain.labels, 1).max() <= 3, "smooth lines"
    assert changes(ball.labels, 1).max() > 6, "threads"
    borders = [sum(changes(found.labels, axis).sum() for axis in (0, 1)) for found in (plain, ball)]
    assert borders[1] > 2 * borders[0]

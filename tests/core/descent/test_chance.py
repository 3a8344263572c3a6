"""What is random in a run: noise, batches, seeds; and what does not change a run."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sphinx_gdviz.core.descent.run import descend
from sphinx_gdviz.core.losses.dataset import read_dataset
from sphinx_gdviz.core.losses.logistic import LogisticRegression
from sphinx_gdviz.core.losses.regression import LeastSquares

RANDOM = np.random.RandomState(0)
X = RANDOM.normal(size=60)
Y = 1.5 * X + RANDOM.normal(size=60)
TABLE = "x,y,z\n" + "\n".join(
    f"{a},{b},{int(b > 0)}" for a, b in zip(X.tolist(), Y.tolist(), strict=True)
)
LINE = LeastSquares.of(read_dataset(TABLE.encode(), "t.csv", "x", "y"))
steady = settings(deadline=None, derandomize=True, max_examples=40, database=None)


@steady
@given(st.floats(1e-3, 1e3), st.floats(-2, 2), st.floats(-2, 2))
def test_a_loss_c_times_as_steep_and_a_rate_c_times_as_small_are_the_same_run(
    c: float, x: float, y: float
) -> None:
    usual = descend("bowl", lr=0.1, start=(x, y))
    scaled = descend(f"{c!r}*(x**2 + y**2 + 0.5*sin(3*x) + 0.5*cos(3*y))", lr=0.1 / c, start=(x, y))
    np.testing.assert_allclose(scaled.points, usual.points, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("c", [0.25, 4.0, 1024.0])
def test_powers_of_two_do_so_to_the_last_bit(c: float) -> None:
    usual, scaled = (
        descend("x**4 + x*y + y**2", lr=0.05),
        descend(f"{c!r}*(x**4 + x*y + y**2)", lr=0.05 / c),
    )
    np.testing.assert_array_equal(scaled.points, usual.points)


def test_noise_is_added_to_each_gradient() -> None:
    """On a plane the gradient is constant, so the steps show the noise itself."""
    run = descend("0*x", noise=0.5, lr=1.0, steps=4000, start=(0.0, 0.0), seed=3)
    noise = -np.diff(run.points, axis=0)
    assert np.abs(noise.mean(axis=0)).max() < 4 * 0.5 / np.sqrt(4000)
    np.testing.assert_allclose(noise.std(axis=0), 0.5, rtol=0.05)
    assert abs(np.corrcoef(noise.T)[0, 1]) < 0.06
    assert abs(np.corrcoef(noise[1:, 0], noise[:-1, 0])[0, 1]) < 0.06
    assert (run.gradients == 0).all(), "the gradient itself stays exact"


def test_a_seed_is_a_run() -> None:
    one, same, other = (descend(noise=0.3, seed=seed).points for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert (one[1:] != other[1:]).all()
    # The stream of NumPy's legacy generator is frozen: this run is the same for ever.
    np.testing.assert_allclose(
        one[1] - descend().points[1], -0.1 * 0.3 * np.array([1.62434536, -0.61175641])
    )


def test_all_runs_meet_the_same_noise_and_the_same_batches() -> None:
    for loss, chance in (("bowl", {"noise": 0.3}), (LINE, {"batch": 7})):
        starts = [(1.5, 1.5), (-1.0, 0.5)]
        both = descend(loss, start=starts, lr=0.1, seed=5, **chance)  # type: ignore[arg-type]
        for index, start in enumerate(starts):
            alone = descend(loss, start=start, lr=0.1, seed=5, **chance)  # type: ignore[arg-type]
            np.testing.assert_array_equal(alone.points, both.points[:, index])


def test_each_epoch_sees_each_row_once() -> None:
    """With a batch of one, the steps tell the rows: each has a gradient of its own."""
    run = descend(LINE, batch=1, lr=1e-9, steps=120, start=(0.0, 0.0), seed=1)
    steps = -np.diff(run.points, axis=0)[:, 0] / 1e-9  # 2(θ₁ + θ₂x − y) at the origin: −2y
    for epoch in (steps[:60], steps[60:]):
        np.testing.assert_allclose(np.sort(epoch), np.sort(-2 * Y), rtol=1e-5, atol=1e-5)
    assert not np.allclose(steps[:60], steps[60:]), "and in another order"


def test_a_batch_of_all_rows_is_the_whole_gradient() -> None:
    whole = descend(LINE, lr=0.1, start=(0.0, 0.0))
    np.testing.assert_allclose(
        descend(LINE, batch=60, lr=0.1, start=(0.0, 0.0)).points, whole.points, rtol=1e-12
    )


def test_the_last_batch_of_a_round_may_be_smaller() -> None:
    run = descend(LINE, batch=25, lr=1e-9, steps=3, start=(0.0, 0.0))
    steps = -np.diff(run.points, axis=0)[:, 0] / 1e-9
    np.testing.assert_allclose(
        (25 * steps[0] + 25 * steps[1] + 10 * steps[2]) / 60, -2 * Y.mean(), rtol=1e-4
    )


def test_a_stochastic_run_oscillates_about_the_minimum() -> None:
    verdict = descend(LINE, batch=4, lr=0.1, start=(0.0, 0.0), steps=200).verdict
    assert (verdict.kind, verdict.period) == ("oscillating", None)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"batch": 3}, "batch must be from 1 to 0"),
        ({"loss": LINE, "batch": 61}, "from 1 to 60"),
        ({"loss": LINE, "batch": 0}, "from 1 to 60"),
        ({"noise": -1.0}, "noise must be at least 0"),
        ({"noise": float("nan")}, "noise must be at least 0"),
    ],
)
def test_mistakes(arguments: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        descend(**arguments)  # type: ignore[arg-type]


def test_logistic_regression_descends_on_batches_too() -> None:
    loss = LogisticRegression.of(read_dataset(TABLE.encode(), "t.csv", "x", "z"))
    run = descend(loss, batch=10, lr=0.5, start=(0.0, 0.0), steps=300)
    assert run.losses[-50:].mean() < 0.7 * run.losses[0]


TABLE_OF_RULES = [
    ("momentum", 0.01, (-0.392, -0.713), -0.0686),
    ("momentum", 0.1, (-0.343, 0.625), -0.0699),
    ("nesterov", 0.01, (-0.368, 0.666), -0.0747),
    ("nesterov", 0.1, (-0.358, -0.674), -0.0751),
    ("adam", 0.01, (1.088, 1.042), 1.709),
    ("adam", 0.1, (-0.361, 0.725), -0.0699),
    ("adam", 0.5, (-0.312, -0.671), -0.0689),
]


@pytest.mark.parametrize(("rule", "lr", "point", "loss"), TABLE_OF_RULES)
def test_other_rules_on_the_chapters_loss(
    rule: str, lr: float, point: tuple[float, float], loss: float
) -> None:
    run = descend(optimizer=rule, lr=lr)
    np.testing.assert_allclose(run.points[-1], point, atol=6e-4)
    assert run.losses[-1] == pytest.approx(loss, abs=6e-4)

"""Descents: the chapter's numbers, one step at a time, batches, boxes and mistakes."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np
import pytest

from sphinx_gdviz.core.descent.run import Trajectory, descend
from sphinx_gdviz.core.losses.base import FormulaLoss
from sphinx_gdviz.messages import GdvizError

Path = list[tuple[float, float]]


def bowl(x: float, y: float) -> float:
    return x * x + y * y + 0.5 * math.sin(3 * x) + 0.5 * math.cos(3 * y)


def step(x: float, y: float, lr: float) -> tuple[float, float]:
    return x - lr * (2 * x + 1.5 * math.cos(3 * x)), y - lr * (2 * y - 1.5 * math.sin(3 * y))


def plain_loop(lr: float, steps: int = 50, start: tuple[float, float] = (1.5, 1.5)) -> Path:
    path = [start]
    for _ in range(steps):
        path.append(step(*path[-1], lr))
    return path


@pytest.mark.parametrize(
    ("lr", "point", "loss", "gradient", "rising"),
    [
        (0.01, ("0.975995", "0.735179"), "1.302564", "5.5e-01", 0),
        (0.1, ("-0.357818", "0.674475"), "-0.075142", "1.3e-11", 0),
        (0.5, ("-0.258702", "-0.658163"), "-0.046556", "5.6e-01", 36),
    ],
)
def test_the_table_of_the_chapter(
    lr: float, point: tuple[str, str], loss: str, gradient: str, rising: int
) -> None:
    run = descend(lr=lr)
    assert run.points[0].tolist() == [1.5, 1.5]
    assert f"{run.losses[0]:.4f}" == "3.9058"
    assert tuple(f"{coordinate:.6f}" for coordinate in run.points[-1]) == point
    assert f"{run.losses[-1]:.6f}" == loss
    assert f"{np.hypot(*run.gradients[-1]):.1e}" == gradient
    # Once converged, at 0.1, the loss still moves by the rounding of its four terms, up and down.
    rises = np.diff(run.losses) > 4 * np.finfo(float).eps
    assert int(rises.sum()) == rising


@pytest.mark.parametrize("lr", [0.01, 0.1])
def test_every_step_falls_until_only_rounding_is_left(lr: float) -> None:
    """A step lowers the loss by at least η‖g‖²(1 − 6.5η/2), for the bowl's λ is at most 6.5."""
    run = descend(lr=lr)
    least = lr * (run.gradients[:-1] ** 2).sum(axis=1) * (1 - 6.5 * lr / 2)
    seen = least > 16 * np.finfo(float).eps
    assert seen.sum() >= 30
    assert (np.diff(run.losses)[seen] < 0).all()


@pytest.mark.parametrize("lr", [0.01, 0.1])
def test_whole_path_where_descent_contracts(lr: float) -> None:
    run = descend(lr=lr)
    np.testing.assert_allclose(run.points, plain_loop(lr), rtol=0, atol=1e-14)
    np.testing.assert_allclose(run.losses, [bowl(*p) for p in plain_loop(lr)], rtol=0, atol=1e-14)


@pytest.mark.parametrize("lr", [0.01, 0.1, 0.3, 0.5, 1.0, 1.05])
def test_one_step_at_a_time(lr: float) -> None:
    """A whole path at 0.5 is chaotic: two correct programs differ there, but not in one step."""
    run = descend(lr=lr)
    for (x, y), after in zip(run.points[:-1], run.points[1:], strict=True):
        np.testing.assert_allclose(after, step(x, y, lr), rtol=1e-13, atol=1e-15)
    # θ − ηg holds to the last bit for the gradients that are reported.
    np.testing.assert_array_equal(run.points[1:], run.points[:-1] - lr * run.gradients[:-1])


def test_parts_belong_together() -> None:
    run = descend(lr=0.3, steps=7)
    loss = FormulaLoss("x**2 + y**2 + 0.5*sin(3*x) + 0.5*cos(3*y)")
    assert run.steps == 7
    np.testing.assert_array_equal(run.losses, loss.value(run.points))
    np.testing.assert_array_equal(run.gradients, loss.gradient(run.points))


@pytest.mark.parametrize("steps", [1, 2, 1000])
def test_number_of_steps(steps: int) -> None:
    run = descend(steps=steps)
    assert run.points.shape == (steps + 1, 2)
    assert run.losses.shape == (steps + 1,)
    assert run.gradients.shape == (steps + 1, 2)
    np.testing.assert_allclose(run.points[1], step(1.5, 1.5, 0.1), rtol=1e-14)


@pytest.mark.parametrize(
    ("lr", "start", "batch"),
    [
        ((), (2,), ()),
        ((3,), (2,), (3,)),
        ((), (4, 2), (4,)),
        ((3, 1), (4, 2), (3, 4)),
        ((4,), (4, 2), (4,)),
        ((2, 1, 1), (3, 4, 2), (2, 3, 4)),
        ((1,), (1, 2), (1,)),
        ((0,), (2,), (0,)),
    ],
)
def test_shapes_broadcast(
    lr: tuple[int, ...], start: tuple[int, ...], batch: tuple[int, ...]
) -> None:
    run = descend(lr=np.full(lr, 0.1), start=np.full(start, 0.5), steps=5)
    assert run.points.shape == (6, *batch, 2)
    assert run.gradients.shape == (6, *batch, 2)
    assert run.losses.shape == (6, *batch)
    assert run.clip_step.shape == batch
    assert run.points.dtype == run.losses.dtype == run.gradients.dtype == np.float64


def same(a: Trajectory, b: Trajectory) -> bool:
    return (
        a.points.tobytes() == b.points.tobytes()
        and a.losses.tobytes() == b.losses.tobytes()
        and a.gradients.tobytes() == b.gradients.tobytes()
        and a.clip_step.tolist() == b.clip_step.tolist()
    )


@pytest.mark.parametrize("clip", [None, (-2.0, 2.0)])
def test_a_batch_is_its_runs_to_the_last_bit(clip: tuple[float, float] | None) -> None:
    """Also at chaotic and divergent rates, where a single ulp would show."""
    rates = np.array([0.01, 0.1, 0.33, 0.5, 0.7, 1.0, 1.05])
    starts = np.random.default_rng(5).uniform(-2, 2, (9, 2))
    batch = descend(lr=rates[:, np.newaxis], start=starts, steps=60, clip=clip)
    for i, lr in enumerate(rates):
        for j, start in enumerate(starts):
            single = descend(lr=lr, start=start, steps=60, clip=clip)
            assert same(batch[i, j], single)
            assert batch[i][j].verdict == batch[i, j].verdict == single.verdict


def test_the_verdict_of_a_batch_asks_for_one_run() -> None:
    batch = descend(lr=[0.1, 0.2], steps=3)
    with pytest.raises(ValueError, match=r"run\[0\]\.verdict"):
        _ = batch.verdict
    with pytest.raises(IndexError):
        _ = batch[2]


def test_the_same_twice() -> None:
    assert same(descend(lr=0.5, steps=300), descend(lr=0.5, steps=300))


def clipped_loop(lr: float, low: float, high: float) -> tuple[Path, int]:
    path, first = [(1.5, 1.5)], -1
    for index in range(1, 51):
        free = step(*path[-1], lr)
        path.append((min(max(free[0], low), high), min(max(free[1], low), high)))
        if path[-1] != free and first < 0:
            first = index
    return path, first


@pytest.mark.parametrize("lr", [0.01, 0.1, 0.5])
def test_the_chapters_clip_never_fires_at_its_rates(lr: float) -> None:
    boxed, free = descend(lr=lr, clip=(-3, 3)), descend(lr=lr)
    assert same(boxed, free)
    assert int(boxed.clip_step) == -1


@pytest.mark.parametrize(
    ("lr", "clip"), [(1.05, (-3.0, 3.0)), (1.05, (-1.6, 1.6)), (0.1, (0.0, 2.0)), (0.1, (1.0, 2.0))]
)
def test_clip_holds_and_says_when(lr: float, clip: tuple[float, float]) -> None:
    run = descend(lr=lr, clip=clip)
    path, first = clipped_loop(lr, *clip)
    assert first > 0
    assert int(run.clip_step) == first
    assert run.points.min() >= clip[0]
    assert run.points.max() <= clip[1]
    np.testing.assert_allclose(run.points[: first + 1], path[: first + 1], rtol=1e-11, atol=1e-12)


def test_clip_steps_of_a_batch_are_each_its_own() -> None:
    run = descend("x**2 + y**2", lr=[0.1, 1.5, 1.05], clip=(-3.0, 3.0), start=(1.0, 1.0))
    # |1 − 2η|ᵗ passes 3 at t = 2 for η = 1.5 and at t = 12 for η = 1.05 (1.1¹² = 3.14).
    assert run.clip_step.tolist() == [-1, 2, 12]


def test_touching_the_box_is_not_being_held() -> None:
    run = descend("x", lr=1.0, start=(2.0, 0.0), steps=4, clip=(0.0, 3.0))
    assert run.points[:, 0].tolist() == [2.0, 1.0, 0.0, 0.0, 0.0]
    assert int(run.clip_step) == 3


BAD: list[dict[str, Any]] = [
    {"lr": 0},
    {"lr": -0.1},
    {"lr": math.nan},
    {"lr": math.inf},
    {"lr": [0.1, 0.0]},
    {"lr": "fast"},
    {"start": (1.0,)},
    {"start": (1.0, 2.0, 3.0)},
    {"start": 1.0},
    {"start": (math.nan, 0)},
    {"start": (0, math.inf)},
    {"start": "here"},
    {"steps": 0},
    {"steps": -1},
    {"clip": (1, 1)},
    {"clip": (2, 1)},
    {"clip": (math.nan, 1)},
    {"clip": (0, math.nan)},
    {"optimizer": "sgd"},
    {"optimizer": ""},
    {"loss": "zz**2"},
    {"loss": ""},
    {"loss": "__import__('os')"},
    {"lr": [0.1, 0.2], "start": [[1, 1], [2, 2], [3, 3]]},
]


@pytest.mark.parametrize("arguments", BAD, ids=repr)
def test_bad_arguments_are_value_errors(arguments: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        descend(**arguments)


def test_a_bad_formula_says_so() -> None:
    with pytest.raises(GdvizError, match=r"\*\*"):
        descend("x^2")


@pytest.mark.parametrize(
    ("formula", "lr"),
    [
        ("x**2 + y**2", 1e308),
        ("x**2 + y**2", 50.0),
        ("x**64 - y**64", 1.0),
        ("exp(exp(x**2))", 1.0),
        ("-exp(x*y)", 1.0),
        ("1/(x - 1.5)", 1.0),
        ("log(x - 2) + y", 0.1),
        ("sqrt(x - 1.5)", 0.1),
        ("1/(x - y)", 0.1),
        ("tan(x)**9", 10.0),
    ],
)
@pytest.mark.parametrize("clip", [None, (-3.0, 3.0)])
def test_overflow_is_neither_an_error_nor_a_warning(
    formula: str, lr: float, clip: tuple[float, float] | None
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        run = descend(formula, lr=lr, start=(1.5, 1.5), steps=40, clip=clip)
        assert run.points.shape == (41, 2)
        assert run.verdict.kind in ("converged", "slow", "oscillating", "diverged", "stuck")


def test_one_overflow_leaves_the_others_of_its_batch_alone() -> None:
    batch = descend("x**4 + y**4", lr=[0.01, 10.0])
    assert same(batch[0], descend("x**4 + y**4", lr=0.01))
    assert np.isfinite(batch[0].points).all()
    assert not np.isfinite(batch[1].points).all()


def test_arguments_are_not_changed_and_not_kept() -> None:
    lr, start = np.array([0.1, 0.2]), np.array([[1.0, 1.0], [2.0, 2.0]])
    run = descend(lr=lr, start=start, clip=(-1.5, 1.5), steps=9)
    assert lr.tolist() == [0.1, 0.2]
    assert start.tolist() == [[1.0, 1.0], [2.0, 2.0]]
    before = run.points.copy()
    start[:] = 9
    np.testing.assert_array_equal(run.points, before)
    lr.flags.writeable = start.flags.writeable = False
    descend(lr=lr, start=start, steps=2)


def test_a_start_outside_the_box_is_shown_as_it_is() -> None:
    run = descend("x**2 + y**2", start=(5.0, 0.0), clip=(-3.0, 3.0), lr=0.1, steps=3)
    assert run.points[:, 0].tolist() == pytest.approx([5.0, 3.0, 2.4, 1.92])
    assert int(run.clip_step) == 1

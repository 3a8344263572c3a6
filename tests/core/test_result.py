"""The result: what it knows at once, and what it works out when it is asked."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sphinx_gdviz.core import result as module
from sphinx_gdviz.core.descent.run import follow
from sphinx_gdviz.core.experiment import Experiment
from sphinx_gdviz.core.losses.base import Array, FormulaLoss
from sphinx_gdviz.core.losses.named import LOSSES
from sphinx_gdviz.core.methods.optimizer import find_optimizer
from sphinx_gdviz.core.methods.schedules import find_schedule
from sphinx_gdviz.core.result import Result, run
from sphinx_gdviz.core.scale import Scale

LATER = ("critical_points", "_sample")
"""What looks at the whole frame."""


def test_a_run_looks_at_no_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    """A value that is quoted needs the run; its figure's pictures need the rest."""

    def refuse(*args: object) -> None:
        raise AssertionError("nobody has asked")

    for name in LATER:
        monkeypatch.setattr(module, name, refuse)
    experiment = Experiment(steps=4, xlim=(-1.25, 1.5))  # a frame that no other test has
    result = run(experiment)
    again = Result.from_bytes(experiment, result.to_bytes())
    assert again.runs[0].verdict == result.runs[0].verdict
    for name in ("critical_points", "scale"):
        with pytest.raises(AssertionError, match="nobody has asked"):
            getattr(again, name)


def test_rates_of_an_optimizer_are_run_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """A step of twenty rates costs hardly more than one of one rate, and has the same bits."""
    experiment = Experiment(
        loss=LOSSES["rosenbrock"],
        optimizers=(
            find_optimizer("adam"),
            find_optimizer("gd(lr=0.001)"),
            find_optimizer("rprop"),
        ),
        lr=tuple(np.linspace(0.001, 0.02, 20).tolist()),
        start=((-1.2, 1.0), (0.5, 0.25)),
        steps=30,
        schedule=find_schedule("cosine(warmup=5)"),
        noise=0.1,
    )
    steps: list[int] = []
    gradient = FormulaLoss.gradient_at

    def counted(loss: FormulaLoss, theta: Array) -> Array:
        steps.append(theta[0].size)
        return gradient(loss, theta)

    with monkeypatch.context() as patch:
        patch.setattr(FormulaLoss, "gradient_at", counted)
        result = run(experiment)
    assert sum(size == 40 for size in steps) == 2 * 32
    for each in result.runs[::7]:
        alone = follow(experiment.loss, each.method, each.start)
        for name in ("points", "losses", "gradients", "next_gradient"):
            ours, theirs = getattr(each.trajectory, name), getattr(alone, name)
            assert ours.tobytes() == theirs.tobytes()
        assert each.verdict == alone.verdict


def test_scale_and_drawing_share_one_grid() -> None:
    result = run(Experiment(steps=4))
    losses = result.grid[2]
    assert result.scale == Scale.suiting(losses)
    assert run(Experiment(steps=5)).grid[2] is losses
    assert not losses.flags.writeable


def test_what_is_worked_out_is_kept_with_the_result() -> None:
    result = run(Experiment(steps=4))
    assert result.critical_points is result.critical_points
    assert result.scale is result.scale


@pytest.mark.parametrize(
    ("settings", "frame"),
    [
        ({"start": ((1.5, 1.5),)}, ((-2.0, 2.0), (-2.0, 2.0))),
        ({"start": ((2.5, -3.0),), "lr": (0.01,)}, ((-2.0, 2.74), (-3.24, 2.0))),
        ({"start": ((5.0, 0.0),), "lr": (0.01,)}, ((-2.0, 2.0), (-2.0, 2.0))),  # too far away
        ({"start": ((2.5, 0.0),), "lr": (1.7,)}, ((-2.0, 2.0), (-2.0, 2.0))),  # it flies off
        ({"start": ((2.5, 0.0),), "xlim": (-1.0, 1.0)}, ((-1.0, 1.0), (-2.0, 2.0))),
        ({"start": ((9.0, 2.5),), "xlim": (-1.0, 1.0)}, ((-1.0, 1.0), (-2.0, 2.74))),
    ],
)
def test_frame_holds_the_runs_that_stay_near_the_domain(
    settings: dict[str, Any], frame: tuple[Any, ...]
) -> None:
    result = run(Experiment(loss=LOSSES["bowl"], **settings))
    np.testing.assert_allclose(result.frame, frame, atol=1e-12)
    assert Result.from_bytes(result.experiment, result.to_bytes()).frame == result.frame

"""The result: what it knows at once, and what it works out when it is asked."""

from __future__ import annotations

import pytest

from sphinx_gdviz.core import result as module
from sphinx_gdviz.core.experiment import Experiment
from sphinx_gdviz.core.result import Result, run, sample
from sphinx_gdviz.core.scale import Scale

LATER = ("critical_points", "sample")
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


def test_scale_and_drawing_share_one_grid() -> None:
    experiment = Experiment(steps=4)
    losses = sample(experiment)[2]
    assert run(experiment).scale == Scale.suiting(losses)
    assert sample(Experiment(steps=5))[2] is losses
    assert not losses.flags.writeable


def test_what_is_worked_out_is_kept_with_the_result() -> None:
    result = run(Experiment(steps=4))
    assert result.critical_points is result.critical_points
    assert result.scale is result.scale

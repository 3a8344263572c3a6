"""Runs that are listed one by one, with what each changes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sphinx_gdviz import Experiment, descend
from sphinx_gdviz.core.export.page_data import obstacle
from sphinx_gdviz.core.export.python_program import write_program
from sphinx_gdviz.core.report.quantities import answer
from sphinx_gdviz.core.report.query import read_query

LISTED = "lr=0.02 | optimizer=momentum(momentum = 0.8) lr=0.05 | start=-1, -1 steps=20"


def test_each_run_is_what_it_would_be_alone() -> None:
    runs = Experiment("x**2 + 10*y**2", runs=LISTED, start="1, 2").runs
    usual: dict[str, Any] = {"start": (1.0, 2.0), "lr": 0.1}
    changes: list[dict[str, Any]] = [
        {"lr": 0.02},
        {"optimizer": "momentum(momentum=0.8)", "lr": 0.05},
        {"start": (-1.0, -1.0), "steps": 20},
    ]
    for run, change in zip(runs, changes, strict=True):
        alone = descend("x**2 + 10*y**2", **(usual | change))
        np.testing.assert_array_equal(run.trajectory.points, alone.points)


def test_python_takes_mappings() -> None:
    given = [{"lr": 0.02}, {"lr": 0.05, "steps": 3}]
    assert Experiment(runs=given).settings == Experiment(runs="lr=0.02 | lr=0.05 steps=3").settings


def test_what_all_have_in_common_is_that_of_the_figure() -> None:
    settings = Experiment(runs="lr=0.1 steps=7 | lr=0.2 steps=7").settings
    assert (settings.steps, settings.differences) == (7, ())
    assert Experiment(lr="0.1, 0.2", steps=7).settings.descents == settings.descents
    assert not obstacle(settings)
    differing = Experiment(runs="steps=7 | steps=9").settings
    assert (differing.steps, differing.differences) == (9, ("steps",))
    assert obstacle(differing) == "its runs differ in their steps"


def test_the_list_is_a_part_of_the_key() -> None:
    keys = {Experiment(runs=f"lr=0.1 | steps={steps}").settings.key for steps in (3, 4)}
    assert len(keys) == 2


def test_panels_and_names_say_what_differs() -> None:
    settings = Experiment(runs="steps=7 | steps=1 noise=0.5").settings
    assert [panel.title for panel in settings.panels] == ["7 steps, noise 0", "1 step, noise 0.5"]
    figure = Experiment(runs="steps=7 | steps=9")
    said = "".join(map(str, answer(figure.result, read_query("setting run=2"))))
    assert said == "9 steps"
    assert "".join(part.plain for part in answer(figure.result, read_query("steps run=1"))) == "7"
    assert "at learning rate 0.1 with 9 steps it" in figure.alt
    assert ", up to 9 steps from (1.5, 1.5)" in figure.alt


def test_a_program_has_the_steps_of_each() -> None:
    program = write_program(Experiment(runs="steps=7 | steps=9", view="loss").settings)
    assert "descend(start, lr, 7)" in program
    assert "\nsteps" not in program
    with pytest.raises(ValueError, match="the runs differ in their noise"):
        write_program(Experiment(runs="noise=0.1 | noise=0.2").settings)


@pytest.mark.parametrize(
    ("runs", "said"),
    [
        ("lr=0.1 | lr=-1", "runs: run 2: lr: the learning rate -1 is not positive"),
        ("lr=0.1 | lrr=1", "runs: run 2: “lrr” is no setting of a run; did you mean “lr”"),
        ("lr=0.1 | view=loss", "runs: run 2: “view” is no setting of a run"),
        ("lr=0.1 |", "runs: “” is no run; write what each run changes"),
        ("lr=0.1 lr=0.2", "runs: “lr=0.1 lr=0.2” has lr twice"),
        ("0.1 | 0.2", "runs: “0.1” is no run"),
        ("lr=0.1 | lr=0.1", "runs: two of the runs are the same"),
        ("lr=0.1 | batch=3", "runs: run 2: batch: batches are taken from data"),
        ("lr=0.1 | start=3", "runs: run 2: start: “3” has 1 coordinate"),
        ("lr=0.1 | seed=3", "runs: run 2: seed: nothing is random here"),
        ("lr=0.1 | steps=1000000", "runs: run 2: steps: "),
    ],
)
def test_mistakes(runs: str, said: str) -> None:
    with pytest.raises(ValueError, match=said.replace("(", r"\(").replace("|", r"\|")):
        Experiment(runs=runs)

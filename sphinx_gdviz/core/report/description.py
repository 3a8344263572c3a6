"""The long description of a figure: what its panels show, and what each run did, in sentences."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ...messages import setting
from ..experiment import MARKS, Experiment, Panel
from ..result import Result, Run
from .sentences import map_sentence, measured_point, number, outcome, place_name, run_name

MOST_RUNS = 24
"""So many runs are described one by one."""


@dataclass(frozen=True)
class Description:
    """What a figure shows: the panels and the runs, a sentence or two for each."""

    panels: tuple[str, ...]
    runs: tuple[str, ...]


def describe(result: Result) -> Description:
    """Describe a figure for those who do not see it."""
    panels = result.experiment.panels
    runs = [_run(result, run) for run in result.runs[:MOST_RUNS]]
    if len(result.runs) > MOST_RUNS:
        runs.append(f"{len(result.runs) - MOST_RUNS} more runs are shown.")
    if all(panel.view.is_sweep for panel in panels):
        runs = []
    return Description(tuple(_panel(result, panel) for panel in panels), tuple(runs))


def _panel(result: Result, panel: Panel) -> str:
    experiment = result.experiment
    several = len(experiment.panels) > 1
    name = f"{panel.title}: " if several else ""
    if shown := result.map_of(panel):
        return map_sentence(result, panel, shown)
    steps = f", from step 0 to {experiment.steps}"
    where = steps if panel.view.is_curve else _frame(result)
    said = f"{name}{panel.view.description}{where}."
    return said[0].upper() + said[1:]


def _frame(result: Result) -> str:
    sides = [f"{setting(low)} to {setting(high)}" for low, high in result.experiment.frame]
    said = f", for θ₁ from {sides[0]} and θ₂ from {sides[1]}"
    low, high = (number(end) for end in (result.scale.low, result.scale.high))
    if not math.isnan(result.scale.low):
        said += f", where it lies between about {low} and {high}"
    for mark in result.experiment.marks:
        kind = MARKS[mark]
        found = result.points_of(kind)
        places = ", ".join(measured_point(point.point) for point in found[:8])
        more = f" and {len(found) - 8} others" if len(found) > 8 else ""
        if found:
            said += f"; marked: {kind if len(found) == 1 else mark} at {places}{more}"
    return said


def _run(result: Result, run: Run) -> str:
    path, experiment = run.trajectory, result.experiment
    slope = number(float(np.hypot(*path.gradients[-1])))
    end = path.points[-1]
    name = run_name(result, run) if len(result.runs) > 1 else _alone(experiment, run)
    name = name.partition(" from (")[0]
    steps = f"{experiment.steps} step{'s' * (experiment.steps != 1)}"
    if not np.isfinite(path.losses[-1]):
        ended = "it has no finite end"
    else:
        ended = (
            f"after {steps} it was at {measured_point((float(end[0]), float(end[1])))}, at loss "
            f"{number(float(path.losses[-1]))} with a gradient of length {slope}"
        )
    said = (
        f"{name}: from {place_name(run.start)}, at loss {number(float(path.losses[0]))}; "
        f"{ended}; it {outcome(run)}."
    )
    return said[0].upper() + said[1:]


def _alone(experiment: Experiment, run: Run) -> str:
    return f"{run.method.optimizer.title} at learning rate {setting(run.lr)}"

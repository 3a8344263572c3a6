"""A result in words: alternative texts, long descriptions and the sentences in them."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

import numpy as np

from ...messages import listed, setting
from ..descent.maps import DIVERGED, UNSETTLED, Axis, Basins, Bifurcation, Outcomes
from ..descent.neighbourhood import norm
from ..descent.verdict import KINDS
from ..experiment import MARKS, Panel
from ..expr.symbols import symbol_text
from ..result import Map, Result, Run
from .numbers import rounded
from .strings import STRINGS


def number(value: float) -> str:
    """A rounded number in a sentence: as short as it is, since it may be read aloud."""
    numeral = rounded(value)
    if numeral.exponent is None and "." in numeral.digits:
        return numeral.digits.rstrip("0").rstrip(".")
    return numeral.plain


def outcome(run: Run) -> str:
    """The outcome of a run: “converged at step 26 to loss −0.075 at (−0.358, 0.674)”."""
    verdict = run.verdict
    key: str = "boundary" if verdict.place == "boundary" else verdict.kind
    if verdict.kind == "oscillating":
        key = "periodic" if verdict.period else "irregular"
    elif verdict.kind != "converged":
        key = verdict.place or key
    sentence = STRINGS[key].format(
        step=verdict.step,
        loss=number(float(run.trajectory.losses[-1])),
        point=rounded_point(verdict.point) if verdict.point else "",
        period=verdict.period,
    )
    if verdict.clip_step is not None and verdict.place != "box":
        return STRINGS["held"].format(outcome=sentence, step=verdict.clip_step)
    return sentence


def alt_text(result: Result) -> str:
    """An alternative text for a figure."""
    return " ".join(map(_alt_text, result.parts))


def _alt_text(result: Result) -> str:
    """An alternative text for what a figure shows of one loss."""
    experiment = result.experiment
    several = len(experiment.start) > 1
    views = list(dict.fromkeys(panel.view for panel in experiment.panels))
    shown = listed([view.alt for view in views])
    has_runs = not all(view.is_sweep for view in views)
    starts = f" from {place_name(experiment.start[0])}" if has_runs and not several else ""
    loss = experiment.loss.description
    if not result.runs:
        arrows = f", with arrows downhill at {_places(result)}" if experiment.arrows else ""
        return f"{shown[0].upper()}{shown[1:]} of {loss}{arrows}."
    descent = _descent(result)
    if not has_runs or all(view.has_own_axes for view in views):
        what = f"of {descent} on {loss}"
    else:
        paths = "path" if len(result.runs) == 1 else "paths"
        what = f"of {loss} with the {paths} of {descent}"
    steps = f"{experiment.steps} step{'s' * (experiment.steps != 1)}"
    steps = f"up to {steps}" if "steps" in experiment.differences else steps
    sentence = (
        f"{shown[0].upper()}{shown[1:]} {what}, {steps}{starts}"
        + f"; {_outcomes(result)}" * has_runs
    )
    return " ".join([f"{sentence}.", *map_sentences(result)])


MOST_RUNS = 6
"""More runs are only counted in an alternative text: the long description has each of them."""


def _outcomes(result: Result) -> str:
    if len(result.runs) <= MOST_RUNS:
        return "; ".join(f"{run_name(result, run)} it {outcome(run)}" for run in result.runs)
    kinds = Counter(run.verdict.kind for run in result.runs)
    counts = [f"{kinds[kind]} {KIND_NAMES[kind]}" for kind in KINDS if kinds[kind]]
    return f"of {len(result.runs)} runs {listed(counts)}"


def run_name(result: Result, run: Run, *, with_start: bool = True) -> str:
    """The settings of a run, as far as needed: “with Adam at learning rate 0.1 from (1.5, 1.5)”."""
    experiment, sentence = result.experiment, f"at learning rate {setting(run.lr)}"
    if experiment.label:
        sentence = f"on {experiment.loss.description} {sentence}"
    if len({method.optimizer for method in experiment.methods}) > 1:
        sentence = f"with {_in_prose(experiment.name_of(run.method, with_rate=False))} {sentence}"
    if told := experiment.told(run.method):
        sentence += f" with {listed(told)}"
    has_start = with_start and len(experiment.start) > 1
    return f"{sentence} from {place_name(run.start)}" if has_start else sentence


def map_sentences(result: Result) -> list[str]:
    """A sentence for each map of a figure."""
    panels = zip(result.experiment.panels, result.maps, strict=True)
    return [map_sentence(result, panel, shown) for panel, shown in panels if shown]


def map_sentence(result: Result, panel: Panel, shown: Map) -> str:
    """A sentence for a map."""
    match shown:
        case Basins(destinations=found):
            ends = [
                f"{_percent(shown.share(label))} come to {rounded_point(point.point)}"
                for label, point in list(enumerate(found))[:8]
            ]
            if len(found) > 8:
                ends.append(f"the rest to {len(found) - 8} other points")
            for label, name in ((UNSETTLED, "come to no single point"), (DIVERGED, "diverge")):
                if share := shown.share(label):
                    ends.append(f"{_percent(share)} {name}")
            return f"{panel.title}: of the starts, {listed(ends)}."
        case Outcomes(across=across, up=up, kinds=kinds):
            parts = [
                f"{_percent(share)} {KIND_NAMES[kind]}"
                for code, kind in enumerate(KINDS)
                if (share := float((kinds == code).mean()))
            ]
            return f"{panel.title}, by {_sides(result, across, up)}: {listed(parts)}."
        case Bifurcation(across=across, points=points):
            lost = float(np.isnan(points).all(axis=(0, 2)).mean())
            rest = f"{_percent(lost)} of the runs diverge" if lost else "no run diverges"
            return f"{panel.title}, by {_sides(result, across)}: {rest}."


def _sides(result: Result, *axes: Axis) -> str:
    """The settings that change in a sweep, with their ends, and the start, if it is one point."""
    experiment = result.experiment
    spans = [
        f"{axis_name(axis.name, result)} from {setting(axis.low)} to {setting(axis.high)}"
        + ", logarithmically" * axis.log
        for axis in axes
    ]
    is_fixed = not {*experiment.loss.parameters} & {axis.name for axis in axes}
    return " and ".join(spans) + f", from {place_name(experiment.start[0])}" * is_fixed


KIND_NAMES = {
    "converged": "converged",
    "slow": "still on the way",
    "oscillating": "oscillating",
    "diverged": "diverged",
    "stuck": "stuck",
}
"""Each kind of verdict for a reader."""


def axis_name(name: str, result: Result) -> str:
    """The setting that changes in a sweep, for a reader."""
    loss = result.experiment.loss
    if name in loss.parameters:
        return f"{symbol_text(loss.symbol(name))} of the start"
    return "learning rate" if name == "lr" else name.replace("_", " ")


def _descent(result: Result) -> str:
    """The optimizers that ran, and the gradient that they took."""
    experiment = result.experiment
    name, *others = dict.fromkeys(method.optimizer.title for method in experiment.methods)
    ran = "several optimizers" if others else _in_prose(name)
    if experiment.batch:
        ran += f" on batches of {experiment.batch} rows"
    if experiment.noise:
        ran += f" with noise {setting(experiment.noise)}"
    if experiment.constraint:
        ran += f" projected onto {experiment.constraint}"
    schedule = experiment.schedule
    if schedule.kind != "constant":
        ran += f" with a{'n' * (schedule.kind == 'exponential')} {schedule.kind} schedule"
    if schedule.warmup:
        ran += f" after a warm-up of {schedule.warmup} steps"
    return ran


def _in_prose(name: str) -> str:
    """The name of a method within a sentence."""
    is_word = name.startswith(("Gradient", "Momentum", "Normalized", "Sign"))
    return name[0].lower() + name[1:] if is_word else name


def _percent(share: float) -> str:
    """A share as a percentage that is never 0 or 100 for some or not all."""
    shown = min(max(100 * share, 0.1), 99.9) if 0 < share < 1 else 100 * share
    return f"{shown:.1f}".removesuffix(".0") + " %"


def rounded_point(point: tuple[float, ...]) -> str:
    """A point that was computed: “(−0.358, 0.674)”, or a single number “−0.358”."""
    return _bracketed([number(coordinate) for coordinate in point])


def place_name(point: tuple[float, ...]) -> str:
    """A point as readers write it: “(1.5, −2)”, or a single number “1.5”."""
    return _bracketed([setting(coordinate) for coordinate in point])


def _bracketed(coordinates: list[str]) -> str:
    """Coordinates as a point; a single one has no brackets."""
    return f"({', '.join(coordinates)})" if len(coordinates) > 1 else coordinates[0]


MOST_DESCRIBED = 24
"""The most runs that a long description has one by one."""


@dataclass(frozen=True)
class Description:
    """A figure in words: the panels and the runs, a sentence or two for each."""

    panels: tuple[str, ...]
    runs: tuple[str, ...]


def describe(result: Result) -> Description:
    """Describe a figure for those who do not see it."""
    parts = list(map(_describe, result.parts))
    shared = [panel.view.is_shared for panel in result.experiment.panels]
    panels = [*parts[0].panels]
    for part in parts[1:]:
        own = zip(part.panels, shared, strict=True)
        panels += [sentence for sentence, is_shared in own if not is_shared]
    return Description(tuple(panels), tuple(run for part in parts for run in part.runs))


def _describe(result: Result) -> Description:
    """Describe what a figure shows of one loss."""
    panels = result.experiment.panels
    runs = [_run(result, run) for run in result.runs[:MOST_DESCRIBED]]
    if len(result.runs) > MOST_DESCRIBED:
        runs.append(f"{len(result.runs) - MOST_DESCRIBED} more runs are shown.")
    if all(panel.view.is_sweep for panel in panels):
        runs = []
    return Description(tuple(_panel(result, panel) for panel in panels), tuple(runs))


def _panel(result: Result, panel: Panel) -> str:
    experiment = result.experiment
    name = f"{panel.title}: " if len(experiment.panels) > 1 else ""
    if shown := result.map_of(panel):
        return map_sentence(result, panel, shown)
    steps = f", from step 0 to {experiment.steps}"
    where = steps if panel.view.is_curve else "" if panel.view.plane == "data" else _frame(result)
    if panel.view.is_landscape:
        where += _models(result) + _notes(result, result.runs_in(panel))
    sentence = f"{name}{panel.view.description}{where}."
    return sentence[0].upper() + sentence[1:]


def _frame(result: Result) -> str:
    sides = [f"{setting(low)} to {setting(high)}" for low, high in result.frame]
    names = [symbol_text(symbol) for symbol in result.experiment.loss.symbols[: len(sides)]]
    sentence = f", for {' and '.join(map('{} from {}'.format, names, sides))}"
    low, high = (number(end) for end in (result.scale.low, result.scale.high))
    if not math.isnan(result.scale.low):
        sentence += f", where it lies between about {low} and {high}"
    for mark in result.experiment.marks:
        kind = MARKS[mark]
        found = result.points_of(kind)
        places = ", ".join(rounded_point(point.point) for point in found[:8])
        more = f" and {len(found) - 8} others" if len(found) > 8 else ""
        if found:
            sentence += f"; marked: {kind if len(found) == 1 else mark} at {places}{more}"
    if result.experiment.arrows and result.experiment.loss.dimension <= 2:
        sentence += f"; arrows point downhill at {_places(result)}"
        sentence += ", each with the isoline through it" * (result.experiment.loss.dimension == 2)
    return sentence


def _models(result: Result) -> str:
    """The models of a figure, each with its place."""
    said = []
    for model in result.models:
        where = rounded_point(model.point)
        if model.end is not None:
            said.append(f"chord from {where} to {rounded_point((model.end,))}")
        elif model.kind == "tangent":
            said.append(f"tangent at {where}")
        else:
            lowest = model.minimum
            rest = f"lowest at {rounded_point(lowest)}" if lowest else "without a minimum"
            said.append(f"quadratic model at {where}, {rest}")
    return f"; models: {'; '.join(said)}" if said else ""


def _notes(result: Result, runs: tuple[Run, ...]) -> str:
    """The labels of a panel, each with its places."""
    said = [
        f"“{text.replace('$', '')}” at {listed([*map(rounded_point, found)])}"
        for place, text in result.experiment.notes
        if (found := result.points_at(place, runs))
    ]
    sentence = f"; labels: {', '.join(said)}" if said else ""
    if result.experiment.numbers:
        first, last = result.experiment.numbers
        span = f"iterates {first} to {last}" if last > first else f"iterate {first}"
        sentence += f"; {span} with their numbers"
    return sentence


def _places(result: Result) -> str:
    """The points that have an arrow."""
    points = [point for place in result.experiment.arrows for point in result.points_at(place)]
    return listed([*map(rounded_point, dict.fromkeys(points))])


def _run(result: Result, run: Run) -> str:
    path, steps = run.trajectory, run.method.steps
    name = f"{run.method.optimizer.title} at learning rate {setting(run.lr)}"
    if len(result.runs) > 1:
        name = run_name(result, run, with_start=False)  # which follows in any case
    if not np.isfinite(path.losses[-1]):
        ended = "it has no finite end"
    else:
        slope = number(float(norm(path.gradients[-1])))
        ended = (
            f"after {steps} step{'s' * (steps != 1)} it was at "
            f"{rounded_point(tuple(path.points[-1].tolist()))}, at loss "
            f"{number(float(path.losses[-1]))} with a gradient of length {slope}"
        )
    sentence = (
        f"{name}: from {place_name(run.start)}, at loss {number(float(path.losses[0]))}; "
        f"{ended}; it {outcome(run)}."
    )
    return sentence[0].upper() + sentence[1:]

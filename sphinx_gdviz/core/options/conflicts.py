"""Conflicts between options that are right one by one."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

import numpy as np

from ...messages import GdvizError, did_you_mean, quote
from ..budget import CALL, DRAWN_ROW, FEW, JUDGED, MAX_ITERATES, MAX_OPERATIONS, MAX_TITLE, ROW
from ..descent.maps import RATES, batch_size
from ..descent.run import BLOCK
from ..experiment import Experiment
from ..methods.settings import check_bounds
from ..places import Place
from ..views import VIEWS, views_of

MAX_PANELS = 12
OF_RUNS = ("lr", "schedule", "clip", "noise", "batch", "seed", "overlay")
"""Settings of runs, besides optimizers and starts."""
LONGEST_FRAME = 20.0
"""The most by which the sides of a frame that is drawn to scale may differ."""


def find_conflicts(
    experiment: Experiment, given: Mapping[str, Any], max_steps: int
) -> Iterator[GdvizError]:
    """Mistakes in options that are right one by one.

    Parameters
    ----------
    experiment : Experiment
        The experiment of the options, without its titles.
    given : mapping
        The given of the options that are written.
    max_steps : int
        The most steps that a figure may ask for.
    """
    titles, panels = given.get("titles", ()), len(experiment.panels)
    if panels > MAX_PANELS:
        option = next((o for o in ("lr", "optimizer") if len(given.get(o, ())) > 1), "view")
        yield GdvizError(f"{panels} panels are too many; a figure has {MAX_PANELS} at most", option)
    if titles:
        yield from _conflicts_of_titles(experiment, titles)
    if "lr" in given and all(optimizer.lr is not None for optimizer in experiment.optimizers):
        yield GdvizError(
            "it is not used, since each optimizer has an lr of its own", "lr", is_unused=True
        )
    if len(set(experiment.descents)) < len(experiment.descents):
        option = "runs" if experiment.runs else "optimizer"
        yield GdvizError("two of the runs are the same; write each once", option)
    yield from _conflicts_of_dimension(experiment, given)
    if not experiment.steps:
        yield from _conflicts_of_no_run(experiment, given)
    noted = tuple(note.place for note in experiment.notes)
    numbered = tuple(Place("step", *steps) for steps in [experiment.numbers] if steps)
    modelled = tuple(
        place or Place("point", point=ends[:1]) for _, place, ends in experiment.models
    )
    for option, places in {
        "arrows": experiment.arrows,
        "label": noted,
        "numbers": numbered,
        "model": modelled,
    }.items():
        yield from _conflicts_of_places(experiment, option, places)
    if len(experiment.names) > experiment.loss.dimension + 1:
        count = experiment.loss.dimension + 1
        yield GdvizError(f"{len(experiment.names)} names for {count} axes", "labels")
    if experiment.names and not any(panel.view.is_landscape for panel in experiment.panels):
        yield _unused("labels", "it is not used; no panel has axes of parameters")
    yield from _conflicts_of_chance(experiment, given)
    yield from _conflicts_of_sweep(experiment, given)
    yield from _conflicts_of_size(experiment, max_steps)
    yield from _conflicts_of_loss(experiment, given)


def _conflicts_of_dimension(
    experiment: Experiment, given: Mapping[str, Any]
) -> Iterator[GdvizError]:
    """Mistakes in options that need another number of parameters."""
    loss = experiment.loss
    names = loss.named_parameters
    suited = views_of(loss.dimension, has_data=bool(loss.rows))
    for name in experiment.views:
        if name not in suited:
            trough = ""
            if loss.parameters in (("x",), ("y",)):
                trough = "; or name both parameters: “parameters: x, y”"
            said = f"{name} does not show a loss of {names}"
            yield GdvizError(f"{said}; write {', '.join(suited)}{trough}", "view")
    unused = ["levels", "scale", "aspect", "camera"] if loss.dimension != 2 else []
    if "data" in experiment.views and not experiment.has_data_panel:
        said = "data is shown of least squares with one input, and of logistic regression with two"
        yield GdvizError(f"{said} at most; write another view", "view")
    if "basins" in experiment.views and experiment.constraint:
        yield GdvizError("basins are those of runs without a constraint; write another", "view")
    for option in unused + ["xlim", "ylim", "mark"] * (loss.dimension > 2):
        if ("marks" if option == "mark" else option) in given:
            yield _unused(option, f"it is not used, since the loss has {names}")


def _conflicts_of_no_run(experiment: Experiment, given: Mapping[str, Any]) -> Iterator[GdvizError]:
    """Mistakes in options that need a run, where there is none."""
    for name in experiment.views:
        if not VIEWS[name].is_landscape:
            yield GdvizError(f"{name} shows runs, and 0 steps are none; write steps", "view")
    if not any(panel.view.is_landscape for panel in experiment.panels):
        said = f"{experiment.panels[0].view.name} shows runs, and 0 steps are none"
        yield GdvizError(f"{said}; write 1 or more", "steps")
    unused = {"optimizers": "optimizer"} | {name: name for name in OF_RUNS}
    places = {place.kind for place in experiment.arrows}
    places |= {note.place.kind for note in experiment.notes}
    places |= {model.place.kind for model in experiment.models if model.place}
    for field, option in (unused | ({} if "start" in places else {"start": "start"})).items():
        if field in given:
            yield _unused(option, "it is not used, since 0 steps are no run")


def _conflicts_of_places(
    experiment: Experiment, option: str, places: Sequence[Place]
) -> Iterator[GdvizError]:
    """Mistakes in an option that draws something at places."""
    loss, runs = experiment.loss, len(experiment.descents)
    if places and not any(panel.view.is_landscape for panel in experiment.panels):
        suited = [name for name in views_of(loss.dimension) if VIEWS[name].is_landscape]
        why = (
            f"write view: {suited[-1]}, too" if suited else f"the loss has {loss.named_parameters}"
        )
        yield _unused(option, f"it is not used; {why}")
        return
    for place in places:
        if place.is_of_run and not experiment.steps:
            yield GdvizError(f"{place}: there is no run, since there are 0 steps", option)
        elif place.run > runs:
            yield GdvizError(f"{place}: there {_count(runs, 'run')}", option)
        elif place.kind == "step" and place.last > experiment.steps:
            said = f"there is no step {place.last}; the runs have the steps 0 to {experiment.steps}"
            yield GdvizError(said, option)
        elif place.kind == "point" and len(place.point) != loss.dimension:
            said = f"{place} has {len(place.point)} coordinate{'s' * (len(place.point) != 1)}"
            yield GdvizError(f"{said}, and the loss {loss.named_parameters}", option)


def _count(number: int, name: str) -> str:
    return f"is one {name}" if number == 1 else f"are {number} {name}s"


def _conflicts_of_titles(experiment: Experiment, titles: tuple[str, ...]) -> Iterator[GdvizError]:
    panels = len(experiment.panels)
    if len(titles) != panels:
        count = f"{len(titles)} title{'s' * (len(titles) != 1)}"
        said = f"{count} for {panels} panel{'s' * (panels != 1)}"
        yield GdvizError(
            f"{said}; write one for each, separated by semicolons", "titles", is_unused=True
        )
        return
    for panel in replace(experiment, titles=titles).panels:
        if (length := len(panel.title)) > MAX_TITLE:
            said = f"{quote(panel.title)} has {length} characters"
            yield GdvizError(f"{said}; a title has {MAX_TITLE} at most", "titles")


def _conflicts_of_chance(experiment: Experiment, given: Mapping[str, Any]) -> Iterator[GdvizError]:
    rows, methods = experiment.loss.rows, experiment.methods
    batch = max((method.batch or 0 for method in methods), default=0)
    if experiment.against == "epoch" and not rows:
        yield _unused("against", "an epoch is a pass over data, which the loss does not have")
    elif "against" in given and not any(panel.view.is_curve for panel in experiment.panels):
        yield _unused("against", "it is not used; write a curve such as view: loss, too")
    if batch and not rows:
        said = "batches are taken from data, as with loss: least-squares(…)"
        yield _unused("batch", f"{said}; for a formula write noise")
    elif batch > rows:
        yield GdvizError(f"{batch} rows are more than the data has, {rows}", "batch")
    if "seed" in given and not any(method.batch or method.noise for method in methods):
        yield GdvizError(
            "nothing is random here; write noise or batch, too", "seed", is_unused=True
        )
    for method in methods:
        if not method.schedule.is_constant and method.optimizer.name == "rprop":
            yield GdvizError(
                "rprop has step sizes of its own, which none changes", "schedule", is_unused=True
            )
        if method.schedule.warmup > method.steps:
            said = f"the warm-up of {method.schedule.warmup} steps does not end"
            yield GdvizError(f"{said} within the {method.steps} steps of a run", "schedule")


def _conflicts_of_sweep(experiment: Experiment, given: Mapping[str, Any]) -> Iterator[GdvizError]:
    shown = [view for name in experiment.views if (view := VIEWS[name]).is_sweep]
    if "sweep" in given and not shown:
        sweeps = " or ".join(f"view: {view.name}" for view in VIEWS.values() if view.is_sweep)
        said = f"it is not used; write {sweeps}, too"
        yield _unused("sweep", said)
    for axis in {axis: None for view in shown for axis in experiment.axes(view)}:
        for optimizer in experiment.optimizers:
            known = ("lr", *experiment.loss.parameters, *optimizer.rule.defaults)
            if axis.name not in known:
                near = did_you_mean(axis.name, known) or ";"
                said = f"{optimizer.name} has no {quote(axis.name)} to change{near}"
                yield GdvizError(f"{said} there is {', '.join(known)}", "sweep")
            elif axis.name not in experiment.loss.parameters:
                try:
                    for end in axis.values(RATES)[[0, -1]].tolist():
                        check_bounds(axis.name, end, optimizer.rule.bounds[axis.name])
                except GdvizError as error:
                    yield GdvizError(str(error), "sweep")
    for view in shown:
        across, *up = experiment.axes(view)
        if across.name in [axis.name for axis in up]:
            yield GdvizError(f"{across.name} changes already; write what changes upwards", "sweep")


def _conflicts_of_size(experiment: Experiment, max_steps: int) -> Iterator[GdvizError]:
    if experiment.steps > max_steps:
        said = f"{experiment.steps} when left out; the book allows {max_steps}"
        yield GdvizError(said, "steps")
    if not experiment.steps:
        return
    iterates = sum(method.steps for method, _ in experiment.descents)
    if iterates > MAX_ITERATES:
        yield GdvizError(f"{iterates} steps in all runs; {MAX_ITERATES} is the most", "steps")
    counts = range(1, experiment.steps + 1)
    most = bisect_right(counts, MAX_OPERATIONS, key=lambda steps: _operations(experiment, steps))
    if not most and experiment.loss.cost:
        said = f"{experiment.loss.cost} rows of data are too many for these views"
        yield GdvizError(f"{said}; write fewer views, or take a sample of the rows", "view")
    elif not most:
        yield GdvizError("the loss takes too long for these views; write fewer", "view")
    if experiment.steps > most:
        yield GdvizError(f"{experiment.steps} are too many here; write {most} at most", "steps")


def _operations(experiment: Experiment, steps: int) -> int:
    """Operations that all descents of an experiment take in so many steps, roughly."""
    loss = experiment.loss
    batches = []
    for method, group in groupby(replace(each.method, lr=1.0) for each in experiment.descents):
        count = sum(1 for _ in group)
        batches.append((min(steps, method.steps), count, count, JUDGED))
    for view in (panel.view for panel in experiment.panels if panel.view.has_map):
        size = min(BLOCK, batch_size(steps)) if view.swept else BLOCK
        batches.append((steps, view.descents, size, JUDGED if view.swept else 0))
    drawn = (DRAWN_ROW + ROW * loss.cost) * (experiment.batch or 0)
    return sum(
        length
        * -(-runs // size)
        * (loss.operations(size) + FEW * (CALL + size) + judged * size + drawn)
        for length, runs, size, judged in batches
    )


def _conflicts_of_loss(experiment: Experiment, given: Mapping[str, Any]) -> Iterator[GdvizError]:
    loss = experiment.loss
    for start in experiment.start if experiment.steps else ():
        slope = loss.gradient(start)
        if not (math.isfinite(float(loss.value(start))) and np.isfinite(slope).all()):
            option = "start" if "start" in given else "loss"
            said = "the loss or its gradient is not finite at the start"
            place = ", ".join(f"{coordinate:g}" for coordinate in start)
            yield GdvizError(f"{said} ({place}); move it", option)
    if loss.dimension > 2:
        return
    grid = np.meshgrid(*(np.linspace(*side, 41) for side in experiment.frame))
    if not np.isfinite(loss.value(np.stack(grid, axis=-1))).any():
        option = next((name for name in ("xlim", "ylim") if name in given), "loss")
        yield GdvizError("the loss is not finite anywhere in the frame; move the frame", option)
    aspect = experiment.aspect_of(experiment.frame)
    if not 1 / LONGEST_FRAME <= aspect <= LONGEST_FRAME:
        said = f"the frame is {aspect:.2g} times as high as wide"
        yield GdvizError(f"{said}, too long to be drawn to scale; write fill", "aspect")


def _unused(option: str, message: str) -> GdvizError:
    """An option without effect, which is no mistake where the book has it as a default."""
    return GdvizError(message, option, is_unused=True)

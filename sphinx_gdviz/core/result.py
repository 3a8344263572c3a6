"""The result: all that is known of an experiment, evaluated once and kept in one file."""

from __future__ import annotations

import io
import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property, lru_cache
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..messages import GdvizError, in_option
from .descent.critical_points import CriticalPoint, critical_point, critical_points
from .descent.maps import (
    Basins,
    Bifurcation,
    Outcomes,
    find_basins,
    find_bifurcation,
    find_outcomes,
)
from .descent.run import Method, Trajectory, follow
from .descent.verdict import Verdict
from .experiment import MARKS, Experiment, Panel
from .frames import frame_of, loss_range
from .local_model import LocalModel
from .losses.base import Loss, Range
from .losses.regression import Model
from .places import Place, Point
from .scale import Scale

Map = Basins | Outcomes | Bifurcation

GRID = 401
"""Points along each side of the grid on which the loss is sampled for scale and isolines."""
_ARRAYS = ("points", "losses", "gradients", "next_gradient", "clip_step")


@dataclass(frozen=True)
class Run:
    """One descent of an experiment, and what it did.

    Attributes
    ----------
    method : Method
    start : tuple of float
    trajectory : Trajectory
    verdict : Verdict
    reached : CriticalPoint or None
        The critical point that the run came to, if it came to one.
    """

    method: Method
    start: Point
    trajectory: Trajectory
    verdict: Verdict
    reached: CriticalPoint | None

    @property
    def lr(self) -> float:
        """The learning rate."""
        return self.method.lr

    @property
    def progress(self) -> float:
        """The share of an epoch, of a pass over the data, that a step is; 1 without batches."""
        rows = self.trajectory.loss.rows
        return self.method.batch / rows if self.method.batch and rows else 1.0


@dataclass(frozen=True)
class Result:
    """An experiment, and all that is known of it.

    Attributes
    ----------
    experiment : Experiment
    runs : tuple of Run
        Method by method and start by start.
    maps : tuple of (map or None)
        The map of each panel, None for a panel without one.
    others : tuple of Result
        Those of the experiment's others.
    """

    experiment: Experiment
    runs: tuple[Run, ...]
    maps: tuple[Map | None, ...]
    others: tuple[Result, ...] = ()

    @property
    def parts(self) -> tuple[Result, ...]:
        """Itself and the others: one for each loss."""
        return self, *self.others

    @property
    def all_runs(self) -> tuple[Run, ...]:
        """The runs of all parts, loss by loss."""
        return tuple(run for part in self.parts for run in part.runs)

    @cached_property
    def critical_points(self) -> tuple[CriticalPoint, ...]:
        """The critical points in the frame, the lowest first.

        Of more than two parameters, those that Newton's method comes to from the ends of the runs.
        """
        if self.experiment.loss.dimension <= 2:
            return _critical_points(self.experiment.loss, *self.frame)
        ends = np.array([run.trajectory.points[-1] for run in self.runs])
        finite = ends[np.isfinite(ends).all(axis=1)]
        return critical_points(self.experiment.loss, starts=finite) if len(finite) else ()

    @cached_property
    def scale(self) -> Scale:
        """The scale of the losses in the frame."""
        return Scale.suiting(self.grid[-1], self.experiment.scale)

    @cached_property
    def frame(self) -> tuple[Range, ...]:
        """The ranges of the parameters that are drawn, two at most."""
        return frame_of(self.experiment, [run.trajectory for run in self.runs])

    @cached_property
    def graph_frame(self) -> tuple[Range, Range]:
        """The ranges of the parameter and of the loss that the graph of a loss of one has."""
        return self.frame[0], self.experiment.ylim or self._loss_range

    @cached_property
    def lowest_loss(self) -> float:
        """The lowest loss that is known: of all runs, the critical points and the data's fit.

        Points outside of a constraint do not count, and nan is the loss where none is known.
        """
        loss, constraint = self.experiment.loss, self.experiment.constraint
        points = [point.point for point in self.critical_points]
        if isinstance(loss, Model) and loss.minimum:
            points.append(loss.minimum)
        known = [float(np.nanmin(run.trajectory.losses)) for run in self.runs]
        known += [
            float(loss.value(point))
            for point in points
            if constraint is None or constraint.contains(point)
        ]
        return min(filter(math.isfinite, known), default=math.nan)

    @property
    def _loss_range(self) -> Range:
        paths = [run.trajectory for run in self.runs]
        return loss_range(self.frame[0], self.grid[-1], paths)

    @property
    def grid(self) -> tuple[NDArray[np.float64], ...]:
        """The frame as a grid of points: x, y, and the losses of shape (y, x), all read-only.

        Of one parameter these are x and the losses of shape (x,).
        """
        return _sample(self.experiment.loss.sketch, *self.frame)

    def runs_in(self, panel: Panel) -> tuple[Run, ...]:
        """The runs that a panel shows."""
        return tuple(run for run in self.runs if run.method in panel.methods)

    def map_of(self, panel: Panel) -> Map | None:
        """The map that a panel shows."""
        return self.maps[self.experiment.panels.index(panel)]

    def points_of(self, kind: str) -> tuple[CriticalPoint, ...]:
        """The critical points of a kind in the frame, the lowest first."""
        return tuple(point for point in self.critical_points if point.kind == kind)

    @cached_property
    def models(self) -> tuple[LocalModel, ...]:
        """The models of the loss that are asked for, one for each point of their places."""
        loss, found = self.experiment.loss, []
        for kind, place, ends in self.experiment.models:
            if place is None:
                found.append(LocalModel.chord(loss, *ends))
            else:
                found += [LocalModel.at(kind, loss, point) for point in self.points_at(place)]
        return tuple(found)

    def points_at(self, place: Place, among: Sequence[Run] | None = None) -> tuple[Point, ...]:
        """The points of a place, each once; those of a run that has no finite loss are left out.

        Of places on the paths of runs, those of some runs only if these are given.

        Raises
        ------
        GdvizError
            If there is no such place.
        """
        if place.kind == "point":
            for coordinate, (low, high) in zip(place.point, self.frame, strict=False):
                if not low <= coordinate <= high:
                    raise GdvizError(f"{place} is outside of the frame; write xlim and ylim, too")
            return (place.point,)
        if place.kind in MARKS.values():
            found = self.points_of(place.kind)
            if len(found) < place.first:
                there = f"{len(found)} {place.kind}{'s' * (len(found) != 1)}".replace("ums", "a")
                raise GdvizError(f"there is no {place}: the frame has {there}")
            return (found[place.first - 1].point,)
        if place.kind == "start" and not self.runs:
            return self.experiment.start
        runs = self.runs[place.run - 1 : place.run] if place.run else self.runs
        shown = runs if among is None else [run for run in runs if run in among]
        return tuple(dict.fromkeys(point for run in shown for point in _iterates(run, place)))

    def to_bytes(self) -> bytes:
        """Content of a file that :meth:`from_bytes` reads."""
        arrays: dict[str, Any] = {
            f"{name}_{index}": getattr(run.trajectory, name)
            for index, run in enumerate(self.runs)
            for name in _ARRAYS
        }
        for index, other in enumerate(self.others):
            arrays[f"other_{index}"] = np.frombuffer(other.to_bytes(), np.uint8)
        arrays |= {f"map_{index}": found.array for index, found in enumerate(self.maps) if found}
        facts = {
            "verdicts": [asdict(run.verdict) for run in self.runs],
            "reached": [run.reached and asdict(run.reached) for run in self.runs],
            "destinations": [
                [asdict(point) for point in found.destinations] if isinstance(found, Basins) else []
                for found in self.maps
            ],
        }
        buffer = io.BytesIO()
        np.savez_compressed(buffer, facts=np.array(json.dumps(facts)), **arrays)
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, experiment: Experiment, data: bytes) -> Result:
        """Read what :meth:`to_bytes` wrote for this experiment.

        Raises
        ------
        Exception
            Of many kinds, if the data is damaged.
        """
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            facts = json.loads(str(file["facts"]))
            runs = tuple(
                Run(
                    method=method,
                    start=start,
                    trajectory=Trajectory(
                        loss=experiment.loss,
                        clip=method.clip,
                        constraint=method.constraint,
                        **{name: file[f"{name}_{index}"] for name in _ARRAYS},
                    ),
                    verdict=Verdict(**_with_tuples(verdict)),
                    reached=reached and CriticalPoint(**_with_tuples(reached)),
                )
                for index, ((method, start), verdict, reached) in enumerate(
                    zip(experiment.descents, facts["verdicts"], facts["reached"], strict=True)
                )
            )
            maps = tuple(
                _map_from(experiment, panel, file[f"map_{index}"], _points(destinations))
                if panel.view.has_map
                else None
                for index, (panel, destinations) in enumerate(
                    zip(experiment.panels, facts["destinations"], strict=True)
                )
            )
            others = tuple(
                cls.from_bytes(other, file[f"other_{index}"].tobytes())
                for index, other in enumerate(experiment.others)
            )
        return cls(experiment, runs, maps, others)


def run(experiment: Experiment) -> Result:
    """Run an experiment: every method from every start, and whatever its views need besides.

    Parameters
    ----------
    experiment : Experiment
        The request.
    """
    loss, runs = experiment.loss, []
    for shared, group in groupby(experiment.descents, lambda each: replace(each.method, lr=1.0)):
        methods, starts = zip(*group, strict=True)
        batch = follow(loss, shared, starts, lr=[method.lr for method in methods])
        for index, (method, start) in enumerate(zip(methods, starts, strict=True)):
            verdict = batch.verdicts[index]
            runs.append(Run(method, start, batch[index], verdict, _reached(loss, verdict)))
    frame = frame_of(experiment, [each.trajectory for each in runs])
    maps = tuple(_find_map(experiment, panel, frame) for panel in experiment.panels)
    others = tuple(run(other) for other in experiment.others)
    result = Result(experiment, tuple(runs), maps, others)
    places = [("arrows", place) for place in experiment.arrows]
    places += [("label", note.place) for note in experiment.notes]
    places += [("model", model.place) for model in experiment.models if model.place]
    for option, place in places:
        with in_option(option):
            result.points_at(place)
    return result


def _iterates(run: Run, place: Place) -> list[Point]:
    """The points of a place on the path of one run."""
    path = run.trajectory
    steps = slice(place.first, place.last + 1)
    if place.kind in ("start", "end"):
        steps = slice(0, 1) if place.kind == "start" else slice(path.steps, None)
    finite = np.isfinite(path.losses[steps])
    return [tuple(point) for point in path.points[steps][finite].tolist()]


@lru_cache(maxsize=2)
def _sample(loss: Loss, *frame: Range) -> tuple[NDArray[np.float64], ...]:
    """The grid of a frame, which the scale and the drawing of a figure have in common."""
    sides = [np.linspace(*side, GRID) for side in frame]
    grid = *sides, loss.value(np.stack(np.meshgrid(*sides), axis=-1))
    for array in grid:
        array.flags.writeable = False
    return grid


@lru_cache(maxsize=16)
def _critical_points(loss: Loss, *frame: Range) -> tuple[CriticalPoint, ...]:
    """The critical points of a frame, which the figures of a chapter often have in common."""
    if loss.sketch is loss:
        return critical_points(loss, *frame)
    starts = [near.point for near in critical_points(loss.sketch, *frame)]
    return critical_points(loss, *frame, starts=starts) if starts else ()


def _reached(loss: Loss, verdict: Verdict) -> CriticalPoint | None:
    """The critical point that a run came to, if it is one."""
    if verdict.point is None or verdict.place in ("flat", "box", "boundary"):
        return None
    return critical_point(loss, np.array(verdict.point))


def _find_map(experiment: Experiment, panel: Panel, frame: tuple[Range, ...]) -> Map | None:
    """The map of a panel, if it has one."""
    if not panel.view.has_map:
        return None
    loss, method, start = experiment.loss, panel.methods[0], experiment.start[0]
    match panel.view.name:
        case "basins":
            xlim, ylim = frame
            return find_basins(loss, method, xlim, ylim)
        case "outcomes":
            axes = experiment.across, experiment.up
            return find_outcomes(loss, method, start, *axes)
        case "bifurcation":
            return find_bifurcation(loss, method, start, experiment.across)
    return None


def _map_from(
    experiment: Experiment,
    panel: Panel,
    array: NDArray[Any],
    destinations: tuple[CriticalPoint, ...],
) -> Map:
    """The map of a panel, of the array that was kept."""
    match panel.view.name:
        case "basins":
            return Basins(destinations, array)
        case "outcomes":
            return Outcomes(experiment.across, experiment.up, array)
    return Bifurcation(experiment.across, array)


def _points(kept: list[dict[str, Any]]) -> tuple[CriticalPoint, ...]:
    return tuple(CriticalPoint(**_with_tuples(point)) for point in kept)


def _with_tuples(fields: dict[str, Any]) -> dict[str, Any]:
    """Fields as they were before they were JSON."""
    return {name: tuple(v) if isinstance(v, list) else v for name, v in fields.items()}

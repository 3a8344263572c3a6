"""The result: all that is known of an experiment, evaluated once and kept in one file."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property, lru_cache
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

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
from .experiment import Experiment, Panel, Point
from .losses.base import Loss, Range
from .scale import Scale

Map = Basins | Outcomes | Bifurcation

GRID = 401
"""Points along each side of the grid on which the loss is sampled for scale and isolines."""
NEAR, PADDING = 0.5, 0.06
"""A run that stays within this many sizes of a loss's domain around it is shown whole, with some
padding."""
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
    """

    experiment: Experiment
    runs: tuple[Run, ...]
    maps: tuple[Map | None, ...]

    @cached_property
    def critical_points(self) -> tuple[CriticalPoint, ...]:
        """The critical points in the frame, the lowest first."""
        return _critical_points(self.experiment.loss, *self.frame)

    @cached_property
    def scale(self) -> Scale:
        """The scale of the losses in the frame."""
        return Scale.suiting(self.grid[2], self.experiment.scale)

    @cached_property
    def frame(self) -> tuple[Range, Range]:
        """The ranges of the two parameters that are drawn."""
        return _frame(self.experiment, self.runs)

    @property
    def grid(self) -> tuple[NDArray[np.float64], ...]:
        """The frame as a grid of points: x, y, and the losses of shape (y, x), all read-only."""
        return _sample(self.experiment.loss, *self.frame)

    def runs_in(self, panel: Panel) -> tuple[Run, ...]:
        """The runs that a panel shows."""
        return tuple(run for run in self.runs if run.method in panel.methods)

    def map_of(self, panel: Panel) -> Map | None:
        """The map that a panel shows."""
        return self.maps[self.experiment.panels.index(panel)]

    def points_of(self, kind: str) -> tuple[CriticalPoint, ...]:
        """The critical points of a kind in the frame, the lowest first."""
        return tuple(point for point in self.critical_points if point.kind == kind)

    def to_bytes(self) -> bytes:
        """Content of a file that :meth:`from_bytes` reads."""
        arrays: dict[str, Any] = {
            f"{name}_{index}": getattr(run.trajectory, name)
            for index, run in enumerate(self.runs)
            for name in _ARRAYS
        }
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
        settings = [(method, start) for method in experiment.methods for start in experiment.start]
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            facts = json.loads(str(file["facts"]))
            runs = tuple(
                Run(
                    method=method,
                    start=start,
                    trajectory=Trajectory(
                        loss=experiment.loss,
                        clip=experiment.clip,
                        **{name: file[f"{name}_{index}"] for name in _ARRAYS},
                    ),
                    verdict=Verdict(**_with_tuples(verdict)),
                    reached=reached and CriticalPoint(**_with_tuples(reached)),
                )
                for index, ((method, start), verdict, reached) in enumerate(
                    zip(settings, facts["verdicts"], facts["reached"], strict=True)
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
        return cls(experiment, runs, maps)


def run(experiment: Experiment) -> Result:
    """Run an experiment: every method from every start, and whatever its views need besides.

    Parameters
    ----------
    experiment : Experiment
        The request.
    """
    loss, runs = experiment.loss, []
    for _, group in groupby(experiment.methods, lambda method: method.optimizer):
        methods = list(group)  # they differ in their rates alone
        batch = follow(loss, methods[0], experiment.start, lr=[[method.lr] for method in methods])
        for i, method in enumerate(methods):
            for j, start in enumerate(experiment.start):
                verdict = batch.verdicts[i, j]
                runs.append(Run(method, start, batch[i, j], verdict, _reached(loss, verdict)))
    frame = _frame(experiment, runs)
    maps = tuple(_find_map(experiment, panel, frame) for panel in experiment.panels)
    return Result(experiment, tuple(runs), maps)


def _frame(experiment: Experiment, runs: Sequence[Run]) -> tuple[Range, Range]:
    """The author's frame, or the loss's own domain and all runs that stay near it."""
    if experiment.loss.dimension != 2:
        return experiment.frame
    low, high = np.array(experiment.frame).T
    size, free = high - low, np.array([experiment.xlim is None, experiment.ylim is None])
    outer = low - NEAR * size, high + NEAR * size
    paths = (run.trajectory.points for run in runs)
    near = [p for p in paths if ((p >= outer[0]) & (p <= outer[1]))[:, free].all()]  # no nan
    if near:
        least, most = (end(np.concatenate(near), axis=0) for end in (np.min, np.max))
        low, high = (
            np.where(free & (least < low), least - PADDING * size, low),
            np.where(free & (most > high), most + PADDING * size, high),
        )
    (x0, y0), (x1, y1) = low.tolist(), high.tolist()
    return (x0, x1), (y0, y1)


@lru_cache(maxsize=2)
def _sample(loss: Loss, *frame: Range) -> tuple[NDArray[np.float64], ...]:
    """The grid of a frame, which the scale and the drawing of a figure have in common."""
    x, y = (np.linspace(*side, GRID) for side in frame)
    grid = x, y, loss.value(np.stack(np.meshgrid(x, y), axis=-1))
    for array in grid:
        array.flags.writeable = False
    return grid


@lru_cache(maxsize=16)
def _critical_points(loss: Loss, xlim: Range, ylim: Range) -> tuple[CriticalPoint, ...]:
    """The critical points of a frame, which the figures of a chapter often have in common."""
    return critical_points(loss, xlim, ylim)


def _reached(loss: Loss, verdict: Verdict) -> CriticalPoint | None:
    """The critical point that a run came to, if it is one."""
    if verdict.point is None or verdict.place in ("flat", "box"):
        return None
    return critical_point(loss, np.array(verdict.point))


def _find_map(experiment: Experiment, panel: Panel, frame: tuple[Range, Range]) -> Map | None:
    """The map of a panel, if it has one."""
    loss, method, start = experiment.loss, panel.methods[0], experiment.start[0]
    match panel.view.name:
        case "basins":
            return find_basins(loss, method, *frame)
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

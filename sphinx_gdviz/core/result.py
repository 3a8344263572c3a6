"""The result: what an experiment's runs did, and how it is kept in a file."""

from __future__ import annotations

import io
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from .descent.critical_points import CriticalPoint
from .descent.maps import Basins, Bifurcation, Outcomes
from .descent.run import Method, Trajectory
from .descent.verdict import Verdict

if TYPE_CHECKING:
    from .experiment import Experiment, Panel

Point = tuple[float, float]
Map = Basins | Outcomes | Bifurcation

_ARRAYS = ("points", "losses", "gradients", "next_gradient", "clip_step")


@dataclass(frozen=True)
class Run:
    """One descent of an experiment, and what it did."""

    method: Method
    start: Point
    trajectory: Trajectory
    verdict: Verdict

    @property
    def lr(self) -> float:
        """The learning rate."""
        return self.method.lr


@dataclass(frozen=True)
class Result:
    """An experiment, its runs method by method and start by start, and the maps of its panels."""

    experiment: Experiment
    runs: tuple[Run, ...]
    maps: tuple[Map | None, ...] = ()

    def runs_in(self, panel: Panel) -> tuple[Run, ...]:
        """The runs that a panel shows."""
        return tuple(run for run in self.runs if run.method in panel.methods)

    def map_of(self, panel: Panel) -> Map | None:
        """What a panel shows besides runs."""
        return self.maps[self.experiment.panels.index(panel)]

    def to_bytes(self) -> bytes:
        """All that was computed, as a file that :meth:`from_bytes` reads."""
        arrays: dict[str, Any] = {
            f"{name}_{index}": getattr(run.trajectory, name)
            for index, run in enumerate(self.runs)
            for name in _ARRAYS
        }
        destinations = []
        for index, shown in enumerate(self.maps):
            if shown:
                arrays[f"map_{index}"] = shown.array
            found = shown.destinations if isinstance(shown, Basins) else ()
            destinations.append([asdict(point) for point in found])
        words = {"verdicts": [asdict(r.verdict) for r in self.runs], "destinations": destinations}
        buffer = io.BytesIO()
        np.savez_compressed(buffer, words=np.array(json.dumps(words)), **arrays)
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
            words = json.loads(str(file["words"]))
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
                )
                for index, ((method, start), verdict) in enumerate(
                    zip(settings, words["verdicts"], strict=True)
                )
            )
            maps: list[Map | None] = []
            for index, (panel, points) in enumerate(
                zip(experiment.panels, words["destinations"], strict=True)
            ):
                match panel.view:
                    case "basins":
                        found = tuple(CriticalPoint(**_with_tuples(point)) for point in points)
                        maps.append(Basins(found, file[f"map_{index}"]))
                    case "outcomes":
                        axes = experiment.across, experiment.up
                        maps.append(Outcomes(*axes, file[f"map_{index}"]))
                    case "bifurcation":
                        maps.append(Bifurcation(experiment.across, file[f"map_{index}"]))
                    case _:
                        maps.append(None)
        return cls(experiment, runs, tuple(maps))


def _with_tuples(fields: dict[str, Any]) -> dict[str, Any]:
    """Fields as they were before they were JSON."""
    return {name: tuple(v) if isinstance(v, list) else v for name, v in fields.items()}

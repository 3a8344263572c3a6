"""What has to be known of an experiment to write its listing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from ....messages import GdvizError
from ...descent.critical_points import CriticalPoint, critical_points
from ...descent.run import Trajectory, follow
from ...experiment import Experiment, Panel
from ...report.sentences import place_name
from .descent import Runs

Array = NDArray[np.float64]

GRID = 201
"""Points along each side of the grid that a listing colours."""
CROWDED = 0.1
"""When a figure has a logarithmic scale, see ``draw/scale.py``."""


@dataclass
class Facts:
    """An experiment, and what its listing depends on."""

    experiment: Experiment

    @cached_property
    def runs(self) -> Runs:
        """How the program calls the runs."""
        return Runs(self.experiment)

    @cached_property
    def groups(self) -> list[tuple[str, list[Panel]]]:
        """The panels of each view."""
        return [
            (v, list(group)) for v, group in groupby(self.experiment.panels, lambda p: p.view.name)
        ]

    @cached_property
    def trajectories(self) -> list[Trajectory]:
        """The runs, of which some things have to be known: whether they leave the frame."""
        experiment = self.experiment
        batches = [
            follow(experiment.loss, method, experiment.start) for method in experiment.methods
        ]
        return [batch[index] for batch in batches for index in range(len(experiment.start))]

    @cached_property
    def tells_apart(self) -> bool:
        """Whether a panel has several runs, so that each needs a colour and a name."""
        several = len(self.experiment.start) > 1
        shown = [panel for panel in self.experiment.panels if not panel.view.is_sweep]
        return any(len(panel.methods) > 1 or several for panel in shown)

    @cached_property
    def one_each(self) -> bool:
        """Whether no panel has more than one method, so that only starts are told apart."""
        return all(len(panel.methods) == 1 for panel in self.experiment.panels)

    @cached_property
    def names(self) -> list[str]:
        """What tells the runs apart, in order."""
        experiment = self.experiment
        names = []
        for method in experiment.methods:
            for start in experiment.start:
                name = "" if self.one_each else experiment.name_of(method)
                place = f"from {place_name(start)}" if len(experiment.start) > 1 else ""
                names.append(" ".join(filter(None, [name, place])))
        return names

    @cached_property
    def grid(self) -> Array:
        """The losses of the grid."""
        x, y = (np.linspace(*side, GRID) for side in self.experiment.frame)
        losses = self.experiment.loss.value(np.stack(np.meshgrid(x, y), axis=-1))
        if not np.isfinite(losses).any():
            raise GdvizError("the loss has no value in the frame; choose another frame")
        return losses

    @cached_property
    def is_log(self) -> bool:
        """Whether levels and heights are those of a logarithmic scale."""
        losses = self.grid[np.isfinite(self.grid)]
        excess = losses - losses.min()
        crowded = float(np.median(excess)) < CROWDED * float(excess.max())
        return self.experiment.scale != "linear" and (crowded or self.experiment.scale == "log")

    @property
    def is_flat(self) -> bool:
        """Whether the loss is the same everywhere."""
        losses = self.grid[np.isfinite(self.grid)]
        return not np.ptp(losses) > 1e-13 * np.abs(losses).max()

    def critical(self) -> tuple[CriticalPoint, ...]:
        """The critical points in the frame."""
        return critical_points(self.experiment.loss, *self.experiment.frame)


def needs_arrays(experiment: Experiment) -> bool:
    """Whether the gradient is taken at many points at once."""
    views = {panel.view.name for panel in experiment.panels}
    return bool(views & {"arrows", "gradient", "basins", "bifurcation"})


def runs_many(experiment: Experiment) -> bool:
    """Whether many runs are made at once."""
    return bool({panel.view.name for panel in experiment.panels} & {"basins", "bifurcation"})

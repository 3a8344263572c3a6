"""The frame: the ranges of parameters, and of the loss over one, that a figure shows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .descent.run import Trajectory
from .experiment import PADDING, Experiment
from .losses.base import Range

Array = NDArray[np.float64]

OUTLIERS, TALLEST = 0.1, 10.0
"""A graph shows no more than this many times the range of losses without this share of the highest
and of the lowest: near a pole the others would be a flat line."""
NEAR = 0.5
"""A run that stays within this many sizes of a loss's domain around it is shown whole."""


def frame_of(experiment: Experiment, paths: Sequence[Trajectory]) -> tuple[Range, ...]:
    """The author's frame, or the loss's own domain and all runs that stay near it."""
    if experiment.loss.dimension > 2:
        return experiment.frame
    low, high = np.array(experiment.frame).T
    free = np.array([experiment.xlim is None, experiment.ylim is None])[: len(low)]
    size = high - low
    outer = low - NEAR * size, high + NEAR * size
    points = (path.points for path in paths)
    near = [p for p in points if ((p >= outer[0]) & (p <= outer[1]))[:, free].all()]  # no nan
    if near:
        least, most = (end(np.concatenate(near), axis=0) for end in (np.min, np.max))
        low, high = (
            np.where(free & (least < low), least - PADDING * size, low),
            np.where(free & (most > high), most + PADDING * size, high),
        )
    return tuple(zip(low.tolist(), high.tolist(), strict=True))


def loss_range(frame: Range, losses: Array, paths: Sequence[Trajectory]) -> Range:
    """The range of the losses of a graph, and of the iterates in it, with some padding."""
    low, high = frame
    finite = np.sort(losses[np.isfinite(losses)])
    inner = finite[int(OUTLIERS * len(finite)) : len(finite) - int(OUTLIERS * len(finite))]
    reach = TALLEST * float(inner[-1] - inner[0])
    shown = finite[(finite >= inner[0] - reach) & (finite <= inner[-1] + reach)]
    for path in paths:
        inside = (path.points[:, 0] >= low) & (path.points[:, 0] <= high)
        seen = path.losses[inside]
        shown = np.append(shown, seen[np.isfinite(seen)])
    least, most = float(shown.min()), float(shown.max())
    padding = PADDING * (most - least) or 0.5 * max(abs(most), 1.0)
    return least - padding, most + padding

"""The loss from above: its contours and the path across them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from ..core.experiment import Experiment, Run
from . import style
from .bands import Bands
from .path import draw_ends, draw_iterates, draw_line

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Array = NDArray[np.float64]
GRID = 161
"""Points along each side of the grid on which isolines are found."""
PIXELS = 480
"""Pixels along each side of the image between the isolines."""


def sample(experiment: Experiment, count: int = GRID) -> tuple[Array, Array, Array]:
    """The frame as a grid of `count` points a side: x, y, and losses of shape (y, x).

    A loss that is not finite is nan.
    """
    xlim, ylim = experiment.frame
    x, y = np.linspace(*xlim, count), np.linspace(*ylim, count)
    losses = experiment.function.value(np.stack(np.meshgrid(x, y), axis=-1))
    return x, y, np.where(np.isfinite(losses), losses, np.nan)


def draw_contour(
    axes: Axes, experiment: Experiment, runs: tuple[Run, ...], bands: Bands, *, labelled: bool
) -> None:
    """Draw one panel, with or without numbers and a name on the axis to its left."""
    xlim, ylim = experiment.frame
    axes.imshow(
        bands.colours(sample(experiment, PIXELS)[2]),
        extent=(*xlim, *ylim),
        origin="lower",
        aspect="auto",
        interpolation="none",
    )
    if len(bands.levels) > 1:
        axes.contour(*sample(experiment), levels=bands.levels, colors=style.ISOLINE, linewidths=0.4)
    for run in runs:
        points = run.trajectory.points
        points = points[np.isfinite(points).all(axis=1)]
        draw_line(axes, [points])
        draw_iterates(axes, points[1:-1])
        draw_ends(axes, points[0], points[-1], start_seen=True, end_seen=True)
    axes.set(xlim=xlim, ylim=ylim, xlabel=r"$\theta_1$")
    axes.set_ylabel(r"$\theta_2$" if labelled else "")
    axes.tick_params(labelleft=labelled)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))

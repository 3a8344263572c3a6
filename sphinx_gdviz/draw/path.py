"""The path of a run, drawn the same way in every view."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.patheffects import Normal, Stroke
from numpy.typing import NDArray

from . import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Array = NDArray[np.float64]
LABELS = ("Start", "Steps", "End", "Hidden")
"""What the legend explains, in this order."""
ABOVE = 10
"""Everything of the path is drawn above this z-order."""


def draw_line(axes: Axes, lines: list[Array], *, hidden: bool = False) -> None:
    """Polylines of shape (n, 2): solid with a light casing, or dotted where hidden."""
    collection = LineCollection(
        lines,
        colors=style.PATH,
        linewidths=0.8 if hidden else 1.0,
        linestyles=(0, (1, 1.6)) if hidden else "solid",
        capstyle="butt" if hidden else "round",
        joinstyle="round",
        label="Hidden" if hidden and lines else None,
        zorder=ABOVE,
    )
    if not hidden:
        collection.set_path_effects([Stroke(linewidth=2.0, foreground=style.CASING), Normal()])
    axes.add_collection(collection, autolim=False)


def draw_iterates(axes: Axes, points: Array) -> None:
    """A dot at each iterate, shape (n, 2)."""
    axes.plot(
        *points.T,
        "o",
        label="Steps",
        color=style.PATH,
        markersize=2.1,
        markeredgewidth=0,
        zorder=ABOVE + 1,
    )


def draw_ends(axes: Axes, start: Array, end: Array, *, start_seen: bool, end_seen: bool) -> None:
    """Start and end, each of shape (2,): a green circle and a red square, hollow when hidden.

    A point that is not finite, or not in the picture, is simply absent.
    """
    for point, seen, marker, colour, size, label in (
        (start, start_seen, "o", style.START, 6.0, "Start"),
        (end, end_seen, "s", style.END, 5.2, "End"),
    ):
        axes.plot(
            *point[:, np.newaxis],
            marker,
            label=label,
            markersize=size,
            markerfacecolor=colour if seen else "none",
            markeredgecolor=style.CASING if seen else colour,
            markeredgewidth=0.9,
            linestyle="none",
            zorder=ABOVE + 2,
        )

"""The path of a run, drawn the same way in every view."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D
from matplotlib.patheffects import Normal, Stroke
from numpy.typing import NDArray

from . import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Array = NDArray[np.float64]
HIDDEN = "Hidden"
"""Label of the stretches of a path that a hill hides."""
ABOVE = 10
"""Everything of the path is drawn above this z-order."""


def draw_line(axes: Axes, lines: list[Array], *, hidden: bool = False) -> None:
    """Polylines of shape (n, 2): solid with a light casing, or dotted where hidden."""
    collection = LineCollection(
        lines,
        colors=style.PATH,
        linewidths=0.9 if hidden else 1.0,
        linestyles=(0, (1.2, 1.8)) if hidden else "solid",
        capstyle="butt" if hidden else "round",
        joinstyle="round",
        label=HIDDEN if hidden and lines else None,
        zorder=ABOVE,
    )
    casing = Stroke(linewidth=1.6 if hidden else 2.0, foreground=style.CASING)
    collection.set_path_effects([casing, Normal()])
    axes.add_collection(collection, autolim=False)


def draw_iterates(axes: Axes, points: Array) -> None:
    """A dot at each iterate, shape (n, 2)."""
    axes.plot(
        *points.T,
        "o",
        color=style.PATH,
        markersize=2.1,
        markeredgewidth=0,
        zorder=ABOVE + 1,
    )


def draw_ends(axes: Axes, start: Array, end: Array, *, start_seen: bool, end_seen: bool) -> None:
    """Start and end, each of shape (2,): a green circle and a red square, hollow when hidden.

    A point that is not finite, or not in the picture, is simply absent.
    """
    for point, seen, marker, colour, size in (
        (start, start_seen, "o", style.START, 6.0),
        (end, end_seen, "s", style.END, 5.2),
    ):
        axes.plot(
            *point[:, np.newaxis],
            marker,
            markersize=size,
            markerfacecolor=colour if seen else "none",
            markeredgecolor=style.CASING if seen else colour,
            markeredgewidth=0.9,
            linestyle="none",
            zorder=ABOVE + 2,
        )


def legend_handles(hidden: bool) -> list[Line2D]:
    """What the marks mean, with or without the dotted line of a hidden path."""
    handles = [
        Line2D([], [], ls="none", marker="o", ms=6.0, mew=0, color=style.START, label="Start"),
        Line2D([], [], lw=1.0, marker="o", ms=2.6, mew=0, color=style.PATH, label="Steps"),
        Line2D([], [], ls="none", marker="s", ms=5.2, mew=0, color=style.END, label="End"),
    ]
    if hidden:
        dotted = Line2D([], [], lw=0.9, ls=(0, (1.2, 1.8)), color=style.PATH, label=HIDDEN)
        handles.append(dotted)
    return handles

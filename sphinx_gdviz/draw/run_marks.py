"""The path of a run, drawn the same way in every view: line, iterates, direction, ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.patheffects import Normal, Stroke
from numpy.typing import NDArray

from ..core.result import Run
from . import style
from .style import RunStyle

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Array = NDArray[np.float64]

STARTS, STEPS, ENDS, HIDDEN = "Start", "Steps", "End", "Hidden"
LEAVES, LOST = "Leaves the frame", "No longer finite"
"""Labels of what a figure may have, by which the legend finds it."""
ABOVE = 10
"""Everything of the path is drawn above this z-order."""
MANY = 4000
"""A path of more points is put into a vector file as an image: it would be megabytes."""
ITERATE, START, END, ARROW = 2.1, 6.0, 5.2, 6.8
"""Sizes of marks, in points."""
DOTTED = (0, (1.2, 1.8))
HEAD = np.array([[0.0, 1.0], [-0.8, -0.8], [0.0, -0.45], [0.8, -0.8]])
"""An arrowhead that points upwards."""


def drawn_points(run: Run) -> tuple[Array, bool]:
    """The iterates before the first that has no finite loss, and whether there is such a one."""
    bad = np.flatnonzero(~np.isfinite(run.trajectory.losses))
    return run.trajectory.points[: bad[0] if len(bad) else None], bool(len(bad))


def draw_line(
    axes: Axes, lines: Sequence[Array], style_of_run: RunStyle, *, hidden: bool = False
) -> None:
    """Polylines of shape (n, 2): solid or dashed with a light casing, or dotted where hidden."""
    if not lines:
        return
    width = mpl.rcParams["lines.linewidth"]
    collection = LineCollection(
        lines,
        colors=style_of_run.colour,
        linewidths=0.9 * width if hidden else width,
        linestyles=[DOTTED if hidden else style_of_run.dashes],
        capstyle="butt" if hidden or style_of_run.dashes != "solid" else "round",
        joinstyle="round",
        label=HIDDEN if hidden else STEPS,
        zorder=ABOVE,
        rasterized=sum(map(len, lines)) > MANY,
    )
    casing = Stroke(linewidth=width * (1.6 if hidden else 2.0), foreground=style.CASING)
    collection.set_path_effects([casing, Normal()])
    axes.add_collection(collection, autolim=False)


def draw_iterates(axes: Axes, points: Array, style_of_run: RunStyle) -> None:
    """A mark at each iterate, shape (n, 2)."""
    axes.plot(
        *points.T,
        style_of_run.marker,
        color=style_of_run.colour,
        markersize=ITERATE if style_of_run.marker == "o" else ITERATE + 0.6,
        markeredgewidth=0,
        linestyle="none",
        label=STEPS,
        zorder=ABOVE + 1,
        rasterized=len(points) > MANY,
    )


def draw_ends(
    axes: Axes,
    places: Array,
    style_of_run: RunStyle,
    start: str,
    *,
    is_lost: bool,
    seen: tuple[bool, bool] = (True, True),
) -> None:
    """The start in its colour, and the end or, of a run that is lost, where that happened.

    Of places of shape (n, 2) the first and the last; `seen` says which of the two are not hidden.
    """
    _draw_end(axes, places[0], start, is_start=True, is_seen=seen[0])
    if is_lost:
        draw_loss_of(axes, places[-1], style_of_run)
    else:
        _draw_end(axes, places[-1], style_of_run.colour, is_start=False, is_seen=seen[1])


def _draw_end(axes: Axes, point: Array, colour: str, *, is_start: bool, is_seen: bool) -> None:
    """A circle at the start or a square at the end, hollow when hidden; nothing for nan."""
    if not np.isfinite(point).all():
        return
    axes.plot(
        *point[:, np.newaxis],
        "o" if is_start else "s",
        markersize=START if is_start else END,
        markerfacecolor=colour if is_seen else "none",
        markeredgecolor=style.CASING if is_seen else colour,
        markeredgewidth=0.9,
        linestyle="none",
        label=STARTS if is_start else ENDS,
        zorder=ABOVE + (3 if is_start else 2),
    )


def draw_loss_of(axes: Axes, point: Array, style_of_run: RunStyle) -> None:
    """A cross at the last iterate before a run is lost, nothing for nan."""
    if np.isfinite(point).all():
        axes.plot(
            *point[:, np.newaxis],
            "x",
            color=style_of_run.colour,
            markersize=END,
            linestyle="none",
            label=LOST,
            zorder=ABOVE + 2,
        )


def draw_directions(axes: Axes, lines: Sequence[Array], style_of_run: RunStyle) -> None:
    """A few arrowheads along polylines of shape (n, 2), the first where the run sets off."""
    inches = [_in_inches(axes, line) for line in lines if len(line) > 1]
    lengths = [
        np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))]) for line in inches
    ]
    reach = min(sum(float(length[-1]) for length in lengths), 4.0)
    if reach < 0.3:
        return  # shorter than the marks at its ends
    count = int(np.clip(round(reach / 0.7), 1, 4))
    wanted = (np.arange(count) + 0.5) * (reach / count)
    begun = 0.0
    for line, length in zip(inches, lengths, strict=True):
        for at in wanted[(wanted >= begun) & (wanted < begun + length[-1])] - begun:
            around = [
                np.interp(at + step, length, line.T[axis])
                for axis in (0, 1)
                for step in (-0.04, 0.04)
            ]
            direction = np.array([around[1] - around[0], around[3] - around[2]])
            if np.hypot(*direction) > 0.02:  # not where the path turns round
                middle = np.array([np.interp(at, length, line.T[axis]) for axis in (0, 1)])
                _draw_arrowhead(axes, middle, direction, style_of_run.colour, ARROW)
        begun += length[-1]


def draw_exits(axes: Axes, exits: Array, style_of_run: RunStyle, most: int = 6) -> None:
    """Arrowheads where a path leaves the picture: points and directions, shape (m, 2, 2).

    The first few tell it all, and the last: it is where the run is lost from sight.
    """
    for point, towards in [*exits[: most - 1], *exits[most - 1 :][-1:]]:
        at, tip = _in_inches(axes, np.stack([point, point + towards]))
        with np.errstate(all="ignore"):
            direction = (tip - at) / np.abs(tip - at).max()
        if np.isfinite(direction).all():
            back = direction / np.hypot(*direction) * (0.75 * END / 72)
            _draw_arrowhead(axes, at - back, direction, style_of_run.colour, END + 3, LEAVES)


def _draw_arrowhead(
    axes: Axes, inches: Array, direction: Array, colour: str, size: float, label: str | None = None
) -> None:
    across, up = direction / np.hypot(*direction)
    turned = HEAD @ np.array([[up, -across], [across, up]])
    place = axes.transData.inverted().transform(inches * _dpi(axes))
    axes.plot(
        *place[:, np.newaxis],
        marker=turned,
        markersize=size,
        markerfacecolor=colour,
        markeredgecolor=style.CASING,
        markeredgewidth=0.35,
        linestyle="none",
        label=label,
        zorder=ABOVE + 1.5,
    )


def _in_inches(axes: Axes, line: Array) -> Array:
    return np.asarray(axes.transData.transform(line)) / _dpi(axes)


def _dpi(axes: Axes) -> float:
    assert axes.figure is not None
    return axes.figure.get_figure(root=True).dpi

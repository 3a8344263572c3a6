"""Polylines: cut at a frame, cut into what is chosen, and freed of points that nobody sees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
from matplotlib.collections import PathCollection
from matplotlib.path import Path
from matplotlib.transforms import Affine2D
from numpy.typing import NDArray

from ..core.losses.base import Range
from . import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Array = NDArray[np.float64]

FARTHEST = 8e307
"""Coordinates beyond this are drawn as if they were here: their differences are still numbers."""
FINE = 144.0
"""A polyline is simplified by at most a ninth of an inch divided by this (Matplotlib's own)."""


@dataclass(frozen=True)
class Cut:
    """A path within a frame.

    Attributes
    ----------
    pieces : list of ndarray, each of shape (n, 2)
        Its stretches inside, which begin and end at the frame's edge where it crosses it.
    exits : ndarray, shape (m, 2, 2)
        Its exits from the frame: the point on the edge, and the direction in which it goes on.
    """

    pieces: list[Array]
    exits: Array


def cut_at_frame(points: Array, xlim: Range, ylim: Range) -> Cut:
    """Cut a path of shape (n, 2) at a frame (Liang & Barsky, ACM Trans. Graphics 3, 1984, p. 1).

    Points that are not finite end the path.
    """
    points = np.clip(points[: _finite(points)], -FARTHEST, FARTHEST)
    lower, upper = np.array([xlim, ylim]).T
    if len(points) < 2:
        inside = len(points) and ((points >= lower) & (points <= upper)).all()
        return Cut([points] if inside else [], np.empty((0, 2, 2)))
    begin, move = points[:-1], np.diff(points, axis=0)
    with np.errstate(all="ignore"):
        ends = np.sort(np.stack([(lower - begin) / move, (upper - begin) / move]), axis=0)
        # A step along an axis is inside on it all the way, or not at all.
        level = (begin >= lower) & (begin <= upper)
        enter = np.where(move == 0, np.where(level, -np.inf, np.inf), ends[0]).max(axis=1)
        leave = np.where(move == 0, np.where(level, np.inf, -np.inf), ends[1]).min(axis=1)
        first, last = np.maximum(enter, 0.0), np.minimum(leave, 1.0)
        shown = first <= last
        heads = np.clip(begin + first[:, np.newaxis] * move, lower, upper)
        tails = np.clip(begin + last[:, np.newaxis] * move, lower, upper)
    heads[first == 0] = begin[first == 0]
    tails[last == 1] = points[1:][last == 1]
    leaves = shown & (leave < 1)
    # A piece ends where the next step is not shown, begins late, or where this one leaves.
    breaks = ~shown[:-1] | ~shown[1:] | leaves[:-1] | (first[1:] > 0)
    pieces = [
        np.concatenate([heads[group[:1]], tails[group]])
        for group in np.split(np.arange(len(shown)), np.flatnonzero(breaks) + 1)
        if shown[group[0]]
    ]
    return Cut(pieces, np.stack([tails[leaves], move[leaves]], axis=1))


def chosen(line: Array, choice: NDArray[np.bool_]) -> list[Array]:
    """The stretches of consecutive chosen points, each reaching back to the point before it."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], choice, [False]]).astype(int)))
    return [
        line[max(begin - 1, 0) : end] for begin, end in zip(edges[::2], edges[1::2], strict=True)
    ]


def refined(line: Array, spacing: Array) -> Array:
    """A polyline with points put in, so that none is farther from the next than the spacing."""
    if len(line) < 2:
        return line
    move = np.diff(line, axis=0)
    counts = np.maximum(1, np.ceil(np.hypot(*(move / spacing).T))).astype(int)
    step = np.repeat(np.arange(len(counts)), counts)
    fraction = (np.arange(len(step)) - np.repeat(np.cumsum(counts) - counts, counts)) / counts[step]
    return np.concatenate([line[step] + fraction[:, np.newaxis] * move[step], line[-1:]])


def simplified(line: Array, per_inch: float) -> Array:
    """A polyline without the points that make no visible difference in print.

    Parameters
    ----------
    line : ndarray, shape (n, 2)
        Its points.
    per_inch : float
        Units of the line to an inch as printed.
    """
    if len(line) < 3:
        return line
    to_dots = Affine2D().scale(FINE / per_inch)
    cleaned = np.asarray(Path(line).cleaned(to_dots, simplify=True).vertices, float)
    return np.asarray(cleaned[:-1] * (per_inch / FINE))  # the last one says stop


def draw_isolines(axes: Axes, lines: list[Array], levels: int, colour: Any = style.ISOLINE) -> None:
    """Draw polylines as isolines of so many levels, all as one outline."""
    lines = [line for line in lines if len(line) > 1]
    if lines:
        outline = PathCollection(
            [Path.make_compound_path(*map(Path, lines))],
            facecolors="none",
            edgecolors=[colour],
            # Thinner where they are many, or they would hide the colours between them.
            linewidths=mpl.rcParams["contour.linewidth"] * min(1.0, 30 / levels),
            zorder=5,
        )
        axes.add_collection(outline, autolim=False)


def _finite(points: Array) -> int:
    """The number of points before the first that is not finite."""
    bad = np.flatnonzero(~np.isfinite(points).all(axis=1))
    return int(bad[0]) if len(bad) else len(points)

"""Polylines: cut at a frame, cut into what is chosen, and freed of points that nobody sees."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import matplotlib as mpl
import numpy as np
from matplotlib.path import Path
from numpy.typing import NDArray

from ..core.losses.base import Range
from . import style
from .drawing import Mark, Polyline

Array = NDArray[np.float64]

FARTHEST = 8e307
"""Coordinates beyond this are drawn as if they were here: their differences are still numbers."""
FINE = 2.0
"""A polyline is simplified by at most a ninth of a point divided by this (Matplotlib's own)."""
MOST = 400
"""The most points that are put into one step; a frame is crossed by fewer."""


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
    with np.errstate(over="ignore"):
        counts = np.clip(np.ceil(np.hypot(*(move / spacing).T)), 1, MOST).astype(int)
    step = np.repeat(np.arange(len(counts)), counts)
    fraction = (np.arange(len(step)) - np.repeat(np.cumsum(counts) - counts, counts)) / counts[step]
    return np.concatenate([line[step] + fraction[:, np.newaxis] * move[step], line[-1:]])


def simplified(lines: Sequence[Array]) -> list[Array]:
    """Polylines on the page without the points that make no visible difference in print."""
    lines = [line for line in lines if len(line) > 1]
    if not lines:
        return []
    codes = np.full(sum(map(len, lines)), Path.LINETO, Path.code_type)
    codes[np.cumsum([0, *map(len, lines[:-1])])] = Path.MOVETO
    cleaned = Path(np.concatenate(lines) * FINE, codes).cleaned(simplify=True)
    vertices, codes = np.asarray(cleaned.vertices)[:-1] / FINE, np.asarray(cleaned.codes)[:-1]
    return np.split(vertices, np.flatnonzero(codes == Path.MOVETO)[1:])


def isoline_marks(
    lines: Sequence[Array], levels: int, color: tuple[str, float] = style.ISOLINE
) -> Iterator[Mark]:
    """Isolines of so many levels, all as one outline."""
    if lines:
        yield Polyline(
            lines=simplified(lines),
            color=color[0],
            opacity=color[1],
            # Thinner where they are many, or they would hide the colors between them.
            width=float(mpl.rcParams["contour.linewidth"] or 0.4) * min(1.0, 30 / levels),
            layer=5.0,
        )


def _finite(points: Array) -> int:
    """The number of points before the first that is not finite."""
    bad = np.flatnonzero(~np.isfinite(points).all(axis=1))
    return int(bad[0]) if len(bad) else len(points)

"""The path of a run, drawn the same way in every view: line, iterates, direction, ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import matplotlib as mpl
import numpy as np
from numpy.typing import NDArray

from ..core.result import Run
from . import style
from .drawing import Mark, Marker, Plot, Polyline
from .lines import cut_at_frame
from .style import RunStyle

Array = NDArray[np.float64]

STARTS, STEPS, ENDS, HIDDEN = "Start", "Steps", "End", "Hidden"
LEAVES, LOST = "Leaves the frame", "No longer finite"
"""Names of what a figure may have, by which the legend finds it."""
LINES, ITERATES, HEADS, LAST, FIRST = 10.0, 11.0, 11.5, 12.0, 13.0
"""Layers of a path, above all else in a panel."""
ITERATE, START, END, ARROW = 3.0, 6.0, 5.2, 6.8
"""Sizes of marks, in points."""
APART = 1.0
"""Iterates closer than this share of their size are not all marked."""
DOTTED = (1.2, 1.8)
DIRECTIONS = 4
"""The most arrowheads along a path, which are as many points apart as :data:`EVERY` or more."""
EVERY, SHORTEST = 50.0, 22.0
"""A path that is shorter has none: it is hidden by the marks at its ends."""
EXIT = END + 3
"""Size of an arrowhead where a path leaves the picture."""
TIP = 0.45
"""Points by which its edge reaches beyond its tip, which touches the frame."""
EXITS = 6
"""The most arrowheads where a path leaves the picture."""


def drawn_points(run: Run) -> tuple[Array, bool]:
    """The iterates before the first that has no finite loss, and True if there is such a one."""
    bad = np.flatnonzero(~np.isfinite(run.trajectory.losses))
    return run.trajectory.points[: bad[0] if len(bad) else None], bool(len(bad))


def path_marks(
    plot: Plot, points: Array, style_of_run: RunStyle, start: str, *, is_lost: bool
) -> Iterator[Mark]:
    """A whole path in a flat plot, of points of shape (n, 2), with its start in a color."""
    cut = cut_at_frame(points, plot.xlim, plot.ylim)
    lines = [plot.place(piece) for piece in cut.pieces]
    yield from line_marks(lines, style_of_run)
    yield from direction_marks(lines, style_of_run)
    lower, upper = np.array([plot.xlim, plot.ylim]).T
    with np.errstate(invalid="ignore"):
        inside = ((points >= lower) & (points <= upper)).all(axis=1)
    places = plot.place(np.where(inside[:, np.newaxis], points, np.nan))
    yield from iterate_marks(places[1:-1][inside[1:-1]], style_of_run)
    box = plot.box
    towards = cut.exits[:, 1] / np.abs(cut.exits[:, 1]).max(axis=1, keepdims=True)
    towards = towards / (upper - lower) * [box.width, -box.height]
    yield from exit_marks(np.stack([plot.place(cut.exits[:, 0]), towards], axis=1), style_of_run)
    yield from end_marks(places, style_of_run, start, is_lost=is_lost)


def line_marks(
    lines: Sequence[Array], style_of_run: RunStyle, *, hidden: bool = False
) -> Iterator[Mark]:
    """Polylines of shape (n, 2) with a light casing: solid or dashed, or dotted where hidden."""
    if lines:
        width = float(mpl.rcParams["lines.linewidth"])
        yield Polyline(
            lines=lines,
            color=style_of_run.color,
            width=0.9 * width if hidden else width,
            dashes=DOTTED if hidden else style_of_run.dashes,
            is_round=not hidden and not style_of_run.dashes,
            casing=(style.CASING, width * (1.6 if hidden else 2.0)),
            name=HIDDEN if hidden else STEPS,
            layer=LINES,
        )


def iterate_marks(points: Array, style_of_run: RunStyle) -> Iterator[Mark]:
    """A mark at each iterate of a path, shape (n, 2), wider than the casing of its line."""
    yield from spaced_marks(points, style_of_run, iterate_size(), STEPS)


def iterate_size() -> float:
    """Size of an iterate: wider than the casing of a path, if no setting says otherwise."""
    sizes = mpl.rcParams["lines.markersize"], mpl.rcParamsDefault["lines.markersize"]
    # The start and the end stand out, whatever a sheet for posters says.
    return min(ITERATE * float(sizes[0]) / float(sizes[1]), 0.8 * END)


def spaced_marks(
    points: Array, style_of_run: RunStyle, size: float, name: str = ""
) -> Iterator[Mark]:
    """A mark at each point, shape (n, 2), but where they would lie on one another."""
    places = points[spaced(points, APART * size)]
    if len(places):
        yield Marker(
            places=places,
            shape=style_of_run.marker,
            size=size,
            color=style_of_run.color,
            name=name,
            layer=ITERATES,
        )


def spaced(points: Array, distance: float) -> NDArray[np.intp]:
    """The indices of points of shape (n, 2), without those that are too close to the one before."""
    kept, last = [], None
    for index, (x, y) in enumerate(points.tolist()):
        if last is None or (x - last[0]) ** 2 + (y - last[1]) ** 2 >= distance**2:
            kept.append(index)
            last = x, y
    return np.array(kept, np.intp)


def end_marks(
    places: Array,
    style_of_run: RunStyle,
    start: str,
    *,
    is_lost: bool,
    seen: tuple[bool, bool] = (True, True),
) -> Iterator[Mark]:
    """The start in its color, and the end or, of a run that is lost, where that happened.

    Of places of shape (n, 2) the first and the last; `seen` says which of the two are not hidden.
    """
    yield from _end_mark(places[0], start, is_start=True, is_seen=seen[0])
    if is_lost:
        yield from loss_marks(places[-1], style_of_run)
    else:
        yield from _end_mark(places[-1], style_of_run.color, is_start=False, is_seen=seen[1])


def _end_mark(point: Array, color: str, *, is_start: bool, is_seen: bool) -> Iterator[Mark]:
    """A circle at the start or a square at the end, hollow when hidden; nothing for nan."""
    if np.isfinite(point).all():
        yield Marker(
            places=point[np.newaxis],
            shape="o" if is_start else "s",
            size=START if is_start else END,
            color=color if is_seen else "",
            edge=style.CASING if is_seen else color,
            edge_width=0.9,
            name=STARTS if is_start else ENDS,
            layer=FIRST if is_start else LAST,
        )


def loss_marks(point: Array, style_of_run: RunStyle) -> Iterator[Mark]:
    """A cross at the last iterate before a run is lost, nothing for nan."""
    if np.isfinite(point).all():
        yield Marker(
            places=point[np.newaxis],
            shape="x",
            size=END,
            color="",
            edge=style_of_run.color,
            edge_width=1.0,
            name=LOST,
            layer=LAST,
        )


def direction_marks(lines: Sequence[Array], style_of_run: RunStyle) -> Iterator[Mark]:
    """A few arrowheads along polylines of shape (n, 2), the first where the run sets off."""
    lines = [line for line in lines if len(line) > 1]
    lengths = [
        np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))]) for line in lines
    ]
    reach = min(sum(float(length[-1]) for length in lengths), 288.0)
    if reach < SHORTEST:
        return
    count = int(np.clip(round(reach / EVERY), 1, DIRECTIONS))
    wanted = (np.arange(count) + 0.5) * (reach / count)
    begun = 0.0
    for line, length in zip(lines, lengths, strict=True):
        for at in wanted[(wanted >= begun) & (wanted < begun + length[-1])] - begun:
            before, middle, after = (
                np.array([np.interp(at + step, length, line.T[axis]) for axis in (0, 1)])
                for step in (-2.9, 0.0, 2.9)
            )
            if np.hypot(*(after - before)) > 1.4:  # not where the path turns round
                yield _arrowhead(middle, after - before, style_of_run.color, ARROW)
        begun += length[-1]


def exit_marks(exits: Array, style_of_run: RunStyle) -> Iterator[Mark]:
    """Arrowheads where a path leaves the picture: points and directions, shape (m, 2, 2).

    The first few tell it all, and the last: it is where the run is lost from sight.
    """
    for point, towards in [*exits[: EXITS - 1], *exits[EXITS - 1 :][-1:]]:
        with np.errstate(all="ignore"):
            direction = towards / np.abs(towards).max()
        if np.isfinite(direction).all() and np.isfinite(point).all():
            back = direction / np.hypot(*direction) * (0.5 * EXIT + TIP)
            yield _arrowhead(point - back, direction, style_of_run.color, EXIT, LEAVES)


def _arrowhead(place: Array, direction: Array, color: str, size: float, name: str = "") -> Mark:
    return Marker(
        places=place[np.newaxis],
        shape=">",
        size=size,
        color=color,
        edge=style.CASING,
        edge_width=0.35,
        turn=float(np.degrees(np.arctan2(-direction[1], direction[0]))),
        name=name,
        layer=HEADS,
    )

"""Maps of many descents: basins of attraction, outcomes by settings, and bifurcations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..losses.base import Array, Loss, Range
from .critical_points import NEIGHBOURHOOD, CriticalPoint, critical_point
from .kinds import distinct, isolated
from .newton import polish
from .run import Method, Trajectory, follow, last_iterates
from .verdict import KINDS, escape, reach, tolerance

STARTS = 512
"""Starting points along each side of a map of basins."""
CELLS = 160
"""Runs along each side of a panel of outcomes."""
RATES = 720
"""Learning rates of a bifurcation diagram."""
MAX_ITERATES = 400
"""The most iterates of a run that a bifurcation diagram shows."""
CHUNK = 1_000_000
"""Iterates that are in memory at a time."""
MERGE_RADIUS = 2e-3
"""Ends that are closer than this share of the frame's diagonal have come to one point."""
MAX_PLACES = 4000
"""The most places that runs end at; more are a valley, of which no single point is special."""

UNSETTLED, DIVERGED = -1, -2
"""Labels of the starts that came to no single point in the steps they had, and of those that ended
outside of the domain of the loss or as far from it as runs that diverge do."""


@dataclass(frozen=True)
class Axis:
    """A variable along one side of a sweep.

    Attributes
    ----------
    name : str
        ``"lr"``, a setting of the optimizer, or a parameter, for that of the start.
    low, high : float
        Its ends.
    log : bool
        True for values whose logarithms are evenly spaced.
    """

    name: str
    low: float
    high: float
    log: bool = False

    def values(self, count: int) -> Array:
        """The middles of so many equal parts of the axis, shape (count,)."""
        low, high = self._scaled(self.low), self._scaled(self.high)
        values = low + (np.arange(count) + 0.5) / count * (high - low)
        return np.exp(values) if self.log else values

    def share(self, values: Array) -> Array:
        """Positions of values, 0 at the low end and 1 at the high one."""
        low, high = self._scaled(self.low), self._scaled(self.high)
        return (self._scaled(values) - low) / (high - low)

    def _scaled(self, values: float | Array) -> Array:
        return np.log(values) if self.log else np.asarray(values)


@dataclass(frozen=True, eq=False)
class Basins:
    """The ends of descents from all points of a frame.

    Attributes
    ----------
    destinations : tuple of CriticalPoint
        The points that runs came to, the lowest first.
    labels : ndarray of int16, shape (STARTS, STARTS)
        For starts at the middles of equal cells, the first row at the low end of y: the number of
        the destination, `UNSETTLED` or `DIVERGED`.
    """

    destinations: tuple[CriticalPoint, ...]
    labels: NDArray[np.int16]

    @property
    def array(self) -> NDArray[np.int16]:
        """The array that is kept in a file."""
        return self.labels

    def share(self, label: int) -> float:
        """The share of the starts that have a label, from 0 to 1."""
        return float((self.labels == label).mean())


@dataclass(frozen=True, eq=False)
class Outcomes:
    """Verdicts on runs, by two things that change.

    Attributes
    ----------
    across, up : Axis
    kinds : ndarray of uint8, shape (CELLS, CELLS)
        Numbers of :data:`~sphinx_gdviz.core.descent.verdict.KINDS`, the first row at the low end
        of `up`.
    """

    across: Axis
    up: Axis
    kinds: NDArray[np.uint8]

    @property
    def array(self) -> NDArray[np.uint8]:
        """The array that is kept in a file."""
        return self.kinds


@dataclass(frozen=True, eq=False)
class Bifurcation:
    """The iterates that runs settle at, by something that changes.

    Attributes
    ----------
    across : Axis
    points : ndarray of float64, shape (k, RATES, d)
        The later half of each run's iterates, `MAX_ITERATES` at most; nan for runs that diverged.
    """

    across: Axis
    points: Array

    @property
    def array(self) -> Array:
        """The array that is kept in a file."""
        return self.points


def find_basins(loss: Loss, method: Method, xlim: Range, ylim: Range, size: int = STARTS) -> Basins:
    """Run from the middle of each of `size` times `size` cells of a frame, to see the ends.

    A run has come to an isolated critical point where its verdict would be “converged” or “stuck”.
    """
    x, y = (Axis("", *side).values(size) for side in (xlim, ylim))
    starts = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    ends, gradients, following = last_iterates(loss, method, starts)
    labels = np.full(len(starts), UNSETTLED, np.int16)
    with np.errstate(all="ignore"):
        small = np.maximum(np.hypot(*gradients.T), np.hypot(*following.T)) < tolerance(loss)
        centre, limit = escape(loss, starts)
        lost = ~np.isfinite(loss.value(ends)) | ~np.isfinite(gradients).all(axis=1)
        # As a run that diverges, but by its end alone: the way there is not kept.
        labels[lost | (np.hypot(*(ends - centre).T) > limit)] = DIVERGED
        small &= labels == UNSETTLED
        settled = np.flatnonzero(small)
        found, numbers = _destinations(loss, ends[settled], xlim, ylim)
    labels[settled] = numbers
    return Basins(found, labels.reshape(size, size))


def _destinations(
    loss: Loss, ends: Array, xlim: Range, ylim: Range
) -> tuple[tuple[CriticalPoint, ...], NDArray[np.intp]]:
    """Critical points that ends of shape (n, 2) have come to, and the number of each one's."""
    diagonal = float(np.hypot(xlim[1] - xlim[0], ylim[1] - ylim[0]))
    cell = MERGE_RADIUS * diagonal
    first, inverse = _cells(ends, cell)
    points = polish(loss, ends[first], reach(loss))
    numbers = np.full(len(points), UNSETTLED)
    near = np.flatnonzero(~np.isnan(points).any(axis=1))
    kept = points[near[_cells(points[near], cell)[0]]]
    kept = distinct(kept, cell) if len(kept) <= MAX_PLACES else kept[:0]
    kept = isolated(loss, kept, NEIGHBOURHOOD * diagonal)
    found = tuple(sorted((critical_point(loss, point) for point in kept), key=in_order))
    for number, critical in enumerate(found):
        apart = np.hypot(*(points[near] - critical.point).T)
        numbers[near[apart < cell]] = number
    return found, numbers[inverse]


def in_order(critical: CriticalPoint) -> tuple[float, ...]:
    """Key to sort critical points by: the loss, in which digits of rounding do not count."""
    return (float(f"{critical.loss:.9g}"), *critical.point)


def _cells(points: Array, size: float) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The first point in each square of this size, and for each point the number of its square."""
    squares = np.round(points / size).astype(np.int64)
    _, first, inverse = np.unique(squares, axis=0, return_index=True, return_inverse=True)
    return first, inverse.reshape(-1)


def find_outcomes(
    loss: Loss, method: Method, start: tuple[float, ...], across: Axis, up: Axis, size: int = CELLS
) -> Outcomes:
    """Judge `size` times `size` runs from a start, one for each combination of two settings."""
    first, second = np.meshgrid(across.values(size), up.values(size))
    codes = np.empty(size * size, np.uint8)
    values = {across.name: first.reshape(-1), up.name: second.reshape(-1)}
    for part, runs in _sweep(loss, method, start, values):
        for code, kind in enumerate(KINDS):
            codes[part][runs.verdicts.kinds == kind] = code
    return Outcomes(across, up, codes.reshape(size, size))


def find_bifurcation(
    loss: Loss, method: Method, start: tuple[float, ...], across: Axis, count: int = RATES
) -> Bifurcation:
    """Run from a start for so many values of a setting, and keep the later half of the iterates."""
    kept = min(MAX_ITERATES, (method.steps + 1) // 2)
    points = np.empty((kept, count, loss.dimension))
    for part, runs in _sweep(loss, method, start, {across.name: across.values(count)}):
        lost = (runs.verdicts.kinds == "diverged")[:, np.newaxis]
        points[:, part] = np.where(lost, np.nan, runs.points[-kept:])
    return Bifurcation(across, points)


def batch_size(steps: int) -> int:
    """The number of runs of a sweep that are made together, with all of their iterates."""
    return max(1, CHUNK // (steps + 1))


def _sweep(
    loss: Loss, method: Method, start: tuple[float, ...], values: dict[str, Array]
) -> Iterator[tuple[slice, Trajectory]]:
    """Yield runs with values of shape (n,) for what changes, as many at a time as memory holds."""
    count = len(next(iter(values.values())))
    starts = np.tile(np.array(start, float), (count, 1))
    for axis, name in enumerate(loss.parameters):
        if name in values:
            starts[:, axis] = values[name]
    size = batch_size(method.steps)
    for part in (slice(begin, begin + size) for begin in range(0, count, size)):
        settings = {name: value[part] for name, value in values.items()}
        lr = settings.pop("lr", None)
        for name in loss.parameters:
            settings.pop(name, None)
        yield part, follow(loss, method, starts[part], lr=lr, settings=settings)

"""Sweeps: many descents at once, to see on what an outcome depends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from .critical_points import NEIGHBOURHOOD, CriticalPoint, critical_point
from .kinds import distinct, isolated
from .newton import polish
from .run import Method, Trajectory, follow, last_iterates
from .verdict import KINDS, TOLERANCE, escape, reach, steepness

if TYPE_CHECKING:
    from ..losses.base import Loss, Range

Array = NDArray[np.float64]

STARTS = 512
"""Starting points along each side of a frame whose basins are looked for."""
CELLS = 160
"""Runs along each side of a panel of outcomes."""
RATES = 720
"""Learning rates of a bifurcation diagram."""
MAX_ITERATES = 400
"""The most iterates of a run that a bifurcation diagram shows."""
CHUNK = 1_000_000
"""Iterates that are in memory at a time."""
SAME = 2e-3
"""Ends that are closer than this share of the frame's diagonal have come to one point."""
MAX_PLACES = 4000
"""The most places that are looked at; more are a valley, of which no single point is special."""

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
        From where to where.
    log : bool
        Whether its logarithm is spaced evenly.
    """

    name: str
    low: float
    high: float
    log: bool = False

    def values(self, count: int) -> Array:
        """The middles of so many equal parts of the axis, shape (count,)."""
        shares = (np.arange(count) + 0.5) / count
        if self.log:
            low, high = np.log(self.low), np.log(self.high)
            return np.asarray(np.exp(low + shares * (high - low)))
        return np.asarray(self.low + shares * (self.high - self.low))

    def share(self, values: Array) -> Array:
        """Positions of values, 0 at the low end and 1 at the high one."""
        if self.log:
            low, high = np.log(self.low), np.log(self.high)
            return np.asarray((np.log(values) - low) / (high - low))
        return np.asarray((values - self.low) / (self.high - self.low))


@dataclass(frozen=True, eq=False)
class Basins:
    """The ends of descents from all points of a frame.

    Attributes
    ----------
    destinations : tuple of CriticalPoint
        What runs came to, the lowest first.
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


def find_basins(
    loss: Loss,
    method: Method,
    xlim: Range,
    ylim: Range,
    size: int = STARTS,
) -> Basins:
    """Run from each cell of a frame, as one batch, and see where each run ends.

    A run has come to an isolated critical point where its verdict would be “converged” or “stuck”.

    Parameters
    ----------
    loss : Loss
        What is descended.
    method : Method
        How.
    xlim, ylim : tuple of float
        The frame.
    size : int
        Starting points along each side.

    Returns
    -------
    Basins
    """
    x, y = (Axis("", *side).values(size) for side in (xlim, ylim))
    starts = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    ends, gradients, following = last_iterates(loss, method, starts)
    labels = np.full(len(starts), UNSETTLED, np.int16)
    with np.errstate(all="ignore"):
        tolerance = TOLERANCE * min(1.0, steepness(loss))
        small = (np.hypot(*gradients.T) < tolerance) & (np.hypot(*following.T) < tolerance)
        centre, limit = escape(loss, starts)
        lost = ~np.isfinite(loss.value(ends)) | ~np.isfinite(gradients).all(axis=1)
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
    cell = SAME * diagonal
    first, inverse = _cells(ends, cell)
    points = polish(loss, ends[first], reach(loss))
    numbers = np.full(len(points), UNSETTLED)
    near = np.flatnonzero(~np.isnan(points).any(axis=1))
    kept = points[near[_cells(points[near], cell)[0]]]
    kept = distinct(kept, cell) if len(kept) <= MAX_PLACES else kept[:0]
    kept = isolated(loss, kept, NEIGHBOURHOOD * diagonal)
    if len(kept):
        described = [critical_point(loss, point) for point in kept]
        found = tuple(sorted(described, key=in_order))
        for number, critical in enumerate(found):
            apart = np.hypot(*(points[near] - critical.point).T)
            numbers[near[apart < cell]] = number
        return found, numbers[inverse]
    return (), numbers[inverse]


def in_order(critical: CriticalPoint) -> tuple[float, ...]:
    """Key to sort critical points by: the loss, as far as rounding lets it differ."""
    return (float(f"{critical.loss:.9g}"), *critical.point)


def _cells(points: Array, size: float) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The first point in each square of this size, and for each point the number of its square."""
    squares = np.round(points / size).astype(np.int64)
    _, first, inverse = np.unique(squares, axis=0, return_index=True, return_inverse=True)
    return first, inverse.reshape(-1)


def find_outcomes(
    loss: Loss,
    method: Method,
    start: tuple[float, ...],
    across: Axis,
    up: Axis,
    size: int = CELLS,
) -> Outcomes:
    """Judge a run for each combination of two things that change.

    Parameters
    ----------
    loss : Loss
        What is descended.
    method : Method
        How.
    start : tuple of float
        Where each run starts, but for what changes.
    across, up : Axis
        What changes.
    size : int
        Runs along each side.

    Returns
    -------
    Outcomes
    """
    first, second = np.meshgrid(across.values(size), up.values(size))
    values = {across.name: first.reshape(-1), up.name: second.reshape(-1)}
    codes = np.empty(size * size, np.uint8)
    some = max(1, CHUNK // (method.steps + 1))
    for begin in range(0, len(codes), some):
        part = {name: value[begin : begin + some] for name, value in values.items()}
        kinds = _run(loss, method, start, part).verdicts.kinds
        for code, kind in enumerate(KINDS):
            codes[begin : begin + some][kinds == kind] = code
    return Outcomes(across, up, codes.reshape(size, size))


def find_bifurcation(
    loss: Loss,
    method: Method,
    start: tuple[float, ...],
    across: Axis,
    count: int = RATES,
) -> Bifurcation:
    """Run for each value of what changes, and keep the later half of the iterates.

    Parameters
    ----------
    loss : Loss
        What is descended.
    method : Method
        How.
    start : tuple of float
        Where each run starts.
    across : Axis
        What changes.
    count : int
        How many values.

    Returns
    -------
    Bifurcation
    """
    values = across.values(count)
    kept = min(MAX_ITERATES, (method.steps + 1) // 2)
    points = np.empty((kept, count, loss.dimension))
    some = max(1, CHUNK // (method.steps + 1))
    for begin in range(0, count, some):
        run = _run(loss, method, start, {across.name: values[begin : begin + some]})
        points[:, begin : begin + some] = run.points[-kept:]
        lost = run.verdicts.kinds == "diverged"
        points[:, begin : begin + some][:, lost] = np.nan
    return Bifurcation(across, points)


def _run(
    loss: Loss,
    method: Method,
    start: tuple[float, ...],
    values: dict[str, Array],
) -> Trajectory:
    """A batch of runs, with values of shape (n,) for what changes."""
    count = len(next(iter(values.values())))
    starts = np.tile(np.array(start, float), (count, 1))
    for axis, name in enumerate(loss.parameters):
        if name in values:
            starts[:, axis] = values[name]
    known = ("lr", *loss.parameters)
    settings = {name: value for name, value in values.items() if name not in known}
    return follow(loss, method, starts, lr=values.get("lr"), settings=settings)

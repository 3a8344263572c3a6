"""The landscape: the critical points of a loss, and what kind of point a place is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from .losses import Loss, Range

Array = NDArray[np.float64]
PointKind = Literal["minimum", "saddle", "maximum", "flat"]

FLAT = 1e-5
"""A curvature smaller than this counts as zero."""
STARTS = 48
"""Newton's method starts from a grid with this many points a side."""
ITERATIONS = 60
REACH = 0.05
"""The longest step of Newton's method, as a share of the frame's diagonal."""
APART = 1e-5
"""Points closer than this share of the frame's diagonal are the same."""
AROUND = 1e-2
"""What lies around a point is looked at on a circle: its radius, as a share of the diagonal."""
DIRECTIONS = 32
"""How many points of that circle are looked at."""
ZERO = 1e-9
"""The gradient vanishes where its norm is this small a share of the largest on the circle."""
CURVED = 1e-5
"""The curvature does not vanish where it alone makes up this share of that largest norm."""
UNDERFLOW = 1e-290
"""A gradient norm smaller than this is what is left of one that was too small for a float."""
ZOOMS = 24
"""How often to look closer, four times each, at where the gradient may vanish on a circle."""


@dataclass(frozen=True)
class CriticalPoint:
    """A point of a frame where the gradient vanishes.

    Attributes
    ----------
    point : tuple of float
        Its parameters.
    loss : float
        The loss there.
    kind : str
        ``"minimum"``, ``"saddle"`` or ``"maximum"``.
    """

    point: tuple[float, float]
    loss: float
    kind: PointKind


def critical_points(loss: Loss, xlim: Range, ylim: Range) -> tuple[CriticalPoint, ...]:
    """The isolated critical points of a loss in a frame, the lowest first.

    Newton's method for ∇L = 0 (Nocedal & Wright, Numerical Optimization, 2006, p. 274) from every
    point of a grid finds them; what it comes to several times is one point. Lines of critical
    points, straight or bent, and plains are left out: no single point of them is special.

    Parameters
    ----------
    loss : Loss
        What is looked at.
    xlim, ylim : tuple of float
        The frame.

    Returns
    -------
    tuple of CriticalPoint
    """
    lower, upper = np.array([xlim, ylim]).T
    diagonal = float(np.hypot(*(upper - lower)))
    grid = np.stack(np.meshgrid(np.linspace(*xlim, STARTS), np.linspace(*ylim, STARTS)), axis=-1)
    starts = grid.reshape(-1, 2)
    with np.errstate(all="ignore"):
        points = _newton(loss, starts, REACH * diagonal)
        slack = 1e-9 * diagonal
        inside = ((points >= lower - slack) & (points <= upper + slack)).all(axis=1)
        found = _isolated(loss, points[inside], AROUND * diagonal)
        kept = [
            CriticalPoint((float(p[0]), float(p[1])), float(loss.value(p)), kind)
            for p in _distinct(found[np.lexsort(found.T)], APART * diagonal)
            if (kind := kind_of(loss, p, 0.0, AROUND * diagonal)) != "flat"
        ]
    return tuple(sorted(kept, key=lambda critical: (critical.loss, critical.point)))


def kind_of(loss: Loss, point: Array, slope: float, away: float) -> PointKind:
    """What kind of point this is, where the gradient norm `slope` is as good as zero.

    Parameters
    ----------
    loss : Loss
        The function.
    point : ndarray, shape (2,)
        The parameters.
    slope : float
        The gradient norm there.
    away : float
        How far around to look where some direction is flat to second order.
    """
    eigenvalues = np.linalg.eigvalsh(loss.hessian(point))
    if eigenvalues[-1] < -FLAT:
        return "maximum"
    if eigenvalues[0] < -FLAT:
        return "saddle"
    if eigenvalues[0] > FLAT:
        return "minimum"
    here, there = loss.value(point), loss.value(_around(point, away))
    noise = 1e-12 * abs(here) + 1e-6 * np.ptp(there)
    if np.ptp(there) <= 4 * away * slope:
        return "flat"  # the gradient says it all: a plain that slopes a little
    if (there < here - noise).any():
        return "saddle" if (there > here + noise).any() else "maximum"
    return "minimum" if (there > here + noise).any() else "flat"


def _around(points: Array, away: float) -> Array:
    """Points on a circle around each point, shape (..., DIRECTIONS, 2)."""
    circle = away * _towards(np.linspace(0.0, 2 * np.pi, DIRECTIONS, endpoint=False))
    around: Array = points[..., np.newaxis, :] + circle
    return around


def _towards(angle: Array) -> Array:
    """The unit vectors at these angles, shape (..., 2)."""
    return np.stack([np.cos(angle), np.sin(angle)], axis=-1)


def _newton(loss: Loss, points: Array, reach: float) -> Array:
    """Where Newton's method for a zero gradient comes to from each point, shape (n, 2)."""
    for _ in range(ITERATIONS):
        gradient, hessian = loss.gradient(points), loss.hessian(points)
        xx, xy, yy = hessian[:, 0, 0], hessian[:, 0, 1], hessian[:, 1, 1]
        determinant = xx * yy - xy * xy
        step = np.stack(
            [
                (yy * gradient[:, 0] - xy * gradient[:, 1]) / determinant,
                (xx * gradient[:, 1] - xy * gradient[:, 0]) / determinant,
            ],
            axis=-1,
        )
        length = np.hypot(*step.T)
        shrink = np.minimum(1.0, reach / np.where(length > 0, length, 1.0))
        points = points - np.where(np.isfinite(step), step * shrink[:, np.newaxis], 0.0)
    return points


def _isolated(loss: Loss, points: Array, away: float) -> Array:
    """The critical points among these, without those on a line or a plain of them, shape (m, 2).

    Where no curvature vanishes, the gradient vanishes nowhere else nearby (the inverse function
    theorem). Elsewhere it must not vanish on the circle around: a line would cross that, and a
    plain would reach it.
    """
    here, around = _slopes(loss, points), _slopes(loss, _around(points, away))
    steepest = _largest(around)
    hessians = loss.hessian(points)
    known = np.isfinite(hessians).all(axis=(1, 2)) & (steepest > UNDERFLOW)
    critical = known & (here <= ZERO * steepest)
    order = np.flatnonzero(critical)[np.argsort(here[critical], kind="stable")]
    points, around, steepest = points[order], around[order], steepest[order]
    curvature = np.abs(np.linalg.eigvalsh(hessians[order])).min(axis=-1)
    curved = curvature * away > CURVED * steepest
    doubtful = _distinct(points[~curved & (around.min(axis=-1) > ZERO * steepest)], away)
    return np.concatenate([points[curved], doubtful[~_vanishes_around(loss, doubtful, away)]])


def _slopes(loss: Loss, points: Array) -> Array:
    """The gradient norm at each point, infinite where there is none."""
    gradients = loss.gradient(points)
    return np.nan_to_num(np.hypot(gradients[..., 0], gradients[..., 1]), nan=np.inf, posinf=np.inf)


def _largest(slopes: Array) -> Array:
    """The largest finite gradient norm of each row, 0 where there is none."""
    largest: Array = np.where(np.isfinite(slopes), slopes, 0.0).max(axis=-1)
    return largest


def _vanishes_around(loss: Loss, points: Array, away: float) -> NDArray[np.bool_]:
    """Whether the gradient vanishes somewhere on the circle around each point."""
    around = _slopes(loss, _around(points, away))
    steepest = _largest(around)
    lowest = (around <= np.roll(around, 1, axis=-1)) & (around <= np.roll(around, -1, axis=-1))
    owner, direction = np.nonzero(lowest)
    width = 2 * np.pi / DIRECTIONS
    angle = direction * width
    slopes = around[lowest]
    for _ in range(ZOOMS):
        angles = angle[:, np.newaxis] + np.linspace(-width, width, 9)
        closer = _slopes(loss, points[owner, np.newaxis] + away * _towards(angles))
        best = closer.argmin(axis=-1)[:, np.newaxis]
        angle = np.take_along_axis(angles, best, axis=-1)[:, 0]
        slopes = np.take_along_axis(closer, best, axis=-1)[:, 0]
        width /= 4
    vanishes = np.zeros(len(points), bool)
    vanishes[owner[slopes <= ZERO * steepest[owner]]] = True
    return vanishes


def _distinct(points: Array, apart: float) -> Array:
    """The first of each group of points that lie within `apart` of each other, shape (m, 2)."""
    distinct: list[Array] = []
    remaining = points
    while len(remaining):
        distinct.append(remaining[0])
        remaining = remaining[np.hypot(*(remaining - remaining[0]).T) > apart]
    return np.array(distinct).reshape(-1, 2)

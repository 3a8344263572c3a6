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
    point of a grid finds them; what it comes to several times is one point. Whole lines of
    critical points, and plains, are left out.

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
        slopes = np.hypot(*loss.gradient(starts).T)
        slopes = slopes[np.isfinite(slopes)]
        steep = float(np.median(slopes)) if len(slopes) else 0.0
        points = _newton(loss, starts, REACH * diagonal)
        norms = np.hypot(*loss.gradient(points).T)
        slack = 1e-9 * diagonal
        inside = ((points >= lower - slack) & (points <= upper + slack)).all(axis=1)
        found = points[inside & (norms <= 1e-8 * max(steep, 1e-300))]
        kept = [
            CriticalPoint((float(p[0]), float(p[1])), float(loss.value(p)), kind)
            for p in _distinct(found, APART * diagonal)
            if (kind := kind_of(loss, p, 0.0, 1e-2 * diagonal)) != "flat"
            and _is_isolated(loss, p, 1e-3 * diagonal)
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


def _around(point: Array, away: float) -> Array:
    """Points on a circle, shape (32, 2)."""
    angle = np.arange(32) * (np.pi / 16)
    return point + away * np.stack([np.cos(angle), np.sin(angle)], axis=-1)


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


def _distinct(points: Array, apart: float) -> list[Array]:
    """One of each group of points that lie within `apart` of each other."""
    distinct: list[Array] = []
    remaining = points[np.lexsort(points.T)]
    while len(remaining):
        distinct.append(remaining[0])
        remaining = remaining[np.hypot(*(remaining - remaining[0]).T) > apart]
    return distinct


def _is_isolated(loss: Loss, point: Array, away: float) -> bool:
    """Whether no line of critical points runs through this one."""
    if np.abs(np.linalg.eigvalsh(loss.hessian(point))).min() > FLAT:
        return True
    slopes = np.hypot(*loss.gradient(_around(point, away)).T)
    return bool(slopes.min() > 1e-9 * slopes.max() > 0)

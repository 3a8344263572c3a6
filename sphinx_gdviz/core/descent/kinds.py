"""The kind of a critical point, by the curvatures there and the losses around."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..losses.base import Array, Loss
from .neighbourhood import (
    FEWEST_ZOOMS,
    Flags,
    around,
    defined,
    few_directions,
    largest,
    lowest_around,
    norm,
)
from .newton import GRADIENT_TOLERANCE, eigenvalues, principal_axes

FLAT_CURVATURE = 1e-5
"""A curvature smaller than this counts as zero."""
CURVATURE_TOLERANCE = 1e-5
"""The curvature does not vanish where it alone makes up this share of the largest gradient norm on
the sphere around."""
KINK_RADIUS, KINK_TOLERANCE = 1e-5, 1e-3
"""At a kink the gradient norm is, at the former share of the sphere's radius, at least the latter
share of the largest on the sphere."""


def slopes_at(loss: Loss, points: Array) -> Array:
    """The gradient norm at points of shape (..., d), infinite where there is none."""
    return defined(norm(loss.gradient_at(np.moveaxis(points, -1, 0))))


def kinds_of(loss: Loss, points: Array, slopes: Array, radius: float) -> NDArray[np.str_]:
    """Classify points where the gradient is as good as zero: as :data:`PointKind`, shape (n,).

    The curvatures say it where all differ from zero, and elsewhere the losses within a radius.
    Points have shape (n, d), and `slopes`, the gradient norms there, shape (n,).
    """
    kinds = np.full(len(points), "flat", dtype="<U7")
    with np.errstate(all="ignore"):
        found = curvatures(loss, points, slopes, radius)
        low, high = found.min(axis=0), found.max(axis=0)
        up, down = low > FLAT_CURVATURE, high < -FLAT_CURVATURE
        both = (low < -FLAT_CURVATURE) & (high > FLAT_CURVATURE)
        unclear = ~(up | down | both)
        points, slopes = points[unclear], slopes[unclear]
        here = loss.value(points)
        span = np.ptp(np.column_stack([here, loss.value(around(points, radius))]), axis=-1)
        # Differences below this may be rounding, of the loss itself or of its terms.
        noise = 1e-12 * np.abs(here) + 1e-6 * span
        # The losses around change by no more than the slope that is left makes them change.
        plateau = ~(span > 4 * radius * slopes)
        lowest, _ = lowest_around(lambda p: defined(loss.value(p)), points, radius, FEWEST_ZOOMS)
        highest, _ = lowest_around(lambda p: defined(-loss.value(p)), points, radius, FEWEST_ZOOMS)
    falls, rises = (lowest < here - noise) & ~plateau, (-highest > here + noise) & ~plateau
    up[unclear], down[unclear], both[unclear] = rises, falls, rises & falls
    kinds[up], kinds[down], kinds[both] = "minimum", "maximum", "saddle"
    return kinds


def curvatures(loss: Loss, points: Array, slopes: Array, radius: float) -> Array:
    """The eigenvalues of the Hessian at points of shape (n, d), shape (d, n); nan at a kink."""
    found = eigenvalues(loss.hessian_at(points.T))
    lacks = has_kink(loss, points, slopes, radius) | ~np.isfinite(found.sum(axis=0))
    return np.where(lacks, np.nan, found)


def without_rounding(loss: Loss, points: Array, found: Array, radius: float) -> Array:
    """Curvatures of shape (d, n), with 0 for what rounding has left of one that vanishes.

    Where the gradient climbs by far more than a curvature accounts for, this is none of the loss.
    """
    _, axes = principal_axes(loss.hessian_at(points.T))
    cleaned = found.copy()
    for index, curvature in enumerate(found):
        along = axes[:, :, index]
        steps = [loss.gradient(points + side * radius * along) for side in (1, -1)]
        climbs = np.max([np.abs((step * along).sum(axis=-1)) for step in steps], axis=0)
        cleaned[index, np.abs(curvature) * radius < CURVATURE_TOLERANCE * climbs] = 0.0
    return cleaned


def has_kink(loss: Loss, points: Array, slopes: Array, radius: float) -> Flags:
    """Flags of points where the gradient jumps: its norm is `slopes` there, and more around."""
    steps = radius * few_directions(loss.dimension)
    close = slopes_at(loss, points[:, np.newaxis] + KINK_RADIUS * steps)
    far = largest(slopes_at(loss, points[:, np.newaxis] + steps))
    kink: Flags = close.min(axis=-1) > 2 * slopes + KINK_TOLERANCE * far
    return kink


def isolated(loss: Loss, points: Array, radius: float) -> Array:
    """The critical points among these, without those on a line or a plateau of them, shape (m, d).

    Of points of a line that are as critical as each other, the first stands for those around it.
    Where no curvature vanishes, the gradient vanishes nowhere else nearby (the inverse function
    theorem). Elsewhere it must not vanish on the sphere around: a line would cross that, and a
    plateau would reach it.
    """
    here, there = slopes_at(loss, points), slopes_at(loss, around(points, radius))
    steepest = largest(there)
    least_curvature = np.abs(eigenvalues(loss.hessian_at(points.T))).min(axis=0)
    critical = here <= GRADIENT_TOLERANCE * steepest
    curved = least_curvature * radius > CURVATURE_TOLERANCE * steepest
    slopes_around = there.min(axis=-1) > GRADIENT_TOLERANCE * steepest
    # The search on the sphere is expensive, and a line of critical points has thousands of them.
    doubtful = distinct(points[critical & ~curved & slopes_around], radius)
    _, axes = principal_axes(loss.hessian_at(doubtful.T))
    lowest, _ = lowest_around(lambda p: slopes_at(loss, p), doubtful, radius, axes=axes)
    steepest = largest(slopes_at(loss, around(doubtful, radius)))
    alone = doubtful[lowest > GRADIENT_TOLERANCE * steepest]
    return np.concatenate([points[critical & curved], alone])


def distinct(points: Array, radius: float) -> Array:
    """The first of each group of points that lie within a radius of each other, shape (m, d)."""
    chosen: list[Array] = []
    remaining = points
    while len(remaining):
        chosen.append(remaining[0])
        remaining = remaining[norm((remaining - remaining[0]).T) > radius]
    return np.array(chosen).reshape(-1, points.shape[-1])

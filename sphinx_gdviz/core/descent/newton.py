"""Newton's method for a zero gradient, from many points at once."""

from __future__ import annotations

import numpy as np

from ..losses.base import Array, Loss
from .neighbourhood import norm

MAX_ITERATIONS = 60
NEWTON_TOLERANCE = 1e-14
"""A step that is this share of the longest one was the last."""
GRADIENT_TOLERANCE = 1e-9
"""The gradient vanishes where its norm is this small a share of what is usual around."""
ROUNDING = 1e-12
"""A coordinate smaller than this share of the reach is what rounding left of zero."""


def find_zeros(loss: Loss, points: Array, max_step: float) -> Array:
    """Follow Newton's method from each point to a zero of the gradient, shape (n, d).

    Nocedal & Wright, Numerical Optimization, 2006, p. 274. No step is longer than `max_step`. Where
    the Hessian is singular, it is that of Newton's method along the gradient, if there is one.
    """
    ends, moving = points.copy(), np.arange(len(points))  # those that have come to rest drop out
    for _ in range(MAX_ITERATIONS):
        theta = ends[moving].T
        steps = _steps(loss.gradient_at(theta), loss.hessian_at(theta))
        length = norm(steps)
        goes = length > NEWTON_TOLERANCE * max_step  # and is not nan
        moving = moving[goes]
        ends[moving] -= (np.minimum(1.0, max_step / length[goes]) * steps[:, goes]).T
        if not len(moving):
            break
    return ends


def polish(loss: Loss, points: Array, reach: float) -> Array:
    """The critical points that Newton's method comes to from points of shape (n, d).

    They are nan where it comes to none that is at most `reach` away.
    """
    with np.errstate(all="ignore"):
        ends = find_zeros(loss, points, reach)
        slope = norm(loss.gradient_at(ends.T))
        curvature = np.abs(eigenvalues(loss.hessian_at(ends.T))).max(axis=0)
        # As good as zero: less than it changes by in a small share of the reach.
        critical = slope <= GRADIENT_TOLERANCE * reach * curvature
        near = norm((ends - points).T) <= reach
    ends = np.where(np.abs(ends) < ROUNDING * reach, 0.0, ends)
    return np.where((critical & near)[:, np.newaxis], ends, np.nan)


def eigenvalues(hessian: Array) -> Array:
    """The eigenvalues of symmetric matrices of shape (d, d, n), the smaller first, shape (d, n)."""
    if len(hessian) == 2:
        (xx, xy), (_, yy) = hessian
        middle, half = (xx + yy) / 2, np.hypot((xx - yy) / 2, xy)
        return np.array([middle - half, middle + half])
    return principal_axes(hessian)[0]


def principal_axes(hessian: Array) -> tuple[Array, Array]:
    """The eigenvalues of symmetric matrices of shape (d, d, n), and their eigenvectors.

    Returns
    -------
    values : ndarray, shape (d, n)
        nan where a matrix is not finite.
    vectors : ndarray, shape (n, d, d)
        One in each column.
    """
    matrices = np.moveaxis(hessian, (0, 1), (-2, -1))
    bad = np.logical_not(np.isfinite(matrices).all(axis=(-2, -1)))
    values, vectors = np.linalg.eigh(np.where(bad[:, np.newaxis, np.newaxis], 0.0, matrices))
    return np.where(bad, np.nan, values.T), vectors


def _steps(slope: Array, hessian: Array) -> Array:
    """Newton's steps for gradients of shape (d, n), to be subtracted; nan where there is none."""
    dimension = len(slope)
    if dimension == 2:  # by Cramer's rule, many times as fast as LAPACK
        (xx, xy), (_, yy) = hessian
        determinant = xx * yy - xy * xy
        steps = np.array([yy * slope[0] - xy * slope[1], xx * slope[1] - xy * slope[0]])
        steps /= determinant
    else:
        # By the pseudoinverse: along a valley of critical points, there is no step.
        values, vectors = principal_axes(hessian)
        size = np.abs(values)
        values[size <= dimension * np.finfo(float).eps * size.max(axis=0)] = np.inf
        steps = np.einsum("nij,jn->in", vectors, np.einsum("nij,in->jn", vectors, slope) / values)
        steps[:, np.isinf(values).all(axis=0)] = np.nan
    singular = ~np.isfinite(steps.sum(axis=0))
    if singular.any():
        bent = sum(
            (1 if i == j else 2) * slope[i] * slope[j] * hessian[i, j]
            for i in range(dimension)
            for j in range(i, dimension)
        )
        steps = np.where(singular, (slope**2).sum(axis=0) / bent * slope, steps)
    return steps

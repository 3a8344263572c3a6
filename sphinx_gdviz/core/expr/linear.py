"""Linear algebra of a few parameters, for many runs at once."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def newton_step(hessian: Any, g: Any, damping: Any) -> Array:
    """(H + λI)⁻¹g for Hessians of shape (d, d, ...) and gradients of shape (d, ...).

    Gaussian elimination with the largest pivot, run by run alike, so that a batch of runs is the
    same as the runs one by one. What has no solution becomes ``inf`` or ``nan``.
    """
    right = np.array(g, float)
    size = len(right)
    left = np.array(np.broadcast_to(hessian, (size, *right.shape)))
    for index in range(size):
        left[index, index] += damping
    with np.errstate(all="ignore"):
        for index in range(size):
            pivot = index + np.abs(left[index:, index]).argmax(axis=0)
            for rows in (left, right):
                _swap(rows, index, pivot)
            for other in range(index + 1, size):
                share = left[other, index] / left[index, index]
                left[other] -= share * left[index]
                right[other] -= share * right[index]
        for index in reversed(range(size)):
            for other in range(index + 1, size):
                right[index] -= left[index, other] * right[other]
            right[index] /= left[index, index]
    return right


def _swap(rows: Array, index: int, pivot: Any) -> None:
    """Swap row `index` of each run with row `pivot` of that run."""
    for other in range(index + 1, len(rows)):
        first, second = rows[index].copy(), rows[other].copy()
        here = pivot == other
        rows[index] = np.where(here, second, first)
        rows[other] = np.where(here, first, second)

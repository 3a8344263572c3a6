"""Stochastic gradients: the noise and the batches of rows that the steps of a descent meet."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ..losses.base import Array, Loss


class Sampling:
    """Randomness of a descent, the same for each run of a batch.

    Parameters
    ----------
    loss : Loss
        The loss that is descended.
    noise : float
        Standard deviation of the noise on each component of a gradient.
    batch : int or None
        The number of rows that a gradient is taken over; None for all.
    seed : int
        Of both.
    steps : int
        The number of updates; one more is made to know where it would lead.
    """

    def __init__(self, loss: Loss, noise: float, batch: int | None, seed: int, steps: int) -> None:
        # The stream of RandomState is frozen for good (NEP 19), so that a seed means the same run
        # with every version of NumPy.
        random = np.random.RandomState(seed)
        self._loss = loss
        shape = (steps + 1, loss.dimension)
        self._noise = noise * random.standard_normal(shape) if noise else None
        self._rows = list(_batches(random, loss.rows, batch, steps + 1)) if batch else None

    def gradient(self, theta: Array, exact: Array, step: int) -> Array:
        """The gradient that a step takes at parameters of shape (d, n), given the exact one."""
        gradient = exact
        if self._rows is not None:
            gradient = self._loss.batch_gradient_at(theta, self._rows[step])
        if self._noise is not None:
            gradient = gradient + self._noise[step][:, np.newaxis]
        return gradient


def _batches(
    random: np.random.RandomState, rows: int, batch: int, steps: int
) -> Iterator[NDArray[np.intp]]:
    """The rows of each step: all are shuffled, dealt out, and shuffled again."""
    used = 0
    order = np.empty(0, np.intp)
    for _ in range(steps):
        if used >= len(order):
            order, used = random.permutation(rows), 0
        yield np.sort(order[used : used + batch])
        used += batch

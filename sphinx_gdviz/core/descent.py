"""The descent: a loss, a rule and a start give a trajectory."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .losses import DEFAULT_LOSS, Loss, Range, find_loss
from .optimizers import OPTIMIZERS
from .verdict import Verdict, judge

DEFAULT_LR = 0.1
DEFAULT_START = (1.5, 1.5)
DEFAULT_STEPS = 50


@dataclass(frozen=True, eq=False)
class Trajectory:
    """What a descent visited, or a batch of descents of shape (...).

    Attributes
    ----------
    loss : Loss
        What was descended.
    points : ndarray of float64, shape (steps + 1, ..., 2)
        The iterates, the start first.
    losses : ndarray of float64, shape (steps + 1, ...)
        The loss at each iterate.
    gradients : ndarray of float64, shape (steps + 1, ..., 2)
        The gradient at each iterate.
    clip : tuple of float or None
        The box that every coordinate was held in.
    clip_step : ndarray of int, shape (...)
        The first step at which the box held the iterate; −1 where it never did.
    """

    loss: Loss
    points: NDArray[np.float64]
    losses: NDArray[np.float64]
    gradients: NDArray[np.float64]
    clip: Range | None
    clip_step: NDArray[np.int64]

    @property
    def steps(self) -> int:
        """The number of updates, one less than the number of points."""
        return len(self.points) - 1

    @cached_property
    def verdict(self) -> Verdict:
        """What a single run did; for a batch, index it first.

        Raises
        ------
        ValueError
            If this is a batch.
        """
        if self.losses.ndim != 1:
            raise ValueError("this trajectory is a batch of runs: take one, as in run[0].verdict")
        return judge(
            self.loss, self.points, self.losses, self.gradients, int(self.clip_step), self.clip
        )

    def __getitem__(self, index: int | tuple[int, ...]) -> Trajectory:
        """One run of a batch, or a smaller batch."""
        inner: Any = index if isinstance(index, tuple) else (index,)
        each: Any = (slice(None), *inner)
        return replace(
            self,
            points=self.points[each],
            losses=self.losses[each],
            gradients=self.gradients[each],
            clip_step=np.asarray(self.clip_step[inner]),
        )


def descend(
    loss: str | Loss = DEFAULT_LOSS,
    *,
    optimizer: str = "gd",
    lr: ArrayLike = DEFAULT_LR,
    start: ArrayLike = DEFAULT_START,
    steps: int = DEFAULT_STEPS,
    clip: Range | None = None,
) -> Trajectory:
    """Run an optimizer on a loss of two parameters.

    Parameters
    ----------
    loss : str or Loss
        A formula in ``x`` and ``y``, or the name of a loss.
    optimizer : str
        The name of an update rule.
    lr : array_like, shape (...)
        Learning rates, positive and finite.
    start : array_like, shape (..., 2)
        Starting points; `lr` and `start` broadcast against each other into a batch of runs.
    steps : int
        How many updates to make, at least 1.
    clip : tuple of float, optional
        A box (low, high) that both coordinates are held in after each update.

    Returns
    -------
    Trajectory
        A run that overflows goes on as ``inf`` or ``nan``: that is a verdict, not an error.

    Raises
    ------
    FormulaError
        If the loss is not a formula.
    ValueError
        If another argument is out of range.
    """
    loss = find_loss(loss) if isinstance(loss, str) else loss
    rates, theta = _batch(np.asarray(lr, float), np.asarray(start, float))
    if optimizer not in OPTIMIZERS:
        raise ValueError(f"unknown optimizer {optimizer!r}; known: {', '.join(OPTIMIZERS)}")
    if steps < 1:
        raise ValueError(f"steps must be at least 1, not {steps}")
    if clip is not None and not clip[0] < clip[1]:
        raise ValueError(f"clip must be (low, high) with low < high, not {clip}")
    update, state = OPTIMIZERS[optimizer], None

    points = np.empty((steps + 1, *theta.shape))
    gradients = np.empty_like(points)
    clip_step = np.full(theta.shape[:-1], -1)
    points[0] = theta
    with np.errstate(all="ignore"):
        for step in range(1, steps + 1):
            gradients[step - 1] = gradient = loss.gradient(theta)
            theta, state = update(theta, gradient, rates, state)
            if clip is not None:
                held = np.clip(theta, *clip)
                first = (held != theta).any(axis=-1) & (clip_step < 0)
                clip_step[first] = step
                theta = held
            points[step] = theta
    gradients[steps] = loss.gradient(theta)
    return Trajectory(loss, points, loss.value(points), gradients, clip, clip_step)


def _batch(
    lr: NDArray[np.float64], start: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Rates of shape (..., 1) and starts of shape (..., 2) for one common batch shape."""
    if not (np.isfinite(lr).all() and (lr > 0).all()):
        raise ValueError(f"lr must be positive and finite, not {lr}")
    if start.shape[-1:] != (2,) or not np.isfinite(start).all():
        raise ValueError(f"start must hold points of two finite coordinates, not {start}")
    shape = np.broadcast_shapes(lr.shape, start.shape[:-1])
    rates = np.broadcast_to(lr, shape)[..., np.newaxis]
    return rates, np.array(np.broadcast_to(start, (*shape, 2)))

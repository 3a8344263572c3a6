"""Oscillation: whether runs swing, whether their swings die away, and their periods."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .neighbourhood import lengths

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

TURNS = 4
"""A run that oscillates turns so often in its later half, in one parameter at least."""
DYING = 0.7
"""The swings of a run die away when its last quarter covers less than this share of what the
quarter before covered."""
RETURN = 0.01
"""A run is periodic when it comes back to within this share of what it covers."""
DRIFT = 0.05
"""Share to which a periodic run covers the same in each period, and in each half of the time."""
LONGEST = 64
"""The longest period that is looked for."""


def raises_loss(points: Array, losses: Array) -> Flags:
    """Steps that raise the loss, or go back on the step before without lowering it, (T, n)."""
    moves, change = np.diff(points, axis=0), np.diff(losses, axis=0)
    back = np.zeros(change.shape, bool)
    back[1:] = (moves[1:] * moves[:-1]).sum(axis=-1) < 0
    rises: Flags = (change > 0) | (back & (change == 0))
    return rises


def is_turning(points: Array) -> Flags:
    """True where a parameter goes back and forth in the later half of a run."""
    moves = np.diff(points, axis=0)[(len(points) - 1) // 2 :]
    turns = (moves[1:] * moves[:-1] < 0).sum(axis=0).max(axis=-1, initial=0)
    return np.asarray(turns >= max(2, min(TURNS, len(moves) - 1)))


def _covered(points: Array) -> Array:
    """The diagonal of the box around points of shape (T, n, d), shape (n,)."""
    return lengths(np.ptp(points, axis=0))


def is_dying(points: Array, losses: Array) -> Flags:
    quarter = max(2, len(points) // 4)
    last, before = slice(-quarter, None), slice(-2 * quarter, -quarter)
    if len(points) < 2 * quarter:
        return np.zeros(points.shape[1], bool)
    dying: Flags = _covered(points[last]) < DYING * _covered(points[before])
    dying &= losses[last].mean(axis=0) < losses[before].mean(axis=0)
    return dying


def periods_of(points: Array) -> NDArray[np.int64]:
    """The period of each run of shape (T + 1, n, d), 0 where it has none."""
    periods = np.zeros(points.shape[1], np.int64)
    window = max(4, len(points) // 4)
    slack = RETURN * _covered(points[-window:])
    half = window // 2
    early, late = _covered(points[-window : -window + half + 1]), _covered(points[-half - 1 :])
    steady = np.abs(late - early) <= DRIFT * late
    for period in range(2, min(LONGEST, window, len(points) - window) + 1):
        apart = points[-window:] - points[-window - period : -period]
        returns = lengths(apart).max(axis=0) <= slack
        # Slow swings come near after a few steps, too, without having gone all the way round.
        whole = _covered(points[-period - 1 :]) >= (1 - DRIFT) * _covered(points[-window:])
        periods[returns & whole & steady & (periods == 0)] = period
    return periods

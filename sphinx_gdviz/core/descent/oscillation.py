"""Oscillation: swings of runs, their decay, and their periods."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..losses.base import Array
from .neighbourhood import Flags, lengths

MIN_TURNS = 4
"""A run that oscillates turns so often in its later half, in one parameter at least."""
DECAY = 0.7
"""The swings of a run die away when its last quarter covers less than this share of what the
quarter before covered."""
TREND = 8
"""Swings grow or die away where the longest step does, from each of so many stretches of the later
half of the run to the next."""
RETURN_TOLERANCE = 0.01
"""A run is periodic when it comes back to within this share of what it covers."""
DRIFT_TOLERANCE = 0.05
"""A periodic run covers the same in each period, and in each half of the time, but for this."""
MAX_PERIOD = 64


def raises_loss(points: Array, losses: Array) -> Flags:
    """Steps that raise the loss, or go back on the step before without lowering it, (T, n)."""
    moves, change = np.diff(points, axis=0), np.diff(losses, axis=0)
    back = np.zeros(change.shape, bool)
    back[1:] = (moves[1:] * moves[:-1]).sum(axis=-1) < 0
    rises: Flags = (change > 0) | (back & (change == 0))
    return rises


def is_turning(points: Array) -> Flags:
    """Flags of runs in which a parameter goes back and forth in the later half."""
    moves = np.diff(points, axis=0)[(len(points) - 1) // 2 :]
    turns = (moves[1:] * moves[:-1] < 0).sum(axis=0).max(axis=-1, initial=0)
    return np.asarray(turns >= max(2, min(MIN_TURNS, len(moves) - 1)))


def _covered(points: Array) -> Array:
    """The diagonal of the box around points of shape (T, n, d), shape (n,)."""
    return lengths(np.ptp(points, axis=0))


def is_decaying(points: Array, losses: Array) -> Flags:
    """Flags of runs whose swings die away, and lead down, in the last quarter."""
    quarter = max(2, len(points) // 4)
    last, before = slice(-quarter, None), slice(-2 * quarter, -quarter)
    if len(points) < 2 * quarter:
        return np.zeros(points.shape[1], bool)
    dying: Flags = _covered(points[last]) < DECAY * _covered(points[before])
    dying &= losses[last].mean(axis=0) < losses[before].mean(axis=0)
    return dying


def trends(points: Array, losses: Array) -> NDArray[np.int64]:
    """1 for runs whose swings grow, and the loss with them; −1 where both die away; else 0."""
    sizes = lengths(np.diff(points, axis=0))[(len(points) - 1) // 2 :]
    width = max(1, len(sizes) // TREND)
    count = min(TREND, len(sizes) // width)
    if count < 3:
        return np.zeros(points.shape[1], np.int64)
    last = sizes[len(sizes) - count * width :]
    longest = last.reshape(count, width, -1).max(axis=1)
    quarter = max(2, len(points) // 4)
    rise = losses[-quarter:].mean(axis=0) - losses[-2 * quarter : -quarter].mean(axis=0)
    changes = np.diff(longest, axis=0)
    grows, dies = (changes > 0).all(axis=0) & (rise > 0), (changes < 0).all(axis=0) & (rise < 0)
    return np.asarray(grows.astype(np.int64) - dies)


def periods_of(points: Array) -> NDArray[np.int64]:
    """The period of each run of shape (T + 1, n, d), 0 where it has none."""
    periods = np.zeros(points.shape[1], np.int64)
    window = max(4, len(points) // 4)
    covered, half = _covered(points[-window:]), window // 2
    early, late = _covered(points[-window : -window + half + 1]), _covered(points[-half - 1 :])
    steady = np.abs(late - early) <= DRIFT_TOLERANCE * late
    for period in range(2, min(MAX_PERIOD, window, len(points) - window) + 1):
        # Most runs are not back even at the end, and need not be looked at throughout.
        back = lengths(points[-1] - points[-1 - period]) <= RETURN_TOLERANCE * covered
        runs = np.flatnonzero(back & steady & (periods == 0))
        apart = points[-window:, runs] - points[-window - period : -period, runs]
        returns = lengths(apart).max(axis=0) <= RETURN_TOLERANCE * covered[runs]
        # Slow swings come near after a few steps, too, without having gone all the way round.
        whole = _covered(points[-period - 1 :, runs]) >= (1 - DRIFT_TOLERANCE) * covered[runs]
        periods[runs[returns & whole]] = period
    return periods

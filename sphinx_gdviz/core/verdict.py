"""The verdict: what a run did, and at which step it shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from .landscape import kind_of

if TYPE_CHECKING:
    from .losses import Loss

Kind = Literal["converged", "slow", "oscillating", "diverged", "stuck"]

TOLERANCE = 1e-3
"""A gradient norm below this counts as zero; less on a loss whose gradients are all small."""
ESCAPE = 10.0
"""A run has left when it is this many times the domain's half-diagonal away from its centre."""
GROWTH = 2.0
"""…and still moving away when its last quarter reaches this many times as far as the rest."""
RISING = 0.25
"""A run oscillates when this share of its later steps raise the loss."""


@dataclass(frozen=True)
class Verdict:
    """What a run of T steps did.

    With ‖∇L‖ the gradient norm, the first of these that holds is the `kind`:

    ``diverged``
        A coordinate or the loss stopped being finite (`place` is ``"undefined"`` where a finite
        iterate has no loss: the run left the domain of the loss); or the run ended farther from
        the centre of the domain that is shown than `ESCAPE` times its half-diagonal (or the
        start's own distance, where that is larger), and its last quarter went `GROWTH` times as
        far as all before. `step`: from here on it never came back within that distance.
    ``converged``
        ‖∇L‖ is below `TOLERANCE` at the end (times the largest gradient norm in the domain, where
        that is less than 1), and the point is a minimum: its Hessian has positive eigenvalues, or
        where one is as good as zero, no point around is lower. `step`: from here on ‖∇L‖
        stays below it.
    ``stuck``
        The same, but the point is no minimum: `place` is ``"saddle"``, ``"maximum"``, or
        ``"flat"`` for a plain. Or the clip holds it, and ‖∇L‖ without the components that point
        out of the box is below the same: `place` is ``"box"``. `step`: from here on it stays.
    ``oscillating``
        At least a share `RISING` of the steps in the later half raised the loss, or went back on
        the step before without lowering it. `step`: the first that did.
    ``slow``
        None of these: still on its way at the end. `step`: T.

    Attributes
    ----------
    kind : str
    step : int
    place : str or None
        Where a run converged or is stuck: ``"minimum"``, ``"saddle"``, ``"maximum"``, ``"flat"``
        or ``"box"``; ``"undefined"`` where it left the domain of the loss.
    clip_step : int or None
        The first step at which the clip held the run, None where it never did.
    """

    kind: Kind
    step: int
    place: str | None = None
    clip_step: int | None = None


def judge(
    loss: Loss,
    points: NDArray[np.float64],
    losses: NDArray[np.float64],
    gradients: NDArray[np.float64],
    clip_step: int = -1,
    clip: tuple[float, float] | None = None,
) -> Verdict:
    """Say what a single run did; see :class:`Verdict` for what each word means.

    Parameters
    ----------
    loss : Loss
        What was descended.
    points : ndarray, shape (T + 1, 2)
        The iterates.
    losses : ndarray, shape (T + 1,)
        The loss at each.
    gradients : ndarray, shape (T + 1, 2)
        The gradient at each.
    clip_step : int
        The first step at which a clip held the run, negative for never.
    clip : tuple of float or None
        The box that held it.
    """
    held = clip_step if clip_step >= 0 else None
    with np.errstate(all="ignore"):
        norms = np.hypot(gradients[:, 0], gradients[:, 1])
        away = _away(loss, points, losses)
        if not np.isfinite(losses).all():
            return _lost(points, losses, away, held)
        if away[-1] and _is_leaving(loss, points):
            return Verdict("diverged", _since(away), None, held)
        tolerance = TOLERANCE * min(1.0, _steepness(loss))
        small = norms < tolerance
        if small[-1]:
            _, radius = _distance(loss, points[-1:])
            place = kind_of(loss, points[-1], float(norms[-1]), 0.01 * radius)
            kind: Kind = "converged" if place == "minimum" else "stuck"
            return Verdict(kind, _since(small), place, held)
        if clip is not None and held:
            blocked = (points <= clip[0]) & (gradients > 0) | (points >= clip[1]) & (gradients < 0)
            along = np.where(blocked, 0.0, gradients)
            still = np.hypot(along[:, 0], along[:, 1]) < tolerance
            if still[-1]:
                return Verdict("stuck", _since(still), "box", held)
        rises = _rises(points, losses)
        if rises[len(rises) // 2 :].mean() >= RISING:
            return Verdict("oscillating", int(np.argmax(rises)) + 1, None, held)
    return Verdict("slow", len(points) - 1, None, held)


def _distance(loss: Loss, points: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
    """Distances from the centre of the domain, and the domain's half-diagonal."""
    corners = np.array([loss.xlim, loss.ylim]).T
    centre, half = corners.mean(axis=0), np.ptp(corners, axis=0) / 2
    return np.hypot(*(points - centre).T), float(np.hypot(*half))


def _away(
    loss: Loss, points: NDArray[np.float64], losses: NDArray[np.float64]
) -> NDArray[np.bool_]:
    distance, radius = _distance(loss, points)
    limit = max(ESCAPE * radius, float(distance[0]))
    return ~np.isfinite(losses) | ~(distance <= limit)


def _lost(
    points: NDArray[np.float64],
    losses: NDArray[np.float64],
    away: NDArray[np.bool_],
    held: int | None,
) -> Verdict:
    """The verdict on a run that came to where the loss has no finite value."""
    first = int(np.argmax(~np.isfinite(losses)))
    if np.isfinite(points[first]).all() and np.isnan(losses[first]):
        return Verdict("diverged", first, "undefined", held)
    return Verdict("diverged", min(first, _since(away)), None, held)


def _is_leaving(loss: Loss, points: NDArray[np.float64]) -> bool:
    distance, _ = _distance(loss, points)
    last = max(1, len(points) // 4)
    return bool(distance[-last:].max() >= GROWTH * distance[:-last].max())


def _steepness(loss: Loss) -> float:
    """The largest gradient norm on a coarse grid over the domain; 1 where there is none."""
    grid = np.stack(np.meshgrid(*(np.linspace(*side, 5) for side in (loss.xlim, loss.ylim))), -1)
    norms = np.hypot(*np.moveaxis(loss.gradient(grid), -1, 0))
    norms = norms[np.isfinite(norms) & (norms > 0)]
    return float(norms.max()) if len(norms) else 1.0


def _rises(points: NDArray[np.float64], losses: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which steps raise the loss, or go back on the step before without lowering it."""
    moves, change = np.diff(points, axis=0), np.diff(losses)
    back = np.append(False, (moves[1:] * moves[:-1]).sum(axis=1) < 0)
    rises: NDArray[np.bool_] = (change > 0) | (back & (change == 0))
    return rises


def _since(condition: NDArray[np.bool_]) -> int:
    """The first index from which a condition holds to the end."""
    failing = np.flatnonzero(~condition)
    return int(failing[-1]) + 1 if len(failing) else 0

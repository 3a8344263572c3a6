"""The verdict: the outcome of a run, and the step from which it shows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from ..losses.base import Array, Loss, Range
from .constraint import Constraint
from .kinds import FLAT_CURVATURE, kinds_of
from .neighbourhood import Flags, lengths, norm
from .newton import polish
from .oscillation import is_decaying, is_turning, periods_of, raises_loss, trends

if TYPE_CHECKING:
    from .run import Trajectory

Kind = Literal["converged", "slow", "oscillating", "diverged", "stuck"]
KINDS: tuple[Kind, ...] = get_args(Kind)

TOLERANCE = 1e-3
"""A gradient norm below this counts as zero; less on a loss whose gradients are all small."""
ESCAPE_RADIUS, CERTAIN_ESCAPE = 10.0, 100.0
"""A run has left when it is this many times the domain's half-diagonal away from its centre; when
it is so many times farther than that, it need not move any more to count as diverged."""
ESCAPE_GROWTH = 2.0
"""A run is moving away when its last quarter reaches this many times as far as the rest."""
RISING_SHARE = 0.25
"""A run oscillates when this share of its later steps raise the loss."""
REACH = 0.05
"""A run converged to a critical point that is no farther away than this share of the domain."""
SAMPLES = 1000
"""Points of a domain of more than two parameters where the gradient is evaluated."""


@dataclass(frozen=True)
class Verdict:
    """The outcome of a run of T steps.

    With ‖∇L‖ the gradient norm, and “small” for less than `TOLERANCE` (times the largest gradient
    norm in the domain, where that is less than 1), the first of these that holds is the `kind`:

    ``diverged``
        A coordinate or the loss stopped being finite (`place` is ``"undefined"`` where a finite
        iterate has no loss: the run left the domain of the loss); or the run ended farther from
        the centre of the domain that is shown than `ESCAPE_RADIUS` times its half-diagonal (or the
        start's own distance, where that is larger), and its last quarter went `ESCAPE_GROWTH`
        times as far as all before, or it is `CERTAIN_ESCAPE` times farther still. `step`: from
        here on it never came back within that distance; for a run that left the domain of the
        loss, where it did. Or the run swings, as one that oscillates does, and the swings grow, in
        each stretch of the later half (:func:`~.oscillation.trends`), to a loss above that of the
        start. `step`: the first that raised the loss.
    ``converged``
        ‖∇L‖ is small at the end, and would be small after one more update (a heavy ball that
        rushes through a minimum has not converged); and the critical point that Newton's method
        finds from there is a minimum: its Hessian has positive eigenvalues, or where one is as
        good as zero, no point around is lower. Where it finds none nearby, the end itself may lie
        in a valley of minima. `step`: from here on ‖∇L‖ stays small. With a constraint, the same of
        the projected gradient: `place` is then ``"boundary"``, and the last two steps count.
    ``stuck``
        The same, but the point is no minimum: `place` is ``"saddle"``, ``"maximum"``, or
        ``"flat"`` for a plateau. Or it lies at a wall of the box that held it, and ‖∇L‖ without the
        components that point out of the box is small, as it would be after one more update:
        `place` is ``"box"``. `step`: from here on it stays.
    ``oscillating``
        At least a share `RISING_SHARE` of the steps in the later half raised the loss, or went
        back on the step before without lowering it; there a parameter turned at least `MIN_TURNS`
        times (or at each step of a very short run); and the swings do not die away: the last
        quarter of the run covers at least `DECAY` times what the quarter before covered, or its
        losses are no lower on average; nor do they grow or die away in each stretch of the later
        half. `period`: the smallest number of steps, up to `MAX_PERIOD`,
        after which the run is back, to `RETURN_TOLERANCE` of what it covers, throughout its last
        quarter, if within them it covers all that and the swings do not grow; None where there is
        none. `step`: the first such step.
    ``slow``
        None of these: still on its way at the end. `step`: T.

    Attributes
    ----------
    kind : str
    step : int
    place : str or None
        Of a run that converged or is stuck: ``"minimum"``, ``"boundary"``, ``"saddle"``,
        ``"maximum"``, ``"flat"`` or ``"box"``; ``"undefined"`` of one that left the domain of the
        loss.
    clip_step : int or None
        The first step at which the clip held the run, None where it never did.
    point : tuple of float or None
        The point that a run converged to or is stuck at.
    period : int or None
        In how many steps a run that oscillates comes back.
    """

    kind: Kind
    step: int
    place: str | None = None
    clip_step: int | None = None
    point: tuple[float, ...] | None = None
    period: int | None = None


@dataclass(frozen=True, eq=False)
class Verdicts:
    """The verdicts on a batch of runs of shape (...), as arrays of that shape.

    Attributes
    ----------
    kinds : ndarray of str
    steps : ndarray of int
    places : ndarray of str
        Empty for None.
    clip_steps, periods : ndarray of int
        −1 and 0 for None.
    points : ndarray of float64, shape (..., d)
        nan for None.
    """

    kinds: NDArray[np.str_]
    steps: NDArray[np.int64]
    places: NDArray[np.str_]
    clip_steps: NDArray[np.int64]
    points: Array
    periods: NDArray[np.int64]

    def __getitem__(self, index: int | tuple[int, ...]) -> Verdict:
        """The verdict on one run."""
        kind: Kind = next(kind for kind in KINDS if kind == self.kinds[index])
        clip_step, period = int(self.clip_steps[index]), int(self.periods[index])
        point = tuple(self.points[index].tolist())
        return Verdict(
            kind,
            int(self.steps[index]),
            str(self.places[index]) or None,
            clip_step if clip_step >= 0 else None,
            None if np.isnan(point[0]) else point,
            period or None,
        )


def judge(batch: Trajectory) -> Verdicts:
    """Judge each run of a batch; see :class:`Verdict` for the meaning of each kind."""
    runs = _Runs(batch)
    with np.errstate(all="ignore"):
        runs.find_diverged()
        runs.find_settled()
        if batch.clip is not None:
            runs.find_held(batch.clip)
        if batch.constraint is not None:
            runs.find_constrained(batch.constraint)
        runs.find_oscillating()
    return runs.verdicts(batch.losses.shape[1:])


class _Runs:
    """A batch of n runs, and the verdicts that are found on them, one kind after the other."""

    def __init__(self, batch: Trajectory) -> None:
        self.loss, self.clip_step = batch.loss, batch.clip_step.reshape(-1)
        length, count = len(batch.points), len(self.clip_step)
        self.points = batch.points.reshape(length, count, self.loss.dimension)
        self.gradients = batch.gradients.reshape(self.points.shape)
        self.next_gradient = batch.next_gradient.reshape(self.points.shape[1:])
        self.losses = batch.losses.reshape(length, count)
        self.small_norm = tolerance(self.loss)

        self.kinds = np.full(count, "slow", dtype="<U11")
        self.steps = np.full(count, length - 1)
        self.places = np.full(count, "", dtype="<U9")
        self.reached = np.full(self.points.shape[1:], np.nan)
        self.periods = np.zeros(count, np.int64)
        self.is_open = np.ones(count, bool)

    def settle(
        self, which: Flags | NDArray[np.intp], kind: Kind, when: NDArray[np.int64], place: str = ""
    ) -> None:
        """Give some runs their verdict; `when` has the step of each run."""
        self.kinds[which], self.steps[which], self.places[which] = kind, when[which], place
        self.is_open[which] = False

    def find_diverged(self) -> None:
        """Settle runs that left the domain, or in which something is not finite."""
        centre, limit = escape(self.loss, self.points[0])
        distance, bad = lengths(self.points - centre), ~np.isfinite(self.losses)
        is_away = bad | ~(distance <= limit)  # also where a coordinate is nan
        first, away = bad.argmax(axis=0), _since(is_away)
        undefined = _is_undefined(self.losses, self.gradients, distance, limit, first)
        self.settle(bad.any(axis=0) & undefined, "diverged", first, "undefined")
        self.settle(bad.any(axis=0) & self.is_open, "diverged", np.minimum(first, away))
        leaving = _is_leaving(distance) | (distance[-1] >= CERTAIN_ESCAPE * limit)
        self.settle(self.is_open & is_away[-1] & leaving, "diverged", away)

    def find_settled(self) -> None:
        """Settle runs whose gradient is small and stays so: converged, or stuck."""
        small = lengths(self.gradients) < self.small_norm
        stays = small[-1] & (lengths(self.next_gradient) < self.small_norm)
        still = np.flatnonzero(self.is_open & stays)
        if not len(still):
            return
        since = _since(small)
        ends, gradients = self.points[-1, still], self.gradients[-1, still]
        self.reached[still], found = settled_at(self.loss, ends, gradients)
        for place in np.unique(found):
            kind: Kind = "converged" if place == "minimum" else "stuck"
            self.settle(still[found == place], kind, since, str(place))

    def find_held(self, clip: Range) -> None:
        """Settle runs that are stuck at a wall of the box."""
        low, high = clip
        points, gradients = self.points, self.gradients
        blocked = (points <= low) & (gradients > 0) | (points >= high) & (gradients < 0)
        held = lengths(np.where(blocked, 0.0, gradients)) < self.small_norm
        onwards = np.where(blocked[-1], 0.0, self.next_gradient)
        caught = self.is_open & (self.clip_step >= 0) & blocked[-1].any(axis=-1) & held[-1]
        caught &= lengths(onwards) < self.small_norm
        self.reached[caught] = points[-1, caught]
        self.settle(caught, "stuck", _since(held), "box")

    def find_constrained(self, constraint: Constraint) -> None:
        """Settle runs whose projected gradient is small, and stays so: a constrained minimum."""
        points, gradients = (np.moveaxis(a, -1, 0) for a in (self.points, self.gradients))
        small = norm(constraint.projected_gradient(points, gradients)) < self.small_norm
        since = _since(small)
        caught = self.is_open & (since < len(small) - 1)
        self.reached[caught] = self.points[-1, caught]
        self.settle(caught, "converged", since, "boundary")

    def find_oscillating(self) -> None:
        """Settle runs that swing, and whose swings don't die away."""
        rises = raises_loss(self.points, self.losses)
        swings = self.is_open & (rises[len(rises) // 2 :].mean(axis=0) >= RISING_SHARE)
        swings &= is_turning(self.points) & ~is_decaying(self.points, self.losses)
        if swings.any():
            since, trend = rises.argmax(axis=0) + 1, trends(self.points, self.losses)
            self.periods[swings] = periods_of(self.points[:, swings])
            trend[self.periods > 0] = 0
            higher = self.losses[-1] > self.losses[0]
            self.settle(swings & (trend == 0), "oscillating", since)
            self.settle(swings & (trend > 0) & higher, "diverged", since)

    def verdicts(self, shape: tuple[int, ...]) -> Verdicts:
        """The verdicts on a batch of this shape."""
        return Verdicts(
            self.kinds.reshape(shape),
            self.steps.reshape(shape),
            self.places.reshape(shape),
            self.clip_step.reshape(shape),
            self.reached.reshape(*shape, self.loss.dimension),
            self.periods.reshape(shape),
        )


def tolerance(loss: Loss) -> float:
    """The gradient norm that counts as small: `TOLERANCE`, or less on a loss that is flat."""
    return TOLERANCE * min(1.0, steepness(loss))


def settled_at(loss: Loss, ends: Array, gradients: Array) -> tuple[Array, NDArray[np.str_]]:
    """Find the points that runs with a small gradient have come to, and their kinds.

    Ends and gradients have shape (n, d), and so have the points: critical points nearby, or the
    ends where there are none. Kinds are those of :func:`kinds_of`, of shape (n,).
    """
    # Many runs of a batch end at one point, to the bit, whose kind takes thousands of losses.
    ends, first, inverse = np.unique(ends, axis=0, return_index=True, return_inverse=True)
    inverse, gradients = inverse.reshape(-1), gradients[first]
    _, radius = _domain(loss)
    points = polish(loss, ends, reach(loss))
    lacks = np.asarray(np.isnan(points).any(axis=1))
    points = np.where(lacks[:, np.newaxis], ends, points)
    slopes = np.where(lacks, lengths(gradients), 0.0)
    places = kinds_of(loss, points, slopes, 0.01 * radius)
    places[lacks & (places != "minimum")] = "flat"
    # Curved, and yet without a critical point: the tail of an exponential, say.
    curvatures = np.abs(np.linalg.eigvalsh(loss.hessian(points[lacks])))
    places[np.flatnonzero(lacks)[curvatures.min(axis=-1) > FLAT_CURVATURE]] = "flat"
    return points[inverse], places[inverse]


def reach(loss: Loss) -> float:
    """The largest distance between a run's end and the point that it converged to."""
    return REACH * _domain(loss)[1]


def escape(loss: Loss, starts: Array) -> tuple[Array, Array]:
    """The centre of the domain, shape (d,), and the distance at which runs have left, (n,)."""
    centre, radius = _domain(loss)
    return centre, np.maximum(ESCAPE_RADIUS * radius, lengths(starts - centre))


@lru_cache(maxsize=64)
def steepness(loss: Loss) -> float:
    """The largest gradient norm in the domain, roughly; 1 where there is none."""
    if loss.dimension <= 2:
        # Multiples of the golden ratio, which no lattice of critical points has, and both ends.
        side = np.append(np.arange(10) * 0.6180339887498949 % 1, 1.0)
        shares = np.array(np.meshgrid(*[side] * loss.dimension))
    else:
        shares = np.random.RandomState(0).uniform(size=(loss.dimension, SAMPLES))
    low, high = np.array(loss.domain).T.reshape(2, -1, *[1] * (shares.ndim - 1))
    with np.errstate(all="ignore"):
        norms = norm(loss.gradient_at(low + shares * (high - low)))
    norms = norms[np.isfinite(norms) & (norms > 0)]
    return float(norms.max()) if len(norms) else 1.0


def _domain(loss: Loss) -> tuple[Array, float]:
    """The centre of the domain, and its half-diagonal."""
    corners = np.array(loss.domain).T
    return corners.mean(axis=0), float(norm(np.ptp(corners, axis=0) / 2))


def _is_undefined(
    losses: Array, gradients: Array, distance: Array, limit: Array, first: NDArray[np.int64]
) -> Flags:
    """Flags of runs that met a point without a loss, or without a gradient, while near.

    Far away a loss that overflows may well be ∞ − ∞.
    """
    runs, before = np.arange(len(first)), np.maximum(first - 1, 0)
    is_near = distance <= limit
    without_slope = np.isnan(gradients[before, runs]).any(axis=-1) & is_near[before, runs]
    return np.asarray((np.isnan(losses) & is_near)[first, runs] | without_slope)


def _is_leaving(distance: Array) -> Flags:
    last = max(1, len(distance) // 4)
    return np.asarray(distance[-last:].max(axis=0) >= ESCAPE_GROWTH * distance[:-last].max(axis=0))


def _since(condition: Flags) -> NDArray[np.int64]:
    """The first index from which a condition of shape (T + 1, n) holds to the end, shape (n,)."""
    failing = ~condition[::-1]
    last = np.where(failing.any(axis=0), len(condition) - 1 - failing.argmax(axis=0), -1)
    return np.asarray(last + 1, np.int64)

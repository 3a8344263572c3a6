"""The landscape: the critical points of a loss, and what kind of point a place is."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from ..losses.named import find_loss

if TYPE_CHECKING:
    from ..losses.base import Loss, Range

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
PointKind = Literal["minimum", "saddle", "maximum", "flat"]

FLAT = 1e-5
"""A curvature smaller than this counts as zero."""
STARTS = 48
"""Newton's method starts from a grid with this many points a side."""
ITERATIONS = 60
REACH = 0.05
"""The longest step of Newton's method, as a share of the frame's diagonal."""
STILL = 1e-14
"""A step of Newton's method that is this share of the longest one was the last."""
ROUNDING = 1e-12
"""A coordinate smaller than this share of where it was looked for is what rounding left of zero."""
APART = 1e-5
"""Points closer than this share of the frame's diagonal are the same."""
AROUND = 1e-2
"""What lies around a point is looked at on a circle: its radius, as a share of the diagonal."""
DIRECTIONS = 32
"""How many points of that circle are looked at."""
ZERO = 1e-9
"""The gradient vanishes where its norm is this small a share of the largest on the circle."""
CURVED = 1e-5
"""The curvature does not vanish where it alone makes up this share of that largest norm."""
ZOOMS = 12
"""How often to look closer, 16 times each, at where a function may be lowest on a circle."""
FEWER_ZOOMS, FEWEST_ZOOMS = 8, 4
"""…where the place may be rough, and where only the value counts."""
CLOSE = 1e-5
"""Very near to a point is this share of the circle's radius."""
KINK = 1e-3
"""At a kink the gradient norm is, very near, at least this share of the largest on the circle."""
OFF_AXIS = 0.1
"""An angle at which the line of a kink hardly lies."""
POLLS = 100
FINEST = 1e-13
"""The minima at cusps are searched to this share of the frame."""
LEASH = 4 / STARTS
"""…and no farther away from a lowest point of the grid than this."""
POLE = 0.3
"""At a pole the loss climbs this share of the way to the circle while still very near."""


@dataclass(frozen=True)
class CriticalPoint:
    """A point where the gradient vanishes, or a minimum where there is none: a cusp.

    Attributes
    ----------
    point : tuple of float
        Its parameters.
    loss : float
        The loss there.
    kind : str
        ``"minimum"``, ``"saddle"`` or ``"maximum"``; ``"flat"`` only where a plain was asked for.
    eigenvalues : tuple of float
        Those of the Hessian, the curvatures, the smaller one first; nan at a cusp or a kink.
    """

    point: tuple[float, float]
    loss: float
    kind: PointKind
    eigenvalues: tuple[float, float]

    @property
    def condition_number(self) -> float:
        """The larger |λ| over the smaller one; infinite where one is zero, nan where both are.

        It is nan at a cusp, too.

        Goodfellow, Bengio and Courville, *Deep Learning*, MIT Press 2016, section 4.2.
        """
        smaller, larger = sorted(map(abs, self.eigenvalues))
        if math.isnan(larger) or larger == 0:
            return math.nan
        # The rounding of the larger one is in the smaller one too.
        return larger / smaller if smaller > 4 * np.finfo(float).eps * larger else math.inf

    @property
    def largest_stable_rate(self) -> float | None:
        """2/λ of the larger curvature of a minimum, None where there is none.

        Plain gradient descent with a larger rate is repelled by the minimum: a step multiplies
        the distance along an eigenvector by 1 − ηλ (LeCun, Bottou, Orr and Müller, "Efficient
        BackProp", 1998, section 5).
        """
        curvature = self.eigenvalues[1]
        return 2 / curvature if self.kind == "minimum" and curvature > 0 else None


def critical_points(
    loss: str | Loss, xlim: Range | None = None, ylim: Range | None = None
) -> tuple[CriticalPoint, ...]:
    """The isolated critical points of a loss in a frame, the lowest first.

    Newton's method for ∇L = 0 (Nocedal & Wright, Numerical Optimization, 2006, p. 274) from every
    point of a grid finds them; what it comes to several times is one point. Minima where the
    gradient is undefined are found from the losses alone. Lines of critical points, straight or
    bent, and plains are left out: no single point of them is special.

    Parameters
    ----------
    loss : str or Loss
        What is looked at: a formula, a name, or a loss.
    xlim, ylim : tuple of float, optional
        The frame; the loss's own domain if left out.

    Returns
    -------
    tuple of CriticalPoint
    """
    loss = find_loss(loss) if isinstance(loss, str) else loss
    xlim, ylim = xlim or loss.xlim, ylim or loss.ylim
    lower, upper = np.array([xlim, ylim]).T
    diagonal = float(np.hypot(*(upper - lower)))
    away = AROUND * diagonal
    grid = np.stack(np.meshgrid(np.linspace(*xlim, STARTS), np.linspace(*ylim, STARTS)), axis=-1)
    with np.errstate(all="ignore"):
        points = _newton(loss, grid.reshape(-1, 2), REACH * diagonal)
        slack = 1e-9 * diagonal
        inside = ((points >= lower - slack) & (points <= upper + slack)).all(axis=1)
        found = isolated(loss, _thinned(loss, points[inside], APART * diagonal), away)
        found = distinct(found[np.lexsort(found.T)], APART * diagonal)
        smooth = _described(loss, found[~_has_kink(loss, found, np.zeros(len(found)), away)], away)
        minima = np.array([point.point for point in smooth if point.kind == "minimum"])
        cusps = _cusps(loss, lower, upper, minima.reshape(-1, 2))
    kept = [
        critical
        for critical in (*smooth, *_described(loss, cusps, away))
        if critical.kind != "flat" and math.isfinite(critical.loss)
    ]
    return tuple(sorted(kept, key=lambda critical: (critical.loss, critical.point)))


def critical_point(loss: Loss, point: Array) -> CriticalPoint:
    """What is to be known of one critical point, shape (2,)."""
    away = AROUND * math.hypot(*(high - low for low, high in (loss.xlim, loss.ylim)))
    return _described(loss, np.array([point], float), away)[0]


def _described(loss: Loss, points: Array, away: float) -> list[CriticalPoint]:
    slopes = np.zeros(len(points))
    kinds = kinds_of(loss, points, slopes, away)
    with np.errstate(all="ignore"):
        curvatures = np.stack(_curvatures(loss, points, slopes, away), axis=-1)
        curvatures = _without_rounding(loss, points, curvatures, away)
    names: dict[str, PointKind] = {kind: kind for kind in ("minimum", "saddle", "maximum", "flat")}
    return [
        CriticalPoint((x, y), value, names[kind], (low, high))
        for (x, y), value, kind, (low, high) in zip(
            points.tolist(),
            loss.value(points).tolist(),
            kinds.tolist(),
            curvatures.tolist(),
            strict=True,
        )
    ]


def kinds_of(loss: Loss, points: Array, slopes: Array, away: float) -> NDArray[np.str_]:
    """What kinds of points these are, where the gradient is as good as zero.

    The curvatures say it where both differ from zero, and elsewhere what lies around.

    Parameters
    ----------
    loss : Loss
        The function.
    points : ndarray, shape (n, 2)
        The parameters.
    slopes : ndarray, shape (n,)
        The gradient norms there.
    away : float
        How far around to look where some direction is flat to second order, or has a kink.

    Returns
    -------
    ndarray of str, shape (n,)
        ``"minimum"``, ``"saddle"``, ``"maximum"``, or ``"flat"`` for a plain.
    """
    kinds = np.full(len(points), "flat", dtype="<U7")
    with np.errstate(all="ignore"):
        low, high = _curvatures(loss, points, slopes, away)
        up, down, both = low > FLAT, high < -FLAT, (low < -FLAT) & (high > FLAT)
        unclear = ~(up | down | both)
        points, slopes = points[unclear], slopes[unclear]
        here = loss.value(points)
        span = np.ptp(np.column_stack([here, loss.value(_around(points, away))]), axis=-1)
        noise = 1e-12 * np.abs(here) + 1e-6 * span
        plain = ~(span > 4 * away * slopes)  # the gradient says it all
        lowest, _ = _lowest_around(lambda p: _defined(loss.value(p)), points, away, FEWEST_ZOOMS)
        highest, _ = _lowest_around(lambda p: _defined(-loss.value(p)), points, away, FEWEST_ZOOMS)
    falls, rises = (lowest < here - noise) & ~plain, (-highest > here + noise) & ~plain
    up[unclear], down[unclear], both[unclear] = rises, falls, rises & falls
    kinds[up], kinds[down], kinds[both] = "minimum", "maximum", "saddle"
    return kinds


def polish(loss: Loss, points: Array, reach: float) -> Array:
    """The critical points that Newton's method comes to, if they are near.

    Parameters
    ----------
    loss : Loss
        The function.
    points : ndarray, shape (n, 2)
        Where to begin.
    reach : float
        How far from there a point may be.

    Returns
    -------
    ndarray, shape (n, 2)
        A point for each, nan where the method comes to none within reach.
    """
    with np.errstate(all="ignore"):
        ends = _newton(loss, points, reach)
        slope = np.hypot(*loss.gradient_at(ends.T))
        low, high = _eigenvalues(loss.hessian_at(ends.T))
        # As good as zero: less than it changes by in a small share of the reach.
        critical = slope <= ZERO * reach * np.maximum(np.abs(low), np.abs(high))
        near = np.hypot(*(ends - points).T) <= reach
    ends = np.where(np.abs(ends) < ROUNDING * reach, 0.0, ends)
    return np.where((critical & near)[:, np.newaxis], ends, np.nan)


def distinct(points: Array, apart: float) -> Array:
    """The first of each group of points that lie within `apart` of each other, shape (m, 2)."""
    chosen: list[Array] = []
    remaining = points
    while len(remaining):
        chosen.append(remaining[0])
        remaining = remaining[np.hypot(*(remaining - remaining[0]).T) > apart]
    return np.array(chosen).reshape(-1, 2)


def _eigenvalues(hessian: Array) -> tuple[Array, Array]:
    """The eigenvalues of symmetric matrices of shape (2, 2, ...), the smaller ones first."""
    (xx, xy), (_, yy) = hessian
    middle, half = (xx + yy) / 2, np.hypot((xx - yy) / 2, xy)
    return middle - half, middle + half


def _curvatures(loss: Loss, points: Array, slopes: Array, away: float) -> tuple[Array, Array]:
    """The eigenvalues of the Hessian at points of shape (n, 2); nan where there is a kink."""
    low, high = _eigenvalues(loss.hessian_at(points.T))
    lacks = _has_kink(loss, points, slopes, away) | ~np.isfinite(low + high)
    return np.where(lacks, np.nan, low), np.where(lacks, np.nan, high)


def _without_rounding(loss: Loss, points: Array, curvatures: Array, away: float) -> Array:
    """Curvatures of shape (n, 2), with 0 for what rounding has left of a curvature that vanishes.

    Where the gradient climbs by far more than a curvature accounts for, this is none of the loss.
    """
    (xx, xy), (_, yy) = loss.hessian_at(points.T)
    bad = ~np.isfinite(xx + xy + yy)
    matrices = np.stack([np.stack([xx, xy], -1), np.stack([xy, yy], -1)], -2)
    _, axes = np.linalg.eigh(np.where(bad[:, None, None], 0.0, matrices))
    cleaned = curvatures.copy()
    for index in (0, 1):
        along = axes[:, :, index]
        steps = [loss.gradient(points + side * away * along) for side in (1, -1)]
        climbs = np.max([np.abs((step * along).sum(axis=-1)) for step in steps], axis=0)
        cleaned[np.abs(curvatures[:, index]) * away < CURVED * climbs, index] = 0.0
    return cleaned


def _has_kink(loss: Loss, points: Array, slopes: Array, away: float) -> Flags:
    """Whether the gradient jumps at a point: it is `slopes` there at most, and not so very near."""
    few = away * _towards(OFF_AXIS + np.arange(3) * 2 * np.pi / 3)
    close = _slopes(loss, points[:, np.newaxis] + CLOSE * few)
    far = _largest(_slopes(loss, points[:, np.newaxis] + few))
    kink: Flags = close.min(axis=-1) > 2 * slopes + KINK * far
    return kink


def _around(points: Array, away: float | Array) -> Array:
    """Points on a circle around each point, shape (..., DIRECTIONS, 2)."""
    circle = _towards(np.linspace(0.0, 2 * np.pi, DIRECTIONS, endpoint=False))
    around: Array = points[..., np.newaxis, :] + np.asarray(away)[..., None, None] * circle
    return around


def _towards(angle: Array) -> Array:
    """The unit vectors at these angles, shape (..., 2)."""
    return np.stack([np.cos(angle), np.sin(angle)], axis=-1)


def _newton(loss: Loss, points: Array, reach: float) -> Array:
    """Where Newton's method for a zero gradient comes to from each point, shape (n, 2).

    No step is longer than `reach`. Where the Hessian is singular, the step is that of Newton's
    method along the gradient, if there is one.
    """
    ends, moving = points.copy(), np.arange(len(points))
    for _ in range(ITERATIONS):
        theta = ends[moving].T
        slope_x, slope_y = loss.gradient_at(theta)
        (xx, xy), (_, yy) = loss.hessian_at(theta)
        determinant = xx * yy - xy * xy
        step_x = (yy * slope_x - xy * slope_y) / determinant
        step_y = (xx * slope_y - xy * slope_x) / determinant
        singular = ~np.isfinite(step_x + step_y)
        if singular.any():
            along = slope_x**2 + slope_y**2
            along /= slope_x**2 * xx + 2 * slope_x * slope_y * xy + slope_y**2 * yy
            step_x = np.where(singular, along * slope_x, step_x)
            step_y = np.where(singular, along * slope_y, step_y)
        length = np.hypot(step_x, step_y)
        goes = length > STILL * reach  # and is not nan
        share = np.minimum(1.0, reach / length[goes])
        moving = moving[goes]
        ends[moving, 0] -= share * step_x[goes]
        ends[moving, 1] -= share * step_y[goes]
        if not len(moving):
            break
    return ends


def _thinned(loss: Loss, points: Array, apart: float) -> Array:
    """Of the points in each square of this size, that with the least slope; these first."""
    points = points[np.argsort(_slopes(loss, points), kind="stable")]
    _, first = np.unique(np.round(points / apart), axis=0, return_index=True)
    return points[np.sort(first)]


def isolated(loss: Loss, points: Array, away: float) -> Array:
    """The critical points among these, without those on a line or a plain of them, shape (m, 2).

    Of points of a line that are as critical as each other, the first speaks for those around it.
    Where no curvature vanishes, the gradient vanishes nowhere else nearby (the inverse function
    theorem). Elsewhere it must not vanish on the circle around: a line would cross that, and a
    plain would reach it.
    """
    here, around = _slopes(loss, points), _slopes(loss, _around(points, away))
    steepest = _largest(around)
    low, high = _eigenvalues(loss.hessian_at(points.T))
    critical = here <= ZERO * steepest
    curved = np.minimum(np.abs(low), np.abs(high)) * away > CURVED * steepest
    doubtful = distinct(points[critical & ~curved & (around.min(axis=-1) > ZERO * steepest)], away)
    lowest, _ = _lowest_around(lambda p: _slopes(loss, p), doubtful, away)
    steepest = _largest(_slopes(loss, _around(doubtful, away)))
    return np.concatenate([points[critical & curved], doubtful[lowest > ZERO * steepest]])


def _slopes(loss: Loss, points: Array) -> Array:
    """The gradient norm at each point, infinite where there is none."""
    return _defined(np.hypot(*loss.gradient_at(np.moveaxis(points, -1, 0))))


def _defined(values: Array) -> Array:
    """Values, infinite where they are nan."""
    return np.where(np.isnan(values), np.inf, values)


def _largest(slopes: Array) -> Array:
    """The largest finite gradient norm of each row, 0 where there is none."""
    largest: Array = np.where(np.isfinite(slopes), slopes, 0.0).max(axis=-1)
    return largest


def _lowest_around(
    function: Callable[[Array], Array], points: Array, away: float | Array, zooms: int = ZOOMS
) -> tuple[Array, Array]:
    """How low a function of points comes on the circle around each of them, and where.

    Parameters
    ----------
    function : callable
        (..., 2) -> (...), nowhere nan.
    points : ndarray, shape (n, 2)
        The centres.
    away : float or ndarray, shape (n,)
        The radius, or the radius of each circle.
    zooms : int
        How often to look closer.

    Returns
    -------
    lowest : ndarray, shape (n,)
    places : ndarray, shape (n, 2)
    """
    away = np.broadcast_to(away, len(points))
    around = function(_around(points, away))
    lowest = (around <= np.roll(around, 1, axis=-1)) & (around <= np.roll(around, -1, axis=-1))
    owner, direction = np.nonzero(lowest)
    width = 2 * np.pi / DIRECTIONS
    angle, value = np.asarray(direction * width), around[lowest]
    centre, radius = points[owner, np.newaxis], away[owner, np.newaxis, np.newaxis]
    each = np.arange(len(owner))
    for _ in range(zooms):
        angles = angle[:, np.newaxis] + np.linspace(-width, width, 33)
        closer = function(centre + radius * _towards(angles))
        best = closer.argmin(axis=-1)
        angle, value = angles[each, best], closer[each, best]
        width /= 16
    order = np.lexsort((value, owner))
    _, first = np.unique(owner[order], return_index=True)
    chosen = order[first]
    return value[chosen], points + away[:, np.newaxis] * _towards(angle[chosen])


def _cusps(loss: Loss, lower: Array, upper: Array, known: Array) -> Array:
    """The isolated minima of a frame where the gradient is undefined, shape (m, 2).

    From the lowest points of the grid a search polls a circle, moves to where it is lower, and
    makes it smaller where it is not (a direct search: Kolda, Lewis and Torczon, SIAM Review 45,
    2003, p. 385; a whole circle, since only few directions may lead down a kink). The point that
    it comes to is a minimum where the loss is defined and higher all around, at a distance at
    which a valley would come as low; and no pole, where most of the climb is very near.

    Parameters
    ----------
    loss : Loss
        The function.
    lower, upper : ndarray, shape (2,)
        Corners of the frame.
    known : ndarray, shape (k, 2)
        Minima that are found already.
    """
    size = upper - lower

    def value(shares: Array) -> Array:
        return _defined(loss.value(lower + shares * size))

    side = np.linspace(0.0, 1.0, STARTS)
    points = np.stack(np.meshgrid(side, side), axis=-1)
    points = points[_is_lowest(value(points))]
    known = (known - lower) / size
    starts, radius, here = points.copy(), np.full(len(points), 1 / STARTS), value(points)
    for _ in range(POLLS):
        kept = ((points > -FINEST) & (points < 1 + FINEST)).all(axis=1)
        kept &= np.abs(points - starts).max(axis=1) < LEASH
        # A known minimum in the cell around is the one that the grid shows.
        kept &= _far_from(known, points, 0.55 / (STARTS - 1))
        starts, points, radius, here = starts[kept], points[kept], radius[kept], here[kept]
        going = radius > FINEST
        if not going.any():
            break
        lowest, places = _lowest_around(value, points[going], radius[going], FEWER_ZOOMS)
        lower_there = lowest < here[going]
        points[going] = np.where(lower_there[:, np.newaxis], places, points[going])
        here[going] = np.where(lower_there, lowest, here[going])
        radius[going] = np.where(lower_there, radius[going], radius[going] / 4)
    far, _ = _lowest_around(value, points, AROUND)
    close, _ = _lowest_around(value, points, CLOSE * AROUND)
    noise = 1e-12 * np.abs(here) + 1e-6 * np.ptp(value(_around(points, AROUND)), axis=-1)
    isolated = (far > here + noise) & (close - here < POLE * (far - here))
    return lower + distinct(points[isolated], APART) * size


def _far_from(known: Array, points: Array, apart: float) -> Flags:
    """Which of the points are farther than this from all known ones, in either coordinate."""
    nearest = np.abs(points[:, np.newaxis] - known).max(axis=-1).min(axis=-1, initial=np.inf)
    far: Flags = nearest > apart
    return far


def _is_lowest(values: Array) -> Flags:
    """Which points of a grid are lower than all their neighbours; of equals only one is."""
    ranks = np.empty(values.shape, np.intp)
    ranks.flat[np.argsort(values, axis=None, kind="stable")] = np.arange(values.size)
    padded = np.pad(ranks, 1, constant_values=values.size)
    lowest: Flags = sliding_window_view(padded, (3, 3)).min(axis=(2, 3)) == ranks
    return lowest

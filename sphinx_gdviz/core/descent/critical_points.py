"""The critical points of a loss."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike

from ..losses.base import Array, Loss, Range
from ..losses.named import loss_of
from .kinds import curvatures, distinct, has_kink, isolated, kinds_of, slopes_at, without_rounding
from .neighbourhood import FEWER_ZOOMS, Flags, around, defined, lowest_around, norm
from .newton import find_zeros

PointKind = Literal["minimum", "saddle", "maximum", "flat"]

GRID_SIZE = 48
"""Points along each side of the grid that Newton's method starts from."""
MAX_NEWTON_STEP = 0.05
"""The longest step of Newton's method, as a share of the domain's diagonal."""
DUPLICATE_RADIUS = 1e-5
"""Points closer than this share of the domain's diagonal are the same."""
NEIGHBOURHOOD = 1e-2
"""Radius of the sphere around a point that decides on its kind, as a share of the diagonal."""
MAX_POLLS = 100
POLL_TOLERANCE = 1e-13
"""The minima at cusps are searched to this share of the domain."""
MAX_DRIFT = 4 / GRID_SIZE
"""They lie no farther away from a lowest point of the grid than this share."""
POLE_RINGS = NEIGHBOURHOOD * np.array([1.0, 1e-5, 1e-10])
POLE_FALL = 0.9
"""From the second of these rings to the third the loss falls, towards a pole, by at least this
share of its fall from the first to the second: as log r does."""


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
        ``"minimum"``, ``"saddle"`` or ``"maximum"``; ``"flat"`` only where a plateau was asked for.
    eigenvalues : tuple of float
        Those of the Hessian, the curvatures, the smallest first; nan at a cusp or a kink.
    """

    point: tuple[float, ...]
    loss: float
    kind: PointKind
    eigenvalues: tuple[float, ...]

    @property
    def condition_number(self) -> float:
        """The largest |λ| over the smallest; infinite where that is zero, nan where all are.

        It is nan at a cusp, too.

        Goodfellow, Bengio and Courville, *Deep Learning*, MIT Press 2016, section 4.2.
        """
        sizes = [abs(curvature) for curvature in self.eigenvalues]
        smallest, largest = min(sizes), max(sizes)
        if math.isnan(largest) or largest == 0:
            return math.nan
        # The rounding of the largest one is in the smallest one too.
        return largest / smallest if smallest > 4 * np.finfo(float).eps * largest else math.inf

    @property
    def largest_stable_rate(self) -> float | None:
        """2/λ of the largest curvature of a minimum, None where there is none.

        Plain gradient descent with a larger rate is repelled by the minimum: a step multiplies
        the distance along an eigenvector by 1 − ηλ (LeCun, Bottou, Orr and Müller, "Efficient
        BackProp", 1998, section 5).
        """
        curvature = self.eigenvalues[-1]
        return 2 / curvature if self.kind == "minimum" and curvature > 0 else None


def critical_points(
    loss: str | Loss,
    xlim: Range | None = None,
    ylim: Range | None = None,
    *,
    starts: ArrayLike | None = None,
) -> tuple[CriticalPoint, ...]:
    """The isolated critical points of a loss, the lowest first.

    Newton's method for ∇L = 0 finds them; what it comes to several times is one point. For one or
    two parameters it starts from every point of a grid, and minima where the gradient is undefined
    are found from the losses alone. For more, it starts from given points: the ends of runs, say.
    Lines of critical points, straight or bent, and plateaus are left out: no single point of them
    is special.

    Parameters
    ----------
    loss : str or Loss
        A formula, a name, a model with its data, or a loss.
    xlim, ylim : tuple of float, optional
        The ranges of the first two parameters; the loss's own if left out. With `ylim`, the text
        of a formula in x or y alone is one of both.
    starts : array_like, shape (n, d), optional
        Points that Newton's method starts from, in place of a grid.

    Returns
    -------
    tuple of CriticalPoint

    Raises
    ------
    ValueError
        If a loss of more than two parameters is given without starts.
    """
    ranges = 2 if ylim is not None else None
    loss = loss_of(loss, ranges if starts is None else np.shape(starts)[-1])
    domain = np.array(loss.domain)
    for side, given in zip(domain, (xlim, ylim), strict=False):
        side[:] = side if given is None else given
    if starts is None and loss.dimension > 2:
        raise ValueError(
            f"say where to look for points of {loss.dimension} parameters: write starts=…"
        )
    found = _on_grid(loss, domain) if starts is None else _from_starts(loss, domain, starts)
    found = [point for point in found if point.kind != "flat" and math.isfinite(point.loss)]
    return tuple(sorted(found, key=lambda critical: (critical.loss, critical.point)))


def critical_point(loss: Loss, point: Array) -> CriticalPoint:
    """Describe one critical point, shape (d,)."""
    radius = NEIGHBOURHOOD * math.hypot(*(high - low for low, high in loss.domain))
    return _described(loss, np.array([point], float), radius)[0]


def _on_grid(loss: Loss, domain: Array) -> list[CriticalPoint]:
    """The critical points of a domain of shape (d, 2), and the minima at cusps."""
    diagonal = float(norm(domain[:, 1] - domain[:, 0]))
    starts = _grid(domain).reshape(-1, len(domain))
    found = _from_starts(loss, domain, starts, inside=True)
    known = [point.point for point in found if point.kind == "minimum"]
    with np.errstate(all="ignore"):
        cusps = _cusps(loss, domain, np.array(known).reshape(-1, len(domain)))
    return found + _described(loss, cusps, NEIGHBOURHOOD * diagonal)


def _from_starts(
    loss: Loss, domain: Array, starts: ArrayLike, *, inside: bool = False
) -> list[CriticalPoint]:
    """Find the critical points that Newton's method comes to from starts of shape (n, d)."""
    diagonal = float(norm(domain[:, 1] - domain[:, 0]))
    same, radius = DUPLICATE_RADIUS * diagonal, NEIGHBOURHOOD * diagonal
    with np.errstate(all="ignore"):
        points = find_zeros(loss, np.array(starts, float, ndmin=2), MAX_NEWTON_STEP * diagonal)
        kept = np.isfinite(points).all(axis=1)
        if inside:
            (low, high), slack = domain.T, 1e-9 * diagonal
            kept &= ((points >= low - slack) & (points <= high + slack)).all(axis=1)
        found = isolated(loss, _thinned(loss, points[kept], same), radius)
        found = distinct(found[np.lexsort(found.T)], same)
        kinks = has_kink(loss, found, np.zeros(len(found)), radius)
        return _described(loss, found[~kinks], radius)


def _described(loss: Loss, points: Array, radius: float) -> list[CriticalPoint]:
    slopes = np.zeros(len(points))
    kinds = kinds_of(loss, points, slopes, radius)
    with np.errstate(all="ignore"):
        found = curvatures(loss, points, slopes, radius)
        found = without_rounding(loss, points, found, radius)
    names: dict[str, PointKind] = {kind: kind for kind in ("minimum", "saddle", "maximum", "flat")}
    columns = points, loss.value(points), kinds, found.T
    return [
        CriticalPoint(tuple(point), value, names[kind], tuple(eigenvalues))
        for point, value, kind, eigenvalues in zip(*(c.tolist() for c in columns), strict=True)
    ]


def _grid(domain: Array) -> Array:
    """Points of a grid over a domain of shape (d, 2), shape (..., d)."""
    sides = [np.linspace(low, high, GRID_SIZE) for low, high in domain]
    return np.stack(np.meshgrid(*sides), axis=-1)


def _thinned(loss: Loss, points: Array, size: float) -> Array:
    """Of the points in each cell of this size, that with the least slope; these first."""
    points = points[np.argsort(slopes_at(loss, points), kind="stable")]
    _, first = np.unique(np.round(points / size), axis=0, return_index=True)
    return points[np.sort(first)]


def _cusps(loss: Loss, domain: Array, known: Array) -> Array:
    """The isolated minima of a domain where the gradient is undefined, shape (m, d).

    From the lowest points of the grid a search polls a circle, moves to where it is lower, and
    makes it smaller where it is not (a direct search: Kolda, Lewis and Torczon, SIAM Review 45,
    2003, p. 385; a whole circle, since only few directions may lead down a kink). The point that
    it comes to is a minimum where the loss is defined and higher all around, at a distance at
    which a valley would come as low. The domain has shape (d, 2), and known minima shape (k, d).
    """
    lower, size = domain[:, 0], domain[:, 1] - domain[:, 0]

    def value(shares: Array) -> Array:
        return defined(loss.value(lower + shares * size))

    points = _grid(np.tile([0.0, 1.0], (len(domain), 1)))
    points = points[_is_lowest(value(points))]
    known = (known - lower) / size
    starts, radius, here = points.copy(), np.full(len(points), 1 / GRID_SIZE), value(points)
    for _ in range(MAX_POLLS):
        kept = ((points > -POLL_TOLERANCE) & (points < 1 + POLL_TOLERANCE)).all(axis=1)
        kept &= np.abs(points - starts).max(axis=1) < MAX_DRIFT
        # A known minimum in the cell around is the one that the grid shows.
        apart = np.abs(points[:, np.newaxis] - known).max(axis=-1).min(axis=-1, initial=np.inf)
        kept &= apart > 0.55 / (GRID_SIZE - 1)
        starts, points, radius, here = starts[kept], points[kept], radius[kept], here[kept]
        going = radius > POLL_TOLERANCE
        if not going.any():
            break
        lowest, places = lowest_around(value, points[going], radius[going], FEWER_ZOOMS)
        lower_there = lowest < here[going]
        points[going] = np.where(lower_there[:, np.newaxis], places, points[going])
        here[going] = np.where(lower_there, lowest, here[going])
        radius[going] = np.where(lower_there, radius[going], radius[going] / 4)
    far, _ = lowest_around(value, points, NEIGHBOURHOOD)
    noise = 1e-12 * np.abs(here) + 1e-6 * np.ptp(value(around(points, NEIGHBOURHOOD)), axis=-1)
    outer, middle, inner = (value(around(points, radius)).min(axis=-1) for radius in POLE_RINGS)
    is_pole = middle - inner > POLE_FALL * (outer - middle)
    return lower + distinct(points[(far > here + noise) & ~is_pole], DUPLICATE_RADIUS) * size


def _is_lowest(values: Array) -> Flags:
    """Flags of points of a grid that are lower than all their neighbours; of equals only one is."""
    ranks = np.empty(values.shape, np.intp)
    ranks.flat[np.argsort(values, axis=None, kind="stable")] = np.arange(values.size)
    padded = np.pad(ranks, 1, constant_values=values.size)
    windows = sliding_window_view(padded, (3,) * values.ndim)
    lowest: Flags = windows.min(axis=tuple(range(values.ndim, 2 * values.ndim))) == ranks
    return lowest

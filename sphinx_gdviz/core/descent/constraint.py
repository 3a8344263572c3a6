"""Constraints: convex sets that a descent stays in, by projecting each iterate onto them.

Projected gradient descent: Boyd and Vandenberghe, *Convex Optimization*, 2004, section 8.1; Bubeck,
*Convex Optimization: Algorithms and Complexity*, 2015, section 3.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from ...messages import GdvizError, did_you_mean, quote
from ..expr.call import read_number
from ..losses.base import Array
from .neighbourhood import norm

ConstraintKind = Literal["l1", "l2", "box", "simplex"]
CONSTRAINTS: tuple[ConstraintKind, ...] = get_args(ConstraintKind)
SHORT = 1e-7
"""Length of the step that probes where a projection lets a descent go, for the size of the set."""
ROUND = 128
"""Corners of a polygon that is drawn for a circle."""


@dataclass(frozen=True)
class Constraint:
    """A convex set of parameters.

    Attributes
    ----------
    kind : str
        ``"l1"`` or ``"l2"``, a ball around the origin in that norm; ``"box"``, each parameter
        between two numbers; ``"simplex"``, parameters that are not negative and have a given sum.
    low, high : float
        The ends of a box; of all others `high` is the radius or the sum, and `low` is 0.
    """

    kind: ConstraintKind
    low: float
    high: float

    def __str__(self) -> str:
        match self.kind:
            case "l1" | "l2":
                return f"the ℓ{self.kind[1]} ball of radius {self.high:g}"
            case "box":
                return f"the box from {self.low:g} to {self.high:g}".replace("-", "−")
        return f"the simplex of sum {self.high:g}"

    def project(self, theta: Array) -> Array:
        """The nearest points of the set, for parameters of shape (d, ...)."""
        match self.kind:
            case "box":
                return np.clip(theta, self.low, self.high)
            case "l2":
                return np.asarray(theta * (self.high / np.maximum(norm(theta), self.high)))
            case "simplex":
                return np.maximum(theta - _threshold(theta, self.high), 0.0)
        sizes = np.abs(theta)
        shrunk = np.copysign(np.maximum(sizes - _threshold(sizes, self.high), 0.0), theta)
        return np.where(sizes.sum(axis=0) > self.high, shrunk, theta)

    def contains(self, point: ArrayLike) -> bool:
        """True for a point of shape (d,) that a projection leaves where it is, but for rounding."""
        point = np.asarray(point, float)
        return bool(np.allclose(self.project(point), point, rtol=0.0, atol=1e-9 * self.size))

    @property
    def size(self) -> float:
        """The largest absolute value that a parameter may have in the set."""
        return max(abs(self.low), abs(self.high))

    def projected_gradient(self, theta: Array, gradient: Array) -> Array:
        """What the set lets a short step against the gradient do, shape (d, ...), of (d, ...).

        It vanishes at a constrained minimum, and is the gradient itself inside of the set.
        """
        with np.errstate(all="ignore"):
            step = SHORT * self.size / norm(gradient)
            return np.asarray((theta - self.project(theta - step * gradient)) / step)

    def outline(self) -> Array:
        """The corners of the set of two parameters, the first one again last, shape (n, 2)."""
        low, high = self.low, self.high
        match self.kind:
            case "box":
                return np.array([(low, low), (high, low), (high, high), (low, high), (low, low)])
            case "l1":
                return high * np.array([(1.0, 0.0), (0, 1), (-1, 0), (0, -1), (1, 0)])
            case "simplex":
                return np.array([(high, 0.0), (0.0, high)])
        turn = np.linspace(0, 2 * np.pi, ROUND + 1)
        return high * np.stack([np.cos(turn), np.sin(turn)], axis=-1)

    def interval(self) -> tuple[float, float]:
        """The ends of the set of one parameter."""
        if self.kind in ("l1", "l2"):
            return -self.high, self.high
        return (self.high, self.high) if self.kind == "simplex" else (self.low, self.high)


def find_constraint(text: str) -> Constraint:
    """The constraint that is written: ``"l1 1"``, ``"l2 0.5"``, ``"box -1, 1"``, ``"simplex"``.

    Raises
    ------
    GdvizError
        If it can't be read.
    """
    example = "l1 1, l2 0.5, box -1, 1 or simplex 1"
    kind, _, rest = text.strip().partition(" ")
    known = next((known for known in CONSTRAINTS if known == kind), None)
    if known is None:
        near = did_you_mean(kind, CONSTRAINTS) or ";"
        raise GdvizError(f"{quote(kind)} is no constraint{near} write {example}")
    numbers = [read_number(part.strip(), example) for part in (rest or "1").split(",")]
    if len(numbers) != (2 if known == "box" else 1):
        raise GdvizError(f"{quote(text)} has {len(numbers)} of its numbers; write {example}")
    low, high = numbers if known == "box" else (0.0, numbers[0])
    if not low < high:
        raise GdvizError(f"{quote(text)}: {high:g} is not above {low:g}; write {example}")
    return Constraint(known, low, high)


def _threshold(values: Array, total: float) -> Array:
    """What to take off values of shape (d, ...), so that the positive ones sum to a total.

    Duchi, Shalev-Shwartz, Singer and Chandra, "Efficient projections onto the ℓ1-ball for learning
    in high dimensions", ICML 2008, Figure 1.
    """
    falling = -np.sort(-values, axis=0)
    counts = np.arange(1, len(values) + 1).reshape(-1, *[1] * (values.ndim - 1))
    excess = (np.cumsum(falling, axis=0) - total) / counts
    last = np.maximum((falling > excess).sum(axis=0, keepdims=True) - 1, 0)
    return np.take_along_axis(excess, last, axis=0)

"""Models of a loss at a point: its tangent, its quadratic model, and a chord."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .losses.base import Loss
from .places import ModelKind, Point

Array = NDArray[np.float64]


@dataclass(frozen=True)
class LocalModel:
    """A polynomial that is the loss near a point, up to some order.

    Attributes
    ----------
    kind : str
        ``"tangent"`` of first order, ``"quadratic"`` of second, or ``"chord"``.
    point : tuple of float
        Where it touches the loss; of a chord its left end.
    loss : float
        The loss there.
    gradient : tuple of float
        The slope there; of a chord its own.
    hessian : tuple of tuples of float
        The second derivatives there; zero for all but a quadratic model.
    end : float or None
        The right end of a chord.
    """

    kind: ModelKind
    point: Point
    loss: float
    gradient: tuple[float, ...]
    hessian: tuple[tuple[float, ...], ...]
    end: float | None = None

    @classmethod
    def at(cls, kind: ModelKind, loss: Loss, point: Point) -> LocalModel:
        """The tangent or the quadratic model at a point."""
        hessian = loss.hessian(point) * float(kind == "quadratic")
        rows = tuple(map(tuple, hessian.tolist()))
        return cls(
            kind, point, float(loss.value(point)), tuple(loss.gradient(point).tolist()), rows
        )

    @classmethod
    def chord(cls, loss: Loss, left: float, right: float) -> LocalModel:
        """The chord between two points of a graph."""
        low, high = loss.value([[left], [right]]).tolist()
        slope = (high - low) / (right - left)
        return cls("chord", (left,), low, (slope,), ((0.0,),), right)

    def value(self, points: ArrayLike) -> Array:
        """Its value at points of shape (..., d)."""
        away = np.asarray(points, float) - self.point
        bend = np.einsum("...i,ij,...j", away, np.array(self.hessian), away)
        return np.asarray(self.loss + away @ np.array(self.gradient) + bend / 2)

    @property
    def minimum(self) -> Point | None:
        """Its lowest point, which is where Newton's step leads; None where it has none."""
        hessian = np.array(self.hessian)
        if not np.isfinite(hessian).all() or np.linalg.eigvalsh(hessian)[0] <= 0:
            return None
        return tuple((np.array(self.point) - np.linalg.solve(hessian, self.gradient)).tolist())

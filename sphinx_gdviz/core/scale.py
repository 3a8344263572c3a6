"""The scale of a loss over a frame: heights, colours and isolines are evenly spaced on it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
ScaleKind = Literal["linear", "log"]
SCALES: tuple[ScaleKind, ...] = get_args(ScaleKind)

CROWDED = 0.1
"""A log scale suits a frame of which half lies within this part of the range of losses."""
LINEAR_PART = 0.02
"""The part of a frame that lies below the linear threshold of a log scale."""
HUGE, TINY = 1e300, 1e-300
"""Losses are drawn as if they were no greater, and as zero where they are smaller: between these,
quotients of them are numbers."""


@dataclass(frozen=True)
class Scale:
    """A monotone map from losses to [0, 1].

    Linear, or log(1 + e/k) of the excess e over the lowest loss: linear below the threshold k,
    where the logarithm itself would run off to −∞, and logarithmic above it.

    Attributes
    ----------
    low, high : float
        The losses that are mapped to 0 and to 1; nan where no loss is finite.
    linear_threshold : float or None
        The k of a log scale; None for a linear one.
    """

    low: float
    high: float
    linear_threshold: float | None = None

    @classmethod
    def suiting(cls, losses: Array, kind: ScaleKind | None = None) -> Scale:
        """The scale for sampled losses, of which those that are not finite are passed over."""
        finite = np.clip(losses[np.isfinite(losses)], -HUGE, HUGE)
        finite[np.abs(finite) < TINY] = 0.0
        if not len(finite):
            return cls(math.nan, math.nan)
        low, high = float(finite.min()), float(finite.max())
        excess = (finite - low) / ((high - low) or 1.0)
        crowded = float(np.median(excess)) < CROWDED
        if cls(low, high).is_flat or kind == "linear" or not (crowded or kind == "log"):
            return cls(low, high)
        threshold = float(np.quantile(excess, LINEAR_PART))
        return cls(low, high, max(TINY, max(threshold, 1e-12) * (high - low)))

    @property
    def is_flat(self) -> bool:
        """True for a loss that is the same everywhere, or so nearly that no scale tells."""
        return not self.high - self.low > max(TINY, 1e-13 * max(abs(self.low), abs(self.high)))

    def normalized(self, losses: ArrayLike) -> Array:
        """Losses on the scale; nan where they are not finite."""
        losses = np.asarray(losses, float)
        losses = np.where(np.isfinite(losses), losses, np.nan)
        if self.is_flat:
            return losses * 0 + 0.5
        excess, threshold = losses - self.low, self.linear_threshold
        if threshold is None:
            return np.asarray(excess / (self.high - self.low))
        # Below the low end, where a path may go between points of the grid, it goes on straight.
        bent = np.log1p(np.maximum(excess, 0) / threshold) + np.minimum(excess, 0) / threshold
        return np.asarray(bent / np.log1p((self.high - self.low) / threshold))

    def slope(self, losses: Array) -> Array:
        """The derivative of :meth:`normalized`."""
        if self.is_flat:
            return np.zeros_like(losses)
        threshold = self.linear_threshold
        if threshold is None:
            return np.full_like(losses, 1 / (self.high - self.low))
        over = np.maximum(losses - self.low, 0) / threshold
        return np.asarray(
            1 / (threshold * (1 + over) * np.log1p((self.high - self.low) / threshold))
        )

    def loss(self, normalized: ArrayLike) -> Array:
        """The inverse of :meth:`normalized`."""
        normalized = np.asarray(normalized, float)
        if self.linear_threshold is None:
            return self.low + normalized * (self.high - self.low)
        bent = normalized * np.log1p((self.high - self.low) / self.linear_threshold)
        return np.asarray(self.low + self.linear_threshold * np.expm1(bent))

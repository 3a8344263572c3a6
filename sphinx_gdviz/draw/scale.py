"""The scale: how losses are spread over isolines, colours and heights."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, log10

import numpy as np
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike, NDArray

from ..core.experiment import ScaleKind

Array = NDArray[np.float64]

CROWDED = 0.1
"""Where half of a frame lies within this share of the range of losses, a log scale suits it."""
KNEE = 0.02
"""The share of the frame that lies below the knee of a log scale."""
HUGE = 1e300

_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True)
class Scale:
    """A monotone map from losses to shares of a range, 0 at its low end and 1 at its high one.

    Linear, or log(1 + e/k) of the excess e over the lowest loss: linear below the knee k, where
    the logarithm itself would run off to −∞, and logarithmic above it.
    """

    low: float
    high: float
    knee: float | None = None

    @classmethod
    def suiting(cls, losses: Array, kind: ScaleKind | None = None) -> Scale:
        """The scale for sampled losses; nan is passed over."""
        finite = np.clip(losses[np.isfinite(losses)], -HUGE, HUGE)
        low, high = float(finite.min()), float(finite.max())
        excess = (finite - low) / ((high - low) or 1.0)
        crowded = float(np.median(excess)) < CROWDED
        if high <= low or kind == "linear" or not (crowded or kind == "log"):
            return cls(low, high)
        knee = float(np.quantile(excess, KNEE))
        return cls(low, high, max(knee, 1e-12) * (high - low))

    @property
    def is_flat(self) -> bool:
        """Whether the loss is the same everywhere, or so nearly that no scale tells."""
        return not self.high - self.low > 1e-13 * max(abs(self.low), abs(self.high))

    def share(self, losses: ArrayLike) -> Array:
        """Where losses lie; nan where they are not finite."""
        losses = np.asarray(losses, float)
        losses = np.where(np.isfinite(losses), losses, np.nan)
        if self.is_flat:
            return losses * 0 + 0.5
        excess = losses - self.low
        if self.knee is None:
            return np.asarray(excess / (self.high - self.low))
        # Below the low end, where a path may go between points of the grid, it goes on straight.
        bent = np.log1p(np.maximum(excess, 0) / self.knee) + np.minimum(excess, 0) / self.knee
        return np.asarray(bent / np.log1p((self.high - self.low) / self.knee))

    def slope(self, losses: Array) -> Array:
        """The derivative of :meth:`share`."""
        if self.is_flat:
            return np.zeros_like(losses)
        if self.knee is None:
            return np.full_like(losses, 1 / (self.high - self.low))
        over = np.maximum(losses - self.low, 0) / self.knee
        return np.asarray(
            1 / (self.knee * (1 + over) * np.log1p((self.high - self.low) / self.knee))
        )

    def loss(self, shares: ArrayLike) -> Array:
        """The inverse of :meth:`share`."""
        shares = np.asarray(shares, float)
        if self.knee is None:
            return self.low + shares * (self.high - self.low)
        bent = shares * np.log1p((self.high - self.low) / self.knee)
        return np.asarray(self.low + self.knee * np.expm1(bent))

    def ticks(self, count: int) -> Array:
        """Round losses within the range, about `count` of them, not too close on the scale."""
        if self.is_flat:
            return np.array([self.low])
        if self.knee is None:
            ticks = MaxNLocator(count, steps=[1, 2, 5, 10]).tick_values(self.low, self.high)
            return np.array([tick for tick in ticks if self.low <= tick <= self.high])
        smallest = floor(log10(self.knee / count))
        decades = range(ceil(log10(max(abs(self.low), abs(self.high)))), smallest, -1)
        candidates = [0.0] + [
            sign * digit * 10.0**decade
            for digit in (1, 5, 2)
            for decade in decades
            for sign in (1, -1)
        ]
        chosen: list[float] = []
        for tick in candidates:
            place = float(self.share(tick))
            if self.low <= tick <= self.high and all(
                abs(place - float(self.share(other))) >= 0.8 / count for other in chosen
            ):
                chosen.append(tick)
        return np.array(sorted(chosen))

    def labels(self, ticks: Array, name: str) -> tuple[tuple[str, ...], str]:
        """The numbers of such ticks, and the name of their axis."""
        if self.knee is None:
            return tick_labels(ticks, name)
        return tuple(map(tick_label, ticks.tolist())), name


def tick_labels(ticks: Array, name: str) -> tuple[tuple[str, ...], str]:
    """The numbers of evenly spaced ticks, and the name of their axis.

    A power of ten that makes all numbers long stands behind the name, once.
    """
    size = float(np.abs(ticks).max(initial=0.0))
    power = floor(log10(size) + 1e-9) if size else 0
    if not -4 < power < 5:
        short = [f"{tick:.6g}" for tick in (ticks / 10.0**power).tolist()]
        spacing = float(np.diff(ticks).min(initial=size))
        if np.abs(np.array(short, float) * 10.0**power - ticks).max() < 1e-3 * spacing:
            ten = "10" + str(power).translate(_SUPERSCRIPT)
            return tuple(map(_signed, short)), f"{name} (×{ten})"
    return tuple(_signed(f"{tick:.12g}") for tick in ticks.tolist()), name


def tick_label(value: float) -> str:
    """One number by itself, with a power of ten where it would be long."""
    if value == 0:
        return "0"
    power = floor(log10(abs(value)) + 1e-9)
    if -4 < power < 5:
        return _signed(f"{value:.7g}")
    digits = _signed(f"{value / 10.0**power:.4g}")
    ten = "10" + str(power).translate(_SUPERSCRIPT)
    return {"1": ten, "−1": f"−{ten}"}.get(digits, f"{digits}·{ten}")


def _signed(number: str) -> str:
    return number.replace("-", "−")

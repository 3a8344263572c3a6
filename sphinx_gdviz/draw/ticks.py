"""Ticks: round numbers along an axis, and how they are written."""

from __future__ import annotations

from math import ceil, floor, log10

import numpy as np
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from ..core.scale import Scale

Array = NDArray[np.float64]

_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def scale_ticks(scale: Scale, count: int) -> Array:
    """Round losses within the range of a scale, about `count` of them, not too close on it."""
    if scale.is_flat:
        return np.array([scale.low])
    if scale.linear_threshold is None:
        ticks = MaxNLocator(count, steps=[1, 2, 5, 10]).tick_values(scale.low, scale.high)
        return np.array([tick for tick in ticks if scale.low <= tick <= scale.high])
    smallest = floor(log10(scale.linear_threshold / count))
    decades = range(ceil(log10(max(abs(scale.low), abs(scale.high)))), smallest, -1)
    candidates = [0.0] + [
        sign * digit * 10.0**decade for digit in (1, 5, 2) for decade in decades for sign in (1, -1)
    ]
    chosen: list[float] = []
    for tick in candidates:
        place = float(scale.normalized(tick))
        if scale.low <= tick <= scale.high and all(
            abs(place - float(scale.normalized(other))) >= 0.8 / count for other in chosen
        ):
            chosen.append(tick)
    return np.array(sorted(chosen))


def scale_labels(scale: Scale, ticks: Array, name: str) -> tuple[tuple[str, ...], str]:
    """The numbers of such ticks, and the name of their axis."""
    if scale.linear_threshold is None:
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

"""Schedules: how the learning rate changes in the course of a run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...messages import look_up
from ..expr.call import read_call
from .settings import Bounds, read_settings

Array = NDArray[np.float64]
Factor = Callable[..., Array]
"""(t, T, *, settings) -> factors, for updates t of shape (T,) that count from 0."""

EXAMPLE = "constant, step(every=10), exponential(factor=0.95) or cosine, each with warmup=5 or so"


def _constant(t: Array, total: int) -> Array:
    """1."""
    return np.ones_like(t)


def _step(t: Array, total: int, *, every: float = 10, factor: float = 0.5) -> Array:
    """factor^⌊t/every⌋ (``torch.optim.lr_scheduler.StepLR``)."""
    return np.asarray(factor ** np.floor(t / every))


def _exponential(t: Array, total: int, *, factor: float = 0.95) -> Array:
    """factorᵗ (``torch.optim.lr_scheduler.ExponentialLR``)."""
    return np.asarray(factor**t)


def _cosine(t: Array, total: int, *, final: float = 0.0) -> Array:
    """final + (1 − final)(1 + cos(πt/T))/2 (Loshchilov & Hutter, SGDR, ICLR 2017, eq. 5)."""
    return np.asarray(final + (1 - final) * (1 + np.cos(np.pi * t / max(total, 1))) / 2)


KINDS: dict[str, Factor] = {
    "constant": _constant,
    "step": _step,
    "exponential": _exponential,
    "cosine": _cosine,
}
"""The schedules by the names that authors use."""

_BOUNDS: dict[str, Bounds] = {
    "every": Bounds(least=1, is_whole=True),
    "warmup": Bounds(least=0, is_whole=True),
    "factor": Bounds(above=0, most=1),
    "final": Bounds(least=0, most=1),
}


@dataclass(frozen=True)
class Schedule:
    """The factor of the learning rate at each update.

    Attributes
    ----------
    kind : str
        One of :data:`KINDS`.
    settings : tuple of (str, float)
        Those that were given.
    warmup : int
        In the first so many updates the factor grows evenly up to 1, beginning at 1/warmup; the
        schedule proper begins after them (Goyal et al., arXiv:1706.02677, 2017, section 2.2).
    """

    kind: str = "constant"
    settings: tuple[tuple[str, float], ...] = ()
    warmup: int = 0

    @property
    def is_constant(self) -> bool:
        """True where the rate stays as it is."""
        return self.kind == "constant" and not self.warmup

    def factors(self, steps: int) -> Array:
        """The factor of each of so many updates, shape (steps,)."""
        warm = min(self.warmup, steps)
        rising = np.arange(1, warm + 1) / max(self.warmup, 1)
        rest = np.arange(steps - warm, dtype=float)
        proper = KINDS[self.kind](rest, steps - warm, **dict(self.settings))
        return np.concatenate([rising, proper])


def find_schedule(text: str) -> Schedule:
    """Read a schedule as authors write it: ``cosine``, ``step(every=20, factor=0.1, warmup=5)``.

    Raises
    ------
    GdvizError
        If there is no such schedule, or a setting is unknown or out of its bounds.
    """
    call = read_call(text, EXAMPLE)
    kind = look_up(call.name, KINDS, "a schedule", f"write {EXAMPLE}")
    # A warm-up has no default that would do as an example.
    examples = {"warmup": 5.0, **(kind.__kwdefaults__ or {})}
    values = read_settings(call, text, examples, _BOUNDS)
    warmup = int(values.pop("warmup", 0))
    return Schedule(call.name, tuple(values.items()), warmup)

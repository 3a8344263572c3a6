"""Curves against the step: the loss, or the norm of the gradient, of one run or of several."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import log10
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.colors import to_hex
from matplotlib.scale import SymmetricalLogTransform
from matplotlib.ticker import LogLocator, SymmetricalLogLocator
from numpy.typing import NDArray

from ...core.descent.neighbourhood import lengths
from ...core.result import Run
from ...core.scale import HUGE, TINY
from ...core.views import View
from ..axes import Edge, even_ticks, frame_marks
from ..drawing import Box, Mark, Plot, Polyline
from ..run_marks import iterate_size, loss_marks, spaced_marks
from ..style import RunStyle, spread
from ..ticks import tick_label, tick_labels

Array = NDArray[np.float64]

DECADES = 2.0
"""Values that span more decades than this are shown on a log scale."""
LEVEL = 1e-6
"""A curve whose values differ by less than this share of them is level."""
GREATEST = 1.7e308
"""The end of what has a logarithm."""
FLOOR = 1e-16
"""Of what falls to rounding noise, nothing is shown below this share of where it began."""
NUMBERS = 24.5
"""Room for the numbers beside a curve, in points."""
NEAREST = 8.6
"""The least distance of two numbers beside a curve, in points."""
SPARSE = 60
"""A curve of fewer points has a mark at each; a longer one only now and then."""


@dataclass(frozen=True)
class Upright:
    """The upright axis of a curve.

    Attributes
    ----------
    low, high : float
        The values at its ends.
    kind : str
        ``"linear"``, ``"log"`` or ``"symlog"``.
    linear : float
        The value below which a ``"symlog"`` axis is linear.
    """

    low: float
    high: float
    kind: str = "linear"
    linear: float = 1.0

    @property
    def transform(self) -> Callable[[Array], Array]:
        """A function of values, clipped at the ends, that are evenly spaced along the axis."""
        scale: Callable[[Any], Any] = np.asarray
        match self.kind:
            case "log":
                scale = np.log10
            case "symlog":
                scale = self._symlog.transform_non_affine
        return lambda values: np.asarray(scale(np.clip(values, self.low, self.high)))

    @property
    def _symlog(self) -> SymmetricalLogTransform:
        return SymmetricalLogTransform(10, self.linear, 1)

    @property
    def ends(self) -> tuple[float, float]:
        """The transformed ends."""
        low, high = self.transform(np.array([self.low, self.high])).tolist()
        return low, high

    def normalized(self, values: Array) -> Array:
        """Places of values, 0 at the low end and 1 at the high one."""
        low, high = self.ends
        return np.asarray((self.transform(values) - low) / (high - low))

    def ticks(self, height: float) -> Array:
        """Round values along an axis of so many points."""
        if self.kind == "linear":
            return even_ticks(self.low, self.high)
        locator: LogLocator | SymmetricalLogLocator = LogLocator(numticks=6)
        if self.kind == "symlog":
            locator = SymmetricalLogLocator(self._symlog)
            locator.set_params(numticks=7)
        with np.errstate(over="ignore"):
            values = np.asarray(locator.tick_values(self.low, self.high))
        values = values[(values >= self.low) & (values <= self.high)]
        kept: list[float] = []  # around zero a symlog axis would have too many
        last = -np.inf
        for value, place in zip(values.tolist(), self.normalized(values).tolist(), strict=True):
            if (place - last) * height >= NEAREST:
                kept.append(value)
                last = place
        return np.array(kept)

    def edge(self, height: float, name: str) -> Edge:
        """Its ticks, numbers and name."""
        values = self.ticks(height)
        places = self.normalized(values)
        if self.kind == "linear":
            return Edge(places, *tick_labels(values, name))
        return Edge(places, tuple(map(tick_label, values.tolist())), name)


def curve_marks(box: Box, runs: list[tuple[Run, RunStyle]], view: View) -> Iterator[Mark]:
    """Draw one panel."""
    curves = [_values(run, view) for run, _ in runs]
    axis = _axis_of_rates(curves) if view.name == "rate" else _axis(curves)
    last = max(run.trajectory.steps for run, _ in runs)
    across = -0.03 * last, 1.03 * last
    counts = even_ticks(0, last, whole=True)
    normalized = (counts - across[0]) / (across[1] - across[0])
    below = Edge(normalized, *tick_labels(counts, "Step"))
    beside = axis.edge(box.height, view.quantity)
    yield from frame_marks(box, below, beside, padding=spread(NUMBERS))
    yield from _grid_marks(box, below, beside)
    plot = Plot(box, across, axis.ends)
    for (run, run_style), values in zip(runs, curves, strict=True):
        if not len(values):
            continue
        numbers = np.arange(len(values)) + (view.name == "rate")  # of the step that is made with it
        places = plot.place(np.stack([numbers, axis.transform(values)], axis=-1))
        yield Polyline(
            lines=[places],
            color=run_style.color,
            width=float(mpl.rcParams["lines.linewidth"]),
            dashes=run_style.dashes,
            is_round=not run_style.dashes,
            clip=box,
            layer=9.0,
        )
        steps = run.trajectory.steps
        sparse = len(values) <= SPARSE
        every = 1 if sparse else max(1, steps // 12)
        inside = (places[:, 1] >= box.top - 1e-6) & (places[:, 1] <= box.bottom + 1e-6)
        # There is no casing that they have to be wider than.
        size = iterate_size() * (0.7 if sparse else 1.0)
        yield from spaced_marks(places[::every][inside[::every]], run_style, size)
        if numbers[-1] < steps:
            yield from loss_marks(places[-1], run_style)


def _grid_marks(box: Box, below: Edge, beside: Edge) -> Iterator[Mark]:
    plot = Plot(box)
    lines = [np.array([(x, 0), (x, 1)]) for x in below.normalized]
    lines += [np.array([(0, y), (1, y)]) for y in beside.normalized]
    yield Polyline(
        lines=list(map(plot.place, lines)),
        color=to_hex(mpl.rcParams["grid.color"]),
        width=float(mpl.rcParams["grid.linewidth"]),
        layer=0.5,
    )


def _values(run: Run, view: View) -> Array:
    """The values of a run before the first that is not finite."""
    trajectory = run.trajectory
    with np.errstate(over="ignore", invalid="ignore"):
        norms = lengths(trajectory.gradients)
    values = trajectory.losses if view.name == "loss" else norms
    bad = np.flatnonzero(~(np.isfinite(values) & np.isfinite(trajectory.losses)))
    last = int(bad[0]) if len(bad) else len(values)
    if view.name == "rate":
        return run.lr * run.method.schedule.factors(trajectory.steps)[: max(0, last - 1)]
    return values[:last]


def _axis_of_rates(curves: list[Array]) -> Upright:
    """Linear from zero, on which schedules have the shapes that they are known by.

    Logarithmic only where the rates of the runs differ by decades.
    """
    peaks = [float(curve.max()) for curve in curves if len(curve)]
    if peaks and np.log10(max(peaks) / min(peaks)) <= DECADES:
        return Upright(-0.05 * max(peaks), 1.05 * max(peaks))
    return _axis(curves)


def _axis(curves: list[Array]) -> Upright:
    """Linear, or logarithmic where that shows more; from just below the least to the greatest."""
    values = np.concatenate(curves)
    if not len(values):
        return Upright(0.0, 1.0)
    values[np.abs(values) < TINY] = 0.0
    low, high = float(values.min()), float(values.max())
    size = np.abs(values[values != 0])
    smallest = float(np.log10(size.min())) if len(size) else 0.0
    decades = float(np.log10(size.max())) - smallest if len(size) else 0.0
    if low >= 0 and decades > DECADES:
        top = smallest + decades
        # Of each curve the least that is no noise; a curve that begins so low is shown, too.
        positive = [curve[curve >= TINY] for curve in curves]
        lowest = [max(few.min(), FLOOR * few[0]) for few in positive if len(few)]
        bottom = log10(min(lowest))
        padding = 0.04 * (top - bottom)
        ends = max(bottom - padding, log10(TINY)), min(top + padding, log10(GREATEST))
        return Upright(10 ** ends[0], 10 ** ends[1], "log")
    low, high = (float(np.clip(end, -HUGE, HUGE)) for end in (low, high))
    if low < 0 and np.log10(size.max() / np.quantile(size, 0.1)) > 2 * DECADES:
        linear = float(10 ** np.floor(np.log10(np.quantile(size, 0.1))))
        return Upright(3 * low, 3 * high if high > 0 else 0.5 * linear, "symlog", linear)
    # A curve that is level but for its last digits is drawn level.
    span = max(high - low, LEVEL * max(abs(low), abs(high))) or 1.0
    middle = (low + high) / 2
    return Upright(middle - 0.55 * span, middle + 0.55 * span)

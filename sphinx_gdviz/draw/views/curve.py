"""Curves against the step: the loss, or the norm of the gradient, of one run or of several."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import log10
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.colors import to_hex
from matplotlib.scale import SymmetricalLogTransform
from matplotlib.ticker import LogLocator, SymmetricalLogLocator
from numpy.typing import NDArray

from ...core.descent.neighbourhood import lengths
from ...core.experiment import Unit
from ...core.expr.symbols import symbol_tex
from ...core.result import Run
from ...core.scale import HUGE, TINY
from ...core.views import View
from ..axes import Edge, even_ticks, frame_marks
from ..drawing import Box, Mark, Plot, Polyline
from ..run_marks import iterate_size, loss_marks, spaced_marks
from ..scene import Scene
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
WHOLE = 3
"""Epochs from which their axis has whole numbers alone."""
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


@dataclass(frozen=True)
class Series:
    """One curve.

    Attributes
    ----------
    x, values : ndarray, shape (n,)
        Steps or epochs, and what there is at each.
    style : RunStyle
    is_lost : bool
        True for a run that is lost before its last step.
    """

    x: Array
    values: Array
    style: RunStyle
    is_lost: bool


Shown = Sequence[tuple[Scene, list[tuple[Run, RunStyle]]]]
"""Runs with their styles, each of its own loss."""


def curve_marks(box: Box, shown: Shown, view: View) -> Iterator[Mark]:
    """Draw one panel of runs on one loss, or on several."""
    scene = shown[0][0]
    unit = scene.experiment.against
    curves = [
        series
        for each, runs in shown
        for run, look in runs
        for series in _series(each, view, run, look)
    ]
    values = [series.values for series in curves]
    match view.name:
        case "rate":
            axis = _axis_of_rates(values)
        case "error":
            axis = _axis(values, decades=1.0)
        case "parameters":
            axis = _even_axis(np.concatenate(values))
        case _:
            axis = _axis(values)
    last = max(run.trajectory.steps * _progress(run, unit) for _, runs in shown for run, _ in runs)
    across = -0.03 * last, 1.03 * last
    counts = even_ticks(0, last, whole=unit == "step" or last >= WHOLE)
    normalized = (counts - across[0]) / (across[1] - across[0])
    below = Edge(normalized, *tick_labels(counts, unit.capitalize()))
    beside = axis.edge(box.height, _name(scene, view))
    yield from frame_marks(box, below, beside, padding=spread(NUMBERS))
    yield from _grid_marks(box, below, beside)
    plot = Plot(box, across, axis.ends)
    for series in curves:
        if len(series.values):
            places = np.stack([series.x, axis.transform(series.values)], axis=-1)
            yield from _series_marks(box, series, plot.place(places))


def _series_marks(box: Box, series: Series, places: Array) -> Iterator[Mark]:
    """A curve at its places on the page, with marks at its points, or at some of very many."""
    look = series.style
    yield Polyline(
        lines=[places],
        color=look.color,
        width=float(mpl.rcParams["lines.linewidth"]),
        dashes=look.dashes,
        is_round=not look.dashes,
        clip=box,
        layer=9.0,
    )
    sparse = len(places) <= SPARSE
    every = 1 if sparse else max(1, (len(places) - 1) // 12)
    inside = (places[:, 1] >= box.top - 1e-6) & (places[:, 1] <= box.bottom + 1e-6)
    # There is no casing that they have to be wider than.
    size = iterate_size() * (0.7 if sparse else 1.0)
    yield from spaced_marks(places[::every][inside[::every]], look, size)
    if series.is_lost:
        yield from loss_marks(places[-1], look)


def _progress(run: Run, unit: Unit) -> float:
    """How far a step of a run goes."""
    return run.progress if unit == "epoch" else 1.0


def _name(scene: Scene, view: View) -> str:
    """The name of what is shown upwards."""
    symbols = scene.experiment.loss.symbols
    is_one = view.name == "parameters" and len(symbols) == 1
    return f"${symbol_tex(symbols[0])}$" if is_one else view.quantity


def _series(scene: Scene, view: View, run: Run, look: RunStyle) -> Iterator[Series]:
    """The curves of a run, each up to the first value that is not finite."""
    for shown, values in zip(_looks(scene, view, look), _values(scene, view, run), strict=True):
        first = int(view.name == "rate")  # the number of the step that is made with it
        steps = np.arange(first, first + len(values), dtype=float)
        x = _progress(run, scene.experiment.against) * steps
        yield Series(x, values, shown, first + len(values) - 1 < run.trajectory.steps)


def _looks(scene: Scene, view: View, look: RunStyle) -> list[RunStyle]:
    """The style of each curve of a run: parameters have colors of their own."""
    if view.name != "parameters" or scene.experiment.loss.dimension == 1:
        return [look]
    return [replace(look, color=color) for color in scene.parameter_colors]


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


def _values(scene: Scene, view: View, run: Run) -> list[Array]:
    """The values of the curves of a run, each before the first that is not finite."""
    path = run.trajectory
    with np.errstate(over="ignore", invalid="ignore"):
        match view.name:
            case "loss":
                columns = [path.losses]
            case "error":
                columns = [path.losses - scene.result.lowest_loss]
            case "parameters":
                columns = list(path.points.T)
            case _:
                columns = [lengths(path.gradients)]
    bad = ~(np.isfinite(columns).all(axis=0) & np.isfinite(path.losses))
    last = int(bad.argmax()) if bad.any() else len(bad)
    if view.name == "rate":
        return [run.lr * run.method.schedule.factors(path.steps)[: max(0, last - 1)]]
    return [column[:last] for column in columns]


def _axis_of_rates(curves: list[Array]) -> Upright:
    """Linear from zero, on which schedules have the shapes that they are known by.

    Logarithmic only where the rates of the runs differ by decades.
    """
    peaks = [float(curve.max()) for curve in curves if len(curve)]
    if peaks and np.log10(max(peaks) / min(peaks)) <= DECADES:
        return Upright(-0.05 * max(peaks), 1.05 * max(peaks))
    return _axis(curves)


def _axis(curves: list[Array], decades: float = DECADES) -> Upright:
    """Linear, or logarithmic from so many decades on; from just below the least to the greatest."""
    values = np.concatenate(curves)
    if not len(values):
        return Upright(0.0, 1.0)
    values[np.abs(values) < TINY] = 0.0
    low, high = float(values.min()), float(values.max())
    size = np.abs(values[values != 0])
    smallest = float(np.log10(size.min())) if len(size) else 0.0
    spanned = float(np.log10(size.max())) - smallest if len(size) else 0.0
    if low >= 0 and spanned > decades:
        top = smallest + spanned
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
    return _even_axis(values)


def _even_axis(values: Array) -> Upright:
    """Linear, from just below the least value to just above the greatest."""
    if not len(values):
        return Upright(0.0, 1.0)
    low, high = (float(np.clip(end(values), -HUGE, HUGE)) for end in (np.min, np.max))
    # A curve that is level but for its last digits is drawn level.
    span = max(high - low, LEVEL * max(abs(low), abs(high))) or 1.0
    middle = (low + high) / 2
    return Upright(middle - 0.55 * span, middle + 0.55 * span)

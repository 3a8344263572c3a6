"""Curves against the step: the loss, or the norm of the gradient, of one run or of several."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.ticker import Locator, LogLocator, SymmetricalLogLocator
from numpy.typing import NDArray

from ...core.experiment import View
from ...core.result import Run
from ...core.scale import HUGE
from ..axes import Edge, draw_frame, even_ticks
from ..run_marks import ITERATE, MANY, draw_loss_of
from ..style import RunStyle, spread
from ..ticks import tick_label, tick_labels

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Array = NDArray[np.float64]

DECADES = 2.0
"""Values that span more decades than this are shown on a log scale."""
LEVEL = 1e-6
"""A curve whose values differ by less than this share of them is level."""
TINY = 1e-300
NUMBERS = 0.34
"""Room for the numbers beside a curve, in inches."""
SPARSE = 60
"""A curve of fewer points has a mark at each; a longer one only now and then."""


def draw_curve(axes: Axes, runs: list[tuple[Run, RunStyle]], view: View) -> None:
    """Draw one panel."""
    curves = [_values(run, view) for run, _ in runs]
    if view.name == "rate":
        _set_scale_of_rates(axes, curves)
    else:
        _set_scale(axes, np.concatenate(curves))
    for (run, run_style), values in zip(runs, curves, strict=True):
        steps = run.trajectory.steps
        if not len(values):
            continue
        shown = np.clip(values, TINY, None) if axes.get_yscale() == "log" else values
        many = len(values) > MANY
        numbers = np.arange(len(values)) + (view.name == "rate")  # of the step that is made with it
        axes.plot(
            numbers,
            shown,
            color=run_style.colour,
            linestyle=run_style.dashes,
            marker=None if many else run_style.marker,
            markersize=ITERATE if len(values) <= SPARSE else ITERATE + 1,
            markeredgewidth=0,
            markevery=1 if len(values) <= SPARSE else max(1, steps // 12),
            rasterized=many,
        )
        if numbers[-1] < steps:
            draw_loss_of(axes, np.array([numbers[-1], shown[-1]]), run_style)
    last = max(run.trajectory.steps for run, _ in runs)
    axes.set_xlim(-0.03 * last, 1.03 * last)
    counts, values = even_ticks(0, last, whole=True), _ticks(axes)
    below = Edge(_normalized(axes, counts, 0), *tick_labels(counts, "Step"))
    if axes.get_yscale() == "linear":
        beside = Edge(_normalized(axes, values, 1), *tick_labels(values, view.quantity))
    else:
        labels = tuple(map(tick_label, values.tolist()))
        beside = Edge(_normalized(axes, values, 1), labels, view.quantity)
    draw_frame(axes, below, beside, padding=spread(NUMBERS))
    grid = [np.array([(x, 0), (x, 1)]) for x in below.normalized]
    grid += [np.array([(0, y), (1, y)]) for y in beside.normalized]
    axes.add_collection(
        LineCollection(
            grid,
            colors=mpl.rcParams["grid.color"],
            linewidths=mpl.rcParams["grid.linewidth"],
            zorder=0.5,
            transform=axes.transAxes,
        ),
        autolim=False,
    )


def _normalized(axes: Axes, values: Array, axis: int) -> Array:
    """Positions of values along an axis, 0 at its low end and 1 at its high one."""
    points = np.repeat(values[:, np.newaxis], 2, axis=1)
    place = axes.transScale + axes.transLimits
    with np.errstate(all="ignore"):  # the other coordinate may be beyond its scale
        return np.asarray(place.transform(points))[:, axis]


def _ticks(axes: Axes) -> Array:
    """Round values along the upright axis."""
    low, high = axes.get_ylim()
    locator: Locator
    match axes.get_yscale():
        case "log":
            locator = LogLocator(numticks=6)
        case "symlog":
            transform = axes.yaxis.get_transform()
            locator = SymmetricalLogLocator(transform)
            locator.set_params(numticks=7)
        case _:
            return even_ticks(low, high)
    with np.errstate(over="ignore"):
        values = np.asarray(locator.tick_values(low, high))
    values = values[(values >= low) & (values <= high)]
    assert axes.figure is not None
    height = axes.get_position().height * axes.figure.get_figure(root=True).get_figheight()
    apart = 0.12 / height
    kept: list[float] = []  # around zero a symlog axis would have too many
    last = -1.0
    for value, place in zip(values.tolist(), _normalized(axes, values, 1).tolist(), strict=True):
        if place - last >= apart:
            kept.append(value)
            last = place
    return np.array(kept)


def _values(run: Run, view: View) -> Array:
    """The values of a run before the first that is not finite."""
    trajectory = run.trajectory
    with np.errstate(over="ignore", invalid="ignore"):
        norms = np.hypot(trajectory.gradients[:, 0], trajectory.gradients[:, 1])
    values = trajectory.losses if view.name == "loss" else norms
    bad = np.flatnonzero(~(np.isfinite(values) & np.isfinite(trajectory.losses)))
    last = int(bad[0]) if len(bad) else len(values)
    if view.name == "rate":
        return run.lr * run.method.schedule.factors(trajectory.steps)[: max(0, last - 1)]
    return np.clip(values[:last], -HUGE, HUGE)


def _set_scale_of_rates(axes: Axes, curves: list[Array]) -> None:
    """Linear from zero, on which schedules have the shapes that they are known by.

    Logarithmic only where the rates of the runs differ by decades.
    """
    peaks = [float(curve.max()) for curve in curves if len(curve)]
    if peaks and np.log10(max(peaks) / min(peaks)) > DECADES:
        _set_scale(axes, np.concatenate(curves))
    elif peaks:
        axes.set_ylim(-0.05 * max(peaks), 1.05 * max(peaks))


def _set_scale(axes: Axes, values: Array) -> None:
    """Linear, or logarithmic where that shows more; from just below the least to the greatest."""
    if not len(values):
        return
    low, high = float(values.min()), float(values.max())
    size = np.abs(values[values != 0])
    decades = float(np.log10(size.max() / size.min())) if len(size) else 0.0
    if low >= 0 and decades > DECADES:
        padding = 0.04 * decades
        axes.set_yscale("log")
        axes.set_ylim(max(size.min() * 10**-padding, TINY), min(high * 10**padding, 1e305))
    elif low < 0 and np.log10(size.max() / np.quantile(size, 0.1)) > 2 * DECADES:
        linear = 10 ** np.floor(np.log10(np.quantile(size, 0.1)))
        axes.set_yscale("symlog", linthresh=linear)
        axes.set_ylim(3 * low, 3 * high if high > 0 else 0.5 * linear)
    else:
        # A curve that is level but for its last digits is drawn level.
        span = max(high - low, LEVEL * max(abs(low), abs(high))) or 1.0
        middle = (low + high) / 2
        axes.set_ylim(middle - 0.55 * span, middle + 0.55 * span)

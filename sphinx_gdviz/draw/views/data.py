"""The rows of the data that a loss is of, and the model at steps of each run."""

from __future__ import annotations

from collections.abc import Iterator

import matplotlib as mpl
import numpy as np
from matplotlib.colors import to_hex
from numpy.typing import NDArray

from ...core.losses.regression import Model
from ...core.result import Run
from .. import style
from ..axes import frame_marks, linear_edge
from ..drawing import Box, Mark, Marker, Plot, Polyline
from ..lines import cut_at_frame
from ..scene import Scene
from ..style import RunStyle, spread
from .curve import NUMBERS

Array = NDArray[np.float64]

ROWS, ZEROS, ONES = "Data", "y = 0", "y = 1"
FIRST, BETWEEN, LAST = "Model at the start", "Model between", "Model at the end"
NAMES = (ROWS, ZEROS, ONES, FIRST, BETWEEN, LAST)
"""Names of what a panel has, by which the legend finds it."""
MOST_ROWS = 1500
"""Of more rows an even sample is drawn."""
POINT = 2.8
"""Size of the mark of a row, in points."""
SAMPLES = 201
"""Points of the curve of a logistic model."""
MARGIN = 0.06
"""Room around the data, for the range of each column."""
STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
"""Steps whose models are drawn between the first and the last."""
MOST_BETWEEN = 4


def data_marks(box: Box, scene: Scene, runs: list[tuple[Run, RunStyle]]) -> Iterator[Mark]:
    """Draw one panel."""
    model = scene.experiment.loss
    assert isinstance(model, Model)
    # Of two inputs the target is told by the marks.
    plot = Plot(box, *map(_range, model.columns[:2]))
    below, beside = (name.replace("$", r"\$") for name in (*model.data.inputs, model.data.y)[:2])
    yield from frame_marks(
        box,
        linear_edge(*plot.xlim, below),
        linear_edge(*plot.ylim, beside),
        padding=spread(NUMBERS),
    )
    yield from _row_marks(plot, model)
    for run, look in runs:
        yield from _model_marks(plot, scene, model, run, look)


def _range(column: Array) -> tuple[float, float]:
    low, high = float(column.min()), float(column.max())
    padding = MARGIN * (high - low) or 1.0
    return low - padding, high + padding


def _row_marks(plot: Plot, model: Model) -> Iterator[Mark]:
    """A mark at each row; of two inputs, one for each class."""
    chosen = np.linspace(0, model.rows - 1, min(model.rows, MOST_ROWS)).astype(np.intp)
    places = plot.place(model.columns[:2, chosen].T)
    color = to_hex(mpl.rcParams["axes.edgecolor"])
    if len(model.data.inputs) == 1:
        yield Marker(places=places, shape="o", size=POINT, color=color, name=ROWS, layer=5.0)
        return
    is_one = model.data.columns[-1][chosen] > 0
    for name, which, inside in ((ZEROS, ~is_one, ""), (ONES, is_one, color)):
        if which.any():
            yield Marker(
                places=places[which],
                shape="o" if name == ZEROS else "s",
                size=POINT,
                color=inside,
                edge=color,
                edge_width=0.6,
                name=name,
                layer=5.0,
            )


def _model_marks(
    plot: Plot, scene: Scene, model: Model, run: Run, look: RunStyle
) -> Iterator[Mark]:
    """The model at the start, at a few steps and at the end; at the end alone of several runs."""
    points, last = run.trajectory.points, run.trajectory.steps
    steps = [step for step in STEPS if step < last][:MOST_BETWEEN]
    apart = scene.tells_runs_apart
    none: tuple[float, ...] = ()
    lines = [("", step, look.color, 0.35, none) for step in steps]
    if not apart:
        lines = [(FIRST, 0, style.START, 1.0, (5.0, 1.5)), *lines]
    for name, step, color, opacity, dashes in [*lines, (LAST, last, look.color, 1.0, look.dashes)]:
        if not np.isfinite(points[step]).all():
            continue
        pieces = cut_at_frame(_line(plot, model, points[step]), plot.xlim, plot.ylim).pieces
        yield Polyline(
            lines=[plot.place(piece) for piece in pieces],
            color=color,
            width=float(mpl.rcParams["lines.linewidth"]) * (1.4 if name else 0.8),
            opacity=opacity,
            dashes=dashes,
            name="" if apart else name or BETWEEN,
            layer=9.0 if name else 7.0,
        )


def _line(plot: Plot, model: Model, theta: Array) -> Array:
    """The model of one input as a curve; of two, the line on which both classes are as likely."""
    x = np.linspace(*plot.xlim, SAMPLES)
    with np.errstate(all="ignore"):
        if len(model.data.inputs) == 1:
            return np.column_stack([x, model.predict(theta, x[np.newaxis])])
        intercept, across, up = theta
        if abs(up) * np.ptp(plot.ylim) >= abs(across) * np.ptp(plot.xlim):
            return np.column_stack([x, -(intercept + across * x) / up])
        y = np.linspace(*plot.ylim, SAMPLES)
        return np.column_stack([-(intercept + up * y) / across, y])

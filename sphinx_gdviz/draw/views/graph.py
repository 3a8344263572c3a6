"""The graph of a loss of one parameter, with the iterates on it and the steps as chords."""

from __future__ import annotations

from collections.abc import Iterator

import matplotlib as mpl
import numpy as np
from matplotlib.colors import to_hex
from numpy.typing import NDArray

from ...core.result import Run
from .. import style
from ..axes import Edge, frame_marks, linear_edge
from ..constraint_marks import constraint_marks
from ..critical_marks import critical_marks
from ..drawing import Box, Mark, Plot, Polyline
from ..labels import label_marks
from ..lines import simplified
from ..model_marks import REACH, is_inside, line_mark, lowest_mark, touch_mark
from ..run_marks import drawn_points, path_marks
from ..scene import Scene
from ..slopes import arrow_marks, slopes_of
from ..style import RunStyle

Array = NDArray[np.float64]

SAMPLES = 2001
"""Points of the curve."""
WIDER = 1.3
"""Width of the curve for that of a path."""


def graph_marks(
    box: Box, scene: Scene, runs: list[tuple[Run, RunStyle]], *, labelled: bool
) -> Iterator[Mark]:
    """Draw one panel, with or without numbers and a name on the axis to its left."""
    xlim, ylim = scene.result.graph_frame
    plot, loss = Plot(box, xlim, ylim), scene.experiment.loss
    across, up = scene.axis_names
    below, beside = linear_edge(*xlim, across), linear_edge(*ylim, up)
    yield from frame_marks(box, below, beside if labelled else Edge(beside.normalized))
    marks = [*_landscape_marks(plot, scene, runs)]
    yield from marks

    def locate(points: Array) -> Array:
        places = np.column_stack([points[:, 0], loss.value(points)])
        lower, upper = np.array([xlim, ylim]).T
        with np.errstate(invalid="ignore"):
            inside = ((places >= lower) & (places <= upper)).all(axis=1, keepdims=True)
        return plot.place(np.where(inside, places, np.nan))

    yield from label_marks(box, scene, runs, locate, marks, is_map=False)


def _landscape_marks(plot: Plot, scene: Scene, runs: list[tuple[Run, RunStyle]]) -> Iterator[Mark]:
    """The curve, and all that is drawn on it but words."""
    (xlim, ylim), box, loss = (plot.xlim, plot.ylim), plot.box, scene.experiment.loss
    x = np.linspace(*xlim, SAMPLES)
    yield Polyline(
        lines=simplified([plot.place(piece) for piece in _pieces(x, loss.value(x[:, None]), ylim)]),
        color=to_hex(mpl.rcParams["axes.edgecolor"]),
        width=WIDER * float(mpl.rcParams["lines.linewidth"]),
        opacity=0.55,
        clip=box,
        layer=6.0,
    )
    marked = np.array([(*point.point, point.loss) for point in scene.marked]).reshape(-1, 2)
    yield from critical_marks(scene.marked, plot.place(marked))
    if scene.experiment.constraint:
        ends = scene.experiment.constraint.interval()
        lines = [plot.place(np.array([(end, ylim[0]), (end, ylim[1])])) for end in ends]
        yield from constraint_marks(lines, box)
    yield from _model_marks(plot, scene)
    for slope in slopes_of(scene):
        foot, tip = (
            plot.place(np.array([float(end[0]), slope.level])) for end in (slope.point, slope.tip)
        )
        yield from arrow_marks(foot, tip, to_hex(mpl.rcParams["text.color"]))
    for run, run_style in runs:
        points, is_lost = drawn_points(run)
        path = np.column_stack([points[:, 0], run.trajectory.losses[: len(points)]])
        start = run_style.color if scene.tells_runs_apart else style.START
        yield from path_marks(plot, path, run_style, start, is_lost=is_lost)


def _model_marks(plot: Plot, scene: Scene) -> Iterator[Mark]:
    """Tangents near their points, quadratic models as far as they are seen, and chords."""
    (low, high), color = plot.xlim, to_hex(mpl.rcParams["text.color"])
    paper = to_hex(mpl.rcParams["axes.facecolor"])
    for model in scene.result.models:
        (x,), ends = model.point, (low, high)
        if model.end is not None:
            ends = (x, model.end)
        elif model.kind == "tangent":
            reach = REACH * (high - low)
            ends = (x - reach, x + reach)
        across = np.linspace(*ends, SAMPLES)
        pieces = _pieces(across, model.value(across[:, np.newaxis]), plot.ylim)
        lines = simplified([plot.place(piece) for piece in pieces])
        yield line_mark(model, lines, color, clip=plot.box)
        touched = (x,) if model.end is None else ends
        for each in touched:
            place = np.array([each, float(model.value((each,)))])
            yield touch_mark(plot.place(place), color, paper)
        if (lowest := model.minimum) and is_inside(scene, lowest):
            place = np.array([*lowest, float(model.value(lowest))])
            if plot.ylim[0] <= place[1] <= plot.ylim[1]:
                yield lowest_mark(plot.place(place))


def _pieces(x: Array, losses: Array, ylim: tuple[float, float]) -> list[Array]:
    """The curve in pieces of shape (n, 2): it is broken where it is not defined, and at poles."""
    low, high = ylim
    with np.errstate(invalid="ignore", over="ignore"):
        side = np.where(losses > high, 1, np.where(losses < low, -1, 0))
    is_broken = ~np.isfinite(losses)
    starts = 1 + np.flatnonzero(is_broken[1:] | is_broken[:-1] | (side[1:] * side[:-1] < 0))
    # Far outside of the box no writer should have to follow it.
    reach = high - low
    points = np.column_stack([x, np.clip(losses, low - reach, high + reach)])
    pieces = np.split(points, starts)
    return [piece for piece in pieces if len(piece) > 1 and np.isfinite(piece).all()]

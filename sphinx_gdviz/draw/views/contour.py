"""The loss from above: its contours, and the paths across them or the ways downhill."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from matplotlib.colors import to_rgb
from numpy.typing import NDArray

from ...core.descent.maps import Basins
from ...core.result import Run
from .. import style
from ..axes import Edge, frame_marks, linear_edge
from ..bands import as_palette
from ..constraint_marks import constraint_marks
from ..critical_marks import critical_marks
from ..drawing import Box, Image, Mark, Marker, Plot
from ..image import PaletteImage
from ..labels import label_marks
from ..lines import isoline_marks, simplified
from ..model_marks import is_inside, isolines, line_mark, lowest_mark, newton_mark, touch_mark
from ..run_marks import drawn_points, path_marks
from ..scene import Scene
from ..slopes import DOWNHILL, arrow_marks, level_lines, level_mark, slopes_of
from ..style import RunStyle

Array = NDArray[np.float64]

ARROWS = 13
"""Arrows along each side of a frame."""


def contour_marks(
    box: Box,
    scene: Scene,
    runs: list[tuple[Run, RunStyle]],
    *,
    labelled: bool,
    arrows: bool = False,
) -> Iterator[Mark]:
    """Draw one panel, with or without numbers and a name on the axis to its left."""
    plot = Plot(box, *scene.result.frame)
    yield from _frame_marks(box, scene, labelled=labelled)
    marks = [*_landscape_marks(plot, scene, runs, arrows=arrows)]
    yield from marks
    lower, upper = np.array(scene.result.frame).T

    def locate(points: Array) -> Array:
        inside = ((points >= lower) & (points <= upper)).all(axis=1, keepdims=True)
        return plot.place(np.where(inside, points, np.nan))

    yield from label_marks(box, scene, runs, locate, marks)


def _landscape_marks(
    plot: Plot, scene: Scene, runs: list[tuple[Run, RunStyle]], *, arrows: bool
) -> Iterator[Mark]:
    """The map of the loss, and all that is drawn on it but words."""
    yield Image(box=plot.box, render=lambda _: scene.map, layer=1.0)
    yield from isoline_marks(
        [plot.place(line) for _, line in scene.isolines], scene.experiment.contours
    )
    if arrows:
        yield from _arrow_marks(plot, scene)
    places = np.array([mark.point for mark in scene.marked]).reshape(-1, 2)
    yield from critical_marks(scene.marked, plot.place(places))
    yield from _constraint_marks(plot, scene)
    yield from _model_marks(plot, scene)
    for slope in slopes_of(scene):
        yield level_mark(simplified([plot.place(line) for line in level_lines(scene, slope.level)]))
        yield from arrow_marks(plot.place(slope.point), plot.place(slope.tip))
    for run, run_style in runs:
        yield from _run_marks(plot, scene, run, run_style)


def _model_marks(plot: Plot, scene: Scene) -> Iterator[Mark]:
    """The isolines of models, and Newton's steps to their minima."""
    for model in scene.result.models:
        lines = simplified([plot.place(line) for line in isolines(scene, model)])
        yield line_mark(model, lines, style.MARK, style.CASING)
        foot = plot.place(np.array(model.point))
        yield touch_mark(foot, style.MARK, style.CASING)
        if (lowest := model.minimum) and is_inside(scene, lowest):
            tip = plot.place(np.array(lowest))
            yield newton_mark(np.array([foot, tip]))
            yield lowest_mark(tip)


def basins_marks(
    box: Box,
    scene: Scene,
    runs: list[tuple[Run, RunStyle]],
    basins: Basins,
    *,
    labelled: bool,
) -> Iterator[Mark]:
    """Draw where the start of each point of the frame ends, and runs over it."""
    plot = Plot(box, *scene.result.frame)
    yield from _frame_marks(box, scene, labelled=labelled)
    colors = [to_rgb(color) for color in (*style.BASINS, style.UNSETTLED, style.DIVERGED)]
    count = len(style.BASINS)
    places = np.array([scene.number_of(point) % count for point in basins.destinations], np.intp)
    # After the colors of destinations come those of what is unsettled, −1, and diverges, −2.
    lookup = np.concatenate([places, [count + 1, count]])
    image = PaletteImage(lookup[basins.labels][::-1], as_palette(np.array(colors)))
    yield Image(box=box, render=lambda _: image, layer=1.0)
    isolines = [plot.place(line) for _, line in scene.isolines]
    yield from isoline_marks(isolines, scene.experiment.contours, style.FAINT_ISOLINE)
    lower, upper = np.array(scene.result.frame).T
    shown = [
        point
        for point in basins.destinations
        if ((lower <= point.point) & (point.point <= upper)).all()
    ]
    points = np.array([point.point for point in shown]).reshape(-1, 2)
    yield from critical_marks(shown, plot.place(points))
    yield from _constraint_marks(plot, scene)
    for run, run_style in runs:
        yield from _run_marks(plot, scene, run, run_style)


def _constraint_marks(plot: Plot, scene: Scene) -> Iterator[Mark]:
    if scene.experiment.constraint:
        outline = plot.place(scene.experiment.constraint.outline())
        yield from constraint_marks([outline], plot.box)


def _frame_marks(box: Box, scene: Scene, *, labelled: bool) -> Iterator[Mark]:
    """The frame, with the names of the parameters."""
    below, beside = (
        linear_edge(*side, name)
        for side, name in zip(scene.result.frame, scene.axis_names, strict=False)
    )
    return frame_marks(box, below, beside if labelled else Edge(beside.normalized))


def _run_marks(plot: Plot, scene: Scene, run: Run, run_style: RunStyle) -> Iterator[Mark]:
    points, is_lost = drawn_points(run)
    start = run_style.color if scene.tells_runs_apart else style.START
    yield from path_marks(plot, points, run_style, start, is_lost=is_lost)


def _arrow_marks(plot: Plot, scene: Scene) -> Iterator[Mark]:
    """Arrows of −∇L on a grid: all point downhill, and the longer, the steeper."""
    edges = (np.arange(ARROWS) + 0.5) / ARROWS
    x, y = (low + edges * (high - low) for low, high in scene.result.frame)
    points = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    downhill = -scene.experiment.loss.gradient(points)
    with np.errstate(invalid="ignore", over="ignore"):
        norm = np.hypot(*downhill.T)
    sound = np.isfinite(norm) & (norm > 0)
    points, downhill, norm = points[sound], downhill[sound], norm[sound]
    # A vector of the parameters, as it appears in a panel whose axes differ in scale.
    spans = np.array([high - low for low, high in scene.result.frame])
    unit = downhill / norm[:, np.newaxis] / spans
    # Norms may span decades; by rank, the gentlest is a third as long as the steepest.
    rank = np.argsort(np.argsort(norm, kind="stable")) / max(len(norm) - 1, 1)
    longest = plot.box.width / (ARROWS * 1.15)
    turns = np.degrees(np.arctan2(unit[:, 1] * plot.box.height, unit[:, 0] * plot.box.width))
    for place, turn, length in zip(
        plot.place(points), turns.tolist(), ((1 + 2 * rank) / 3 * longest).tolist(), strict=True
    ):
        yield Marker(
            places=place[np.newaxis],
            shape="arrow",
            size=length,
            color=style.FIELD,
            turn=turn,
            name=DOWNHILL,
            layer=6.0,
        )

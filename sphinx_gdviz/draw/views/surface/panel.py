"""The loss surface in three dimensions, with the path where it is seen and where it is hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ....core.result import Run
from ... import style
from ...critical_marks import draw_marks
from ...image import draw_image
from ...lines import chosen, cut_at_frame, draw_isolines, refined, simplified
from ...run_marks import (
    draw_directions,
    draw_ends,
    draw_exits,
    draw_iterates,
    draw_line,
    drawn_points,
)
from ...scene import Scene
from ...style import RunStyle
from .box import draw_box, padding_around
from .relief import Relief

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Array = NDArray[np.float64]

DOTS_PER_INCH = 300
SPACING = 1 / 200
"""Distance of the points that lay a straight step on the surface, as a share of the frame."""


def draw_surface(axes: Axes, scene: Scene, runs: list[tuple[Run, RunStyle]]) -> None:
    """Draw one panel."""
    per_inch = _fit(axes, scene)
    relief = Relief(scene.experiment, scene.camera, scene.bands.scale, DOTS_PER_INCH / per_inch)
    draw_box(axes, relief, per_inch)
    image, extent = relief.render(scene.bands)
    draw_image(axes, image, extent, zorder=4)
    _draw_isolines(axes, scene, relief, per_inch)
    seen = [mark for mark in scene.marked if relief.sees(np.array([mark.point]))[0]]
    draw_marks(axes, seen, relief.project(np.array([mark.point for mark in seen]).reshape(-1, 2)))
    for run, run_style in runs:
        _draw_run(axes, scene, relief, run, run_style, per_inch)


def natural_height(scene: Scene, width: float) -> float:
    """Height of a surface with its labels that is this wide, in inches."""
    low, high = scene.camera.extent()
    left, right, below, above = padding_around(scene)
    across, up = high - low
    return float((width - left - right) / across * up) + below + above


def _fit(axes: Axes, scene: Scene) -> float:
    """Set the limits so that the box and its labels fill the axes; returns units to an inch."""
    low, high = scene.camera.extent()
    assert axes.figure is not None
    place = axes.get_position()
    page = axes.figure.get_figure(root=True).get_size_inches()
    inches = np.array([place.width, place.height]) * page
    left, right, below, above = padding_around(scene)
    padding = np.array([left + right, below + above])
    per_inch = float(((high - low) / (inches - padding)).max())
    # What is left over is shared out evenly.
    spare = inches - padding - (high - low) / per_inch
    corner = low - (np.array([left, below]) + spare / 2) * per_inch
    axes.set_axis_off()
    axes.set(xlim=(corner[0], corner[0] + inches[0] * per_inch))
    axes.set(ylim=(corner[1], corner[1] + inches[1] * per_inch))
    return per_inch


def _draw_isolines(axes: Axes, scene: Scene, relief: Relief, per_inch: float) -> None:
    """The isolines where they are seen; they lie at heights that are known."""
    if not scene.isolines:
        return
    lines = [line for _, line in scene.isolines]
    points = np.concatenate(lines)
    normalized = np.repeat(
        [fraction for fraction, _ in scene.isolines], [len(line) for line in lines]
    )
    screen = relief.camera.project(*relief.to_box(points), relief.height_at(normalized))
    seen = relief.sees(points, normalized)
    ends = np.cumsum([len(line) for line in lines])[:-1]
    pieces = [
        simplified(piece, per_inch)
        for line, choice in zip(np.split(screen, ends), np.split(seen, ends), strict=True)
        for piece in chosen(line, choice)
    ]
    draw_isolines(axes, pieces, scene.experiment.contours)


def _draw_run(
    axes: Axes, scene: Scene, relief: Relief, run: Run, run_style: RunStyle, per_inch: float
) -> None:
    xlim, ylim = scene.experiment.frame
    points, is_lost = drawn_points(run)
    cut = cut_at_frame(points, xlim, ylim)
    spacing = SPACING * np.array([xlim[1] - xlim[0], ylim[1] - ylim[0]])
    solid: list[Array] = []
    dotted: list[Array] = []
    for piece in cut.pieces:
        fine = refined(piece, spacing)
        screen = relief.project(fine)
        present = np.isfinite(screen).all(axis=1)
        seen = present & relief.sees(fine)
        for lines, choice in ((solid, seen), (dotted, present & ~seen)):
            lines += [simplified(line, per_inch) for line in chosen(screen, choice)]
    solid = [line[np.isfinite(line).all(axis=1)] for line in solid]
    dotted = [line[np.isfinite(line).all(axis=1)] for line in dotted]
    draw_line(axes, dotted, run_style, hidden=True)
    draw_line(axes, solid, run_style)
    draw_directions(axes, solid, run_style)
    _draw_marks_of_run(axes, scene, relief, points, run_style, is_lost=is_lost)
    ahead = np.stack([cut.exits[:, 0], cut.exits[:, 0] - cut.exits[:, 1] * 1e-3], axis=1)
    edge, before = (relief.project(part) for part in ahead.transpose(1, 0, 2))
    with np.errstate(invalid="ignore"):  # an exit where the loss has no value
        draw_exits(axes, np.stack([edge, edge - before], axis=1), run_style)


def _draw_marks_of_run(
    axes: Axes, scene: Scene, relief: Relief, points: Array, run_style: RunStyle, *, is_lost: bool
) -> None:
    x, y = relief.to_box(points)
    inside = (np.abs(x) <= 0.5 + 1e-9) & (np.abs(y) <= 0.5 + 1e-9)  # false for nan
    places, seen = np.full_like(points, np.nan), np.zeros(len(points), bool)
    places[inside] = relief.project(points[inside])
    seen[inside] = relief.sees(points[inside])
    places[~np.isfinite(places).all(axis=1)] = np.nan  # above a place that has no loss
    draw_iterates(axes, places[1:-1][seen[1:-1]], run_style)
    start = run_style.colour if scene.tells_runs_apart else style.START
    ends_seen = bool(seen[0]), bool(seen[-1])
    draw_ends(axes, places, run_style, start, is_lost=is_lost, seen=ends_seen)

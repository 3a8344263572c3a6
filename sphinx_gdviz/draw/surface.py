"""The loss surface in three dimensions, with the path where it is seen and where it is hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..core.experiment import Run
from . import style
from .box import draw_box, margins
from .camera import Camera
from .image import draw_image
from .lines import chosen, cut_at_frame, draw_isolines, refined, simplified
from .marks import draw_marks
from .path import draw_directions, draw_end, draw_exits, draw_iterates, draw_line
from .relief import Relief
from .scene import Scene
from .style import RunStyle

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Array = NDArray[np.float64]

DOTS_PER_INCH = 300
SPACING = 1 / 200
"""Distance of the points that lay a straight step on the surface, as a share of the frame."""


def draw_surface(axes: Axes, scene: Scene, runs: list[tuple[Run, RunStyle]]) -> None:
    """Draw one panel."""
    per_inch = _fit(axes, scene.camera)
    relief = Relief(scene.experiment, scene.camera, scene.bands.scale, DOTS_PER_INCH / per_inch)
    draw_box(axes, relief)
    image, extent = relief.render(scene.bands)
    draw_image(axes, image, extent, zorder=4)
    _draw_isolines(axes, scene, relief, per_inch)
    seen = [mark for mark in scene.marked if relief.sees(np.array([mark.point]))[0]]
    draw_marks(axes, seen, relief.project(np.array([mark.point for mark in seen]).reshape(-1, 2)))
    for run, look in runs:
        _draw_run(axes, scene, relief, run, look, per_inch)


def natural_height(scene: Scene, width: float) -> float:
    """Height of a surface with its labels that is this wide."""
    low, high = margins(scene.camera)
    across, up = high - low
    return float(width / across * up)


def _fit(axes: Axes, camera: Camera) -> float:
    """Set the limits so that the box and its labels fill the axes; returns units to an inch."""
    low, high = margins(camera)
    assert axes.figure is not None
    box = axes.get_position()
    inches = np.array([box.width, box.height]) * axes.figure.get_figure(root=True).get_size_inches()
    per_inch = float(((high - low) / inches).max())
    middle, half = (low + high) / 2, inches * per_inch / 2
    axes.set_axis_off()
    axes.set(xlim=(middle[0] - half[0], middle[0] + half[0]))
    axes.set(ylim=(middle[1] - half[1], middle[1] + half[1]))
    return per_inch


def _draw_isolines(axes: Axes, scene: Scene, relief: Relief, per_inch: float) -> None:
    """The isolines where they are seen; they lie at heights that are known."""
    if not scene.isolines:
        return
    lines = [line for _, line in scene.isolines]
    points = np.concatenate(lines)
    shares = np.repeat([share for share, _ in scene.isolines], [len(line) for line in lines])
    screen = relief.camera.project(*relief.to_box(points), relief.height_at(shares))
    seen = relief.sees(points, shares)
    ends = np.cumsum([len(line) for line in lines])[:-1]
    pieces = [
        simplified(piece, per_inch)
        for line, choice in zip(np.split(screen, ends), np.split(seen, ends), strict=True)
        for piece in chosen(line, choice)
    ]
    draw_isolines(axes, pieces)


def _draw_run(
    axes: Axes, scene: Scene, relief: Relief, run: Run, look: RunStyle, per_inch: float
) -> None:
    xlim, ylim = scene.experiment.frame
    points = run.trajectory.points
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
    draw_line(axes, dotted, look, hidden=True)
    draw_line(axes, solid, look)
    draw_directions(axes, solid, look)
    _draw_marks_of_run(axes, scene, relief, points, look)
    ahead = np.stack([cut.exits[:, 0], cut.exits[:, 0] - cut.exits[:, 1] * 1e-3], axis=1)
    edge, before = (relief.project(part) for part in ahead.transpose(1, 0, 2))
    with np.errstate(invalid="ignore"):  # an exit where the loss has no value
        draw_exits(axes, np.stack([edge, edge - before], axis=1), look)


def _draw_marks_of_run(
    axes: Axes, scene: Scene, relief: Relief, points: Array, look: RunStyle
) -> None:
    x, y = relief.to_box(points)
    inside = (np.abs(x) <= 0.5 + 1e-9) & (np.abs(y) <= 0.5 + 1e-9)  # false for nan
    places, seen = np.full_like(points, np.nan), np.zeros(len(points), bool)
    places[inside] = relief.project(points[inside])
    seen[inside] = relief.sees(points[inside])
    places[~np.isfinite(places).all(axis=1)] = np.nan  # above a place that has no loss
    draw_iterates(axes, places[1:-1][seen[1:-1]], look)
    start = look.colour if scene.tells_runs_apart else style.START
    draw_end(axes, places[0], start, is_start=True, is_seen=bool(seen[0]))
    draw_end(axes, places[-1], look.colour, is_start=False, is_seen=bool(seen[-1]))

"""The loss from above: its contours, and the paths across them or the ways downhill."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.colors import to_rgb
from numpy.typing import NDArray

from ...core.descent.maps import Basins
from ...core.expr.symbols import symbol_tex
from ...core.result import Run
from .. import style
from ..axes import Edge, draw_frame, linear_edge
from ..bands import as_palette
from ..critical_marks import draw_marks
from ..image import PaletteImage, draw_image
from ..lines import cut_at_frame, draw_isolines, simplified
from ..run_marks import (
    draw_directions,
    draw_ends,
    draw_exits,
    draw_iterates,
    draw_line,
    drawn_points,
)
from ..scene import Scene
from ..style import RunStyle

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Array = NDArray[np.float64]

ARROWS = 13
"""Arrows along each side of a frame."""
ARROW_KEY = "Downhill"
"""Label of the arrows, by which the legend finds them."""


def draw_contour(
    axes: Axes,
    scene: Scene,
    runs: list[tuple[Run, RunStyle]],
    *,
    labelled: bool,
    arrows: bool = False,
) -> None:
    """Draw one panel, with or without numbers and a name on the axis to its left."""
    xlim, ylim = scene.experiment.frame
    axes.set(xlim=xlim, ylim=ylim)
    below, beside = _edges(scene)
    draw_frame(axes, below, beside if labelled else Edge(beside.normalized))
    draw_image(axes, scene.map, (*xlim, *ylim), zorder=1)
    _draw_isolines(axes, scene)
    if arrows:
        _draw_arrows(axes, scene)
    draw_marks(axes, scene.marked, np.array([mark.point for mark in scene.marked]))
    for run, run_style in runs:
        _draw_run(axes, scene, run, run_style)


def _edges(scene: Scene) -> list[Edge]:
    """The edges of the frame, with the names of the parameters."""
    experiment = scene.experiment
    return [
        linear_edge(*side, f"${symbol_tex(name)}$")
        for side, name in zip(experiment.frame, experiment.loss.symbols, strict=True)
    ]


def draw_basins(
    axes: Axes,
    scene: Scene,
    runs: list[tuple[Run, RunStyle]],
    basins: Basins,
    *,
    labelled: bool,
) -> None:
    """Draw where the start of each point of the frame ends, and runs over it."""
    xlim, ylim = scene.experiment.frame
    axes.set(xlim=xlim, ylim=ylim)
    below, beside = _edges(scene)
    draw_frame(axes, below, beside if labelled else Edge(beside.normalized))
    colours = [to_rgb(colour) for colour in (*style.BASINS, style.UNSETTLED, style.DIVERGED)]
    count = len(style.BASINS)
    places = np.array([scene.number_of(point) % count for point in basins.destinations], np.intp)
    # After the colours of destinations come those of what is unsettled, −1, and diverges, −2.
    lookup = np.concatenate([places, [count + 1, count]])
    numbers = lookup[basins.labels]
    image = PaletteImage(numbers, as_palette(np.array(colours)))
    draw_image(axes, image, (*xlim, *ylim), zorder=1)
    _draw_isolines(axes, scene, style.FAINT_ISOLINE)
    lower, upper = np.array([xlim, ylim]).T
    shown = [
        point
        for point in basins.destinations
        if ((lower <= point.point) & (point.point <= upper)).all()
    ]
    draw_marks(axes, shown, np.array([point.point for point in shown]).reshape(-1, 2))
    for run, run_style in runs:
        _draw_run(axes, scene, run, run_style)


def _draw_run(axes: Axes, scene: Scene, run: Run, run_style: RunStyle) -> None:
    points, is_lost = drawn_points(run)
    cut = cut_at_frame(points, *scene.experiment.frame)
    draw_line(axes, cut.pieces, run_style)
    draw_directions(axes, cut.pieces, run_style)
    lower, upper = np.array(scene.experiment.frame).T
    with np.errstate(invalid="ignore"):
        inside = ((points >= lower) & (points <= upper)).all(axis=1)
    places = np.where(inside[:, np.newaxis], points, np.nan)
    draw_iterates(axes, places[1:-1][inside[1:-1]], run_style)
    draw_exits(axes, cut.exits, run_style)
    start = run_style.colour if scene.tells_runs_apart else style.START
    draw_ends(axes, places, run_style, start, is_lost=is_lost)


def _draw_isolines(axes: Axes, scene: Scene, colour: Any = style.ISOLINE) -> None:
    (x0, x1), (y0, y1) = scene.experiment.frame
    assert axes.figure is not None
    width = axes.get_position().width * axes.figure.get_figure(root=True).get_size_inches()[0]
    # Simplified as they are printed: with both axes as long as the panel is wide.
    corner, size = np.array([x0, y0]), np.array([x1 - x0, y1 - y0])
    lines = [
        simplified((line - corner) / size, 1 / width) * size + corner for _, line in scene.isolines
    ]
    draw_isolines(axes, lines, scene.experiment.contours, colour)


def _draw_arrows(axes: Axes, scene: Scene) -> None:
    """Arrows of −∇L on a grid: all point downhill, and the longer, the steeper."""
    xlim, ylim = scene.experiment.frame
    edges = (np.arange(ARROWS) + 0.5) / ARROWS
    x, y = (low + edges * (high - low) for low, high in (xlim, ylim))
    points = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    downhill = -scene.experiment.loss.gradient(points)
    with np.errstate(invalid="ignore", over="ignore"):
        norm = np.hypot(*downhill.T)
    sound = np.isfinite(norm) & (norm > 0)
    sound &= np.isfinite(scene.experiment.loss.value(points))
    points, downhill, norm = points[sound], downhill[sound], norm[sound]
    if not len(norm):
        return
    # A vector of the parameters, as it appears in a panel whose axes differ in scale.
    across, up = np.subtract(*np.array([xlim, ylim]).T[::-1])
    unit = downhill / norm[:, np.newaxis]
    screen = unit / [across, up]
    # Norms may span decades; by rank, the gentlest is a third as long as the steepest.
    rank = np.argsort(np.argsort(norm, kind="stable")) / max(len(norm) - 1, 1)
    length = (1 + 2 * rank) / 3
    screen *= (length / np.hypot(*screen.T))[:, np.newaxis]
    axes.quiver(
        *points.T,
        *screen.T,
        color=style.FIELD,
        angles="uv",
        scale=ARROWS * 1.15,
        scale_units="width",
        width=0.006,
        headwidth=4.2,
        headlength=4.5,
        headaxislength=4.0,
        pivot="mid",
        label=ARROW_KEY,
        zorder=6,
    )

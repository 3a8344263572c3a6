"""The loss surface in three dimensions, with the path where it is seen and where it is hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from ..core.experiment import Experiment, Run
from . import style
from .bands import Bands
from .camera import Camera
from .path import draw_ends, draw_iterates, draw_line
from .relief import HEIGHT, Relief

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Array = NDArray[np.float64]
DOTS_PER_INCH = 300
PIECES = 24
"""Pieces into which a step is cut, to lay it on the surface."""
FINEST = 1 / 2000
"""Iterates in the same cell of this size, as a share of the frame, are drawn as one."""
SPACE = (0.30, 0.24, 0.12, 0.04)
"""Room around the box for labels: left, below, right, above."""


def draw_surface(axes: Axes, experiment: Experiment, runs: tuple[Run, ...], bands: Bands) -> None:
    """Draw one panel."""
    camera = Camera(*experiment.camera)
    relief = Relief(experiment, camera, bands)
    scale = _fit(axes, camera)
    _draw_box(axes, relief)
    image, extent = relief.render(DOTS_PER_INCH * scale)
    axes.imshow(image, extent=extent, origin="lower", aspect="auto", interpolation="none", zorder=4)
    for run in runs:
        _draw_run(axes, relief, run)


def natural_height(camera: Camera, width: float) -> float:
    """Height of a surface with its labels that is this wide."""
    low, high = _extent(camera)
    across, up = high - low
    return float(width / across * up)


def _extent(camera: Camera) -> tuple[Array, Array]:
    """Lower left and upper right corner of the box on screen, with room for its labels."""
    corners = camera.project(
        *np.meshgrid([-0.5, 0.5], [-0.5, 0.5], [0.0, HEIGHT], indexing="ij")
    ).reshape(-1, 2)
    room = np.array(SPACE)
    return corners.min(axis=0) - room[:2], corners.max(axis=0) + room[2:]


def _fit(axes: Axes, camera: Camera) -> float:
    """Set the limits so that the box and its labels fill the axes; returns inches to a unit."""
    low, high = _extent(camera)
    assert axes.figure is not None
    box = axes.get_position()
    inches = np.array([box.width, box.height]) * axes.figure.get_figure(root=True).get_size_inches()
    scale = float((inches / (high - low)).min())
    middle, half = (low + high) / 2, inches / scale / 2
    axes.set_axis_off()
    axes.set(xlim=(middle[0] - half[0], middle[0] + half[0]))
    axes.set(ylim=(middle[1] - half[1], middle[1] + half[1]))
    return scale


def _draw_run(axes: Axes, relief: Relief, run: Run) -> None:
    points = run.trajectory.points
    points = points[np.isfinite(points).all(axis=1)]
    fine = _subdivide(points[_worth_drawing(relief, points)])
    inside = _inside(relief, fine)
    seen = inside & relief.sees(fine)
    screen = _on_screen(relief, fine)
    draw_line(axes, _stretches(screen, inside, inside & ~seen), hidden=True)
    draw_line(axes, _stretches(screen, inside, seen))
    dots, shown = _on_screen(relief, points), _inside(relief, points) & relief.sees(points)
    draw_iterates(axes, dots[1:-1][shown[1:-1]])
    ends = np.where(_inside(relief, points)[:, np.newaxis], dots, np.nan)
    draw_ends(axes, ends[0], ends[-1], start_seen=bool(shown[0]), end_seen=bool(shown[-1]))


def _on_screen(relief: Relief, points: Array) -> Array:
    """Screen positions of points laid on the surface."""
    x, y = relief.to_box(points)
    return relief.camera.project(x, y, relief.height(x, y))


def _inside(relief: Relief, points: Array) -> NDArray[np.bool_]:
    x, y = relief.to_box(points)
    edge = 0.5 + 1e-9
    return (np.abs(x) <= edge) & (np.abs(y) <= edge) & np.isfinite(relief.height(x, y))


def _subdivide(points: Array) -> Array:
    share = np.linspace(0.0, 1.0, PIECES, endpoint=False)[:, np.newaxis]
    pieces = points[:-1, np.newaxis] + share * (points[1:] - points[:-1])[:, np.newaxis]
    return np.concatenate([pieces.reshape(-1, 2), points[-1:]])


def _worth_drawing(relief: Relief, points: Array) -> NDArray[np.bool_]:
    """Which iterates differ from the last one drawn by more than the eye can tell."""
    cells = np.floor(np.stack(relief.to_box(points), axis=-1) / FINEST)
    kept = np.ones(len(points), bool)
    kept[1:-1] = (cells[1:-1] != cells[:-2]).any(axis=1)
    return kept


def _stretches(screen: Array, inside: NDArray[np.bool_], chosen: NDArray[np.bool_]) -> list[Array]:
    """The polylines of consecutive chosen points, each reaching back to the one before."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], chosen, [False]]).astype(int)))
    return [
        screen[begin - 1 if begin and inside[begin - 1] else begin : end]
        for begin, end in zip(edges[::2], edges[1::2], strict=True)
    ]


def _draw_box(axes: Axes, relief: Relief) -> None:
    """The floor and the two far walls with their grid, and the axes along the near edges."""
    camera, (xlim, ylim) = relief.camera, relief.experiment.frame
    # Signs of the floor's far and near corner, as the camera sees it.
    near = np.array([1.0 if camera.to_camera(*e)[1] <= 0 else -1.0 for e in ((1, 0), (0, 1))]) / 2
    far_x, far_y = -near
    ticks = {axis: _ticks(limits) for axis, limits in (("x", xlim), ("y", ylim))}
    ticks["z"] = _ticks(relief.zlim)
    x = (ticks["x"] - xlim[0]) / (xlim[1] - xlim[0]) - 0.5
    y = (ticks["y"] - ylim[0]) / (ylim[1] - ylim[0]) - 0.5
    z = relief.height_of(ticks["z"])

    def line(*corners: tuple[float, float, float]) -> Array:
        return camera.project(*np.array(corners).T)

    s = 0.5
    panes = [
        line((-s, -s, 0), (s, -s, 0), (s, s, 0), (-s, s, 0)),
        line((far_x, -s, 0), (far_x, s, 0), (far_x, s, HEIGHT), (far_x, -s, HEIGHT)),
        line((-s, far_y, 0), (s, far_y, 0), (s, far_y, HEIGHT), (-s, far_y, HEIGHT)),
    ]
    grid = [line((v, -s, 0), (v, s, 0)) for v in x] + [line((-s, v, 0), (s, v, 0)) for v in y]
    grid += [line((v, far_y, 0), (v, far_y, HEIGHT)) for v in x]
    grid += [line((far_x, v, 0), (far_x, v, HEIGHT)) for v in y]
    grid += [line((far_x, -near[1], v), (far_x, near[1], v)) for v in z]
    grid += [line((-near[0], far_y, v), (near[0], far_y, v)) for v in z]
    axes.add_collection(
        PolyCollection(panes, facecolor=style.PANE, edgecolor=style.GRID, linewidth=0.5, zorder=1)
    )
    axes.add_collection(LineCollection(grid, colors=style.GRID, linewidths=0.35, zorder=2))

    # The height is marked on the leftmost upright edge that lies between a far and a near corner.
    uprights = [(near[0], far_y), (far_x, near[1])]
    upright = min(uprights, key=lambda corner: float(camera.to_camera(*corner)[0]))
    edges = [
        line((-s, near[1], 0), (s, near[1], 0)),
        line((near[0], -s, 0), (near[0], s, 0)),
        line((*upright, 0), (*upright, HEIGHT)),
    ]
    axes.add_collection(LineCollection(edges, colors=style.INK, linewidths=0.6, zorder=3))
    sides = [(2 * upright[0], 0.0), (0.0, 2 * upright[1])]
    away = min(sides, key=lambda side: float(camera.to_camera(*side)[0]))
    _label(
        axes, camera, [(v, near[1], 0.0) for v in x], (0, near[1] * 2), ticks["x"], r"$\theta_1$"
    )
    _label(
        axes, camera, [(near[0], v, 0.0) for v in y], (near[0] * 2, 0), ticks["y"], r"$\theta_2$"
    )
    _label(axes, camera, [(*upright, v) for v in z], away, ticks["z"], "Loss")


def _label(
    axes: Axes,
    camera: Camera,
    places: list[tuple[float, float, float]],
    away: tuple[float, float],
    values: Array,
    name: str,
) -> None:
    """Tick marks, their numbers, and the name of one edge; `away` points out of the box."""
    at = np.array(places)
    tip = at + np.array([*away, 0.0]) * 0.03
    text = at + np.array([*away, 0.0]) * 0.10
    marks = np.stack([camera.project(*at.T), camera.project(*tip.T)], axis=1)
    axes.add_collection(LineCollection(list(marks), colors=style.INK, linewidths=0.6, zorder=3))
    for value, (across, rise) in zip(values, camera.project(*text.T), strict=True):
        number = f"{value:.10g}".replace("-", "−")
        axes.text(across, rise, number, ha="center", va="center", fontsize=7)
    middle = (at[0] + at[-1]) / 2 + np.array([*away, 0.0]) * 0.25
    turn = 90 if at[0, 2] != at[-1, 2] else 0
    across, rise = camera.project(*middle).tolist()
    axes.text(across, rise, name, rotation=turn, ha="center", va="center", fontsize=8)


def _ticks(limits: tuple[float, float]) -> Array:
    values = np.asarray(MaxNLocator(5, steps=[1, 2, 5, 10]).tick_values(*limits))
    return values[(values >= limits[0]) & (values <= limits[1])]

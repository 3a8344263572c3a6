"""The box around a surface: floor, far walls, grid, and the numbers along its near edges."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np
from matplotlib.collections import LineCollection, PolyCollection
from numpy.typing import NDArray

from .camera import HEIGHT, Camera
from .frame import even_ticks
from .relief import Relief
from .scale import tick_label

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Array = NDArray[np.float64]
Corner = tuple[float, float, float]

SPACE = (0.30, 0.24, 0.12, 0.04)
"""Room around the box for labels: left, below, right, above."""
SHORT = 0.2
"""An edge that is seen shorter than this has no room for its numbers."""


def margins(camera: Camera) -> tuple[Array, Array]:
    """Lower left and upper right corner of the box on screen, with room for its labels."""
    low, high = camera.extent()
    return low - SPACE[:2], high + SPACE[2:]


def draw_box(axes: Axes, relief: Relief) -> None:
    """Draw the box behind a surface, and the axes along its near edges."""
    camera, (xlim, ylim) = relief.camera, relief.experiment.frame
    # Signs of the floor's far and near corner, as the camera sees it.
    near = np.array([1.0 if camera.to_camera(*e)[1] <= 0 else -1.0 for e in ((1, 0), (0, 1))]) / 2
    far_x, far_y = -near
    ticks = {"x": even_ticks(*xlim), "y": even_ticks(*ylim), "z": relief.scale.ticks(5)}
    x = (ticks["x"] - xlim[0]) / (xlim[1] - xlim[0]) - 0.5
    y = (ticks["y"] - ylim[0]) / (ylim[1] - ylim[0]) - 0.5
    z = relief.height_at(relief.scale.share(ticks["z"]))

    def line(*corners: Corner) -> Array:
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
    pale, thin = mpl.rcParams["grid.color"], mpl.rcParams["grid.linewidth"]
    pane = mpl.rcParams["axes3d.xaxis.panecolor"]
    axes.add_collection(
        PolyCollection(panes, facecolor=pane, edgecolor=pale, linewidth=1.4 * thin, zorder=1)
    )
    axes.add_collection(LineCollection(grid, colors=pale, linewidths=thin, zorder=2))

    # The height is marked on the leftmost upright edge that lies between a far and a near corner.
    uprights = [(near[0], far_y), (far_x, near[1])]
    upright = min(uprights, key=lambda corner: float(camera.to_camera(*corner)[0]))
    edges = [
        line((-s, near[1], 0), (s, near[1], 0)),
        line((near[0], -s, 0), (near[0], s, 0)),
        line((*upright, 0), (*upright, HEIGHT)),
    ]
    ink, width = mpl.rcParams["axes.edgecolor"], mpl.rcParams["axes.linewidth"]
    axes.add_collection(LineCollection(edges, colors=ink, linewidths=width, zorder=3))
    sides = [(2 * upright[0], 0.0), (0.0, 2 * upright[1])]
    away = min(sides, key=lambda side: float(camera.to_camera(*side)[0]))
    labels: list[tuple[list[Corner], tuple[float, float], Array, str]] = [
        ([(v, near[1], 0.0) for v in x], (0, near[1] * 2), ticks["x"], r"$\theta_1$"),
        ([(near[0], v, 0.0) for v in y], (near[0] * 2, 0), ticks["y"], r"$\theta_2$"),
        ([(*upright, v) for v in z], away, ticks["z"], "Loss"),
    ]
    for edge, (places, out, values, name) in zip(edges, labels, strict=True):
        if np.hypot(*(edge[1] - edge[0])) > SHORT and len(places):
            _label(axes, camera, places, out, values, name)


def _label(
    axes: Axes,
    camera: Camera,
    places: list[Corner],
    away: tuple[float, float],
    values: Array,
    name: str,
) -> None:
    """Tick marks, their numbers, and the name of one edge; `away` points out of the box."""
    at = np.array(places)
    tip = at + np.array([*away, 0.0]) * 0.03
    text = at + np.array([*away, 0.0]) * 0.10
    marks = np.stack([camera.project(*at.T), camera.project(*tip.T)], axis=1)
    ink, width = mpl.rcParams["axes.edgecolor"], mpl.rcParams["axes.linewidth"]
    axes.add_collection(LineCollection(list(marks), colors=ink, linewidths=width, zorder=3))
    for value, (across, rise) in zip(values, camera.project(*text.T), strict=True):
        size, colour = mpl.rcParams["xtick.labelsize"], mpl.rcParams["xtick.color"]
        number = tick_label(float(value))
        axes.text(across, rise, number, ha="center", va="center", fontsize=size, color=colour)
    is_upright = name == "Loss"
    ends = at[[0, -1]] if not is_upright else np.array([[*at[0, :2], 0], [*at[0, :2], HEIGHT]])
    middle = ends.mean(axis=0) + np.array([*away, 0.0]) * 0.25
    across, rise = camera.project(*middle).tolist()
    axes.text(
        *(across, rise, name),
        rotation=90 if is_upright else 0,
        ha="center",
        va="center",
        fontsize=mpl.rcParams["axes.labelsize"],
        color=mpl.rcParams["axes.labelcolor"],
    )

"""The box around a surface: floor, far walls, grid, and the numbers along its near edges."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
from matplotlib.collections import LineCollection, PolyCollection
from numpy.typing import NDArray

from .camera import HEIGHT, Camera
from .frame import even_ticks
from .relief import Relief
from .scale import tick_labels

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
    sides = [(2 * upright[0], 0.0), (0.0, 2 * upright[1])]
    away = min(sides, key=lambda side: float(camera.to_camera(*side)[0]))
    edges = [
        Edge3D((-s, near[1], 0), (s, near[1], 0), (0, near[1] * 2)),
        Edge3D((near[0], -s, 0), (near[0], s, 0), (near[0] * 2, 0)),
        Edge3D((*upright, 0), (*upright, HEIGHT), away),
    ]
    ink, width = mpl.rcParams["axes.edgecolor"], mpl.rcParams["axes.linewidth"]
    drawn = [line(edge.begin, edge.end) for edge in edges]
    axes.add_collection(LineCollection(drawn, colors=ink, linewidths=width, zorder=3))
    shares = (x + s, y + s, z / HEIGHT)
    numbers = (
        tick_labels(ticks["x"], r"$\theta_1$"),
        tick_labels(ticks["y"], r"$\theta_2$"),
        relief.scale.labels(ticks["z"], "Loss"),
    )
    for edge, on_screen, share, (values, name) in zip(edges, drawn, shares, numbers, strict=True):
        if np.hypot(*(on_screen[1] - on_screen[0])) > SHORT:
            _label(axes, camera, edge, share, values, name)


@dataclass(frozen=True)
class Edge3D:
    """An edge of the box: from where to where, and the direction along the floor out of the box."""

    begin: Corner
    end: Corner
    away: tuple[float, float]

    def at(self, share: Array, out: float) -> Array:
        """Points along the edge, so far out of the box, shape (n, 3)."""
        begin, end = np.array(self.begin), np.array(self.end)
        along: Array = begin + share[:, np.newaxis] * (end - begin)
        return along + out * np.array([*self.away, 0.0])


def _label(
    axes: Axes, camera: Camera, edge: Edge3D, share: Array, values: tuple[str, ...], name: str
) -> None:
    """Tick marks, their numbers, and the name of one edge."""
    rc = mpl.rcParams
    ends = [camera.project(*edge.at(share, out).T) for out in (0.0, 0.03)]
    axes.add_collection(
        LineCollection(
            list(np.stack(ends, axis=1)),
            colors=rc["axes.edgecolor"],
            linewidths=rc["axes.linewidth"],
            zorder=3,
        )
    )
    centred: dict[str, Any] = {"ha": "center", "va": "center"}
    small = {"fontsize": rc["xtick.labelsize"], "color": rc["xtick.color"]}
    for value, (across, rise) in zip(values, camera.project(*edge.at(share, 0.10).T), strict=True):
        axes.text(across, rise, value, **centred, **small)
    large = {"fontsize": rc["axes.labelsize"], "color": rc["axes.labelcolor"]}
    ((across, rise),) = camera.project(*edge.at(np.array([0.5]), 0.25).T)
    turn = 90 if edge.begin[2] != edge.end[2] else 0
    axes.text(across, rise, name, rotation=turn, **centred, **large)

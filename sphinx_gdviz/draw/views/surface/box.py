"""The box around a surface: floor, far walls, grid, and the numbers along its near edges."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
from matplotlib.collections import LineCollection, PolyCollection
from numpy.typing import NDArray

from ....core.expr.symbols import symbol_tex
from ....core.scale import Scale
from ...axes import even_ticks
from ...style import PANE, spread
from ...text import width_of
from ...ticks import scale_labels, scale_ticks, tick_labels
from .camera import HEIGHT, Camera
from .relief import Relief

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ...scene import Scene

Array = NDArray[np.float64]
Corner = tuple[float, float, float]
Box = tuple[float, float, float, float]
"""Left, right, bottom and top."""

PADDING = (0.40, 0.18, 0.34, 0.06)
"""Padding around the box for labels: left, right, below and above, in inches."""
TICK, AIR = 0.04, 0.045
"""Length of a tick, and the air between it, the numbers and the name, in inches."""
LINE = 1.0
"""Height of a number for the size of its font."""
SHORT = 0.2
"""An edge that is seen shorter than this, of a box one wide, has no room for its numbers."""


def padding_around(scene: Scene) -> Box:
    """Padding around the box for labels, in inches; wide numbers want more."""
    size = float(mpl.rcParams["xtick.labelsize"])

    def widest(numbers: tuple[str, ...]) -> float:
        return max((width_of(number, size) for number in numbers), default=0.0)

    upright = widest(_heights(scene.bands.scale)[1][0])
    floor = max(widest(tick_labels(even_ticks(*side), "")[0]) for side in scene.experiment.frame)
    name = 1.2 * float(mpl.rcParams["axes.labelsize"]) / 72
    left, right, below, above = map(spread, PADDING)
    left = max(left, TICK + upright + name + 2.5 * AIR, 0.8 * floor)
    return left, max(right, TICK + AIR + floor), below, above


def _heights(scale: Scale) -> tuple[Array, tuple[tuple[str, ...], str]]:
    ticks = scale_ticks(scale, 5)
    return ticks, scale_labels(scale, ticks, "Loss")


def draw_box(axes: Axes, relief: Relief, per_inch: float) -> None:
    """Draw the box behind a surface, and the axes along its near edges."""
    camera, (xlim, ylim) = relief.camera, relief.experiment.frame
    # Signs of the floor's far and near corner, as the camera sees it.
    near = np.array([1.0 if camera.to_camera(*e)[1] <= 0 else -1.0 for e in ((1, 0), (0, 1))]) / 2
    far_x, far_y = -near
    names = [f"${symbol_tex(name)}$" for name in relief.experiment.loss.symbols]
    x_ticks, y_ticks = even_ticks(*xlim), even_ticks(*ylim)
    z_ticks, z_numbers = _heights(relief.scale)
    x = (x_ticks - xlim[0]) / (xlim[1] - xlim[0]) - 0.5
    y = (y_ticks - ylim[0]) / (ylim[1] - ylim[0]) - 0.5
    z = relief.height_at(relief.scale.normalized(z_ticks))

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
    pane = mpl.rcParams[PANE]
    axes.add_collection(
        PolyCollection(panes, facecolor=pane, edgecolor=pale, linewidth=1.4 * thin, zorder=1)
    )
    axes.add_collection(LineCollection(grid, colors=pale, linewidths=thin, zorder=2))

    # The height is marked on the leftmost upright edge that lies between a far and a near corner.
    uprights = [(near[0], far_y), (far_x, near[1])]
    upright = min(uprights, key=lambda corner: float(camera.to_camera(*corner)[0]))
    edges = [
        _edge(camera, (*upright, 0), (*upright, HEIGHT), None, z / HEIGHT, z_numbers),
        _edge(
            camera,
            *((-s, near[1], 0), (s, near[1], 0), (0, near[1])),
            *(x + s, tick_labels(x_ticks, names[0])),
        ),
        _edge(
            camera,
            *((near[0], -s, 0), (near[0], s, 0), (near[0], 0)),
            *(y + s, tick_labels(y_ticks, names[1])),
        ),
    ]
    foreground, width = mpl.rcParams["axes.edgecolor"], mpl.rcParams["axes.linewidth"]
    ends = [np.stack([edge.begin, edge.end]) for edge in edges]
    axes.add_collection(LineCollection(ends, colors=foreground, linewidths=width, zorder=3))
    taken: list[Box] = []
    for edge in edges:
        if np.hypot(*(edge.end - edge.begin)) > SHORT:
            _label(axes, edge, per_inch, taken)


@dataclass(frozen=True)
class _Edge:
    """An edge of the box on screen, with what stands along it.

    Attributes
    ----------
    begin, end : ndarray, shape (2,)
        Its ends on screen.
    out : ndarray, shape (2,)
        The direction away from the box, of length one.
    normalized : ndarray, shape (n,)
        Positions of the ticks, 0 where it begins and 1 where it ends.
    numbers : tuple of str
        The numbers beside them.
    name : str
        The quantity that they count.
    is_upright : bool
        Whether it stands on the floor.
    """

    begin: Array
    end: Array
    out: Array
    normalized: Array
    numbers: tuple[str, ...]
    name: str
    is_upright: bool


def _edge(
    camera: Camera,
    begin: Corner,
    end: Corner,
    away: tuple[float, float] | None,
    normalized: Array,
    labels: tuple[tuple[str, ...], str],
) -> _Edge:
    """The edge between two corners; `away` points out of the box along the floor.

    The one that stands on the floor is the leftmost, and has its numbers to the left.
    """
    first, last = camera.project(*np.array([begin, end]).T)
    if away is None:
        return _Edge(first, last, np.array([-1.0, 0.0]), normalized, *labels, is_upright=True)
    out = camera.project(*away, 0.0) - camera.project(0.0, 0.0, 0.0)
    if np.hypot(*out) < 0.25:  # seen end-on: away from the middle of the box will do
        across = np.array([last[1] - first[1], first[0] - last[0]])
        middle = camera.project(0.0, 0.0, 0.0)
        out = across * np.sign(across @ ((first + last) / 2 - middle) or 1.0)
    return _Edge(first, last, out / np.hypot(*out), normalized, *labels, is_upright=False)


def _label(axes: Axes, edge: _Edge, per_inch: float, taken: list[Box]) -> None:
    """Tick marks, their numbers and the name; a number that would stand on another is left out."""
    rc = mpl.rcParams
    places = edge.begin + edge.normalized[:, np.newaxis] * (edge.end - edge.begin)
    marks = np.stack([places, places + TICK * per_inch * edge.out], axis=1)
    axes.add_collection(
        LineCollection(
            list(marks), colors=rc["axes.edgecolor"], linewidths=rc["axes.linewidth"], zorder=3
        )
    )
    size = float(rc["xtick.labelsize"])
    high = LINE * size / 72
    sizes = np.array([(width_of(number, size), high) for number in edge.numbers])
    centred: dict[str, Any] = {"ha": "center", "va": "center"}
    small = {"fontsize": size, "color": rc["xtick.color"], **centred}
    reach = TICK
    for place, box, number in list(zip(places, sizes, edge.numbers, strict=True))[
        :: _every(places / per_inch, sizes)
    ]:
        far = TICK + AIR + float(np.abs(edge.out) @ box) / 2
        middle = place / per_inch + edge.out * far
        if _is_free(middle, box, taken):
            across, rise = (middle * per_inch).tolist()
            axes.text(across, rise, number, **small)
            reach = max(reach, far + float(np.abs(edge.out) @ box) / 2)
    large = float(rc["axes.labelsize"])
    box = np.array([width_of(edge.name, large), LINE * large / 72])
    if edge.is_upright:
        box = box[::-1]
    middle = (edge.begin + edge.end) / 2 / per_inch
    far = reach + AIR + float(np.abs(edge.out) @ box) / 2
    while not _is_free(middle + edge.out * far, box, taken, keep=False):
        far += AIR
    _is_free(middle + edge.out * far, box, taken)
    across, rise = ((middle + edge.out * far) * per_inch).tolist()
    axes.text(
        *(across, rise, edge.name),
        rotation=90 if edge.is_upright else 0,
        fontsize=large,
        color=rc["axes.labelcolor"],
        **centred,
    )


def _every(places: Array, sizes: Array) -> int:
    """Write every number, or every second, or every third: so many that they do not touch."""
    if len(places) < 2:
        return 1
    step, (width, height) = np.abs(places[1] - places[0]), sizes.max(axis=0)
    with np.errstate(divide="ignore"):
        return max(1, ceil(float(min((width + AIR) / step[0], height / step[1]))))


def _is_free(middle: Array, size: Array, taken: list[Box], *, keep: bool = True) -> bool:
    """Whether nothing stands at a place yet, in inches; if so and wanted, from now on it does."""
    (left, bottom), (right, top) = middle - size / 2, middle + size / 2
    free = all(right < a or b < left or top < c or d < bottom for a, b, c, d in taken)
    if free and keep:
        taken.append((float(left), float(right), float(bottom), float(top)))
    return free

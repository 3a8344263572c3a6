"""The box around a surface: floor, far walls, grid, and the numbers along its near edges."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from math import ceil
from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np
from matplotlib.colors import to_hex
from numpy.typing import NDArray

from ....core.scale import Scale
from ...axes import CAPITAL, even_ticks, text_mark
from ...drawing import Fill, Mark, Plot, Polyline
from ...style import PANE, spread
from ...text import width_of
from ...ticks import scale_labels, scale_ticks, tick_labels
from .camera import HEIGHT, Camera
from .relief import Relief

if TYPE_CHECKING:
    from ...scene import Scene

Array = NDArray[np.float64]
Corner = tuple[float, float, float]
Rectangle = tuple[float, float, float, float]
"""Left, right, upper and lower edge on the page."""

PADDING = (28.8, 13.0, 24.5, 4.3)
"""Padding around the box for labels: left, right, below and above, in points."""
TICK, AIR = 2.9, 3.2
"""Length of a tick, and the air between it, the numbers and the name, in points."""
LINE = 1.0
"""Height of a number for the size of its font."""
SHORT = 0.2
"""An edge that is seen shorter than this, of a box one wide, has no room for its numbers."""


def padding_around(scene: Scene) -> tuple[float, float, float, float]:
    """Padding around the box for labels, in points; wide numbers want more."""
    size = float(mpl.rcParams["xtick.labelsize"])

    def widest(numbers: tuple[str, ...]) -> float:
        return max((width_of(number, size) for number in numbers), default=0.0)

    upright = widest(_heights(scene.bands.scale, "")[1][0])
    floor = max(widest(tick_labels(even_ticks(*side), "")[0]) for side in scene.result.frame)
    name = 1.2 * float(mpl.rcParams["axes.labelsize"])
    left, right, below, above = map(spread, PADDING)
    numbers = TICK + AIR + floor
    if numbers + AIR > left:
        left = numbers + AIR + name  # which stands beyond them, where their edge is steep
    left = max(left, TICK + upright + name + 2.5 * AIR)
    return left, max(right, numbers), below, above


def _heights(scale: Scale, name: str) -> tuple[Array, tuple[tuple[str, ...], str]]:
    ticks = scale_ticks(scale, 5)
    return ticks, scale_labels(scale, ticks, name)


def box_marks(plot: Plot, relief: Relief, names: Sequence[str]) -> Iterator[Mark]:
    """Draw the box behind a surface, and the axes with their names along its near edges."""
    camera, (xlim, ylim) = relief.camera, relief.frame
    # Signs of the floor's far and near corner, as the camera sees it.
    near = np.array([1.0 if camera.to_camera(*e)[1] <= 0 else -1.0 for e in ((1, 0), (0, 1))]) / 2
    far_x, far_y = -near
    x_ticks, y_ticks = even_ticks(*xlim), even_ticks(*ylim)
    z_ticks, z_numbers = _heights(relief.scale, names[2])
    x = (x_ticks - xlim[0]) / (xlim[1] - xlim[0]) - 0.5
    y = (y_ticks - ylim[0]) / (ylim[1] - ylim[0]) - 0.5
    z = relief.height_at(relief.scale.normalized(z_ticks))

    def line(*corners: Corner) -> Array:
        return plot.place(camera.project(*np.array(corners).T))

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
    pale, thin = to_hex(mpl.rcParams["grid.color"]), float(mpl.rcParams["grid.linewidth"])
    pane = to_hex(mpl.rcParams[PANE])
    yield Fill(polygons=panes, color=pane, edge=pale, edge_width=1.4 * thin, layer=1.0)
    yield Polyline(lines=grid, color=pale, width=thin, layer=2.0)

    # The height is marked on the leftmost upright edge that lies between a far and a near corner.
    uprights = [(near[0], far_y), (far_x, near[1])]
    upright = min(uprights, key=lambda corner: float(camera.to_camera(*corner)[0]))
    edge = partial(_edge, plot, camera)
    edges = [
        edge((*upright, 0), (*upright, HEIGHT), None, z / HEIGHT, z_numbers),
        edge(
            (-s, near[1], 0), (s, near[1], 0), (0, near[1]), x + s, tick_labels(x_ticks, names[0])
        ),
        edge(
            (near[0], -s, 0), (near[0], s, 0), (near[0], 0), y + s, tick_labels(y_ticks, names[1])
        ),
    ]
    taken: list[Rectangle] = []
    shortest = SHORT * plot.box.width / (plot.xlim[1] - plot.xlim[0])
    for side in edges:
        yield _line([np.stack([side.begin, side.end])])
        if np.hypot(*(side.end - side.begin)) > shortest:
            yield from _label_marks(side, taken)


def _line(lines: list[Array]) -> Mark:
    color, width = to_hex(mpl.rcParams["axes.edgecolor"]), float(mpl.rcParams["axes.linewidth"])
    return Polyline(lines=lines, color=color, width=width, layer=3.0)


@dataclass(frozen=True)
class _Edge:
    """An edge of the box on screen, with what stands along it.

    Attributes
    ----------
    begin, end : ndarray, shape (2,)
        Its ends on the page.
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
    plot: Plot,
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
    first, last = plot.place(camera.project(*np.array([begin, end]).T))
    if away is None:
        return _Edge(first, last, np.array([-1.0, 0.0]), normalized, *labels, is_upright=True)
    middle = camera.project(0.0, 0.0, 0.0)
    out = camera.project(*away, 0.0) - middle
    if np.hypot(*out) < 0.25:  # seen end-on: away from the middle of the box will do
        across = np.array([last[1] - first[1], first[0] - last[0]])
        out = across * np.sign(across @ ((first + last) / 2 - plot.place(middle)) or 1.0)
    else:
        out = out * [1.0, -1.0]
    return _Edge(first, last, out / np.hypot(*out), normalized, *labels, is_upright=False)


def _label_marks(edge: _Edge, taken: list[Rectangle]) -> Iterator[Mark]:
    """Tick marks, their numbers and the name; a number that would stand on another is left out."""
    rc = mpl.rcParams
    places = edge.begin + edge.normalized[:, np.newaxis] * (edge.end - edge.begin)
    if len(places):
        yield _line([np.array([place, place + TICK * edge.out]) for place in places])
    size = float(rc["xtick.labelsize"])
    sizes = np.array([(width_of(number, size), LINE * size) for number in edge.numbers])
    reach = TICK
    for place, box, number in list(zip(places, sizes, edge.numbers, strict=True))[
        :: _every(places, sizes)
    ]:
        far = TICK + AIR + float(np.abs(edge.out) @ box) / 2
        middle = place + edge.out * far
        if _is_free(middle, box, taken):
            yield _centred(number, middle, size, rc["xtick.color"])
            reach = max(reach, far + float(np.abs(edge.out) @ box) / 2)
    large = float(rc["axes.labelsize"])
    box = np.array([width_of(edge.name, large), LINE * large])
    if edge.is_upright:
        box = box[::-1]
    middle = (edge.begin + edge.end) / 2
    far = reach + AIR + float(np.abs(edge.out) @ box) / 2
    while not _is_free(middle + edge.out * far, box, taken, keep=False):
        far += AIR
    _is_free(middle + edge.out * far, box, taken)
    place = middle + edge.out * far
    yield _centred(edge.name, place, large, rc["axes.labelcolor"], is_upright=edge.is_upright)


def _centred(
    text: str, middle: Array, size: float, color: str, *, is_upright: bool = False
) -> Mark:
    x, y = middle.tolist()
    shift = CAPITAL / 2 * size
    place = (x + shift, y) if is_upright else (x, y + shift)
    return text_mark(text, place, size, color, is_upright=is_upright, layer=3.0)


def _every(places: Array, sizes: Array) -> int:
    """Write every number, or every second, or every third: so many that they do not touch."""
    if len(places) < 2:
        return 1
    step, (width, height) = np.abs(places[1] - places[0]), sizes.max(axis=0)
    with np.errstate(divide="ignore"):
        return max(1, ceil(float(min((width + AIR) / step[0], height / step[1]))))


def _is_free(middle: Array, size: Array, taken: list[Rectangle], *, keep: bool = True) -> bool:
    """Whether nothing stands at a place yet; if so and wanted, from now on it does."""
    (left, top), (right, bottom) = middle - size / 2, middle + size / 2
    free = all(right < a or b < left or bottom < c or d < top for a, b, c, d in taken)
    if free and keep:
        taken.append((float(left), float(right), float(top), float(bottom)))
    return free

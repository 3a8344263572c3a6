"""Words at places of a panel, set so that they hide nothing that is drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import matplotlib as mpl
import numpy as np
from matplotlib.colors import to_hex
from matplotlib.path import Path
from numpy.typing import NDArray

from ..core.experiment import MARKS
from ..core.places import Place
from ..core.result import Run
from ..messages import in_option
from . import style
from .axes import CAPITAL, text_mark
from .drawing import Box, Fill, Mark, Marker, Polyline, Text
from .lines import refined
from .scene import Scene
from .style import RunStyle
from .text import fitted, glyph_outline, width_of

Array = NDArray[np.float64]
Locate = Callable[[Array], Array]
"""Places on the page, shape (n, 2), of parameters, shape (n, d); nan for what is not seen."""

LAYER = 14.0
NUMBER = 0.86
"""Size of a number for that of a label."""
LINE = 1.25
"""Distance of the lines of a label, for the size of its font."""
HALO = 2.2
"""Width of the light casing of letters, in points."""
AIR = 1.2
"""Air around a label, in points."""
GAPS = (3.6, 5.0, 7.0, 10.0, 14.0, 19.0, 25.0, 32.0, 40.0)
"""Distances of a label from its place that are tried, in points."""
DOT = 3.2
"""Size of a dot at a place that has no mark, in points."""
APART = (4.5, 1.0)
"""Air between two labels, across and up."""
LEADER = 9.0
"""A label that is farther away has a line to its place."""
DIRECTIONS = 16
COVERED, OUTSIDE, FAR, ASKEW = 8.0, 1e4, 0.5, 0.8
"""Costs: of a point that is covered, of a place outside or on another label, of each point of
distance, and of the worst direction."""
DRAWN = 6.0
"""The layer from which on nothing is to be covered: paths and marks, but no isolines."""
WIDEST = 0.45
"""Width of a line of a label, as a share of that of the panel."""


@dataclass(frozen=True)
class Label:
    """A text for a place.

    Attributes
    ----------
    place : ndarray, shape (2,)
        On the page.
    lines : tuple of str
    size : float
    color : str
    is_number : bool
        True for the number of an iterate, which no line leads to.
    has_dot : bool
        True where nothing else is drawn at the place.
    """

    place: Array
    lines: tuple[str, ...]
    size: float
    color: str
    is_number: bool = False
    has_dot: bool = False

    @property
    def extent(self) -> Array:
        """Its width and height."""
        height = (CAPITAL + LINE * (len(self.lines) - 1)) * self.size
        return np.array([max(width_of(line, self.size) for line in self.lines), height])


def label_marks(
    box: Box,
    scene: Scene,
    runs: Sequence[tuple[Run, RunStyle]],
    locate: Locate,
    marks: Sequence[Mark],
    *,
    is_map: bool = True,
) -> Iterator[Mark]:
    """Set the labels of a panel and the numbers of its iterates, so that they cover no marks.

    Parameters
    ----------
    box : Box
        What they stay in.
    scene : Scene
        The figure.
    runs : sequence of (Run, RunStyle)
        The runs of the panel.
    locate : callable
        Finds places on the page.
    marks : sequence of Mark
        All other marks of the panel.
    is_map : bool
        True where labels lie on the colors of a loss, False where they lie on the paper.
    """
    ink = style.MARK if is_map else to_hex(mpl.rcParams["text.color"])
    halo = style.CASING if is_map else to_hex(mpl.rcParams["axes.facecolor"])
    labels = [*_numbers(scene, runs, locate), *_notes(box, scene, runs, locate, ink)]
    if not labels:
        return
    middles = _placed(labels, _obstacles(marks), box)
    for label, middle in zip(labels, middles, strict=True):
        yield from _drawn(label, middle, ink, halo)


def _drawn(label: Label, middle: Array, ink: str, halo: str) -> Iterator[Mark]:
    """Draw a label with its middle at a place, and what joins it to the place that it is for."""
    if label.has_dot:
        yield Marker(
            places=label.place[np.newaxis],
            shape="o",
            size=DOT,
            color=ink,
            edge=halo,
            edge_width=0.6,
            layer=LAYER - 0.2,
        )
    corner = middle - label.extent / 2
    nearest = np.clip(label.place, corner, corner + label.extent)
    if not label.is_number and np.hypot(*(nearest - label.place)) > LEADER:
        yield Polyline(
            lines=[np.array([label.place, nearest])],
            color=ink,
            width=0.5,
            casing=(halo, 1.5),
            layer=LAYER - 0.5,
        )
    # Lines are set against the place that they are for.
    align = float(np.clip(0.5 + (label.place[0] - middle[0]) / label.extent[0], 0.0, 1.0))
    align = 0.5 if 0.0 < align < 1.0 else align
    for number, line in enumerate(label.lines):
        x = corner[0] + align * label.extent[0]
        y = corner[1] + (CAPITAL + LINE * number) * label.size
        text = text_mark(line, (x, y), label.size, label.color, align=align, layer=LAYER)
        yield _halo(text, halo)
        yield text


def _notes(
    box: Box, scene: Scene, runs: Sequence[tuple[Run, RunStyle]], locate: Locate, color: str
) -> Iterator[Label]:
    size, shown = float(mpl.rcParams["legend.fontsize"]), [run for run, _ in runs]
    for place, text in scene.experiment.notes:
        found = scene.result.points_at(place, shown)
        with in_option("label"):
            set_text, set_size = fitted(text, size, WIDEST * box.width)
        if found:
            for where in locate(np.array(found)):
                if np.isfinite(where).all():
                    lines = tuple(set_text.split("\n"))
                    yield Label(where, lines, set_size, color, has_dot=_is_bare(scene, place))


def _is_bare(scene: Scene, place: Place) -> bool:
    """True for a place at which nothing else is drawn."""
    if place.kind in MARKS.values():
        return place.kind not in {point.kind for point in scene.marked}
    return place.kind == "point" or not scene.result.runs


def _numbers(scene: Scene, runs: Sequence[tuple[Run, RunStyle]], locate: Locate) -> Iterator[Label]:
    """The numbers of iterates, but of those that lie on one that has a number."""
    if scene.experiment.numbers is None:
        return
    first, last = scene.experiment.numbers
    size = NUMBER * float(mpl.rcParams["legend.fontsize"])
    taken: list[Array] = []
    for run, look in runs:
        points = run.trajectory.points[first : last + 1]
        finite = np.isfinite(run.trajectory.losses[first : last + 1])
        places = locate(np.where(finite[:, np.newaxis], points, np.nan))
        for step, where in enumerate(places, first):
            near = any(np.hypot(*(where - other)) < 0.5 * size for other in taken)
            if np.isfinite(where).all() and not near:
                taken.append(where)
                yield Label(where, (str(step),), size, look.color, is_number=True)


def _obstacles(marks: Sequence[Mark]) -> Array:
    """Points of all that is not to be covered, about one and a half points apart."""
    found = [np.empty((0, 2))]
    for mark in marks:
        if isinstance(mark, Text):
            layout, size = mark.layout, mark.size
            across = np.linspace(layout.left, layout.right, 12) * size
            up = np.linspace(layout.bottom, layout.top, 4) * size
            grid = np.stack(np.meshgrid(across, up), axis=-1).reshape(-1, 2)
            turned = grid[:, ::-1] * [-1.0, -1.0] if mark.is_upright else grid * [1.0, -1.0]
            found.append(turned + np.array([mark.x, mark.y]))
        if mark.layer < DRAWN:
            continue
        match mark:
            case Marker():
                ring = replace(mark, shape="o", edge="#000000").painted()
                found += [mark.places, *(ring.polygons if isinstance(ring, Fill) else ())]
            case Polyline(lines=lines):
                found += [refined(line, np.full(2, 1.5)) for line in lines]
            case Fill(polygons=polygons):
                found += [refined(outline, np.full(2, 1.5)) for outline in polygons]
    points = np.concatenate(found)
    points = points[np.isfinite(points).all(axis=1)]
    _, kept = np.unique(np.rint(points), axis=0, return_index=True)
    return points[kept]


def _placed(labels: Sequence[Label], obstacles: Array, box: Box) -> Array:
    """The middles of labels, shape (n, 2): each goes to its cheapest place, then again, given all.

    Those that have no place yet are far away.
    """
    middles = np.full((len(labels), 2), np.inf)
    extents = np.array([label.extent for label in labels])
    places = np.array([label.place for label in labels])
    for _ in range(3):
        for index, label in enumerate(labels):
            middles[index] = np.inf
            candidates, half = _candidates(label), extents[index] / 2 + AIR
            away = np.abs(candidates[:, np.newaxis] - middles)
            hits = (away < half + extents / 2 + APART).all(axis=-1).sum(axis=1)
            beside = np.delete(places, index, axis=0)
            on_places = _count_within(candidates, half + AIR, beside)
            covered = _count_within(candidates, half, obstacles)
            low, high = candidates - half, candidates + half
            outside = (low < [box.left, box.top]) | (high > [box.right, box.bottom])
            costs = COVERED * (covered + on_places) + OUTSIDE * (hits + outside.any(axis=1))
            middles[index] = candidates[np.argmin(costs + _preferences(label))]
    return middles


def _count_within(middles: Array, half: Array, points: Array) -> NDArray[np.intp]:
    """The number of points, shape (m, 2), in rectangles of one size around middles."""
    low, high = middles.min(axis=0) - half, middles.max(axis=0) + half
    near = points[((points >= low) & (points <= high)).all(axis=1)]
    inside = (np.abs(middles[:, np.newaxis] - near) <= half).all(axis=-1)
    return np.asarray(inside.sum(axis=1))


def _directions() -> Array:
    turns = np.arange(DIRECTIONS) * 2 * np.pi / DIRECTIONS
    return np.stack([np.cos(turns), -np.sin(turns)], axis=-1)


def _gaps(label: Label) -> tuple[float, ...]:
    return GAPS[:5] if label.is_number else GAPS


def _candidates(label: Label) -> Array:
    """Middles around the place of a label, shape (n, 2), ring by ring."""
    directions = _directions()
    beside = np.clip(1.5 * directions, -1.0, 1.0) * (label.extent / 2 + AIR)
    rings = [label.place + gap * directions + beside for gap in _gaps(label)]
    return np.concatenate(rings)


def _preferences(label: Label) -> Array:
    """Costs of the candidates' distances and directions: near, and to the upper right."""
    along = _directions() @ np.array([0.9, -0.44])
    askew = ASKEW * (1 - along) / 2
    return np.concatenate([FAR * gap + askew for gap in _gaps(label)])


def _halo(text: Text, color: str) -> Mark:
    """The outlines of the letters of a text, as wide lines behind it."""
    lines: list[Array] = []
    fine = 100.0  # curves become lines that are fine at this size
    for glyph in text.layout.glyphs:
        vertices, codes = glyph_outline(glyph.path, glyph.index)
        if len(vertices):
            placed = vertices * glyph.size + [glyph.x, glyph.y]
            polygons = Path(placed * fine, codes).to_polygons(closed_only=False)
            lines += [np.asarray(polygon) / fine for polygon in polygons]
    lines += [Box(*bar).outline for bar in text.layout.rectangles]
    turned = [line * [text.size, -text.size] + [text.x, text.y] for line in lines]
    return Polyline(lines=turned, color=color, width=HALO, is_round=True, layer=LAYER - 0.1)

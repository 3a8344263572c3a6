"""The layout: panels in rows, at the size at which they are printed."""

from __future__ import annotations

from dataclasses import dataclass

import matplotlib as mpl

from ..core.experiment import Experiment, Panel
from ..core.views import View
from ..messages import GdvizError
from .axes import axis_edge, linear_edge
from .colorbar import colorbar_edge
from .drawing import POINTS
from .scene import Scene
from .style import spread
from .text import fitted
from .views.surface.panel import natural_height

# All in points.
TITLE, LINE = 7.9, 9.4
"""Padding above a panel, and for each line of its title."""
BELOW = 26.0
"""Padding below a panel, for the numbers and the name of its axis."""
LABELLED, BARE, CURVE = 21.6, 14.4, 44.6
"""Padding left of a map besides its numbers, left of one without any, and left of a curve."""
EDGE = 4.3
"""Padding right of the last panel of a row."""
SURFACE = 39.6
"""Width of a surface with its labels over that of a map."""
BAR = (5.0, 5.8, 19.4)
"""Color bar: the gap before it, its width and the room for its name, without its numbers."""
LARGEST, LONGEST, HIGHEST = 187.2, 259.2, 280.8
"""Width of a map, width of a curve that has a row for itself, and height of a long map."""
LONG_FRAME = 0.45
"""Height of a map for its width, below which maps stand one above the other."""
SMALLEST = 64.8
"""A panel narrower than this goes into the next row."""
FLATNESS, SLENDER = 0.62, 0.8
"""Height of a curve for its width, and that of a graph beside another panel."""
NARROWEST = 115.2
"""Width of a figure, whatever was asked for."""


def figure_width(experiment: Experiment) -> float:
    """Width of the figure in points: a length of its own, or a percentage of a page's column."""
    column, asked = POINTS * float(mpl.rcParams["figure.figsize"][0]), experiment.width
    if asked.endswith("%"):
        return max(NARROWEST, column * float(asked.removesuffix("%")) / 100)
    return max(NARROWEST, POINTS * float(asked.removesuffix("in")))


@dataclass(frozen=True)
class Row:
    """Panels beside each other.

    Attributes
    ----------
    panels : tuple of Panel
        From left to right.
    titles : tuple of (str, float)
        Their titles, broken into lines, and the sizes to set them in.
    before : tuple of float
        Padding left of each plot; what a surface is wider than one.
    bar : bool
        Whether a color bar ends the row.
    after : float
        Padding right of the last plot, for the bar or what numbers need.
    side, up : float
        Width and height of a plot.
    """

    panels: tuple[Panel, ...]
    titles: tuple[tuple[str, float], ...]
    before: tuple[float, ...]
    bar: bool
    after: float
    side: float
    up: float

    @property
    def width(self) -> float:
        """Width of all panels with what is beside them."""
        return sum(self.before) + len(self.panels) * self.side + self.after

    @property
    def has_map(self) -> bool:
        """Whether a panel shows the colors of losses from above."""
        return any(panel.view.is_coloured for panel in self.panels)

    @property
    def above(self) -> float:
        """Padding for the titles."""
        lines = max(title.count("\n") + 1 for title, _ in self.titles)
        return spread(TITLE + LINE * lines)

    @property
    def height(self) -> float:
        """Height of the row with titles and labels."""
        return self.above + self.up + below()


def below() -> float:
    """Padding below a panel."""
    return spread(BELOW)


def is_map(view: View | None) -> bool:
    """Whether a view shows the frame from above, or a graph over it."""
    return view is not None and view.plane in ("frame", "graph")


def make_rows(scene: Scene, panels: tuple[Panel, ...], width: float, parts: int = 1) -> list[Row]:
    """The rows of panels in a part of a figure that is this wide, with other parts beside it."""
    rows = []
    for group in _groups(panels):
        columns = 2 if len(group) == 4 else min(len(group), 3)
        if scene.aspect < LONG_FRAME and any(is_map(p.view) for p in group):
            columns = 1
        while columns > 1 and _side(scene, group[:columns], columns, width, parts) < SMALLEST:
            columns -= 1
        rows += [
            _row(scene, group[first : first + columns], columns, width, parts)
            for first in range(0, len(group), columns)
        ]
    return rows


def _groups(panels: tuple[Panel, ...]) -> list[tuple[Panel, ...]]:
    """Panels that share rows: those of one view, where a view has several, or all."""
    views = list(dict.fromkeys(panel.view for panel in panels))
    groups = [tuple(panel for panel in panels if panel.view == view) for view in views]
    return groups if not panels or any(len(group) > 1 for group in groups) else [panels]


def _before(scene: Scene, panels: tuple[Panel, ...]) -> tuple[float, ...]:
    """Padding left of each panel; what a surface is wider than a map."""
    across, up = (linear_edge(*side, "").widest for side in scene.frame[:2])
    views = [panel.view for panel in panels]
    # The numbers on the axis of a map serve the one to its right too.
    return tuple(
        spread(SURFACE)
        if view.plane == "box"
        else spread(CURVE)
        if view.has_own_axes
        else max(BARE, across + EDGE)
        if is_map(left)
        else max(spread(LABELLED) + up, 0.5 * across)
        for left, view in zip([None, *views], views, strict=False)
    )


def _has_bar(panels: tuple[Panel, ...], columns: int) -> bool:
    """True for a row, of so many columns in all parts, with a bar beside its last panel."""
    return columns < 3 and panels[-1].view.is_coloured


def _side(scene: Scene, panels: tuple[Panel, ...], columns: int, width: float, parts: int) -> float:
    """Width of each plot of a row, which all have the same; what is left over is margin."""
    before = _before(scene, panels)
    # The last row may have fewer panels than columns, and has their width all the same.
    padding = sum(before) + (columns - len(panels)) * before[-1]
    largest = LARGEST
    if columns == 1 and (panels[0].view.has_own_axes or panels[0].view.plane == "graph"):
        largest = LONGEST
    elif any(is_map(panel.view) for panel in panels):
        aspect = scene.aspect
        largest = min(HIGHEST / aspect, LARGEST if aspect >= LONG_FRAME else width)
    return min(
        (width - padding - _after(scene, _has_bar(panels, parts * columns))) / columns, largest
    )


def _row(scene: Scene, panels: tuple[Panel, ...], columns: int, width: float, parts: int) -> Row:
    before, side = _before(scene, panels), _side(scene, panels, columns, width, parts)
    if any(panel.view.plane == "graph" for panel in panels):
        up = side * (FLATNESS if columns == 1 else SLENDER)
    elif any(is_map(panel.view) for panel in panels):
        up = side * scene.aspect
    elif any(panel.view.plane == "box" for panel in panels):
        up = natural_height(scene, side + spread(SURFACE)) - below()
    else:
        up = side * FLATNESS
    size = float(mpl.rcParams["axes.titlesize"])
    try:
        titles = tuple(
            fitted(panel.title, size, side + (padding if panel.view.plane == "box" else 1.6 * EDGE))
            for panel, padding in zip(panels, before, strict=True)
        )
    except GdvizError as error:
        error.option = "titles"
        raise
    bar = _has_bar(panels, parts * columns)
    return Row(panels, titles, before, bar, _after(scene, bar), side, up)


def _after(scene: Scene, bar: bool) -> float:
    if bar:
        gap, across, name = BAR
        return gap + across + spread(name) + colorbar_edge(scene.bands).widest
    edges = [linear_edge(*scene.result.frame[0], "")]
    if any(panel.view.is_sweep for panel in scene.experiment.panels):
        edges.append(axis_edge(scene.experiment.across, scene.experiment.loss))
    return max(EDGE, 0.5 * max(edge.widest for edge in edges) + 1.4)

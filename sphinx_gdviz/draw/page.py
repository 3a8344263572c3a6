"""The page: panels laid out at the size at which they are printed, saved as bytes."""

from __future__ import annotations

import io
import warnings
from collections.abc import Collection
from dataclasses import dataclass
from itertools import pairwise
from threading import RLock
from typing import TYPE_CHECKING, Any, Literal

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from ..core.experiment import CURVES, Experiment, Panel, Result
from . import style
from .colourbar import colourbar_edge, draw_colourbar
from .contour import draw_contour
from .curve import draw_curve
from .frame import linear_edge
from .image import places_instead
from .legend import add_legend
from .scene import Scene
from .surface import draw_surface, natural_height
from .svg import finish
from .text import fitted

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Format = Literal["svg", "pdf", "png"]
Rectangle = tuple[float, float, float, float]

_SETTINGS_IN_FORCE = RLock()
"""Matplotlib's settings are global: a thread draws alone, whatever executor runs it."""

_METADATA: dict[str, dict[str, Any]] = {
    # No clock and no program version in a file: the same picture is the same bytes.
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "Producer": None, "Creator": None},
    "png": {"Software": None},
}

# All in inches.
TITLE, LINE = 0.11, 0.13
"""Room above a panel, and for each line of its title."""
BELOW = 0.36
"""Room below a panel, for the numbers and the name of its axis."""
LABELLED, BARE, CURVE = 0.3, 0.2, 0.62
"""Room left of a map besides its numbers, left of one without any, and left of a curve."""
EDGE = 0.06
"""Room right of the last panel of a row."""
SURFACE = 0.55
"""How much wider a surface is than a map, with its labels."""
BAR = (0.07, 0.08, 0.27)
"""Colour bar: the gap before it, its width and the room for its name, without its numbers."""
FLAT_BAR = (0.04, 0.08, 0.32)
"""The same for one that lies under the panels."""
LARGEST, LONGEST = 2.6, 3.6
"""Longest side of a map, and width of a curve that has a row for itself."""
SMALLEST = 0.9
"""A panel narrower than this goes into the next row."""
FLATNESS = 0.62
"""Height of a curve for its width."""
NARROWEST = 1.6
"""Width of a figure, whatever was asked for."""


def draw(result: Result, formats: Collection[Format]) -> dict[Format, bytes]:
    """Draw an experiment.

    Parameters
    ----------
    result : Result
        Its experiment, and what came of it.
    formats : collection of str
        Some of ``"svg"``, ``"pdf"`` and ``"png"``; all are saved from one drawing.

    Returns
    -------
    dict
        For each format a whole file, the same bytes every time.

    Raises
    ------
    StyleError
        If the experiment's style sheet can't be read.
    """
    with _SETTINGS_IN_FORCE, mpl.rc_context(style.settings(result.experiment.style)):
        figure = lay_out(result)
        return {file_format: _save(figure, file_format) for file_format in formats}


def draw_with_remarks(
    result: Result, formats: Collection[Format]
) -> tuple[dict[Format, bytes], list[str]]:
    """Draw an experiment, and collect what Matplotlib has to remark, such as a missing glyph."""
    with _SETTINGS_IN_FORCE, warnings.catch_warnings(record=True) as remarks:
        warnings.simplefilter("always")
        files = draw(result, formats)
    return files, sorted({" ".join(str(remark.message).split()) for remark in remarks})


def _save(figure: Figure, file_format: Format) -> bytes:
    if file_format == "svg":
        with places_instead(figure) as places:
            svg = _bytes(figure, "svg").decode()
        return finish(svg, places, style.dark_rules()).encode()
    return _bytes(figure, file_format)


def _bytes(figure: Figure, file_format: Format) -> bytes:
    buffer = io.BytesIO()
    how: dict[str, Any] = {"pil_kwargs": {"compress_level": 1}} if file_format == "png" else {}
    figure.savefig(buffer, format=file_format, metadata=_METADATA[file_format], **how)
    return buffer.getvalue()


def lay_out(result: Result) -> Figure:
    """The figure with its panels, at the size at which it is printed."""
    scene = Scene(result)
    width = _width(result.experiment)
    rows = _rows(scene, width)
    figure = Figure(figsize=(width, sum(row.height for row in rows)))
    top = float(figure.get_figheight())
    for row in rows:
        top -= row.height
        _draw_row(figure, row, top, scene, width)
    has_maps = any(row.has_map for row in rows)
    if has_maps and not all(row.bar for row in rows if row.has_map):
        gap, height, labels = FLAT_BAR
        _extend(figure, gap + height + labels)
        share = min(3.0, 0.8 * width)
        bar = _add(figure, ((width - share) / 2, labels, share, height), ("", 0.0))
        draw_colourbar(bar, scene.bands, upright=False)
    _extend(figure, add_legend(figure, scene, width))
    return figure


def _width(experiment: Experiment) -> float:
    """Width of the figure in inches: a length of its own, or a share of a page's column."""
    column, asked = float(mpl.rcParams["figure.figsize"][0]), experiment.width
    if asked.endswith("%"):
        return max(NARROWEST, column * float(asked.removesuffix("%")) / 100)
    return max(NARROWEST, float(asked.removesuffix("in")))


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
        Room left of each plot; what a surface is wider than one. In inches.
    bar : bool
        Whether a colour bar ends the row.
    side, up : float
        Width and height of a plot, in inches.
    """

    panels: tuple[Panel, ...]
    titles: tuple[tuple[str, float], ...]
    before: tuple[float, ...]
    bar: bool
    side: float
    up: float

    @property
    def has_map(self) -> bool:
        """Whether a panel shows the loss from above."""
        return any(_is_map(panel.view) for panel in self.panels)

    @property
    def above(self) -> float:
        """Room for the titles, in inches."""
        return TITLE + LINE * max(title.count("\n") + 1 for title, _ in self.titles)

    @property
    def height(self) -> float:
        """Height of the row with titles and labels, in inches."""
        return self.above + self.up + BELOW


def _is_map(view: str) -> bool:
    return view in ("contour", "arrows")


def _rows(scene: Scene, width: float) -> list[Row]:
    rows = []
    for group in _groups(scene.experiment.panels):
        columns = 2 if len(group) == 4 else min(len(group), 3)
        while columns > 1 and _side(scene, group[:columns], columns, width) < SMALLEST:
            columns -= 1
        rows += [
            _row(scene, group[first : first + columns], columns, width)
            for first in range(0, len(group), columns)
        ]
    return rows


def _groups(panels: tuple[Panel, ...]) -> list[tuple[Panel, ...]]:
    """Panels that share rows: those of one view, where a view has several, or all."""
    views = list(dict.fromkeys(panel.view for panel in panels))
    groups = [tuple(panel for panel in panels if panel.view == view) for view in views]
    return groups if any(len(group) > 1 for group in groups) else [panels]


def _before(scene: Scene, panels: tuple[Panel, ...]) -> tuple[float, ...]:
    """Room left of each panel; what a surface is wider than a map."""
    across, up = (linear_edge(*side, "").widest for side in scene.experiment.frame)
    views = [panel.view for panel in panels]
    # The numbers on the axis of a map serve the one to its right too.
    return tuple(
        SURFACE
        if view == "surface"
        else CURVE
        if view in CURVES
        else max(BARE, across + 0.06)
        if _is_map(left)
        else max(LABELLED + up, 0.5 * across)
        for left, view in pairwise(["", *views])
    )


def _has_bar(panels: tuple[Panel, ...], columns: int) -> bool:
    return columns < 3 and _is_map(panels[-1].view)


def _side(scene: Scene, panels: tuple[Panel, ...], columns: int, width: float) -> float:
    """Width of each plot of a row, which all have the same; what is left over is margin."""
    before = _before(scene, panels)
    # The last row may have fewer panels than columns, and has their width all the same.
    room = sum(before) + (columns - len(panels)) * before[-1]
    largest = LARGEST if columns > 1 or panels[0].view not in CURVES else LONGEST
    return min((width - room - _after(scene, _has_bar(panels, columns))) / columns, largest)


def _row(scene: Scene, panels: tuple[Panel, ...], columns: int, width: float) -> Row:
    before, side = _before(scene, panels), _side(scene, panels, columns, width)
    if any(_is_map(panel.view) for panel in panels):
        up = side * _aspect(scene.experiment)
    elif any(panel.view == "surface" for panel in panels):
        up = natural_height(scene, side + SURFACE) - BELOW
    else:
        up = side * FLATNESS
    size = _title_size()
    titles = tuple(
        fitted(panel.title, size, side + (room if panel.view == "surface" else 1.6 * EDGE))
        for panel, room in zip(panels, before, strict=True)
    )
    return Row(panels, titles, before, _has_bar(panels, columns), side, up)


def _title_size() -> float:
    size: float = mpl.font_manager.FontProperties(size=mpl.rcParams["axes.titlesize"]).get_size()
    return size


def _after(scene: Scene, bar: bool) -> float:
    if bar:
        return sum(BAR) + colourbar_edge(scene.bands).widest
    return max(EDGE, 0.5 * linear_edge(*scene.experiment.frame[0], "").widest + 0.02)


def _draw_row(figure: Figure, row: Row, bottom: float, scene: Scene, width: float) -> None:
    """Draw the panels of a row that stands this many inches above the figure's lower edge."""
    used = sum(row.before) + len(row.panels) * row.side + _after(scene, row.bar)
    left = (width - used) / 2
    neighbours = ["", *(panel.view for panel in row.panels)]
    for panel, neighbour, title, before in zip(
        row.panels, neighbours, row.titles, row.before, strict=False
    ):
        runs = scene.runs_in(panel)
        plot = (left + before, bottom + BELOW, row.side, row.up)
        if panel.view == "surface":
            whole = (left, bottom, row.side + before, row.up + BELOW)
            draw_surface(_add(figure, whole, title), scene, runs)
        elif panel.view == "contour" or panel.view == "arrows":
            draw_contour(
                _add(figure, plot, title),
                scene,
                runs,
                labelled=not _is_map(neighbour),
                arrows=panel.view == "arrows",
            )
        else:
            draw_curve(_add(figure, plot, title), runs, panel.view)
        left += before + row.side
    if row.bar:
        gap, across, _ = BAR
        beside = _add(figure, (left + gap, bottom + BELOW, across, row.up), ("", 0.0))
        draw_colourbar(beside, scene.bands, upright=True)


def _add(figure: Figure, inches: Rectangle, title: tuple[str, float]) -> Axes:
    width, height = figure.get_size_inches()
    left, bottom, across, up = inches
    axes = figure.add_axes((left / width, bottom / height, across / width, up / height))
    text, size = title
    if text:
        axes.set_title(text, fontsize=size)
    return axes


def _extend(figure: Figure, inches: float) -> None:
    """Make room at the lower edge: what was drawn keeps its size and its distance to the top."""
    width, height = figure.get_size_inches()
    taller = height + inches
    for axes in figure.axes:
        box = axes.get_position()
        bottom, up = (box.y0 * height + inches) / taller, box.height * height / taller
        axes.set_position((box.x0, bottom, box.width, up))
    figure.set_size_inches(width, taller)


def _aspect(experiment: Experiment) -> float:
    """Height of a map for its width: true to scale where the frame is not too long for it."""
    (x0, x1), (y0, y1) = np.array(experiment.frame)
    ratio = float((y1 - y0) / (x1 - x0))
    return ratio if 0.5 <= ratio <= 1.5 else 1.0

"""The page: panels laid out at the size at which they are printed, saved as bytes."""

from __future__ import annotations

import io
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from ..core.experiment import Experiment, Panel, Result
from . import style
from .bands import Bands
from .camera import Camera
from .contour import draw_contour, sample
from .path import HIDDEN, legend_handles
from .surface import draw_surface, natural_height
from .svg import share_images

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Rectangle = tuple[float, float, float, float]

_METADATA: dict[str, dict[str, Any]] = {
    # No clock and no program version in a file: the same picture is the same bytes.
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "Producer": None, "Creator": None},
    "png": {"Software": None},
}

TITLE, BELOW, LEGEND = 0.24, 0.36, 0.2
"""Room above a panel, below it, and for the legend under the last row, in inches."""
LABELLED, BARE = 0.46, 0.2
"""Room left of a contour panel with and without numbers on its axis, in inches."""
EDGE = 0.06
"""Room right of the last contour panel of a row, in inches."""
SURFACE = 0.55
"""How much wider a surface is than a contour panel, with its labels, in inches."""
BAR = (0.07, 0.08, 0.45)
"""Colour bar: the gap before it, its width and the room for its labels, in inches."""
LARGEST = 2.6
"""Longest side of a contour panel, in inches."""


def draw(result: Result, file_format: str) -> bytes:
    """Draw an experiment.

    Parameters
    ----------
    result : Result
        Its experiment, and what came of it.
    file_format : str
        ``"svg"``, ``"pdf"`` or ``"png"``.

    Returns
    -------
    bytes
        A whole file, the same bytes every time.
    """
    with mpl.rc_context(style.settings()):
        figure = lay_out(result)
        buffer = io.BytesIO()
        figure.savefig(buffer, format=file_format, dpi=300, metadata=_METADATA[file_format])
    data = buffer.getvalue()
    return share_images(data.decode()).encode() if file_format == "svg" else data


def lay_out(result: Result) -> Figure:
    """The figure with its panels, at the size at which it is printed."""
    experiment = result.experiment
    bands = Bands.of(sample(experiment)[2], experiment.levels)
    rows = _rows(experiment)
    height = sum(row.height for row in rows) + LEGEND
    figure = Figure(figsize=(style.PAGE_WIDTH, height))
    top = height
    for row in rows:
        top -= row.height
        _draw_row(figure, row, top, result, bands)
    _legend(figure)
    return figure


@dataclass(frozen=True)
class Row:
    """Panels beside each other.

    Attributes
    ----------
    panels : tuple of Panel
        From left to right.
    before : tuple of float
        Room left of each contour plot; what a surface is wider than one. In inches.
    bar : bool
        Whether a colour bar ends the row.
    side, up : float
        Width and height of a contour plot, in inches.
    """

    panels: tuple[Panel, ...]
    before: tuple[float, ...]
    bar: bool
    side: float
    up: float

    @property
    def height(self) -> float:
        """Height of the row with titles and labels, in inches."""
        return TITLE + self.up + BELOW


def _rows(experiment: Experiment) -> list[Row]:
    panels, rates = experiment.panels, len(experiment.lr)
    # With several rates each view begins a row of its own, and goes on in the next if it must.
    groups = (
        [panels] if rates == 1 else [panels[i : i + rates] for i in range(0, len(panels), rates)]
    )
    columns = 2 if len(groups[0]) == 4 else min(len(groups[0]), 3)
    return [
        _row(experiment, group[first : first + columns], columns)
        for group in groups
        for first in range(0, len(group), columns)
    ]


def _row(experiment: Experiment, panels: tuple[Panel, ...], columns: int) -> Row:
    """One row; all its contour plots have the same side, and what is left over is margin."""
    views = ("surface", *(panel.view for panel in panels))
    # The numbers on the axis of a contour plot serve the one to its right too.
    before = tuple(
        SURFACE if view == "surface" else LABELLED if left == "surface" else BARE
        for left, view in pairwise(views)
    )
    bar = columns < 3 and views[-1] == "contour"
    after = _after(bar)
    side = min((style.PAGE_WIDTH - sum(before) - after) / columns, LARGEST)
    if "contour" in views:
        up = side * _aspect(experiment)
    else:
        up = natural_height(Camera(*experiment.camera), side + SURFACE) - BELOW
    return Row(panels, before, bar, side, up)


def _after(bar: bool) -> float:
    return sum(BAR) if bar else EDGE


def _draw_row(figure: Figure, row: Row, bottom: float, result: Result, bands: Bands) -> None:
    """Draw the panels of a row that stands this many inches above the figure's lower edge."""
    width = sum(row.before) + len(row.panels) * row.side + _after(row.bar)
    left = (style.PAGE_WIDTH - width) / 2
    for panel, before in zip(row.panels, row.before, strict=True):
        runs = result.runs_at(panel.lr)
        if panel.view == "surface":
            whole = (left, bottom, row.side + before, row.up + BELOW)
            draw_surface(_add(figure, whole, panel.title), result.experiment, runs, bands)
        else:
            plot = (left + before, bottom + BELOW, row.side, row.up)
            axes = _add(figure, plot, panel.title)
            draw_contour(axes, result.experiment, runs, bands, labelled=before == LABELLED)
        left += before + row.side
    if row.bar:
        gap, across, _ = BAR
        beside = _add(figure, (left + gap, bottom + BELOW, across, row.up), "")
        ticks = MaxNLocator(6, steps=[1, 2, 5, 10])
        scale = figure.colorbar(bands.mappable(), beside, spacing="proportional", ticks=ticks)
        scale.minorticks_off()
        scale.set_label("Loss", labelpad=4)


def _add(figure: Figure, inches: Rectangle, title: str) -> Axes:
    width, height = figure.get_size_inches()
    left, bottom, across, up = inches
    axes = figure.add_axes((left / width, bottom / height, across / width, up / height))
    axes.set_title(title)
    return axes


def _aspect(experiment: Experiment) -> float:
    """Height of a plot for its width: true to scale where the frame is not too long for it."""
    (x0, x1), (y0, y1) = experiment.frame
    ratio = (y1 - y0) / (x1 - x0)
    return ratio if 0.5 <= ratio <= 1.5 else 1.0


def _legend(figure: Figure) -> None:
    """One line under all panels, where it hides nothing."""
    hidden = any(
        collection.get_label() == HIDDEN for axes in figure.axes for collection in axes.collections
    )
    handles = legend_handles(hidden)
    figure.legend(
        handles=handles,
        loc="lower center",
        ncols=len(handles),
        frameon=False,
        borderaxespad=0.0,
        handletextpad=0.5,
        columnspacing=1.5,
    )

"""The page: panels laid out at the size at which they are printed, saved as bytes."""

from __future__ import annotations

import io
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from ..core.experiment import Experiment, Panel, Result, Run
from . import style
from .bands import Bands
from .contour import draw_contour, sample
from .path import LABELS
from .surface import draw_surface
from .svg import share_images

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Rectangle = tuple[float, float, float, float]

FORMATS = ("svg", "pdf", "png")
_METADATA: dict[str, dict[str, Any]] = {
    # No clock and no program version in a file: the same picture is the same bytes.
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "Producer": None, "Creator": None},
    "png": {"Software": None},
}

TITLE, BELOW, LEGEND = 0.24, 0.36, 0.2
"""Room above a panel, below it, and for the legend under the last row, in inches."""
LABELLED, BARE = 0.46, 0.14
"""Room left of a contour panel with and without numbers on its axis, in inches."""
EDGE = 0.06
"""Room right of a contour panel without a colour bar, in inches."""
SURFACE = 0.55
"""How much wider a surface is than a contour panel, with its labels, in inches."""
BAR = (0.07, 0.08, 0.5)
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
        One of :data:`FORMATS`.

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
    panels = experiment.panels
    columns = _columns(len(panels))
    rows = ceil(len(panels) / columns)
    bar = columns < 3
    # All contour panels have the same side; what is beside it is known for each column.
    first_row = panels[:columns]
    beside = [_beside(panel, column, bar) for column, panel in enumerate(first_row)]
    side = min((style.PAGE_WIDTH - sum(beside)) / columns, LARGEST)
    up = side * _aspect(experiment)
    height = TITLE + up + BELOW
    size = style.PAGE_WIDTH, rows * height + LEGEND
    figure = Figure(figsize=size)
    unused = style.PAGE_WIDTH - sum(beside) - columns * side
    bands = Bands.of(sample(experiment)[2], experiment.levels)
    for index, panel in enumerate(panels):
        row, column = divmod(index, columns)
        left = unused / 2 + sum(beside[:column]) + column * side
        bottom = size[1] - (row + 1) * height
        cell = Cell(left, bottom + BELOW, side, up, beside[column])
        runs = result.runs_at(panel.lr)
        if panel.view == "surface":
            draw_surface(_add(figure, cell.whole(), panel.title), experiment, runs, bands)
        else:
            _contour_panel(figure, cell, panel, experiment, runs, bands, column == 0, bar)
    _legend(figure)
    return figure


@dataclass(frozen=True)
class Cell:
    """Where a panel stands: its plot's lower left corner and size, and room beside, in inches."""

    left: float
    bottom: float
    side: float
    up: float
    beside: float

    def whole(self) -> Rectangle:
        """The rectangle of a panel without axes around it."""
        return self.left, self.bottom - BELOW, self.side + self.beside, self.up + BELOW

    def plot(self, room: float) -> Rectangle:
        """The rectangle of a plot with this much room to its left."""
        return self.left + room, self.bottom, self.side, self.up


def _contour_panel(
    figure: Figure,
    cell: Cell,
    panel: Panel,
    experiment: Experiment,
    runs: tuple[Run, ...],
    bands: Bands,
    first: bool,
    bar: bool,
) -> None:
    labelled = first or bar
    plot = cell.plot(LABELLED if labelled else BARE)
    axes = _add(figure, plot, panel.title)
    draw_contour(axes, experiment, runs, bands, y_label=labelled)
    if not labelled:
        axes.tick_params(labelleft=False)
    if bar:
        gap, width, _ = BAR
        beside = _add(figure, (plot[0] + plot[2] + gap, plot[1], width, plot[3]), "")
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


def _beside(panel: Panel, column: int, bar: bool) -> float:
    """Room that a panel takes beside its plot."""
    if panel.view == "surface":
        return SURFACE
    return LABELLED + sum(BAR) if bar else (LABELLED if column == 0 else BARE) + EDGE


def _aspect(experiment: Experiment) -> float:
    """Height of a plot for its width: true to scale where the frame is not too long for it."""
    (x0, x1), (y0, y1) = experiment.frame
    ratio = (y1 - y0) / (x1 - x0)
    return ratio if 0.5 <= ratio <= 1.5 else 1.0


def _legend(figure: Figure) -> None:
    """One line under all panels, where it hides nothing."""
    handles, labels = figure.axes[0].get_legend_handles_labels()
    named = dict(zip(labels, handles, strict=True))
    order = [label for label in LABELS if label in named]
    figure.legend(
        [named[label] for label in order],
        order,
        loc="lower center",
        ncols=len(LABELS),
        frameon=False,
        borderaxespad=0.0,
        handletextpad=0.3,
        columnspacing=1.5,
    )


def _columns(count: int) -> int:
    return 2 if count == 4 else min(count, 3)

"""The legend: under all panels, where it hides nothing, with what the figure really has in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from ..core.experiment import SWEEPS, Experiment
from ..core.result import Run
from ..core.sweeps import DIVERGED, UNSETTLED, Basins, Bifurcation, Outcomes
from ..core.verdict import KINDS
from ..core.words import KIND_NAMES, measured_point, place_name
from . import marks, path, style
from .contour import ARROW_KEY
from .scene import Scene
from .sweeps import PARAMETERS, STABLE
from .text import width_of

ROW, GAP = 0.155, 0.06
"""Height of a row, and the space above the first, in inches."""
FULL = 0.96
"""The share of the page that is filled; some versions of Matplotlib round widths of text up."""
MARGIN = 0.03
"""Space below the last row, in inches."""
HANDLE, TEXT_PAD, COLUMN_PAD = 2.0, 0.5, 1.5
"""Widths within the legend, in units of its font size, as Matplotlib counts them."""


def add_legend(figure: Figure, scene: Scene, width: float) -> float:
    """Put the legend at the figure's lower edge, and return its height in inches."""
    present = {
        str(artist.get_label())
        for axes in figure.axes
        for artist in (*axes.lines, *axes.collections)
    }
    handles = _handles(scene, present)
    if not handles:
        return 0.0
    columns = _columns([str(handle.get_label()) for handle in handles], width)
    # Matplotlib fills columns; it is told to in an order that reads along the rows.
    figure.legend(
        handles=[handle for column in range(columns) for handle in handles[column::columns]],
        loc="lower center",
        bbox_to_anchor=(0.5, MARGIN / figure.get_figheight()),
        ncols=columns,
        borderaxespad=0.0,
        borderpad=0.0,
        handlelength=HANDLE,
        handletextpad=TEXT_PAD,
        columnspacing=COLUMN_PAD,
    )
    return style.spread(GAP + ROW * -(-len(handles) // columns)) + MARGIN


def run_name(experiment: Experiment, run: Run) -> str:
    """What tells a run from the others of its experiment."""
    start = f"from {place_name(run.start)}" if len(experiment.start) > 1 else ""
    return " ".join(filter(None, [experiment.name_of(run.method), start]))


def _handles_of_maps(scene: Scene) -> list[Patch | Line2D]:
    """What the colours of maps stand for."""
    found, most = scene.destinations, len(style.BASINS)
    names = [f"to {measured_point(point.point)}" for point in found]
    if len(found) > most:
        names = [f"to one of {len(found)} points"] * most
    colours = dict(zip(names, style.BASINS, strict=False))
    shades: dict[str, str] = {}
    for shown in scene.result.maps:
        match shown:
            case Basins():
                if shown.share(UNSETTLED):
                    colours["to no single point"] = style.UNSETTLED
                if shown.share(DIVERGED):
                    colours["diverges"] = style.DIVERGED
            case Outcomes(kinds=kinds):
                for code in np.unique(kinds).tolist():
                    colours[KIND_NAMES[KINDS[code]]] = style.KIND_COLOURS[KINDS[code]]
            case Bifurcation():
                shades = {name: style.run_style(n).colour for n, name in enumerate(PARAMETERS)}
    patches: list[Patch | Line2D] = [
        Patch(facecolor=colour, edgecolor="none", label=name) for name, colour in colours.items()
    ]
    lines = [
        Line2D([], [], ls="none", marker="s", ms=4, mew=0, color=colour, label=name)
        for name, colour in shades.items()
    ]
    return [*patches, *lines]


def _handles(scene: Scene, present: set[str]) -> list[Patch | Line2D]:
    width = mpl.rcParams["lines.linewidth"]
    first = style.run_style(0)
    apart = scene.tells_runs_apart
    ink = mpl.rcParams["text.color"]
    handles: list[Patch | Line2D] = []
    if apart and any(panel.view not in SWEEPS for panel in scene.experiment.panels):
        handles += [
            Line2D(
                [],
                [],
                lw=width,
                ls=look.dashes,
                marker=look.marker,
                ms=3.0,
                mew=0,
                color=look.colour,
                label=run_name(scene.experiment, run),
            )
            for run, look in scene.all_runs
        ]

    def mark(shape: Any, size: float, colour: str, label: str, edge: str = "none") -> Line2D:
        return Line2D(
            *([], []),
            ls="none",
            marker=shape,
            ms=size,
            mew=0.0 if edge == "none" else 0.7,
            mfc=colour,
            mec=edge,
            label=label,
        )

    optional: dict[str, Callable[[], Line2D]] = {
        path.STARTS: lambda: mark("o", path.START, ink if apart else style.START, path.STARTS),
        path.STEPS: lambda: Line2D(
            [], [], lw=width, marker="o", ms=2.6, mew=0, color=first.colour, label=path.STEPS
        ),
        path.ENDS: lambda: mark("s", path.END, ink if apart else first.colour, path.ENDS),
        path.HIDDEN: lambda: Line2D(
            *([], []),
            lw=0.9 * width,
            ls=path.DOTTED,
            color=ink if apart else first.colour,
            label=path.HIDDEN,
        ),
        path.LEAVES: lambda: mark(
            path.HEAD, path.ARROW + 1, ink if apart else first.colour, path.LEAVES
        ),
        path.LOST: lambda: Line2D(
            *([], []),
            ls="none",
            marker="x",
            ms=4.5,
            color=ink if apart else first.colour,
            label=path.LOST,
        ),
        **{
            name: lambda kind=kind, name=name: mark(  # type: ignore[misc]
                marks.SHAPES[kind], marks.SIZE, style.FIELD, name, style.MARK
            )
            for kind, name in marks.NAMES.items()
        },
        STABLE: lambda: Line2D([], [], lw=width, ls=(0, (4, 2)), color=ink, label=STABLE),
        ARROW_KEY: lambda: mark(r"$\rightarrow$", 8.0, ink, ARROW_KEY),
    }
    if apart:
        present = present - {path.STEPS}
    handles += [make() for label, make in optional.items() if label in present]
    return handles + _handles_of_maps(scene)


def _columns(labels: list[str], width: float) -> int:
    """The most columns that fit, filled from the top as Matplotlib does."""
    size = float(mpl.rcParams["legend.fontsize"])
    entries = [width_of(label, size) + (HANDLE + TEXT_PAD) * size / 72 for label in labels]
    for columns in range(len(entries), 1, -1):
        parts = [entries[column::columns] for column in range(columns)]
        if sum(map(max, parts)) + (columns - 1) * COLUMN_PAD * size / 72 <= FULL * width:
            return columns
    return 1

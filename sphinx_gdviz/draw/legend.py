"""The legend: under all panels, where it hides nothing, with what the figure really has in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import matplotlib as mpl
import numpy as np
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.legend_handler import HandlerTuple
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from ..core.descent.maps import DIVERGED, UNSETTLED, Basins, Bifurcation, Outcomes
from ..core.descent.verdict import KINDS
from ..core.experiment import Experiment
from ..core.report.describe import KIND_NAMES, place_name, rounded_point
from ..core.result import Run
from . import critical_marks as marks
from . import run_marks as path
from . import style
from .scene import Scene
from .text import fitted, width_of
from .views.contour import ARROW_KEY
from .views.sweeps import STABLE, is_inside, parameter_colours, parameter_names

ROW, GAP = 0.155, 0.06
"""Height of a row, and the space above the first, in inches."""
FULL = 0.96
"""The share of the page that is filled; some versions of Matplotlib round widths of text up."""
MARGIN = 0.03
"""Space below the last row, in inches."""
HANDLE, TEXT_PAD, COLUMN_PAD = 2.0, 0.5, 1.5
"""Widths within the legend, in units of its font size, as Matplotlib counts them."""
LINE = 1.25
"""Distance of the lines of one name, in units of its font size, and a little more."""
Handle = Patch | Line2D | tuple[Patch, ...]
"""The sample before a name; patches with one name, the first's, stand there together."""


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
    labels = [
        str((handle[0] if isinstance(handle, tuple) else handle).get_label()) for handle in handles
    ]
    columns = _columns(labels, width)
    size = float(mpl.rcParams["legend.fontsize"])
    further = 0
    if columns == 1:  # which may be too narrow for some
        padding = FULL * width - (HANDLE + TEXT_PAD) * size / 72
        labels = [fitted(label, size, padding)[0] for label in labels]
        further = sum(label.count("\n") for label in labels)
    # Matplotlib fills columns; it is told to in an order that reads along the rows.
    order = [n for column in range(columns) for n in range(column, len(handles), columns)]
    figure.legend(
        [cast(Artist, handles[n]) for n in order],  # a tuple is drawn by its handler
        [labels[n] for n in order],
        handler_map={tuple: HandlerTuple(ndivide=None, pad=0.0)},
        loc="lower center",
        bbox_to_anchor=(0.5, MARGIN / figure.get_figheight()),
        ncols=columns,
        borderaxespad=0.0,
        borderpad=0.0,
        handlelength=HANDLE,
        handletextpad=TEXT_PAD,
        columnspacing=COLUMN_PAD,
    )
    lines = LINE * size / 72 * further
    return style.spread(GAP + ROW * -(-len(handles) // columns)) + lines + MARGIN


def run_name(experiment: Experiment, run: Run) -> str:
    """The settings that tell a run from the others of its experiment."""
    start = f"from {place_name(run.start)}" if len(experiment.start) > 1 else ""
    return " ".join(filter(None, [experiment.name_of(run.method), start]))


def _destination_names(scene: Scene) -> list[str]:
    """A name for each destination: its place, as exactly as it takes to tell them apart."""
    points = [point.point for point in scene.destinations]
    names = list(map(rounded_point, points))
    for decimals in range(4, 16):
        if len(set(names)) == len(names):
            break
        names = [place_name((round(x, decimals), round(y, decimals))) for x, y in points]
    return [f"to {name}" for name in names]


def _handles_of_maps(scene: Scene) -> list[Handle]:
    """Samples of the colours of maps."""
    names, most = _destination_names(scene), len(style.BASINS)
    colours = dict(zip(names, style.BASINS, strict=False)) if len(names) <= most else {}
    shades: dict[str, str] = {}
    for shown in scene.result.maps:
        match shown:
            case Basins():
                if shown.share(UNSETTLED):
                    colours["to no single point"] = style.UNSETTLED
                if shown.share(DIVERGED):
                    colours[KIND_NAMES["diverged"]] = style.DIVERGED
            case Outcomes(kinds=kinds):
                for code in np.unique(kinds).tolist():
                    colours[KIND_NAMES[KINDS[code]]] = style.KIND_COLOURS[KINDS[code]]
            case Bifurcation(points=points):
                seen = is_inside(points, np.array(scene.experiment.frame))
                names_and_colours = zip(
                    parameter_names(scene), parameter_colours(scene), strict=True
                )
                for axis, (name, colour) in enumerate(names_and_colours):
                    if seen[..., axis].any():
                        shades[name] = colour

    def patch(name: str, colour: str) -> Patch:
        return Patch(facecolor=colour, edgecolor="none", label=name)

    handles: list[Handle] = []
    if len(names) > most:
        name = f"to one of {len(names)} points"
        handles.append(tuple(patch(name, colour) for colour in style.BASINS))
    handles += [patch(name, colour) for name, colour in colours.items()]
    handles += [
        Line2D([], [], ls="none", marker="s", ms=4, mew=0, color=colour, label=name)
        for name, colour in shades.items()
    ]
    return handles


def _handles(scene: Scene, present: set[str]) -> list[Handle]:
    width = mpl.rcParams["lines.linewidth"]
    first = style.run_style(0)
    apart = scene.tells_runs_apart
    foreground = mpl.rcParams["text.color"]
    handles: list[Handle] = []
    if apart and any(not panel.view.is_sweep for panel in scene.experiment.panels):
        handles += [
            Line2D(
                [],
                [],
                lw=width,
                ls=style_of_run.dashes,
                marker=style_of_run.marker,
                ms=3.0,
                mew=0,
                color=style_of_run.colour,
                label=run_name(scene.experiment, run),
            )
            for run, style_of_run in scene.all_runs
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
        path.STARTS: lambda: mark(
            "o", path.START, foreground if apart else style.START, path.STARTS
        ),
        path.STEPS: lambda: Line2D(
            [], [], lw=width, marker="o", ms=2.6, mew=0, color=first.colour, label=path.STEPS
        ),
        path.ENDS: lambda: mark("s", path.END, foreground if apart else first.colour, path.ENDS),
        path.HIDDEN: lambda: Line2D(
            *([], []),
            lw=0.9 * width,
            ls=path.DOTTED,
            color=foreground if apart else first.colour,
            label=path.HIDDEN,
        ),
        path.LEAVES: lambda: mark(
            path.HEAD, path.ARROW + 1, foreground if apart else first.colour, path.LEAVES
        ),
        path.LOST: lambda: Line2D(
            *([], []),
            ls="none",
            marker="x",
            ms=4.5,
            color=foreground if apart else first.colour,
            label=path.LOST,
        ),
        **{
            name: lambda kind=kind, name=name: mark(  # type: ignore[misc]
                marks.SHAPES[kind], marks.SIZE, style.FIELD, name, style.MARK
            )
            for kind, name in marks.NAMES.items()
        },
        STABLE: lambda: Line2D(
            *([], []), lw=width, ls=(0, (4, 2)), color=mpl.rcParams["axes.edgecolor"], label=STABLE
        ),
        ARROW_KEY: lambda: mark(r"$\rightarrow$", 8.0, foreground, ARROW_KEY),
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

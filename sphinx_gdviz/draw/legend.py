"""The legend: under all panels, where it hides nothing, with what the figure really has in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import matplotlib as mpl
import numpy as np
from matplotlib.colors import to_hex

from ..core.descent.maps import DIVERGED, UNSETTLED, Basins, Bifurcation, Outcomes
from ..core.descent.verdict import KINDS
from ..core.experiment import Experiment
from ..core.report.describe import KIND_NAMES, place_name, rounded_point
from ..core.result import Run
from . import critical_marks, model_marks, run_marks, slopes, style
from .axes import ASCENT, CAPITAL, text_mark
from .constraint_marks import CONSTRAINT
from .drawing import Box, Fill, Mark, Marker, Polyline
from .scene import Scene
from .slopes import DOWNHILL, LEVEL
from .text import fitted, width_of
from .views import data
from .views.sweeps import STABLE, is_inside

ROW, GAP = 11.2, 4.3
"""Height of a row, and the space above the first, in points for the default size of letters."""
FULL = 0.96
"""The share of the page that is filled."""
MARGIN = 2.2
"""Space below the last row, in points."""
HANDLE, TEXT_PAD, COLUMN_PAD = 2.0, 0.5, 1.5
"""Widths within the legend, in units of its font size."""
LINE = 1.25
"""Distance of the lines of one name, in units of its font size, and a little more."""
ORDER = (
    *(run_marks.STARTS, run_marks.STEPS, run_marks.ENDS, run_marks.HIDDEN, run_marks.LEAVES),
    *(
        run_marks.LOST,
        *critical_marks.NAMES.values(),
        CONSTRAINT,
        *model_marks.NAMES.values(),
        model_marks.LOWEST,
        model_marks.NEWTON,
        *data.NAMES,
        STABLE,
        DOWNHILL,
        LEVEL,
    ),
)
"""Names of what a figure may have, in the order of the legend."""


@dataclass(frozen=True)
class Entry:
    """A name, and samples of the marks that it is the name of.

    Attributes
    ----------
    name : str
    samples : tuple of Mark
        Of a polyline its style counts, of a marker its shape, and a fill is a patch of its color.
    """

    name: str
    samples: tuple[Mark, ...]


def legend_marks(
    scenes: Sequence[Scene], marks: Sequence[Mark], width: float, top: float
) -> tuple[list[Mark], float]:
    """The legend of what some marks stand for, below a height, and its own height."""
    entries = [entry for scene in scenes for entry in _run_entries(scene)]
    entries += _entries(scenes[0], marks)
    entries += {e.name: e for scene in scenes for e in _map_entries(scene)}.values()
    if not entries:
        return [], 0.0
    size = float(mpl.rcParams["legend.fontsize"])
    columns = _columns([entry.name for entry in entries], size, width)
    padding = FULL * width - (HANDLE + TEXT_PAD) * size
    names = [  # one column may be too narrow for some
        fitted(entry.name, size, padding)[0] if columns == 1 else entry.name for entry in entries
    ]
    across = _widths(names, size, columns)
    lefts = np.cumsum([0.0, *across[:-1]]) + COLUMN_PAD * size * np.arange(len(across))
    left = (width - (lefts[-1] + across[-1])) / 2
    row, y = style.spread(ROW), top + style.spread(GAP)
    drawn: list[Mark] = []
    for number, (entry, name) in enumerate(zip(entries, names, strict=True)):
        place = Box(left + float(lefts[number % columns]), y, HANDLE * size, row)
        drawn += _sample_marks(entry.samples, place, size)
        for line in name.split("\n"):
            baseline = y + row / 2 + CAPITAL / 2 * size
            x = place.right + TEXT_PAD * size
            color = mpl.rcParams["text.color"]
            drawn.append(text_mark(line, (x, baseline), size, color, align=0.0))
            y += LINE * size
        y -= LINE * size
        if (number + 1) % columns == 0:
            y += row
    if len(entries) % columns:
        y += row
    if mpl.rcParams["legend.frameon"]:
        begin, padding = top + style.spread(GAP), TEXT_PAD * size
        across_all = float(lefts[-1] + across[-1]) + 2 * padding
        drawn.insert(0, _frame(Box(left - padding, begin, across_all, y - begin)))
    return drawn, y - top + MARGIN


def _frame(box: Box) -> Mark:
    """The frame around a legend, for a style that asks for one."""
    rc = mpl.rcParams
    face, edge = rc["legend.facecolor"], rc["legend.edgecolor"]
    return Fill(
        polygons=[box.outline],
        color=to_hex(rc["axes.facecolor"] if face == "inherit" else face),
        edge=to_hex(rc["axes.edgecolor"] if edge == "inherit" else edge),
        edge_width=float(rc["axes.linewidth"]),
    )


def run_name(experiment: Experiment, run: Run) -> str:
    """The settings that tell a run from the others of its experiment."""
    start = f"from {place_name(run.start)}" if len(experiment.start) > 1 else ""
    name = ", ".join(filter(None, [experiment.label, experiment.name_of(run.method)]))
    return " ".join(filter(None, [name, start]))


def _sample_marks(samples: Sequence[Mark], place: Box, size: float) -> Iterator[Mark]:
    """Draw samples before a name; several fills share the place."""
    middle = place.top + place.height / 2
    high = ASCENT * size
    each = place.width / len(samples)
    for index, sample in enumerate(samples):
        match sample:
            case Polyline():
                line = np.array([(place.left, middle), (place.right, middle)])
                yield replace(sample, lines=[line], casing=None, clip=None)
            case Marker():
                yield replace(sample, places=np.array([[place.left + place.width / 2, middle]]))
            case Fill():
                patch = Box(place.left + index * each, middle - high / 2, each, high)
                yield replace(sample, polygons=[patch.outline])


def _line(color: str, marker: str, dashes: tuple[float, ...] = ()) -> tuple[Mark, Mark]:
    width, nowhere = float(mpl.rcParams["lines.linewidth"]), np.empty((0, 2))
    return (
        Polyline(lines=[], color=color, width=width, dashes=dashes),
        Marker(places=nowhere, shape=marker, size=run_marks.iterate_size(), color=color),
    )


def _run_entries(scene: Scene) -> Iterator[Entry]:
    """A line of each run, where they are told apart."""
    if scene.tells_runs_apart and not all(p.view.is_sweep for p in scene.experiment.panels):
        for run, look in scene.all_runs:
            samples = _line(look.color, look.marker, look.dashes)
            yield Entry(run_name(scene.experiment, run), samples)


def _entries(scene: Scene, marks: Sequence[Mark]) -> Iterator[Entry]:
    """What figures of all kinds have: one sample of each kind of mark that has a name."""
    apart = scene.tells_runs_apart
    foreground = to_hex(mpl.rcParams["text.color"])
    found: dict[str, Mark] = {}
    for mark in marks:
        found.setdefault(mark.name, mark)
    for name in ORDER:
        sample = found.get(name)
        if name == run_marks.STEPS and sample and not apart:
            yield Entry(name, _line(style.run_style(0).color, "o"))
        elif name != run_marks.STEPS and sample:
            yield Entry(name, (_sample(sample, foreground=foreground, neutral=apart),))


def _sample(mark: Mark, *, foreground: str, neutral: bool) -> Mark:
    """A sample of a mark on the paper, in no run's color where runs are told apart."""
    match mark:
        case Polyline(name=run_marks.HIDDEN) if neutral:
            return replace(mark, color=foreground)
        case Marker(shape="arrow") | Fill(name=slopes.DOWNHILL):
            nowhere = np.empty((0, 2))
            return Marker(places=nowhere, shape="arrow", size=8.0, color=foreground)
        case Polyline(color=style.MARK | style.FIELD):
            return replace(mark, color=foreground)
        case Marker(layer=layer) if layer >= run_marks.LINES:
            color = foreground if neutral else mark.color or mark.edge
            if mark.shape == "x":
                return replace(mark, edge=color)
            turn = 90.0 if mark.shape == ">" else 0.0
            return replace(mark, color=color, edge="", turn=turn)  # there is no need of a casing
    return mark


def _destination_names(scene: Scene) -> list[str]:
    """A name for each destination: its place, as exactly as it takes to tell them apart."""
    points = [point.point for point in scene.destinations]
    names = list(map(rounded_point, points))
    for decimals in range(4, 16):
        if len(set(names)) == len(names):
            break
        names = [place_name((round(x, decimals), round(y, decimals))) for x, y in points]
    return [f"to {name}" for name in names]


def _map_entries(scene: Scene) -> Iterator[Entry]:
    """Samples of the colors of maps."""
    names, most = _destination_names(scene), len(style.BASINS)
    colors = dict(zip(names, style.BASINS, strict=False)) if len(names) <= most else {}
    shades: dict[str, str] = {}
    for shown in scene.result.maps:
        match shown:
            case Basins():
                if shown.share(UNSETTLED):
                    colors["to no single point"] = style.UNSETTLED
                if shown.share(DIVERGED):
                    colors[KIND_NAMES["diverged"]] = style.DIVERGED
            case Outcomes(kinds=kinds):
                for code in np.unique(kinds).tolist():
                    colors[KIND_NAMES[KINDS[code]]] = style.KIND_COLORS[KINDS[code]]
            case Bifurcation(points=points):
                seen = is_inside(points, np.array(scene.result.frame))
                symbols = zip(scene.parameter_names, scene.parameter_colors, strict=True)
                for axis, (name, color) in enumerate(symbols):
                    if seen[..., axis].any():
                        shades[name] = color
    if len(names) > most:
        patches = tuple(Fill(polygons=[], color=color) for color in style.BASINS)
        yield Entry(f"to one of {len(names)} points", patches)
    for name, color in colors.items():
        yield Entry(name, (Fill(polygons=[], color=color),))
    views = {panel.view.name for panel in scene.experiment.panels}
    if "parameters" in views and scene.experiment.loss.dimension > 1:
        shades |= dict(zip(scene.parameter_names, scene.parameter_colors, strict=True))
    for name, color in shades.items():
        mark = Marker(places=np.empty((0, 2)), shape="s", size=4.0, color=color)
        yield Entry(name, (mark,))


def _widths(names: Sequence[str], size: float, columns: int) -> list[float]:
    """The widths of columns that are read along the rows."""
    entries = [
        max(width_of(line, size) for line in name.split("\n")) + (HANDLE + TEXT_PAD) * size
        for name in names
    ]
    return [max(entries[column::columns]) for column in range(min(columns, len(entries)))]


def _columns(names: Sequence[str], size: float, width: float) -> int:
    """The most columns that fit."""
    for columns in range(len(names), 1, -1):
        gaps = (columns - 1) * COLUMN_PAD * size
        if sum(_widths(names, size, columns)) + gaps <= FULL * width:
            return columns
    return 1

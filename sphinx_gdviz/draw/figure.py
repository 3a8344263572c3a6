"""The figure: the drawing of all its panels, and the files that are made of it."""

from __future__ import annotations

import warnings
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from threading import RLock
from typing import Literal

import matplotlib as mpl

from ..core.descent.maps import Basins, Bifurcation, Outcomes
from ..core.experiment import Panel
from ..core.result import Result
from . import style
from .axes import text_mark
from .colorbar import colorbar_marks
from .drawing import Box, Drawing, Mark, in_layers
from .layout import BAR, LONG_FRAME, Row, below, figure_width, is_map, make_rows
from .legend import legend_marks
from .live_data import live_data
from .scene import Scene, scenes_of
from .views.contour import basins_marks, contour_marks
from .views.curve import curve_marks
from .views.data import data_marks
from .views.graph import graph_marks
from .views.surface.panel import surface_marks
from .views.sweeps import bifurcation_marks, outcomes_marks
from .writers.pdf import to_pdf
from .writers.png import to_png
from .writers.svg import to_svg

Format = Literal["svg", "pdf", "png", "json"]
PICTURES: tuple[Format, ...] = ("svg", "pdf", "png")

_SETTINGS_IN_FORCE = RLock()
"""Matplotlib's settings are global: a thread draws alone, whatever executor runs it."""

FLAT_BAR = (2.9, 5.8, 23.0)
"""A color bar under the panels: the gap before it, its height and the room for its labels."""
LINE = 1.2
"""Distance of the lines of a title, for the size of its font."""


def draw(result: Result, formats: Collection[Format]) -> dict[Format, bytes]:
    """Draw an experiment.

    Parameters
    ----------
    result : Result
        Its experiment, and what came of it.
    formats : collection of str
        Some of ``"svg"``, ``"pdf"`` and ``"png"``, all written from one drawing; ``"json"`` is what
        a page needs to make the figure interactive.

    Returns
    -------
    dict
        For each format a whole file, the same bytes every time.

    Raises
    ------
    GdvizError
        If the experiment's style can't be read.
    """
    with _SETTINGS_IN_FORCE, mpl.rc_context(style.settings(result.experiment.style)):
        scenes = scenes_of(result)
        drawing = lay_out(scenes)
        return {file_format: _write(scenes[0], drawing, file_format) for file_format in formats}


def draw_with_remarks(
    result: Result, formats: Collection[Format]
) -> tuple[dict[Format, bytes], list[str]]:
    """Draw an experiment, and collect what Matplotlib has to remark, such as a missing glyph.

    What is deprecated in a library, no author can mend.
    """
    with _SETTINGS_IN_FORCE, warnings.catch_warnings(record=True) as remarks:
        warnings.simplefilter("always")
        files = draw(result, formats)
    told = [remark for remark in remarks if issubclass(remark.category, UserWarning)]
    return files, sorted({" ".join(str(remark.message).split()) for remark in told})


def _write(scene: Scene, drawing: Drawing, file_format: Format) -> bytes:
    match file_format:
        case "svg":
            return to_svg(drawing, style.dark_colors())
        case "pdf":
            return to_pdf(drawing)
        case "png":
            return to_png(drawing, float(mpl.rcParams["savefig.dpi"]))
    return live_data(scene, drawing)


MOST_BESIDE = 3
"""The most losses beside each other, which have one panel each."""


def lay_out(scenes: Sequence[Scene]) -> Drawing:
    """The figure with its panels, at the size at which it is printed."""
    first, *others = scenes
    width = figure_width(first.experiment)
    canvas = _Canvas([], {})
    panels = [
        tuple(p for p in scene.experiment.panels if not (others and p.view.is_shared))
        for scene in scenes
    ]
    is_long = any(scene.aspect < LONG_FRAME for scene in scenes)
    are_several = max(map(len, panels)) > 1
    columns = 1 if is_long or are_several else min(len(scenes), MOST_BESIDE)
    bottom = 0.0
    for begin in range(0, len(scenes), columns):
        places = [
            canvas.add(scene, own, Box(index * width / columns, bottom, width / columns, 0.0))
            for index, (scene, own) in enumerate(
                zip(scenes[begin : begin + columns], panels[begin : begin + columns], strict=True)
            )
        ]
        bottom = max(places)
    if others:
        shared = tuple(panel for panel in first.experiment.panels if panel.view.is_shared)
        bottom = canvas.add(first, shared, Box(0.0, bottom, width, 0.0), others)
    legend, height = legend_marks(scenes, canvas.marks, width, bottom)
    return Drawing(
        width,
        bottom + height,
        (*canvas.marks, *legend),
        tuple(
            canvas.plots[scene.first, panel]
            for scene in scenes
            for panel in scene.experiment.panels
            if (scene.first, panel) in canvas.plots
        ),
        style.background(),
    )


@dataclass(frozen=True)
class _Canvas:
    """Marks of panels, and where the plot of each panel is."""

    marks: list[Mark]
    plots: dict[tuple[int, Panel], Box]

    def add(
        self, scene: Scene, panels: tuple[Panel, ...], place: Box, others: Sequence[Scene] = ()
    ) -> float:
        """Draw panels from the upper edge of a place on, with a bar, and return where they end."""
        parts = round(figure_width(scene.experiment) / place.width)
        rows, bottom = make_rows(scene, panels, place.width, parts), place.top
        for row in rows:
            top, bottom = bottom + row.above, bottom + row.height
            self._add_row(scene, row, place, top, others)
        if any(row.has_map for row in rows) and not all(row.bar for row in rows if row.has_map):
            gap, height, labels = FLAT_BAR
            across = min(216.0, 0.8 * place.width)
            left = place.left + (place.width - across) / 2
            box = Box(left, bottom + gap, across, height)
            self.marks.extend(
                in_layers(colorbar_marks(box, scene.bands, scene.axis_names[-1], upright=False))
            )
            bottom = box.bottom + style.spread(labels)
        return bottom

    def _add_row(
        self, scene: Scene, row: Row, place: Box, top: float, others: Sequence[Scene]
    ) -> None:
        """Draw the panels of a row whose plots begin at a height, and note where these are."""
        left, neighbour = place.left + (place.width - row.width) / 2, None
        for panel, title, before in zip(row.panels, row.titles, row.before, strict=True):
            plot = Box(left + before, top, row.side, row.up)
            whole = Box(left, top, row.side + before, row.up + below())
            self.plots[scene.first, panel] = plot
            labelled = neighbour is None or not is_map(neighbour)
            marks = _panel_marks(scene, panel, plot, whole, others, labelled=labelled)
            self.marks.extend(in_layers(marks))
            self.marks.extend(_title_marks(*title, whole if panel.view.plane == "box" else plot))
            left, neighbour = plot.right, panel.view
        if row.bar:
            gap, across, _ = BAR
            bar = Box(left + gap, top, across, row.up)
            self.marks.extend(
                in_layers(colorbar_marks(bar, scene.bands, scene.axis_names[-1], upright=True))
            )


def _panel_marks(
    scene: Scene,
    panel: Panel,
    plot: Box,
    whole: Box,
    others: Sequence[Scene] = (),
    *,
    labelled: bool,
) -> Iterator[Mark]:
    """Draw one panel in the box of its plot, or in the whole of its place."""
    view, runs = panel.view, scene.runs_in(panel)
    if view.plane == "box":
        return surface_marks(whole, scene, runs)
    if view.plane == "data":
        return data_marks(plot, scene, runs)
    if view.plane == "graph":
        return graph_marks(plot, scene, runs, labelled=labelled)
    if view.is_coloured:
        arrows = view.name == "arrows"
        return contour_marks(plot, scene, runs, labelled=labelled, arrows=arrows)
    match scene.result.map_of(panel):
        case Basins() as basins:
            return basins_marks(plot, scene, runs, basins, labelled=labelled)
        case Outcomes() as outcomes:
            return outcomes_marks(plot, scene, panel, outcomes)
        case Bifurcation() as bifurcation:
            return bifurcation_marks(plot, scene, panel, bifurcation)
    shown = [(scene, runs), *((other, other.all_runs) for other in others)]
    return curve_marks(plot, shown, panel.view)


def _title_marks(text: str, size: float, box: Box) -> Iterator[Mark]:
    lines = text.split("\n") if text else []
    y = box.top - float(mpl.rcParams["axes.titlepad"])
    for number, line in enumerate(reversed(lines)):
        place = box.left + box.width / 2, y - LINE * size * number
        color = mpl.rcParams["axes.titlecolor"]
        yield text_mark(line, place, size, mpl.rcParams["text.color"] if color == "auto" else color)

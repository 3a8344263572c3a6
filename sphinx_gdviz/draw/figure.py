"""The page: a figure with its panels, saved as bytes."""

from __future__ import annotations

import io
import warnings
from collections.abc import Collection
from threading import RLock
from typing import TYPE_CHECKING, Any, Literal

import matplotlib as mpl
from matplotlib.figure import Figure

from ..core.descent.maps import Basins, Bifurcation, Outcomes
from ..core.result import Result
from . import style
from .colorbar import draw_colourbar
from .image import places_instead
from .layout import BAR, Row, below, figure_width, is_map, make_rows
from .legend import add_legend
from .live_data import live_data
from .scene import Scene
from .views.contour import draw_basins, draw_contour
from .views.curve import draw_curve
from .views.surface.panel import draw_surface
from .views.sweeps import draw_bifurcation, draw_outcomes
from .writers.svg import finish

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Format = Literal["svg", "pdf", "png", "json"]
PICTURES: tuple[Format, ...] = ("svg", "pdf", "png")
Rectangle = tuple[float, float, float, float]

_SETTINGS_IN_FORCE = RLock()
"""Matplotlib's settings are global: a thread draws alone, whatever executor runs it."""

_METADATA: dict[str, dict[str, Any]] = {
    # No clock and no program version in a file: the same picture is the same bytes.
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "Producer": None, "Creator": None},
    "png": {"Software": None},
}

FLAT_BAR = (0.04, 0.08, 0.32)
"""A colour bar under the panels: the gap before it, its height and the room for its labels."""


def draw(result: Result, formats: Collection[Format]) -> dict[Format, bytes]:
    """Draw an experiment.

    Parameters
    ----------
    result : Result
        Its experiment, and what came of it.
    formats : collection of str
        Some of ``"svg"``, ``"pdf"`` and ``"png"``, all saved from one drawing; ``"json"`` is what
        a page needs to show the figure alive.

    Returns
    -------
    dict
        For each format a whole file, the same bytes every time.

    Raises
    ------
    GdvizError
        If the experiment's style sheet can't be read.
    """
    with _SETTINGS_IN_FORCE, mpl.rc_context(style.settings(result.experiment.style)):
        scene = Scene(result)
        figure = lay_out(scene)
        return {
            file_format: live_data(scene, figure)
            if file_format == "json"
            else _save(figure, file_format)
            for file_format in formats
        }


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


def lay_out(scene: Scene) -> Figure:
    """The figure with its panels, at the size at which it is printed."""
    width = figure_width(scene.experiment)
    rows = make_rows(scene, width)
    figure = Figure(figsize=(width, sum(row.height for row in rows)))
    top = float(figure.get_figheight())
    for row in rows:
        top -= row.height
        _draw_row(figure, row, top, scene, width)
    has_maps = any(row.has_map for row in rows)
    if has_maps and not all(row.bar for row in rows if row.has_map):
        gap, height, labels = FLAT_BAR
        labels = style.spread(labels)
        _extend(figure, gap + height + labels)
        across = min(3.0, 0.8 * width)
        bar = _add(figure, ((width - across) / 2, labels, across, height), ("", 0.0))
        draw_colourbar(bar, scene.bands, upright=False)
    _extend(figure, add_legend(figure, scene, width))
    return figure


def _draw_row(figure: Figure, row: Row, bottom: float, scene: Scene, width: float) -> None:
    """Draw the panels of a row that stands this many inches above the figure's lower edge."""
    left = (width - row.width) / 2
    neighbours = [None, *(panel.view for panel in row.panels)]
    for panel, neighbour, title, before in zip(
        row.panels, neighbours, row.titles, row.before, strict=False
    ):
        runs = scene.runs_in(panel)
        plot = (left + before, bottom + below(), row.side, row.up)
        if panel.view.plane == "box":
            whole = (left, bottom, row.side + before, row.up + below())
            draw_surface(_add(figure, whole, title), scene, runs)
        elif panel.view.is_coloured:
            draw_contour(
                _add(figure, plot, title),
                scene,
                runs,
                labelled=not is_map(neighbour),
                arrows=panel.view.name == "arrows",
            )
        elif panel.view.is_curve:
            draw_curve(_add(figure, plot, title), runs, panel.view)
        else:
            match scene.result.map_of(panel):
                case Basins() as basins:
                    axes, labelled = _add(figure, plot, title), not is_map(neighbour)
                    draw_basins(axes, scene, runs, basins, labelled=labelled)
                case Outcomes() as outcomes:
                    draw_outcomes(_add(figure, plot, title), scene, panel, outcomes)
                case Bifurcation() as bifurcation:
                    draw_bifurcation(_add(figure, plot, title), scene, panel, bifurcation)
        left += before + row.side
    if row.bar:
        gap, across, _ = BAR
        beside = _add(figure, (left + gap, bottom + below(), across, row.up), ("", 0.0))
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

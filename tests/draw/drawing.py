"""What the tests of pictures share."""

from __future__ import annotations

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sphinx_gdviz.core.experiment import Experiment, Style
from sphinx_gdviz.core.methods.optimizer import Optimizer, find_optimizer
from sphinx_gdviz.core.options.syntax import read_style
from sphinx_gdviz.core.result import run
from sphinx_gdviz.draw import style
from sphinx_gdviz.draw.figure import lay_out
from sphinx_gdviz.draw.scene import Scene


def optimizers(*calls: str) -> tuple[Optimizer, ...]:
    """Optimizers as authors write them."""
    return tuple(map(find_optimizer, calls))


def style_of(sheet: str) -> Style:
    """A style: the name of one of Matplotlib's, or lines such as ``font.size: 8``."""
    return (
        read_style(dict(line.split(": ", 1) for line in sheet.splitlines()))
        if ":" in sheet
        else sheet
    )


def laid_out(experiment: Experiment) -> Figure:
    """The figure of an experiment, drawn once so that the extents of its texts are known."""
    with mpl.rc_context(style.settings(experiment.style)):
        figure = lay_out(Scene(run(experiment)))
        FigureCanvasAgg(figure).draw()
    return figure


def legend_of(figure: Figure) -> list[str]:
    """What the legend of a figure names, in the order in which it is read: row by row."""
    (legend,) = figure.legends
    boxes = [(text.get_text(), text.get_window_extent()) for text in legend.get_texts()]
    return [text for text, _ in sorted(boxes, key=lambda box: (-round(box[1].y0 / 4), box[1].x0))]


def colours_named(figure: Figure) -> dict[str, str]:
    """The colour that stands before each name in a figure's legend, of patches and of lines."""
    (legend,) = figure.legends
    colours = {}
    for text, handle in zip(legend.get_texts(), legend.legend_handles, strict=True):
        if isinstance(handle, Patch):
            colours[text.get_text()] = to_hex(handle.get_facecolor())
        elif isinstance(handle, Line2D) and text.get_text() not in ("Start", "End"):
            colours[text.get_text()] = to_hex(handle.get_color())
    return colours

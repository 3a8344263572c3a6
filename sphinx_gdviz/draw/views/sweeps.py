"""Panels of many runs: outcomes by two things that change, and where the iterates settle."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgb
from numpy.typing import NDArray

from ...core.descent.maps import Axis, Bifurcation, Outcomes
from ...core.descent.verdict import KINDS
from ...core.experiment import Panel
from ...core.expr.symbols import symbol_tex
from .. import style
from ..axes import axis_edge, draw_frame, linear_edge, size_of
from ..bands import as_palette
from ..image import PaletteImage, draw_image
from ..scene import Scene
from ..style import run_style, spread
from .curve import NUMBERS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Array = NDArray[np.float64]

MANY_RUNS = "many runs"
"""Label of these panels, by which :func:`places` finds them."""
STABLE = "Largest stable rate"
"""Label of the line at 2/λ, by which the legend finds it."""
CELL = 0.6
"""Height of a cell of a bifurcation diagram, and about its width, in points: finer is not seen."""
DASH = 6
"""Cells in a turn: where the two parameters are the same, they take turns."""
FOLDS = (1, 2, 3, 4, 5, 6, 8)
"""Numbers of learning rates that may share a column of cells."""
LEAST = 1e-3
"""The least that a bifurcation diagram shows upwards, as a share of the figure's frame."""
SHADES, OFTEN = (0.4, 0.6, 0.8, 1.0), 1 / 16
"""Opacities of its colours: full where at least this share of the iterates of a run come to a
place, and in steps for half of it, a quarter and less."""


def draw_outcomes(axes: Axes, scene: Scene, panel: Panel, outcomes: Outcomes) -> None:
    """Draw one panel of verdicts."""
    colours = np.array([to_rgb(style.KIND_COLOURS[kind]) for kind in KINDS])
    image = PaletteImage(outcomes.kinds.astype(np.intp), as_palette(colours))
    _begin(axes, image)
    edges = (axis_edge(axis, scene.experiment.loss) for axis in (outcomes.across, outcomes.up))
    draw_frame(axes, *edges, padding=spread(NUMBERS))
    # Dark and light dashes, which show on the colours of all verdicts, whatever the page.
    _draw_stable_rates(axes, scene, panel, outcomes.across, style.MARK, style.CASING)


def draw_bifurcation(axes: Axes, scene: Scene, panel: Panel, shown: Bifurcation) -> None:
    """Draw one panel of iterates."""
    low, high = _range_of(shown.points, np.array(scene.experiment.frame))
    columns, rows = (size_of(axes) * 72 / CELL).astype(int).tolist()
    rates = shown.points.shape[1]
    fold = min(FOLDS, key=lambda fold: abs(rates // fold - columns) if rates % fold == 0 else rates)
    _begin(axes, _image_of(shown.points, low, high, rows, fold, parameter_colours(scene)))
    beside = linear_edge(low, high, "Later iterates")
    below = axis_edge(shown.across, scene.experiment.loss)
    draw_frame(axes, below, beside, padding=spread(NUMBERS))
    _draw_stable_rates(axes, scene, panel, shown.across, mpl.rcParams["axes.edgecolor"])


def places(figure: Figure) -> list[tuple[float, float, float, float]]:
    """Left, top, width and height of the panels of many runs, in order, as shares of a figure."""
    boxes = [axes.get_position() for axes in figure.axes if axes.get_label() == MANY_RUNS]
    return [(box.x0, 1 - box.y1, box.width, box.height) for box in boxes]


def is_inside(points: Array, frame: Array) -> NDArray[np.bool_]:
    """Which coordinates of iterates a diagram of a figure's frame, shape (2, 2), may show."""
    return np.asarray((points >= frame.min()) & (points <= frame.max()))


def _range_of(points: Array, frame: Array) -> tuple[float, float]:
    """The range that the iterates cover of the frame, and a little more."""
    inside = points[is_inside(points, frame)]
    low, high = (float(inside.min()), float(inside.max())) if len(inside) else frame[0].tolist()
    half = max(0.54 * (high - low), LEAST * float(np.ptp(frame)))
    return (low + high) / 2 - half, (low + high) / 2 + half


def _begin(axes: Axes, image: PaletteImage) -> None:
    axes.set(xlim=(0, 1), ylim=(0, 1), label=MANY_RUNS)
    draw_image(axes, image, (0.0, 1.0, 0.0, 1.0), zorder=1)


def parameter_names(scene: Scene) -> list[str]:
    """The names of the parameters in a legend."""
    return [f"${symbol_tex(symbol)}$" for symbol in scene.experiment.loss.symbols]


def parameter_colours(scene: Scene) -> list[str]:
    """The colours of the two parameters in a bifurcation diagram, which no named run has."""
    first = len(scene.result.runs) if scene.tells_runs_apart else 0
    return [run_style(first + axis).colour for axis in (0, 1)]


def _image_of(
    points: Array, low: float, high: float, rows: int, fold: int, foregrounds: list[str]
) -> PaletteImage:
    """An image of the frequency with which the two parameters come to each place.

    The colours let the paper through, so that what is rare is faint on a dark page, too.
    """
    columns = points.shape[1] // fold
    numbers = np.full((rows, columns), -1, np.intp)
    colours: list[tuple[float, float, float]] = []
    opaque: list[float] = []
    is_turn = np.ones(columns, bool)
    for axis in (0, 1):
        with np.errstate(invalid="ignore"):
            row = np.floor((points[..., axis] - low) / (high - low) * rows)
        inside = np.isfinite(row) & (row >= 0) & (row < rows)
        cells = row[inside].astype(np.intp) * columns + np.nonzero(inside)[1] // fold
        counts = np.bincount(cells, minlength=rows * columns).reshape(rows, columns)
        normalized = np.maximum(counts, 1) / (len(points) * fold)
        halvings = np.ceil(np.log2(OFTEN / normalized)).astype(np.intp)
        shade = np.clip(len(SHADES) - 1 - halvings, 0, len(SHADES) - 1)
        is_seen = (counts > 0) & ((numbers < 0) | is_turn)
        numbers = np.where(is_seen, len(colours) + shade, numbers)
        is_turn = np.arange(columns) // DASH % 2 == 1
        colours += [to_rgb(foregrounds[axis])] * len(SHADES)
        opaque += SHADES
    palette = as_palette(np.array(colours))
    palette[:-1, 3] = np.round(255 * np.array(opaque))
    return PaletteImage(numbers, palette)


def _draw_stable_rates(
    axes: Axes, scene: Scene, panel: Panel, across: Axis, colour: str, between: str = "none"
) -> None:
    """A line at 2/λ of each minimum that plain descent of this figure came to."""
    method = panel.methods[0]
    if across.name != "lr" or method.optimizer.name != "gd" or not method.schedule.is_constant:
        return
    rates = {
        run.reached.largest_stable_rate
        for run in scene.result.runs_in(panel)
        if run.verdict.kind == "converged" and run.reached
    }
    normalized = [float(across.share(np.array(rate))) for rate in sorted(r for r in rates if r)]
    lines = [
        np.array([(fraction, 0.0), (fraction, 1.0)]) for fraction in normalized if 0 < fraction < 1
    ]
    for foreground, dashes, label in ((between, "solid", ""), (colour, (0, (4, 2)), STABLE)):
        if lines and foreground != "none":
            axes.add_collection(
                LineCollection(
                    lines,
                    colors=foreground,
                    linewidths=mpl.rcParams["lines.linewidth"],
                    linestyles=[dashes],
                    capstyle="butt",
                    label=label,
                    zorder=6,
                ),
                autolim=False,
            )

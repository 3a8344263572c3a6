"""Panels of many runs: outcomes by two things that change, and where the iterates settle."""

from __future__ import annotations

from collections.abc import Iterator

import matplotlib as mpl
import numpy as np
from matplotlib.colors import to_hex, to_rgb
from numpy.typing import NDArray

from ...core.descent.maps import Axis, Bifurcation, Outcomes
from ...core.descent.verdict import KINDS
from ...core.experiment import Panel
from .. import style
from ..axes import axis_edge, frame_marks, linear_edge
from ..bands import as_palette
from ..drawing import Box, Image, Mark, Plot, Polyline
from ..image import PaletteImage
from ..scene import Scene
from ..style import spread
from .curve import NUMBERS

Array = NDArray[np.float64]

STABLE = "Largest stable rate"
"""Name of the line at 2/λ, by which the legend finds it."""
CELL = 0.6
"""Height of a cell of a bifurcation diagram, and about its width, in points: finer is not seen."""
DASH = 6
"""Cells in a turn: where the two parameters are the same, they take turns."""
FOLDS = (1, 2, 3, 4, 5, 6, 8)
"""Numbers of learning rates that may share a column of cells."""
LEAST = 1e-3
"""The least that a bifurcation diagram shows upwards, as a share of the figure's frame."""
SHADES, OFTEN = (0.4, 0.6, 0.8, 1.0), 1 / 16
"""Opacities of its colors: full where at least this share of the iterates of a run come to a
place, and in steps for half of it, a quarter and less."""


def outcomes_marks(box: Box, scene: Scene, panel: Panel, outcomes: Outcomes) -> Iterator[Mark]:
    """Draw one panel of verdicts."""
    colors = np.array([to_rgb(style.KIND_COLORS[kind]) for kind in KINDS])
    image = PaletteImage(outcomes.kinds[::-1].astype(np.intp), as_palette(colors))
    yield Image(box=box, render=lambda _: image, layer=1.0)
    edges = (axis_edge(axis, scene.experiment.loss) for axis in (outcomes.across, outcomes.up))
    yield from frame_marks(box, *edges, padding=spread(NUMBERS))
    # Dark and light dashes, which show on the colors of all verdicts, whatever the page.
    yield from _stable_rate_marks(box, scene, panel, outcomes.across, style.MARK, style.CASING)


def bifurcation_marks(box: Box, scene: Scene, panel: Panel, shown: Bifurcation) -> Iterator[Mark]:
    """Draw one panel of iterates."""
    low, high = _range_of(shown.points, np.array(scene.result.frame))
    columns, rows = int(box.width / CELL), int(box.height / CELL)
    rates = shown.points.shape[1]
    fold = min(FOLDS, key=lambda fold: abs(rates // fold - columns) if rates % fold == 0 else rates)
    image = _image_of(shown.points, low, high, rows, fold, scene.parameter_colors)
    yield Image(box=box, render=lambda _: image, layer=1.0)
    beside = linear_edge(low, high, "Later iterates")
    below = axis_edge(shown.across, scene.experiment.loss)
    yield from frame_marks(box, below, beside, padding=spread(NUMBERS))
    color = to_hex(mpl.rcParams["axes.edgecolor"])
    yield from _stable_rate_marks(box, scene, panel, shown.across, color)


def is_inside(points: Array, frame: Array) -> NDArray[np.bool_]:
    """Which coordinates of iterates a diagram of a figure's frame, shape (2, 2), may show."""
    return np.asarray((points >= frame.min()) & (points <= frame.max()))


def _range_of(points: Array, frame: Array) -> tuple[float, float]:
    """The range that the iterates cover of the frame, and a little more."""
    inside = points[is_inside(points, frame)]
    low, high = (float(inside.min()), float(inside.max())) if len(inside) else frame[0].tolist()
    half = max(0.54 * (high - low), LEAST * float(np.ptp(frame)))
    return (low + high) / 2 - half, (low + high) / 2 + half


def _image_of(
    points: Array, low: float, high: float, rows: int, fold: int, run_colors: list[str]
) -> PaletteImage:
    """An image of the frequency with which the parameters come to each place.

    The colors let the paper through, so that what is rare is faint on a dark page, too.
    """
    columns = points.shape[1] // fold
    numbers = np.full((rows, columns), -1, np.intp)
    colors: list[tuple[float, float, float]] = []
    opaque: list[float] = []
    is_turn = np.ones(columns, bool)
    for axis in range(points.shape[-1]):
        with np.errstate(invalid="ignore"):
            row = np.floor((points[..., axis] - low) / (high - low) * rows)
        inside = np.isfinite(row) & (row >= 0) & (row < rows)
        cells = row[inside].astype(np.intp) * columns + np.nonzero(inside)[1] // fold
        counts = np.bincount(cells, minlength=rows * columns).reshape(rows, columns)
        normalized = np.maximum(counts, 1) / (len(points) * fold)
        halvings = np.ceil(np.log2(OFTEN / normalized)).astype(np.intp)
        shade = np.clip(len(SHADES) - 1 - halvings, 0, len(SHADES) - 1)
        is_seen = (counts > 0) & ((numbers < 0) | is_turn)
        numbers = np.where(is_seen, len(colors) + shade, numbers)
        is_turn = np.arange(columns) // DASH % 2 == 1
        colors += [to_rgb(run_colors[axis])] * len(SHADES)
        opaque += SHADES
    palette = as_palette(np.array(colors))
    palette[:-1, 3] = np.round(255 * np.array(opaque))
    return PaletteImage(numbers[::-1], palette)


def _stable_rate_marks(
    box: Box,
    scene: Scene,
    panel: Panel,
    across: Axis,
    color: str,
    between: str = "",
) -> Iterator[Mark]:
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
    plot, width = Plot(box), float(mpl.rcParams["lines.linewidth"])
    lines = [plot.place(np.array([(x, 0.0), (x, 1.0)])) for x in normalized if 0 < x < 1]
    for dashes, line_color, name in (((), between, ""), ((4.0, 2.0), color, STABLE)):
        if lines and line_color:
            yield Polyline(
                lines=lines, color=line_color, width=width, dashes=dashes, name=name, layer=6.0
            )

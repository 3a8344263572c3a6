"""Panels of many runs: outcomes by two things that change, and where the iterates settle."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgb
from numpy.typing import NDArray

from ..core.experiment import Panel
from ..core.landscape import critical_point
from ..core.sweeps import Axis, Bifurcation, Outcomes
from ..core.verdict import KINDS
from . import style
from .bands import as_palette
from .curve import NUMBERS
from .frame import axis_edge, draw_frame, linear_edge
from .image import PaletteImage, draw_image
from .scene import Scene
from .style import run_style, spread

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Array = NDArray[np.float64]

STABLE = "Largest stable rate"
"""Label of the line at 2/λ, by which the legend finds it."""
PARAMETERS = (r"$\theta_1$", r"$\theta_2$")
ROWS = 320
"""Rows of the image of a bifurcation diagram."""
LEAST = 1e-3
"""The least that a bifurcation diagram shows upwards, as a share of the figure's frame."""
SHADES = 4
"""Shades of its colours, for how often iterates come to a place."""


def draw_outcomes(axes: Axes, scene: Scene, panel: Panel, outcomes: Outcomes) -> None:
    """Draw one panel of verdicts."""
    colours = np.array([to_rgb(style.KIND_COLOURS[kind]) for kind in KINDS])
    image = PaletteImage(outcomes.kinds.astype(np.intp), as_palette(colours))
    _begin(axes, image)
    draw_frame(axes, axis_edge(outcomes.across), axis_edge(outcomes.up), room=spread(NUMBERS))
    _draw_stable_rates(axes, scene, panel, outcomes.across)


def draw_bifurcation(axes: Axes, scene: Scene, panel: Panel, shown: Bifurcation) -> None:
    """Draw one panel of iterates."""
    low, high = _range_of(shown.points, np.array(scene.experiment.frame))
    _begin(axes, _image_of(shown.points, low, high))
    beside = linear_edge(low, high, "Later iterates")
    draw_frame(axes, axis_edge(shown.across), beside, room=spread(NUMBERS))
    _draw_stable_rates(axes, scene, panel, shown.across)


def _range_of(points: Array, frame: Array) -> tuple[float, float]:
    """What the iterates cover of the figure's frame, shape (2, 2), and a little more."""
    inside = points[(points >= frame.min()) & (points <= frame.max())]
    low, high = (float(inside.min()), float(inside.max())) if len(inside) else frame[0].tolist()
    half = max(0.54 * (high - low), LEAST * float(np.ptp(frame)))
    return (low + high) / 2 - half, (low + high) / 2 + half


def _begin(axes: Axes, image: PaletteImage) -> None:
    axes.set(xlim=(0, 1), ylim=(0, 1))
    draw_image(axes, image, (0.0, 1.0, 0.0, 1.0), zorder=1)


def _image_of(points: Array, low: float, high: float) -> PaletteImage:
    """How often the two parameters come to each place, the first drawn over the second."""
    columns = points.shape[1]
    numbers = np.full((ROWS, columns), -1, np.intp)
    colours: list[Array] = []
    for axis in (1, 0):
        with np.errstate(invalid="ignore"):
            rows = np.floor((points[..., axis] - low) / (high - low) * ROWS)
        inside = np.isfinite(rows) & (rows >= 0) & (rows < ROWS)
        cells = rows[inside].astype(np.intp) * columns + np.nonzero(inside)[1]
        counts = np.bincount(cells, minlength=ROWS * columns).reshape(ROWS, columns)
        shade = np.minimum(np.log2(np.maximum(counts, 1)).astype(np.intp), SHADES - 1)
        numbers = np.where(counts > 0, len(colours) + shade, numbers)
        ink = np.array(to_rgb(run_style(axis).colour))
        colours += [1 - (1 - ink) * (0.4 + 0.6 * n / (SHADES - 1)) for n in range(SHADES)]
    return PaletteImage(numbers, as_palette(np.array(colours)))


def _draw_stable_rates(axes: Axes, scene: Scene, panel: Panel, across: Axis) -> None:
    """A line at 2/λ of each minimum that plain descent of this figure came to."""
    if across.name != "lr" or panel.methods[0].optimizer.name != "gd":
        return
    rates = {
        critical_point(scene.experiment.loss, np.array(run.verdict.point)).largest_stable_rate
        for run in scene.result.runs_in(panel)
        if run.verdict.kind == "converged" and run.verdict.point
    }
    shares = [float(across.share(np.array(rate))) for rate in sorted(r for r in rates if r)]
    lines = [np.array([(share, 0.0), (share, 1.0)]) for share in shares if 0 < share < 1]
    if lines:
        axes.add_collection(
            LineCollection(
                lines,
                colors=mpl.rcParams["text.color"],
                linewidths=mpl.rcParams["lines.linewidth"],
                linestyles=[(0, (4, 2))],
                label=STABLE,
                zorder=6,
            ),
            autolim=False,
        )

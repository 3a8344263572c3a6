"""The frame of a plot: its box, and the ticks, numbers and names along its edges.

Matplotlib's own axes lay out their labels anew for every format and measure each of them, which
takes longer than all the rest of a figure. Here the places are known beforehand.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, inf
from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.ticker import LogLocator, MaxNLocator
from numpy.typing import NDArray

from ..core.descent.maps import Axis
from ..core.expr.symbols import symbol_tex
from ..core.losses.base import Loss
from .style import spread
from .text import width_of
from .ticks import tick_label, tick_labels

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Array = NDArray[np.float64]

PAD, NAME_PAD = 3.0, 4.0
"""Space between a tick and its number, and between a number and the name, in points for the usual
size of letters."""
SURROUND = 8
"""The box lies above what is in it, but for the path and the marks."""


@dataclass(frozen=True)
class Edge:
    """Ticks, numbers and name along one edge of a plot.

    Attributes
    ----------
    normalized : ndarray, shape (n,)
        Positions of the ticks, 0 at the left or lower end of the edge and 1 at the other.
    labels : tuple of str
        Their numbers, or none at all.
    name : str
        The quantity that the numbers count.
    """

    normalized: Array
    labels: tuple[str, ...] = ()
    name: str = ""

    @property
    def widest(self) -> float:
        """Width of the widest number, in inches."""
        size = float(mpl.rcParams["ytick.labelsize"])
        return max((width_of(label, size) for label in self.labels), default=0.0)


def even_ticks(low: float, high: float, count: int = 5, *, whole: bool = False) -> Array:
    """Round numbers from low to high, about `count` of them."""
    ticks = MaxNLocator(count, steps=[1, 2, 5, 10], integer=whole).tick_values(low, high)
    slack = 1e-9 * (high - low)
    return np.array([tick for tick in ticks if low - slack <= tick <= high + slack])


def linear_edge(low: float, high: float, name: str) -> Edge:
    """An edge that is numbered evenly."""
    ticks = even_ticks(low, high)
    return Edge((ticks - low) / (high - low), *tick_labels(ticks, name))


def axis_edge(axis: Axis, loss: Loss) -> Edge:
    """An edge along which something changes, in runs on a loss."""
    name = axis_name(axis.name, loss)
    if not axis.log:
        return linear_edge(axis.low, axis.high, name)
    locators = [LogLocator(numticks=6, subs=subs) for subs in ((1.0,), (1.0, 2.0, 5.0))]
    for locator in (*locators, MaxNLocator(5, steps=[1, 2, 5, 10])):
        ticks = np.asarray(locator.tick_values(axis.low, axis.high))
        ticks = ticks[(ticks >= axis.low * (1 - 1e-9)) & (ticks <= axis.high * (1 + 1e-9))]
        if len(ticks) > 2:
            break
    return Edge(axis.share(ticks), tuple(map(tick_label, ticks.tolist())), name)


def axis_name(name: str, loss: Loss) -> str:
    """The name of what changes, as it stands at an edge."""
    if name in loss.parameters:
        return f"Start ${symbol_tex(loss.symbol(name))}$"
    return "Learning rate" if name == "lr" else name.replace("_", " ").capitalize()


def size_of(axes: Axes) -> Array:
    """Width and height in inches."""
    assert axes.figure is not None
    box = axes.get_position()
    figure = axes.figure.get_figure(root=True)
    return np.asarray(figure.get_size_inches() * [box.width, box.height])


def draw_frame(
    axes: Axes, below: Edge, beside: Edge, *, right: bool = False, padding: float = inf
) -> None:
    """Draw the box and its edges, the upright one on the left or on the right.

    Parameters
    ----------
    axes : Axes
        The plot to frame.
    below, beside : Edge
        Its lower edge, and an upright one.
    right : bool
        Whether that is the right one.
    padding : float
        Inches for the numbers beside it; wider ones are set smaller.
    """
    axes.set_axis_off()
    inches = size_of(axes)
    point = 1 / 72 / inches
    rc, place = mpl.rcParams, axes.transAxes
    size = {"x": float(rc["xtick.major.size"]), "y": float(rc["ytick.major.size"])}
    outline = np.array([(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)], float)
    background = PolyCollection(
        [outline], facecolors=rc["axes.facecolor"], zorder=0, transform=place
    )
    axes.add_collection(background, autolim=False)
    wall, outwards = (1.0, 1.0) if right else (0.0, -1.0)
    ticks = [np.array([(x, 0), (x, -size["x"] * point[1])]) for x in below.normalized]
    ticks += [
        np.array([(wall, y), (wall + outwards * size["y"] * point[0], y)])
        for y in beside.normalized
    ]
    lines = LineCollection(
        [outline, *ticks],
        colors=rc["axes.edgecolor"],
        linewidths=[rc["axes.linewidth"]] + [rc["xtick.major.width"]] * len(ticks),
        clip_on=False,
        zorder=SURROUND,
        transform=place,
    )
    axes.add_collection(lines, autolim=False)

    y = -(size["x"] + spread(PAD)) * point[1]
    small = {"fontsize": rc["xtick.labelsize"], "color": rc["xtick.color"], "transform": place}
    # Every number, or every second, or every third: so many that they do not touch.
    size_x = float(rc["xtick.labelsize"])
    taken = sum(width_of(label, size_x) + 0.5 * size_x / 72 for label in below.labels)
    every = max(1, ceil(taken / inches[0]))
    for fraction, label in list(zip(below.normalized, below.labels, strict=False))[::every]:
        axes.text(fraction, y, label, ha="center", va="top", **small)
    x = wall + outwards * (size["y"] + spread(PAD)) * point[0]
    align = "left" if right else "right"
    shrunk = min(1.0, padding / beside.widest) if beside.widest else 1.0
    small = {**small, "fontsize": shrunk * float(rc["ytick.labelsize"]), "color": rc["ytick.color"]}
    for fraction, label in zip(beside.normalized, beside.labels, strict=False):
        axes.text(x, fraction, label, ha=align, va="center_baseline", **small)

    large = {"fontsize": rc["axes.labelsize"], "color": rc["axes.labelcolor"], "transform": place}
    y -= (0.9 * float(rc["xtick.labelsize"]) + spread(NAME_PAD)) * point[1]
    # A name may reach a little into the margins; a longer one is set smaller.
    taken = width_of(below.name, float(rc["axes.labelsize"]))
    fits = min(1.0, 1.1 * inches[0] / taken) if taken else 1.0
    smaller = {**large, "fontsize": fits * float(rc["axes.labelsize"])}
    axes.text(0.5, y, below.name, ha="center", va="top", **smaller)
    x += outwards * (shrunk * beside.widest * 72 + spread(NAME_PAD)) * point[0]
    axes.text(
        *(x, 0.5, beside.name),
        rotation=90,
        rotation_mode="anchor",
        ha="center",
        va="top" if right else "bottom",
        **large,
    )

"""The frame of a plot: its box, and the ticks, numbers and names along its edges."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, floor, inf, log10

import matplotlib as mpl
import numpy as np
from matplotlib.colors import to_hex
from matplotlib.ticker import LogLocator, MaxNLocator
from numpy.typing import NDArray

from ..core.descent.maps import Axis
from ..core.expr.symbols import symbol_tex
from ..core.losses.base import Loss
from .drawing import Box, Fill, Mark, Plot, Polyline, Text
from .style import spread
from .text import lay_out_text, width_of
from .ticks import tick_label, tick_labels

Array = NDArray[np.float64]

PAD, NAME_PAD = 3.0, 4.0
"""Space between a tick and its number, and between a number and the name, in points for the default
size of letters."""
ASCENT, CAPITAL = 0.76, 0.73
"""Heights of ascenders and of capitals, for the size of the font (those of DejaVu Sans)."""
FRAME = 8.0
"""The layer of the box: above what is in it, but for the path and the marks."""


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
        """Width of the widest number, in points."""
        size = float(mpl.rcParams["ytick.labelsize"])
        return max((width_of(label, size) for label in self.labels), default=0.0)


def even_ticks(low: float, high: float, count: int = 5, *, whole: bool = False) -> Array:
    """Round numbers from low to high, about `count` of them."""
    size = max(abs(low), abs(high))
    # Matplotlib takes what is very small for nothing, and of what is very large sums overflow.
    unit = 1.0 if 1e-9 < size < 1e9 else 10.0 ** floor(log10(size))
    locator = MaxNLocator(count, steps=[1, 2, 5, 10], integer=whole)
    ticks = np.asarray(locator.tick_values(low / unit, high / unit)) * unit
    slack = 1e-9 * (high / unit - low / unit) * unit
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


def text_mark(
    text: str,
    place: tuple[float, float],
    size: float,
    color: str,
    *,
    align: float = 0.5,
    is_upright: bool = False,
    layer: float = FRAME,
) -> Text:
    """Set a line of text: of its width the part `align` lies before the place on its baseline."""
    layout = lay_out_text(text)
    back = (layout.left + align * layout.width) * size
    x, y = (place[0], place[1] + back) if is_upright else (place[0] - back, place[1])
    return Text(
        layout=layout, x=x, y=y, size=size, color=to_hex(color), is_upright=is_upright, layer=layer
    )


def frame_marks(
    box: Box, below: Edge, beside: Edge, *, right: bool = False, padding: float = inf
) -> Iterator[Mark]:
    """Draw the frame of a plot and its edges, the upright one on the left or on the right.

    Parameters
    ----------
    box : Box
        The plot.
    below, beside : Edge
        Its lower edge, and an upright one.
    right : bool
        True if that is the right one.
    padding : float
        Points for the numbers beside it; wider ones are set smaller.
    """
    rc = mpl.rcParams
    yield Fill(polygons=[box.outline], color=to_hex(rc["axes.facecolor"]), layer=0.0)
    plot = Plot(box)
    wall, outwards = (box.right, 1.0) if right else (box.left, -1.0)
    long, wide = float(rc["xtick.major.size"]), float(rc["ytick.major.size"])
    feet = plot.place(np.stack([below.normalized, 0 * below.normalized], axis=-1))
    marks = plot.place(np.stack([0 * beside.normalized, beside.normalized], axis=-1))
    marks[:, 0] = wall
    for lines, width in (
        ([box.outline], rc["axes.linewidth"]),
        ([np.array([foot, foot + np.array([0, long])]) for foot in feet], rc["xtick.major.width"]),
        (
            [np.array([m, m + np.array([outwards * wide, 0])]) for m in marks],
            rc["ytick.major.width"],
        ),
    ):
        if lines:
            color = to_hex(rc["axes.edgecolor"])
            yield Polyline(lines=lines, color=color, width=float(width), layer=FRAME)
    yield from _below_marks(box, below, feet[:, 0])
    yield from _beside_marks(box, beside, marks[:, 1], wall, outwards, padding)


def _below_marks(box: Box, edge: Edge, places: Array) -> Iterator[Mark]:
    """Numbers and name under a plot."""
    rc = mpl.rcParams
    size, large = float(rc["xtick.labelsize"]), float(rc["axes.labelsize"])
    y = box.bottom + float(rc["xtick.major.size"]) + spread(PAD) + ASCENT * size
    # Every number, or every second, or every third: so many that they do not touch.
    taken = sum(width_of(label, size) + 0.5 * size for label in edge.labels)
    every = max(1, ceil(taken / box.width))
    for x, label in list(zip(places.tolist(), edge.labels, strict=False))[::every]:
        yield text_mark(label, (x, y), size, rc["xtick.color"])
    # A name may reach a little into the margins; a longer one is set smaller.
    taken = width_of(edge.name, large)
    large *= min(1.0, 1.1 * box.width / taken) if taken else 1.0
    y += spread(NAME_PAD) + (0.9 - ASCENT) * size + ASCENT * large
    if edge.name:
        yield text_mark(edge.name, (box.left + box.width / 2, y), large, rc["axes.labelcolor"])


def _beside_marks(
    box: Box, edge: Edge, places: Array, wall: float, outwards: float, padding: float
) -> Iterator[Mark]:
    """Numbers and name beside a plot."""
    rc = mpl.rcParams
    shrunk = min(1.0, padding / edge.widest) if edge.widest else 1.0
    size, large = shrunk * float(rc["ytick.labelsize"]), float(rc["axes.labelsize"])
    x = wall + outwards * (float(rc["ytick.major.size"]) + spread(PAD))
    for y, label in zip(places.tolist(), edge.labels, strict=False):
        middle = y + CAPITAL / 2 * size
        yield text_mark(label, (x, middle), size, rc["ytick.color"], align=outwards < 0)
    x += outwards * (shrunk * edge.widest + spread(NAME_PAD))
    x += ASCENT * large if outwards > 0 else -(1 - ASCENT) * large
    if edge.name:
        place = x, box.top + box.height / 2
        yield text_mark(edge.name, place, large, rc["axes.labelcolor"], is_upright=True)

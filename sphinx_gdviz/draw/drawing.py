"""The drawing: a list of marks, which the writers turn into files.

Positions are in points, counted to the right and down from the upper left corner of the figure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .image import PaletteImage
from .text import TextLayout

Array = NDArray[np.float64]

POINTS = 72.0
"""Points to an inch."""
DOT = 0.01
"""Length of the line that is a dot, which no writer takes for nothing."""


class Box(NamedTuple):
    """A rectangle of the page."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.top + self.height

    @property
    def outline(self) -> Array:
        """Its four corners and the first again, shape (5, 2)."""
        right, bottom = self.right, self.bottom
        corners = [(self.left, self.top), (right, self.top), (right, bottom), (self.left, bottom)]
        return np.array([*corners, corners[0]])


@dataclass(frozen=True, eq=False, kw_only=True)
class Mark:
    """What all marks have.

    Attributes
    ----------
    name : str
        What the mark stands for, if the legend says so.
    layer : float
        Marks of a higher layer lie over those of a lower one of the same panel.
    """

    name: str = ""
    layer: float = 0.0


@dataclass(frozen=True, eq=False, kw_only=True)
class Polyline(Mark):
    """Lines of one style.

    Attributes
    ----------
    lines : sequence of ndarray, each of shape (n, 2)
        Their points.
    color : str
        As ``"#rrggbb"``.
    width : float
        In points.
    dashes : tuple of float
        Lengths of dashes and gaps, in widths of the line; none for a solid line.
    opacity : float
        From 0 to 1.
    is_round : bool
        True for round ends, which solid lines alone have.
    casing : tuple of (str, float) or None
        The color and the width of a wider line behind them, with the same dashes.
    clip : Box or None
        The part of the page in which they are seen.
    """

    lines: Sequence[Array]
    color: str
    width: float
    dashes: tuple[float, ...] = ()
    opacity: float = 1.0
    is_round: bool = False
    casing: tuple[str, float] | None = None
    clip: Box | None = None

    @property
    def dash_lengths(self) -> list[float]:
        """Lengths of dashes and gaps in points, those of the casing too."""
        return [self.width * dash for dash in self.dashes]


@dataclass(frozen=True, eq=False, kw_only=True)
class Fill(Mark):
    """Filled polygons, of shape (n, 2) each, in one color, empty for none, with an edge or none."""

    polygons: Sequence[Array]
    color: str
    edge: str = ""
    edge_width: float = 0.0


@dataclass(frozen=True, eq=False, kw_only=True)
class Marker(Mark):
    """The same shape at several places, which is painted as lines or polygons.

    Attributes
    ----------
    places : ndarray, shape (n, 2)
    shape : str
        One of :data:`SHAPES`.
    size : float
        Width of a circle or square, in points.
    color : str
        That of its inside, empty for a hollow one.
    edge : str
        The color of its outline, empty for none.
    edge_width : float
        In points.
    turn : float
        Degrees by which it is turned, against the clock.
    """

    places: Array
    shape: str
    size: float
    color: str
    edge: str = ""
    edge_width: float = 0.0
    turn: float = 0.0

    def painted(self) -> Mark:
        """The lines or polygons."""
        if self.shape == "o" and not self.edge:  # dots: hardly any line, with round ends
            lines = list(self.places[:, np.newaxis] + np.array([(0.0, 0.0), (DOT, 0.0)]))
            return Polyline(lines=lines, color=self.color, width=self.size, is_round=True)
        across, up = SHAPES[self.shape].T * self.size
        c, s = np.cos(np.radians(self.turn)), np.sin(np.radians(self.turn))
        outline = np.stack([across * c - up * s, -(across * s + up * c)], axis=-1)
        if self.shape == "x":
            lines = [part + place for place in self.places for part in (outline[:2], outline[2:])]
            return Polyline(lines=lines, color=self.edge, width=self.edge_width)
        polygons = [outline + place for place in self.places]
        return Fill(polygons=polygons, color=self.color, edge=self.edge, edge_width=self.edge_width)


@dataclass(frozen=True, eq=False, kw_only=True)
class Image(Mark):
    """An image that fills a box.

    Attributes
    ----------
    box : Box
    render : callable
        Return the image for a number of dots to an inch; the same one for the same number.
    """

    box: Box
    render: Callable[[float], PaletteImage]


@dataclass(frozen=True, eq=False, kw_only=True)
class Text(Mark):
    """A line of text.

    Attributes
    ----------
    layout : TextLayout
        Its glyphs.
    x, y : float
        The place of its origin, on the baseline.
    size : float
        The size of the font.
    color : str
    is_upright : bool
        True if it is written upwards.
    """

    layout: TextLayout
    x: float
    y: float
    size: float
    color: str
    is_upright: bool = False


@dataclass(frozen=True, eq=False)
class Drawing:
    """A figure as it is printed.

    Attributes
    ----------
    width, height : float
        Its size.
    marks : tuple of Mark
        In the order in which they are painted.
    plots : tuple of Box
        The place of each panel's plot.
    background : str
        The color of the paper.
    """

    width: float
    height: float
    marks: tuple[Mark, ...]
    plots: tuple[Box, ...]
    background: str


@dataclass(frozen=True)
class Plot:
    """A box of the page in which parameters, or other quantities, have places.

    Attributes
    ----------
    box : Box
    xlim, ylim : tuple of float
        Values at its left and right, and at its lower and upper edges.
    """

    box: Box
    xlim: tuple[float, float] = (0.0, 1.0)
    ylim: tuple[float, float] = (0.0, 1.0)

    def place(self, points: Array) -> Array:
        """Positions on the page of points of shape (..., 2)."""
        (x0, x1), (y0, y1), box = self.xlim, self.ylim, self.box
        scale = np.array([box.width / (x1 - x0), -box.height / (y1 - y0)])
        with np.errstate(over="ignore", invalid="ignore"):
            return np.asarray((points - [x0, y0]) * scale + [box.left, box.bottom])


def in_layers(marks: Iterable[Mark]) -> list[Mark]:
    """The marks of a panel in the order in which they are painted."""
    return sorted(marks, key=lambda mark: mark.layer)


_ARC = np.linspace(0.0, 2 * np.pi, 32, endpoint=False)
SHAPES: dict[str, Array] = {
    "o": 0.5 * np.stack([np.cos(_ARC), np.sin(_ARC)], axis=-1),
    "s": np.array([(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)]),
    "^": np.array([(0.0, 0.5), (-0.5, -0.5), (0.5, -0.5)]),
    "v": np.array([(0.0, -0.5), (0.5, 0.5), (-0.5, 0.5)]),
    "D": np.array([(0.0, 0.7071), (-0.7071, 0.0), (0.0, -0.7071), (0.7071, 0.0)]),
    "x": np.array([(-0.5, -0.5), (0.5, 0.5), (-0.5, 0.5), (0.5, -0.5)]),
    ">": np.array([(0.5, 0.0), (-0.4, 0.4), (-0.225, 0.0), (-0.4, -0.4)]),
    "arrow": np.array(
        [
            *((0.5, 0.0), (0.0, 0.28), (0.06, 0.07), (-0.5, 0.07)),
            *((-0.5, -0.07), (0.06, -0.07), (0.0, -0.28)),
        ]
    ),
}
"""Outlines of markers around the origin, of width one, upwards counted upwards.

The names are Matplotlib's; ">" is the head of an arrow, and "x" two lines of two points each."""

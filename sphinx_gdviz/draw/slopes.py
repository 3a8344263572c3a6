"""Arrows of the negative gradient at places of the author's, and the level sets through them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from contourpy import LineType, contour_generator
from numpy.typing import NDArray

from . import style
from .drawing import Fill, Mark, Marker, Polyline
from .scene import Scene

Array = NDArray[np.float64]

DOWNHILL, LEVEL = "Downhill", "Isoline through it"
"""Names of what is drawn, by which the legend finds it."""
LONGEST, SHORTEST = 0.2, 1 / 3
"""Length of the longest arrow as a share of the frame, and of the shortest as a share of that."""
SHAFT, HEAD, BARB, DOT = 1.5, 6.0, 5.4, 3.4
"""Widths of an arrow's shaft and head, the length of the head, and the size of the dot at its foot,
in points."""


@dataclass(frozen=True)
class Slope:
    """A point, and the way downhill from it.

    Attributes
    ----------
    point, tip : ndarray, shape (d,)
        Both ends of its arrow.
    level : float
        The loss at the point.
    """

    point: Array
    tip: Array
    level: float


def slopes_of(scene: Scene) -> list[Slope]:
    """The arrows of a figure: the steeper, the longer; none where the gradient vanishes."""
    experiment, result = scene.experiment, scene.result
    points = [point for place in experiment.arrows for point in result.points_at(place)]
    places = np.array([*dict.fromkeys(points)]).reshape(-1, experiment.loss.dimension)
    lower, upper = np.array(result.frame).T
    places = places[((places >= lower) & (places <= upper)).all(axis=1)]
    downhill = -experiment.loss.gradient(places)
    # Lengths as they are seen: the frame may not be to scale.
    aspect = np.array([1.0, scene.aspect])[: len(lower)]
    seen = downhill / (upper - lower) * aspect
    norms, lengths = np.linalg.norm(downhill, axis=1), np.linalg.norm(seen, axis=1)
    sound = np.isfinite(norms) & (norms > 0)
    longest = LONGEST * min(1.0, scene.aspect)
    with np.errstate(divide="ignore", invalid="ignore"):
        sizes = longest * np.maximum(norms / norms[sound].max(initial=0.0), SHORTEST)
        moves = downhill * (sizes / lengths)[:, np.newaxis]
        # One that would leave the frame ends at its edge, unless that is too near.
        to_edge = (np.where(moves > 0, upper, lower) - places) / moves
        share = np.clip(np.nan_to_num(to_edge, nan=1.0).min(axis=1), SHORTEST, 1.0)
    losses = experiment.loss.value(places)
    tips = places + moves * share[:, np.newaxis]
    return [Slope(places[i], tips[i], float(losses[i])) for i in np.flatnonzero(sound)]


def level_lines(scene: Scene, level: float) -> list[Array]:
    """The isoline of a loss: polylines of parameters, shape (n, 2)."""
    x, y, _ = scene.result.grid
    normalized = np.ma.masked_invalid(scene.normalized)
    generator = contour_generator(x, y, normalized, line_type=LineType.Separate)
    lines = generator.lines(float(scene.result.scale.normalized(level)))
    return [np.asarray(line) for line in lines]


def level_mark(lines: list[Array]) -> Polyline:
    """Lines on the page as the isoline through a point."""
    return Polyline(
        lines=lines,
        color=style.FIELD,
        width=1.1,
        casing=(style.MARK, 1.9),
        name=LEVEL,
        layer=6.0,
    )


def arrow_marks(foot: Array, tip: Array, color: str = style.FIELD) -> Iterator[Mark]:
    """An arrow from a dot at one place of the page to another, shape (2,) each."""
    along = tip - foot
    length = float(np.hypot(*along))
    along = along / length
    across = np.array([-along[1], along[0]])
    neck = tip - min(BARB, 0.6 * length) * along
    outline = [
        foot + SHAFT / 2 * across,
        neck + SHAFT / 2 * across,
        neck + HEAD / 2 * across,
        tip,
        neck - HEAD / 2 * across,
        neck - SHAFT / 2 * across,
        foot - SHAFT / 2 * across,
    ]
    edge, width = (style.MARK, 0.5) if color == style.FIELD else ("", 0.0)
    polygons = [np.array(outline)]
    yield Fill(
        polygons=polygons, color=color, edge=edge, edge_width=width, name=DOWNHILL, layer=9.5
    )
    yield Marker(
        places=foot[np.newaxis],
        shape="o",
        size=DOT,
        color=color,
        edge=edge or color,
        edge_width=0.5,
        layer=9.6,
    )

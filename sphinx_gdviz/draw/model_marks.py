"""Models of the loss at points: as curves, as isolines, and as nets over a surface."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import matplotlib as mpl
import numpy as np
from contourpy import LineType, contour_generator
from numpy.typing import NDArray

from ..core.local_model import LocalModel
from . import style
from .drawing import Box, Mark, Marker, Polyline
from .run_marks import DOTTED
from .scene import Scene

Array = NDArray[np.float64]

NAMES = {"tangent": "Tangent", "quadratic": "Quadratic model", "chord": "Chord"}
LOWEST, NEWTON = "Its minimum", "Newton's step"
"""Names of what is drawn, by which the legend finds it."""
DASHES = {"tangent": (5.0, 1.6), "quadratic": (1.7, 1.5), "chord": ()}
DOT, MARK = 3.2, 4.6
"""Sizes of the dot where a model touches the loss, and of the mark of its minimum, in points."""
REACH = 0.2
"""Reach of a tangent to both sides of its point, and of a net, as a share of the frame."""
LINES = 9
"""Lines of a net in each direction."""
RINGS = (1 / 9, 4 / 9, 1.0)
"""Levels of a model's isolines, from its minimum to its value at the point, evenly spaced."""
SIDES = (-0.7, 0.0, 0.7)
"""Those of a model without a minimum, from its value at the point, in shares of its change
nearby."""
LAYER = 8.5


def line_mark(
    model: LocalModel, lines: Sequence[Array], color: str, halo: str = "", clip: Box | None = None
) -> Polyline:
    """Lines on the page as those of a model."""
    width = 0.95 * float(mpl.rcParams["lines.linewidth"])
    return Polyline(
        lines=lines,
        color=color,
        width=width,
        dashes=DASHES[model.kind],
        casing=(halo, 2.2 * width) if halo else None,
        clip=clip,
        name=NAMES[model.kind],
        layer=LAYER,
    )


def net_marks(
    scene: Scene, model: LocalModel, seen: Sequence[Array], hidden: Sequence[Array]
) -> Iterator[Mark]:
    """A net over a surface, and what of it the surface hides, lines on the page.

    Where isolines of the model are shown, too, the legend has these.
    """
    has_isolines = any(panel.view.is_coloured for panel in scene.experiment.panels)
    if hidden:
        yield Polyline(
            lines=hidden, color=style.FIELD, width=0.5, dashes=DOTTED, opacity=0.8, layer=LAYER
        )
    if seen or hidden:
        net_line = line_mark(model, seen, style.FIELD)
        name = "" if has_isolines else net_line.name
        yield replace(net_line, dashes=(), width=0.55, casing=(style.MARK, 1.15), name=name)


def touch_mark(place: Array, color: str, halo: str) -> Mark:
    """A dot where a model touches the loss, at a place of shape (2,)."""
    return Marker(
        places=place[np.newaxis],
        shape="o",
        size=DOT,
        color=color,
        edge=halo,
        edge_width=0.6,
        layer=9.4,
    )


def lowest_mark(place: Array) -> Mark:
    """The mark of a model's minimum, at a place of shape (2,)."""
    return Marker(
        places=place[np.newaxis],
        shape="o",
        size=MARK,
        color=style.FIELD,
        edge=style.MARK,
        edge_width=0.8,
        name=LOWEST,
        layer=9.5,
    )


def newton_mark(line: Array) -> Mark:
    """The step from a point to the minimum of its model, a line on the page of shape (2, 2)."""
    width = float(mpl.rcParams["lines.linewidth"])
    return Polyline(
        lines=[line],
        color=style.MARK,
        width=0.8 * width,
        casing=(style.CASING, 1.8 * width),
        name=NEWTON,
        layer=9.0,
    )


def isolines(scene: Scene, model: LocalModel) -> list[Array]:
    """A few isolines of a model, the outermost through its point: polylines of parameters."""
    x, y, _ = scene.result.grid
    values = model.value(np.stack(np.meshgrid(x, y), axis=-1))
    if model.minimum:
        low = float(model.value(model.minimum))
        levels = [low + ring * (model.loss - low) for ring in RINGS]
    else:
        near = model.value(np.concatenate(list(net(scene, model))))
        spread = float(np.abs(near - model.loss).max())
        levels = [model.loss + side * spread for side in SIDES]
    generator = contour_generator(x, y, values, line_type=LineType.Separate)
    return [np.asarray(line) for level in levels for line in generator.lines(level)]


def net(scene: Scene, model: LocalModel) -> Iterator[Array]:
    """The lines of a net around the point of a model: parameters of shape (n, 2)."""
    lower, upper = np.array(scene.result.frame).T
    reach = REACH * (upper - lower)
    low, high = (np.clip(np.add(model.point, end), lower, upper) for end in (-reach, reach))
    x, y = (np.linspace(*side, 61) for side in zip(low, high, strict=True))
    for share in np.linspace(0.0, 1.0, LINES):
        across, up = low + share * (high - low)
        yield np.column_stack([np.full_like(y, across), y])
        yield np.column_stack([x, np.full_like(x, up)])


def is_inside(scene: Scene, point: Sequence[float] | None) -> bool:
    """Tell whether there is a point, and it lies in the frame."""
    lower, upper = np.array(scene.result.frame).T
    return point is not None and bool(((lower <= point) & (np.array(point) <= upper)).all())

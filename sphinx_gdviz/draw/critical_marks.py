"""Marks of critical points: which shape stands for which kind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..core.descent.critical_points import CriticalPoint
from . import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SHAPES = {"minimum": "v", "saddle": "D", "maximum": "^"}
"""A triangle that points down for a low point, up for a high one, and a diamond between."""
NAMES = {"minimum": "Minimum", "saddle": "Saddle point", "maximum": "Maximum"}
SIZE = 5.0
ZORDER = 9


def draw_marks(axes: Axes, points: Sequence[CriticalPoint], places: NDArray[np.float64]) -> None:
    """Mark critical points at their places in the panel, shape (n, 2)."""
    for kind, shape in SHAPES.items():
        chosen = [place for point, place in zip(points, places, strict=True) if point.kind == kind]
        if chosen:
            axes.plot(
                *np.array(chosen).T,
                shape,
                markersize=SIZE * (0.8 if kind == "saddle" else 1.0),
                markerfacecolor=style.FIELD,
                markeredgecolor=style.MARK,
                markeredgewidth=0.7,
                linestyle="none",
                label=NAMES[kind],
                zorder=ZORDER,
            )

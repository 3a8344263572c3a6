"""Marks of critical points: which shape stands for which kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from ..core.descent.critical_points import CriticalPoint
from . import style
from .drawing import Mark, Marker

SHAPES = {"minimum": "v", "saddle": "D", "maximum": "^"}
"""A triangle that points down for a low point, up for a high one, and a diamond between."""
NAMES = {"minimum": "Minimum", "saddle": "Saddle point", "maximum": "Maximum"}
SIZE = 5.0


def critical_marks(points: Sequence[CriticalPoint], places: NDArray[np.float64]) -> Iterator[Mark]:
    """Mark critical points at their places on the page, shape (n, 2)."""
    for kind, shape in SHAPES.items():
        chosen = [place for point, place in zip(points, places, strict=True) if point.kind == kind]
        if chosen:
            yield Marker(
                places=np.array(chosen),
                shape=shape,
                size=SIZE * (0.8 if kind == "saddle" else 1.0),
                color=style.FIELD,
                edge=style.MARK,
                edge_width=0.7,
                name=NAMES[kind],
                layer=9.0,
            )

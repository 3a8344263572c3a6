"""Coordinates of files as whole numbers, hundredths of a point, which are short."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

UNIT = 100
"""Units of a file to a point."""


def to_unit(points: float) -> int:
    """A length in points as units."""
    return round(points * UNIT)


def to_units(points: NDArray[np.float64]) -> NDArray[np.int64]:
    """Positions in points as units."""
    return np.rint(points * UNIT).astype(np.int64)

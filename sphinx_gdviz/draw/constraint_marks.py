"""The set that a projected descent stays in, in a picture."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import matplotlib as mpl
import numpy as np
from numpy.typing import NDArray

from . import style
from .drawing import Box, Mark, Polyline

CONSTRAINT = "Constraint"
"""Name of the boundary, by which the legend finds it."""
WIDTH = 1.2
"""Width of the boundary, for that of a path."""


def constraint_marks(
    lines: Sequence[NDArray[np.float64]], clip: Box | None = None
) -> Iterator[Mark]:
    """The boundary of a constraint, of lines on the page, dark with a light casing."""
    width = WIDTH * float(mpl.rcParams["lines.linewidth"])
    if lines:
        yield Polyline(
            lines=lines,
            color=style.MARK,
            width=width,
            casing=(style.CASING, 2 * width),
            clip=clip,
            name=CONSTRAINT,
            layer=7.0,
        )

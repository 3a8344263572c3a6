"""Bands: the range of a loss cut at its isolines, with one colour for each piece.

Every view uses the same bands, so that a colour means the same loss on the surface, between the
contours and in the colour bar. Flat bands also make an image that packs small.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from matplotlib import colormaps
from matplotlib.cm import ScalarMappable
from matplotlib.colors import BoundaryNorm, ListedColormap
from numpy.typing import NDArray

from . import style

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Bands:
    """`count` isolines, evenly spaced strictly between the lowest and the highest loss."""

    low: float
    high: float
    count: int

    @classmethod
    def of(cls, losses: Array, count: int) -> Bands:
        """The bands of sampled losses; nan is passed over."""
        low, high = float(np.nanmin(losses)), float(np.nanmax(losses))
        return cls(low, high, count)

    @cached_property
    def levels(self) -> Array:
        """The isolines, shape (count,); none for a loss that is the same everywhere."""
        levels = np.linspace(self.low, self.high, self.count + 2)[1:-1]
        return levels if (np.diff(np.concatenate([[self.low], levels])) > 0).all() else levels[:0]

    @cached_property
    def palette(self) -> Array:
        """A colour for each band, shape (bands, 4)."""
        colours = colormaps[style.COLOUR_MAP](np.linspace(0.0, 1.0, len(self.levels) + 1))
        colours[:, :3] = 1 - style.STRENGTH * (1 - colours[:, :3])
        return np.asarray(colours)

    def colours(self, losses: Array) -> Array:
        """Colours of losses of shape (...), shape (..., 4); transparent for nan."""
        colours = self.palette[np.searchsorted(self.levels, np.nan_to_num(losses))]
        colours[np.isnan(losses)] = 0.0
        return colours

    def mappable(self) -> ScalarMappable:
        """What Matplotlib needs for a colour bar."""
        boundaries = [self.low, *self.levels, self.high]
        if not len(self.levels):  # one band all the same, and Matplotlib wants it to have a width
            boundaries = [self.low, self.low + 1.0 + 1e-3 * abs(self.low)]
        norm = BoundaryNorm(boundaries, len(self.palette))
        return ScalarMappable(norm, ListedColormap(list(self.palette)))

"""Bands: the range of a loss cut at its isolines, with one color for each piece.

Every view uses the same bands, so that a color means the same loss on the surface, between the
contours and in the color bar. Flat bands also make an image that packs small.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import count

import matplotlib as mpl
import numpy as np
from matplotlib import colormaps
from numpy.typing import ArrayLike, NDArray

from ..core.scale import Scale
from . import style

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Bands:
    """`count` isolines, evenly spaced on a scale, strictly between its two ends."""

    scale: Scale
    count: int

    @cached_property
    def normalized(self) -> Array:
        """The isolines on the scale, shape (count,); none for a flat loss."""
        return np.linspace(0.0, 1.0, self.count + 2)[1 : 1 if self.scale.is_flat else -1]

    @property
    def levels(self) -> Array:
        """The losses of the isolines, shape (count,)."""
        return self.scale.loss(self.normalized)

    @cached_property
    def palette(self) -> NDArray[np.float64]:
        """A color for each band, shape (bands, 3), each channel from 0 to 1."""
        normalized = np.linspace(0.0, 1.0, len(self.normalized) + 1)
        colors = colormaps[mpl.rcParams["image.cmap"]](normalized)[:, :3]
        return np.asarray(1 - style.STRENGTH * (1 - colors))

    def of(self, losses: ArrayLike) -> NDArray[np.int16]:
        """The numbers of the bands that losses lie in; −1 for those that are not finite."""
        return self.of_normalized(self.scale.normalized(losses))

    def of_normalized(self, normalized: Array) -> NDArray[np.int16]:
        """The numbers of the bands that normalized losses lie in; −1 for nan."""
        count = len(self.palette)
        with np.errstate(invalid="ignore"):
            band = np.where(np.isnan(normalized), -1, np.clip(normalized * count, 0, count - 1))
        return band.astype(np.int16)

    def within(self, vertices: int, normalized: Array) -> Array:
        """The isolines on the scale of a grid's losses: all, or every so many for few vertices.

        An isoline has a vertex wherever it crosses a line between neighbours on the grid.
        """
        band = self.of_normalized(normalized)
        changes = np.zeros(len(self.palette), np.int64)
        for one, other in ((band[:-1], band[1:]), (band[:, :-1], band[:, 1:])):
            cuts = (one != other) & (one >= 0) & (other >= 0)
            for end, sign in ((np.minimum, 1), (np.maximum, -1)):
                changes += sign * np.bincount(end(one, other)[cuts], minlength=len(changes))
        counts = np.cumsum(changes)[: len(self.normalized)]
        every = next(n for n in count(1) if counts[n - 1 :: n].sum() <= vertices)
        return self.normalized[every - 1 :: every]


def as_palette(colors: Array) -> NDArray[np.uint8]:
    """Colors of shape (n, 3) as a palette, shape (n + 1, 4); the last one is transparent."""
    pixels = np.zeros((len(colors) + 1, 4), np.uint8)
    pixels[:-1, :3] = np.round(np.clip(colors, 0.0, 1.0) * 255)
    pixels[:-1, 3] = 255
    return pixels

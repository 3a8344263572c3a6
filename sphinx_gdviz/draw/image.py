"""Images with a palette, which pack small."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image


@dataclass(frozen=True, eq=False)
class PaletteImage:
    """An image as numbers of colors.

    Attributes
    ----------
    numbers : ndarray of int, shape (rows, columns)
        The first row at the bottom.
    palette : ndarray of uint8, shape (n, 4)
        The colors: red, green, blue, and how opaque they are, 0 for what is not seen.
    """

    numbers: NDArray[np.intp]
    palette: NDArray[np.uint8]

    @property
    def pixels(self) -> NDArray[np.uint8]:
        """The color of each pixel, shape (rows, columns, 4)."""
        return self.palette[self.numbers]

    @property
    def is_indexed(self) -> bool:
        """True if the numbers of the colors fit into a byte."""
        return len(self.palette) <= 256

    @property
    def indices(self) -> NDArray[np.uint8]:
        """The numbers of the colors as bytes, the first row at the top."""
        # −1 is the palette's last color; beyond its end, PNG has no colors at all.
        return (self.numbers[::-1] % len(self.palette)).astype(np.uint8)

    def png(self) -> bytes:
        """The image as a PNG, the first row at the top."""
        if self.is_indexed:
            image = Image.fromarray(self.indices, "P")
            image.putpalette(self.palette[:, :3].tobytes())
            transparency = {"transparency": self.palette[:, 3].tobytes()}
        else:
            image, transparency = Image.fromarray(self.pixels[::-1], "RGBA"), {}
        buffer = io.BytesIO()
        image.save(buffer, "png", **transparency)
        return buffer.getvalue()

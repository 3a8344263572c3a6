"""Images with a palette, which pack small."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image


@dataclass(frozen=True, eq=False)
class PaletteImage:
    """An image as numbers of colors.

    Attributes
    ----------
    numbers : ndarray of int, shape (rows, columns)
        The first row at the top; negative numbers count from the palette's end. Kept as bytes
        where the palette is short enough.
    palette : ndarray of uint8, shape (n, 4)
        The colors: red, green, blue, and how opaque they are, 0 for what is not seen.
    """

    numbers: NDArray[Any]
    palette: NDArray[np.uint8]

    def __post_init__(self) -> None:
        if self.is_indexed and self.numbers.dtype != np.uint8:
            numbers = (self.numbers % len(self.palette)).astype(np.uint8)
            object.__setattr__(self, "numbers", numbers)

    @property
    def is_indexed(self) -> bool:
        """True if the numbers of the colors fit into bytes."""
        return len(self.palette) <= 256

    @property
    def pixels(self) -> NDArray[np.uint8]:
        """The color of each pixel, shape (rows, columns, 4)."""
        colors = np.ascontiguousarray(self.palette).view(np.uint32).ravel()
        return colors.take(self.numbers).view(np.uint8).reshape(*self.numbers.shape, 4)

    def png(self) -> bytes:
        """The image as a PNG."""
        if self.is_indexed:
            image = Image.fromarray(self.numbers, "P")
            image.putpalette(self.palette[:, :3].tobytes())
            transparency = {"transparency": self.palette[:, 3].tobytes()}
        else:
            image, transparency = Image.fromarray(self.pixels, "RGBA"), {}
        buffer = io.BytesIO()
        image.save(buffer, "png", **transparency)
        return buffer.getvalue()

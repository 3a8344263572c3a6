"""Images with a palette: drawn by Matplotlib in PDF and PNG, written by us in SVG.

Matplotlib's SVG has each image as a PNG of 32 bits a pixel, and as often as panels show it. Here a
rectangle without ink marks its place, and the SVG gets it there once, with a palette.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.image import AxesImage
from matplotlib.patches import Rectangle
from numpy.typing import NDArray
from PIL import Image

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Extent = tuple[float, float, float, float]


@dataclass(frozen=True, eq=False)
class PaletteImage:
    """An image as numbers of colours.

    Attributes
    ----------
    numbers : ndarray of int, shape (rows, columns)
        The first row at the bottom.
    palette : ndarray of uint8, shape (n, 4)
        The colours: red, green, blue, and how opaque they are, 0 for what is not seen.
    """

    numbers: NDArray[np.intp]
    palette: NDArray[np.uint8]

    @property
    def pixels(self) -> NDArray[np.uint8]:
        """The colour of each pixel, shape (rows, columns, 4)."""
        return self.palette[self.numbers]

    def png(self) -> str:
        """The image as a PNG in base 64, the first row at the top."""
        if len(self.palette) <= 256:
            # −1 is the palette's last colour; beyond its end, PNG has no colours at all.
            numbers = self.numbers[::-1] % len(self.palette)
            image = Image.fromarray(numbers.astype(np.uint8), "P")
            image.putpalette(self.palette[:, :3].tobytes())
            transparency = {"transparency": self.palette[:, 3].tobytes()}
        else:
            image, transparency = Image.fromarray(self.pixels[::-1], "RGBA"), {}
        buffer = io.BytesIO()
        image.save(buffer, "png", **transparency)
        return base64.b64encode(buffer.getvalue()).decode()


class ImagePlace(Rectangle):
    """The place of an image, for formats in which Matplotlib does not draw it."""

    def __init__(self, image: PaletteImage, artist: AxesImage, number: int) -> None:
        left, right, bottom, top = artist.get_extent()
        super().__init__((left, bottom), right - left, top - bottom, fill=False, linewidth=0)
        self.set(gid=f"image-place-{number}", visible=False, zorder=artist.zorder)
        self.image, self.artist = image, artist


def draw_image(axes: Axes, image: PaletteImage, extent: Extent, zorder: float) -> None:
    """Draw an image that fills a rectangle: left, right, bottom and top."""
    artist = axes.imshow(
        image.pixels,
        extent=extent,
        origin="lower",
        aspect="auto",
        interpolation="none",
        zorder=zorder,
    )
    assert axes.figure is not None
    count = sum(1 for _ in _places(axes.figure.get_figure(root=True)))
    axes.add_artist(ImagePlace(image, artist, count))


@contextmanager
def places_instead(figure: Figure) -> Iterator[list[ImagePlace]]:
    """While this lasts, drawing the figure leaves images away, and marks their places."""
    places = list(_places(figure))
    for place in places:
        place.set_visible(True)
        place.artist.set_visible(False)
    try:
        yield places
    finally:
        for place in places:
            place.set_visible(False)
            place.artist.set_visible(True)


def _places(figure: Figure) -> Iterator[ImagePlace]:
    for axes in figure.axes:
        for patch in axes.patches:
            if isinstance(patch, ImagePlace):
                yield patch

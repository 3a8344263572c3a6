"""Drawings as PNG."""

from __future__ import annotations

import io
import zlib

import numpy as np
from PIL import Image

from ..drawing import Box, Drawing, Fill
from .raster import paint


def to_png(drawing: Drawing, dots_per_inch: float) -> bytes:
    """Write a drawing with so many dots to an inch."""
    page = Box(0.0, 0.0, drawing.width, drawing.height)
    paper = Fill(polygons=[page.outline], color=drawing.background)
    pixels = paint([paper, *drawing.marks], page, dots_per_inch)
    buffer = io.BytesIO()
    image = Image.fromarray(np.ascontiguousarray(pixels[..., :3]), "RGB")
    resolution = dots_per_inch, dots_per_inch
    # Runs of one color are what there is to be packed, and they pack fast.
    image.save(buffer, "png", compress_type=zlib.Z_RLE, dpi=resolution)
    return buffer.getvalue()

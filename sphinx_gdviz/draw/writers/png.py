"""Drawings as PNG."""

from __future__ import annotations

import io

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
    image.save(buffer, "png", compress_level=1, dpi=(dots_per_inch, dots_per_inch))
    return buffer.getvalue()

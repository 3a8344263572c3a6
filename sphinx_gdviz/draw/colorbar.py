"""The color bar: which color stands for which loss."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from matplotlib.colors import to_hex

from .axes import Edge, frame_marks
from .bands import Bands
from .drawing import Box, Fill, Mark, Plot
from .ticks import scale_labels, scale_ticks


def colorbar_edge(bands: Bands, name: str = "") -> Edge:
    """The numbers along it, and the name of the loss."""
    ticks = scale_ticks(bands.scale, 6)
    return Edge(bands.scale.normalized(ticks), *scale_labels(bands.scale, ticks, name))


def colorbar_marks(box: Box, bands: Bands, name: str, *, upright: bool) -> Iterator[Mark]:
    """Fill a box with the bands, and number them on the long side, upwards or to the right."""
    plot = Plot(box)
    edges = np.linspace(0.0, 1.0, len(bands.palette) + 1)
    for low, color in zip(edges, bands.palette, strict=False):
        # Each band lies over the one that ends above it, so that no seam of paper shows.
        corners = np.array([(0.0, low), (1.0, low), (1.0, 1.0), (0.0, 1.0)])
        piece = plot.place(corners if upright else corners[:, ::-1])
        yield Fill(polygons=[piece], color=to_hex(color), layer=1.0)
    along, bare = colorbar_edge(bands, name), Edge(np.empty(0))
    yield from frame_marks(box, *((bare, along) if upright else (along, bare)), right=upright)

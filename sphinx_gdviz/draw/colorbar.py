"""The colour bar: which colour stands for which loss."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.collections import PolyCollection

from .axes import Edge, draw_frame
from .bands import Bands
from .ticks import scale_labels, scale_ticks

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def colourbar_edge(bands: Bands) -> Edge:
    """The numbers along it."""
    ticks = scale_ticks(bands.scale, 6)
    return Edge(bands.scale.normalized(ticks), *scale_labels(bands.scale, ticks, "Loss"))


def draw_colourbar(axes: Axes, bands: Bands, *, upright: bool) -> None:
    """Fill axes with the bands, and number them on the long side, upwards or to the right."""
    edges = np.linspace(0.0, 1.0, len(bands.palette) + 1)
    # Each band lies over the one that ends above it, so that no seam of paper shows between them.
    corners = [[(0.0, low), (1.0, low), (1.0, 1.0), (0.0, 1.0)] for low in edges[:-1]]
    pieces = np.array(corners) if upright else np.array(corners)[..., ::-1]
    axes.add_collection(PolyCollection(list(pieces), facecolors=bands.palette, edgecolors="none"))
    axes.set(xlim=(0, 1), ylim=(0, 1))
    along, bare = colourbar_edge(bands), Edge(np.empty(0))
    draw_frame(axes, *((bare, along) if upright else (along, bare)), right=upright)

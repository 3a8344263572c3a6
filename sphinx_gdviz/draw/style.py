"""How pictures look: sizes in inches as printed, colours, marks. The one place to change it."""

from __future__ import annotations

from typing import Any

import matplotlib as mpl

PAGE_WIDTH = 5.5
"""Width of a figure as it is printed, in inches; nothing is scaled afterwards."""

COLOUR_MAP = "viridis"
STRENGTH = 0.9
"""How much of the colour map's strength is printed; the rest is paper."""
ISOLINE = (1.0, 1.0, 1.0, 0.7)
PATH = "#d7191c"
START = "#1a9641"
END = "#d7191c"
CASING = "white"
INK = "#222222"
GRID = "#b8b8b8"
PANE = "#f4f4f4"

RC: dict[str, Any] = {
    "font.family": "DejaVu Sans",
    "mathtext.fontset": "dejavusans",
    "font.size": 7.5,
    "axes.titlesize": 8.5,
    "axes.labelsize": 8,
    "xtick.labelsize": 7,
    "ytick.labelsize": 7,
    "legend.fontsize": 7,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.linewidth": 0.6,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 2.5,
    "ytick.major.size": 2.5,
    "axes.titlepad": 5,
    "axes.labelpad": 2,
    "pdf.fonttype": 42,  # TrueType, so that the text in a PDF can be selected
    "svg.fonttype": "path",
    "svg.hashsalt": "sphinx_gdviz",  # ids that are the same in every build
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "image.composite_image": False,
}
"""Matplotlib's settings for every figure, where they differ from its defaults."""


def settings() -> dict[Any, Any]:
    """All of Matplotlib's settings: its own defaults and ours, never those of a machine."""
    return {**mpl.rcParamsDefault, **RC}

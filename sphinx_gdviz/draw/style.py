"""The style of pictures: sizes as printed, colors, marks.

What Matplotlib has a setting for is in :data:`RC`, where an author's style can override it;
`figure.figsize` gives the width of a page's column, its second number is not used.
"""

from __future__ import annotations

import colorsys
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import matplotlib as mpl
import matplotlib.style
import numpy as np
from matplotlib import font_manager
from matplotlib.colors import to_hex, to_rgb
from matplotlib.font_manager import font_scalings

from ..core.experiment import Style
from ..messages import GdvizError, did_you_mean, quote

STRENGTH = 0.9
"""Opacity of a color map on the background."""
ISOLINE = ("#fefefe", 0.7)
START = "#1a9641"
CASING = "#fefefe"
"""Color of the casing of paths and the edges of marks: off-white, for white is a color of the page,
which a dark theme changes."""
FIELD = "#fdfdfd"
"""Arrows of the negative gradient."""
MARK = "#111112"
"""Edges of the marks of critical points."""

FAINT_ISOLINE = ("#1a1a1f", 0.22)
"""Color and opacity of isolines over basins, whose colors are light."""
BASINS = (
    *("#8db7d8", "#f0bf84", "#9fcf9b", "#d9a3c4", "#bfaee0"),
    *("#e6de97", "#94d0ca", "#cfb29b", "#f2a79b", "#b9c2cc"),
)
"""Colors of the starts that come to one point; they repeat where there are more points."""
UNSETTLED = "#ececec"
DIVERGED = "#5d5257"
KIND_COLORS = {
    "slow": "#efe5c0",
    "converged": "#9ccbb0",
    "oscillating": "#dd9447",
    "stuck": "#8173b4",
    "diverged": DIVERGED,
}
"""Colors of verdicts, which differ in lightness, too."""

RC: dict[str, Any] = {
    "figure.figsize": (5.5, 3.0),  # inches, as printed; nothing is scaled afterwards
    "font.family": ["DejaVu Sans"],
    "mathtext.fontset": "stix",
    "font.size": 7.5,
    "axes.titlesize": 8.5,
    "axes.labelsize": 8,
    "xtick.labelsize": 7,
    "ytick.labelsize": 7,
    "legend.fontsize": 7,
    "legend.frameon": False,
    "text.color": "#222222",
    "axes.labelcolor": "#222222",
    "axes.edgecolor": "#222222",
    "xtick.color": "#222222",
    "ytick.color": "#222222",
    "grid.color": "#b8b8b8",
    "axes.prop_cycle": (
        "cycler('color', ['#d7191c', '#0072b2', '#c47a00', '#a8479c', '#00805f', '#7a6a5f'])"
    ),
    "image.cmap": "viridis",
    "lines.linewidth": 1.0,
    "axes.linewidth": 0.6,
    "grid.linewidth": 0.35,
    "contour.linewidth": 0.4,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 2.5,
    "ytick.major.size": 2.5,
    "axes.titlepad": 5,
    "svg.fonttype": "path",
    "figure.facecolor": "#ffffff",
    "savefig.facecolor": "auto",
    "axes.facecolor": "#ffffff",
    "savefig.dpi": 300,
}
"""Matplotlib's settings for every figure, where they differ from its defaults."""

FIXED: dict[str, Any] = {
    "text.usetex": False,  # text is measured without TeX
    "figure.autolayout": False,
    "figure.constrained_layout.use": False,
    "savefig.bbox": None,
}
"""Settings that a style can't change: the layout is computed for the printed size."""

PANE: Literal["axes3d.xaxis.panecolor"] = "axes3d.xaxis.panecolor"
GENERIC = ("serif", "sans-serif", "sans", "cursive", "fantasy", "monospace")
SIZES = (
    *("axes.titlesize", "axes.labelsize"),
    *("xtick.labelsize", "ytick.labelsize", "legend.fontsize"),
)
WIDTHS = (
    *("lines.linewidth", "axes.linewidth", "grid.linewidth", "contour.linewidth"),
    *("xtick.major.width", "ytick.major.width"),
)

PAGE_COLORS: tuple[Any, ...] = (
    *("text.color", "axes.labelcolor", "axes.edgecolor", "xtick.color", "ytick.color"),
    *("grid.color", PANE, "figure.facecolor", "axes.facecolor"),
)
"""Settings of foreground and background colors, which are replaced on a dark page."""

DASHES: tuple[tuple[float, ...], ...] = ((), (5, 1.5), (6, 1.3, 1.5, 1.3), (2.4, 1.2))
MARKERS = ("o", "s", "^", "D", "v")


def spread(padding: float) -> float:
    """Scale a padding, given for the default font size, to the current one."""
    return padding * float(mpl.rcParams["font.size"]) / float(RC["font.size"])


@dataclass(frozen=True)
class RunStyle:
    """Color, dashes and marker of a run."""

    color: str
    dashes: tuple[float, ...]
    marker: str


def run_style(index: int) -> RunStyle:
    """The style of a figure's run number `index`; the combinations repeat after 60."""
    colors = mpl.rcParams["axes.prop_cycle"].by_key().get("color", ["#d7191c"])
    return RunStyle(
        to_hex(colors[index % len(colors)]),
        DASHES[index % len(DASHES)],
        MARKERS[index % len(MARKERS)],
    )


@lru_cache(maxsize=8)
def settings(style: Style = "") -> dict[Any, Any]:
    """Matplotlib's settings: its defaults with ours, without the matplotlibrc file of a machine.

    Parameters
    ----------
    style : str or tuple
        Changes to the default style: the name of a style sheet that comes with Matplotlib,
        or settings with their values.

    Raises
    ------
    GdvizError
        If there is no such sheet, or Matplotlib does not know a setting or its value.
    """
    own: dict[Any, Any] = _own_settings(style)
    ours: dict[Any, Any] = dict(mpl.RcParams(RC))
    merged: dict[Any, Any] = {**mpl.rcParamsDefault, **ours, **own, **FIXED}
    for key in SIZES:
        if key not in own:  # ours go with the size of the font
            merged[key] = ours[key] * merged["font.size"] / ours["font.size"]
        elif isinstance(own[key], str):  # a word, such as “medium”
            merged[key] = merged["font.size"] * font_scalings[own[key]]
    if PANE not in own:
        background, foreground = (
            np.array(to_rgb(merged[key])) for key in ("figure.facecolor", "text.color")
        )
        merged[PANE] = to_hex(tuple((0.95 * background + 0.05 * foreground).tolist()))
    for family in own.get("font.family", []):
        if family not in GENERIC and family not in font_manager.get_font_names():
            raise GdvizError(f"font.family: there is no font “{family}” on this machine")
    if merged["image.cmap"] not in mpl.colormaps:
        raise GdvizError(f"image.cmap: Matplotlib has no color map “{merged['image.cmap']}”")
    if merged["axes.prop_cycle"].by_key().get("color", ["usual"]) == []:
        raise GdvizError("axes.prop_cycle: there are no colors in it")
    for key in WIDTHS:
        if (merged[key] or 0) < 0:
            raise GdvizError(f"{key}: {merged[key]:g} is no width")
    return merged


def _own_settings(style: Style) -> dict[Any, Any]:
    """The settings of an author's style."""
    if not style:
        return {}
    if isinstance(style, str):
        if style not in matplotlib.style.library:
            near = did_you_mean(style, matplotlib.style.available)
            meant = near or "; write the name of one, or a dict of settings"
            raise GdvizError(f"Matplotlib has no style sheet {quote(style)}{meant}")
        return dict(matplotlib.style.library[style])
    own: dict[Any, Any] = dict(style)
    for name in own:
        if name not in mpl.rcParamsDefault:
            near = did_you_mean(name, mpl.rcParamsDefault)
            raise GdvizError(f"Matplotlib has no setting {quote(name)}{near}")
    try:
        return dict(mpl.RcParams(own))
    except Exception as error:  # of whatever kind its validators raise
        raise GdvizError(" ".join(str(error).split())) from None


def background() -> str:
    """The background color of the figure."""
    color = mpl.rcParams["savefig.facecolor"]
    return to_hex(mpl.rcParams["figure.facecolor"] if color == "auto" else color)


def dark_colors() -> dict[str, str]:
    """Current foreground and background colors, with their replacements for a dark page.

    The colors of losses and paths do not change.
    """
    if sum(to_rgb(background())) < 1.5:
        return {}  # already dark
    colors = sorted({background(), *(to_hex(mpl.rcParams[name]) for name in PAGE_COLORS)})
    return {color: _dark(color) for color in colors}


def _dark(color: str) -> str:
    """Invert the lightness of a color, to slightly less than the full range."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*to_rgb(color))
    return to_hex(colorsys.hls_to_rgb(hue, 0.92 - 0.84 * lightness, saturation))

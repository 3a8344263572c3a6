"""Text: the glyphs of a line, how wide it is, and where to break it."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from math import ceil
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib import cbook, font_manager
from matplotlib._text_helpers import layout as lay_out_glyphs  # undocumented; see tests/draw
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.ft2font import LoadFlags
from matplotlib.mathtext import MathTextParser
from matplotlib.path import Path
from numpy.typing import NDArray

from ..messages import GdvizError, quote

Array = NDArray[np.float64]
Rectangle = tuple[float, float, float, float]

_WORD = re.compile(
    r"""(?:
        \$[^$]*\$
        | \([−\d.]+,[ ][−\d.]+\)
        | \S
        | (?<=[^\W\d])[ ](?=[=\d]) | (?<==)[ ](?=[−\d])
    )+""",
    re.VERBOSE,
)
"""A word; white space in a formula does not end it, nor in a point, nor before a number, as in
“η = 0.1”."""

_REASON = re.compile(r"Exception: (.*?)(?:, found.*)?\s*\(at char (\d+)\)", re.DOTALL)
"""Matplotlib's reason for not setting a formula, and the place in it, from zero."""

SMALLEST = 0.6
"""A word that is too wide is set smaller, but not below this share of its size."""
EM = 100.0
"""The size at which fonts are asked for their metrics, without rounding to pixels."""
_SETTINGS: tuple[Any, ...] = (
    *("font.family", "font.sans-serif", "font.serif", "font.style", "font.weight"),
    *("mathtext.fontset", "mathtext.default"),
)
"""Settings on which the glyphs of a text depend."""


@dataclass(frozen=True)
class Glyph:
    """A glyph of a font.

    Attributes
    ----------
    path : str
        The file of the font.
    index : int
        The number of the glyph in it.
    text : str
        What it stands for, to be selected and searched.
    x, y : float
        Its place in a line that is set in one point, y upwards from the baseline.
    size : float
        Its size in such a line.
    """

    path: str
    index: int
    text: str
    x: float
    y: float
    size: float


@dataclass(frozen=True)
class TextLayout:
    """A line of text set in one point.

    Attributes
    ----------
    text : str
        As it was given.
    is_math : bool
        True if there are formulas in it.
    glyphs : tuple of Glyph
    rectangles : tuple of (float, float, float, float)
        Bars of fractions and roots: left, bottom, width and height.
    left, right, bottom, top : float
        The box around all that is inked.
    """

    text: str
    is_math: bool
    glyphs: tuple[Glyph, ...]
    rectangles: tuple[Rectangle, ...]
    left: float
    right: float
    bottom: float
    top: float

    @property
    def width(self) -> float:
        """The width of what is inked."""
        return self.right - self.left


def lay_out_text(text: str) -> TextLayout:
    """Lay out a line of text, with formulas between dollar signs, in the fonts in force."""
    layout, remarks = _laid_out(text, str([mpl.rcParams[name] for name in _SETTINGS]))
    for remark in remarks:  # each time, though a process lays a text out but once
        warnings.warn(remark, stacklevel=2)
    return layout


@lru_cache(maxsize=4096)
def _laid_out(text: str, _settings: str) -> tuple[TextLayout, list[Warning | str]]:
    """A line of text, and what Matplotlib has to remark, such as a missing glyph."""
    is_math = cbook.is_math_text(text)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        glyphs, rectangles = _math(text) if is_math else (_plain(text.replace(r"\$", "$")), ())
    return _boxed(text, is_math, glyphs, rectangles), [remark.message for remark in caught]


def _boxed(
    text: str, is_math: bool, glyphs: tuple[Glyph, ...], rectangles: tuple[Rectangle, ...]
) -> TextLayout:
    """A line of text with the box around it."""
    boxes = [box for glyph in glyphs if (box := _extent(glyph))]
    boxes += [(x, y, x + across, y + up) for x, y, across, up in rectangles]
    if not boxes:
        return TextLayout(text, is_math, glyphs, rectangles, 0.0, 0.0, 0.0, 0.0)
    left, bottom, right, top = zip(*boxes, strict=True)
    box = min(left), max(right), min(bottom), max(top)
    return TextLayout(text, is_math, glyphs, rectangles, *box)


def _plain(text: str) -> tuple[Glyph, ...]:
    font = get_font(_font_paths())
    font.set_size(EM, 72)
    font.set_text(text)  # which remarks on missing glyphs; the layout does no more
    items: Iterable[Any] = lay_out_glyphs(text, font)
    return tuple(
        Glyph(
            _file_of(item.ft_object),
            # Names and heights are as in Matplotlib 3.11, or as before it.
            item.glyph_index if hasattr(item, "glyph_index") else item.glyph_idx,
            item.char,
            item.x / EM,
            getattr(item, "y", 0.0) / EM,
            1.0,
        )
        for item in items
    )


def _font_paths() -> list[str]:
    """The files of the fonts in force: what one does not have is taken from the next."""
    found: dict[str, None] = {}
    for family in mpl.rcParams["font.family"]:
        try:  # as a list, for a single text would be read as a pattern of fontconfig
            path = findfont(FontProperties(family=[family]), fallback_to_default=False)
        except ValueError:
            continue  # none of a family such as “cursive” is on this machine
        found[path] = None
    return list(found) or [findfont(FontProperties())]


def _file_of(font: Any) -> str:
    """The file of a font; since Matplotlib 3.11 the path knows its place in a collection, too."""
    kind = getattr(font_manager, "FontPath", None)
    return str(font.fname) if kind is None else kind(font.fname, font.face_index)


def _math(text: str) -> tuple[tuple[Glyph, ...], tuple[Rectangle, ...]]:
    """A line with formulas; raises GdvizError for one that Matplotlib can't set."""
    try:
        _, _, _, glyphs, rectangles = _parser().parse(text, 72, FontProperties(size=EM))
    except (ValueError, RecursionError) as error:
        said = "it is nested too deeply"
        if reason := _REASON.search(str(error)):  # which may list all that would be right
            said = reason[1] if len(reason[1]) < 60 else f"an error at its character {reason[2]}"
        raise GdvizError(f"{quote(text)} can't be set as mathematics ({said})") from error
    found = []
    for font, size, code, *index, x, y in glyphs:
        # Before Matplotlib 3.11 the number of a glyph has to be looked up.
        number = index[0] if index else font.get_char_index(code)
        found.append(Glyph(_file_of(font), number, chr(code), x / EM, y / EM, size / EM))
    return tuple(found), tuple(tuple(part / EM for part in box) for box in rectangles)


@cache
def _parser() -> Any:
    return MathTextParser("path")


@lru_cache(maxsize=4096)
def glyph_outline(path: str, index: int) -> tuple[Array, NDArray[np.uint8]]:
    """The outline of a glyph set in one point: vertices, shape (n, 2), and codes of a `Path`."""
    font: Any = get_font(path)  # which formulas, too, set to sizes of theirs
    font.set_size(EM, 72)
    font.load_glyph(index, flags=LoadFlags.NO_HINTING)
    vertices, codes = font.get_path()
    return np.asarray(vertices, float).reshape(-1, 2) / EM, np.asarray(codes, np.uint8)


def _extent(glyph: Glyph) -> tuple[float, float, float, float] | None:
    vertices, codes = glyph_outline(glyph.path, glyph.index)
    vertices = vertices[codes != Path.CLOSEPOLY]  # which are no points of the outline
    if not len(vertices):
        return None
    (left, bottom), (right, top) = vertices.min(axis=0), vertices.max(axis=0)
    x, y, size = glyph.x, glyph.y, glyph.size
    return x + size * left, y + size * bottom, x + size * right, y + size * top


def width_of(text: str, size: float) -> float:
    """Width of a line of text set in this many points."""
    return lay_out_text(text).width * size


def _broken(word: str, size: float, width: float) -> list[str]:
    """A word, in pieces where it is too wide even when it is set as small as words are."""
    times = ceil(SMALLEST * width_of(word, size) / width)
    if times < 2 or "$" in word:
        return [word]
    length = ceil(len(word) / times)
    return [word[first : first + length] for first in range(0, len(word), length)]


def fitted(text: str, size: float, width: float) -> tuple[str, float]:
    """Text broken into lines of some width at most, and the size to set it in."""
    lines: list[str] = []
    for word in (piece for found in _WORD.findall(text) for piece in _broken(found, size, width)):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, size) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    widest = max((width_of(line, size) for line in lines), default=0.0)
    return "\n".join(lines), size * max(SMALLEST, min(1.0, width / widest if widest else 1.0))

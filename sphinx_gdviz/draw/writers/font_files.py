"""Fonts for a PDF: small copies that have the glyphs of a figure, made by fontTools."""

from __future__ import annotations

import io
import logging
from dataclasses import dataclass
from functools import cache, lru_cache
from string import printable
from typing import Any

Glyphs = frozenset[int]

FEW = 6
"""As many glyphs of a font as a formula has."""


@dataclass(frozen=True)
class FontFile:
    """A font with some glyphs of another, under the same numbers.

    Attributes
    ----------
    data : bytes
        A TrueType file, or the `CFF` table of an OpenType one.
    is_truetype : bool
    box : tuple of int
        Left, bottom, right and top of its glyphs, in thousandths of its size.
    widths : dict of int to float
        The advance of each glyph, in the same unit.
    """

    data: bytes
    is_truetype: bool
    box: tuple[int, ...]
    widths: dict[int, float]


def font_file(path: str, glyphs: Glyphs) -> FontFile:
    """A copy of a font with these glyphs and, if they are not few, with those of ASCII.

    Most figures write with those alone, so that a process makes one copy for all of them; the few
    of a formula are the same in most.
    """
    return _subset(path, glyphs | _ascii(path) if len(glyphs) > FEW else glyphs)


@lru_cache(maxsize=64)
def _subset(path: str, glyphs: Glyphs) -> FontFile:
    from fontTools import subset

    options = subset.Options(
        retain_gids=True, hinting=False, layout_features=[], name_IDs=[], notdef_outline=True
    )
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "MATH", "FFTM", "OS/2", "cmap", "name", "post"]
    with _load(path) as font:
        subsetter = subset.Subsetter(options)
        subsetter.populate(gids=sorted(glyphs))
        subsetter.subset(font)
        is_truetype = "glyf" in font
        head, order, metrics = font["head"], font.getGlyphOrder(), font["hmtx"]
        unit = 1000 / head.unitsPerEm
        widths = {glyph: round(metrics[order[glyph]][0] * unit, 3) for glyph in sorted(glyphs)}
        box = tuple(round(side * unit) for side in (head.xMin, head.yMin, head.xMax, head.yMax))
        if is_truetype:
            buffer = io.BytesIO()
            font.save(buffer)
            data = buffer.getvalue()
        else:
            data = font["CFF "].compile(font)
    return FontFile(data, is_truetype, box, widths)


@cache
def _ascii(path: str) -> Glyphs:
    with _load(path) as font:
        names = font.getBestCmap() or {}
        return frozenset(font.getGlyphID(names[ord(c)]) for c in printable if ord(c) in names)


def _load(path: str) -> Any:
    from fontTools.ttLib import TTFont

    # An author can mend nothing of what fontTools finds odd in a font, such as its date.
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    return TTFont(path, fontNumber=getattr(path, "face_index", 0), recalcTimestamp=False, lazy=True)

"""The font of the pictures: a lean copy of DejaVu Sans, which Matplotlib has as its own.

Each PDF holds the part of a font that it uses, and taking that part out of the whole of DejaVu Sans
took a third of the time of a figure: its tables for ligatures, for marks and for mathematics, and
six thousand glyphs. The copy has the glyphs of `KEPT` as they are, with their kerning, and a
name of its own, as the licence beside it wants. Whatever else is written falls back to DejaVu Sans.

``python -m sphinx_gdviz.draw.fonts.subset`` makes it again from Matplotlib's.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from matplotlib import font_manager

FAMILY = "GDViz Sans"
PATH = Path(__file__).with_name("gdviz-sans.ttf")
KEPT = (
    *(range(0x20, 0x7F), range(0xA0, 0x180)),  # Latin
    range(0x370, 0x400),  # Greek
    *(range(0x2010, 0x2040), range(0x2070, 0x209D)),  # punctuation, superscripts and subscripts
    *(range(0x2190, 0x219A), range(0x2200, 0x2300)),  # arrows, mathematical operators
)
"""The characters that the copy has, of those that DejaVu Sans has."""


@cache
def register() -> None:
    """Let Matplotlib know the font."""
    font_manager.fontManager.addfont(PATH)


def make(path: Path) -> None:
    """Write the font."""
    from fontTools import subset

    options = subset.Options(
        glyph_names=True, notdef_outline=True, layout_features=["kern"], hinting=False
    )
    options.drop_tables += ["GSUB", "GDEF", "MATH", "kern", "FFTM"]
    options.name_IDs = ["*"]
    with subset.load_font(font_manager.findfont("DejaVu Sans"), options) as font:
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=[code for codes in KEPT for code in codes])
        subsetter.subset(font)
        names = {1: FAMILY, 3: FAMILY, 4: FAMILY, 6: FAMILY.replace(" ", ""), 16: FAMILY}
        for record in font["name"].names:
            if record.nameID in names:
                record.string = names[record.nameID]
        font.save(path)

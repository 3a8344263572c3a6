"""The font that comes with the package is the one that it says it is."""

from __future__ import annotations

from pathlib import Path

from fontTools.pens.recordingPen import RecordingPen
from fontTools.ttLib import TTFont
from matplotlib import font_manager

from sphinx_gdviz.draw import fonts


def outline(font: TTFont, code: int) -> tuple[object, int]:
    """The strokes of a character, and how far it moves on."""
    pen = RecordingPen()
    glyph = font.getGlyphSet()[font.getBestCmap()[code]]
    glyph.draw(pen)
    return pen.value, glyph.width


def test_characters_are_those_of_dejavu_sans() -> None:
    whole = TTFont(font_manager.findfont("DejaVu Sans"))
    lean = TTFont(fonts.PATH)
    wanted = {code for codes in fonts.KEPT for code in codes} & whole.getBestCmap().keys()
    assert lean.getBestCmap().keys() == wanted
    assert all(outline(lean, code) == outline(whole, code) for code in sorted(wanted))
    assert "GPOS" in lean, "kerning is kept"
    assert {str(name) for name in lean["name"].names if name.nameID == 1} == {fonts.FAMILY}


def test_it_can_be_made_again(tmp_path: Path) -> None:
    fonts.make(tmp_path / "again.ttf")
    again, shipped = TTFont(tmp_path / "again.ttf"), TTFont(fonts.PATH)
    assert again.getBestCmap() == shipped.getBestCmap()
    assert again.keys() == shipped.keys()

"""Drawings as PDF 1.4 (ISO 32000-1), with text that can be selected and searched."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from pathlib import PurePath

import numpy as np
from matplotlib.colors import to_rgb
from numpy.typing import NDArray

from ..drawing import Drawing, Fill, Image, Mark, Polyline, Text
from ..image import PaletteImage
from ..text import Glyph
from .coordinates import UNIT, to_unit, to_units
from .font_files import FontFile, font_file
from .raster import lightened

Array = NDArray[np.float64]
Add = Callable[[str], int]
"""Add an object to a file, and return its number."""
Stream = Callable[[str, bytes], int]
"""Add a stream with more entries in its dictionary, and return its number."""

DOTS_PER_INCH = 300.0
"""Resolution of images."""


def to_pdf(drawing: Drawing) -> bytes:
    """Write a drawing as a file of one page."""
    drawing = lightened(drawing)
    file = _File(_texts(drawing.marks))
    height = to_unit(drawing.height)
    content = "\n".join(
        [
            f"0.01 0 0 -0.01 0 {drawing.height:.6g} cm 1 j",
            f"{_color(drawing.background)} rg 0 0 {to_unit(drawing.width)} {height} re f",
            *file.operators(drawing.marks),
        ]
    )
    return file.assembled(content, drawing.width, drawing.height)


@dataclass
class _File:
    """What the page's content refers to, each under a short name.

    Attributes
    ----------
    texts : dict of str to dict
        The text of each glyph that is used of a font, by its path and number.
    images : dict of int to PaletteImage
        By identity.
    opacities : list of float
    """

    texts: dict[str, dict[int, str]]
    images: dict[int, PaletteImage] = field(default_factory=dict)
    opacities: list[float] = field(default_factory=list)

    @cached_property
    def fonts(self) -> dict[str, FontFile]:
        """The fonts by their paths."""
        return {path: font_file(path, frozenset(known)) for path, known in self.texts.items()}

    def operators(self, marks: Iterable[Mark]) -> Iterator[str]:
        """Write marks as operators of a content stream."""
        for mark in marks:
            match mark:
                case Polyline():
                    yield self._polyline(mark)
                case Fill():
                    yield _fill(mark)
                case Image():
                    yield self._image(mark)
                case Text():
                    yield from self._text(mark)

    def _polyline(self, mark: Polyline) -> str:
        outline = "".join(map(_line, mark.lines))
        dashes = " ".join(str(to_unit(length)) for length in mark.dash_lengths)
        parts = ["q", f"[{dashes}] 0 d {int(mark.is_round)} J"]
        if mark.clip:
            parts.append(f"{_line(mark.clip.outline)}W n")
        if mark.opacity < 1:
            if mark.opacity not in self.opacities:
                self.opacities.append(mark.opacity)
            parts.append(f"/G{self.opacities.index(mark.opacity)} gs")
        for color, width in filter(None, (mark.casing, (mark.color, mark.width))):
            parts.append(f"{_color(color)} RG {to_unit(width)} w {outline}S")
        return " ".join([*parts, "Q"])

    def _image(self, mark: Image) -> str:
        image, box = mark.render(DOTS_PER_INCH), mark.box
        self.images[id(image)] = image
        name = f"I{list(self.images).index(id(image))}"
        x, bottom, width, height = map(to_unit, (box.left, box.bottom, box.width, box.height))
        return f"q {width} 0 0 {-height} {x} {bottom} cm /{name} Do Q"

    def _text(self, mark: Text) -> Iterator[str]:
        turn = "0 -1 -1 0" if mark.is_upright else "1 0 0 -1"
        size = mark.size * UNIT
        yield f"q {turn} {to_unit(mark.x)} {to_unit(mark.y)} cm {_color(mark.color)} rg"
        runs = groupby(mark.layout.glyphs, key=lambda glyph: (glyph.path, glyph.size, glyph.y))
        for (path, scale, up), group in runs:
            glyphs = list(group)
            name = f"F{list(self.fonts).index(path)}"
            origin = f"1 0 0 1 {round(glyphs[0].x * size)} {round(up * size)}"
            text = _shown(glyphs, self.fonts[path].widths)
            yield f"BT /{name} {scale * size:.6g} Tf {origin} Tm {text} ET"
        for bar in mark.layout.rectangles:
            yield " ".join(str(round(part * size)) for part in bar) + " re f"
        yield "Q"

    def assembled(self, content: str, width: float, height: float) -> bytes:
        """The whole file."""
        objects: list[bytes] = []

        def add(text: str | bytes) -> int:
            objects.append(text if isinstance(text, bytes) else text.encode("ascii"))
            return len(objects)

        def stream(entries: str, data: bytes) -> int:
            packed = zlib.compress(data)
            head = f"<<{entries}/Filter/FlateDecode/Length {len(packed)}>>stream\n"
            return add(head.encode("ascii") + packed + b"\nendstream")

        add("<</Type/Catalog/Pages 2 0 R>>")
        add("<</Type/Pages/Kids[3 0 R]/Count 1>>")
        page = add("")
        body = stream("", content.encode("ascii"))
        fonts = [
            f"/F{n} {add(_font(path, font, self.texts[path], add, stream))} 0 R"
            for n, (path, font) in enumerate(self.fonts.items())
        ]
        images = [
            f"/I{n} {_image_object(image, stream)} 0 R"
            for n, image in enumerate(self.images.values())
        ]
        states = [f"/G{n}<</CA {alpha:g}/ca {alpha:g}>>" for n, alpha in enumerate(self.opacities)]
        resources = (
            f"/Font<<{''.join(fonts)}>>/XObject<<{''.join(images)}>>/ExtGState<<{''.join(states)}>>"
        )
        objects[page - 1] = (
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {width:.6g} {height:.6g}]"
            f"/Contents {body} 0 R/Resources<<{resources}>>>>"
        ).encode("ascii")
        return _with_table(objects)


def _with_table(objects: Sequence[bytes]) -> bytes:
    """A file of objects, with the table of the places where they begin."""
    file, places = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(file))
        file += f"{number} 0 obj\n".encode("ascii") + content + b"\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    count = len(objects) + 1
    end = f"trailer\n<</Size {count}/Root 1 0 R>>\nstartxref\n{len(file)}\n%%EOF\n"
    return file + f"xref\n0 {count}\n0000000000 65535 f \n{table}{end}".encode("ascii")


def _texts(marks: Iterable[Mark]) -> dict[str, dict[int, str]]:
    """The text of each glyph of some marks, by the path of its font and its number."""
    texts: dict[str, dict[int, str]] = {}
    for mark in marks:
        for glyph in mark.layout.glyphs if isinstance(mark, Text) else ():
            texts.setdefault(glyph.path, {})[glyph.index] = glyph.text
    return texts


def _font(path: str, font: FontFile, known: dict[int, str], add: Add, stream: Stream) -> str:
    """A composite font whose codes are the numbers of its glyphs (ISO 32000-1, 9.7)."""
    if font.is_truetype:
        data = stream(f"/Length1 {len(font.data)}", font.data)
        file, kind, to_glyphs = f"/FontFile2 {data} 0 R", "CIDFontType2", "/CIDToGIDMap/Identity"
    else:
        data = stream("/Subtype/CIDFontType0C", font.data)
        file, kind, to_glyphs = f"/FontFile3 {data} 0 R", "CIDFontType0", ""
    tag = hashlib.sha256(font.data).digest()[:6]
    letters = "".join(chr(ord("A") + byte % 26) for byte in tag)
    name = f"{letters}+{''.join(c for c in PurePath(path).stem if c.isalnum() and c.isascii())}"
    box = " ".join(map(str, font.box))
    descriptor = add(
        f"<</Type/FontDescriptor/FontName/{name}/Flags 4/FontBBox[{box}]/ItalicAngle 0"
        f"/Ascent {font.box[3]}/Descent {font.box[1]}/CapHeight {font.box[3]}/StemV 80{file}>>"
    )
    widths = "".join(f"{number}[{font.widths[number]:g}]" for number in sorted(known))
    descendant = add(
        f"<</Type/Font/Subtype/{kind}/BaseFont/{name}{to_glyphs}/FontDescriptor {descriptor} 0 R"
        f"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/DW 0/W[{widths}]>>"
    )
    unicode = stream("", _unicode_map(known).encode("ascii"))
    return (
        f"<</Type/Font/Subtype/Type0/BaseFont/{name}/Encoding/Identity-H"
        f"/DescendantFonts[{descendant} 0 R]/ToUnicode {unicode} 0 R>>"
    )


def _unicode_map(known: dict[int, str]) -> str:
    """The text that glyphs stand for (ISO 32000-1, 9.10.3)."""
    lines = [
        f"<{number:04x}> <{text.encode('utf-16-be').hex()}>"
        for number, text in sorted(known.items())
        if text
    ]
    blocks = [lines[first : first + 100] for first in range(0, len(lines), 100)]
    maps = "".join(f"{len(b)} beginbfchar\n" + "\n".join(b) + "\nendbfchar\n" for b in blocks)
    return (
        "/CIDInit/ProcSet findresource begin 12 dict begin begincmap\n"
        "/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def\n"
        "/CMapName/Adobe-Identity-UCS def/CMapType 2 def\n"
        f"1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n{maps}"
        "endcmap CMapName currentdict/CMap defineresource pop end end"
    )


def _image_object(image: PaletteImage, stream: Stream) -> int:
    """An image, with a mask where it is not opaque."""
    rows, columns = image.numbers.shape
    size = f"/Type/XObject/Subtype/Image/Width {columns}/Height {rows}/BitsPerComponent 8"
    opacity, mask = image.palette[:, 3].take(image.numbers), ""
    if opacity.min() < 255:
        mask = f"/SMask {stream(f'{size}/ColorSpace/DeviceGray', opacity.tobytes())} 0 R"
    if image.is_indexed:
        colors = image.palette[:, :3].tobytes().hex()
        space = f"[/Indexed/DeviceRGB {len(image.palette) - 1}<{colors}>]"
        return stream(f"{size}/ColorSpace{space}{mask}", image.numbers.tobytes())
    pixels = np.ascontiguousarray(image.pixels[..., :3])
    return stream(f"{size}/ColorSpace/DeviceRGB{mask}", pixels.tobytes())


def _shown(glyphs: Sequence[Glyph], widths: dict[int, float]) -> str:
    """The operator that shows glyphs, moved to where they belong."""
    parts, place = [], glyphs[0].x * 1000
    for glyph in glyphs:
        back = round((place - glyph.x * 1000) / glyph.size)
        if back:
            parts.append(f">{back}<")
            place = glyph.x * 1000
        parts.append(f"{glyph.index:04x}")
        place += widths[glyph.index] * glyph.size
    return f"[<{''.join(parts)}>]TJ"


def _fill(mark: Fill) -> str:
    """Polygons that are filled, or stroked, or both."""
    outlines = "".join(_line(polygon, "h ") for polygon in mark.polygons)
    settings = f"{_color(mark.color)} rg " if mark.color else ""
    if mark.edge:
        settings += f"{_color(mark.edge)} RG {to_unit(mark.edge_width)} w 0 j "
    operator = ("S" if mark.edge else "n", "B" if mark.edge else "f")[bool(mark.color)]
    return f"q {settings}{outlines}{operator} Q"


def _line(line: Array, end: str = "") -> str:
    """A polyline, without points that are the same as the one before."""
    points = to_units(line)
    kept = np.concatenate([[True], np.diff(points, axis=0).any(axis=1)])
    first, *others = points[kept].tolist()
    if not others:
        others = [first]
    return f"{first[0]} {first[1]} m " + "".join(f"{x} {y} l " for x, y in others) + end


def _color(color: str) -> str:
    return " ".join(f"{channel:.3g}" for channel in to_rgb(color))

"""Drawings as SVG, with colors for dark pages."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape

import matplotlib as mpl
import numpy as np
from matplotlib.path import Path
from numpy.typing import NDArray

from ...messages import printable
from ..drawing import Drawing, Fill, Image, Mark, Polyline, Text
from ..image import PaletteImage
from ..style import GENERIC
from ..text import glyph_outline
from .coordinates import UNIT, to_unit, to_units
from .raster import lightened

Array = NDArray[np.float64]

EM = 1000
"""Units of a glyph's outline to the size of its font."""
DOTS_PER_INCH = 192.0
"""Resolution of images: that of a screen with two device pixels to each of CSS."""
_COMMANDS = {Path.MOVETO: "M", Path.LINETO: "L", Path.CURVE3: "Q", Path.CURVE4: "C"}


def to_svg(drawing: Drawing, dark: Mapping[str, str]) -> bytes:
    """Write a drawing, with colors that stand for others on a dark page."""
    file = _File()
    body = "\n".join(file.elements(lightened(drawing).marks))
    width, height = (to_unit(side) for side in (drawing.width, drawing.height))
    paper = f'<rect width="{width}" height="{height}" fill="{drawing.background}"/>'
    written = paper + body
    rules = "".join(
        f'[{part}="{color}"]{{{part}:{turned}}}'
        for color, turned in dark.items()
        for part in ("fill", "stroke")
        if f'{part}="{color}"' in written
    )
    style = f"<style>@media (prefers-color-scheme:dark){{{rules}}}</style>" if rules else ""
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'width="{drawing.width:.6g}pt" height="{drawing.height:.6g}pt" '
        f'viewBox="0 0 {width} {height}" version="1.1">\n'
        f"<defs>{style}{''.join(file.definitions)}</defs>\n{paper}\n{body}\n</svg>\n"
    ).encode()


@dataclass
class _File:
    """What is written once and used several times, under a short name."""

    definitions: list[str] = field(default_factory=list)
    names: dict[object, str] = field(default_factory=dict)

    def elements(self, marks: Iterable[Mark]) -> Iterator[str]:
        """Write marks."""
        for mark in marks:
            match mark:
                case Polyline():
                    yield from self._polyline(mark)
                case Fill():
                    edge = _stroke(mark.edge, mark.edge_width) if mark.edge else ""
                    outline = _lines(mark.polygons, "z")
                    yield f'<path d="{outline}" fill="{mark.color or "none"}"{edge}/>'
                case Image():
                    yield self._image(mark)
                case Text():
                    yield self._text(mark)

    def define(self, key: object, write: Callable[[str], str]) -> str:
        """The name of an element that is written, with that name in it, when it is new."""
        if key not in self.names:
            self.names[key] = f"d{len(self.names)}"
            self.definitions.append(write(self.names[key]))
        return self.names[key]

    def _polyline(self, mark: Polyline) -> Iterator[str]:
        path, end = f'd="{_lines(mark.lines)}"', "round" if mark.is_round else "butt"
        clip = ""
        if mark.clip:
            outline = _lines([mark.clip.outline], "z")
            name = self.define(
                mark.clip, lambda name: f'<clipPath id="{name}"><path d="{outline}"/></clipPath>'
            )
            clip = f' clip-path="url(#{name})"'
        shape = f'fill="none" stroke-linejoin="round" stroke-linecap="{end}"{clip}'
        dashes = mark.dash_lengths
        if mark.casing:
            color, width = mark.casing
            name = f"p{len(self.names)}"
            self.names[mark] = name
            yield f'<g {shape}{_stroke(color, width, dashes)}><path id="{name}" {path}/></g>'
            yield f'<use xlink:href="#{name}" {shape}{_stroke(mark.color, mark.width, dashes)}/>'
        else:
            opacity = f' stroke-opacity="{mark.opacity:g}"' if mark.opacity < 1 else ""
            yield f"<path {path} {shape}{_stroke(mark.color, mark.width, dashes)}{opacity}/>"

    def _image(self, mark: Image) -> str:
        image, box = mark.render(DOTS_PER_INCH), mark.box
        x, y, width, height = map(to_unit, box)
        key = id(image), width, height
        name = self.define(key, lambda name: _image_element(name, image, width, height))
        return f'<use xlink:href="#{name}" x="{x}" y="{y}"/>'

    def _text(self, mark: Text) -> str:
        layout, scale = mark.layout, mark.size * UNIT / EM
        x, y = to_unit(mark.x), to_unit(mark.y)
        if mpl.rcParams["svg.fonttype"] == "none" and not layout.is_math:
            families = ", ".join(
                family if family in GENERIC else f"'{escape(family)}'"
                for family in mpl.rcParams["font.family"]
            )
            turn = f' transform="rotate(-90 {x} {y})"' if mark.is_upright else ""
            # Of the width that was measured, whatever font a reader has; the space after the last
            # letter is taken to be that before the first.
            length = to_unit((layout.left + layout.right) * mark.size)
            text = escape(printable(layout.text))
            return (
                f'<text x="{x}" y="{y}" fill="{mark.color}" font-size="{to_unit(mark.size)}" '
                f'font-family="{families}" textLength="{length}" '
                f'lengthAdjust="spacingAndGlyphs"{turn}>{text}</text>'
            )
        uses = []
        for glyph in layout.glyphs:
            outline = _glyph(glyph.path, glyph.index)
            if outline:
                name = self.define(
                    (glyph.path, glyph.index),
                    lambda name, d=outline: f'<path id="{name}" d="{d}"/>',  # type: ignore[misc]
                )
                uses.append(f'<use xlink:href="#{name}"{_place(glyph.x, glyph.y, glyph.size)}/>')
        uses += [
            f'<rect x="{_em(left)}" y="{_em(low)}" width="{_em(across)}" height="{_em(up)}"/>'
            for left, low, across, up in layout.rectangles
        ]
        turn = (
            f"0 {-scale:.4g} {-scale:.4g} 0" if mark.is_upright else f"{scale:.4g} 0 0 {-scale:.4g}"
        )
        return f'<g fill="{mark.color}" transform="matrix({turn} {x} {y})">{"".join(uses)}</g>'


def _image_element(name: str, image: PaletteImage, width: int, height: int) -> str:
    data = base64.b64encode(image.png()).decode()
    return (
        f'<image id="{name}" width="{width}" height="{height}" preserveAspectRatio="none" '
        f'xlink:href="data:image/png;base64,{data}"/>'
    )


def _stroke(color: str, width: float, dashes: Sequence[float] = ()) -> str:
    dashed = f' stroke-dasharray="{" ".join(str(to_unit(d)) for d in dashes)}"' if dashes else ""
    return f' stroke="{color}" stroke-width="{to_unit(width)}"{dashed}'


def _lines(lines: Iterable[Array], end: str = "") -> str:
    """Outlines of polylines, each from its first point in steps."""
    return "".join(_steps(to_units(line), end) for line in lines if len(line))


def _steps(points: NDArray[np.int64], end: str) -> str:
    steps = np.diff(points, axis=0)
    steps = steps[steps.any(axis=1)]
    x, y = points[0].tolist()
    if not len(steps):
        return f"M{x} {y}h0"
    return f"M{x} {y}l{' '.join(map(str, steps.ravel().tolist()))}{end}".replace(" -", "-")


def _em(length: float) -> int:
    return round(length * EM)


def _place(x: float, y: float, size: float) -> str:
    """The place of a glyph in its line, and its size there."""
    if size != 1:
        return f' transform="translate({_em(x)} {_em(y)}) scale({size:.4g})"'
    return (f' x="{_em(x)}"' if _em(x) else "") + (f' y="{_em(y)}"' if _em(y) else "")


@lru_cache(maxsize=4096)
def _glyph(path: str, index: int) -> str:
    vertices, codes = glyph_outline(path, index)
    points = np.rint(vertices * EM).astype(int).tolist()
    parts = []
    for (x, y), code, before in zip(points, codes.tolist(), [0, *codes.tolist()], strict=False):
        if code == Path.CLOSEPOLY:
            parts.append("z")
        else:
            # The points after the first one of a curve belong to it.
            goes_on = code == before and code in (Path.CURVE3, Path.CURVE4)
            parts.append(f"{'' if goes_on else _COMMANDS[code]}{x} {y} ")
    return "".join(parts).strip().replace(" -", "-")

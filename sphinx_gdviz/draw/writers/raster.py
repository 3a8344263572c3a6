"""Marks as pixels: whole drawings, and parts that would be megabytes of outlines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_rgba
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, Bbox, Transform
from numpy.typing import NDArray

from ..drawing import POINTS, Box, Drawing, Fill, Image, Mark, Marker, Polyline, Text
from ..image import PaletteImage
from ..text import glyph_outline

Array = NDArray[np.float64]

MANY = 4000
"""A mark of more points is put into a vector file as an image."""


def lightened(drawing: Drawing) -> Drawing:
    """A drawing in which markers are lines or polygons, and marks of very many points images."""
    return replace(drawing, marks=tuple(_lightened(mark, drawing) for mark in drawing.marks))


def _lightened(mark: Mark, drawing: Drawing) -> Mark:
    """A mark, or an image of what can be seen of it."""
    match mark:
        case Marker():
            return _lightened(mark.painted(), drawing)
        case Polyline(lines=lines, clip=clip, opacity=1.0):  # isolines stay lines
            outlines, box = lines, clip
        case Fill(polygons=polygons):
            outlines, box = polygons, None
        case _:
            return mark
    if sum(map(len, outlines)) <= MANY:
        return mark
    points, box = np.concatenate(outlines), box or Box(0, 0, drawing.width, drawing.height)
    low = np.maximum(points.min(axis=0) - 6, [box.left, box.top])
    high = np.minimum(points.max(axis=0) + 6, [box.right, box.bottom])
    place = Box(*low.tolist(), *(high - low).tolist())

    @cache
    def render(dots_per_inch: float) -> PaletteImage:
        pixels = paint([mark], place, dots_per_inch)
        packed = np.ascontiguousarray(pixels).view(np.uint32)[..., 0]
        colors, numbers = np.unique(packed, return_inverse=True)
        palette = colors.view(np.uint8).reshape(-1, 4)
        return PaletteImage(numbers.reshape(packed.shape), palette)

    return Image(box=place, render=render, layer=mark.layer)


def paint(marks: Sequence[Mark], place: Box, dots_per_inch: float) -> NDArray[np.uint8]:
    """Paint marks that lie in a part of the page.

    Returns
    -------
    ndarray of uint8, shape (rows, columns, 4)
        Red, green, blue and opacity, the first row at the top.
    """
    scale = dots_per_inch / POINTS
    width, height = max(1, round(place.width * scale)), max(1, round(place.height * scale))
    renderer: Any = RendererAgg(width, height, dots_per_inch)  # type: ignore[no-untyped-call]
    painter = _Painter(renderer, place, scale, height)
    for mark in marks:
        painter.paint(mark)
    return np.array(painter.renderer.buffer_rgba(), np.uint8)


class _Painter:
    """Matplotlib's renderer, which counts rows of pixels upwards from the lower edge."""

    def __init__(self, renderer: Any, place: Box, scale: float, height: int) -> None:
        self.renderer, self.scale, self.height = renderer, scale, height
        self.to_pixels = Affine2D().translate(-place.left, -place.top).scale(scale, -scale)
        self.to_pixels.translate(0, height)

    def paint(self, mark: Mark) -> None:
        """Paint one mark."""
        match mark:
            case Marker():
                self.paint(mark.painted())
            case Polyline():
                path = _compound(mark.lines)
                for color, width in filter(None, (mark.casing, (mark.color, mark.width))):
                    self._stroke(path, color, width, mark)
            case Fill():
                path = _compound(mark.polygons, is_closed=True)
                self._path(path, self.to_pixels, mark.color, mark.edge, mark.edge_width)
            case Image():
                self._image(mark)
            case Text():
                self._text(mark)

    def _stroke(self, path: Path, color: str, width: float, mark: Polyline) -> None:
        gc = self.renderer.new_gc()
        gc.set_foreground(to_rgba(color, mark.opacity), isRGBA=True)
        gc.set_linewidth(width)
        gc.set_capstyle("round" if mark.is_round else "butt")
        gc.set_joinstyle("round")
        if mark.is_round:
            gc.set_snap(False)  # which would leave nothing of a dot
        if mark.dashes:
            gc.set_dashes(0, mark.dash_lengths)
        if mark.clip:
            corners = self.to_pixels.transform(mark.clip.outline[[3, 1]])
            gc.set_clip_rectangle(Bbox(corners))
        self.renderer.draw_path(gc, path, self.to_pixels)

    def _path(
        self, path: Path, transform: Transform, color: str, edge: str = "", edge_width: float = 0.0
    ) -> None:
        gc = self.renderer.new_gc()
        gc.set_linewidth(edge_width if edge else 0.0)
        if edge:
            gc.set_foreground(edge)
        gc.set_joinstyle("miter")
        self.renderer.draw_path(gc, path, transform, to_rgba(color) if color else None)

    def _image(self, mark: Image) -> None:
        image = mark.render(self.scale * POINTS)
        corners = self.to_pixels.transform(mark.box.outline[[0, 2]])
        (left, top), (right, bottom) = np.rint(corners).astype(int).tolist()
        rows, columns = max(1, top - bottom), max(1, right - left)
        high, wide = image.numbers.shape
        if (rows, columns) != (high, wide):  # of each pixel the nearest one of the image
            row = ((np.arange(rows) + 0.5) * high / rows).astype(int)
            column = ((np.arange(columns) + 0.5) * wide / columns).astype(int)
            image = replace(image, numbers=image.numbers[row].take(column, axis=1))
        if np.isin(image.palette[:, 3], (0, 255)).all():  # there is nothing to be blended
            canvas = np.asarray(self.renderer.buffer_rgba())[self.height - top :, left:]
            place = canvas[:rows, :columns]
            pixels = image.pixels[: place.shape[0], : place.shape[1]]
            np.copyto(place, pixels, where=pixels[..., 3:] > 0)
        else:
            self.renderer.draw_image(self.renderer.new_gc(), left, bottom, image.pixels[::-1])

    def _text(self, mark: Text) -> None:
        parts = []
        for glyph in mark.layout.glyphs:
            vertices, codes = glyph_outline(glyph.path, glyph.index)
            if len(vertices):
                parts.append(Path(vertices * glyph.size + [glyph.x, glyph.y], codes))
        parts += [
            Path(Box(x, y, across, up).outline, closed=True)
            for x, y, across, up in mark.layout.rectangles
        ]
        if parts:
            turn = Affine2D().scale(mark.size, -mark.size)
            turn.rotate_deg(-90 if mark.is_upright else 0).translate(mark.x, mark.y)
            path = Path.make_compound_path(*parts)
            self._path(path, turn + self.to_pixels, mark.color)


def _compound(lines: Sequence[Array], *, is_closed: bool = False) -> Path:
    """All lines as one path."""
    if is_closed:
        lines = [np.concatenate([line, line[:1]]) for line in lines]
    return Path.make_compound_path(*(Path(line, closed=is_closed) for line in lines))

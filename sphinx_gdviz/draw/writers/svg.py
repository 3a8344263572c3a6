"""Additions to Matplotlib's SVG: small images and outlines, and colours for dark pages."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..image import ImagePlace, PaletteImage

_PLACE = re.compile(r'<g id="image-place-(\d+)">\s*<path d="([^"]*)"[^>]*>\s*</g>')
_NUMBER = re.compile(r"-?[\d.]+")
_OUTLINE = re.compile(r'(?<= d=")[^"]*')
_LONG = re.compile(r"(\.\d\d)\d+")
"""A coordinate with more digits than a hundredth of a point has."""
_DEFINITIONS = re.compile(r"<defs>\s*<style[^>]*>(.*?)</style>\s*</defs>", re.DOTALL)


def finish(svg: str, places: Sequence[ImagePlace], rules: str) -> str:
    """The SVG of a figure as it is kept.

    Parameters
    ----------
    svg : str
        As Matplotlib wrote it, with places where its images belong.
    places : sequence of ImagePlace
        The images.
    rules : str
        Rules of CSS to put into it.
    """
    first: dict[tuple[PaletteImage, str, str], tuple[str, float, float]] = {}

    def write(place: re.Match[str]) -> str:
        image = places[int(place[1])].image
        corners = [float(number) for number in _NUMBER.findall(place[2])]
        x, y = min(corners[::2]), min(corners[1::2])
        width, height = f"{max(corners[::2]) - x:.4f}", f"{max(corners[1::2]) - y:.4f}"
        if (image, width, height) in first:
            name, x0, y0 = first[image, width, height]
            return f'<use xlink:href="#{name}" transform="translate({x - x0:.6g} {y - y0:.6g})"/>'
        name = f"image-{len(first) + 1}"
        first[image, width, height] = name, x, y
        return (
            f'<image id="{name}" x="{x:.6g}" y="{y:.6g}" width="{width}" height="{height}" '
            f'preserveAspectRatio="none" xlink:href="data:image/png;base64,{image.png()}"/>'
        )

    svg = _OUTLINE.sub(lambda outline: _LONG.sub(r"\1", outline[0]), _PLACE.sub(write, svg))
    return _DEFINITIONS.sub(
        lambda found: f'<defs><style type="text/css">{found[1]}{rules}</style></defs>', svg, count=1
    )

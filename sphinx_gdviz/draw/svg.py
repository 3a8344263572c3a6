"""What Matplotlib's SVG still lacks: images and outlines written small, colours for dark pages."""

from __future__ import annotations

import base64
import io
import re

import numpy as np
from PIL import Image

_IMAGE = re.compile(
    r'<image xlink:href="data:image/png;base64,(?P<data>[^"]*)" id="(?P<id>\w+)"(?P<size>[^>]*?) '
    r'transform="matrix\((?P<scale>\S+ \S+ \S+ \S+) (?P<x>\S+) (?P<y>\S+)\)"'
    r'(?: style="[^"]*")?/>'
)
_OUTLINE = re.compile(r'(?<= d=")[^"]*')
_LONG = re.compile(r"(\.\d\d)\d+")
"""A coordinate with more digits than a hundredth of a point has."""
_DEFINITIONS = re.compile(r"<defs>\s*<style[^>]*>(.*?)</style>\s*</defs>", re.DOTALL)


def finish(svg: str, rules: str) -> str:
    """The SVG of a figure as it is kept.

    Parameters
    ----------
    svg : str
        As Matplotlib wrote it. An image that several panels show stands in it several times with
        the same id, which no validator takes.
    rules : str
        Rules of CSS to put into it.
    """
    first: dict[tuple[str, str], tuple[str, float, float]] = {}

    def write(image: re.Match[str]) -> str:
        key, x, y = (image["id"], image["scale"]), float(image["x"]), float(image["y"])
        if key in first:
            name, x0, y0 = first[key]
            return f'<use xlink:href="#{name}" transform="translate({x - x0:.6g} {y - y0:.6g})"/>'
        name = f"image-{len(first) + 1}"
        first[key] = name, x, y
        # Matplotlib's wish for hard-edged pixels goes: a page is looked at in many sizes.
        return (
            f'<image xlink:href="data:image/png;base64,{_packed(image["data"])}" '
            f'id="{name}"{image["size"]} '
            f'transform="matrix({image["scale"]} {image["x"]} {image["y"]})"/>'
        )

    svg = _OUTLINE.sub(lambda outline: _LONG.sub(r"\1", outline[0]), _IMAGE.sub(write, svg))
    return _DEFINITIONS.sub(
        lambda found: f'<defs><style type="text/css">{found[1]}{rules}</style></defs>', svg, count=1
    )


def _packed(data: str) -> str:
    """An image with a palette, where 256 colours are enough: a third of the bytes."""
    with Image.open(io.BytesIO(base64.b64decode(data))) as image:
        pixels = np.asarray(image.convert("RGBA"))
    colours, places = np.unique(pixels.view("<u4")[..., 0], return_inverse=True)
    if len(colours) > 256:
        return data
    palette = colours.astype("<u4").view(np.uint8).reshape(-1, 4)
    small = Image.fromarray(places.astype(np.uint8).reshape(pixels.shape[:2]), "P")
    small.putpalette(palette[:, :3].tobytes())
    buffer = io.BytesIO()
    small.save(buffer, "png", transparency=palette[:, 3].tobytes())
    return base64.b64encode(buffer.getvalue()).decode()

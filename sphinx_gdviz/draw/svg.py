"""What Matplotlib's SVG still lacks: an image that several panels show, written once."""

from __future__ import annotations

import re

_IMAGE = re.compile(
    r'<image xlink:href="(?P<data>[^"]*)" id="(?P<id>\w+)"(?P<size>[^>]*?) transform="matrix\('
    r'(?P<scale>\S+ \S+ \S+ \S+) (?P<x>\S+) (?P<y>\S+)\)"(?: style="[^"]*")?/>'
)


def share_images(svg: str) -> str:
    """Write each embedded image once, and refer to it wherever it stands again.

    Matplotlib repeats it, with the same id each time, which no validator takes. Its wish for
    hard-edged pixels goes too: a page is looked at in many sizes.
    """
    first: dict[tuple[str, str], tuple[str, float, float]] = {}

    def write(image: re.Match[str]) -> str:
        key, x, y = (image["id"], image["scale"]), float(image["x"]), float(image["y"])
        if key in first:
            name, x0, y0 = first[key]
            return f'<use xlink:href="#{name}" transform="translate({x - x0:.6g} {y - y0:.6g})"/>'
        name = f"image-{len(first) + 1}"
        first[key] = name, x, y
        return (
            f'<image xlink:href="{image["data"]}" id="{name}"{image["size"]} '
            f'transform="matrix({image["scale"]} {image["x"]} {image["y"]})"/>'
        )

    return _IMAGE.sub(write, svg)

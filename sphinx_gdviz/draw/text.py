"""Text that has to fit: how wide it is, and where to break it."""

from __future__ import annotations

import re
from functools import lru_cache
from math import ceil

import matplotlib as mpl
from matplotlib.textpath import TextPath

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

SMALLEST = 0.6
"""A word that is too wide is set smaller, but not below this share of its size."""


def _broken(word: str, size: float, width: float) -> list[str]:
    """A word, in pieces where it is too wide even when it is set as small as words are."""
    times = ceil(SMALLEST * width_of(word, size) / width)
    if times < 2 or "$" in word:
        return [word]
    length = ceil(len(word) / times)
    return [word[first : first + length] for first in range(0, len(word), length)]


def width_of(text: str, size: float) -> float:
    """Width in inches of a line of text set in this many points."""
    return _width(text, tuple(mpl.rcParams["font.family"])) * size


@lru_cache(maxsize=4096)
def _width(text: str, _family: tuple[str, ...]) -> float:
    """Width in inches of a line set in one point; numbers come up again and again."""
    if not text.strip():
        return 0.0
    return float(TextPath((0, 0), text, size=100).get_extents().width) / 7200


def fitted(text: str, size: float, width: float) -> tuple[str, float]:
    """Text broken into lines that are not wider than some inches, and the size to set it in."""
    lines: list[str] = []
    for word in (piece for found in _WORD.findall(text) for piece in _broken(found, size, width)):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, size) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    widest = max((width_of(line, size) for line in lines), default=0.0)
    return "\n".join(lines), size * max(SMALLEST, min(1.0, width / widest if widest else 1.0))

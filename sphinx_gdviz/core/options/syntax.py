"""Pieces of option text, and the values of Python that may stand in their place.

Each reader takes either: text as an author writes it, or numbers, lists, tuples and arrays.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any

from ...messages import GdvizError, did_you_mean, quote
from ..expr.call import read_ratio

if TYPE_CHECKING:
    from ..experiment import Style

NARROWEST = 25
"""The least percentage of a page's width that a figure is drawn at."""
INCHES = {
    "in": 1.0,
    "cm": 1 / 2.54,
    "mm": 1 / 25.4,
    "pt": 1 / 72,
    "pc": 1 / 6,
    "px": 1 / 96,
    "": 1 / 96,
}
"""Inches to the units of CSS that have a length on paper."""
WIDEST = 40.0
"""The most inches that a figure may be wide."""


def is_sequence(value: Any) -> bool:
    """Tell whether a value has parts, as a text with separators has."""
    return isinstance(value, (list, tuple)) or getattr(value, "ndim", 0) > 0  # an array


def read_parts(value: Any, separator: str, example: str) -> list[Any]:
    """The parts of a text between separators, or the items of a sequence.

    Raises
    ------
    GdvizError
        If there is none, or an empty one.
    """
    if is_sequence(value):
        parts = list(value)
    else:
        parts = _split(value, separator) if _is_text(value) else [value]
    if not parts or "" in [part for part in parts if _is_text(part)]:
        empty = not parts or (_is_text(value) and not value.strip())
        what = "nothing is written" if empty else f"{quote(value)} has an empty part"
        raise GdvizError(f"{what}; write {example}")
    return parts


def _split(text: str, separator: str) -> list[str]:
    """The parts of a text, which may stand in brackets as a list or tuple of Python does."""
    text = text.strip()
    if separator in text and (text[0], text[-1]) in (("[", "]"), ("(", ")")):
        text = text[1:-1]
    return [part.strip() for part in text.split(separator)]


def read_real(value: Any, example: str) -> float:
    """A finite number."""
    if isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value):
        return float(value)
    return read_ratio(str(value), example)


def read_reals(value: Any, example: str) -> list[float]:
    """Numbers between commas."""
    return [read_real(part, example) for part in read_parts(value, ",", example)]


def read_unique(values: list[Any], written: Any, what: str) -> tuple[Any, ...]:
    """Values of which no two are equal."""
    if len(set(values)) < len(values):
        raise GdvizError(f"{quote(written)} has {what} twice; write each once")
    return tuple(values)


def whole_number(low: int, high: int) -> Callable[[Any], int]:
    """Make a reader of whole numbers within limits."""
    example = f"a whole number from {low} to {high}"

    def read(value: Any) -> int:
        text = str(value).strip()
        # [0-9]: int() would take underscores and digits of other scripts too.
        is_whole = isinstance(value, Integral) or re.fullmatch(r"[+-]?[0-9]{1,18}", text)
        if isinstance(value, bool) or not is_whole or not low <= int(text) <= high:
            raise GdvizError(f"{quote(value)} is not {example}")
        return int(text)

    return read


def read_range(value: Any) -> tuple[float, float]:
    """Two numbers, the lower one first, that are far enough apart to be drawn."""
    example = "two numbers, low, high, such as -2.5, 2.5"
    values = read_reals(value, example)
    if len(values) != 2:
        raise GdvizError(f"{quote(value)} is not a range; write {example}")
    low, high = values
    if not low < high:
        raise GdvizError(f"{quote(value)}: {low:g} is not below {high:g}; write {example}")
    size = max(abs(low), abs(high))
    if not 1e-290 < size < 1e290 or high - low < 1e-9 * size:
        raise GdvizError(f"{quote(value)} is too wide or too narrow to draw; write {example}")
    return low, high


def names_of(kind: str, known: tuple[str, ...]) -> Callable[[Any], tuple[str, ...]]:
    """Make a reader of known names, each of which may be written once."""
    example = f"one or more of {', '.join(known)}"

    def read(value: Any) -> tuple[str, ...]:
        names = read_parts(value, ",", example)
        for name in names:
            if name not in known:
                near = did_you_mean(str(name), known).removesuffix("?")
                raise GdvizError(f"{quote(name)} is not a {kind}{near}; write {example}")
        return read_unique(names, value, f"a {kind}")

    return read


def read_flag(value: Any) -> bool:
    """An option that is set by being written, and may be switched off where that is usual."""
    word = ("" if value else "no") if isinstance(value, bool) else str(value).strip().lower()
    if word not in ("", "yes", "true", "no", "false"):
        raise GdvizError(f"{quote(value)} is not needed; write nothing, or no where it is usual")
    return word not in ("no", "false")


def read_width(value: Any) -> str:
    """A length on paper in inches, or a percentage of the usual width."""
    example = (
        f"a percentage from {NARROWEST} to 100, such as 66%, "
        "or a length in in, cm, mm, pt, pc or px"
    )
    match = re.fullmatch(r"([0-9]+(?:\.[0-9]*)?|\.[0-9]+)\s*([a-z]*|%)", str(value).strip())
    if not match or (match[2] != "%" and match[2] not in INCHES):
        raise GdvizError(f"{quote(value)} is not a width to draw at; write {example}")
    size = float(match[1])
    if match[2] == "%":
        if not NARROWEST <= size <= 100:
            raise GdvizError(f"{quote(value)} is too narrow or too wide; write {example}")
        return f"{size:.6g}%"
    inches = size * INCHES[match[2]]
    if not 1.6 <= inches <= WIDEST:
        raise GdvizError(f"{quote(value)} is {inches:.3g} inches; write 1.6 to {WIDEST:g} of them")
    return f"{inches:.6g}in"


def read_style(value: str | Mapping[Any, Any]) -> Style:
    """The name of a style sheet, or settings in an order that does not depend on how they stand."""
    if isinstance(value, str):
        return value
    return tuple(sorted((str(name), _as_data(setting)) for name, setting in value.items()))


def _as_data(value: Any) -> Any:
    """A setting of Matplotlib as JSON can have it; anything else, such as a cycler, as text."""
    if isinstance(value, (list, tuple)):
        return tuple(_as_data(item) for item in value)
    return value if value is None or isinstance(value, (str, int, float)) else str(value)


def read_chapter(text: str) -> tuple[int, ...]:
    """The prefix of a pinned number: “22” or “22.3”."""
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,6}){0,3}", text.strip()):
        raise GdvizError(f"{quote(text)} is not a chapter; write its number, such as 22 or 22.3")
    return tuple(int(part) for part in text.strip().split("."))


def _is_text(value: Any) -> bool:
    return isinstance(value, str)

"""Calls: settings that an author writes in brackets, as in ``adam(beta1=0.8, lr=0.02)``.

They are read as text, and nothing is ever called.
"""

from __future__ import annotations

import math
import re
from typing import NamedTuple

from ...messages import GdvizError, quote

_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
_CALL = re.compile(r"\s*([A-Za-z][\w-]*)\s*(?:\((.*)\)\s*)?", re.DOTALL)


class Call(NamedTuple):
    """A name, and the texts in brackets: those by position, and those by name."""

    name: str
    positional: tuple[str, ...] = ()
    named: tuple[tuple[str, str], ...] = ()


def read_call(text: str, example: str) -> Call:
    """Read a name with or without brackets.

    Parameters
    ----------
    text : str
        The text of an author.
    example : str
        A text that would be right, for messages.

    Raises
    ------
    GdvizError
        If it is something else, or has a setting twice.
    """
    match = _CALL.fullmatch(text)
    if not match:
        raise GdvizError(f"{quote(text)} is not a name with settings in brackets; write {example}")
    name, inside = match.groups()
    positional: list[str] = []
    named: dict[str, str] = {}
    for part in inside.split(",") if inside and inside.strip() else ():
        key, equals, value = (piece.strip() for piece in part.partition("="))
        if not key or (equals and not value):
            raise GdvizError(f"{quote(text)} has an empty part; write {example}")
        if not equals:
            if named:
                raise GdvizError(f"{quote(part)} in {quote(text)} has no name; write {example}")
            positional.append(key)
        elif key in named:
            raise GdvizError(f"{quote(text)} has {key} twice; write each once")
        else:
            named[key] = value
    return Call(name, tuple(positional), tuple(named.items()))


def read_ratio(text: str, example: str) -> float:
    """A finite number, or a fraction of two: ``0.125``, ``1/8``.

    Raises
    ------
    GdvizError
        If it is anything else.
    """
    above, slash, below = text.partition("/")
    if not slash:
        return read_number(text, example)
    divisor = read_number(below, example)
    if divisor == 0:
        raise GdvizError(f"{quote(text)} divides by zero; write {example}")
    ratio = read_number(above, example) / divisor
    if math.isinf(ratio):
        raise GdvizError(f"{quote(text)} is not a finite number; write {example}")
    return ratio


def read_number(text: str, example: str) -> float:
    """A finite number in ASCII digits.

    Raises
    ------
    GdvizError
        If it is anything else.
    """
    # float() would take underscores, digits of other scripts, and words for infinity too.
    text = text.strip().replace("−", "-")  # as it stands in our own texts
    if not _NUMBER.fullmatch(text) or math.isinf(float(text)):
        words = ("inf", "infinity", "nan")
        infinite = _NUMBER.fullmatch(text) or text.lstrip("+-").lower() in words
        what = "a finite number" if infinite else "a number"
        raise GdvizError(f"{quote(text)} is not {what}; write {example}")
    return float(text)

"""Places in a figure, and what is drawn at them: ``start; step 0..3; saddle 2; -0.5, 1``."""

from __future__ import annotations

import re
from typing import Any

from ...messages import GdvizError, did_you_mean, quote
from ..experiment import MARKS
from ..places import Place
from .syntax import is_sequence, read_parts, read_reals, read_unique

KINDS = ("start", "end", "step", *MARKS.values())
EXAMPLE = "places such as start; end; step 5; minimum; saddle 2; -0.5, 1"
MAX_PLACES = 24

_NAMED = re.compile(r"([A-Za-z]+)(?: ([0-9]{1,9})(?:\.\.([0-9]{1,9}))?)?(?: of run ([1-9][0-9]?))?")


def read_place(value: Any) -> Place:
    """Read a place: a name with a number, or a point.

    Raises
    ------
    GdvizError
        If it is none.
    """
    match = None if is_sequence(value) else _NAMED.fullmatch(" ".join(str(value).split()))
    if not match:
        return Place("point", point=tuple(read_reals(value, EXAMPLE)))
    kind, first, last, run = match.groups()
    if kind not in KINDS:
        near = did_you_mean(kind, KINDS) or ";"
        raise GdvizError(f"{quote(kind)} is no place{near} write {EXAMPLE}")
    is_step, is_critical = kind == "step", kind in MARKS.values()
    is_wrong = (
        (is_step and first is None)
        or (last is not None and (not is_step or int(last) < int(first)))
        or (first is not None and not is_step and (not is_critical or int(first) < 1))
        or (run is not None and is_critical)
    )
    if is_wrong:
        raise GdvizError(f"{quote(value)} is no place; write {EXAMPLE}")
    begin = int(first or 1)
    return Place(kind, begin, int(last or begin), int(run or 0))


def read_places(value: Any) -> tuple[Place, ...]:
    """Read places between semicolons, or a sequence of them."""
    places = [read_place(part) for part in read_parts(value, ";", EXAMPLE)]
    if len(places) > MAX_PLACES:
        raise GdvizError(f"{len(places)} places are too many; write {MAX_PLACES} at most")
    return read_unique(places, value, "a place")

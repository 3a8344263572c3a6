"""Places in a figure, and what is drawn at them: ``start; step 0..3; saddle 2; -0.5, 1``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ...messages import GdvizError, did_you_mean, quote
from ..budget import MAX_TITLE
from ..experiment import MARKS
from ..places import MODEL_KINDS, ModelAt, Note, Place
from .syntax import is_sequence, read_parts, read_reals, read_unique

KINDS = ("start", "end", "step", *MARKS.values())
EXAMPLE = "places such as start; end; step 5; minimum; saddle 2; -0.5, 1"
MAX_PLACES = 24
MAX_NUMBERS = 100
EXAMPLE_OF_MODELS = "models such as tangent at step 0..3; quadratic at start; chord 1, 2"
EXAMPLE_OF_LABELS = "places and texts, such as start = far out; minimum = lowest"

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


def split_texts(value: Any) -> list[str]:
    """Texts between semicolons, but for those in formulas."""
    if is_sequence(value):
        return [str(part) for part in value]
    return [part.strip() for part in re.findall(r"((?:\$[^$]*\$|[^;])*)(?:;|$)", str(value))[:-1]]


def read_labels(value: Any) -> tuple[Note, ...]:
    """Read places and the texts at them: ``start = far out; -0.5, 1 = the ridge``, or a mapping."""
    if isinstance(value, Mapping):
        pairs = [(place, "=", str(text)) for place, text in value.items()]
    else:
        pairs = [part.partition("=") for part in split_texts(value)]
    notes = []
    for place, equals, text in pairs:
        said = " ".join(text.split())
        if not equals or not said:
            raise GdvizError(f"{quote(place)} has no text; write {EXAMPLE_OF_LABELS}")
        if len(said) > MAX_TITLE:
            raise GdvizError(f"{quote(said)} has {len(said)} characters; {MAX_TITLE} are the most")
        notes.append(Note(read_place(place), said))
    if len(notes) > MAX_PLACES:
        raise GdvizError(f"{len(notes)} labels are too many; write {MAX_PLACES} at most")
    return read_unique(notes, value, "a label")


def read_numbers(value: Any) -> tuple[int, int]:
    """Read the steps of the iterates that are numbered: ``0..5``, or ``3`` for one."""
    match = re.fullmatch(r"([0-9]{1,9})(?:\.\.([0-9]{1,9}))?", str(value).strip())
    if not match or int(match[2] or match[1]) < int(match[1]):
        raise GdvizError(f"{quote(value)} are no steps; write the first and the last, such as 0..5")
    first, last = int(match[1]), int(match[2] or match[1])
    if last - first >= MAX_NUMBERS:
        raise GdvizError(f"{last - first + 1} numbers are too many; write {MAX_NUMBERS} at most")
    return first, last


def read_names(value: Any) -> tuple[str, ...]:
    """Read names of axes between semicolons."""
    names = tuple(" ".join(name.split()) for name in split_texts(value))
    for name in names:
        if len(name) > MAX_TITLE:
            raise GdvizError(f"{quote(name)} has {len(name)} characters; {MAX_TITLE} are the most")
    return names


def read_models(value: Any) -> tuple[ModelAt, ...]:
    """Read models and their places: ``tangent at step 0..3; quadratic at start; chord 1, 2``."""
    models = []
    for part in read_parts(value, ";", EXAMPLE_OF_MODELS):
        word, _, rest = " ".join(str(part).split()).partition(" ")
        kind = next((known for known in MODEL_KINDS if known == word), None)
        if kind is None:
            near = did_you_mean(word, MODEL_KINDS) or ";"
            raise GdvizError(f"{quote(word)} is no model{near} write {EXAMPLE_OF_MODELS}")
        if kind == "chord":
            ends = read_reals(rest, "two ends, such as chord 1, 2")
            if len(ends) != 2 or ends[0] == ends[1]:
                raise GdvizError(f"{quote(part)} has no two ends; write chord 1, 2")
            models.append(ModelAt(kind, ends=(min(ends), max(ends))))
        elif not rest.startswith("at "):
            raise GdvizError(f"{quote(part)} has no place; write {EXAMPLE_OF_MODELS}")
        else:
            models.append(ModelAt(kind, read_place(rest.removeprefix("at "))))
    if len(models) > MAX_PLACES:
        raise GdvizError(f"{len(models)} models are too many; write {MAX_PLACES} at most")
    return read_unique(models, value, "a model")

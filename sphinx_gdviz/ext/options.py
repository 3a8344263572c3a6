"""Option text to an Experiment, with messages that an author understands.

Nothing here knows of docutils: text comes in, values or mistakes go out.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.experiment import MARKS, SCALES, VIEWS, Experiment, Point
from ..core.formula import FormulaError, quote
from ..core.losses import CATALOGUE, Range, find_loss
from .messages import Mistake, nearest

MAX_PANELS = 12
MAX_STARTS = 24
MAX_LEVELS = 100
NARROWEST = 25
"""The least percentage of a page's width that a figure is drawn at."""
MAX_ITERATES = 2_000_000
"""The most iterates of all runs of a figure together."""


class OptionError(ValueError):
    """The text of an option can't be read; the message is for the author."""


_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")


def _number(text: str, example: str) -> float:
    # float() would take underscores, digits of other scripts, and words for infinity too.
    if not _NUMBER.fullmatch(text) or math.isinf(float(text)):
        infinite = _NUMBER.fullmatch(text) or text.lstrip("+-").lower() in (
            "inf",
            "infinity",
            "nan",
        )
        what = "a finite number" if infinite else "a number"
        raise OptionError(f"{quote(text)} is not {what}; write {example}")
    return float(text)


def _split(text: str, separator: str, example: str) -> list[str]:
    parts = [part.strip() for part in text.split(separator)]
    if not all(parts):
        what = f"{quote(text)} has an empty part" if text.strip() else "nothing is written"
        raise OptionError(f"{what}; write {example}")
    return parts


def _loss(text: str) -> str:
    text = " ".join(text.split())
    try:
        find_loss(text)
    except FormulaError as error:
        near = nearest(text, CATALOGUE) if text.isidentifier() else ""
        raise OptionError(f"{error}{near}") from None
    return text


def _lr(text: str) -> tuple[float, ...]:
    example = "positive learning rates such as 0.01, 0.1"
    rates = tuple(_number(part, example) for part in _split(text, ",", example))
    for rate in rates:
        if rate <= 0:
            raise OptionError(f"the learning rate {rate:g} is not positive; write {example}")
    if len(set(rates)) < len(rates):
        raise OptionError(f"{quote(text)} has a learning rate twice; write each once")
    return rates


def _start(text: str) -> tuple[Point, ...]:
    example = "a point such as 1.5, 1.5, or several as in 1.5, 1.5; -1, 2"
    points = []
    for part in _split(text, ";", example):
        coordinates = [_number(item, example) for item in _split(part, ",", example)]
        if len(coordinates) != 2:
            count = f"{len(coordinates)} coordinate{'s' * (len(coordinates) != 1)}"
            raise OptionError(f"{quote(part)} has {count}; write {example}")
        points.append((coordinates[0], coordinates[1]))
    if len(points) > MAX_STARTS:
        raise OptionError(f"{len(points)} starting points are too many; write {MAX_STARTS} at most")
    if len(set(points)) < len(points):
        raise OptionError(f"{quote(text)} has a starting point twice; write each once")
    return tuple(points)


def _whole(low: int, high: int) -> Callable[[str], int]:
    example = f"a whole number from {low} to {high}"

    def read(text: str) -> int:
        text = text.strip()
        # [0-9]: int() would take underscores and digits of other scripts too.
        value = int(text) if re.fullmatch(r"[+-]?[0-9]{1,18}", text) else None
        if value is None or not low <= value <= high:
            raise OptionError(f"{quote(text)} is not {example}")
        return value

    return read


def _range(text: str) -> Range:
    example = "two numbers, low, high, such as -2.5, 2.5"
    values = [_number(part, example) for part in _split(text, ",", example)]
    if len(values) != 2:
        raise OptionError(f"{quote(text)} is not a range; write {example}")
    low, high = values
    if not low < high:
        raise OptionError(f"{quote(text)}: {low:g} is not below {high:g}; write {example}")
    size = max(abs(low), abs(high))
    if not 1e-290 < size < 1e290 or high - low < 1e-9 * size:
        raise OptionError(f"{quote(text)} is too wide or too narrow to draw; write {example}")
    return low, high


def _words(kind: str, known: tuple[str, ...]) -> Callable[[str], tuple[str, ...]]:
    """Reads a list of names, each of which may stand in it once."""
    example = f"one or more of {', '.join(known)}"

    def read(text: str) -> tuple[str, ...]:
        words = _split(text, ",", example)
        for word in words:
            if word not in known:
                near = nearest(word, known).removesuffix("?")
                raise OptionError(f"{quote(word)} is not a {kind}{near}; write {example}")
        if len(set(words)) < len(words):
            raise OptionError(f"{quote(text)} has a {kind} twice; write each once")
        return tuple(words)

    return read


def _scale(text: str) -> str:
    word = ", ".join(_split(text, ",", "linear or log"))
    if word not in SCALES:
        near = nearest(word, SCALES).removesuffix("?")
        raise OptionError(f"{quote(word)} is not a scale{near}; write linear or log")
    return word


def _flag(text: str) -> bool:
    if text.strip():
        raise OptionError(f"{quote(text)} is not needed; the option stands there or it does not")
    return True


_INCHES = {
    "in": 1.0,
    "cm": 1 / 2.54,
    "mm": 1 / 25.4,
    "pt": 1 / 72,
    "pc": 1 / 6,
    "px": 1 / 96,
    "": 1 / 96,
}
"""Inches to the units of CSS that have a length on paper."""


def _width(text: str) -> str:
    example = (
        f"a percentage from {NARROWEST} to 100, such as 66%, "
        "or a length in in, cm, mm, pt, pc or px"
    )
    match = re.fullmatch(r"([0-9]+\.?[0-9]*|\.[0-9]+)\s*([a-z]*|%)", text.strip())
    if not match or (match[2] != "%" and match[2] not in _INCHES):
        raise OptionError(f"{quote(text)} is not a width to draw at; write {example}")
    size = float(match[1])
    if match[2] == "%":
        if not NARROWEST <= size <= 100:
            raise OptionError(f"{quote(text)} is too narrow or too wide; write {example}")
        return f"{size:.6g}%"
    inches = size * _INCHES[match[2]]
    if not 1.6 <= inches <= 40:
        raise OptionError(f"{quote(text)} is {inches:.3g} inches; write 1.6 to 40 of them")
    return f"{inches:.6g}in"


def _titles(text: str) -> tuple[str, ...]:
    return tuple(" ".join(part.split()) for part in text.split(";"))


def _camera(text: str) -> tuple[float, float]:
    example = "azimuth, elevation in degrees, such as -60, 40"
    values = [_number(part, example) for part in _split(text, ",", example)]
    if len(values) != 2:
        raise OptionError(f"{quote(text)} is not a camera; write {example}")
    azimuth, elevation = values
    if not (-360 <= azimuth <= 360 and 5 <= elevation <= 90):
        raise OptionError(
            f"{quote(text)} is out of range; write an azimuth from -360 to 360 "
            "and an elevation from 5 to 90"
        )
    return azimuth, elevation


@dataclass(frozen=True)
class Option:
    """One option: the field of the Experiment that it sets, and how its text is read."""

    field: str
    read: Callable[[str], Any]


def experiment_options(max_steps: int) -> dict[str, Option]:
    """The options that say what to run and how to show it."""
    return {
        "loss": Option("loss", _loss),
        "lr": Option("lr", _lr),
        "start": Option("start", _start),
        "steps": Option("steps", _whole(1, max_steps)),
        "clip": Option("clip", _range),
        "view": Option("views", _words("view", VIEWS)),
        "overlay": Option("overlay", _flag),
        "titles": Option("titles", _titles),
        "xlim": Option("xlim", _range),
        "ylim": Option("ylim", _range),
        "levels": Option("levels", _whole(2, MAX_LEVELS)),
        "scale": Option("scale", _scale),
        "camera": Option("camera", _camera),
        "mark": Option("marks", _words("kind of critical point", MARKS)),
        "width": Option("width", _width),
    }


def read_chapter(text: str) -> tuple[int, ...]:
    """The prefix of a pinned number: “22” or “22.3”."""
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,6}){0,3}", text.strip()):
        raise OptionError(f"{quote(text)} is not a chapter; write its number, such as 22 or 22.3")
    return tuple(int(part) for part in text.strip().split("."))


def read_experiment(
    texts: Mapping[str, str], max_steps: int, style: str = ""
) -> tuple[Experiment | None, list[Mistake]]:
    """Read the options of a figure.

    Parameters
    ----------
    texts : mapping of str to str
        Options by name; those that an experiment does not have are passed over.
    max_steps : int
        The most steps that the book allows.
    style : str
        The book's style sheet.

    Returns
    -------
    experiment : Experiment or None
        None where there is a mistake.
    mistakes : list of Mistake
        One for each option that can't be read; where all can, those that do not fit together.
    """
    values: dict[str, Any] = {"style": style}
    mistakes = []
    for name, option in experiment_options(max_steps).items():
        if name in texts:
            try:
                values[option.field] = option.read(texts[name])
            except OptionError as error:
                mistakes.append(Mistake(name, str(error)))
    if mistakes:
        return None, mistakes
    mistakes = _misfits(values, max_steps)
    return (None, mistakes) if mistakes else (Experiment(**values), [])


def _misfits(values: Mapping[str, Any], max_steps: int) -> list[Mistake]:
    """Options that are right one by one, and not together."""
    titles = values.get("titles", ())
    experiment = Experiment(**{**values, "titles": ()})
    panels = len(experiment.panels)
    if panels > MAX_PANELS:
        option = "lr" if len(experiment.lr) > 1 else "view"
        return [Mistake(option, f"{panels} panels are too many; a figure has {MAX_PANELS} at most")]
    if titles and len(titles) != panels:
        count = f"{len(titles)} title{'s' * (len(titles) != 1)}"
        return [
            Mistake(
                "titles",
                f"{count} for {panels} panel{'s' * (panels != 1)}; "
                "write one for each, separated by semicolons",
            )
        ]
    if experiment.steps > max_steps:
        return [Mistake("steps", f"{experiment.steps} when left out; the book allows {max_steps}")]
    iterates = len(experiment.lr) * len(experiment.start) * experiment.steps
    if iterates > MAX_ITERATES:
        return [Mistake("steps", f"{iterates} steps in all runs; {MAX_ITERATES} is the most")]
    loss = experiment.function
    for start in experiment.start:
        slope = loss.gradient(start)
        if not (math.isfinite(float(loss.value(start))) and np.isfinite(slope).all()):
            option = "start" if "start" in values else "loss"
            where = f"({start[0]:g}, {start[1]:g})"
            return [
                Mistake(
                    option, f"the loss or its gradient is not finite at the start {where}; move it"
                )
            ]
    grid = np.meshgrid(*(np.linspace(*side, 41) for side in experiment.frame))
    if not np.isfinite(loss.value(np.stack(grid, axis=-1))).any():
        option = next((name for name in ("xlim", "ylim") if name in values), "loss")
        return [Mistake(option, "the loss is not finite anywhere in the frame; move the frame")]
    return []

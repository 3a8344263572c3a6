"""Option text to an Experiment, with messages that an author understands.

Nothing here knows of docutils: text comes in, values or mistakes go out.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ...messages import GdvizError, did_you_mean, quote
from ..descent.maps import RATES, Axis
from ..experiment import MARKS, VIEWS, Experiment, Point
from ..expr.call import read_number
from ..losses.base import Loss, Range
from ..losses.dataset import MAX_ROWS, Dataset, read_file
from ..losses.named import LOSSES, find_loss
from ..losses.regression import is_model, read_model
from ..methods.optimizer import Optimizer, find_optimizer
from ..methods.rule import Rule
from ..methods.rules import RULES
from ..methods.schedules import find_schedule
from ..methods.settings import check_bounds
from ..scale import SCALES
from .expectations import EXAMPLE as CLAIMS
from .expectations import Claim, read_claim

MAX_PANELS = 12
MAX_STARTS = 24
MAX_LEVELS = 100
NARROWEST = 25
"""The least percentage of a page's width that a figure is drawn at."""
MAX_ITERATES = 2_000_000
"""The most iterates of all runs of a figure together."""
MAX_WORK = 200_000_000
"""The most steps of all runs of a map together, times the rows that each looks at."""


MAX_STEPS_OF_MAPS = 10_000
"""The most steps of each run of a map."""


@dataclass(frozen=True)
class Mistake:
    """Something in a directive that can't be done: where it is written, and what is wrong."""

    option: str | None
    message: str
    is_idle: bool = False
    """Whether the option just has no effect here: a default of the book may have none."""


def _read_nearby(name: str, x: str, y: str) -> Dataset:
    return read_file(Path(name), name, x, y)


@dataclass(frozen=True)
class Book:
    """What a book brings along that options may speak of.

    Attributes
    ----------
    max_steps : int
        The most steps that a figure may ask for.
    style : str
        The book's style sheet.
    losses : mapping
        Losses by name.
    rules : mapping
        Update rules by name.
    read_data : callable
        (file name, x column, y column) -> Dataset.
    """

    max_steps: int = 100_000
    style: str = ""
    losses: Mapping[str, Loss] = field(default_factory=lambda: LOSSES)
    rules: Mapping[str, Rule] = field(default_factory=lambda: RULES)
    read_data: Callable[[str, str, str], Dataset] = _read_nearby


def _split(text: str, separator: str, example: str) -> list[str]:
    parts = [part.strip() for part in text.split(separator)]
    if not all(parts):
        what = f"{quote(text)} has an empty part" if text.strip() else "nothing is written"
        raise GdvizError(f"{what}; write {example}")
    return parts


_DEFINITION = re.compile(r"\w+ ?\( ?x ?, ?y ?\) ?=")
"""What stands before a formula where it is written as a definition."""


def _loss(book: Book) -> Callable[[str], Loss]:
    def read(text: str) -> Loss:
        text = " ".join(text.split())
        if match := _DEFINITION.match(text):
            raise GdvizError(f"{quote(text)}: leave out {quote(match[0])} and write the rest")
        name, bracket, _ = text.partition("(")
        if bracket and name.strip() in book.losses:
            raise GdvizError(f"{quote(text)}: a named loss has no settings; write {name.strip()}")
        if is_model(text):
            return read_model(text, book.read_data)
        return find_loss(text, book.losses)

    return read


def _optimizers(book: Book) -> Callable[[str], tuple[Optimizer, ...]]:
    def read(text: str) -> tuple[Optimizer, ...]:
        parts = _split(text, ";", "one or more optimizers, such as gd; adam(lr=0.02)")
        optimizers = tuple(find_optimizer(part, book.rules) for part in parts)
        if len(set(optimizers)) < len(optimizers):
            raise GdvizError(f"{quote(text)} has an optimizer twice; write each once")
        return optimizers

    return read


def _noise(text: str) -> float:
    example = "a standard deviation, such as 0.5"
    value = read_number(text, example)
    if value < 0:
        raise GdvizError(f"the noise {value:g} is below 0; write {example}")
    return value


_SWEPT = re.compile(r"(\w+)\s+(\S+)\s+to\s+(\S+?)(\s+log)?")


def _sweep(text: str) -> tuple[Axis, ...]:
    example = "what changes, from where to where, such as lr 0.01 to 1; momentum 0 to 0.99"
    axes = []
    for part in _split(text, ";", example):
        match = _SWEPT.fullmatch(part)
        if not match:
            raise GdvizError(f"{quote(part)} is not a sweep; write {example}")
        low, high = (read_number(match[n], example) for n in (2, 3))
        if max(abs(low), abs(high)) > 1e100:
            raise GdvizError(f"{quote(part)} goes too far; write numbers below 1e100")
        if not low < high:
            raise GdvizError(f"{quote(part)}: {low:g} is not below {high:g}; write {example}")
        if match[4] and low < 1e-100:
            raise GdvizError(f"{quote(part)}: a logarithmic sweep begins above 0, at 1e-100 or so")
        axes.append(Axis(match[1], low, high, bool(match[4])))
    if len(axes) > 2:
        raise GdvizError(f"{quote(text)}: {len(axes)} things change; two at most can be drawn")
    if len({axis.name for axis in axes}) < len(axes):
        raise GdvizError(f"{quote(text)} has one thing twice; write each once")
    return tuple(axes)


def _lr(text: str) -> tuple[float, ...]:
    example = "positive learning rates such as 0.01, 0.1"
    rates = tuple(read_number(part, example) for part in _split(text, ",", example))
    for rate in rates:
        if rate <= 0:
            raise GdvizError(f"the learning rate {rate:g} is not positive; write {example}")
    if len(set(rates)) < len(rates):
        raise GdvizError(f"{quote(text)} has a learning rate twice; write each once")
    return rates


def _start(text: str) -> tuple[Point, ...]:
    example = "a point such as 1.5, 1.5, or several as in 1.5, 1.5; -1, 2"
    points = []
    for part in _split(text, ";", example):
        coordinates = [read_number(item, example) for item in _split(part, ",", example)]
        if len(coordinates) != 2:
            count = f"{len(coordinates)} coordinate{'s' * (len(coordinates) != 1)}"
            raise GdvizError(f"{quote(part)} has {count}; write {example}")
        points.append((coordinates[0], coordinates[1]))
    if len(points) > MAX_STARTS:
        raise GdvizError(f"{len(points)} starting points are too many; write {MAX_STARTS} at most")
    if len(set(points)) < len(points):
        raise GdvizError(f"{quote(text)} has a starting point twice; write each once")
    return tuple(points)


def _whole(low: int, high: int) -> Callable[[str], int]:
    example = f"a whole number from {low} to {high}"

    def read(text: str) -> int:
        text = text.strip()
        # [0-9]: int() would take underscores and digits of other scripts too.
        value = int(text) if re.fullmatch(r"[+-]?[0-9]{1,18}", text) else None
        if value is None or not low <= value <= high:
            raise GdvizError(f"{quote(text)} is not {example}")
        return value

    return read


def _range(text: str) -> Range:
    example = "two numbers, low, high, such as -2.5, 2.5"
    values = [read_number(part, example) for part in _split(text, ",", example)]
    if len(values) != 2:
        raise GdvizError(f"{quote(text)} is not a range; write {example}")
    low, high = values
    if not low < high:
        raise GdvizError(f"{quote(text)}: {low:g} is not below {high:g}; write {example}")
    size = max(abs(low), abs(high))
    if not 1e-290 < size < 1e290 or high - low < 1e-9 * size:
        raise GdvizError(f"{quote(text)} is too wide or too narrow to draw; write {example}")
    return low, high


def read_words(kind: str, known: tuple[str, ...]) -> Callable[[str], tuple[str, ...]]:
    """Reads a list of names, each of which may stand in it once."""
    example = f"one or more of {', '.join(known)}"

    def read(text: str) -> tuple[str, ...]:
        words = _split(text, ",", example)
        for word in words:
            if word not in known:
                near = did_you_mean(word, known).removesuffix("?")
                raise GdvizError(f"{quote(word)} is not a {kind}{near}; write {example}")
        if len(set(words)) < len(words):
            raise GdvizError(f"{quote(text)} has a {kind} twice; write each once")
        return tuple(words)

    return read


def _scale(text: str) -> str:
    word = ", ".join(_split(text, ",", "linear or log"))
    if word not in SCALES:
        near = did_you_mean(word, SCALES).removesuffix("?")
        raise GdvizError(f"{quote(word)} is not a scale{near}; write linear or log")
    return word


def read_flag(text: str) -> bool:
    word = text.strip().lower()
    if word not in ("", "yes", "true", "no", "false"):
        raise GdvizError(f"{quote(text)} is not needed; write nothing, or no where it is usual")
    return word not in ("no", "false")


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
    match = re.fullmatch(r"([0-9]+(?:\.[0-9]*)?|\.[0-9]+)\s*([a-z]*|%)", text.strip())
    if not match or (match[2] != "%" and match[2] not in _INCHES):
        raise GdvizError(f"{quote(text)} is not a width to draw at; write {example}")
    size = float(match[1])
    if match[2] == "%":
        if not NARROWEST <= size <= 100:
            raise GdvizError(f"{quote(text)} is too narrow or too wide; write {example}")
        return f"{size:.6g}%"
    inches = size * _INCHES[match[2]]
    if not 1.6 <= inches <= 40:
        raise GdvizError(f"{quote(text)} is {inches:.3g} inches; write 1.6 to 40 of them")
    return f"{inches:.6g}in"


def _titles(text: str) -> tuple[str, ...]:
    for name in re.findall(r"\{([^{}]*)\}", re.sub(r"\$[^$]*\$", "", text)):
        if name not in ("lr", "optimizer"):
            near = did_you_mean(name, ("lr", "optimizer")) or ";"
            said = f"{quote('{' + name + '}')} stands for nothing{near}"
            raise GdvizError(f"{said} there are {{lr}} and {{optimizer}}")
    return tuple(" ".join(part.split()) for part in text.split(";"))


def _camera(text: str) -> tuple[float, float]:
    example = "azimuth, elevation in degrees, such as -60, 40"
    values = [read_number(part, example) for part in _split(text, ",", example)]
    if len(values) != 2:
        raise GdvizError(f"{quote(text)} is not a camera; write {example}")
    azimuth, elevation = values
    if not (-360 <= azimuth <= 360 and 5 <= elevation <= 90):
        raise GdvizError(
            f"{quote(text)} is out of range; write an azimuth from -360 to 360 "
            "and an elevation from 5 to 90"
        )
    return azimuth, elevation


@dataclass(frozen=True)
class Option:
    """One option: the field of the Experiment that it sets, and how its text is read."""

    field: str
    read: Callable[[str], Any]


def experiment_options(book: Book) -> dict[str, Option]:
    """The options that say what to run and how to show it."""
    return {
        "loss": Option("loss", _loss(book)),
        "optimizer": Option("optimizers", _optimizers(book)),
        "lr": Option("lr", _lr),
        "schedule": Option("schedule", find_schedule),
        "start": Option("start", _start),
        "steps": Option("steps", _whole(1, book.max_steps)),
        "clip": Option("clip", _range),
        "noise": Option("noise", _noise),
        "batch": Option("batch", _whole(1, MAX_ROWS)),
        "seed": Option("seed", _whole(0, 2**32 - 1)),
        "view": Option("views", read_words("view", tuple(VIEWS))),
        "overlay": Option("overlay", read_flag),
        "sweep": Option("sweep", _sweep),
        "titles": Option("titles", _titles),
        "xlim": Option("xlim", _range),
        "ylim": Option("ylim", _range),
        "levels": Option("levels", _whole(2, MAX_LEVELS)),
        "scale": Option("scale", _scale),
        "camera": Option("camera", _camera),
        "mark": Option("marks", read_words("kind of critical point", tuple(MARKS))),
        "width": Option("width", _width),
    }


_BETWEEN = dict.fromkeys(("optimizer", "titles", "sweep"), "; ")


def as_text(option: str, value: Any) -> str:
    """An option as an author would write it, of a value of Python."""
    if value is True:  # a flag
        return ""
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if not isinstance(value, (list, tuple)):
        return str(value)
    if any(isinstance(item, (list, tuple, np.ndarray)) for item in value):  # of points
        return "; ".join(as_text(option, item) for item in value)
    return _BETWEEN.get(option, ", ").join(map(str, value))


def read_claims(text: str, experiment: Experiment) -> tuple[Claim, ...]:
    """What is expected of each run of an experiment.

    Raises
    ------
    GdvizError
        If a part is no claim, or there are not as many claims as runs.
    """
    claims = tuple(read_claim(part) for part in _split(text, ",", CLAIMS))
    runs = len(experiment.methods) * len(experiment.start)
    if len(claims) != runs:
        count = f"{len(claims)} verdict{'s' * (len(claims) != 1)}"
        raise GdvizError(f"{count} for {runs} run{'s' * (runs != 1)}; write one for each")
    return claims


def read_chapter(text: str) -> tuple[int, ...]:
    """The prefix of a pinned number: “22” or “22.3”."""
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,6}){0,3}", text.strip()):
        raise GdvizError(f"{quote(text)} is not a chapter; write its number, such as 22 or 22.3")
    return tuple(int(part) for part in text.strip().split("."))


def read_experiment(
    texts: Mapping[str, str], book: Book | None = None
) -> tuple[Experiment | None, list[Mistake]]:
    """Read the options of a figure.

    Parameters
    ----------
    texts : mapping of str to str
        Options by name; those that an experiment does not have are passed over.
    book : Book, optional
        What the options may speak of.

    Returns
    -------
    experiment : Experiment or None
        None where there is a mistake.
    mistakes : list of Mistake
        One for each option that can't be read; where all can, those that do not fit together.
    """
    book = book or Book()
    values: dict[str, Any] = {"style": book.style}
    mistakes = []
    for name, option in experiment_options(book).items():
        if name in texts:
            try:
                values[option.field] = option.read(texts[name])
            except GdvizError as error:
                mistakes.append(Mistake(name, str(error)))
    if mistakes:
        return None, mistakes
    experiment = Experiment(**{**values, "titles": ()})
    mistake = next(_misfits(experiment, values, book), None)
    if mistake:
        return None, [mistake]
    return Experiment(**values), []


def _misfits(experiment: Experiment, values: Mapping[str, Any], book: Book) -> Iterator[Mistake]:
    """Options that are right one by one, and not together."""
    titles, panels = values.get("titles", ()), len(experiment.panels)
    if panels > MAX_PANELS:
        option = next((o for o in ("lr", "optimizer") if len(values.get(o, ())) > 1), "view")
        yield Mistake(option, f"{panels} panels are too many; a figure has {MAX_PANELS} at most")
    if titles and len(titles) != panels:
        count = f"{len(titles)} title{'s' * (len(titles) != 1)}"
        said = f"{count} for {panels} panel{'s' * (panels != 1)}"
        yield Mistake("titles", f"{said}; write one for each, separated by semicolons", True)
    if "lr" in values and all(optimizer.lr is not None for optimizer in experiment.optimizers):
        yield Mistake("lr", "it is not used, since each optimizer has an lr of its own", True)
    if len(set(experiment.methods)) < len(experiment.methods):
        yield Mistake("optimizer", "two of the runs are the same; write each once")
    yield from _misfits_of_chance(experiment, values)
    yield from _misfits_of_sweep(experiment, values, book)
    yield from _misfits_of_size(experiment, book)
    yield from _misfits_of_loss(experiment, values)


def _misfits_of_chance(experiment: Experiment, values: Mapping[str, Any]) -> Iterator[Mistake]:
    rows = experiment.loss.rows
    if experiment.batch and not rows:
        said = "batches are taken from data, as with loss: least-squares(…)"
        yield Mistake("batch", f"{said}; for a formula write noise", True)
    elif experiment.batch and experiment.batch > rows:
        yield Mistake("batch", f"{experiment.batch} rows are more than the data has, {rows}")
    if "seed" in values and not (experiment.batch or experiment.noise):
        yield Mistake("seed", "nothing is random here; write noise or batch, too", True)
    if not experiment.schedule.is_constant:
        if any(optimizer.name == "rprop" for optimizer in experiment.optimizers):
            yield Mistake("schedule", "rprop has step sizes of its own, which none changes", True)
        if experiment.schedule.warmup > experiment.steps:
            said = f"the warm-up of {experiment.schedule.warmup} steps does not end"
            yield Mistake("schedule", f"{said} within the {experiment.steps} steps of a run")


def _misfits_of_sweep(
    experiment: Experiment, values: Mapping[str, Any], book: Book
) -> Iterator[Mistake]:
    shown = [view for name in experiment.views if (view := VIEWS[name]).is_sweep]
    if "sweep" in values and not shown:
        sweeps = " or ".join(f"view: {view.name}" for view in VIEWS.values() if view.is_sweep)
        said = f"it is not used; write {sweeps}, too"
        yield Mistake("sweep", said, True)
    for axis in {axis: None for view in shown for axis in experiment.axes(view)}:
        for optimizer in experiment.optimizers:
            known = ("lr", "x", "y", *optimizer.rule.defaults)
            if axis.name not in known:
                near = did_you_mean(axis.name, known) or ";"
                said = f"{optimizer.name} has no {quote(axis.name)} to change{near}"
                yield Mistake("sweep", f"{said} there is {', '.join(known)}")
            elif axis.name not in ("x", "y"):
                try:
                    for end in axis.values(RATES)[[0, -1]].tolist():
                        check_bounds(axis.name, end, optimizer.rule.bounds[axis.name])
                except GdvizError as error:
                    yield Mistake("sweep", str(error))
    for view in shown:
        across, *up = experiment.axes(view)
        if across.name in [axis.name for axis in up]:
            yield Mistake("sweep", f"{across.name} changes already; write what changes upwards")


def _misfits_of_size(experiment: Experiment, book: Book) -> Iterator[Mistake]:
    if experiment.steps > book.max_steps:
        said = f"{experiment.steps} when left out; the book allows {book.max_steps}"
        yield Mistake("steps", said)
    iterates = len(experiment.methods) * len(experiment.start) * experiment.steps
    if iterates > MAX_ITERATES:
        yield Mistake("steps", f"{iterates} steps in all runs; {MAX_ITERATES} is the most")
    rows = max(1, experiment.loss.cost)
    shown = [panel.view.descents for panel in experiment.panels if panel.view.has_map]
    each = rows * (sum(shown) + len(experiment.methods) * len(experiment.start))
    if each > MAX_WORK:
        said = f"{rows} rows of data are too many for these views; write fewer views"
        yield Mistake("view", f"{said}, or take a sample of the rows")
    most = min(MAX_WORK // max(each, 1), MAX_STEPS_OF_MAPS if shown else MAX_WORK)
    if experiment.steps > most:
        yield Mistake("steps", f"{experiment.steps} are too many here; write {most} at most")


def _misfits_of_loss(experiment: Experiment, values: Mapping[str, Any]) -> Iterator[Mistake]:
    loss = experiment.loss
    for start in experiment.start:
        slope = loss.gradient(start)
        if not (math.isfinite(float(loss.value(start))) and np.isfinite(slope).all()):
            option = "start" if "start" in values else "loss"
            said = "the loss or its gradient is not finite at the start"
            yield Mistake(option, f"{said} ({start[0]:g}, {start[1]:g}); move it")
    grid = np.meshgrid(*(np.linspace(*side, 41) for side in experiment.frame))
    if not np.isfinite(loss.value(np.stack(grid, axis=-1))).any():
        option = next((name for name in ("xlim", "ylim") if name in values), "loss")
        yield Mistake(option, "the loss is not finite anywhere in the frame; move the frame")

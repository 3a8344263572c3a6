"""Options to an Experiment, with messages that an author understands.

Nothing here knows of docutils: text or values come in, an experiment or mistakes go out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from ...messages import (
    GdvizError,
    check_printable,
    collect_mistakes,
    did_you_mean,
    quote,
)
from ..descent.constraint import Constraint, find_constraint
from ..descent.maps import Axis
from ..experiment import ASPECTS, MARKS, UNITS, Experiment, Style
from ..expr.parse import VARIABLES, check_names, parse_formula
from ..losses.base import FormulaLoss, Loss
from ..losses.dataset import MAX_ROWS, read_nearby
from ..losses.function import as_loss
from ..losses.models import ReadData
from ..losses.named import DEFAULT_LOSS, LOSSES, find_loss, has_parameters
from ..methods.optimizer import Optimizer, find_optimizer
from ..methods.rule import Rule, as_pair, is_pair, register
from ..methods.rules import RULES
from ..methods.schedules import KINDS, Kind, Schedule, as_schedule
from ..places import Point
from ..scale import SCALES
from ..views import VIEWS
from .annotations import read_labels, read_models, read_names, read_numbers, read_places
from .conflicts import find_conflicts
from .runs import read_runs
from .several import together
from .syntax import (
    is_sequence,
    names_of,
    read_flag,
    read_parts,
    read_range,
    read_real,
    read_reals,
    read_unique,
    read_width,
    whole_number,
)

MAX_STARTS = 24
MAX_LEVELS = 100


@dataclass(frozen=True)
class Book:
    """The losses, rules, data and limits that options may refer to.

    Attributes
    ----------
    max_steps : int
        The most steps that a figure may ask for.
    style : str or tuple
        Changes to the default style of pictures.
    losses : mapping
        Losses by name.
    rules : mapping
        Update rules by name.
    schedules : mapping
        Kinds of schedules by name.
    read_data : callable
        Reads the columns of a file.
    """

    max_steps: int = 100_000
    style: Style = ""
    losses: Mapping[str, Loss] = field(default_factory=lambda: LOSSES)
    rules: Mapping[str, Rule] = field(default_factory=lambda: RULES)
    schedules: Mapping[str, Kind] = field(default_factory=lambda: KINDS)
    read_data: ReadData = read_nearby


def _parameters(value: Any) -> tuple[str, ...]:
    example = "the names of the formula's parameters in order, such as w, b"
    return check_names([str(part) for part in read_parts(value, ",", example)])


def _loss(book: Book, parameters: tuple[str, ...] = ()) -> Callable[[Any], Loss]:
    def read(value: Any) -> Loss:
        if isinstance(value, Loss) and parameters:
            raise has_parameters(value.description)
        if not isinstance(value, str):
            name = getattr(value, "__name__", "loss").strip("<>_")
            try:
                return as_loss(name, value, parameters)
            except ValueError as error:
                raise GdvizError(str(error)) from error
        text = " ".join(value.split())
        loss = find_loss(text, book.losses, book.read_data, parameters=parameters)
        is_open = isinstance(loss, FormulaLoss) and text not in book.losses and not parameters
        if is_open and {*loss.parameters} & {*VARIABLES}:
            parse_formula(text)  # another letter beside x or y is a slip
        return loss

    return read


def _optimizers(book: Book) -> Callable[[Any], tuple[Optimizer, ...]]:
    def read(value: Any) -> tuple[Optimizer, ...]:
        example = "one or more optimizers, such as gd; adam(lr=0.02)"
        rules, optimizers = dict(book.rules), []
        for part in [value] if is_pair(value) else read_parts(value, ";", example):
            if not isinstance(part, str):
                part = _enter(part, rules)
            optimizers.append(find_optimizer(part, rules))
        return read_unique(optimizers, value, "an optimizer")

    return read


def _enter(functions: Any, rules: dict[str, Rule]) -> str:
    """The name of a rule of Python; where it is taken, a number makes it a new one."""
    plain = getattr(as_pair(functions)[1], "__name__", "rule").strip("<>_") or "rule"
    name = next(new for n in count() if (new := f"{plain}{n or ''}") not in rules)
    try:
        rules[name] = register(name, functions)
    except ValueError as error:
        raise GdvizError(str(error)) from error
    return name


def _schedule(value: Any, book: Book) -> Schedule:
    try:
        return as_schedule(value if callable(value) else str(value), book.schedules)
    except ValueError as error:
        raise error if isinstance(error, GdvizError) else GdvizError(str(error)) from error


def _noise(value: Any) -> float:
    example = "a standard deviation, such as 0.5"
    noise = read_real(value, example)
    if noise < 0:
        raise GdvizError(f"the noise {noise:g} is below 0; write {example}")
    return noise


def _constraint(value: Any) -> Constraint:
    return value if isinstance(value, Constraint) else find_constraint(str(value))


_SWEPT = re.compile(r"(\w+)\s+(\S+)\s+to\s+(\S+?)(\s+log)?")


def _sweep(value: Any) -> tuple[Axis, ...]:
    example = "what changes, from where to where, such as lr 0.01 to 1; momentum 0 to 0.99"
    axes = []
    for part in read_parts(value, ";", example):
        match = _SWEPT.fullmatch(str(part))
        if not match:
            raise GdvizError(f"{quote(part)} is not a sweep; write {example}")
        low, high = (read_real(match[n], example) for n in (2, 3))
        if max(abs(low), abs(high)) > 1e100:
            raise GdvizError(f"{quote(part)} goes too far; write numbers below 1e100")
        if not low < high:
            raise GdvizError(f"{quote(part)}: {low:g} is not below {high:g}; write {example}")
        if match[4] and low < 1e-100:
            raise GdvizError(f"{quote(part)}: a logarithmic sweep begins above 0, at 1e-100 or so")
        axes.append(Axis(match[1], low, high, bool(match[4])))
    if len(axes) > 2:
        raise GdvizError(f"{quote(value)}: {len(axes)} things change; two at most can be drawn")
    if len({axis.name for axis in axes}) < len(axes):
        raise GdvizError(f"{quote(value)} has one thing twice; write each once")
    return tuple(axes)


def _lr(value: Any) -> tuple[float, ...]:
    example = "positive learning rates such as 0.01, 0.1"
    rates = read_reals(value, example)
    for rate in rates:
        if rate <= 0:
            raise GdvizError(f"the learning rate {rate:g} is not positive; write {example}")
    return read_unique(rates, value, "a learning rate")


def _start(value: Any) -> tuple[Point, ...]:
    # Numbers that are not in brackets of their own are one point.
    is_point = is_sequence(value) and not any(is_sequence(v) or isinstance(v, str) for v in value)
    example = _example_of_start(2)
    parts = [value] if is_point else read_parts(value, ";", example)
    points = [tuple(read_reals(part, example)) for part in parts]
    if len(points) > MAX_STARTS:
        raise GdvizError(f"{len(points)} starting points are too many; write {MAX_STARTS} at most")
    return read_unique(points, value, "a starting point")


def _check_dimension(points: tuple[Point, ...], loss: Loss) -> None:
    """Raise GdvizError for a point that does not have as many coordinates as a loss has."""
    for point in points:
        if len(point) != loss.dimension:
            count = f"{len(point)} coordinate{'s' * (len(point) != 1)}"
            said = f"{quote(', '.join(f'{each:.12g}' for each in point))} has {count}"
            if loss.dimension != 2:
                said += f", and the loss {loss.named_parameters}"
            raise GdvizError(f"{said}; write {_example_of_start(loss.dimension)}")


def _example_of_start(dimension: int) -> str:
    """Examples of starts of a loss with so many parameters."""
    if dimension == 1:
        return "a number such as 1.5, or several as in 1.5; -1"
    if dimension > 2:
        return f"a point of {dimension} coordinates, such as {', '.join(['1.5'] * dimension)}"
    return "a point such as 1.5, 1.5, or several as in 1.5, 1.5; -1, 2"


def _one_of(kind: str, names: tuple[str, ...]) -> Callable[[Any], str]:
    """A reader of one of a few names of some kind."""
    example = f"{', '.join(names[:-1])} or {names[-1]}"

    def read(value: Any) -> str:
        word = ", ".join(map(str, read_parts(value, ",", example)))
        if word not in names:
            near = did_you_mean(word, names).removesuffix("?")
            raise GdvizError(f"{quote(word)} is no {kind}{near}; write {example}")
        return word

    return read


def _titles(value: Any) -> tuple[str, ...]:
    titles = [str(item) for item in (value if is_sequence(value) else str(value).split(";"))]
    for name in re.findall(r"\{([^{}]*)\}", re.sub(r"\$[^$]*\$", "", ";".join(titles))):
        if name not in ("lr", "optimizer"):
            near = did_you_mean(name, ("lr", "optimizer")) or ";"
            said = f"{quote('{' + name + '}')} stands for nothing{near}"
            raise GdvizError(f"{said} there are {{lr}} and {{optimizer}}")
    return tuple(" ".join(title.split()) for title in titles)


def _camera(value: Any) -> tuple[float, float]:
    example = "azimuth, elevation in degrees, such as -60, 40"
    values = read_reals(value, example)
    if len(values) != 2:
        raise GdvizError(f"{quote(value)} is not a camera; write {example}")
    azimuth, elevation = values
    if not (-360 <= azimuth <= 360 and 5 <= elevation <= 90):
        raise GdvizError(
            f"{quote(value)} is out of range; write an azimuth from -360 to 360 "
            "and an elevation from 5 to 90"
        )
    return azimuth, elevation


@dataclass(frozen=True)
class Option:
    """One option: the field of the Experiment that it sets, and its reader of text or value."""

    field: str
    read: Callable[[Any], Any]


def experiment_options(book: Book) -> dict[str, Option]:
    """The options that say what to run and how to show it."""
    return {
        "loss": Option("loss", _loss(book)),
        "parameters": Option("loss", _parameters),
        "optimizer": Option("optimizers", _optimizers(book)),
        "lr": Option("lr", _lr),
        "schedule": Option("schedule", lambda value: _schedule(value, book)),
        "start": Option("start", _start),
        "runs": Option("runs", lambda value: value),  # which takes all the others to read
        "steps": Option("steps", whole_number(0, book.max_steps)),
        "clip": Option("clip", read_range),
        "constraint": Option("constraint", _constraint),
        "noise": Option("noise", _noise),
        "batch": Option("batch", whole_number(1, MAX_ROWS)),
        "seed": Option("seed", whole_number(0, 2**32 - 1)),
        "view": Option("views", names_of("view", tuple(VIEWS))),
        "against": Option("against", _one_of("unit of progress", UNITS)),
        "overlay": Option("overlay", read_flag),
        "sweep": Option("sweep", _sweep),
        "titles": Option("titles", _titles),
        "xlim": Option("xlim", read_range),
        "ylim": Option("ylim", read_range),
        "levels": Option("levels", whole_number(2, MAX_LEVELS)),
        "scale": Option("scale", _one_of("scale", SCALES)),
        "aspect": Option("aspect", _one_of("aspect", ASPECTS)),
        "camera": Option("camera", _camera),
        "mark": Option("marks", names_of("kind of critical point", tuple(MARKS))),
        "arrows": Option("arrows", read_places),
        "model": Option("models", read_models),
        "label": Option("notes", read_labels),
        "numbers": Option("numbers", read_numbers),
        "labels": Option("names", read_names),
        "width": Option("width", read_width),
    }


def read_experiment(
    options: Mapping[str, Any], book: Book | None = None
) -> tuple[Experiment | None, list[GdvizError]]:
    """Read the options of a figure.

    Parameters
    ----------
    options : mapping
        Texts or values by name; those that an experiment does not have are passed over.
    book : Book, optional
        The losses, rules, data and limits that options may refer to.

    Returns
    -------
    experiment : Experiment or None
        None where there is a mistake.
    mistakes : list of GdvizError
        One for each option that can't be read; where all can, the first conflict between some.
    """
    book = book or Book()
    losses = options.get("loss", "")
    texts = losses.split(";") if isinstance(losses, str) else losses
    if not isinstance(texts, (list, tuple)) or len(texts) < 2:
        return _read_one(options, book)
    mistakes: list[GdvizError] = []
    titles: tuple[str, ...] = ()
    with collect_mistakes(mistakes, "titles"):
        titles = _titles(options.get("titles", ()))
    parts = []
    for text in texts:
        part, told = _read_one({**options, "loss": text, "titles": ()}, book)
        if part is None or mistakes:
            return None, mistakes + told
        named = text.strip() if isinstance(text, str) and text.strip() in book.losses else ""
        parts.append(replace(part, label=named or part.loss.label))
    return together(parts, titles)


def _read_one(options: Mapping[str, Any], book: Book) -> tuple[Experiment | None, list[GdvizError]]:
    """Read the options of a figure of one loss."""
    given: dict[str, Any] = {"style": book.style}
    mistakes: list[GdvizError] = []
    known = experiment_options(book)
    names, _ = known.pop("parameters"), known.pop("runs")
    if "parameters" in options:
        options = {"loss": DEFAULT_LOSS, **options}
        del known["loss"]  # which can't be read without the names
        with collect_mistakes(mistakes, "parameters"):
            known["loss"] = Option("loss", _loss(book, names.read(options["parameters"])))
    for name, option in known.items():
        if name in options:
            with collect_mistakes(mistakes, name):
                for text in value if is_sequence(value := options[name]) else [value]:
                    if isinstance(text, str):
                        check_printable(text)
                given[option.field] = option.read(options[name])
    if "start" in given and not {"loss", "parameters"} & {m.option for m in mistakes}:
        with collect_mistakes(mistakes, "start"):
            _check_dimension(given["start"], given.get("loss", LOSSES[DEFAULT_LOSS]))
    others: list[Experiment] = []
    if "runs" in options and not mistakes:

        def read(name: str, value: Any) -> tuple[str, Any]:
            option = known[name]
            setting = option.read(value)
            if name == "start":
                _check_dimension(setting, given.get("loss", LOSSES[DEFAULT_LOSS]))
            return option.field, setting

        with collect_mistakes(mistakes, "runs"):
            others = read_runs(options["runs"], given, read, book.max_steps)
    if mistakes:
        return None, mistakes
    experiment = Experiment(**{**given, "titles": ()})
    experiment = experiment.with_runs(others) if others else experiment
    conflict = next(find_conflicts(experiment, given, book.max_steps), None)
    if conflict:
        return None, [conflict]
    return replace(experiment, titles=given.get("titles", ())), []

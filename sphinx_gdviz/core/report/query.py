"""Queries: what an author asks of an experiment, as in ``loss:.4f lr=0.5 step=10``."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from ...messages import GdvizError, did_you_mean, quote, setting
from ..expr.call import read_call, read_ratio
from .numbers import check_format

if TYPE_CHECKING:
    import numpy as np

    from ..descent.critical_points import CriticalPoint
    from ..losses.base import Loss
    from ..places import Point
    from ..result import Result, Run


class Selection(NamedTuple):
    """The run of an experiment that is meant: all that is given holds of it.

    Attributes
    ----------
    run : int or None
        Its place among the runs, from 1.
    lr : float or None
        Its learning rate.
    optimizer : str or None
        Its rule, or the rule with its settings: ``adam``, ``adam(beta1=0.8)``.
    start : tuple of float or None
        Its start.
    """

    run: int | None = None
    lr: float | None = None
    optimizer: str | None = None
    start: Point | None = None

    def among(self, result: Result) -> tuple[Run, ...]:
        """The runs of which it holds."""
        return tuple(
            run
            for index, run in enumerate(result.all_runs, 1)
            if self.run in (None, index)
            and (self.lr is None or _is_rate(self.lr, run))
            and self.start in (None, run.start)
            and (self.optimizer is None or _is_optimizer(self.optimizer, run))
        )

    def only(self, result: Result) -> Run:
        """The one run that is meant.

        Raises
        ------
        GdvizError
            If none is, or several are; the message lists the runs.
        """
        found = self.among(result)
        if len(found) == 1:
            return found[0]
        from .describe import run_name  # it needs NumPy, and reading a query does not

        named = [run_name(part, run) for part in result.parts for run in part.runs]
        there = "; ".join(f"run={index} {name}" for index, name in enumerate(named, 1))
        if not result.runs:
            raise GdvizError("there is no run: the figure has 0 steps")
        if self == Selection():
            raise GdvizError(f"there are {len(found)} runs; write which one is meant: {there}")
        how_many = "several runs are" if found else "no run is"
        raise GdvizError(f"{how_many} {quote(str(self))}; there are {there}")

    def __str__(self) -> str:
        values = {name: value for name, value in self._asdict().items() if value is not None}
        return " ".join(f"{name}={_written(value)}" for name, value in values.items())


def _is_rate(lr: float, run: Run) -> bool:
    """Return True for the rate of a run, also with fewer digits, as it is listed."""
    return math.isclose(lr, run.lr, rel_tol=1e-6)


def _is_optimizer(text: str, run: Run) -> bool:
    """Return True for the optimizer of a run, with those settings that are written."""
    call = read_call(text, "adam(beta1=0.8)")
    if call.name != run.method.optimizer.name or call.positional:
        return False
    there = {**run.method.optimizer.values, "lr": run.lr}
    return all(
        name in there and math.isclose(read_ratio(value, name), there[name], rel_tol=1e-6)
        for name, value in call.named
    )


def _written(value: Any) -> str:
    if isinstance(value, tuple):
        return ",".join(map(_written, value))
    return setting(value) if isinstance(value, (int, float)) else str(value)


class Query(NamedTuple):
    """A query of an experiment.

    Attributes
    ----------
    quantity : str
        One of :data:`QUANTITIES`, or a setting of the optimizer.
    form : str
        The format of numbers, as in Python; empty for the default.
    which : Selection
        The run that is meant.
    steps : tuple of int or None
        The first and the last step; None for the last step, or for all.
    nth : int
        The number among several, from 1.
    """

    quantity: str
    form: str = ""
    which: Selection = Selection()
    steps: tuple[int, int] | None = None
    nth: int = 1


EXAMPLE = "loss, loss:.4f, loss step=10, step lr=0.1 or the like"
_SELECTORS = ("run", "lr", "optimizer", "start", "step", "nth")


def read_query(text: str) -> Query:
    """Read a query as authors write it: ``loss:.4f lr=0.5 step=10``.

    Raises
    ------
    GdvizError
        If it can't be read.
    """
    words = _words(text)
    named = [word for word in words if re.match(r"[a-z]+=", word)]
    names = [word for word in words if word not in named]
    if len(names) != 1:
        what = "asks for nothing" if not names else f"asks for {len(names)} things"
        raise GdvizError(f"{quote(text)} {what}; write {EXAMPLE}")
    quantity, colon, form = names[0].partition(":")
    if not quantity or (colon and not form):
        raise GdvizError(f"{quote(names[0])} is incomplete; write {EXAMPLE}")
    values: dict[str, Any] = {}
    for word in named:
        name, _, value = word.partition("=")
        if name in values:
            raise GdvizError(f"{quote(text)} has {name} twice; write each once")
        values[name] = _selector(name, value, word)
    steps, nth = values.pop("step", None), values.pop("nth", 1)
    return Query(quantity, check_format(form) if form else "", Selection(**values), steps, nth)


def _words(text: str) -> list[str]:
    """The words between spaces, but for spaces after a comma and in brackets."""
    # A minus sign may have been copied from the page.
    text = " ".join(text.replace("−", "-").split())
    joined = re.sub(r"(?<=\S) ?([,=]) ?(?=\S)", r"\1", text)
    joined = re.sub(r"\([^()]*\)", lambda match: re.sub(r"\s", "", match[0]), joined)
    return joined.split()


def _selector(name: str, value: str, word: str) -> Any:
    """The value of a selector, which stands in a word of the query."""
    match name:
        case "run" | "nth":
            if not re.fullmatch("[1-9][0-9]{0,5}", value):
                raise GdvizError(f"{quote(word)}: write a whole number from 1")
            return int(value)
        case "lr":
            return read_ratio(value, "a learning rate, as in lr=0.1")
        case "optimizer":
            for _, number in read_call(value, "adam(beta1=0.8)").named:
                read_ratio(number, "a number for each setting")
            return value.replace(",", ", ")
        case "start":
            point = [read_ratio(part, "a point, as in start=-1,2") for part in value.split(",")]
            return tuple(point)
        case "step":
            match = re.fullmatch(r"([0-9]{1,9})(?:\.\.([0-9]{1,9}))?", value)
            if not match:
                raise GdvizError(f"{quote(word)}: write step=10, or step=10..20 for a range")
            return int(match[1]), int(match[2] or match[1])
    near = did_you_mean(name, _SELECTORS) or ";"
    known = ", ".join(f"{known}=" for known in _SELECTORS)
    raise GdvizError(f"{quote(word)} is not known{near} there are {known}")


def locate(result: Result, query: Query) -> QueryContext:
    """A query of the part of a result, of several losses, that has the run which is meant."""
    found = query.which.among(result)
    if len(found) != 1 or not result.others:
        return QueryContext(result, query)
    part = next(part for part in result.parts if found[0] in part.runs)
    which = Selection(run=part.runs.index(found[0]) + 1)
    return QueryContext(replace(part, others=()), query._replace(which=which))


class QueryContext(NamedTuple):
    """A query of a result, and what quantities are evaluated from."""

    result: Result
    query: Query

    @property
    def run(self) -> Run:
        """The run that is meant."""
        return self.query.which.only(self.result)

    @property
    def loss(self) -> Loss:
        """The loss that was descended."""
        return self.result.experiment.loss

    @property
    def span(self) -> tuple[int, int]:
        """The first and the last step that is asked for: all of them unless the query says so."""
        last = self.run.trajectory.steps
        first, final = self.query.steps or (0, last)
        if not first <= final <= last:
            steps = f"{first}" if first == final else f"{first}..{final}"
            raise GdvizError(f"there is no step {steps}; the run has the steps 0 to {last}")
        return first, final

    @property
    def step(self) -> int:
        """The step that is asked for: the last unless the query says so."""
        first, final = self.span
        if self.query.steps is None:
            return final
        if first != final:
            raise GdvizError(f"{self.query.quantity} is asked for at one step: write step=10")
        return first

    @property
    def losses(self) -> np.ndarray[Any, Any]:
        """The losses of the steps that are asked for."""
        first, last = self.span
        return self.run.trajectory.losses[first : last + 1]

    @property
    def minimum(self) -> CriticalPoint | None:
        """The minimum that the run came to, or else the one that is nearest to its end.

        Without a run it is the lowest.
        """
        minima = self.result.points_of("minimum")
        if not self.result.runs:
            return minima[0] if minima else None
        if self.run.verdict.place == "minimum":
            return self.run.reached
        end = self.run.trajectory.points[-1]
        return min(minima, key=lambda m: math.dist(end, m.point), default=None)

    def at(self, name: str) -> np.ndarray[Any, Any]:
        """The value of an array of the run's trajectory at the step that is asked for."""
        values: np.ndarray[Any, Any] = getattr(self.run.trajectory, name)
        return values[self.step, ...]

    def nth(self, kind: str, plural: str) -> CriticalPoint:
        """The critical point of a kind that is asked for."""
        found = self.result.points_of(kind)
        if self.query.nth > len(found):
            there = f"{len(found)} {plural if len(found) != 1 else kind}"
            raise GdvizError(f"there is no {kind} number {self.query.nth}: the frame has {there}")
        return found[self.query.nth - 1]

    @property
    def model_minimum(self) -> Point:
        """The minimum of the quadratic model that is asked for."""
        found = [model for model in self.result.models if model.kind == "quadratic"]
        if self.query.nth > len(found):
            count = f"{len(found)} quadratic model{'s' * (len(found) != 1)}"
            raise GdvizError(f"there is no model number {self.query.nth}: the figure has {count}")
        lowest = found[self.query.nth - 1].minimum
        if lowest is None:
            raise GdvizError("the quadratic model has no minimum: it does not bend up everywhere")
        return lowest

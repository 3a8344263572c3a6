"""Expectations: what an author says that a run will do, to be compared with what it did."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ...messages import GdvizError, did_you_mean, quote
from ..descent.verdict import KINDS, Verdict
from ..experiment import Experiment
from ..report.describe import outcome, run_name
from ..result import Result
from .syntax import read_parts

PLACES = ("minimum", "saddle", "maximum", "flat", "box", "undefined")
"""The places that a verdict may name."""
EXAMPLE = "a verdict for each run, such as slow, converged at step 26, oscillating with period 2"

_EXPECTATION = re.compile(
    r"(\w+)(?: at step (\d{1,9})| with period (\d{1,9})| at (?:a |the )?([a-z]+))?"
)


@dataclass(frozen=True)
class Expectation:
    """An expectation of a run: a verdict, and at most one detail of it.

    Attributes
    ----------
    text : str
        As it was written.
    kind : str
        One of :data:`~sphinx_gdviz.core.descent.verdict.KINDS`.
    step, period : int or None
        At which step it shows, or with which period it repeats.
    place : str or None
        One of :data:`PLACES`.
    """

    text: str
    kind: str
    step: int | None = None
    period: int | None = None
    place: str | None = None

    def holds_of(self, verdict: Verdict) -> bool:
        """Tell whether a run did what is expected."""
        return (
            self.kind == verdict.kind
            and self.step in (None, verdict.step)
            and self.period in (None, verdict.period)
            and self.place in (None, verdict.place)
        )


def read_expectation(text: str) -> Expectation:
    """Read an expectation as authors write it: ``converged``, ``stuck at saddle``.

    Raises
    ------
    GdvizError
        If it is none.
    """
    said = " ".join(text.split())
    match = _EXPECTATION.fullmatch(said)
    if not match:
        raise GdvizError(f"{quote(text)} is not a verdict; write {EXAMPLE}")
    kind, step, period, place = match.groups()
    for word, known in ((kind, KINDS), (place, PLACES)):
        if word is not None and word not in known:
            near = did_you_mean(word, known) or ";"
            raise GdvizError(f"{quote(word)} is not a verdict{near} there are {', '.join(known)}")
    return Expectation(
        said, kind, int(step) if step else None, int(period) if period else None, place
    )


def read_expectations(text: str, experiment: Experiment) -> tuple[Expectation, ...]:
    """Read an expectation for each run of an experiment.

    Raises
    ------
    GdvizError
        If a part is no verdict, or there are not as many as runs.
    """
    expected = tuple(read_expectation(part) for part in read_parts(text, ",", EXAMPLE))
    if not experiment.steps:
        raise GdvizError("there is no run: the figure has 0 steps; leave it out")
    runs = sum(len(part.descents) for part in experiment.parts)
    if len(expected) != runs:
        count = f"{len(expected)} verdict{'s' * (len(expected) != 1)}"
        raise GdvizError(f"{count} for {runs} run{'s' * (runs != 1)}; write one for each")
    return expected


def disappointments(text: str, result: Result) -> list[str]:
    """Remarks on runs that did not do what is expected.

    Raises
    ------
    GdvizError
        If the expectations can't be read.
    """
    expected, remarks = read_expectations(text, result.experiment), []
    for expectation, run in zip(expected, result.all_runs, strict=True):
        if not expectation.holds_of(run.verdict):
            which = f"the run {run_name(result, run)}" if len(expected) > 1 else "the run"
            remarks.append(f"{quote(expectation.text)} was claimed, but {which} {outcome(run)}")
    return remarks

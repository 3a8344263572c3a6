"""Runs that are listed one by one: ``lr=0.1 start=1,2 | optimizer=adam lr=0.02``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from ...messages import GdvizError, did_you_mean, quote
from ..experiment import SHARED, Experiment
from .conflicts import find_conflicts
from .syntax import is_sequence

SETTINGS = ("optimizer", "lr", "start", *SHARED)
"""Options that a run may have of its own."""
EXAMPLE = "what each run changes, such as lr=0.1 start=1,2 | optimizer=adam lr=0.02"


def read_runs(
    value: Any,
    given: Mapping[str, Any],
    read: Callable[[str, Any], tuple[str, Any]],
    max_steps: int,
) -> list[Experiment]:
    """Read a list of runs, each as an experiment.

    Parameters
    ----------
    value : str or sequence of mapping
        The changes of each run, as text or as a mapping from options to values.
    given : mapping
        Fields of the experiment that the runs have in common.
    read : callable
        Reads an option: (name, text or value) -> (field, value).
    max_steps : int
        The most steps that a run may have.

    Raises
    ------
    GdvizError
        If a run can't be read, or its settings do not go together.
    """
    parts = value if is_sequence(value) else [_changes(part) for part in str(value).split("|")]
    shared = {name: given[name] for name in ("loss", "optimizers", "lr", *SHARED) if name in given}
    others = []
    for number, changes in enumerate(parts, 1):
        own = dict(shared) | ({"start": given["start"]} if "start" in given else {})
        for name, text in changes.items():
            if name not in SETTINGS:
                near = did_you_mean(name, SETTINGS) or ";"
                said = f"run {number}: {quote(name)} is no setting of a run{near}"
                raise GdvizError(f"{said} there are {', '.join(SETTINGS)}")
            try:
                field, setting = read(name, text)
            except GdvizError as error:
                raise GdvizError(f"run {number}: {name}: {error}") from None
            own[field] = setting
        other = Experiment(**own)
        if not other.steps:
            raise GdvizError(f"run {number}: 0 steps are no run; write steps=1 or more")
        for conflict in find_conflicts(other, own, max_steps):
            if not conflict.is_unused or conflict.option in changes:
                raise GdvizError(f"run {number}: {conflict.full}")
        others.append(other)
    return others


def _changes(text: str) -> dict[str, str]:
    """The settings of one run and their texts."""
    joined = re.sub(r"\([^()]*\)", lambda match: re.sub(r"\s", "", match[0]), text.strip())
    found = {}
    for part in re.split(r"\s+(?=[a-z]+\s*=)", joined):
        name, equals, value = map(str.strip, part.partition("="))
        if not equals or not value:
            raise GdvizError(f"{quote(text.strip())} is no run; write {EXAMPLE}")
        if name in found:
            raise GdvizError(f"{quote(text.strip())} has {name} twice; write each once")
        found[name] = value
    return found

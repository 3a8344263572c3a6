"""The notebook of a figure, in which a reader tries things."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ..experiment import Experiment
from ..report.describe import place_name
from .python_program import as_text, function_name, sections, settings_given
from .python_text import bracketed, number, point


def write_notebook(experiment: Experiment, *, title: str, caption: str, text: str = "") -> bytes:
    """Write the notebook of a figure: its program in cells, and things to try.

    Title, caption and more text before the program are Markdown; the notebook is JSON in nbformat
    4.5, the same bytes every time.

    Raises
    ------
    GdvizError
        If the figure has no program.
    """
    parts = sections(experiment)
    contents = [
        ("markdown", "\n\n".join(filter(None, [f"# {' '.join(title.split())}", caption, text]))),
        ("code", as_text([*filter(None, [parts.imports, parts.parameters])])),
        ("markdown", "## The loss and its gradient"),
        ("code", as_text(parts.loss)),
    ]
    has_run = experiment.steps > 0
    if has_run:
        contents += [("markdown", "## The descent"), ("code", as_text(parts.descent))]
    contents += [("markdown", "## The figure"), ("code", as_text(parts.figure))]
    if has_run:
        tasks = "\n".join(f"{n}. {task}" for n, task in enumerate(_tasks(experiment), 1))
        contents += [
            ("markdown", f"## Try it yourself\n\n{_INTRODUCTION}\n\n{tasks}"),
            ("code", as_text((_trial(experiment),))),
        ]
    contents.append(("markdown", f"## Notes\n\n{_NOTES}"))
    notebook = {
        "cells": [_cell(n, kind, source) for n, (kind, source) in enumerate(contents, 1)],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return (json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


_INTRODUCTION = "Say first what you expect. Then change a cell, and run it and those below it."
_NOTES = "*What have you found, and did you expect it? This cell is yours.*"


def _cell(number: int, kind: str, source: str) -> dict[str, Any]:
    cell: dict[str, Any] = {
        "cell_type": kind,
        "id": f"cell-{number}",  # wanted since 4.5; no random one, for the same bytes every time
        "metadata": {},
        "source": source.strip("\n").splitlines(keepends=True),
    }
    return cell if kind == "markdown" else {**cell, "execution_count": None, "outputs": []}


def _tasks(experiment: Experiment) -> Iterator[str]:
    """Things to try, in the words of an experiment."""
    method, optimizers = experiment.methods[0], set(experiment.optimizers)
    rates = list(dict.fromkeys(number(method.lr) for method in experiment.methods))
    if len(rates) == 1:
        yield (
            f"**Learning rate.** The rate is {rates[0]}. Double it until the run does not come to "
            "rest any more. Between which two rates is the limit? Then halve it: how many more "
            "steps does it take?"
        )
    else:
        listed = f"{', '.join(rates[:-1])} and {rates[-1]}"
        yield (
            f"**Learning rate.** The rates are {listed}. Try some that lie between them, and one "
            "that is twice the largest. Which of them leads down in the fewest steps?"
        )
    start, other = experiment.start[0], _opposite(experiment)
    yield (
        f"**Start.** Start at {place_name(other)} instead of {place_name(start)}. Does the run end "
        "at the same point? Look for two starts that are close to each other and end far apart."
    )
    rate = "lr" if method.schedule.is_constant else "rate"
    if len(optimizers) > 1:
        yield (
            "**Optimizer.** Give all of the optimizers the same rate. Which is the fastest now? "
            "Then look for the best rate of each, and compare again."
        )
    elif method.optimizer.name == "gd":
        yield (
            "**Optimizer.** Give the run momentum. Put `b = 0` before the loop, and in place of "
            f"the update `b = 0.9 * b + g` and `theta = theta - {rate} * b`. Which rate suits it?"
        )
    else:
        yield (
            f"**Optimizer.** The update is that of {method.optimizer.title}. Put "
            f"`theta = theta - {rate} * g` in its place, which is plain gradient descent. Which "
            "rate does that need to come as far?"
        )
    if not method.schedule.is_constant:
        yield "**Schedule.** Let `schedule` return 1. What is different in the last steps?"
    if method.batch:
        yield (
            f"**Batches.** A step takes {method.batch} rows of the data. Take half as many, and "
            "twice as many. How does the path change near its end?"
        )
    elif method.noise:
        yield "**Noise.** Change `seed`. What is the same in each run?"
    if method.clip is not None:
        yield "**Box.** Take the line with `np.clip` away. Which runs are other ones then?"


def _opposite(experiment: Experiment) -> tuple[float, ...]:
    """The start on the other side of the middle of the frame; of a start there, a place beside."""
    start, frame = experiment.start[0], experiment.frame
    sizes = [high - low for low, high in frame]
    there = [low + high - here for here, (low, high) in zip(start, frame, strict=False)]
    if sum(abs(a - b) for a, b in zip(there, start, strict=False)) < 0.01 * sum(sizes):
        there = [here + size / 4 for here, size in zip(start, sizes, strict=False)]
    return (*(float(f"{each:.3g}") + 0.0 for each in there), *start[len(there) :])


def _trial(experiment: Experiment) -> str:
    """A run to change, and where it ends."""
    method = experiment.methods[0]
    arguments = [f"start={point(_opposite(experiment))}", f"lr={number(method.lr)}"]
    arguments.append(f"steps={method.steps}")
    head = f"trial = {function_name(experiment, method.optimizer)}("
    run = bracketed(head, [*arguments, *settings_given(method.optimizer)], ")")
    return f'{run}\nprint("end:", trial[-1], "loss:", loss(trial[-1]))'

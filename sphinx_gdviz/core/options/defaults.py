"""Options of a figure, and those that a book has for all of its figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...messages import GdvizError
from ..experiment import Experiment
from .read import Book, read_experiment


def read_with_defaults(
    written: Mapping[str, Any], defaults: Mapping[str, Any], book: Book
) -> tuple[Experiment | None, list[GdvizError]]:
    """Read the options of a figure, as :func:`read_experiment` does, with the book's defaults.

    A width that can't be read changes nothing but the look of the page: it is passed over, and so
    is a default that has no effect on this figure.
    """
    values, told = {**defaults, **written}, []
    experiment, mistakes = read_experiment(values, book)
    while experiment is None:
        told += [mistake for mistake in mistakes if mistake.option == "width"]
        unused = {m.option for m in mistakes if m.is_unused and m.option not in written}
        passed = unused | {mistake.option for mistake in told}
        if not passed & values.keys():
            break
        values = {name: value for name, value in values.items() if name not in passed}
        experiment, mistakes = read_experiment(values, book)
    return experiment, told + mistakes

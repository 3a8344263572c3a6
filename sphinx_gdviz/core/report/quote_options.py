"""Options of the directives that quote a figure: which of its runs, quantities and steps."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from ...messages import GdvizError, collect_mistakes, quote
from .numbers import check_format
from .query import Query, Selection, read_query

DEFAULT_COLUMNS = "setting, verdict, step, loss, gradient-norm"
"""The columns of a table that asks for none."""
DEFAULT_STEPS = (1, 3)
MAX_STEPS = 100
SELECTORS = ("run", "lr", "optimizer", "start")
"""Options that select a run."""
KINDS = ("derivation", "table")
"""Ways to show steps."""


class RunsOptions(NamedTuple):
    """The options of a table of runs, as :func:`~.tables.runs_table` takes them."""

    columns: tuple[Query, ...]
    sort: Query | None
    is_falling: bool
    titles: tuple[str, ...]


def read_runs_options(options: Mapping[str, str], mistakes: list[GdvizError]) -> RunsOptions:
    """The options of a table of runs; mistakes are noted."""
    columns = _queries("columns", options.get("columns", DEFAULT_COLUMNS), mistakes)
    sort = options.get("sort", "").strip()
    by = _queries("sort", sort.removeprefix("-"), mistakes) if sort else ()
    if len(by) > 1:
        mistakes.append(GdvizError(f"{quote(sort)} is more than one thing; write one", "sort"))
    titles: tuple[str, ...] = ()
    if "titles" in options:
        titles = tuple(" ".join(part.split()) for part in options["titles"].split(";"))
        if len(titles) != len(columns):
            many = f"{len(titles)} title{'s' * (len(titles) != 1)}"
            said = f"{many} for {len(columns)} columns; write one for each, separated by ;"
            mistakes.append(GdvizError(said, "titles"))
    return RunsOptions(columns, by[0] if by else None, sort.startswith("-"), titles)


def _queries(option: str, text: str, mistakes: list[GdvizError]) -> tuple[Query, ...]:
    queries: list[Query] = []
    found: list[GdvizError] = []
    for part in re.split(r",\s*(?![^()]*\))", text.strip()):
        with collect_mistakes(found, option):
            query = read_query(part)
            if query.which != Selection():
                raise GdvizError(f"{quote(part)}: a row is a run already; leave out which")
            queries.append(query)
    mistakes.extend({str(mistake): mistake for mistake in found}.values())  # each once
    return tuple(queries)


def read_selection(options: Mapping[str, str], mistakes: list[GdvizError]) -> Selection:
    """The run that options select; mistakes are noted."""
    which = Selection()
    for name in SELECTORS:
        if name in options:
            with collect_mistakes(mistakes, name):
                found = read_query(f"loss {name}={options[name].strip()}").which
                which = which._replace(**{name: getattr(found, name)})
    return which


def read_steps_options(
    options: Mapping[str, str], mistakes: list[GdvizError]
) -> tuple[Selection, tuple[int, int], str]:
    """The run, the first and last update, and the format of numbers; mistakes are noted."""
    which, form = read_selection(options, mistakes), options.get("format", "").strip()
    text, steps = options.get("steps", "").strip(), DEFAULT_STEPS
    if "steps" in options:
        match = re.fullmatch(r"(?:([1-9][0-9]{0,6})\.\.)?([1-9][0-9]{0,6})", text)
        if match and 0 <= int(match[2]) - int(match[1] or 1) < MAX_STEPS:
            steps = int(match[1] or 1), int(match[2])
        else:
            said = f"{quote(text)}: write how many, such as 3, or which, such as 4..6"
            mistakes.append(GdvizError(f"{said}; {MAX_STEPS} at most", "steps"))
    with collect_mistakes(mistakes, "format"):
        form = form and check_format(form)
    return which, steps, form

"""Tables of a result: its runs side by side, or some steps of one of them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

from ...messages import GdvizError
from .numbers import Numeral, RichText, Tex, plain_text, rounded
from .query import Query, Selection

if TYPE_CHECKING:
    from ..result import Result, Run

NOTHING: RichText = ("–",)
"""In a cell of a run that has nothing of the kind."""
STEP_HEADINGS: tuple[RichText, ...] = (
    (Tex("t", "t"),),
    (Tex(r"\theta_t", "θ"),),
    (Tex(r"L(\theta_t)", "L(θ)"),),
    (Tex(r"\nabla L(\theta_t)", "∇L(θ)"),),
)


class Cells(NamedTuple):
    """The contents of a table."""

    headings: tuple[RichText, ...]
    rows: tuple[tuple[RichText, ...], ...]
    are_numbers: tuple[bool, ...]


def runs_table(
    result: Result,
    columns: tuple[Query, ...],
    sort: Query | None = None,
    is_falling: bool = False,
    titles: tuple[str, ...] = (),
) -> Cells:
    """A row for each run of a figure.

    Parameters
    ----------
    result : Result
        That of the figure.
    columns : tuple of Query
        The quantities of each run.
    sort : Query, optional
        The quantity to sort by; without one the order is that of the figure.
    is_falling : bool
        Whether the largest comes first.
    titles : tuple of str
        The titles of the columns; empty ones, or none at all, are the names of the quantities.
    """
    from .quantities import heading  # it needs NumPy, and a build that shows what is known does not

    if not result.runs:
        raise GdvizError("there is no run to list: the figure has 0 steps")
    runs = [Selection(run=number) for number in range(1, len(result.all_runs) + 1)]
    if sort:
        keys = {run: _sort_key(result, sort._replace(which=run)) for run in runs}
        known = [run for run in runs if keys[run] is not None]
        known.sort(key=lambda run: keys[run], reverse=is_falling)
        runs = known + [run for run in runs if keys[run] is None]
    rows = tuple(
        tuple(_cell(result, column._replace(which=run)) for column in columns) for run in runs
    )
    headings = tuple(
        (title,) if title else heading(column, result.experiment.loss)
        for title, column in zip(titles or ("",) * len(columns), columns, strict=True)
    )
    return Cells(headings, rows, _are_numbers(rows))


def _cell(result: Result, query: Query) -> RichText:
    from .quantities import evaluate, write

    value = evaluate(result, query)
    return NOTHING if value is None else write(value, query)


def _sort_key(result: Result, query: Query) -> Any:
    """The value to sort a run by; None for a run that has none."""
    from .quantities import Phrase, evaluate

    value = evaluate(result, query)
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, Phrase):
        return plain_text(value.parts)
    if not isinstance(value, (int, float, str)):
        raise GdvizError(f"runs can't be sorted by {query.quantity}")
    return value


def _are_numbers(rows: tuple[tuple[RichText, ...], ...]) -> tuple[bool, ...]:
    return tuple(
        all(cell == NOTHING or isinstance(cell[0], Numeral) for cell in column)
        for column in zip(*rows, strict=True)
    )


def updates_of(run: Run, steps: tuple[int, int]) -> tuple[int, int]:
    """The first and the last of some updates, if a run has them.

    Raises
    ------
    GdvizError
        If it does not.
    """
    last = run.trajectory.steps
    if steps[1] > last:
        raise GdvizError(f"there is no step {steps[1]}; the run has the steps 1 to {last}")
    return steps


def steps_table(result: Result, which: Selection, steps: tuple[int, int], form: str) -> Cells:
    """A row for each of some steps of a run, and for the point before them."""
    from .quantities import answer

    first, last = updates_of(which.only(result), steps)
    rows = tuple(
        (
            (rounded(step),),
            *(
                answer(result, Query(quantity, form, which, (step, step)))
                for quantity in ("point", "loss", "gradient")
            ),
        )
        for step in range(first - 1, last + 1)
    )
    return Cells(STEP_HEADINGS, rows, (True, False, True, False))

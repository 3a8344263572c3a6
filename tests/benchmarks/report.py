"""The report: a value of each round becomes a median with its spread."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import median

from .builds import Cost
from .measurements import Line

DIGITS = {"x": 2, "s": 3, "ms": 1, "kB": 1, "MB": 1, "M": 1}


def costs_table(rounds: Sequence[dict[str, Cost]]) -> str:
    """What each build took; all rounds have the same builds."""
    rows = []
    for name in rounds[0]:
        seconds = [costs[name].seconds for costs in rounds]
        peak = median(costs[name].peak for costs in rounds)
        rows.append((name, *_spread(seconds, "s"), f"{peak / 1e6:.0f} MB"))
    return _table(("build", "time", "min – max", "peak memory"), rows)


def lines_table(rounds: Sequence[dict[Line, float]]) -> str:
    """What was measured, beside what it ought to be."""
    rows = []
    for line in rounds[0]:
        values = [lines[line] for lines in rounds]
        target = line.target
        limit = f"{target.sign} {target.limit:g} {line.unit}" if target else ""
        met = ("met" if target.met(median(values)) else "not met") if target else ""
        rows.append((line.what, *_spread(values, line.unit), limit, met))
    return _table(("what", "median", "min – max", "target", ""), rows)


def _spread(values: Sequence[float], unit: str) -> tuple[str, str]:
    digits = DIGITS[unit]
    span = f"{min(values):.{digits}f} – {max(values):.{digits}f}" if len(values) > 1 else ""
    return f"{median(values):.{digits}f} {unit}", span


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Columns as wide as they must be: the first to the left, the others to the right."""
    table = [head, *rows]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if column else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in table
    )

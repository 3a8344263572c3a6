"""Run the benchmark: rounds of builds, then what they say.

A round builds every book in turn, so that what the machine does meanwhile hits all alike. Ratios
are made within a round, and the report has their medians.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from .builds import Book, Cost, Round
from .measurements import MEASUREMENTS, WITHOUT_VARIANTS, Line
from .report import costs_table, lines_table
from .variants import ALL, FIGURES


def _names(text: str) -> list[str]:
    names = text.split(",")
    for name in names:
        if name not in MEASUREMENTS:
            raise argparse.ArgumentTypeError(f"{name!r} is none of {', '.join(MEASUREMENTS)}")
    return names


def _rounds(text: str) -> int:
    if int(text) < 1:
        raise argparse.ArgumentTypeError("one is the fewest")
    return int(text)


def _sizes(text: str) -> tuple[int, ...]:
    sizes = tuple(int(part) for part in text.split(","))
    if any(size <= 0 or size % FIGURES for size in sizes):
        raise argparse.ArgumentTypeError(f"a chapter has {FIGURES} figures; write multiples of it")
    return sizes


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=_rounds, default=5, help="how many (default: 5)")
    parser.add_argument(
        "--only",
        type=_names,
        default=[*MEASUREMENTS],
        metavar="NAME,…",
        help=f"what to measure, of {', '.join(MEASUREMENTS)} (default: all)",
    )
    parser.add_argument(
        "--growth",
        type=_sizes,
        default=(20, 100, 400),
        metavar="N,…",
        help="how many figures the growing books have (default: 20,100,400)",
    )
    return parser.parse_args()


def _warm_up() -> None:
    """Build each variant once, short: bytecode and font caches are there when it counts."""
    with tempfile.TemporaryDirectory() as folder:
        for variant in ALL:
            Round(Path(folder)).clean(Book(variant, chapters=1))


def _run_round(
    names: list[str], sizes: tuple[int, ...]
) -> tuple[dict[str, Cost], dict[Line, float]]:
    with tempfile.TemporaryDirectory() as folder:
        builds = Round(Path(folder), sizes)
        lines = {line: value for name in names for line, value in MEASUREMENTS[name](builds)}
    return builds.costs, lines


def main() -> None:
    """Measure, and print the report."""
    options = _options()
    if not WITHOUT_VARIANTS.issuperset(options.only):
        print("warming up", file=sys.stderr)
        _warm_up()
    costs, lines = [], []
    for number in range(1, options.rounds + 1):
        print(f"round {number} of {options.rounds}", file=sys.stderr)
        built, measured = _run_round(options.only, options.growth)
        costs.append(built)
        lines.append(measured)
    print(f"\n{costs_table(costs)}\n\n{lines_table(lines)}")


if __name__ == "__main__":
    main()

"""What is measured: each function makes some lines of the report from the builds of a round."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from . import descents, reader
from .builds import Book, Cost, Round
from .pages import MANY, PLOTLY, Site, packed
from .variants import (
    FIGURES,
    GDVIZ,
    GDVIZ_ALL,
    GDVIZ_PRINT,
    LEAN,
    MYST,
    MYST_NB,
    NOTEBOOK,
    PLOT,
    RST,
    Variant,
)

Unit = Literal["x", "s", "ms", "kB", "MB", "M"]


@dataclass(frozen=True)
class Target:
    """What a value ought to be."""

    sign: Literal["≥", "≤"]
    limit: float

    def met(self, value: float) -> bool:
        """Whether a value is what it ought to be."""
        return value >= self.limit if self.sign == "≥" else value <= self.limit


@dataclass(frozen=True)
class Line:
    """A line of the report: what it is about, and its target if it has one."""

    what: str
    unit: Unit = "x"
    target: Target | None = None


Lines = Iterator[tuple[Line, float]]
"""Lines and their values in a round."""


def clean(builds: Round) -> Lines:
    """Figures in three formats, from nothing, in one process."""
    plot, gdviz = _figure_time(builds, PLOT, RST), _figure_time(builds, GDVIZ_ALL, MYST)
    yield Line("clean build, figures, plot_directive / gdviz", "x", Target("≥", 6)), plot / gdviz


def lean(builds: Round) -> Lines:
    """Figures for the web and for print, beside Matplotlib as it is written to be fast."""
    matplotlib, gdviz = _figure_time(builds, LEAN, RST), _figure_time(builds, GDVIZ_PRINT, MYST)
    line = Line("clean build, figures, lean Matplotlib / gdviz", "x", Target("≥", 2.5))
    yield line, matplotlib / gdviz


def parallel(builds: Round) -> Lines:
    """The same with two processes: for gdviz alone, and for both."""
    gdviz = _figure_time(builds, GDVIZ_ALL, MYST, jobs=2)
    alone = Line("clean build, figures, plot_directive / gdviz -j 2", "x", Target("≥", 10))
    yield alone, _figure_time(builds, PLOT, RST) / gdviz
    both = Line("clean build, figures, plot_directive -j 2 / gdviz -j 2")
    yield both, _figure_time(builds, PLOT, RST, jobs=2) / gdviz


def notebooks(builds: Round) -> Lines:
    """Web pages from nothing, the whole of the build."""
    notebook, gdviz = builds.clean(Book(MYST_NB)).seconds, builds.clean(Book(GDVIZ)).seconds
    yield Line("clean build, whole, MyST-NB / gdviz", "x", Target("≥", 8)), notebook / gdviz
    figures = _figure_time(builds, MYST_NB, NOTEBOOK) / _figure_time(builds, GDVIZ, MYST)
    yield Line("clean build, figures, MyST-NB / gdviz"), figures


def unchanged(builds: Round) -> Lines:
    """Builds of a book whose figures are drawn: what they still cost."""
    for what, most, build in (
        ("no change", 0.03, builds.unchanged),
        ("prose edit", 0.03, builds.edited),
        ("one option changed", 0.25, builds.changed),
    ):
        floor, gdviz = build(Book(MYST)).seconds, build(Book(GDVIZ)).seconds
        line = Line(f"{what}, above the book without figures", "s", Target("≤", most))
        yield line, gdviz - floor
        yield Line(f"{what}, gdviz / the book without figures"), gdviz / floor


def growth(builds: Round) -> Lines:
    """Books of more and more figures: what a figure costs, and the memory for all."""
    above = {size: _above(builds, Book(GDVIZ, size // FIGURES), MYST) for size in builds.sizes}
    for size, cost in above.items():
        yield Line(f"{size} figures, time for each", "ms"), 1000 * cost.seconds / size
        line = Line(f"{size} figures, peak memory above the floor", "MB", Target("≤", 90))
        yield line, cost.peak / 1e6
    few, many = min(builds.sizes), max(builds.sizes)
    flat = Target("≤", 1.1)
    time = above[many].seconds / many / (above[few].seconds / few)
    yield Line(f"time for a figure, {many} / {few} figures", "x", flat), time
    peaks = [builds.clean(Book(GDVIZ, size // FIGURES)).peak for size in (many, few)]
    yield Line(f"peak memory, {many} / {few} figures", "x", flat), peaks[0] / peaks[1]


def size(builds: Round) -> Lines:
    """Figure 22.1, which is the first figure of the book."""
    page = builds.output(Book(GDVIZ_ALL)) / "html" / "chapter-001.html"
    (stem, *_) = re.findall(r'_images/(gdviz-\w+)\.svg"', page.read_text(encoding="utf-8"))
    for suffix, most in (("svg", 100), ("pdf", 60)):
        line = Line(f"first figure, gdviz's {suffix}", "kB", Target("≤", most))
        yield line, _bytes(builds, GDVIZ_ALL, f"{stem}.{suffix}") / 1000
        line = Line(f"first figure, plot_directive's {suffix}", "kB")
        yield line, _bytes(builds, PLOT, f"chapter-001-1.{suffix}") / 1000


def runs(_: Round) -> Lines:
    """Descents without a book around them."""
    batch = descents.batch_rate()
    yield Line("start-steps a second, 100 000 starts", "M", Target("≥", 20)), batch / 1e6
    line = Line("start-steps a second, batch / plain loop", "x", Target("≥", 25))
    yield line, batch / descents.loop_rate()
    yield Line("one run of 50 steps", "ms", Target("≤", 2)), 1000 * descents.one_run()
    yield Line("basins, 512 × 512 starts", "s", Target("≤", 5)), descents.basins()


def read(builds: Round) -> Lines:
    """Figures in a browser."""
    site = Site.write(builds.folder / "reader")
    yield Line("script and style, gzip, gdviz", "kB", Target("≤", 15)), site.script / 1000
    yield Line("script, gzip, plotly.js", "kB"), packed(PLOTLY.encode()) / 1000
    yield Line("data of the first figure, gzip", "kB", Target("≤", 4)), site.data / 1000
    words, gdviz, plotly = reader.openings(site, "words", "gdviz-run", "plotly-run")
    yield Line("navigation to interactive, no figure", "ms"), words
    yield Line("navigation to interactive, gdviz", "ms"), gdviz
    line = Line("navigation to interactive, plotly.js / gdviz", "x", Target("≥", 8))
    yield line, plotly / gdviz
    ours = reader.turning(site, "gdviz-surface", ".gdviz-panel canvas")
    theirs = reader.turning(site, "plotly-surface", ".gl-container canvas")
    yield Line("frame while turning, gdviz", "ms", Target("≤", 8)), ours.whole
    line = Line("frame while turning, plotly.js / gdviz", "x", Target("≥", 10))
    yield line, theirs.whole / ours.whole
    # The rest is WebGL, which is software in a headless browser; with a GPU it is faster.
    line = Line("frame while turning, scripts alone, plotly.js / gdviz")
    yield line, theirs.scripts / ours.scripts
    live, still = reader.scrolled(site, "live"), reader.scrolled(site, "still")
    yield Line(f"{MANY} figures on a page, alive / all", "x", Target("≥", 1)), live.alive / MANY
    line = Line(f"{MANY} figures on a page, memory for each", "MB", Target("≤", 8))
    yield line, (live.bytes - still.bytes) / MANY / 1e6


MEASUREMENTS: dict[str, Callable[[Round], Lines]] = {
    "clean": clean,
    "lean": lean,
    "parallel": parallel,
    "notebooks": notebooks,
    "unchanged": unchanged,
    "growth": growth,
    "size": size,
    "runs": runs,
    "reader": read,
}
"""By the names that the command line knows."""
WITHOUT_VARIANTS = {"runs", "reader"}
"""Those that build no variant of the book."""


def _above(builds: Round, book: Book, floor: Variant) -> Cost:
    """What the figures of a book cost: the same book without them is taken away."""
    without = builds.clean(Book(floor, book.chapters, book.jobs))
    whole = builds.clean(book)
    return Cost(whole.seconds - without.seconds, whole.peak - without.peak)


def _figure_time(builds: Round, variant: Variant, floor: Variant, jobs: int = 1) -> float:
    return _above(builds, Book(variant, jobs=jobs), floor).seconds


def _bytes(builds: Round, variant: Variant, name: str) -> int:
    paths: Iterator[Path] = builds.output(Book(variant)).rglob(name)
    return next(paths).stat().st_size

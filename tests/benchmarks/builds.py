"""Builds of a book, each a process of its own, and what each took."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from tests.ext.books import Built, run_sphinx

from .variants import FIGURES, Variant, page_name

MAXRSS = 1 if sys.platform == "darwin" else 1024
"""Bytes in the unit of ru_maxrss."""


@dataclass(frozen=True)
class Book:
    """A book to be built: how it is written, how long it is, and with how many processes."""

    variant: Variant
    chapters: int = 10
    jobs: int = 1

    @property
    def figures(self) -> int:
        """How many figures it has, or would have."""
        return FIGURES * self.chapters

    @property
    def name(self) -> str:
        """What the report calls it."""
        jobs = f", -j {self.jobs}" if self.jobs > 1 else ""
        return f"{self.variant.name}, {self.chapters} pages{jobs}"


@dataclass(frozen=True)
class Cost:
    """What a build took: seconds, and bytes of memory in the process that needed the most."""

    seconds: float
    peak: int


@dataclass
class Round:
    """The builds of one round: the same book is built from nothing once, whoever asks for it."""

    folder: Path
    sizes: tuple[int, ...] = ()
    """How many figures the growing books have."""
    costs: dict[str, Cost] = field(default_factory=dict)
    """All that was built in this round, by what the report calls it."""

    def clean(self, book: Book) -> Cost:
        """Build a book from nothing."""

        def write(folder: Path) -> None:
            book.variant.write(folder, book.chapters)

        return self._cost(book, book.name, write)

    def unchanged(self, book: Book) -> Cost:
        """Build a book again that is as it was."""
        self.clean(book)
        return self._cost(book, f"{book.name}, nothing changed")

    def edited(self, book: Book) -> Cost:
        """Build a book again in which one chapter has a paragraph more."""
        self.clean(book)

        def edit(folder: Path) -> None:
            with (folder / page_name(book.variant, 1)).open("a", encoding="utf-8") as page:
                page.write("\nAn afterthought.\n")

        return self._cost(book, f"{book.name}, prose edited", edit)

    def changed(self, book: Book) -> Cost:
        """Build a book again in which one figure has another learning rate."""
        self.clean(book)

        def change(folder: Path) -> None:
            page = folder / page_name(book.variant, 1)
            text = page.read_text(encoding="utf-8")
            page.write_text(text.replace(":lr: 0.1\n", ":lr: 0.12\n") + "\n", encoding="utf-8")

        return self._cost(book, f"{book.name}, one option changed", change)

    def output(self, book: Book) -> Path:
        """All that the builds of a book have left."""
        self.clean(book)
        return self._folder(book) / "_build"

    def _folder(self, book: Book) -> Path:
        return self.folder / "".join(c if c.isalnum() else "-" for c in book.name)

    def _cost(
        self, book: Book, name: str, prepare: Callable[[Path], object] = lambda folder: None
    ) -> Cost:
        if name not in self.costs:
            folder = self._folder(book)
            prepare(folder)
            self.costs[name] = _build(book, folder)
        return self.costs[name]


def _build(book: Book, folder: Path) -> Cost:
    """Build a book and see that it is whole: there is no point in timing anything else."""
    # The peak is that of all children that a process ever had, so it has one only.
    with ProcessPoolExecutor(1) as pool:
        built, cost = pool.submit(_measure, folder, book.jobs).result()
    if built.code:
        raise SystemExit(f"{book.name}: the build failed\n{built.stdout}{built.stderr}")
    if book.variant.pictures:
        for suffix in book.variant.formats:
            found = len(_files(folder / "_build", suffix))
            if found < book.figures:
                raise SystemExit(
                    f"{book.name}: {found} of {book.figures} {suffix} files\n{built.stdout}"
                )
    return cost


def _measure(folder: Path, jobs: int) -> tuple[Built, Cost]:
    start = time.perf_counter()
    # With an environment of its own a build is a process of its own, and no fork of a warm one.
    built = run_sphinx(folder, "html", "-W", "-j", str(jobs), env={"PYTHONHASHSEED": "0"})
    seconds = time.perf_counter() - start
    return built, Cost(seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * MAXRSS)


def _files(folder: Path, suffix: str) -> set[str]:
    """Names of the pictures in a folder, without those of the theme."""
    return {path.name for path in folder.rglob(f"*.{suffix}") if "_static" not in path.parts}

"""Pieces of messages that are meant for an author."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")

FEW = 5
"""Names that a message lists where there may be many."""

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""A character that no XML file may have (XML 1.0, 2.2), or that a terminal takes for a command."""


class GdvizError(ValueError):
    """A mistake of an author, with a message that says what was written and what would be right.

    Parameters
    ----------
    message : str
        The mistake, and what would be right.
    option : str, optional
        The option that the mistake is in, where that is known.
    is_unused : bool
        The option just has no effect here, which is no mistake in a default of the book.
    """

    def __init__(self, message: str, option: str | None = None, *, is_unused: bool = False) -> None:
        super().__init__(message)
        self.option = option
        self.is_unused = is_unused

    @property
    def full(self) -> str:
        """The message after the name of its option."""
        return f"{printable(self.option)}: {self}" if self.option else str(self)


@contextmanager
def collect_mistakes(mistakes: list[GdvizError], option: str | None = None) -> Iterator[None]:
    """Collect the mistake that ends a block, as one of an option unless it names another."""
    try:
        yield
    except GdvizError as error:
        error.option = error.option or option
        mistakes.append(error)


@contextmanager
def in_option(option: str) -> Iterator[None]:
    """Name the option of a mistake that ends a block, unless it names another."""
    try:
        yield
    except GdvizError as error:
        error.option = error.option or option
        raise


def printable(text: str) -> str:
    """A text with a sign in place of each character that can't be shown everywhere."""
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def check_printable(text: str) -> None:
    """Raise GdvizError for a text with a character that can't be shown everywhere."""
    if found := _UNPRINTABLE.search(text):
        said = f"it has the character U+{ord(found[0]):04X}, which no page can show"
        raise GdvizError(f"{said}; take it out")


def quote(value: object) -> str:
    """An author's text or value in a message, on one line and not too long."""
    text = printable(" ".join(str(value).split()))
    return f"“{text if len(text) <= 60 else text[:57] + '…'}”"


def setting(value: float) -> str:
    """A number that an author wrote, as it was written or shorter, with a real minus sign."""
    return f"{value + 0.0:.12g}".replace("-", "−")  # adding zero makes −0 of no sign


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """“; did you mean “x”?” where a known name is near, and nothing where none is."""
    near = difflib.get_close_matches(name, list(known), 1)
    return f"; did you mean {quote(near[0])}?" if near else ""


def some_of(known: Iterable[str], name: str) -> str:
    """“a, b, c”, in order, and of many names those that are nearest to one that there is not."""
    names = sorted(known)
    few = sorted(difflib.get_close_matches(name, names, FEW, cutoff=0.0))
    others = len(names) - len(few)
    return ", ".join(few) + f" and {others} more" * bool(others)


def look_up(name: str, known: Mapping[str, T], kind: str, hint: str) -> T:
    """What is known by a name.

    Parameters
    ----------
    name : str
        As an author wrote it.
    known : mapping
        Everything of its kind, by name.
    kind, hint : str
        For the message: “an optimizer”, and what would be right.

    Raises
    ------
    GdvizError
        If there is no such name.
    """
    if name not in known:
        near = did_you_mean(name.lower(), known) or ";"
        raise GdvizError(f"{quote(name)} is not {kind}{near} {hint}")
    return known[name]


def listed(words: Sequence[str]) -> str:
    """“a, b and c”."""
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))

"""The base of the directives: options are taken as text, and mistakes told at their line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from functools import cached_property
from itertools import takewhile
from textwrap import dedent
from typing import Any, TypeVar

from docutils import nodes
from docutils.parsers.rst import directives
from docutils.parsers.rst.states import RSTState
from sphinx.util.docutils import SphinxDirective

from ...core.options.syntax import INCHES, WIDEST
from ...messages import (
    GdvizError,
    check_printable,
    collect_mistakes,
    did_you_mean,
    printable,
    quote,
)
from ..log import lines_of, warn

T = TypeVar("T")

BODY = ""
"""The body of a directive, where an option could stand."""

_QUOTED = re.compile(
    r"""((?:^|\r)[^\s:#][^:\n\r]*:\s+)("(?:[^"\\]|\\.)*"|'(?:[^']|'')*')""", re.M | re.S
)
"""The name of an option, and a value in quotes, which may go over several lines."""


def read_align(text: str) -> str:
    """A side, as docutils reads it."""
    return directives.choice(text, ("left", "center", "right"))


def read_size(text: str) -> str:
    """A width in a page, as docutils reads it, but neither none nor wider than any page."""
    size = directives.length_or_percentage_or_unitless(text, "px")
    number, unit = re.fullmatch(r"([\d.]+)(.*)", size).groups()  # type: ignore[union-attr]
    most = 100.0 if unit == "%" else WIDEST / INCHES.get(unit, INCHES["pc"])  # about one em
    if not 0 < float(number) <= most:
        raise ValueError(f"write more than 0 and at most {most:.0f}{unit}")
    return size


class AnyOption(dict[str, Callable[[str], Any]]):
    """Takes every option as text: mistakes are told by the directive, the same in each parser."""

    def __bool__(self) -> bool:
        return True

    def __missing__(self, name: str) -> Callable[[str], str]:
        return directives.unchanged


class GdvizDirective(SphinxDirective):
    """A directive of this extension."""

    has_content = True
    option_spec = AnyOption()
    standard: tuple[str, ...] = ()
    """Options of the page: with a mistake in one, what the others ask for is shown all the same."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        for name, text in list(self.options.items()):
            with self.collect(name):
                check_printable(name + (text or ""))
                continue
            del self.options[name]
        for text in self.arguments:
            with self.collect():
                check_printable(text)
        self.arguments = list(map(printable, self.arguments))
        if not isinstance(self.state, RSTState):
            # Some characters, such as U+2028, end a line for MyST-Parser, and the options with it.
            for line in takewhile(str.strip, self.content):
                if re.match(r":[\w-]+:(\s|$)", line):
                    said = f"{quote(line)} comes after the end of the options"
                    self.refuse(f"{said}; take out what ends them, a line that is none", BODY)

    @cached_property
    def mistakes(self) -> list[GdvizError]:
        """The mistakes found so far; they are told together."""
        return []

    @property
    def is_refused(self) -> bool:
        """True if there is nothing to show, for a mistake in what is to be shown."""
        return any(mistake.option not in (BODY, *self.standard) for mistake in self.mistakes)

    def refuse(self, message: str, option: str | None = None) -> None:
        """Note a mistake."""
        self.mistakes.append(GdvizError(message, option))

    def collect(self, option: str | None = None) -> AbstractContextManager[None]:
        """Note the mistake that ends a block."""
        return collect_mistakes(self.mistakes, option)

    def read_standard(self, option: str, read: Callable[[str], T], text: str) -> T | None:
        """An option as docutils reads it; None, and a mistake noted, where it can't be read."""
        with self.collect(option):
            try:
                return read(text)
            except GdvizError:
                raise
            except (ValueError, TypeError) as error:
                said = f"{quote(text)}: {' '.join(str(error).split())}"
                raise GdvizError(said) from None
        return None

    def check_names(self, options: Iterable[str], known: Iterable[str]) -> None:
        """Note a mistake for each option that there is not."""
        known = tuple(known)
        for name in options:
            if name not in known:
                self.refuse(f"there is no such option{did_you_mean(name, known)}", name)

    def read_name(self) -> str:
        """The argument, as docutils has names."""
        return nodes.fully_normalize_name(self.arguments[0])

    def tell(self) -> None:
        """Give a message for each mistake."""
        for mistake in self.mistakes:
            warn("option" if mistake.option else "content", *self.explain(mistake))

    def explain(self, mistake: GdvizError) -> tuple[str, str]:
        """The message, and where it belongs: the line of the option, or of the directive."""
        line = self.lineno + (self._line_of(mistake.option) if mistake.option else 0)
        source, found = self.state_machine.get_source_and_line(line)
        path = source or self.env.doc2path(self.env.docname)
        return f"{self.name}: {mistake.full}", f"{path}:{found or line}"

    def _line_of(self, option: str) -> int:
        """The lines from the directive's first to that of an option, 0 for one of the book."""
        lines = self.block_text.split("\n")
        if isinstance(self.state, RSTState):
            block = dedent("\n".join(takewhile(str.strip, lines[1:])))
        else:
            # MyST-Parser leaves out the first line before 5.2, and before 5 the options.
            if self.name in lines[0]:
                del lines[0]
            if not lines[0].lstrip().startswith((":", "---")):
                source, line = self.state_machine.get_source_and_line(self.lineno)
                lines = lines_of(source or "")[line or self.lineno :]
            block = _myst_options(lines)
        # A value that goes on in the next line is further in than the names.
        name = rf"(?m)(?:^|\r):?([\"']?){re.escape(option)}\1 *:(?=\s|$)"
        places = [match.start() for match in re.finditer(name, block)]
        return 1 + block.count("\n", 0, places[-1]) if places else 0


def _myst_options(lines: list[str]) -> str:
    """The options in lines of MyST, each name where its line begins, for each line one."""
    is_yaml = bool(lines) and lines[0].lstrip().startswith("---")
    if is_yaml:
        ends = takewhile(lambda line: not line.lstrip().startswith("---"), lines[1:])
        block = "\n" + dedent("\n".join(ends))
    else:
        block = "\n".join(takewhile(lambda line: line.lstrip().startswith(":"), lines))
    # To MyST these end a line, too, though not where the lines of the page are counted.
    block = re.sub("[\v\f\x1c-\x1e\x85\u2028\u2029]", "\r", block)
    if not is_yaml:
        block = re.sub(r"(?m)(^|\r) *:", r"\1", block)
    return _QUOTED.sub(lambda match: match[1] + re.sub("[^\n]", "", match[2]), block)

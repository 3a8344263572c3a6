"""The base of the directives: options are taken as text, and mistakes told at their line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from functools import cached_property
from typing import Any

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from ...messages import (
    GdvizError,
    check_printable,
    collect_mistakes,
    did_you_mean,
    printable,
)
from ..log import paragraph, warn


class AnyOption(dict[str, Callable[[str], Any]]):
    """Takes every option as text: mistakes are told by the directive, the same in each parser."""

    def __bool__(self) -> bool:
        return True

    def __missing__(self, name: str) -> Callable[[str | None], str]:
        return lambda text: text or ""


class GdvizDirective(SphinxDirective):
    """A directive of this extension."""

    has_content = True
    option_spec = AnyOption()
    standard: tuple[str, ...] = ()
    """Options that mean what they mean for the directive of docutils or Sphinx beneath it."""

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

    @cached_property
    def mistakes(self) -> list[GdvizError]:
        """The mistakes found so far; they are told together."""
        return []

    def refuse(self, message: str, option: str | None = None) -> None:
        """Note a mistake."""
        self.mistakes.append(GdvizError(message, option))

    def collect(self, option: str | None = None) -> AbstractContextManager[None]:
        """Note the mistake that ends a block."""
        return collect_mistakes(self.mistakes, option)

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
        source, line = self.state_machine.get_source_and_line(self.lineno)
        lines = self.block_text.splitlines()
        # What the parser hands over is no more than a way out where there is no file: MyST leaves
        # out the directive's first line, and before MyST-Parser 5 the options.
        first = 0 if lines and self.name in lines[0] else 1
        pattern = re.compile(rf"\s*:?{re.escape(option)}:(\s|$)")
        for start, texts in ((0, paragraph(source or "", line or self.lineno)), (first, lines)):
            for number, text in enumerate(texts, start):
                if pattern.match(text):
                    return number
        return 0

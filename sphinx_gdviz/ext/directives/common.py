"""What the directives have in common: options taken as text, and mistakes told at their line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from docutils.parsers.rst.states import RSTState
from sphinx.util.docutils import SphinxDirective

from ...messages import GdvizError, did_you_mean
from ..log import warn


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

    @property
    def is_rst(self) -> bool:
        """Whether the page is written in reStructuredText: MyST imitates the parser of that."""
        return isinstance(self.state, RSTState)

    def unknown(self, texts: Iterable[str], known: Iterable[str]) -> list[GdvizError]:
        """A mistake for each option that there is not."""
        known = tuple(known)
        return [
            GdvizError(f"there is no such option{did_you_mean(name, known)}", name)
            for name in texts
            if name not in known
        ]

    def tell(self, mistakes: Iterable[GdvizError]) -> None:
        """Give a message for each mistake."""
        for mistake in mistakes:
            warn("option" if mistake.option else "content", *self.explain(mistake))

    def explain(self, mistake: GdvizError) -> tuple[str, str]:
        """The message, and where it belongs: the line of the option, or of the directive."""
        line = self.lineno
        if mistake.option:
            line += self._line_of(mistake.option)
        source, found = self.state_machine.get_source_and_line(line)
        return (
            f"{self.name}: {mistake.full}",
            f"{source or self.env.doc2path(self.env.docname)}:{found or line}",
        )

    def _line_of(self, option: str) -> int:
        """How many lines below the directive's first an option stands, 0 if it does not."""
        lines = self.block_text.splitlines()
        first = 0 if lines and self.name in lines[0] else 1
        pattern = re.compile(rf"\s*:?{re.escape(option)}:(\s|$)")
        return next((n + first for n, line in enumerate(lines) if pattern.match(line)), 0)

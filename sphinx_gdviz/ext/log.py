"""Messages to an author: they have type `gdviz`, and each a file and a line."""

from __future__ import annotations

from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from sphinx.util import logging

if TYPE_CHECKING:
    from sphinx.application import Sphinx

Subtype = Literal["option", "content", "number", "draw", "setting", "expect", "quote"]

_logger = logging.getLogger(__name__)


def warn(subtype: Subtype, message: str, location: Any) -> None:
    """Give a warning that `suppress_warnings = ["gdviz.…"]` can silence."""
    _logger.warning("%s", message, type="gdviz", subtype=subtype, location=location)


def paragraph(source: str, line: int) -> list[str]:
    """Lines of a file from `line` on, as far as the next that is empty."""
    try:
        lines = Path(source).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeError):
        return []
    return list(takewhile(str.strip, lines[line - 1 :]))


def line_of(source: str, line: int, text: str) -> int:
    """Line of a text in a file: parsers know where its paragraph begins, which is `line`."""
    lines = paragraph(source, line)
    # A text over two lines is found by its first word.
    for clue in (text, (text.split() or [text])[0]):
        for number, written in enumerate(lines, line):
            if clue in written:
                return number
    return line


def warn_of_setting(app: Sphinx, name: str, message: str) -> None:
    """Give a warning about a setting, at its line in conf.py."""
    conf = Path(app.confdir, "conf.py")
    try:
        lines = conf.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeError):
        lines = []
    line = next((n for n, text in enumerate(lines, 1) if text.startswith(name)), 1)
    # With a line: Sphinx takes a location without a colon for the name of a document.
    warn("setting", f"{name}: {message}", f"{conf}:{line}")

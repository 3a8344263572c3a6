"""Messages to an author: they have type `gdviz`, and each a file and a line."""

from __future__ import annotations

import re
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from sphinx.util import logging

if TYPE_CHECKING:
    from sphinx.application import Sphinx

Subtype = Literal["option", "content", "number", "draw", "setting", "expect", "quote"]

OF_DOCUTILS = (".rst", ".rest", ".txt", ".inc")
"""Suffixes of files whose lines docutils counts, to which U+2028 and others end a line, too."""

_logger = logging.getLogger(__name__)


def warn(subtype: Subtype, message: str, location: Any) -> None:
    """Give a warning that `suppress_warnings = ["gdviz.…"]` can silence."""
    _logger.warning("%s", message, type="gdviz", subtype=subtype, location=location)


def note(message: str, location: Any) -> None:
    """Say something that is no mistake."""
    _logger.info("%s: %s", location, message)


def lines_of(source: str) -> list[str]:
    """The lines of a file as its parser counts them; none of a file that can't be read."""
    try:
        text = Path(source).read_text(encoding="utf-8")
    except (OSError, UnicodeError):
        return []
    if source.endswith(OF_DOCUTILS):
        return re.sub("[\v\f]", " ", text).splitlines()
    return text.split("\n")


def line_of(source: str, line: int, text: str) -> int:
    """Line of a text in a file: parsers know where its paragraph begins, which is `line`."""
    lines = list(takewhile(str.strip, lines_of(source)[line - 1 :]))
    # A text over two lines is found by its first word.
    for clue in (text, (text.split() or [text])[0]):
        for number, written in enumerate(lines, line):
            if clue in written:
                return number
    return line


def warn_of_setting(app: Sphinx, name: str, message: str) -> None:
    """Give a warning about a setting, at its line in conf.py."""
    conf = str(Path(app.confdir, "conf.py"))
    line = next((n for n, text in enumerate(lines_of(conf), 1) if text.startswith(name)), 1)
    # With a line: Sphinx takes a location without a colon for the name of a document.
    warn("setting", f"{name}: {message}", f"{conf}:{line}")

"""What an author is told: messages of type `gdviz`, each with a file and a line."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from sphinx.util import logging

from ..core.formula import quote

if TYPE_CHECKING:
    from sphinx.application import Sphinx

Subtype = Literal["option", "content", "number", "draw", "setting"]

_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Mistake:
    """Something in a directive that can't be done: where it is written, and what is wrong."""

    option: str | None
    message: str


def warn(subtype: Subtype, message: str, location: Any) -> None:
    """Give a warning that `suppress_warnings = ["gdviz.…"]` can silence."""
    _logger.warning("%s", message, type="gdviz", subtype=subtype, location=location)


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


def nearest(name: str, known: Iterable[str]) -> str:
    """“; did you mean “x”?” where a known name is near, and nothing where none is."""
    near = difflib.get_close_matches(name, list(known), 1)
    return f"; did you mean {quote(near[0])}?" if near else ""

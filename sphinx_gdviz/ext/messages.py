"""What an author is told: messages of type `gdviz`, each with a file and a line."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from sphinx.util import logging

from ..core.formula import quote

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


def nearest(name: str, known: Iterable[str]) -> str:
    """“; did you mean “x”?” where a known name is near, and nothing where none is."""
    near = difflib.get_close_matches(name, list(known), 1)
    return f"; did you mean {quote(near[0])}?" if near else ""

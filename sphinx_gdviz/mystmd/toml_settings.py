"""The settings of a book of mystmd, which stand in ``gdviz.toml`` beside its ``myst.yml``."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..core.options.read import Book
from ..messages import GdvizError


@dataclass(frozen=True)
class TomlSettings:
    """What the figures of a book have in common.

    Attributes
    ----------
    book : Book
        The losses, rules and limits that options may refer to.
    defaults : dict
        Options for every figure.
    mistakes : list of GdvizError
        What can't be used.
    """

    book: Book = field(default_factory=Book)
    defaults: dict[str, Any] = field(default_factory=dict)
    mistakes: list[GdvizError] = field(default_factory=list)

    @classmethod
    def read(cls, root: Path) -> TomlSettings:
        """The settings of the book in a folder."""
        return cls()

"""The settings of a book of mystmd, which stand in ``gdviz.toml`` beside its ``myst.yml``."""

from __future__ import annotations

import runpy
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..core.losses.named import LOSSES
from ..core.methods.rules import RULES
from ..core.methods.schedules import KINDS
from ..core.options.book_settings import (
    read_defaults,
    read_losses,
    read_max_steps,
    read_rules,
    read_schedules,
)
from ..core.options.read import Book
from ..core.options.syntax import read_style
from ..messages import GdvizError, did_you_mean, quote

FILE = "gdviz.toml"
TYPES: dict[str, tuple[type, ...]] = {
    "defaults": (dict,),
    "max_steps": (int,),
    "style": (str, dict),
    "losses": (dict,),
    "python": (str,),
}
"""The settings, each without the “gdviz_” of a conf.py; `python` is a file with more."""
OF_PYTHON = ("losses", "optimizers", "schedules")
"""What such a file may have: the same dictionaries as a conf.py, by the same names."""


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
        mistakes: list[GdvizError] = []

        def warn_of(name: str) -> Callable[[str], None]:
            return lambda said: mistakes.append(GdvizError(f"{FILE}: {name}: {said}"))

        values = _values(root, mistakes)
        own = _own(root, values.get("python", ""), warn_of("python"))
        losses = {**values.get("losses", {}), **own["losses"]}
        book = Book(
            max_steps=read_max_steps(values.get("max_steps", Book.max_steps), warn_of("max_steps")),
            style=read_style(values.get("style", "")),
            losses={**LOSSES, **read_losses(losses, warn_of("losses"))},
            rules={**RULES, **read_rules(own["optimizers"], warn_of("optimizers"))},
            schedules={**KINDS, **read_schedules(own["schedules"], warn_of("schedules"))},
        )
        defaults = read_defaults(values.get("defaults", {}), warn_of("defaults"))
        return cls(book, defaults, mistakes)


def _values(root: Path, mistakes: list[GdvizError]) -> dict[str, Any]:
    """The values in the file that can be used."""
    try:
        found = tomllib.loads((root / FILE).read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        mistakes.append(GdvizError(f"{FILE} can't be read: {error}"))
        return {}
    for name, value in list(found.items()):
        if name not in TYPES:
            near = did_you_mean(name, TYPES) or f"; there are {', '.join(TYPES)}"
            mistakes.append(GdvizError(f"{FILE}: there is no setting {quote(name)}{near}"))
        elif not isinstance(value, TYPES[name]) or isinstance(value, bool):
            kinds = {dict: "a table", int: "a whole number", str: "a text"}
            right = " or ".join(kinds[kind] for kind in TYPES[name])
            mistakes.append(GdvizError(f"{FILE}: {name}: {quote(value)} is not {right}"))
        else:
            continue
        del found[name]
    return found


def _own(root: Path, name: str, warn: Callable[[str], None]) -> dict[str, dict[Any, Any]]:
    """The losses, optimizers and schedules in the Python file of a book."""
    nothing: dict[str, dict[Any, Any]] = {kind: {} for kind in OF_PYTHON}
    if not name:
        return nothing
    path = (root / name).resolve()
    if not path.is_relative_to(root.resolve()):
        warn(f"{quote(name)} is outside of the book's folder; move it there")
        return nothing
    try:
        found = runpy.run_path(str(path))
    except Exception as error:
        said = " ".join(f"{type(error).__name__}: {error}".split())
        warn(f"{quote(name)} can't be run ({said})")
        return nothing
    for kind in OF_PYTHON:
        value = found.get(f"gdviz_{kind}", {})
        if isinstance(value, dict):
            nothing[kind] = value
        else:
            warn(f"gdviz_{kind} in {quote(name)} is no dictionary")
    return nothing

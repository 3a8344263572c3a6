"""Settings of a book that say what its options may refer to; every host reads them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from ...messages import quote

if TYPE_CHECKING:
    from ..losses.base import Loss
    from ..methods.rule import Rule
    from ..methods.schedules import Kind

T = TypeVar("T")
Warn = Callable[[str], None]
"""Takes a message about the setting that is being read."""

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


def read_defaults(defaults: dict[Any, Any], warn: Warn) -> dict[str, Any]:
    """Options as an author would write them; lists and tuples stay what they are."""
    return {
        str(name): "" if value is True else _as_plain(value)
        for name, value in defaults.items()
        if value is not None and value is not False
    }


def _as_plain(value: Any) -> Any:
    """Texts and numbers, and tuples of them, as the environment can keep them."""
    if isinstance(value, list | tuple):
        return tuple(item if type(item) in (int, float) else _as_plain(item) for item in value)
    return str(value)


def read_max_steps(steps: int, warn: Warn) -> int:
    """The most steps that a figure may ask for."""
    if steps < 1:
        warn(f"{steps} is too few; write a whole number, at least 1")
    return max(steps, 1)


def read_losses(losses: dict[Any, Any], warn: Warn) -> dict[str, Loss]:
    """Losses of a book by name."""
    from ..losses.function import as_loss
    from ..losses.named import LOSSES

    return _read_named(losses, warn, LOSSES, as_loss)


def read_rules(rules: dict[Any, Any], warn: Warn) -> dict[str, Rule]:
    """Update rules of a book by name."""
    from ..methods.rule import register
    from ..methods.rules import RULES

    return _read_named(rules, warn, RULES, register)


def read_schedules(schedules: dict[Any, Any], warn: Warn) -> dict[str, Kind]:
    """Schedules of a book by name."""
    from ..methods.schedules import KINDS, register_schedule

    return _read_named(schedules, warn, KINDS, register_schedule)


def _read_named(
    values: dict[Any, Any], warn: Warn, known: Mapping[str, Any], make: Callable[[str, Any], T]
) -> dict[str, T]:
    """Make losses, rules or schedules of a book; one that can't be made is told and left out."""
    from ..expr.parse import VARIABLES
    from ..losses.models import MODELS

    made: dict[str, T] = {}
    for name, value in values.items():
        try:
            if not isinstance(name, str) or not _NAME.fullmatch(name):
                raise ValueError("write a name of letters, digits, “-” and “_”")
            if name in VARIABLES:
                raise ValueError("this is a variable of formulas; write another name")
            if name in known or name in MODELS:
                raise ValueError("this name is taken; write another")
            made[name] = make(name, value)
        except ValueError as error:
            warn(f"{quote(name)}: {error}")
    return made

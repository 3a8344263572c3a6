"""What a book brings along in conf.py: its own losses and update rules, and its style."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Hashable, Mapping, Set
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from ..core.expr.parse import VARIABLES
from ..core.losses.named import LOSSES
from ..core.losses.regression import MODELS
from ..core.losses.trace import as_loss
from ..core.methods.rule import Rule, register
from ..core.methods.rules import RULES
from ..core.options.read import Book
from ..messages import quote
from .config import Settings
from .domain import GdvizDomain
from .log import warn_of_setting

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment

T = TypeVar("T")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


def read_own(app: Sphinx, config: Config) -> None:
    """Put losses in place of what conf.py has, and tell of what is no loss or no rule."""
    settings = Settings.of(config)
    config.gdviz_losses = _read(app, "gdviz_losses", settings.losses, LOSSES, as_loss)
    # The functions stay functions: Sphinx knows not to pickle those, as it would a rule.
    rules = _read(app, "gdviz_optimizers", settings.optimizers, RULES, _rule_of)
    config.gdviz_optimizers = {name: rule.update for name, rule in rules.items()}


def _rule_of(name: str, update: Any) -> Rule:
    return _known_rule(name, update) if isinstance(update, Hashable) else register(name, update)


_known_rule = cache(register)


def _read(
    app: Sphinx,
    setting: str,
    values: Any,
    known: Mapping[str, Any],
    make: Callable[[str, Any], T],
) -> dict[str, T]:
    made: dict[str, T] = {}
    for name, value in values.items() if isinstance(values, dict) else ():
        try:
            if not isinstance(name, str) or not _NAME.fullmatch(name):
                raise ValueError("write a name of letters, digits, “-” and “_”")
            if name in VARIABLES:
                raise ValueError("this is a variable of formulas; write another name")
            if name in known or name in MODELS:
                raise ValueError("this name is taken; write another")
            made[name] = make(name, value)
        except ValueError as error:
            warn_of_setting(app, setting, f"{quote(str(name))}: {error}")
    return made


def rules_of(config: Config) -> dict[str, Rule]:
    """All update rules by name, the book's own among them."""
    own = Settings.of(config).optimizers
    return {**RULES, **{name: _rule_of(name, update) for name, update in own.items()}}


def book_of(config: Config) -> Book:
    """What options of this book may speak of."""
    settings = Settings.of(config)
    return Book(
        max_steps=settings.max_steps,
        style=str(settings.style),
        losses={**LOSSES, **settings.losses},
        rules=rules_of(config),
    )


def fingerprint(config: Config) -> str:
    """What tells one state of the book's losses, rules and style from another."""
    settings = Settings.of(config)
    content = [
        settings.style,
        {
            name: [loss.content, loss.xlim, loss.ylim, loss.camera, loss.levels]
            for name, loss in settings.losses.items()
        },
        {name: rule.code for name, rule in rules_of(config).items() if rule.code},
    ]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


def find_outdated(
    app: Sphinx, env: BuildEnvironment, added: Set[str], changed: Set[str], removed: Set[str]
) -> list[str]:
    """Documents that were read with other losses or rules, or under another style."""
    now, domain = fingerprint(app.config), GdvizDomain.of(env)
    read = {
        name: {figure.fingerprint for figure in domain.figures[name]} for name in domain.figures
    }
    for docname, of_rule in domain.data["rules"].items():
        read.setdefault(docname, set()).add(of_rule)
    return sorted(docname for docname, prints in read.items() if prints != {now})

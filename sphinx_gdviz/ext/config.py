"""The settings of a book: each `gdviz_…` value of conf.py, declared, checked and read once."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass, field, fields
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Literal
from weakref import WeakKeyDictionary

from .. import __version__
from ..core.engine import ENGINE, versions
from ..core.options.book_settings import (
    Warn,
    read_defaults,
    read_losses,
    read_max_steps,
    read_rules,
    read_schedules,
)
from ..core.options.syntax import read_style
from ..messages import did_you_mean, quote
from .log import warn_of_setting

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from sphinx.application import Sphinx
    from sphinx.config import Config

    from ..core.experiment import Style
    from ..core.losses.base import Loss
    from ..core.methods.rule import Rule
    from ..core.methods.schedules import Kind
    from ..core.options.read import Book

FORMATS = ("svg", "pdf", "png")
_GITHUB = re.compile(r"https://github\.com/[\w.-]+/[\w.-]+/tree/[\w./-]+")
_SIGNS = r"[\w.~:/?@!&'()*+,;=%-]*"
_TEMPLATE = re.compile(rf"https?://[\w.:-]+/{_SIGNS}(\{{page\}}{_SIGNS})+", re.ASCII)
_TEMPLATE_EXAMPLE = "as in https://example.org/book/{page}.html"


def _read_formats(formats: list[Any], warn: Warn) -> tuple[str, ...]:
    for name in formats:
        if name not in FORMATS:
            near = did_you_mean(str(name), FORMATS)
            warn(f"{quote(name)} is no format{near}; write some of svg, pdf and png")
    return tuple(name for name in formats if name in FORMATS)


def _read_repository(address: str, warn: Warn) -> str:
    if _GITHUB.fullmatch(address):
        return address
    example = "https://github.com/owner/book/tree/gh-pages"
    warn(f"{quote(address)}: write the folder of the published pages, as in {example}")
    return ""


def _read_online(template: str, warn: Warn) -> str:
    if _TEMPLATE.fullmatch(template):
        return template
    said = "write where a page of the web edition is, with {page} for its name"
    warn(f"{quote(template)}: {said}, {_TEMPLATE_EXAMPLE}")
    return ""


def _setting(
    help_text: str,
    default: Any,
    *,
    types: Any = None,
    rebuild: Literal["", "env", "html"] = "",
    read: Callable[[Any, Warn], Any] = lambda value, warn: value,
) -> Any:
    """Describe a setting; `read` checks another value than the default and makes it usable."""
    data = {"default": default, "rebuild": rebuild, "help": help_text, "read": read}
    data["types"] = types or (type(default),)
    return field(default_factory=lambda: copy(default), metadata=data)


@dataclass(frozen=True)
class Settings:
    """The values of a book; `gdviz_` before a field's name is its name in conf.py."""

    defaults: dict[str, Any] = _setting(
        "Options for every figure, written as in the directive.",
        {},
        rebuild="env",
        read=read_defaults,
    )
    max_steps: int = _setting(
        "The most steps that a figure may ask for.", 100_000, rebuild="env", read=read_max_steps
    )
    cache: str = _setting("Folder for results and pictures; empty for one among the doctrees.", "")
    style: Style = _setting(
        "Changes to the default style: the name of a style sheet of Matplotlib, or settings.",
        "",
        types=(str, dict),
        read=lambda style, warn: read_style(style),
    )
    losses: dict[str, Loss] = _setting(
        "Losses of the book by name: formulas, functions of x and y, or losses.",
        {},
        read=read_losses,
    )
    optimizers: dict[str, Rule] = _setting(
        "Update rules of the book by name: functions of (theta, g, lr, memory, t), or pairs of an "
        "init(theta, lr) and such a function.",
        {},
        read=read_rules,
    )
    schedules: dict[str, Kind] = _setting(
        "Schedules of the book by name: functions of (step, steps).", {}, read=read_schedules
    )
    formats: Sequence[str] = _setting(
        "Formats to draw besides the one that a builder takes: svg, pdf, png.",
        [],
        types=(list, tuple),
        read=_read_formats,
    )
    executor: str | Callable[[], Executor] = _setting(
        "A function that makes the executor that draws, or its name: “package.module:name”.",
        "",
        types=Any,
    )
    interactive: bool = _setting(
        "Whether figures are interactive in web pages.", True, rebuild="html"
    )
    repository: str = _setting(
        "Where the web pages are published: “https://github.com/owner/book/tree/gh-pages”.",
        "",
        rebuild="html",
        read=_read_repository,
    )
    online: str = _setting(
        "Where a page of the web edition is: “https://example.org/book/{page}.html”.",
        "",
        read=_read_online,
    )
    qr: bool = _setting(
        "Whether print has a QR code for each interactive figure on the web.", False
    )

    @classmethod
    def of(cls, config: Config) -> Settings:
        """The settings in a book's configuration."""
        return _READ[config]

    @cached_property
    def book(self) -> Book:
        """The losses, rules, schedules and limits that the options of this book may refer to."""
        from ..core.losses.named import LOSSES
        from ..core.methods.rules import RULES
        from ..core.methods.schedules import KINDS
        from ..core.options.read import Book

        return Book(
            max_steps=self.max_steps,
            style=self.style,
            losses={**LOSSES, **self.losses},
            rules={**RULES, **self.optimizers},
            schedules={**KINDS, **self.schedules},
        )

    @cached_property
    def fingerprint(self) -> str:
        """A digest of all that the same options depend on: own functions, style and versions."""
        content = [
            [__version__, ENGINE, versions(), self.max_steps],
            self.style,
            {
                name: [loss.content, loss.xlim, loss.ylim, loss.camera, loss.levels]
                for name, loss in self.losses.items()
            },
            {name: rule.code for name, rule in self.optimizers.items()},
            {name: kind.code for name, kind in self.schedules.items()},
        ]
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


_READ: WeakKeyDictionary[Config, Settings] = WeakKeyDictionary()
"""The settings of each configuration. Sphinx keeps the configuration itself with the environment,
in a file, where functions can't be."""


def add_values(app: Sphinx) -> None:
    """Declare the settings to Sphinx."""
    for item in fields(Settings):
        data = item.metadata
        app.add_config_value(
            f"gdviz_{item.name}", data["default"], data["rebuild"], data["types"], data["help"]
        )


def read_settings(app: Sphinx, config: Config) -> None:
    """Read and check all settings; what can't be used is told, and left out."""
    values = {}
    for item in fields(Settings):
        name, data = f"gdviz_{item.name}", item.metadata
        types, value = data["types"], copy(data["default"])
        is_typed = types is Any or isinstance(config[name], types)  # else Sphinx has told it
        if is_typed and config[name] != value:
            value = data["read"](config[name], partial(warn_of_setting, app, name))
        values[item.name] = value
    _READ[config] = Settings(**values)
    if values["qr"] and not config.gdviz_online:
        said = f"a code needs an address: write gdviz_online, {_TEMPLATE_EXAMPLE}"
        warn_of_setting(app, "gdviz_qr", said)
    for name in ("losses", "optimizers", "schedules"):
        config[f"gdviz_{name}"] = {}  # functions may not go into a file

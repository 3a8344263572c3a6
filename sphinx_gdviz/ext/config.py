"""The settings of a book: each `gdviz_…` value of conf.py, declared once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from copy import copy
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config


def _setting(default: Any, rebuild: str, types: Any, help_text: str) -> Any:
    metadata = {"default": default, "rebuild": rebuild, "types": types, "help": help_text}
    return field(default_factory=lambda: copy(default), metadata=metadata)


@dataclass(frozen=True)
class Settings:
    """The values of a book; `gdviz_` before a field's name is its name in conf.py."""

    defaults: dict[str, str] = _setting(
        {}, "env", (dict,), "Options for every figure, written as in the directive."
    )
    max_steps: int = _setting(100_000, "env", (int,), "The most steps that a figure may ask for.")
    cache: str = _setting(
        "", "", (str,), "Folder for results and pictures; empty for one among the doctrees."
    )
    style: str | dict[str, Any] = _setting(
        "",
        "",
        (str, dict),
        "A Matplotlib style sheet over the usual style: its name, its path, or its settings.",
    )
    losses: dict[str, Any] = _setting(
        {}, "", (dict,), "Losses of the book by name: formulas, functions of x and y, or losses."
    )
    optimizers: dict[str, Any] = _setting(
        {}, "", (dict,), "Update rules of the book by name: functions of (theta, g, lr, memory, t)."
    )
    formats: list[str] = _setting(
        [],
        "",
        (list, tuple),
        "Formats to draw besides the one that a builder takes: svg, pdf, png.",
    )
    executor: str | Callable[[], Executor] = _setting(
        "",
        "",
        Any,
        "What makes the executor that draws: a function, or its name, as in “package.module:name”.",
    )

    interactive: bool = _setting(True, "html", (bool,), "Whether figures come alive in web pages.")
    repository: str = _setting(
        "",
        "html",
        (str,),
        "Where the web pages are published: “https://github.com/owner/book/tree/gh-pages”.",
    )
    online: str = _setting(
        "",
        "",
        (str,),
        "Where a page of the web edition is: “https://example.org/book/{page}.html”.",
    )
    qr: bool = _setting(
        False, "", (bool,), "Whether print has a QR code for each figure that is alive on the web."
    )

    @classmethod
    def of(cls, config: Config) -> Settings:
        """The settings in a book's configuration."""
        return cls(**{item.name: config[f"gdviz_{item.name}"] for item in fields(cls)})


def add_values(app: Sphinx) -> None:
    """Declare the settings to Sphinx."""
    for item in fields(Settings):
        data = item.metadata
        app.add_config_value(
            f"gdviz_{item.name}", data["default"], data["rebuild"], data["types"], data["help"]
        )

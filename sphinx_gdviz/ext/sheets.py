"""The book's style sheet: its text is a part of each experiment, so that pictures follow it."""

from __future__ import annotations

from collections.abc import Set
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .messages import warn
from .registry import GdvizDomain
from .settings import Settings

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment


def read_sheet(app: Sphinx, config: Config) -> None:
    """Put the text of the sheet in place of its path or its dict; a name stays a name."""
    style = Settings.of(config).style
    if isinstance(style, dict):
        config.gdviz_style = "\n".join(f"{key}: {_as_text(style[key])}" for key in sorted(style))
    elif Path(app.confdir, style).is_file():
        config.gdviz_style = Path(app.confdir, style).read_text(encoding="utf-8")
    elif style.endswith(".mplstyle"):
        warn(
            "setting", f"gdviz_style: there is no file “{style}”", str(Path(app.confdir, "conf.py"))
        )
        config.gdviz_style = ""


def _as_text(value: Any) -> str:
    """A setting as it is written in a style sheet, where “#” would begin a comment."""
    text = ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
    return f'"{text}"' if "#" in text else text


def find_restyled(
    app: Sphinx, env: BuildEnvironment, added: Set[str], changed: Set[str], removed: Set[str]
) -> list[str]:
    """Documents whose figures were read under another sheet."""
    sheet = Settings.of(app.config).style
    figures = GdvizDomain.of(env).figures
    return sorted(
        docname
        for docname in figures
        if any(
            figure.experiment and figure.experiment.style != sheet for figure in figures[docname]
        )
    )


def setup(app: Sphinx) -> None:
    app.connect("config-inited", read_sheet)
    app.connect("env-get-outdated", find_restyled)

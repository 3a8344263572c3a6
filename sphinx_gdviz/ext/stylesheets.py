"""The book's style sheet: its text is a part of each experiment, so that pictures follow it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from .config import Settings
from .log import warn_of_setting

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config


def read_sheet(app: Sphinx, config: Config) -> None:
    """Put the text of the sheet in place of its path or its dict; a name stays a name."""
    style: object = Settings.of(config).style
    config.gdviz_style = ""
    if isinstance(style, dict):
        lines = [f"{key}: {_as_text(value)}\n" for key, value in style.items()]
        config.gdviz_style = "".join(sorted(lines))
    elif isinstance(style, str):  # of anything else Sphinx has told
        try:
            config.gdviz_style = _text_of(Path(app.confdir, style)) or style
        except (OSError, UnicodeError) as error:
            warn_of_setting(app, "gdviz_style", f"“{style}” can't be read ({error})")


def _text_of(path: Path) -> str:
    """The text of a sheet, nothing for what is no file; its last line ends, whatever it says."""
    if path.suffix == ".mplstyle" or path.is_file():
        return path.read_text(encoding="utf-8") + "\n"
    return ""


def _as_text(value: Any) -> str:
    """A setting as it is written in a style sheet, where “#” would begin a comment."""
    text = ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
    return '"' + text.replace('"', "'") + '"' if "#" in text else text

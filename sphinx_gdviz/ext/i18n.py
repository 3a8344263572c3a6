"""The words that readers of a web page see, in the language of the book."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.locale import get_translation

from ..core.report.strings import STRINGS

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

CATALOG = "gdviz"

_ = get_translation(CATALOG)


def translated_strings() -> dict[str, str]:
    """The words of the figure in the page that are others in the language of the book."""
    found = {key: str(_(text)) for key, text in STRINGS.items()}
    return {key: text for key, text in found.items() if text != STRINGS[key]}


def find_catalogs(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Look for translations where the book has its own; Sphinx has compiled them by now."""
    for folder in app.config.locale_dirs:
        app.add_message_catalog(CATALOG, str(Path(app.srcdir, folder)))

"""The style sheet and the script, on the pages that need them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes

from ..config import Settings
from ..domain import LIVE

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.builders import Builder

STATIC = Path(__file__).parents[2] / "static"
CLASSES = {"gdviz", "gdviz-mistake", "gdviz-number", "gdviz-more"}
"""Classes that the style sheet is about: of a picture, of the words in its place, …"""


def add_folder(app: Sphinx) -> None:
    """Have the folder of static files copied into web pages and EPUB."""
    if hasattr(app, "add_static_dir"):  # from Sphinx 9.1 on
        app.add_static_dir(STATIC)
    else:
        app.config.html_static_path.append(str(STATIC))


def is_web(builder: Builder) -> bool:
    """Whether a builder makes pages in which scripts run."""
    return builder.format == "html" and builder.name != "epub"


def add_assets(
    app: Sphinx,
    pagename: str,
    template: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Link style sheet and script from a page that has use of them, or from all if wanted."""
    always = app.registry.html_assets_policy == "always"
    if always or (doctree and any(map(_is_styled, doctree.findall(nodes.Element)))):
        app.add_css_file("gdviz.css")
    is_alive = doctree and any(LIVE in raw for raw in doctree.findall(nodes.raw))
    can_run = is_web(app.builder) and Settings.of(app.config).interactive
    if can_run and (always or is_alive):
        app.add_js_file("gdviz.js", loading_method="defer")


def _is_styled(node: nodes.Element) -> bool:
    return not CLASSES.isdisjoint(node.get("classes", ()))

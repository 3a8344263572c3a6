"""The style sheet, on the pages that have a figure."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes

if TYPE_CHECKING:
    from sphinx.application import Sphinx

STATIC = Path(__file__).parent.parent / "static"
CLASSES = {"gdviz", "gdviz-mistake", "gdviz-number", "gdviz-more"}
"""Classes that the style sheet is about: of a picture, of the words in its place, …"""


def add_folder(app: Sphinx) -> None:
    """Have the folder of static files copied into web pages and EPUB."""
    if hasattr(app, "add_static_dir"):  # from Sphinx 9.1 on
        app.add_static_dir(STATIC)
    else:
        app.config.html_static_path.append(str(STATIC))


def add_style(
    app: Sphinx,
    pagename: str,
    template: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Link the style sheet from a page with a figure, or from all where the book wants that."""
    always = app.registry.html_assets_policy == "always"
    if always or (doctree and any(map(_is_styled, doctree.findall(nodes.Element)))):
        app.add_css_file("gdviz.css")


def _is_styled(node: nodes.Element) -> bool:
    return not CLASSES.isdisjoint(node.get("classes", ()))


def setup(app: Sphinx) -> None:
    app.connect("builder-inited", add_folder)
    app.connect("html-page-context", add_style)

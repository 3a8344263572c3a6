"""Web pages: the style sheet and the script where they are used, and the extras of a figure."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.util.images import get_image_size
from sphinx.util.osutil import relative_uri

from ..cache import Store
from ..config import Settings
from ..domain import LIVE, GdvizDomain, is_web, wants_all_assets
from ..experiments import Summary
from ..i18n import _
from .notebook_files import FOLDER, colab_address

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

STATIC = Path(__file__).parents[2] / "static"
CLASSES = {"gdviz", "gdviz-mistake", "gdviz-number", "gdviz-more"}
"""Classes that the style sheet is about: of a picture, of the text in its place, …"""
_PICTURE = re.compile(r'<img( [^>]*\bsrc="[^"]*gdviz-([0-9a-f]{32})\.(svg|png)"[^>]*)>')
"""A picture in a page, with the key of what it shows."""
EXTRAS = "gdviz-more"
"""Class of the container of a figure's description, program and notebook."""


def add_folder(app: Sphinx, env: BuildEnvironment) -> None:
    """Have the folder of static files copied into web pages and EPUB of a book with use of them."""
    if not GdvizDomain.of(env).is_used:
        return
    if hasattr(app, "add_static_dir"):  # from Sphinx 9.1 on
        app.add_static_dir(STATIC)
    else:
        app.config.html_static_path.append(str(STATIC))


def add_assets(
    app: Sphinx,
    pagename: str,
    template: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Link style sheet and script from a page that has use of them, or from all if wanted."""
    always = wants_all_assets(app)
    if always or (doctree and any(map(_is_styled, doctree.findall(nodes.Element)))):
        app.add_css_file("gdviz.css")
    is_alive = doctree and any(LIVE in raw for raw in doctree.findall(nodes.raw))
    can_run = is_web(app.builder) and Settings.of(app.config).interactive
    if can_run and (always or is_alive):
        app.add_js_file("gdviz.js", loading_method="defer")


def add_sizes(
    app: Sphinx,
    pagename: str,
    template: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Write the size of each picture into a page, so that nothing moves when it has loaded."""
    store = Store.of(app.env)
    # For style sheets that make a picture narrower and think of no more. The project's own does,
    # and a page with a strict policy of content would refuse this one.
    fitting = "" if is_web(app.builder) else "height: auto;"

    def sized(found: re.Match[str]) -> str:
        size = get_image_size(store.path(found[2], found[3]))
        if size is None:
            return found[0]
        style = fitting
        rest = found[1]
        # The width of an author: docutils 0.22 has one in pixels as an attribute.
        for width in re.findall(r' (?:style="([^"]*)"|width="(\d+)")', rest):
            style = f"{width[0] or f'width: {width[1]}px;'} {style}".strip()
        rest = re.sub(r' (?:style|width)="[^"]*"', "", rest)
        own = f' style="{style}"' if style else ""
        return f'<img width="{size[0]}" height="{size[1]}"{own}{rest}>'

    if doctree and "gdviz-" in context.get("body", ""):
        context["body"] = _PICTURE.sub(sized, context["body"])


def _is_styled(node: nodes.Element) -> bool:
    return not CLASSES.isdisjoint(node.get("classes", ()))


def make_extras(summary: Summary, *, code: str, notebook: str) -> nodes.container:
    """Make the nodes that come with a figure.

    Parameters
    ----------
    summary : Summary
        The texts of the figure.
    code : str
        ``"yes"`` for its program, ``"web"`` to leave that out of print.
    notebook : str
        The name of its notebook; empty for none.
    """
    # It is not a text of the page, for what makes summaries, feeds and catalogs of translations.
    lists = [*filter(None, (summary.panels, summary.runs))]
    description = nodes.container(classes=["gdviz-description"], lists=lists)
    more = nodes.container("", description, classes=[EXTRAS])
    program = summary.program
    if program and code != "no":
        block = nodes.literal_block(program, program, language="python")
        more += nodes.container("", block, classes=["gdviz-code"], only_on_web=code == "web")
    if program and notebook:
        more += nodes.container(classes=["gdviz-notebook"], notebook=notebook)
    return more


def show_extras(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Show the extras of each figure that the running builder has a use for."""
    is_html, in_web = app.builder.format == "html", is_web(app.builder)
    for more in list(doctree.findall(nodes.container)):
        if EXTRAS not in more["classes"]:
            continue
        shown: list[nodes.Node] = []
        for part in more.children:
            assert isinstance(part, nodes.container)
            kind = part["classes"][0]
            if kind == "gdviz-notebook":
                shown += [_links(app, part["notebook"], docname)] if in_web else []
            elif in_web or (kind == "gdviz-description" and is_html):
                name = _("Description") if kind == "gdviz-description" else _("Code")
                opening = f"<details><summary>{html.escape(str(name))}</summary>"
                if kind == "gdviz-code":
                    shown += [_raw(opening), part, _raw("</details>")]
                else:
                    shown.append(_raw(f"{opening}{_description(part['lists'])}</details>"))
            elif kind == "gdviz-code" and not part["only_on_web"]:
                shown += part.children
        if is_html:
            code = [node for node in shown if not in_web and isinstance(node, nodes.literal_block)]
            more.children = []
            more += [node for node in shown if node not in code]
            shown = [more, *code]
        place = more.parent.index(more)
        more.parent[place : place + 1] = shown


def _description(lists: list[tuple[str, ...]]) -> str:
    items = ("".join(f"<li><p>{html.escape(text)}</p></li>\n" for text in of) for of in lists)
    lines = "".join(f'<ul class="simple">\n{some}</ul>\n' for some in items)
    return f'<div class="gdviz-description">\n{lines}</div>\n'


def _links(app: Sphinx, name: str, docname: str) -> nodes.raw:
    """Links to the notebook of a figure, which no other builder has."""
    path = f"{FOLDER}/{name}.ipynb"
    target = html.escape(relative_uri(app.builder.get_target_uri(docname), path))
    links = [f'<a href="{target}" download>{html.escape(str(_("Notebook")))}</a>']
    if address := colab_address(app.config, path):
        links.append(f'<a href="{html.escape(address)}">{html.escape(str(_("Open in Colab")))}</a>')
    return _raw("".join(links))


def _raw(markup: str) -> nodes.raw:
    return nodes.raw("", markup, format="html")

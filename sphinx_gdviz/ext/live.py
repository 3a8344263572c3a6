"""The reader's figure: what a web page needs so that a printed figure comes alive in it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from docutils import nodes

from ..core.recipe import RecipeError
from ..widget.rules import rule_data
from .own import rules_of
from .settings import Settings
from .store import Store
from .wording import translated_strings

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.builders import Builder

LIVE = "gdviz-live"
"""The attribute of a figure that comes alive: what its author wants of it."""
CONTROLS = (
    *("play", "step", "scrub", "rate", "optimizer", "settings", "start", "steps", "view"),
    *("runs", "why", "basins", "table", "share", "copy", "save"),
)
"""The controls that an author can hide."""


def is_web(builder: Builder) -> bool:
    """Whether a builder makes pages in which scripts run."""
    return builder.format == "html" and builder.name != "epub"


def add_data(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the data of each figure that comes alive behind it."""
    if not is_web(app.builder) or not Settings.of(app.config).interactive:
        return
    store, words = Store.of(app.env), translated_strings()
    for figure in list(doctree.findall(nodes.figure)):
        if LIVE not in figure or "experiment" not in figure or not figure["ids"]:
            continue
        stored = store.read(figure["experiment"], "json") or b"null"
        own = _own_rules(app, figure)
        if stored == b"null" or own is None:
            continue  # the page can't run it: it stays a picture
        wishes = {**figure[LIVE], "maxSteps": Settings.of(app.config).max_steps}
        if own:
            wishes["rules"] = own
        added = json.dumps(wishes, ensure_ascii=False, separators=(",", ":"))
        # A script element ends at the first “</”, wherever that stands.
        data = f"{added[:-1]},{stored.decode()[1:]}".replace("<", "\\u003c")
        opening = (
            f'<script type="application/json" class="gdviz-data" data-figure="{figure["ids"][0]}">'
        )
        markup = f"{opening}{data}</script>"
        if words:  # once in a page
            said = json.dumps(words, ensure_ascii=False).replace("<", "\\u003c")
            before = f'<script type="application/json" class="gdviz-strings">{said}</script>'
            markup, words = before + markup, {}
        script = nodes.raw("", markup, format="html")
        script[LIVE] = True
        figure.parent.insert(figure.parent.index(figure) + 1, script)


def _own_rules(app: Sphinx, figure: nodes.figure) -> dict[str, Any] | None:
    """The book's own rules of a figure, as the page has them; None where one can't be written."""
    rules, found = rules_of(app.config), {}
    for optimizer in figure["experiment"].optimizers:
        if optimizer.code:
            try:
                found[optimizer.name] = rule_data(rules[optimizer.name])
            except RecipeError:
                return None
    return found


def add_script(
    app: Sphinx,
    pagename: str,
    template: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Link the script from a page with a figure that comes alive."""
    always = app.registry.html_assets_policy == "always"
    if not is_web(app.builder) or not Settings.of(app.config).interactive:
        return
    if always or (doctree and any(LIVE in raw for raw in doctree.findall(nodes.raw))):
        app.add_js_file("gdviz.js", loading_method="defer")


def setup(app: Sphinx) -> None:
    app.connect("doctree-resolved", add_data, priority=400)  # before what stands below a figure
    app.connect("html-page-context", add_script)

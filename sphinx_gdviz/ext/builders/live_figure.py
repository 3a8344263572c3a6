"""Interactive figures: the data that a web page needs for them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from textwrap import indent
from typing import TYPE_CHECKING, Any

from docutils import nodes

from ...messages import GdvizError
from ..cache import Store
from ..config import Settings
from ..domain import KEY, LIVE, is_web
from ..i18n import translated_strings

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

    from ...core.experiment import Experiment

CONTROLS = (
    *("play", "step", "scrub", "rate", "optimizer", "settings", "start", "steps", "view"),
    *("runs", "why", "basins", "table", "share", "copy", "save"),
)
"""The controls that an author can hide."""


def directive_data(options: Mapping[str, str], caption: str, is_rst: bool) -> dict[str, Any]:
    """The directive as it was written, for a reader to copy, with a place for changed options."""
    body = f"{{options}}\n\n{caption}\n"
    if is_rst:
        text = f".. gdviz-figure::\n{indent(body, '   ')}"
    else:
        # A fence in the caption is fenced by a longer one.
        fence = "`" * max(3, *(len(ticks) + 1 for ticks in re.findall("`+", caption)), 0)
        text = f"{fence}{{gdviz-figure}}\n{body}{fence}\n"
    return {"text": text, "options": dict(options)}


def add_data(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the data of each interactive figure behind it."""
    if not is_web(app.builder):
        return
    store, has_strings = Store.of(app.env), False
    for figure in interactive_figures(app.config, doctree):
        stored = store.read(figure[KEY], "json")
        if stored is None:
            continue  # it could not be drawn
        added = json.dumps(figure[LIVE], ensure_ascii=False, separators=(",", ":"))
        # A script element ends at the first “</”, wherever that stands.
        data = f"{added[:-1]},{stored.decode()[1:]}".replace("<", "\\u003c")
        opening = (
            f'<script type="application/json" class="gdviz-data" data-figure="{figure["ids"][0]}">'
        )
        markup = f"{opening}{data}</script>"
        if not has_strings and (strings := translated_strings()):  # once in a page
            said = json.dumps(strings, ensure_ascii=False).replace("<", "\\u003c")
            before = f'<script type="application/json" class="gdviz-strings">{said}</script>'
            markup, has_strings = before + markup, True
        script = nodes.raw("", markup, format="html")
        script[LIVE] = True
        figure.parent.insert(figure.parent.index(figure) + 1, script)


def interactive_figures(config: Config, doctree: nodes.document) -> list[nodes.figure]:
    """The figures that are interactive in a web page."""
    if not Settings.of(config).interactive:
        return []
    return [node for node in doctree.findall(nodes.figure) if LIVE in node and node["ids"]]


def rules_or_obstacle(experiment: Experiment) -> tuple[dict[str, Any], str]:
    """The data of custom rules for a page, and the reason why a figure stays a picture there."""
    from ...core.export.page_data import obstacle
    from ...core.export.rule_data import rule_data

    custom = [optimizer for optimizer in experiment.optimizers if optimizer.code]
    try:
        rules = {optimizer.name: rule_data(optimizer.rule) for optimizer in custom}
    except GdvizError as error:
        return {}, str(error)
    return rules, obstacle(experiment)

"""The directives and options that the plugin declares, written into it from Python."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from .. import __version__
from ..core.options.read import Book, experiment_options
from ..core.report.quote_options import SELECTORS

PLUGIN = Path(__file__).with_name("gdviz.mjs")
EXPERIMENT = (*experiment_options(Book()), "expect")
TABLE = ("name", "class", "align", "width")
FORMULA = ("label", "class")
FIGURE = (
    *EXPERIMENT,
    *("name", "alt", "class", "align", "figclass", "figwidth"),
    *("chapter", "code", "notebook", "static", "hide", "try", "predict"),
)
OPTIONS: dict[str, tuple[str, ...]] = {
    "gdviz-figure": FIGURE,
    "gdviz-experiment": EXPERIMENT,
    "gdviz-table": ("columns", "sort", "titles", *TABLE),
    "gdviz-steps": (*SELECTORS, "steps", "format", "as", *dict.fromkeys((*TABLE, *FORMULA))),
    "gdviz-rule": (*SELECTORS, *FORMULA),
}
"""The options of each directive."""
DOCS = {
    "gdviz-figure": "Gradient descent, run and drawn.",
    "gdviz-experiment": "A run that is not shown, for a book to quote.",
    "gdviz-table": "The runs of a figure, a row for each.",
    "gdviz-steps": "The first steps of a run, worked out.",
    "gdviz-rule": "The update rule of an optimizer, or of a run with its settings.",
}
_GENERATED = re.compile(r"(?<=// generated from Python: begin\n).*?(?=// generated: end\n)", re.S)


def declarations() -> list[dict[str, Any]]:
    """The directives as mystmd wants them declared."""
    return [
        {
            "name": name,
            "doc": DOCS[name],
            **({"arg": {"type": "string", "required": True}} if name != "gdviz-figure" else {}),
            "options": {option: {"type": "string"} for option in options},
            "body": {"type": "myst"},
        }
        for name, options in OPTIONS.items()
    ]


def generate(source: str) -> str:
    """The source of the plugin with what it has from Python."""
    lines = [
        f"const VERSION = {json.dumps(__version__)};",
        "const DECLARED = [",
        *(f"  {json.dumps(each)}," for each in declarations()),
        "];",
        "",
    ]
    return _GENERATED.sub(lambda _: "\n".join(lines), source)

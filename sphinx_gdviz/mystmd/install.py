"""Add the plugin to a book: a copy beside its ``myst.yml``, and an entry in that file."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from ..files import write_whole
from .declarations import PLUGIN

CONFIGURATION = "myst.yml"
_LISTED = re.compile(r"^ *- *['\"]?(\./)?gdviz\.mjs['\"]? *$", re.M)
_PROJECT = re.compile(r"^project: *(#.*)?$\n", re.M)
_PLUGINS = re.compile(r"^  plugins: *(#.*)?$\n", re.M)


def with_plugin(text: str) -> str | None:
    """The text of ``myst.yml`` with the plugin; None where it is to be written by hand."""
    if _LISTED.search(text):
        return text
    if text.count("\n  plugins:") == 1 and (found := _PLUGINS.search(text)):
        after = re.match(r"( *)- ", text[found.end() :])
        indent = after[1] if after else "    "
        return f"{text[: found.end()]}{indent}- gdviz.mjs\n{text[found.end() :]}"
    found = _PROJECT.search(text)
    if found is None or "\n  plugins:" in text:
        return None
    return f"{text[: found.end()]}  plugins:\n    - gdviz.mjs\n{text[found.end() :]}"


def install(folder: Path) -> int:
    """Add the plugin to the book in a folder, or say what to write; returns an exit status."""
    path = folder / CONFIGURATION
    if not path.is_file():
        print(f"there is no {path}; run “myst init” first", file=sys.stderr)
        return 1
    text = path.read_text("utf-8")
    changed = with_plugin(text)
    write_whole(folder / PLUGIN.name, PLUGIN.read_bytes())
    if changed is None:
        said = "  plugins:\n    - gdviz.mjs"
        print(f"{path} is not as “myst init” writes it; add this to its project:\n{said}")
        return 1
    if changed != text:
        write_whole(path, changed.encode())
    print(f"{path} has the plugin gdviz.mjs, which lies beside it; both belong to the book")
    return 0

"""Books of mystmd, built as an author builds them: by its own program, without a network."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

import sphinx_gdviz
from sphinx_gdviz.mystmd.install import install

MESSAGE = re.compile(r"^(?:⛔️|⚠️ ) (?P<file>[\w/.-]+):(?P<line>\d+) (?P<text>.*)$", re.M)
TEMPLATE = "jtex: v1\ntitle: A template\nversion: 1.0.0\nparts: []\n"
SITE = TEMPLATE + 'build:\n  install: "true"\n  start: "true"\n'
LATEX = r"""\documentclass{article}
[-IMPORTS-]
\begin{document}
[-CONTENT-]
\end{document}
"""


def walk(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a node and all in it."""
    yield node
    for child in node.get("children", ()):
        yield from walk(child)


def text_of(node: dict[str, Any]) -> str:
    """The text of a node."""
    return "".join(each.get("value", "") for each in walk(node))


@dataclass
class Built:
    """A build of a book."""

    folder: Path
    status: int
    output: str

    @property
    def messages(self) -> list[tuple[str, int, str]]:
        """File, line and text of each message, once."""
        found = ((m["file"], int(m["line"]), m["text"]) for m in MESSAGE.finditer(self.output))
        return list(dict.fromkeys(found))

    def page(self, name: str) -> list[dict[str, Any]]:
        """All nodes of a page of the site."""
        path = self.folder / "_build/site/content" / f"{name}.json"
        return list(walk(json.loads(path.read_text("utf-8"))["mdast"]))


class MystProject:
    """A book in a folder, with a table of contents, bare templates and the plugin."""

    def __init__(self, folder: Path, pages: Mapping[str, str], exports: str = "") -> None:
        self.folder = folder
        contents = "".join(f"    - file: {name}\n" for name in pages)
        project = f"project:\n{exports}  toc:\n{contents}"
        files = {
            **pages,
            "myst.yml": f"version: 1\n{project}site:\n  template: ./site\n",
            "site/template.yml": SITE,
            "plain/template.yml": TEMPLATE,
            "plain/template.tex": LATEX,
            "plain/template.typ": "[-IMPORTS-]\n[-CONTENT-]\n",
        }
        for name, text in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, "utf-8")
        assert install(folder) == 0

    def build(self, *arguments: str, env: Mapping[str, str] | None = None) -> Built:
        """Run ``myst build``."""
        package = find_spec("mystmd_py")
        assert package is not None, "mystmd is missing: pip install mystmd"
        program = Path((package.submodule_search_locations or [""])[0], "myst.cjs")
        root = str(Path(sphinx_gdviz.__file__).parents[1])
        done = subprocess.run(
            ["node", program, "build", *(arguments or ("--site", "--strict")), "--ci"],
            cwd=self.folder,
            env={**os.environ, "GDVIZ_PYTHON": sys.executable, "PYTHONPATH": root, **(env or {})},
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )
        return Built(self.folder, done.returncode, done.stdout + done.stderr)


@pytest.fixture(scope="session")
def node(tool: Callable[[str], str]) -> str:
    """Node, which mystmd runs in."""
    return tool("node")

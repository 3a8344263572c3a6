"""Commands: ``init`` for authors, ``worker`` for the plugin, ``generate`` for developers."""

from __future__ import annotations

import sys
from pathlib import Path

from .declarations import PLUGIN, generate
from .install import install
from .worker import serve

USAGE = "usage: python -m sphinx_gdviz.mystmd init [FOLDER] | worker | generate"


def main(arguments: list[str]) -> int:
    """Carry out a command."""
    match arguments:
        case ["worker"]:
            serve()
        case ["init", *folder] if len(folder) < 2:
            return install(Path(*folder))
        case ["generate"]:
            PLUGIN.write_text(generate(PLUGIN.read_text("utf-8")), "utf-8")
        case _:
            print(USAGE, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The process that the plugin asks: a line of JSON in, a line of JSON out."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from .. import __version__
from .myst_book import MystBook


def serve() -> None:
    """Answer requests until there are none."""
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a library prints is no reply
    requests = os.fdopen(os.dup(0), encoding="utf-8")
    books: dict[str, MystBook] = {}
    print(json.dumps({"version": __version__}), file=replies, flush=True)
    for line in requests:
        request: dict[str, Any] = json.loads(line)
        root = request["root"]
        if root not in books:
            books[root] = MystBook(root)
        reply = {"id": request["id"], **books[root].answer(request)}
        print(json.dumps(reply), file=replies, flush=True)
    sys.stdout.flush()

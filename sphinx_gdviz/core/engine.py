"""The engine: what makes another result of the same experiment, as a number and versions."""

from __future__ import annotations

import re
from functools import cache
from importlib.metadata import distribution

ENGINE = 8
"""Raise it when the same experiment would give another result or another picture."""


@cache
def versions() -> dict[str, str]:
    """The versions of the libraries that have a part in results and pictures."""
    return {name: _version(name) for name in ("numpy", "matplotlib")}


def _version(name: str) -> str:
    """The version of a library as `importlib.metadata` has it, without reading all of its data."""
    found = distribution(name)
    match = re.search(r"^Version: *(\S+)", found.read_text("METADATA") or "", re.M)
    return match[1] if match else found.version

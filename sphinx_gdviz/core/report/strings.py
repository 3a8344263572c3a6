"""The words that readers meet with, by their keys: one file, which a book's language translates."""

from __future__ import annotations

import json
from pathlib import Path

STRINGS: dict[str, str] = json.loads(
    Path(__file__).with_name("strings.json").read_text(encoding="utf-8")
)
"""In English; what stands in braces is put in."""

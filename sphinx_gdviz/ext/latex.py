"""Definitions for print."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.config import Config


def add_to_preamble(config: Config, definitions: str) -> None:
    """Add definitions after those of the book."""
    preamble = config.latex_elements.get("preamble") or ""
    config.latex_elements = {**config.latex_elements, "preamble": preamble + definitions}

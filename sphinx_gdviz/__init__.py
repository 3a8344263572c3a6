"""Gradient descent in a Sphinx book: run once at build time, drawn in every edition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .core.descent import Trajectory, descend
from .core.experiment import Experiment
from .core.formula import FormulaError
from .core.verdict import Verdict

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

__all__ = ["Experiment", "FormulaError", "Trajectory", "Verdict", "descend", "setup"]
__version__ = "0.1.0"


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register everything with Sphinx."""
    from .ext import assets, figure, numbering, pictures, registry, settings, sheets, transforms

    for part in (settings, sheets, registry, figure, numbering, pictures, transforms, assets):
        part.setup(app)
    return {
        "version": __version__,
        "env_version": 2,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }

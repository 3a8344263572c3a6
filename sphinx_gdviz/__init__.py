"""Gradient descent in a Sphinx book: run once at build time, drawn in every edition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .api import Experiment
from .core.descent.critical_points import CriticalPoint, critical_points
from .core.descent.run import Trajectory, descend
from .core.descent.verdict import Verdict, Verdicts
from .core.losses.base import FormulaLoss, Loss
from .core.losses.named import find_loss
from .messages import GdvizError

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

__all__ = [
    "CriticalPoint",
    "Experiment",
    "FormulaLoss",
    "GdvizError",
    "Loss",
    "Trajectory",
    "Verdict",
    "Verdicts",
    "critical_points",
    "descend",
    "find_loss",
]
__version__ = "0.1.0"


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register everything with Sphinx."""
    from . import ext

    ext.setup(app)
    return {
        "version": __version__,
        "env_version": 6,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }

"""Gradient descent in a Sphinx book: run once at build time, drawn in every edition."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

    from .api import (
        CriticalPoint,
        Experiment,
        FormulaLoss,
        GdvizError,
        Loss,
        Trajectory,
        Verdict,
        Verdicts,
        critical_points,
        descend,
        find_loss,
    )

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


def __getattr__(name: str) -> object:
    """Load the mathematics when it is asked for: most builds of a book do without NumPy."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from . import api

    return getattr(api, name)


def __dir__() -> list[str]:
    return [*__all__, "setup", "__version__"]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register everything with Sphinx."""
    from . import ext

    ext.setup(app)
    return {
        "version": __version__,
        "env_version": 7,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }

"""Gradient descent in a Sphinx book: run once at build time, drawn in every edition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .core.catalogue import find_loss
from .core.descent import Trajectory, descend
from .core.formula import FormulaError
from .core.landscape import CriticalPoint, critical_points
from .core.losses import FormulaLoss, Loss
from .core.verdict import Verdict, Verdicts
from .notebook import Experiment

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

__all__ = [
    "CriticalPoint",
    "Experiment",
    "FormulaError",
    "FormulaLoss",
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
    from .ext import (
        answers,
        assets,
        experiment,
        figure,
        lessons,
        live,
        more,
        numbering,
        online,
        own,
        pictures,
        record,
        registry,
        saying,
        settings,
        sheets,
        steps,
        table,
        titles,
        transforms,
        value,
        wording,
    )

    parts = (
        *(
            settings,
            wording,
            sheets,
            own,
            registry,
            saying,
            experiment,
            figure,
            value,
            table,
            steps,
        ),
        *(answers, titles, record, numbering, lessons, live, more, online),
        *(pictures, transforms, assets),
    )
    for part in parts:
        part.setup(app)
    return {
        "version": __version__,
        "env_version": 5,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }

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
    from .ext import config as settings
    from .ext import custom as own
    from .ext import domain as registry
    from .ext import i18n as wording
    from .ext import numbering
    from .ext import stylesheets as sheets
    from .ext import written_pages as record
    from .ext.builders import assets, pictures
    from .ext.builders import extras as more
    from .ext.builders import images as transforms
    from .ext.builders import live_figure as live
    from .ext.builders import notebook_files as lessons
    from .ext.builders import online_links as online
    from .ext.directives import gdviz_experiment as experiment
    from .ext.directives import gdviz_figure as figure
    from .ext.directives import gdviz_steps as steps
    from .ext.directives import gdviz_table as table
    from .ext.quotes import resolve as answers
    from .ext.quotes import rich_text as saying
    from .ext.quotes import titles, value

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
        "env_version": 6,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }

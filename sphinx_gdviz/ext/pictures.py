"""The batch: pictures that a builder needs and the store lacks, drawn before writing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx.util.display import status_iterator

from .messages import warn
from .registry import Figure, GdvizDomain
from .store import Store

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.builders import Builder

FORMATS = {"image/svg+xml": "svg", "application/pdf": "pdf", "image/png": "png"}
"""The kinds of picture that can be drawn, by media type."""


def draw_missing(app: Sphinx, builder: Builder) -> None:
    """Draw what is missing for this builder."""
    domain = GdvizDomain.of(builder.env)
    taken = builder.supported_image_types
    domain.picture_type = kind = next((kind for kind in taken if kind in FORMATS), None)
    if kind is None:
        return
    store, suffix = Store.of(builder.env), FORMATS[kind]
    missing = {
        figure.experiment.key: figure
        for figure in domain
        if not store.has(figure.experiment, suffix)
    }
    for figure in status_iterator(
        missing.values(),
        "drawing figures... ",
        "brown",
        len(missing),
        app.verbosity,
        stringify_func=lambda figure: figure.figure_id,
    ):
        _draw(store, figure, suffix)


def _draw(store: Store, figure: Figure, suffix: str) -> None:
    from ..draw.page import draw  # Matplotlib is slow to import, and most builds draw nothing

    try:
        data = draw(store.result(figure.experiment), suffix)
    except Exception as error:
        warn("draw", f"the figure could not be drawn: {error!r}", figure.location)
    else:
        store.write(figure.experiment, suffix, data)


def setup(app: Sphinx) -> None:
    app.connect("write-started", draw_missing)

"""The batch: pictures that a builder needs and the store lacks, drawn before writing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx.util.display import status_iterator

from .messages import warn
from .registry import Figure, GdvizDomain
from .store import Store

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

FORMATS = {"image/svg+xml": "svg", "application/pdf": "pdf", "image/png": "png"}
"""The kinds of picture that can be drawn, by media type."""


def draw_missing(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Draw what is missing for the running builder; returns the documents that show it."""
    domain = GdvizDomain.of(env)
    taken = app.builder.supported_image_types
    domain.picture_type = kind = next((kind for kind in taken if kind in FORMATS), None)
    if kind is None:
        return []
    store, suffix = Store.of(env), FORMATS[kind]
    figures = [figure for figure in domain if store.read(figure.experiment, suffix) is None]
    missing = {figure.experiment.key: figure for figure in figures}
    if missing:
        for figure in status_iterator(
            missing.values(),
            "drawing figures... ",
            "brown",
            len(missing),
            app.verbosity,
            stringify_func=lambda figure: figure.figure_id,
        ):
            _draw(store, figure, suffix)
    return sorted({figure.docname for figure in figures})


def _draw(store: Store, figure: Figure, suffix: str) -> None:
    from ..draw.page import draw  # Matplotlib is slow to import, and most builds draw nothing

    try:
        store.write(figure.experiment, suffix, draw(store.result(figure.experiment), suffix))
    except Exception as error:
        said = f"{type(error).__name__}: {error}"
        warn("draw", f"gdviz-figure: the figure could not be drawn ({said})", figure.location)


def setup(app: Sphinx) -> None:
    app.connect("env-updated", draw_missing)

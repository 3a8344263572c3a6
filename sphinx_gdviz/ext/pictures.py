"""The batch: pictures that a builder needs and the store lacks, drawn before writing."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

from sphinx.util.display import status_iterator

from ..core.experiment import Experiment
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
    shown = [(figure, figure.experiment) for figure in domain if figure.experiment]
    figures = [(figure, of) for figure, of in shown if store.read(of, suffix) is None]
    missing = {experiment.key: (figure, experiment) for figure, experiment in figures}
    if missing:
        for figure, experiment in status_iterator(
            missing.values(),
            "drawing figures... ",
            "brown",
            len(missing),
            app.verbosity,
            stringify_func=lambda item: item[0].figure_id,
        ):
            _draw(store, figure, experiment, suffix)
    return sorted({figure.docname for figure, _ in figures})


def _draw(store: Store, figure: Figure, experiment: Experiment, suffix: str) -> None:
    from ..draw.page import draw  # Matplotlib is slow to import, and most builds draw nothing

    try:
        with warnings.catch_warnings(record=True) as remarks:
            warnings.simplefilter("always")
            store.write(experiment, suffix, draw(store.result(experiment), suffix))
    except Exception as error:
        said = " ".join(f"{type(error).__name__}: {error}".split())
        warn("draw", f"gdviz-figure: the figure could not be drawn ({said})", figure.location)
    else:
        for said in sorted({" ".join(str(remark.message).split()) for remark in remarks}):
            warn("draw", f"gdviz-figure: {said}", figure.location)


def setup(app: Sphinx) -> None:
    app.connect("env-updated", draw_missing)

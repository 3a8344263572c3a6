"""The batch: pictures that a build needs and the store lacks, drawn before writing."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor, Future
from contextlib import ExitStack
from typing import TYPE_CHECKING

from sphinx.util.display import status_iterator

from ...core.experiment import Experiment
from ...messages import GdvizError
from ..cache import Store
from ..config import Settings
from ..domain import Figure, GdvizDomain
from ..log import warn, warn_of_setting
from .executors import SerialExecutor, make_executor, run_tasks

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment

    from ...draw.figure import Format

FORMATS: dict[str, Format] = {
    "image/svg+xml": "svg",
    "application/pdf": "pdf",
    "image/png": "png",
}
"""The kinds of picture that can be drawn, by media type."""

Drawn = tuple[dict["Format", bytes], list[str]]
"""The files of a figure, and what Matplotlib had to remark."""
Missing = tuple[Figure, Experiment, tuple["Format", ...]]
"""A figure and the formats that the store lacks."""


def picture_type(builder: Builder) -> str | None:
    """Media type of the pictures that a builder takes; None where it takes none."""
    return next((kind for kind in builder.supported_image_types if kind in FORMATS), None)


def draw_missing(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Draw what is missing for the running builder; returns the documents that show it."""
    domain = GdvizDomain.of(env)
    kind = picture_type(app.builder)
    if kind is None:
        return []
    store, pictures = Store.of(env), _formats(app, FORMATS[kind])
    alive = "svg" in pictures and Settings.of(app.config).interactive
    lacking: list[Missing] = []
    for figure in domain:
        if figure.is_shown and figure.experiment:
            formats: list[Format] = [*pictures, "json"] if alive and figure.is_live else pictures
            lacks = tuple(f for f in formats if not store.has(figure.experiment, f))
            if lacks:
                lacking.append((figure, figure.experiment, lacks))
    if lacking and _is_sound(app):
        _draw(app, store, _each_once(lacking))
    needed = {FORMATS[kind], "json"}
    return sorted({figure.docname for figure, _, lacks in lacking if needed & set(lacks)})


def _each_once(lacking: list[Missing]) -> list[Missing]:
    """What is missing, with figures of one experiment put together."""
    together: dict[str, Missing] = {}
    for figure, experiment, lacks in lacking:
        *_, before = together.get(experiment.key, (figure, experiment, ()))
        together[experiment.key] = (figure, experiment, tuple(dict.fromkeys((*before, *lacks))))
    return list(together.values())


def _formats(app: Sphinx, needed: Format) -> list[Format]:
    """The format that the builder needs, and those that the book wants besides."""
    wanted = Settings.of(app.config).formats
    return [needed, *(known for known in FORMATS.values() if known in wanted and known != needed)]


def _is_sound(app: Sphinx) -> bool:
    """Whether the book's style can be drawn in: one message, not one for each figure."""
    from ...draw import style  # Matplotlib is slow to import, and most builds draw nothing

    try:
        style.settings(Settings.of(app.config).style)
    except GdvizError as error:
        warn_of_setting(app, "gdviz_style", f"{error}; no figure is drawn")
        return False
    return True


def _draw(app: Sphinx, store: Store, missing: list[Missing]) -> None:
    """Draw and keep figures, with Sphinx's own line of progress."""
    from ...draw.figure import draw_with_remarks

    with ExitStack() as stack:
        executor = _enter_executor(app, stack, min(app.parallel, len(missing)))
        done: Iterator[tuple[Missing, Future[Drawn]]] = status_iterator(
            run_tasks(
                executor,
                draw_with_remarks,
                missing,
                lambda item: (store.result(item[1]), item[2]),
            ),
            "drawing figures... ",
            "brown",
            len(missing),
            app.verbosity,
            stringify_func=lambda item: item[0][0].figure_id,
        )
        for (figure, experiment, _), future in done:
            try:
                files, remarks = future.result()
                for suffix, data in files.items():
                    store.write(experiment, suffix, data)
            except Exception as error:
                said = f"gdviz-figure: the figure could not be drawn ({_told(error)})"
                warn("draw", said, figure.location)
            else:
                for remark in remarks:
                    warn("draw", f"gdviz-figure: {remark}", figure.location)


def _enter_executor(app: Sphinx, stack: ExitStack, jobs: int) -> Executor:
    """The executor of the book, once it has shown that it works, or one that does."""
    factory = Settings.of(app.config).executor
    try:
        executor = stack.enter_context(make_executor(factory, jobs))
        if factory:
            executor.submit(int).result()
    except Exception as error:
        warn_of_setting(app, "gdviz_executor", f"{_told(error)}; figures are drawn one by one")
        return SerialExecutor()
    return executor


def _told(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())


def prune(app: Sphinx, exception: Exception | None) -> None:
    """Take away what no build has used for long, once a build has come to its end."""
    if exception is None:
        Store.of(app.env).prune()

"""Pictures: those that the store lacks are drawn before writing, and figures get theirs then."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.display import status_iterator

from ...files import write_whole
from ...messages import GdvizError
from ..cache import Store
from ..config import Settings
from ..domain import SCHEME, Figure, GdvizDomain, is_web
from ..experiments import result_of
from ..log import line_of, warn, warn_of_setting

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

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

FOLDER = "_images"
"""The folder of the pictures in the output of a builder that copies none."""

_ADDRESS = re.compile(f"{SCHEME}([0-9a-f]{{32}})")
"""The address of a picture until the builder is known, with the key of its experiment."""

Drawn = tuple[dict["Format", bytes], list[str]]
"""The files of a figure, and the remarks of Matplotlib."""
Missing = tuple[Figure, list["Format"]]
"""A figure and the formats that the store lacks."""


def picture_type(builder: Builder) -> str | None:
    """Media type of the pictures that a builder takes; None where it takes none.

    A builder that says nothing of pictures, such as one of XML or Markdown, writes the address of
    any.
    """
    if not builder.supported_image_types and builder.format not in ("", "text", "man"):
        return "image/png"
    return next((kind for kind in builder.supported_image_types if kind in FORMATS), None)


def has_picture(app: Sphinx, figure: Figure) -> bool:
    """Tell whether the running builder has all that it takes to show a figure."""
    store = Store.of(app.env)
    return bool(figure.key) and all(store.has(figure.key, kind) for kind in _shown(app, figure))


def _shown(app: Sphinx, figure: Figure) -> list[Format]:
    """The formats in which the running builder shows a figure."""
    kind = picture_type(app.builder)
    if kind is None or not figure.is_shown:
        return []
    is_live = figure.is_live and is_web(app.builder) and Settings.of(app.config).interactive
    return [FORMATS[kind], "json"] if is_live else [FORMATS[kind]]


def draw_missing(app: Sphinx, env: BuildEnvironment) -> None:
    """Draw what is missing for the running builder."""
    domain = GdvizDomain.of(env)
    kind = picture_type(app.builder)
    if kind is None:
        return
    store, settings = Store.of(env), Settings.of(app.config)
    wanted = {FORMATS[kind], *settings.formats}
    pictures = [known for known in FORMATS.values() if known in wanted]
    live: list[Format] = ["json"] if "svg" in pictures and settings.interactive else []
    missing: dict[str, Missing] = {}
    for figure in domain:
        if not (figure.is_shown and figure.key):
            continue
        formats = [*pictures, *(live if figure.is_live else ())]
        lacks = [kind for kind in formats if not store.has(figure.key, kind)]
        if lacks:  # figures of one experiment are drawn once
            first, before = missing.get(figure.key, (figure, []))
            missing[figure.key] = first, [*before, *(kind for kind in lacks if kind not in before)]
    if missing and _check_style(app):
        _draw(app, store, [*missing.values()])


def _check_style(app: Sphinx) -> bool:
    """Tell once, and not for each figure, of a style that can't be drawn in."""
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
    from .executors import run_tasks

    with ExitStack() as stack:
        executor = _enter_executor(app, stack, min(app.parallel, len(missing)))
        done: Iterator[tuple[Missing, Future[Drawn]]] = status_iterator(
            run_tasks(
                executor,
                draw_with_remarks,
                missing,
                lambda item: (result_of(app.env, item[0]), item[1]),
            ),
            "drawing figures... ",
            "brown",
            len(missing),
            app.verbosity,
            stringify_func=lambda item: item[0][0].figure_id,
        )
        for (figure, _), future in done:
            try:
                files, remarks = future.result()
                for suffix, data in files.items():
                    store.write(figure.key, suffix, data)
            except GdvizError as error:
                source, _, line = figure.location.rpartition(":")
                place = f"{source}:{line_of(source, int(line), f'{error.option}:')}"
                warn("draw", f"gdviz-figure: {error.full}", place)
            except OSError as error:
                warn("draw", f"gdviz-figure: the picture can't be kept ({error})", figure.location)
            except Exception as error:
                said = f"gdviz-figure: the figure could not be drawn ({_one_line(error)})"
                warn("draw", said, figure.location)
            else:
                for remark in remarks:
                    warn("draw", f"gdviz-figure: {remark}", figure.location)


def _enter_executor(app: Sphinx, stack: ExitStack, jobs: int) -> Executor:
    """The executor of the book, once it has shown that it works, or one that does."""
    from .executors import SerialExecutor, make_executor

    factory = Settings.of(app.config).executor
    try:
        executor = stack.enter_context(make_executor(factory, jobs))
        if factory:
            executor.submit(int).result()
    except Exception as error:
        warn_of_setting(app, "gdviz_executor", f"{_one_line(error)}; figures are drawn one by one")
        return SerialExecutor()
    return executor


def _one_line(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())


def prune(app: Sphinx, exception: Exception | None) -> None:
    """Take away what no build has used for long, once a build has come to its end."""
    if exception is None:
        Store.of(app.env).prune()


class FigureImages(SphinxPostTransform):
    """Gives each figure the picture that was drawn for the running builder, or its text."""

    default_priority = 5  # before Sphinx's image transforms, which would look for the scheme

    def run(self, **kwargs: object) -> None:
        _give_pictures(self.env, self.document, self.env.docname)


def give_to_late(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Give pictures to images that others put into a page: a list of posts has some of theirs."""
    _give_pictures(app.env, doctree, docname)


def _give_pictures(env: BuildEnvironment, document: nodes.document, docname: str) -> None:
    store, domain = Store.of(env), GdvizDomain.of(env)
    kind = picture_type(domain.builder)
    # Translators of the book have no use for our own texts.
    is_catalog = domain.builder.name == "gettext"
    generated = {each.summary.alt for each in domain if each.summary} if is_catalog else set()
    for image in list(document.findall(nodes.image)):
        if not (address := _ADDRESS.fullmatch(image["uri"])):
            continue
        if image.get("alt") in generated:
            del image["alt"]
        if domain.builder.format == "latex":
            image.attributes.pop("width", None)  # it was drawn as wide as it is printed
        if domain.is_text:
            image.replace_self(_alternative(image))
        elif kind is None:
            image["uri"], image["candidates"] = "", {}
        elif not store.has(address[1], FORMATS[kind]):
            # It could not be drawn, and that was told.
            image.replace_self(_alternative(image, "gdviz-mistake"))
        else:
            path = store.path(address[1], FORMATS[kind])
            if domain.builder.supported_image_types:
                image["uri"], image["candidates"] = str(path), {kind: str(path)}
                env.images.add_file(docname, str(path))
            else:  # the builder copies none
                copied = Path(domain.builder.outdir, FOLDER, path.name)
                copied.parent.mkdir(parents=True, exist_ok=True)
                write_whole(copied, path.read_bytes())
                image["uri"] = "../" * docname.count("/") + f"{FOLDER}/{path.name}"
                image["candidates"] = {"*": image["uri"]}


def _alternative(image: nodes.image, *classes: str) -> nodes.paragraph:
    """The alternative text of a picture."""
    return nodes.paragraph("", f"[{image.get('alt', '')}]", classes=list(classes))

"""The directive: options are read, the experiment is run, a plain figure goes into the page."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from docutils.parsers.rst.directives.images import Figure as DocutilsFigure
from docutils.statemachine import StringList
from sphinx.directives.patches import Figure as SphinxFigure
from sphinx.util.docutils import SphinxDirective

from ..core.experiment import Experiment
from ..core.words import alt_text
from .messages import Mistake, nearest, quote, warn
from .options import OptionError, experiment_options, read_chapter, read_experiment
from .settings import Settings
from .store import Store

if TYPE_CHECKING:
    from sphinx.application import Sphinx

SCHEME = "gdviz://"
"""Stands for a picture until the builder is known; a scheme, so that nobody looks for a file."""

STANDARD = ("name", "alt", "class", "align", "width", "figclass", "figwidth")
"""Options that mean what they mean for docutils' own figure."""


class _AnyOption(dict[str, Callable[[str], Any]]):
    """Takes every option as text: mistakes are told by the directive, the same in each parser."""

    def __bool__(self) -> bool:
        return True

    def __missing__(self, name: str) -> Callable[[str | None], str]:
        return lambda text: text or ""


class GdvizFigure(SphinxFigure, SphinxDirective):
    """``gdviz-figure``: a numbered, captioned figure of gradient descent.

    It is Sphinx's own figure directive, with a picture that the build draws.
    """

    required_arguments = 0
    optional_arguments = 0
    has_content = True
    option_spec: ClassVar[Any] = _AnyOption()  # type: ignore[misc]

    def run(self) -> list[nodes.Node]:
        settings = Settings.of(self.config)
        written: dict[str, str] = dict(self.options)
        texts = {**_as_text(settings.defaults), **written}
        experiment, mistakes = read_experiment(texts, settings.max_steps)
        known = (*experiment_options(settings.max_steps), *STANDARD, "chapter")
        mistakes += [
            Mistake(name, f"there is no such option{nearest(name, known)}")
            for name in texts
            if name not in known
        ]
        standard = self._read(texts, {n: DocutilsFigure.option_spec[n] for n in STANDARD}, mistakes)
        chapter = self._read(texts, {"chapter": read_chapter}, mistakes).get("chapter")
        if chapter and not self.config.numfig:
            mistakes.append(Mistake("chapter", "numbers need “numfig = True” in conf.py"))
        name = nodes.fully_normalize_name(standard.get("name", ""))
        if name in self.state.document.nameids:
            mistakes.append(Mistake("name", f"{quote(name)} is used twice on this page"))
            del standard["name"]
        body = self.parse_content_to_nodes()
        if body and isinstance(body[0], nodes.paragraph):
            caption, legend = body[0], body[1:]
        else:
            what = "is no paragraph; write one first" if body else "is empty; write it"
            mistakes.append(Mistake(None, f"the caption {what} in the body"))
            caption, legend = nodes.paragraph("", "(no caption)"), []
        if experiment and not mistakes:
            try:
                standard.setdefault("alt", alt_text(Store.of(self.env).result(experiment)))
            except OSError as error:
                mistakes.append(Mistake(None, f"the result could not be kept ({error})"))
        for mistake in mistakes:
            warn("option" if mistake.option else "content", *self._explain(mistake))
        figures = self._figure(standard, None if mistakes else experiment, chapter, mistakes)
        for figure in figures:
            figure += _caption(caption)
            if legend:
                figure += nodes.legend("", *legend)
        return [*figures]

    def _read(
        self,
        texts: dict[str, str],
        readers: dict[str, Callable[[str], Any]],
        mistakes: list[Mistake],
    ) -> dict[str, Any]:
        """Read some options, and add what can't be read to the mistakes."""
        values = {}
        for option, read in readers.items():
            if option in texts:
                try:
                    values[option] = read(texts[option])
                except (OptionError, ValueError, TypeError) as error:
                    text = " ".join(str(error).split())
                    said = (
                        text
                        if isinstance(error, OptionError)
                        else f"{quote(texts[option])}: {text}"
                    )
                    mistakes.append(Mistake(option, said))
        return values

    def _figure(
        self,
        standard: dict[str, Any],
        experiment: Experiment | None,
        chapter: tuple[int, ...] | None,
        mistakes: list[Mistake],
    ) -> list[nodes.figure]:
        """The figure as docutils makes it, for a picture that is still to be drawn."""
        self.options = standard
        self.arguments = [SCHEME + (experiment.key if experiment else "mistake")]
        self.content = StringList()  # parsed already
        figures = [node for node in super().run() if isinstance(node, nodes.figure)]
        for figure in figures:
            if chapter:
                figure["chapter"] = chapter
            for image in figure.findall(nodes.image):
                image["classes"].append("gdviz")
            if experiment:
                figure["experiment"] = replace(experiment)  # without what it has worked out
            else:
                figure[0] = _placeholder(mistakes)
        return figures

    def _explain(self, mistake: Mistake) -> tuple[str, str]:
        """The message, and where it belongs: the line of the option, or of the directive."""
        message = f"{self.name}: {mistake.message}"
        line = self.lineno
        if mistake.option:
            message = f"{self.name}: {mistake.option}: {mistake.message}"
            line += self._line_of(mistake.option)
        source, found = self.state_machine.get_source_and_line(line)
        return message, f"{source or self.env.doc2path(self.env.docname)}:{found or line}"

    def _line_of(self, option: str) -> int:
        """How many lines below the directive's first an option stands, 0 if it does not."""
        lines = self.block_text.splitlines()
        first = 0 if lines and self.name in lines[0] else 1
        pattern = re.compile(rf"\s*:?{re.escape(option)}:(\s|$)")
        return next((n + first for n, line in enumerate(lines) if pattern.match(line)), 0)


def _as_text(defaults: dict[str, Any]) -> dict[str, str]:
    """Options of conf.py as an author would write them: numbers and lists may stand for text."""
    return {
        name: ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
        for name, value in defaults.items()
    }


def _caption(paragraph: nodes.paragraph) -> nodes.caption:
    caption = nodes.caption(paragraph.rawsource, "", *paragraph.children)
    caption.source, caption.line = paragraph.source, paragraph.line
    return caption


def _placeholder(mistakes: list[Mistake]) -> nodes.paragraph:
    """What the page says in place of a picture, with all that refers to the figure intact."""
    said = "; ".join(
        f"{mistake.option}: {mistake.message}" if mistake.option else mistake.message
        for mistake in mistakes
    )
    text = f"This figure could not be made. {said}"
    return nodes.paragraph(text, text, classes=["gdviz-mistake"])


def setup(app: Sphinx) -> None:
    app.add_directive("gdviz-figure", GdvizFigure)

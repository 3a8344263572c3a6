"""The directive: options are read, the experiment is run, a plain figure goes into the page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from docutils.parsers.rst import directives
from docutils.statemachine import StringList
from sphinx.directives.patches import Figure as SphinxFigure
from sphinx.util.docutils import SphinxDirective

from ..core.data import DataError, Dataset, read_file
from ..core.experiment import Experiment
from ..core.optimizers import RuleError
from ..core.result import Result
from ..core.text import nearest, quote
from ..core.words import alt_text, outcome, run_name
from .messages import warn
from .options import (
    Book,
    Mistake,
    OptionError,
    as_text,
    experiment_options,
    read_chapter,
    read_claims,
    read_experiment,
)
from .own import book_of, fingerprint
from .registry import Number
from .settings import Settings
from .store import Store

if TYPE_CHECKING:
    from sphinx.application import Sphinx

SCHEME = "gdviz://"
"""Stands for a picture until the builder is known; a scheme, so that nobody looks for a file."""


def _align(text: str) -> str:
    return directives.choice(text, ("left", "center", "right"))


def _figure_width(text: str) -> str:
    if text.strip().lower() == "image":
        return "image"
    return directives.length_or_percentage_or_unitless(text, "px")


STANDARD: dict[str, Callable[[str], Any]] = {
    "name": directives.unchanged,
    "alt": directives.unchanged,
    "class": directives.class_option,
    "align": _align,
    "width": directives.length_or_percentage_or_unitless,
    "figclass": directives.class_option,
    "figwidth": _figure_width,
}
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
    option_spec = _AnyOption()

    def run(self) -> list[nodes.Node]:
        self._mistakes: list[Mistake] = []
        defaults: Iterable[tuple[str, Any]] = (self._settings.defaults or {}).items()
        usual = {str(name): as_text(name, v) for name, v in defaults if v not in (None, False)}
        texts: dict[str, str] = {**usual, **self.options}
        self._look_for_unknown(texts)
        book = replace(book_of(self.config), read_data=self._read_data)
        experiment, mistakes = read_experiment(texts, book)
        while any(mistake.is_idle and mistake.option not in self.options for mistake in mistakes):
            # A default of the book that has no effect on this figure.
            texts = {name: text for name, text in texts.items() if name != mistakes[0].option}
            experiment, mistakes = read_experiment(texts, book)
        self._mistakes += mistakes
        standard = self._read_standard(texts)
        chapter = self._read_chapter(texts)
        caption, legend = self._read_body()
        if experiment and not self._mistakes:
            try:
                result = Store.of(self.env).result(experiment)
                standard.setdefault("alt", alt_text(result))
                self._check_claims(texts, result)
            except OSError as error:
                self._mistakes.append(Mistake(None, f"the result could not be kept ({error})"))
            except RuleError as error:
                self._mistakes.append(Mistake("optimizer", str(error)))
        for mistake in self._mistakes:
            warn("option" if mistake.option else "content", *self._explain(mistake))

        figure = self._make_figure(standard, experiment if not self._mistakes else None)
        figure["fingerprint"] = fingerprint(self.config)
        if chapter:
            figure["chapter"] = chapter
        figure += caption
        if legend:
            figure += nodes.legend("", *legend)
        return [figure]

    @property
    def _settings(self) -> Settings:
        return Settings.of(self.config)

    def _read_data(self, name: str, x: str, y: str) -> Dataset:
        """Two columns of a file of the book, which the page depends on from now on."""
        if not self.state.document.settings.file_insertion_enabled:
            raise DataError(
                f"{quote(name)}: reading files is switched off (file_insertion_enabled)"
            )
        if "\0" in name:
            raise DataError(f"{quote(name)} is no name of a file")
        relative, absolute = self.env.relfn2path(name)
        self.env.note_dependency(relative)
        try:
            path, book = Path(absolute).resolve(), Path(self.env.srcdir).resolve()
        except (OSError, RuntimeError):  # a link to itself
            raise DataError(f"{quote(name)} leads nowhere") from None
        if not path.is_relative_to(book):
            raise DataError(f"{quote(name)} is outside of the book's folder; move it there")
        try:
            return read_file(path, name, x, y)
        except DataError:
            self.env.note_reread()  # a file that turns up may be older than the page
            raise

    def _look_for_unknown(self, texts: dict[str, str]) -> None:
        known = (*experiment_options(Book()), *STANDARD, "chapter", "expect")
        for name in texts:
            if name not in known:
                self._mistakes.append(
                    Mistake(name, f"there is no such option{nearest(name, known)}")
                )

    def _read_standard(self, texts: dict[str, str]) -> dict[str, Any]:
        """The options of docutils' figure, as docutils reads them."""
        values = {}
        for option, read in STANDARD.items():
            if option in texts:
                try:
                    values[option] = read(texts[option])
                except (ValueError, TypeError) as error:
                    if option == "width":  # that was told when the experiment was read
                        continue
                    said = " ".join(str(error).split())
                    self._mistakes.append(Mistake(option, f"{quote(texts[option])}: {said}"))
        name = nodes.fully_normalize_name(values.get("name", ""))
        if name in self.state.document.nameids:
            self._mistakes.append(Mistake("name", f"{quote(name)} is used twice on this page"))
            del values["name"]
        return values

    def _check_claims(self, texts: dict[str, str], result: Result) -> None:
        """Tell of each claim that does not hold; the figure is made all the same."""
        if "expect" not in texts:
            return
        try:
            claims = read_claims(texts["expect"], result.experiment)
        except OptionError as error:
            self._mistakes.append(Mistake("expect", str(error)))
            return
        for claim, run in zip(claims, result.runs, strict=True):
            if not claim.holds_of(run.verdict):
                which = f"the run {run_name(result, run)}" if len(claims) > 1 else "the run"
                said = f"{quote(claim.text)} was claimed, but {which} {outcome(run)}"
                warn("expect", *self._explain(Mistake("expect", said)))

    def _read_chapter(self, texts: dict[str, str]) -> Number | None:
        try:
            chapter = read_chapter(texts["chapter"]) if "chapter" in texts else None
        except OptionError as error:
            self._mistakes.append(Mistake("chapter", str(error)))
            return None
        if chapter and not self.config.numfig:
            self._mistakes.append(Mistake("chapter", "numbers need “numfig = True” in conf.py"))
        return chapter

    def _read_body(self) -> tuple[nodes.caption, list[nodes.Node]]:
        """The caption, which is the first paragraph, and the legend, which is all that follows."""
        body = self.parse_content_to_nodes()
        if body and isinstance(body[0], nodes.paragraph):
            caption = nodes.caption(body[0].rawsource, "", *body[0].children)
            caption.source, caption.line = body[0].source, body[0].line
            return caption, body[1:]
        what = "is no paragraph; write one first" if body else "is empty; write it"
        self._mistakes.append(Mistake(None, f"the caption {what} in the body"))
        return nodes.caption("", "(no caption)"), []

    def _make_figure(self, standard: dict[str, Any], experiment: Experiment | None) -> nodes.figure:
        """The figure as docutils makes it, for a picture that is still to be drawn."""
        self.options = standard
        self.arguments = [SCHEME + (experiment.key if experiment else "mistake")]
        self.content = StringList()  # parsed already
        (figure,) = (node for node in super().run() if isinstance(node, nodes.figure))
        if experiment:
            figure["experiment"] = replace(experiment)  # without what it has worked out
            for image in figure.findall(nodes.image):
                image["classes"].append("gdviz")
        else:
            figure[0] = _placeholder(self._mistakes)
        return figure

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

"""The directive of an experiment: options are read, it is run, and the book may quote it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes

from ...core.experiment import Experiment
from ...core.losses.dataset import Dataset, read_file
from ...core.options.read import (
    Book,
    Mistake,
    as_text,
    experiment_options,
    read_claims,
    read_experiment,
)
from ...core.report.sentences import outcome, run_name
from ...core.result import Result
from ...messages import GdvizError, quote
from ..cache import Store
from ..config import Settings
from ..custom import book_of, fingerprint
from ..log import warn
from .common import GdvizDirective

if TYPE_CHECKING:
    pass


class GdvizExperiment(GdvizDirective):
    """``gdviz-experiment``: a run that is not shown, for a book to quote."""

    required_arguments = 1
    final_argument_whitespace = True
    others: tuple[str, ...] = ("expect",)
    """Options besides those that say what to run."""

    def run(self) -> list[nodes.Node]:
        texts, mistakes, experiment = self.read_options()
        name = nodes.fully_normalize_name(self.arguments[0])
        if " " in name:
            mistakes.append(Mistake(None, f"the name {quote(name)} has a space in it"))
        if self.content:
            mistakes.append(Mistake(None, "an experiment has no body; what is shown is a figure"))
        if experiment and not mistakes:
            self.run_experiment(experiment, texts, mistakes)
        self.tell(mistakes)
        note = nodes.comment(names=[name])  # seen by no reader, kept with the page
        self.set_source_info(note)
        self.mark(note, experiment if not mistakes else None)
        return [note]

    def read_options(
        self, *, usual_count: bool = False
    ) -> tuple[dict[str, str], list[Mistake], Experiment | None]:
        """The texts of all options, with the book's usual ones, and what they ask for.

        Whether the usual ones have to be known, too, is for the caller to say.
        """
        defaults: Iterable[tuple[str, Any]] = (Settings.of(self.config).defaults or {}).items()
        usual = {str(name): as_text(name, v) for name, v in defaults if v not in (None, False)}
        texts: dict[str, str] = {**usual, **self.options}
        known = (*experiment_options(Book()), *self.others)
        told = self.unknown(texts if usual_count else self.options, known)
        book = replace(book_of(self.config), read_data=self._read_data)
        experiment, mistakes = read_experiment(texts, book)
        while any(mistake.is_idle and mistake.option not in self.options for mistake in mistakes):
            # A default of the book that has no effect on this figure.
            texts = {name: text for name, text in texts.items() if name != mistakes[0].option}
            experiment, mistakes = read_experiment(texts, book)
        return texts, [*told, *mistakes], experiment

    def run_experiment(
        self, experiment: Experiment, texts: dict[str, str], mistakes: list[Mistake]
    ) -> Result | None:
        """The result, once claims have been held against it; what goes wrong is a mistake."""
        try:
            result = Store.of(self.env).result(experiment)
            self._check_claims(texts, result, mistakes)
        except OSError as error:
            self.env.note_reread()  # the next build may find the disk in order
            mistakes.append(Mistake(None, f"the result could not be kept ({error})"))
        except GdvizError as error:
            mistakes.append(Mistake("optimizer", str(error)))
        else:
            return result
        return None

    def mark(self, node: nodes.Element, experiment: Experiment | None) -> None:
        """Note on a node what it stands for: the environment is told of it when it is read."""
        if experiment:
            node["experiment"] = replace(experiment)  # without what it has worked out
        node["fingerprint"] = fingerprint(self.config)

    def _read_data(self, name: str, x: str, y: str) -> Dataset:
        """Two columns of a file of the book, which the page depends on from now on."""
        if not self.state.document.settings.file_insertion_enabled:
            raise GdvizError(
                f"{quote(name)}: reading files is switched off (file_insertion_enabled)"
            )
        if "\0" in name:
            raise GdvizError(f"{quote(name)} is no name of a file")
        relative, absolute = self.env.relfn2path(name)
        self.env.note_dependency(relative)
        try:
            path, book = Path(absolute).resolve(), Path(self.env.srcdir).resolve()
        except (OSError, RuntimeError):  # a link to itself
            raise GdvizError(f"{quote(name)} leads nowhere") from None
        if not path.is_relative_to(book):
            raise GdvizError(f"{quote(name)} is outside of the book's folder; move it there")
        try:
            return read_file(path, name, x, y)
        except GdvizError:
            self.env.note_reread()  # a file that turns up may be older than the page
            raise

    def _check_claims(self, texts: dict[str, str], result: Result, mistakes: list[Mistake]) -> None:
        """Tell of each claim that does not hold; the figure is made all the same."""
        if "expect" not in texts:
            return
        try:
            claims = read_claims(texts["expect"], result.experiment)
        except GdvizError as error:
            mistakes.append(Mistake("expect", str(error)))
            return
        for claim, run in zip(claims, result.runs, strict=True):
            if not claim.holds_of(run.verdict):
                which = f"the run {run_name(result, run)}" if len(claims) > 1 else "the run"
                said = f"{quote(claim.text)} was claimed, but {which} {outcome(run)}"
                warn("expect", *self.explain(Mistake("expect", said)))

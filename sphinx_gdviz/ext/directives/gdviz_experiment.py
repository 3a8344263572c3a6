"""The directive of an experiment: it is run, not shown, and the book may quote it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes

from ...core.experiment import Experiment
from ...core.losses.dataset import Dataset, read_file
from ...core.options.expectations import read_expectations
from ...core.options.read import Book, experiment_options, read_experiment
from ...core.report.describe import outcome, run_name
from ...core.result import Result
from ...messages import GdvizError, quote
from ..cache import Store
from ..config import Settings
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
        texts, experiment = self.read_options()
        name = self.read_name()
        if " " in name:
            self.refuse(f"the name {quote(name)} has a space in it")
        if self.content:
            self.refuse("an experiment has no body; what is shown is a figure")
        if experiment and not self.mistakes:
            self.run_experiment(experiment, texts)
        self.tell()
        note = nodes.comment(names=[name])  # seen by no reader, kept with the page
        self.set_source_info(note)
        self.mark(note, experiment if not self.mistakes else None)
        return [note]

    def read_options(
        self, *, check_defaults: bool = False
    ) -> tuple[dict[str, str], Experiment | None]:
        """Read all options, with the defaults of the book, and the experiment that they ask for.

        Parameters
        ----------
        check_defaults : bool
            Refuse defaults that are no options of this directive, too.
        """
        settings = Settings.of(self.config)
        options: dict[str, Any] = {**settings.defaults, **self.options}
        known = (*experiment_options(Book()), *self.others)
        self.check_names(options if check_defaults else self.options, known)
        book = replace(settings.book, read_data=self._read_data)
        experiment, mistakes = read_experiment(options, book)
        while any(mistake.is_unused and mistake.option not in self.options for mistake in mistakes):
            # A default of the book that has no effect on this figure.
            options = {name: text for name, text in options.items() if name != mistakes[0].option}
            experiment, mistakes = read_experiment(options, book)
        self.mistakes.extend(mistakes)
        texts = {
            name: value if isinstance(value, str) else ", ".join(map(str, value))
            for name, value in options.items()
        }
        return texts, experiment

    def run_experiment(self, experiment: Experiment, texts: dict[str, str]) -> Result | None:
        """The result, compared with what the author expects; None where there is a mistake."""
        result = None
        try:
            with self.collect("optimizer"):
                result = Store.of(self.env).result(experiment)
        except OSError as error:
            self.env.note_reread()  # the next build may find the disk in order
            self.refuse(f"the result could not be kept ({error})")
        if result and "expect" in texts:
            with self.collect("expect"):
                self._compare(texts["expect"], result)
        return result

    def mark(self, node: nodes.Element, experiment: Experiment | None) -> None:
        """Put an experiment on its node, from where the environment takes it."""
        if experiment:
            node["experiment"] = replace(experiment)  # without what it has worked out
        node["fingerprint"] = Settings.of(self.config).fingerprint

    def _read_data(self, name: str, x: str, y: str) -> Dataset:
        """Two columns of a file of the book, which the page depends on from now on."""
        if not self.state.document.settings.file_insertion_enabled:
            raise GdvizError(
                f"{quote(name)}: reading files is switched off (file_insertion_enabled)"
            )
        try:
            relative, path = self._find(name)
            data = read_file(path, name, x, y, f"as {quote(relative)} in the book's folder")
        except GdvizError:
            self.env.note_reread()  # a file that turns up may be older than the page
            raise
        self.env.note_dependency(relative)
        return data

    def _find(self, name: str) -> tuple[str, Path]:
        """The path of a file in the book, which need not be there, and its place on the disk."""
        if "\0" in name:
            raise GdvizError(f"{quote(name)} is no name of a file")
        try:
            relative, absolute = self.env.relfn2path(name)
            path, book = Path(absolute).resolve(), Path(self.env.srcdir).resolve()
        except (OSError, RuntimeError):  # a link to itself, before Python 3.13
            raise GdvizError(f"{quote(name)} leads nowhere") from None
        if not path.is_relative_to(book):
            raise GdvizError(f"{quote(name)} is outside of the book's folder; move it there")
        return relative, path

    def _compare(self, text: str, result: Result) -> None:
        """Tell of each run that did not do what is expected; the figure is made all the same."""
        expected = read_expectations(text, result.experiment)
        for expectation, run in zip(expected, result.runs, strict=True):
            if not expectation.holds_of(run.verdict):
                which = f"the run {run_name(result, run)}" if len(expected) > 1 else "the run"
                said = f"{quote(expectation.text)} was claimed, but {which} {outcome(run)}"
                warn("expect", *self.explain(GdvizError(said, "expect")))

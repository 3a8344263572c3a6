"""The directive of an experiment: it is run, not shown, and the book may quote it."""

from __future__ import annotations

from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING

from docutils import nodes

from ...messages import GdvizError, quote
from ..cache import Store
from ..config import Settings
from ..domain import READ, GdvizDomain
from ..experiments import Remark, Request, Summary, find_data, state_of
from ..log import warn
from .common import BODY, GdvizDirective

if TYPE_CHECKING:
    from pathlib import Path

    from ...core.experiment import Experiment
    from ...core.losses.dataset import Dataset
    from ...core.result import Result


class GdvizExperiment(GdvizDirective):
    """``gdviz-experiment``: a run that is not shown, for a book to quote."""

    required_arguments = 1
    final_argument_whitespace = True
    others: tuple[str, ...] = ("expect",)
    """Options besides those that say what to run."""
    takes_defaults = False
    """Whether all defaults of the book are meant for this directive."""

    def run(self) -> list[nodes.Node]:
        request = self.make_request()
        found = self.recall(request) or self.read(request)
        name = self.read_name()
        if " " in name:
            self.refuse(f"the name {quote(name)} has a space in it")
        if self.content:
            self.refuse("an experiment has no body; what is shown is a figure", BODY)
        note = nodes.comment(names=[name])  # seen by no reader
        self.set_source_info(note)
        note[READ] = request, self.finish(found, request)
        return [note]

    def make_request(self) -> Request:
        """All options as they are written."""
        settings = Settings.of(self.config)
        options, defaults = self.options.items(), settings.defaults.items()
        return Request(self.name, tuple(options), tuple(defaults), settings.fingerprint)

    def recall(self, request: Request) -> Summary | None:
        """The summary that the same request had in an earlier build, if its data are the same."""
        summary: Summary | None = GdvizDomain.of(self.env).earlier.get(request)
        if summary is None:
            return None
        try:
            found = {name: self._find(name) for name, _ in summary.files}
            if any(state_of(found[name][1]) != state for name, state in summary.files):
                return None
        except (GdvizError, OSError):
            return None
        for relative, _ in found.values():
            self.env.note_dependency(relative)
        return summary

    def read(self, request: Request) -> Experiment | None:
        """The experiment that is asked for; None where there is a mistake."""
        from ...core.options.read import Book, experiment_options

        names = request.values if self.takes_defaults else self.options
        self.check_names(names, (*experiment_options(Book()), *self.others))
        experiment, mistakes = request.read(Settings.of(self.config), self._read_data)
        self.mistakes.extend(mistakes)
        if experiment:
            GdvizDomain.of(self.env).experiments[self.env.docname, request] = experiment
        return experiment

    def finish(self, found: Summary | Experiment | None, request: Request) -> Summary | None:
        """Give all messages; returns the summary of what was found, None for a mistake."""
        summary = found if isinstance(found, Summary) else None
        if not (found is None or isinstance(found, Summary) or self.is_refused):
            summary = self._run(found, request)
        self.tell()
        if self.is_refused or not summary:
            return None
        for subtype, option, said in summary.remarks:
            warn(subtype, *self.explain(GdvizError(said, option)))
        return summary

    def _run(self, experiment: Experiment, request: Request) -> Summary | None:
        """The summary of an experiment that is run now; None where it can't be."""
        result = None
        try:
            with self.collect("optimizer"):
                result = Store.of(self.env).result(experiment)
        except OSError as error:
            self.env.note_reread()  # the next build may find the disk in order
            self.refuse(f"the result could not be kept ({error})")
        return self.summarize(result, request.texts) if result else None

    def summarize(self, result: Result, texts: dict[str, str]) -> Summary:
        """All that the page says of a result."""
        remarks: tuple[Remark, ...] = ()
        if "expect" in texts:
            from ...core.options.expectations import disappointments

            try:
                found = disappointments(texts["expect"], result)
                remarks = tuple(Remark("expect", "expect", said) for said in found)
            except GdvizError as error:
                remarks = (Remark("option", "expect", str(error)),)
        return Summary(result.experiment.key, tuple(self._files.items()), remarks)

    @cached_property
    def _files(self) -> dict[str, tuple[int, int]]:
        """The files of data that were read, and their states."""
        return {}

    def _find(self, name: str) -> tuple[str, Path]:
        """A file of the book, as :func:`find_data` has it, where files may be read."""
        if not self.state.document.settings.file_insertion_enabled:
            raise GdvizError(
                f"{quote(name)}: reading files is switched off (file_insertion_enabled)"
            )
        return find_data(self.env, self.env.docname, name)

    def _read_data(self, name: str, x: str, y: str) -> Dataset:
        """Columns of a file of the book."""
        from ...core.losses.dataset import read_file

        try:
            relative, path = self._find(name)
            with suppress(OSError):  # what is wrong with it, its reader tells
                self._files[name] = state_of(path)
            data = read_file(path, name, x, y, f"as {quote(relative)} in the book's folder")
        except GdvizError:
            self.env.note_reread()  # a file that turns up may be older than the page
            raise
        self.env.note_dependency(relative)
        return data

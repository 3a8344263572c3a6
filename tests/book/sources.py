"""Pages of the book as they are written: their text, their figures, and what these show."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from sphinx_gdviz import Trajectory
from sphinx_gdviz.core.experiment import Experiment
from sphinx_gdviz.core.losses.dataset import read_file
from sphinx_gdviz.core.options.read import Book, read_experiment
from sphinx_gdviz.core.result import Result
from sphinx_gdviz.core.result import run as run_experiment

BOOK = Path(__file__).parents[2] / "book"


def one_line(text: str) -> str:
    """Text without its line breaks."""
    return " ".join(text.split())


def read_directive(body: str) -> tuple[dict[str, str], str]:
    """The options and the caption of a figure."""
    options = re.findall(r"^:([a-z]+):(.*)$", body, re.M)
    caption = re.sub(r"^:[a-z]+:.*$", "", body, flags=re.M)
    return {name: value.strip() for name, value in options}, one_line(caption)


class Page:
    """A page of the book, and the options of its figures."""

    def __init__(self, name: str) -> None:
        self.folder = (BOOK / name).parent
        self.source = (BOOK / name).read_text("utf-8")
        self.text = one_line(self.source)
        # A figure that is shown as an example stands in a longer fence.
        bare = re.sub(r"^````md\n.*?^````$", "", self.source, flags=re.M | re.S)
        self.figures: dict[str, dict[str, str]] = {}
        for body in re.findall(r"^```\{gdviz-figure\}\n(.*?)^```$", bare, re.M | re.S):
            options, _ = read_directive(body)
            self.figures[options.get("name", f"no {len(self.figures)}")] = options

    def says(self, *sentences: str) -> None:
        """Fail unless the page has these words."""
        for sentence in sentences:
            assert one_line(sentence) in self.text

    def experiment(self, name: str) -> Experiment:
        """What a figure of the page asks for."""
        book = Book(read_data=lambda file, x, y: read_file(self.folder / file, file, x, y))
        experiment, mistakes = read_experiment(self.figures[name], book)
        assert experiment
        assert not mistakes
        return experiment

    @cache  # noqa: B019 (pages live as long as the tests do)
    def result(self, name: str) -> Result:
        """What a figure of the page shows."""
        return run_experiment(self.experiment(name))

    def trajectories(self, name: str) -> list[Trajectory]:
        """The runs of a figure."""
        return [run.trajectory for run in self.result(name).runs]

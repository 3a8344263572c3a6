"""What the environment remembers of a book's figures from one build to the next."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from sphinx import addnodes
from sphinx.domains import Domain

from ..core.experiment import Experiment

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

Number = tuple[int, ...]


@dataclass(frozen=True)
class Figure:
    """A figure of the book: where it is written, what it shows, and the prefix of its number.

    A figure with a mistake in it shows nothing, and keeps its number. The fingerprint is that of
    the book's own losses, rules and style when the figure was read.
    """

    docname: str
    line: int | None
    figure_id: str
    experiment: Experiment | None
    chapter: Number | None
    fingerprint: str = ""

    @property
    def location(self) -> tuple[str, int | None]:
        """Where it is written, as Sphinx's messages take it."""
        return self.docname, self.line


class GdvizDomain(Domain):
    """A domain without directives and roles: Sphinx keeps, purges and merges its data.

    The data holds, for each document, its figures and the labels that it quotes by number.
    """

    name = "gdviz"
    label = "gdviz"
    data_version = 2
    initial_data: ClassVar[dict[str, Any]] = {"figures": {}, "quotes": {}}

    picture_type: str | None = None
    """Media type of the pictures of the running builder; None before writing, or for none."""

    @classmethod
    def of(cls, env: BuildEnvironment) -> GdvizDomain:
        """The domain of a book."""
        domain = env.get_domain("gdviz")
        assert isinstance(domain, cls)
        return domain

    @property
    def figures(self) -> dict[str, list[Figure]]:
        """The figures of each document, in order."""
        figures: dict[str, list[Figure]] = self.data["figures"]
        return figures

    @property
    def quotes(self) -> dict[str, list[str]]:
        """The labels that each document quotes with `numref`."""
        quotes: dict[str, list[str]] = self.data["quotes"]
        return quotes

    def __iter__(self) -> Iterator[Figure]:
        """All figures of the book, document by document."""
        for docname in sorted(self.figures):
            yield from self.figures[docname]

    def process_doc(self, env: BuildEnvironment, docname: str, document: nodes.document) -> None:
        figures = [
            Figure(
                docname=docname,
                line=figure.line,
                figure_id=figure["ids"][0] if figure["ids"] else "",
                experiment=figure.get("experiment"),
                chapter=figure.get("chapter"),
                fingerprint=figure.get("fingerprint", ""),
            )
            for figure in document.findall(nodes.figure)
            if "fingerprint" in figure
        ]
        quotes = sorted(
            {
                str(reference["reftarget"])
                for reference in document.findall(addnodes.pending_xref)
                if reference.get("reftype") == "numref"
            }
        )
        if figures:
            self.figures[docname] = figures
        if quotes:
            self.quotes[docname] = quotes

    def clear_doc(self, docname: str) -> None:
        self.figures.pop(docname, None)
        self.quotes.pop(docname, None)

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        for kind in ("figures", "quotes"):
            for docname in docnames:
                if docname in otherdata[kind]:
                    self.data[kind][docname] = otherdata[kind][docname]


def setup(app: Sphinx) -> None:
    app.add_domain(GdvizDomain)

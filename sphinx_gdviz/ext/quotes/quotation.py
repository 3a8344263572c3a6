"""Quotations: values, tables and formulas of an experiment that may stand on any page.

The page has a node with the quotation. Once all pages have been read, each quotation is looked up,
and before a page is written, what was found is put into the node's place.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from docutils import nodes

from ...core.report.numbers import Numeral, RichText, Tex

if TYPE_CHECKING:
    from ...core.result import Result

QUOTATION = "gdviz-quotation"
"""The attribute of a node that has a quotation."""


@dataclass(frozen=True)
class Quotation(ABC):
    """A request for something that the runs of a figure determine.

    Attributes
    ----------
    figure : str
        The name of the figure or experiment.
    """

    figure: str

    @property
    @abstractmethod
    def author(self) -> str:
        """The role or directive that it comes from, as messages name it."""

    @property
    def clue(self) -> str:
        """A text by which its line is found in its paragraph."""
        return self.figure

    @abstractmethod
    def look_up(self, result: Result) -> Any:
        """Find what is quoted, as plain data that can be compared.

        Raises
        ------
        ValueError
            If nothing can be found; the message is for the author.
        """

    @abstractmethod
    def show(self, node: nodes.Element, found: Any, *, as_text: bool) -> None:
        """Put what was found, or None for nothing, into the place of a node."""


class Quoted(NamedTuple):
    """A quotation and its place."""

    quotation: Quotation
    source: str
    line: int


class Answer(NamedTuple):
    """The outcome of looking up a quotation.

    Attributes
    ----------
    key : str
        That of the experiment; empty where there is none.
    found : object
        What is to be shown; None for nothing.
    mistake : str
        Why there is nothing; empty where that has been told already, of the figure.
    """

    key: str
    found: Any = None
    mistake: str = ""


def rich_text_nodes(text: RichText, *, as_text: bool = False) -> list[nodes.Node]:
    """Inline nodes of rich text; in plain text an exponent is made of raised characters."""
    found: list[nodes.Node] = []
    for part in text:
        if isinstance(part, Tex) and not as_text:
            found.append(nodes.math(part.tex, part.tex))
        elif isinstance(part, Numeral) and part.exponent is not None and not as_text:
            exponent = str(part.exponent).replace("-", "−")
            found.append(nodes.Text(part.before_exponent))
            found.append(nodes.superscript("", exponent))
        else:
            found.append(nodes.Text(part if isinstance(part, str) else part.plain))
    return found


def mistake_node() -> nodes.inline:
    """Stand where nothing was found, which the build has told."""
    return nodes.inline("", "?", classes=["gdviz-mistake"])

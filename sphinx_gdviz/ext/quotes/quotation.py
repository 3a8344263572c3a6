"""Quotations: what a page says of an experiment that may stand on any page.

The page has a node that knows what is quoted. Once all pages have been read, each quotation is
looked up, and before a page is written, what was found is put into its place.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

from docutils import nodes

from ...core.result import Result

QUOTATION = "gdviz-quotation"
"""The attribute of a node that knows what is quoted."""


@dataclass(frozen=True)
class Quotation(ABC):
    """What is quoted.

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
        """What it can be found by in its paragraph."""
        return self.figure

    @abstractmethod
    def look_up(self, result: Result) -> Any:
        """What is found, as plain data that can be compared.

        Raises
        ------
        ValueError
            If there is nothing to be found; the message is for the author.
        """

    @abstractmethod
    def show(self, node: nodes.Element, found: Any, *, as_text: bool) -> None:
        """Put what was found, or None for nothing, into the place of a node."""


@dataclass(frozen=True)
class Quoted:
    """A place where something is quoted."""

    quotation: Quotation
    source: str
    line: int


@dataclass(frozen=True)
class Answer:
    """What was found when a quotation was last looked up.

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

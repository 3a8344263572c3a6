"""The role: a measured number in prose, captions, headings and tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.util.docutils import SphinxRole

from ...core.report.numbers import RichText
from ...core.report.query import EXAMPLE, Query, read_query
from ...messages import GdvizError, check_printable, quote
from ..log import line_of, warn
from .quotation import QUOTATION, Quotation, mistake_node, rich_text_nodes

if TYPE_CHECKING:
    from ...core.result import Result


def placeholder(written: str) -> str:
    """Text of a value until it is known, also where Sphinx keeps only the text of a caption."""
    return f"\u2063{written}\u2063"  # signs that nobody sees and that no text has


@dataclass(frozen=True)
class ValueQuotation(Quotation):
    """A value.

    Attributes
    ----------
    query : Query
        What is asked for.
    written : str
        As the author wrote it.
    """

    query: Query
    written: str

    @property
    def author(self) -> str:
        return "gdviz-value"

    @property
    def clue(self) -> str:
        return self.written

    def look_up(self, result: Result) -> RichText:
        from ...core.report.quantities import answer

        return answer(result, self.query)

    def show(self, node: nodes.Element, found: RichText | None, *, as_text: bool) -> None:
        shown = rich_text_nodes(found, as_text=as_text) if found else [mistake_node()]
        node.replace_self(shown)


class GdvizValue(SphinxRole):
    """``gdviz-value``: as in ``fig-descent loss:.4f step=10``."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        written = " ".join(self.text.split())
        figure, _, query = written.partition(" ")
        try:
            check_printable(self.text)
            if not query:
                raise GdvizError(
                    f"{quote(written)} has no quantity; write the name of a figure and {EXAMPLE}"
                )
            name = nodes.fully_normalize_name(figure)
            quotation = ValueQuotation(name, read_query(query), written)
        except GdvizError as error:
            source, line = self.get_source_info()
            place = f"{source}:{line_of(str(source), line or 1, self.text)}"
            warn("quote", f"{self.name}: {error}", place)
            return [mistake_node()], []
        node = nodes.inline(self.rawtext, placeholder(written))
        node[QUOTATION] = quotation
        self.set_source_info(node)
        return [node], []

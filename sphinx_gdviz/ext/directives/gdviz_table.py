"""Tables of a figure: its runs side by side, or the first steps of one of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx import addnodes

from ...core.report.query import Query
from ...core.report.quote_options import read_runs_options
from ...core.report.tables import Cells, runs_table
from ..quotes.quotation import QUOTATION, Quotation, mistake_node, rich_text_nodes
from .common import BODY, GdvizDirective, read_align, read_size

if TYPE_CHECKING:
    from ...core.result import Result


@dataclass(frozen=True)
class TableQuotation(Quotation):
    """A row for each run of a figure.

    Attributes
    ----------
    columns : tuple of Query
        The quantities of each run.
    sort : Query or None
        The quantity to sort by; None for the order of the figure.
    is_falling : bool
        Whether the largest comes first.
    titles : tuple of str
        The titles of the columns; empty ones, or none at all, are the names of the quantities.
    """

    columns: tuple[Query, ...]
    sort: Query | None = None
    is_falling: bool = False
    titles: tuple[str, ...] = ()

    @property
    def author(self) -> str:
        return "gdviz-table"

    def look_up(self, result: Result) -> Cells:
        return runs_table(result, self.columns, self.sort, self.is_falling, self.titles)

    def show(self, node: nodes.Element, found: Cells | None, *, as_text: bool) -> None:
        show_cells(node, found, as_text=as_text)


def show_cells(table: nodes.Element, cells: Cells | None, *, as_text: bool) -> None:
    """Fill a table that has nothing but a title."""
    if cells is None:
        table += _group([[_entry([mistake_node()], False)]], [], 1)
        return
    count = len(cells.headings)
    head, *body = (
        [
            _entry(rich_text_nodes(said, as_text=as_text), is_number)
            for said, is_number in zip(row, cells.are_numbers, strict=True)
        ]
        for row in (cells.headings, *cells.rows)
    )
    table += _group(body, head, count)
    for column, spec in enumerate(table.findall(nodes.colspec)):  # plain text is set so wide
        texts = [row[column].astext() for row in (head, *body)]
        spec["colwidth"] = max(len(word) for text in texts for word in (text, "–"))
    columns = "".join("R" if is_number else "L" for is_number in cells.are_numbers)
    specification = addnodes.tabular_col_spec(spec=f"{{{columns}}}")
    table.replace_self([specification, table])


def _entry(inside: list[nodes.Node], is_number: bool) -> nodes.entry:
    entry = nodes.entry("", nodes.paragraph("", "", *inside))
    if is_number:
        entry["classes"].append("gdviz-number")
    return entry


def _group(body: list[list[nodes.entry]], head: list[nodes.entry], count: int) -> nodes.tgroup:
    group = nodes.tgroup("", *(nodes.colspec(colwidth=1) for _ in range(count)), cols=count)
    if head:
        group += nodes.thead("", nodes.row("", *head))
    group += nodes.tbody("", *(nodes.row("", *row) for row in body))
    return group


class TableDirective(GdvizDirective):
    """The base of directives that make a table."""

    required_arguments = 1
    final_argument_whitespace = True
    standard: tuple[str, ...] = ("name", "class", "align", "width")

    def make_table(self, quotation: Quotation | None) -> list[nodes.Node]:
        """A table with a title, to be filled once the quotation has been looked up."""
        table = nodes.table(classes=["colwidths-auto"])
        self.set_source_info(table)
        body = self.parse_content_to_nodes()
        if body and isinstance(body[0], nodes.paragraph):
            title = nodes.title(body[0].rawsource, "", *body[0].children)
            title.source, title.line = body[0].source, body[0].line
            table += title
            body = body[1:]
        if body:
            self.refuse("the body is the caption: one paragraph", BODY)
        if classes := self.options.get("class"):
            table["classes"] += self.read_standard("class", directives.class_option, classes) or []
        for option, read in (("align", read_align), ("width", read_size)):
            if option in self.options and (
                value := self.read_standard(option, read, self.options[option])
            ):
                table[option] = value
        self.add_name(table)
        self.tell()
        if self.is_refused or quotation is None:
            show_cells(table, None, as_text=False)
        else:
            table[QUOTATION] = quotation
        return [table]


class GdvizTable(TableDirective):
    """``gdviz-table``: the runs of a figure, a row for each."""

    def run(self) -> list[nodes.Node]:
        self.check_names(self.options, ("columns", "sort", "titles", *self.standard))
        asked = read_runs_options(self.options, self.mistakes)
        is_clear = asked.columns and not self.is_refused
        quotation = TableQuotation(self.read_name(), *asked) if is_clear else None
        return self.make_table(quotation)

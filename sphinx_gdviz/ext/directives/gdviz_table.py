"""Tables of a figure: its runs side by side, or the first steps of one of them."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx import addnodes

from ...core.report.numbers import Numeral, RichText, plain_text
from ...core.report.query import Query, Selection, read_query
from ...messages import GdvizError, collect_mistakes, quote
from ..quotes.quotation import QUOTATION, Quotation, mistake_node, rich_text_nodes
from .common import BODY, GdvizDirective, read_align, read_size

if TYPE_CHECKING:
    from ...core.result import Result

DEFAULT_COLUMNS = "setting, verdict, step, loss, gradient-norm"
"""The columns of a table that asks for none."""
NOTHING: RichText = ("–",)
"""In a cell of a run that has nothing of the kind."""


class Cells(NamedTuple):
    """The contents of a table."""

    headings: tuple[RichText, ...]
    rows: tuple[tuple[RichText, ...], ...]
    are_numbers: tuple[bool, ...]


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
        from ...core.report.quantities import heading

        if not result.runs:
            raise GdvizError("there is no run to list: the figure has 0 steps")
        runs = [Selection(run=number) for number in range(1, len(result.all_runs) + 1)]
        if self.sort:
            by = self.sort
            keys = {run: _sort_key(result, by._replace(which=run)) for run in runs}
            known = [run for run in runs if keys[run] is not None]
            known.sort(key=lambda run: keys[run], reverse=self.is_falling)
            runs = known + [run for run in runs if keys[run] is None]
        rows = tuple(
            tuple(_cell(result, column._replace(which=run)) for column in self.columns)
            for run in runs
        )
        titles = self.titles or ("",) * len(self.columns)
        headings = tuple(
            (title,) if title else heading(column, result.experiment.loss)
            for title, column in zip(titles, self.columns, strict=True)
        )
        return Cells(headings, rows, _are_numbers(rows))

    def show(self, node: nodes.Element, found: Cells | None, *, as_text: bool) -> None:
        show_cells(node, found, as_text=as_text)


def _cell(result: Result, query: Query) -> RichText:
    from ...core.report.quantities import evaluate, write

    value = evaluate(result, query)
    return NOTHING if value is None else write(value, query)


def _sort_key(result: Result, query: Query) -> Any:
    """The value to sort a run by; None for a run that has none."""
    from ...core.report.quantities import Phrase, evaluate

    value = evaluate(result, query)
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, Phrase):
        return plain_text(value.parts)
    if not isinstance(value, (int, float, str)):
        raise GdvizError(f"runs can't be sorted by {query.quantity}")
    return value


def _are_numbers(rows: tuple[tuple[RichText, ...], ...]) -> tuple[bool, ...]:
    return tuple(
        all(cell == NOTHING or isinstance(cell[0], Numeral) for cell in column)
        for column in zip(*rows, strict=True)
    )


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
        quotation = None
        columns = self._queries("columns", self.options.get("columns", DEFAULT_COLUMNS))
        sort = self.options.get("sort", "").strip()
        by = self._queries("sort", sort.removeprefix("-")) if sort else ()
        if len(by) > 1:
            self.refuse(f"{quote(sort)} is more than one thing; write one", "sort")
        titles = self._titles(len(columns))
        if columns and not self.is_refused:
            quotation = TableQuotation(
                self.read_name(), columns, by[0] if by else None, sort.startswith("-"), titles
            )
        return self.make_table(quotation)

    def _queries(self, option: str, text: str) -> tuple[Query, ...]:
        queries: list[Query] = []
        mistakes: list[GdvizError] = []
        for part in re.split(r",\s*(?![^()]*\))", text.strip()):
            with collect_mistakes(mistakes, option):
                query = read_query(part)
                if query.which != Selection():
                    raise GdvizError(f"{quote(part)}: a row is a run already; leave out which")
                queries.append(query)
        self.mistakes.extend({str(mistake): mistake for mistake in mistakes}.values())  # each once
        return tuple(queries)

    def _titles(self, count: int) -> tuple[str, ...]:
        if "titles" not in self.options:
            return ()
        titles = tuple(" ".join(part.split()) for part in self.options["titles"].split(";"))
        if len(titles) != count:
            many = f"{len(titles)} title{'s' * (len(titles) != 1)}"
            said = f"{many} for {count} columns; write one for each, separated by ;"
            self.refuse(said, "titles")
        return titles

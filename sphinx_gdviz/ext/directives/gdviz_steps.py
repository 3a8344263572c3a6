"""Worked steps of a run, and the rule that they follow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.directives.patches import MathDirective

from ...core.report.query import Selection
from ...core.report.quote_options import KINDS, SELECTORS, read_selection, read_steps_options
from ...core.report.tables import Cells, steps_table, updates_of
from ...messages import did_you_mean, quote
from ..config import Settings
from ..domain import READ, GdvizDomain
from ..quotes.quotation import QUOTATION, Quotation, mistake_node
from .common import BODY, AnyOption, GdvizDirective
from .gdviz_table import TableDirective, show_cells

if TYPE_CHECKING:
    from ...core.result import Result

NO_RULE = ""
"""In place of a rule: the name is that of a figure."""


@dataclass(frozen=True)
class FormulaQuotation(Quotation):
    """A quotation that is shown as a display of mathematics."""

    which: Selection

    def show(self, node: nodes.Element, found: str | None, *, as_text: bool) -> None:
        if found is None:
            node.replace_self(nodes.paragraph("", "", mistake_node()))
        else:
            node.rawsource, node.children = found, []
            node += nodes.Text(found)


@dataclass(frozen=True)
class DerivationQuotation(FormulaQuotation):
    """Some steps of a run, with their numbers put into the rule.

    Attributes
    ----------
    steps : tuple of int
        From which update to which, counted from 1.
    form : str
        The format of numbers.
    """

    steps: tuple[int, int]
    form: str

    @property
    def author(self) -> str:
        return "gdviz-steps"

    def look_up(self, result: Result) -> str:
        from ...core.report.worked_steps import aligned, derivation

        run = self.which.only(result)
        return aligned(derivation(run, *updates_of(run, self.steps), self.form))


@dataclass(frozen=True)
class StepsQuotation(Quotation):
    """Some steps of a run as a table."""

    which: Selection
    steps: tuple[int, int]
    form: str

    @property
    def author(self) -> str:
        return "gdviz-steps"

    def look_up(self, result: Result) -> Cells:
        return steps_table(result, self.which, self.steps, self.form)

    def show(self, node: nodes.Element, found: Cells | None, *, as_text: bool) -> None:
        show_cells(node, found, as_text=as_text)


@dataclass(frozen=True)
class RuleQuotation(FormulaQuotation):
    """The rule of a run with its settings."""

    @property
    def author(self) -> str:
        return "gdviz-rule"

    def look_up(self, result: Result) -> str:
        from ...core.report.worked_steps import rule_of

        return rule_of(self.which, result)


class FormulaDirective(MathDirective, GdvizDirective):
    """The base of directives that make a display, which is Sphinx's own, numbers and all."""

    required_arguments = 1
    optional_arguments = 0
    final_argument_whitespace = True
    has_content = True
    option_spec = AnyOption()
    standard: tuple[str, ...] = ("label", "class")

    def make_formula(self, tex: str | None, quotation: Quotation | None) -> list[nodes.Node]:
        """Make a display of a formula, or of a quotation that is to be looked up.

        Where there are mistakes, they are told, and a paragraph stands in its place.
        """
        standard = FormulaDirective.standard  # steps may be a table, too, which has others
        self.options = {name: text for name, text in self.options.items() if name in standard}
        classes = self.options.pop("class", "")
        if classes and (read := self.read_standard("class", directives.class_option, classes)):
            self.options["class"] = read
        self.tell()
        if self.is_refused:
            return [nodes.paragraph("", "", mistake_node())]
        self.arguments = [tex or "?"]
        self.content = self.content[:0]
        found = MathDirective.run(self)
        if quotation is not None:
            for node in found:
                if isinstance(node, nodes.math_block):
                    node[QUOTATION] = quotation
        return found


class GdvizSteps(TableDirective, FormulaDirective):
    """``gdviz-steps``: the first steps of a run, worked out."""

    def run(self) -> list[nodes.Node]:
        kind = " ".join(self.options.get("as", "derivation").split())
        standard = (TableDirective if kind == "table" else FormulaDirective).standard
        self.check_names(self.options, (*SELECTORS, "steps", "format", "as", *standard))
        if kind not in KINDS:
            near = did_you_mean(kind, KINDS) or ";"
            said = f"{quote(kind)} is no way to show steps{near} write derivation or table"
            self.refuse(said, "as")
        which, steps, form = read_steps_options(self.options, self.mistakes)
        if kind == "table":
            return self.make_table(StepsQuotation(self.read_name(), which, steps, form))
        if self.content:
            self.refuse("a derivation has no body; a caption belongs to “:as: table”", BODY)
        return self.make_formula(None, DerivationQuotation(self.read_name(), which, steps, form))


class GdvizRule(FormulaDirective):
    """``gdviz-rule``: the update rule of an optimizer, or of a run with its settings."""

    def run(self) -> list[nodes.Node]:
        self.check_names(self.options, (*SELECTORS, *self.standard))
        which = read_selection(self.options, self.mistakes)
        if self.content:
            self.refuse("a rule has no body; write text around it", BODY)
        asked = self.arguments[0], Settings.of(self.config).fingerprint
        tex = GdvizDomain.of(self.env).earlier.get(asked)
        if tex is None:
            with self.collect():
                tex = self._typeset(asked[0])
        for option in SELECTORS if tex != NO_RULE else ():
            if option in self.options:
                self.refuse("this is for the runs of a figure; leave it out", option)
        if tex == NO_RULE:
            shown = self.make_formula(None, RuleQuotation(self.read_name(), which))
        else:
            shown = self.make_formula(tex, None)
        for node in shown:
            if isinstance(node, nodes.Element):
                node[READ] = asked, tex
        return shown

    def _typeset(self, text: str) -> str:
        """A rule with the settings that are written with it; `NO_RULE` for another name."""
        from ...core.methods.optimizer import find_optimizer
        from ...core.report.worked_steps import rule_formula

        rules = Settings.of(self.config).book.rules
        if text.partition("(")[0].strip() not in rules:
            return NO_RULE
        optimizer = find_optimizer(text, rules)
        return rule_formula(optimizer.rule, dict(optimizer.settings), optimizer.lr)

"""Worked steps of a run, and the rule that they follow."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.directives.patches import MathDirective

from ...core.report.numbers import RichText, Tex, check_format, rounded
from ...core.report.query import Query, Selection, read_query
from ...messages import GdvizError, did_you_mean, quote
from ..config import Settings
from ..domain import READ, GdvizDomain
from ..quotes.quotation import QUOTATION, Quotation, mistake_node
from .common import BODY, AnyOption, GdvizDirective
from .gdviz_table import Cells, TableDirective, show_cells

if TYPE_CHECKING:
    from ...core.methods.rule import Rule
    from ...core.result import Result

DEFAULT_STEPS = (1, 3)
MAX_STEPS = 100
SELECTORS = ("run", "lr", "optimizer", "start")
"""Options that select a run."""
KINDS = ("derivation", "table")
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
        from ...core.report.worked_steps import derivation

        run = self.which.only(result)
        first, last = _within(self.steps, run.trajectory.steps)
        return aligned(derivation(run, first, last, self.form))


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
        from ...core.report.quantities import answer

        run = self.which.only(result)
        first, last = _within(self.steps, run.trajectory.steps)
        rows = tuple(
            (
                (rounded(step),),
                *(
                    answer(result, Query(quantity, self.form, self.which, (step, step)))
                    for quantity in ("point", "loss", "gradient")
                ),
            )
            for step in range(first - 1, last + 1)
        )
        headings: tuple[RichText, ...] = (
            (Tex("t", "t"),),
            (Tex(r"\theta_t", "θ"),),
            (Tex(r"L(\theta_t)", "L(θ)"),),
            (Tex(r"\nabla L(\theta_t)", "∇L(θ)"),),
        )
        return Cells(headings, rows, (True, False, True, False))

    def show(self, node: nodes.Element, found: Cells | None, *, as_text: bool) -> None:
        show_cells(node, found, as_text=as_text)


def _within(steps: tuple[int, int], last: int) -> tuple[int, int]:
    if steps[1] > last:
        raise GdvizError(f"there is no step {steps[1]}; the run has the steps 1 to {last}")
    return steps


@dataclass(frozen=True)
class RuleQuotation(FormulaQuotation):
    """The rule of a run with its settings."""

    @property
    def author(self) -> str:
        return "gdviz-rule"

    def look_up(self, result: Result) -> str:
        runs = self.which.among(result)
        methods = {run.method for run in runs}
        run = runs[0] if len({m.optimizer for m in methods}) == 1 else self.which.only(result)
        is_one = len({m.lr for m in methods}) == 1 and run.method.schedule.is_constant
        lr = run.lr if is_one else None
        return rule_formula(run.method.optimizer.rule, run.method.optimizer.values, lr)


def rule_formula(
    rule: Rule, settings: Mapping[str, float] | None = None, lr: float | None = None
) -> str:
    """A rule as a display."""
    from ...core.report.worked_steps import rule_lines

    lines = rule_lines(rule, settings, lr)
    if len(lines) == 1:
        return rf"{lines[0][0]} \leftarrow {lines[0][1]}"
    return aligned(" \\\\\n".join(rf"{name} &\leftarrow {text}" for name, text in lines))


def aligned(rows: str) -> str:
    """Rows as one formula, for renderers that take no rows where a formula stands."""
    return f"\\begin{{aligned}}\n{rows}\n\\end{{aligned}}"


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

    def read_selection(self) -> Selection:
        """The run that the options select."""
        which = Selection()
        for name in SELECTORS:
            if name in self.options:
                with self.collect(name):
                    found = read_query(f"loss {name}={self.options[name].strip()}").which
                    which = which._replace(**{name: getattr(found, name)})
        return which


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
        which, steps, form = self.read_selection(), self._steps(), self._format()
        if kind == "table":
            return self.make_table(StepsQuotation(self.read_name(), which, steps, form))
        if self.content:
            self.refuse("a derivation has no body; a caption belongs to “:as: table”", BODY)
        return self.make_formula(None, DerivationQuotation(self.read_name(), which, steps, form))

    def _steps(self) -> tuple[int, int]:
        if "steps" not in self.options:
            return DEFAULT_STEPS
        text = self.options["steps"].strip()
        match = re.fullmatch(r"(?:([1-9][0-9]{0,6})\.\.)?([1-9][0-9]{0,6})", text)
        if not match or not 0 <= int(match[2]) - int(match[1] or 1) < MAX_STEPS:
            said = f"{quote(text)}: write how many, such as 3, or which, such as 4..6"
            self.refuse(f"{said}; {MAX_STEPS} at most", "steps")
            return DEFAULT_STEPS
        return int(match[1] or 1), int(match[2])

    def _format(self) -> str:
        text = self.options.get("format", "").strip()
        with self.collect("format"):
            return check_format(text) if text else ""
        return ""


class GdvizRule(FormulaDirective):
    """``gdviz-rule``: the update rule of an optimizer, or of a run with its settings."""

    def run(self) -> list[nodes.Node]:
        self.check_names(self.options, (*SELECTORS, *self.standard))
        which = self.read_selection()
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

        rules = Settings.of(self.config).book.rules
        if text.partition("(")[0].strip() not in rules:
            return NO_RULE
        optimizer = find_optimizer(text, rules)
        return rule_formula(optimizer.rule, dict(optimizer.settings), optimizer.lr)

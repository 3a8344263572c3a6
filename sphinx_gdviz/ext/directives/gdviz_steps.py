"""Worked steps of a run, and the rule that they follow."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.directives.patches import MathDirective

from ...core.methods.optimizer import find_optimizer
from ...core.methods.rule import Rule
from ...core.report.numbers import check_format, measured
from ...core.report.quantities import Said, Tex, answer
from ...core.report.query import Question, Selection, read_question
from ...core.report.worked_steps import derivation, rule_lines, updates_of
from ...core.result import Result
from ...messages import GdvizError, collect_mistakes, did_you_mean, quote
from ..config import Settings
from ..quotes.quotation import QUOTATION, Quotation
from ..quotes.rich_text import mistake_node
from .common import AnyOption, GdvizDirective
from .gdviz_table import Cells, TableDirective, show_cells

if TYPE_CHECKING:
    pass

USUAL_STEPS = (1, 3)
MOST_STEPS = 100
KINDS = ("derivation", "table")


@dataclass(frozen=True)
class FormulaQuotation(Quotation):
    """Something that is shown as a display of mathematics."""

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
        How numbers are written.
    """

    steps: tuple[int, int]
    form: str

    @property
    def author(self) -> str:
        return "gdviz-steps"

    def look_up(self, result: Result) -> str:
        run = self.which.only(result)
        first, last = _within(self.steps, run.trajectory.steps)
        return derivation(run, updates_of(run, last)[first - 1 :], self.form)


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
        run = self.which.only(result)
        first, last = _within(self.steps, run.trajectory.steps)
        rows = tuple(
            (
                (measured(step),),
                *(
                    answer(result, Question(quantity, self.form, self.which, (step, step)))
                    for quantity in ("point", "loss", "gradient")
                ),
            )
            for step in range(first - 1, last + 1)
        )
        headings: tuple[Said, ...] = (
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
        return rule_rows(run.method.optimizer.rule, run.method.optimizer.values, lr)


def rule_rows(
    rule: Rule, settings: Mapping[str, float] | None = None, lr: float | None = None
) -> str:
    """A rule as the rows of a display."""
    lines = rule_lines(rule, settings, lr)
    if len(lines) == 1:
        return rf"{lines[0][0]} \leftarrow {lines[0][1]}"
    return " \\\\\n".join(rf"{name} &\leftarrow {text}" for name, text in lines)


class FormulaDirective(MathDirective, GdvizDirective):
    """What directives that make a display have in common: it is Sphinx's own, numbers and all."""

    required_arguments = 1
    optional_arguments = 0
    final_argument_whitespace = True
    has_content = True
    option_spec = AnyOption()
    usual = ("label", "class")
    """Options that mean what they mean for Sphinx's own display."""

    def make_formula(self, tex: str | None, quotation: Quotation | None) -> list[nodes.Node]:
        """A display that is there already, or is to be filled, or has no place for mistakes."""
        self.arguments, self.options = (
            [tex or "?"],
            {name: text for name, text in self.options.items() if name in self.usual},
        )
        if "class" in self.options:
            self.options["class"] = self.options["class"].split()
        self.content = self.content[:0]
        found = MathDirective.run(self)
        if quotation is not None:
            for node in found:
                if isinstance(node, nodes.math_block):
                    node[QUOTATION] = quotation
        return found

    def mistaken(self, mistakes: list[GdvizError]) -> list[nodes.Node]:
        """Tell of mistakes; what stands in place of the display."""
        self.tell(mistakes)
        return [nodes.paragraph("", "", mistake_node())]


SELECTORS = ("run", "lr", "optimizer", "start")


def read_selection(options: Mapping[str, str], mistakes: list[GdvizError]) -> Selection:
    """Which run the options of a directive mean."""
    which = Selection()
    for name in SELECTORS:
        if name in options:
            with collect_mistakes(mistakes, name):
                found = read_question(f"loss {name}={options[name].strip()}").which
                which = Selection(**{**vars(which), name: getattr(found, name)})
    return which


class GdvizSteps(TableDirective, FormulaDirective):
    """``gdviz-steps``: the first steps of a run, worked out."""

    def run(self) -> list[nodes.Node]:
        kind = " ".join(self.options.get("as", "derivation").split())
        standard = TableDirective.standard if kind == "table" else FormulaDirective.usual
        known = (*SELECTORS, "steps", "format", "as", *standard)
        mistakes = self.unknown(self.options, known)
        if kind not in KINDS:
            near = did_you_mean(kind, KINDS) or ";"
            said = f"{quote(kind)} is no way to show steps{near} write derivation or table"
            mistakes.append(GdvizError(said, "as"))
        which = read_selection(self.options, mistakes)
        steps = self._steps(mistakes)
        form = self._format(mistakes)
        if kind == "table":
            return self.make_table(StepsQuotation(self.figure, which, steps, form), mistakes)
        if self.content:
            said = "a derivation has no body; a caption belongs to “:as: table”"
            mistakes.append(GdvizError(said))
        if mistakes:
            return self.mistaken(mistakes)
        return self.make_formula(None, DerivationQuotation(self.figure, which, steps, form))

    def _steps(self, mistakes: list[GdvizError]) -> tuple[int, int]:
        text = self.options.get("steps", "").strip()
        if "steps" not in self.options:
            return USUAL_STEPS
        match = re.fullmatch(r"(?:([1-9][0-9]{0,6})\.\.)?([1-9][0-9]{0,6})", text)
        if not match or not 0 <= int(match[2]) - int(match[1] or 1) < MOST_STEPS:
            said = f"{quote(text)}: write how many, such as 3, or which, such as 4..6"
            mistakes.append(GdvizError(f"{said}; {MOST_STEPS} at most", "steps"))
            return USUAL_STEPS
        return int(match[1] or 1), int(match[2])

    def _format(self, mistakes: list[GdvizError]) -> str:
        text = self.options.get("format", "").strip()
        with collect_mistakes(mistakes, "format"):
            return check_format(text) if text else ""
        return ""


class GdvizRule(FormulaDirective):
    """``gdviz-rule``: the update rule of an optimizer, or of a run with its settings."""

    def run(self) -> list[nodes.Node]:
        settings = Settings.of(self.config)
        rules = settings.book.rules
        mistakes = self.unknown(self.options, (*SELECTORS, *self.usual))
        which = read_selection(self.options, mistakes)
        if self.content:
            mistakes.append(GdvizError("a rule has no body; write text around it"))
        name, _, _ = self.arguments[0].partition("(")
        if name.strip() in rules:
            mistakes += [
                GdvizError("this is for the runs of a figure; leave it out", option)
                for option in SELECTORS
                if option in self.options
            ]
            with collect_mistakes(mistakes):
                optimizer = find_optimizer(self.arguments[0], rules)
                tex = rule_rows(optimizer.rule, dict(optimizer.settings), optimizer.lr)
                shown = self.mistaken(mistakes) if mistakes else self.make_formula(tex, None)
                for node in shown:
                    if isinstance(node, nodes.Element):  # it is read again with another rule
                        node["rule-fingerprint"] = settings.fingerprint
                return shown
        if mistakes:
            return self.mistaken(mistakes)
        figure = nodes.fully_normalize_name(self.arguments[0])
        return self.make_formula(None, RuleQuotation(figure, which))

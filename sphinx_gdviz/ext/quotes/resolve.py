"""Answers: quotations are looked up once all pages are read, and shown wherever they stand."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from ...core.report.numbers import plain_text
from ...messages import GdvizError, did_you_mean, quote, some_of
from ..domain import Figure, GdvizDomain
from ..experiments import result_of
from ..log import line_of, warn
from .quotation import QUOTATION, Answer, Quotation, Quoted
from .value import ValueQuotation, placeholder

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

_PLACEHOLDER = re.compile(placeholder("([^\u2063]*)"))


def look_up(app: Sphinx, env: BuildEnvironment) -> None:
    """Look up all quotations."""
    domain = GdvizDomain.of(env)
    figures = _by_name(domain)
    before = dict(domain.answers)
    domain.answers.clear()
    for _, quoted in sorted(domain.quotations.items()):
        for quotation, _, _ in quoted:
            if quotation not in domain.answers:
                found = _answer(env, quotation, figures, before.get(quotation))
                domain.answers[quotation] = found
    _tell_mistakes(domain, before)


def _by_name(domain: GdvizDomain) -> dict[str, Figure]:
    """The figures and experiments of the book by name; the first of a name counts."""
    figures: dict[str, Figure] = {}
    for figure in domain:
        for name in dict.fromkeys((*figure.names, *(n.replace(" ", "-") for n in figure.names))):
            other = figures.setdefault(name, figure)
            if other is not figure and {figure.docname, other.docname} & domain.fresh:
                if figure.is_shown and other.is_shown:
                    continue  # Sphinx tells of labels that stand twice
                said = f"the name {quote(name)} is used twice; the other is in “{other.docname}”"
                warn("content", f"gdviz-experiment: {said}", figure.location)
    return figures


def _answer(
    env: BuildEnvironment,
    quotation: Quotation,
    figures: dict[str, Figure],
    before: Answer | None,
) -> Answer:
    figure = figures.get(quotation.figure)
    if figure is None:
        near = did_you_mean(quotation.figure, figures) or ";"
        few = some_of(figures, quotation.figure)
        there = f"there are {few}" if figures else "the book has none"
        said = f"there is no figure or experiment {quote(quotation.figure)}{near} {there}"
        return Answer("", mistake=said)
    if not figure.key:
        return Answer("")
    if before and before.key == figure.key:
        return before
    try:
        result = result_of(env, figure)
    except (OSError, GdvizError) as error:  # the next build may find the disk in order
        return Answer("", mistake=" ".join(str(error).split()))
    try:
        found = quotation.look_up(result)
    except ValueError as error:
        return Answer(figure.key, mistake=" ".join(str(error).split()))
    return Answer(figure.key, found)


def _tell_mistakes(domain: GdvizDomain, before: Mapping[Quotation, Answer]) -> None:
    """Tell of each mistake once on each page that was read, or where it is new."""
    for docname, quoted in sorted(domain.quotations.items()):
        places: dict[tuple[str, str], list[Quoted]] = defaultdict(list)
        for item in quoted:
            answer = domain.answers[item.quotation]
            mistake, is_new = answer.mistake, answer != before.get(item.quotation)
            if mistake and (docname in domain.fresh or is_new):
                places[f"{item.quotation.author}: {mistake}", item.source].append(item)
        for (message, source), items in places.items():
            lines = {line_of(source, item.line, item.quotation.clue) for item in items}
            first, *others = sorted(lines)
            also = f" (also in line {', '.join(map(str, others))})" if others else ""
            warn("quote", message + also, f"{source}:{first}")


def with_values(text: str, domain: GdvizDomain) -> str:
    """A text of which Sphinx has kept no nodes, with values in place of their placeholders."""

    def value(match: re.Match[str]) -> str:
        found = by_text.get(match[1])
        return plain_text(found) if found else "?"

    if not _PLACEHOLDER.search(text):
        return text
    by_text = {
        quotation.written: answer.found
        for quotation, answer in domain.answers.items()
        if isinstance(quotation, ValueQuotation)
    }
    return _PLACEHOLDER.sub(value, text)


class Quotations(SphinxPostTransform):
    """Shows what was found for each quotation, also in references by a caption."""

    default_priority = 20  # after references have been resolved

    def run(self, **kwargs: object) -> None:
        domain = GdvizDomain.of(self.env)
        for node in list(self.document.findall(nodes.Element)):
            if QUOTATION in node:
                quotation: Quotation = node.attributes.pop(QUOTATION)
                found = domain.answers.get(quotation, Answer("")).found
                quotation.show(node, found, as_text=domain.is_text)
        for text in list(self.document.findall(nodes.Text)):
            if _PLACEHOLDER.search(text) and text.parent is not None:
                text.parent.replace(text, nodes.Text(with_values(text, domain)))

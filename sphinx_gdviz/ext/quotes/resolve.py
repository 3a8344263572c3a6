"""Answers: quotations are looked up once all pages are read, and shown wherever they stand."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from ...messages import did_you_mean, quote
from ..builders.online_links import template_for
from ..cache import Store
from ..domain import Figure, GdvizDomain
from ..log import line_of, warn
from ..written_pages import Record
from .quotation import QUOTATION, Answer, Quotation, Quoted
from .titles import fill_titles, name_labels, with_values

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment


def look_up(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Look up all quotations; returns the documents that said something else when last written."""
    domain, store = GdvizDomain.of(env), Store.of(env)
    figures = _by_name(domain)
    before, answers = domain.answers, {}
    for item in domain.all_quoted():
        quotation = item.quotation
        if quotation not in answers:
            answers[quotation] = _answer(quotation, figures, store, before.get(quotation))
    domain.data["answers"] = answers
    _tell_mistakes(domain, before)
    name_labels(domain, env)
    fill_titles(domain, env)
    domain.digests = now = _digests(domain, template_for(app))
    written = Record.of(app).pages
    concerned = (now.keys() | written.keys()) & env.found_docs
    return sorted(name for name in concerned if written.get(name) != now.get(name))


def _digests(domain: GdvizDomain, online: str) -> dict[str, str]:
    """What tells the present state of each page that quotes something from any other.

    A page with links to its figures on the web quotes where these are.
    """
    # All pages have the table of contents.
    titles = [domain.answers[item.quotation].found for item in domain.all_quoted() if item.in_title]
    labels: dict[str, str] = domain.data["labels"]
    digests = {}
    linking = {figure.docname for figure in domain if figure.is_live} if online else set()
    quoting = domain.quotations.keys() | domain.quotes.keys() | linking
    for docname in domain.env.found_docs if titles else quoting:
        quoted = domain.quotations.get(docname, ())
        found = [(item.quotation, domain.answers[item.quotation].found) for item in quoted]
        names = [
            with_values(labels[label], domain)
            for label in domain.quotes.get(docname, ())
            if label in labels
        ]
        linked = online if docname in linking else ""
        if found or names or titles or linked:
            state = repr((titles, found, names, linked))
            digests[docname] = hashlib.sha256(state.encode()).hexdigest()[:16]
    return digests


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
    quotation: Quotation, figures: dict[str, Figure], store: Store, before: Answer | None
) -> Answer:
    figure = figures.get(quotation.figure)
    if figure is None:
        near = did_you_mean(quotation.figure, figures)
        there = f"there are {', '.join(sorted(figures))}" if figures else "the book has none"
        said = f"there is no figure or experiment {quote(quotation.figure)}{near or ';'} {there}"
        return Answer("", mistake=said)
    if figure.experiment is None:
        return Answer("")
    if before and before.key == figure.experiment.key:
        return before
    try:
        found = quotation.look_up(store.result(figure.experiment))
    except OSError as error:  # the next build may find the disk in order
        return Answer("", mistake=" ".join(str(error).split()))
    except ValueError as error:
        return Answer(figure.experiment.key, mistake=" ".join(str(error).split()))
    return Answer(figure.experiment.key, found)


def _tell_mistakes(domain: GdvizDomain, before: Mapping[Quotation, Answer]) -> None:
    """Tell of each mistake once on each page that was read, or where it is new."""
    for docname, quoted in sorted(domain.quotations.items()):
        places: dict[str, list[Quoted]] = defaultdict(list)
        for item in quoted:
            answer = domain.answers[item.quotation]
            mistake, is_new = answer.mistake, answer != before.get(item.quotation)
            if mistake and (docname in domain.fresh or is_new):
                places[f"{item.quotation.author}: {mistake}"].append(item)
        for message, items in places.items():
            lines = {line_of(item.source, item.line, item.quotation.clue) for item in items}
            first, *others = sorted(lines)
            also = f" (also in line {', '.join(map(str, others))})" if others else ""
            warn("quote", message + also, f"{items[0].source}:{first}")


def _show(domain: GdvizDomain, node: nodes.Element, *, as_text: bool = False) -> None:
    quotation: Quotation = node.attributes.pop(QUOTATION)
    found = domain.answers.get(quotation, Answer("")).found
    quotation.show(node, found, as_text=as_text)


def _quoting(document: nodes.document) -> Iterator[nodes.Element]:
    for node in list(document.findall(nodes.Element)):
        if QUOTATION in node:
            yield node


class QuotationsInText(SphinxPostTransform):
    """Shows quotations in builders of plain text."""

    default_priority = 2
    formats = ("text", "man")

    def run(self, **kwargs: object) -> None:
        for node in _quoting(self.document):
            _show(GdvizDomain.of(self.env), node, as_text=True)


class Quotations(SphinxPostTransform):
    """Shows quotations in all other builders."""

    default_priority = 3

    def run(self, **kwargs: object) -> None:
        for node in _quoting(self.document):
            _show(GdvizDomain.of(self.env), node)
        for note in list(self.document.findall(nodes.comment)):
            if "fingerprint" in note:
                note.parent.remove(note)

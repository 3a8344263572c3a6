"""Answers: quotations are looked up once all pages are read, and shown wherever they stand."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from ..core.quantities import plain
from ..core.text import nearest, quote
from .messages import line_of, warn
from .quotation import QUOTATION, Answer, Quotation, Quoted
from .registry import Figure, GdvizDomain
from .store import Store
from .value import ValueQuotation, stand_in

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment


def look_up(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Look up all quotations; returns the documents in which one says something else now.

    What each builder has shown is remembered: another one may have met a change before it.
    """
    domain, store = GdvizDomain.of(env), Store.of(env)
    figures = _by_name(domain)
    before, answers = domain.answers, {}
    for item in domain.all_quoted():
        quotation = item.quotation
        if quotation not in answers:
            answers[quotation] = _answer(quotation, figures, store, before.get(quotation))
    domain.data["answers"] = answers
    _tell_mistakes(domain, before)
    documents = _name_labels(domain, env)
    _fill_titles(domain, env)

    shown: dict[Quotation, Answer] = domain.data["shown"].get(app.builder.name, {})
    domain.data["shown"][app.builder.name] = answers
    changed = {q for q, answer in answers.items() if answer.found != shown.get(q, _NEVER).found}
    if any(
        item.in_title and item.quotation in changed & set(shown) for item in domain.all_quoted()
    ):
        return sorted(env.found_docs)  # all pages have the table of contents
    for docname, quoted in domain.quotations.items():
        if any(item.quotation in changed for item in quoted):
            documents.add(docname)
    return sorted(documents)


_NEVER = Answer("", found="never shown")


def _by_name(domain: GdvizDomain) -> dict[str, Figure]:
    """The figures and experiments of the book by name; the first of a name counts."""
    figures: dict[str, Figure] = {}
    for figure in domain:
        for name in figure.names:
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
        near = nearest(quotation.figure, figures)
        there = f"there are {', '.join(sorted(figures))}" if figures else "the book has none"
        said = f"there is no figure or experiment {quote(quotation.figure)}{near or ';'} {there}"
        return Answer("", mistake=said)
    if figure.experiment is None:
        return Answer("")
    if before and before.key == figure.experiment.key:
        return before
    try:
        found = quotation.look_up(store.result(figure.experiment), store.rules)
    except (ValueError, OSError) as error:
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
            lines = dict.fromkeys(
                line_of(item.source, item.line, item.quotation.clue) for item in items
            )
            first, *others = lines
            also = f" (also in line {', '.join(map(str, others))})" if others else ""
            warn("quote", message + also, f"{items[0].source}:{first}")


def _fill_titles(domain: GdvizDomain, env: BuildEnvironment) -> None:
    """Put values into the titles and tables of contents that the environment keeps."""
    for docname, quoted in domain.quotations.items():
        if any(item.in_title for item in quoted):
            for tree in (env.titles, env.longtitles, env.tocs):
                if docname in tree:
                    for node in list(tree[docname].findall(nodes.inline)):
                        if QUOTATION in node:
                            _show(domain, node, keep=True)


def _name_labels(domain: GdvizDomain, env: BuildEnvironment) -> set[str]:
    """Put values into the names of labels; returns the documents that refer to a changed one."""
    labels, originals = env.domains.standard_domain.labels, domain.data["labels"]
    originals |= {
        label: name for label, (*_, name) in labels.items() if _STAND_IN.search(str(name))
    }
    changed = set()
    for label, original in list(originals.items()):
        if label not in labels:
            del originals[label]
            continue
        docname, node_id, name = labels[label]
        if not _STAND_IN.search(str(name)) and docname in domain.fresh:
            del originals[label]  # it has another title now
            continue
        written = with_values(original, domain)
        if written != name:
            labels[label] = docname, node_id, written
            changed.add(label)
    return {docname for docname, quotes in domain.quotes.items() if changed & set(quotes)}


_STAND_IN = re.compile(stand_in("([^\ue000\ue001]*)"))


def with_values(text: str, domain: GdvizDomain) -> str:
    """A text with values in place of what stands for them."""
    answers = {
        quotation.written: answer.found
        for quotation, answer in domain.answers.items()
        if isinstance(quotation, ValueQuotation)
    }

    def value(match: re.Match[str]) -> str:
        found = answers.get(match[1])
        return plain(found) if found else "?"

    return _STAND_IN.sub(value, text)


def _show(
    domain: GdvizDomain, node: nodes.Element, *, as_text: bool = False, keep: bool = False
) -> None:
    quotation: Quotation = node[QUOTATION]
    answer = domain.answers.get(quotation, Answer(""))
    target: Any = node
    if keep:  # it is looked up again in the next build
        target = nodes.inline()
        node.children = []
        node += target
    else:
        del node[QUOTATION]
    quotation.show(target, answer.found, as_text=as_text)


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


class QuotationsInReferences(SphinxPostTransform):
    """Shows values in the text of references that carry a title with one."""

    default_priority = 20  # after references have been resolved

    def run(self, **kwargs: object) -> None:
        for text in list(self.document.findall(nodes.Text)):
            if _STAND_IN.search(text) and text.parent is not None:
                shown = with_values(text, GdvizDomain.of(self.env))
                text.parent.replace(text, nodes.Text(shown))


def setup(app: Sphinx) -> None:
    app.connect("env-updated", look_up, priority=400)
    app.add_post_transform(QuotationsInText)
    app.add_post_transform(Quotations)
    app.add_post_transform(QuotationsInReferences)

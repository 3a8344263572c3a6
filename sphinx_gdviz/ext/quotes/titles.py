"""Titles and labels that hold values: the environment keeps them apart from their pages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from ...core.report.quantities import plain
from ..domain import GdvizDomain
from .quotation import QUOTATION, Answer
from .value import ValueQuotation, stand_in

if TYPE_CHECKING:
    from sphinx.environment import BuildEnvironment

_STAND_IN = re.compile(stand_in("([^\ue000\ue001]*)"))


def with_values(text: str, domain: GdvizDomain) -> str:
    """A text with values in place of what stands for them."""
    if not _STAND_IN.search(text):
        return text
    answers = {
        quotation.written: answer.found
        for quotation, answer in domain.answers.items()
        if isinstance(quotation, ValueQuotation)
    }

    def value(match: re.Match[str]) -> str:
        found = answers.get(match[1])
        return plain(found) if found else "?"

    return _STAND_IN.sub(value, text)


def fill_titles(domain: GdvizDomain, env: BuildEnvironment) -> None:
    """Put values into titles and tables of contents, which are kept as they were read besides."""
    originals: dict[str, dict[str, nodes.Element]] = domain.data["titles"]
    trees: dict[str, dict[str, nodes.Element]] = {
        "titles": env.titles,  # type: ignore[dict-item]
        "longtitles": env.longtitles,  # type: ignore[dict-item]
        "tocs": env.tocs,  # type: ignore[dict-item]
    }
    titled = {
        docname
        for docname, quoted in domain.quotations.items()
        if any(item.in_title for item in quoted)
    }
    for docname in originals.keys() - titled:
        del originals[docname]
    for docname in titled:
        if docname in domain.fresh or docname not in originals:
            read = {name: tree[docname] for name, tree in trees.items() if docname in tree}
            if read["longtitles"] is read["titles"]:
                del read["longtitles"]
            originals[docname] = {name: tree.deepcopy() for name, tree in read.items()}
        for name, original in originals[docname].items():
            filled = original.deepcopy()
            for node in list(filled.findall(nodes.inline)):
                if QUOTATION in node:
                    quotation = node.attributes.pop(QUOTATION)
                    found = domain.answers.get(quotation, Answer("")).found
                    quotation.show(node, found, as_text=False)
            trees[name][docname] = filled
        if "longtitles" not in originals[docname]:
            # One node, on which Sphinx notes the number of the section.
            env.longtitles[docname] = env.titles[docname]


def name_labels(domain: GdvizDomain, env: BuildEnvironment) -> None:
    """Put values into the names of labels, which are kept as they were read besides."""
    labels, originals = env.domains.standard_domain.labels, domain.data["labels"]
    originals |= {
        label: name for label, (*_, name) in labels.items() if _STAND_IN.search(str(name))
    }
    for label, original in list(originals.items()):
        docname, node_id, name = labels.get(label, ("", "", ""))
        if not docname or (docname in domain.fresh and not _STAND_IN.search(str(name))):
            del originals[label]  # it is gone, or has another title now
        else:
            labels[label] = docname, node_id, with_values(original, domain)


class QuotationsInReferences(SphinxPostTransform):
    """Shows values in the text of references that carry a title with one."""

    default_priority = 20  # after references have been resolved

    def run(self, **kwargs: object) -> None:
        for text in list(self.document.findall(nodes.Text)):
            if _STAND_IN.search(text) and text.parent is not None:
                shown = with_values(text, GdvizDomain.of(self.env))
                text.parent.replace(text, nodes.Text(shown))

"""Pinned figure numbers: 22.1 in Section 2.3, in every edition.

Sphinx numbers figures by section, and keeps the numbers in ``env.toc_fignumbers``. That table is
not documented, though captions and references of all builders read it; this is the only file that
touches it. Here the figures with a chapter get ``chapter.1``, ``chapter.2``, … in the order of the
book, and the ordinary ones close the gaps that they leave.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from .domain import KEY, Figure, GdvizDomain, Number, standard_domain
from .log import warn

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

Numbers = dict[str, dict[str, dict[str, Number]]]
"""Numbers by document, kind of figure, and id: the shape of ``env.toc_fignumbers``."""


def pin_numbers(numbers: Numbers, chapters: dict[tuple[str, str], Number]) -> Numbers:
    """Sphinx's numbers with those of some figures pinned.

    Parameters
    ----------
    numbers : dict
        Numbers as Sphinx gave them, in the order of the book.
    chapters : dict
        The prefixes of the pinned figures, by document and id.
    """
    pinned: Numbers = {
        docname: {kind: dict(ids) for kind, ids in kinds.items()}
        for docname, kinds in numbers.items()
    }
    count: dict[Number, int] = defaultdict(int)
    series: dict[Number, list[tuple[Number, str, str]]] = defaultdict(list)
    for docname, kinds in numbers.items():
        for figure_id, number in kinds.get("figure", {}).items():
            chapter = chapters.get((docname, figure_id))
            if chapter:
                count[chapter] += 1
                pinned[docname]["figure"][figure_id] = (*chapter, count[chapter])
            else:
                series[number[:-1]].append((number, docname, figure_id))
    for section, figures in series.items():
        for k, (_, docname, figure_id) in enumerate(sorted(figures), start=1):
            pinned[docname]["figure"][figure_id] = (*section, k)
    return pinned


def put_back(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Show Sphinx its own numbers again, or it would rewrite the pages in every build."""
    env.toc_fignumbers = GdvizDomain.of(env).data.get("sphinx_numbers", env.toc_fignumbers)
    return []


def pin(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Pin the numbers after Sphinx has given its own."""
    domain = GdvizDomain.of(env)
    figures = {(figure.docname, figure.figure_id): figure for figure in domain}
    pinned = pin_numbers(
        env.toc_fignumbers,
        {place: figure.chapter for place, figure in figures.items() if figure.chapter},
    )
    domain.data["sphinx_numbers"] = env.toc_fignumbers
    env.toc_fignumbers = dict(pinned)  # Sphinx takes documents out of it as they are read
    _warn_of_clashes(pinned, figures)
    return []


def _places(numbers: Numbers) -> dict[tuple[str, str], tuple[str, Number]]:
    """Kind and number of everything that is numbered, by document and id."""
    return {
        (docname, node_id): (kind, number)
        for docname, kinds in numbers.items()
        for kind, ids in kinds.items()
        for node_id, number in ids.items()
    }


def _warn_of_clashes(numbers: Numbers, figures: dict[tuple[str, str], Figure]) -> None:
    """Tell of pinned numbers that an ordinary figure has too."""
    pinned = {place for place, figure in figures.items() if figure.chapter}
    ordinary = {
        number: docname
        for (docname, node_id), (kind, number) in _places(numbers).items()
        if kind == "figure" and (docname, node_id) not in pinned
    }
    for docname, node_id in sorted(pinned):
        number = numbers.get(docname, {}).get("figure", {}).get(node_id)
        if number in ordinary:
            text = ".".join(map(str, number))
            warn(
                "number",
                f"gdviz-figure: chapter: {text} is also the number of an ordinary figure "
                f"in “{ordinary[number]}”; choose a chapter that the book does not count to",
                figures[docname, node_id].location,
            )


class FigureNumbers(SphinxPostTransform):
    """Writes numbers out that Sphinx leaves to LaTeX, or that builders leave off in captions."""

    default_priority = 300  # after references have been resolved
    formats = ("latex", "text", "man", "markdown", "ipynb")

    def run(self, **kwargs: object) -> None:
        domain = GdvizDomain.of(self.env)
        if not any(figure.is_shown for figure in domain):
            return  # a book without figures is as it is without us
        if domain.builder.format == "latex":
            self._pin_numbers()
        else:
            self._write_numbers()

    def _pin_numbers(self) -> None:
        """Put a pinned number around its figure, where LaTeX takes it from and counts on."""
        pinned = []
        for figure in list(self.document.findall(nodes.figure)):
            number = _number_of(self.env, figure) if "chapter" in figure else None
            if number:
                text = ".".join(map(str, number))
                pinned.append(text)
                before = (
                    rf"\gdef\gdviznumber{{{text}}}\setcounter{{gdvizfigure}}{{\value{{figure}}}}"
                )
                after = r"\global\let\gdviznumber\empty\setcounter{figure}{\value{gdvizfigure}}"
                raw = [nodes.raw("", latex, format="latex") for latex in (before, after)]
                figure.replace_self([raw[0], figure, raw[1]])
        if pinned:  # LaTeX skips them where it counts
            numbers = rf"\gdvizpinned{{{','.join(pinned)}}}" + "\n"
            self.document.insert(0, nodes.raw("", numbers, format="latex"))

    def _write_numbers(self) -> None:
        """Write the numbers of captions, and the references by number as text."""
        for reference in list(self.document.findall(addnodes.number_reference)):
            reference.replace_self(reference.children)
        kind_of = standard_domain(self.env).get_enumerable_node_type
        for node in self.document.findall(nodes.Element):
            kind = kind_of(node)
            number = _number_of(self.env, node, kind) if kind else None
            if kind and number:
                title = node.next_node(lambda n: isinstance(n, (nodes.caption, nodes.title)))
                assert isinstance(title, nodes.Element)
                title.insert(0, nodes.Text(f"{name_of(self.env, number, kind)}: "))
        if GdvizDomain.of(self.env).builder.format == "markdown":
            for figure in self.document.findall(nodes.figure):
                if KEY in figure:  # the builder knows no captions, and leaves them out
                    for caption in list(figure.findall(nodes.caption)):
                        caption.replace_self(nodes.paragraph("", "", *caption.children))


def name_of(env: BuildEnvironment, number: Number, kind: str = "figure") -> str:
    """The number with its word, such as “Figure 22.1”."""
    return str(env.config.numfig_format[kind] % ".".join(map(str, number)))


def number_of(env: BuildEnvironment, docname: str, figure_id: str) -> Number | None:
    """The number of a figure, once all figures have theirs."""
    return env.toc_fignumbers.get(docname, {}).get("figure", {}).get(figure_id)


def numbers_in(env: BuildEnvironment, docname: str) -> object:
    """All numbers of sections, figures and the like in a document."""
    return env.toc_secnumbers.get(docname), env.toc_fignumbers.get(docname)


def number_at(env: BuildEnvironment, docname: str, node_id: str) -> object:
    """The number of whatever has an id, of any kind."""
    kinds = env.toc_fignumbers.get(docname, {}).values()
    sections = env.toc_secnumbers.get(docname, {})
    section = sections.get(f"#{node_id}", sections.get(""))  # that of the document has no anchor
    return next((ids[node_id] for ids in kinds if node_id in ids), section)


def docname_of(node: nodes.Element, written: str) -> str:
    """The document that a node comes from, when one is written that may hold it."""
    # Where a builder has joined all documents into one, their sections say where they come from.
    parent = node.parent
    while parent is not None and "docname" not in parent:
        parent = parent.parent
    return written if parent is None else str(parent["docname"])


def _number_of(env: BuildEnvironment, node: nodes.Element, kind: str = "figure") -> Number | None:
    """The number of a figure, or of another kind of node that has one."""
    ids = env.toc_fignumbers.get(docname_of(node, env.docname), {}).get(kind, {})
    number: Number | None = next((ids[i] for i in node["ids"] if i in ids), None)
    return number

"""The domain: the figures and quotations of a book, kept from one build to the next."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from docutils import nodes
from sphinx import addnodes
from sphinx.domains import Domain
from sphinx.domains.std import StandardDomain

from .config import Settings
from .log import warn
from .quotes.quotation import QUOTATION, Answer, Quotation, Quoted, mistake_node

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment

    from ..core.experiment import Experiment
    from .experiments import Request, Summary

Number = tuple[int, ...]
READ = "gdviz-read"
"""The attribute of a node with what its directive was asked, and what that is, for the domain."""
KEY = "gdviz-key"
"""The attribute of a figure with the key of what it shows."""
LIVE = "gdviz-live"
"""The attribute of a figure that is interactive on the web, and of the data that makes it so."""
SCHEME = "gdviz://"
"""Scheme of the address of a picture until the builder is known; nobody looks for a file there."""


def standard_domain(env: BuildEnvironment) -> StandardDomain:
    """Return the domain with the labels of a book.

    ``env.domains.standard_domain`` is the same, but new in Sphinx 8.
    """
    domain = env.get_domain("std")
    assert isinstance(domain, StandardDomain)
    return domain


class Figure(NamedTuple):
    """A figure of the book: where it is written, what it shows, and the prefix of its number.

    Its location is the file, of which the page may be another that includes it, and the line. A
    figure with a mistake in it has no summary and shows nothing, and keeps its number. An
    experiment that is only quoted is not shown.
    """

    docname: str
    location: str
    figure_id: str
    request: Request
    summary: Summary | None
    chapter: Number | None
    names: tuple[str, ...]
    is_shown: bool
    caption: str
    notebook: str
    is_live: bool

    @property
    def key(self) -> str:
        """The key of its experiment; empty where there is none."""
        return self.summary.key if self.summary else ""


class GdvizDomain(Domain):
    """A domain without directives and roles: Sphinx keeps, purges and merges its data.

    All of it is plain data: texts, numbers, and named tuples of them.
    """

    name = "gdviz"
    label = "gdviz"
    data_version = 6
    initial_data: ClassVar[dict[str, Any]] = {
        "figures": {},
        "rules": {},
        "quotes": {},
        "quotations": {},
        "answers": {},
    }

    builder: Builder
    """The running builder."""

    def __init__(self, env: BuildEnvironment) -> None:
        super().__init__(env)
        self.figures: dict[str, list[Figure]] = self.data["figures"]
        """The figures of each document, in order."""
        self.rules: dict[str, dict[tuple[str, str], str | None]] = self.data["rules"]
        """The update rules that each document shows: text and fingerprint, and what it shows."""
        self.quotes: dict[str, list[str]] = self.data["quotes"]
        """The labels that each document refers to, by number or by title."""
        self.quotations: dict[str, list[Quoted]] = self.data["quotations"]
        """The quotations of each document, with their lines."""
        self.answers: dict[Quotation, Answer] = self.data["answers"]
        """The answer to each quotation when it was last looked up."""
        self.fresh: set[str] = set()
        """Documents that have been read in this build."""
        self.earlier: dict[Any, Any] = {}
        """What was read in documents that are read again: summaries by request, rules by text."""
        self.experiments: dict[tuple[str, Request], Experiment] = {}
        """The experiments that this build has read, by document and request."""
        self.store: object = None
        """The store of results and pictures."""
        self.written: object = None
        """The pages that the running builder has written in earlier builds."""

    @classmethod
    def of(cls, env: BuildEnvironment) -> GdvizDomain:
        """The domain of a book."""
        domain = env.get_domain("gdviz")
        assert isinstance(domain, cls)
        return domain

    @property
    def is_text(self) -> bool:
        """True if the running builder makes plain text."""
        return self.builder.format in ("text", "man")

    @property
    def is_used(self) -> bool:
        """True if the book has anything of ours: else it is as it would be without us."""
        return bool(self.figures or self.quotations or self.rules)

    def __iter__(self) -> Iterator[Figure]:
        """All figures of the book, document by document."""
        for docname in sorted(self.figures):
            yield from self.figures[docname]

    def process_doc(self, env: BuildEnvironment, docname: str, document: nodes.document) -> None:
        self.fresh.add(docname)
        found: dict[str, Any] = {"figures": [], "rules": {}, "quotes": [], "quotations": []}
        for node in list(document.findall(nodes.Element)):
            if READ in node:
                asked, answered = node.attributes.pop(READ)
                if isinstance(node, nodes.figure | nodes.image | nodes.comment):
                    found["figures"].append(_figure(env, docname, node, asked, answered))
                else:
                    found["rules"][asked] = answered
                if isinstance(node, nodes.comment):  # of an experiment that is not shown
                    node.parent.remove(node)
            elif isinstance(node, addnodes.pending_xref):
                found["quotes"].append(str(node["reftarget"]))
            if isinstance(quotation := node.get(QUOTATION), Quotation):
                if place := _place_of_names(node):
                    said = f"a value can't stand in {place}; write it below"
                    warn("content", f"{quotation.author}: {said}", node)
                    node.replace_self(mistake_node())
                    continue
                source, line = node.source or env.doc2path(docname), node.line or 1
                found["quotations"].append(Quoted(quotation, str(source), line))
        found["quotes"] = sorted(set(found["quotes"]))
        for kind, items in found.items():
            if items:
                self.data[kind][docname] = items

    def clear_doc(self, docname: str) -> None:
        self.earlier |= {figure.request: figure.summary for figure in self.figures.get(docname, ())}
        self.earlier |= self.rules.get(docname, {})
        for kind in _BY_DOCUMENT:
            self.data[kind].pop(docname, None)

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        self.fresh |= set(docnames)
        for kind in _BY_DOCUMENT:
            for docname in docnames:
                if docname in otherdata[kind]:
                    self.data[kind][docname] = otherdata[kind][docname]

    def resolve_any_xref(self, *args: Any, **named: Any) -> list[Any]:
        """Nothing of ours is referred to by name: figures have Sphinx's own labels."""
        return []


_BY_DOCUMENT = ("figures", "rules", "quotes", "quotations")


def _place_of_names(node: nodes.Node) -> str:
    """The title or term around a node whose text Sphinx keeps apart from the page; mostly none."""
    is_term = False
    while node is not None:
        if isinstance(node, nodes.title) and isinstance(node.parent, nodes.section):
            return "a section's title, which tables of contents have too"
        is_term = is_term or isinstance(node, nodes.term)
        if is_term and isinstance(node, addnodes.glossary):
            return "a glossary's term, which is an index entry too"
        node = node.parent
    return ""


def _figure(
    env: BuildEnvironment,
    docname: str,
    node: nodes.Element,
    request: Request,
    summary: Summary | None,
) -> Figure:
    return Figure(
        docname=docname,
        location=f"{node.source or env.doc2path(docname)}:{node.line or 1}",
        figure_id=node["ids"][0] if node["ids"] else "",
        request=request,
        summary=summary,
        chapter=node.get("chapter"),
        names=tuple(node["names"]),
        is_shown=not isinstance(node, nodes.comment),
        caption=_markdown(next(node.findall(nodes.caption), None)),
        notebook=node.get("notebook", ""),
        is_live=LIVE in node,
    )


def _markdown(caption: nodes.caption | None) -> str:
    """A caption as Markdown, for a notebook."""
    if caption is None:
        return ""
    around: dict[type, str] = {
        nodes.math: "$",
        nodes.emphasis: "*",
        nodes.strong: "**",
        nodes.literal: "`",
    }
    parts = []
    for child in caption.children:
        mark, text = around.get(type(child), ""), child.astext()
        if isinstance(child, nodes.literal):
            mark = "`" * (1 + max(map(len, re.findall("`+", text)), default=0))
        elif not isinstance(child, nodes.math):
            text = re.sub(r"[\\`*_\[\]<>$&]", r"\\\g<0>", text)  # it is no markup
        parts.append(f"{mark}{text}{mark}")
    return "".join(parts)


def note_builder(app: Sphinx) -> None:
    """Let whatever knows the environment know the running builder."""
    GdvizDomain.of(app.env).builder = app.builder


def find_outdated(
    app: Sphinx, env: BuildEnvironment, added: Set[str], changed: Set[str], removed: Set[str]
) -> list[str]:
    """Documents that were read with other losses or rules, under another style, and the like."""
    domain, now = GdvizDomain.of(env), Settings.of(app.config).fingerprint
    figures = ((figure.docname, figure.request.fingerprint) for figure in domain)
    rules = ((docname, then) for docname, shown in domain.rules.items() for _, then in shown)
    return sorted({docname for docname, then in (*figures, *rules) if then != now})


_WITHOUT_STYLE_SHEETS = ("json", "pickle", "revealjs", "dirrevealjs")
"""Builders whose pages take scripts from extensions, and no style sheets."""


def wants_all_assets(app: Sphinx) -> bool:
    """Tell whether every page links the style sheet and the script."""
    return app.registry.html_assets_policy == "always" and GdvizDomain.of(app.env).is_used


def is_web(builder: Builder) -> bool:
    """Tell whether a builder makes pages that have scripts, and the style sheets for them."""
    is_page = builder.format == "html" and builder.name not in _WITHOUT_STYLE_SHEETS
    return is_page and not getattr(builder, "embedded", False)  # as EPUB and help are

"""Written pages: the state in which each page was when a builder wrote it last.

Builders may share doctrees, and a build may be stopped at any moment: what the environment knows
has then not been written everywhere. So each builder and folder has a record of its own beside the
doctrees. A page is taken out of it before it is written, and comes back, in its new state, once the
build has come to its end; whatever is in another state than in the record is written again.
"""

from __future__ import annotations

import gettext
import hashlib
import json
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ..files import write_whole
from .builders.online_links import template_for
from .builders.pictures import has_picture
from .domain import GdvizDomain, standard_domain, wants_all_assets
from .i18n import CATALOG
from .numbering import number_at, numbers_in
from .quotes.resolve import with_values

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment


@dataclass
class WrittenPages:
    """The pages and notebooks that a builder has written.

    Attributes
    ----------
    path : Path
        The file of the record: a line for each state, of which the last counts.
    pages, notebooks : dict
        The state of each page and notebook, as it was written.
    present_pages, present_notebooks : dict
        Their states now.
    written : set of str
        The pages that are written in this build.
    """

    path: Path
    pages: dict[str, str] = field(default_factory=dict)
    notebooks: dict[str, str] = field(default_factory=dict)
    present_pages: dict[str, str] = field(default_factory=dict)
    present_notebooks: dict[str, str] = field(default_factory=dict)
    written: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, app: Sphinx) -> WrittenPages:
        """The written pages of the running builder, read once in a build."""
        domain = GdvizDomain.of(app.env)
        if domain.written is None:
            name = hashlib.sha256(f"{app.builder.name} {app.outdir}".encode()).hexdigest()[:16]
            domain.written = cls(Path(app.doctreedir, f"gdviz-{name}.record"))
            with suppress(OSError, ValueError, TypeError):  # there is none, or it is damaged
                lines = domain.written.path.read_text(encoding="utf-8").splitlines()
                states = [(kind, name, str(state)) for kind, name, state in map(json.loads, lines)]
                domain.written.pages = {name: s for kind, name, s in states if kind == "page"}
                domain.written.notebooks = {name: s for kind, name, s in states if kind != "page"}
        assert isinstance(domain.written, cls)
        return domain.written

    def start(self, docname: str) -> None:
        """Take a page out of the record: it may be half written from now on."""
        self.written.add(docname)
        with suppress(OSError), self.path.open("a", encoding="utf-8") as file:
            file.write(_line("page", docname, ""))

    def finish(self) -> None:
        """Put the pages that have been written into the record, and take out what is gone."""
        pages = {
            name: (state if name in self.written else self.pages[name])
            for name, state in sorted(self.present_pages.items())
            if name in self.written or name in self.pages
        }
        if self.written or (pages, self.present_notebooks) != (self.pages, self.notebooks):
            lines = [_line("page", name, state) for name, state in pages.items()]
            lines += [_line("notebook", *item) for item in sorted(self.present_notebooks.items())]
            with suppress(OSError):  # without it more is written again, and no less
                write_whole(self.path, "".join(lines).encode())


def _line(kind: str, name: str, state: str) -> str:
    return json.dumps([kind, name, state]) + "\n"


def find_stale(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Documents that are in another state than when the running builder wrote them."""
    if isinstance(app.builder.get_outdated_docs(), str):
        return []  # it writes all documents in every build, and says so
    record = WrittenPages.of(app)
    record.present_pages = _states(app, env)
    return [name for name, now in record.present_pages.items() if record.pages.get(name) != now]


def _states(app: Sphinx, env: BuildEnvironment) -> dict[str, str]:
    """A digest of all that each page is made from."""
    domain = GdvizDomain.of(env)
    figures, quotations = domain.figures, domain.quotations
    ours = figures.keys() | quotations.keys() | domain.rules.keys()
    online, catalogs, is_linked = template_for(app), _catalogs(app), wants_all_assets(app)
    states = {}
    for docname in sorted(env.found_docs):
        state = (
            env.all_docs.get(docname),  # the time when it was read
            numbers_in(env, docname),
            [_target(env, label) for label in domain.quotes.get(docname, ())],
            [domain.answers[item.quotation].found for item in quotations.get(docname, ())],
            [(figure.key, has_picture(app, figure)) for figure in figures.get(docname, ())],
            online if any(figure.is_live for figure in figures.get(docname, ())) else "",
            catalogs if docname in ours else [],
            is_linked,
        )
        states[docname] = hashlib.sha256(repr(state).encode()).hexdigest()[:16]
    return states


def _target(env: BuildEnvironment, label: str) -> object:
    """What a reference to a label shows of it: its place, its number and its title."""
    labels = standard_domain(env)
    if label not in labels.anonlabels:
        return None
    docname, node_id = labels.anonlabels[label]
    title = str(labels.labels[label][2]) if label in labels.labels else ""
    number = number_at(env, docname, node_id)
    return docname, node_id, number, with_values(title, GdvizDomain.of(env))


def _catalogs(app: Sphinx) -> list[str]:
    """Digests of the translations of our words that the book has.

    Sphinx has compiled them, into files with a date; their sources have none.
    """
    language = app.config.language
    compiled = [
        Path(path)
        for folder in app.config.locale_dirs
        for path in gettext.find(CATALOG, Path(app.srcdir, folder), [language], all=True)
    ]
    sources = ((path.with_suffix(".po"), path) for path in compiled)
    found = (source if source.exists() else path for source, path in sources)
    return [hashlib.sha256(path.read_bytes()).hexdigest() for path in found]


def note_page(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Note that a page is about to be written."""
    WrittenPages.of(app).start(docname)


def save(app: Sphinx, exception: Exception | None) -> None:
    """Keep what was written in a build that has come to its end."""
    if exception is None:
        WrittenPages.of(app).finish()

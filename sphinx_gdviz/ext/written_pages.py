"""Written pages: the values on each page when a builder wrote it last.

Builders may share doctrees, and a build may stop half way: what the environment knows has then not
been written everywhere. So each builder and folder has a file of its own beside the doctrees, which
is brought up to date once a build has come to its end.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ..files import write_whole
from .domain import GdvizDomain

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx


@dataclass
class WrittenPages:
    """The pages and notebooks that a builder has written.

    Attributes
    ----------
    pages : dict
        A digest of what each page quotes, as it was written.
    notebooks : dict
        The state of each notebook, as it was written.
    written : set of str
        The pages that are written in this build.
    """

    path: Path
    pages: dict[str, str] = field(default_factory=dict)
    notebooks: dict[str, str] = field(default_factory=dict)
    written: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, app: Sphinx) -> WrittenPages:
        """The written pages of the running builder, read once in a build."""
        domain = GdvizDomain.of(app.env)
        if domain.written is None:
            name = hashlib.sha256(f"{app.builder.name} {app.outdir}".encode()).hexdigest()[:16]
            domain.written = cls(Path(app.doctreedir, f"gdviz-{name}.record"))
            with suppress(OSError, ValueError, AttributeError):  # there is none, or it is damaged
                stored = json.loads(domain.written.path.read_text(encoding="utf-8"))
                domain.written.pages = dict(stored["pages"].items())
                domain.written.notebooks = dict(stored["notebooks"].items())
        assert isinstance(domain.written, cls)
        return domain.written


def note_page(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Note that a page is written."""
    WrittenPages.of(app).written.add(docname)


def save(app: Sphinx, exception: Exception | None) -> None:
    """Keep what was written in a build that has come to its end."""
    if exception is not None:
        return
    domain, written = GdvizDomain.of(app.env), WrittenPages.of(app)
    pages = {
        name: (domain.digests if name in written.written else written.pages)[name]
        for name in sorted(domain.digests)
        if name in written.written or name in written.pages
    }
    if (pages, domain.notebooks) != (written.pages, written.notebooks):
        text = json.dumps({"pages": pages, "notebooks": domain.notebooks}, sort_keys=True)
        with suppress(OSError):  # without it more is written again, and no less
            write_whole(written.path, text.encode())

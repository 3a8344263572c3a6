"""The record: what each page said when a builder wrote it last.

Builders may share doctrees, and a build may stop half way: what the environment knows has then not
been written everywhere. So each builder and folder has a record of its own, kept beside the
doctrees, and brought up to date once a build has come to its end.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
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
class Record:
    """What a builder has written.

    Attributes
    ----------
    pages : dict
        A digest of what each page quotes, as it was written.
    lessons : dict
        The state of each notebook, as it was written.
    written : set of str
        The pages that are written in this build.
    """

    path: Path
    pages: dict[str, str] = field(default_factory=dict)
    lessons: dict[str, str] = field(default_factory=dict)
    written: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, app: Sphinx) -> Record:
        """The record of the running builder, read once in a build."""
        domain = GdvizDomain.of(app.env)
        if domain.record is None:
            name = hashlib.sha256(f"{app.builder.name} {app.outdir}".encode()).hexdigest()[:16]
            domain.record = cls(Path(app.doctreedir, f"gdviz-{name}.record"))
            with suppress(OSError, ValueError, AttributeError):  # there is none, or it is damaged
                stored = json.loads(domain.record.path.read_text(encoding="utf-8"))
                domain.record.pages = dict(stored["pages"].items())
                domain.record.lessons = dict(stored["lessons"].items())
        assert isinstance(domain.record, cls)
        return domain.record

    def save(self, pages: Mapping[str, str], lessons: Mapping[str, str]) -> None:
        """Note what the pages that were written say, and which notebooks there are."""
        now = {**self.pages, **{name: pages[name] for name in self.written if name in pages}}
        now = {name: now[name] for name in sorted(now) if name in pages}
        if (now, lessons) != (self.pages, self.lessons):
            text = json.dumps({"pages": now, "lessons": lessons}, sort_keys=True)
            with suppress(OSError):  # without it more is written again, and no less
                write_whole(self.path, text.encode())


def note_page(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """A page is being written."""
    Record.of(app).written.add(docname)


def save(app: Sphinx, exception: Exception | None) -> None:
    """Keep the record of a build that has come to its end."""
    if exception is None:
        domain = GdvizDomain.of(app.env)
        Record.of(app).save(domain.digests, domain.lessons)

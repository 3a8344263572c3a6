"""EPUB packs all that lies in the folder of its pages, which may be doctrees with files of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..cache import Store
from ..written_pages import WrittenPages

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.builders import Builder


def leave_out(app: Sphinx, builder: Builder) -> None:
    """Leave out files of ours that are no part of the book.

    It is done once the environment has been saved: to Sphinx other settings are another book.
    """
    if builder.name == "epub":
        ours = [WrittenPages.of(app).path, *Store.of(app.env).folder.glob("gdviz-*")]
        names = [
            str(path.relative_to(app.outdir)) for path in ours if path.is_relative_to(app.outdir)
        ]
        app.config.epub_exclude_files = [*app.config.epub_exclude_files, *sorted(names)]

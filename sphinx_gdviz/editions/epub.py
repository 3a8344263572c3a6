"""An EPUB that validates: a true manifest, every linked style sheet in, the same bytes twice.

Add ``sphinx_gdviz.editions.epub`` to ``extensions``, and ``sphinx_gdviz.editions.mathml`` where
the book has mathematics.
"""

from __future__ import annotations

import html
import os
import re
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from sphinx.builders.epub3 import Epub3Builder

from . import ZIP_EPOCH

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.util.typing import ExtensionMetadata

# What a content document holds that the manifest has to tell of.
PROPERTIES: Final = {"mathml": b"<math", "svg": b"<svg"}


class EpubBuilder(Epub3Builder):
    """Sphinx's EPUB builder, with a manifest that tells of MathML and an archive without a clock.

    The methods that it extends are steps of ``handle_finish`` and are not documented. There is no
    event between the writing of the pages and the making of the archive.
    """

    def content_metadata(self) -> dict[str, Any]:
        metadata = super().content_metadata()
        date = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(_epoch()))
        return metadata | {"date": date}

    def build_content(self) -> None:
        """Write ``content.opf``, with the properties of each page."""
        # Sphinx compares the addresses of pages, which are quoted, with the names of files.
        addresses = self.refnodes
        self.refnodes = [{**node, "refuri": unquote(node["refuri"])} for node in addresses]
        super().build_content()
        self.refnodes = addresses
        manifest = Path(self.outdir, "content.opf")
        text = re.sub(
            r'<item id="[^"]*" href="([^"]*\.xhtml)" media-type="[^"]*"(?! properties=)',
            self._with_properties,
            manifest.read_text(encoding="utf-8"),
        )
        manifest.write_text(text, encoding="utf-8")

    def _with_properties(self, match: re.Match[str]) -> str:
        page = Path(self.outdir, unquote(html.unescape(match[1])))
        content = page.read_bytes() if page.exists() else b""
        found = [name for name, mark in PROPERTIES.items() if mark in content]
        return match[0] + (f' properties="{" ".join(found)}"' if found else "")

    def build_epub(self) -> None:
        """Write the archive: the order of the files is Sphinx's, the dates are not the disk's."""
        date = time.gmtime(max(_epoch(), ZIP_EPOCH))[:6]
        with ZipFile(Path(self.outdir, f"{self.config.epub_basename}.epub"), "w") as archive:
            for name in (
                "mimetype",  # the standard wants it first, and not compressed
                "META-INF/container.xml",
                "content.opf",
                "toc.ncx",
                *self.files,
            ):
                entry = ZipInfo(name, date)
                entry.compress_type = ZIP_STORED if name == "mimetype" else ZIP_DEFLATED
                archive.writestr(entry, Path(self.outdir, name).read_bytes())


def _epoch() -> int:
    return int(os.environ.get("SOURCE_DATE_EPOCH", ZIP_EPOCH))


def _copy_notebook_style(app: Sphinx) -> None:
    """Put MyST-NB's style sheet in place before the pages that link it are written.

    MyST-NB copies it when the build has finished. That is after the archive of the EPUB is made,
    and too late for the checksum in the links of the web pages, which then have one from the
    second build on only.
    """
    if app.builder.format != "html" or "myst_nb" not in app.extensions:
        return
    from myst_nb.sphinx_ext import add_global_html_resources  # undocumented, and all there is

    Path(app.outdir, "_static").mkdir(parents=True, exist_ok=True)
    add_global_html_resources(app, None)


def leave_out_backup(app: Sphinx, config: Config) -> None:
    """Leave out what Sphinx keeps of an earlier configuration: it is no part of a book."""
    config.epub_exclude_files = [*config.epub_exclude_files, ".buildinfo.bak"]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Set the extension up."""
    app.add_builder(EpubBuilder, override=True)
    app.connect("builder-inited", _copy_notebook_style)
    app.connect("config-inited", leave_out_backup)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

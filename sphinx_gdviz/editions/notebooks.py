"""Notebooks among the pages of a book: executed once, and right in each edition (opt-in).

With MyST-NB. What an :class:`~sphinx_gdviz.Experiment` shows in a cell gets its words as
alternative text; cells tagged ``solution`` go into the admonition of class ``solution`` before
them, which is folded on the web and open elsewhere.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes

from ..core.engine import ENGINE, versions

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.util.typing import ExtensionMetadata


def prepare_kernel(app: Sphinx, config: Config) -> None:
    """Keep executed notebooks among the doctrees, and the kernel apart from the reader's own."""
    folder = Path(app.doctreedir, "notebooks")
    # MyST-NB knows a notebook by its cells alone, and would show what an older sphinx_gdviz drew.
    name = "-".join([f"engine-{ENGINE}", *versions().values()])
    config.nb_execution_cache_path = str(folder / name)
    # Without this, what the reader has set up for IPython would take part. The kernel also tells
    # of each unencrypted connection, though it speaks with this machine only.
    profile = folder / "ipython" / "profile_default"
    profile.mkdir(parents=True, exist_ok=True)
    (profile / "ipython_kernel_config.py").write_text("c.IPKernelApp.log_level = 40\n", "utf-8")
    os.environ["IPYTHONDIR"] = str(profile.parent)


def arrange_notebook(app: Sphinx, doctree: nodes.document) -> None:
    """Put cells into the solution before them, and the words of a figure where they are needed."""
    for box in list(doctree.findall(nodes.admonition)):
        page, after = box.parent, box.parent.index(box) + 1
        while after < len(page) and _is_solution(page[after]):
            box.append(page.pop(after))
    for bundle in list(doctree.findall(nodes.container)):
        images = list(bundle.findall(nodes.image))
        if bundle.get("nb_element") == "mime_bundle" and images:
            words = next(bundle.findall(nodes.literal_block))
            for image in images:
                image["alt"] = words.astext()
            # As a listing it would be one long line.
            words.replace_self(nodes.paragraph("", f"[{words.astext()}]"))


def _is_solution(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Element) and "tag_solution" in node["classes"]


def unfold(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Show solutions where they can't be opened: in print, and on many a reader of EPUB."""
    for box in list(doctree.findall(nodes.admonition)):
        if "solution" not in box["classes"]:
            continue
        if app.builder.name == "epub":
            box.attributes.pop("collapsible", None)
        elif app.builder.format == "latex":  # in no box: one of cells breaks badly across pages
            title, *rest = box.children
            words = nodes.strong("", f"{title.astext()}.")
            if rest and isinstance(rest[0], nodes.paragraph):
                rest[0].insert(0, [words, nodes.Text(" ")])
            else:
                rest.insert(0, nodes.paragraph("", "", words))
            box.replace_self(rest)


def setup(app: Sphinx) -> ExtensionMetadata:
    app.setup_extension("myst_nb")
    app.connect("config-inited", prepare_kernel)
    app.connect("doctree-read", arrange_notebook)
    app.connect("doctree-resolved", unfold)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

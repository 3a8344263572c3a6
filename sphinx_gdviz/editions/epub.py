"""An EPUB that validates: mathematics as MathML, every linked style sheet in, same bytes twice.

Add ``sphinx_gdviz.editions.epub`` to ``extensions``. Web pages keep the renderer of
mathematics that they have. Needs the ``math-core`` package when an EPUB is built.
"""

from __future__ import annotations

import html
import os
import re
import time
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from docutils import nodes
from sphinx.builders.epub3 import Epub3Builder
from sphinx.errors import ExtensionError
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata
    from sphinx.writers.html5 import HTML5Translator

logger = logging.getLogger(__name__)

MATHML: Final = "http://www.w3.org/1998/Math/MathML"

# What a content document holds that the manifest has to tell of.
PROPERTIES: Final = {"mathml": b"<math", "svg": b"<svg"}

# math-core numbers the rows of these by itself, from one in each formula; Sphinx has the numbers.
ENVIRONMENTS: Final = {
    "align": "aligned",
    "flalign": "aligned",
    "split": "aligned",
    "eqnarray": "aligned",
    "multline": "gathered",
    "gather": "gathered",
}

ZIP_EPOCH: Final = 315532800  # 1980-01-01, the first moment that a ZIP archive can hold


def to_mathml(latex: str, *, display: bool) -> str:
    """Convert one formula.

    Parameters
    ----------
    latex
        The formula, without delimiters.
    display
        Whether it stands on a line of its own.

    Returns
    -------
    str
        A ``math`` element that holds to the schema of EPUB 3.

    Raises
    ------
    ValueError
        If the formula is beyond the converter; the message is the converter's.
    """
    import math_core  # here, since builds of other editions do without it

    converter = math_core.LatexToMathML(fancy_error=False)
    try:
        text = converter.convert_with_local_state(latex, displaystyle=display)
    except math_core.LatexError as error:
        raise ValueError(str(error)) from error
    root = ET.fromstring(_plain_entities(text))
    for element in list(root.iter()):
        _hold_to_schema(element)
    root.set("xmlns", MATHML)
    root.set("alttext", " ".join(latex.split()))
    return ET.tostring(root, encoding="unicode")


def _plain_entities(text: str) -> str:
    """Resolve the entities that HTML names and XML does not know."""

    def resolve(match: re.Match[str]) -> str:
        known = match[1] in {"amp", "lt", "gt", "quot", "apos"}
        return match[0] if known else html.unescape(match[0])

    return re.sub(r"&(\w+);", resolve, text)


def _hold_to_schema(element: ET.Element) -> None:
    """Move what MathML Core allows anywhere to where MathML 3, and so EPUBCheck, allows it."""
    if element.tag != "mstyle":
        element.attrib.pop("scriptlevel", None)
    if element.tag == "mover" and len(element) == 2 and element[1].text == "\u0332":
        element[1].text = "\u203e"  # math-core writes \overline with the sign for a line below
    if element.tag in {"math", "mstyle", "mtable"} or "displaystyle" not in element.attrib:
        return
    inner = ET.Element(element.tag, element.attrib.copy())
    style = inner.attrib.pop("displaystyle")
    inner.text, inner[:] = element.text, element[:]
    element.clear()  # the tail, too: math-core writes no text between elements
    element.tag = "mstyle"
    element.set("displaystyle", style)
    element.append(inner)


def display_latex(node: nodes.math_block) -> str:
    """Return a display as one formula, put together as Sphinx's own renderers do it."""
    environments = "|".join([*ENVIRONMENTS, "equation"])
    latex = re.sub(
        rf"\\(begin|end)\{{({environments})\*?\}}",
        lambda m: rf"\{m[1]}{{{ENVIRONMENTS[m[2]]}}}" if m[2] in ENVIRONMENTS else "",
        node.astext(),
    )
    parts = [part.strip() for part in latex.split("\n\n") if part.strip()]
    latex = r" \\ ".join(parts)
    outside = re.sub(r"\\begin\{(\w+)\}.*?\\end\{\1\}", "", latex, flags=re.DOTALL)
    return rf"\begin{{aligned}}{latex}\end{{aligned}}" if r"\\" in outside else latex


def _formula(self: HTML5Translator, node: nodes.Element, latex: str, *, display: bool) -> str:
    """Return the MathML of a node, or its LaTeX and a warning."""
    try:
        return to_mathml(latex, display=display)
    except ValueError as error:
        logger.warning(
            "formula left as LaTeX in the EPUB, %s: %s",
            error,
            latex,
            location=node,
            type="gdviz",
            subtype="mathml",
        )
        return f"<code>{self.encode(latex)}</code>"


def visit_math(self: HTML5Translator, node: nodes.math) -> None:
    """Write a formula in a line of text."""
    self.body.append(_formula(self, node, node.astext(), display=False))
    raise nodes.SkipNode


def visit_math_block(self: HTML5Translator, node: nodes.math_block) -> None:
    """Write a display, and its number where it has one."""
    self.body.append(self.starttag(node, "div", CLASS="math"))
    if node["number"]:
        number = get_node_equation_number(self, node)
        self.body.append(f'<span class="eqno">({number})</span>')
    self.body.append(_formula(self, node, display_latex(node), display=True))
    self.body.append("</div>\n")
    raise nodes.SkipNode


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
        super().build_content()
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


def _register_renderer(app: Sphinx) -> None:
    """Register the renderer where it is used.

    Sphinx takes the only renderer beside MathJax for the one that is wanted, so that registering
    it in every build would take MathJax away from the web pages.
    """
    if app.builder.name != "epub":
        return
    try:
        import math_core  # noqa: F401
    except ImportError as error:
        raise ExtensionError(
            "an EPUB with mathematics needs math-core: pip install 'sphinx-gdviz[editions]'"
        ) from error
    app.add_html_math_renderer("mathml", (visit_math, None), (visit_math_block, None))


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


def setup(app: Sphinx) -> ExtensionMetadata:
    """Set the extension up."""
    app.add_builder(EpubBuilder, override=True)
    # Sphinx reads "<builder>_math_renderer" before "html_math_renderer": so nothing that the web
    # pages depend on has to change between two builders that share one environment.
    app.add_config_value("epub_math_renderer", "mathml", "epub", types=frozenset({str}))
    # Before Sphinx's own check, at 500, that the chosen renderer is there.
    app.connect("builder-inited", _register_renderer, priority=400)
    app.connect("builder-inited", _copy_notebook_style)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

"""Mathematics in web pages and EPUB as MathML, which needs neither a script nor a network.

Add ``sphinx_gdviz.editions.mathml`` to ``extensions``: Sphinx then takes this renderer in place
of MathJax. Needs the ``math-core`` package.
"""

from __future__ import annotations

import html
import re
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Final

from docutils import nodes
from sphinx.errors import ExtensionError
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata
    from sphinx.writers.html5 import HTML5Translator

logger = logging.getLogger(__name__)

MATHML: Final = "http://www.w3.org/1998/Math/MathML"

# math-core numbers the rows of these by itself, from one in each formula; Sphinx has the numbers.
ENVIRONMENTS: Final = {
    "align": "aligned",
    "flalign": "aligned",
    "split": "aligned",
    "eqnarray": "aligned",
    "multline": "gathered",
    "gather": "gathered",
}


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
    import math_core  # here, since the printed edition does without it

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
            "formula left as LaTeX, %s: %s",
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


def _require_converter(app: Sphinx) -> None:
    """Stop before anything is written where the converter is missing."""
    if app.builder.format != "html":
        return
    try:
        import math_core  # noqa: F401
    except ImportError as error:
        raise ExtensionError(
            "mathematics as MathML needs math-core: pip install 'sphinx-gdviz[mathml]'"
        ) from error


def setup(app: Sphinx) -> ExtensionMetadata:
    """Set the extension up."""
    app.add_html_math_renderer("mathml", (visit_math, None), (visit_math_block, None))
    app.connect("builder-inited", _require_converter)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

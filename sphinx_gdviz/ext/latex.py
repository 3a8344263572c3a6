"""The printed book: the package that figures need, and characters that pdfLaTeX does not know."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from ..core.expr.symbols import TEX_GREEK
from ..messages import quote
from .config import Settings
from .domain import GdvizDomain
from .log import line_of, warn
from .quotes.quotation import QUOTATION

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

PACKAGE = Path(__file__).parents[1] / "texinputs" / "gdviz.sty"
_KNOWN = re.compile(
    "[\0-\u0125\u0128-\u0137\u0139-\u013e\u0141-\u0148\u014a-\u0165\u0168-\u017e\u0192\u01c4-\u01d4"
    "\u01e2\u01e3\u01e6-\u01eb\u01f0\u01f4\u01f5\u0218-\u021b\u0232\u0233\u0237\u02c6\u02c7\u02d8"
    "\u02d9\u02db-\u02dd\u0e3f\u1e02\u1e03\u1e0d\u1e1e-\u1e21\u1e25\u1e30\u1e31\u1e37\u1e43\u1e45"
    "\u1e47\u1e5b\u1e63\u1e6d\u1e8e-\u1e91\u1e9e\u1ef2\u1ef3\u200c\u2010-\u2016\u2018-\u201a"
    "\u201c-\u201e\u2020-\u2022\u2026\u2030\u2031\u2039-\u203b\u203d\u2044\u204e\u2052\u20a1\u20a4"
    "\u20a6\u20a9\u20ab\u20ac\u20b1\u2103\u2116\u2117\u211e\u2120\u2122\u2126\u2127\u212e\u2190-\u2193"
    "\u2329\u232a\u2422\u2423\u25e6\u25ef\u266a\u27e8\u27e9\u3008\u3009\ufb00-\ufb06\ufeff"
    "⁰⁴-⁹₀-₉∞‣✓✔✕✖⎽ℯⅈ]"  # these Sphinx writes as something else
)
"""The characters that pdfLaTeX knows in the encodings T1 and TS1."""
_MATHEMATICS = """
    ∇ nabla ∂ partial √ surd ∑ sum ∏ prod ∫ int ≈ approx ≠ neq ≤ leq ≥ geq ≪ ll ≫ gg ≡ equiv
    ∼ sim ∝ propto ∈ in ∉ notin ⊂ subset ∪ cup ∩ cap ∀ forall ∃ exists ∅ emptyset ∘ circ ⋅ cdot
    ⇒ Rightarrow ⇐ Leftarrow ⇔ Leftrightarrow ↔ leftrightarrow ↦ mapsto ∓ mp ⊙ odot ⊗ otimes
    ⊕ oplus ∥ parallel ℓ ell ℝ mathbb{R} ℕ mathbb{N} ς varsigma ϵ epsilon ϑ vartheta ϕ varphi
"""
_COMMANDS = {
    "⁻": r"\textsuperscript{\textminus}",
    "−": r"\textminus",
    "′": r"\ensuremath{'}",
    **dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΧο", "ABEZHIKMNOPTXo", strict=True)),
    **{sign: rf"\ensuremath{{{tex}}}" for sign, tex in TEX_GREEK.items()},
    **{sign: rf"\ensuremath{{\{tex}}}" for sign, tex in re.findall(r"(\S) (\S+)", _MATHEMATICS)},
}
"""Commands for others."""


def add_package(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Load the package in a book that has figures."""
    if app.builder.format == "latex" and any(GdvizDomain.of(env)):
        settings = Settings.of(app.config)
        options = "qr" if settings.qr and settings.online else None
        app.add_latex_package("gdviz", options, after_hyperref=True)
        files = app.config.latex_additional_files
        app.config.latex_additional_files = [*files, str(PACKAGE)]
    return []


class Characters(SphinxPostTransform):
    """Tells pdfLaTeX how to set the characters that it does not know."""

    default_priority = 19  # before quotations are shown
    formats = ("latex",)

    def run(self, **kwargs: object) -> None:
        if self.config.latex_engine != "pdflatex" or not any(GdvizDomain.of(self.env)):
            return
        commands: dict[str, str] = {}
        for part in self.document.findall(nodes.Text):
            commands |= _commands(part)
        for node, text, said in self._texts():
            commands |= _commands(text)
            unknown = "".join(dict.fromkeys(s for s in text if _command(s) == ""))
            commands |= dict.fromkeys(unknown, "?")
            if unknown and said:
                source, line = node.source or "", node.line or 1
                place = f"{source}:{line_of(source, line, unknown[0])}"
                hint = 'write it otherwise, or set latex_engine = "xelatex"'
                warn("content", f"{said} {quote(unknown)}, which pdflatex can't set; {hint}", place)
        if commands:
            rows = [rf"\gdvizcharacter{{{sign}}}{{{commands[sign]}}}" for sign in sorted(commands)]
            self.document.insert(0, nodes.raw("", "\n".join(rows) + "\n", format="latex"))

    def _texts(self) -> Iterator[tuple[nodes.Element, str, str]]:
        """All that comes of options: its node, its text, and what to say of one that can't be set.

        Of a mistake that is nothing: it has been told.
        """
        answers = GdvizDomain.of(self.env).answers
        for node in self.document.findall(nodes.Element):
            classes = node.get("classes", ())
            if QUOTATION in node:
                quotation = node[QUOTATION]
                if quotation in answers:
                    yield node, repr(answers[quotation].found), f"{quotation.author}: this has"
            elif "gdviz-mistake" in classes:
                yield node, node.astext(), ""
            elif "gdviz-code" in classes:
                assert isinstance(node.parent, nodes.Element)
                yield node.parent, node.astext(), "gdviz-figure: code: the program has"


def _commands(text: str) -> dict[str, str]:
    """The characters of a text that need a command, for which there is one."""
    return {sign: tex for sign in text if (tex := _command(sign))}


def _command(sign: str) -> str | None:
    """The command for a character; None if it needs none, empty if there is none."""
    if _KNOWN.match(sign):
        return None
    if sign in _COMMANDS:
        return _COMMANDS[sign]
    plain = unicodedata.normalize("NFKC", sign)
    if plain == sign:
        return ""
    commands = [_command(part) for part in plain]
    parts = zip(plain, commands, strict=True)
    return "" if "" in commands else "".join(command or part for part, command in parts)

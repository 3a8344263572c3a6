"""The preamble of the printed book: what LaTeX needs for numbers, figures and codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .config import Settings

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

CHARACTERS = r"""
% Characters of numbers, runs and programs that pdfLaTeX does not know (sphinx_gdviz).
\ifdefined\DeclareUnicodeCharacter
  \DeclareUnicodeCharacter{2212}{\textminus}
  \DeclareUnicodeCharacter{03B7}{\ensuremath{\eta}}
  \DeclareUnicodeCharacter{03B8}{\ensuremath{\theta}}
  \DeclareUnicodeCharacter{221E}{\ensuremath{\infty}}
  \DeclareUnicodeCharacter{207B}{\textsuperscript{\textminus}}
\fi
"""

NUMBERS = r"""
% Figures with a number of their own (sphinx_gdviz). \theHfigure names the link's anchor.
\newcounter{gdvizfigure}
\let\gdviznumber\empty
\AtBeginDocument{%
  \let\gdvizthefigure\thefigure
  \let\gdviztheHfigure\theHfigure
  \renewcommand\thefigure{\ifx\gdviznumber\empty\gdvizthefigure\else\gdviznumber\fi}%
  \renewcommand\theHfigure{\ifx\gdviznumber\empty\gdviztheHfigure\else gdviz.\gdviznumber\fi}%
}
"""

CODES = r"""
% A QR code beside a link (sphinx_gdviz), with the margin that scanners want. In a table, which
% tabulary sets several times, the package would fill TeX's save stack.
\usepackage{etoolbox,qrcode}
\newcommand*\gdvizqr[1]{%
  \begingroup\fboxsep=2mm\kern-\fboxsep
  \colorbox{white}{\color{black}\qrcode*[level=M,height=16mm]{#1}}\endgroup}
\AtBeginEnvironment{sphinxfigure-in-table}{\renewcommand*\gdvizqr[1]{}}
"""


def add_definitions(app: Sphinx, config: Config) -> None:
    """Add definitions after those of the book."""
    settings = Settings.of(config)
    codes = CODES if settings.qr and settings.online else ""
    preamble = config.latex_elements.get("preamble") or ""
    preamble += CHARACTERS + NUMBERS + codes
    config.latex_elements = {**config.latex_elements, "preamble": preamble}

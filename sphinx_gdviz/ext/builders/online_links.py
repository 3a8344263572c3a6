"""Links to the web edition from all others, below each figure that is interactive there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote as percent_quote

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from ..config import Settings
from ..domain import GdvizDomain, is_web
from ..i18n import _
from ..numbering import docname_of
from .live_figure import interactive_figures

if TYPE_CHECKING:
    from sphinx.application import Sphinx


_FORMATS = ("latex", "text", "man", "texinfo")
"""Formats that have links to the web edition, besides EPUB."""


def web_address(template: str, docname: str, figure_id: str) -> str:
    """The address of a figure in the web edition.

    Parameters
    ----------
    template : str
        The address of a page, with ``{page}`` for its name.
    docname, figure_id : str
        The figure's page, and its id there.
    """
    folder, _slash, name = docname.rpartition("/")
    if template.endswith("{page}/") and name == "index":  # such a page is its folder's own
        page = f"{folder}/" if folder else ""
        template = template.removesuffix("/")
    else:
        page = docname
    return f"{template.replace('{page}', percent_quote(page))}#{figure_id}"


def template_for(app: Sphinx) -> str:
    """The template of addresses, if the running builder makes something that shows them."""
    settings = Settings.of(app.config)
    return settings.online if settings.interactive and not is_web(app.builder) else ""


class OnlineLinks(SphinxPostTransform):
    """Ends the legend of each figure that is interactive on the web with a link to it."""

    default_priority = 350  # before Sphinx writes out addresses in print, if the book wants that

    def run(self, **kwargs: object) -> None:
        settings, builder = Settings.of(self.config), GdvizDomain.of(self.env).builder
        shows_links = builder.name == "epub" or builder.format in _FORMATS
        if not settings.online or not shows_links:
            return
        for figure in interactive_figures(self.config, self.document):
            docname = docname_of(figure, self.env.docname)
            address = web_address(settings.online, docname, figure["ids"][0])
            legend = next(figure.findall(nodes.legend), None) or nodes.legend()
            legend += _link(address, builder.format, with_code=settings.qr)
            if legend.parent is None:
                figure += legend


def _link(address: str, kind: str, *, with_code: bool) -> list[nodes.Element]:
    """A link in a format; plain text has the address, all of it in one line."""
    words = str(_("Interactive figure online"))
    if kind in ("text", "man"):
        written = nodes.reference("", address, refuri=address)
        return [nodes.paragraph("", words), nodes.line_block("", nodes.line("", "", written))]
    link = nodes.reference("", words, refuri=address)
    if kind == "latex" and with_code:
        link.insert(0, nodes.raw("", _qr_code(address), format="latex"))
    return [nodes.paragraph("", "", link)]


def _qr_code(address: str) -> str:
    """A QR code for LaTeX: to that no sign of the address means more than itself."""

    def plain(sign: re.Match[str]) -> str:
        return ("\\" if sign[0] in "#%" else r"\string") + sign[0]

    # Babel makes some signs active, the colon in French for one.
    return rf"\gdvizqr{{{re.sub('[^A-Za-z0-9/]', plain, address)}}}"

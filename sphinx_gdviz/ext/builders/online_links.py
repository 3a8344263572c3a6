"""The web edition, from the others: below a figure that is alive there stands where that is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote as percent_quote

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from ..config import Settings
from ..i18n import _
from ..numbering import docname_of
from .assets import is_web
from .live_figure import figures_alive

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def web_address(template: str, docname: str, figure_id: str) -> str:
    """The address of a figure in the web edition.

    Parameters
    ----------
    template : str
        Where the pages are, with ``{page}`` for the name of one.
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


class LinkOnline(SphinxPostTransform):
    """Ends the legend of each figure that is alive on the web with a link to it."""

    default_priority = 350  # before Sphinx writes out addresses in print, if the book wants that
    builders: tuple[str, ...] = ("epub", "texinfo")

    def run(self, **kwargs: object) -> None:
        template = Settings.of(self.config).online
        if not template:
            return
        for figure, _rules in figures_alive(self.config, self.document):
            docname = docname_of(figure, self.env.docname)
            address = web_address(template, docname, figure["ids"][0])
            legend = next(figure.findall(nodes.legend), None) or nodes.legend()
            legend += self.link(address, str(_("Interactive figure online")))
            if legend.parent is None:
                figure += legend

    def link(self, address: str, words: str) -> list[nodes.Element]:
        """What leads to an address."""
        return [nodes.paragraph("", "", nodes.reference("", words, refuri=address))]


class LinkOnlineInPrint(LinkOnline):
    """Puts a QR code before the words, if the book wants that."""

    builders = ()
    formats = ("latex",)

    def link(self, address: str, words: str) -> list[nodes.Element]:
        code = [nodes.raw("", _qr_code(address), format="latex")]
        shown = [*(code if Settings.of(self.config).qr else ()), nodes.Text(words)]
        return [nodes.paragraph("", "", nodes.reference("", "", *shown, refuri=address))]


class AddressOnline(LinkOnline):
    """Writes the address, where that can't be behind words, and all of it in one line."""

    builders = ()
    formats = ("text", "man")

    def link(self, address: str, words: str) -> list[nodes.Element]:
        written = nodes.reference("", address, refuri=address)
        return [nodes.paragraph("", words), nodes.line_block("", nodes.line("", "", written))]


def _qr_code(address: str) -> str:
    """A QR code for LaTeX: to that no sign of the address means more than itself."""

    def plain(sign: re.Match[str]) -> str:
        return ("\\" if sign[0] in "#%" else r"\string") + sign[0]

    # Babel makes some signs active, the colon in French for one.
    return rf"\gdvizqr{{{re.sub('[^A-Za-z0-9/]', plain, address)}}}"

"""The Sphinx side: every hook into a build, in one place and in the order of a build."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from . import config, domain, i18n, latex, numbering, written_pages
from .builders import (
    epub_files,
    live_figure,
    notebook_files,
    online_links,
    pictures,
    web,
)
from .directives.gdviz_experiment import GdvizExperiment
from .directives.gdviz_figure import GdvizFigure
from .directives.gdviz_steps import GdvizRule, GdvizSteps
from .directives.gdviz_table import GdvizTable
from .quotes import resolve
from .quotes.value import GdvizValue

if TYPE_CHECKING:
    from sphinx.application import Sphinx

DIRECTIVES = {
    "gdviz-figure": GdvizFigure,
    "gdviz-experiment": GdvizExperiment,
    "gdviz-table": GdvizTable,
    "gdviz-steps": GdvizSteps,
    "gdviz-rule": GdvizRule,
}
ROLES = {"gdviz-value": GdvizValue()}

EVENTS: tuple[tuple[str, Callable[..., Any], int], ...] = (
    # conf.py has been read. At 800 Sphinx checks the types, and tells of wrong ones itself.
    ("config-inited", config.read_settings, 900),
    ("builder-inited", domain.note_builder, 500),
    # Pages are about to be read; by now Sphinx has compiled the catalogs of the book.
    ("env-get-outdated", domain.find_outdated, 500),
    ("env-before-read-docs", i18n.find_catalogs, 500),
    # All pages have been read.
    ("env-updated", resolve.look_up, 500),
    ("env-updated", pictures.draw_missing, 500),
    ("env-updated", latex.add_package, 500),
    ("env-updated", web.add_folder, 500),
    # At 500 Sphinx gives its numbers.
    ("env-get-updated", numbering.put_back, 400),
    ("env-get-updated", numbering.pin, 600),
    ("env-get-updated", notebook_files.write_notebooks, 900),  # with numbers in their titles
    ("env-get-updated", written_pages.find_stale, 950),
    # Pages are about to be written.
    ("write-started", epub_files.leave_out, 500),
    # A page is about to be written.
    ("doctree-resolved", live_figure.add_data, 500),
    ("doctree-resolved", web.show_extras, 500),
    ("doctree-resolved", written_pages.note_page, 500),
    ("doctree-resolved", pictures.give_to_late, 900),
    ("html-page-context", web.add_assets, 500),
    ("html-page-context", web.add_sizes, 500),
    # All pages have been written.
    ("build-finished", written_pages.save, 500),
    ("build-finished", pictures.prune, 500),
)
"""Event, handler and priority; of one priority, Sphinx keeps the order in which they are here."""

POST_TRANSFORMS = (
    pictures.FigureImages,
    latex.Characters,
    resolve.Quotations,
    numbering.FigureNumbers,
    online_links.OnlineLinks,
)
"""Changes to a page for the running builder, in the order of their priorities."""


def setup(app: Sphinx) -> None:
    """Register everything with Sphinx."""
    config.add_values(app)
    for name, directive in DIRECTIVES.items():
        app.add_directive(name, directive)
    for name, role in ROLES.items():
        app.add_role(name, role)
    app.add_domain(domain.GdvizDomain)
    for transform in POST_TRANSFORMS:
        app.add_post_transform(transform)
    for event, handler, priority in EVENTS:
        app.connect(event, handler, priority)

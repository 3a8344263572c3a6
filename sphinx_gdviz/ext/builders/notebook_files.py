"""Notebooks to try a figure in: one for each figure that offers it, beside the web pages."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from ...files import write_whole
from ..config import Settings
from ..domain import Figure, GdvizDomain, is_web
from ..experiments import experiment_of
from ..log import warn
from ..numbering import name_of, number_of
from ..quotes.resolve import with_values
from ..written_pages import WrittenPages

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment

FOLDER = "_notebooks"
"""The folder of the notebooks among the web pages."""


def colab_address(config: Config, path: str) -> str:
    """The address that opens a notebook of the published pages in Colab; empty for none."""
    if not (folder := Settings.of(config).repository):
        return ""
    folder = folder.removeprefix("https://github.com/").replace("/tree/", "/blob/", 1).rstrip("/")
    return f"https://colab.research.google.com/github/{folder}/{path}"


def write_notebooks(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Write the notebooks that are not there, or not as they should be."""
    if not is_web(app.builder):
        return []
    domain, record = GdvizDomain.of(env), WrittenPages.of(app)
    folder = Path(app.outdir, FOLDER)
    for figure in domain:
        if figure.notebook and figure.key:
            number = number_of(env, figure.docname, figure.figure_id)
            title = name_of(env, number) if number else ""
            caption = with_values(figure.caption, domain)
            state = repr((figure.key, title, caption))
            record.present_notebooks[figure.notebook] = state
            path = folder / f"{figure.notebook}.ipynb"
            if record.notebooks.get(figure.notebook) != state or not path.exists():
                _write(app, figure, path, title, caption)
    for name in record.notebooks.keys() - record.present_notebooks.keys():
        with suppress(OSError):
            (folder / f"{name}.ipynb").unlink()
    return []


def _write(app: Sphinx, figure: Figure, path: Path, title: str, caption: str) -> None:
    from ...core.export.notebook import write_notebook  # few builds need it

    data = write_notebook(experiment_of(app.env, figure), title=title, caption=caption)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, data)
    except OSError as error:
        said = f"gdviz-figure: notebook: it could not be written ({error})"
        warn("option", said, figure.location)

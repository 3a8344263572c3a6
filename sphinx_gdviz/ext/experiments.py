"""The experiments of a book: asked for by directives, and read where one is run or drawn.

The environment keeps what an author wrote and what the page says of it, as plain data. The
experiment itself has a loss, rules and data, which take NumPy: a build that runs and draws nothing
does without.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ..messages import GdvizError, quote
from .cache import Store
from .config import Settings
from .domain import Figure, GdvizDomain
from .log import Subtype

if TYPE_CHECKING:
    from sphinx.environment import BuildEnvironment

    from ..core.experiment import Experiment
    from ..core.losses.dataset import Dataset
    from ..core.result import Result


class Request(NamedTuple):
    """An experiment as it is asked for; the same request of the same data has the same summary.

    Attributes
    ----------
    directive : str
        The name of the directive.
    options : tuple of (str, str)
        Its options.
    defaults : tuple of (str, str or tuple)
        The options for every figure of the book.
    fingerprint : str
        That of the settings of the book.
    """

    directive: str
    options: tuple[tuple[str, str], ...]
    defaults: tuple[tuple[str, Any], ...]
    fingerprint: str

    @property
    def values(self) -> dict[str, Any]:
        """All options, with the defaults of the book."""
        return {**dict(self.defaults), **dict(self.options)}

    @property
    def texts(self) -> dict[str, str]:
        """All options as texts."""
        return {
            name: value if isinstance(value, str) else ", ".join(map(str, value))
            for name, value in self.values.items()
        }

    def read(
        self, settings: Settings, read_data: Callable[[str, str, str], Dataset]
    ) -> tuple[Experiment | None, list[GdvizError]]:
        """Read the experiment, None where it can't be, and the mistakes in its options."""
        from ..core.options.defaults import read_with_defaults

        book = replace(settings.book, read_data=read_data)
        return read_with_defaults(dict(self.options), dict(self.defaults), book)


class Remark(NamedTuple):
    """A message about an option, of a page on which all is shown nevertheless."""

    subtype: Subtype
    option: str
    text: str


class Summary(NamedTuple):
    """All that a page says of an experiment.

    Attributes
    ----------
    key : str
        That of the experiment.
    files : tuple of (str, state)
        The files with its data, and their states when they were read.
    remarks : tuple of Remark
        Told whenever the page is read.
    alt : str
        The alternative text of a figure.
    panels, runs : tuple of str
        Its description.
    program : str
        Its program; empty where none is asked for, or there can't be one.
    rules : dict or None
        The update rules of the book that an interactive figure needs, as its page has them.
    obstacle : str
        The reason why a figure stays a picture in its page; empty where it need not.
    """

    key: str
    files: tuple[tuple[str, tuple[int, int]], ...] = ()
    remarks: tuple[Remark, ...] = ()
    alt: str = ""
    panels: tuple[str, ...] = ()
    runs: tuple[str, ...] = ()
    program: str = ""
    rules: dict[str, Any] | None = None
    obstacle: str = ""


def find_data(env: BuildEnvironment, docname: str, name: str) -> tuple[str, Path]:
    """A file of data that a document names: its path in the book, and its place on the disk.

    It need not be there.

    Raises
    ------
    GdvizError
        If it is not in the book's folder.
    """
    if "\0" in name:
        raise GdvizError(f"{quote(name)} is no name of a file")
    try:
        relative, absolute = env.relfn2path(name, docname)
        path, book = Path(absolute).resolve(), Path(env.srcdir).resolve()
    except (OSError, RuntimeError):  # a link to itself, before Python 3.13
        raise GdvizError(f"{quote(name)} leads nowhere") from None
    if not path.is_relative_to(book):
        raise GdvizError(f"{quote(name)} is outside of the book's folder; move it there")
    return relative, path


def state_of(path: Path) -> tuple[int, int]:
    """What tells a file from a former one of its name: its size, and when it was written."""
    found = path.stat()
    return found.st_size, found.st_mtime_ns


def experiment_of(env: BuildEnvironment, figure: Figure) -> Experiment:
    """The experiment of a figure, read once in a build.

    Raises
    ------
    GdvizError
        If it is not the one that its page was read with: a file has changed meanwhile.
    """
    known = GdvizDomain.of(env).experiments
    place = figure.docname, figure.request
    if place not in known:
        from ..core.losses.dataset import read_file

        def read_data(name: str, x: str, y: str) -> Dataset:
            return read_file(find_data(env, figure.docname, name)[1], name, x, y)

        experiment, mistakes = figure.request.read(Settings.of(env.config), read_data)
        if experiment is None:
            raise mistakes[0]
        if experiment.key != figure.key:
            raise GdvizError("its data have changed since its page was read; build again")
        known[place] = experiment
    return known[place]


def result_of(env: BuildEnvironment, figure: Figure) -> Result:
    """The result of a figure's experiment."""
    return Store.of(env).result(experiment_of(env, figure))

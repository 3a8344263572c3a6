"""The same book in each of the ways that are compared, and in each without its figures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from textwrap import indent

from tests.ext.books import write_book

from .scripts import DESCENT, LEAN_DESCENT, LEAN_RATES, RATES, SETUP

PROSE = (
    """\
The coloured surface is the loss, a function of two parameters: the darker, the lower, and the
better the parameters. Training begins somewhere on it, at parameters that are hardly better than
any others, and looks for a way down. It cannot see the surface. All that it knows is the gradient
where it stands, which points uphill, so each step goes the other way.
""",
    """\
The learning rate says how far. With a small one the path is smooth, and fifty steps do not take it
to the minimum. With a large one each step passes over the hollow that it was meant for, and the
run jumps from side to side for as long as it is allowed to. In between, the path bends into the
hollow and stays there.
""",
    """\
Where the run ends depends on where it began as well. The surface has more than one hollow, and
nothing in the rule tells a deep one from a shallow one. To try other starts is the simplest remedy
and a good one; momentum is another.
""",
)
CAPTIONS = ("Gradient descent on a 2D loss surface.", "Effect of different learning rates.")
FIGURES = len(CAPTIONS)
"""How many figures a chapter has."""

Pictures = Callable[[int], tuple[str, ...]]


@dataclass(frozen=True)
class Variant:
    """A way to write the book.

    Attributes
    ----------
    name : str
        What the report calls it.
    page : callable
        Makes a page of its title and the blocks below it.
    suffix : str
        Of the pages.
    extensions : tuple of str
        For conf.py.
    pictures : callable or None
        The markup of a chapter's figures; None for a book without any.
    formats : tuple of str
        What there is of each figure after a build.
    conf : str
        More lines of conf.py.
    """

    name: str
    page: Callable[[str, list[str]], str]
    suffix: str
    extensions: tuple[str, ...]
    pictures: Pictures | None = None
    formats: tuple[str, ...] = ()
    conf: str = ""

    def write(self, folder: Path, chapters: int) -> None:
        """Write the book of so many chapters."""
        conf = f"extensions = {[*self.extensions]}\nhtml_theme = 'sphinx_book_theme'\n"
        conf += "exclude_patterns = ['_build']\n"  # it is in the book's own folder
        pages = {
            page_name(self, number): self._chapter(number) for number in range(1, chapters + 1)
        }
        write_book(folder, pages, conf + self.conf)

    def _chapter(self, number: int) -> str:
        first, second = self.pictures(number) if self.pictures else ("", "")
        blocks = [PROSE[0], first, PROSE[1], second, PROSE[2]]
        return self.page(f"Down a surface, part {number}", [block for block in blocks if block])


def page_name(variant: Variant, number: int) -> str:
    """The file of a chapter."""
    return f"chapter-{number:03d}.{variant.suffix}"


def _start(number: int) -> str:
    """Another start in each chapter, or one picture would do for all; the first is 1.5, 1.5."""
    return f"{1.5 - (number - 1) / 1000:.3f}, 1.5"


def _myst_page(title: str, blocks: list[str]) -> str:
    return "\n".join([f"# {title}\n", *blocks])


def _rst_page(title: str, blocks: list[str]) -> str:
    return "\n".join([f"{title}\n{'=' * len(title)}\n", *blocks])


def _notebook_page(title: str, blocks: list[str]) -> str:
    head = "---\nfile_format: mystnb\nkernelspec:\n  name: python3\n---\n"
    return "\n".join([head, _myst_page(title, blocks)])


def _directives(number: int) -> tuple[str, ...]:
    common = f":chapter: {number}\n:start: {_start(number)}\n:steps: 50\n"
    options = (
        ":lr: 0.1\n",
        ":lr: 0.01, 0.1, 0.5\n"
        ":titles: Too small (0.01); Good (0.1); Too large (0.5)\n"
        ":clip: -3, 3\n:xlim: -2.5, 2.5\n:ylim: -2.5, 2.5\n",
    )
    return tuple(
        f"```{{gdviz-figure}}\n{common}{own}\n{caption}\n```\n"
        for own, caption in zip(options, CAPTIONS, strict=True)
    )


def _plots(*scripts: str) -> Pictures:
    def pictures(number: int) -> tuple[str, ...]:
        setup = SETUP.replace("@START@", _start(number))
        return tuple(
            f".. plot::\n   :caption: {caption}\n\n{indent(setup + script, '   ')}\n"
            for script, caption in zip(scripts, CAPTIONS, strict=True)
        )

    return pictures


def _cells(number: int) -> tuple[str, ...]:
    """Code cells; the second goes on from the first, as notebooks do."""
    setup = SETUP.replace("@START@", _start(number))
    return tuple(
        f"```{{code-cell}} python\n{script}```\n\n*{caption}*\n"
        for script, caption in zip((setup + DESCENT, RATES), CAPTIONS, strict=True)
    )


MYST = Variant("MyST without figures", _myst_page, "md", ("myst_parser",))
RST = Variant("RST without figures", _rst_page, "rst", ())
NOTEBOOK = Variant("MyST-NB without figures", _notebook_page, "md", ("myst_nb",))

GDVIZ = Variant(
    "gdviz", _myst_page, "md", (*MYST.extensions, "sphinx_gdviz"), _directives, ("svg",)
)
GDVIZ_ALL = Variant(
    "gdviz, svg + pdf + png",
    _myst_page,
    "md",
    GDVIZ.extensions,
    _directives,
    ("svg", "pdf", "png"),
    "gdviz_formats = ['svg', 'pdf', 'png']\n",
)
GDVIZ_PRINT = Variant(
    "gdviz, svg + pdf",
    _myst_page,
    "md",
    GDVIZ.extensions,
    _directives,
    ("svg", "pdf"),
    "gdviz_formats = ['svg', 'pdf']\n",
)
PLOT = Variant(
    "plot_directive, svg + pdf + png",
    _rst_page,
    "rst",
    ("matplotlib.sphinxext.plot_directive",),
    _plots(DESCENT, RATES),
    ("svg", "pdf", "png"),
    "plot_formats = ['svg', 'pdf', 'png']\n",
)
LEAN = Variant(
    "lean Matplotlib, svg + pdf",
    _rst_page,
    "rst",
    PLOT.extensions,
    _plots(LEAN_DESCENT, LEAN_RATES),
    ("svg", "pdf"),
    "plot_formats = ['svg', 'pdf']\n",
)
MYST_NB = Variant(
    "MyST-NB",
    _notebook_page,
    "md",
    NOTEBOOK.extensions,
    _cells,
    ("png",),
    "nb_execution_mode = 'force'\nnb_execution_raise_on_error = True\n",
)
ALL = (MYST, RST, NOTEBOOK, GDVIZ, GDVIZ_ALL, GDVIZ_PRINT, PLOT, LEAN, MYST_NB)

"""Pages for a reader: with our figure, with plotly.js's of the same surface, and with many."""

from __future__ import annotations

import gzip
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import plotly.graph_objects as go
from plotly.offline import get_plotlyjs
from plotly.subplots import make_subplots

from sphinx_gdviz.core.descent.run import descend
from sphinx_gdviz.core.losses.named import LOSSES
from tests.ext.books import Built, myst, run_sphinx, write_book

from .variants import CAPTIONS

MANY = 20
"""Figures on a page that has many."""
PLOTLY = get_plotlyjs()
LINKS = """\
<link rel="stylesheet" href="_static/gdviz.css">
<script defer src="_static/gdviz.js"></script>
"""


@dataclass(frozen=True)
class Site:
    """A built book, and beside it the pages that are compared.

    Each of these has a heading, a paragraph, and one figure or none. A browser reads them from
    files, so that no network makes the larger script look worse than it is.
    """

    built: Built

    @classmethod
    def write(cls, folder: Path) -> Site:
        """Build the book, and write the pages."""
        pages = {
            "run.md": _figures(1),
            "surface.md": _figures(1, ":view: surface"),
            "live.md": _figures(MANY),
            "still.md": _figures(MANY, ":static:"),
        }
        site = cls(run_sphinx(write_book(folder, pages), "html", "-W").ok())
        (site.built.out / "plotly.min.js").write_text(PLOTLY, encoding="utf-8")
        site._write("words", "<script>isDrawn = true</script>")
        for name, plot in _plots().items():
            site._write(f"gdviz-{name}", site._figure(name), LINKS)
            written = plot.to_html(
                full_html=False, include_plotlyjs="directory", post_script="isDrawn = true"
            )
            site._write(f"plotly-{name}", written)
        return site

    @property
    def script(self) -> int:
        """Bytes of our script and style, packed."""
        static = self.built.out / "_static"
        return sum(packed((static / name).read_bytes()) for name in ("gdviz.js", "gdviz.css"))

    @property
    def data(self) -> int:
        """Bytes of the data of the first figure, packed."""
        (text,) = re.findall(r'(?s)class="gdviz-data".*?>(.*?)</script>', self._figure("run"))
        return packed(text.encode())

    def address(self, name: str) -> str:
        """Where a page is."""
        return (self.built.out / f"{name}.html").as_uri()

    def _figure(self, name: str) -> str:
        found = re.search(
            r"(?s)<figure.*?</figure>.*?class=\"gdviz-data\".*?</script>",
            self.built.page(f"{name}.html"),
        )
        assert found
        return found[0]

    def _write(self, name: str, figure: str, head: str = "") -> None:
        head = f'<meta charset="utf-8"><title>A page</title>{head}'
        body = f"<h1>Down a surface</h1>{figure}<p>Words.</p>"
        page = f'<!doctype html><html lang="en"><head>{head}</head><body>{body}</body></html>'
        (self.built.out / f"{name}.html").write_text(page, encoding="utf-8")


def _figures(count: int, *more: str) -> str:
    """So many figures, each from another start; the first is the first one of the book."""
    figures = (
        myst(
            *(":chapter: 22", ":lr: 0.1", f":start: {1.5 - i / 100}, 1.5", ":steps: 50", *more),
            caption=CAPTIONS[0],
        )
        for i in range(count)
    )
    return "\n".join(["# Down a surface\n", *figures])


def packed(data: bytes) -> int:
    """Bytes of a file as servers send it."""
    return len(gzip.compress(data, 9))


def _plots() -> dict[str, Any]:
    """Surface and contours side by side, and the surface alone, each as large as ours is."""
    side, run = np.linspace(-2, 2, 100), descend(lr=0.1)
    losses = LOSSES["bowl"].value(np.stack(np.meshgrid(side, side), axis=-1))
    grid = {"x": side, "y": side, "z": losses, "colorscale": "Viridis"}
    path = {"x": run.points[:, 0], "y": run.points[:, 1], "mode": "lines+markers"}
    relief = [
        go.Surface(grid, showscale=False),
        go.Scatter3d(path, z=run.losses, marker={"size": 3}),
    ]
    kinds = [[{"type": "scene"}, {"type": "xy"}]]
    both = make_subplots(1, 2, specs=kinds, subplot_titles=("Loss surface", "Contours"))
    both.add_traces(relief, 1, 1)
    both.add_traces([go.Contour(grid, ncontours=20), go.Scatter(path)], 1, 2)
    look = {"margin": {"l": 30, "r": 0, "t": 30, "b": 30}, "showlegend": False}
    return {
        "run": both.update_layout(look, width=968, height=465),
        "surface": go.Figure(relief).update_layout(look, width=480, height=408),
    }

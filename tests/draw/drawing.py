"""A figure as tests of pictures look at it: the marks of each panel, and of the legend."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import matplotlib as mpl
import numpy as np
from numpy.typing import ArrayLike

from sphinx_gdviz.core.experiment import Experiment, Style
from sphinx_gdviz.core.methods.optimizer import Optimizer, find_optimizer
from sphinx_gdviz.core.options.syntax import read_style
from sphinx_gdviz.core.result import Result, run
from sphinx_gdviz.draw import style
from sphinx_gdviz.draw.axes import CAPITAL
from sphinx_gdviz.draw.drawing import (
    Box,
    Drawing,
    Fill,
    Image,
    Mark,
    Marker,
    Plot,
    Polyline,
    Text,
)
from sphinx_gdviz.draw.figure import lay_out
from sphinx_gdviz.draw.legend import legend_marks
from sphinx_gdviz.draw.scene import Scene
from sphinx_gdviz.draw.views.surface.camera import Camera


def optimizers(*calls: str) -> tuple[Optimizer, ...]:
    """Optimizers as authors write them."""
    return tuple(map(find_optimizer, calls))


def style_of(sheet: str) -> Style:
    """A style: the name of one of Matplotlib's, or lines such as ``font.size: 8``."""
    return (
        read_style(dict(line.split(": ", 1) for line in sheet.splitlines()))
        if ":" in sheet
        else sheet
    )


@dataclass(frozen=True)
class Part:
    """A panel, or the color bar of a row, with its title.

    Attributes
    ----------
    marks : tuple of Mark
        In the order in which they are painted.
    box : Box
        The plot; of a surface, the box on the page that it is drawn in.
    """

    marks: tuple[Mark, ...]
    box: Box

    @property
    def is_surface(self) -> bool:
        """True if it has walls."""
        return _is_pane(self.marks[0])

    @property
    def texts(self) -> list[Text]:
        """All that is written."""
        return [mark for mark in self.marks if isinstance(mark, Text)]

    @property
    def words(self) -> set[str]:
        """All that is written, as it was given."""
        return {text.layout.text for text in self.texts}

    @property
    def title(self) -> str:
        """The lines above it."""
        lines = [text for text in self.texts if text.y < self.box.top and not text.is_upright]
        return " ".join(text.layout.text for text in reversed(lines))

    @property
    def images(self) -> list[Image]:
        """Its images."""
        return [mark for mark in self.marks if isinstance(mark, Image)]

    def named(self, *names: str) -> list[Mark]:
        """The marks that stand for something."""
        return [mark for mark in self.marks if mark.name in names]

    def lines(self, *names: str) -> list[Polyline]:
        """Those of them that are lines."""
        return [mark for mark in self.named(*names) if isinstance(mark, Polyline)]

    def markers(self, *names: str) -> list[Marker]:
        """Those of them that are markers."""
        return [mark for mark in self.named(*names) if isinstance(mark, Marker)]

    def places(self, *names: str) -> np.ndarray:
        """The places of these markers on the page, shape (n, 2)."""
        return np.concatenate([np.empty((0, 2)), *(m.places for m in self.markers(*names))])

    def beside(self) -> list[tuple[str, float]]:
        """The numbers left of a plot, and where they are: 0 at its lower end, 1 at its upper."""
        numbers = [t for t in self.texts if extent(t).right < self.box.left and not t.is_upright]
        places = [text.y - CAPITAL / 2 * text.size for text in numbers]
        shares = [(self.box.bottom - place) / self.box.height for place in places]
        return [(t.layout.text, share) for t, share in zip(numbers, shares, strict=True)]

    def below(self) -> list[tuple[str, float]]:
        """The numbers under a plot, and where they are: 0 at its left end, 1 at its right."""
        under = [text for text in self.texts if text.y > self.box.bottom and not text.is_upright]
        highest = min(text.y for text in under if extent(text).top > self.box.bottom)
        numbers = [text for text in under if text.y == highest]
        shares = [(middle(text) - self.box.left) / self.box.width for text in numbers]
        return [(t.layout.text, share) for t, share in zip(numbers, shares, strict=True)]


@dataclass(frozen=True)
class Page:
    """A figure.

    Attributes
    ----------
    result : Result
    drawing : Drawing
    panels, bars : list of Part
        The panels row by row, and the color bars.
    legend : list of (str, list of Mark)
        The names in a legend, and the samples before them, row by row.
    """

    result: Result
    drawing: Drawing
    panels: list[Part]
    bars: list[Part]
    legend: list[tuple[str, list[Mark]]]

    @property
    def parts(self) -> list[Part]:
        """Panels and color bars."""
        return [*self.panels, *self.bars]

    @property
    def texts(self) -> list[Text]:
        """All that is written."""
        return [mark for mark in self.drawing.marks if isinstance(mark, Text)]

    def place(self, panel: Part, points: ArrayLike) -> np.ndarray:
        """The places on the page of parameters, in a panel that shows the frame from above."""
        return Plot(panel.box, *self.result.frame).place(np.asarray(points, float))


def laid_out(shown: Experiment | Result) -> Page:
    """The figure of an experiment."""
    result = run(shown) if isinstance(shown, Experiment) else shown
    with mpl.rc_context(style.settings(result.experiment.style)):
        scene = Scene(result)
        drawing = lay_out([scene])
        legend, _ = legend_marks([scene], drawing.marks, drawing.width, 0.0)
    count = len(drawing.marks) - len(legend)
    parts = [_exact(part, drawing.plots) for part in _parts(drawing.marks[:count])]
    panels = [part for part in parts if part.is_surface or part.box in drawing.plots]
    bars = [part for part in parts if part not in panels]
    assert len(panels) == len(drawing.plots)
    return Page(result, drawing, panels, bars, _entries(drawing.marks[count:]))


def _is_pane(mark: Mark) -> bool:
    """True for the floor and the walls behind a surface."""
    return isinstance(mark, Fill) and len(mark.polygons) == 3


def _parts(marks: tuple[Mark, ...]) -> Iterator[Part]:
    """Panels and color bars, each of which begins with the color behind it."""
    begins = [
        index
        for index, mark in enumerate(marks)
        if isinstance(mark, Fill) and (mark.layer == 0 or _is_pane(mark))
    ]
    for begin, end in zip(begins, [*begins[1:], len(marks)], strict=True):
        first = marks[begin]
        assert isinstance(first, Fill)
        yield Part(marks[begin:end], _box_of(np.concatenate(list(first.polygons))))


def _exact(part: Part, plots: tuple[Box, ...]) -> Part:
    """A panel with the very box of its plot."""
    near = [plot for plot in plots if np.allclose(plot, part.box) and not part.is_surface]
    return replace(part, box=near[0]) if near else part


def _box_of(points: np.ndarray) -> Box:
    (left, top), (right, bottom) = points.min(axis=0).tolist(), points.max(axis=0).tolist()
    return Box(left, top, right - left, bottom - top)


def _entries(marks: tuple[Mark, ...]) -> list[tuple[str, list[Mark]]]:
    """The entries of a legend: samples, and then the lines of a name."""
    entries: list[tuple[str, list[Mark], tuple[float, float]]] = []
    samples: list[Mark] = []
    before: Mark | None = None
    for mark in marks:
        if not isinstance(mark, Text):
            samples.append(mark)
        elif isinstance(before, Text):
            name, its_samples, place = entries.pop()
            entries.append((f"{name}\n{mark.layout.text}", its_samples, place))
        else:
            entries.append((mark.layout.text, samples, (round(mark.y, 1), mark.x)))
            samples = []
        before = mark
    assert not samples
    return [(name, its_samples) for name, its_samples, _ in sorted(entries, key=lambda e: e[2])]


def legend_of(page: Page) -> list[str]:
    """The names in the legend of a figure, in the order in which it is read: row by row."""
    return [name for name, _ in page.legend]


def colors_named(page: Page) -> dict[str, str]:
    """The color that stands before each name in a figure's legend, of patches and of lines."""
    return {
        name: sample.color
        for name, (sample, *_) in page.legend
        if isinstance(sample, Fill | Polyline | Marker) and name not in ("Start", "End")
    }


def extent(text: Text) -> Box:
    """What is inked of a text."""
    layout, size = text.layout, text.size
    across, up = (
        (layout.left * size, layout.right * size),
        (layout.bottom * size, layout.top * size),
    )
    if text.is_upright:
        return Box(text.x - up[1], text.y - across[1], up[1] - up[0], across[1] - across[0])
    return Box(text.x + across[0], text.y - up[1], across[1] - across[0], up[1] - up[0])


def middle(text: Text) -> float:
    """The middle of a text across the page."""
    box = extent(text)
    return box.left + box.width / 2


def number(label: str) -> float:
    """A number as it stands at an axis: “−0.25”, “10⁻⁶”, “2·10⁴”."""
    found = re.fullmatch("(−?)(?:([0-9.]+)·)?10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)", label)
    if not found:
        return float(label.replace("−", "-"))
    power = found[3].translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))
    return float(f"{found[1]}{found[2] or 1}e{power}".replace("−", "-"))


def overlap(one: Box, other: Box) -> float:
    """The length of the shorter side of what two boxes share; negative if they are apart."""
    across = min(one.right, other.right) - max(one.left, other.left)
    return min(across, min(one.bottom, other.bottom) - max(one.top, other.top))


def screen_of(panel: Part, camera: Camera) -> Plot:
    """The screen of a camera as it lies on the page."""
    (image,) = panel.images
    (x0, y0), (x1, y1) = (corner.tolist() for corner in camera.extent())
    return Plot(image.box, (x0, x1), (y0, y1))

"""The scene: what the panels of a figure have in common, worked out once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

import numpy as np
from contourpy import LineType, contour_generator
from numpy.typing import NDArray

from ..core.budget import MAX_VERTICES
from ..core.descent.critical_points import CriticalPoint
from ..core.descent.maps import MERGE_RADIUS, Basins, in_order
from ..core.experiment import MARKS, Experiment, Panel
from ..core.expr.symbols import symbol_tex
from ..core.losses.base import Range
from ..core.result import Result, Run
from .bands import Bands, as_palette
from .image import PaletteImage
from .style import RunStyle, run_style
from .views.surface.camera import Camera
from .views.surface.relief import find_camera

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Scene:
    """A result, and what is drawn of its loss in every panel.

    Attributes
    ----------
    result : Result
    first : int
        The number of its first run among those of all losses of the figure.
    is_one_of_many : bool
        True where a panel shows its runs with those of other losses.
    """

    result: Result
    first: int = 0
    is_one_of_many: bool = False

    @property
    def experiment(self) -> Experiment:
        """The experiment that is drawn."""
        return self.result.experiment

    @property
    def frame(self) -> tuple[Range, ...]:
        """The ranges along the sides of a map, or of a graph."""
        is_graph = self.experiment.loss.dimension == 1
        return self.result.graph_frame if is_graph else self.result.frame

    @property
    def aspect(self) -> float:
        """Height of a map for its width."""
        return self.experiment.aspect_of(self.result.frame)

    @cached_property
    def bands(self) -> Bands:
        """The isolines and the colors between them."""
        return Bands(self.result.scale, self.experiment.contours)

    @cached_property
    def normalized(self) -> Array:
        """The losses of the grid on the scale, shape (y, x)."""
        return self.bands.scale.normalized(self.result.grid[2])

    @cached_property
    def map(self) -> PaletteImage:
        """The frame from above, with the bands in their colors."""
        return PaletteImage(
            self.bands.of_normalized(self.normalized)[::-1], as_palette(self.bands.palette)
        )

    @cached_property
    def isolines(self) -> list[tuple[float, Array]]:
        """Pieces of isolines: a normalized loss, and a polyline of parameters, shape (n, 2).

        Of a rugged loss there are fewer than levels, or none: a page of them shows nothing more.
        """
        x, y, _ = self.result.grid
        panels = sum(panel.view.plane in ("box", "frame") for panel in self.experiment.panels)
        levels = self.bands.within(MAX_VERTICES // max(panels, 1), self.normalized)
        normalized = np.ma.masked_invalid(self.normalized)
        generator = contour_generator(x, y, normalized, line_type=LineType.Separate)
        return [
            (fraction, np.asarray(line))
            for fraction in levels.tolist()
            for line in generator.lines(fraction)
        ]

    @cached_property
    def camera(self) -> Camera:
        """The camera that sees the surface."""
        return find_camera(self.experiment, self.result.frame, self.bands.scale)

    @property
    def parameter_names(self) -> list[str]:
        """The names of the parameters in a legend."""
        return [f"${symbol_tex(symbol)}$" for symbol in self.experiment.loss.symbols]

    @property
    def axis_names(self) -> list[str]:
        """The names of the parameters and of the loss at axes: the author's, or the usual."""
        usual = [*self.parameter_names, "Loss"]
        given = [*self.experiment.names, *usual[len(self.experiment.names) :]]
        return [name or other for name, other in zip(given, usual, strict=True)]

    @property
    def parameter_colors(self) -> list[str]:
        """The colors of the parameters where each has one, which no named run has."""
        first = len(self.result.runs) if self.tells_runs_apart else 0
        return [run_style(first + axis).color for axis in range(self.experiment.loss.dimension)]

    @cached_property
    def marked(self) -> tuple[CriticalPoint, ...]:
        """The critical points that the author wants to see."""
        wanted = [MARKS[mark] for mark in self.experiment.marks]
        found = self.result.critical_points if wanted else ()
        return tuple(point for point in found if point.kind in wanted)

    @cached_property
    def destinations(self) -> tuple[CriticalPoint, ...]:
        """The points that starts come to in any of the maps of basins, each once."""
        maps = [shown for shown in self.result.maps if isinstance(shown, Basins)]
        found = sorted({point for shown in maps for point in shown.destinations}, key=in_order)
        kept: list[CriticalPoint] = []
        for point in found:
            if not any(self._are_one(point, other) for other in kept):
                kept.append(point)
        return tuple(kept)

    def number_of(self, point: CriticalPoint) -> int:
        """The place of a point among the destinations, which decides on its color."""
        return next(n for n, other in enumerate(self.destinations) if self._are_one(point, other))

    def _are_one(self, point: CriticalPoint, other: CriticalPoint) -> bool:
        (x0, x1), (y0, y1) = self.result.frame
        return bool(
            np.hypot(*np.subtract(point.point, other.point))
            < MERGE_RADIUS * np.hypot(x1 - x0, y1 - y0)
        )

    @cached_property
    def tells_runs_apart(self) -> bool:
        """Whether some panel shows several runs, so that each has a style and a name of its own."""
        return self.is_one_of_many or any(
            len(self.result.runs_in(panel)) > 1
            for panel in self.experiment.panels
            if not panel.view.is_sweep
        )

    @cached_property
    def all_runs(self) -> list[tuple[Run, RunStyle]]:
        """Every run with its style, which is the same in every panel."""
        return [
            (run, run_style(index if self.tells_runs_apart else 0))
            for index, run in enumerate(self.result.runs, self.first)
        ]

    def runs_in(self, panel: Panel) -> list[tuple[Run, RunStyle]]:
        """The runs of a panel, each with its style."""
        shown = self.result.runs_in(panel)
        return [(run, style_of_run) for run, style_of_run in self.all_runs if run in shown]


def scenes_of(result: Result) -> list[Scene]:
    """A scene for each loss of a figure."""
    views = [panel.view for panel in result.experiment.panels]
    are_many = bool(result.others) and any(view.is_shared for view in views)
    starts = accumulate((len(part.runs) for part in result.parts), initial=0)
    return [Scene(part, first, are_many) for part, first in zip(result.parts, starts, strict=False)]

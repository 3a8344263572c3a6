"""The loss surface in three dimensions, with the path where it is seen and where it is hidden."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from ....core.result import Run
from ... import style
from ...constraint_marks import constraint_marks
from ...critical_marks import critical_marks
from ...drawing import POINTS, Box, Image, Mark, Plot
from ...image import PaletteImage
from ...labels import label_marks
from ...lines import chosen, cut_at_frame, isoline_marks, refined, simplified
from ...model_marks import is_inside, lowest_mark, net, net_marks, touch_mark
from ...run_marks import (
    direction_marks,
    drawn_points,
    end_marks,
    exit_marks,
    iterate_marks,
    line_marks,
)
from ...scene import Scene
from ...slopes import arrow_marks, level_lines, level_mark, slopes_of
from ...style import RunStyle
from .box import box_marks, padding_around
from .relief import MARGIN, Relief

Array = NDArray[np.float64]

HORIZON_DOTS = 192.0
"""Columns to an inch in which the surface is walked to know what it hides, whatever the format;
those of the image for screens."""
SPACING = 1 / 200
"""Distance of the points that lay a straight step on the surface, as a share of the frame."""


def surface_marks(box: Box, scene: Scene, runs: list[tuple[Run, RunStyle]]) -> Iterator[Mark]:
    """Draw one panel, with its labels, in a box."""
    plot = _fit(box, scene)
    unit = box.width / (plot.xlim[1] - plot.xlim[0])  # points to a unit of the screen
    relief = Relief(
        scene.experiment.loss.sketch,
        scene.result.frame,
        scene.camera,
        scene.bands.scale,
        HORIZON_DOTS * unit / POINTS,
    )
    marks = [
        *box_marks(plot, relief, scene.axis_names),
        *_landscape_marks(plot, scene, relief, runs),
    ]
    yield from marks

    def locate(points: Array) -> Array:
        x, y = relief.to_box(points)
        inside = (np.abs(x) <= 0.5 + 1e-9) & (np.abs(y) <= 0.5 + 1e-9)  # false for nan
        places = np.full_like(points, np.nan)
        inside[inside] = relief.sees(points[inside])
        places[inside] = plot.place(relief.project(points[inside]))
        return places

    yield from label_marks(box, scene, runs, locate, marks)


def _landscape_marks(
    plot: Plot, scene: Scene, relief: Relief, runs: list[tuple[Run, RunStyle]]
) -> Iterator[Mark]:
    """The surface, and all that is drawn on it but words."""
    unit = plot.box.width / (plot.xlim[1] - plot.xlim[0])
    lower, upper = map(plot.place, scene.camera.extent())

    @cache
    def render(dots_per_inch: float) -> PaletteImage:
        is_walked = dots_per_inch == HORIZON_DOTS
        dots = dots_per_inch * unit / POINTS
        return (relief if is_walked else replace(relief, dots=dots)).render(scene.bands)

    place = Box(lower[0], upper[1], upper[0] - lower[0], lower[1] - upper[1])
    yield Image(box=place, render=render, layer=4.0)
    yield from _isoline_marks(plot, scene, relief)
    seen = [mark for mark in scene.marked if relief.sees(np.array([mark.point]))[0]]
    points = np.array([mark.point for mark in seen]).reshape(-1, 2)
    yield from critical_marks(seen, plot.place(relief.project(points)))
    if scene.experiment.constraint:
        cut = cut_at_frame(scene.experiment.constraint.outline(), *scene.result.frame)
        lines, _ = _draped(plot, scene, relief, cut.pieces)
        yield from constraint_marks(lines)
    yield from _model_marks(plot, scene, relief)
    yield from _slope_marks(plot, scene, relief)
    for run, run_style in runs:
        yield from _run_marks(plot, scene, relief, run, run_style)


def natural_height(scene: Scene, width: float) -> float:
    """Height of a surface with its labels that is this wide."""
    low, high = scene.camera.extent()
    left, right, below, above = padding_around(scene)
    across, up = high - low
    return float((width - left - right) / across * up) + below + above


def _fit(box: Box, scene: Scene) -> Plot:
    """The plot of the screen in which the surface and its labels fill a box."""
    low, high = scene.camera.extent()
    left, right, below, above = padding_around(scene)
    size, padding = np.array([box.width, box.height]), np.array([left + right, below + above])
    per_point = float(((high - low) / (size - padding)).max())
    # What is left over is shared out evenly.
    spare = size - padding - (high - low) / per_point
    corner = low - (np.array([left, below]) + spare / 2) * per_point
    (x0, y0), (x1, y1) = corner.tolist(), (corner + size * per_point).tolist()
    return Plot(box, (x0, x1), (y0, y1))


def _isoline_marks(plot: Plot, scene: Scene, relief: Relief) -> Iterator[Mark]:
    """The isolines where they are seen."""
    pieces = _seen_pieces(plot, relief, scene.isolines)
    yield from isoline_marks(pieces, scene.experiment.contours)


def _model_marks(plot: Plot, scene: Scene, relief: Relief) -> Iterator[Mark]:
    """Models as nets around their points, where the surface does not hide them."""
    for model in scene.result.models:
        shown: tuple[list[Array], list[Array]] = ([], [])
        lines_of_net = (p[np.isfinite(p).all(axis=1)] for p in net(scene, model))
        for points in (p for p in lines_of_net if len(p)):  # of a flat loss there is none
            normalized = scene.result.scale.normalized(model.value(points))
            fits = (normalized >= -MARGIN) & (normalized <= 1 + MARGIN)
            screen = relief.camera.project(*relief.to_box(points), relief.height_at(normalized))
            seen = relief.sees(points, normalized)
            for lines, choice in zip(shown, (fits & seen, fits & ~seen), strict=True):
                lines += chosen(plot.place(screen), choice)
        yield from net_marks(scene, model, *map(simplified, shown))
        for point, mark in ((model.point, touch_mark), (model.minimum, None)):
            if point is not None and is_inside(scene, point):
                at = np.array([point])
                normalized = scene.result.scale.normalized(model.value(at))
                height = relief.height_at(normalized)
                place = plot.place(relief.camera.project(*relief.to_box(at), height))[0]
                if not relief.sees(at, normalized)[0]:
                    continue
                yield mark(place, style.MARK, style.CASING) if mark else lowest_mark(place)


def _slope_marks(plot: Plot, scene: Scene, relief: Relief) -> Iterator[Mark]:
    """Arrows that point downhill, where their feet are seen, and the isolines through them."""
    for slope in slopes_of(scene):
        height = float(scene.result.scale.normalized(slope.level))
        isolines = [(height, line) for line in level_lines(scene, slope.level)]
        yield level_mark(simplified(_seen_pieces(plot, relief, isolines)))
        if relief.sees(slope.point[np.newaxis])[0]:
            foot, tip = plot.place(relief.project(np.array([slope.point, slope.tip])))
            yield from arrow_marks(foot, tip)


def _seen_pieces(
    plot: Plot, relief: Relief, isolines: Sequence[tuple[float, Array]]
) -> list[Array]:
    """The stretches of isolines that are seen; they lie at heights that are known."""
    if not isolines:
        return []
    lines = [line for _, line in isolines]
    points = np.concatenate(lines)
    normalized = np.repeat([fraction for fraction, _ in isolines], [len(line) for line in lines])
    screen = relief.camera.project(*relief.to_box(points), relief.height_at(normalized))
    screen, seen = plot.place(screen), relief.sees(points, normalized)
    ends = np.cumsum([len(line) for line in lines])[:-1]
    return [
        piece
        for line, choice in zip(np.split(screen, ends), np.split(seen, ends), strict=True)
        for piece in chosen(line, choice)
    ]


def _run_marks(
    plot: Plot, scene: Scene, relief: Relief, run: Run, run_style: RunStyle
) -> Iterator[Mark]:
    xlim, ylim = scene.result.frame
    points, is_lost = drawn_points(run)
    cut = cut_at_frame(points, xlim, ylim)
    solid, dotted = _draped(plot, scene, relief, cut.pieces)
    yield from line_marks(dotted, run_style, hidden=True)
    yield from line_marks(solid, run_style)
    yield from direction_marks(solid, run_style)
    yield from _end_marks(plot, scene, relief, points, run_style, is_lost=is_lost)
    ahead = np.stack([cut.exits[:, 0], cut.exits[:, 0] - cut.exits[:, 1] * 1e-3], axis=1)
    edge, before = (plot.place(relief.project(part)) for part in ahead.transpose(1, 0, 2))
    with np.errstate(invalid="ignore"):  # an exit where the loss has no value
        yield from exit_marks(np.stack([edge, edge - before], axis=1), run_style)


def _draped(
    plot: Plot, scene: Scene, relief: Relief, pieces: Sequence[Array]
) -> tuple[list[Array], list[Array]]:
    """Lines of parameters laid on the surface: what is seen of them, and what it hides."""
    xlim, ylim = scene.result.frame
    spacing = SPACING * np.array([xlim[1] - xlim[0], ylim[1] - ylim[0]])
    solid: list[Array] = []
    dotted: list[Array] = []
    for piece in pieces:
        fine = refined(piece, spacing)
        screen = plot.place(relief.project(fine))
        present = np.isfinite(screen).all(axis=1)
        seen = present & relief.sees(fine)
        for lines, choice in ((solid, seen), (dotted, present & ~seen)):
            lines += [line[np.isfinite(line).all(axis=1)] for line in chosen(screen, choice)]
    return simplified(solid), simplified(dotted)


def _end_marks(
    plot: Plot,
    scene: Scene,
    relief: Relief,
    points: Array,
    run_style: RunStyle,
    *,
    is_lost: bool,
) -> Iterator[Mark]:
    """The marks of a run at its iterates and at its ends."""
    x, y = relief.to_box(points)
    inside = (np.abs(x) <= 0.5 + 1e-9) & (np.abs(y) <= 0.5 + 1e-9)  # false for nan
    places, seen = np.full_like(points, np.nan), np.zeros(len(points), bool)
    places[inside] = plot.place(relief.project(points[inside]))
    seen[inside] = relief.sees(points[inside])
    places[~np.isfinite(places).all(axis=1)] = np.nan  # above a place that has no loss
    yield from iterate_marks(places[1:-1][seen[1:-1]], run_style)
    start = run_style.color if scene.tells_runs_apart else style.START
    ends_seen = bool(seen[0]), bool(seen[-1])
    yield from end_marks(places, run_style, start, is_lost=is_lost, seen=ends_seen)

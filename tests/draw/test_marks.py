"""Marks of critical points: in the contours all, on the surface those that are seen."""

from __future__ import annotations

import numpy as np
import pytest

from sphinx_gdviz.core.experiment import MARKS, Experiment
from sphinx_gdviz.core.losses.named import find_loss
from sphinx_gdviz.core.result import run
from sphinx_gdviz.draw.drawing import Fill, Marker
from sphinx_gdviz.draw.run_marks import exit_marks
from sphinx_gdviz.draw.style import RunStyle
from sphinx_gdviz.draw.views.surface.camera import Camera
from sphinx_gdviz.draw.views.surface.relief import Relief

from .drawing import Part, laid_out, screen_of

X, Y, LOWEST, SADDLE = -0.357818, 0.674475, -0.075142, 0.188607
"""The bowl's three critical points: two minima at (X, ±Y), a saddle at (X, 0)."""
NAMES = ("Minimum", "Saddle point", "Maximum")
HIMMELBLAU = "(x**2+y-11)**2 + (x+y**2-7)**2"


def marked(panel: Part) -> dict[str, np.ndarray]:
    """The places of the marks of a panel by their kind, sorted."""
    return {mark.name: np.array(sorted(mark.places.tolist())) for mark in panel.markers(*NAMES)}


def test_the_contours_show_all_where_they_are() -> None:
    experiment = Experiment(views=("contour",), marks=tuple(MARKS))
    page = laid_out(experiment)
    (panel,) = page.panels
    found = marked(panel)
    assert set(found) == {"Minimum", "Saddle point"}
    # From the top of the page downwards.
    expected = page.place(panel, [(X, Y), (X, -Y), (X, 0)])
    np.testing.assert_allclose(found["Minimum"], expected[:2], atol=1e-4)
    np.testing.assert_allclose(found["Saddle point"], expected[2:], atol=1e-4)


@pytest.mark.parametrize(
    ("kind", "name", "count"),
    [("minima", "Minimum", 4), ("saddles", "Saddle point", 4), ("maxima", "Maximum", 1)],
)
def test_only_what_the_author_wants(kind: str, name: str, count: int) -> None:
    experiment = Experiment(
        loss=find_loss(HIMMELBLAU),
        xlim=(-6, 6),
        ylim=(-6, 6),
        views=("contour",),
        marks=(kind,),
        lr=(0.01,),
        start=((0.0, 0.0),),
    )
    found = marked(laid_out(experiment).panels[0])
    assert list(found) == [name]
    assert len(found[name]) == count


def test_kinds_differ_in_shape() -> None:
    experiment = Experiment(
        loss=find_loss(HIMMELBLAU),
        xlim=(-6, 6),
        ylim=(-6, 6),
        views=("contour",),
        marks=tuple(MARKS),
        lr=(0.01,),
    )
    markers = laid_out(experiment).panels[0].markers(*NAMES)
    assert len({marker.shape for marker in markers}) == 3


def test_none_are_looked_for_unless_asked() -> None:
    assert marked(laid_out(Experiment(views=("contour",))).panels[0]) == {}


@pytest.mark.parametrize(
    ("camera", "seen"), [((-60.0, 40.0), [(X, Y), (X, 0.0)]), ((0.0, 90.0), None)]
)
def test_the_surface_shows_those_that_are_seen(
    camera: tuple[float, float], seen: list[tuple[float, float]] | None
) -> None:
    """From the usual place the near minimum is behind the rim; from above nothing is."""
    experiment = Experiment(views=("surface",), camera=camera, marks=tuple(MARKS))
    result = run(experiment)
    relief = Relief(experiment.loss, result.frame, Camera(*camera), result.scale, 300)
    (panel,) = laid_out(result).panels
    points = relief.project(np.array(seen or [(X, Y), (X, 0.0), (X, -Y)]))
    expected = screen_of(panel, Camera(*camera)).place(points)
    places = np.concatenate(list(marked(panel).values()))
    order, given = np.lexsort(expected.T), np.lexsort(places.T)
    np.testing.assert_allclose(places[given], expected[order], atol=1e-3)


def test_marks_lie_below_the_path() -> None:
    (panel,) = laid_out(Experiment(views=("contour",), marks=tuple(MARKS))).panels
    marks = [panel.marks.index(mark) for mark in panel.named(*NAMES)]
    run = [panel.marks.index(mark) for mark in panel.named("Start", "Steps", "End")]
    assert max(marks) < min(run), "they are painted before it"


@pytest.mark.parametrize("towards", [(1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0)])
def test_an_arrowhead_that_leaves_ends_at_the_frame(towards: tuple[float, float]) -> None:
    """Its edge, too, which reaches beyond its tip."""
    look = RunStyle("#d7191c", (), "o")
    (arrow,) = exit_marks(np.array([[(100.0, 50.0), towards]]), look)
    assert isinstance(arrow, Marker)
    shape = arrow.painted()
    assert isinstance(shape, Fill)
    outline = shape.polygons[0] - (100.0, 50.0)
    beyond = outline @ np.array(towards)
    tip = outline[beyond.argmax()]
    across, back = np.abs(outline - tip).max(axis=0)[:: 1 if towards[1] else -1]
    half = np.arctan2(across, back)  # of the angle at the tip, which the edge goes around
    reach = beyond.max() + arrow.edge_width / 2 / np.sin(half)
    assert -0.1 < reach <= 0.05

"""Arrows of the negative gradient, and the level sets through their feet."""

from __future__ import annotations

import numpy as np
import pytest

from sphinx_gdviz.core.experiment import Experiment
from sphinx_gdviz.core.losses.named import find_loss
from sphinx_gdviz.core.places import Place
from sphinx_gdviz.draw.drawing import Fill, Polyline
from sphinx_gdviz.draw.slopes import DOWNHILL, LEVEL, LONGEST, SHORTEST

from .drawing import Part, laid_out, legend_of

BOWL = find_loss("x**2 + 4*y**2 + x*y")
FEET = [(-1.0, 1.0), (0.25, -0.5), (1.5, 0.5)]
PLACES = tuple(Place("point", point=point) for point in FEET)


def arrows_of(panel: Part) -> list[np.ndarray]:
    """Feet and tips of the arrows of a panel, shape (2, 2) each."""
    fills = [mark for mark in panel.named(DOWNHILL) if isinstance(mark, Fill)]
    outlines = [fill.polygons[0] for fill in fills]
    return [np.array([(o[0] + o[-1]) / 2, o[3]]) for o in outlines]


def test_arrows_are_at_right_angles_to_the_isoline_through_them() -> None:
    page = laid_out(Experiment(BOWL, steps=0, views=("contour",), arrows=PLACES))
    (panel,) = page.panels
    arrows = arrows_of(panel)
    np.testing.assert_allclose([a[0] for a in arrows], page.place(panel, FEET), atol=1e-6)
    for (foot, tip), line in zip(arrows, panel.lines(LEVEL), strict=True):
        points = np.unique(np.concatenate(list(line.lines)).round(6), axis=0)
        near = points[np.argsort(np.hypot(*(points - foot).T))[:2]]
        along, down = near[1] - near[0], tip - foot
        angle = (along @ down) / np.hypot(*along) / np.hypot(*down)
        assert abs(angle) < 0.06
        assert np.hypot(*(near[0] - foot)) < 4


def test_the_steeper_the_longer() -> None:
    page = laid_out(Experiment(BOWL, steps=0, views=("contour",), arrows=PLACES))
    lengths = np.array([np.hypot(*(tip - foot)) for foot, tip in arrows_of(page.panels[0])])
    norms = np.hypot(*BOWL.gradient(FEET).T)
    assert lengths.max() == pytest.approx(LONGEST * page.panels[0].box.width)
    np.testing.assert_allclose(lengths / lengths.max(), np.maximum(norms / norms.max(), SHORTEST))


def test_no_key_but_for_what_is_there() -> None:
    assert legend_of(laid_out(Experiment(BOWL, steps=0))) == []
    page = laid_out(Experiment(BOWL, steps=0, arrows=PLACES))
    assert legend_of(page) == [DOWNHILL, LEVEL]
    assert not [m for m in page.drawing.marks if isinstance(m, Polyline) and m.name == "Steps"]
    assert len(arrows_of(page.panels[0])) == len(FEET), "on the surface, too"


def test_arrows_of_a_graph_lie_level_and_point_downhill() -> None:
    places = tuple(Place("point", point=(x,)) for x in (-1.0, 1.5))
    page = laid_out(Experiment(find_loss("x**2"), steps=0, arrows=places))
    (panel,) = page.panels
    assert panel.title == "Loss"
    for foot, tip in arrows_of(panel):
        assert foot[1] == pytest.approx(tip[1])
    (left, right) = arrows_of(panel)
    assert left[0, 0] < left[1, 0]
    assert right[0, 0] > right[1, 0]


def test_no_arrow_where_the_gradient_vanishes() -> None:
    flat = Place("point", point=(0.0, 0.0))
    page = laid_out(Experiment(BOWL, steps=0, views=("contour",), arrows=(flat,)))
    assert arrows_of(page.panels[0]) == []

"""Bands: one palette for the surface, the contours and the color bar."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pytest

from sphinx_gdviz.core.budget import MAX_VERTICES
from sphinx_gdviz.core.experiment import Experiment
from sphinx_gdviz.core.losses.base import FormulaLoss
from sphinx_gdviz.core.result import run
from sphinx_gdviz.core.scale import Scale
from sphinx_gdviz.draw import style
from sphinx_gdviz.draw.bands import Bands, as_palette
from sphinx_gdviz.draw.scene import Scene

LUMINANCE = np.array([0.2126, 0.7152, 0.0722])


def colors(bands: Bands, losses: list[float]) -> np.ndarray:
    """The pixels of losses, shape (n, 4)."""
    return as_palette(bands.palette)[bands.of(losses)]


def test_levels_are_even_and_strictly_inside() -> None:
    bands = Bands(Scale.suiting(np.array([[0.0, 1.5], [np.nan, 3.0]])), 5)
    np.testing.assert_allclose(bands.levels, [0.5, 1.0, 1.5, 2.0, 2.5])
    assert len(bands.palette) == 6


def test_levels_are_even_on_a_log_scale_too() -> None:
    bands = Bands(Scale(0.0, 99.0, 1.0), 3)
    np.testing.assert_allclose(bands.levels + 1, [100**0.25, 10.0, 100**0.75])
    np.testing.assert_array_equal(bands.of([0.0, 2.0, 3.0, 8.9, 9.1, 99.0]), [0, 0, 1, 1, 2, 3])


def test_equal_losses_have_equal_colors_and_lower_is_darker() -> None:
    shown = colors(Bands(Scale(0.0, 10.0), 9), [0.1, 0.9, 5.5, 9.9])
    np.testing.assert_array_equal(shown[0], shown[1])
    brightness = shown[:, :3] @ LUMINANCE
    assert brightness[0] < brightness[2] < brightness[3]


@pytest.mark.parametrize("count", [1, 20, 60])
def test_brightness_rises_through_the_palette_so_that_grey_print_keeps_the_order(
    count: int,
) -> None:
    with mpl.rc_context(style.settings()):
        brightness = Bands(Scale(0.0, 1.0), count).palette @ LUMINANCE
    assert len(brightness) == count + 1
    assert (np.diff(brightness) > 0).all()


def test_nothing_is_drawn_for_nan() -> None:
    shown = colors(Bands(Scale(0.0, 1.0), 3), [np.nan, np.inf, 0.5])
    np.testing.assert_array_equal(shown[:, 3], [0, 0, 255])


@pytest.mark.parametrize("loss", [2.0, 1e300, 0.0])
def test_a_constant_loss_has_no_levels(loss: float) -> None:
    bands = Bands(Scale.suiting(np.full((3, 3), loss)), 20)
    assert len(bands.levels) == 0
    assert (bands.of([loss]) == 0).all()


def test_isolines_within_a_budget_are_every_so_many() -> None:
    x = np.linspace(0.0, 1.0, 101)
    grid = np.tile(x, (101, 1))
    grid[40:60, 40:60] = np.nan
    bands = Bands(Scale(0.0, 1.0), 9)
    assert len(bands.within(9 * 101, grid)) == 9
    np.testing.assert_allclose(bands.within(5 * 101, grid), [0.2, 0.4, 0.6, 0.8])
    np.testing.assert_allclose(bands.within(81, grid), [0.5])
    assert not len(bands.within(80, grid))


@pytest.mark.parametrize("views", [("contour",), ("surface",), ("surface", "contour", "basins")])
def test_a_rugged_loss_has_few_isolines(views: tuple[str, ...]) -> None:
    loss = FormulaLoss("sin(900*x)*sin(900*y)")
    scene = Scene(run(Experiment(loss=loss, views=views, levels=100, steps=1)))
    vertices = sum(len(line) for _, line in scene.isolines)
    assert MAX_VERTICES / 2 < vertices * len(views) < 1.5 * MAX_VERTICES

"""Bands: one palette for the surface, the contours and the colour bar."""

from __future__ import annotations

import numpy as np

from sphinx_gdviz.draw.bands import Bands


def test_levels_are_even_and_strictly_inside() -> None:
    bands = Bands.of(np.array([[0.0, 1.0], [np.nan, 3.0]]), 5)
    np.testing.assert_allclose(bands.levels, [0.5, 1.0, 1.5, 2.0, 2.5])
    assert len(bands.palette) == 6


def test_equal_losses_have_equal_colours_and_lower_is_darker() -> None:
    bands = Bands(0.0, 10.0, 9)
    colours = bands.colours(np.array([0.1, 0.9, 5.5, 9.9]))
    np.testing.assert_array_equal(colours[0], colours[1])
    brightness = colours[:, :3] @ [0.2126, 0.7152, 0.0722]
    assert brightness[0] < brightness[2] < brightness[3]


def test_brightness_rises_through_the_palette_so_that_grey_print_keeps_the_order() -> None:
    brightness = Bands(0.0, 1.0, 20).palette[:, :3] @ [0.2126, 0.7152, 0.0722]
    assert (np.diff(brightness) > 0).all()


def test_nothing_is_drawn_for_nan() -> None:
    assert Bands(0.0, 1.0, 3).colours(np.array([np.nan]))[0, 3] == 0


def test_a_constant_loss_has_no_levels() -> None:
    assert len(Bands.of(np.full((3, 3), 2.0), 20).levels) == 0
    assert len(Bands.of(np.full((3, 3), 1e300), 20).levels) == 0

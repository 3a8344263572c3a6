"""What the camera sees, against cases that can be worked out and against brute force."""

from __future__ import annotations

import numpy as np
import pytest

from sphinx_gdviz.core.experiment import Experiment
from sphinx_gdviz.draw.bands import Bands
from sphinx_gdviz.draw.camera import Camera
from sphinx_gdviz.draw.contour import sample
from sphinx_gdviz.draw.relief import HEIGHT, Relief


def relief_of(loss: str, azimuth: float, elevation: float, levels: int = 20) -> Relief:
    experiment = Experiment(loss=loss, levels=levels)
    return Relief(experiment, Camera(azimuth, elevation), Bands.of(sample(experiment)[2], levels))


def brute_force_sees(relief: Relief, point: np.ndarray) -> bool:
    """March from a point towards the camera through the box, and look for the surface above."""
    camera = relief.camera
    a, e = np.radians([camera.azimuth, camera.elevation])
    towards = np.array([np.cos(e) * np.cos(a), np.cos(e) * np.sin(a), np.sin(e)])
    x, y = relief.to_box(point)
    origin = np.array([x, y, relief.height(x, y)])
    ray = origin + np.linspace(4e-3, 3.0, 20_000)[:, np.newaxis] * towards
    inside = (np.abs(ray[:, :2]) <= 0.5).all(axis=1)
    above = relief.height(ray[:, 0], ray[:, 1])
    return not bool((inside & (above > ray[:, 2] + 2e-3)).any())


@pytest.mark.parametrize(
    ("loss", "azimuth", "elevation"),
    [("bowl", -60, 15), ("bowl", 30, 40), ("sin(3*x)*cos(3*y)", 100, 10), ("x**2-y**2", -60, 8)],
)
def test_visibility_agrees_with_brute_force(loss: str, azimuth: float, elevation: float) -> None:
    relief = relief_of(loss, azimuth, elevation)
    points = np.random.default_rng(3).uniform(-1.9, 1.9, size=(120, 2))
    expected = [brute_force_sees(relief, point) for point in points]
    assert 0.1 < np.mean(expected) < 1.0, "a case that shows something"
    # Points right at a horizon may fall on either side of it.
    assert np.mean(relief.sees(points) == expected) >= 0.97


def test_from_straight_above_everything_is_seen() -> None:
    points = np.random.default_rng(4).uniform(-2, 2, size=(200, 2))
    assert relief_of("bowl", -60, 90).sees(points).all()


def test_a_ridge_hides_what_is_behind_it() -> None:
    # The camera looks along −x from a low place; the ridge runs along x = 0.
    relief = relief_of("exp(-20*x**2)", 0, 10)
    assert relief.sees(np.array([[1.0, 0.0], [0.02, 0.0]])).all()
    assert not relief.sees(np.array([[-0.5, 0.0], [-0.5, 1.0]])).any()


def test_image_shows_the_loss_where_the_path_is_laid() -> None:
    """The colour of the pixel under a visible point is that of the point's own band."""
    relief = relief_of("bowl", -60, 40, levels=5)
    image, (left, right, bottom, top) = relief.render(400)
    points = np.random.default_rng(5).uniform(-1.8, 1.8, size=(300, 2))
    points = points[relief.sees(points)]
    screen = relief.camera.project(*relief.to_box(points), relief.height(*relief.to_box(points)))
    column = ((screen[:, 0] - left) / (right - left) * image.shape[1]).astype(int)
    row = ((screen[:, 1] - bottom) / (top - bottom) * image.shape[0]).astype(int)
    shown = image[row, column].astype(float)
    own = relief.bands.colours(relief.experiment.function.value(points)) * 255
    # Light changes the brightness of a colour, not which of its channels is the strongest.
    hue = shown[:, :3] / shown[:, :3].sum(axis=1, keepdims=True)
    own_hue = own[:, :3] / own[:, :3].sum(axis=1, keepdims=True)
    assert (shown[:, 3] == 255).all()
    assert np.mean(np.abs(hue - own_hue).max(axis=1) < 0.05) > 0.85  # the rest is under isolines


def test_holes_where_the_loss_is_not_finite() -> None:
    relief = relief_of("log(x)", -60, 60)
    image, _ = relief.render(150)
    covered = (image[..., 3] > 0).mean()
    whole = (relief_of("x", -60, 60).render(150)[0][..., 3] > 0).mean()
    assert 0.2 * whole < covered < 0.8 * whole
    assert (relief.height(np.array([-0.3]), np.array([0.0])) == -np.inf).all()


def test_a_flat_loss_is_a_flat_sheet() -> None:
    relief = relief_of("0*x + 7", -60, 40)
    assert len(relief.bands.levels) == 0
    heights = relief.height(*np.random.default_rng(6).uniform(-0.5, 0.5, size=(2, 20)))
    np.testing.assert_allclose(heights, HEIGHT / 2)
    assert relief.render(60)[0][..., 3].any()

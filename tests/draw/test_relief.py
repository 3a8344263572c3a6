"""What the camera sees, against cases that can be worked out and against brute force."""

from __future__ import annotations

import numpy as np
import pytest

from sphinx_gdviz.core.experiment import Experiment, ScaleKind
from sphinx_gdviz.core.losses.named import find_loss
from sphinx_gdviz.core.result import run
from sphinx_gdviz.draw.bands import Bands
from sphinx_gdviz.draw.views.surface.camera import HEIGHT, Camera
from sphinx_gdviz.draw.views.surface.relief import Relief, find_camera

ROSENBROCK = "(1-x)**2 + 100*(y-x**2)**2"


def camera_of(experiment: Experiment) -> Camera:
    result = run(experiment)
    return find_camera(experiment, result.frame, result.scale)


def relief_of(
    loss: str,
    azimuth: float,
    elevation: float,
    dots: float = 300.0,
    scale: ScaleKind | None = "linear",
) -> Relief:
    experiment = Experiment(loss=find_loss(loss), scale=scale, steps=1)
    result = run(experiment)
    return Relief(experiment.loss, result.frame, Camera(azimuth, elevation), result.scale, dots)


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
    ("loss", "azimuth", "elevation", "scale"),
    [
        ("bowl", -60, 15, None),
        ("bowl", 30, 40, None),
        ("sin(3*x)*cos(3*y)", 100, 10, None),
        ("x**2-y**2", -60, 8, None),
        (ROSENBROCK, 30, 40, "log"),
    ],
)
def test_visibility_agrees_with_brute_force(
    loss: str, azimuth: float, elevation: float, scale: ScaleKind | None
) -> None:
    relief = relief_of(loss, azimuth, elevation, scale=scale)
    points = np.random.default_rng(3).uniform(-1.9, 1.9, size=(120, 2))
    expected = [brute_force_sees(relief, point) for point in points]
    assert 0.1 < np.mean(expected) < 1.0, "a case that shows something"
    # Points right at a horizon may fall on either side of it.
    assert np.mean(relief.sees(points) == expected) >= 0.97
    known = relief.scale.normalized(relief.loss.value(points))
    np.testing.assert_array_equal(relief.sees(points, known), relief.sees(points))


def test_from_straight_above_everything_is_seen() -> None:
    points = np.random.default_rng(4).uniform(-2, 2, size=(200, 2))
    assert relief_of("bowl", -60, 90).sees(points).all()


def test_a_ridge_hides_what_is_behind_it() -> None:
    # The camera looks along −x from a low place; the ridge runs along x = 0.
    relief = relief_of("exp(-20*x**2) + 0*y", 0, 10)
    assert relief.sees(np.array([[1.0, 0.0], [0.02, 0.0]])).all()
    assert not relief.sees(np.array([[-0.5, 0.0], [-0.5, 1.0]])).any()


@pytest.mark.parametrize(("loss", "scale"), [("bowl", "linear"), (ROSENBROCK, "log")])
def test_image_shows_the_loss_where_the_path_is_laid(loss: str, scale: ScaleKind) -> None:
    """The color of the pixel under a visible point is that of the point's own band."""
    relief = relief_of(loss, 30, 40, 300, scale)
    bands = Bands(relief.scale, 5)
    image = relief.render(bands).pixels[::-1]  # the first row at the bottom
    (left, bottom), (right, top) = relief.camera.extent()
    points = np.random.default_rng(5).uniform(-1.8, 1.8, size=(300, 2))
    points = points[relief.sees(points)]
    screen = relief.project(points)
    column = ((screen[:, 0] - left) / (right - left) * image.shape[1]).astype(int)
    row = ((screen[:, 1] - bottom) / (top - bottom) * image.shape[0]).astype(int)
    shown = image[row, column].astype(float)
    own = bands.palette[bands.of(relief.loss.value(points))] * 255
    # Light changes the brightness of a color, not which of its channels is the strongest.
    hue = shown[:, :3] / shown[:, :3].sum(axis=1, keepdims=True)
    own_hue = own / own.sum(axis=1, keepdims=True)
    assert len(points) > 100
    assert (shown[:, 3] == 255).all()
    assert np.mean(np.abs(hue - own_hue).max(axis=1) < 0.05) > 0.9  # the rest is at isolines


def test_holes_where_the_loss_is_not_finite() -> None:
    def covered(loss: str) -> float:
        relief = relief_of(loss, -60, 60, 100)
        image = relief.render(Bands(relief.scale, 20))
        return float((image.pixels[..., 3] > 0).mean())

    whole = covered("x + 0*y")
    assert 0.2 * whole < covered("log(x) + 0*y") < 0.8 * whole
    outside = relief_of("log(x) + 0*y", -60, 60).height(np.array([-0.3]), np.array([0.0]))
    assert (outside == -np.inf).all()


def test_a_flat_loss_is_a_flat_sheet() -> None:
    relief = relief_of("0*x*y + 7", -60, 40, 50)
    assert relief.scale.is_flat
    heights = relief.height(*np.random.default_rng(6).uniform(-0.5, 0.5, size=(2, 20)))
    np.testing.assert_allclose(heights, HEIGHT / 2)
    assert relief.render(Bands(relief.scale, 20)).pixels[..., 3].any()


def seen_share(experiment: Experiment, camera: Camera) -> float:
    """How much of the surface a camera sees, the low ground counted five times the high."""
    result = run(experiment)
    relief = Relief(experiment.loss, result.frame, camera, result.scale, dots=120)
    (x0, x1), (y0, y1) = result.frame
    grid = np.meshgrid(np.linspace(x0, x1, 50), np.linspace(y0, y1, 50))
    points = np.stack(grid, axis=-1).reshape(-1, 2)
    weight = 1.25 - result.scale.normalized(experiment.loss.value(points))
    return float((relief.sees(points) * weight).sum() / weight.sum())


def test_an_authors_camera_wins_then_the_losss_own() -> None:
    authors = Experiment(camera=(10.0, 70.0))
    assert camera_of(authors) == Camera(10.0, 70.0)
    own = Experiment().loss.camera
    assert own is not None
    assert camera_of(Experiment()) == Camera(*own)


USUAL = Camera(-60.0, 40.0)


@pytest.mark.parametrize("loss", ["3*x - 3*y", "x**2 + y**2", "sin(3*x)*cos(3*y)"])
def test_the_usual_camera_stays_where_none_shows_more(loss: str) -> None:
    experiment = Experiment(loss=find_loss(loss), steps=1)
    assert camera_of(experiment) == USUAL


@pytest.mark.parametrize("loss", [ROSENBROCK, "x - y**3", "exp(-(x-1)**2 - (y+1)**2)"])
def test_a_camera_that_is_looked_for_sees_more_than_the_usual_one(loss: str) -> None:
    """From the usual place a hill or a cliff in front hides the low ground."""
    experiment = Experiment(loss=find_loss(loss), steps=1)
    found = camera_of(experiment)
    assert found == camera_of(experiment)
    assert seen_share(experiment, found) > seen_share(experiment, USUAL) + 0.05


def test_the_camera_does_not_depend_on_the_runs() -> None:
    """All figures of a loss are seen from the same side, whatever runs on it."""
    one = Experiment(loss=find_loss(ROSENBROCK))
    other = Experiment(loss=find_loss(ROSENBROCK), lr=(0.5, 1e-3), start=((0.0, 0.0),), steps=3)
    assert camera_of(one) == camera_of(other)


@pytest.mark.parametrize("loss", ["1/x + 0*y", "log(x) + y**2", "1/(x - y)**2"])
def test_the_surface_stays_in_its_box(loss: str) -> None:
    """Between the points of the grid a loss may go on to infinity; the picture does not."""
    relief = relief_of(loss, -60, 40, scale=None)
    points = np.random.default_rng(7).uniform(-2, 2, size=(5000, 2)) * [1e-6, 1]
    heights = relief.height(*relief.to_box(points))
    heights = heights[np.isfinite(heights)]
    assert len(heights) > 1000
    assert heights.min() >= -1e-9
    assert heights.max() <= HEIGHT + 1e-9


def test_no_wall_stands_below_the_edge_of_a_domain() -> None:
    """The image of a dome reaches no lower than the dome does."""
    experiment = Experiment(loss=find_loss("sqrt(1 - x**2 - y**2)"), start=((0.1, 0.1),))
    result = run(experiment)
    relief = Relief(experiment.loss, result.frame, Camera(-60, 40), result.scale, 200)
    covered = relief.render(Bands(result.scale, 20)).pixels[::-1, :, 3].any(axis=1)
    (_, bottom), (_, top) = relief.camera.extent()
    lowest = bottom + int(np.argmax(covered)) / len(covered) * (top - bottom)
    angle = np.linspace(0, 2 * np.pi, 400)
    rim = 0.995 * np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    assert lowest > relief.project(rim)[:, 1].min() - 0.1

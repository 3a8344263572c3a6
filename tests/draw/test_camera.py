"""The camera against a projection written out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from sphinx_gdviz.draw.views.surface.camera import Camera


@pytest.mark.parametrize("azimuth", [-60.0, 0.0, 37.0, 180.0])
@pytest.mark.parametrize("elevation", [5.0, 40.0, 90.0])
def test_projection_is_that_of_an_orthonormal_frame(azimuth: float, elevation: float) -> None:
    a, e = np.radians([azimuth, elevation])
    right = np.array([-np.sin(a), np.cos(a), 0])
    up = np.array([-np.sin(e) * np.cos(a), -np.sin(e) * np.sin(a), np.cos(e)])
    points = np.random.default_rng(1).normal(size=(20, 3))
    screen = Camera(azimuth, elevation).project(*points.T)
    np.testing.assert_allclose(screen, np.stack([points @ right, points @ up], -1), atol=1e-14)


def test_to_floor_inverts_to_camera() -> None:
    camera = Camera(-60, 40)
    x, y = np.random.default_rng(2).normal(size=(2, 50))
    np.testing.assert_allclose(camera.to_floor(*camera.to_camera(x, y)), (x, y), atol=1e-14)

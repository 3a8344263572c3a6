"""The camera: how the box around a surface is seen, without perspective."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, radians, sin

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

HEIGHT = 0.72
"""Height of the box; its floor is the unit square around the origin."""


@dataclass(frozen=True)
class Camera:
    """An orthographic camera above the floor.

    Attributes
    ----------
    azimuth, elevation : float
        In degrees, the direction from the box to the camera, counted as Matplotlib counts them.

    Notes
    -----
    The floor has two coordinates for the camera: `across`, to the right on screen, and `depth`,
    away from the camera. A point at height z appears at (across, depth·sin e + z·cos e). So the
    points of one screen column stand above one line of the floor, and the one with the smaller
    depth is in front.
    """

    azimuth: float
    elevation: float

    def to_camera(self, x: ArrayLike, y: ArrayLike) -> tuple[Array, Array]:
        """The floor's `across` and `depth` of points (x, y)."""
        c, s = cos(radians(self.azimuth)), sin(radians(self.azimuth))
        x, y = np.asarray(x, float), np.asarray(y, float)
        return y * c - x * s, -(x * c + y * s)

    def to_floor(self, across: ArrayLike, depth: ArrayLike) -> tuple[Array, Array]:
        """The inverse of :meth:`to_camera`."""
        c, s = cos(radians(self.azimuth)), sin(radians(self.azimuth))
        across, depth = np.asarray(across, float), np.asarray(depth, float)
        return -across * s - depth * c, across * c - depth * s

    def rise(self, depth: ArrayLike, z: ArrayLike) -> Array:
        """Height on the screen at which a point of this depth and height appears."""
        e = radians(self.elevation)
        return np.asarray(depth, float) * sin(e) + np.asarray(z, float) * cos(e)

    def project(self, x: ArrayLike, y: ArrayLike, z: ArrayLike) -> Array:
        """Screen positions, shape (..., 2), of points of the box."""
        across, depth = self.to_camera(x, y)
        rise = self.rise(depth, z)
        return np.stack(np.broadcast_arrays(across, rise), axis=-1)

    def extent(self) -> tuple[Array, Array]:
        """Lower left and upper right corner of the box on screen."""
        corners = np.meshgrid([-0.5, 0.5], [-0.5, 0.5], [0.0, HEIGHT], indexing="ij")
        screen = self.project(*corners).reshape(-1, 2)
        return screen.min(axis=0), screen.max(axis=0)

"""The relief: a loss as a height field that is rendered, and that hides what is behind it.

An image of the surface is found column by column. Above one line of the floor, walked from the
camera outwards, a point is seen from above where it rises higher on screen than all before it,
and from below where it sinks lower than all before it (Wright, IEEE Trans. Computers C-22, 1973,
p. 877, with one horizon for each column). The same walk says whether a point of the path is seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ..core.experiment import Experiment
from .bands import Bands
from .camera import Camera

Array = NDArray[np.float64]

HEIGHT = 0.72
"""Height of the box; its floor is the unit square around the origin."""
MARGIN = 0.05
"""Air between the surface and the box's floor and ceiling, as a share of the loss's range."""
SAMPLES = 400
"""Points in the walk along each line of sight."""
CHUNK = 4096
"""Points that are looked at in one go, so that long paths fit into memory."""
SHADES = 64
"""Shades of light and dark that are told apart."""
LIGHT = (-40.0, 50.0)
"""Direction of the light: degrees to the camera's left, degrees above the floor."""


@dataclass(frozen=True)
class Relief:
    """The loss of an experiment over its frame, as a height field in the box of a camera."""

    experiment: Experiment
    camera: Camera
    bands: Bands

    @cached_property
    def zlim(self) -> tuple[float, float]:
        """The losses at the box's floor and ceiling."""
        low, high = self.bands.low, self.bands.high
        air = MARGIN * ((high - low) or 1.0)
        return low - air, high + air

    def to_box(self, points: Array) -> tuple[Array, Array]:
        """Box coordinates of parameters of shape (..., 2)."""
        (x0, x1), (y0, y1) = self.experiment.frame
        return (points[..., 0] - x0) / (x1 - x0) - 0.5, (points[..., 1] - y0) / (y1 - y0) - 0.5

    def losses(self, x: Array, y: Array) -> Array:
        """The loss above box coordinates."""
        (x0, x1), (y0, y1) = self.experiment.frame
        points = np.stack([x0 + (x + 0.5) * (x1 - x0), y0 + (y + 0.5) * (y1 - y0)], axis=-1)
        return self.experiment.function.value(points)

    def height(self, x: Array, y: Array) -> Array:
        """Height of the surface above box coordinates; −inf where the loss is not finite."""
        return self.height_of(self.losses(x, y))

    def height_of(self, losses: Array) -> Array:
        """Height in the box of a loss."""
        low, high = self.zlim
        return np.where(np.isfinite(losses), (losses - low) / (high - low) * HEIGHT, -np.inf)

    def sees(self, points: Array) -> NDArray[np.bool_]:
        """Whether the camera sees points on the surface, given as parameters of shape (n, 2)."""
        pieces = np.array_split(points, len(points) // CHUNK + 1)
        return np.concatenate([self._sees(piece) for piece in pieces])

    def _sees(self, points: Array) -> NDArray[np.bool_]:
        x, y = self.to_box(points)
        across, depth = self.camera.to_camera(x, y)
        nearest, _ = self._span(across)
        # The walk stops just short of the point, or rounding would have it hide itself.
        walk = nearest + np.linspace(0.0, 1.0 - 2e-3, SAMPLES)[:, np.newaxis] * (depth - nearest)
        rise = self.camera.rise(walk, self.height(*self.camera.to_floor(across, walk)))
        own = self.camera.rise(depth, self.height(x, y))
        return np.asarray(rise.max(axis=0) <= own + 1e-3)

    def render(self, dots: float) -> tuple[NDArray[np.uint8], tuple[float, float, float, float]]:
        """An image of the surface, lit and with its isolines.

        Parameters
        ----------
        dots : float
            Pixels to one unit of the box.

        Returns
        -------
        image : ndarray of uint8, shape (rows, columns, 4)
            The first row at the bottom; transparent where there is no surface.
        extent : tuple of float
            Left, right, bottom and top on screen.
        """
        across, rise = self._pixels(dots)
        depth = self._visible_depth(across, rise)
        x, y = self.camera.to_floor(across, depth)
        losses = np.where(np.isfinite(depth), self.losses(x, y), np.nan)
        colour = self.bands.colours(losses)
        colour[..., :3] *= self._light(x, y)[..., np.newaxis]
        colour[..., :3] += (1 - colour[..., :3]) * 0.5 * self._isolines(losses)[..., np.newaxis]
        half = 0.5 / dots
        extent = (across[0] - half, across[-1] + half, rise[0] - half, rise[-1] + half)
        image = np.nan_to_num(np.clip(colour, 0.0, 1.0) * 255).round().astype(np.uint8)
        return image, (float(extent[0]), float(extent[1]), float(extent[2]), float(extent[3]))

    def _span(self, across: Array) -> tuple[Array, Array]:
        """Nearest and farthest depth of the floor along each line of sight."""
        # The line is (x, y) = p + depth·q; each side of the square bounds depth from both ends.
        p = np.stack(self.camera.to_floor(across, 0.0), axis=-1)
        q = np.stack(self.camera.to_floor(0.0, 1.0), axis=-1)
        with np.errstate(divide="ignore", invalid="ignore"):
            ends = np.sort(np.stack([(-0.5 - p) / q, (0.5 - p) / q]), axis=0)
        nearest, farthest = ends[0].max(axis=-1), ends[1].min(axis=-1)
        return nearest, np.maximum(nearest, farthest)

    def _pixels(self, dots: float) -> tuple[Array, Array]:
        """Centres of the columns and rows that can hold a part of the box."""
        corners = self.camera.project(
            *np.meshgrid([-0.5, 0.5], [-0.5, 0.5], [0.0, HEIGHT], indexing="ij")
        ).reshape(-1, 2)
        low, high = corners.min(axis=0), corners.max(axis=0)
        count = np.ceil((high - low) * dots).astype(int)
        centres = [low[i] + (np.arange(count[i]) + 0.5) / dots for i in (0, 1)]
        inside = np.abs(centres[0]) < high[0]
        return centres[0][inside], centres[1]

    def _visible_depth(self, across: Array, rise: Array) -> Array:
        """Depth of what is seen in each pixel, shape (rows, columns); nan for nothing."""
        nearest, farthest = self._span(across)
        share = np.linspace(0.0, 1.0, SAMPLES)[:, np.newaxis]
        walk = nearest + share * (farthest - nearest)
        surface = self.camera.rise(walk, self.height(*self.camera.to_floor(across, walk)))
        upper = np.maximum.accumulate(surface, axis=0)
        lower = np.minimum.accumulate(np.where(np.isfinite(surface), surface, np.inf), axis=0)
        depth = np.full((len(rise), len(across)), np.nan)
        for column in range(len(across)):
            above = np.searchsorted(upper[:, column], rise)
            below = np.searchsorted(-lower[:, column], -rise)
            index = np.where(rise >= surface[0, column], above, below)
            seen = (index > 0) & (index < SAMPLES)
            i = index[seen]
            before, after = surface[i - 1, column], surface[i, column]
            with np.errstate(invalid="ignore", divide="ignore"):
                part = np.nan_to_num((rise[seen] - before) / (after - before), nan=1.0)
            depth[seen, column] = walk[i - 1, column] + part * (walk[1, column] - walk[0, column])
        return depth

    def _light(self, x: Array, y: Array) -> Array:
        """Brightness of the surface, 1 where it is level with the light."""
        step = 1e-3
        with np.errstate(invalid="ignore"):
            slope_x = (self.height(x + step, y) - self.height(x - step, y)) / (2 * step)
            slope_y = (self.height(x, y + step) - self.height(x, y - step)) / (2 * step)
            normal = np.stack([-slope_x, -slope_y, np.ones_like(x)])
            normal /= np.sqrt((normal**2).sum(axis=0))
        turn, tilt = np.radians(self.camera.azimuth + LIGHT[0]), np.radians(LIGHT[1])
        light = np.array([np.cos(tilt) * np.cos(turn), np.cos(tilt) * np.sin(turn), np.sin(tilt)])
        shade = 0.62 + 0.42 * np.tensordot(light, normal, axes=1)
        # Shades too fine to see, but few: the image packs into half the bytes.
        few: Array = np.nan_to_num(np.round(shade * SHADES) / SHADES)
        return few

    def _isolines(self, losses: Array) -> Array:
        """Coverage of each pixel by an isoline about one pixel and a half wide."""
        levels = self.bands.levels
        if not len(levels):
            return np.zeros_like(losses)
        with np.errstate(invalid="ignore", divide="ignore"):
            nearest = levels[np.searchsorted((levels[:-1] + levels[1:]) / 2, losses)]
            distance: Array = np.abs(losses - nearest) / np.hypot(*np.gradient(losses))
        return np.nan_to_num(np.clip(1.3 - distance, 0.0, 1.0))

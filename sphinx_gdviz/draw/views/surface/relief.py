"""The relief: a loss as a height field that is rendered, and that hides what is behind it.

An image of the surface is found column by column. Above one line of the floor, walked from the
camera outwards, a point is seen from above where it rises higher on screen than all before it,
and from below where it sinks lower than all before it (Wright, IEEE Trans. Computers C-22, 1973,
p. 877, with one horizon for each column). The same horizons say whether a point of a path is seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ....core.experiment import Experiment
from ....core.losses.base import Loss, Range
from ....core.scale import Scale
from ...bands import Bands, as_palette
from ...image import PaletteImage
from .camera import HEIGHT, Camera

Array = NDArray[np.float64]

MARGIN = 0.05
"""Air between the surface and the box's floor and ceiling, as a share of the scale."""
SAMPLES = 256
"""Points in the walk along each line of sight."""
SHADES = 12
"""Shades of light and dark: with 20 isolines their colors fit into a palette of 256."""
DARKEST, LIGHTEST = 0.62, 1.04
LIGHT = (-40.0, 50.0)
"""Direction of the light: degrees to the camera's left, degrees above the floor."""
SLACK = 1e-3
"""Distance below a horizon at which a point still counts as seen: rounding, and no more."""
BELOW_ALL = -1e9
"""A horizon where nothing has been met yet."""
AZIMUTHS = (-60.0, -30.0, -120.0, 30.0, 60.0, 120.0, 150.0, -150.0)
"""Azimuths of a camera that is looked for, the default first."""
ELEVATION = 40.0
BETTER = 0.08
"""By how much more another place has to show before it is taken."""


@dataclass(frozen=True)
class Relief:
    """A loss over a frame, as a height field in the box of a camera.

    Attributes
    ----------
    loss : Loss
    frame : tuple of tuple of float
        The ranges of the parameters.
    camera : Camera
    scale : Scale
        The scale of heights.
    dots : float
        Columns of pixels to one unit of the box.
    """

    loss: Loss
    frame: tuple[Range, ...]
    camera: Camera
    scale: Scale
    dots: float

    def to_box(self, points: Array) -> tuple[Array, Array]:
        """Box coordinates of parameters of shape (..., 2)."""
        (x0, x1), (y0, y1) = self.frame
        return (points[..., 0] - x0) / (x1 - x0) - 0.5, (points[..., 1] - y0) / (y1 - y0) - 0.5

    def from_box(self, x: Array, y: Array) -> Array:
        """Parameters of box coordinates, the inverse of :meth:`to_box`."""
        (x0, x1), (y0, y1) = self.frame
        return np.stack([x0 + (x + 0.5) * (x1 - x0), y0 + (y + 0.5) * (y1 - y0)], axis=-1)

    def height(self, x: Array, y: Array) -> Array:
        """Height of the surface above box coordinates; −inf where the loss is not finite."""
        losses = self.loss.value(self.from_box(x, y))
        return self.height_at(self.scale.normalized(losses))

    def height_at(self, normalized: Array) -> Array:
        """Height in the box of a normalized loss, at most its ceiling; −inf for nan."""
        inside = (np.clip(normalized, -MARGIN, 1 + MARGIN) + MARGIN) / (1 + 2 * MARGIN)
        return np.where(np.isnan(normalized), -np.inf, inside * HEIGHT)

    def project(self, points: Array) -> Array:
        """Screen positions, shape (n, 2), of parameters laid on the surface."""
        x, y = self.to_box(points)
        return self.camera.project(x, y, self.height(x, y))

    def sees(self, points: Array, normalized: Array | None = None) -> NDArray[np.bool_]:
        """Whether the camera sees points on the surface from above.

        Parameters
        ----------
        points : ndarray, shape (n, 2)
            Parameters within the frame.
        normalized : ndarray, shape (n,), optional
            Their losses on the scale, if they are known.
        """
        x, y = self.to_box(points)
        height = self.height(x, y) if normalized is None else self.height_at(normalized)
        across, depth = self.camera.to_camera(x, y)
        rise = self.camera.rise(depth, height)
        columns = self._walk.across
        spacing = columns[1] - columns[0]
        place = np.clip((across - columns[0]) / spacing, 0, len(columns) - 1)
        left = np.minimum(place.astype(int), len(columns) - 2)
        part = place - left
        horizon = (1 - part) * self._walk.horizon(left, depth)
        horizon += part * self._walk.horizon(left + 1, depth)
        return np.asarray(rise >= horizon - SLACK)

    def render(self, bands: Bands) -> PaletteImage:
        """An image of the surface, lit; transparent where there is no surface.

        Parameters
        ----------
        bands : Bands
            The colors of losses.
        """
        walk, rows = self._walk, self._centres(1)
        index = self._hits(rows)
        columns = index.shape[1]
        # The pixels that show the surface, and the samples of the walk just before and behind it;
        # half the precision is plenty for a color, and memory is what takes the time here.
        pixels = np.flatnonzero(index)
        after = index.ravel().take(pixels).astype(np.int32) * columns + pixels % columns
        before = after - columns
        level = rows.astype(np.float32).take(pixels // columns)
        rise, normalized = (a.astype(np.float32).ravel() for a in (walk.rise, walk.normalized))
        with np.errstate(invalid="ignore", divide="ignore"):
            low, high = rise.take(before), rise.take(after)
            part = np.clip(np.nan_to_num((level - low) / (high - low), nan=1.0), 0, 1)
            # Where the loss begins to have values there is an edge, and no wall below it.
            is_wall = ~np.isfinite(low) & (high - level > 1.5 / self.dots)
            low, high = normalized.take(before), normalized.take(after)
            fraction = np.where(np.isfinite(low), low + part * (high - low), high)
        fraction[is_wall] = np.nan
        brightness = np.linspace(DARKEST, LIGHTEST, SHADES)[:, np.newaxis]
        palette = as_palette((bands.palette[:, np.newaxis] * brightness).reshape(-1, 3))
        band = bands.of_normalized(fraction)
        numbers = np.full(
            index.size, len(palette) - 1, np.uint8 if len(palette) < 256 else np.int32
        )
        numbers[pixels] = np.where(
            band < 0, len(palette) - 1, band * SHADES + self._shades.ravel().take(after)
        )
        return PaletteImage(numbers.reshape(index.shape)[::-1], palette)

    def _centres(self, axis: int) -> Array:
        """The middles of the pixels along one side of the screen, which they fill."""
        low, high = self.camera.extent()
        count = int(np.ceil((high[axis] - low[axis]) * self.dots))
        centres: Array = low[axis] + (np.arange(count) + 0.5) / count * (high[axis] - low[axis])
        return centres

    @cached_property
    def _walk(self) -> Walk:
        across = self._centres(0)
        nearest, farthest = self._span(across)
        depth = nearest + np.linspace(0.0, 1.0, SAMPLES)[:, np.newaxis] * (farthest - nearest)
        points = self.from_box(*self.camera.to_floor(across, depth))
        losses = self.loss.value(points)
        normalized = self.scale.normalized(losses)
        rise = self.camera.rise(depth, self.height_at(normalized))
        return Walk(across, nearest, farthest, points, losses, normalized, rise)

    def _span(self, across: Array) -> tuple[Array, Array]:
        """Nearest and farthest depth of the floor along each line of sight."""
        # The line is (x, y) = p + depth·q; each side of the square bounds depth from both ends.
        p = np.stack(self.camera.to_floor(across, 0.0), axis=-1)
        q = np.stack(self.camera.to_floor(0.0, 1.0), axis=-1)
        with np.errstate(divide="ignore", invalid="ignore"):
            ends = np.sort(np.stack([(-0.5 - p) / q, (0.5 - p) / q]), axis=0)
        nearest, farthest = ends[0].max(axis=-1), ends[1].min(axis=-1)
        return nearest, np.maximum(nearest, farthest)

    def _hits(self, rows: Array) -> NDArray[np.int16]:
        """The sample of the walk that is seen in each pixel, 0 for none, shape (rows, columns)."""
        rise = self._walk.rise
        above = _first_beyond(self._walk.upper, rows)
        lowest = np.minimum.accumulate(np.where(np.isfinite(rise), rise, np.inf), axis=0)
        below = _first_beyond(-lowest, -rows[::-1])[::-1]
        index = np.where(rows[:, np.newaxis] >= rise[0], above, below)
        index[index >= SAMPLES] = 0
        return index

    @cached_property
    def _shades(self) -> NDArray[np.uint8]:
        """Numbers of the shades in which the samples of the walk are lit."""
        (x0, x1), (y0, y1) = self.frame
        walk, tall = self._walk, HEIGHT / (1 + 2 * MARGIN)
        with np.errstate(all="ignore"):
            steep = self.scale.slope(walk.losses)[..., np.newaxis] * tall
            slopes = self.loss.gradient(walk.points) * steep * [x1 - x0, y1 - y0]
            turn, tilt = np.radians([self.camera.azimuth + LIGHT[0], LIGHT[1]])
            towards = np.cos(tilt) * np.array([np.cos(turn), np.sin(turn)])
            length = np.sqrt(1 + (slopes**2).sum(axis=-1))
            light = (np.sin(tilt) - (slopes * towards).sum(axis=-1)) / length
            shade = (0.62 + 0.42 * light - DARKEST) / (LIGHTEST - DARKEST) * (SHADES - 1)
        numbers: Array = np.clip(np.nan_to_num(np.round(shade)), 0, SHADES - 1)
        return numbers.astype(np.uint8)


@dataclass(frozen=True)
class Walk:
    """The surface above the floor's lines of sight, each walked from the camera outwards.

    Attributes
    ----------
    across, nearest, farthest : ndarray, shape (columns,)
        The place of a line on screen, and the depths at which it begins and ends.
    points : ndarray, shape (SAMPLES, columns, 2)
        The parameters of its samples.
    losses, normalized, rise : ndarray, shape (SAMPLES, columns)
        Their losses, these on the scale, and the heights on the screen at which they appear.
    """

    across: Array
    nearest: Array
    farthest: Array
    points: Array
    losses: Array
    normalized: Array
    rise: Array

    @cached_property
    def upper(self) -> Array:
        """Height on screen of the surface up to each sample, shape (SAMPLES, columns)."""
        return np.maximum.accumulate(self.rise, axis=0)

    def horizon(self, column: NDArray[np.intp], depth: Array) -> Array:
        """Height on screen that the surface reaches before it comes to this depth, shape (n,)."""
        span = self.farthest[column] - self.nearest[column]
        with np.errstate(invalid="ignore", divide="ignore"):
            place = np.nan_to_num((depth - self.nearest[column]) / span) * (SAMPLES - 1)
        place = np.clip(place, 0, SAMPLES - 1)
        before = np.minimum(place.astype(int), SAMPLES - 2)
        low, high = self.upper[before, column], self.upper[before + 1, column]
        with np.errstate(invalid="ignore"):
            between = low + (place - before) * (high - low)
        rise = np.where(np.isfinite(low), between, np.where(place > before, low, high))
        return np.asarray(np.maximum(rise, BELOW_ALL))


def _first_beyond(climbing: Array, rows: Array) -> NDArray[np.int16]:
    """For each row, the first sample of each column that is at least as high.

    It is the number of samples below the row, counted by a histogram of the rows that they reach.
    """
    count, columns = len(rows), climbing.shape[1]
    reached = np.clip(np.floor((climbing - rows[0]) / (rows[1] - rows[0])) + 1, 0, count)
    cells = reached.astype(np.intp) * columns + np.arange(columns)
    counts = np.bincount(cells.ravel(), minlength=(count + 1) * columns)
    counted = counts.astype(np.int16).reshape(count + 1, columns)
    return np.asarray(np.cumsum(counted, axis=0, dtype=np.int16)[:-1])


def find_camera(experiment: Experiment, frame: tuple[Range, ...], scale: Scale) -> Camera:
    """The camera of a figure: the author's, the loss's own, or one that sees much low ground.

    A camera that is looked for depends on the loss and the frame alone, so that all figures of a
    loss are seen from the same side.
    """
    chosen = experiment.camera or experiment.loss.camera
    if chosen:
        return Camera(*chosen)
    (x0, x1), (y0, y1) = frame
    x, y = np.linspace(x0, x1, 32), np.linspace(y0, y1, 32)
    points = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    loss = experiment.loss.sketch
    normalized = scale.normalized(loss.value(points))
    points, normalized = points[~np.isnan(normalized)], normalized[~np.isnan(normalized)]

    def shown(azimuth: float) -> float:
        relief = Relief(loss, frame, Camera(azimuth, ELEVATION), scale, dots=64)
        weight = 1.25 - normalized
        return float((relief.sees(points, normalized) * weight).sum() / weight.sum())

    usual = shown(AZIMUTHS[0])
    best = max(AZIMUTHS[1:], key=shown)
    return Camera(best if shown(best) > usual + BETTER else AZIMUTHS[0], ELEVATION)

"""The neighbourhood of points: what a function does on a small sphere around each of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from ..losses.base import Array

Flags = NDArray[np.bool_]
Function = Callable[[Array], Array]
"""Of points of shape (..., d) an array of shape (...), nowhere nan."""

DIRECTIONS = 32
"""Points of a circle that are tried; of a sphere, as many for each of its dimensions."""
ZOOMS = 12
"""Times to look closer, 16 times each, where a function may be lowest on a sphere."""
FEWER_ZOOMS, FEWEST_ZOOMS = 8, 4
"""Fewer will do where the place may be rough, and where only the value counts."""
SEARCHES = 4
"""Places of a sphere of more dimensions that are searched; of a circle, all."""
KINK_ANGLE = 0.1
"""An angle in which a kink hardly runs: many run along an axis or a diagonal."""


def norm(vectors: Array) -> Array:
    """The Euclidean norm of vectors of shape (d, ...), shape (...), without overflow."""
    return reduce(np.hypot, vectors[1:], np.abs(vectors[0]))


def lengths(vectors: Array) -> Array:
    """The Euclidean norm of vectors of shape (..., d), shape (...)."""
    return norm(np.moveaxis(vectors, -1, 0))


def defined(values: Array) -> Array:
    """Values, infinite where they are nan."""
    return np.where(np.isnan(values), np.inf, values)


def largest(slopes: Array) -> Array:
    """The largest finite gradient norm of each row, 0 where there is none."""
    found: Array = np.where(np.isfinite(slopes), slopes, 0.0).max(axis=-1)
    return found


def around(points: Array, radius: float | Array) -> Array:
    """Points on a sphere around each point of shape (..., d), shape (..., n, d)."""
    directions = _directions(points.shape[-1])
    found: Array = points[..., np.newaxis, :] + np.asarray(radius)[..., None, None] * directions
    return found


def few_directions(dimension: int) -> Array:
    """A few unit vectors, which hardly lie in the set where a gradient jumps, shape (n, d)."""
    if dimension == 2:
        return _unit_vectors(KINK_ANGLE + np.arange(3) * 2 * np.pi / 3)
    return _directions(1) if dimension == 1 else _sample(dimension, dimension + 1)


def lowest_around(
    function: Function,
    points: Array,
    radius: float | Array,
    zooms: int = ZOOMS,
    axes: Array | None = None,
) -> tuple[Array, Array]:
    """Minimize a function on the sphere around each of some points of shape (n, d).

    It is searched `zooms` times closer. For more than two parameters, the columns of `axes`, of
    shape (n, d, d), are tried as directions, too.

    Returns
    -------
    lowest : ndarray, shape (n,)
    places : ndarray, shape (n, d)
    """
    radius = np.broadcast_to(radius, len(points))
    if points.shape[-1] == 2:
        return _lowest_on_circle(function, points, radius, zooms)
    return _lowest_on_sphere(function, points, radius, zooms, axes)


def _lowest_on_circle(
    function: Function, points: Array, radius: Array, zooms: int
) -> tuple[Array, Array]:
    """Look closer at each angle where the function is lower than at both angles beside it."""
    values = function(around(points, radius))
    lowest = (values <= np.roll(values, 1, axis=-1)) & (values <= np.roll(values, -1, axis=-1))
    owner, direction = np.nonzero(lowest)
    width = 2 * np.pi / DIRECTIONS
    angle, value = np.asarray(direction * width), values[lowest]
    centre, size = points[owner, np.newaxis], radius[owner, np.newaxis, np.newaxis]
    each = np.arange(len(owner))
    for _ in range(zooms):
        angles = angle[:, np.newaxis] + np.linspace(-width, width, 33)
        closer = function(centre + size * _unit_vectors(angles))
        best = closer.argmin(axis=-1)
        angle, value = angles[each, best], closer[each, best]
        width /= 16
    order = np.lexsort((value, owner))
    _, first = np.unique(owner[order], return_index=True)
    chosen = order[first]
    return value[chosen], points + radius[:, np.newaxis] * _unit_vectors(angle[chosen])


def _lowest_on_sphere(
    function: Function, points: Array, radius: Array, zooms: int, axes: Array | None
) -> tuple[Array, Array]:
    """Search from the lowest few directions, and turn towards each axis while that leads down.

    The angle is halved where it does not (a compass search: Kolda, Lewis and Torczon, SIAM Review
    45, 2003, p. 385). One parameter has two directions, and nothing between them.
    """
    dimension, runs = points.shape[-1], np.arange(len(points))[:, np.newaxis]
    units = np.tile(_directions(dimension), (len(points), 1, 1))
    if axes is not None:
        units = np.concatenate([units, axes.swapaxes(1, 2), -axes.swapaxes(1, 2)], axis=1)
    values = function(points[:, np.newaxis] + radius[:, np.newaxis, np.newaxis] * units)
    best = np.argsort(values, axis=-1, kind="stable")[:, :SEARCHES]
    unit, value = units[runs, best], values[runs, best]
    width = np.full(value.shape, 0.5)
    turns = np.concatenate([np.eye(dimension), -np.eye(dimension)])
    centre, size = points[:, np.newaxis, np.newaxis], radius[:, np.newaxis, np.newaxis, np.newaxis]
    for _ in range(8 * zooms if dimension > 1 else 0):
        turned = unit[:, :, np.newaxis] + width[..., np.newaxis, np.newaxis] * turns
        turned /= np.linalg.norm(turned, axis=-1, keepdims=True)
        there = function(centre + size * turned)
        choice = there.argmin(axis=-1)[..., np.newaxis]
        found = np.take_along_axis(there, choice, -1)[..., 0]
        lower = found < value
        chosen = np.take_along_axis(turned, choice[..., np.newaxis], -2)[..., 0, :]
        unit, value = np.where(lower[..., np.newaxis], chosen, unit), np.where(lower, found, value)
        width = np.where(lower, width, width / 2)
    first = value.argmin(axis=-1)
    places = points + radius[:, np.newaxis] * unit[runs[:, 0], first]
    return value[runs[:, 0], first], places


def _directions(dimension: int) -> Array:
    """Unit vectors that cover the sphere, shape (n, d)."""
    if dimension == 2:
        return _unit_vectors(np.linspace(0.0, 2 * np.pi, DIRECTIONS, endpoint=False))
    half = np.eye(dimension)
    if dimension > 2:
        half = np.concatenate([half, _sample(dimension, (DIRECTIONS // 2 - 1) * dimension)])
    return np.concatenate([half, -half])


def _sample(dimension: int, count: int) -> Array:
    """Unit vectors at random, the same ones each time, shape (count, d)."""
    vectors = np.random.RandomState(0).standard_normal((count, dimension))
    units: Array = vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)
    return units


def _unit_vectors(angle: Array) -> Array:
    """The unit vectors at these angles, shape (..., 2)."""
    return np.stack([np.cos(angle), np.sin(angle)], axis=-1)

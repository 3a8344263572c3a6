"""Polylines against brute force: every point of a path is looked at one by one."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sphinx_gdviz.draw.lines import chosen, cut_at_frame, refined, simplified

XLIM, YLIM = (-1.0, 2.0), (-1.0, 1.0)
LOWER, UPPER = np.array([XLIM, YLIM]).T

# Whole and half numbers too, so that points lie on an edge and steps run along one.
coordinates = st.floats(-4, 4) | st.integers(-8, 8).map(lambda half: half / 2)
paths = st.integers(2, 8).flatmap(lambda n: arrays(float, (n, 2), elements=coordinates))


def distances(points: np.ndarray, line: np.ndarray) -> np.ndarray:
    """From points, shape (n, 2), to the nearest point of a polyline."""
    begin, move = line[:-1, np.newaxis], np.diff(line, axis=0)[:, np.newaxis]
    length = np.maximum((move**2).sum(axis=-1), 1e-300)
    share = np.clip(((points - begin) * move).sum(axis=-1) / length, 0, 1)
    nearest = begin + share[..., np.newaxis] * move
    return np.hypot(*np.moveaxis(points - nearest, -1, 0)).min(axis=0)


steady = settings(deadline=None, derandomize=True, database=None)
"""The same examples every time, however slow the machine is."""


@steady
@given(paths)
def test_what_is_inside_is_kept_and_what_is_outside_is_not(path: np.ndarray) -> None:
    cut = cut_at_frame(path, XLIM, YLIM)
    share = np.linspace(0, 1, 41)[:, np.newaxis]
    dense = np.concatenate([a + share * (b - a) for a, b in pairwise(path)])
    inside = ((dense > LOWER + 1e-9) & (dense < UPPER - 1e-9)).all(axis=1)
    if inside.any():
        gaps = np.min([distances(dense[inside], piece) for piece in cut.pieces], axis=0)
        assert gaps.max() < 1e-9
    for piece in cut.pieces:
        assert len(piece) >= 2
        assert ((piece >= LOWER) & (piece <= UPPER)).all(), "not a point beyond the frame"
        kept = np.concatenate([a + share * (b - a) for a, b in pairwise(piece)])
        assert distances(kept, path).max() < 1e-9, "nothing that the path does not do"


@steady
@given(paths)
def test_there_is_an_arrow_wherever_a_path_goes_out(path: np.ndarray) -> None:
    cut = cut_at_frame(path, XLIM, YLIM)
    for (x, y), towards in cut.exits:
        on_edge = {x - XLIM[0], x - XLIM[1], y - YLIM[0], y - YLIM[1]}
        assert min(map(abs, on_edge)) < 1e-12
        beyond = np.array([x, y]) + towards * 1e-3
        assert not ((beyond >= LOWER) & (beyond <= UPPER)).all(), "it points outwards"
    # Counted by brute force, where no point or corner is so near an edge that it is in doubt.
    share = np.linspace(0, 1, 4001)
    begin, end = path[:-1, np.newaxis], path[1:, np.newaxis]
    dense = begin + share[:, np.newaxis] * (end - begin)
    within = np.minimum(dense - LOWER, UPPER - dense).min(axis=-1)
    clear = np.abs(np.minimum(path - LOWER, UPPER - path)).min() > 1e-6
    if clear and (np.abs(within.max(axis=1)) > 0.01).all():
        inside = within >= 0
        assert len(cut.exits) == np.count_nonzero(inside[:, :-1] & ~inside[:, 1:])


@steady
@given(arrays(float, (6, 2), elements=st.floats(-0.9, 0.9)))
def test_a_path_that_stays_inside_is_left_alone(path: np.ndarray) -> None:
    cut = cut_at_frame(path, XLIM, YLIM)
    (piece,) = cut.pieces
    np.testing.assert_array_equal(piece, path)
    assert len(cut.exits) == 0


def test_a_path_that_is_held_at_the_edge_does_not_leave() -> None:
    """As a run in a box as large as the frame: it touches the edge, and goes along it."""
    path = np.array([(0.0, 0.0), (2.0, 0.5), (2.0, 1.0), (2.0, 1.0), (1.0, 1.0)])
    cut = cut_at_frame(path, XLIM, YLIM)
    (piece,) = cut.pieces
    np.testing.assert_array_equal(piece, path)
    assert len(cut.exits) == 0


@pytest.mark.parametrize("far", [1e6, 1e300, 1.7e308])
def test_a_step_of_any_length_ends_at_the_edge(far: float) -> None:
    cut = cut_at_frame(np.array([(0.0, 0.0), (far, 0.5)]), XLIM, YLIM)
    (piece,) = cut.pieces
    np.testing.assert_allclose(piece, [(0.0, 0.0), (2.0, 0.0)], atol=1e-5)
    assert len(cut.exits) == 1


@pytest.mark.filterwarnings("error")
def test_a_step_of_more_than_a_float_can_hold() -> None:
    """Out on one side and in from the other: the difference of both ends overflows."""
    path = np.array([(0.0, 0.0), (-1.7e308, 0.0), (1.7e308, 0.5)])
    cut = cut_at_frame(path, XLIM, YLIM)
    assert np.isfinite(cut.exits[:, 0]).all()
    for piece in cut.pieces:
        assert ((piece >= LOWER) & (piece <= UPPER)).all()


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_path_ends_before_what_is_not_finite(bad: float) -> None:
    path = np.array([(0.0, 0.0), (0.5, 0.5), (bad, 0.0), (0.1, 0.1)])
    (piece,) = cut_at_frame(path, XLIM, YLIM).pieces
    np.testing.assert_array_equal(piece, path[:2])


@pytest.mark.parametrize(("point", "count"), [((0.0, 0.0), 1), ((9.0, 0.0), 0)])
def test_a_path_of_one_point(point: tuple[float, float], count: int) -> None:
    cut = cut_at_frame(np.array([point, (np.nan, np.nan)]), XLIM, YLIM)
    assert len(cut.pieces) == count
    assert cut.exits.shape == (0, 2, 2)
    assert cut_at_frame(np.full((2, 2), np.nan), XLIM, YLIM).pieces == []


@steady
@given(paths, st.floats(0.05, 2), st.floats(0.05, 2))
def test_refined_keeps_the_points_and_leaves_no_gap(
    path: np.ndarray, across: float, up: float
) -> None:
    fine = refined(path, np.array([across, up]))
    steps = np.diff(fine, axis=0) / [across, up]
    assert np.hypot(*steps.T).max() <= 1 + 1e-9
    at = 0
    for point in path:
        (places,) = np.nonzero((fine[at:] == point).all(axis=1))
        assert len(places), "every point is there, in its turn"
        at += int(places[0])
    assert distances(fine, path).max() < 1e-9
    whole = np.hypot(*(np.diff(path, axis=0) / [across, up]).T)
    fewest, most = (np.maximum(1, np.ceil(whole + slack)).sum() for slack in (-1e-9, 1e-9))
    assert 1 + fewest <= len(fine) <= 1 + most


def test_simplified_differs_by_less_than_a_thousandth_of_an_inch() -> None:
    angle = np.linspace(0, 40, 5000)
    spiral = (angle / 40)[:, np.newaxis] * np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    for points in (20.0, 300.0):  # its size on the page
        (small,) = simplified([spiral * points])
        assert len(small) < len(spiral) / 3
        assert distances(spiral * points, small).max() < 0.072
        np.testing.assert_allclose(small[[0, -1]], spiral[[0, -1]] * points, atol=1e-9)


def test_simplified_keeps_lines_apart_and_what_is_short() -> None:
    lines = [np.array([(0.0, 0.0), (1.0, 1.0)]), np.array([(1.0, 1.0), (2.0, 2.0), (3.0, 3.0)])]
    first, second = simplified([*lines, np.array([(9.0, 9.0)])])
    np.testing.assert_array_equal(first, lines[0])
    assert second[0].tolist() == [1.0, 1.0]
    assert (second[1:] == [3.0, 3.0]).all(), "the point between makes no difference"
    assert simplified([]) == []


def test_chosen_stretches_reach_back_to_the_point_before() -> None:
    """So that a dotted and a solid stretch of one path meet."""
    line = np.arange(14.0).reshape(7, 2)
    choice = np.array([1, 0, 0, 1, 1, 0, 1], bool)
    first, second, third = chosen(line, choice)
    np.testing.assert_array_equal(first, line[:1])
    np.testing.assert_array_equal(second, line[2:5])
    np.testing.assert_array_equal(third, line[5:])
    assert chosen(line, np.zeros(7, bool)) == []

"""Losses on data against published fits, exact arithmetic and a plain implementation."""

from __future__ import annotations

import pickle
import tracemalloc
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from sphinx_gdviz.core.losses import logistic
from sphinx_gdviz.core.losses.dataset import Dataset, read_file
from sphinx_gdviz.core.losses.logistic import MAX_LOGISTIC_ROWS, LogisticRegression
from sphinx_gdviz.core.losses.regression import LeastSquares, Model
from sphinx_gdviz.messages import GdvizError

Array = NDArray[np.float64]

BOOK = Path(__file__).parents[3] / "book" / "foundations"


def dataset(x: Any, y: Any) -> Dataset:
    return Dataset("rows.csv", "u", "v", np.array([x, y], "<f8").tobytes())


def uniform(n: int, seed: int = 0) -> Dataset:
    """Rows for both models, as their y is 0 or 1."""
    random = np.random.RandomState(seed)
    x = random.uniform(-3, 5, n)
    return dataset(x, random.uniform(size=n) < 1 / (1 + np.exp(-x)))


CARS = read_file(BOOK / "cars.csv", "cars.csv", "speed", "dist")
ORING = read_file(BOOK.parent / "guide" / "oring.csv", "oring.csv", "temperature", "failure")
BOTH = [LeastSquares, LogisticRegression]
EACH = [
    pytest.param(kind(data, standardized), id=f"{kind.__name__}-{name}-{standardized}")
    for kind, name, data in (
        (LeastSquares, "cars", CARS),
        (LogisticRegression, "oring", ORING),
        (LeastSquares, "uniform", uniform(101)),
        (LogisticRegression, "uniform", uniform(101)),
    )
    for standardized in (False, True)
]


# A plain implementation, in formulas of a textbook


def columns(loss: Model) -> Array:
    rows = loss.data.columns.copy()
    if loss.standardized:
        scaled = slice(None) if isinstance(loss, LeastSquares) else slice(1)
        part = rows[scaled]
        rows[scaled] = (part - part.mean(axis=1, keepdims=True)) / part.std(axis=1, keepdims=True)
    return rows


def plain_value(loss: Model, a: Any, b: Any, rows: Any = slice(None)) -> Any:
    x, y = columns(loss)[:, rows]
    t = a + b * x
    if isinstance(loss, LeastSquares):
        return ((t - y) ** 2).mean()
    p = 1 / (1 + np.exp(-t))
    return -(y * np.log(p) + (1 - y) * np.log(1 - p)).mean()


def plain_gradient(loss: Model, a: Any, b: Any, rows: Any = slice(None)) -> Any:
    x, y = columns(loss)[:, rows]
    t = a + b * x
    if isinstance(loss, LeastSquares):
        return np.array([(2 * (t - y)).mean(), (2 * x * (t - y)).mean()])
    p = 1 / (1 + np.exp(-t))
    return np.array([(p - y).mean(), (x * (p - y)).mean()])


def points_near(loss: Model, count: int = 20) -> Array:
    """Random points in the frame and far beyond, shape (count, 2)."""
    framed = type(loss).of(loss.data, loss.standardized)
    corners = np.array([framed.xlim, framed.ylim])
    random = np.random.RandomState(1)
    reach = random.choice([1, 3], (count, 1))
    middle, half = corners.mean(axis=1), np.ptp(corners, axis=1) / 2
    points: Array = middle + reach * random.uniform(-1, 1, (count, 2)) * half
    return points


@pytest.mark.parametrize("loss", EACH)
def test_values_are_those_of_the_plain_implementation(loss: Model) -> None:
    points = points_near(loss)
    if isinstance(loss, LogisticRegression):  # where the plain one still has some digits
        x = columns(loss)[0]
        points = points[np.abs(points[:, :1] + points[:, 1:] * x).max(axis=1) < 25]
    assert len(points) > 5
    expected = [plain_value(loss, a, b) for a, b in points]
    np.testing.assert_allclose(loss.value(points), expected, rtol=1e-6)
    inner = np.argsort(expected)[:4]
    np.testing.assert_allclose(loss.value(points[inner]), np.array(expected)[inner], rtol=1e-11)


@pytest.mark.parametrize("loss", EACH)
def test_derivatives_are_those_of_the_plain_implementation(loss: Model) -> None:
    """By complex steps (Squire & Trapp, SIAM Review 40, 1998, p. 110), exact to rounding."""
    points = points_near(loss)
    h = 1e-30
    seen = 0
    for (a, b), gradient, hessian in zip(
        points, loss.gradient(points), loss.hessian(points), strict=True
    ):
        x = columns(loss)[0]
        steps = ((a + 1j * h, b), (a, b + 1j * h))
        slopes = np.array([plain_gradient(loss, *step).imag / h for step in steps])
        np.testing.assert_allclose(hessian, slopes, rtol=1e-8, atol=1e-10)
        if isinstance(loss, LeastSquares) or np.abs(a + b * x).max() < 25:
            expected = [plain_value(loss, *step).imag / h for step in steps]
            np.testing.assert_allclose(gradient, expected, rtol=1e-6, atol=1e-9)
            np.testing.assert_allclose(gradient, plain_gradient(loss, a, b), rtol=1e-8, atol=1e-10)
            seen += 1
    assert seen > 5


# Published fits


def test_the_cars_of_ezekiel() -> None:
    """R: summary(lm(dist ~ speed, cars))."""
    loss = LeastSquares.of(CARS)
    assert loss.rows == 50
    np.testing.assert_allclose(loss.minimum, [-17.579095, 3.932409], atol=5e-7)
    least = float(loss.value(loss.minimum))
    assert np.sqrt(least * 50 / 48) == pytest.approx(15.38, abs=0.005)  # residual standard error
    errors = np.sqrt(np.diag(np.linalg.inv(loss.hessian(loss.minimum) / 2)) / 50 * least * 50 / 48)
    np.testing.assert_allclose(errors, [6.7584, 0.4155], atol=5e-5)
    x, y = CARS.columns
    assert 1 - least / y.var() == pytest.approx(0.6511, abs=5e-5)  # R²
    np.testing.assert_allclose(loss.minimum, np.polyfit(x, y, 1)[::-1], rtol=1e-12)
    solution = np.linalg.lstsq(np.stack([np.ones(50), x], axis=1), y, rcond=None)
    np.testing.assert_allclose(loss.minimum, solution[0], rtol=1e-12)
    assert least * 50 == pytest.approx(solution[1][0], rel=1e-12)


def test_the_rings_of_challenger() -> None:
    """R: summary(glm(failure ~ temperature, binomial)); Dalal, Fowlkes & Hoadley, JASA 84, 1989."""
    loss = LogisticRegression.of(ORING)
    assert loss.rows == 23
    assert loss.cost == 18
    np.testing.assert_allclose(loss.minimum, [15.0429, -0.2322], atol=5e-5)
    least = float(loss.value(loss.minimum))
    assert 2 * 23 * least == pytest.approx(20.315, abs=5e-4)  # residual deviance
    errors = np.sqrt(np.diag(np.linalg.inv(23 * loss.hessian(loss.minimum))))
    np.testing.assert_allclose(errors, [7.3786, 0.1082], atol=5e-5)
    assert float(loss.value((0, 0))) == pytest.approx(np.log(2), rel=1e-15)


@pytest.mark.parametrize("loss", EACH)
def test_the_minimum_is_one(loss: Model) -> None:
    assert loss.minimum is not None
    slope = loss.gradient(loss.minimum)
    scale = np.sqrt(np.diag(loss.hessian(loss.minimum)))
    np.testing.assert_allclose(slope / scale, 0, atol=1e-13)
    assert (np.linalg.eigvalsh(loss.hessian(loss.minimum)) > 0).all()
    if isinstance(loss, LeastSquares):
        assert slope.tolist() == [0, 0]


def test_digits_are_kept_where_x_is_far_from_zero() -> None:
    """Sums of squares would lose twelve digits here."""
    random = np.random.RandomState(3)
    x = 1e6 + random.uniform(size=30)
    y = 5 * x - 3 + random.normal(size=30)
    loss = LeastSquares(dataset(x, y))
    assert loss.minimum is not None
    for step in (0.0, 1.0, 1e3):
        a, b = loss.minimum[0] + step * 1e3, loss.minimum[1] - step * 1e-3
        exact = [
            (Fraction(a) + Fraction(b) * Fraction(u) - Fraction(v)) ** 2
            for u, v in zip(x.tolist(), y.tolist(), strict=True)
        ]
        expected = float(sum(exact) / 30)
        assert float(loss.value((a, b))) == pytest.approx(expected, rel=1e-8)


# What standardizing, scaling and repeating do


@pytest.mark.parametrize("kind", BOTH)
def test_a_standardized_column_is_another_scale_of_the_parameters(kind: type[Model]) -> None:
    data = uniform(40)
    x, y = data.columns
    points = np.random.RandomState(2).normal(size=(10, 2))
    inner, outer, factor = points.copy(), points, 1.0
    if kind is LeastSquares:
        factor = y.var()
        inner = points * y.std() + [y.mean(), 0]
    inner = np.stack([inner[:, 0] - inner[:, 1] * x.mean() / x.std(), inner[:, 1] / x.std()], 1)
    np.testing.assert_allclose(
        kind(data, True).value(outer) * factor, kind(data).value(inner), rtol=1e-12
    )


rows_of_data = st.integers(0, 1000).map(lambda seed: uniform(24, seed))
point = st.tuples(st.floats(-4, 4), st.floats(-4, 4))


@given(rows_of_data, point, st.floats(0.01, 100), st.floats(-100, 100))
def test_other_units_are_other_parameters(
    data: Dataset, at: tuple[float, float], unit: float, shift: float
) -> None:
    x, y = data.columns
    (a, b), other = at, dataset(x * unit + shift, y)
    for kind in BOTH:
        here = kind(other).value((a - b / unit * shift, b / unit))
        np.testing.assert_allclose(here, kind(data).value(at), rtol=1e-7, atol=1e-9)
    stretched = LeastSquares(dataset(x, y * unit)).value((a * unit, b * unit))
    np.testing.assert_allclose(stretched, unit**2 * LeastSquares(data).value(at), rtol=1e-9)


@given(rows_of_data, point, st.permutations(range(24)))
def test_the_order_of_rows_and_their_repetition_do_not_matter(
    data: Dataset, at: tuple[float, float], order: list[int]
) -> None:
    shuffled = data.columns[:, order]
    for kind in BOTH:
        expected = [kind(data).value(at), *kind(data).gradient(at)]
        for rows in (shuffled, np.tile(data.columns, 3)):
            loss = kind(dataset(*rows))
            found = [loss.value(at), *loss.gradient(at)]
            np.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-13)
    assert LogisticRegression(dataset(*np.tile(data.columns, 3))).cost == 24


# Batches of rows


@given(rows_of_data, point, st.booleans())
def test_a_batch_of_all_rows_gives_the_gradient(
    data: Dataset, at: tuple[float, float], standardized: bool
) -> None:
    for kind in BOTH:
        loss = kind(data, standardized)
        found = loss.batch_gradient_at(np.array(at), np.arange(24))
        np.testing.assert_allclose(np.array(found), loss.gradient(at), rtol=1e-11, atol=1e-13)


@given(rows_of_data, point, st.sampled_from([1, 2, 3, 4, 6, 8, 12]), st.permutations(range(24)))
def test_the_mean_over_equal_batches_is_the_gradient(
    data: Dataset, at: tuple[float, float], size: int, order: list[int]
) -> None:
    for kind in BOTH:
        loss = kind(data)
        batches = np.array(order).reshape(-1, size)
        found = np.mean([loss.batch_gradient_at(np.array(at), rows) for rows in batches], axis=0)
        np.testing.assert_allclose(found, loss.gradient(at), rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("loss", EACH)
def test_a_batch_is_the_mean_over_its_rows(loss: Model) -> None:
    points = points_near(loss, 5)
    for rows in ([3], [0, 1], [5, 2, 2, 11]):
        found = loss.batch_gradient_at(points.T, np.array(rows))
        with np.errstate(over="ignore"):
            expected = [plain_gradient(loss, a, b, rows) for a, b in points]
        np.testing.assert_allclose(np.stack(found, 1), expected, rtol=1e-9, atol=1e-11)


# Points in company


def everything(loss: Model, x: Array, y: Array) -> list[Array]:
    rows = np.array([0, 2, 3, 7, 9, 15, 16])
    theta = np.array([x, y])
    gradient, hessian = loss.gradient_at(theta), loss.hessian_at(theta)
    batch = loss.batch_gradient_at(theta, rows)
    return [
        loss.value_at(theta),
        *(part[index, ...] for part in (gradient, batch) for index in range(2)),
        *(hessian[*index, ...] for index in np.ndindex(2, 2)),
    ]


@pytest.fixture(scope="module", params=[17, 100, 1000])
def crowd(request: pytest.FixtureRequest) -> tuple[list[Model], Array, Array]:
    data = uniform(request.param)
    x, y = np.random.RandomState(5).normal(size=(2, 240)) * 2
    return [kind(data) for kind in BOTH], x, y


def test_points_have_the_same_bits_alone_and_in_company(
    crowd: tuple[list[Model], Array, Array],
) -> None:
    losses, x, y = crowd
    for loss in losses:
        whole = everything(loss, x, y)
        for i in range(0, 240, 7):
            for x_of_one, y_of_one in ((x[i], y[i]), (x[i : i + 1], y[i : i + 1])):
                alone = everything(loss, np.asarray(x_of_one), np.asarray(y_of_one))
                for one, all_of_them in zip(alone, whole, strict=True):
                    assert np.array_equal(one.reshape(()), all_of_them[i])
        for count in range(2, 40):
            for some, all_of_them in zip(
                everything(loss, x[:count], y[:count]), whole, strict=True
            ):
                assert np.array_equal(some, all_of_them[:count])


@pytest.mark.parametrize("block", [1, 1000, 3017, 2**15, 2**22])
def test_blocks_do_not_show(
    crowd: tuple[list[Model], Array, Array], block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    losses, x, y = crowd
    for loss in losses:
        whole = everything(loss, x, y)
        monkeypatch.setattr(logistic, "BLOCK", block)
        for other, expected in zip(everything(loss, x, y), whole, strict=True):
            assert np.array_equal(other, expected)
        monkeypatch.undo()


@pytest.mark.parametrize(
    "shaped",
    [
        lambda part: part.reshape(12, 20),
        lambda part: part.reshape(12, 20).T,
        lambda part: part.reshape(2, 3, 40)[::-1],
        lambda part: part[::-3],
        lambda part: np.repeat(part, 2)[::2],
        lambda part: np.broadcast_to(part[:5, np.newaxis], (5, 3)),
        lambda part: part[:0],
        lambda part: part[:0].reshape(0, 4),
    ],
)
def test_points_of_any_shape(
    crowd: tuple[list[Model], Array, Array], shaped: Callable[[Array], Array]
) -> None:
    losses, x, y = crowd
    places = shaped(np.arange(240))
    for loss in losses:
        whole = everything(loss, x, y)
        for found, expected in zip(everything(loss, shaped(x), shaped(y)), whole, strict=True):
            assert isinstance(found, np.ndarray)
            assert found.dtype == np.float64
            assert found.shape == places.shape
            assert np.array_equal(found, expected[places])


@pytest.mark.parametrize("kind", BOTH)
def test_one_point_has_no_axis(kind: type[Model]) -> None:
    for found in everything(kind(uniform(20)), np.array(0.5), np.array(-1.0)):
        assert isinstance(found, np.ndarray)
        assert found.shape == ()


def test_points_are_left_as_they_are(crowd: tuple[list[Model], Array, Array]) -> None:
    losses, x, y = crowd
    before = x.copy(), y.copy()
    for loss in losses:
        everything(loss, x, y)
        assert np.array_equal([x, y], before)


def test_memory_is_bounded() -> None:
    loss = LogisticRegression(uniform(2000))
    points = np.zeros((2, 10_000))
    tracemalloc.start()
    try:
        loss.hessian_at(points)  # all at once, it would be 160 MB
        assert tracemalloc.get_traced_memory()[1] < 16e6
    finally:
        tracemalloc.stop()


# Extremes


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("size", [40.0, 800.0, 1e5, 1e300])
def test_a_logistic_loss_far_out(size: float) -> None:
    loss = LogisticRegression(dataset([-1, 1, 2, 4], [0, 1, 0, 1]))
    # θ₁ = 0: rows 1, 2 and 4 are right, and row 3 is wrong by t = 2·size.
    at = np.array([0.0, size])
    assert loss.value_at(at) == pytest.approx(size / 2)
    assert loss.gradient_at(at).tolist() == [pytest.approx(0.25), pytest.approx(0.5)]
    curved = np.exp(-size) / 2
    np.testing.assert_allclose(loss.hessian_at(at), [[curved, 0], [0, curved]], rtol=1e-12)
    np.testing.assert_allclose(loss.gradient_at(at[::-1]), [0.5, 0.25])
    np.testing.assert_allclose(loss.gradient_at(-at[::-1]), [-0.5, -1.25])


def test_tiny_losses_keep_their_digits() -> None:
    loss = LogisticRegression(dataset([-1, 1], [0, 1]))
    value, slopes = loss.value((0, 50)), loss.gradient((0, 50))
    np.testing.assert_allclose(value, np.exp(-50), rtol=1e-14)
    np.testing.assert_allclose(slopes[1], -np.exp(-50), rtol=1e-14)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("kind", BOTH)
def test_what_is_not_finite_comes_back_without_a_warning(kind: type[Model]) -> None:
    loss = kind(uniform(20))
    ends = np.array([np.inf, -np.inf, 0.0, 1e200, np.nan])
    x, y = np.meshgrid(ends, ends)
    found = everything(loss, x, y)
    assert np.isnan(found[0][np.isnan(x) | np.isnan(y)]).all()
    known = ~np.isnan(x) & ~np.isnan(y) & (np.isinf(x) != np.isinf(y))
    assert not np.isnan(found[0][known]).any()
    assert found[0][2, 0] == found[0][2, 1] == np.inf  # θ₂ = 0, θ₁ = ±∞


# The frame


def ellipse(loss: Model, rise: float) -> Array:
    """Points where the quadratic approximation at the minimum is `rise` above it, (n, 2)."""
    eigenvalues, vectors = np.linalg.eigh(loss.hessian(loss.minimum))
    angles = np.linspace(0, 2 * np.pi, 100_001)
    circle = np.stack([np.cos(angles), np.sin(angles)])
    around: Array = np.array(loss.minimum)[:, np.newaxis] + vectors @ (
        np.sqrt(2 * rise / eigenvalues)[:, np.newaxis] * circle
    )
    return around.T


def check_frame(loss: Model, rise: float) -> None:
    around = ellipse(loss, rise)
    for side, middle, reached in zip(
        (loss.xlim, loss.ylim), loss.minimum or (), around.T, strict=True
    ):
        half = 1.25 * (reached.max() - reached.min()) / 2
        np.testing.assert_allclose(side, (middle - half, middle + half), rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("loss", EACH)
def test_the_frame_is_round_the_ellipse_through_the_origins_height(loss: Model) -> None:
    loss = type(loss).of(loss.data, loss.standardized)
    assert loss.minimum is not None
    check_frame(loss, float(loss.value((0, 0)) - loss.value(loss.minimum)))
    assert loss.xlim[0] < 0 < loss.xlim[1]
    assert loss.ylim[0] < 0 < loss.ylim[1]


@pytest.mark.parametrize(
    ("kind", "x", "y", "rise"),
    [
        (LeastSquares, [-1, -1, 1, 1], [-1, 1, -1, 1], 0.01),
        (LeastSquares, [-1, -1, 1, 1], [-1, 1 + 1e-9, -1, 1], 0.01),
        (LeastSquares, [1, 2, 3], [0, 0, 0], 1.0),
        (LogisticRegression, [-1, -1, 1, 1], [0, 1, 0, 1], 0.01 * np.log(2)),
    ],
)
def test_the_frame_where_the_minimum_is_at_the_origin(
    kind: type[LeastSquares] | type[LogisticRegression], x: Any, y: Any, rise: float
) -> None:
    check_frame(kind.of(dataset(x, y)), rise)


def test_a_frame_of_a_perfect_line() -> None:
    loss = LeastSquares.of(dataset([0, 1, 2], [1, 3, 5]))
    np.testing.assert_allclose(loss.minimum, [1, 2])
    assert float(loss.value((1, 2))) == pytest.approx(0, abs=1e-30)
    check_frame(loss, 35 / 3)


@pytest.mark.parametrize(
    ("x", "y"),
    [
        ([10, 12, 13, 15], [0, 0, 1, 1]),
        ([10, 12, 13, 15], [1, 1, 0, 0]),
        ([15, 13, 12, 10], [0, 1, 1, 1]),
        ([10, 12, 13, 13, 15], [0, 0, 0, 1, 1]),  # two classes at one x, but on the border
        ([10, 12, 13, 13, 15], [1, 1, 1, 0, 0]),
        ([3, 3, 4], [0, 1, 1]),
        ([3, 3, 4], [1, 0, 0]),
    ],
)
def test_classes_apart_have_no_minimum(x: Any, y: Any) -> None:
    loss = LogisticRegression.of(dataset(x, y))
    assert loss.minimum is None
    half = 5 * np.hypot(1, np.mean(x) / np.std(x))
    np.testing.assert_allclose(loss.xlim, (-half, half))
    np.testing.assert_allclose(loss.ylim, (-5 / np.std(x), 5 / np.std(x)))


@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(0, 1)), min_size=3, max_size=12))
def test_there_is_a_minimum_just_where_no_border_parts_the_classes(
    rows: list[tuple[int, int]],
) -> None:
    x, y = np.array(rows).T
    if np.ptp(x) == 0 or np.ptp(y) == 0:
        return
    loss = LogisticRegression.of(dataset(x, y))
    apart = any(
        (y[x < border] == side).all() and (y[x > border] != side).all()
        for border in np.arange(-9.5, 10, 0.5)
        for side in (0, 1)
    )
    assert (loss.minimum is None) == apart
    if loss.minimum is not None:
        np.testing.assert_allclose(loss.gradient(loss.minimum), 0, atol=1e-9)
    for low, high in (loss.xlim, loss.ylim):
        assert np.isfinite([low, high]).all()
        assert low < high


@pytest.mark.parametrize("gap", [1e-3, 1e-6, 1e-9])
def test_classes_that_hardly_overlap(gap: float) -> None:
    loss = LogisticRegression.of(dataset([0, 1, 2, 5 + gap, 5, 8, 9], [0, 0, 0, 0, 1, 1, 1]))
    assert loss.minimum is not None
    np.testing.assert_allclose(loss.gradient(loss.minimum), 0, atol=1e-13)


def test_a_row_far_from_all_others() -> None:
    x, y = [4, 9, 6, 9, 0, 0, 1, 6, 6, 2, 1, 3350000], [0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0]
    loss = LogisticRegression.of(dataset(x, y))
    without = LogisticRegression.of(dataset(x[:-1], y[:-1]))
    assert loss.minimum is not None
    np.testing.assert_allclose(loss.minimum, without.minimum, rtol=1e-8)


def test_where_full_steps_of_newtons_method_run_away() -> None:
    counts = [187, 4, 622, 8, 595, 165]
    x = np.repeat([23.6, 7.4, 20.3, 9.9, 17.8, 169.8], counts)
    loss = LogisticRegression.of(dataset(x, np.repeat([0, 0, 0, 1, 0, 0], counts)))
    assert loss.cost == 6
    assert loss.minimum is not None
    np.testing.assert_allclose(loss.gradient(loss.minimum), 0, atol=1e-14)


# What is said


def test_least_squares_in_words() -> None:
    loss = LeastSquares.of(CARS)
    said = "the mean squared error of a line through 50 rows of cars.csv (dist against speed)"
    assert loss.description == said
    assert loss.tex == r"\frac{1}{50} \sum_{i=1}^{50} (\theta_1 + \theta_2 x_i - y_i)^2"
    assert loss.content == ["least-squares", CARS.digest, False]
    assert loss.cost == 0
    standard = LeastSquares.of(CARS, True)
    assert standard.description == said.replace(")", ", standardized)")
    assert standard.content == ["least-squares", CARS.digest, True]


def test_a_logistic_regression_in_words() -> None:
    loss = LogisticRegression.of(ORING)
    assert loss.description == (
        "the mean cross-entropy of a logistic regression on 23 rows of oring.csv "
        "(failure against temperature)"
    )
    assert loss.tex == (
        r"\frac{1}{23} \sum_{i=1}^{23} \bigl[\ln\bigl(1 + e^{\theta_1 + \theta_2 x_i}\bigr)"
        r" - y_i (\theta_1 + \theta_2 x_i)\bigr]"
    )
    assert loss.content == ["logistic-regression", ORING.digest, False]


@pytest.mark.parametrize("kind", BOTH)
def test_losses_are_compared_hashed_and_pickled(kind: Any) -> None:
    data = uniform(30)
    loss = kind.of(data)
    before = pickle.dumps(kind(data))
    assert loss == kind.of(data)
    assert hash(loss) == hash(kind.of(data))
    assert loss != kind.of(data, True)
    assert loss != kind(data)  # another frame
    bare = kind(data)
    everything(bare, np.array(0.0), np.array(0.0))
    _ = bare.minimum
    assert pickle.dumps(bare) == before
    again = pickle.loads(pickle.dumps(loss))
    assert again == loss
    assert again.value((1, 2)) == loss.value((1, 2))


@pytest.mark.parametrize(
    ("kind", "standardized", "x", "y", "message"),
    [
        (LeastSquares, True, [1, 2, 3], [4, 4, 4], "column v is the same in each row"),
        (LogisticRegression, False, [1, 2, 3], [0, 2, 1], "2 in column v is neither 0 nor 1"),
        (LogisticRegression, False, [1, 2, 3], [0, 0.5, 1], "0.5 in column v is neither 0 nor 1"),
        (LogisticRegression, False, [1, 2, 3], [1, 1, 1], "column v is 1 in each row"),
        (LogisticRegression, False, [1, 2, 3], [0, 0, 0], "column v is 0 in each row"),
        (
            LogisticRegression,
            False,
            range(MAX_LOGISTIC_ROWS + 1),
            [0, 1] * 5000 + [0],
            "has 10001 rows; a logistic regression takes 10000",
        ),
    ],
)
def test_data_that_do_not_suit(
    kind: type[Model], standardized: bool, x: Any, y: Any, message: str
) -> None:
    with pytest.raises(GdvizError) as caught:
        kind(dataset(x, y), standardized)
    assert message in str(caught.value)
    assert "“rows.csv”" in str(caught.value)


def test_data_that_just_suit() -> None:
    LeastSquares.of(dataset([1, 2, 3], [4, 4, 4]))
    LogisticRegression(dataset(range(MAX_LOGISTIC_ROWS), [0, 1] * 5000))

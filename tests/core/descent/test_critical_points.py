"""Critical points against those that are known: published, or worked out by hand."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from sphinx_gdviz.core.descent.critical_points import (
    GRID_SIZE,
    CriticalPoint,
    critical_point,
    critical_points,
)
from sphinx_gdviz.core.descent.kinds import distinct, kinds_of
from sphinx_gdviz.core.descent.newton import polish
from sphinx_gdviz.core.losses.base import FormulaLoss, Range
from sphinx_gdviz.core.losses.named import LOSSES, find_loss

HIMMELBLAU = "(x**2+y-11)**2 + (x+y**2-7)**2"
RASTRIGIN = "20 + x**2 - 10*cos(2*pi*x) + y**2 - 10*cos(2*pi*y)"
GOLDSTEIN_PRICE = (
    "(1+(x+y+1)**2*(19-14*x+3*x**2-14*y+6*x*y+3*y**2))"
    "*(30+(2*x-3*y)**2*(18-32*x+12*x**2+48*y-36*x*y+27*y**2))"
)
BEALE = "(1.5-x+x*y)**2 + (2.25-x+x*y**2)**2 + (2.625-x+x*y**3)**2"
MCCORMICK = "sin(x+y) + (x-y)**2 - 1.5*x + 2.5*y + 1"
CAMEL = "(4-2.1*x**2+x**4/3)*x**2 + x*y + (-4+4*y**2)*y**2"


def found(loss: str, xlim: Range = (-2, 2), ylim: Range | None = None) -> tuple[CriticalPoint, ...]:
    return critical_points(loss, xlim, ylim or xlim)


def test_the_bowls_three() -> None:
    points = found("bowl")
    assert [point.kind for point in points] == ["minimum", "minimum", "saddle"]
    places = [(-0.357818, -0.674475), (-0.357818, 0.674475), (-0.357818, 0.0)]
    np.testing.assert_allclose([point.point for point in points], places, atol=1e-6)
    losses = [point.loss for point in points]
    np.testing.assert_allclose(losses, [-0.075142, -0.075142, 0.188607], atol=1e-6)


def test_himmelblaus_nine() -> None:
    points = found(HIMMELBLAU, (-6, 6))
    expected = {
        "minimum": [(3, 2), (3.5844, -1.8481), (-3.7793, -3.2832), (-2.8051, 3.1313)],
        "saddle": [(3.385, 0.074), (0.087, 2.884), (-3.073, -0.081), (-0.128, -1.954)],
        "maximum": [(-0.271, -0.923)],
    }
    for kind, places in expected.items():
        own = sorted(point.point for point in points if point.kind == kind)
        np.testing.assert_allclose(own, sorted(places), atol=1e-3)
    assert len(points) == 9
    assert points[-1].loss == pytest.approx(181.617, abs=1e-3)


@pytest.mark.parametrize(
    ("loss", "xlim", "ylim", "kinds"),
    [
        (RASTRIGIN, (-5.12, 5.12), None, (121, 220, 100)),
        (GOLDSTEIN_PRICE, (-2, 2), None, (4, 4, 1)),
        (BEALE, (-4.5, 4.5), None, (1, 2, 0)),
        (MCCORMICK, (-1.5, 4), (-3, 4), (2, 1, 0)),
        (CAMEL, (-3, 3), (-2, 2), (6, 7, 2)),
        ("x**2 + y**2", (-2, 2), None, (1, 0, 0)),
        ("x**2 - y**2", (-2, 2), None, (0, 1, 0)),
        ("x**3 - 3*x*y**2", (-2, 2), None, (0, 1, 0)),
        ("x**4 + y**4", (-2, 2), None, (1, 0, 0)),
        ("-x**4 - y**4", (-2, 2), None, (0, 0, 1)),
        ("1e-9*(x**2 + y**2)", (-2, 2), None, (1, 0, 0)),
        ("1e9*(x**2 - y**2)", (-2, 2), None, (0, 1, 0)),
        ("x**2 + y**2", (-1e-3, 1e-3), (-1e3, 1e3), (1, 0, 0)),
        ("x**2 + y**2", (0, 2), None, (1, 0, 0)),  # on the frame's edge
        ("x**2 + y**2", (0.1, 2), None, (0, 0, 0)),  # beyond it
        ("-x**2 - y**4", (-2, 2), None, (0, 0, 1)),
        ("-x**2 + y**4", (-2, 2), None, (0, 1, 0)),
        ("x**2 + y**3", (-2, 2), None, (0, 1, 0)),
        # degenerate saddles that fall in a narrow wedge only
        ("(y - 0.1*x)**2 - x**4", (-2, 2), None, (0, 1, 0)),
        ("x**4 - (y - 0.1*x)**2", (-2, 2), None, (0, 1, 0)),
        ("(y - x**2)*(y - 3*x**2)", (-2, 2), None, (0, 1, 0)),
        ("log(x) + y**2", (-2, 2), None, (0, 0, 0)),
        ("exp(-x**2 - y**2)", (-2, 2), None, (0, 0, 1)),
        ("exp(-30*(x**2 + y**2))", (-2, 2), None, (0, 0, 1)),  # in a plain without end
        ("exp(-30*(x**2 + y**2) - 10*(x**2 + y**2)**2)", (-2, 2), None, (0, 0, 1)),  # …for a float
        ("1 + 1e-20*(x**2 + y**2)", (-2, 2), None, (0, 0, 0)),  # nothing is seen of it
        ("x**8 + y**8", (-2, 2), None, (1, 0, 0)),
    ],
)
def test_as_many_of_each_kind_as_there_are(
    loss: str, xlim: Range, ylim: Range | None, kinds: tuple[int, int, int]
) -> None:
    counted = Counter(point.kind for point in found(loss, xlim, ylim))
    assert (counted["minimum"], counted["saddle"], counted["maximum"]) == kinds
    assert sum(counted.values()) == sum(kinds)


@pytest.mark.parametrize(
    ("loss", "kept"),
    [
        ("y**2", []),
        ("(x - y)**2", []),
        ("0*x*y + 3", []),
        ("x + y", []),
        ("cos(x)", []),
        ("(y - x**2)**2", []),
        ("(x**2 + y**2 - 1)**2", ["maximum"]),
        ("(x*y - 1)**2", ["saddle"]),
        ("sin(x*y)", ["saddle"]),
        ("x**2*y**2", []),
    ],
)
def test_valleys_and_plains_are_left_out_whatever_their_shape(loss: str, kept: list[str]) -> None:
    """A line of minima, straight or bent, would be a row of marks in no particular place."""
    assert [point.kind for point in found(loss)] == kept


def test_they_are_what_they_say() -> None:
    """The gradient vanishes there, and no direction contradicts the kind."""
    for loss in ("bowl", RASTRIGIN, CAMEL):
        function, near = find_loss(loss), 1e-3
        angle = np.linspace(0, 2 * np.pi, 64, endpoint=False)
        for point in found(loss, (-2, 2)):
            here = np.array(point.point)
            assert np.hypot(*function.gradient(here)) < 1e-6
            assert point.loss == pytest.approx(float(function.value(here)))
            ring = here + near * np.stack([np.cos(angle), np.sin(angle)], axis=-1)
            higher = function.value(ring) > point.loss
            expected = {"minimum": higher.all(), "maximum": not higher.any()}
            assert expected.get(point.kind, higher.any() and not higher.all())


def test_the_lowest_come_first() -> None:
    losses = [point.loss for point in found(HIMMELBLAU, (-6, 6))]
    assert losses == sorted(losses)


CUSPS = [
    # (loss, frame, where its minima are that have no gradient)
    ("abs(x) + abs(y)", (-2, 2), [(0, 0)]),
    ("abs(x) + abs(y)", (0, 2), [(0, 0)]),  # in a corner of the frame, where the grid has a point
    ("abs(x) + abs(y)", (0.1, 2), []),
    ("sqrt(x**2 + y**2)", (-2, 2), [(0, 0)]),
    ("7 + sqrt((x - 0.3)**2 + (y + 1.1)**2)", (-2, 2), [(0.3, -1.1)]),
    ("abs(x) + y**2", (-2, 2), [(0, 0)]),
    ("abs(x) - x**2 + y**2", (-0.4, 0.4), [(0, 0)]),  # a Hessian there would say “saddle”
    ("abs(x**2 - 1) + y**2", (-2, 2), [(1, 0), (-1, 0)]),  # beside a saddle at the origin
    ("(abs(x + y) + abs(x - y))/2", (-2, 2), [(0, 0)]),
    ("10*abs(y - 0.3*x) + abs(x)", (-2, 2), [(0, 0)]),  # only along the kink does it fall
    ("100*abs(y - x**2) + abs(x - 1)", (-2, 2), [(1, 1)]),
    ("sqrt(abs(x)) + sqrt(abs(y))", (-2, 2), [(0, 0)]),
    ("abs(x - 1) + abs(x) + abs(x + 1) + abs(y)", (-2, 2), [(0, 0)]),
    ("x**2 + y**2 + 0.001*abs(x) + 0.001*abs(y)", (-2, 2), [(0, 0)]),
    # lines and plains of minima
    ("abs(x)", (-2, 2), []),
    ("abs(x)", (0, 2), []),
    ("abs(x*y)", (-2, 2), []),
    ("abs(y - x**2)", (-2, 2), []),
    ("abs(x - 1) + abs(x + 1) + abs(y)", (-2, 2), []),
    # no minima
    ("-abs(x) - abs(y)", (-2, 2), []),
    ("abs(x) - abs(y)", (-2, 2), []),
    ("x + y", (-2, 2), []),
    # the borders of where a loss is defined
    ("1/x + y**2", (-2, 2), []),
    ("tan(x) + y**2", (-2, 2), []),
    ("sqrt(x) + y**2", (-2, 2), []),
    ("log(x) + y**2", (-2, 2), []),
]


@pytest.mark.parametrize(
    ("loss", "xlim", "places"), CUSPS, ids=[f"{loss} in {xlim}" for loss, xlim, _ in CUSPS]
)
def test_minima_without_a_gradient(loss: str, xlim: Range, places: list[Range]) -> None:
    points = [point for point in found(loss, xlim) if np.isnan(point.eigenvalues).any()]
    assert [point.kind for point in points] == ["minimum"] * len(places)
    np.testing.assert_allclose(
        np.reshape(sorted(point.point for point in points), (-1, 2)),
        np.reshape(sorted(places), (-1, 2)),
        atol=1e-11,
    )
    for point in points:
        assert np.isnan(point.condition_number)
        assert point.largest_stable_rate is None
    assert sum(point.kind == "minimum" for point in found(loss, xlim)) == len(points)


class Counting(FormulaLoss):
    """A loss that knows how many points it was asked for."""

    asked = 0

    def value_at(self, theta: np.ndarray) -> np.ndarray:
        type(self).asked += theta[0].size
        return super().value_at(theta)

    def gradient_at(self, theta: np.ndarray) -> np.ndarray:
        type(self).asked += theta[0].size
        return super().gradient_at(theta)


@pytest.mark.parametrize(
    ("loss", "most"),
    [
        ("100*(y - x**2)**2 + (1 - x)**2", 250_000),  # the grid shows many minima in the valley
        ("0*x*y + 3", 500_000),
        ("(y - x**2)**2", 1_000_000),
        ("x**2 + y**2", 50_000),
    ],
)
def test_little_is_asked_of_a_loss(loss: str, most: int) -> None:
    Counting.asked = 0
    critical_points(Counting(loss), (-2, 2), (-1, 3))
    assert GRID_SIZE**2 < Counting.asked < most


def test_a_cusp_beside_a_smooth_minimum() -> None:
    points = found("sqrt(x**2 + y**2) - exp(-20*((x - 1)**2 + y**2))")
    minima = [point for point in points if point.kind == "minimum"]
    assert [np.isnan(point.condition_number) for point in minima] == [False, True]
    assert minima[0].point[0] == pytest.approx(0.97, abs=0.03)
    np.testing.assert_allclose(minima[1].point, (0, 0), atol=1e-11)


@pytest.mark.parametrize("shift", [0.003, 0.01, 0.013, 0.02, 0.03, 0.05])
def test_no_minimum_is_made_up(shift: float) -> None:
    """Along a kink that is too steep to follow there may be none found, but no wrong one."""
    for steep in (1e3, 1e5, 1e7, 1e9):
        for point in found(f"{steep}*abs(y - 0.3*x) + abs(x - {shift})"):
            np.testing.assert_allclose(point.point, (shift, 0.3 * shift), atol=1e-6)


def test_many_cusps() -> None:
    points = found("abs(sin(3*x)) + abs(cos(3*y))")
    x, y = np.pi / 3 * np.array([-1, 0, 1]), np.pi / 6 * np.array([-3, -1, 1, 3])
    expected = np.array([(a, b) for a in x for b in y])
    minima = np.array([point.point for point in points if point.kind == "minimum"])
    assert len(minima) == len(expected)
    apart = np.abs(minima[:, np.newaxis] - expected).max(axis=-1)
    assert apart.min(axis=0).max() < 1e-11


@pytest.mark.parametrize("factor", [1e-6, 1.0, 1e6])
def test_cusps_whatever_the_units(factor: float) -> None:
    loss = FormulaLoss(f"{factor}*(abs(x) + abs(y/1000 - 1))")
    (point,) = critical_points(loss, (-1e-3, 2e-3), (-5e3, 4e3))
    np.testing.assert_allclose(point.point, (0, 1000), atol=1e-7)
    assert point.kind == "minimum"


@pytest.mark.parametrize(
    ("loss", "eigenvalues", "condition_number", "rate"),
    [
        ("x**2 + 2*y**2", (2, 4), 2, 0.5),
        ("(x**2 + 25*y**2)/2", (1, 25), 25, 2 / 25),
        ("x**2 + y**2 + x*y", (1, 3), 3, 2 / 3),
        ("x**2 - 2*y**2", (-4, 2), 2, None),
        ("-x**2 - 2*y**2", (-4, -2), 2, None),
        ("x**2 + y**4", (0, 2), np.inf, 1.0),
        ("(y - x)**2 + y**4", (0, 4), np.inf, 0.5),
        ("x**4 + y**4", (0, 0), None, None),
        ("1e-9*(x**2 + y**2)", (2e-9, 2e-9), 1, 1e9),
    ],
)
def test_curvatures(
    loss: str, eigenvalues: Range, condition_number: float | None, rate: float | None
) -> None:
    (point,) = found(loss)
    np.testing.assert_allclose(point.eigenvalues, eigenvalues, rtol=1e-12, atol=1e-12)
    if condition_number:
        assert point.condition_number == pytest.approx(condition_number)
    if rate:
        assert point.largest_stable_rate == pytest.approx(rate)
    elif condition_number:
        assert point.largest_stable_rate is None


@pytest.mark.parametrize(
    ("eigenvalues", "condition_number"),
    [
        ((-3.0, 1.5), 2.0),
        ((1e-9, 1e3), 1e12),
        ((0.0, 1.0), np.inf),
        ((1e-17, 1.0), np.inf),
        ((0.0, 0.0), np.nan),
        ((np.nan, np.nan), np.nan),
    ],
)
def test_condition_numbers(eigenvalues: Range, condition_number: float) -> None:
    point = CriticalPoint((0, 0), 0, "saddle", eigenvalues)
    np.testing.assert_allclose(point.condition_number, condition_number)


def test_no_rate_where_nothing_curves() -> None:
    assert CriticalPoint((0, 0), 0, "minimum", (0.0, 0.0)).largest_stable_rate is None


@pytest.mark.parametrize("loss", ["bowl", "himmelblau", "three-hump-camel", "rosenbrock"])
def test_rates_below_the_largest_are_stable_and_those_above_are_not(loss: str) -> None:
    """Plain descent from very near each minimum: the number is held against what happens."""
    function = LOSSES[loss]
    for minimum in critical_points(function, function.xlim, function.ylim):
        if (rate := minimum.largest_stable_rate) is None:
            continue
        here = np.array(minimum.point)
        for factor, stays in ((0.98, True), (1.02, False)):
            point = here + 1e-6
            for _ in range(400):
                point = point - factor * rate * function.gradient(point)
            assert (np.hypot(*(point - here)) < 3e-6) == stays


def test_eigenvalues_against_linear_algebra() -> None:
    for name in ("himmelblau", "six-hump-camel", "goldstein-price"):
        function = LOSSES[name]
        for point in critical_points(function, function.xlim, function.ylim):
            expected = np.linalg.eigvalsh(function.hessian(point.point))
            np.testing.assert_allclose(point.eigenvalues, expected, rtol=1e-11)


def test_one_critical_point() -> None:
    for expected in found("bowl"):
        point = critical_point(find_loss("bowl"), np.array(expected.point))
        assert point == expected
    cusp = critical_point(find_loss("abs(x) + abs(y)"), np.zeros(2))
    assert cusp.kind == "minimum"
    assert np.isnan(cusp.eigenvalues).all()
    assert critical_point(find_loss("0*x*y + 3"), np.zeros(2)).kind == "flat"
    assert critical_point(find_loss("1 + x**4 + y**4"), np.zeros(2)).kind == "minimum"


KINDS = [
    ("x**2 + y**2", 0.0, "minimum"),
    ("x**2 - y**2", 0.0, "saddle"),
    ("-x**2 - y**2", 0.0, "maximum"),
    ("x**4 + y**4", 0.0, "minimum"),
    ("x**4 - y**4", 0.0, "saddle"),
    ("-x**4 - y**4", 0.0, "maximum"),
    ("7 + (x**2 + y**2)**2", 0.0, "minimum"),  # as high everywhere on the circle
    ("7 - sqrt(x**2 + y**2)", 0.0, "maximum"),
    ("x**2 + y**3", 0.0, "saddle"),
    ("(y - 0.1*x)**2 - x**4", 0.0, "saddle"),
    ("-x**2 - y**4", 0.0, "maximum"),
    ("abs(x) - x**2 + y**2", 0.0, "minimum"),
    # a small curvature is one, whatever lies farther around, also where the loss slopes a little
    ("0.01*x**2 - 100*x**4 + y**2", 0.0, "minimum"),
    ("0.001*x + 0.01*x**2 + y**2", 0.001, "minimum"),
    ("-abs(x) + x**2 - y**2", 0.0, "maximum"),
    ("abs(x) - abs(y)", 0.0, "saddle"),
    ("y**2", 0.0, "minimum"),  # the floor of a valley
    ("0*x*y + 3", 0.0, "flat"),
    ("1e-9*x", 1e-9, "flat"),  # a plain that slopes a little
    ("1e-4*x", 1e-4, "flat"),
    ("log(x) + y**2", np.inf, "flat"),
]


@pytest.mark.parametrize(("loss", "slope", "kind"), KINDS, ids=[loss for loss, *_ in KINDS])
def test_kind_of_the_origin(loss: str, slope: float, kind: str) -> None:
    assert kinds_of(find_loss(loss), np.zeros((1, 2)), np.array([slope]), 0.05).tolist() == [kind]


def test_the_floor_of_a_valley_has_rounding_errors() -> None:
    loss = find_loss("(1 + x)**2 - 2*x - x**2 + y**2")
    points = np.stack([np.linspace(-1, 1, 50), np.zeros(50)], axis=-1)
    assert set(kinds_of(loss, points, np.zeros(50), 0.05).tolist()) == {"minimum"}


def test_kinds_of_many_points_are_those_of_each() -> None:
    """On everything there is, smooth and not: plains, a rim, a cone, saddles, undefined parts."""
    points = np.random.default_rng(3).uniform(-2, 2, (300, 2))
    points[:5] = [(0, 0), (1, 0), (0, 1), (-1, 0), (0.5, 0.5)]
    seen: set[str] = set()
    for text in ("(x**2 + y**2 - 1)**2", "sqrt(x**2 + y**2)", "x**2*y**2", "log(x) + y**4", "bowl"):
        loss = find_loss(text)
        slopes = np.hypot(*loss.gradient(points).T)
        kinds = kinds_of(loss, points, slopes, 0.05)
        assert kinds.shape == (300,)
        each = [
            str(kinds_of(loss, points[n : n + 1], slopes[n : n + 1], 0.05)[0])
            for n in range(len(points))
        ]
        assert kinds.tolist() == each
        seen.update(each)
    assert seen == {"minimum", "saddle", "maximum", "flat"}
    assert kinds_of(find_loss("bowl"), np.empty((0, 2)), np.empty(0), 0.05).shape == (0,)


def test_polish_comes_to_the_point_nearby() -> None:
    loss, rng = find_loss("bowl"), np.random.default_rng(5)
    for critical in found("bowl"):
        starts = np.array(critical.point) + rng.uniform(-0.05, 0.05, (400, 2))
        points = polish(loss, starts, 0.14)
        np.testing.assert_allclose(points, np.tile(critical.point, (400, 1)), atol=1e-12)


def test_polish_comes_to_none_beyond_its_reach() -> None:
    loss, minimum = find_loss("bowl"), np.array(found("bowl")[0].point)
    starts = minimum + np.array([(0, 0), (0.09, 0), (0.11, 0), (0, -0.11), (1, 1)])
    before = starts.copy()
    points = polish(loss, starts, 0.1)
    assert np.isnan(points).all(axis=1).tolist() == [False, False, True, True, True]
    np.testing.assert_array_equal(starts, before)
    everywhere = np.random.default_rng(6).uniform(-2, 2, (2000, 2))
    points = polish(loss, everywhere, 0.1)
    came = ~np.isnan(points).any(axis=1)
    places = np.array([critical.point for critical in found("bowl")])
    apart = np.hypot(*np.moveaxis(everywhere[:, np.newaxis] - places, -1, 0))
    assert (apart.min(axis=1)[came] <= 0.1 + 1e-12).all()
    assert came[apart.min(axis=1) < 0.05].all()
    assert np.hypot(*loss.gradient(points[came]).T).max() < 1e-12


@pytest.mark.parametrize(
    ("loss", "start", "comes"),
    [
        ("x**4 + y**4", (0.05, 0.02), True),  # degenerate: by two thirds at each step
        ("x**2 + y**2", (0.0, 0.0), True),
        ("0*x*y + 3", (0.1, 0.1), True),
        ("x + y", (0.1, 0.1), False),
        ("exp(x) + y**2", (0.0, 0.0), False),
        ("abs(x) + abs(y)", (0.05, 0.05), False),
        ("log(x) + y**2", (-0.05, 0.05), False),
        ("abs(x) + y**2", (0.05, 0.0), False),
        ("(y - 0.3*x)**2", (0.1, 0.03 + 1e-12), True),  # on the floor of a valley
        ("(y - 0.3*x)**2", (0.1, 0.04), True),  # beside it
        ("1e-8*(x**2 + y**2)", (0.05, 0.0), True),
        ("1e8*(x**2 + y**2)", (0.05, 0.0), True),
    ],
)
def test_polish_knows_what_is_critical(loss: str, start: Range, comes: bool) -> None:
    (point,) = polish(find_loss(loss), np.array([start], float), 0.14)
    assert np.isfinite(point).all() == comes
    if comes and "3" not in loss:
        np.testing.assert_allclose(point, 0, atol=1e-9)


def test_what_rounding_left_of_zero_is_zero() -> None:
    starts = np.array([-0.357818, 0.0]) + np.random.default_rng(8).uniform(-0.05, 0.05, (50, 2))
    assert (polish(find_loss("bowl"), starts, 0.14)[:, 1] == 0).all()


def test_a_name_and_no_frame_are_enough() -> None:
    assert critical_points("bowl") == found("bowl")
    assert critical_points("booth", ylim=(-1, 1)) == ()
    assert [point.kind for point in critical_points("booth")] == ["minimum"]


@pytest.mark.parametrize(
    "loss",
    [
        "log(x**2 + y**2)",
        "log((x - 0.3)**2 + 4*(y - 0.2)**2) + x**2",
        "-1/sqrt((x - 0.3)**2 + y**2)",
        "log(abs(x))",
        "-1/y**2",
    ],
)
def test_a_pole_is_no_minimum(loss: str) -> None:
    assert "minimum" not in {point.kind for point in critical_points(loss)}


@pytest.mark.parametrize(
    "loss", ["(x**2 + y**2)**0.01", "-1/log((x**2 + y**2)/99)", "log(sqrt(x**2 + y**2) + 1e-9)"]
)
def test_a_steep_cusp_is_a_minimum(loss: str) -> None:
    (cusp,) = critical_points(loss)
    assert cusp.kind == "minimum"
    assert cusp.point == pytest.approx((0, 0), abs=1e-11)


def test_a_formula_in_x_has_points_of_one_parameter() -> None:
    (minimum,) = critical_points("(x - 1)**2")
    assert minimum.point == pytest.approx((1.0,))
    assert critical_points("(x - 1)**2", (-0.5, 0.5)) == ()
    assert critical_points("(x - 1)**2", starts=[[0.5], [3.0]]) == (minimum,)
    for trough in ({"ylim": (-1, 1)}, {"starts": [(0.0, 0.0), (1.0, 2.0)]}):
        assert critical_points("(x - 1)**2", **trough) == ()
    assert critical_points(FormulaLoss("(x - 1)**2")) == (minimum,)


def test_polish_of_no_points() -> None:
    assert polish(find_loss("bowl"), np.empty((0, 2)), 0.1).shape == (0, 2)


def test_distinct() -> None:
    points = np.array([(0, 0), (0.5, 0), (3, 0), (0, 0.9), (3, 0.2)], float)
    assert distinct(points, 1.0).tolist() == [[0, 0], [3, 0]]
    assert distinct(np.empty((0, 2)), 1.0).shape == (0, 2)

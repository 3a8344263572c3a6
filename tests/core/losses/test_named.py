"""The catalogue against the literature: every loss is written a second time here, by hand.

Derivatives come from complex steps (Squire and Trapp, SIAM Review 40, 1998, p. 110) and from
numbers with 40 digits, so that nothing of the package checks itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import cache
from typing import Any

import mpmath
import numpy as np
import pytest

from sphinx_gdviz.core.descent.critical_points import CriticalPoint, critical_points
from sphinx_gdviz.core.losses.base import FormulaLoss
from sphinx_gdviz.core.losses.named import CATALOGUE, LOSSES, find_loss
from sphinx_gdviz.messages import GdvizError

Point = tuple[float, float]


def goldstein_price(m: Any, x: Any, y: Any) -> Any:
    first = (x + y + 1) ** 2 * (19 - 14 * x + 3 * x * x - 14 * y + 6 * x * y + 3 * y * y)
    inner = 18 - 32 * x + 12 * x * x + 48 * y - 36 * x * y + 27 * y * y
    return (1 + first) * (30 + (2 * x - 3 * y) ** 2 * inner)


def ackley(m: Any, x: Any, y: Any) -> Any:
    a, b, c = 20, m.mpf("0.2") if m is mpmath else 0.2, 2 * m.pi
    far = -a * m.exp(-b * m.sqrt((x * x + y * y) / 2))
    return far - m.exp((m.cos(c * x) + m.cos(c * y)) / 2) + a + m.e


BY_HAND: dict[str, Callable[[Any, Any, Any], Any]] = {
    "bowl": lambda m, x, y: x * x + y * y + m.sin(3 * x) / 2 + m.cos(3 * y) / 2,
    "rosenbrock": lambda m, x, y: 100 * (y - x * x) ** 2 + (x - 1) ** 2,
    "himmelblau": lambda m, x, y: (x * x + y - 11) ** 2 + (x + y * y - 7) ** 2,
    "beale": lambda m, x, y: sum(
        (c - x * (1 - y**n)) ** 2 for n, c in enumerate((1.5, 2.25, 2.625), 1)
    ),
    "booth": lambda m, x, y: (x + 2 * y - 7) ** 2 + (2 * x + y - 5) ** 2,
    "matyas": lambda m, x, y: (26 * (x * x + y * y) - 48 * x * y) / 100,
    "rastrigin": lambda m, x, y: sum(10 + t * t - 10 * m.cos(2 * m.pi * t) for t in (x, y)),
    "ackley": ackley,
    "styblinski-tang": lambda m, x, y: sum(t**4 - 16 * t * t + 5 * t for t in (x, y)) / 2,
    "three-hump-camel": lambda m, x, y: 2 * x * x - 105 * x**4 / 100 + x**6 / 6 + x * y + y * y,
    "six-hump-camel": lambda m, x, y: (
        4 * x * x - 21 * x**4 / 10 + x**6 / 3 + x * y - 4 * y * y + 4 * y**4
    ),
    "mccormick": lambda m, x, y: m.sin(x + y) + (x - y) ** 2 - 3 * x / 2 + 5 * y / 2 + 1,
    "goldstein-price": goldstein_price,
    "saddle": lambda m, x, y: (x + y) * (x - y),
    "monkey-saddle": lambda m, x, y: x * (x * x - 3 * y * y),
    "ravine": lambda m, x, y: (x * x + 25 * y * y) / 2,
}

# The table of the facts: minima, saddles and maxima as they are published, to few digits, with
# the loss where it is; 2/λ and κ at the first minimum.
MINIMA: dict[str, list[tuple[float, float, float]]] = {
    "bowl": [(-0.357818, 0.674475, -0.075142), (-0.357818, -0.674475, -0.075142)],
    "rosenbrock": [(1, 1, 0)],
    "himmelblau": [
        (3, 2, 0),
        (3.5844, -1.8481, 0),
        (-3.7793, -3.2832, 0),
        (-2.8051, 3.1313, 0),
    ],
    "beale": [(3, 0.5, 0)],
    "booth": [(1, 3, 0)],
    "matyas": [(0, 0, 0)],
    "rastrigin": [
        *((0, 0, 0), (0.99496, 0, 0.99496), (-0.99496, 0, 0.99496)),
        *((0, 0.99496, 0.99496), (0, -0.99496, 0.99496)),
    ],
    "ackley": [(0, 0, 0), (0.9522, 0, 2.580), (-0.9522, 0, 2.580), (0, 0.9522, 2.580)],
    "styblinski-tang": [
        *((-2.9035, -2.9035, -78.3323), (-2.9035, 2.7468, -64.196)),
        *((2.7468, -2.9035, -64.196), (2.7468, 2.7468, -50.059)),
    ],
    "three-hump-camel": [(0, 0, 0), (1.7476, -0.8738, 0.2986), (-1.7476, 0.8738, 0.2986)],
    "six-hump-camel": [
        *((0.0898, -0.7127, -1.0316), (-0.0898, 0.7127, -1.0316)),
        *((1.7036, -0.7961, -0.2155), (-1.7036, 0.7961, -0.2155)),
        *((1.6071, 0.5687, 2.1043), (-1.6071, -0.5687, 2.1043)),
    ],
    "mccormick": [(-0.5472, -1.5472, -1.9132), (2.5944, 1.5944, 1.228)],
    "goldstein-price": [(0, -1, 3), (-0.6, -0.4, 30), (1.8, 0.2, 84), (1.2, 0.8, 840)],
    "saddle": [],
    "monkey-saddle": [],
    "ravine": [(0, 0, 0)],
}
OTHERS: dict[str, dict[str, list[Point]]] = {
    "bowl": {"saddle": [(-0.357818, 0)]},
    "himmelblau": {
        "saddle": [(3.385, 0.074), (0.087, 2.884), (-3.073, -0.081), (-0.128, -1.954)],
        "maximum": [(-0.271, -0.923)],
    },
    "beale": {"saddle": [(0, 1), (0.1005, -2.6445)]},
    "styblinski-tang": {"maximum": [(0.1567, 0.1567)]},
    "three-hump-camel": {"saddle": [(1.0705, -0.5353), (-1.0705, 0.5353)]},
    "six-hump-camel": {"saddle": [(0, 0)]},
    "mccormick": {"saddle": [(1.5472, 0.5472)]},
    "goldstein-price": {
        "saddle": [(-0.4, -0.6), (1.2, -0.2), (1.4, 0.6), (0.6, 0.4)],
        "maximum": [(0.8, 0.2)],
    },
    "saddle": {"saddle": [(0, 0)]},
    "monkey-saddle": {"saddle": [(0, 0)]},
}
COUNTS = {
    "bowl": (2, 1, 0),
    "rosenbrock": (1, 0, 0),
    "himmelblau": (4, 4, 1),
    "beale": (1, 2, 0),
    "booth": (1, 0, 0),
    "matyas": (1, 0, 0),
    "rastrigin": (121, 220, 100),
    "ackley": (121, 220, 100),
    "styblinski-tang": (4, 4, 1),
    "three-hump-camel": (3, 2, 0),
    "six-hump-camel": (6, 7, 2),
    "mccormick": (2, 1, 0),
    "goldstein-price": (4, 4, 1),
    "saddle": (0, 1, 0),
    "monkey-saddle": (0, 1, 0),
    "ravine": (1, 0, 0),
}
RATES = {
    "bowl": 0.33586,
    "rosenbrock": 0.0020,
    "himmelblau": 0.0243,
    "beale": 0.041,
    "booth": 0.111,
    "matyas": 2.0,
    "rastrigin": 0.00504,
    "styblinski-tang": 0.058,
    "three-hump-camel": 0.453,
    "six-hump-camel": 0.121,
    "mccormick": 0.50,
    "goldstein-price": 0.0021,
    "ravine": 2 / 25,
}
CONDITION_NUMBERS = {
    "rosenbrock": 2508,
    "himmelblau": 3.2,
    "beale": 162,
    "booth": 9,
    "matyas": 25,
    "ravine": 25,
}
NAMES = list(BY_HAND)


@cache
def found(name: str) -> tuple[CriticalPoint, ...]:
    loss = LOSSES[name]
    return critical_points(loss, loss.xlim, loss.ylim)


def random_points(name: str, count: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    loss = LOSSES[name]
    lower, upper = np.array([loss.xlim, loss.ylim]).T
    return np.random.default_rng(7).uniform(lower, upper, (count, 2))


def derivative(name: str, point: Any, order: tuple[int, int]) -> Any:
    with mpmath.workdps(40):
        return mpmath.diff(lambda x, y: BY_HAND[name](mpmath, x, y), tuple(point), order)


def polished(name: str, point: Point) -> Point:
    """The critical point near one of few digits, by 40 digits and the secant method."""
    with mpmath.workdps(40):
        x, y = mpmath.findroot(
            lambda x, y: [derivative(name, (x, y), (1, 0)), derivative(name, (x, y), (0, 1))],
            point,
            tol=1e-20,
        )
    return float(x), float(y)


def test_all_are_written_a_second_time() -> None:
    assert list(CATALOGUE) == NAMES == list(MINIMA) == list(COUNTS)


@pytest.mark.parametrize("name", NAMES)
def test_the_formula_is_that_of_the_literature(name: str) -> None:
    loss, points = LOSSES[name], random_points(name, 200)
    expected = BY_HAND[name](np, points[:, 0], points[:, 1])
    scale = float(np.abs(expected).max())
    np.testing.assert_allclose(loss.value(points), expected, rtol=1e-12, atol=1e-13 * scale)


@pytest.mark.parametrize("name", NAMES)
def test_gradients_against_complex_steps(name: str) -> None:
    loss, points = LOSSES[name], random_points(name, 200)
    x, y = points.T.astype(complex)
    tiny = 1e-30
    expected = np.stack(
        [
            BY_HAND[name](np, x + 1j * tiny, y).imag / tiny,
            BY_HAND[name](np, x, y + 1j * tiny).imag / tiny,
        ],
        axis=-1,
    )
    scale = float(np.abs(expected).max())
    np.testing.assert_allclose(loss.gradient(points), expected, rtol=1e-10, atol=1e-13 * scale)


@pytest.mark.parametrize("name", NAMES)
def test_hessians_against_forty_digits(name: str) -> None:
    loss, points = LOSSES[name], random_points(name, 20)
    for point, hessian in zip(points, loss.hessian(points), strict=True):
        xx, xy, yy = (float(derivative(name, point, order)) for order in ((2, 0), (1, 1), (0, 2)))
        expected = np.array([[xx, xy], [xy, yy]])
        atol = 1e-12 * float(np.abs(expected).max())
        np.testing.assert_allclose(hessian, expected, rtol=1e-10, atol=atol)


@pytest.mark.parametrize("name", [name for name in NAMES if MINIMA[name]])
def test_minima_are_found_where_they_are_published(name: str) -> None:
    places = np.array([point.point for point in found(name) if point.kind == "minimum"])
    for x, y, value in MINIMA[name]:
        exact = (0.0, 0.0) if (name, x, y) == ("ackley", 0, 0) else polished(name, (x, y))
        np.testing.assert_allclose(exact, (x, y), atol=6e-5)  # as many digits as are published
        assert np.abs(places - exact).max(axis=1).min() < 1e-6
        assert float(BY_HAND[name](np, *exact)) == pytest.approx(value, abs=6e-4, rel=1e-5)
        assert float(LOSSES[name].value(exact)) == pytest.approx(value, abs=6e-4, rel=1e-5)


@pytest.mark.parametrize("name", list(OTHERS))
def test_saddles_and_maxima_are_found_where_they_are_published(name: str) -> None:
    for kind, published in OTHERS[name].items():
        places = np.array([point.point for point in found(name) if point.kind == kind])
        for point in published:
            exact = (0.0, 0.0) if name == "monkey-saddle" else polished(name, point)
            np.testing.assert_allclose(exact, point, atol=6e-4)
            assert np.abs(places - exact).max(axis=1).min() < 1e-6


def test_heights_that_are_published() -> None:
    def height(name: str, kind: str, x: float, y: float) -> float:
        near = [
            p for p in found(name) if p.kind == kind and np.allclose(p.point, (x, y), atol=1e-3)
        ]
        (point,) = near
        return point.loss

    assert height("himmelblau", "maximum", -0.271, -0.923) == pytest.approx(181.617, abs=1e-3)
    assert height("beale", "saddle", 0, 1) == pytest.approx(14.203, abs=1e-3)
    assert height("bowl", "saddle", -0.357818, 0) == pytest.approx(0.188607, abs=1e-6)
    assert height("ackley", "minimum", 0.9522, 0) == pytest.approx(2.580, abs=1e-3)


@pytest.mark.parametrize("name", NAMES)
def test_as_many_of_each_kind_as_are_published(name: str) -> None:
    counted = Counter(point.kind for point in found(name))
    assert (counted["minimum"], counted["saddle"], counted["maximum"]) == COUNTS[name]
    assert len(found(name)) == sum(COUNTS[name])


OUTWARDS = [
    *("bowl", "himmelblau", "booth", "matyas", "rastrigin", "styblinski-tang"),
    *("three-hump-camel", "six-hump-camel", "ackley", "ravine"),
]


@pytest.mark.parametrize("name", OUTWARDS)
def test_the_counts_add_up(name: str) -> None:
    """Where a field points outwards all around, its indices add up to 1 (Poincaré and Hopf)."""
    loss = LOSSES[name]
    lower, upper = np.array([loss.xlim, loss.ylim]).T
    middle, half = (lower + upper) / 2, (upper - lower) / 2
    angle = np.linspace(0, 2 * np.pi, 4001)
    circle = np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    border = middle + half * circle / np.abs(circle).max(axis=1, keepdims=True)
    gradient = loss.gradient(border)
    angles = np.unwrap(np.arctan2(gradient[:, 1], gradient[:, 0]))
    turns = round((angles[-1] - angles[0]) / (2 * np.pi))
    counted = Counter(point.kind for point in found(name))
    assert turns == 1
    assert counted["minimum"] - counted["saddle"] + counted["maximum"] == turns


@pytest.mark.parametrize("name", list(RATES))
def test_rates_and_condition_numbers_that_are_published(name: str) -> None:
    x, y, _ = MINIMA[name][0]
    (first,) = [p for p in found(name) if np.allclose(p.point, (x, y), atol=1e-3)]
    assert first.largest_stable_rate is not None
    digits = len(str(RATES[name]).partition(".")[2])
    assert first.largest_stable_rate == pytest.approx(RATES[name], abs=0.51 * 10**-digits)
    if name in CONDITION_NUMBERS:
        assert first.condition_number == pytest.approx(CONDITION_NUMBERS[name], rel=0.005)


def test_the_chapters_own_numbers() -> None:
    lower, upper, saddle = found("bowl")
    for minimum in (lower, upper):
        np.testing.assert_allclose(minimum.eigenvalues, (3.96799, 5.95484), atol=5e-6)
        assert minimum.largest_stable_rate == pytest.approx(0.33586, abs=5e-6)
    np.testing.assert_allclose(saddle.eigenvalues, (-2.5, 5.95484), atol=5e-6)
    assert saddle.largest_stable_rate is None


def test_ackleys_cusp() -> None:
    """A cone stands there: its slope is 4/√2 in every direction, and no curvature is defined."""
    first = found("ackley")[0]
    np.testing.assert_allclose(first.point, (0, 0), atol=1e-11)
    assert first.loss == pytest.approx(0, abs=1e-10)
    assert np.isnan(first.eigenvalues).all()
    assert np.isnan(first.condition_number)
    assert first.largest_stable_rate is None
    near = 1e-6 * np.array([(1, 0), (0, -1), (0.6, 0.8)])
    np.testing.assert_allclose(np.hypot(*LOSSES["ackley"].gradient(near).T), 8**0.5, rtol=1e-4)


@pytest.mark.parametrize("name", NAMES)
def test_minima_that_the_catalogue_names(name: str) -> None:
    """To twelve digits, the lowest first, in the domain; of a lattice the lowest one only."""
    entry = CATALOGUE[name]
    lattice = name in ("rastrigin", "ackley")
    assert len(entry.minima) == (1 if lattice else COUNTS[name][0])
    for x, y in entry.minima:
        assert entry.loss.xlim[0] < x < entry.loss.xlim[1]
        assert entry.loss.ylim[0] < y < entry.loss.ylim[1]
        if name != "ackley":
            np.testing.assert_allclose((x, y), polished(name, (x, y)), rtol=1e-13, atol=1e-15)
    losses = entry.loss.value(np.array(entry.minima).reshape(-1, 2))
    assert (np.diff(losses) > -1e-12).all()
    assert len(set(entry.minima)) == len(entry.minima)


@pytest.mark.parametrize("name", NAMES)
def test_what_else_an_entry_says(name: str) -> None:
    entry = CATALOGUE[name]
    assert isinstance(entry.loss, FormulaLoss)
    assert LOSSES[name] is entry.loss
    assert entry.title
    assert any(mark.isdigit() for mark in entry.source)  # a year or a section
    assert entry.loss.camera is not None
    azimuth, elevation = entry.loss.camera
    assert -180 < azimuth <= 180
    assert 25 <= elevation <= 50
    assert 5 <= entry.loss.levels <= 20


@pytest.mark.parametrize(
    ("name", "xlim", "ylim"),
    [
        ("rosenbrock", (-2, 2), (-1, 3)),
        ("himmelblau", (-6, 6), (-6, 6)),
        ("beale", (-4.5, 4.5), (-4.5, 4.5)),
        ("booth", (-10, 10), (-10, 10)),
        ("matyas", (-10, 10), (-10, 10)),
        ("rastrigin", (-5.12, 5.12), (-5.12, 5.12)),
        ("ackley", (-5, 5), (-5, 5)),
        ("styblinski-tang", (-5, 5), (-5, 5)),
        ("three-hump-camel", (-5, 5), (-5, 5)),
        ("six-hump-camel", (-3, 3), (-2, 2)),
        ("mccormick", (-1.5, 4), (-3, 4)),
        ("goldstein-price", (-2, 2), (-2, 2)),
        ("saddle", (-2, 2), (-2, 2)),
        ("monkey-saddle", (-2, 2), (-2, 2)),
        ("ravine", (-2, 2), (-2, 2)),
    ],
)
def test_domains_that_are_published(name: str, xlim: Point, ylim: Point) -> None:
    assert (LOSSES[name].xlim, LOSSES[name].ylim) == (xlim, ylim)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("bowel", "bowl"),
        ("Rosenbrock", "rosenbrock"),
        ("rosenbrok", "rosenbrock"),
        ("BOOTH", "booth"),
        ("styblinski-tnag", "styblinski-tang"),
        ("Styblinski–Tang", "styblinski-tang"),
        ("goldstein_price", "goldstein-price"),
        ("six hump camel", "six-hump-camel"),
        ("three-hump", "three-hump-camel"),
    ],
)
def test_a_name_that_is_no_loss_gets_the_nearest(written: str, meant: str) -> None:
    with pytest.raises(GdvizError) as caught:
        find_loss(written)
    message = str(caught.value)
    assert f"“{written}”" in message
    assert f"; did you mean “{meant}”?" in message
    assert f"the named losses are {', '.join(LOSSES)}" in message


@pytest.mark.parametrize("written", ["camel", "zz", "theta-two", "lambda"])
def test_a_name_that_is_near_none_gets_them_all(written: str) -> None:
    with pytest.raises(GdvizError, match="; the named losses are bowl, rosenbrock") as caught:
        find_loss(written)
    assert "did you mean" not in str(caught.value)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("x-zz", "“zz” is unknown"),
        ("y - zz", "“zz” is unknown"),
        ("x y", "is not a formula"),
        ("sin", "write sin(...)"),
        ("2*zz", "“zz” is unknown"),
        ("rosenbrock(x)", "a named loss has no settings; write rosenbrock"),
        ("f(w, b) = w*b", "leave out “f(w, b) =” and write the rest"),
    ],
)
def test_a_formula_is_not_taken_for_a_name(written: str, said: str) -> None:
    with pytest.raises(GdvizError) as caught:
        find_loss(written)
    assert said in str(caught.value)
    assert "named losses" not in str(caught.value)


def test_names_and_formulas_are_found() -> None:
    for name in NAMES:
        assert find_loss(name) is LOSSES[name]
    assert find_loss("x-y") == FormulaLoss("x-y")
    assert find_loss("w-b").parameters == ("w", "b")
    assert find_loss("w-b-(w**2)").value((2.0, 1.0)) == -3.0  # and no model called w-b-
    own = {"tilted-valley": FormulaLoss("x + y**2")}
    assert find_loss("tilted-valley", own) is own["tilted-valley"]
    with pytest.raises(GdvizError, match="did you mean “tilted-valley”"):
        find_loss("tilted-vally", own)

"""Critical points against those that are known: published, or worked out by hand."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from sphinx_gdviz.core.landscape import CriticalPoint, critical_points
from sphinx_gdviz.core.losses import Range, find_loss

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
    return critical_points(find_loss(loss), xlim, ylim or xlim)


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
        ("abs(x) + abs(y)", (-2, 2), None, (0, 0, 0)),  # a kink, where nothing vanishes
        ("log(x) + y**2", (-2, 2), None, (0, 0, 0)),
        ("exp(-x**2 - y**2)", (-2, 2), None, (0, 0, 1)),
        ("exp(-30*(x**2 + y**2))", (-2, 2), None, (0, 0, 1)),  # in a plain without end
        ("x**8 + y**8", (-2, 2), None, (1, 0, 0)),
    ],
)
def test_as_many_of_each_kind_as_there_are(
    loss: str, xlim: Range, ylim: Range | None, kinds: tuple[int, int, int]
) -> None:
    counted = Counter(point.kind for point in found(loss, xlim, ylim))
    assert (counted["minimum"], counted["saddle"], counted["maximum"]) == kinds


@pytest.mark.parametrize(
    ("loss", "kept"),
    [
        ("y**2", []),
        ("(x - y)**2", []),
        ("0*x + 3", []),
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

"""The scale: losses to shares and back, and the numbers that stand along it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sphinx_gdviz.core.experiment import Experiment
from sphinx_gdviz.core.losses.base import FormulaLoss
from sphinx_gdviz.core.losses.named import find_loss
from sphinx_gdviz.core.result import run
from sphinx_gdviz.core.scale import SCALES, Scale, ScaleKind
from sphinx_gdviz.draw.figure import draw
from sphinx_gdviz.draw.ticks import scale_ticks, tick_label, tick_labels

ROSENBROCK = Experiment(loss=find_loss("(1-x)**2 + 100*(y-x**2)**2"), steps=1)
HIMMELBLAU = Experiment(
    loss=find_loss("(x**2+y-11)**2 + (x+y**2-7)**2"),
    xlim=(-6, 6),
    ylim=(-6, 6),
    start=((0, 0),),
    steps=1,
)
GOLDSTEIN_PRICE = Experiment(
    loss=find_loss(
        "(1+(x+y+1)**2*(19-14*x+3*x**2-14*y+6*x*y+3*y**2))"
        "*(30+(2*x-3*y)**2*(18-32*x+12*x**2+48*y-36*x*y+27*y**2))"
    ),
    steps=1,
)

magnitudes = st.floats(-12, 12).map(lambda power: 10.0**power)


@st.composite
def scales(draw: st.DrawFn) -> Scale:
    """Linear and logarithmic ones, from 1e-12 to 1e12, above and below zero."""
    extent = draw(magnitudes)
    low = extent * draw(st.floats(-10, 10))
    knee = draw(st.none() | st.floats(-10, 0).map(lambda power: extent * 10.0**power))
    return Scale(low, low + extent, knee)


def of(experiment: Experiment) -> Scale:
    return run(experiment).scale


steady = settings(deadline=None, derandomize=True, database=None)
"""The same examples every time, however slow the machine is."""


@steady
@given(scales(), st.lists(st.floats(0, 1), min_size=2, max_size=20))
def test_share_and_loss_undo_each_other(scale: Scale, shares: list[float]) -> None:
    losses = scale.loss(shares)
    # A loss near the low end is only known to within rounding of the low end itself.
    np.testing.assert_allclose(
        scale.loss(scale.normalized(losses)), losses, atol=1e-9 * (scale.high - scale.low)
    )
    ends = scale.normalized([scale.low, scale.high])
    np.testing.assert_allclose(ends, [0.0, 1.0], atol=1e-12)


@steady
@given(scales(), st.lists(st.floats(-0.5, 1.5), min_size=2, max_size=20))
def test_a_higher_loss_has_a_higher_share(scale: Scale, places: list[float]) -> None:
    """Beyond both ends too: a path may go where the grid has no point."""
    losses = scale.low + np.sort(places) * (scale.high - scale.low)
    shares = scale.normalized(losses)
    apart = np.diff(losses) > 1e-9 * (scale.high - scale.low)
    assert (np.diff(shares) >= 0).all()
    assert (np.diff(shares)[apart] > 0).all()


@steady
@given(scales(), st.lists(st.floats(0.01, 0.99), min_size=1, max_size=9))
def test_slope_is_the_derivative_of_share(scale: Scale, shares: list[float]) -> None:
    scale = Scale(
        0.0, scale.high - scale.low, scale.linear_threshold
    )  # so that small steps are not lost
    losses = scale.loss(shares)
    unit = (
        scale.high - scale.low
        if scale.linear_threshold is None
        else scale.linear_threshold + losses - scale.low
    )
    step = 1e-4 * unit
    measured = (scale.normalized(losses + step) - scale.normalized(losses - step)) / (2 * step)
    np.testing.assert_allclose(scale.slope(losses), measured, rtol=1e-2)


def test_what_is_not_finite_has_no_share() -> None:
    for scale in (Scale(0.0, 1.0), Scale(0.0, 1.0, 0.1), Scale(1.0, 1.0)):
        assert np.isnan(scale.normalized([np.nan, np.inf, -np.inf])).all()


@pytest.mark.parametrize(
    ("experiment", "is_log"),
    [
        (Experiment(steps=1), False),
        (Experiment(loss=find_loss("x**2 - y**2"), steps=1), False),
        (Experiment(loss=find_loss("1e9*(x**2 + y**2) - 4"), steps=1), False),
        (ROSENBROCK, True),
        (HIMMELBLAU, True),
        (GOLDSTEIN_PRICE, True),
    ],
)
def test_a_loss_that_crowds_at_its_low_end_is_shown_on_a_log_scale(
    experiment: Experiment, is_log: bool
) -> None:
    assert (of(experiment).linear_threshold is not None) == is_log


@pytest.mark.parametrize("kind", ["linear", "log"])
def test_an_author_decides(kind: ScaleKind) -> None:
    for loss in ("bowl", "rosenbrock"):
        scale = of(Experiment(loss=find_loss(loss), scale=kind, steps=1))
        assert (scale.linear_threshold is not None) == (kind == "log")


@pytest.mark.parametrize("loss", ["0*x + 7", "1e300 + 0*x", "0*x", "1e15 + 0.01*x"])
@pytest.mark.parametrize("kind", ["linear", "log", None])
def test_a_flat_loss_lies_in_the_middle(loss: str, kind: ScaleKind | None) -> None:
    scale = of(Experiment(loss=find_loss(loss), scale=kind, steps=1))
    assert scale.is_flat
    np.testing.assert_array_equal(scale.normalized([scale.low, scale.high]), 0.5)
    np.testing.assert_array_equal(scale_ticks(scale, 5), [scale.low])


@steady
@given(scales(), st.integers(3, 8))
def test_ticks_are_inside_and_apart(scale: Scale, count: int) -> None:
    ticks = scale_ticks(scale, count)
    assert len(ticks) <= 2 * count
    assert ((ticks >= scale.low) & (ticks <= scale.high)).all()
    assert (np.diff(scale.normalized(ticks)) >= 0.5 / (2 * count)).all(), (
        "numbers that do not touch"
    )


@steady
@given(scales(), st.integers(3, 8))
def test_ticks_are_round(scale: Scale, count: int) -> None:
    """On a log scale one digit, 1, 2 or 5; on an even one multiples of what lies between two."""
    ticks = scale_ticks(scale, count)
    if scale.linear_threshold is not None:
        for tick in ticks[ticks != 0]:
            assert f"{abs(tick):.10e}"[0] in "125"
            assert float(f"{tick:.0e}") == pytest.approx(tick, rel=1e-9)
    elif len(ticks) > 1:
        spacing = np.diff(ticks).min()
        assert f"{spacing:.0e}"[0] in "125"
        np.testing.assert_allclose(ticks / spacing, np.round(ticks / spacing), atol=1e-5)


@pytest.mark.parametrize("factor", [1e-12, 1.0, 1e12])
def test_a_loss_of_any_size_has_the_same_shares_and_several_ticks(factor: float) -> None:
    for loss in ("x**2 + y**2", "(1-x)**2 + 100*(y-x**2)**2"):
        scale = of(Experiment(loss=find_loss(f"{factor}*({loss})"), lr=(1e-30,), steps=1))
        usual = of(Experiment(loss=find_loss(loss), steps=1))
        losses = np.linspace(usual.low, usual.high, 50)
        np.testing.assert_allclose(
            scale.normalized(losses * factor), usual.normalized(losses), atol=1e-9
        )
        assert 3 <= len(scale_ticks(scale, 6)) <= 12


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (2e-12, "2·10⁻¹²"),
        (1e6, "10⁶"),
        (-1e6, "−10⁶"),
        (-5e-7, "−5·10⁻⁷"),
        (-0.5, "−0.5"),
        (1000.0, "1000"),
        (20000.0, "20000"),
        (0.002, "0.002"),
        (1e300, "10³⁰⁰"),
        (1e-300, "10⁻³⁰⁰"),
        (9.999999999999999e5, "10⁶"),
    ],
)
def test_numbers_are_short_and_have_a_real_minus(value: float, written: str) -> None:
    assert tick_label(value) == written


@pytest.mark.parametrize(
    ("ticks", "numbers", "name"),
    [
        ([-0.5, 0.0, 0.5], ("−0.5", "0", "0.5"), "Loss"),
        ([0.0, 2e-12, 4e-12], ("0", "2", "4"), "Loss (×10⁻¹²)"),
        ([-1e6, 0.0, 1e6], ("−1", "0", "1"), "Loss (×10⁶)"),
    ],
)
def test_a_power_of_ten_stands_once_behind_the_name(
    ticks: list[float], numbers: tuple[str, ...], name: str
) -> None:
    assert tick_labels(np.array(ticks), "Loss") == (numbers, name)


@pytest.mark.parametrize("kind", SCALES)
@pytest.mark.parametrize("loss", ["5e-324*x**2", "1e-310*(x**2 + y**2)", "1e-301*(1 + x*y)"])
def test_a_loss_too_small_to_be_divided_by_is_flat(loss: str, kind: ScaleKind) -> None:
    views = ("surface", "contour", "loss", "gradient", "outcomes")
    flat = FormulaLoss(loss, parameters=("x", "y"))
    result = run(Experiment(loss=flat, views=views, scale=kind, steps=2))
    assert (result.scale.low, result.scale.high, result.scale.is_flat) == (0.0, 0.0, True)
    with np.errstate(over="raise", divide="raise", invalid="raise"):
        svg = draw(result, ["svg"])["svg"]
    assert b"nan" not in svg
    assert b"-9223372036854775808" not in svg


def test_a_curve_that_falls_to_almost_nothing() -> None:
    """Its logarithmic axis ends where numbers can be divided by, however low it goes."""
    result = run(Experiment(loss=FormulaLoss("x**2+y**2"), lr=(0.25,), views=("loss",), steps=530))
    assert 0 < result.runs[0].trajectory.losses[-1] < 1e-300
    with np.errstate(over="raise", divide="raise", invalid="raise"):
        assert b"nan" not in draw(result, ["svg"])["svg"]

"""Numerals: a number is written as readers know it, in words and in TeX."""

from __future__ import annotations

import math

import pytest
from hypothesis import given as any_of
from hypothesis import strategies as st

from sphinx_gdviz.core.report.numbers import check_format, exact, rounded
from sphinx_gdviz.messages import GdvizError


@pytest.mark.parametrize(
    ("value", "form", "plain", "tex"),
    [
        (-0.0751421, "", "−0.075", "-0.075"),
        (0.84, "", "0.840", "0.840"),
        (1.33e-11, "", "1.33 × 10⁻¹¹", r"1.33 \times 10^{-11}"),
        (1e-11, ".0e", "10⁻¹¹", "10^{-11}"),
        (-1e-11, ".0e", "−1 × 10⁻¹¹", r"-1 \times 10^{-11}"),
        (-1e-9, ".4f", "0.0000", "0.0000"),
        (0.0, ".2e", "0.00", "0.00"),
        (12345.678, ",.1f", "12,345.7", "12{,}345.7"),
        (0.123, ".1%", "12.3 %", r"12.3 \%"),
        (2.5, "+.1f", "+2.5", "+2.5"),
        (26, "", "26", "26"),
        (math.inf, ".3f", "∞", r"\infty"),
        (-math.inf, "", "−∞", r"-\infty"),
        (math.nan, "", "undefined", r"\text{undefined}"),
    ],
)
def test_measured(value: float, form: str, plain: str, tex: str) -> None:
    numeral = rounded(value, form)
    assert numeral.plain == plain
    assert numeral.tex == tex


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (0.1, "0.1"),
        (1e-8, "10⁻⁸"),
        (2.5e-7, "2.5 × 10⁻⁷"),
        (0.30000000000000004, "0.3"),
        (50, "50"),
    ],
)
def test_given(value: float, plain: str) -> None:
    assert exact(value).plain == plain


@any_of(st.floats(-1e300, 1e300), st.sampled_from(["", ".4f", ".3g", ".2e"]))
def test_every_number_reads_back(value: float, form: str) -> None:
    numeral = rounded(value, form)
    digits = float(numeral.digits.replace("−", "-") or 1)
    read = digits * 10.0 ** (numeral.exponent or 0)
    slack = 0.00051 if form in ("", ".4f") else 0
    assert read == pytest.approx(value, rel=0.006, abs=slack + 1e-307)
    assert "-" not in numeral.plain
    assert numeral.digits.strip("0.") != "−"


@pytest.mark.parametrize("form", ["q", ".4", ".4f}", "{", "d", "10.4f", ".123f", "f.4"])
def test_formats_that_are_none(form: str) -> None:
    if form == ".4":  # Python takes it, and so do we
        assert check_format(form) == form
        return
    with pytest.raises(GdvizError, match=r"write a format of Python such as \.4f"):
        check_format(form)

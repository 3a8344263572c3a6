"""Settings in brackets: read as text, and never called."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinx_gdviz.core.expr.call import Call, read_call, read_number
from sphinx_gdviz.messages import GdvizError

EXAMPLE = "adam(lr=0.1)"


@pytest.mark.parametrize(
    ("text", "call"),
    [
        ("gd", Call("gd")),
        (" gd ( ) ", Call("gd")),
        ("adam(beta1=0.8, lr = 0.02)", Call("adam", (), (("beta1", "0.8"), ("lr", "0.02")))),
        (
            "least-squares(data.csv, x=floor area, y=price)",
            Call("least-squares", ("data.csv",), (("x", "floor area"), ("y", "price"))),
        ),
    ],
)
def test_calls(text: str, call: Call) -> None:
    assert read_call(text, EXAMPLE) == call


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0.1",
        "adam(",
        "adam)",
        "adam(,)",
        "adam(lr=)",
        "adam(=1)",
        "adam(lr=1, 2)",
        "a b",
        "(1)",
    ],
)
def test_what_is_no_call_is_told_with_an_example(text: str) -> None:
    with pytest.raises(GdvizError, match=r"adam\(lr=0.1\)"):
        read_call(text, EXAMPLE)


def test_a_setting_stands_there_once() -> None:
    with pytest.raises(GdvizError, match="has lr twice"):
        read_call("adam(lr=1, lr=2)", EXAMPLE)


@pytest.mark.parametrize("text", ["1_0", "٣", "0x1", "nan", "inf", "1e999", "", "1 2", "--1"])
def test_only_plain_finite_numbers_are_numbers(text: str) -> None:
    with pytest.raises(GdvizError, match="write a rate"):
        read_number(text, "a rate")


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_are_read_exactly(value: float) -> None:
    assert read_number(repr(value), "a rate") == value


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        read_call(text, EXAMPLE)
    except GdvizError:
        return


@pytest.mark.parametrize("text", ["9" * 200_000 + "x", "1." + "9" * 200_000 + "x", "a" * 200_000])
def test_long_texts_are_refused_in_linear_time(text: str) -> None:
    """Quadratic time would be minutes; the refusal quotes the beginning."""
    with pytest.raises(GdvizError) as told:
        read_number(text, "a rate")
    assert len(str(told.value)) < 200

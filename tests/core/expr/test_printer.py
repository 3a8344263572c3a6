"""Formulas as a reader meets them: as written, and read back by the rules that readers go by."""

from __future__ import annotations

import math
import re
import time
from operator import ge, gt, le, lt
from typing import ClassVar

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from sphinx_gdviz.core.expr.node import FUNCTIONS
from sphinx_gdviz.core.expr.parse import VARIABLES, parse_formula
from sphinx_gdviz.core.expr.symbols import symbol_tex, symbol_text
from sphinx_gdviz.core.losses.base import FormulaLoss
from sphinx_gdviz.messages import GdvizError

BOWL = r"\theta_1^{2} + \theta_2^{2} + 0.5\sin 3\theta_1 + 0.5\cos 3\theta_2"

TEX = [
    ("x", r"\theta_1"),
    ("y", r"\theta_2"),
    ("pi*x + e*y", r"\pi\theta_1 + \mathrm{e}\theta_2"),
    ("x**2 + y**2 + 0.5*sin(3*x) + 0.5*cos(3*y)", BOWL),
    ("\n x**2+y**2\n+0.5*sin(3*x)+0.5*cos(3*y)", BOWL),
    # products
    ("2*x", r"2\theta_1"),
    ("x*y", r"\theta_1\theta_2"),
    ("2*3", r"2 \cdot 3"),
    ("2*3*x", r"2 \cdot 3\theta_1"),
    ("x*2", r"\theta_1 \cdot 2"),
    ("x*2*y", r"\theta_1 \cdot 2\theta_2"),
    ("2*(x + y)", r"2\left( \theta_1 + \theta_2 \right)"),
    ("(x + 1)*(y - 2)", r"\left( \theta_1 + 1 \right)\left( \theta_2 - 2 \right)"),
    ("x*(y*2)", r"\theta_1\theta_2 \cdot 2"),
    ("3*x*y**2", r"3\theta_1\theta_2^{2}"),
    # signs
    ("-x", r"-\theta_1"),
    ("+x", r"\theta_1"),
    ("--x", r"-\left( -\theta_1 \right)"),
    ("-x**2", r"-\theta_1^{2}"),
    ("sin(x*-y)", r"\sin\left( \theta_1\left( -\theta_2 \right) \right)"),
    ("x*-sin(y)*x", r"\theta_1\left( -\sin \theta_2 \right)\theta_1"),
    ("(-x)**2", r"\left( -\theta_1 \right)^{2}"),
    ("-x*y", r"-\theta_1\theta_2"),
    ("x*-y", r"\theta_1\left( -\theta_2 \right)"),
    ("x - -y", r"\theta_1 - \left( -\theta_2 \right)"),
    ("x + -y*2", r"\theta_1 + \left( -\theta_2 \cdot 2 \right)"),
    ("-(x + y)", r"-\left( \theta_1 + \theta_2 \right)"),
    ("-x + y", r"-\theta_1 + \theta_2"),
    ("x - (y - 1)", r"\theta_1 - \left( \theta_2 - 1 \right)"),
    ("x + (y - 1)", r"\theta_1 + \left( \theta_2 - 1 \right)"),
    ("x - y - 1", r"\theta_1 - \theta_2 - 1"),
    # quotients
    ("x/2", r"\frac{\theta_1}{2}"),
    ("-x/2", r"-\frac{\theta_1}{2}"),
    ("x/-2", r"\frac{\theta_1}{-2}"),
    ("1/2*x", r"\frac{1}{2}\theta_1"),
    ("2*(x/3)", r"2 \cdot \frac{\theta_1}{3}"),
    ("x*2*(1/3)", r"\theta_1 \cdot 2 \cdot \frac{1}{3}"),
    ("2*x/3", r"\frac{2\theta_1}{3}"),
    ("x/y/2", r"\frac{\frac{\theta_1}{\theta_2}}{2}"),
    ("(x + 1)/(y - 1)", r"\frac{\theta_1 + 1}{\theta_2 - 1}"),
    ("(x/2)**2", r"\left( \frac{\theta_1}{2} \right)^{2}"),
    # powers
    ("x**2**3", r"\theta_1^{2^{3}}"),
    ("(x**2)**3", r"\left( \theta_1^{2} \right)^{3}"),
    ("x**-2", r"\theta_1^{-2}"),
    ("x**10", r"\theta_1^{10}"),
    ("y**(1/3)", r"\theta_2^{1/3}"),
    ("y**(-1/3)", r"\theta_2^{-1/3}"),
    ("y**(1/(2 + 1))", r"\theta_2^{1/\left( 2 + 1 \right)}"),
    ("(x*y)**2", r"\left( \theta_1\theta_2 \right)^{2}"),
    # numbers
    ("0.5", "0.5"),
    (".5", "0.5"),
    ("0.50", "0.50"),
    ("1.", "1"),
    ("0", "0"),
    ("0.0*x", r"0.0\theta_1"),
    ("1e-3", "10^{-3}"),
    ("1e-3*x", r"10^{-3}\theta_1"),
    ("2e5", r"2 \cdot 10^{5}"),
    ("1.5E+05*x", r"1.5 \cdot 10^{5}\theta_1"),
    ("2*1e-3", r"2 \cdot 10^{-3}"),
    ("1e3**2", r"\left( 10^{3} \right)^{2}"),
    ("2e3**2", r"\left( 2 \cdot 10^{3} \right)^{2}"),
    ("3e0*x", r"3\theta_1"),
    ("1_000*x", r"1000\theta_1"),
    ("1_0e3", r"10 \cdot 10^{3}"),
    ("0x10", "16"),
    # functions
    ("2*sin(3*x)", r"2\sin 3\theta_1"),
    ("sin(2*pi*x)", r"\sin 2\pi\theta_1"),
    ("sin(x/2)", r"\sin \frac{\theta_1}{2}"),
    ("sin(x + y)", r"\sin\left( \theta_1 + \theta_2 \right)"),
    ("sin(-x)", r"\sin\left( -\theta_1 \right)"),
    ("sin(-x/2)", r"\sin\left( -\frac{\theta_1}{2} \right)"),
    ("sin(x**2)", r"\sin\left( \theta_1^{2} \right)"),
    ("sin(2*3*x)", r"\sin\left( 2 \cdot 3\theta_1 \right)"),
    ("sin(2*(x + y))", r"\sin\left( 2\left( \theta_1 + \theta_2 \right) \right)"),
    ("sin(cos(x))", r"\sin\left( \cos \theta_1 \right)"),
    ("log(abs(x))", r"\log \left| \theta_1 \right|"),
    ("sin(sqrt(x))", r"\sin \sqrt{\theta_1}"),
    ("sin(x)**2", r"\sin^{2} \theta_1"),
    ("-sin(x + 1)**2", r"-\sin^{2}\left( \theta_1 + 1 \right)"),
    ("sin(x)**-1", r"\left( \sin \theta_1 \right)^{-1}"),
    ("sin(x)**0.5", r"\left( \sin \theta_1 \right)^{0.5}"),
    ("sin(x)*y", r"\sin \theta_1 \cdot \theta_2"),
    ("sin(x)**2*y", r"\sin^{2} \theta_1 \cdot \theta_2"),
    ("sin(x + 1)*y", r"\sin\left( \theta_1 + 1 \right)\theta_2"),
    ("sin(x)*cos(y)", r"\sin \theta_1\cos \theta_2"),
    ("(x*sin(x))*y", r"\theta_1\sin \theta_1 \cdot \theta_2"),
    ("asin(x) + acos(y) + atan(x)", r"\arcsin \theta_1 + \arccos \theta_2 + \arctan \theta_1"),
    ("sinh(x) + cosh(y) + tanh(x)", r"\sinh \theta_1 + \cosh \theta_2 + \tanh \theta_1"),
    ("tan(x) + log(y)", r"\tan \theta_1 + \log \theta_2"),
    ("sqrt(x**2 + y**2)", r"\sqrt{\theta_1^{2} + \theta_2^{2}}"),
    ("sqrt(x)**2", r"\left( \sqrt{\theta_1} \right)^{2}"),
    ("abs(x - y)", r"\left| \theta_1 - \theta_2 \right|"),
    ("abs(-x) + sqrt(-y)", r"\left| -\theta_1 \right| + \sqrt{-\theta_2}"),
    ("abs(x)**2", r"\left| \theta_1 \right|^{2}"),
    ("exp(x)", r"\mathrm{e}^{\theta_1}"),
    ("exp(-x**2 - y**2)", r"\mathrm{e}^{-\theta_1^{2} - \theta_2^{2}}"),
    ("exp(-(x + y)/2)", r"\mathrm{e}^{-\left( \theta_1 + \theta_2 \right)/2}"),
    ("exp((x + y)/2)", r"\mathrm{e}^{\left( \theta_1 + \theta_2 \right)/2}"),
    ("exp(x/(2*y))", r"\mathrm{e}^{\theta_1/\left( 2\theta_2 \right)}"),
    ("exp(-sin(x))", r"\exp\left( -\sin \theta_1 \right)"),
    ("exp(x/2*y)", r"\mathrm{e}^{\left( \theta_1/2 \right)\theta_2}"),
    ("exp(x)**2", r"\left( \mathrm{e}^{\theta_1} \right)^{2}"),
    ("exp(sin(x)/2)", r"\exp\left( \frac{\sin \theta_1}{2} \right)"),
    ("1/(1 + exp(-x))", r"\frac{1}{1 + \mathrm{e}^{-\theta_1}}"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "tex"), TEX, ids=[written for written, _ in TEX])
def test_tex(written: str, tex: str) -> None:
    assert FormulaLoss(written, parameters=VARIABLES).tex == tex


@pytest.mark.parametrize(
    "text",
    ["", "zz", "x^2", "x.real", "__import__('os')", "x +", "2x", "x**y", "1/0", "x if y else 1"],
)
def test_what_is_no_formula_is_refused(text: str) -> None:
    with pytest.raises(GdvizError):
        assert FormulaLoss(text, parameters=VARIABLES).tex


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("x**2+y**2 + 0.5*sin(3*x)", "x^2 + y^2 + 0.5 sin(3 x)"),
        ("2*-x + x**2*3", "2·−x + x^2·3"),
        ("2*3*x", "2·3 x"),
        ("1e-3*x - (x+1)*(y-2)", "1e−3 x − (x + 1) (y − 2)"),
        ("1E+3*x", "1E+3 x"),
        ("x**-2", "x^−2"),
        ("-x+y", "−x + y"),
        ("x--y", "x − −y"),
        ("(-x)", "(−x)"),
        ("e-x", "e − x"),
        ("x*e+1", "x·e + 1"),
        ("2.*x+1.-y", "2. x + 1. − y"),
        (".5*x", ".5 x"),
        ("1/2*x", "1/2·x"),
        ("x/2*y + 2*x", "x/2·y + 2 x"),
        ("1/(x+1)*y", "1/(x + 1)·y"),
        ("(x/2)*y", "(x/2) y"),
        ("2*x/3", "2 x/3"),
        ("x/(2*y)", "x/(2 y)"),
        ("1_000*x", "1000 x"),
    ],
)
def test_plain(written: str, read: str) -> None:
    assert FormulaLoss(written, parameters=VARIABLES).description == read


@pytest.mark.parametrize(
    ("name", "text", "tex"),
    [
        ("w", "w", "w"),
        ("theta1", "θ₁", r"\theta_1"),
        ("phi0", "φ₀", r"\phi_0"),
        ("lamda", "λ", r"\lambda"),
        ("Sigma_12", "Σ₁₂", r"\Sigma_{12}"),
        ("θ2", "θ₂", r"\theta_2"),
        ("mass", "mass", r"\mathrm{mass}"),
        ("my_rate3", "my_rate₃", r"\mathrm{my\_rate}_3"),
    ],
)
def test_symbols(name: str, text: str, tex: str) -> None:
    assert (symbol_text(name), symbol_tex(name)) == (text, tex)


def test_formulas_in_other_parameters() -> None:
    loss = FormulaLoss("2*alpha*w**2 - sin(w*theta1)")
    assert loss.description == "2 α·w^2 − sin(w·θ₁)"
    assert loss.tex == r"2\alpha w^{2} - \sin w\theta_1"
    assert FormulaLoss("x**2", parameters=("x",)).tex == r"x^{2}"


# --- read back -----------------------------------------------------------------------------------


OPERATORS = {
    **{rf"\{name}": name for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh", "log")},
    **{rf"\arc{name}": f"arc{name}" for name in ("sin", "cos", "tan")},
    r"\exp": "exp",
}


class Reader:
    """Reads TeX as a mathematician does, and works out its value.

    An operator without brackets takes the simple factors behind it, up to a dot, a sign, a
    bracket or another operator. What could be read in two ways is an error.
    """

    TOKEN = re.compile(
        r"\\left[(|]|\\right[)|]|\\mathrm\{e\}|\\operatorname\{[a-z]+\}|"
        r"\\(?:begin|end)\{cases\}|\\text\{else\}|\\\\|\\theta_[12]|\\[a-z]+|[\d.]+|\S"
    )
    CALLS: ClassVar = {
        r"\operatorname{sign}": np.sign,
        r"\operatorname{relu}": lambda u: max(u, 0.0),
        r"\operatorname{sigmoid}": lambda u: 1 / (1 + math.exp(-u)) if u > -700 else 0.0,
        r"\operatorname{softplus}": lambda u: max(u, 0.0) + math.log1p(math.exp(-abs(u))),
        r"\max": max,
        r"\min": min,
    }
    RELATIONS: ClassVar = {">": gt, "<": lt, r"\ge": ge, r"\le": le}

    def __init__(self, tex: str, x: float, y: float) -> None:
        self.tokens = self.TOKEN.findall(tex)
        self.values = {r"\theta_1": x, r"\theta_2": y, r"\pi": np.pi, r"\mathrm{e}": np.e}

    def value(self) -> float:
        result = self.sum()
        assert not self.tokens, self.tokens
        return float(result)

    def peek(self) -> str:
        return self.tokens[0] if self.tokens else ""

    def take(self, *expected: str) -> str:
        token = self.tokens.pop(0)
        assert not expected or token in expected, (token, expected)
        return token

    def group(self) -> float:
        self.take("{")
        result = self.sum()
        self.take("}")
        return result

    def sum(self) -> float:
        negative = self.peek() == "-" and self.take()
        result = self.term()
        result = -result if negative else result
        while self.peek() in ("+", "-"):
            sign = self.take()
            result = result + self.term() if sign == "+" else result - self.term()
        return result

    def term(self) -> float:
        result, slashed = self.factor(), False
        ends = ("", "+", "-", "}", r"\right)", r"\right|", ",", "&", r"\\", r"\end{cases}")
        while self.peek() not in (*ends, *self.RELATIONS):
            if self.peek() == "/":
                self.take()
                result, slashed = np.divide(result, self.factor()), True
                continue
            assert not slashed, "x/2y"
            if self.peek() == r"\cdot":
                self.take()
            else:
                assert not self.peek()[0].isdigit(), "two numbers side by side"
            result = result * self.factor()
        return result

    def factor(self) -> float:
        if self.peek() in OPERATORS:
            function = getattr(np, OPERATORS[self.take()])
            power = self.exponent()
            if self.peek() == r"\left(":
                result = function(self.atom())
            else:
                argument = self.atom()
                while self.is_simple(self.peek()):
                    assert not self.peek()[0].isdigit()
                    argument = argument * self.atom()
                result = function(argument)
            assert power is None or power > 0, "an inverse function?"
            assert self.peek() != "^"
            return float(result if power is None else np.power(result, power))
        token = self.peek()
        base = self.atom()
        power = self.exponent()
        mixed = token[0].isdigit() and power is None and self.peek() == r"\frac"
        assert not mixed, "a mixed number"
        return base if power is None else float(np.power(base, power))

    def cases(self) -> float:
        found = None
        while True:
            value = self.sum()
            self.take("&")
            if self.peek() == r"\text{else}":
                self.take()
                self.take(r"\end{cases}")
                return value if found is None else found
            left = self.sum()
            if self.RELATIONS[self.take()](left, self.sum()) and found is None:
                found = value
            self.take(r"\\")

    def exponent(self) -> float | None:
        if self.peek() != "^":
            return None
        self.take()
        return self.group()

    def is_simple(self, token: str) -> bool:
        return token in (*self.values, r"\frac", r"\sqrt", r"\left|") or token[:1].isdigit()

    def atom(self) -> float:
        match self.take():
            case name if name in self.values:
                return self.values[name]
            case r"\frac":
                above = self.group()
                return float(np.divide(above, self.group()))
            case r"\sqrt":
                return float(np.sqrt(self.group()))
            case r"\left(":
                result = self.sum()
                self.take(r"\right)")
                return result
            case name if name in self.CALLS:
                self.take(r"\left(")
                arguments = [self.sum()]
                while self.take(",", r"\right)") == ",":
                    arguments.append(self.sum())
                is_nan = any(map(np.isnan, arguments))
                return float(np.nan if is_nan else self.CALLS[name](*arguments))
            case r"\begin{cases}":
                return self.cases()
            case r"\left|":
                result = self.sum()
                self.take(r"\right|")
                return abs(result)
            case number:
                return float(number)


def assert_reads_back(text: str) -> None:
    loss = FormulaLoss(text, parameters=VARIABLES)
    program, tex = loss.program, loss.tex
    for x, y in ((0.37, 1.93), (-1.21, 0.58), (0.71, -0.43)):
        (expected,) = program([x, y])
        with np.errstate(all="ignore"):
            value = Reader(tex, x, y).value()
        if np.isfinite(expected) and 1e-100 < abs(expected) < 1e100:
            assert value == pytest.approx(float(expected), rel=1e-6), (text, tex)


@pytest.mark.parametrize("text", [written for written, _ in TEX])
def test_tex_means_what_was_written(text: str) -> None:
    assert_reads_back(text)


def test_the_reader_sees_what_is_wrong() -> None:
    """The check itself can fail."""
    for tex in (r"2 3", r"2\frac{1}{2}", r"\theta_1/2\theta_2", r"\sin^{-1} \theta_1", r"\left( 1"):
        with pytest.raises((AssertionError, IndexError)):
            Reader(tex, 0.3, 0.4).value()
    assert Reader(r"\sin \theta_1\theta_2", 0.3, 0.4).value() == pytest.approx(math.sin(0.12))
    assert Reader(r"\sin \theta_1 \cdot \theta_2", 0.3, 0.4).value() != pytest.approx(
        math.sin(0.12)
    )
    assert Reader(r"2 - 3 - \theta_2^{2}", 0.3, 0.4).value() == pytest.approx(-1.16)


def _combine(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    exponents = st.sampled_from(["2", "3", "-1", "0.5", "(1/3)", "(-1/2)", "(1 + 1)", "1"])
    return st.one_of(
        st.tuples(inner, st.sampled_from([*"+-*/", " - -", "*-"]), inner).map("".join),
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda t: f"({t[0]}){t[1]}({t[2]})"),
        st.tuples(inner, exponents).map(lambda t: f"({t[0]})**{t[1]}"),
        st.tuples(st.sampled_from(UNARY), inner).map(lambda t: f"{t[0]}({t[1]})"),
        st.tuples(st.sampled_from(["max", "min"]), inner, inner).map(
            lambda t: f"{t[0]}({t[1]}, {t[2]})"
        ),
        st.tuples(inner, st.sampled_from([">", "<", ">=", "<="]), inner, inner).map(
            lambda t: f"where({t[0]} {t[1]} {t[2]}, {t[3]}, {t[0]})"
        ),
        st.tuples(st.sampled_from(UNARY), inner, exponents).map(
            lambda t: f"{t[0]}({t[1]})**{t[2]}"
        ),
        inner.map(lambda text: f"-{text}"),
    )


UNARY = [name for name, count in FUNCTIONS.items() if count == 1]
LEAVES = st.sampled_from(
    ["x", "y", "pi", "e", "2", "0.5", ".25", "3.", "1e-1", "2e1", "x**2", "4*y"]
)
FORMULAS = st.recursive(LEAVES, _combine, max_leaves=8)

steady = settings(deadline=None, derandomize=True, max_examples=500, database=None)


@steady
@given(FORMULAS)
@example("-(x + y)*2")
@example("x**2/(3*y)*x")
def test_any_formula_means_what_was_written(text: str) -> None:
    try:
        parse_formula(text, VARIABLES)
    except GdvizError:
        assume(False)
    assert_reads_back(text)


def assert_well_formed(text: str) -> None:
    tex = FormulaLoss(text, parameters=VARIABLES).tex
    assert len(tex) <= 30 * len(text)
    depth = 0
    for mark in tex:
        depth += {"{": 1, "}": -1}.get(mark, 0)
        assert depth >= 0
    assert depth == 0
    fences = []
    for fence in re.findall(r"\\left.|\\right.", tex):
        if fence.startswith(r"\left"):
            fences.append(fence[-1])
        else:
            assert {"(": ")", "|": "|"}[fences.pop()] == fence[-1]
    assert not fences
    assert FormulaLoss(text).description


PIECES = [
    *FUNCTIONS,
    *"xy+-*/(),.",
    "**",
    "(x)",
    "(y",
    "pi",
    "e",
    "1",
    "0",
    "0.5",
    "64",
    "1e30",
    "0x1",
]


@steady
@given(st.one_of(st.lists(st.sampled_from(PIECES), max_size=12).map("".join), FORMULAS))
@example("ｘ**2 + 1")  # Python reads it as x
def test_whatever_is_a_formula_has_tex(text: str) -> None:
    try:
        parse_formula(text, VARIABLES)
    except GdvizError:
        with pytest.raises(GdvizError):
            assert FormulaLoss(text, parameters=VARIABLES).tex
        return
    assert_well_formed(text)


@pytest.mark.parametrize(
    "text",
    [
        "exp(" * 140 + "x" + ")" * 140,
        "abs(" * 140 + "x" + ")" * 140,
        "1/(1+" * 74 + "x" + ")" * 74,
        "-" * 148 + "x",
        "x" + "-(x" * 140 + ")" * 140,
        "(" * 60 + "x" + ")**1" * 60,
        "+".join(["sin(2*x)**2*y/3"] * 60),
        "*".join(["(x + y)"] * 60),
        "1**(" * 70 + "1" + ")" * 70,
    ],
)
def test_long_and_deep_formulas(text: str) -> None:
    begin = time.process_time()
    assert_well_formed(text)
    assert time.process_time() - begin < 0.5

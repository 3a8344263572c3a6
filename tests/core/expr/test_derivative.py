"""Derivatives against the complex step, which shares no code and no cancellation with them."""

from __future__ import annotations

import cmath
import os
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
import sympy

from sphinx_gdviz.core.expr.derivative import differentiate
from sphinx_gdviz.core.expr.parse import VARIABLES
from sphinx_gdviz.core.expr.program import Program
from sphinx_gdviz.core.losses.base import FormulaLoss

Oracle = Callable[[complex, complex], complex]
c = cmath


def size(z: complex) -> complex:
    """|z| for a real z that carries a complex step."""
    return z if z.real >= 0 else -z


def ackley(x: complex, y: complex) -> complex:
    waves = (c.cos(2 * c.pi * x) + c.cos(2 * c.pi * y)) / 2
    return -20 * c.exp(-0.2 * c.sqrt((x * x + y * y) / 2)) - c.exp(waves) + c.e + 20


def goldstein_price(x: complex, y: complex) -> complex:
    near = 19 - 14 * x + 3 * x**2 - 14 * y + 6 * x * y + 3 * y**2
    far = 18 - 32 * x + 12 * x**2 + 48 * y - 36 * x * y + 27 * y**2
    return (1 + (x + y + 1) ** 2 * near) * (30 + (2 * x - 3 * y) ** 2 * far)


NAMED: dict[str, tuple[str, Oracle]] = {
    "bowl": ("x**2 + y**2 + 0.5*sin(3*x) + 0.5*cos(3*y)",
             lambda x, y: x * x + y * y + 0.5 * c.sin(3 * x) + 0.5 * c.cos(3 * y)),
    "rosenbrock": ("(1 - x)**2 + 100*(y - x**2)**2",
                   lambda x, y: (1 - x) ** 2 + 100 * (y - x * x) ** 2),
    "himmelblau": ("(x**2 + y - 11)**2 + (x + y**2 - 7)**2",
                   lambda x, y: (x * x + y - 11) ** 2 + (x + y * y - 7) ** 2),
    "beale": ("(1.5 - x + x*y)**2 + (2.25 - x + x*y**2)**2 + (2.625 - x + x*y**3)**2",
              lambda x, y: (1.5 - x + x * y) ** 2 + (2.25 - x + x * y * y) ** 2
              + (2.625 - x + x * y * y * y) ** 2),
    "rastrigin": ("20 + x**2 - 10*cos(2*pi*x) + y**2 - 10*cos(2*pi*y)",
                  lambda x, y: 20 + x * x - 10 * c.cos(2 * c.pi * x) + y * y
                  - 10 * c.cos(2 * c.pi * y)),
    "ackley": ("-20*exp(-0.2*sqrt(0.5*(x**2 + y**2)))"
               " - exp(0.5*(cos(2*pi*x) + cos(2*pi*y))) + e + 20", ackley),
    "styblinski-tang": ("(x**4 - 16*x**2 + 5*x + y**4 - 16*y**2 + 5*y)/2",
                        lambda x, y: (x**4 - 16 * x * x + 5 * x + y**4 - 16 * y * y + 5 * y) / 2),
    "three-hump camel": ("2*x**2 - 1.05*x**4 + x**6/6 + x*y + y**2",
                         lambda x, y: 2 * x * x - 1.05 * x**4 + x**6 / 6 + x * y + y * y),
    "six-hump camel": ("(4 - 2.1*x**2 + x**4/3)*x**2 + x*y + (-4 + 4*y**2)*y**2",
                       lambda x, y: (4 - 2.1 * x * x + x**4 / 3) * x * x + x * y
                       + (-4 + 4 * y * y) * y * y),
    "mccormick": ("sin(x + y) + (x - y)**2 - 1.5*x + 2.5*y + 1",
                  lambda x, y: c.sin(x + y) + (x - y) ** 2 - 1.5 * x + 2.5 * y + 1),
    "goldstein-price": ("(1 + (x + y + 1)**2*(19 - 14*x + 3*x**2 - 14*y + 6*x*y + 3*y**2))"
                        "*(30 + (2*x - 3*y)**2*(18 - 32*x + 12*x**2 + 48*y - 36*x*y + 27*y**2))",
                        goldstein_price),
    "monkey saddle": ("x**3 - 3*x*y**2", lambda x, y: x**3 - 3 * x * y * y),
}  # fmt: skip
PIECES: list[tuple[str, Oracle]] = [
    ("sin(x*y)", lambda x, y: c.sin(x * y)),
    ("cos(x - y)", lambda x, y: c.cos(x - y)),
    ("tan(x*y)", lambda x, y: c.tan(x * y)),
    ("asin(x*y)", lambda x, y: c.asin(x * y)),
    ("acos(x/2 - y)", lambda x, y: c.acos(x / 2 - y)),
    ("atan(x/y)", lambda x, y: c.atan(x / y)),
    ("sinh(x)*y", lambda x, y: c.sinh(x) * y),
    ("cosh(x*y)", lambda x, y: c.cosh(x * y)),
    ("tanh(x + y**2)", lambda x, y: c.tanh(x + y * y)),
    ("exp(-x*y)", lambda x, y: c.exp(-x * y)),
    ("log(x + y)", lambda x, y: c.log(x + y)),
    ("sqrt(x*y)", lambda x, y: c.sqrt(x * y)),
    ("sqrt(x)*sqrt(y)", lambda x, y: c.sqrt(x) * c.sqrt(y)),
    ("abs(x - 2*y)*x", lambda x, y: size(x - 2 * y) * x),
    ("abs(x) + abs(y)**3", lambda x, y: size(x) + size(y) ** 3),
    ("x**2.5*y**-1.5", lambda x, y: x**2.5 * y**-1.5),
    ("x**-3", lambda x, y: 1 / x**3),
    ("y**(1/3)", lambda x, y: y ** (1 / 3)),
    ("x/(1 + y**2)", lambda x, y: x / (1 + y * y)),
    ("1/(x + 1/(y + 1/x))", lambda x, y: 1 / (x + 1 / (y + 1 / x))),
    ("-(x*y)/(x - y - 2)", lambda x, y: -(x * y) / (x - y - 2)),
    ("x**17 - y**64", lambda x, y: x**17 - y**64),
    ("exp(y*log(x))", lambda x, y: x**y),
    ("exp(x*log(2))", lambda x, y: 2**x),
    ("log(abs(x*y))", lambda x, y: c.log(size(x * y))),
    ("exp(sin(x)*exp(cos(y)))", lambda x, y: c.exp(c.sin(x) * c.exp(c.cos(y)))),
    ("max(x, y**2)*x", lambda x, y: (x if x.real > y.real**2 else y * y) * x),
    ("min(sin(3*x), y)**2", lambda x, y: (c.sin(3 * x) if c.sin(3 * x).real < y.real else y) ** 2),
    ("sign(x - y)*x*y", lambda x, y: (1 if x.real > y.real else -1) * x * y),
    ("relu(x - y)**3 + relu(-x)", lambda x, y: (x - y if x.real > y.real else 0 * x) ** 3),
    ("sigmoid(3*x*y)", lambda x, y: 1 / (1 + c.exp(-3 * x * y))),
    ("softplus(x - 4*y)*y", lambda x, y: c.log(1 + c.exp(x - 4 * y)) * y),
    ("where(x > y, x**2*y, y**3)", lambda x, y: x * x * y if x.real > y.real else y**3),
    (
        "where(x*y <= 0.2, exp(x), where(x >= 0.55, y, x*y))",
        lambda x, y: c.exp(x) if (x * y).real <= 0.2 else y if x.real >= 0.55 else x * y,
    ),
    ("3", lambda x, y: 3 + 0 * x),
    ("y", lambda x, y: y),
]
H = 1e-20  # so small that the complex step has no error of its own


def complex_step(f: Oracle, x: float, y: float) -> np.ndarray:
    return (
        np.array([f(complex(x, H), complex(y, 0)).imag, f(complex(x, 0), complex(y, H)).imag]) / H
    )


def differences(f: Oracle, x: float, y: float, d: float) -> np.ndarray:
    """Central differences of complex-step gradients, one Richardson step: error O(d⁴)."""

    def central(d: float) -> np.ndarray:
        rows = [complex_step(f, x + a, y + b) - complex_step(f, x - a, y - b)
                for a, b in ((d, 0.0), (0.0, d))]  # fmt: skip
        return np.array(rows) / (2 * d)

    return (4 * central(d / 2) - central(d)) / 3


CASES = [pytest.param(text, f, 2.0, id=name) for name, (text, f) in NAMED.items()]
# Where every piece is smooth and real: 0.1 < x, y < 0.9.
CASES += [pytest.param(text, f, 0.0, id=text) for text, f in PIECES]


@pytest.mark.parametrize(("text", "f", "spread"), CASES)
def test_against_the_complex_step(text: str, f: Oracle, spread: float) -> None:
    random = np.random.default_rng(7)
    low, high = (-spread, spread) if spread else (0.1, 0.9)
    points = random.uniform(low, high, (25, 2))
    loss = FormulaLoss(text, parameters=VARIABLES)
    values, gradients, hessians = loss.value(points), loss.gradient(points), loss.hessian(points)
    for (x, y), value, gradient, hessian in zip(points, values, gradients, hessians, strict=True):
        assert value == pytest.approx(f(complex(x), complex(y)).real, rel=1e-12, abs=1e-12)
        np.testing.assert_allclose(gradient, complex_step(f, x, y), rtol=1e-11, atol=1e-11)
        oracle = differences(f, x, y, 1e-3)
        scale = 1 + np.abs(oracle).max()
        np.testing.assert_allclose(hessian, oracle, rtol=0, atol=2e-6 * scale)
        np.testing.assert_array_equal(hessian, hessian.T)


@pytest.mark.parametrize("text", [text for text, _ in NAMED.values()])
def test_ordinary_losses_are_never_too_large(text: str) -> None:
    assert len(differentiate(FormulaLoss(text).program).outputs) == 5


@pytest.mark.parametrize(
    ("text", "point", "gradient"),
    [
        ("abs(x) + abs(y)", (0.0, -2.0), (0.0, -1.0)),
        ("x**2", (0.0, 0.0), (0.0, 0.0)),
        ("x*y", (0.0, 0.0), (0.0, 0.0)),
        ("0.1*x**3", (1.0, 0.0), (0.3, 0.0)),
        ("x**1.5", (0.0, 0.0), (0.0, 0.0)),
        ("x**0", (0.0, 0.0), (0.0, 0.0)),
        ("5", (1.0, 1.0), (0.0, 0.0)),
        ("relu(x) + relu(-y)", (0.0, 0.0), (0.0, 0.0)),
        ("max(-x, x) + max(y, 0)", (0.0, 0.0), (1.0, 0.0)),
        ("min(2*x, y)", (1.0, 2.0), (0.0, 1.0)),
        ("sign(x) + x", (0.0, 0.0), (1.0, 0.0)),
        ("where(x >= 0, x, 2*x) + where(y > 0, y, 2*y)", (0.0, 0.0), (1.0, 2.0)),
        ("softplus(1000*x) + sigmoid(1000*y)", (-1.0, -1.0), (0.0, 0.0)),
        ("softplus(x) + softplus(-y)", (800.0, 800.0), (1.0, 0.0)),
    ],
)
def test_gradient_at_special_points(
    text: str, point: tuple[float, float], gradient: tuple[float, float]
) -> None:
    np.testing.assert_allclose(
        FormulaLoss(text, parameters=VARIABLES).gradient(point), gradient, rtol=4e-16
    )


def test_hessian_of_abs_is_zero_at_its_kink() -> None:
    np.testing.assert_array_equal(
        FormulaLoss("abs(x)", parameters=VARIABLES).hessian([0.0, 0.0]), np.zeros((2, 2))
    )


def test_shapes() -> None:
    loss = FormulaLoss("x*y + 1")
    points = np.ones((3, 4, 2))
    assert loss.value(points).shape == (3, 4)
    assert loss.gradient(points).shape == (3, 4, 2)
    assert loss.hessian(points).shape == (3, 4, 2, 2)
    assert loss.hessian([1, 2]).shape == (2, 2)


def _is_tidy(program: Program) -> bool:
    """Every instruction once, needed by some output, and after its operands."""
    used = set(program.outputs)
    for step in program.instructions:
        used.update(step.operands)
    backwards = all(
        operand < place
        for place, step in enumerate(program.instructions)
        for operand in step.operands
    )
    unique = len(set(program.instructions)) == len(program.instructions)
    return backwards and unique and used == set(range(len(program.instructions)))


@pytest.mark.parametrize("text", [text for text, _ in [*NAMED.values(), *PIECES]])
def test_programs_share_and_waste_nothing(text: str) -> None:
    program = FormulaLoss(text).program
    derivatives = differentiate(program)
    assert _is_tidy(program)
    assert _is_tidy(derivatives)
    assert _is_tidy(derivatives.select(0, 1))


def test_what_is_equal_is_computed_once() -> None:
    program = FormulaLoss("sin(x*y) + sin(x*y)**2").program
    operations = [step.operation for step in program.instructions]
    assert operations.count("sin") == 1
    derivatives = [step.operation for step in differentiate(program).instructions]
    assert derivatives.count("cos") <= 1


def test_selected_outputs_are_the_same_numbers() -> None:
    derivatives = differentiate(FormulaLoss(NAMED["goldstein-price"][0]).program)
    x, y = np.random.default_rng(3).normal(size=(2, 40))
    everything = derivatives([x, y])
    for index in range(5):
        (alone,) = derivatives.select(index)([x, y])
        np.testing.assert_array_equal(alone, everything[index])


def test_the_same_program_whatever_the_hash_seed() -> None:
    """Pictures and the page's own evaluation follow the order of operations to the last bit."""
    script = (
        "import sys\n"
        "from sphinx_gdviz.core.expr.derivative import differentiate\n"
        "from sphinx_gdviz.core.losses.base import FormulaLoss\n"
        "for text in sys.argv[1:]:\n"
        "    program = FormulaLoss(text).program\n"
        "    print(repr(program), repr(differentiate(program)))\n"
    )
    texts = [text for text, _ in [*NAMED.values(), *PIECES]]
    outputs = []
    for seed in ("0", "1", "2", "4242"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        done = subprocess.run(
            [sys.executable, "-c", script, *texts],
            capture_output=True, text=True, env=environment, check=True,
        )  # fmt: skip
        outputs.append(done.stdout)
    assert outputs[0].count("Program(") == 2 * len(texts)
    assert all(a == b for a, b in pairwise(outputs))


REAL_IN_PART = ["abs(log(x))", "abs(sqrt(x) + y)", "abs(acos(x) - y)", "abs(x**1.5 - y)"]


@pytest.mark.parametrize("text", REAL_IN_PART)
def test_absolute_values_of_what_is_real_in_part_of_the_plane(text: str) -> None:
    h, point = 1e-6, np.array([0.4, 0.3])
    loss = FormulaLoss(text, parameters=VARIABLES)
    numerical = [(loss.value(point + d) - loss.value(point - d)) / (2 * h) for d in h * np.eye(2)]
    np.testing.assert_allclose(loss.gradient(point), numerical, rtol=1e-7, atol=1e-7)


@pytest.mark.parametrize(
    "text",
    [
        "w**4 - sqrt(w)",
        "a*b*c + sin(a*b)/c**2",
        "exp(a - b/c)*d + log(f*g + h)**2 + sqrt(a*h)*tanh(c - g) + f**1.5",
    ],
)
def test_any_number_of_parameters(text: str) -> None:
    loss = FormulaLoss(text)
    point = np.random.default_rng(5).uniform(0.3, 0.9, loss.dimension)
    symbols = sympy.symbols(loss.parameters)
    value = sympy.sympify(text, locals=dict(zip(loss.parameters, symbols, strict=True)))
    at = dict(zip(symbols, point, strict=True))
    slopes = [sympy.diff(value, symbol) for symbol in symbols]
    gradient = [float(slope.subs(at)) for slope in slopes]
    hessian = [[float(sympy.diff(slope, b).subs(at)) for b in symbols] for slope in slopes]
    np.testing.assert_allclose(loss.gradient(point), gradient, rtol=1e-12)
    np.testing.assert_allclose(loss.hessian(point), hessian, rtol=1e-11, atol=1e-13)


HOSTILE = {
    "continued fraction": "1/(x+" * 60 + "y" + ")" * 60,
    "continued fraction with squares": "1/(1+x**2+y*" * 7 + "y" + ")" * 7,
    "nested absolute values": "abs(x/y-" * 14 + "y" + ")" * 14,
    "nested maxima": "max(x/y-" * 14 + "y" + ",x*y)" * 14,
    "nested choices": "where(x>" * 14 + "y" + ",x,x*y)" * 14,
    "nested roots": "sqrt(x+" * 70 + "y" + ")" * 70,
    "product of sines": "*".join(f"sin(x+{i}*y)" for i in range(50)),
    "exp of a sum of logs": "exp(" + "+".join(f"log(x+{i}*y)" for i in range(70)) + ")",
    "quotients": "/".join(f"(x+{i}*y)" for i in range(40)),
    "an astronomic constant": "sin(exp(exp(x-x+30)))*x",
    "an astronomic integer": "abs(sin(exp(exp(exp(x-x+9)))))",
}
PER_INSTRUCTION = 40
"""More than any rule of differentiation needs for six parts of one instruction."""


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_derivatives_are_bounded_by_the_length_of_the_formula(text: str) -> None:
    """The bound stands on a count, not on a clock; the count is what the clock follows."""
    program = FormulaLoss(text, parameters=VARIABLES).program
    derivatives = differentiate(program)
    assert len(derivatives.instructions) <= PER_INSTRUCTION * len(program.instructions)


@pytest.mark.parametrize("name", NAMED)
def test_derivatives_are_those_that_sympy_finds(name: str) -> None:
    """Computer algebra as a second oracle, at points where every loss here is smooth."""
    text, _ = NAMED[name]
    x, y = sympy.symbols("x y", real=True)
    names = {"x": x, "y": y, "abs": sympy.Abs, "pi": sympy.pi, "e": sympy.E}
    value = sympy.sympify(text, locals=names)
    orders = [(x,), (y,), (x, x), (x, y), (y, y)]
    points = np.random.default_rng(9).uniform(0.2, 0.9, size=(8, 2))
    derivatives = differentiate(FormulaLoss(text, parameters=VARIABLES).program)(points.T)
    for order, found in zip(orders, derivatives, strict=True):
        expected = [
            float(sympy.diff(value, *order).subs({x: a, y: b}).evalf(30)) for a, b in points
        ]
        np.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-11)

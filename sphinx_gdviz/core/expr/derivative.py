"""Exact derivatives of a program, by the chain rule over its instructions.

The derivatives of n instructions are a constant times n instructions, however deeply a formula is
nested. Computer algebra has no such bound: 23 characters are enough to keep SymPy busy for a
minute, and a formula may come from a stranger. SymPy checks these derivatives in the tests.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from .program import Program, ProgramBuilder


@lru_cache(maxsize=256)
def differentiate(program: Program) -> Program:
    """The first and second derivatives of a program's value.

    Forward mode, carrying each register's value with its two first and three second derivatives
    (Griewank and Walther, *Evaluating Derivatives*, 2nd ed., SIAM 2008, section 3.1 and p. 298).

    Parameters
    ----------
    program : Program
        With one output, f(x, y).

    Returns
    -------
    Program
        With the five outputs ∂f/∂x, ∂f/∂y, ∂²f/∂x², ∂²f/∂x∂y, ∂²f/∂y². The derivative of |u|
        is sign u, and that of sign u is 0, also at u = 0.
    """
    builder = ProgramBuilder()
    zero, one = Term(builder, None), Term(builder, builder.constant(1.0))
    jets: list[Jet] = []
    for step in program.instructions:
        operands = [jets[index] for index in step.operands]
        match step.operation:
            case "constant":
                jets.append(_constant(Term(builder, builder.constant(step.value))))
            case "x" | "y" as name:
                slopes = (one, zero) if name == "x" else (zero, one)
                jets.append(Jet(Term(builder, builder.variable(name)), slopes, (zero,) * 3))
            case operation if all(operand.is_constant for operand in operands):
                jets.append(_constant(operands[0].value.apply(operation, *_values(operands[1:]))))
            case "add":
                jets.append(_add(*operands))
            case "subtract":
                jets.append(_add(operands[0], _negative(operands[1])))
            case "negative":
                jets.append(_negative(*operands))
            case "multiply":
                jets.append(_multiply(*operands))
            case "divide":
                jets.append(_divide(*operands))
            case "power":
                jets.append(_power(*operands))
            case function:
                value = operands[0].value.apply(function)
                jets.append(_compose(value, *RULES[function](operands[0].value, value), *operands))
    result = jets[program.outputs[0]]
    return builder.build(*(term.written() for term in (*result.first, *result.second)))


@dataclass(frozen=True)
class Term:
    """A register of the program that is being written, or zero where there is none.

    Sums and products with zero are carried out at once, so that nothing is written for them.
    """

    builder: ProgramBuilder
    register: int | None

    def apply(self, operation: str, *others: Term) -> Term:
        """An operation on this and other terms, whatever they are."""
        registers = [term.written() for term in (self, *others)]
        return Term(self.builder, self.builder.apply(operation, *registers))

    def power(self, exponent: float) -> Term:
        """This term to a constant power."""
        return Term(self.builder, self.builder.power(self.written(), exponent))

    def written(self) -> int:
        """The register; a zero is written down."""
        return self.builder.constant(0.0) if self.register is None else self.register

    def __add__(self, other: Term) -> Term:
        if self.register is None or other.register is None:
            return other if self.register is None else self
        return self.apply("add", other)

    def __sub__(self, other: Term) -> Term:
        if self.register is None or other.register is None:
            return -other if self.register is None else self
        return self.apply("subtract", other)

    def __mul__(self, other: Term) -> Term:
        if self.register is None or other.register is None:
            return Term(self.builder, None)
        return self.apply("multiply", other)

    def __truediv__(self, other: Term) -> Term:
        return self if self.register is None else self.apply("divide", other)

    def __neg__(self) -> Term:
        return self if self.register is None else self.apply("negative")

    def __rmul__(self, factor: float) -> Term:
        return Term(self.builder, self.builder.constant(factor)) * self

    def __radd__(self, number: float) -> Term:
        return Term(self.builder, self.builder.constant(number)) + self

    def __rsub__(self, number: float) -> Term:
        return Term(self.builder, self.builder.constant(number)) - self

    def __rtruediv__(self, number: float) -> Term:
        return Term(self.builder, self.builder.constant(number)) / self


@dataclass(frozen=True)
class Jet:
    """A value u with (uₓ, u_y) and (uₓₓ, uₓ_y, u_yy)."""

    value: Term
    first: tuple[Term, ...]
    second: tuple[Term, ...]

    @property
    def is_constant(self) -> bool:
        """Whether the value depends on neither variable."""
        return all(term.register is None for term in self.first)


PAIRS = ((0, 0), (0, 1), (1, 1))
"""The variables of each second derivative."""


def _values(jets: list[Jet]) -> list[Term]:
    return [jet.value for jet in jets]


def _constant(value: Term) -> Jet:
    zero = Term(value.builder, None)
    return Jet(value, (zero,) * 2, (zero,) * 3)


def _add(u: Jet, v: Jet) -> Jet:
    return Jet(
        u.value + v.value,
        tuple(a + b for a, b in zip(u.first, v.first, strict=True)),
        tuple(a + b for a, b in zip(u.second, v.second, strict=True)),
    )


def _negative(u: Jet) -> Jet:
    return Jet(-u.value, tuple(-a for a in u.first), tuple(-a for a in u.second))


def _multiply(u: Jet, v: Jet) -> Jet:
    """(uv)ᵢ = uᵢv + uvᵢ and (uv)ᵢⱼ = uᵢⱼv + uᵢvⱼ + uⱼvᵢ + uvᵢⱼ."""
    cross = [u.first[i] * v.first[j] + u.first[j] * v.first[i] for i, j in PAIRS]
    return Jet(
        u.value * v.value,
        tuple(a * v.value + u.value * b for a, b in zip(u.first, v.first, strict=True)),
        tuple(
            a * v.value + c + u.value * b for a, b, c in zip(u.second, v.second, cross, strict=True)
        ),
    )


def _divide(u: Jet, v: Jet) -> Jet:
    """With w = u/v: wᵢ = (uᵢ − wvᵢ)/v and wᵢⱼ = (uᵢⱼ − wᵢvⱼ − wⱼvᵢ − wvᵢⱼ)/v."""
    w = u.value / v.value
    first = tuple((a - w * b) / v.value for a, b in zip(u.first, v.first, strict=True))
    cross = [first[i] * v.first[j] + first[j] * v.first[i] for i, j in PAIRS]
    second = tuple(
        (a - c - w * b) / v.value for a, b, c in zip(u.second, v.second, cross, strict=True)
    )
    return Jet(w, first, second)


def _power(u: Jet, exponent: Jet) -> Jet:
    """A power with a constant exponent that is no whole number."""
    p = exponent.value.builder.value_of(exponent.value.written())
    assert p is not None, "a formula has constant exponents only"
    slope, curvature = p * u.value.power(p - 1), p * (p - 1) * u.value.power(p - 2)
    return _compose(u.value.power(p), slope, curvature, u)


def _compose(value: Term, slope: Term, curvature: Term, u: Jet) -> Jet:
    """f(u): fᵢ = f′uᵢ and fᵢⱼ = f″uᵢuⱼ + f′uᵢⱼ."""
    return Jet(
        value,
        tuple(slope * a for a in u.first),
        tuple(
            curvature * (u.first[i] * u.first[j]) + slope * u.second[k]
            for k, (i, j) in enumerate(PAIRS)
        ),
    )


Rule = Callable[[Term, Term], tuple[Term, Term]]
"""(u, f(u)) -> (f′(u), f″(u))."""


def _tan(u: Term, f: Term) -> tuple[Term, Term]:
    slope = 1 + f * f
    return slope, 2 * (f * slope)


def _asin(u: Term, f: Term) -> tuple[Term, Term]:
    inside = 1 - u * u
    slope = 1 / inside.apply("sqrt")
    return slope, u * slope / inside


def _acos(u: Term, f: Term) -> tuple[Term, Term]:
    slope, curvature = _asin(u, f)
    return -slope, -curvature


def _atan(u: Term, f: Term) -> tuple[Term, Term]:
    slope = 1 / (1 + u * u)
    return slope, -2 * (u * (slope * slope))


def _tanh(u: Term, f: Term) -> tuple[Term, Term]:
    slope = 1 - f * f
    return slope, -2 * (f * slope)


def _log(u: Term, f: Term) -> tuple[Term, Term]:
    slope = 1 / u
    return slope, -(slope * slope)


def _sqrt(u: Term, f: Term) -> tuple[Term, Term]:
    slope = 0.5 / f
    return slope, -0.5 * (slope / u)


RULES: dict[str, Rule] = {
    "sin": lambda u, f: (u.apply("cos"), -f),
    "cos": lambda u, f: (-u.apply("sin"), -f),
    "tan": _tan,
    "asin": _asin,
    "acos": _acos,
    "atan": _atan,
    "sinh": lambda u, f: (u.apply("cosh"), f),
    "cosh": lambda u, f: (u.apply("sinh"), f),
    "tanh": _tanh,
    "exp": lambda u, f: (f, f),
    "log": _log,
    "sqrt": _sqrt,
    "abs": lambda u, f: (u.apply("sign"), Term(u.builder, None)),
}
"""The derivatives of every function that a formula may call."""

"""Exact derivatives of an expression, by the chain rule over its parts.

The derivatives of n operations are a constant times n operations, however deeply a formula is
nested. Computer algebra has no such bound: 23 characters are enough to keep SymPy busy for a
minute, and a formula may come from a stranger. SymPy checks these derivatives in the tests.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations_with_replacement

from .node import Expr, bottom_up, fold
from .program import Program


@lru_cache(maxsize=256)
def differentiate(program: Program, dimension: int = 2) -> Program:
    """The first and second derivatives of a program's value.

    Parameters
    ----------
    program : Program
        With one output, f(θ).
    dimension : int
        The number of parameters, d.

    Returns
    -------
    Program
        With d outputs ∂f/∂θᵢ, followed by those ∂²f/∂θᵢ∂θⱼ with i ≤ j, row by row. The derivative
        of |u| is sign u, and that of sign u is 0, also at u = 0.
    """
    names = [f"theta{index}" for index in range(dimension)]
    (value,) = program.expressions(names)
    jet, zero = _jet(value, names), Expr.number(0.0)
    pairs = combinations_with_replacement(range(dimension), 2)
    first = [jet.first.get(i, zero) for i in range(dimension)]
    return Program.of([*first, *(jet.second.get(pair, zero) for pair in pairs)], names)


def gradient(expr: Expr, names: Sequence[str]) -> list[Expr]:
    """The first derivatives of an expression with respect to some of its symbols."""
    jet = _jet(expr, names)
    return [jet.first.get(index, Expr.number(0.0)) for index in range(len(names))]


@dataclass(frozen=True)
class Jet:
    """An expression u with the uᵢ and, for i ≤ j, the uᵢⱼ that are not 0 everywhere."""

    value: Expr
    first: Mapping[int, Expr]
    second: Mapping[tuple[int, int], Expr]


def _jet(expr: Expr, names: Sequence[str]) -> Jet:
    """The derivatives of an expression.

    Forward mode, carrying each part's value with its first and second derivatives (Griewank and
    Walther, *Evaluating Derivatives*, 2nd ed., SIAM 2008, section 3.1 and p. 298).
    """

    def jet(part: Expr, operands: list[Jet]) -> Jet:
        match part.operation:
            case "symbol" if part.name in names:
                return Jet(part, {names.index(part.name): Expr.number(1.0)}, {})
            case "called":
                return operands[0]
            case _ if not any(operand.first for operand in operands):
                return Jet(part, {}, {})
            case "add":
                return _sum(part, _plus, *operands)
            case "subtract":
                return _sum(part, _minus, *operands)
            case "negative":
                return _sum(part, _minus, Jet(part, {}, {}), *operands)
            case "multiply":
                return _product(part, *operands)
            case "divide":
                return _quotient(part, *operands)
            case "power":
                u, p = operands[0].value, float(operands[1].value.evaluate({}))
                slope, curvature = p * u ** (p - 1), p * (p - 1) * u ** (p - 2)
                return _compose(part, slope, curvature, operands[0])
            case function:
                u = operands[0].value
                return _compose(part, *RULES[function](u, part), operands[0])

    return bottom_up([expr], jet)[0]


def _plus(*terms: Expr | None) -> Expr | None:
    """A sum, in which None is 0; nothing is written for that."""
    total = None
    for term in terms:
        if term is not None:
            total = term if total is None else total + term
    return total


def _minus(left: Expr | None, right: Expr | None) -> Expr | None:
    if left is None or right is None:
        return left if right is None else -right
    return left - right


def _times(left: Expr | None, right: Expr | None) -> Expr | None:
    return None if left is None or right is None else left * right


def _over(left: Expr | None, right: Expr) -> Expr | None:
    return None if left is None else left / right


def _made(
    value: Expr,
    jets: Sequence[Jet],
    first: Callable[[int], Expr | None],
    second: Callable[[int, int], Expr | None],
) -> Jet:
    """A jet of the derivatives that are not 0, computed from those of its operands."""
    indices = sorted({index for jet in jets for index in jet.first})
    slopes = {i: term for i in indices if (term := first(i)) is not None}
    pairs = combinations_with_replacement(indices, 2)
    return Jet(value, slopes, {p: term for p in pairs if (term := second(*p)) is not None})


def _sum(value: Expr, combine: Callable[..., Expr | None], u: Jet, v: Jet) -> Jet:
    """(u ± v)ᵢ = uᵢ ± vᵢ."""
    return _made(
        value,
        (u, v),
        lambda i: combine(u.first.get(i), v.first.get(i)),
        lambda i, j: combine(u.second.get((i, j)), v.second.get((i, j))),
    )


def _product(value: Expr, u: Jet, v: Jet) -> Jet:
    """(uv)ᵢ = uᵢv + uvᵢ and (uv)ᵢⱼ = uᵢⱼv + uᵢvⱼ + uⱼvᵢ + uvᵢⱼ."""
    a, b = u.first.get, v.first.get
    return _made(
        value,
        (u, v),
        lambda i: _plus(_times(a(i), v.value), _times(u.value, b(i))),
        lambda i, j: _plus(
            _times(u.second.get((i, j)), v.value),
            _plus(_times(a(i), b(j)), _times(a(j), b(i))),
            _times(u.value, v.second.get((i, j))),
        ),
    )


def _quotient(value: Expr, u: Jet, v: Jet) -> Jet:
    """With w = u/v: wᵢ = (uᵢ − wvᵢ)/v and wᵢⱼ = (uᵢⱼ − wᵢvⱼ − wⱼvᵢ − wvᵢⱼ)/v."""
    b = v.first.get

    def first(i: int) -> Expr | None:
        return _over(_minus(u.first.get(i), _times(value, b(i))), v.value)

    def second(i: int, j: int) -> Expr | None:
        cross = _plus(_times(first(i), b(j)), _times(first(j), b(i)))
        rest = _minus(u.second.get((i, j)), cross)
        return _over(_minus(rest, _times(value, v.second.get((i, j)))), v.value)

    return _made(value, (u, v), first, second)


def _compose(value: Expr, slope: Expr, curvature: Expr | None, u: Jet) -> Jet:
    """f(u): fᵢ = f′uᵢ and fᵢⱼ = f″uᵢuⱼ + f′uᵢⱼ."""
    a = u.first.get
    return _made(
        value,
        (u,),
        lambda i: _times(slope, a(i)),
        lambda i, j: _plus(
            _times(curvature, _times(a(i), a(j))), _times(slope, u.second.get((i, j)))
        ),
    )


Rule = Callable[[Expr, Expr], tuple[Expr, Expr | None]]
"""(u, f(u)) -> (f′(u), f″(u)); None for 0."""


def _tan(u: Expr, f: Expr) -> tuple[Expr, Expr]:
    slope = 1 + f * f
    return slope, 2 * (f * slope)


def _asin(u: Expr, f: Expr) -> tuple[Expr, Expr]:
    inside = 1 - u * u
    slope = 1 / fold("sqrt", inside)
    return slope, u * slope / inside


def _acos(u: Expr, f: Expr) -> tuple[Expr, Expr]:
    slope, curvature = _asin(u, f)
    return -slope, -curvature


def _atan(u: Expr, f: Expr) -> tuple[Expr, Expr]:
    slope = 1 / (1 + u * u)
    return slope, -2 * (u * (slope * slope))


def _tanh(u: Expr, f: Expr) -> tuple[Expr, Expr]:
    slope = 1 - f * f
    return slope, -2 * (f * slope)


def _log(u: Expr, f: Expr) -> tuple[Expr, Expr]:
    slope = 1 / u
    return slope, -(slope * slope)


def _sqrt(u: Expr, f: Expr) -> tuple[Expr, Expr]:
    slope = 0.5 / f
    return slope, -0.5 * (slope / u)


RULES: dict[str, Rule] = {
    "square": lambda u, f: (2 * u, Expr.number(2.0)),
    "sin": lambda u, f: (fold("cos", u), -f),
    "cos": lambda u, f: (-fold("sin", u), -f),
    "tan": _tan,
    "asin": _asin,
    "acos": _acos,
    "atan": _atan,
    "sinh": lambda u, f: (fold("cosh", u), f),
    "cosh": lambda u, f: (fold("sinh", u), f),
    "tanh": _tanh,
    "exp": lambda u, f: (f, f),
    "log": _log,
    "sqrt": _sqrt,
    "abs": lambda u, f: (fold("sign", u), None),
}
"""The derivatives of a square, and of every function that a formula may call."""

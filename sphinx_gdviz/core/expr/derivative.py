"""Exact derivatives of an expression, by the chain rule over its parts.

The derivatives of n operations are a constant times n operations, however deeply a formula is
nested. Computer algebra has no such bound: 23 characters are enough to keep SymPy busy for a
minute, and a formula may come from a stranger. SymPy checks these derivatives in the tests.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations_with_replacement

from .node import COMPARISONS, Expr, bottom_up, fold
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
        of |u| is sign u, and that of sign u is 0, also at u = 0; that of relu u at 0 is 0. Where
        the two arguments of max or min are equal, it is the derivative of the second one.
    """
    names = [f"theta{index}" for index in range(dimension)]
    jet = _jet(program.expressions(names)[0], names)
    first, second = (combinations_with_replacement(range(dimension), order) for order in (1, 2))
    zero = Expr.number(0.0)
    return Program.of([jet.terms.get(index, zero) for index in (*first, *second)], names)


def gradient(expr: Expr, names: Sequence[str]) -> list[Expr]:
    """The first derivatives of an expression with respect to some of its symbols."""
    terms = _jet(expr, names).terms
    return [terms.get((index,), Expr.number(0.0)) for index in range(len(names))]


@dataclass(frozen=True)
class Term:
    """An expression, or None for one that is 0 everywhere: nothing is written for that."""

    expr: Expr | None

    def __add__(self, other: Term) -> Term:
        if self.expr is None or other.expr is None:
            return other if self.expr is None else self
        return Term(self.expr + other.expr)

    def __sub__(self, other: Term) -> Term:
        if self.expr is None or other.expr is None:
            return self if other.expr is None else Term(-other.expr)
        return Term(self.expr - other.expr)

    def __mul__(self, other: Term) -> Term:
        if self.expr is None or other.expr is None:
            return Term(None)
        return Term(self.expr * other.expr)

    def __truediv__(self, other: Term) -> Term:
        return Term(None if self.expr is None else self.expr / other.expr)


@dataclass(frozen=True)
class Jet:
    """An expression u and its derivatives: u(), u(i) = uᵢ and, for i ≤ j, u(i, j) = uᵢⱼ.

    Attributes
    ----------
    terms : dict
        Those that are not 0 everywhere, by their indices.
    """

    terms: dict[tuple[int, ...], Expr]

    def __call__(self, *index: int) -> Term:
        return Term(self.terms.get(index))


def _jet(expr: Expr, names: Sequence[str]) -> Jet:
    """The derivatives of an expression.

    Forward mode, carrying each part's value with its first and second derivatives (Griewank and
    Walther, *Evaluating Derivatives*, 2nd ed., SIAM 2008, section 3.1 and p. 298).
    """

    def jet(part: Expr, operands: list[Jet]) -> Jet:
        if part.operation == "symbol" and part.name in names:
            return Jet({(): part, (names.index(part.name),): Expr.number(1.0)})
        if part.operation == "called":
            return operands[0]
        w = Jet({(): part})
        indices = sorted({i for operand in operands for index in operand.terms for i in index})
        if not indices:
            return w
        for order, derivative in enumerate(_derivatives(part, operands), 1):
            for index in combinations_with_replacement(indices, order):
                if (expr := derivative(w, *index).expr) is not None:
                    w.terms[index] = expr
        return w

    return bottom_up([expr], jet)[0]


def _derivatives(part: Expr, operands: list[Jet]) -> tuple[Callable[..., Term], ...]:
    """The functions (w, i) and (w, i, j) that give the derivatives of an operation.

    w is the operation's own jet, as far as it is known.
    """
    match part.operation, operands:
        case "add", [u, v]:
            return (lambda w, *index: u(*index) + v(*index),) * 2
        case "subtract", [u, v]:
            return (lambda w, *index: u(*index) - v(*index),) * 2
        case "negative", [u]:
            return (lambda w, *index: Term(None) - u(*index),) * 2
        case "multiply", [u, v]:
            return (
                lambda w, i: u(i) * v() + u() * v(i),
                lambda w, i, j: u(i, j) * v() + (u(i) * v(j) + u(j) * v(i)) + u() * v(i, j),
            )
        case "divide", [u, v]:
            return (
                lambda w, i: (u(i) - w() * v(i)) / v(),
                lambda w, i, j: (u(i, j) - (w(i) * v(j) + w(j) * v(i)) - w() * v(i, j)) / v(),
            )
        case "power", [u, exponent]:
            base, p = u.terms[()], float(exponent.terms[()].evaluate({}))
            slope, curvature = Term(p * base ** (p - 1)), Term(p * (p - 1) * base ** (p - 2))
        case ("max" | "min") as operation, [u, v]:
            name = "greater" if operation == "max" else "less"
            is_first = fold(name, u.terms[()], v.terms[()])
            return (lambda w, *index: _choice(is_first, u(*index), v(*index)),) * 2
        case "where", [condition, u, v]:
            return (lambda w, *index: _choice(condition.terms[()], u(*index), v(*index)),) * 2
        case comparison, _ if comparison in COMPARISONS:
            return (lambda w, *index: Term(None),) * 2
        case function, [u] if function in RULES:
            first, second = RULES[function]
            value = first(u.terms[()], part)
            slope, curvature = Term(value), Term(second(u.terms[()], part, value))
    return (lambda w, i: slope * u(i), lambda w, i, j: curvature * (u(i) * u(j)) + slope * u(i, j))


def _choice(condition: Expr, then: Term, otherwise: Term) -> Term:
    """One of two derivatives."""
    if then.expr is otherwise.expr:
        return then
    values = (0.0 if each.expr is None else each.expr for each in (then, otherwise))
    return Term(fold("where", condition, *values))


RULES: dict[str, tuple[Callable[..., Expr | None], Callable[..., Expr | None]]] = {
    "square": (lambda u, f: 2 * u, lambda u, f, slope: Expr.number(2.0)),
    "sin": (lambda u, f: fold("cos", u), lambda u, f, slope: -f),
    "cos": (lambda u, f: -fold("sin", u), lambda u, f, slope: -f),
    "tan": (lambda u, f: 1 + f * f, lambda u, f, slope: 2 * (f * slope)),
    "asin": (lambda u, f: 1 / fold("sqrt", 1 - u * u), lambda u, f, slope: u * slope / (1 - u * u)),
    "acos": (
        lambda u, f: -(1 / fold("sqrt", 1 - u * u)),
        lambda u, f, slope: -(u * (1 / fold("sqrt", 1 - u * u)) / (1 - u * u)),
    ),
    "atan": (lambda u, f: 1 / (1 + u * u), lambda u, f, slope: -2 * (u * (slope * slope))),
    "sinh": (lambda u, f: fold("cosh", u), lambda u, f, slope: f),
    "cosh": (lambda u, f: fold("sinh", u), lambda u, f, slope: f),
    "tanh": (lambda u, f: 1 - f * f, lambda u, f, slope: -2 * (f * slope)),
    "exp": (lambda u, f: f, lambda u, f, slope: f),
    "log": (lambda u, f: 1 / u, lambda u, f, slope: -(slope * slope)),
    "sqrt": (lambda u, f: 0.5 / f, lambda u, f, slope: -0.5 * (slope / u)),
    "abs": (lambda u, f: fold("sign", u), lambda u, f, slope: None),
    "sign": (lambda u, f: None, lambda u, f, slope: None),
    "relu": (
        lambda u, f: fold("where", fold("greater", u, 0.0), 1.0, 0.0),
        lambda u, f, slope: None,
    ),
    "sigmoid": (lambda u, f: f * (1 - f), lambda u, f, slope: slope * (1 - 2 * f)),
    "softplus": (lambda u, f: fold("sigmoid", u), lambda u, f, slope: slope * (1 - slope)),
}
"""For each function f of a formula, (u, f(u)) -> f′(u) and (u, f(u), f′(u)) -> f″(u)."""

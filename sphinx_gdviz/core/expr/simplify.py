"""Simplified expressions: as they are computed, with numbers put in, and with products collected.

Only the first is exact: overflow and undefined values stay where they are. The others are for
readers, and may differ from what was written by rounding.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import reduce

from .node import Expr, bottom_up, fold

# --- as it is computed --------------------------------------------------------------------------


def lowered(exprs: Sequence[Expr]) -> list[Expr]:
    """Expressions as they are computed: folded, and whole powers as multiplications."""
    return bottom_up(exprs, lower)


def lower(part: Expr, operands: Sequence[Expr]) -> Expr:
    """One operation on operands that are lowered."""
    match part.operation:
        case "number":
            return Expr.number(part.value)  # whatever its digits
        case "symbol":
            return part
        case "called":
            return operands[0]
        case "square":
            return fold("multiply", operands[0], operands[0])
        case "power" if operands[1].is_number:
            return _multiplied_out(operands[0], operands[1].value)
        case operation:
            return fold(operation, *operands)


def _multiplied_out(base: Expr, exponent: float) -> Expr:
    """A constant power; whole powers become multiplications."""
    if exponent < 0:
        return fold("divide", 1.0, _multiplied_out(base, -exponent))
    if exponent == 0.5:
        return fold("sqrt", base)
    if exponent != int(exponent):
        return fold("power", base, exponent)
    result, square, remaining = Expr.number(1.0), base, int(exponent)
    while remaining:
        if remaining & 1:
            result = fold("multiply", result, square)
        remaining >>= 1
        if remaining:
            square = fold("multiply", square, square)
    return result


# --- with numbers put in ------------------------------------------------------------------------


def simplified(expr: Expr, values: Mapping[str, float | Expr]) -> Expr:
    """An expression with numbers or expressions for some of its symbols, and the simpler for that.

    Operations on numbers are carried out, to 12 digits, so that 1 − 0.9 is 0.1; products with 0
    and 1 and sums with 0 are gone, and so is what a condition rules out.
    """

    def tidy(part: Expr, operands: Sequence[Expr]) -> Expr:
        if part.operation == "symbol" and part.name in values:
            return Expr.of(values[part.name])
        return _tidy(part, tuple(operands)) if operands else part

    return bottom_up([expr], tidy)[0]


def _tidy(part: Expr, operands: tuple[Expr, ...]) -> Expr:
    """An operation on operands that were simplified, as a reader wants it."""
    if all(operand.is_number for operand in operands):
        value = float(Expr(part.operation, operands).evaluate({}))
        return Expr.number(float(f"{value:.12g}"))
    match part.operation, operands:
        case "called", _:
            return Expr("called", operands, name=part.name)
        case "multiply", (left, right) if left.equals(0) or right.equals(0):
            return Expr.number(0.0)
        case ("divide", (left, right)) if right.equals(1):
            return left
        case ("subtract", (left, right)) if right.equals(0):
            return left
        # Numbers stand first in print.
        case "multiply", (left, right) if right.is_number and not right.equals(1):
            return Expr("multiply", (right, left))
        case "multiply", (Expr("multiply", (factor, left)), right) if left is right:
            return Expr("multiply", (factor, Expr("square", (left,))))
        case "subtract", (left, right) if left.equals(0):
            return Expr("negative", (right,))
        # As in 1 − (1 − βᵗ), where a rule has a name for the bracket.
        case "subtract", (left, Expr("subtract", (same, right))) if left.is_number and same is left:
            return right
        case "where", (condition, then, otherwise) if condition.is_number:
            return then if condition.value else otherwise
        case "where", (_, then, otherwise) if then is otherwise:
            return then
    return fold(part.operation, *operands)


# --- with products collected --------------------------------------------------------------------

MAX_DENOMINATOR = 1000
"""The greatest denominator of a number that is written as a fraction."""
ONE = Fraction(1)

Product = tuple[Fraction, dict[Expr, Fraction]]
"""A coefficient, and factors with their exponents."""


def collected(exprs: Sequence[Expr]) -> list[Expr]:
    """Expressions with the numbers of each product in front, and powers of what occurs again.

    The chain rule leaves 5 · (2(y − x²) · −(2x)) where people write −20x(y − x²).

    Raises
    ------
    ValueError, OverflowError, ZeroDivisionError
        If a constant is not finite.
    """
    return [_as_expr(product) for product in bottom_up(exprs, _product)]


def _product(part: Expr, operands: Sequence[Product]) -> Product:
    """An operation as a product."""
    match part.operation, operands:
        case "number", _ if not part.name.isalpha():  # π and e stay what they are
            return _fraction(part.value)
        case "called", [u]:
            return u
        case "negative", [u]:
            return -u[0], u[1]
        case ("add" | "subtract") as operation, [u, v]:
            return _sum(u, v if operation == "add" else (-v[0], v[1]))
        case "multiply", [u, v]:
            return _times(u, v, 1)
        case "divide", [u, v]:
            return _times(u, v, -1)
        case "square", [u]:
            return _times((ONE, {}), u, 2)
        case "power", [u, (exponent, others)] if exponent.denominator == 1 and not others:
            return _times((ONE, {}), u, int(exponent))
    return ONE, {part.with_operands(map(_as_expr, operands)): ONE}


def _fraction(value: float) -> Product:
    """A number as it was written, or the simple fraction or multiple of π that it stands for."""
    for unit, factors in ((1.0, {}), (math.pi, {Expr.number(math.pi, "pi"): ONE})):
        # The chain rule folds numbers: 1/3 and 2π come back as floats.
        simple = Fraction(value / unit).limit_denominator(MAX_DENOMINATOR)
        if float(simple) * unit == value:
            return simple, factors
    return Fraction(repr(value)), {}


def _times(u: Product, v: Product, exponent: int) -> Product:
    """A product times a power of another."""
    factors = dict(u[1])
    for factor, size in v[1].items():
        factors[factor] = factors.get(factor, Fraction(0)) + exponent * size
    coefficient = u[0] * v[0] ** exponent
    return coefficient, {f: size for f, size in factors.items() if size and coefficient}


def _sum(u: Product, v: Product) -> Product:
    """A sum of two products, as a factor of others; a positive one comes first."""
    if not u[0] or not v[0] or u[1] == v[1]:
        total = u[0] + v[0]
        return total, (u[1] if u[0] else v[1]) if total else {}
    if u[0] < 0 < v[0]:
        u, v = v, u
    left, right = _as_expr(u), _as_expr((abs(v[0]), v[1]))
    return ONE, {Expr("add" if v[0] > 0 else "subtract", (left, right)): ONE}


def _as_expr(product: Product) -> Expr:
    """A product as it is written: the number, π, symbols, all else; and what it is divided by."""
    coefficient, factors = product
    for factor in factors:  # −2(1 − x) is 2(x − 1)
        if coefficient < 0 and factor.operation == "subtract" and factors[factor] == 1:
            left, right = factor.operands
            if left.is_number:
                turned = Expr("subtract", (right, left))
                factors = {turned if f is factor else f: size for f, size in factors.items()}
                return _as_expr((-coefficient, factors))
    # A decimal if that is short, and otherwise a fraction; a half of a sum is that over two.
    above, below = float(coefficient), 1
    has_sum = any(factor.operation in ("add", "subtract") for factor in factors)
    is_part = coefficient.denominator <= 10 and has_sum
    if is_part or (len(repr(above)) > 9 and coefficient.denominator <= MAX_DENOMINATOR):
        above, below = float(coefficient.numerator), coefficient.denominator
    ordered = sorted(factors, key=lambda f: (bool(f.operands), f.operation, f.name))
    over = [_power(f, factors[f]) for f in ordered if factors[f] > 0]
    under = [Expr.number(below)] if below > 1 else []
    under += [_power(f, -factors[f]) for f in ordered if factors[f] < 0]
    if abs(above) != 1 or not over:
        over.insert(0, Expr.number(above))
    elif above < 0:
        over[0] = Expr("negative", (over[0],))
    quotient = _multiplied(over)
    return Expr("divide", (quotient, _multiplied(under))) if under else quotient


def _power(base: Expr, exponent: Fraction) -> Expr:
    return base if exponent == 1 else Expr("power", (base, Expr.number(float(exponent))))


def _multiplied(factors: Sequence[Expr]) -> Expr:
    return reduce(lambda left, right: Expr("multiply", (left, right)), factors)

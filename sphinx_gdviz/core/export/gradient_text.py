"""Expressions as statements of Python that are read: products are collected, parts have names.

The chain rule leaves 5 · (2(y − x²) · −(2x)) where people write −20x(y − x²).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from itertools import count

from ...messages import GdvizError
from ..expr.node import Expr, walk
from ..expr.printer import to_python

MAX_OPERATIONS = 600
"""The most operations that are written out."""
SHORT = 11
"""A text that is shorter is written again where it occurs again."""

MAX_DENOMINATOR = 1000
"""The greatest denominator of a number that is written as a fraction."""
ONE = Fraction(1)
_SUMS = ("add", "subtract")

Product = tuple[Fraction, dict[Expr, Fraction]]
"""A coefficient, and factors with their exponents."""


def python_lines(
    exprs: Sequence[Expr], names: Sequence[str]
) -> tuple[list[tuple[str, str]], list[str]]:
    """Write expressions in symbols with these names.

    Returns
    -------
    assignments : list of (str, str)
        Names of parts that occur again, and what they stand for, in order.
    outputs : list of str
        The text of each expression.

    Raises
    ------
    GdvizError
        If they are too long, or have a constant that is not finite.
    """
    if (length := sum(1 for _ in walk(*exprs))) > MAX_OPERATIONS:
        raise GdvizError(
            f"the loss and its derivatives take {length} operations, too many for a program that "
            "is read"
        )
    try:
        outputs = _collected(exprs)
    except (ZeroDivisionError, OverflowError, ValueError):
        raise GdvizError("the loss has a constant that is not finite") from None
    uses = Counter(operand for part in walk(*outputs) for operand in part.operands)
    letters = (f"{letter}{n or ''}" for n in count() for letter in "abcdpqrsuvw")
    found: dict[Expr, Expr] = {}
    assignments: list[tuple[str, str]] = []
    for part in walk(*outputs):
        operands = tuple(found[operand] for operand in part.operands)
        made = found[part] = Expr(part.operation, operands, part.value, part.name)
        if operands and uses[part] > 1 and len(text := to_python(made)) >= SHORT:
            name = next(letter for letter in letters if letter not in names)
            assignments.append((name, text))
            found[part] = Expr.symbol(name)
    return assignments, [to_python(found[output]) for output in outputs]


def _collected(exprs: Sequence[Expr]) -> list[Expr]:
    """Expressions with the numbers of each product in front, and powers of what occurs again."""
    products: dict[Expr, Product] = {}
    for part in walk(*exprs):
        products[part] = _product(part, [products[operand] for operand in part.operands])
    return [_as_expr(products[expr]) for expr in exprs]


def _product(part: Expr, operands: Sequence[Product]) -> Product:
    """An operation as a product."""
    match part.operation, operands:
        case "number", _ if not part.name.isalpha():  # π and e stay what they are
            return _number(part.value)
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
    return ONE, {Expr(part.operation, tuple(map(_as_expr, operands)), part.value, part.name): ONE}


def _number(value: float) -> Product:
    """A number as it was written, or the simple fraction or multiple of π that it stands for."""
    for unit, factors in ((1.0, {}), (math.pi, {Expr.number(math.pi, "pi"): ONE})):
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
                turned = {
                    Expr("subtract", (right, left)) if f is factor else f: size
                    for f, size in factors.items()
                }
                return _as_expr((-coefficient, turned))
    # A decimal if that is short, and otherwise a fraction; a half of a sum is that over two.
    above, below = float(coefficient), 1
    is_part = coefficient.denominator <= 10 and any(f.operation in _SUMS for f in factors)
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
    product, *others = factors
    for factor in others:
        product = Expr("multiply", (product, factor))
    return product

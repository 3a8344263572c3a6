"""Algebra: a program as expressions that are read, with what is trivial carried out.

Like terms are collected, products of a thing with itself become powers, and constants are
multiplied out, as fractions of the decimals that were written: 2 · 2.1 is 4.2, and 6/6 is gone.
What occurs more than once, and is long, gets a name.
"""

from __future__ import annotations

import ast
import math
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from ....messages import GdvizError
from ...expr.program import Program
from .python_text import expression, letters, name_of, number

MAX_INSTRUCTIONS = 600
"""Longest program that is written out."""
LONG = 11
"""What occurs twice gets a name if its text is at least as long as this."""
DIGITS = 12
"""A number of so many digits may be a multiple of π, or a fraction."""

Monomial = tuple[tuple[int, Fraction], ...]
"""Atoms by number, each with its exponent; empty for 1."""
Linear = dict[Monomial, Fraction]
"""Monomials with their coefficients, in the order in which they came up; none has 0."""


@dataclass(frozen=True)
class Written:
    """A program as Python.

    Attributes
    ----------
    names : tuple of (str, ast.expr)
        What has to be computed first, in order.
    outputs : tuple of ast.expr
        The outputs of the program.
    """

    names: tuple[tuple[str, ast.expr], ...]
    outputs: tuple[ast.expr, ...]


def written(program: Program, taken: Collection[str] = ("x", "y")) -> Written:
    """Write a program as expressions in ``x`` and ``y``.

    Parameters
    ----------
    program : Program
        With any number of outputs.
    taken : collection of str
        Names that are not given to parts.

    Raises
    ------
    GdvizError
        If it is too long, or divides by zero.
    """
    if len(program.instructions) > MAX_INSTRUCTIONS:
        raise GdvizError(
            f"the loss and its derivatives take {len(program.instructions)} operations, too many "
            "for a program that is read"
        )
    algebra = _Algebra()
    registers: list[Linear] = []
    try:
        for step in program.instructions:
            operands = [registers[index] for index in step.operands]
            registers.append(algebra.carry_out(step.operation, operands, step.value))
        outputs = [registers[output] for output in program.outputs]
        return _Writer(algebra, outputs, taken).write()
    except (ZeroDivisionError, OverflowError, ValueError):
        raise GdvizError("the loss has a constant that is not finite") from None


@dataclass
class _Algebra:
    """Collects what expressions are made of, so that equal things have one number.

    Attributes
    ----------
    atoms : list
        Each a variable, a function with the number of its argument, or a sum (``""`` with its
        number) that is a factor.
    sums : list of Linear
        Arguments and factors.
    """

    atoms: list[tuple[str, int]] = field(default_factory=lambda: [("x", -1), ("y", -1)])
    sums: list[Linear] = field(default_factory=list)
    _atoms: dict[tuple[str, int], int] = field(default_factory=lambda: {("x", -1): 0, ("y", -1): 1})
    _sums: dict[frozenset[tuple[Monomial, Fraction]], int] = field(default_factory=dict)

    def carry_out(self, operation: str, operands: list[Linear], value: float) -> Linear:
        """One instruction."""
        match operation, operands:
            case "constant", _:
                return self._constant(Fraction(repr(value)))
            case "x" | "y", _:
                return {((int(operation == "y"), Fraction(1)),): Fraction(1)}
            case "add", [u, v]:
                return self._add(u, v)
            case "subtract", [u, v]:
                return self._add(u, self._scale(v, Fraction(-1)))
            case "negative", [u]:
                return self._scale(u, Fraction(-1))
            case "multiply", [u, v]:
                return self._multiply(u, v)
            case "divide", [u, v]:
                return self._multiply(u, self._power(v, Fraction(-1)))
            case "power", [u, v]:
                return self._power(u, v.get((), Fraction(0)))
            case function, [u]:
                return self._atom(function, self._sum(u))
        raise AssertionError(operation)

    def _constant(self, value: Fraction) -> Linear:
        return {(): value} if value else {}

    def _sum(self, linear: Linear) -> int:
        key = frozenset(linear.items())
        if key not in self._sums:
            self._sums[key] = len(self.sums)
            self.sums.append(linear)
        return self._sums[key]

    def _number(self, kind: str, argument: int) -> int:
        key = kind, argument
        if key not in self._atoms:
            self._atoms[key] = len(self.atoms)
            self.atoms.append(key)
        return self._atoms[key]

    def _atom(self, kind: str, argument: int) -> Linear:
        return {((self._number(kind, argument), Fraction(1)),): Fraction(1)}

    def _add(self, u: Linear, v: Linear) -> Linear:
        if len(u) > 1 and u == v:
            return self._scale(u, Fraction(2))
        total = dict(u)
        for monomial, coefficient in v.items():
            total[monomial] = total.get(monomial, Fraction(0)) + coefficient
            if not total[monomial]:
                del total[monomial]
        return total

    def _scale(self, u: Linear, factor: Fraction) -> Linear:
        """A number times something; a sum stays together, but for its sign."""
        if len(u) > 1 and abs(factor) != 1 and factor:
            return self._term(factor, ((self._number("", self._sum(u)), Fraction(1)),))
        if len(u) == 1:
            ((monomial, coefficient),) = u.items()
            return self._term(coefficient * factor, monomial)
        return {monomial: c * factor for monomial, c in u.items() if factor}

    def _term(self, coefficient: Fraction, monomial: Monomial) -> Linear:
        """A product; a sum that is left alone in it is itself again."""
        if not coefficient:
            return {}
        if len(monomial) == 1 and abs(coefficient) == 1:
            ((atom, exponent),) = monomial
            kind, argument = self.atoms[atom]
            if kind == "" and exponent == 1:
                return {m: c * coefficient for m, c in self.sums[argument].items()}
        return {monomial: coefficient}

    def _as_term(self, u: Linear) -> tuple[Fraction, Monomial]:
        if len(u) == 1:
            ((monomial, coefficient),) = u.items()
            return coefficient, monomial
        return Fraction(1), ((self._number("", self._sum(u)), Fraction(1)),)

    def _multiply(self, u: Linear, v: Linear) -> Linear:
        if not u or not v:
            return {}
        for one, other in ((u, v), (v, u)):
            if one.keys() == {()}:
                return self._scale(other, one[()])
        (first, left), (second, right) = self._as_term(u), self._as_term(v)
        exponents = dict(left)
        for atom, exponent in right:
            exponents[atom] = exponents.get(atom, Fraction(0)) + exponent
        factors = [(atom, exponent) for atom, exponent in exponents.items() if exponent]
        return self._term(first * second, tuple(sorted(factors)))

    def _power(self, u: Linear, exponent: Fraction) -> Linear:
        if not u:
            return {(): Fraction(0) ** exponent.numerator}  # for which 0 ** -1 is an error
        if exponent.denominator == 1:
            coefficient, monomial = self._as_term(u)
            raised = tuple((atom, e * exponent) for atom, e in monomial)
            return self._term(coefficient**exponent.numerator, raised)
        return {((self._number("", self._sum(u)), exponent),): Fraction(1)}


class _Writer:
    """Writes sums as syntax trees, with names for what is long and occurs more than once."""

    def __init__(
        self, algebra: _Algebra, outputs: Sequence[Linear], taken: Collection[str]
    ) -> None:
        self._algebra = algebra
        self._outputs = outputs
        self._letters = letters(taken)
        self._names: list[tuple[str, ast.expr]] = []
        self._atoms: dict[int, ast.expr] = {}
        self._sums: dict[int, ast.expr] = {}
        self._uses = self._count(outputs)

    def write(self) -> Written:
        outputs = tuple(self._sum(output) for output in self._outputs)
        return Written(tuple(self._names), outputs)

    def _count(self, outputs: Iterable[Linear]) -> Counter[tuple[str, int]]:
        """How often each function and each sum occurs."""
        uses: Counter[tuple[str, int]] = Counter()
        pending = list(outputs)
        while pending:
            for atom in (atom for monomial in pending.pop() for atom, _ in monomial):
                kind, argument = self._algebra.atoms[atom]
                uses["atom", atom] += 1
                if argument < 0 or (kind and uses["atom", atom] > 1):
                    continue
                uses["sum", argument] += 1
                if uses["sum", argument] == 1:
                    pending.append(self._algebra.sums[argument])
        return uses

    def _named(self, node: ast.expr, uses: int) -> ast.expr:
        if uses < 2 or len(expression(node)) < LONG:
            return node
        name = next(self._letters)
        self._names.append((name, node))
        return ast.Name(name)

    def _atom(self, atom: int) -> ast.expr:
        kind, argument = self._algebra.atoms[atom]
        if argument < 0:
            return ast.Name(kind)
        if kind == "":
            return self._shared_sum(argument)
        if atom not in self._atoms:
            call = ast.Call(name_of(kind), [self._shared_sum(argument)], [])
            self._atoms[atom] = self._named(call, self._uses["atom", atom])
        return self._atoms[atom]

    def _shared_sum(self, index: int) -> ast.expr:
        if index not in self._sums:
            node = self._sum(self._algebra.sums[index])
            self._sums[index] = self._named(node, self._uses["sum", index])
        return self._sums[index]

    def _sum(self, linear: Linear) -> ast.expr:
        """A sum that begins with a positive term, if it has one, and then has its constant last."""
        terms = list(linear.items())
        if not terms:
            return ast.Name("0")
        first = next((n for n, (_, c) in enumerate(terms) if c > 0), 0)
        terms.insert(0, terms.pop(first))
        terms[1:] = sorted(terms[1:], key=lambda term: term[0] == ())
        (monomial, coefficient), *others = terms
        total = self._term(abs(coefficient), monomial)
        if coefficient < 0:
            total = _negative(total)
        for monomial, coefficient in others:
            sign = ast.Add() if coefficient > 0 else ast.Sub()
            total = ast.BinOp(total, sign, self._term(abs(coefficient), monomial))
        return total

    def _term(self, coefficient: Fraction, monomial: Monomial) -> ast.expr:
        has_sum = any(self._algebra.atoms[atom][0] == "" for atom, _ in monomial)
        above, below = _as_quotient(coefficient, has_sum=has_sum)
        numerator = [above] if above else []
        denominator = [below] if below else []
        for atom, exponent in monomial:
            base, size = self._atom(atom), abs(exponent)
            power = base if size == 1 else ast.BinOp(base, ast.Pow(), ast.Name(number(float(size))))
            (numerator if exponent > 0 else denominator).append(power)
        product = _product(numerator or [ast.Name("1")])
        return ast.BinOp(product, ast.Div(), _product(denominator)) if denominator else product


def _product(factors: Sequence[ast.expr]) -> ast.expr:
    product, *others = factors
    for factor in others:
        product = ast.BinOp(product, ast.Mult(), factor)
    return product


def _negative(node: ast.expr) -> ast.expr:
    """With a minus sign before its first factor."""
    match node:
        case ast.BinOp(left=left, op=ast.Mult() | ast.Div() as operator, right=right):
            return ast.BinOp(_negative(left), operator, right)
    return ast.UnaryOp(ast.USub(), node)


def _as_quotient(value: Fraction, *, has_sum: bool) -> tuple[ast.expr | None, ast.expr | None]:
    """A positive number as a reader has it: what stands above a line, and what below it.

    A half of a sum is the sum over two; any other half is 0.5.
    """
    text = number(float(value))
    if value == 1:
        return None, None
    if has_sum and value.numerator == 1 and value.denominator <= 10:
        return None, ast.Name(str(value.denominator))
    if len(text.strip("0.")) < DIGITS:
        return ast.Name(text), None
    for constant, name in ((1, ""), (math.pi, "np.pi"), (math.pi**2, "np.pi**2"), (math.e, "np.e")):
        share = Fraction(float(value) / constant).limit_denominator(200)
        if share and abs(float(share) * constant / float(value) - 1) < 1e-15:
            times: list[ast.expr] = []
            if share.numerator != 1:
                times.append(ast.Name(str(share.numerator)))
            if name:
                times.append(ast.parse(name, mode="eval").body)
            below = ast.Name(str(share.denominator)) if share.denominator != 1 else None
            return _product(times) if times else None, below
    return ast.Name(text), None

"""Text of a straight-line program as Python that is read: like terms are collected.

Forward mode makes x + x of the derivative of x², and x·x + x·x of that of a product. Here each
register is a sum, a mapping from monomials to coefficients, and a monomial maps factors, which are
known by their text, to exponents. So 2x and x² come out as they are written by hand.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from itertools import count

from ...messages import GdvizError
from ..expr.printer import numpy_name
from ..expr.program import Program
from .python_text import number, with_tight_powers

MAX_INSTRUCTIONS = 600
"""The longest program that is written out."""
SHORT = 11
"""A text that is shorter is written again where it occurs again."""
LONG = 60
"""A text that is longer is computed before, also where it occurs once."""

Monomial = tuple[tuple[str, Fraction], ...]
Sum = dict[Monomial, Fraction]
ONE = Fraction(1)
_PLACE = re.compile(r"_(\d+)_")
"""A placeholder: a factor that may get a name."""


def python_lines(
    program: Program, variables: tuple[str, ...]
) -> tuple[list[tuple[str, str]], list[str]]:
    """Write a program as expressions.

    Parameters
    ----------
    program : Program
        With any number of outputs.
    variables : tuple of str
        The names of its variables.

    Returns
    -------
    assignments : list of (str, str)
        Names, and the expressions that they stand for, in order.
    outputs : list of str
        The expression of each output.

    Raises
    ------
    GdvizError
        If the program is too long, or has a constant that is not finite.
    """
    if len(program.instructions) > MAX_INSTRUCTIONS:
        raise GdvizError(
            f"the loss and its derivatives take {len(program.instructions)} operations, too many "
            "for a program that is read"
        )
    writer, registers = _Writer(variables), list[Sum]()
    try:
        for step in program.instructions:
            operands = [registers[index] for index in step.operands]
            registers.append(writer.apply(step.operation, operands, step.value))
    except (ZeroDivisionError, OverflowError, ValueError):
        raise GdvizError("the loss has a constant that is not finite") from None
    return writer.resolved([writer.text(registers[output]) for output in program.outputs])


class _Writer:
    """Adds and multiplies sums, and gives long factors placeholders."""

    def __init__(self, variables: tuple[str, ...]) -> None:
        self._variables = variables
        self._sums: dict[str, Sum] = {}  # what a factor stands for, where that is a sum
        self._places: dict[str, str] = {}  # the placeholder of each text

    def apply(self, operation: str, operands: list[Sum], value: float) -> Sum:
        """Carry out one instruction."""
        match operation, operands:
            case "constant", _:
                return {(): Fraction(repr(value))} if value else {}
            case "parameter", _:
                return {((self._variables[int(value)], ONE),): ONE}
            case "add", [u, v]:
                return self._add(u, v)
            case "subtract", [u, v]:
                return self._add(u, self._scaled(v, -ONE))
            case "negative", [u]:
                return self._scaled(u, -ONE)
            case "multiply", [u, v]:
                return self._multiply(u, v)
            case "divide", [u, v]:
                return self._multiply(u, self._power(v, -ONE))
            case "power", [u, v]:
                return self._power(u, v.get((), Fraction(0)))
            case function, [u]:
                inside = self._factor(u) if len(u) > 1 else self.text(u)
                name = numpy_name(function)
                return {((self._placed(f"{name}({_bare(inside)})"), ONE),): ONE}
        raise AssertionError(operation)

    def _add(self, u: Sum, v: Sum) -> Sum:
        if len(u) > 1 and u == v:
            return self._scaled(u, Fraction(2))
        total = {monomial: u.get(monomial, 0) + v.get(monomial, 0) for monomial in {**u, **v}}
        return {
            monomial: Fraction(coefficient)
            for monomial, coefficient in total.items()
            if coefficient
        }

    def _scaled(self, u: Sum, factor: Fraction) -> Sum:
        """A number times a sum, which stays together but for its sign."""
        return (
            self._multiply({(): factor}, u)
            if abs(factor) != 1
            else {m: c * factor for m, c in u.items()}
        )

    def _multiply(self, u: Sum, v: Sum) -> Sum:
        (first, left), (second, right) = self._as_term(u), self._as_term(v)
        exponents = dict(left)
        for factor, exponent in right:
            exponents[factor] = exponents.get(factor, Fraction(0)) + exponent
        factors = sorted(exponents, key=lambda factor: (factor not in self._variables, factor))
        monomial = tuple((factor, exponents[factor]) for factor in factors if exponents[factor])
        coefficient = first * second
        if len(monomial) == 1 and abs(coefficient) == 1 and monomial[0][1] == 1:
            alone = self._sums.get(monomial[0][0])  # a sum that is left alone is itself again
            if alone:
                return {m: c * coefficient for m, c in alone.items()}
        return {monomial: coefficient} if coefficient else {}

    def _power(self, u: Sum, exponent: Fraction) -> Sum:
        if exponent.denominator != 1:
            return {((self._factor(u), exponent),): ONE}
        coefficient, monomial = self._as_term(u)
        return {tuple((f, e * exponent) for f, e in monomial): coefficient**exponent.numerator}

    def _as_term(self, u: Sum) -> tuple[Fraction, Monomial]:
        if len(u) > 1:
            return ONE, ((self._factor(u), ONE),)
        ((monomial, coefficient),) = u.items() or ((((), Fraction(0))),)
        return coefficient, monomial

    def _factor(self, u: Sum) -> str:
        """A sum as a factor."""
        text = self._placed(f"({self.text(u)})")
        self._sums.setdefault(text, u)
        return text

    def _placed(self, text: str) -> str:
        text = with_tight_powers(text)
        if len(text) < SHORT:
            return text
        return self._places.setdefault(text, f"_{len(self._places)}_")

    def text(self, u: Sum) -> str:
        """A sum that begins with a positive term, if it has one, and then has its constant last."""
        begins = next((monomial for monomial, c in u.items() if c > 0), None)
        terms = sorted(u.items(), key=lambda term: (term[0] != begins, term[0] == ()))
        text = ""
        for monomial, coefficient in terms:
            product = _product(abs(coefficient), monomial, negated=not text and coefficient < 0)
            sign = "-" if coefficient < 0 else "+"
            text += f" {sign} {product}" if text else f"{sign}{product}"
        return text.removeprefix("+") or "0"

    def resolved(self, outputs: list[str]) -> tuple[list[tuple[str, str]], list[str]]:
        """Texts without placeholders: what occurs again, or is long, has a name."""
        places = {place: text for text, place in self._places.items()}
        uses: Counter[str] = Counter()
        pending = list(outputs)
        while pending:
            for match in _PLACE.finditer(pending.pop()):
                uses[match[0]] += 1
                if uses[match[0]] == 1:
                    pending.append(places[match[0]])
        names, assignments = _letters(self._variables), list[tuple[str, str]]()

        def filled(text: str) -> str:
            # A placeholder in brackets of its own, as that of an argument, needs no others.
            text = re.sub(r"\((_\d+_)\)", lambda m: f"({_bare(places[m[1]])})", text)
            return with_tight_powers(_PLACE.sub(lambda match: places[match[0]], text))

        for place, text in places.items():  # in the order in which they were made
            places[place] = filled(text)
            if uses[place] > 1 or (uses[place] and len(places[place]) > LONG):
                name = next(names)
                assignments.append((name, _bare(places[place])))
                places[place] = name
        return assignments, [filled(output) for output in outputs]


def _bare(text: str) -> str:
    """A text without brackets around the whole of it."""
    depth = 0
    for index, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if depth == 0 and (index < len(text) - 1 or text[0] != "("):
            return text
    return text[1:-1]


def _letters(taken: tuple[str, ...]) -> Iterator[str]:
    """Short names, but for those that are taken."""
    names = (f"{letter}{n or ''}" for n in count() for letter in "abcdpqrsuvw")
    return (name for name in names if name not in taken)


def _product(coefficient: Fraction, monomial: Monomial, *, negated: bool) -> str:
    """A positive coefficient and factors, with a stroke before those that divide."""
    has_sum = any(factor[0] in "(_" for factor, _ in monomial)
    above, below = _as_quotient(coefficient, has_sum=has_sum)
    for factor, exponent in monomial:
        power = factor
        if abs(exponent) != 1:
            power += f" ** {number(float(abs(exponent)))}"
            if negated and exponent > 0 and not above:
                power = f"({power})"  # its sign comes last
        (above if exponent > 0 else below).append(power)
    text = " * ".join(above) or "1"
    if not below:
        return text
    return f"{text} / {below[0] if len(below) == 1 else '(' + ' * '.join(below) + ')'}"


def _as_quotient(value: Fraction, *, has_sum: bool) -> tuple[list[str], list[str]]:
    """A number as a reader has it: what stands above a stroke, and what below it."""
    if value == 1:
        return [], []
    if has_sum and value.numerator == 1 and value.denominator <= 10:
        return [], [str(value.denominator)]
    text = number(float(value))
    if len(text.strip("0.")) >= 12:  # it may be a fraction, or a multiple of π
        for constant, name in (
            (1, ""),
            (math.pi, "np.pi"),
            (math.pi**2, "np.pi**2"),
            (math.e, "np.e"),
        ):
            share = Fraction(float(value) / constant).limit_denominator(200)
            if share and abs(float(share) * constant / float(value) - 1) < 1e-15:
                above = [str(share.numerator)] if share.numerator != 1 else []
                return [*above, *filter(None, [name])], [str(share.denominator)] * (
                    share.denominator > 1
                )
    return [text], []

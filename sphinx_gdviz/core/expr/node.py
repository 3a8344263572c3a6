"""Terms: arithmetic that is written down instead of carried out.

An update rule that is called with terms in place of arrays gives back terms: what it does, as a
tree that can be typeset, written as Python, or evaluated with numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...messages import GdvizError

_OPERATIONS: dict[str, Callable[..., Any]] = {
    "add": np.add,
    "subtract": np.subtract,
    "multiply": np.multiply,
    "divide": np.divide,
    "negative": np.negative,
    "power": np.power,
    "square": np.square,
    "sqrt": np.sqrt,
    "exp": np.exp,
    "log": np.log,
    "absolute": np.abs,
    "sign": np.sign,
    "maximum": np.maximum,
    "minimum": np.minimum,
    "greater": np.greater,
    "less": np.less,
    "where": np.where,
    "clip": np.clip,
}
"""What may be done to terms, by NumPy's names."""

_OTHER_NAMES = {"true_divide": "divide", "abs": "absolute", "fabs": "absolute"}


@dataclass(frozen=True, eq=False)
class Term:
    """A number, a symbol, or an operation on terms.

    Two terms are the same if they are one object: a rule that computes a thing once, and uses it
    twice, has it twice in its tree.

    Attributes
    ----------
    operation : str
        ``"number"``, ``"symbol"``, ``"called"`` for a term with a name, or what NumPy calls it.
    operands : tuple of Term
        What it is done to.
    value : float
        Of a number.
    name : str
        Of a symbol, and of a term that is called something.
    """

    operation: str
    operands: tuple[Term, ...] = ()
    value: float = 0.0
    name: str = ""

    @classmethod
    def symbol(cls, name: str) -> Term:
        """Something that is not known yet."""
        return cls("symbol", name=name)

    @classmethod
    def of(cls, value: Any) -> Term:
        """A term, or a number as one.

        Raises
        ------
        GdvizError
            If it is neither.
        """
        if isinstance(value, Term):
            return value
        if isinstance(value, (bool, int, float, np.bool_, np.integer, np.floating)):
            return cls("number", value=float(value))
        if isinstance(value, np.ndarray) and value.size and (value == value.flat[0]).all():
            return cls("number", value=float(value.flat[0]))
        raise GdvizError(f"{type(value).__name__} is neither a number nor made of the arguments")

    def called(self, name: str) -> Term:
        """The same term under a name of its own, which is what readers see."""
        return Term("called", (self,), name=name)

    def leaves(self) -> Iterator[Term]:
        """The numbers and symbols that it is made of."""
        if not self.operands:
            yield self
        for operand in self.operands:
            yield from operand.leaves()

    def evaluate(self, values: Mapping[str, Any]) -> Any:
        """Its value, given those of its symbols by name."""
        if self.operation == "number":
            return np.float64(self.value)
        if self.operation == "symbol":
            return values[self.name]
        operands = [operand.evaluate(values) for operand in self.operands]
        if self.operation == "called":
            return operands[0]
        with np.errstate(all="ignore"):
            return _OPERATIONS[self.operation](*operands)

    def simplified(self, values: Mapping[str, float]) -> Term:
        """With numbers for some symbols, for a reader, and without what is superfluous then.

        Operations on numbers are carried out, to 12 digits, so that 1 − 0.9 is 0.1; products with
        0 and 1 and sums with 0 are gone, and so is what a condition rules out.
        """
        if self.operation == "number":
            return self
        if self.operation == "symbol":
            return Term.of(values[self.name]) if self.name in values else self
        operands = tuple(operand.simplified(values) for operand in self.operands)
        if all(operand.operation == "number" for operand in operands):
            return Term.of(float(f"{float(Term(self.operation, operands).evaluate({})):.12g}"))
        first, second = ([*operands, None, None])[:2]
        match self.operation, first, second:
            case "multiply", Term(operation="number", value=0.0) as zero, _:
                return zero
            case "multiply", _, Term(operation="number", value=0.0) as zero:
                return zero
            case "multiply", Term(operation="number", value=1.0), Term() as other:
                return other
            case "add", Term(operation="number", value=0.0), Term() as other:
                return other
            case (
                "multiply" | "divide" | "power",
                Term() as other,
                Term(operation="number", value=1.0),
            ):
                return other
            case "add" | "subtract", Term() as other, Term(operation="number", value=0.0):
                return other
            case "subtract", Term(operation="number", value=0.0), Term() as other:
                return Term("negative", (other,))
            case (
                "subtract",
                Term(operation="number", value=a),
                Term(operation="subtract", operands=(Term(operation="number", value=b), other)),
            ) if a == b:
                return other
            case "where", Term(operation="number", value=holds), _:
                return operands[1] if holds else operands[2]
            case (
                "multiply",
                Term(operation="multiply", operands=(factor, Term(operation="symbol") as one)),
                Term(operation="symbol") as two,
            ) if one.name == two.name:
                return Term("multiply", (factor, Term("square", (one,))))
        if all(new is old for new, old in zip(operands, self.operands, strict=True)):
            return self
        return Term(self.operation, operands, name=self.name)

    def apply(self, operation: str, *others: Any) -> Term:
        """An operation on this and others."""
        return Term(operation, tuple(map(Term.of, (self, *others))))

    @property
    def shape(self) -> tuple[int, ...]:
        """As if it were an array of the two parameters."""
        return (2,)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *values: Any, **how: Any) -> Term:
        name = _OTHER_NAMES.get(ufunc.__name__, ufunc.__name__)
        if method == "__call__" and not how:
            if name in _OPERATIONS:
                return Term(name, tuple(map(Term.of, values)))
            if name == "positive":
                return self
        raise GdvizError(f"np.{ufunc.__name__} is not known here")

    def __array_function__(self, function: Any, types: Any, values: Any, how: Any) -> Term:
        match function.__name__, values:
            case "where" | "clip", (_, _, _) if not how:
                return Term(function.__name__, tuple(map(Term.of, values)))
            case "zeros_like", (_,):
                return Term.of(0.0)
            case "ones_like", (_,):
                return Term.of(1.0)
            case "broadcast_to", (value, _):
                return Term.of(value)
        module = function.__module__.replace("numpy", "np", 1)
        raise GdvizError(f"{module}.{function.__name__} is not known here")

    def __bool__(self) -> bool:
        raise GdvizError("it asks what an argument is, as in “if g > 0”; np.where does without")

    def __getitem__(self, index: Any) -> Term:
        raise GdvizError("it takes an argument apart; a rule is the same for both parameters")

    def __iter__(self) -> Iterator[Term]:
        raise GdvizError("it takes an argument apart; a rule is the same for both parameters")

    def __float__(self) -> float:
        raise GdvizError("it wants an argument as a number; functions of NumPy do without")

    def __add__(self, other: Any) -> Term:
        return self.apply("add", other)

    def __radd__(self, other: Any) -> Term:
        return Term.of(other).apply("add", self)

    def __sub__(self, other: Any) -> Term:
        return self.apply("subtract", other)

    def __rsub__(self, other: Any) -> Term:
        return Term.of(other).apply("subtract", self)

    def __mul__(self, other: Any) -> Term:
        return self.apply("square") if other is self else self.apply("multiply", other)

    def __rmul__(self, other: Any) -> Term:
        return Term.of(other).apply("multiply", self)

    def __truediv__(self, other: Any) -> Term:
        return self.apply("divide", other)

    def __rtruediv__(self, other: Any) -> Term:
        return Term.of(other).apply("divide", self)

    def __pow__(self, other: Any) -> Term:
        is_two = not isinstance(other, Term) and other == 2
        return self.apply("square") if is_two else self.apply("power", other)

    def __rpow__(self, other: Any) -> Term:
        return Term.of(other).apply("power", self)

    def __neg__(self) -> Term:
        return self.apply("negative")

    def __pos__(self) -> Term:
        return self

    def __abs__(self) -> Term:
        return self.apply("absolute")

    def __gt__(self, other: Any) -> Term:
        return self.apply("greater", other)

    def __lt__(self, other: Any) -> Term:
        return self.apply("less", other)


def called(name: str, value: Any) -> Any:
    """Give a value a name for readers; an array stays as it is."""
    return value.called(name) if isinstance(value, Term) else value

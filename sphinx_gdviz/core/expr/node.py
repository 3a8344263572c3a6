"""Expressions: arithmetic that is written down instead of carried out.

A formula, a loss in Python and an update rule are all read into the one type :class:`Expr`, which
is then printed, differentiated, or made a program. A function of NumPy that is called with
expressions in place of arrays gives back an expression.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from weakref import WeakValueDictionary

import numpy as np

from ...messages import GdvizError, quote
from . import linear

ARITHMETIC = ("add", "subtract", "multiply", "divide", "negative", "square", "power")
COMPARISONS = ("greater", "less", "greater_equal", "less_equal")
ACTIVATIONS: dict[str, Callable[[Any], Any]] = {
    "relu": lambda u: np.maximum(u, 0.0),
    "sigmoid": lambda u: 1 / (1 + np.exp(-u)),
    "softplus": lambda u: np.logaddexp(0.0, u),
}
"""Functions of one argument that NumPy does not have."""
FUNCTIONS = {
    **dict.fromkeys(("sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh"), 1),
    **dict.fromkeys(("exp", "log", "sqrt", "abs", "sign", *ACTIVATIONS), 1),
    "max": 2,
    "min": 2,
    "where": 3,
}
"""Functions that a formula may call, and the number of their arguments."""

_ALL = (*ARITHMETIC, *COMPARISONS, *FUNCTIONS, "clip", "floor")
NUMPY_NAMES = {
    **{name: name for name in _ALL if name not in ACTIVATIONS},
    "asin": "arcsin",
    "acos": "arccos",
    "atan": "arctan",
    "max": "maximum",
    "min": "minimum",
}
"""All that NumPy may do to expressions, and the functions that do it to numbers."""
OPERATIONS: dict[str, Callable[..., Any]] = {
    **{name: getattr(np, function) for name, function in NUMPY_NAMES.items()},
    **ACTIVATIONS,
    "norm": lambda u: np.linalg.norm(u, axis=0),
    "newton_step": linear.newton_step,
}

_FROM_NUMPY = {
    **{OPERATIONS[name].__name__: name for name in NUMPY_NAMES},
    "true_divide": "divide",
    "fabs": "abs",
    "float_power": "power",
}
"""Operations by the names that NumPy's functions have themselves."""

KNOWN = ", ".join(f"np.{NUMPY_NAMES[n]}" for n in (*ARITHMETIC, *FUNCTIONS) if n in NUMPY_NAMES)
"""The functions of NumPy that any function of an author may call, for messages."""

_Binary = Callable[["Expr", Any], "Expr"]
T = TypeVar("T")

MAX_OPERATIONS = 20_000
"""The most operations of a function that is traced."""
MAX_DEPTH = 5 * MAX_OPERATIONS
"""The deepest nesting, which ends loops without end; derivatives are deeper than what is traced."""


def _operator(operation: str) -> tuple[_Binary, _Binary]:
    """The methods of a binary operator, with the expression on the left and on the right."""
    return (
        lambda self, other: fold(operation, self, other),
        lambda self, other: fold(operation, other, self),
    )


@dataclass(frozen=True, eq=False, init=False, repr=False, slots=True, weakref_slot=True)
class Expr:
    """A number, a symbol, or an operation on expressions.

    Expressions are hash-consed: two that are equal are one object, so that what occurs twice is
    differentiated and computed once. The constructor leaves everything as it is written, which is
    what a formula is printed from. The operators of Python and the functions of NumPy fold: they
    carry out what numbers alone are in, and leave out products with 1 and sums with 0.

    Attributes
    ----------
    operation : str
        ``"number"``, ``"symbol"``, ``"called"`` for an expression with a name, or a key of
        :data:`OPERATIONS`.
    operands : tuple of Expr
        The arguments of the operation.
    value : float
        The value of a number.
    name : str
        The name of a symbol or of what is called something. Of what an author has written, the
        digits of a number, and ``"()"`` for an operation that stands in brackets.
    depth : int
        The length of the longest chain of operations in it.
    """

    operation: str
    operands: tuple[Expr, ...]
    value: float
    name: str
    depth: int

    def __new__(
        cls, operation: str, operands: tuple[Expr, ...] = (), value: float = 0.0, name: str = ""
    ) -> Expr:
        # The number as text, for 0.0 and −0.0 are equal, and a nan is not equal to itself.
        key = (operation, name, *map(id, operands)) if operands else (operation, name, repr(value))
        self = _EXPRESSIONS.get(key)
        if self is None:
            depth = 1 + max((operand.depth for operand in operands), default=-1)
            if depth > MAX_DEPTH:
                raise GdvizError(f"the function takes more than {MAX_OPERATIONS} operations")
            self = object.__new__(cls)
            put = object.__setattr__  # the class is frozen
            put(self, "operation", operation)
            put(self, "operands", operands)
            put(self, "value", value)
            put(self, "name", name)
            put(self, "depth", depth)
            _EXPRESSIONS[key] = self
        return self

    @classmethod
    def symbol(cls, name: str) -> Expr:
        """Something that is not known yet."""
        return cls("symbol", name=name)

    @classmethod
    def number(cls, value: float, digits: str = "") -> Expr:
        """A number, with its digits as they were written."""
        return cls("number", value=float(value), name=digits)

    @classmethod
    def of(cls, value: Any) -> Expr:
        """An expression, or a number as one.

        Raises
        ------
        GdvizError
            If it is neither, or not finite.
        """
        if isinstance(value, Expr):
            return value
        if isinstance(value, np.ndarray) and value.size and (value == value.flat[0]).all():
            value = value.flat[0]
        if isinstance(value, (bool, int, float, np.bool_, np.integer, np.floating)):
            try:
                number = float(value)
            except OverflowError:
                number = math.inf
            if math.isfinite(number):
                return cls.number(number)
        raise GdvizError(f"{quote(repr(value))} is neither a finite number nor made of arguments")

    @property
    def is_number(self) -> bool:
        return self.operation == "number"

    def equals(self, value: float) -> bool:
        """True for this number, and for no operation that comes to it."""
        return self.is_number and self.value == value

    def with_operands(self, operands: Iterable[Expr]) -> Expr:
        """The same operation on others."""
        return Expr(self.operation, tuple(operands), self.value, self.name)

    def called(self, name: str) -> Expr:
        """The same expression under a name of its own, which is what readers see."""
        return Expr("called", (self,), name=name)

    @property
    def symbols(self) -> list[str]:
        """The names of its symbols, in the order of their first appearance."""
        return [part.name for part in walk(self) if part.operation == "symbol"]

    def leaves(self) -> Iterator[Expr]:
        """The numbers and symbols that it is made of, as often as they occur."""
        if not self.operands:
            yield self
        for operand in self.operands:
            yield from operand.leaves()

    def evaluate(self, values: Mapping[str, Any]) -> Any:
        """Its value, given those of its symbols by name."""

        def value(part: Expr, operands: Sequence[Any]) -> Any:
            match part.operation:
                case "number":
                    return np.float64(part.value)
                case "symbol":
                    return values[part.name]
                case "called":
                    return operands[0]
                case operation:
                    return OPERATIONS[operation](*operands)

        with np.errstate(all="ignore"):
            return bottom_up([self], value)[0]

    @property
    def shape(self) -> tuple[int, ...]:
        """That of an array of two parameters, which functions of authors may ask for."""
        return (2,)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *values: Any, **how: Any) -> Expr:
        name = ufunc.__name__
        if method == "__call__" and not how:
            if name == "power":  # of 2 it is a square
                return Expr.of(values[0]).__pow__(values[1])
            if name in _FROM_NUMPY:
                return fold(_FROM_NUMPY[name], *values)
            if name == "positive":
                return self
        name = name if method == "__call__" else f"{name}.{method}"
        raise GdvizError(f"np.{name} is not known here; there are {KNOWN}")

    def __array_function__(self, function: Any, types: Any, values: Any, how: Any) -> Expr:
        match function.__name__, values:
            case "where" | "clip", (_, _, _) if not how:
                return fold(function.__name__, *values)
            case "norm", (value,) if how == {"axis": 0}:
                return fold("norm", value)
            case "zeros_like", (_,):
                return Expr.number(0.0)
            case "ones_like", (_,):
                return Expr.number(1.0)
            case ("broadcast_to", (value, _)) | ("full_like", (_, value)):
                return Expr.of(value)
        name = f"{function.__module__.replace('numpy', 'np', 1)}.{function.__name__}"
        raise GdvizError(f"{name} is not known here; there are {KNOWN}")

    def _asks(self, *_: object) -> Any:
        names = " or ".join(self.symbols)
        raise GdvizError(
            f"it asks what {names} is, as in “if {self.symbols[0]} > 0”: it can't be traced; "
            "functions of NumPy do without"
        )

    __bool__ = __eq__ = __ne__ = _asks
    __hash__ = object.__hash__  # equal expressions are one object

    def _takes_apart(self, *_: object) -> Any:
        raise GdvizError("it takes an argument apart, which stands for all that it may be")

    __getitem__ = __iter__ = __len__ = _takes_apart

    def __float__(self) -> float:
        raise GdvizError(
            f"it wants {' or '.join(self.symbols)} as a number: write functions of NumPy, as "
            "np.sin(x), and no arrays"
        )

    __int__ = __index__ = __complex__ = __float__

    def _fails(self, *_: object) -> Any:
        said = f"it does something else with {' or '.join(self.symbols)} than + - * / **"
        raise GdvizError(f"{said}; there are {KNOWN}")

    __matmul__ = __rmatmul__ = __mod__ = __rmod__ = __floordiv__ = __rfloordiv__ = _fails
    __round__ = __invert__ = __and__ = __or__ = __setitem__ = _fails

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("_"):  # for which NumPy and Python ask
            said = f"it asks {' or '.join(self.symbols)} for its {name}, which is not known here"
            raise GdvizError(f"{said}; there are {KNOWN}")
        raise AttributeError(name)

    __add__, __radd__ = _operator("add")
    __sub__, __rsub__ = _operator("subtract")
    __rmul__ = _operator("multiply")[1]
    __truediv__, __rtruediv__ = _operator("divide")
    __rpow__ = _operator("power")[1]
    __gt__, __lt__ = _operator("greater")[0], _operator("less")[0]
    __ge__, __le__ = _operator("greater_equal")[0], _operator("less_equal")[0]

    def __mul__(self, other: Any) -> Expr:
        return fold("square", self) if other is self else fold("multiply", self, other)

    def __pow__(self, other: Any) -> Expr:
        exponent = Expr.of(other)
        return fold("square", self) if exponent.equals(2) else fold("power", self, exponent)

    def __neg__(self) -> Expr:
        return fold("negative", self)

    def __abs__(self) -> Expr:
        return fold("abs", self)

    def __pos__(self) -> Expr:
        return self


_EXPRESSIONS: WeakValueDictionary[tuple[Any, ...], Expr] = WeakValueDictionary()
"""All expressions in use, by their operation and operands."""


def called(name: str, value: Any) -> Any:
    """Give a value a name for readers; an array stays as it is."""
    return value.called(name) if isinstance(value, Expr) else value


def newton_step(hessian: Any, g: Any, damping: Any) -> Any:
    """(H + λI)⁻¹g, of arrays or of expressions."""
    if isinstance(hessian, Expr):
        return fold("newton_step", hessian, g, damping)
    return linear.newton_step(hessian, g, damping)


def walk(*roots: Expr) -> Iterator[Expr]:
    """All that some expressions are made of, each once, after its own operands."""
    # No recursion: a function that is traced may be nested deeper than Python's stack allows.
    done: set[Expr] = set()
    pending = list(reversed(roots))
    while pending:
        part = pending[-1]
        waits = () if part in done else [each for each in part.operands if each not in done]
        if waits:
            pending.extend(reversed(waits))
            continue
        pending.pop()
        if part not in done:
            done.add(part)
            yield part


def bottom_up(exprs: Sequence[Expr], function: Callable[[Expr, list[T]], T]) -> list[T]:
    """Make something of expressions: of each part, given what was made of its operands."""
    found: dict[Expr, T] = {}
    for part in walk(*exprs):
        found[part] = function(part, [found[operand] for operand in part.operands])
    return [found[expr] for expr in exprs]


def fold(operation: str, *values: Any) -> Expr:
    """Apply an operation, but carry out what numbers alone are in, and leave out what does nothing.

    Nothing else is simplified, so that overflow and undefined values stay where they are.
    """
    operands = tuple(map(Expr.of, values))
    if all(operand.is_number for operand in operands):
        with np.errstate(all="ignore"):
            numbers = (np.float64(operand.value) for operand in operands)
            return Expr.number(float(OPERATIONS[operation](*numbers)))
    match operation, operands:
        case ("multiply", (left, right)) if left.equals(1) or right.equals(1):
            return right if left.equals(1) else left
        case ("add", (left, right)) if left.equals(0) or right.equals(0):
            return right if left.equals(0) else left
        case ("power", (base, exponent)) if exponent.equals(1):
            return base
    return Expr(operation, operands)

"""The update rule: how a gradient leads to the next iterate, and how a rule is found again."""

from __future__ import annotations

import hashlib
import inspect
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import CodeType, FunctionType
from typing import Any, TypeGuard, cast

import numpy as np
from numpy.typing import NDArray

from ...messages import GdvizError, quote
from .settings import FINITE, NOT_NEGATIVE, POSITIVE, UNIT, Bounds

Array = NDArray[np.float64]
Memory = Any
Init = Callable[..., Memory]
"""(θ, η, *, settings) -> the memory before the first update.

Arrays and numbers, on their own or in dictionaries, tuples and lists; a name in a dictionary is
what readers call the part. η is the rate of the first update.
"""
Update = Callable[..., tuple[Array, Memory]]
"""(θ, g, η, memory, t, *, settings) -> (next θ, next memory).

θ and the gradient g have shape (d, ...): one row for each parameter. The learning rate η and the
settings have shape (...) or none, and t counts the updates from 1. The memory is what the rule
returned before, at t = 1 that of `Init`. All operations are elementwise, but for the norm of the
first axis, so that a batch of runs is the same as the runs one by one.
"""
Functions = Update | tuple[Init, Update]
"""A rule as authors write it: a rule without a memory needs no init."""

BOUNDS: dict[str, Bounds] = {
    **dict.fromkeys(("momentum", "beta1", "beta2", "alpha", "rho"), UNIT),
    **dict.fromkeys(("eps", "weight_decay", "momentum_decay", "damping"), NOT_NEGATIVE),
    "dampening": Bounds(least=0, most=1),
    "shrink": Bounds(above=0, below=1),
    "grow": Bounds(above=1),
    **dict.fromkeys(("smallest", "largest"), POSITIVE),
}
"""The bounds of settings, by name."""


@dataclass(frozen=True)
class Rule:
    """An update rule.

    Attributes
    ----------
    name : str
        Its name for authors.
    title : str
        Its name in print.
    init : callable or None
        Makes the memory before the first update; None for a rule without a memory. Its keyword-only
        arguments are some of the settings.
    update : callable
        The rule itself; its keyword-only arguments are its settings.
    code : str
        The fingerprint of its code, which tells rules of one name apart; empty for the rules of
        this package, whose versions the engine's number tells apart.
    """

    name: str
    title: str
    init: Init | None
    update: Update
    code: str = ""
    defaults: Mapping[str, float] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        found = settings_of(self.update)
        for name, default in found.items():
            number = isinstance(default, (int, float)) and not isinstance(default, bool)
            if not (number and math.isfinite(default)):
                raise ValueError(f"the setting {name} of {self.name} has no number as its default")
        if self.init and (unknown := sorted(settings_of(self.init).keys() - found)):
            raise ValueError(f"the init has settings that the rule lacks: {', '.join(unknown)}")
        object.__setattr__(self, "defaults", {name: float(n) for name, n in found.items()})

    @property
    def takes_hessian(self) -> bool:
        """True for a rule that asks for the Hessian at θ."""
        return _takes_hessian(self.update)

    @property
    def bounds(self) -> dict[str, Bounds]:
        """The bounds of each setting; an author's rule checks its settings by itself."""
        known = {} if self.code else BOUNDS
        return {"lr": POSITIVE, **{name: known.get(name, FINITE) for name in self.defaults}}

    def start(self, theta: Any, lr: Any, settings: Mapping[str, Any]) -> Memory:
        """The memory before the first update.

        Raises
        ------
        GdvizError
            If the rule fails.
        """
        if self.init is None:
            return None
        values = {**self.defaults, **settings}
        try:
            return self.init(theta, lr, **{name: values[name] for name in settings_of(self.init)})
        except Exception as error:  # of whatever kind an author's code raises
            raise self._failure("before step 1", error) from error

    def step(
        self, theta: Array, g: Array, lr: Array, memory: Memory, t: int, settings: Mapping[str, Any]
    ) -> tuple[Array, Memory]:
        """Carry out one update.

        Raises
        ------
        GdvizError
            If the rule fails, or gives anything but parameters of the same shape and a memory.
        """
        try:
            result = self.update(theta, g, lr, memory, t, **settings)
            if not isinstance(result, tuple) or len(result) != 2:
                raise TypeError("it has to return two things, the parameters and its memory")
            after, memory = np.asarray(result[0], float), result[1]
        except Exception as error:  # of whatever kind an author's code raises
            raise self._failure(f"at step {t}", error) from error
        if after.shape != theta.shape:
            raise GdvizError(
                f"the rule {quote(self.name)} gives parameters of shape {after.shape} for those of "
                f"shape {theta.shape}"
            )
        self.check_memory(memory)
        return after, memory

    def check_memory(self, memory: Memory) -> None:
        """Raise GdvizError for a memory without a first value."""
        if self.init is None and memory is not None:
            raise GdvizError(
                f"the rule {quote(self.name)} keeps a memory and has no init; write a pair "
                "(init, update), where init(theta, lr) gives the memory before the first step"
            )

    def _failure(self, when: str, error: Exception) -> GdvizError:
        message = " ".join(f"{type(error).__name__}: {error}".split())
        return GdvizError(f"the rule {quote(self.name)} fails {when} ({message})")


HESSIAN = "hessian"
"""The argument by its name, without a default, of rules that take the Hessian, (d, d, ...)."""


def settings_of(function: Callable[..., Any]) -> dict[str, Any]:
    """The keyword-only arguments of a function but for the Hessian, and their defaults."""
    parameters = inspect.signature(function).parameters.values()
    keywords = {p.name: p.default for p in parameters if p.kind is p.KEYWORD_ONLY}
    if keywords.get(HESSIAN) is inspect.Parameter.empty:
        del keywords[HESSIAN]
    return keywords


def _takes_hessian(function: Callable[..., Any]) -> bool:
    parameter = inspect.signature(function).parameters.get(HESSIAN)
    return parameter is not None and HESSIAN not in settings_of(function)


_REGISTRY: dict[tuple[str, str], Rule] = {}
"""Every rule by its name and the fingerprint of its code: books of one process may have rules of
one name."""


def enter(rule: Rule) -> Rule:
    """Put a rule into the registry."""
    _REGISTRY[rule.name, rule.code] = rule
    return rule


def register(name: str, functions: Functions) -> Rule:
    """Make a rule of an author's functions, an update or a pair of init and update, and enter it.

    Raises
    ------
    ValueError
        If they are no such functions, or a setting has no number as its default.
    """
    init, update = as_pair(functions)
    both: tuple[Callable[..., Any], ...] = (update, init) if init else (update,)
    try:
        code = code_of(*both)
        for function, count in zip(both, (5, 2), strict=False):
            # Only the arguments by position are checked here; Rule looks at the defaults.
            given = dict.fromkeys(settings_of(function))
            if count == 5 and _takes_hessian(function):
                given[HESSIAN] = None
            inspect.signature(function).bind(*range(count), **given)
    except TypeError:
        raise ValueError(
            "write a function of (theta, g, lr, memory, t), with settings after a *, "
            "each with its default; or a pair of an init(theta, lr) and such a function"
        ) from None
    return enter(Rule(name, name, init, update, code))


def is_pair(functions: object) -> TypeGuard[tuple[Init, Update]]:
    """Tell a pair of functions, init and update, from one rule and from a list of rules."""
    return isinstance(functions, tuple) and len(functions) == 2 and all(map(callable, functions))


def as_pair(functions: Functions) -> tuple[Init | None, Update]:
    """The init, if there is one, and the update of a rule as authors write it."""
    return functions if is_pair(functions) else (None, cast(Update, functions))


def find_rule(name: str, code: str) -> Rule:
    """The rule of a name and a fingerprint.

    Raises
    ------
    GdvizError
        If it is not registered in this process.
    """
    if (name, code) not in _REGISTRY:
        raise GdvizError(f"the rule {quote(name)} is not registered here, or its code has changed")
    return _REGISTRY[name, code]


def code_of(*functions: Any) -> str:
    """The fingerprint of the code of functions.

    Raises
    ------
    TypeError
        If one is a callable whose code can't be told from another's.
    """
    if not all(isinstance(function, FunctionType) for function in functions):
        raise TypeError("its code can't be told from another's")
    code = "".join(_code_of(function, set()) for function in functions)
    return hashlib.sha256(code.encode()).hexdigest()[:16]


def _code_of(function: FunctionType, seen: set[FunctionType]) -> str:
    """The code of a function as a text that changes when what the function does changes.

    Its source, and the plain values and the functions that it has closed over or finds in its
    module.
    """
    seen.add(function)  # functions may call each other
    made, names = function.__code__, function.__globals__
    try:
        source = inspect.getsource(function)
    except (OSError, TypeError):
        source = made.co_code.hex()
    cells = [cell.cell_contents for cell in function.__closure__ or ()]
    used = [*cells, *(names[name] for name in made.co_names if name in names)]
    plain = (int, float, complex, str, tuple, list, np.ndarray)
    found = [
        _code_of(value, seen) if isinstance(value, FunctionType) else repr(value)
        for value in used
        if (isinstance(value, FunctionType) and value not in seen) or isinstance(value, plain)
    ]
    constants = [value for value in made.co_consts if not isinstance(value, CodeType)]
    return repr((source, constants, found))

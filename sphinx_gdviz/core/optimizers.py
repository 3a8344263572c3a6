"""Update rules: how an optimizer turns a gradient into the next iterate.

Each rule is a pure function of arrays. PyTorch's definitions and defaults are followed, since
most readers meet those; the guide says where other libraries differ.
"""

from __future__ import annotations

import hashlib
import inspect
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .calls import CallError, read_call, read_number
from .text import nearest, quote

Array = NDArray[np.float64]
Memory = Any
Update = Callable[..., tuple[Array, Memory]]
"""(θ, g, η, memory, t, *, settings) -> (next θ, next memory).

θ and the gradient g have shape (2, ...): one row for each parameter. The learning rate η and the
settings have shape (...) or none, and t counts the updates from 1. The memory is None at t = 1 and
whatever the rule returned afterwards. All operations are elementwise, so that a batch of runs is
the same as the runs one by one.
"""

Bounds = tuple[float, float, str]
"""The least and the greatest value of a setting, and which of both it may have: “[)” for the first."""

UNIT: Bounds = (0.0, 1.0, "[)")
POSITIVE: Bounds = (0.0, math.inf, "()")
NOT_NEGATIVE: Bounds = (0.0, math.inf, "[)")

BOUNDS: dict[str, Bounds] = {
    **dict.fromkeys(("momentum", "beta1", "beta2", "alpha", "rho"), UNIT),
    **dict.fromkeys(("eps", "weight_decay", "momentum_decay"), NOT_NEGATIVE),
    "dampening": (0.0, 1.0, "[]"),
    "shrink": (0.0, 1.0, "()"),
    "grow": (1.0, math.inf, "()"),
    **dict.fromkeys(("smallest", "largest"), POSITIVE),
}
"""What each setting may be, by its name."""

EXAMPLE = "a name, with settings where wanted, as in momentum(momentum=0.95)"


@dataclass(frozen=True)
class Rule:
    """An update rule.

    Attributes
    ----------
    name : str
        What authors call it.
    title : str
        Its name in print.
    update : callable
        The rule itself; its keyword-only arguments are its settings.
    tex : str
        The rule as TeX.
    code : str
        What tells one version of the rule from another; empty for a rule of ours, whose versions
        the engine's number tells apart.
    """

    name: str
    title: str
    update: Update
    tex: str = ""
    code: str = ""
    defaults: Mapping[str, float] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        parameters = inspect.signature(self.update).parameters.values()
        found = {p.name: p.default for p in parameters if p.kind is p.KEYWORD_ONLY}
        for name, default in found.items():
            if isinstance(default, bool) or not isinstance(default, (int, float)):
                raise ValueError(f"the setting {name} of {self.name} has no number as its default")
        object.__setattr__(self, "defaults", {name: float(n) for name, n in found.items()})

    @classmethod
    def of(cls, name: str, update: Update) -> Rule:
        """A rule that an author brings along.

        Raises
        ------
        ValueError
            If it is no function of five arguments with settings that have numbers as defaults.
        """
        try:
            inspect.signature(update).bind(*range(5))
        except TypeError:
            raise ValueError(
                "write a function of (theta, g, lr, memory, t), with settings after a *, "
                "each with its default"
            ) from None
        try:
            code = inspect.getsource(update)
        except (OSError, TypeError):
            made = getattr(update, "__code__", None)
            code = repr((made.co_code, made.co_names, made.co_consts)) if made else repr(update)
        return cls(name, name, update, code=hashlib.sha256(code.encode()).hexdigest()[:16])


@dataclass(frozen=True)
class Optimizer:
    """A rule with its settings, as an author asks for it: data, and no code.

    Attributes
    ----------
    name, title, code : str
        Of the rule.
    settings : tuple of (str, float)
        Those that were given, in the order of the rule; the others have the rule's defaults.
    lr : float or None
        Its own learning rate; None for those of the experiment.
    """

    name: str = "gd"
    title: str = "Gradient descent"
    settings: tuple[tuple[str, float], ...] = ()
    lr: float | None = None
    code: str = ""

    @property
    def call(self) -> str:
        """The optimizer as an author would write it."""
        named = [*self.settings, *([] if self.lr is None else [("lr", self.lr)])]
        inside = ", ".join(f"{name}={value:.12g}" for name, value in named)
        return f"{self.name}({inside})" if inside else self.name


RULES: dict[str, Rule] = {}
"""The rules by the names that authors use."""


def _rule(title: str, tex: str) -> Callable[[Update], Update]:
    """Enter a function as the rule of its own name."""

    def enter(update: Update) -> Update:
        name = update.__name__
        RULES[name] = Rule(name, title, update, tex)
        return update

    return enter


def find_optimizer(text: str, rules: Mapping[str, Rule] = RULES) -> Optimizer:
    """Read an optimizer as authors write it: ``gd``, ``adam(beta1=0.8, lr=0.02)``.

    Raises
    ------
    CallError
        If there is no such rule, or a setting is unknown or out of its bounds.
    """
    call = read_call(text, EXAMPLE)
    if call.name not in rules:
        near = nearest(call.name, rules)
        raise CallError(f"{quote(call.name)} is not an optimizer{near or ';'} known are "
                        f"{', '.join(rules)}")
    rule = rules[call.name]
    if call.positional:
        raise CallError(f"{quote(text)}: a setting is written with its name, as in lr=0.1")
    values = {name: _read_setting(rule, name, value) for name, value in call.named}
    lr = values.pop("lr", None)
    ordered = tuple((name, values[name]) for name in rule.defaults if name in values)
    return Optimizer(rule.name, rule.title, ordered, lr, rule.code)


def check_setting(name: str, value: float) -> None:
    """Raise CallError where a setting is out of its bounds."""
    low, high, ends = POSITIVE if name == "lr" else BOUNDS.get(name, (-math.inf, math.inf, "()"))
    above = value >= low if ends[0] == "[" else value > low
    below = value <= high if ends[1] == "]" else value < high
    if not (above and below):
        least = f"{'at least' if ends[0] == '[' else 'above'} {low:g}"
        most = f"{'at most' if ends[1] == ']' else 'below'} {high:g}" if math.isfinite(high) else ""
        raise CallError(f"{name}={value:g}: it is {' and '.join(filter(None, [least, most]))}")


def _read_setting(rule: Rule, name: str, text: str) -> float:
    known = ("lr", *rule.defaults)
    if name not in known:
        near = nearest(name, known)
        raise CallError(
            f"{rule.name} has no setting {quote(name)}{near or ';'} it has {', '.join(known)}"
        )
    value = read_number(text, f"{name}={rule.defaults.get(name, 0.1):g}")
    check_setting(name, value)
    return value


@_rule("Gradient descent", r"\theta \leftarrow \theta - \eta g")
def gd(theta: Array, g: Array, lr: Array, memory: Memory, t: int) -> tuple[Array, Memory]:
    """Plain gradient descent, θ ← θ − ηg (Cauchy, Comptes rendus 25, 1847, p. 536)."""
    return theta - lr * g, memory


@_rule("Momentum", r"b \leftarrow \mu b + (1 - \tau) g, \quad \theta \leftarrow \theta - \eta b")
def momentum(
    theta: Array,
    g: Array,
    lr: Array,
    memory: Memory,
    t: int,
    *,
    momentum: float = 0.9,
    dampening: float = 0.0,
) -> tuple[Array, Memory]:
    """Heavy ball: b ← μb + (1 − τ)g, θ ← θ − ηb, the first b being g itself.

    μ is `momentum`, 0.9, and τ is `dampening`, 0 (Polyak, USSR Computational Mathematics and
    Mathematical Physics 4(5), 1964, p. 1; the form is that of ``torch.optim.SGD``).
    """
    velocity = g if memory is None else momentum * memory + (1 - dampening) * g
    return theta - lr * velocity, velocity

"""Schedules: how the learning rate changes in the course of a run."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...messages import GdvizError, look_up, quote
from ..expr.call import Call, read_call, read_ratio
from ..expr.node import Expr, bottom_up
from .rule import code_of, settings_of
from .settings import FINITE, Bounds, check_bounds, read_settings

Array = NDArray[np.float64]
Factor = Callable[..., Any]
"""(t, T, *, settings) -> the factor of the rate, for update t of T, which counts from 0."""

EXAMPLE = "constant, step(every=10), exponential(factor=0.95) or cosine, each with warmup=5 or so"

_BOUNDS: dict[str, Bounds] = {
    **dict.fromkeys(("every", "over", "stairs", "warmup"), Bounds(least=1, is_whole=True)),
    "warmup": Bounds(least=0, is_whole=True),
    "factor": Bounds(above=0, most=1),
    **dict.fromkeys(("decay", "exponent"), Bounds(above=0)),
    **dict.fromkeys(("final", "low", "initial", "floor", "begin"), Bounds(least=0, most=1)),
    "grow": Bounds(least=1, is_whole=True),
    "rise": Bounds(above=0, below=1),
}
SHARED = {"warmup": 5.0, "begin": 0.0, "over": 20.0, "stairs": 5.0, "floor": 0.01}
"""Settings that each schedule takes, with examples."""


@dataclass(frozen=True)
class Kind:
    """A kind of schedule.

    Attributes
    ----------
    name : str
        Its name for authors.
    function : callable
        The factor of the rate; its keyword-only arguments are its settings. Those of this package
        take and give arrays, those of an author numbers.
    code : str
        The fingerprint of an author's code; empty for the kinds of this package.
    """

    name: str
    function: Factor
    code: str = ""

    @property
    def defaults(self) -> dict[str, float]:
        """Its own settings."""
        return settings_of(self.function)

    @property
    def takes_steps(self) -> bool:
        """True where numbers without a name may be written, as in ``milestones(15, 30)``."""
        parameters = inspect.signature(self.function).parameters.values()
        return any(p.kind is p.VAR_POSITIONAL for p in parameters)


KINDS: dict[str, Kind] = {}
"""The schedules of this package by the names that authors use."""
_REGISTRY: dict[tuple[str, str], Kind] = {}
"""Every kind by its name and the fingerprint of its code."""


def _kind(function: Factor) -> Factor:
    """Enter a function as the schedule of its own name."""
    name = function.__name__.strip("_").replace("_", "-")
    _REGISTRY[name, ""] = KINDS[name] = Kind(name, function)
    return function


@_kind
def constant(t: Any, total: Any) -> Any:
    """1."""
    return np.ones_like(t)


@_kind
def step(t: Any, total: Any, *, every: float = 10, factor: float = 0.5) -> Any:
    """factor^⌊t/every⌋ (``torch.optim.lr_scheduler.StepLR``)."""
    return factor ** np.floor(t / every)


@_kind
def exponential(t: Any, total: Any, *, factor: float = 0.95) -> Any:
    """factorᵗ (``torch.optim.lr_scheduler.ExponentialLR``)."""
    return factor**t


@_kind
def cosine(t: Any, total: Any, *, final: float = 0.0) -> Any:
    """final + (1 − final)(1 + cos(πt/T))/2 (Loshchilov & Hutter, SGDR, ICLR 2017, eq. 5)."""
    return final + (1 - final) * (1 + np.cos(np.pi * t / total)) / 2


@_kind
def power(t: Any, total: Any, *, decay: float = 0.1, exponent: float = 1.0) -> Any:
    """(1 + decay·t)^−exponent (``tf.keras.optimizers.schedules.InverseTimeDecay`` for 1)."""
    return 1 / (1 + decay * t) ** exponent


@_kind
def polynomial(t: Any, total: Any, *, exponent: float = 1.0, final: float = 0.0) -> Any:
    """final + (1 − final)(1 − t/T)^exponent (``torch.optim.lr_scheduler.PolynomialLR``)."""
    return final + (1 - final) * (1 - t / total) ** exponent


@_kind
def milestones(t: Any, total: Any, *at: float, factor: float = 0.5) -> Any:
    """factor^n, with n milestones behind (``torch.optim.lr_scheduler.MultiStepLR``)."""
    behind: Any = 0.0
    for place in at:
        behind = behind + np.where(t >= place, 1.0, 0.0)
    return factor**behind


@_kind
def restarts(t: Any, total: Any, *, every: float = 10, grow: float = 1, final: float = 0.0) -> Any:
    """Cosines in a row, the first of `every` steps, the next `grow` times as long each.

    ``torch.optim.lr_scheduler.CosineAnnealingWarmRestarts`` (SGDR, section 3).
    """
    if grow == 1:
        start, length = every * np.floor(t / every), every
    else:  # n restarts are behind after every·(growⁿ − 1)/(grow − 1) steps
        n = np.floor(np.log(1 + t * ((grow - 1) / every)) / math.log(grow) + 1e-9)
        length = every * grow**n
        start = (length - every) / (grow - 1)
    return final + (1 - final) * (1 + np.cos(np.pi * (t - start) / length)) / 2


@_kind
def triangular(t: Any, total: Any, *, every: float = 20, low: float = 0.1) -> Any:
    """Up from `low` and down again in every so many steps.

    ``torch.optim.lr_scheduler.CyclicLR`` (Smith, arXiv:1506.01186, section 3.2).
    """
    place = t / every - np.floor(t / every)
    return low + (1 - low) * (1 - np.abs(2 * place - 1))


@_kind
def one_cycle(
    t: Any, total: Any, *, rise: float = 0.3, initial: float = 0.04, final: float = 4e-6
) -> Any:
    """Up in a share `rise` of the steps, and down to `final` in all others, each half a cosine.

    ``torch.optim.lr_scheduler.OneCycleLR``, whose momentum stays (Smith, arXiv:1708.07120).
    """
    top = rise * total - 1
    up = initial + (1 - initial) * (1 - np.cos(np.pi * t / np.maximum(top, 1.0))) / 2
    down = final + (1 - final) * (1 + np.cos(np.pi * (t - top) / (total - 1 - top))) / 2
    return np.where(t <= top, up, down)


@dataclass(frozen=True)
class Schedule:
    """The factor of the learning rate at each update.

    Attributes
    ----------
    kind : str
        One of :data:`KINDS`, or one of an author's.
    settings : tuple of (str, float)
        Those that were given: of the kind, and of these. In the first `warmup` updates the factor
        grows evenly up to 1, beginning at 1/warmup (Goyal et al., arXiv:1706.02677, 2017, section
        2.2), or from `begin`, to be 1 in the next; the schedule proper begins after them. It is
        over after `over` updates, and stays level. It changes each `stairs` updates only. It
        doesn't fall below `floor`.
    warmup : int
    at : tuple of float
        The numbers without a name.
    code : str
        Of the kind.
    """

    kind: str = "constant"
    settings: tuple[tuple[str, float], ...] = ()
    warmup: int = 0
    at: tuple[float, ...] = ()
    code: str = ""

    @property
    def is_constant(self) -> bool:
        """True where the rate stays as it is."""
        return self.kind == "constant" and not self.warmup

    @property
    def function(self) -> Kind:
        """The kind, from the registry.

        Raises
        ------
        GdvizError
            If it is not registered in this process.
        """
        if (self.kind, self.code) not in _REGISTRY:
            name = quote(self.kind)
            raise GdvizError(f"the schedule {name} is not registered here, or its code has changed")
        return _REGISTRY[self.kind, self.code]

    def factors(self, steps: int) -> Array:
        """The factor of each of so many updates, shape (steps,)."""
        warm = min(self.warmup, steps)
        with np.errstate(all="ignore"):
            rising = self._rising(np.arange(1.0, warm + 1))
            proper = self._proper(np.arange(steps - warm, dtype=float), steps - warm)
        return np.concatenate([rising, np.broadcast_to(proper, steps - warm)])

    @property
    def expressions(self) -> tuple[Expr, Expr]:
        """The factor in the warm-up and after it, in the update ``t``, from 1, and ``steps``.

        Raises
        ------
        GdvizError
            If the function of an author asks what its arguments are.
        """
        t, steps = Expr.symbol("t"), Expr.symbol("steps")
        try:
            rising, proper = (
                self._rising(t),
                self._proper(t - (self.warmup + 1), steps - self.warmup),
            )
            return _with_pi(Expr.of(rising)), _with_pi(Expr.of(proper))
        except Exception as error:  # of whatever kind an author's code raises
            said = " ".join(str(error).split())
            raise GdvizError(
                f"the schedule {quote(self.kind)} can't be written out: {said}"
            ) from None

    def _rising(self, t: Any) -> Any:
        """The factor in the warm-up, for updates that count from 1."""
        begin = dict(self.settings).get("begin")
        warmup = max(self.warmup, 1)
        return t / warmup if begin is None else begin + (1 - begin) * (t - 1) / warmup

    def _proper(self, t: Any, total: Any) -> Any:
        """The factor after the warm-up, for updates that count from 0."""
        given = dict(self.settings)
        shared = {name: given.pop(name) for name in SHARED if name in given}
        if over := shared.get("over"):
            t, total = np.minimum(t, over), over
        if stairs := shared.get("stairs"):
            t = stairs * np.floor(t / stairs)
        kind = self.function
        function = kind.function if not kind.code or isinstance(t, Expr) else _each(kind)
        value = function(t, total, *self.at, **given)
        floor = shared.get("floor")
        return value if floor is None else np.maximum(value, floor)


def _with_pi(expr: Expr) -> Expr:
    """An expression in which the number π is called that."""

    def named(part: Expr, operands: list[Expr]) -> Expr:
        is_pi = part.is_number and part.value == math.pi
        return Expr.number(math.pi, "pi") if is_pi else part.with_operands(operands)

    return bottom_up([expr], named)[0]


def _each(kind: Kind) -> Factor:
    """The schedule of an author, called for each update."""

    def factors(t: Array, total: float, *at: float, **settings: float) -> Array:
        found = []
        for update in t.tolist():
            try:
                factor = float(kind.function(int(update), int(total), *at, **settings))
            except Exception as error:  # of whatever kind an author's code raises
                said = " ".join(f"{type(error).__name__}: {error}".split())
                raise _failure(kind, update, f"fails ({said})") from error
            if not (math.isfinite(factor) and factor >= 0):
                raise _failure(kind, update, f"gives {factor}, and not a finite number from 0")
            found.append(factor)
        return np.array(found)

    return factors


def _failure(kind: Kind, update: float, said: str) -> GdvizError:
    return GdvizError(f"the schedule {quote(kind.name)} {said} at step {update:g}")


def register_schedule(name: str, function: Any) -> Kind:
    """Make a kind of schedule of an author's function of (step, steps), and enter it.

    Raises
    ------
    ValueError
        If it is no such function, or a setting has no number as its default.
    """
    try:
        code = code_of(function)
        inspect.signature(function).bind(0, 1)
    except TypeError:
        raise ValueError(
            "write a function of (step, steps), with settings after a *, each with its default"
        ) from None
    kind = Kind(name, function, code)
    for setting, default in kind.defaults.items():
        if setting in SHARED:
            raise ValueError(f"each schedule has a setting {setting}; write another name")
        if isinstance(default, bool) or not isinstance(default, (int, float)):
            raise ValueError(f"the setting {setting} has no number as its default")
    return _REGISTRY.setdefault((name, kind.code), kind)


def as_schedule(schedule: str | Schedule | Factor, kinds: Mapping[str, Kind] = KINDS) -> Schedule:
    """A schedule from its text, or from a function of (step, steps), which is registered."""
    if isinstance(schedule, Schedule):
        return schedule
    if isinstance(schedule, str):
        return find_schedule(schedule, kinds)
    kind = register_schedule(getattr(schedule, "__name__", "").strip("<>_") or "own", schedule)
    return Schedule(kind.name, code=kind.code)


def find_schedule(text: str, kinds: Mapping[str, Kind] = KINDS) -> Schedule:
    """Read a schedule as authors write it: ``cosine``, ``step(every=20, factor=0.1, warmup=5)``.

    Raises
    ------
    GdvizError
        If there is no such schedule, or a setting is unknown or out of its bounds.
    """
    call = read_call(text, EXAMPLE)
    kind = look_up(call.name, kinds, "a schedule", f"known are {', '.join(kinds)}")
    at = _read_steps(call, text) if kind.takes_steps else ()
    if kind.takes_steps:
        call = call._replace(positional=())
    bounds = _BOUNDS if not kind.code else dict.fromkeys(kind.defaults, FINITE) | _BOUNDS
    values = read_settings(call, text, {**kind.defaults, **SHARED}, bounds)
    warmup = int(values.pop("warmup", 0))
    if "begin" in values and not warmup:
        raise GdvizError(f"{quote(text)}: begin is where a warm-up begins; write warmup=5, too")
    return Schedule(call.name, tuple(values.items()), warmup, at, kind.code)


def _read_steps(call: Call, text: str) -> tuple[float, ...]:
    """The steps of a call without names, in order."""
    example = "milestones(15, 30, factor=0.5)"
    steps = [read_ratio(part, example) for part in call.positional]
    for number in steps:
        check_bounds("a milestone", number, _BOUNDS["every"])
    if not steps or steps != sorted({*steps}):
        raise GdvizError(f"{quote(text)}: write the steps in order, as in {example}")
    return tuple(steps)

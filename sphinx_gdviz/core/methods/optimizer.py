"""The optimizer: an update rule with its settings, as an author asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ...messages import GdvizError, look_up, quote
from ..expr.call import read_call
from .rule import Functions, Rule, as_pair, find_rule, register
from .rules import RULES
from .settings import read_settings

EXAMPLE = "a name, with settings where wanted, as in momentum(momentum=0.95)"


@dataclass(frozen=True)
class Optimizer:
    """A rule with its settings, as plain data: its code stays in the registry of rules.

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
    def rule(self) -> Rule:
        """The rule, from the registry.

        Raises
        ------
        GdvizError
            If it is not registered in this process.
        """
        return find_rule(self.name, self.code)

    @property
    def values(self) -> dict[str, float]:
        """All settings of the rule by name, given or default."""
        return {**self.rule.defaults, **dict(self.settings)}

    @property
    def call(self) -> str:
        """The optimizer as an author would write it."""
        named = [*self.settings, *([] if self.lr is None else [("lr", self.lr)])]
        texts = ((name, repr(float(value)).removesuffix(".0")) for name, value in named)
        inside = ", ".join(f"{name}={text}" for name, text in texts)
        return f"{self.name}({inside})" if inside else self.name


def as_optimizer(optimizer: str | Optimizer | Functions) -> Optimizer:
    """An optimizer from its text, or from a rule of one's own, which is registered."""
    if isinstance(optimizer, Optimizer):
        return optimizer
    if isinstance(optimizer, str):
        return find_optimizer(optimizer)
    _, update = as_pair(optimizer)
    rule = register(getattr(update, "__name__", "").strip("<>_") or "rule", optimizer)
    return Optimizer(rule.name, rule.title, code=rule.code)


def find_optimizer(text: str, rules: Mapping[str, Rule] = RULES) -> Optimizer:
    """Read an optimizer as authors write it: ``gd``, ``adam(beta1=0.8, lr=0.02)``.

    Parameters
    ----------
    text : str
        The optimizer as the author wrote it.
    rules : mapping
        The rules that may be meant, by name.

    Raises
    ------
    GdvizError
        If there is no such rule, or a setting is unknown or out of its bounds.
    """
    call = read_call(text, EXAMPLE)
    if call.name.lower() == "sgd" and call.name not in rules:
        raise GdvizError(f"{quote(call.name)}: write gd; noise or a batch makes it stochastic")
    rule = look_up(call.name, rules, "an optimizer", f"known are {', '.join(rules)}")
    values = read_settings(call, text, {"lr": 0.1, **rule.defaults}, rule.bounds)
    lr = values.pop("lr", None)
    return Optimizer(rule.name, rule.title, tuple(values.items()), lr, rule.code)

"""Settings of rules and schedules: the numbers that an author writes in brackets."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from ...messages import GdvizError, did_you_mean, quote
from ..expr.call import Call, read_ratio


@dataclass(frozen=True)
class Bounds:
    """The finite numbers that a setting may be, all or whole ones; as text, those in words."""

    above: float = -math.inf
    least: float = -math.inf
    below: float = math.inf
    most: float = math.inf
    is_whole: bool = False

    def allow(self, value: float) -> bool:
        """Whether a setting may have this value."""
        is_inside = self.above < value < self.below and self.least <= value <= self.most
        return is_inside and (not self.is_whole or value == int(value))

    @property
    def ends(self) -> dict[str, float]:
        """Those that there are, by name."""
        ends = {name: getattr(self, name) for name in ("above", "least", "below", "most")}
        return {name: end for name, end in ends.items() if math.isfinite(end)}

    def __str__(self) -> str:
        words = {"above": "above", "least": "at least", "below": "below", "most": "at most"}
        limits = " and ".join(f"{words[name]} {end:g}" for name, end in self.ends.items())
        return f"a whole number, {limits}" if self.is_whole else limits or "a finite number"


UNIT, POSITIVE, NOT_NEGATIVE = Bounds(least=0, below=1), Bounds(above=0), Bounds(least=0)
FINITE = Bounds()


def check_bounds(name: str, value: float, bounds: Bounds) -> None:
    """Raise GdvizError where a setting is out of its bounds."""
    if not bounds.allow(value):
        raise GdvizError(f"{name}={value:g}: it is {bounds}")


def read_settings(
    call: Call, text: str, examples: Mapping[str, float], bounds: Mapping[str, Bounds]
) -> dict[str, float]:
    """Read the settings of a call.

    Parameters
    ----------
    call : Call
        The name of the rule or schedule, and the texts in brackets.
    text : str
        The call as the author wrote it.
    examples : mapping
        A value for each setting that there is, for messages; the first is the example where a
        setting has no name.
    bounds : mapping
        The bounds of each of them.

    Returns
    -------
    dict
        The settings that are written, in the order of `examples`.

    Raises
    ------
    GdvizError
        If a setting is unknown, is no number, or is out of its bounds.
    """
    if call.positional:
        name, value = next(iter(examples.items()))
        raise GdvizError(
            f"{quote(text)}: a setting is written with its name, as in {name}={value:g}"
        )
    values = {}
    for name, written in call.named:
        if name not in examples:
            near = did_you_mean(name, examples) or ";"
            raise GdvizError(
                f"{call.name} has no setting {quote(name)}{near} it has {', '.join(examples)}"
            )
        values[name] = read_ratio(written, f"{name}={examples[name]:g}")
        check_bounds(name, values[name], bounds[name])
    return {name: values[name] for name in examples if name in values}

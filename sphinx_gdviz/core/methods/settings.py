"""Settings of rules and schedules: the numbers that an author writes in brackets."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from ...messages import GdvizError, did_you_mean, quote
from ..expr.call import Call, read_number

Bounds = tuple[Callable[[float], bool], str]
"""A test of a value, and in words the values that pass it."""

UNIT: Bounds = (lambda value: 0 <= value < 1, "at least 0 and below 1")
POSITIVE: Bounds = (lambda value: 0 < value < math.inf, "above 0")
NOT_NEGATIVE: Bounds = (lambda value: 0 <= value < math.inf, "at least 0")
FINITE: Bounds = (math.isfinite, "a finite number")


def check_bounds(name: str, value: float, bounds: Bounds) -> None:
    """Raise GdvizError where a setting is out of its bounds."""
    is_allowed, allowed = bounds
    if not is_allowed(value):
        raise GdvizError(f"{name}={value:g}: it is {allowed}")


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
        values[name] = read_number(written, f"{name}={examples[name]:g}")
        check_bounds(name, values[name], bounds[name])
    return {name: values[name] for name in examples if name in values}

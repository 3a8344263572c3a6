"""Models as authors write them: ``least-squares(cars.csv, x=speed, y=dist)``."""

from __future__ import annotations

import re
from collections.abc import Callable

from ...messages import GdvizError, did_you_mean, quote
from ..expr.call import read_call
from ..expr.node import FUNCTIONS
from ..expr.parse import CONSTANTS, VARIABLES
from .dataset import Dataset
from .logistic import LogisticRegression
from .regression import LeastSquares, Model

ReadData = Callable[[str, str, str], Dataset]
"""(file name, x columns, y column) -> Dataset."""

MODELS: dict[str, Callable[[Dataset, bool], Model]] = {
    "least-squares": LeastSquares.of,
    "logistic-regression": LogisticRegression.of,
}
"""Constructors of the models, by the names that authors use."""

_WORDS = {*VARIABLES, *CONSTANTS, *FUNCTIONS}
_STANDARDIZE = {"yes": True, "no": False}
_BEGINNING = re.compile(r"\s*([A-Za-z]\w*(?:-\w+)*)\s*(\(?)(.*)", re.DOTALL)


def is_model(text: str) -> bool:
    """Return True for text that is meant as the call of a model, not as a formula or a name.

    ``x-sin(y)`` is a formula; ``least_squares(cars.csv)`` and ``ridge(cars.csv, x=speed)`` are
    meant as models, and :func:`read_model` says what is wrong with them.
    """
    match = _BEGINNING.fullmatch(text)
    if not match:
        return False
    name, bracket, inside = match.groups()
    words = set(name.split("-"))
    if words <= _WORDS:
        return False
    if not bracket:
        return name in MODELS and not inside
    return "=" in inside or bool(did_you_mean(name, MODELS)) or ("-" in name and not words & _WORDS)


def read_model(text: str, read: ReadData) -> Model:
    """Read a model as authors write it: ``least-squares(cars.csv, x=speed, y=dist)``.

    Parameters
    ----------
    text : str
        The text of an author.
    read : callable
        A :data:`ReadData`.

    Raises
    ------
    GdvizError
        If there is no such model, or a setting is missing, unknown or wrong.
    GdvizError
        If the data can't be read, or don't suit the model.
    """
    call = read_call(text, _example("least-squares"))
    if call.name not in MODELS:
        near = did_you_mean(call.name, MODELS) or f"; there are {' and '.join(MODELS)}:"
        raise GdvizError(f"{quote(call.name)} is not a model{near} write {_example(call.name)}")
    example = _example(call.name)
    if len(call.positional) != 1:
        said = f"names {len(call.positional) or 'no'} file{'s' * (len(call.positional) > 1)}"
        raise GdvizError(f"{quote(text)} {said}; write one, as in {example}")
    named = dict(call.named)
    known = ("x", "y", "standardize")
    for name in named:
        if name not in known:
            near = did_you_mean(name, known) or ";"
            raise GdvizError(
                f"{call.name} has no setting {quote(name)}{near} it has {', '.join(known)}"
            )
    for name in ("x", "y"):
        if name not in named:
            raise GdvizError(f"{quote(text)} does not say which column is {name}; write {example}")
    standardize = named.get("standardize", "no")
    if standardize not in _STANDARDIZE:
        raise GdvizError(f"standardize={quote(standardize)}: it is {' or '.join(_STANDARDIZE)}")
    data = read(call.positional[0], named["x"], named["y"])
    return MODELS[call.name](data, _STANDARDIZE[standardize])


def _example(name: str) -> str:
    if name == "logistic-regression":
        return "logistic-regression(oring.csv, x=temperature, y=failure)"
    return "least-squares(cars.csv, x=speed, y=dist)"

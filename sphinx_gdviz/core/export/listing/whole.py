"""Listings: the short program of NumPy and Matplotlib that makes a figure, for a reader to run."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from ....messages import GdvizError
from ...experiment import Experiment
from ...expr.derivative import differentiate
from ...losses.base import FormulaLoss, Loss, ProgramLoss
from ...losses.regression import LeastSquares, LogisticRegression, Model
from .algebra import written
from .descent import descent_blocks
from .facts import Facts, needs_arrays, runs_many
from .figure import figure_blocks
from .python_text import (
    INDENT,
    WIDTH,
    formula_expression,
    is_constant,
    letters,
    number_lines,
    statement,
)

MAX_ROWS = 200
"""The most rows of data that a listing has in it."""
MAX_LINES = 60
"""The most lines that a loss and its gradient may take."""

IMPORTS = ("import matplotlib.pyplot as plt", "import numpy as np")

Block = tuple[str, ...]
"""Lines that belong together: a function, or some statements."""


@dataclass(frozen=True)
class Sections:
    """A listing in three parts, each of blocks: functions, and statements that belong together.

    Attributes
    ----------
    loss : tuple of Block
        The data, the loss and its gradient.
    descent : tuple of Block
        The descent, and its runs.
    figure : tuple of Block
        The figure.
    """

    loss: tuple[Block, ...]
    descent: tuple[Block, ...]
    figure: tuple[Block, ...]


def listing(experiment: Experiment) -> str:
    """The program that makes a figure: NumPy and Matplotlib, and nothing else.

    Its runs are those of the figure: it leaves them as ``path``, an array of shape
    (steps + 1, 2), where the experiment has one run, and otherwise as ``paths``, a list of such
    arrays in the order of the runs. A program of views of sweeps alone, which
    show no single run, leaves ``later``: the iterates that it draws.

    Parameters
    ----------
    experiment : Experiment
        What the figure shows.

    Returns
    -------
    str
        As ``ruff format`` leaves it, in lines of at most 88 characters but for what can't be
        broken, with a line break at its end.

    Raises
    ------
    GdvizError
        If some part of it can't be written as a short program.
    """
    parts = sections(experiment)
    return as_text((IMPORTS, *parts.loss, *parts.descent, *parts.figure))


def sections(experiment: Experiment) -> Sections:
    """The parts of a listing; parameters and errors are those of :func:`listing`."""
    if "outcomes" in (panel.view.name for panel in experiment.panels):
        raise GdvizError(
            "the view outcomes judges each of its runs, which is no short program; write "
            "bifurcation or basins, or ask for no listing"
        )
    try:
        arrays = needs_arrays(experiment)
        facts = Facts(experiment)
        return Sections(
            _loss_blocks(experiment.loss, batches=bool(experiment.batch), arrays=arrays),
            descent_blocks(experiment, facts.runs, arrays=runs_many(experiment)),
            figure_blocks(facts),
        )
    except GdvizError as error:
        raise GdvizError(str(error)) from None
    except RecursionError:
        raise GdvizError("the loss is nested too deeply, too many levels to be read") from None


def as_text(blocks: Sequence[Block]) -> str:
    """Blocks as one text, with two empty lines around a function and one between statements."""
    text, before = "", False
    for block in blocks:
        is_function = any(line.startswith("def ") for line in block)
        if text:
            text += "\n\n\n" if is_function or before else "\n\n"
        text += "\n".join(block)
        before = is_function
    return text + "\n"


def _loss_blocks(loss: Loss, *, batches: bool, arrays: bool) -> tuple[Block, ...]:
    """The loss and its gradient."""
    if isinstance(loss, Model):
        return _model_blocks(loss, batches=batches)
    if not isinstance(loss, ProgramLoss):
        raise GdvizError(
            f"{type(loss).__name__} is a loss of Python code, which can't be written out; write a "
            "formula, or a function that can be traced"
        )
    taken: Sequence[tuple[str, ast.expr]] = ()
    if isinstance(loss, FormulaLoss):
        value = formula_expression(loss.formula)
    else:
        found = written(loss.program)
        taken, (value,) = found.names, found.outputs
    if not any(step.operation in ("x", "y") for step in loss.program.instructions):
        value = _as_array(value)
    body = _body([*taken, ("return", value)])
    slopes = written(differentiate(loss.program).select(0, 1))
    dx, dy = (
        _as_array(slope) if arrays and is_constant(slope) else slope for slope in slopes.outputs
    )
    lines = _body([*slopes.names, ("dx", dx), ("dy", dy)])
    if len(body) + len(lines) > MAX_LINES:
        raise GdvizError(
            f"the loss and its gradient take {len(body) + len(lines)} lines, too many for a "
            "program that is read"
        )
    return (
        ("def loss(x, y):", *body),
        ("def gradient(x, y):", *lines, f"{INDENT}return np.array([dx, dy])"),
    )


def _body(statements: Sequence[tuple[str, ast.expr]]) -> list[str]:
    """The lines of a function's statements."""
    names = letters({"x", "y", *(target for target, _ in statements)})
    return [line for made in statements for line in statement(*made, names, INDENT)]


def _as_array(constant: ast.expr) -> ast.expr:
    """A constant in the shape of ``x``."""
    zeros = ast.BinOp(ast.Name("0"), ast.Mult(), ast.Name("x"))
    return ast.BinOp(constant, ast.Add(), zeros)


def _model_blocks(model: Model, *, batches: bool) -> tuple[Block, ...]:
    """A model with its data."""
    if model.rows > MAX_ROWS:
        raise GdvizError(
            f"{model.data.name} has {model.rows} rows; a listing has at most {MAX_ROWS} in it"
        )
    x, y = (number_lines(column.tolist()) for column in model.data.columns)
    file, columns = PurePath(model.data.name).name, f"{model.data.x} and {model.data.y}"
    data = [" ".join(f"# {model.rows} rows of {file}: {columns}".split())[:WIDTH]]
    data += _assigned("x_data", x) + _assigned("y_data", y)
    if model.standardized:
        data.append("x_data = (x_data - x_data.mean()) / x_data.std()")
        if isinstance(model, LeastSquares):
            data.append("y_data = (y_data - y_data.mean()) / y_data.std()")
    line = (
        "def predict(a, b, x):",
        f'{INDENT}"""The {_PREDICTIONS[type(model)]} at x; a and b may be arrays."""',
        *(f"{INDENT}{text}" for text in _PREDICT[type(model)]),
    )
    values = (
        "def loss(a, b):",
        *(f"{INDENT}{text}" for text in _VALUES[type(model)]),
    )
    rows = "x_data[rows]", "y_data[rows]"
    x_name, y_name = rows if batches else ("x_data", "y_data")
    factor = "2 * " if isinstance(model, LeastSquares) else ""
    slopes = (
        "def gradient(a, b, rows=slice(None)):" if batches else "def gradient(a, b):",
        f"{INDENT}error = predict(a, b, {x_name}) - {y_name}",
        f"{INDENT}da = {factor}np.mean(error, axis=-1)",
        f"{INDENT}db = {factor}np.mean(error * {x_name}, axis=-1)",
        f"{INDENT}return np.array([da, db])",
    )
    return tuple(data), line, values, slopes


_PREDICTIONS: dict[type[Model], str] = {
    LeastSquares: "line a + b x",
    LogisticRegression: "probability of 1",
}
_PREDICT: dict[type[Model], tuple[str, ...]] = {
    LeastSquares: ("return np.expand_dims(a, -1) + np.multiply.outer(b, x)",),
    LogisticRegression: (
        "return 1 / (1 + np.exp(-np.expand_dims(a, -1) - np.multiply.outer(b, x)))",
    ),
}
_VALUES: dict[type[Model], tuple[str, ...]] = {
    LeastSquares: ("return np.mean((predict(a, b, x_data) - y_data) ** 2, axis=-1)",),
    LogisticRegression: (
        "p = predict(a, b, x_data)",
        "return -np.mean(np.log(np.where(y_data == 1, p, 1 - p)), axis=-1)",
    ),
}


def _assigned(name: str, lines: Sequence[str]) -> list[str]:
    """An array of numbers: a list where that is short, and a text that is split where it is long.

    Each number of a longer list would have a line of its own.
    """
    short = f"{name} = np.array([{', '.join(' '.join(lines).split())}], float)"
    if len(short) <= WIDTH:
        return [short]
    text = f"{name.removesuffix('_data')}_text"
    return [f'{text} = """', *lines, '"""', f"{name} = np.array({text}.split(), float)"]

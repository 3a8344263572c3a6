"""The loss of a program: its data, its value and its gradient, as functions in NumPy."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePath
from textwrap import wrap

from ...messages import GdvizError
from ..expr.derivative import gradient
from ..expr.node import Expr, walk
from ..expr.simplify import collected
from ..losses.base import FormulaLoss, Loss, ProgramLoss
from ..losses.regression import LeastSquares, Model
from .python_text import INDENT, WIDTH, number, statement, written_out

MAX_ROWS = 200
"""The most rows of data that a program has in it."""
SHORTEST = 50
"""Second derivatives of more characters have a line each."""
MAX_OPERATIONS = 300
"""The most operations of a loss and its gradient."""

_LINE = (
    """\
def loss(theta):
    a, b = theta
    residual = a + b * x - y
    return np.mean(residual**2)""",
    """\
def gradient(theta):
    a, b = theta
    residual = a + b * x - y
    return np.array([2 * np.mean(residual), 2 * np.mean(residual * x)])""",
)
_MANY = r"np.array([\1, *(\2np.mean(\3 * x, axis=1))])"
_LOGISTIC = (  # the cross-entropy, as a function of the logit
    """\
def loss(theta):
    a, b = theta
    t = a + b * x
    return np.mean(np.logaddexp(0, t) - y * t)""",
    """\
def gradient(theta):
    a, b = theta
    error = 1 / (1 + np.exp(-(a + b * x))) - y
    return np.array([np.mean(error), np.mean(error * x)])""",
)


def loss_blocks(loss: Loss, *, batches: bool) -> Iterator[str]:
    """Yield the data, the loss and its gradient."""
    match loss:
        case Model():
            yield _data(loss)
            value, slope = _LINE if isinstance(loss, LeastSquares) else _LOGISTIC
            if loss.dimension > 2:
                value, slope = (_of_many(text) for text in (value, slope))
            if batches:
                taken = "[rows]" if loss.dimension == 2 else "[..., rows]"
                slope = re.sub(r"\b[xy]\b", rf"\g<0>{taken}", slope)
                slope = slope.replace("(theta)", "(theta, rows=slice(None))")
            yield from (value, slope)
        case ProgramLoss():
            yield from _function_blocks(loss)
        case _:
            raise GdvizError(
                f"{type(loss).__name__} is a loss of Python code, which can't be written out; "
                "write a formula, or a function that can be traced"
            )


def _of_many(text: str) -> str:
    """The loss or its gradient for several columns, of that for one."""
    text = text.replace("    a, b = theta\n", "").replace("a + b * x", "theta[0] + theta[1:] @ x")
    return re.sub(r"np\.array\(\[(.*), (.*)np\.mean\((\w+) \* x\)\]\)", _MANY, text)


def _data(model: Model) -> str:
    """The rows of a model, as text in columns."""
    if model.rows > MAX_ROWS:
        raise GdvizError(
            f"{model.data.name} has {model.rows} rows; a program has at most {MAX_ROWS} in it"
        )
    file, columns = PurePath(model.data.name).name, f"{model.data.x} and {model.data.y}"
    lines = [" ".join(f"# {model.rows} rows of {file}: {columns}".split())[:WIDTH]]
    several = len(model.data.inputs) > 1
    inputs = [f"x{n}" for n in range(1, model.dimension)] if several else ["x"]
    for name, column in zip([*inputs, "y"], model.data.columns, strict=True):
        text = wrap(" ".join(map(number, column.tolist())), WIDTH)
        lines += [f'{name}_text = """', *text, '"""']
        lines.append(f"{name} = np.array({name}_text.split(), float)")
        if model.standardized and (isinstance(model, LeastSquares) or name != "y"):
            lines.append(f"{name} = ({name} - {name}.mean()) / {name}.std()")
    if several:
        lines.append(f"x = np.array([{', '.join(inputs)}])")
    return "\n".join(lines)


def _function_blocks(loss: ProgramLoss) -> Iterator[str]:
    """Yield the loss and its gradient as functions of theta."""
    names = loss.parameters
    if isinstance(loss, FormulaLoss):
        value = loss.expression
        lines, (text,) = written_out([value], names)  # as its author has written it
    else:
        (value,) = loss.program.expressions(names)
        lines, (text,) = _collected([value], names)
    slope_lines, slopes = _collected(gradient(value, names), names)
    slope_names = [f"d{'_' * (f'd{name}' in names)}{name}" for name in names]
    slope_lines += zip(slope_names, slopes, strict=True)
    yield _function("loss", names, lines, text)
    array = f"np.array([{', '.join(slope_names)}])"
    yield _function("gradient", names, slope_lines, array)


def hessian_block(loss: Loss) -> str:
    """The second derivatives as a function of theta."""
    if not isinstance(loss, ProgramLoss):
        raise GdvizError("the Hessian of a model of data is not written out")
    names = loss.parameters
    (value,) = loss.program.expressions(names)
    rows = [gradient(slope, names) for slope in gradient(value, names)]
    lines, texts = _collected([part for row in rows for part in row], names)
    size = len(names)
    if sum(map(len, texts)) > SHORTEST:  # each on a line of its own
        own = [f"h_{first}_{second}" for first in names for second in names]
        lines += zip(own, texts, strict=True)
        texts = own
    parts = [f"[{', '.join(texts[first : first + size])}]" for first in range(0, size**2, size)]
    return _function("hessian", names, lines, f"np.array([{', '.join(parts)}])")


def _function(
    function: str, names: Sequence[str], parts: Sequence[tuple[str, str]], value: str
) -> str:
    """A function of theta, with assignments before the value."""
    unpacked = ", ".join(names) if len(names) > 1 else f"({names[0]},)"
    lines = [f"def {function}(theta):", f"{INDENT}{unpacked} = theta"]
    lines += [statement(f"{name} =", part) for name, part in parts]
    return "\n".join([*lines, statement("return", value)])


def _collected(
    exprs: Sequence[Expr], names: Sequence[str]
) -> tuple[list[tuple[str, str]], list[str]]:
    """Expressions as people write them; what occurs again has a name."""
    if (length := sum(1 for _ in walk(*exprs))) > MAX_OPERATIONS:
        raise GdvizError(
            f"the loss and its derivatives take {length} operations, too many for a program that "
            "is read"
        )
    try:
        return written_out(collected(exprs), names, repeated=True)
    except (ZeroDivisionError, OverflowError, ValueError):
        raise GdvizError("the loss has a constant that is not finite") from None

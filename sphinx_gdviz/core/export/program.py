"""The program of a figure: its descent in NumPy and a plain plot, for a reader to run."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import PurePath
from textwrap import wrap
from typing import NamedTuple

from ...messages import GdvizError
from ..experiment import Experiment
from ..expr.derivative import gradient
from ..expr.node import Expr, walk
from ..expr.printer import to_python
from ..expr.simplify import collected, simplified
from ..losses.base import FormulaLoss, Loss, ProgramLoss
from ..losses.regression import LeastSquares, Model
from ..methods.optimizer import Optimizer
from ..methods.rule import Rule
from ..methods.schedules import KINDS, Schedule
from ..methods.statements import statements_of
from ..report.describe import place_name
from .plot_template import figure_blocks
from .python_text import (
    INDENT,
    WIDTH,
    Assignments,
    bracketed,
    number,
    point,
    statement,
    written_out,
)

MAX_ROWS = 200
"""The most rows of data that a program has in it."""
MAX_OPERATIONS, MAX_LINES = 600, 60
"""The most operations of a loss and its gradient, and the most lines that they may take."""

Block = tuple[str, ...]
"""Lines that belong together: a function, or some statements."""

_TAKEN = {
    *("start", "steps", "path", "np", "plt", "gradient", "schedule", "rate", "random", "seed"),
    *("noise", "errors", "batch", "order", "rows", "x", "y"),
}
"""Names that a descent uses itself, so that no rule may."""


class Sections(NamedTuple):
    """The blocks of a program: imports, parameters, the loss, the descent and the figure."""

    imports: Block
    parameters: Block
    loss: tuple[Block, ...]
    descent: tuple[Block, ...]
    figure: tuple[Block, ...]


def write_program(experiment: Experiment) -> str:
    """Write the program of a figure: NumPy and Matplotlib, and nothing else.

    Its runs are those of the figure: it leaves them as ``path``, an array of shape
    (steps + 1, 2), where the experiment has one run, and otherwise as ``paths``, a list of such
    arrays in the order of the runs. Views of maps are not drawn.

    Parameters
    ----------
    experiment : Experiment
        The runs and views of the figure.

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
    imports, parameters, *others = sections(experiment)
    return as_text([imports, parameters, *chain.from_iterable(others)])


def sections(experiment: Experiment) -> Sections:
    """The parts of a program; parameters and errors are those of :func:`write_program`."""
    try:
        loss = _loss_blocks(experiment.loss, batches=bool(experiment.batch))
    except RecursionError:
        raise GdvizError("the loss is nested too deeply, too many levels to be read") from None
    descent = _descent_blocks(experiment)
    figure = tuple(figure_blocks(experiment, run_names(experiment)))
    is_drawn = any("plt." in line for block in figure for line in block)
    imports = ("import matplotlib.pyplot as plt", "import numpy as np")[0 if is_drawn else 1 :]
    return Sections(imports, _parameters(experiment), loss, descent, figure)


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


def run_names(experiment: Experiment) -> list[str]:
    """What tells the runs apart, in order."""
    places = [f"from {place_name(start)}" for start in experiment.start]
    names = [experiment.name_of(method) for method in experiment.methods]
    if len(places) == 1:
        return names
    return [f"{name} {place}".strip() for name in names for place in places]


def _parameters(experiment: Experiment) -> Block:
    """What all runs have in common, for a reader to change."""
    starts, rates = experiment.start, {method.lr for method in experiment.methods}
    values = {
        "start": point(starts[0]) if len(starts) == 1 else "",
        "lr": number(min(rates)) if len(rates) == 1 else "",
        "steps": str(experiment.steps),
        "noise": number(experiment.noise) if experiment.noise else "",
        "batch": str(experiment.batch or ""),
        "seed": str(experiment.seed) if experiment.noise or experiment.batch else "",
    }
    return tuple(f"{name} = {text}" for name, text in values.items() if text)


def _loss_blocks(loss: Loss, *, batches: bool) -> tuple[Block, ...]:
    """The data, the loss and its gradient."""
    if isinstance(loss, Model):
        return _model_blocks(loss, batches=batches)
    if not isinstance(loss, ProgramLoss):
        raise GdvizError(
            f"{type(loss).__name__} is a loss of Python code, which can't be written out; write a "
            "formula, or a function that can be traced"
        )
    names = loss.parameters
    if isinstance(loss, FormulaLoss):
        value = loss.expression
        lines, (text,) = written_out([value], names)  # as its author has written it
    else:
        (value,) = loss.program.expressions(names)
        lines, (text,) = _collected([value], names)
    slope_lines, slopes = _collected(gradient(value, names), names)
    slope_lines += [(f"d{name}", slope) for name, slope in zip(names, slopes, strict=True)]
    unpacked = f"{INDENT}{', '.join(names) if len(names) > 1 else f'({names[0]},)'} = theta"
    body = [unpacked, *_assigned(lines), *statement("return", text)]
    slope_body = [unpacked, *_assigned(slope_lines)]
    if (count := len(body) + len(slope_body)) > MAX_LINES:
        raise GdvizError(
            f"the loss and its gradient take {count} lines, too many for a program that is read"
        )
    array = f"np.array([{', '.join(f'd{name}' for name in names)}])"
    return (
        ("def loss(theta):", *body),
        ("def gradient(theta):", *slope_body, f"{INDENT}return {array}"),
    )


def _collected(exprs: Sequence[Expr], names: Sequence[str]) -> tuple[Assignments, list[str]]:
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


def _assigned(lines: Assignments) -> list[str]:
    return [text for name, value in lines for text in statement(f"{name} =", value)]


def _model_blocks(model: Model, *, batches: bool) -> tuple[Block, ...]:
    """A model with its data, as textbooks have it."""
    if model.rows > MAX_ROWS:
        raise GdvizError(
            f"{model.data.name} has {model.rows} rows; a program has at most {MAX_ROWS} in it"
        )
    file, columns = PurePath(model.data.name).name, f"{model.data.x} and {model.data.y}"
    data = [" ".join(f"# {model.rows} rows of {file}: {columns}".split())[:WIDTH]]
    is_line = isinstance(model, LeastSquares)
    for name, column in zip("xy", model.data.columns, strict=True):
        text = wrap(" ".join(map(number, column.tolist())), WIDTH)
        data += [f'{name}_text = """', *text, '"""']
        data.append(f"{name} = np.array({name}_text.split(), float)")
        if model.standardized and (is_line or name == "x"):
            data.append(f"{name} = ({name} - {name}.mean()) / {name}.std()")
    x, y, rows = ("x[rows]", "y[rows]", ", rows=slice(None)") if batches else ("x", "y", "")
    if is_line:
        value = ("residual = a + b * x - y", "return np.mean(residual**2)")
        slope = f"residual = a + b * {x} - {y}"
        slopes = "2 * np.mean(residual)", f"2 * np.mean(residual * {x})"
    else:  # the cross-entropy of p, as a function of its logit
        value = ("t = a + b * x", "return np.mean(np.logaddexp(0, t) - y * t)")
        slope = f"error = 1 / (1 + np.exp(-(a + b * {x}))) - {y}"
        slopes = "np.mean(error)", f"np.mean(error * {x})"
    array = f"return np.array([{', '.join(slopes)}])"
    return (
        tuple(data),
        ("def loss(theta):", *(f"{INDENT}{text}" for text in ("a, b = theta", *value))),
        (
            f"def gradient(theta{rows}):",
            *(f"{INDENT}{text}" for text in ("a, b = theta", slope, array)),
        ),
    )


def _descent_blocks(experiment: Experiment) -> tuple[Block, ...]:
    """The functions of the descent, one for each rule, and the runs."""
    blocks = [] if experiment.schedule.is_constant else [_schedule(experiment.schedule)]
    functions = {function_name(experiment, each): each.rule for each in experiment.optimizers}
    blocks += [_descend(experiment, name, rule) for name, rule in functions.items()]
    common = _parameters(experiment)
    calls = []
    for method in experiment.methods:
        for start in map(point, experiment.start):
            arguments = [
                name if f"{name} = {text}" in common else text
                for name, text in (("start", start), ("lr", number(method.lr)))
            ]
            arguments += ["steps", *settings_given(method.optimizer)]
            calls.append(f"{function_name(experiment, method.optimizer)}({', '.join(arguments)})")
    runs = [f"path = {calls[0]}"] if len(calls) == 1 else bracketed("paths = [", calls, "]")
    return *blocks, tuple(runs)


def settings_given(optimizer: Optimizer) -> list[str]:
    """The settings of an optimizer that its rule has otherwise, as arguments."""
    defaults = optimizer.rule.defaults
    given = [(name, value) for name, value in optimizer.settings if value != defaults[name]]
    return [f"{_own(name)}={number(value)}" for name, value in given]


def function_name(experiment: Experiment, optimizer: Optimizer) -> str:
    """The name of the function that descends by the rule of an optimizer."""
    rules = list(dict.fromkeys((other.name, other.code) for other in experiment.optimizers))
    if len(rules) == 1:
        return "descend"
    alike = [rule for rule in rules if rule[0] == optimizer.name]
    which = alike.index((optimizer.name, optimizer.code)) + 1
    return re.sub(r"\W", "_", f"descend_{optimizer.name}{which if len(alike) > 1 else ''}")


def _schedule(schedule: Schedule) -> Block:
    """By what the learning rate is multiplied, as a function."""
    settings = {**(KINDS[schedule.kind].__kwdefaults__ or {}), **dict(schedule.settings)}
    texts, warm = {name: number(value) for name, value in settings.items()}, schedule.warmup
    since, total = f"(t - {warm + 1})", f"(steps - {warm})" if warm else "steps"
    proper = {
        "constant": "1",
        "step": "{factor} ** (SINCE // {every})",
        "exponential": "{factor} ** SINCE",
        "cosine": f"(1 + np.cos(np.pi * SINCE / {total})) / 2",
    }[schedule.kind]
    proper = proper.format(**texts).replace("SINCE", since)
    if settings.get("final"):
        proper = f"{texts['final']} + {number(1 - settings['final'])} * {proper}"
    return (
        "def schedule(t, steps):",
        f'{INDENT}"""By what the learning rate is multiplied at step t."""',
        *[f"{INDENT}if t <= {warm}:", f"{INDENT * 2}return t / {warm}"] * bool(warm),
        f"{INDENT}return {proper}",
    )


def _own(name: str) -> str:
    """A name of a rule, with an underscore where the program has that name for something else."""
    return f"{name}_" if name in _TAKEN else name


def _descend(experiment: Experiment, function: str, rule: Rule) -> Block:
    """The function that makes a run by a rule."""
    written, schedule = statements_of(rule), not experiment.schedule.is_constant
    alike = [optimizer.values for optimizer in experiment.optimizers if optimizer.rule is rule]
    # A setting that is 0 in each run is left out, with what it makes superfluous.
    zero = {name: 0.0 for name in rule.defaults if not any(values[name] for values in alike)}
    names = {*rule.defaults, *(s.name for s in written.memory + written.update)}
    known: dict[str, float | Expr] = {name: Expr.symbol(_own(name)) for name in names} | zero
    if schedule:
        known["lr"] = Expr.symbol("rate")
    memory = [(_own(s.name), simplified(s.term, known)) for s in written.memory]
    update = [(_own(s.name), simplified(s.term, known)) for s in written.update]
    read = {name for _, term in memory + update for name in term.symbols}
    settings = [(_own(name), value) for name, value in rule.defaults.items()]

    before = ["theta = np.array(start, float)", "path = [theta]", *_chance(experiment)]
    if any("rate" in term.symbols for _, term in memory):
        before.append("rate = lr * schedule(1, steps)")
    before += [f"{name} = {_initial_text(term)}" for name, term in memory]
    loop = [*["rate = lr * schedule(t, steps)"] * schedule, *_gradient_lines(experiment)]
    lines = [f"{INDENT * 2}{line}" for line in loop]
    for name, term in update:
        parts, (text,) = written_out([term], {*names, *read})
        for target, value in (*parts, (name, text)):
            lines += statement(f"{target} =", value, INDENT * 2)
    if experiment.clip is not None:
        low, high = map(number, experiment.clip)
        lines.append(f"{INDENT * 2}theta = np.clip(theta, {low}, {high})")
    counts = any(re.search(r"\bt\b", line) for line in lines)
    given = [f"{name}={number(value)}" for name, value in settings if name in read]
    return (
        *bracketed(f"def {function}(", ["start", "lr", "steps", *given], "):"),
        *(f"{INDENT}{line}" for line in before),
        f"{INDENT}for {'t in range(1, steps + 1)' if counts else '_ in range(steps)'}:",
        *lines,
        f"{INDENT * 2}path.append(theta)",
        f"{INDENT}return np.array(path)",
    )


def _initial_text(term: Expr) -> str:
    """A part of the memory before the first update, as an array where it becomes one."""
    match to_python(term):
        case "0":
            return "np.zeros_like(theta)"
        case ("lr" | "rate") as rate:
            return f"np.full_like(theta, {rate})"
        case text:
            return text


def _chance(experiment: Experiment) -> Iterator[str]:
    """What stands before the loop of a descent with noise or batches."""
    if experiment.noise or experiment.batch:
        yield "random = np.random.RandomState(seed)"
    if experiment.noise:  # all at once: batches come after it in the stream of random numbers
        yield "errors = noise * random.standard_normal((steps + 1, len(theta)))"
    if experiment.batch:
        yield "order = []"


def _gradient_lines(experiment: Experiment) -> Iterator[str]:
    """The gradient that a step takes."""
    if experiment.batch:
        yield "if len(order) == 0:"
        yield f"{INDENT}order = random.permutation(len(x))"
        yield "rows, order = order[:batch], order[batch:]"
    errors = " + errors[t - 1]" if experiment.noise else ""
    yield f"g = gradient(theta{', rows' if experiment.batch else ''}){errors}"

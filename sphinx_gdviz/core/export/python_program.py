"""The program of a figure: its descent in NumPy and a plain plot, for a reader to run."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain, pairwise
from typing import NamedTuple

from ...messages import GdvizError, listed
from ..descent.constraint import Constraint
from ..experiment import Experiment
from ..expr.node import Expr
from ..expr.printer import to_python
from ..expr.simplify import simplified
from ..methods.optimizer import Optimizer
from ..methods.rule import Rule
from ..methods.schedules import Schedule
from ..methods.statements import statements_of
from ..report.describe import place_name
from .plot_template import figure_blocks
from .python_loss import hessian_block, loss_blocks
from .python_text import INDENT, bracketed, number, point, statement, written_out

_TAKEN = {
    *("start", "steps", "path", "np", "plt", "gradient", "schedule", "rate", "random", "seed"),
    *("noise", "errors", "batch", "order", "rows", "x", "y"),
}
"""Names that a descent uses itself, so that no rule may."""


class Sections(NamedTuple):
    """The parts of a program; those of several blocks have functions in them."""

    imports: str
    parameters: str
    loss: tuple[str, ...]
    descent: tuple[str, ...]
    figure: tuple[str, ...]


def write_program(experiment: Experiment) -> str:
    """Write the program of a figure: NumPy and Matplotlib, and nothing else.

    Its runs are those of the figure: it leaves them as ``path``, an array of shape
    (steps + 1, 2), where the experiment has one run, and otherwise as ``paths``, a list of such
    arrays in the order of the runs. Views of maps are not drawn. It is as ``ruff format`` leaves
    it, in lines of at most 88 characters but for what can't be broken.

    Raises
    ------
    GdvizError
        If some part of it can't be written as a short program.
    """
    imports, parameters, *others = sections(experiment)
    return as_text([*filter(None, [imports, parameters]), *chain.from_iterable(others)])


def sections(experiment: Experiment) -> Sections:
    """The parts of a program; parameters and errors are those of :func:`write_program`."""
    if experiment.others:
        raise GdvizError("the figure has several losses, and a program has one")
    if differences := {*experiment.differences} - {"steps"}:
        said = f"the runs differ in their {listed(sorted(differences))}"
        raise GdvizError(f"{said}, which one program can't be written for")
    try:
        loss = tuple(loss_blocks(experiment.loss, batches=bool(experiment.batch)))
        if any(optimizer.rule.takes_hessian for optimizer in experiment.optimizers):
            loss = (*loss, hessian_block(experiment.loss))
    except RecursionError:
        raise GdvizError("the loss is nested too deeply, too many levels to be read") from None
    figure = tuple(figure_blocks(experiment, run_names(experiment)))
    plots = "import matplotlib.pyplot as plt\n" if any("plt." in block for block in figure) else ""
    parameters = "\n".join(_parameters(experiment))
    descent = tuple(_descent_blocks(experiment))
    return Sections(f"{plots}import numpy as np", parameters, loss, descent, figure)


def as_text(blocks: Sequence[str]) -> str:
    """Blocks as one text, with two empty lines around a function and one between statements."""
    text = blocks[0]
    for before, block in pairwise(blocks):
        text += ("\n\n\n" if "def " in (before[:4], block[:4]) else "\n\n") + block
    return text + "\n"


def run_names(experiment: Experiment) -> list[str]:
    """Names that tell the runs apart, in order."""
    several = len(experiment.start) > 1
    return [
        f"{experiment.name_of(method)}{f' from {place_name(start)}' * several}".strip()
        for method, start in experiment.descents
    ]


def _parameters(experiment: Experiment) -> list[str]:
    """Assignments of what all runs have in common, for a reader to change."""
    if not experiment.steps:
        return []
    starts, rates = experiment.start, {method.lr for method in experiment.methods}
    is_random = experiment.noise or experiment.batch
    values = {
        "start": point(starts[0]) if len(starts) == 1 else "",
        "lr": number(min(rates)) if len(rates) == 1 else "",
        "steps": "" if "steps" in experiment.differences else str(experiment.steps),
        "noise": number(experiment.noise) if experiment.noise else "",
        "batch": str(experiment.batch or ""),
        "seed": str(experiment.seed) if is_random else "",
    }
    return [f"{name} = {text}" for name, text in values.items() if text]


def _descent_blocks(experiment: Experiment) -> Iterator[str]:
    """Yield the functions of the descent, one for each rule, and the runs."""
    if not experiment.steps:
        return
    if not experiment.schedule.is_constant:
        yield _schedule(experiment.schedule)
    if experiment.constraint:
        yield _projection(experiment.constraint)
    functions = {function_name(experiment, each): each.rule for each in experiment.optimizers}
    for name, rule in functions.items():
        yield _descend(experiment, name, rule)
    common, calls = _parameters(experiment), []
    for method, start in experiment.descents:
        arguments = [
            name if f"{name} = {text}" in common else text
            for name, text in (
                ("start", point(start)),
                ("lr", number(method.lr)),
                ("steps", str(method.steps)),
            )
        ]
        arguments += settings_given(method.optimizer)
        calls.append(f"{function_name(experiment, method.optimizer)}({', '.join(arguments)})")
    yield f"path = {calls[0]}" if len(calls) == 1 else bracketed("paths = [", calls, "]")


def function_name(experiment: Experiment, optimizer: Optimizer) -> str:
    """The name of the function that descends by the rule of an optimizer."""
    rules = list(dict.fromkeys((other.name, other.code) for other in experiment.optimizers))
    if len(rules) == 1:
        return "descend"
    alike = [rule for rule in rules if rule[0] == optimizer.name]
    which = alike.index((optimizer.name, optimizer.code)) + 1
    return re.sub(r"\W", "_", f"descend_{optimizer.name}{which if len(alike) > 1 else ''}")


def settings_given(optimizer: Optimizer) -> list[str]:
    """The settings of an optimizer that its rule has otherwise, as arguments."""
    defaults = optimizer.rule.defaults
    given = [(name, value) for name, value in optimizer.settings if value != defaults[name]]
    return [f"{_own(name)}={number(value)}" for name, value in given]


def _own(name: str) -> str:
    """A name of a rule, with an underscore where the program has that name for something else."""
    return f"{name}_" if name in _TAKEN else name


def _schedule(schedule: Schedule) -> str:
    """The factor of the learning rate, as a function."""
    rising, proper = (simplified(term, {}) for term in schedule.expressions)
    lines = ["def schedule(t, steps):", f'{INDENT}"""The factor of the learning rate at step t."""']
    if warm := schedule.warmup:
        lines += [f"{INDENT}if t <= {warm}:", f"{INDENT * 2}return {to_python(rising)}"]
    parts, (text,) = written_out([proper], ["t", "steps"])
    lines += [statement(f"{name} =", part) for name, part in parts]
    return "\n".join([*lines, statement("return", text)])


_PROJECTIONS = {
    "box": """\
def project(theta):
    return np.clip(theta, {low}, {high})""",
    "l2": """\
def project(theta):
    return theta * ({high} / max(np.linalg.norm(theta), {high}))""",
    "l1": """\
def project(theta):
    size = np.abs(theta)
    if size.sum() <= {high}:
        return theta
    falling = np.sort(size)[::-1]
    excess = (np.cumsum(falling) - {high}) / np.arange(1, len(size) + 1)
    threshold = excess[np.sum(falling > excess) - 1]
    return np.sign(theta) * np.maximum(size - threshold, 0)""",
    "simplex": """\
def project(theta):
    falling = np.sort(theta)[::-1]
    excess = (np.cumsum(falling) - {high}) / np.arange(1, len(theta) + 1)
    threshold = excess[np.sum(falling > excess) - 1]
    return np.maximum(theta - threshold, 0)""",
}


def _projection(constraint: Constraint) -> str:
    """The function that projects onto a constraint."""
    low, high = number(constraint.low), number(constraint.high)
    return _PROJECTIONS[constraint.kind].format(low=low, high=high)


def _descend(experiment: Experiment, function: str, rule: Rule) -> str:
    """The function that makes a run by a rule."""
    written, changes = statements_of(rule), not experiment.schedule.is_constant
    alike = [optimizer.values for optimizer in experiment.optimizers if optimizer.rule is rule]
    # A setting that is 0 in each run is left out, with what it makes superfluous.
    zero = {name: 0.0 for name in rule.defaults if not any(values[name] for values in alike)}
    names = {*rule.defaults, *(s.name for s in written.memory + written.update)}
    known: dict[str, float | Expr] = {name: Expr.symbol(_own(name)) for name in names} | zero
    if changes:
        known["lr"] = Expr.symbol("rate")
    memory = [(_own(s.name), simplified(s.term, known)) for s in written.memory]
    update = [(_own(s.name), simplified(s.term, known)) for s in written.update]
    read = {name for _, term in memory + update for name in term.symbols}
    settings = {_own(name): number(value) for name, value in rule.defaults.items()}
    given = [f"{name}={text}" for name, text in settings.items() if name in read]

    before = ["theta = np.array(start, float)", "path = [theta]", *_randomness(experiment)]
    if any("rate" in term.symbols for _, term in memory):
        before.append("rate = lr * schedule(1, steps)")
    before += [f"{name} = {to_python(term)}" for name, term in memory]
    loop = [*["rate = lr * schedule(t, steps)"] * changes, *_gradient_lines(experiment)]
    lines = [f"{INDENT * 2}{line}" for line in loop]
    for name, term in update:
        parts, (text,) = written_out([term], {*names, *read})
        lines += [statement(f"{n} =", part, INDENT * 2) for n, part in (*parts, (name, text))]
    if experiment.clip is not None:
        low, high = map(number, experiment.clip)
        lines.append(f"{INDENT * 2}theta = np.clip(theta, {low}, {high})")
    if experiment.constraint is not None:
        lines.append(f"{INDENT * 2}theta = project(theta)")
    counts = any(re.search(r"\bt\b", line) for line in lines)
    return "\n".join(
        [
            bracketed(f"def {function}(", ["start", "lr", "steps", *given], "):"),
            *(f"{INDENT}{line}" for line in before),
            f"{INDENT}for {'t in range(1, steps + 1)' if counts else '_ in range(steps)'}:",
            *lines,
            f"{INDENT * 2}path.append(theta)",
            f"{INDENT}return np.array(path)",
        ]
    )


def _randomness(experiment: Experiment) -> Iterator[str]:
    """Yield what stands before the loop of a descent with noise or batches."""
    if experiment.noise or experiment.batch:
        yield "random = np.random.RandomState(seed)"
    if experiment.noise:  # all at once: batches come after it in the stream of random numbers
        yield "errors = noise * random.standard_normal((steps + 1, len(theta)))"
    if experiment.batch:
        yield "order = []"


def _gradient_lines(experiment: Experiment) -> Iterator[str]:
    """Yield the statements that compute the gradient of a step."""
    if experiment.batch:
        yield "if len(order) == 0:"
        yield f"{INDENT}order = random.permutation(len(y))"
        yield "rows, order = order[:batch], order[batch:]"
    errors = " + errors[t - 1]" if experiment.noise else ""
    yield f"g = gradient(theta{', rows' if experiment.batch else ''}){errors}"

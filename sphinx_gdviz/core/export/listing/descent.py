"""The descent of a listing: its functions, and its runs."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ...methods.optimizer import Optimizer
from ...methods.schedules import Schedule
from ...methods.statements import PythonUpdate, python_update
from .python_text import INDENT, WIDTH, bracketed, letters, number, point, quoted, statement

if TYPE_CHECKING:
    from ...descent.run import Method
    from ...experiment import Experiment

Block = tuple[str, ...]

GIVEN = {"theta", "g", "lr", "t"}
_TAKEN = {
    *("start", "steps", "path", "np", "plt", "loss", "gradient", "schedule", "rate", "state"),
    *("random", "noise", "order", "rows", "x_data", "y_data", "predict", "descend"),
}
"""Names that a program uses itself, so that no rule may."""


@dataclass(frozen=True)
class Runs:
    """How a program calls the runs of an experiment."""

    experiment: Experiment

    @cached_property
    def are_drawn(self) -> bool:
        """Whether any panel shows single runs."""
        return any(not panel.view.is_sweep for panel in self.experiment.panels)

    @cached_property
    def count(self) -> int:
        """How many there are."""
        return len(self.experiment.methods) * len(self.experiment.start)

    @cached_property
    def optimizers(self) -> tuple[Optimizer, ...]:
        """The optimizers with different settings; rates of their own do not count."""
        seen: dict[tuple[str, tuple[tuple[str, float], ...]], Optimizer] = {}
        for method in self.experiment.methods:
            seen.setdefault((method.optimizer.name, method.optimizer.settings), method.optimizer)
        return tuple(seen.values())

    @property
    def has_steps(self) -> bool:
        """Whether each optimizer has a function of its own, which `descend` is given."""
        return len(self.optimizers) > 1

    def settings_of(self, optimizer: Optimizer) -> tuple[tuple[str, float], ...]:
        """The settings that have to be passed, since several optimizers have one function."""
        alike = [other for other in self.optimizers if other.name == optimizer.name]
        return optimizer.settings if len(alike) > 1 else ()

    def index(self, method: Method, start: int = 0) -> int:
        """The place of a run."""
        return self.experiment.methods.index(method) * len(self.experiment.start) + start


def function_of(optimizer: Optimizer) -> str:
    """The name of the function that makes a step of an optimizer."""
    word = re.sub(r"\W", "_", optimizer.name)
    return f"{word}_step"


def descent_blocks(experiment: Experiment, runs: Runs, *, arrays: bool) -> tuple[Block, ...]:
    """The functions of the descent, and the runs.

    With `arrays`, the functions work for many runs at once, too.

    Raises
    ------
    GdvizError
        If a rule can't be written out.
    """
    blocks: list[Block] = []
    if not experiment.schedule.is_constant:
        blocks.append(_schedule(experiment.schedule))
    updates = [
        _named(python_update(one), keep=bool(runs.settings_of(one))) for one in runs.optimizers
    ]
    if runs.has_steps:
        steps = {
            function_of(optimizer): _step(optimizer, update, arrays)
            for optimizer, update in zip(runs.optimizers, updates, strict=True)
        }
        blocks += steps.values()
        passes = any(map(runs.settings_of, runs.optimizers))
        blocks.append(_descend(experiment, None, arrays, passes=passes))
    else:
        blocks.append(_descend(experiment, updates[0], arrays))
    if runs.are_drawn:
        blocks.append(tuple(_run_lines(experiment, runs)))
    return tuple(blocks)


def _schedule(schedule: Schedule) -> Block:
    """By what the learning rate is multiplied, as a function."""
    settings = {"every": 10.0, "factor": {"step": 0.5}.get(schedule.kind, 0.95), "final": 0.0}
    settings |= dict(schedule.settings)
    warm = schedule.warmup
    since = f"(t - {warm + 1})"
    total = f"(steps - {warm})" if warm else "steps"
    match schedule.kind:
        case "step":
            proper = f"{number(settings['factor'])} ** ({since} // {number(settings['every'])})"
        case "exponential":
            proper = f"{number(settings['factor'])} ** {since}"
        case "cosine":
            proper = f"(1 + np.cos(np.pi * {since} / {total})) / 2"
            if final := settings["final"]:
                proper = f"{number(final)} + {number(1 - final)} * {proper}"
        case _:
            proper = "1"
    warming = f"{INDENT}if t <= {warm}:\n{INDENT * 2}return t / {warm}\n" if warm else ""
    return (
        "def schedule(t, steps):",
        f'{INDENT}"""What the learning rate is multiplied by at step t."""',
        *warming.splitlines(),
        f"{INDENT}return {proper}",
    )


def _named(update: PythonUpdate, *, keep: bool) -> PythonUpdate:
    """An update without names that the program needs, and without what a setting of 0 rules out.

    Settings that other runs have otherwise are kept.
    """
    zeros = {name for name, value in update.settings if value == 0 and not keep}
    names = {name for name, _ in (*update.settings, *update.state)}
    names |= {line.partition(" = ")[0] for line in update.lines}
    clashes = sorted(names & _TAKEN - GIVEN)

    def renamed(text: str) -> str:
        for name in clashes:
            text = re.sub(rf"\b{name}\b", f"{name}_", text)
        return text

    lines = update.lines
    if zeros:
        lines = tuple(
            f"{target} = {ast.unparse(_without(ast.parse(text, mode='eval').body, zeros))}"
            for target, _, text in (line.partition(" = ") for line in lines)
        )
    return PythonUpdate(
        tuple((renamed(name), value) for name, value in update.settings if name not in zeros),
        tuple((renamed(name), text) for name, text in update.state),
        tuple(map(renamed, lines)),
    )


def _without(node: ast.expr, zeros: set[str]) -> ast.expr:
    """An expression in which some names are 0, and sums and products with 0 and 1 are gone."""

    if isinstance(node, ast.Name) and node.id in zeros:
        return ast.Constant(0)
    if isinstance(node, ast.Call):
        return ast.Call(node.func, [_without(argument, zeros) for argument in node.args], [])
    if not isinstance(node, ast.BinOp):
        return node
    left, right = _without(node.left, zeros), _without(node.right, zeros)
    match _constant(left), node.op, _constant(right):
        case (0, ast.Mult(), _) | (_, ast.Mult(), 0):
            return ast.Constant(0)
        case (1, ast.Mult(), _) | (0, ast.Add(), _):
            return right
        case (_, ast.Add() | ast.Sub(), 0) | (_, ast.Mult() | ast.Div(), 1):
            return left
        case (1, ast.Sub(), 1):
            return ast.Constant(0)
    return ast.BinOp(left, node.op, right)


def _constant(node: ast.expr) -> object:
    return node.value if isinstance(node, ast.Constant) else None


def _parameters(update: PythonUpdate) -> list[str]:
    return [f"{name}={number(value)}" for name, value in update.settings]


def _update_lines(update: PythonUpdate, indent: str, rate: str = "lr") -> list[str]:
    """The statements of an update, in lines that are short enough."""
    known = {name for name, _ in (*update.settings, *update.state)}
    names = letters({*known, *_TAKEN, *GIVEN, *re.findall(r"\w+", " ".join(update.lines))})
    lines = []
    for line in update.lines:
        target, _, text = re.sub(r"\blr\b", rate, line).partition(" = ")
        lines += statement(target, ast.parse(text, mode="eval").body, names, indent)
    return lines


def _initial(update: PythonUpdate, arrays: bool, rate: str = "lr") -> list[str]:
    """The values of the state before the first update."""
    texts = [text for _, text in update.state]
    if arrays:
        texts = [
            text.replace("np.zeros(2)", "np.zeros_like(theta)").replace(
                "np.full(2, lr)", "np.full_like(theta, lr)"
            )
            for text in texts
        ]
    return [re.sub(r"\blr\b", rate, text) for text in texts]


def _step(optimizer: Optimizer, update: PythonUpdate, arrays: bool) -> Block:
    """The function that makes a step of an optimizer."""
    names, initial = [name for name, _ in update.state], _initial(update, arrays)
    parameters = ["theta", "g", "lr", "t", "state", *_parameters(update)]
    lines = bracketed(f"def {function_of(optimizer)}(", parameters, "):")
    remembered = "state"
    if len(names) == 1:
        lines.append(f"{INDENT}{names[0]} = {initial[0]} if state is None else state")
        remembered = names[0]
    elif names:
        remembered = f"({', '.join(names)})"
        lines += bracketed(f"{', '.join(names)} = state or (", initial, ")", INDENT)
    lines += _update_lines(update, INDENT)
    return *lines, f"{INDENT}return theta, {remembered}"


def _descend(
    experiment: Experiment,
    update: PythonUpdate | None,
    arrays: bool,
    *,
    passes: bool = False,
) -> Block:
    """The function that makes a run; without an update it is given one."""
    is_constant = experiment.schedule.is_constant
    rate = "lr" if is_constant else "rate"
    before = ["theta = np.array(start, float)"]
    loop = [] if is_constant else ["rate = lr * schedule(t, steps)"]
    if update is None:
        more = ["**settings"] if passes else []
        head = bracketed("def descend(", ["step", "start", "lr", "steps", *more], "):")
        before.append("state = None")
        arguments = ["theta", "g", rate, "t", "state", *more]
        lines = [f"{INDENT * 2}theta, state = step({', '.join(arguments)})"]
    else:
        head = bracketed("def descend(", ["start", "lr", "steps", *_parameters(update)], "):")
        if update.state:
            names = ", ".join(name for name, _ in update.state)
            first = "lr" if is_constant else "lr * schedule(1, steps)"
            before.append(f"{names} = {', '.join(_initial(update, arrays, first))}")
        lines = _update_lines(update, INDENT * 2, rate)
    _add_chance(experiment, before, loop, arrays)
    lines = [*(f"{INDENT * 2}{line}" for line in loop), *lines]
    if experiment.clip is not None:
        low, high = map(number, experiment.clip)
        lines.append(f"{INDENT * 2}theta = np.clip(theta, {low}, {high})")
    counts = any(re.search(r"\bt\b", line) for line in lines)
    return (
        *head,
        *(f"{INDENT}{line}" for line in before),
        f"{INDENT}path = [theta]",
        f"{INDENT}for t in range(1, steps + 1):" if counts else f"{INDENT}for _ in range(steps):",
        *lines,
        f"{INDENT * 2}path.append(theta)",
        f"{INDENT}return np.array(path)",
    )


def _add_chance(experiment: Experiment, before: list[str], loop: list[str], arrays: bool) -> None:
    """The gradient of a step, with its noise, on its rows.

    The random numbers are drawn in the order in which the figure has drawn them: with batches, all
    of the noise comes first, that of one step more included.
    """
    noise, batch = experiment.noise, experiment.batch
    if noise or batch:
        before.append(f"random = np.random.RandomState({experiment.seed})")
    gradient = "gradient(*theta)"
    if batch:
        if noise:
            before.append(f"noise = {number(noise)} * random.standard_normal((steps + 1, 2))")
        before.append("order = []")
        loop += [
            "if len(order) == 0:",
            f"{INDENT}order = random.permutation(len(x_data))",
            f"rows, order = order[:{batch}], order[{batch}:]",
        ]
        gradient = "gradient(*theta, rows)"
        added = "noise[t - 1]"
    else:
        added = f"{number(noise)} * random.standard_normal(2)"
    if not noise:
        loop.append(f"g = {gradient}")
    elif arrays:  # of the shape (2, runs)
        loop.append(f"g = ({gradient}.T + {added}).T")
    else:
        loop.append(f"g = {gradient} + {added}")


def _run_lines(experiment: Experiment, runs: Runs) -> list[str]:
    """The statements that make the runs."""
    starts, steps = [point(start) for start in experiment.start], number(experiment.steps)
    rates = [number(method.lr) for method in experiment.methods]
    if runs.count == 1:
        return [f"path = descend(start={starts[0]}, lr={rates[0]}, steps={steps})"]
    single = {"steps": steps}
    lines, loops = [], []
    passes = any(map(runs.settings_of, runs.optimizers))
    if runs.has_steps:
        methods = []
        for method in experiment.methods:
            parts = [function_of(method.optimizer), number(method.lr)]
            parts += [_as_dict(runs.settings_of(method.optimizer))] if passes else []
            methods.append(f"({', '.join(parts)})")
        lines += bracketed("methods = [", methods, "]")
        loops.append(f"for step, lr{', settings' * passes} in methods")
    elif len(rates) > 1:
        lines += bracketed("rates = [", rates, "]")
        loops.append("for lr in rates")
    else:
        single = {"lr": rates[0], **single}
    if len(starts) > 1:
        lines += bracketed("starts = [", starts, "]")
        loops.append("for start in starts")
    else:
        single = {"start": starts[0], **single}
    arguments = [*["step"] * runs.has_steps, "start", "lr", "steps", *["**settings"] * passes]
    call = f"descend({', '.join(arguments)})"
    made = f"paths = [{' '.join([call, *loops])}]"
    if len(made) > WIDTH:
        made = "\n".join(["paths = [", *(f"{INDENT}{part}" for part in (call, *loops)), "]"])
    return [f"{', '.join(single)} = {', '.join(single.values())}", *lines, *made.splitlines()]


def _as_dict(settings: Sequence[tuple[str, float]]) -> str:
    inside = ", ".join(f"{quoted(name)}: {number(value)}" for name, value in settings)
    return f"{{{inside}}}"

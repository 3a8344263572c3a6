"""Quantities: what prose and tables may say of an experiment, measured on its own runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import numpy as np

from ...messages import GdvizError, did_you_mean, quote
from ..descent.neighbourhood import norm
from ..descent.verdict import tolerance
from ..experiment import MARKS
from ..expr.symbols import symbol_tex, symbol_text
from ..losses.base import Loss
from ..places import Point
from ..result import Result
from .describe import KIND_NAMES, outcome, place_name
from .numbers import Exact, Numeral, RichText, Tex, exact, rounded
from .query import Query, QueryContext, locate


@dataclass(frozen=True)
class Phrase:
    """A value that is text with numbers and mathematics in it."""

    parts: RichText


Value = str | int | float | Point | Tex | Phrase


@dataclass(frozen=True)
class Quantity:
    """Something that can be asked for.

    Attributes
    ----------
    help : str
        Its meaning, for the guide.
    heading : str or Tex
        The heading of a column of it; empty for a parameter, for which the loss has a symbol.
    of : callable or str
        Evaluates it, or names the attribute that it is; None for a run that has no such value.
    reason : callable or str
        Says why a run has none.
    """

    help: str
    heading: str | Tex
    of: Callable[[QueryContext], Value | None] | str
    reason: Callable[[QueryContext], str] | str = "there is no such value"

    def evaluate(self, context: QueryContext) -> Value | None:
        """The value; None where the run has none."""
        value: Value | None = (attrgetter(self.of) if isinstance(self.of, str) else self.of)(
            context
        )
        return value


def _no_update(context: QueryContext) -> str:
    return f"no update leads to step 0: {context.query.quantity} has none"


def _not_arrived(context: QueryContext) -> str:
    return f"the run has come to no critical point: it {outcome(context.run)}"


def _no_minimum(otherwise: str) -> Callable[[QueryContext], str]:
    return lambda context: otherwise if context.minimum else "the frame has no minimum"


def _condition_number(context: QueryContext) -> float | None:
    number = context.minimum.condition_number if context.minimum else np.nan
    return None if np.isnan(number) else number


def _rate(context: QueryContext) -> Exact | None:
    method, step = context.run.method, context.step
    factors = method.schedule.factors(method.steps)
    return Exact(method.lr * float(factors[step - 1])) if step else None


def _fall(context: QueryContext) -> float | None:
    losses, step = context.run.trajectory.losses, context.step
    return float(losses[step - 1] - losses[step]) if step else None


def _predicted_fall(context: QueryContext) -> float | None:
    if (rate := _rate(context)) is None:
        return None
    gradient = context.run.trajectory.gradients[context.step - 1]
    return float(rate) * float(gradient @ gradient)


def _step_length(context: QueryContext) -> float | None:
    points, step = context.run.trajectory.points, context.step
    return float(norm(points[step] - points[step - 1])) if step else None


def _steps(context: QueryContext) -> int:
    experiment = context.result.experiment
    return (context.run.method if "steps" in experiment.differences else experiment).steps


def _rises(context: QueryContext) -> int:
    with np.errstate(invalid="ignore"):  # a run that has overflowed goes on as ∞ − ∞
        return int((np.diff(context.losses) > 0).sum())


def _extreme(of: Callable[..., Any]) -> Callable[[QueryContext], float]:
    def evaluate(context: QueryContext) -> float:
        known = context.losses[~np.isnan(context.losses)]
        return float(of(known)) if len(known) else float("nan")

    return evaluate


def _distance(context: QueryContext) -> float | None:
    point, minimum = context.at("points"), context.minimum
    return float(norm(point - minimum.point)) if minimum else None


def _reached(name: str) -> Callable[[QueryContext], Value | None]:
    return lambda context: getattr(context.run.reached, name, None)


def _nth(kind: str, plural: str, name: str) -> Callable[[QueryContext], Value]:
    return lambda context: getattr(context.nth(kind, plural), name)


def _count(kind: str) -> Callable[[QueryContext], int]:
    return lambda context: len(context.result.points_of(kind))


def _point(values: np.ndarray[Any, Any]) -> Point:
    return tuple(values.tolist())


def _run_name(context: QueryContext) -> Phrase:
    """The settings that tell a run from the others of its experiment."""
    experiment, run = context.result.experiment, context.run
    named: list[RichText] = []
    if name := experiment.name_of(run.method, with_rate=False):
        named.append((name,))
    if len({method.lr for method in experiment.methods}) > 1:
        rate = exact(run.lr)
        named.append((Tex(rf"\eta = {rate.tex}", f"η = {rate.plain}"),))
    named += [(told,) for told in experiment.told(run.method)]
    if len(experiment.start) > 1:
        named.append((place_name(run.start),))
    parts = [part for item in named for part in (", ", *item)]
    return Phrase(tuple(parts[1:]) or (run.method.optimizer.title,))


OF_RUNS: dict[str, Quantity] = {
    "verdict": Quantity(
        "what the run did, in a word or two", "Verdict", lambda c: KIND_NAMES[c.run.verdict.kind]
    ),
    "outcome": Quantity(
        "what the run did, in a sentence without its subject", "Outcome", lambda c: outcome(c.run)
    ),
    "step": Quantity("the step from which the verdict holds", "Step", "run.verdict.step"),
    "period": Quantity(
        "after how many steps an oscillation repeats",
        "Period",
        "run.verdict.period",
        lambda c: f"the run has no period: it {outcome(c.run)}",
    ),
    "clip-step": Quantity(
        "the first step at which the box held the run",
        "First held",
        "run.verdict.clip_step",
        "no box has ever held the run",
    ),
}
"""Quantities of the verdict on a run."""

OF_STEPS: dict[str, Quantity] = {
    "loss": Quantity("the loss", "loss", lambda c: float(c.at("losses"))),
    "error": Quantity(
        "by how much the loss is above the lowest that is known",
        "error",
        lambda c: float(c.at("losses")) - c.result.lowest_loss,
    ),
    "gradient-norm": Quantity(
        "the length of the gradient",
        Tex(r"\lVert \nabla L \rVert", "‖∇L‖"),
        lambda c: float(norm(c.at("gradients"))),
    ),
    "gradient": Quantity(
        "the gradient", Tex(r"\nabla L", "∇L"), lambda c: _point(c.at("gradients"))
    ),
    "point": Quantity("the iterate", Tex(r"\theta", "θ"), lambda c: _point(c.at("points"))),
    "x": Quantity("its first parameter", "", lambda c: float(c.at("points")[0])),
    "y": Quantity("its second parameter", "", lambda c: float(c.at("points")[1])),
    "index": Quantity("the number of the step itself", "step", "step"),
    "distance": Quantity(
        "how far it is from the minimum: the one that the run came to, or the nearest to its end",
        "distance",
        _distance,
        _no_minimum(""),
    ),
    "fall": Quantity("by how much the step lowered the loss", "fall", _fall, _no_update),
    "predicted-fall": Quantity(
        "by how much it would have on a plane: the rate times the gradient norm squared",
        "predicted fall",
        _predicted_fall,
        _no_update,
    ),
    "step-length": Quantity("how long the step was", "step length", _step_length, _no_update),
    "rate": Quantity(
        "the learning rate of the step, as the schedule has it", "rate", _rate, _no_update
    ),
    "lowest": Quantity(
        "the lowest loss of all steps, or from one step to another as in step=25..50",
        "Lowest loss",
        _extreme(np.min),
    ),
    "highest": Quantity("the highest loss", "Highest loss", _extreme(np.max)),
    "rises": Quantity("how many steps raised the loss", "Rises", _rises),
}
"""Quantities of a run at a step, or in a stretch of steps."""

OF_SETTINGS: dict[str, Quantity] = {
    "setting": Quantity("what tells the run from the others", "Run", _run_name),
    "lr": Quantity("its learning rate", Tex(r"\eta", "η"), lambda c: Exact(c.run.lr)),
    "optimizer": Quantity("its optimizer", "Optimizer", "run.method.optimizer.title"),
    "start": Quantity("its start", "Start", lambda c: tuple(map(Exact, c.run.start))),
    "noise": Quantity(
        "the standard deviation of the noise on its gradients",
        "Noise",
        lambda c: Exact(c.run.method.noise),
    ),
    "batch": Quantity(
        "how many rows each gradient is taken over",
        "Batch",
        "run.method.batch",
        "its gradients are taken over all rows",
    ),
    "tolerance": Quantity(
        "the gradient norm below which a run counts as arrived",
        "Tolerance",
        lambda c: Exact(tolerance(c.loss)),
    ),
    "steps": Quantity("how many steps it has", "Steps", _steps),
    "runs": Quantity("how many runs the figure has", "Runs", lambda c: len(c.result.all_runs)),
}
"""The settings of a run."""

OF_LOSSES: dict[str, Quantity] = {
    "formula": Quantity(
        "the formula of the loss", "Loss", lambda c: Tex(c.loss.tex, c.loss.description)
    ),
    "reached": Quantity(
        "the critical point that the run came to", "Reached", _reached("point"), _not_arrived
    ),
    "reached-loss": Quantity("the loss there", "Loss reached", _reached("loss"), _not_arrived),
    "lowest-known": Quantity(
        "the lowest loss that is known, of all runs, minima in the frame and the data's best fit",
        "Lowest known loss",
        "result.lowest_loss",
    ),
    "largest-stable-rate": Quantity(
        "the learning rate above which plain descent is repelled by the minimum",
        "Largest stable rate",
        lambda c: getattr(c.minimum, "largest_stable_rate", None),
        _no_minimum("at this minimum no curvature limits the learning rate"),
    ),
    "condition-number": Quantity(
        "the condition number at the minimum",
        "Condition number",
        _condition_number,
        _no_minimum("at this minimum the curvature vanishes, or there is none"),
    ),
    "model-minimum": Quantity(
        "where a quadratic model of the figure is lowest: Newton's step leads there",
        "Minimum of the model",
        "model_minimum",
    ),
    **{
        kind: Quantity(
            f"a {kind} in the frame; nth=2 is the second lowest",
            kind.capitalize(),
            _nth(kind, plural, "point"),
        )
        for plural, kind in MARKS.items()
    },
    **{
        f"{kind}-loss": Quantity(
            "the loss there", f"Loss at the {kind}", _nth(kind, plural, "loss")
        )
        for plural, kind in MARKS.items()
    },
    **{
        plural: Quantity(f"how many {plural} the frame has", plural.capitalize(), _count(kind))
        for plural, kind in MARKS.items()
    },
}
"""Quantities of the loss, and of the places that runs come to."""

QUANTITIES = {**OF_RUNS, **OF_STEPS, **OF_SETTINGS, **OF_LOSSES}
"""All that can be asked for, by the names that authors use."""

AT_A_STEP = OF_STEPS.keys() - {"rises", "lowest", "highest"}
"""Quantities that a run has at each step; the other three are those of a stretch of steps."""
NUMBERED = {name for kind in MARKS.values() for name in (kind, f"{kind}-loss")} | {"model-minimum"}
"""Quantities of which there may be several."""


def evaluate(result: Result, query: Query) -> Value | None:
    """The value that a query asks for; None where the run has no such value.

    Raises
    ------
    GdvizError
        If there is no such quantity, run or step.
    """
    context = locate(result, query)
    result, query, loss = context.result, context.query, context.loss
    name = _key(query.quantity, loss)
    if name in QUANTITIES and not (name == "y" and loss.dimension == 1):
        if query.steps and name not in OF_STEPS:
            raise GdvizError(f"{query.quantity} is not asked for at a step; leave out step=")
        if query.nth > 1 and name not in NUMBERED:
            raise GdvizError(f"there is one {query.quantity} only; leave out nth=")
        return QUANTITIES[name].evaluate(context)
    settings = context.run.method.optimizer.values if result.runs else {}
    if name in settings:
        return Exact(settings[name])
    there = dict.fromkeys((*QUANTITIES, *loss.parameters, *settings))
    if loss.dimension == 1:
        del there["y"]
    near = did_you_mean(name, there) or ";"
    raise GdvizError(f"{quote(name)} is not a quantity{near} there are {', '.join(there)}")


def _key(name: str, loss: Loss) -> str:
    """The key of a quantity: the parameters of a loss, whatever their names, are x and y."""
    places = dict(zip(loss.parameters, "xy", strict=False))
    return name if name in QUANTITIES.keys() - {"x", "y"} else places.get(name, name)


def answer(result: Result, query: Query) -> RichText:
    """The text of the value that a query asks for.

    Raises
    ------
    GdvizError
        If there is no such quantity, run or step, or the run has no such value.
    """
    value = evaluate(result, query)
    if value is None:
        reason = QUANTITIES[query.quantity].reason
        raise GdvizError(reason if isinstance(reason, str) else reason(locate(result, query)))
    return write(value, query)


def write(value: Value, query: Query) -> RichText:
    """The text of a value, in the format that the query asks for."""
    if isinstance(value, tuple):
        first, *others = (_numeral(part, query.form) for part in value)
        if not others:
            return (first,)
        return "(", first, *(part for other in others for part in (", ", other)), ")"
    if isinstance(value, (int, float)):
        return (_numeral(value, query.form),)
    if query.form:
        raise GdvizError(f"{query.quantity} is no number; leave out “:{query.form}”")
    return value.parts if isinstance(value, Phrase) else (value,)


def _numeral(value: float, form: str) -> Numeral:
    return exact(value) if isinstance(value, Exact) and not form else rounded(value, form)


def heading(query: Query, loss: Loss) -> RichText:
    """The heading of a column of answers."""
    key = _key(query.quantity, loss)
    if key not in QUANTITIES:
        return (key.replace("_", " ").capitalize(),)
    symbols = (Tex(symbol_tex(name), symbol_text(name)) for name in loss.symbols)
    text = QUANTITIES[key].heading or dict(zip("xy", symbols, strict=False))[key]
    if key not in AT_A_STEP:
        return (text,)
    if query.steps:
        first = text.capitalize() if isinstance(text, str) else text
        return first, f" at step {query.steps[0]}"
    return "Final ", text

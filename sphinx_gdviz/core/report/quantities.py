"""Quantities: what prose and tables may say of an experiment, measured on its own runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...messages import GdvizError, did_you_mean, quote, setting
from ..descent.critical_points import CriticalPoint
from ..descent.verdict import tolerance
from ..experiment import Point
from ..losses.base import Loss
from ..result import Result, Run
from .numbers import Given, Numeral, given, measured
from .query import NothingToSayError, Question
from .sentences import KIND_NAMES, outcome


@dataclass(frozen=True)
class Tex:
    """A piece of mathematics, and how it reads where there is none."""

    tex: str
    plain: str


Part = str | Numeral | Tex
Said = tuple[Part, ...]
"""What is said: words, numbers and mathematics, one after another."""


@dataclass(frozen=True)
class Asked:
    """What a quantity is worked out from."""

    result: Result
    question: Question

    @property
    def run(self) -> Run:
        """The run that is meant."""
        return self.question.which.only(self.result)

    @property
    def loss(self) -> Loss:
        """What was descended."""
        return self.result.experiment.loss

    @property
    def span(self) -> tuple[int, int]:
        """From which step to which is asked for: all of them unless the question says so."""
        last = self.run.trajectory.steps
        first, final = self.question.steps or (0, last)
        if not first <= final <= last:
            steps = f"{first}" if first == final else f"{first}..{final}"
            raise GdvizError(f"there is no step {steps}; the run has the steps 0 to {last}")
        return first, final

    @property
    def step(self) -> int:
        """Which step is asked for: the last unless the question says so."""
        first, final = self.span
        if self.question.steps is None:
            return final
        if first != final:
            raise GdvizError(f"{self.question.quantity} is asked for at one step: write step=10")
        return first

    @property
    def update(self) -> int:
        """The step that an update leads to, which is not the start."""
        if self.step == 0:
            raise NothingToSayError(f"no update leads to step 0: {self.question.quantity} has none")
        return self.step

    def at(self, values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """What an array of the run has at the step that is asked for."""
        return np.asarray(values[self.step])

    def nth(self, kind: str) -> CriticalPoint:
        """The critical point of a kind that is asked for."""
        found = self.all(kind)
        if self.question.nth > len(found):
            there = f"{len(found)} {MARKED[kind] if len(found) != 1 else kind}"
            raise GdvizError(
                f"there is no {kind} number {self.question.nth}: the frame has {there}"
            )
        return found[self.question.nth - 1]

    def all(self, kind: str) -> list[CriticalPoint]:
        """The critical points of a kind in the frame of the figure, the lowest first."""
        return list(self.result.points_of(kind))

    @property
    def reached(self) -> CriticalPoint:
        """The critical point that the run came to."""
        if self.run.reached is None:
            raise NothingToSayError(
                f"the run has come to no critical point: it {outcome(self.run)}"
            )
        return self.run.reached

    @property
    def minimum(self) -> CriticalPoint:
        """The minimum that the run came to, or else the one that is nearest to its end."""
        if self.run.verdict.place == "minimum":
            return self.reached
        if not (minima := self.all("minimum")):
            raise NothingToSayError("the frame has no minimum")
        end = self.run.trajectory.points[-1]
        return min(minima, key=lambda minimum: float(np.hypot(*(end - minimum.point))))


MARKED = {"minimum": "minima", "saddle": "saddles", "maximum": "maxima"}
"""Kinds of critical points, one and several."""


@dataclass(frozen=True)
class Phrase:
    """Words with numbers and mathematics among them."""

    parts: Said


Value = str | int | float | Point | Tex | Phrase


@dataclass(frozen=True)
class Quantity:
    """Something that can be asked for.

    Attributes
    ----------
    help : str
        What it is, for the guide.
    heading : tuple
        What stands above a column of it.
    of : callable
        Works it out.
    """

    help: str
    heading: Said
    of: Callable[[Asked], Value]


def _largest_stable_rate(asked: Asked) -> float:
    rate = asked.minimum.largest_stable_rate
    if rate is None:
        raise NothingToSayError("at this minimum no curvature limits the learning rate")
    return rate


def _condition_number(asked: Asked) -> float:
    number = asked.minimum.condition_number
    if np.isnan(number):
        raise NothingToSayError("at this minimum the curvature vanishes, or there is none")
    return number


def _period(asked: Asked) -> int:
    if asked.run.verdict.period is None:
        raise NothingToSayError(f"the run has no period: it {outcome(asked.run)}")
    return asked.run.verdict.period


def _clip_step(asked: Asked) -> int:
    if asked.run.verdict.clip_step is None:
        raise NothingToSayError("no box has ever held the run")
    return asked.run.verdict.clip_step


def _batch(asked: Asked) -> int:
    if asked.run.method.batch is None:
        raise NothingToSayError("its gradients are taken over all rows")
    return asked.run.method.batch


def _rate_at(asked: Asked) -> float:
    factors = asked.run.method.schedule.factors(asked.run.method.steps)
    return asked.run.lr * float(factors[asked.update - 1])


def _fall(asked: Asked) -> float:
    losses = asked.run.trajectory.losses
    return float(losses[asked.update - 1] - losses[asked.update])


def _predicted_fall(asked: Asked) -> float:
    gradient = asked.run.trajectory.gradients[asked.update - 1]
    return _rate_at(asked) * float(gradient @ gradient)


def _step_length(asked: Asked) -> float:
    points = asked.run.trajectory.points
    return float(np.hypot(*(points[asked.update] - points[asked.update - 1])))


def _rises(asked: Asked) -> int:
    first, last = asked.span
    with np.errstate(invalid="ignore"):  # a run that has overflowed goes on as ∞ − ∞
        return int((np.diff(asked.run.trajectory.losses[first : last + 1]) > 0).sum())


def _extreme(asked: Asked, of: Callable[..., Any]) -> float:
    first, last = asked.span
    losses = asked.run.trajectory.losses[first : last + 1]
    known = losses[~np.isnan(losses)]
    return float(of(known)) if len(known) else float("nan")


def _distance(asked: Asked) -> float:
    return float(np.hypot(*(asked.at(asked.run.trajectory.points) - asked.minimum.point)))


def _point(values: np.ndarray[Any, Any]) -> Point:
    return float(values[0]), float(values[1])


_NORM = Tex(r"\lVert \nabla L \rVert", "‖∇L‖")

OF_RUNS: dict[str, Quantity] = {
    "verdict": Quantity(
        "what the run did, in a word or two",
        ("Verdict",),
        lambda asked: KIND_NAMES[asked.run.verdict.kind],
    ),
    "outcome": Quantity(
        "what the run did, in a sentence without its subject",
        ("Outcome",),
        lambda asked: outcome(asked.run),
    ),
    "step": Quantity(
        "the step from which the verdict holds", ("Step",), lambda asked: asked.run.verdict.step
    ),
    "period": Quantity("after how many steps an oscillation repeats", ("Period",), _period),
    "clip-step": Quantity(
        "the first step at which the box held the run", ("First held",), _clip_step
    ),
}
"""What a run did."""

OF_STEPS: dict[str, Quantity] = {
    "loss": Quantity(
        "the loss",
        ("loss",),
        lambda asked: float(asked.at(asked.run.trajectory.losses)),
    ),
    "gradient-norm": Quantity(
        "the length of the gradient",
        (_NORM,),
        lambda asked: float(np.hypot(*asked.at(asked.run.trajectory.gradients))),
    ),
    "gradient": Quantity(
        "the gradient",
        (Tex(r"\nabla L", "∇L"),),
        lambda asked: _point(asked.at(asked.run.trajectory.gradients)),
    ),
    "point": Quantity(
        "the iterate",
        (Tex(r"\theta", "θ"),),
        lambda asked: _point(asked.at(asked.run.trajectory.points)),
    ),
    "x": Quantity(
        "its first parameter",
        (Tex(r"\theta_1", "θ₁"),),
        lambda asked: float(asked.at(asked.run.trajectory.points)[0]),
    ),
    "y": Quantity(
        "its second parameter",
        (Tex(r"\theta_2", "θ₂"),),
        lambda asked: float(asked.at(asked.run.trajectory.points)[1]),
    ),
    "index": Quantity("the number of the step itself", ("step",), lambda asked: asked.step),
    "distance": Quantity(
        "how far it is from the minimum: the one that the run came to, or the nearest to its end",
        ("distance",),
        _distance,
    ),
    "fall": Quantity("by how much the step lowered the loss", ("fall",), _fall),
    "predicted-fall": Quantity(
        "by how much it would have on a plane: the rate times the gradient norm squared",
        ("predicted fall",),
        _predicted_fall,
    ),
    "step-length": Quantity("how long the step was", ("step length",), _step_length),
    "rate": Quantity(
        "the learning rate of the step, as the schedule has it",
        ("rate",),
        lambda asked: Given(_rate_at(asked)),
    ),
    "lowest": Quantity(
        "the lowest loss of all steps, or from one step to another as in step=25..50",
        ("Lowest loss",),
        lambda asked: _extreme(asked, np.min),
    ),
    "highest": Quantity(
        "the highest loss", ("Highest loss",), lambda asked: _extreme(asked, np.max)
    ),
    "rises": Quantity("how many steps raised the loss", ("Rises",), _rises),
}
"""Where a run was at a step, or in a stretch of steps."""

OF_SETTINGS: dict[str, Quantity] = {
    "setting": Quantity(
        "what tells the run from the others",
        ("Run",),
        lambda asked: _name_of(asked),
    ),
    "lr": Quantity("its learning rate", (Tex(r"\eta", "η"),), lambda asked: Given(asked.run.lr)),
    "optimizer": Quantity(
        "its optimizer", ("Optimizer",), lambda asked: asked.run.method.optimizer.title
    ),
    "start": Quantity(
        "its start",
        ("Start",),
        lambda asked: _given_point(asked.run.start),
    ),
    "noise": Quantity(
        "the standard deviation of the noise on its gradients",
        ("Noise",),
        lambda asked: Given(asked.run.method.noise),
    ),
    "batch": Quantity("how many rows each gradient is taken over", ("Batch",), _batch),
    "tolerance": Quantity(
        "the gradient norm below which a run counts as arrived",
        ("Tolerance",),
        lambda asked: Given(tolerance(asked.loss)),
    ),
    "steps": Quantity(
        "how many steps it has", ("Steps",), lambda asked: asked.result.experiment.steps
    ),
    "runs": Quantity(
        "how many runs the figure has", ("Runs",), lambda asked: len(asked.result.runs)
    ),
}
"""What was asked of a run."""

OF_LOSSES: dict[str, Quantity] = {
    "formula": Quantity(
        "the formula of the loss",
        ("Loss",),
        lambda asked: Tex(asked.loss.tex, asked.loss.description),
    ),
    "reached": Quantity(
        "the critical point that the run came to",
        ("Reached",),
        lambda asked: asked.reached.point,
    ),
    "reached-loss": Quantity("the loss there", ("Loss reached",), lambda asked: asked.reached.loss),
    "largest-stable-rate": Quantity(
        "the learning rate above which plain descent is repelled by the minimum",
        ("Largest stable rate",),
        _largest_stable_rate,
    ),
    "condition-number": Quantity(
        "the condition number at the minimum",
        ("Condition number",),
        _condition_number,
    ),
    **{
        kind: Quantity(
            f"a {kind} in the frame; nth=2 is the second lowest",
            (kind.capitalize(),),
            lambda asked, kind=kind: asked.nth(kind).point,  # type: ignore[misc]
        )
        for kind in MARKED
    },
    **{
        f"{kind}-loss": Quantity(
            "the loss there",
            (f"Loss at the {kind}",),
            lambda asked, kind=kind: asked.nth(kind).loss,  # type: ignore[misc]
        )
        for kind in MARKED
    },
    **{
        plural: Quantity(
            f"how many {plural} the frame has",
            (plural.capitalize(),),
            lambda asked, kind=kind: len(asked.all(kind)),  # type: ignore[misc]
        )
        for kind, plural in MARKED.items()
    },
}
"""What is known of the loss, and of the places that runs come to."""

QUANTITIES = {**OF_RUNS, **OF_STEPS, **OF_SETTINGS, **OF_LOSSES}
"""All that can be asked for, by the names that authors use."""

OVER_STEPS = {"rises", "lowest", "highest"}
"""Quantities of a stretch of steps."""
AT_A_STEP = OF_STEPS.keys() - OVER_STEPS
"""Quantities that a run has at each step."""
NUMBERED = {*MARKED, *(f"{kind}-loss" for kind in MARKED)}
"""Quantities of which there may be several."""


def _name_of(asked: Asked) -> Phrase:
    experiment, run = asked.result.experiment, asked.run
    said: list[Said] = []
    if name := experiment.name_of(run.method, with_rate=False):
        said.append((name,))
    if len({method.lr for method in experiment.methods}) > 1:
        rate = given(run.lr)
        said.append((Tex(rf"\eta = {rate.tex}", f"η = {rate.plain}"),))
    if len(experiment.start) > 1:
        said.append((f"({setting(run.start[0])}, {setting(run.start[1])})",))
    parts = [part for item in said for part in (", ", *item)]
    return Phrase(tuple(parts[1:]) or (run.method.optimizer.title,))


def _given_point(point: Point) -> Point:
    return Given(point[0]), Given(point[1])


def answer(result: Result, question: Question) -> Said:
    """What is to be said to a question.

    Raises
    ------
    GdvizError
        If there is no such quantity, run or step, or the run has nothing of the kind.
    """
    value = worth(result, question)
    if isinstance(value, tuple):
        x, y = (_numeral(part, question.form) for part in value)
        return "(", x, ", ", y, ")"
    if isinstance(value, (int, float)):
        return (_numeral(value, question.form),)
    if question.form:
        raise GdvizError(f"{question.quantity} is no number; leave out “:{question.form}”")
    return value.parts if isinstance(value, Phrase) else (value,)


def _numeral(value: float, form: str) -> Numeral:
    return given(value) if isinstance(value, Given) and not form else measured(value, form)


def worth(result: Result, question: Question) -> Value:
    """The value that is asked for; errors are those of :func:`answer`."""
    name, asked = question.quantity, Asked(result, question)
    _check(question)
    if name in QUANTITIES:
        return QUANTITIES[name].of(asked)
    settings = asked.run.method.optimizer.values if result.runs else {}
    if name in settings:
        return Given(settings[name])
    near = did_you_mean(name, (*QUANTITIES, *settings)) or ";"
    there = ", ".join((*QUANTITIES, *settings))
    raise GdvizError(f"{quote(name)} is not a quantity{near} there are {there}")


def _check(question: Question) -> None:
    """Raise GdvizError where a part of a question has no meaning for its quantity."""
    name = question.quantity
    if name not in QUANTITIES:
        return
    if question.steps and name not in OF_STEPS:
        raise GdvizError(f"{name} is not asked for at a step; leave out step=")
    if question.nth > 1 and name not in NUMBERED:
        raise GdvizError(f"there is one {name} only; leave out nth=")


def heading(question: Question) -> Said:
    """What stands above a column of answers."""
    if question.quantity not in QUANTITIES:
        return (question.quantity.replace("_", " ").capitalize(),)
    said = QUANTITIES[question.quantity].heading
    if question.quantity not in AT_A_STEP:
        return said
    if question.steps:
        first = said[0].capitalize() if isinstance(said[0], str) else said[0]
        return (first, *said[1:], f" at step {question.steps[0]}")
    return "Final ", *said


def plain(said: Said) -> str:
    """What is said, as plain text."""
    return "".join(part if isinstance(part, str) else part.plain for part in said)

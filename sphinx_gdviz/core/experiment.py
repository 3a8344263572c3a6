"""The experiment: what to run and how to show it, as one frozen value with one key."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from functools import cached_property
from typing import Any, Literal, NamedTuple, get_args

from ..messages import setting
from .descent.constraint import Constraint
from .descent.maps import Axis
from .descent.run import DEFAULT_LR, DEFAULT_START, DEFAULT_STEPS, Method
from .engine import ENGINE, versions
from .losses.base import Loss, Range
from .losses.logistic import LogisticRegression
from .losses.named import DEFAULT_LOSS, LOSSES
from .losses.regression import Model
from .methods.optimizer import Optimizer
from .methods.schedules import Schedule
from .places import ModelAt, Note, Place, Point
from .scale import ScaleKind
from .views import VIEWS, View

SHARED = ("steps", "schedule", "clip", "constraint", "noise", "batch", "seed")
"""Settings of a :class:`Method` that all runs share, if they are not listed one by one."""
Unit = Literal["step", "epoch"]
UNITS: tuple[Unit, ...] = get_args(Unit)
Aspect = Literal["equal", "fill"]
ASPECTS: tuple[Aspect, ...] = get_args(Aspect)
TO_SCALE = 6.0
"""A frame whose sides differ by more than this factor is not drawn to scale."""

Style = str | tuple[tuple[str, Any], ...]
"""The name of a style sheet of Matplotlib, or settings of Matplotlib with their values."""
PADDING = 0.06
"""Padding around the runs in a frame that they have made larger, as a share of its size."""
MARKS = {"minima": "minimum", "saddles": "saddle", "maxima": "maximum"}
"""Marks that an author can ask for, and the kind of critical point of each."""


class Descent(NamedTuple):
    """One run that is asked for."""

    method: Method
    start: Point


@dataclass(frozen=True)
class Panel:
    """One picture of a figure: a view of the runs by some of the methods."""

    view: View
    methods: tuple[Method, ...]
    title: str


@dataclass(frozen=True)
class Experiment:
    """Request for runs and for a figure of them.

    Attributes
    ----------
    loss : Loss
        The loss to descend.
    optimizers : tuple of Optimizer
        Update rules with their settings.
    lr : tuple of float
        Learning rates; each is run from each start with each optimizer that has none of its own.
    start : tuple of points
        Starting points; empty for the usual one.
    runs : tuple of Descent
        Runs with settings of their own, in place of each optimizer with each rate from each
        start; empty for these. See :meth:`with_runs`.
    others : tuple of Experiment
        The same on further losses, in the same figure: curves of all share a panel.
    steps : int
        Updates in a run; 0 for the loss alone, without a run.
    schedule : Schedule
        The change of the learning rate.
    clip : tuple of float or None
        Box that the coordinates are held in.
    constraint : Constraint or None
        Set that the parameters are projected onto after each update.
    noise : float
        Standard deviation of the noise on each component of a gradient.
    batch : int or None
        Rows of the loss's data that each gradient is taken over; None for all.
    seed : int
        Of noise and batches.
    views : tuple of str
        Names of :data:`VIEWS` to draw. With several methods (optimizers or rates) each view has a
        panel for each, but for curves. Empty for the usual: surface and contours of one
        method, contours of several; the graph of a loss of one parameter, and the loss against
        the step of one of more than two.
    against : str
        The unit of progress of curves: ``"step"``, or ``"epoch"`` for one pass over the data.
    overlay : bool
        True for all runs in one panel of each view.
    sweep : tuple of Axis
        Settings that change across a sweep, and up one of outcomes; what is left out
        is the usual: the learning rate, and the start's last coordinate.
    titles : tuple of str
        A title for each panel, in which ``{lr}`` and ``{optimizer}`` stand for those of its runs;
        an empty one, or none at all, is made from the settings.
    xlim, ylim : tuple of float or None
        The frame; None for the loss's own domain. Of a graph `ylim` is the range of the loss.
    levels : int or None
        Number of isolines; None for what suits the loss.
    scale : str or None
        Spacing of isolines, colours and heights, of :data:`SCALES`; None for what suits the
        loss.
    aspect : str or None
        ``"equal"`` for maps with the same unit on both axes, ``"fill"`` for square ones; None for
        what suits the frame.
    camera : tuple of float or None
        Azimuth and elevation in degrees; None for one from which much of the surface is seen.
    marks : tuple of str
        Critical points to mark, of :data:`MARKS`.
    arrows : tuple of Place
        Places with an arrow of the negative gradient and the level set through them.
    models : tuple of ModelAt
        Models of the loss at places: tangents, quadratic models and chords.
    notes : tuple of Note
        Texts at places.
    numbers : tuple of int or None
        The first and the last step of the iterates that have their numbers beside them.
    names : tuple of str
        Names of the parameters, and of the loss behind them, at the axes; an empty one, or none,
        is the usual.
    width : str
        The width to draw at: a length in inches, such as ``"3.5in"``, or a share of the usual
        width, such as ``"66%"``.
    style : str or tuple
        Changes to the default style: a :data:`Style`.
    label : str
        Name of the loss in the titles of a figure of several.
    """

    loss: Loss = LOSSES[DEFAULT_LOSS]
    optimizers: tuple[Optimizer, ...] = (Optimizer(),)
    lr: tuple[float, ...] = (DEFAULT_LR,)
    start: tuple[Point, ...] = ()
    runs: tuple[Descent, ...] = ()
    others: tuple[Experiment, ...] = ()
    steps: int = DEFAULT_STEPS
    schedule: Schedule = Schedule()
    clip: Range | None = None
    constraint: Constraint | None = None
    noise: float = 0.0
    batch: int | None = None
    seed: int = 0
    views: tuple[str, ...] = ()
    against: Unit = "step"
    overlay: bool = False
    sweep: tuple[Axis, ...] = ()
    titles: tuple[str, ...] = ()
    xlim: Range | None = None
    ylim: Range | None = None
    levels: int | None = None
    scale: ScaleKind | None = None
    aspect: Aspect | None = None
    camera: tuple[float, float] | None = None
    marks: tuple[str, ...] = ()
    arrows: tuple[Place, ...] = ()
    models: tuple[ModelAt, ...] = ()
    notes: tuple[Note, ...] = ()
    numbers: tuple[int, int] | None = None
    names: tuple[str, ...] = ()
    width: str = "100%"
    style: Style = ""
    label: str = ""

    def __post_init__(self) -> None:
        if not self.start:
            object.__setattr__(self, "start", ((DEFAULT_START,) * self.loss.dimension,))

    @property
    def parts(self) -> tuple[Experiment, ...]:
        """Itself and the others: one for each loss."""
        return self, *self.others

    @cached_property
    def key(self) -> str:
        """Name of everything made from this experiment: its content, and what computes it."""
        loss = self.loss
        content = {
            **{f.name: getattr(self, f.name) for f in fields(self) if f.name != "loss"},
            "loss": [type(loss).__name__, loss.content, *self.frame, loss.xlim, loss.ylim],
            "name": loss.description,
            "looks": [self.contours, self.camera or loss.camera],
            "optimizers": [asdict(optimizer) for optimizer in self.optimizers],
            "others": [other.key for other in self.others],
            "runs": [[asdict(method), start] for method, start in self.runs],
            "schedule": asdict(self.schedule),
            "sweep": [asdict(axis) for axis in self.sweep],
            "constraint": self.constraint and asdict(self.constraint),
            "engine": ENGINE,
            **versions(),
        }
        canonical = json.dumps(content, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()[:32]

    @property
    def frame(self) -> tuple[Range, ...]:
        """The author's ranges of the parameters that are drawn, or else the loss's own.

        Of one parameter the loss's own grows to both sides until all starts are in it.
        """
        if self.loss.dimension > 1:
            return self.xlim or self.loss.xlim, self.ylim or self.loss.ylim
        low, high = self.loss.xlim
        middle, half = (low + high) / 2, (high - low) / 2
        farthest = max(abs(start[0] - middle) for start in self.start) if self.steps else 0.0
        grown = (1 + PADDING) * farthest
        is_inside = farthest <= half
        return (self.xlim or ((low, high) if is_inside else (middle - grown, middle + grown)),)

    def aspect_of(self, frame: tuple[Range, ...]) -> float:
        """Height of the map of a frame for its width: to scale, if it is not too long for that.

        The angle between a step and the isolines is a right one only where units are equal.
        """
        if len(frame) < 2:
            return 1.0
        (x0, x1), (y0, y1) = frame
        ratio = (y1 - y0) / (x1 - x0)
        is_equal = self.aspect == "equal" or 1 / TO_SCALE <= ratio <= TO_SCALE
        return ratio if is_equal and self.aspect != "fill" else 1.0

    @property
    def has_data_panel(self) -> bool:
        """True if the rows of the loss's data can be drawn, with a model of them."""
        most = 2 if isinstance(self.loss, LogisticRegression) else 1
        return isinstance(self.loss, Model) and len(self.loss.data.inputs) <= most

    @property
    def contours(self) -> int:
        """The number of isolines that are drawn."""
        return self.levels or self.loss.levels

    def with_runs(self, others: Sequence[Experiment]) -> Experiment:
        """This experiment, but with the runs of others on the same loss.

        What all of them share, a number of steps say, is that of the whole.
        """
        runs = tuple(descent for other in others for descent in other.descents)
        methods = [method for method, _ in runs]
        shared = {
            name: getattr(methods[0], name)
            for name in SHARED
            if len({getattr(method, name) for method in methods}) == 1
        }
        return replace(
            self,
            **{"steps": max(method.steps for method in methods), **shared},
            runs=runs,
            optimizers=tuple(dict.fromkeys(method.optimizer for method in methods)),
            lr=tuple(dict.fromkeys(method.lr for method in methods)),
            start=tuple(dict.fromkeys(start for _, start in runs)),
        )

    @cached_property
    def descents(self) -> tuple[Descent, ...]:
        """The runs: optimizer by optimizer, rate by rate, start by start; or as they are listed.

        Without steps there are none.
        """
        if self.runs or not self.steps:
            return self.runs
        shared = [getattr(self, name) for name in SHARED]
        return tuple(
            Descent(Method(optimizer, lr, *shared), start)
            for optimizer in self.optimizers
            for lr in (self.lr if optimizer.lr is None else (optimizer.lr,))
            for start in self.start
        )

    @cached_property
    def methods(self) -> tuple[Method, ...]:
        """The ways to descend, in the order of the runs."""
        return tuple(dict.fromkeys(method for method, _ in self.descents))

    @cached_property
    def differences(self) -> tuple[str, ...]:
        """The settings besides optimizer and rate in which the methods differ, of `SHARED`."""
        return tuple(
            name for name in SHARED if len({getattr(method, name) for method in self.methods}) > 1
        )

    @cached_property
    def panels(self) -> tuple[Panel, ...]:
        """The panels in reading order: the views in turn, each with its methods."""
        several = len(self.methods) > 1
        usual = {1: ("graph",), 2: ("contour",) if several else ("surface", "contour")}
        names = self.views or usual.get(self.loss.dimension, ("loss",))
        views = [VIEWS[name].against(self.against) for name in names]
        panels = [(view, group) for view in views for group in self._groups(view)]
        titles = self.titles or ("",) * len(panels)
        return tuple(
            Panel(view, group, _filled(title, group) or self._title(view, group))
            for (view, group), title in zip(panels, titles, strict=True)
        )

    def _groups(self, view: View) -> list[tuple[Method, ...]]:
        """The methods that each panel of a view shows."""
        if not self.steps or view.is_shared or (self.overlay and not view.has_map):
            return [self.methods]
        if "lr" in [axis.name for axis in self.axes(view)]:
            return [
                tuple(method for method in self.methods if method.optimizer == optimizer)
                for optimizer in self.optimizers
            ]
        return [(method,) for method in self.methods]

    def _title(self, view: View, group: tuple[Method, ...]) -> str:
        if self.label and not view.is_shared:
            several = len(self._groups(view)) > 1
            return ", ".join([self.label, *([self.name_of(group[0])] if several else [])])
        if len(self._groups(view)) == 1:
            return view.title if self.steps or view.plane != "graph" else "Loss"
        if len({method.optimizer for method in self.methods}) == 1 and not self.differences:
            return f"Learning rate {setting(group[0].lr)}"
        changes = {axis.name for axis in self.axes(view)}
        return self.name_of(group[0], with_rate="lr" not in changes)

    def name_of(self, method: Method, *, with_rate: bool = True) -> str:
        """The settings that tell a method from the others of the experiment."""
        optimizers, optimizer = {m.optimizer for m in self.methods}, method.optimizer
        name = ""
        if len(optimizers) > 1:
            name = optimizer.title
            # Those of one rule may differ in their learning rates alone.
            if len({other.settings for other in optimizers if other.name == optimizer.name}) > 1:
                settings = ", ".join(f"{key} {setting(value)}" for key, value in optimizer.settings)
                name += f" ({settings or 'usual settings'})"
        parts = [name] if name else []
        if with_rate and len({m.lr for m in self.methods}) > 1:
            parts.append(f"η = {setting(method.lr)}")
        return ", ".join(parts + self.told(method) * with_rate)

    def told(self, method: Method) -> list[str]:
        """The settings of a method that are in :attr:`differences`, with their names."""
        return [_told(name, getattr(method, name)) for name in self.differences]

    @property
    def across(self) -> Axis:
        """The setting that changes across a sweep."""
        return self.sweep[0] if self.sweep else Axis("lr", 0.01, 1.0)

    @property
    def up(self) -> Axis:
        """The setting that changes up a map of outcomes."""
        last = self.loss.dimension - 1
        ranges = *self.frame, *self.loss.domain[2:]
        usual = Axis(self.loss.parameters[last], *ranges[last])
        return self.sweep[1] if len(self.sweep) > 1 else usual

    def axes(self, view: View) -> tuple[Axis, ...]:
        """The settings that change in a view."""
        return (self.across, self.up)[: view.swept]


def _told(name: str, value: Any) -> str:
    """A setting of a run in which it differs from others."""
    match name, value:
        case "steps", int():
            return f"{value} step{'s' * (value != 1)}"
        case "schedule", Schedule():
            return value.kind
        case "batch", None:
            return "all rows"
        case (("clip" | "constraint"), None):
            return f"no {name}"
        case "constraint", Constraint():
            return f"in {value}"
        case "clip", (low, high):
            return f"clip {setting(low)}, {setting(high)}"
    return f"{name} {setting(value)}"


def _filled(title: str, methods: tuple[Method, ...]) -> str:
    """A title with the settings of a panel in it."""
    values = {
        "{lr}": [setting(method.lr) for method in methods],
        "{optimizer}": [method.optimizer.title for method in methods],
    }
    for name, texts in values.items():
        title = title.replace(name, ", ".join(dict.fromkeys(texts)))
    return title

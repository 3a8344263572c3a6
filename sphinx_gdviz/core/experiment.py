"""The experiment: what to run and how to show it, as one frozen value with one key."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from typing import Any, Literal, get_args

from ..messages import setting
from .descent.maps import CELLS, RATES, STARTS, Axis
from .descent.run import DEFAULT_LR, DEFAULT_START, DEFAULT_STEPS, Method
from .engine import ENGINE, versions
from .losses.base import Loss, Range
from .losses.named import DEFAULT_LOSS, LOSSES
from .methods.optimizer import Optimizer
from .methods.schedules import Schedule
from .scale import ScaleKind

Point = tuple[float, ...]
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


@dataclass(frozen=True)
class View:
    """A kind of panel; all code that depends on the view reads it from here.

    Attributes
    ----------
    name : str
        The view in the option ``view``.
    title : str
        Title of the panel where the view has one only.
    plane : str
        The space of the panel: the ``"box"`` of two parameters and the loss, the ``"frame"`` of two
        parameters, the ``"graph"`` of a loss over one, a quantity against the ``"step"``, or the
        result of a ``"sweep"``.
    alt : str
        The view in an alternative text.
    description : str
        The view in a long description; empty for a map, which is described by its numbers.
    quantity : str
        Quantity of a curve, as the label of its axis; empty for all others.
    swept : int
        Number of settings that change across the view.
    descents : int
        Number of descents in the map of the view; 0 for a view that shows the runs only.
    """

    name: str
    title: str
    plane: Literal["box", "frame", "graph", "step", "sweep"]
    alt: str
    description: str = ""
    quantity: str = ""
    swept: int = 0
    descents: int = 0

    @property
    def dimension(self) -> int | None:
        """The number of parameters that a loss must have; None for any number."""
        return {"box": 2, "frame": 2, "graph": 1}.get(self.plane)

    @property
    def is_curve(self) -> bool:
        """True for a view of all runs against the step, in one panel."""
        return self.plane == "step"

    @property
    def is_sweep(self) -> bool:
        """True for a view of descents with other settings than those of the runs."""
        return self.plane == "sweep"

    @property
    def has_map(self) -> bool:
        """True for a view of a map of many descents."""
        return self.descents > 0

    @property
    def is_coloured(self) -> bool:
        """True for a view of the frame from above, in the colours of the loss."""
        return self.plane == "frame" and not self.has_map


def _curve(name: str, quantity: str, shown: str) -> View:
    """A view of all runs against the step."""
    against = "against the step"
    alt, description = f"the {quantity.lower()} {against}", f"the {shown} of each run {against}"
    return View(name, f"{quantity} against step", "step", alt, description, quantity)


_VIEWS = (
    View(
        "surface",
        "Loss surface",
        "box",
        "the loss surface",
        "the loss as a surface, seen from above at a slant",
    ),
    View(
        "contour", "Contours", "frame", "contours", "the loss as isolines, darker where it is lower"
    ),
    View(
        "arrows",
        "Downhill directions",
        "frame",
        "arrows of the negative gradient",
        "the isolines with arrows that point downhill",
    ),
    View("basins", "Where each start ends", "frame", "basins", descents=STARTS**2),
    View("graph", "Loss and iterates", "graph", "the graph", "the loss as a curve"),
    _curve("loss", "Loss", "loss"),
    _curve("gradient", "Gradient norm", "length of the gradient"),
    _curve("rate", "Learning rate", "learning rate"),
    View(
        "outcomes", "What runs do", "sweep", "the outcomes of many runs", swept=2, descents=CELLS**2
    ),
    View(
        "bifurcation",
        "Where the iterates settle",
        "sweep",
        "the later iterates of many runs",
        swept=1,
        descents=RATES,
    ),
)
VIEWS = {view.name: view for view in _VIEWS}
"""All views by name, in the order in which they are listed for authors."""


def views_of(dimension: int) -> tuple[str, ...]:
    """The names of the views that can show a loss of so many parameters."""
    return tuple(view.name for view in _VIEWS if view.dimension in (None, dimension))


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
    steps : int
        Updates in a run.
    schedule : Schedule
        The change of the learning rate.
    clip : tuple of float or None
        Box that the coordinates are held in.
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
    width : str
        The width to draw at: a length in inches, such as ``"3.5in"``, or a share of the usual
        width, such as ``"66%"``.
    style : str or tuple
        Changes to the default style: a :data:`Style`.
    """

    loss: Loss = LOSSES[DEFAULT_LOSS]
    optimizers: tuple[Optimizer, ...] = (Optimizer(),)
    lr: tuple[float, ...] = (DEFAULT_LR,)
    start: tuple[Point, ...] = ()
    steps: int = DEFAULT_STEPS
    schedule: Schedule = Schedule()
    clip: Range | None = None
    noise: float = 0.0
    batch: int | None = None
    seed: int = 0
    views: tuple[str, ...] = ()
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
    width: str = "100%"
    style: Style = ""

    def __post_init__(self) -> None:
        if not self.start:
            object.__setattr__(self, "start", ((DEFAULT_START,) * self.loss.dimension,))

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
            "schedule": asdict(self.schedule),
            "sweep": [asdict(axis) for axis in self.sweep],
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
        farthest = max(abs(start[0] - middle) for start in self.start)
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
    def contours(self) -> int:
        """The number of isolines that are drawn."""
        return self.levels or self.loss.levels

    @cached_property
    def methods(self) -> tuple[Method, ...]:
        """The ways to descend: optimizer by optimizer, rate by rate."""
        shared = self.steps, self.schedule, self.clip, self.noise, self.batch, self.seed
        return tuple(
            Method(optimizer, lr, *shared)
            for optimizer in self.optimizers
            for lr in (self.lr if optimizer.lr is None else (optimizer.lr,))
        )

    @cached_property
    def panels(self) -> tuple[Panel, ...]:
        """The panels in reading order: the views in turn, each with its methods."""
        several = len(self.methods) > 1
        usual = {1: ("graph",), 2: ("contour",) if several else ("surface", "contour")}
        names = self.views or usual.get(self.loss.dimension, ("loss",))
        views = map(VIEWS.__getitem__, names)
        panels = [(view, group) for view in views for group in self._groups(view)]
        titles = self.titles or ("",) * len(panels)
        return tuple(
            Panel(view, group, _filled(title, group) or self._title(view, group))
            for (view, group), title in zip(panels, titles, strict=True)
        )

    def _groups(self, view: View) -> list[tuple[Method, ...]]:
        """The methods that each panel of a view shows."""
        if view.is_curve or (self.overlay and not view.has_map):
            return [self.methods]
        if "lr" in [axis.name for axis in self.axes(view)]:
            return [
                tuple(method for method in self.methods if method.optimizer == optimizer)
                for optimizer in self.optimizers
            ]
        return [(method,) for method in self.methods]

    def _title(self, view: View, group: tuple[Method, ...]) -> str:
        if len(self._groups(view)) == 1:
            return view.title
        if len({method.optimizer for method in self.methods}) == 1:
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
        if with_rate and len({m.lr for m in self.methods}) > 1:
            rate = f"η = {setting(method.lr)}"
            name = f"{name}, {rate}" if name else rate
        return name

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


def _filled(title: str, methods: tuple[Method, ...]) -> str:
    """A title with the settings of a panel in it."""
    values = {
        "{lr}": [setting(method.lr) for method in methods],
        "{optimizer}": [method.optimizer.title for method in methods],
    }
    for name, texts in values.items():
        title = title.replace(name, ", ".join(dict.fromkeys(texts)))
    return title

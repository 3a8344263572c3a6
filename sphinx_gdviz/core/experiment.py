"""The experiment: what to run and how to show it, as one frozen value with one key."""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import asdict, dataclass
from functools import cache, cached_property
from importlib.metadata import version
from typing import Literal, get_args

import numpy as np

from .descent import DEFAULT_LR, DEFAULT_START, DEFAULT_STEPS, Trajectory, descend
from .losses import DEFAULT_LOSS, Loss, Range, find_loss
from .verdict import Verdict

View = Literal["surface", "contour", "arrows", "loss", "gradient"]
VIEWS: tuple[View, ...] = get_args(View)
CURVES = ("loss", "gradient")
"""Views against the step, which show all runs in one panel."""
Mark = Literal["minima", "saddles", "maxima"]
MARKS: tuple[Mark, ...] = get_args(Mark)
ScaleKind = Literal["linear", "log"]
SCALES: tuple[ScaleKind, ...] = get_args(ScaleKind)
Point = tuple[float, float]

ENGINE = 2
"""Raise it when the same experiment would give another result or another picture."""

_TITLES: dict[View, str] = {
    "surface": "Loss surface",
    "contour": "Contours",
    "arrows": "Downhill directions",
    "loss": "Loss against step",
    "gradient": "Gradient norm against step",
}


@dataclass(frozen=True)
class Panel:
    """One picture of a figure: a view of the runs with one learning rate, or of all runs."""

    view: View
    lr: float | None
    title: str


@dataclass(frozen=True)
class Experiment:
    """What to run and how to show it.

    Attributes
    ----------
    loss : str
        A formula, or the name of a loss.
    lr : tuple of float
        Learning rates; each is run from each start.
    start : tuple of points
        Starting points.
    steps : int
        Updates in a run.
    clip : tuple of float or None
        Box that the coordinates are held in.
    views : tuple of str
        What to draw, of :data:`VIEWS`. With several learning rates each view has a panel for each,
        but for :data:`CURVES`. Empty for the usual: surface and contours of one rate, contours of
        several.
    overlay : bool
        Whether each view shows all runs in one panel.
    titles : tuple of str
        A title for each panel; an empty one, or none at all, is made from the settings.
    xlim, ylim : tuple of float or None
        The frame; None for the loss's own domain.
    levels : int
        Number of contours.
    scale : str or None
        How isolines, colours and heights are spaced, of :data:`SCALES`; None for what suits the
        loss.
    camera : tuple of float or None
        Azimuth and elevation in degrees; None for one from which much of the surface is seen.
    marks : tuple of str
        Critical points to mark, of :data:`MARKS`.
    width : str
        The width to draw at: a length in inches, such as ``"3.5in"``, or a share of the usual
        width, such as ``"66%"``.
    style : str
        A Matplotlib style sheet: the name of one that comes with Matplotlib, or the text of one.
    """

    loss: str = DEFAULT_LOSS
    lr: tuple[float, ...] = (DEFAULT_LR,)
    start: tuple[Point, ...] = (DEFAULT_START,)
    steps: int = DEFAULT_STEPS
    clip: Range | None = None
    views: tuple[View, ...] = ()
    overlay: bool = False
    titles: tuple[str, ...] = ()
    xlim: Range | None = None
    ylim: Range | None = None
    levels: int = 20
    scale: ScaleKind | None = None
    camera: tuple[float, float] | None = None
    marks: tuple[Mark, ...] = ()
    width: str = "100%"
    style: str = ""

    @cached_property
    def key(self) -> str:
        """Name of everything made from this experiment: its content, and what computes it."""
        content = {
            "experiment": asdict(self),
            "engine": ENGINE,
            **_versions(),
        }
        canonical = json.dumps(content, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()[:32]

    @cached_property
    def function(self) -> Loss:
        """The loss itself; raises FormulaError for text that is neither formula nor name."""
        return find_loss(self.loss)

    @property
    def frame(self) -> tuple[Range, Range]:
        """The ranges of x and y that are drawn."""
        return self.xlim or self.function.xlim, self.ylim or self.function.ylim

    @property
    def panels(self) -> tuple[Panel, ...]:
        """The panels in reading order: the views in turn, each with its learning rates."""
        several = len(self.lr) > 1
        views = self.views or (("contour",) if several else ("surface", "contour"))
        panels = [
            Panel(view, lr, _TITLES[view] if lr is None else f"Learning rate {lr:.12g}")
            for view in views
            for lr in (self.lr if several and not self._joins(view) else (None,))
        ]
        titles = self.titles or ("",) * len(panels)
        return tuple(
            Panel(panel.view, panel.lr, title or panel.title)
            for panel, title in zip(panels, titles, strict=True)
        )

    def _joins(self, view: View) -> bool:
        """Whether a view shows the runs of all learning rates in one panel."""
        return self.overlay or view in CURVES

    def run(self) -> Result:
        """Run it: every learning rate from every start."""
        batch = descend(
            self.function,
            lr=np.array(self.lr)[:, np.newaxis],
            start=np.array(self.start),
            steps=self.steps,
            clip=self.clip,
        )
        return Result(
            self,
            tuple(
                Run(rate, start, batch[i, j], batch[i, j].verdict)
                for i, rate in enumerate(self.lr)
                for j, start in enumerate(self.start)
            ),
        )


@dataclass(frozen=True)
class Run:
    """One descent of an experiment, and what it did."""

    lr: float
    start: Point
    trajectory: Trajectory
    verdict: Verdict


@dataclass(frozen=True)
class Result:
    """An experiment and its runs, rate by rate and start by start."""

    experiment: Experiment
    runs: tuple[Run, ...]

    def runs_in(self, panel: Panel) -> tuple[Run, ...]:
        """The runs that a panel shows."""
        return tuple(run for run in self.runs if panel.lr in (None, run.lr))

    def to_bytes(self) -> bytes:
        """All that was computed, as a file that :meth:`from_bytes` reads."""
        arrays = {
            f"{name}_{index}": getattr(run.trajectory, name)
            for index, run in enumerate(self.runs)
            for name in _ARRAYS
        }
        verdicts = json.dumps([asdict(run.verdict) for run in self.runs])
        buffer = io.BytesIO()
        np.savez_compressed(buffer, verdicts=np.array(verdicts), **arrays)
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, experiment: Experiment, data: bytes) -> Result:
        """Read what :meth:`to_bytes` wrote for this experiment.

        Raises
        ------
        Exception
            Of many kinds, if the data is damaged.
        """
        settings = [(rate, start) for rate in experiment.lr for start in experiment.start]
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            verdicts = [Verdict(**fields) for fields in json.loads(str(file["verdicts"]))]
            runs = tuple(
                Run(
                    lr=rate,
                    start=start,
                    trajectory=Trajectory(
                        loss=experiment.function,
                        clip=experiment.clip,
                        **{name: file[f"{name}_{index}"] for name in _ARRAYS},
                    ),
                    verdict=verdict,
                )
                for index, ((rate, start), verdict) in enumerate(
                    zip(settings, verdicts, strict=True)
                )
            )
        return cls(experiment, runs)


@cache
def _versions() -> dict[str, str]:
    """The versions of the libraries that have a part in results and pictures."""
    return {name: version(name) for name in ("numpy", "matplotlib")}


_ARRAYS = ("points", "losses", "gradients", "clip_step")

"""The experiment: what to run and how to show it, as one frozen value with one key."""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import asdict, dataclass
from functools import cached_property
from importlib.metadata import version
from typing import Literal, get_args

import numpy as np

from .descent import DEFAULT_LR, DEFAULT_START, DEFAULT_STEPS, Trajectory, descend
from .losses import DEFAULT_LOSS, Loss, Range, find_loss
from .verdict import Verdict

View = Literal["surface", "contour"]
VIEWS: tuple[View, ...] = get_args(View)
Point = tuple[float, float]

ENGINE = 1
"""Raise it when the same experiment would give another result or another picture."""


@dataclass(frozen=True)
class Panel:
    """One picture of a figure: a view of the runs with one learning rate."""

    view: View
    lr: float
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
        What to draw, of :data:`VIEWS`. With several learning rates each view has a panel for each.
        Empty for the usual: surface and contours of one rate, contours of several.
    titles : tuple of str
        A title for each panel; an empty one, or none at all, is made from the settings.
    xlim, ylim : tuple of float or None
        The frame; None for the loss's own domain.
    levels : int
        Number of contours.
    camera : tuple of float
        Azimuth and elevation in degrees.
    """

    loss: str = DEFAULT_LOSS
    lr: tuple[float, ...] = (DEFAULT_LR,)
    start: tuple[Point, ...] = (DEFAULT_START,)
    steps: int = DEFAULT_STEPS
    clip: Range | None = None
    views: tuple[View, ...] = ()
    titles: tuple[str, ...] = ()
    xlim: Range | None = None
    ylim: Range | None = None
    levels: int = 20
    camera: tuple[float, float] = (-60.0, 40.0)

    @cached_property
    def key(self) -> str:
        """Name of everything made from this experiment: its content, and what computes it."""
        content = {
            "experiment": asdict(self),
            "engine": ENGINE,
            **{name: version(name) for name in ("numpy", "matplotlib")},
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
        """The panels in reading order: a row for each view, a column for each learning rate."""
        several = len(self.lr) > 1
        views = self.views or (("contour",) if several else ("surface", "contour"))
        plain = {"surface": "Loss surface", "contour": "Contours"}
        panels = [
            Panel(view, lr, f"Learning rate {lr:.12g}" if several else plain[view])
            for view in views
            for lr in self.lr
        ]
        titles = self.titles or ("",) * len(panels)
        return tuple(
            Panel(panel.view, panel.lr, title or panel.title)
            for panel, title in zip(panels, titles, strict=True)
        )

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

    def runs_at(self, lr: float) -> tuple[Run, ...]:
        """The runs with one learning rate."""
        return tuple(run for run in self.runs if run.lr == lr)

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


_ARRAYS = ("points", "losses", "gradients", "clip_step")

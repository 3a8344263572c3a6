"""Panels of a listing that show many runs: basins and bifurcations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ....messages import GdvizError
from ...descent.critical_points import critical_point
from ...descent.maps import Axis
from ...experiment import Experiment, Panel
from .descent import function_of
from .facts import Facts
from .python_text import INDENT, bracketed, number, point, quoted
from .views import Views, point_lines

Block = tuple[str, ...]

MANY = 101
"""Starts along each side of the frame that basins are found for."""
RATES = 400
"""Values of what changes in a bifurcation diagram."""
ITERATES = 20_000_000
"""So many numbers may a program keep at once."""


@dataclass
class Maps:
    """Writes the runs of maps, and what is drawn of them in the axes ``ax``."""

    views: Views

    @property
    def facts(self) -> Facts:
        """What is known of the experiment."""
        return self.views.facts

    @property
    def experiment(self) -> Experiment:
        """What the figure shows."""
        return self.facts.experiment

    def many(self, values: int) -> int:
        """So many runs a program can keep at once, and at most `values`."""
        return min(values, ITERATES // (2 * (self.experiment.steps + 1)))

    def descend(self, panel: Panel, start: str, rate: str, more: Sequence[str] = ()) -> str:
        """The call of the descent by a panel's method, with settings besides."""
        method = panel.methods[0]
        arguments = [function_of(method.optimizer)] if self.facts.runs.has_steps else []
        arguments += [start, rate, f"steps={self.experiment.steps}"]
        given = {text.partition("=")[0] for text in more}
        settings = self.facts.runs.settings_of(method.optimizer)
        arguments += [f"{name}={number(value)}" for name, value in settings if name not in given]
        return f"descend({', '.join([*arguments, *more])})"

    def blocks(self) -> Iterator[Block]:
        """The runs of basins and bifurcations."""
        for view, group in self.facts.groups:
            if view == "basins":
                side = min(MANY, int(self.many(MANY**2) ** 0.5))
                minima = [p.point for p in self.facts.critical() if p.kind == "minimum"]
                if not minima:
                    raise GdvizError(
                        "there is no minimum in the frame, by which a listing tells basins; choose "
                        "another frame, or ask for no listing"
                    )
                lines = [
                    "# A run from each point of a grid, all at once.",
                    f"grid = np.meshgrid(np.linspace(*xlim, {side}), np.linspace(*ylim, {side}))",
                    "cells = np.reshape(grid, (2, -1))",
                    *point_lines("minima", minima),
                ]
                yield tuple(lines)
            elif view == "bifurcation":
                yield tuple(line for n, panel in enumerate(group) for line in self.sweep(panel, n))

    def basins(self, panel: Panel, title: str, shown: str, *, alone: bool) -> list[str]:
        """Where starts end, in a loop over all methods or `alone`, and runs over it."""
        (x0, x1), (y0, y1) = self.experiment.frame
        near = number(float(f"{0.01 * np.hypot(x1 - x0, y1 - y0):.1g}"))
        run, lines = self.descend(panel, "cells", f"lr={number(panel.methods[0].lr)}"), []
        if not alone:
            passes = any(map(self.facts.runs.settings_of, self.facts.runs.optimizers))
            arguments = ["cells", "lr", "steps"]
            if self.facts.runs.has_steps:
                lines = [f"step, lr{', settings' * passes} = method"]
                arguments = ["step", *arguments, *["**settings"] * passes]
            run = f"descend({', '.join(arguments)})"
        side = min(MANY, int(self.many(MANY**2) ** 0.5))
        return [
            *lines,
            f"ends = {run}[-1]",
            "apart = np.hypot(*(ends[:, None] - np.transpose(minima)[:, :, None]))",
            f"basin = np.where(apart.min(axis=0) < {near}, apart.argmin(axis=0), np.nan)",
            f"basin = basin.reshape({side}, {side})",
            'ax.pcolormesh(*grid, basin, cmap="Pastel1", vmin=0, vmax=8)',
            'ax.plot(*np.transpose(minima), "v", color="black", mfc="white", label="Minimum")',
            *self.views.over_runs(
                shown, self.views.run_lines(("*path.T", "*path[0]", "*path[-1]"), labelled=True)
            ),
            *self.views.frame(title),
        ]

    def sweep(self, panel: Panel, index: int) -> list[str]:
        """The later iterates of many runs."""
        experiment, across = self.experiment, self.experiment.across
        count = self.many(RATES)
        kept = min(400, (experiment.steps + 1) // 2)
        start, rate, more = experiment.start[0], f"lr={number(panel.methods[0].lr)}", []
        starts = f"np.outer({point(start)}, np.ones({count}))"
        match across:
            case Axis(name="lr"):
                rate = "lr=values"
            case Axis(name="x"):
                starts = f"[values, np.full({count}, {number(start[1])})]"
            case Axis(name="y"):
                starts = f"[np.full({count}, {number(start[0])}), values]"
            case Axis(name=name):
                more = [f"{name}=values"]
        space = "geomspace" if across.log else "linspace"
        frame = np.array(experiment.frame)
        low, high = number(float(frame.min())), number(float(frame.max()))
        first = [
            f"# {count} runs at once.",
            f"values = np.{space}({number(across.low)}, {number(across.high)}, {count})",
            f"many = {starts}",
        ]
        later = "later" if index == 0 else f"later_{index + 1}"
        return [
            *([] if index else first),
            f"{later} = {self.descend(panel, 'many', rate, more)}[-{kept}:]",
            f"{later}[({later} < {low}) | ({later} > {high})] = np.nan",
        ]

    def bifurcation(self, panel: Panel, title: str, index: int) -> list[str]:
        """The later iterates, against what changes."""
        later = "later" if index == 0 else f"later_{index + 1}"
        across = self.experiment.across
        name = {"lr": "Learning rate", "x": "θ₁ of the start", "y": "θ₂ of the start"}.get(
            across.name, across.name
        )
        names = [f"title={title}", f"xlabel={quoted(name)}", 'ylabel="Later iterates"']
        if across.log:
            names.append('xscale="log"')
        return [
            'for axis, name, ink in [(0, "θ₁", "red"), (1, "θ₂", "dodgerblue")]:',
            f"{INDENT}across = np.tile(values, len({later}))",
            f'{INDENT}ax.plot(across, {later}[:, axis].ravel(), ",", color=ink)',
            f'{INDENT}ax.plot([], [], "o", color=ink, label=name)',
            *self.stable_rates(panel),
            *bracketed("ax.set(", names, ")"),
            "ax.legend()",
        ]

    def stable_rates(self, panel: Panel) -> list[str]:
        """A line at 2/λ of each minimum that plain descent of this figure came to."""
        method, experiment = panel.methods[0], self.experiment
        across = experiment.across
        if (across.name, method.optimizer.name) != ("lr", "gd") or not method.schedule.is_constant:
            return []
        first = self.facts.runs.index(method)
        found = set()
        for run in self.facts.trajectories[first : first + len(experiment.start)]:
            if run.verdict.kind == "converged" and run.verdict.point:
                minimum = critical_point(experiment.loss, np.array(run.verdict.point))
                found.add(round(minimum.largest_stable_rate or 0.0, 4))
        return [
            f'ax.axvline({number(rate)}, color="black", ls="--", label="Largest stable rate")'
            for rate in sorted(found)
            if across.low < rate < across.high
        ]

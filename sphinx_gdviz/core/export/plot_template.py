"""The plot of a program: one panel for each view, with all runs in it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..experiment import Experiment
from ..losses.base import ProgramLoss
from .python_text import INDENT, bracketed, number, point, quoted

COLOURS = ("red", "dodgerblue", "darkorange", "magenta", "limegreen", "black")
"""Of runs that are told apart."""
GRID = 101
"""Points along each side of the grid that is coloured."""
SPARSE = 100
"""A line of more steps has no mark at each."""
_KINDS = {"arrows": "contour", "basins": "", "outcomes": "", "bifurcation": ""}
"""What is drawn instead of a view; maps of many runs are not drawn."""


def figure_blocks(experiment: Experiment, names: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """The statements of the plot of runs with these names; of maps alone, the ends of the runs."""
    views = [_KINDS.get(panel.view.name, panel.view.name) for panel in experiment.panels]
    if experiment.loss.dimension != 2:
        views = [view for view in views if view not in ("surface", "contour")]
    views = list(filter(None, dict.fromkeys(views)))
    template = _Template(experiment, names)
    if not views:
        return (tuple(template.over_runs(["print(path[-1], loss(path[-1]))"])),)
    blocks = [template.grid()] if {"surface", "contour"} & {*views} else []
    if template.several:
        blocks.append(template.legend_entries())
    columns = min(len(views), 3)
    rows = -(-len(views) // columns)
    size = point([4.5 * columns, 4.0 * rows])
    for index, view in enumerate(views, 1):
        place = f"{rows}, {columns}, {index}" if len(views) > 1 else ""
        lines = getattr(template, view)(place)
        if index == 1:
            lines = [f'fig = plt.figure(figsize={size}, layout="constrained")', *lines]
            if template.several:
                where = f'loc="outside lower center", ncols={min(len(names), 3)}'
                lines.append(f"fig.legend(*ax.get_legend_handles_labels(), {where})")
        if index == len(views):
            lines.append("plt.show()")
        blocks.append(lines)
    return tuple(map(tuple, blocks))


class _Template:
    """Fills in what depends on an experiment."""

    def __init__(self, experiment: Experiment, names: Sequence[str]) -> None:
        self.experiment, self.names = experiment, names
        self.several = len(names) > 1
        self.mark = ".-" if experiment.steps <= SPARSE else "-"
        loss = experiment.loss
        x, y = (np.linspace(*side, GRID) for side in experiment.frame)
        self.values = loss.value(np.stack(np.meshgrid(x, y), axis=-1))
        # A constant, and the mean over rows of data, are worked out at one point at a time.
        self.is_elementwise = isinstance(loss, ProgramLoss) and any(
            step.operation in loss.parameters for step in loss.program.instructions
        )

    def over_runs(self, lines: Sequence[str]) -> list[str]:
        """Statements on ``path``, for each run."""
        if not self.several:
            return list(lines)
        if any("color" in line for line in lines):
            head = "for path, name, color in zip(paths, names, colors):"
        else:
            head = "for path in paths:"
        return [head, *(f"{INDENT}{line}" for line in lines)]

    def runs(self, line: str, first: str = "", last: str = "") -> list[str]:
        """The statements that draw a run, and its ends."""
        colour, label = ("color", ", label=name") if self.several else ('"red"', "")
        begins = colour if self.several else '"green"'
        lines = [f'ax.plot({line}, "{self.mark}", color={colour}{label})']
        if first:
            lines.append(f'ax.plot({first}, "o", color={begins})')
            lines.append(f'ax.plot({last}, "s", color={colour})')
        return lines

    def legend_entries(self) -> list[str]:
        """The names and colours of the runs."""
        count = len(self.names)
        colours = [quoted(colour) for colour in COLOURS[:count]]
        listed = bracketed("colors = [", colours, "]")
        if count > len(COLOURS):
            listed = [f"colors = plt.cm.turbo(np.linspace(0, 1, {count}))"]
        return [*bracketed("names = [", list(map(quoted, self.names)), "]"), *listed]

    def grid(self) -> list[str]:
        """The losses of a grid, and levels with as much of it between each and the next."""
        finite = np.isfinite(self.values)
        sides = [point([float(f"{v:.6g}") for v in side]) for side in self.experiment.frame]
        spaces = ", ".join(f"np.linspace(*{side}, {GRID})" for side in ("xlim", "ylim"))
        value = "loss(grid)" if self.is_elementwise else "np.apply_along_axis(loss, 0, grid)"
        values = "z" if finite.all() else "z.compressed()"
        share = f"np.linspace(0, 1, {self.experiment.contours + 2})"
        levels = f"np.unique(np.quantile({values}, {share}))"
        if not np.ptp(self.values[finite]) > 0:
            levels = f"z[0, 0] + {share}"  # flat
        return [
            f"xlim, ylim = {', '.join(sides)}",
            f"grid = np.array(np.meshgrid({spaces}))",
            f"z = {value}" if finite.all() else f"z = np.ma.masked_invalid({value})",
            f"levels = {levels}",
        ]

    def surface(self, place: str) -> list[str]:
        """The surface, and runs as far as they are in the frame."""
        azimuth, elevation = self.experiment.camera or self.experiment.loss.camera or (-60, 40)
        place = f"{place}, " if place else ""
        inside = [
            "inside = path[np.all((path >= low) & (path <= high), axis=1)]",
            "heights = [loss(theta) for theta in inside]",
            *self.runs("*inside.T, heights"),
        ]
        return [
            f'ax = fig.add_subplot({place}projection="3d", computed_zorder=False)',
            f"ax.view_init(elev={number(elevation)}, azim={number(azimuth)})",
            'ax.plot_surface(*grid, z, cmap="viridis")',
            "low, high = np.transpose([xlim, ylim])",
            *self.over_runs(inside),
            'ax.set(title="Loss", xlabel="θ₁", ylabel="θ₂")',
        ]

    def contour(self, place: str) -> list[str]:
        """Contours, and runs over them."""
        (x0, x1), (y0, y1) = self.experiment.frame
        aspect = "equal" if 0.5 <= (y1 - y0) / (x1 - x0) <= 2 else "auto"
        names = ["xlim=xlim", "ylim=ylim", 'xlabel="θ₁"', 'ylabel="θ₂"', f'aspect="{aspect}"']
        return [
            f"ax = fig.add_subplot({place})",
            "shades = plt.cm.viridis(np.linspace(0, 1, len(levels) - 1))",
            "bands = ax.contourf(*grid, z, levels, colors=shades)",
            'ax.contour(*grid, z, levels, colors="white", linewidths=0.5, linestyles="-")',
            'fig.colorbar(bands, ax=ax, label="Loss", format="%.3g")',
            *self.over_runs(self.runs("*path.T", "*path[0]", "*path[-1]")),
            *bracketed("ax.set(", names, ")"),
        ]

    def loss(self, place: str) -> list[str]:
        """The loss against the step, on a logarithmic scale where it is nowhere negative."""
        is_positive = bool((self.values[np.isfinite(self.values)] >= 0).all())
        return self._curve(place, "losses = [loss(theta) for theta in path]", "Loss", is_positive)

    def gradient(self, place: str) -> list[str]:
        """The length of the gradient against the step."""
        values = "norms = [np.linalg.norm(gradient(theta)) for theta in path]"
        return self._curve(place, values, "Gradient norm", True)

    def _curve(self, place: str, values: str, label: str, log: bool) -> list[str]:
        scale = ', yscale="log"' if log else ""
        return [
            f"ax = fig.add_subplot({place})",
            *self.over_runs([values, *self.runs(values.partition(" ")[0])]),
            f'ax.set(xlabel="Step", ylabel="{label}"{scale})',
        ]

    def rate(self, place: str) -> list[str]:
        """The learning rate against the step."""
        rates = dict.fromkeys(number(method.lr) for method in self.experiment.methods)
        factor = " * schedule(t, steps)" if not self.experiment.schedule.is_constant else ""
        drawn = f"ax.plot(updates, [lr{factor} for t in updates]"
        lines = [f"ax = fig.add_subplot({place})", "updates = range(1, steps + 1)"]
        if len(rates) == 1:
            lines.append(f'{drawn}, "{self.mark}", color="red")')
        else:
            lines += [
                f"for lr in [{', '.join(rates)}]:",
                f'{INDENT}{drawn}, "{self.mark}", label=f"η = {{lr}}")',
                "ax.legend()",
            ]
        return [*lines, 'ax.set(xlabel="Step", ylabel="Learning rate")']

"""The plot of a program: one panel for each view, with all runs in it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import groupby
from string import Template

import numpy as np

from ..experiment import Experiment
from ..expr.symbols import symbol_text
from ..losses.base import ProgramLoss
from ..losses.logistic import LogisticRegression
from ..losses.regression import Model
from ..views import View
from .python_text import INDENT, bracketed, number, point

COLOURS = ("red", "dodgerblue", "darkorange", "magenta", "limegreen", "black")
"""The colours of runs."""
SPARSE = 100
"""The most steps of a line that has a mark at each."""

_GRID = """\
xlim, ylim = $xlim, $ylim
grid = np.array(np.meshgrid(np.linspace(*xlim, 101), np.linspace(*ylim, 101)))
z = $z
levels = $levels
"""
_PANELS = {
    "surface": """\
ax = fig.add_subplot($place, projection="3d", computed_zorder=False)
ax.view_init($camera)
ax.plot_surface(*grid, z, cmap="viridis")
low, high = np.transpose([xlim, ylim])
@inside = path[np.all((path >= low) & (path <= high), axis=1)]
@ax.plot(*inside.T, [loss(theta) for theta in inside], $line)
ax.set(title="Loss", xlabel="$across", ylabel="$up")
""",
    "contour": """\
ax = fig.add_subplot($place)
shades = plt.cm.viridis(np.linspace(0, 1, len(levels) - 1))
bands = ax.contourf(*grid, z, levels, colors=shades)
ax.contour(*grid, z, levels, colors="white", linewidths=0.5, linestyles="-")
fig.colorbar(bands, ax=ax, label="Loss", format="%.3g")
@ax.plot(*path.T, $line)
@ax.plot(*path[0], "o", color=$first)
@ax.plot(*path[-1], "s", color=$last)
ax.set(xlim=xlim, ylim=ylim, xlabel="$across", ylabel="$up", aspect="$aspect")
""",
    "graph": """\
ax = fig.add_subplot($place)
low, high = $interval
x = np.linspace(low, high, 401)
ax.plot(x, [loss((each,)) for each in x], color="gray")
@inside = path[(path >= low) & (path <= high)]
@ax.plot(inside, [loss((each,)) for each in inside], $line)
ax.set(xlabel="$across", ylabel="Loss")
""",
    "loss": """\
ax = fig.add_subplot($place)
@losses = [loss(theta) for theta in path]
@ax.plot(losses, $line)
ax.set(xlabel="Step", ylabel="Loss", yscale="$scale")
""",
    "gradient": """\
ax = fig.add_subplot($place)
@norms = [np.linalg.norm(gradient(theta)) for theta in path]
@ax.plot(norms, $line)
ax.set(xlabel="Step", ylabel="Gradient norm", yscale="log")
""",
    "parameters": """\
ax = fig.add_subplot($place)
@ax.plot(path, "$mark")
ax.set(xlabel="Step", ylabel="Parameters")
""",
    "data": """\
ax = fig.add_subplot($place)
ax.plot(x, y, "o", color="gray")
inputs = np.linspace(x.min(), x.max(), 101)
@a, b = path[-1]
@ax.plot(inputs, $model, color=$last)
ax.set(xlabel="$input", ylabel="$target")
""",
    "rate": """\
ax = fig.add_subplot($place)
updates = range(1, steps + 1)
for lr in [$rates]:
    rates = [$rate for t in updates]
    ax.plot(updates, rates, "$mark", label=f"η = {lr}")
ax.set(xlabel="Step", ylabel="Learning rate")
ax.legend()
""",
    "ends": "@print(path[-1], loss(path[-1]))\n",
}
"""Panels by name; a line that begins with @ is a statement for each run."""


def figure_blocks(experiment: Experiment, names: Sequence[str]) -> Iterator[str]:
    """The statements of the plot of runs with these names; of maps alone, the ends of the runs."""
    several, values = len(names) > 1, _values(experiment, several=len(names) > 1)
    drawn = (_panel(panel.view, experiment.loss.dimension) for panel in experiment.panels)
    panels = list(filter(None, dict.fromkeys(drawn)))
    if not panels:
        yield "\n".join(_filled(_PANELS["ends"], values, len(names)))
        return
    if {"surface", "contour"} & {*panels}:
        yield "\n".join(_filled(_GRID, {**values, **_grid(experiment)}, len(names)))
    if several:
        yield _legend(names)
    columns = min(len(panels), 3)
    rows = -(-len(panels) // columns)
    for index, panel in enumerate(panels, 1):
        place = {"place": f"{rows}, {columns}, {index}"}
        lines = _filled(_PANELS[panel], {**values, **place}, len(names))
        if index == 1:
            size = point([4.5 * columns, 4.0 * rows])
            lines.insert(0, f'fig = plt.figure(figsize={size}, layout="constrained")')
        if several and panel == next((each for each in panels if each != "rate"), ""):
            where = f'loc="outside lower center", ncols={min(len(names), 3)}'
            lines.append(f"fig.legend(*ax.get_legend_handles_labels(), {where})")
        yield "\n".join([*lines, *["plt.show()"] * (index == len(panels))])


def _panel(view: View, dimension: int) -> str:
    """The panel of a view, which a map has none of, nor a surface of other than two parameters."""
    panel = "contour" if view.is_coloured else view.name
    of_two = ("surface", "contour", "data")
    return panel if panel in _PANELS and (dimension == 2 or panel not in of_two) else ""


def _filled(template: str, values: dict[str, str], runs: int) -> list[str]:
    """A template's lines, with those for each run in a loop where there are several, if any."""
    lines: list[str] = []
    text = Template(template).substitute(values)
    for is_of_run, group in groupby(text.splitlines(), lambda line: line.startswith("@")):
        inner = [line.removeprefix("@") for line in group]
        if is_of_run and not runs:
            continue
        if is_of_run and runs > 1:
            named = any("color" in line for line in inner)
            over = "path, name, color in zip(paths, names, colors)" if named else "path in paths"
            inner = [f"for {over}:", *(f"{INDENT}{line}" for line in inner)]
        lines += inner
    return lines


def _values(experiment: Experiment, *, several: bool) -> dict[str, str]:
    """Values for the templates of panels."""
    loss, mark = experiment.loss, ".-" if experiment.steps <= SPARSE else "-"
    azimuth, elevation = experiment.camera or loss.camera or (-60, 40)
    (x0, x1), (y0, y1) = experiment.frame[0], experiment.frame[-1]
    losses = _losses(experiment)
    rates = dict.fromkeys(number(method.lr) for method in experiment.methods)
    names = dict(zip(("across", "up"), map(symbol_text, loss.symbols), strict=False))
    if isinstance(loss, Model):
        logistic = isinstance(loss, LogisticRegression)
        names["model"] = "1 / (1 + np.exp(-(a + b * inputs)))" if logistic else "a + b * inputs"
        names |= {"input": loss.data.x, "target": loss.data.y}
    return names | {
        "mark": mark,
        "line": f'"{mark}", color=' + ("color, label=name" if several else '"red"'),
        "first": "color" if several else '"green"',
        "last": "color" if several else '"red"',
        "interval": point([float(f"{end:.6g}") for end in (x0, x1)]),
        "camera": f"elev={number(elevation)}, azim={number(azimuth)}",
        "aspect": "equal" if 0.5 <= (y1 - y0) / (x1 - x0) <= 2 else "auto",
        "scale": "log" if (losses[np.isfinite(losses)] >= 0).all() else "linear",
        "rates": ", ".join(rates),
        "rate": "lr" if experiment.schedule.is_constant else "lr * schedule(t, steps)",
    }


def _losses(experiment: Experiment) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """The losses of a grid; those of the starts where there are not two parameters."""
    if experiment.loss.dimension != 2:
        return experiment.loss.value(experiment.start)
    x, y = (np.linspace(*side, 101) for side in experiment.frame)
    return experiment.loss.value(np.stack(np.meshgrid(x, y), axis=-1))


def _grid(experiment: Experiment) -> dict[str, str]:
    """Values for the template of the grid; between two levels lie equal parts of it."""
    loss, losses = experiment.loss, _losses(experiment)
    xlim, ylim = (point([float(f"{v:.6g}") for v in side]) for side in experiment.frame)
    # A constant, and a mean over rows of data, are worked out at one point at a time.
    is_elementwise = isinstance(loss, ProgramLoss) and any(
        step.operation == "parameter" for step in loss.program.instructions
    )
    z = "loss(grid)" if is_elementwise else "np.apply_along_axis(loss, 0, grid)"
    finite, values = np.isfinite(losses), "z"
    if not finite.all():  # neither quantiles nor the limits of axes take nan or ∞
        z, values = f"np.ma.masked_invalid({z})", "z.compressed()"
    levels = f"np.linspace(0, 1, {experiment.contours + 2})"
    is_flat = not np.ptp(losses[finite]) > 0
    levels = f"z[0, 0] + {levels}" if is_flat else f"np.unique(np.quantile({values}, {levels}))"
    return {"xlim": xlim, "ylim": ylim, "z": z, "levels": levels}


def _legend(names: Sequence[str]) -> str:
    """The names and colours of the runs."""
    quoted = [json.dumps(name, ensure_ascii=False) for name in names]
    colours = bracketed("colors = [", [f'"{colour}"' for colour in COLOURS[: len(names)]], "]")
    if len(names) > len(COLOURS):
        colours = f"colors = plt.cm.turbo(np.linspace(0, 1, {len(names)}))"
    return f"{bracketed('names = [', quoted, ']')}\n{colours}"

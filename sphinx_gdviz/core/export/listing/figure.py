"""The figure of a listing: its panels, drawn with what Matplotlib has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from textwrap import wrap

import numpy as np

from ...experiment import Experiment, Panel
from .facts import GRID, Facts
from .maps import Maps
from .python_text import INDENT, bracketed, literal, point, quoted
from .views import MARKERS, Views

Block = tuple[str, ...]

KNEE = 0.02
"""Where a logarithmic scale begins, see ``draw/scale.py``."""
LONGEST = 42
"""The longest line of a title."""
COLOURS = ("red", "dodgerblue", "darkorange", "magenta", "limegreen", "black")
"""Of runs that are told apart."""
_COLOURED = ("contour", "arrows")
_FRAMED = ("contour", "arrows", "basins")


def figure_blocks(facts: Facts) -> tuple[Block, ...]:
    """The statements of the figure."""
    return tuple(_Figure(facts).blocks())


@dataclass
class _Figure:
    """Writes a figure, panel by panel."""

    facts: Facts

    @property
    def experiment(self) -> Experiment:
        """What the figure shows."""
        return self.facts.experiment

    @cached_property
    def views(self) -> Views:
        """What writes most panels."""
        return Views(self.facts)

    @cached_property
    def maps(self) -> Maps:
        """What writes the others."""
        return Maps(self.views)

    @cached_property
    def layout(self) -> tuple[int, int, list[int]]:
        """Rows, columns, and the place of each panel, from 1."""
        panels = self.experiment.panels
        sizes = [len(group) for _, group in self.facts.groups]
        if max(sizes) == 1:
            sizes = [len(panels)]
        columns = max(2 if size == 4 else min(size, 3) for size in sizes)
        places, row = [], 0
        for size in sizes:
            places += [row * columns + n + 1 for n in range(size)]
            row += -(-size // columns)
        return row, columns, places

    @property
    def is_plain(self) -> bool:
        """Whether all panels are of one view, and fill the figure, so that a loop draws them."""
        rows, columns, places = self.layout
        return (
            len(self.facts.groups) == 1
            and self.facts.groups[0][0] != "surface"
            and len(places) == rows * columns
        )

    def blocks(self) -> Iterator[Block]:
        """All statements."""
        views = [panel.view.name for panel in self.experiment.panels]
        if any(view in (*_FRAMED, "surface") for view in views):
            yield tuple(self._grid_lines(views))
        if self.facts.tells_apart:
            yield tuple(self._run_lines())
        yield from self.maps.blocks()
        rows, columns, places = self.layout
        inches = [round(4.2 * columns + 0.4, 1), round(3.8 * rows + 0.2, 1)]
        how = [f"figsize={point(inches)}", 'layout="constrained"']
        if len(places) == 1 and self.is_plain:
            first = bracketed("fig, ax = plt.subplots(", how, ")")
        elif self.is_plain:
            first = bracketed("fig, axes = plt.subplots(", [str(rows), str(columns), *how], ")")
        else:
            first = bracketed("fig = plt.figure(", how, ")")
        index = 0
        for view, group in self.facts.groups:
            lines = self._group(view, group, places[index : index + len(group)])
            if index == 0:
                lines = [*first, *lines]
            index += len(group)
            lines += self._colour_bar(view) + self._legend(view)
            if index == len(places):
                lines.append("plt.show()")
            yield tuple(lines)

    def _grid_lines(self, views: Sequence[str]) -> list[str]:
        """The grid of losses, and the levels."""
        xlim, ylim = (point([float(f"{v:.6g}") for v in side]) for side in self.experiment.frame)
        lines = [f"xlim, ylim = {xlim}, {ylim}"]
        if not any(view in (*_COLOURED, "surface") for view in views):
            return lines
        lines.append(f"x, y = np.meshgrid(np.linspace(*xlim, {GRID}), np.linspace(*ylim, {GRID}))")
        is_whole = bool(np.isfinite(self.facts.grid).all())
        if is_whole:
            lines.append("z = loss(x, y)")
        else:
            lines += [
                'with np.errstate(all="ignore"):  # there are points without a loss',
                f"{INDENT}z = np.ma.masked_invalid(loss(x, y))",
            ]
        count = self.experiment.contours + 2
        if self.facts.is_flat:
            return lines
        if not self.facts.is_log:
            return [*lines, f"levels = np.linspace(z.min(), z.max(), {count})"]
        lines.append("# The levels lie closer together where the loss is low.")
        values = "z" if is_whole else "z.compressed()"
        lines.append("low, high = z.min(), z.max()")
        excess = self.facts.grid[np.isfinite(self.facts.grid)] - np.nanmin(self.facts.grid)
        if np.quantile(excess, KNEE) > 1e-12 * excess.max():
            lines.append(f"knee = np.quantile({values}, {KNEE}) - low")
        else:
            lines.append("knee = 1e-12 * (high - low)")
        lines.append(
            f"levels = low + knee * (np.geomspace(1, 1 + (high - low) / knee, {count}) - 1)"
        )
        if any(view in _COLOURED for view in views):
            lines.append(f"colors = plt.cm.viridis(np.linspace(0, 1, {count - 1}))")
        return lines

    def _run_lines(self) -> list[str]:
        """The runs with their names and colours."""
        count, tail = self.facts.runs.count, "]"
        if self.facts.one_each:  # panels have the same names and colours
            count = len(self.experiment.start)
            tail = f"] * {len(self.experiment.methods)}" if count < self.facts.runs.count else "]"
        lines = bracketed("names = [", [literal(name) for name in self.facts.names[:count]], tail)
        if count <= len(COLOURS):
            lines += bracketed("inks = [", [quoted(colour) for colour in COLOURS[:count]], tail)
        else:
            colours = f"plt.cm.turbo(np.linspace(0, 1, {count}))"
            lines.append(f"inks = [*{colours}{tail}" if tail != "]" else f"inks = {colours}")
        return [*lines, "runs = list(zip(paths, names, inks))"]

    def _group(self, view: str, group: list[Panel], places: list[int]) -> list[str]:
        """The panels of a view."""
        rows, columns, _ = self.layout
        how = ', projection="3d", computed_zorder=False' if view == "surface" else ""
        is_single = len(self.experiment.panels) == 1 and self.is_plain
        if len(group) == 1 or view == "bifurcation":
            lines = []
            for index, (panel, place) in enumerate(zip(group, places, strict=True)):
                if not is_single:
                    lines.append(
                        f"ax = axes.flat[{index}]"
                        if self.is_plain
                        else f"ax = fig.add_subplot({rows}, {columns}, {place}{how})"
                    )
                lines += self._panel(panel, _title(panel), index)
            return lines
        titles = bracketed("titles = [", [_title(panel) for panel in group], "]")
        over = len(self.experiment.start)
        listed = {"title": "titles"}
        if not self.facts.tells_apart:
            listed = {"path": "paths", **listed}
        if view == "basins":
            listed |= {"method": "methods"} if self.facts.runs.has_steps else {"lr": "rates"}
        if self.is_plain:
            listed = {"ax": "axes" if rows == 1 else "axes.flat", **listed}
            inner = []
        else:
            inner = [f"ax = fig.add_subplot({rows}, {columns}, k + {places[0]}{how})"]
        if self.facts.tells_apart:
            shown = "k : k + 1" if over == 1 else f"{over} * k : {over} * k + {over}"
            inner.append(f"shown = runs[{shown}]")
        head = _loop(listed, counted=self.facts.tells_apart or not self.is_plain)
        inner += self._panel(group[0], "title", 0, shown="shown")
        return [*titles, head, *(f"{INDENT}{line}" for line in inner)]

    def _panel(self, panel: Panel, title: str, index: int, shown: str = "") -> list[str]:
        """One panel, in the axes `ax`."""
        if not shown:
            places = [
                self.facts.runs.index(method, start)
                for method in panel.methods
                for start in range(len(self.experiment.start))
            ]
            is_all = len(places) == self.facts.runs.count
            shown = "runs" if is_all else f"runs[{places[0] or ''}:{places[-1] + 1}]"
            if not self.facts.tells_apart and not is_all and panel.view.name != "bifurcation":
                return [f"path = paths[{places[0]}]", *self._panel(panel, title, index, "path")]
        match panel.view.name:
            case "surface":
                return self.views.surface(title, shown)
            case "contour" | "arrows":
                return self.views.contour(title, shown, arrows=panel.view.name == "arrows")
            case "loss" | "gradient" | "rate":
                return self.views.curve(panel.view.name, title, shown)
            case "basins":
                return self.maps.basins(panel, title, shown, alone=title != "title")
            case _:
                return self.maps.bifurcation(panel, title, index)

    def _colour_bar(self, view: str) -> list[str]:
        """The colour bar, after the last view that wants one."""
        views = [panel.view.name for panel in self.experiment.panels if panel.view.is_coloured]
        if not views or view != views[-1]:
            return []
        axes = "ax" if len(views) == 1 else "axes" if self.is_plain else "fig.axes"
        return [f'fig.colorbar(bands, ax={axes}, label="Loss", format="%.3g")']

    def _legend(self, view: str) -> list[str]:
        """The legend, after a view that has everything that it shows."""
        panels = self.experiment.panels
        most = max(len(panel.methods) for panel in panels)
        full = [p.view.name for p in panels if len(p.methods) == most and p.view.plane == "frame"]
        if not full and self.facts.tells_apart:
            full = [p.view.name for p in panels if len(p.methods) == most and p.view.is_curve]
        if not full or view != full[0]:
            return []
        labels = list(self.facts.names) if self.facts.tells_apart else ["Start", "End"]
        if self.experiment.marks or view == "basins":
            labels += [name for _, name in MARKERS.values()]
        width = 4.2 * self.layout[1]
        columns = int(width / (0.6 + 0.09 * max(map(len, labels))))
        columns = max(1, min(columns, len(labels)))
        where = f'loc="outside lower center", ncols={columns}'
        return [f"fig.legend(*ax.get_legend_handles_labels(), {where})"]


def _loop(listed: Mapping[str, str], *, counted: bool) -> str:
    """A loop over lists, given by what each of their items is called; `k` counts the rounds."""
    names = ", ".join(listed)
    lists = ", ".join(listed.values())
    over = f"zip({lists})" if len(listed) > 1 else lists
    if not counted:
        return f"for {names} in {over}:"
    return f"for k, {f'({names})' if len(listed) > 1 else names} in enumerate({over}):"


def _title(panel: Panel) -> str:
    """The title of a panel, in lines that have room above it."""
    return literal("\n".join(wrap(panel.title, LONGEST)))

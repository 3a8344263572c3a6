"""Panels of a listing: surfaces, maps of contours, and curves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...experiment import Experiment
from .facts import Facts
from .python_text import INDENT, bracketed, number, number_lines, point

Array = NDArray[np.float64]

DECADES = 2.0
"""When a curve has a logarithmic scale, see ``draw/views/curve.py``."""
FEW = 16
"""More points than these do not have a line each."""
SPARSE = 60
"""A curve of fewer points has a mark at each."""
MARKERS = {
    "minimum": ("v", "Minimum"),
    "saddle": ("D", "Saddle point"),
    "maximum": ("^", "Maximum"),
}
_MARKS = {"minima": "minimum", "saddles": "saddle", "maxima": "maximum"}


@dataclass
class Views:
    """Writes what is drawn in the axes ``ax``."""

    facts: Facts

    @property
    def experiment(self) -> Experiment:
        """What the figure shows."""
        return self.facts.experiment

    def over_runs(self, shown: str, lines: Sequence[str]) -> list[str]:
        """Statements on `path`, for each run that a panel shows."""
        if not self.facts.tells_apart:
            return list(lines)
        name = "name" if any("=name" in line for line in lines) else "_"
        return [f"for path, {name}, ink in {shown}:", *(f"{INDENT}{line}" for line in lines)]

    def run_lines(self, places: Sequence[str], labelled: bool) -> list[str]:
        """The line of a run, and its ends; `places` of all points, of the first and of the last."""
        line, first, last = places
        size = "" if self.experiment.steps < 300 else ", markersize=2"
        if self.facts.tells_apart:
            name = ", label=name" if labelled else ""
            return [
                f'ax.plot({line}, ".-", color=ink{size}{name})',
                f'ax.plot({first}, "o", color=ink)',
                f'ax.plot({last}, "s", color=ink)',
            ]
        start, end = (', label="Start"', ', label="End"') if labelled else ("", "")
        return [
            f'ax.plot({line}, ".-", color="red"{size})',
            f'ax.plot({first}, "o", color="green"{start})',
            f'ax.plot({last}, "s", color="red"{end})',
        ]

    def surface(self, title: str, shown: str) -> list[str]:
        """A surface, with runs on it as far as they are in the frame."""
        azimuth, elevation = self.experiment.camera or self.experiment.loss.camera or (-60, 40)
        xlim, ylim = self.experiment.frame
        lower, upper = np.array([xlim, ylim]).T
        leaves = any(
            not ((lower <= run.points) & (run.points <= upper)).all()
            for run in self.facts.trajectories
        )
        height, label, losses = "z", '"Loss"', "loss(*{}.T)"
        if self.facts.is_log and not self.facts.is_flat:
            height, label = "np.arcsinh((z - low) / knee)", '"Loss (log scale)"'
            losses = "np.arcsinh((loss(*{}.T) - low) / knee)"
        path, inside = [], "path"
        if leaves:
            inside = "inside"
            path += [
                "is_in = np.all((path >= corners[0]) & (path <= corners[1]), axis=1)",
                "inside = np.where(is_in[:, None], path, np.nan)",
            ]
        path.append(f"track = np.array([*{inside}.T, {losses.format(inside)}])")
        path += self.run_lines(("*track", "*track[:, :1]", "*track[:, -1:]"), labelled=False)
        names = [f"title={title}", 'xlabel="θ₁"', 'ylabel="θ₂"', f"zlabel={label}"]
        if self.facts.is_log:
            names.append("zticks=[]")
        return [
            f"ax.view_init(elev={number(elevation)}, azim={number(azimuth)})",
            *["ax.set_box_aspect(None, zoom=0.85)"] * (self.facts.is_log or azimuth % 180 < 90),
            f'ax.plot_surface(x, y, {height}, cmap="viridis")',
            *["corners = np.transpose([xlim, ylim])"] * leaves,
            *self.over_runs(shown, path),
            *bracketed("ax.set(", names, ")"),
        ]

    def frame(self, title: str) -> list[str]:
        """The frame of a map, and what stands around it."""
        (x0, x1), (y0, y1) = self.experiment.frame
        names = [f"title={title}", 'xlabel="θ₁"', 'ylabel="θ₂"', "xlim=xlim", "ylim=ylim"]
        is_true = 0.5 <= (y1 - y0) / (x1 - x0) <= 1.5
        lines = bracketed("ax.set(", names, ")")
        return [*lines, 'ax.set_aspect("equal")' if is_true else "ax.set_box_aspect(1)"]

    def contour(self, title: str, shown: str, *, arrows: bool) -> list[str]:
        """Contours, with or without arrows, and runs over them."""
        if self.facts.is_flat:
            lines = ["bands = ax.pcolormesh(x, y, z)"]
        else:
            colours = ", colors=colors" if self.facts.is_log else ""
            lines = [
                f"bands = ax.contourf(x, y, z, levels{colours})",
                'ax.contour(x, y, z, levels, colors="white", linewidths=0.5)',
            ]
        if arrows:
            lines += [
                "spots = np.array([x[4::16, 4::16], y[4::16, 4::16]])",
                "u, v = -gradient(*spots)",
                "shrink = np.hypot(u, v) ** 0.7  # arrows grow with the slope, but slowly",
                "arrows = u / shrink, v / shrink",
                'ax.quiver(*spots, *arrows, angles="xy", pivot="mid", color="white")',
            ]
        for mark in self.marked():
            lines += mark
        lines += self.over_runs(
            shown, self.run_lines(("*path.T", "*path[0]", "*path[-1]"), labelled=True)
        )
        return lines + self.frame(title)

    def marked(self) -> Iterator[list[str]]:
        """Critical points that the author wants to see."""
        for mark in self.experiment.marks:
            kind = _MARKS[mark]
            found = [p.point for p in self.facts.critical() if p.kind == kind] if mark else []
            if found:
                shape, name = MARKERS[kind]
                look = f'"{shape}", color="black", mfc="white", label="{name}"'
                yield [*point_lines(mark, found), f"ax.plot(*np.transpose({mark}), {look})"]

    def curve(self, view: str, title: str, shown: str) -> list[str]:
        """Curves against the step."""
        steps = self.experiment.steps
        style = '".-"' if steps <= SPARSE else '"-"'
        look = (
            f"{style}, color=ink, label=name" if self.facts.tells_apart else f'{style}, color="red"'
        )
        name = {"loss": "Loss", "gradient": "Gradient norm", "rate": "Learning rate"}[view]
        scale: list[str] = []
        if view == "rate":
            return [*self.rates(look), f'ax.set(title={title}, xlabel="Step", ylabel="{name}")']
        values = []
        for run in self.facts.trajectories:
            with np.errstate(all="ignore"):
                of_run = run.losses if view == "loss" else np.hypot(*run.gradients.T)
            values.append(of_run[np.isfinite(of_run)])
        scale = _scale(np.concatenate(values))
        drawn = "loss(*path.T)" if view == "loss" else "np.hypot(*gradient(*path.T))"
        return [
            *self.over_runs(shown, [f"ax.plot({drawn}, {look})"]),
            *bracketed("ax.set(", [f"title={title}", 'xlabel="Step"', f'ylabel="{name}"'], ")"),
            *scale,
        ]

    def rates(self, look: str) -> list[str]:
        """Curves of the learning rate."""
        experiment = self.experiment
        t = f"np.arange(1, {experiment.steps + 1})"
        is_constant = experiment.schedule.is_constant
        drawn = (
            "lr + 0 * t" if is_constant else f"[lr * schedule(n, {experiment.steps}) for n in t]"
        )
        rates = [number(m.lr) for m in experiment.methods for _ in experiment.start]
        if not self.facts.tells_apart:
            return [f"t, lr = {t}, {rates[0]}", f"ax.plot(t, {drawn}, {look})"]
        return [
            f"t = {t}",
            *bracketed("lrs = [", rates, "]"),
            "for lr, name, ink in zip(lrs, names, inks):",
            f"{INDENT}ax.plot(t, {drawn}, {look})",
        ]


def point_lines(name: str, points: Sequence[tuple[float, float]]) -> list[str]:
    """An assignment of points, to four decimals; many of them as a text that is split."""
    places = [[round(value, 4) + 0.0 for value in place] for place in points]
    if len(places) <= FEW:
        return bracketed(f"{name} = [", [point(place) for place in places], "]")
    lines = number_lines([value for place in places for value in place])
    text = f"{name}_text"
    split = f"{name} = np.array({text}.split(), float).reshape(-1, 2)"
    return [f'{text} = """', *lines, '"""', split]


def _scale(values: Array) -> list[str]:
    """The scale of a curve, where it is not linear."""
    size = np.abs(values[values != 0])
    if not len(size):
        return []
    if values.min() >= 0 and np.log10(size.max() / size.min()) > DECADES:
        return ['ax.set_yscale("log")']
    if values.min() < 0 and np.log10(size.max() / np.quantile(size, 0.1)) > 2 * DECADES:
        linear = 10.0 ** np.floor(np.log10(np.quantile(size, 0.1)))
        return [f'ax.set_yscale("symlog", linthresh={number(float(linear))})']
    return []

"""Running programs: in a process of their own, which has NumPy and Matplotlib but not us."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sphinx_gdviz.core.descent.run import Trajectory, follow
from sphinx_gdviz.core.experiment import Experiment
from sphinx_gdviz.core.expr.symbols import symbol_text

Array = NDArray[np.float64]

WIDTH = 88
CONTRACTING = ("converged", "slow")
FIRST = 20
"""Steps of a run that does not contract that are compared: rounding grows in it."""

_RUNNER = '''
import sys, warnings
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np


class Missing:
    """Finds nothing of ours."""

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "sphinx_gdviz":
            raise ImportError("sphinx_gdviz is not here")


sys.meta_path.insert(0, Missing())
warnings.simplefilter("ignore")  # of runs that overflow
for file in sorted(Path(sys.argv[1]).glob("*.py")):
    names = {}
    plt.close("all")
    exec(compile(file.read_text("utf-8"), file.name, "exec"), names)
    shown = []
    if plt.get_fignums():
        assert len(plt.get_fignums()) == 1, file.name
        if file.with_suffix(".draw").exists():
            plt.gcf().canvas.draw()
        shown = [axes for axes in plt.gcf().axes if axes.get_label() != "<colorbar>"]
    kinds = [f"{axes.name} {axes.get_ylabel()}" for axes in shown]
    paths = names.get("paths") or ([names["path"]] if "path" in names else [])
    found = {f"path_{n}": path for n, path in enumerate(paths)}
    np.savez(file.with_suffix(".npz"), kinds=np.array(kinds, str), **found)
'''


@dataclass(frozen=True)
class Ran:
    """What a program left.

    Attributes
    ----------
    paths : list of ndarray
        Its runs.
    kinds : list of str
        For each panel its projection, and the label of its second axis.
    """

    paths: list[Array]
    kinds: list[str]


def run(programs: Mapping[str, str], folder: Path, *, draw: bool = False) -> dict[str, Ran]:
    """Run programs, and draw their figures if that is wanted."""
    names = {}
    for n, (name, text) in enumerate(programs.items()):
        file = folder / f"{n:03}.py"
        file.write_text(text, "utf-8")
        names[name] = file.with_suffix(".npz")
        if draw:
            file.with_suffix(".draw").touch()
    environment = {**os.environ, "MPLBACKEND": "Agg", "MPLCONFIGDIR": str(folder)}
    done = subprocess.run(
        [sys.executable, "-c", _RUNNER, str(folder)],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    ran = {}
    for name, path in names.items():
        with np.load(path) as file:
            found = {key: file[key] for key in file.files}
        count = sum(key.startswith("path_") for key in found)
        paths = [found.pop(f"path_{n}") for n in range(count)]
        ran[name] = Ran(paths, found["kinds"].tolist())
    return ran


def trajectories(experiment: Experiment) -> list[Trajectory]:
    """The runs of an experiment, without what its maps need besides."""
    return [follow(experiment.loss, method, start) for method, start in experiment.descents]


def check_text(text: str, folder: Path) -> None:
    """Fail unless a program is short-lined Python that imports the two and nothing else.

    Without a plot it imports NumPy alone.
    """
    tree = ast.parse(text)
    compile(text, "program", "exec")
    imports = [node for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom))]
    expected = ["import matplotlib.pyplot as plt", "import numpy as np"]
    shows = text.endswith("plt.show()\n")
    assert [ast.unparse(node) for node in imports] == (expected if shows else expected[1:])
    assert shows or text.endswith("print(path[-1], loss(path[-1]))\n")
    for line in text.splitlines():
        assert len(line) <= WIDTH, line
        assert line == line.rstrip(), line
    if ruff := shutil.which("ruff", path=f"{Path(sys.executable).parent}{os.pathsep}{os.defpath}"):
        file = folder / "program.py"
        file.write_text(text, "utf-8")
        arguments = [ruff, "format", "--isolated", f"--line-length={WIDTH}", "--diff", str(file)]
        done = subprocess.run(arguments, capture_output=True, text=True)
        file.unlink()
        assert done.returncode == 0, done.stdout


KINDS = {
    "surface": "3d {up}",
    "contour": "rectilinear {up}",
    "arrows": "rectilinear {up}",
    "graph": "rectilinear Loss",
    "loss": "rectilinear Loss",
    "gradient": "rectilinear Gradient norm",
    "parameters": "rectilinear Parameters",
    "data": "rectilinear {target}",
    "rate": "rectilinear Learning rate",
}
"""What a program draws of a view: a kind of axes, and the name of what goes up."""


def check_panels(experiment: Experiment, ran: Ran) -> None:
    """Fail unless a program draws a panel for each view that is not a map."""
    names = (panel.view.name for panel in experiment.panels)
    views = dict.fromkeys("contour" if name == "arrows" else name for name in names)
    up = symbol_text(experiment.loss.symbols[-1])
    target = getattr(getattr(experiment.loss, "data", None), "y", "")
    shown = [KINDS[view].format(up=up, target=target) for view in views if view in KINDS]
    assert ran.kinds == shown


def check_paths(experiment: Experiment, ran: Ran) -> list[float]:
    """Fail unless a program's runs are those of the figure; returns how far they are apart."""
    expected = trajectories(experiment)
    assert len(ran.paths) == len(expected)
    apart = []
    for path, of_figure in zip(ran.paths, expected, strict=True):
        assert path.shape == of_figure.points.shape
        shown = slice(None if of_figure.verdict.kind in CONTRACTING else FIRST + 1)
        path, points = path[shown], of_figure.points[shown]
        is_there = np.isfinite(points)
        assert (np.isfinite(path) == is_there).all()
        scale = max(1.0, np.abs(points[is_there]).max())
        with np.errstate(invalid="ignore"):
            apart.append(float(np.abs(path - points)[is_there].max() / scale))
    assert max(apart, default=0.0) <= 1e-9, (experiment.loss.description, apart)
    return apart

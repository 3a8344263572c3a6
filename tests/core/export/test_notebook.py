"""Notebooks are valid, run from top to bottom, and are the same every time."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient

from sphinx_gdviz import Experiment as Given
from sphinx_gdviz.core.experiment import Experiment
from sphinx_gdviz.core.export.notebook import write_notebook
from sphinx_gdviz.core.losses.dataset import read_file
from sphinx_gdviz.core.losses.regression import LeastSquares

BOOK = Path(__file__).parents[3] / "book"
CARS = read_file(BOOK / "foundations" / "cars.csv", "cars.csv", "speed", "dist")

EXPERIMENTS = {
    "usual": Experiment(),
    "rates": Given(lr="0.01, 0.1, 0.5", clip="-3, 3", noise=0.1).settings,
    "rules": Given(optimizer="gd; adam; momentum(momentum=0.5); momentum", overlay=True).settings,
    "batches": Experiment(LeastSquares.of(CARS, True), batch=5, start=((0.9, -0.1),)),
    "schedule": Given(schedule="cosine", optimizer="rmsprop", view="contour, rate").settings,
    "sweep": Given(view="bifurcation", steps=100).settings,
}


def sources(data: bytes, kind: str) -> list[str]:
    """The texts of the cells of a kind."""
    cells = json.loads(data)["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == kind]


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_notebooks_are_valid_and_run(name: str) -> None:
    data = write_notebook(EXPERIMENTS[name], title="Figure 22.1", caption="Descent on a *bowl*.")
    notebook = nbformat.reads(data.decode(), as_version=4)
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    names: dict[str, object] = {}
    for source in sources(data, "code"):
        exec(compile(source.replace("plt.show()", "plt.close()"), name, "exec"), names)
    trial = names["trial"]
    assert isinstance(trial, np.ndarray)
    assert trial.shape == (EXPERIMENTS[name].steps + 1, 2)


def test_a_kernel_runs_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MPLBACKEND", raising=False)  # a notebook shows figures by itself
    data = write_notebook(Experiment(), title="Figure 22.1", caption="Descent on a bowl.")
    notebook = nbformat.reads(data.decode(), as_version=4)
    NotebookClient(
        notebook,
        timeout=120,
        kernel_name="python3",
        resources={"metadata": {"path": str(tmp_path)}},
    ).execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert any("image/png" in output.get("data", {}) for output in outputs)
    assert any("end: [" in output.get("text", "") for output in outputs)


def test_the_same_bytes_twice() -> None:
    for experiment in EXPERIMENTS.values():
        first, second = (
            write_notebook(experiment, title="A", caption="B", text="C") for _ in range(2)
        )
        assert first == second


def test_words() -> None:
    data = write_notebook(
        Given(lr="0.01, 0.1", batch=None).settings,
        title="Figure 2",
        caption="Two *rates*.",
        text="So.",
    )
    words = sources(data, "markdown")
    assert words[0] == "# Figure 2\n\nTwo *rates*.\n\nSo."
    assert "The rates are 0.01 and 0.1." in words[-2]
    assert "Start at (−1.5, −1.5) instead of (1.5, 1.5)." in words[-2]
    assert words[-1].startswith("## Notes")
    cells = json.loads(data)["cells"]
    assert [cell["id"] for cell in cells] == [f"cell-{n}" for n in range(1, len(cells) + 1)]
    rules = sources(write_notebook(EXPERIMENTS["rules"], title="A", caption="B"), "markdown")
    assert "Give all of the optimizers the same rate." in rules[-2]
    dampened = Given(optimizer="momentum(dampening=0.5)").settings
    trial = sources(write_notebook(dampened, title="A", caption="B"), "code")[-1]
    assert "lr=0.1, steps=50, dampening=0.5)" in trial
    one = sources(write_notebook(EXPERIMENTS["schedule"], title="A", caption="B"), "markdown")
    assert "The update is that of RMSprop. Put `theta = theta - rate * g` in its place" in one[-2]


def test_another_start_is_another_one() -> None:
    words = sources(
        write_notebook(Given(start="0, 0").settings, title="A", caption="B"), "markdown"
    )
    assert "Start at (1, 1) instead of (0, 0)." in words[-2]

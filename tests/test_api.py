"""The experiment for Python: the directive's options, in a notebook and in files."""

from __future__ import annotations

import base64
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sphinx_gdviz import Experiment, FormulaLoss, find_loss
from sphinx_gdviz.core.options.read import read_experiment


def test_values_of_python_mean_what_their_texts_mean() -> None:
    texts = {
        "loss": "himmelblau",
        "optimizer": "gd; adam(lr=0.02)",
        "lr": "0.01, 0.02",
        "start": "1.5, 1.5; -1, 2",
        "steps": "20",
        "titles": "One; Two; Three",
        "mark": "minima, saddles",
        "xlim": "-6, 6",
    }
    written, mistakes = read_experiment(texts)
    assert not mistakes
    made = Experiment(
        "himmelblau",
        optimizer=["gd", "adam(lr=0.02)"],
        lr=np.array([0.01, 0.02]),
        start=[(1.5, 1.5), np.array([-1, 2])],
        steps=20,
        titles=["One", "Two", "Three"],
        mark=("minima", "saddles"),
        xlim=(-6, 6),
        overlay=False,
    )
    assert made.settings == written


def test_runs_are_what_the_figure_shows() -> None:
    figure = Experiment(lr=(0.01, 0.1))
    assert [run.verdict.kind for run in figure.runs] == ["slow", "converged"]
    assert "converged at step 26" in figure.alt


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(
        ValueError, match=r"lr: .*not positive.*steps: .*no such option|stpes"
    ) as told:
        Experiment(lr=-1, stpes=3, view="contuor")
    for said in ("stpes", "lr: ", "did you mean “contour”"):
        assert said in str(told.value)


def test_a_function_may_be_a_loss_and_a_rule() -> None:
    def ring(x: Any, y: Any) -> Any:
        return (x**2 + y**2 - 1) ** 2

    def half(theta: Any, g: Any, lr: Any, memory: Any, t: int, *, share: float = 0.5) -> Any:
        return theta - share * lr * g, memory

    own = Experiment(ring, optimizer=[half, "gd"], lr=0.1, steps=10)
    formula = Experiment("(x**2 + y**2 - 1)**2", lr=0.05, steps=10)
    np.testing.assert_allclose(
        own.runs[0].trajectory.points, formula.runs[0].trajectory.points, rtol=1e-12
    )
    assert own.runs[0].method.optimizer.code
    assert Experiment(FormulaLoss("x**2 + y**2", xlim=(-1.0, 1.0))).settings.frame[0] == (-1.0, 1.0)


def test_a_notebook_gets_a_picture_and_words() -> None:
    bundle = Experiment(view="contour", steps=3)._repr_mimebundle_(include=None, exclude=None)
    assert bundle["image/svg+xml"].startswith("<?xml")
    assert base64.b64decode(bundle["image/png"]).startswith(b"\x89PNG")
    assert bundle["text/plain"].startswith("Contours of x^2")


@pytest.mark.parametrize(
    ("suffix", "magic"), [("svg", b"<?xml"), ("pdf", b"%PDF"), ("png", b"\x89PNG")]
)
def test_it_is_saved(tmp_path: Path, suffix: str, magic: bytes) -> None:
    path = tmp_path / f"figure.{suffix}"
    Experiment(view="contour", steps=3).save(path)
    assert path.read_bytes().startswith(magic)
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_nothing_is_left_of_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    figure = Experiment(view="contour", steps=3)
    with pytest.raises(ValueError, match="write a name with"):
        figure.save(tmp_path / "figure.jpg")
    with pytest.raises(OSError, match=r"figure|missing"):
        figure.save(tmp_path / "missing" / "figure.png")
    (tmp_path / "figure.png").mkdir()
    with pytest.raises(OSError, match=r"figure|missing"):
        figure.save(tmp_path / "figure.png")
    assert [file.name for file in tmp_path.iterdir()] == ["figure.png"]


def test_representations_for_tools_that_take_but_one() -> None:
    figure = Experiment(lr=0.1, steps=3, view="contour")
    markup = figure._repr_html_()
    assert markup
    element = ET.fromstring(markup.replace(">", "/>"))
    kind, data = element.attrib["src"].split(",")
    assert kind == "data:image/svg+xml;base64"
    assert base64.b64decode(data).decode() == figure._repr_mimebundle_()["image/svg+xml"]
    assert element.attrib["alt"] == figure.alt
    assert figure._repr_png_().startswith(b"\x89PNG")


def test_a_notebook_gets_no_html() -> None:
    """It would come before the pictures, which MyST-NB puts into files."""
    program = (
        "from IPython.core.interactiveshell import InteractiveShell\n"
        "from sphinx_gdviz import Experiment\n"
        "shell = InteractiveShell.instance()\n"
        "found, _ = shell.display_formatter.format(Experiment(lr=0.1, steps=3, view='contour'))\n"
        "print(*sorted(found))\n"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["application/pdf", "image/png", "image/svg+xml", "text/plain"]


def test_repr_is_what_was_written() -> None:
    def half(theta: Any, g: Any, lr: Any, memory: Any, t: int) -> Any:
        return theta - lr * g / 2, memory

    figure = Experiment("x**2 + y**2", optimizer=[half, "gd"], lr=(0.1,), start=(1, 2))
    expected = "Experiment(loss='x**2 + y**2', optimizer=[half, 'gd'], lr=(0.1,), start=(1, 2))"
    assert repr(figure) == expected
    assert repr(FormulaLoss("x**2 + y**2")) in repr(Experiment(FormulaLoss("x**2 + y**2")))
    assert " at 0x" not in repr(Experiment(find_loss("rosenbrock"), optimizer=half))

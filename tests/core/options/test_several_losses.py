"""Several losses in one figure."""

from __future__ import annotations

import numpy as np
import pytest

from sphinx_gdviz import Experiment
from sphinx_gdviz.core.export.page_data import obstacle
from sphinx_gdviz.core.export.python_program import write_program
from sphinx_gdviz.core.report.describe import describe
from sphinx_gdviz.core.report.numbers import plain_text
from sphinx_gdviz.core.report.quantities import answer
from sphinx_gdviz.core.report.query import read_query
from sphinx_gdviz.core.result import Result

THREE = "x**2 + y**2; x**2 + 4*y**2; ravine"


@pytest.fixture(scope="module")
def figure() -> Experiment:
    return Experiment(THREE, lr="0.05, 0.07", start="1.5, 1", steps=20, view="contour, loss")


def said(figure: Experiment, query: str) -> str:
    return plain_text(answer(figure.result, read_query(query)))


def test_each_is_as_it_would_be_alone(figure: Experiment) -> None:
    assert len(figure.runs) == 6
    for index, text in enumerate(THREE.split(";")):
        alone = Experiment(text, lr="0.05, 0.07", start="1.5, 1", steps=20)
        for run, expected in zip(figure.runs[2 * index :], alone.runs, strict=False):
            np.testing.assert_array_equal(run.trajectory.points, expected.trajectory.points)
            assert run.verdict == expected.verdict


def test_it_is_kept_whole(figure: Experiment) -> None:
    again = Result.from_bytes(figure.settings, figure.result.to_bytes())
    for run, kept in zip(figure.runs, again.all_runs, strict=True):
        np.testing.assert_array_equal(run.trajectory.losses, kept.trajectory.losses)


def test_any_loss_is_a_part_of_the_key(figure: Experiment) -> None:
    keys = {Experiment(f"x**2 + y**2; x**2 + {n}*y**2").settings.key for n in range(2, 5)}
    assert len(keys) == 3


def test_panels_are_named_by_the_loss_and_curves_are_shared(figure: Experiment) -> None:
    titles = [panel.title for part in figure.settings.parts for panel in part.panels]
    assert titles[0] == r"$\theta_1^{2} + \theta_2^{2}$, η = 0.05"
    assert titles[-3:] == ["ravine, η = 0.05", "ravine, η = 0.07", "Loss against step"]
    assert len(describe(figure.result).panels) == 7
    own = Experiment("x**2; x**4", titles="A; B; C", view="graph, loss")
    assert [panel.title for part in own.settings.parts for panel in part.panels][:3] == [
        *("A", "B", "C"),
    ]


def test_numbers_are_those_of_the_run_that_is_meant(figure: Experiment) -> None:
    assert said(figure, "loss:.6f run=6") == f"{figure.runs[5].trajectory.losses[-1]:.6f}"
    assert said(figure, "largest-stable-rate run=1") == "1.000"
    assert said(figure, "largest-stable-rate run=5") == "0.080"
    assert said(figure, "formula run=5") == "(x^2 + 25 y^2)/2"
    assert said(figure, "runs") == "6"
    with pytest.raises(ValueError, match=r"there are 6 runs; .*run=6 on \(x\^2 \+ 25 y\^2\)/2"):
        said(figure, "loss")


def test_the_text_has_each(figure: Experiment) -> None:
    assert "on x^2 + 4 y^2 at learning rate 0.07 it" in figure.alt
    assert obstacle(figure.settings) == "it has several losses"
    with pytest.raises(ValueError, match="the figure has several losses"):
        write_program(figure.settings)


def test_errors_are_above_the_lowest_of_each_loss() -> None:
    shifted = Experiment("x**2; x**2 + 5", view="error", steps=5, lr=0.3)
    assert [part.lowest_loss for part in shifted.result.parts] == pytest.approx([0, 5], abs=1e-9)


@pytest.mark.parametrize(
    ("options", "mistake"),
    [
        ({"loss": "x**2; y**2 + x", "start": "1.5"}, "start: “1.5” has 1 coordinate"),
        ({"loss": "x**2; x**2"}, "loss: a loss is written twice"),
        ({"loss": "x**2; sinn(x)"}, "loss: “sinn” is not a known function"),
        ({"loss": "x**2;"}, "loss: the formula is empty"),
        ({"loss": "x**2; x**4", "titles": "A"}, "titles: there are 2 panels"),
        ({"loss": "; ".join(f"x**{n}" for n in range(2, 15))}, "loss: 13 panels are too many"),
    ],
)
def test_mistakes(options: dict[str, str], mistake: str) -> None:
    with pytest.raises(ValueError, match=mistake):
        Experiment(**options)

"""Places in a figure, and landscapes without a run."""

from __future__ import annotations

import numpy as np
import pytest

from sphinx_gdviz.core.experiment import Experiment
from sphinx_gdviz.core.export.notebook import write_notebook
from sphinx_gdviz.core.export.page_data import obstacle
from sphinx_gdviz.core.export.python_program import write_program
from sphinx_gdviz.core.options.annotations import read_place, read_places
from sphinx_gdviz.core.options.expectations import read_expectations
from sphinx_gdviz.core.options.read import Book, read_experiment
from sphinx_gdviz.core.places import Place
from sphinx_gdviz.core.report.describe import alt_text, describe
from sphinx_gdviz.core.report.numbers import Numeral
from sphinx_gdviz.core.report.quantities import answer
from sphinx_gdviz.core.report.query import read_query
from sphinx_gdviz.core.result import Result, run
from sphinx_gdviz.messages import GdvizError


def experiment(**options: str) -> Experiment:
    """The experiment of options that are right."""
    found, mistakes = read_experiment(options, Book())
    assert mistakes == []
    assert found
    return found


def mistake(**options: str) -> tuple[str | None, str]:
    """The first mistake of options, or that of running them."""
    found, mistakes = read_experiment(options, Book())
    if found:
        with pytest.raises(GdvizError) as caught:
            run(found)
        mistakes = [caught.value]
    return mistakes[0].option, str(mistakes[0])


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("start", Place("start")),
        ("step 5", Place("step", 5, 5)),
        ("step 0..3 of run 2", Place("step", 0, 3, 2)),
        ("saddle  2", Place("saddle", 2, 2)),
        ("-0.5, 1", Place("point", point=(-0.5, 1.0))),
        ("2", Place("point", point=(2.0,))),
    ],
)
def test_a_place_is_read_and_written(text: str, place: Place) -> None:
    assert read_place(text) == place
    assert read_place(str(place)) == place


@pytest.mark.parametrize("text", ["step", "step 5..3", "start 2", "saddle 0", "minimum of run 1"])
def test_what_is_no_place(text: str) -> None:
    with pytest.raises(GdvizError, match="is no place; write places such as start"):
        read_place(text)


def test_a_place_is_written_once() -> None:
    assert read_places("start; 1, 2") == (Place("start"), Place("point", point=(1.0, 2.0)))
    with pytest.raises(GdvizError, match="twice"):
        read_places("minimum; minimum 1")


def test_points_of_places() -> None:
    shown = run(experiment(lr="0.1, 0.2", steps="5", start="1.5, 1.5; -1, 1"))
    paths = [each.trajectory.points for each in shown.runs]
    assert shown.points_at(read_place("start")) == ((1.5, 1.5), (-1.0, 1.0))
    np.testing.assert_array_equal(shown.points_at(read_place("end")), [p[-1] for p in paths])
    np.testing.assert_array_equal(shown.points_at(read_place("step 1..3 of run 2")), paths[1][1:4])
    minima = [point.point for point in shown.points_of("minimum")]
    assert shown.points_at(read_place("minimum 2")) == (minima[1],)


@pytest.mark.parametrize(
    ("options", "option", "said"),
    [
        ({"arrows": "step 51"}, "arrows", "there is no step 51; the runs have the steps 0 to 50"),
        ({"arrows": "end of run 2"}, "arrows", "end of run 2: there is one run"),
        ({"arrows": "3"}, "arrows", "3 has 1 coordinate, and the loss the parameters x and y"),
        ({"arrows": "5, 5"}, "arrows", "5, 5 is outside of the frame; write xlim and ylim, too"),
        ({"arrows": "saddle 2"}, "arrows", "there is no saddle 2: the frame has 1 saddle"),
        ({"arrows": "start", "view": "loss"}, "arrows", "it is not used; write view: arrows, too"),
        (
            {"steps": "0", "arrows": "end"},
            "arrows",
            "end: there is no run, since there are 0 steps",
        ),
        ({"steps": "0", "view": "loss"}, "view", "loss shows runs, and 0 steps are none"),
        ({"loss": "a*b*c", "steps": "0"}, "steps", "loss shows runs, and 0 steps are none"),
        ({"steps": "0", "view": "contour, basins"}, "view", "basins shows runs, and 0 steps are"),
        ({"steps": "0", "lr": "0.2"}, "lr", "it is not used, since 0 steps are no run"),
        ({"steps": "0", "optimizer": "adam"}, "optimizer", "it is not used, since 0 steps are no"),
        ({"steps": "0", "start": "1, 1"}, "start", "it is not used, since 0 steps are no run"),
    ],
)
def test_what_does_not_fit_together(options: dict[str, str], option: str, said: str) -> None:
    where, message = mistake(**options)
    assert where == option
    assert message.startswith(said)


# Without a run.


@pytest.fixture(scope="module")
def landscape() -> Result:
    return run(experiment(steps="0", arrows="start; -1, 0.5", start="1, 1", mark="minima"))


def test_a_landscape_in_words(landscape: Result) -> None:
    assert landscape.runs == ()
    said = alt_text(landscape)
    assert said.startswith("The loss surface and contours of x^2")
    assert said.endswith(", with arrows downhill at (1, 1) and (−1, 0.5).")
    described = describe(landscape)
    assert described.runs == ()
    assert "arrows point downhill at (1, 1) and (−1, 0.5)" in described.panels[0]


def test_a_landscape_is_kept(landscape: Result) -> None:
    kept = Result.from_bytes(landscape.experiment, landscape.to_bytes())
    assert kept == landscape


def test_quantities_of_a_landscape(landscape: Result) -> None:
    (minimum,) = answer(landscape, read_query("minimum-loss"))
    assert isinstance(minimum, Numeral)
    assert minimum.plain == "−0.075"
    assert answer(landscape, read_query("largest-stable-rate"))
    for asked in ("loss step=0", "verdict", "lr"):
        with pytest.raises(GdvizError, match="there is no run: the figure has 0 steps"):
            answer(landscape, read_query(asked))
    with pytest.raises(GdvizError, match="there is no run"):
        read_expectations("converged", landscape.experiment)


def test_a_landscape_has_a_program_and_stays_a_picture(landscape: Result) -> None:
    program = write_program(landscape.experiment)
    assert "path" not in program
    assert "descend" not in program
    compile(program, "program", "exec")
    notebook = write_notebook(landscape.experiment, title="A", caption="B")
    assert b"The figure" in notebook
    assert b"The descent" not in notebook
    assert obstacle(landscape.experiment) == "it shows the loss alone, without a run"


def test_book_defaults_of_runs_are_no_mistake() -> None:
    _, mistakes = read_experiment({"steps": "0", "lr": "0.2, 0.3"}, Book())
    assert mistakes[0].is_unused

"""Quantities: what a book quotes is what the runs did, worked out here in another way."""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sphinx_gdviz import Experiment, critical_points, descend
from sphinx_gdviz.core.report.numbers import Tex, plain_text
from sphinx_gdviz.core.report.quantities import (
    QUANTITIES,
    Phrase,
    answer,
    evaluate,
    heading,
)
from sphinx_gdviz.core.report.query import Query, Selection, read_query
from sphinx_gdviz.core.result import Result
from sphinx_gdviz.messages import GdvizError


@cache
def rates() -> Result:
    """The three runs of the chapter."""
    return Experiment(lr="0.01, 0.1, 0.5").result


@cache
def many() -> Result:
    """Runs that differ in all that can be selected."""
    return Experiment(
        optimizer="gd; momentum(momentum=0.5); momentum(momentum=0.8)",
        lr="0.05, 0.1",
        start="1.5, 1.5; -1, 2",
        clip="-3, 3",
    ).result


def said(text: str, result: Result | None = None) -> str:
    """What is said to a question, as plain text."""
    return plain_text(answer(result or rates(), read_query(text)))


def value(text: str, result: Result | None = None) -> Any:
    """The value that is asked for."""
    return evaluate(result or rates(), read_query(text))


RUN = descend(lr=0.1)
FIRST = descend(lr=0.01)
LAST = descend(lr=0.5)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("loss run=2", RUN.losses[-1]),
        ("loss run=2 step=10", RUN.losses[10]),
        ("gradient-norm run=1", np.hypot(*FIRST.gradients[-1])),
        ("gradient run=2 step=0", tuple(RUN.gradients[0])),
        ("point lr=0.5 step=1", tuple(LAST.points[1])),
        ("x run=3 step=7", LAST.points[7, 0]),
        ("y run=3 step=7", LAST.points[7, 1]),
        ("fall run=1 step=1", FIRST.losses[0] - FIRST.losses[1]),
        ("predicted-fall run=3 step=1", 0.5 * (LAST.gradients[0] ** 2).sum()),
        ("step-length run=2 step=1", np.linalg.norm(RUN.points[1] - RUN.points[0])),
        ("rises run=3", sum(b > a for a, b in zip(LAST.losses[:-1], LAST.losses[1:], strict=True))),
        ("lowest run=3 step=25..50", min(LAST.losses[25:])),
        ("highest run=3 step=25..50", max(LAST.losses[25:])),
        ("highest run=3", LAST.losses[0]),
        ("minimum-loss", critical_points("bowl")[0].loss),
        ("saddle", (-0.357818, 0.0)),
        ("largest-stable-rate run=2", 0.33586),
        ("distance run=2 step=0", np.hypot(1.5 + 0.357818, 1.5 - 0.674475)),
        ("distance run=3", np.hypot(*(LAST.points[-1] - (-0.357818, -0.674475)))),
        ("condition-number run=1", 5.95484 / 3.96799),
        ("reached run=2", (-0.357818, 0.674475)),
    ],
)
def test_numbers(question: str, expected: Any) -> None:
    np.testing.assert_allclose(value(question), expected, rtol=2e-5, atol=1e-9)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("step run=2", "26"),
        ("verdict run=1", "still on the way"),
        ("outcome run=3", "oscillated irregularly from step 3 and ended at loss −0.047"),
        ("minima", "2"),
        ("maxima", "0"),
        ("minimum:.6f nth=2", "(−0.357818, 0.674475)"),
        ("lr run=1", "0.01"),
        ("start run=1", "(1.5, 1.5)"),
        ("steps", "50"),
        ("tolerance run=1", "0.001"),
        ("noise run=1", "0"),
        ("runs", "3"),
        ("setting run=2", "η = 0.1"),
        ("optimizer run=2", "Gradient descent"),
        ("loss:.6f lr=0.1", "−0.075142"),
        ("gradient-norm:.1e lr = 0.1", "1.3 × 10⁻¹¹"),
        ("formula", "x^2 + y^2 + 0.5 sin(3 x) + 0.5 cos(3 y)"),
    ],
)
def test_words(question: str, expected: str) -> None:
    assert said(question) == expected


def test_settings_of_an_optimizer_are_quantities() -> None:
    assert said("momentum run=5", many()) == "0.5"
    assert said("dampening run=5", many()) == "0"
    assert said("beta2", Experiment(optimizer="adam").result) == "0.999"


def test_a_schedule_shows_in_the_rate() -> None:
    result = Experiment(lr=0.2, schedule="step(every=10)").result
    assert [said(f"rate step={n}", result) for n in (1, 10, 11, 50)] == [
        "0.2",
        "0.2",
        "0.1",
        "0.0125",
    ]


def test_selection() -> None:
    runs = many().runs
    assert len(runs) == 12
    for number, run in enumerate(runs, 1):
        which = Selection(None, run.lr, run.method.optimizer.call, run.start)
        assert which.only(many()) is run
        assert Selection(run=number).only(many()) is run
    assert len(Selection(optimizer="momentum").among(many())) == 8
    assert len(Selection(start=(-1, 2)).among(many())) == 6
    text = "loss optimizer=momentum(momentum=0.8) lr=0.1 start=-1, 2"
    assert value(text, many()) == runs[11].trajectory.losses[-1]


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("loss", "there are 3 runs; write which one is meant: run=1 at learning rate 0.01; run=2"),
        ("loss lr=0.7", "no run is “lr=0.7”; there are run=1 at learning rate 0.01"),
        ("loss run=4", "no run is “run=4”"),
        ("los run=1", "“los” is not a quantity; did you mean “loss”? there are verdict,"),
        ("loss run=1 step=51", "there is no step 51; the run has the steps 0 to 50"),
        ("lowest run=1 step=9..60", "there is no step 9..60"),
        ("loss run=1 step=3..4", "loss is asked for at one step"),
        ("step run=1 step=4", "step is not asked for at a step"),
        ("loss run=1 nth=2", "there is one loss only"),
        ("saddle nth=2", "there is no saddle number 2: the frame has 1 saddle"),
    ],
)
def test_questions_without_an_answer(question: str, told: str) -> None:
    with pytest.raises(GdvizError) as error:
        said(question)
    assert told in str(error.value)


@pytest.mark.parametrize(
    "question",
    ["period run=3", "reached run=3", "clip-step run=1", "fall run=1 step=0"],
)
def test_runs_that_have_nothing_of_the_kind(question: str) -> None:
    assert value(question) is None
    with pytest.raises(GdvizError):
        said(question)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "asks for nothing"),
        ("lr=0.1", "asks for nothing"),
        ("final loss", "asks for 2 things"),
        ("loss:", "“loss:” is incomplete"),
        (":.4f", "“:.4f” is incomplete"),
        ("loss:q", "“q” is not a format"),
        ("loss lr=fast", "“fast” is not a number"),
        ("loss lr=0.1 lr=0.2", "has lr twice"),
        ("loss rate=0.1", "“rate=0.1” is not known"),
        ("loss runs=1", "did you mean “run”"),
        ("loss run=0", "a whole number from 1"),
        ("loss step=-1", "write step=10"),
        ("loss step=1..", "write step=10"),
    ],
)
def test_questions_that_are_none(text: str, told: str) -> None:
    with pytest.raises(GdvizError) as error:
        read_query(text)
    assert told in str(error.value)


@given(st.text(max_size=60))
@settings(max_examples=300)
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(GdvizError):
        assert isinstance(read_query(text), Query)


def test_parameters_are_asked_for_by_their_names() -> None:
    named = Experiment("phi0**2 + 3*b**2", parameters="phi0, b", steps=5, lr=0.01).result
    points = named.runs[0].trajectory.points
    for text, expected, above in (
        ("phi0 step=3", points[3, 0], "φ₀ at step 3"),
        ("b", points[5, 1], "Final b"),
        ("x", points[5, 0], "Final φ₀"),
    ):
        assert value(text, named) == expected
        assert plain_text(heading(read_query(text), named.experiment.loss)) == above
    turned = Experiment("x**2 + 3*y", parameters="y, x", steps=5).result
    assert value("x", turned) == turned.runs[0].trajectory.points[5, 1]
    bowl = rates().experiment.loss
    assert heading(read_query("y"), bowl) == ("Final ", Tex(r"\theta_2", "θ₂"))
    with pytest.raises(GdvizError, match=r"“w” is not a quantity.*, phi0, b"):
        value("w", named)


@pytest.mark.parametrize("name", QUANTITIES)
def test_every_quantity_has_an_answer_and_a_heading(name: str) -> None:
    result = Experiment(
        "rastrigin",
        lr=0.011,
        start="0.3, 0.2; 2.1, 2.9",
        clip="-2, 2",
        steps=200,
        model="quadratic at minimum",
    ).result
    question = Query(name, which=Selection(run=1))
    assert plain_text(heading(question, result.experiment.loss))
    if evaluate(result, question) is None:
        assert name in ("period", "clip-step", "reached", "reached-loss", "batch")
    else:
        assert plain_text(answer(result, question))


def test_names_of_runs() -> None:
    assert isinstance(value("setting run=1"), Phrase)
    names = [said(f"setting run={n}", many()) for n in (1, 2, 7)]
    assert names == [
        "Gradient descent, η = 0.05, (1.5, 1.5)",
        "Gradient descent, η = 0.05, (−1, 2)",
        "Momentum (momentum 0.5), η = 0.1, (1.5, 1.5)",
    ]


def test_small_rates_are_powers_of_ten() -> None:
    result = Experiment(lr="1e-7, 2e-5", steps=2).result
    name = answer(result, Query("setting", which=Selection(run=1)))
    assert name == (Tex(r"\eta = 10^{-7}", "η = 10⁻⁷"),)


def test_a_run_that_overflows_has_a_lowest_and_a_highest_loss() -> None:
    result = Experiment("x**4 + y**4", lr=1, start="3, 3", steps=30).result
    assert said("lowest", result) == "162.000"
    assert said("highest", result) == "∞"
    assert int(said("rises", result)) >= 2


@pytest.mark.parametrize("quantity", ["largest-stable-rate", "condition-number"])
def test_a_flat_minimum_limits_nothing(quantity: str) -> None:
    result = Experiment("x**4 + y**4", steps=2).result
    assert value(quantity, result) is None
    with pytest.raises(GdvizError):
        said(quantity, result)


def test_formats_are_honoured_or_refused() -> None:
    assert said("lr:.4f run=2") == "0.1000"
    assert said("start:.3f run=2") == "(1.500, 1.500)"
    for question in ("verdict:.2f run=1", "setting:.2f run=1", "formula:.1f"):
        with pytest.raises(GdvizError, match="is no number"):
            said(question)


def test_runs_are_selected_as_they_are_written() -> None:
    figure = Experiment(
        optimizer="momentum(momentum=0.80); adam(lr=0.3, beta1=0.5); momentum",
        lr=(0.3333333333333, 0.1 + 0.2),
        steps=2,
    )
    for text, runs in (
        ("momentum(momentum=0.80)", 2),
        ("momentum(momentum=0.9)", 2),
        ("adam(lr=0.3, beta1=0.5)", 1),
        ("adam(beta2=0.999)", 1),
        ("momentum", 4),
        ("adam(beta1=0.6)", 0),
        ("adam(beta7=0.6)", 0),
    ):
        assert len(Selection(optimizer=text).among(figure.result)) == runs
    assert len(Selection(lr=0.333333).among(figure.result)) == 2
    assert len(Selection(lr=0.3).among(figure.result)) == 3

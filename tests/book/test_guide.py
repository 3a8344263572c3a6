"""The guide lists what there is, shows what it does, and its listings work."""

from __future__ import annotations

import inspect
import re
from collections import Counter
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args

import matplotlib as mpl
import numpy as np
import pytest
from sources import Page, one_line, read_directive

from sphinx_gdviz import critical_points, descend
from sphinx_gdviz.core.descent.maps import Basins, Outcomes
from sphinx_gdviz.core.descent.verdict import KINDS
from sphinx_gdviz.core.experiment import Experiment
from sphinx_gdviz.core.expr.node import FUNCTIONS
from sphinx_gdviz.core.losses.dataset import MAX_ROWS, read_file
from sphinx_gdviz.core.losses.function import as_loss
from sphinx_gdviz.core.losses.logistic import MAX_LOGISTIC_ROWS, LogisticRegression
from sphinx_gdviz.core.losses.named import CATALOGUE, find_loss
from sphinx_gdviz.core.losses.regression import LeastSquares
from sphinx_gdviz.core.methods.rule import register
from sphinx_gdviz.core.methods.rules import RULES
from sphinx_gdviz.core.methods.schedules import KINDS as SCHEDULES
from sphinx_gdviz.core.methods.schedules import SHARED, find_schedule, register_schedule
from sphinx_gdviz.core.options.conflicts import MAX_PANELS
from sphinx_gdviz.core.options.expectations import read_expectation, read_expectations
from sphinx_gdviz.core.options.read import MAX_LEVELS, Book, experiment_options, read_experiment
from sphinx_gdviz.core.options.syntax import NARROWEST
from sphinx_gdviz.core.report.quantities import OF_LOSSES, OF_RUNS, OF_SETTINGS, OF_STEPS, Quantity
from sphinx_gdviz.core.report.quote_options import DEFAULT_COLUMNS, SELECTORS
from sphinx_gdviz.core.report.worked_steps import rule_lines
from sphinx_gdviz.core.result import run as run_experiment
from sphinx_gdviz.core.scale import SCALES
from sphinx_gdviz.core.views import VIEWS
from sphinx_gdviz.draw.style import run_style, settings
from sphinx_gdviz.ext.builders.live_figure import CONTROLS
from sphinx_gdviz.ext.config import Settings
from sphinx_gdviz.ext.directives.gdviz_figure import GdvizFigure
from sphinx_gdviz.ext.directives.gdviz_table import TableDirective
from sphinx_gdviz.ext.log import Subtype
from sphinx_gdviz.messages import GdvizError

TABLE = "The options of gdviz-figure."
GUIDE = Path(__file__).parents[2] / "book/guide"
PAGES = {path.stem: Page(f"guide/{path.name}") for path in sorted(GUIDE.glob("*.md"))}
LOSSES, OPTIMIZERS, OPTIONS = (PAGES[name] for name in ("losses", "optimizers", "options"))
EXAMPLE = re.compile(
    r"^````md\n```\{gdviz-figure\}\n(.*?)^```\n````\n(.*?)(?=^````md|\Z)", re.M | re.S
)


def rows_of(page: Page, caption: str) -> list[list[str]]:
    """The rows of a table."""
    table = re.search(
        rf"^```\{{table\}} {re.escape(caption)}\n(.*?)^```$", page.source, re.M | re.S
    )
    assert table
    lines = [line for line in table[1].splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]


def definitions_of(page: Page, heading: str) -> dict[str, str]:
    """The terms of the definition list below a heading, and what is said of each."""
    section = page.source.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return dict(re.findall(r"^(`[^\n]+`)\n: (.*)$", section, re.M))


# What there is.


def test_table_of_losses_is_the_catalogue() -> None:
    expected = [[f"`{name}`", entry.title, entry.source] for name, entry in CATALOGUE.items()]
    assert rows_of(LOSSES, "The losses that have a name.") == expected


@pytest.mark.parametrize("name", ["bowl", "himmelblau", "goldstein-price", "ravine"])
def test_minima_are_found_again(name: str) -> None:
    LOSSES.says("Their minima are known from the literature, and `mark` finds them again")
    found = [point.point for point in critical_points(name) if point.kind == "minimum"]
    assert len(found) == len(CATALOGUE[name].minima)
    for minimum in CATALOGUE[name].minima:
        assert min(np.hypot(*(np.array(minimum) - found).T)) < 1e-6


def test_list_of_rules_is_what_the_engine_has() -> None:
    expected = {}
    for name, rule in RULES.items():
        settings = ", ".join(f"{key}={value:g}" for key, value in rule.defaults.items())
        told = [line for line in rule_lines(rule) if line != ("g", r"\nabla L(\theta)")]
        lines = ", ".join(rf"${left} \leftarrow {right}$" for left, right in told)
        expected[f"`{name}({settings})`" if settings else f"`{name}`"] = f"{rule.title}: {lines}"
    said = definitions_of(OPTIMIZERS, "The rules")
    assert list(said) == list(expected)
    assert said == expected


def test_each_letter_of_a_rule_has_its_setting() -> None:
    (said,) = re.findall(r"The letters are the settings: (.*?)\.", OPTIMIZERS.text)
    names = set(re.findall(r"`(\w+)`", said))
    known = {name for rule in RULES.values() for name in rule.defaults}
    assert names == known - {"smallest", "largest"}


def test_memories_begin_as_the_guide_says() -> None:
    OPTIMIZERS.says(
        "Two memories do not begin at zero: the first $b$ of `momentum` is $g$ itself, whatever "
        "the dampening, and the step sizes $s$ of Rprop are at first $\\eta$, stay between "
        "`smallest` and `largest`, and are not touched by a schedule."
    )
    plain, damped = (descend(optimizer=o) for o in ("gd", "momentum(dampening=0.5)"))
    np.testing.assert_array_equal(plain.points[1], damped.points[1])
    resilient = [descend(optimizer="rprop", schedule=s) for s in ("constant", "cosine")]
    np.testing.assert_array_equal(resilient[0].points, resilient[1].points)
    np.testing.assert_allclose(np.abs(np.diff(resilient[0].points[:2], axis=0)), 0.1)
    sizes = np.abs(np.diff(descend("x - y", optimizer="rprop(largest=0.3)").points, axis=0))
    assert sizes.max() == pytest.approx(0.3)


def test_list_of_schedules_is_what_the_engine_has() -> None:
    expected = []
    for name, kind in SCHEDULES.items():
        at = ["15", "30"] if kind.takes_steps else []
        settings = ", ".join([*at, *(f"{k}={v:g}" for k, v in kind.defaults.items())])
        expected.append(f"`{name}({settings})`" if settings else f"`{name}`")
    assert list(definitions_of(OPTIMIZERS, "Schedules")) == expected
    rows = re.findall(r"^- `(\w+)`: ", OPTIMIZERS.source.split("\n## Schedules\n")[1], re.M)
    assert rows == [*SHARED]
    for text in re.findall(r"`([\w-]+\([^`]*=[^`]*\))`", OPTIMIZERS.source.split("Schedules\n")[1]):
        if text.partition("(")[0] in SCHEDULES:
            assert len(find_schedule(text).factors(50)) == 50
    warm = find_schedule("cosine(warmup=5)").factors(25)
    OPTIMIZERS.says("as in `cosine(warmup=5)`")
    np.testing.assert_allclose(warm[:5], [0.2, 0.4, 0.6, 0.8, 1])
    np.testing.assert_array_equal(warm[5:], find_schedule("cosine").factors(20))
    step = find_schedule("step").factors(25)
    np.testing.assert_allclose(step[[0, 9, 10, 20]], [1, 1, 0.5, 0.25])
    np.testing.assert_allclose(find_schedule("exponential").factors(3), [1, 0.95, 0.95**2])


def test_table_of_options_has_every_option_and_view() -> None:
    rows = rows_of(OPTIONS, TABLE)
    named = [name for row in rows for name in re.findall(r"`([a-z]+)`", row[0])]
    assert sorted(named) == sorted({*experiment_options(Book()), *GdvizFigure.others})
    said = {row[0].strip("`"): row for row in rows}
    assert re.findall(r"`([a-z]+)`", said["view"][1]) == list(VIEWS)
    assert re.findall(r"`([a-z-]+)`", said["schedule"][1]) == list(SCHEDULES)
    assert re.findall(r"`([a-z]+)`", said["scale"][1]) == list(SCALES)
    (levels,) = Counter(e.loss.levels for e in CATALOGUE.values()).most_common(1)
    assert said["levels"][2] == f"what suits the loss, mostly `{levels[0]}`"
    assert said["levels"][1].endswith(f"2 to {MAX_LEVELS}")
    assert [len(row) for row in rows] == [3] * len(rows)


def test_list_of_functions_is_what_formulas_know() -> None:
    (said,) = re.findall(r"and the functions (.*?):", OPTIONS.text)
    assert re.findall(r"`(\w+)`", said) == [*FUNCTIONS]
    OPTIONS.says("`max(x, y)` takes two arguments, and `where(x > 0, x**2, -x)` is a choice")
    OPTIONS.says("of $x = 0$ in `abs(x)`, `sign(x)` and `relu(x)` it is $0$")
    for text in ("abs(x)", "sign(x)", "relu(x)", "max(x, 0*x)"):
        assert find_loss(text).gradient((0.0,)) == 0, text
    assert find_loss("where(x > 0, x**2, -x)").value([[2.0], [-3.0]]).tolist() == [4.0, 3.0]


@pytest.mark.parametrize("option", ["lr", "start", "steps", "schedule", "noise", "seed", "width"])
def test_table_says_what_is_taken_when_an_option_is_left_out(option: str) -> None:
    rows = {row[0].strip("`"): row[2] for row in rows_of(OPTIONS, TABLE)}
    default = rows[option].strip("`")
    read = experiment_options(Book())[option]
    assert read.read(default) == getattr(Experiment(), read.field)


def test_table_says_the_default_loss_optimizer_and_views() -> None:
    rows = {row[0].strip("`"): row[2] for row in rows_of(OPTIONS, TABLE)}
    usual, options = Experiment(), experiment_options(Book())
    assert options["loss"].read(rows["loss"].split("`")[1]) == usual.loss
    assert options["optimizer"].read(rows["optimizer"].strip("`")) == usual.optimizers
    assert rows["view"] == (
        "the first two for one run, contours for several; `graph` for one parameter"
    )
    assert [panel.view.name for panel in usual.panels] == list(VIEWS)[:2]
    assert {panel.view.name for panel in Experiment(lr=(0.1, 0.2)).panels} == {"contour"}
    of_one = Experiment(find_loss("x**2"))
    assert [panel.view.name for panel in of_one.panels] == ["graph"]
    assert rows["sweep"] == "the rate, and the last coordinate of the start"
    assert (usual.across.name, usual.up.name) == ("lr", "y")
    table = {row[0].strip("`"): row[1] for row in rows_of(OPTIONS, TABLE)}
    (example,) = re.findall(r"`(lr [^`]*)`", table["sweep"])
    assert [axis.name for axis in options["sweep"].read(example)] == ["lr", "momentum"]


def test_limits_are_those_of_the_code() -> None:
    assert MAX_PANELS == 12
    OPTIONS.says("A figure has twelve panels at most.", "an `elevation` above its floor, 5 to 90")
    most = f"{Book().max_steps // 1000} 000"
    OPTIONS.says(f"The most that a figure may ask for is {most}", f"{most} unless changed")
    LOSSES.says(f"at most {MAX_ROWS // 1000} 000 rows ({MAX_LOGISTIC_ROWS // 1000} 000 for a")
    assert NARROWEST < 66
    with mpl.rc_context(settings()):
        styles = [run_style(index) for index in range(61)]
    OPTIONS.says(f"the combinations repeat after {len(set(styles))} runs")
    assert styles[60] == styles[0]


def test_expectations_are_read_and_hold() -> None:
    section = one_line(OPTIONS.source.split("\n## Expectations\n")[1].split("\n```")[0])
    named = re.findall(r"`([a-z][^`]*)`", section.split("````md")[0])
    assert sorted(name for name in named if name in KINDS) == sorted(KINDS)
    for name in set(named) - {"expect"}:
        assert read_expectation(name).text == name
    experiment = OPTIONS.experiment("fig-option-expect")
    claims = read_expectations(OPTIONS.figures["fig-option-expect"]["expect"], experiment)
    for claim, run in zip(claims, OPTIONS.result("fig-option-expect").runs, strict=True):
        assert claim.holds_of(run.verdict)


def test_every_kind_of_message_is_explained() -> None:
    page = PAGES["mistakes"].source
    assert set(re.findall(r"^`gdviz\.(\w+)`$", page, re.M)) == {*get_args(Subtype), "mathml"}


# What it shows.


def examples() -> list[Any]:
    return [
        pytest.param(page, *match.groups(), id=f"{name}-{index}")
        for name, page in PAGES.items()
        for index, match in enumerate(EXAMPLE.finditer(page.source))
    ]


@pytest.mark.parametrize(("page", "example", "rest"), examples())
def test_an_example_is_the_figure_that_follows_it(page: Page, example: str, rest: str) -> None:
    following = re.search(r"^```\{gdviz-figure\}\n(.*?)^```$", rest, re.M | re.S)
    assert following
    assert not re.search(r"^#", rest[: following.start()], re.M), "in the same section"
    options, caption = read_directive(following[1])
    name = options.pop("name")
    shown, shown_caption = read_directive(example)
    shown.pop("name", None)
    assert list(shown.items()) == list(options.items()), "in the same order, too"
    assert shown_caption == caption
    assert page.experiment(name).panels


def test_every_example_is_found() -> None:
    for name, page in PAGES.items():
        shown = len(re.findall(r"^````md\n```\{gdviz-figure\}", page.source, re.M))
        assert shown == len(EXAMPLE.findall(page.source)), name
    assert len(examples()) >= 15


def test_what_captions_of_the_examples_say() -> None:
    valleys = critical_points("styblinski-tang")
    bottoms = [point for point in valleys if point.kind == "minimum"]
    LOSSES.says("Four minima, of which one is the deepest.")
    assert len(bottoms) == 4
    assert bottoms[0].loss < bottoms[1].loss - 1
    OPTIONS.says("A loss with four minima, all of them zero, four saddle points and a maximum")
    found = critical_points(OPTIONS.experiment("fig-option-mark").loss, (-6, 6), (-6, 6))
    assert [point.kind for point in found].count("minimum") == 4
    assert all(abs(point.loss) < 1e-12 for point in found if point.kind == "minimum")
    assert [point.kind for point in found].count("saddle") == 4
    assert [point.kind for point in found].count("maximum") == 1
    free, boxed = OPTIONS.result("fig-option-clip").runs
    OPTIONS.says("for the second run of {numref}`fig-option-clip` that is the first step")
    assert (free.verdict.clip_step, boxed.verdict.clip_step) == (None, 1)
    ends = [run.trajectory.points[-1, 0] for run in OPTIONS.result("fig-option-start").runs]
    OPTIONS.says("Two valleys, and three starts that choose between them.")
    assert np.sign(ends).tolist() == [-1, 1, 1]
    (last,) = OPTIONS.result("fig-option-frame").runs
    assert last.verdict.kind == "converged"
    rate = OPTIONS.experiment("fig-option-width").lr[0]
    limit = min(p.largest_stable_rate or 9 for p in critical_points("bowl"))
    OPTIONS.says("A rate just above the largest stable one.")
    assert limit < rate < 1.02 * limit


def test_the_example_of_sweeps() -> None:
    outcomes, basins = OPTIONS.result("fig-option-sweep").maps
    assert isinstance(outcomes, Outcomes)
    assert isinstance(basins, Basins)
    assert (outcomes.across.name, outcomes.up.name) == ("lr", "momentum")
    assert outcomes.across.log
    assert len(basins.destinations) >= 2


# Data.


def test_standardize_means_what_the_guide_says() -> None:
    LOSSES.says(
        "With `standardize=yes` the columns are first given mean 0 and standard deviation 1 (only "
        "$x$ for a logistic regression)."
    )
    cars = read_file(GUIDE.parent / "foundations/cars.csv", "cars.csv", "speed", "dist")
    x, y = ((column - column.mean()) / column.std() for column in cars.columns)
    theta = np.array([0.3, -0.7])
    mean = ((theta[0] + theta[1] * x - y) ** 2).mean()
    assert LeastSquares.of(cars, True).value(theta) == pytest.approx(mean)
    flights = read_file(GUIDE / "oring.csv", "oring.csv", "temperature", "failure")
    assert len(flights) == 23
    LOSSES.says("Twenty-three flights of the Space Shuttle")
    x, y = flights.columns
    z = (x - x.mean()) / x.std()
    p = 1 / (1 + np.exp(-(theta[0] + theta[1] * z)))
    entropy = -(y * np.log(p) + (1 - y) * np.log(1 - p)).mean()
    assert LogisticRegression.of(flights, True).value(theta) == pytest.approx(entropy)


def test_chance_is_the_same_for_all_runs_and_verdicts_are_of_all_rows() -> None:
    LOSSES.says(
        "All runs of a figure meet the same noise and the same batches",
        "Verdicts, curves and maps speak of the loss over all rows.",
    )
    flights = read_file(GUIDE / "oring.csv", "oring.csv", "temperature", "failure")
    loss = LogisticRegression.of(flights, True)
    starts = [(0.0, 0.0), (0.0, 0.0)]
    run = descend(loss, start=starts, batch=4, noise=0.1, lr=0.5)
    np.testing.assert_array_equal(run.points[:, 0], run.points[:, 1])
    np.testing.assert_allclose(run.gradients, loss.gradient(run.points))
    steps = descend("0*x + 0*y", noise=0.5, lr=1.0, steps=2000).points
    assert np.diff(steps, axis=0).std() == pytest.approx(0.5, rel=0.05)


# Listings.


def test_a_regression_on_several_columns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    area, rooms, noise = np.random.default_rng(0).normal(size=(3, 40))
    table = np.column_stack([area, rooms, 3 * area - rooms + 0.1 * noise])
    file = tmp_path / "houses.csv"
    np.savetxt(file, table, delimiter=",", header="area,rooms,price", comments="")
    monkeypatch.chdir(tmp_path)
    run = listing(LOSSES, "houses.csv")["run"]
    columns = (table - table.mean(axis=0)) / table.std(axis=0)
    expected, *_ = np.linalg.lstsq(columns[:, :2], columns[:, 2], rcond=None)
    np.testing.assert_allclose(run.points[-1], [0, *expected], atol=1e-6)


def test_parameters_are_in_the_order_of_the_option() -> None:
    OPTIONS.says("with `w, b` the loss `w**2` is a trough along $b$")
    loss = OPTIONS.experiment("fig-option-parameters").loss
    assert loss.symbols == ("w", "b")
    (best,) = critical_points(loss)
    np.testing.assert_allclose(best.point, np.polyfit([1, 2, 3], [1, 3, 2], 1))


def listing(page: Page, setting: str) -> dict[str, Any]:
    """What a conf.py with the listing of a page has."""
    (code,) = (c for c in re.findall(r"```python\n(.*?)```", page.source, re.S) if setting in c)
    names: dict[str, Any] = {}
    exec(code, names)
    return names


def test_losses_of_the_listing() -> None:
    names = listing(LOSSES, "gdviz_losses")
    losses = {name: as_loss(name, value) for name, value in names["gdviz_losses"].items()}
    assert list(losses) == ["ring", "double-well", "wide"]
    points = np.random.default_rng(0).uniform(-1.5, 1.5, (20, 2))
    np.testing.assert_allclose(losses["ring"].value(points), names["ring"](*points.T), rtol=1e-12)
    for name, loss in losses.items():
        experiment, mistakes = read_experiment(
            {"loss": name, "start": "0.5, 0.4", "lr": "0.1", "steps": "2000"}, Book(losses=losses)
        )
        assert not mistakes
        assert experiment
        (run,) = run_experiment(experiment).runs
        assert run.verdict.kind == "converged", name
        step = 1e-6
        for axis in range(2):
            ahead = points + step * np.eye(2)[axis]
            slope = (loss.value(ahead) - loss.value(points)) / step
            np.testing.assert_allclose(loss.gradient(points)[:, axis], slope, atol=1e-3)
    assert losses["wide"].xlim == losses["wide"].ylim == (-9, 9)
    assert losses["wide"].levels == 12


def test_a_loss_is_called_once_and_can_not_ask_what_x_is() -> None:
    LOSSES.says("A function is called once", "it can't ask what `x` is, as in `if x > 0`.")
    calls = []

    def counted(x: Any, y: Any) -> Any:
        calls.append(x)
        return x**2 + np.exp(y)

    loss = as_loss("counted", counted)
    descend(loss, steps=20)
    assert len(calls) == 1

    def asking(x: Any, y: Any) -> Any:
        return x if x > 0 else y

    with pytest.raises((GdvizError, ValueError, TypeError)):
        as_loss("asking", asking)


def test_rules_of_the_listing() -> None:
    names = listing(OPTIMIZERS, "gdviz_optimizers")
    rules = {name: register(name, update) for name, update in names["gdviz_optimizers"].items()}
    assert list(rules) == ["signs", "heavy"]
    book = Book(rules={**RULES, **rules})
    texts = {"optimizer": "signs; signs(decay=0.5, lr=0.02); heavy(mass=0.5)"}
    texts |= {"lr": "0.1", "steps": "30"}
    experiment, mistakes = read_experiment(texts, book)
    assert not mistakes
    assert experiment
    runs = run_experiment(experiment).runs
    assert [run.lr for run in runs] == [0.1, 0.02, 0.1]
    for run in runs:
        assert (run.trajectory.losses[:30] < 1.5).any(), "it goes downhill"
    np.testing.assert_allclose(runs[0].trajectory.points[1], [1.4, 1.4])
    np.testing.assert_allclose(runs[1].trajectory.points[1], 1.5 - 0.02 * (1 + 0.5 * 1.5))
    momentum = descend(optimizer="momentum(momentum=0.5)", lr=0.1, steps=30)
    np.testing.assert_allclose(runs[2].trajectory.points, momentum.points)
    assert rule_lines(rules["heavy"])[0] == ("b", r"\mathrm{mass}b - \eta\nabla L(\theta)")


def test_schedules_of_the_listing() -> None:
    functions = listing(OPTIMIZERS, "gdviz_schedules")["gdviz_schedules"]
    kinds = {name: register_schedule(name, function) for name, function in functions.items()}
    schedule = find_schedule("fading(share=1)", kinds)
    np.testing.assert_allclose(schedule.factors(4), [1, 0.75, 0.5, 0.25])


def test_a_rule_gets_what_the_guide_says() -> None:
    OPTIMIZERS.says(
        "gets the parameters and the gradient as arrays whose first axis has the two parameters",
        "what it returned as its memory in the step before, and the number of the step, from 1",
        "the first one gets the parameters and the learning rate, and returns the memory before",
        "A rule without one returns what it got, which is `None`.",
    )
    seen = []

    def start(theta: Any, lr: Any) -> Any:
        seen.append((theta.shape[0], theta.shape[1:] == lr.shape, None, 0))
        return 0

    def spy(theta: Any, g: Any, lr: Any, memory: Any, t: int) -> Any:
        seen.append((theta.shape[0], g.shape == theta.shape, memory, t))
        return theta - lr * g, None if memory is None else t

    descend(optimizer=(start, spy), steps=3)
    assert seen[:4] == [(2, True, None, 0), (2, True, 0, 1), (2, True, 1, 2), (2, True, 2, 3)]
    seen.clear()
    descend(optimizer=spy, steps=2)
    assert seen[:2] == [(2, True, None, 1), (2, True, None, 2)]
    parameters = list(inspect.signature(spy).parameters)
    OPTIMIZERS.says(f"def sign_descent({', '.join(parameters)}, *, decay=0.0):")


def test_each_setting_of_a_book_is_listed() -> None:
    section = one_line(OPTIONS.source.split("\n## For the whole book\n")[1])
    for setting in fields(Settings):
        assert f"`gdviz_{setting.name}`" in section


QUOTING = Page("guide/quoting.md")


@pytest.mark.parametrize(
    ("caption", "quantities"),
    [
        ("What can be asked of a run.", OF_RUNS),
        ("What can be asked of a step, or of a stretch of steps.", OF_STEPS),
        ("What a run was told to do.", OF_SETTINGS),
        ("What is known of the loss.", OF_LOSSES),
    ],
)
def test_tables_of_quantities(caption: str, quantities: dict[str, Quantity]) -> None:
    expected = [[f"`{name}`", quantity.help] for name, quantity in quantities.items()]
    assert rows_of(QUOTING, caption) == expected


def test_columns_and_options_of_quotations_are_listed() -> None:
    QUOTING.says(f"`{DEFAULT_COLUMNS}`")
    for options in (("columns", "sort", "titles", *TableDirective.standard), (*SELECTORS, "as")):
        for option in options:
            assert f"`{option}`" in QUOTING.source


def test_controls_that_can_be_hidden_are_listed() -> None:
    (said,) = re.findall(r"`hide` takes some of (.*?)\.", Page("guide/reader.md").text)
    assert re.findall(r"`([a-z]+)`", said) == list(CONTROLS)

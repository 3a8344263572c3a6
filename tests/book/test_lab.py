"""The lab: its cells run, its solutions are right, and each edition shows what it can."""

from __future__ import annotations

import contextlib
import html
import io
import re
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sphinx_gdviz import Experiment, critical_points

ROOT = Path(__file__).parents[2]
SOURCE = (ROOT / "book/foundations/lab02.md").read_text("utf-8")
CELL = re.compile(r"^```\{code-cell\} ipython3\n(:tags: \[(\w+)\]\n\n)?(.*?)^```$", re.M | re.S)
PROSE = CELL.sub("", SOURCE)
EXERCISES = 8


@dataclass
class Cells:
    """Cells that have been run as a notebook runs them."""

    names: dict[str, Any]
    printed: str = ""
    shown: list[Experiment] = field(default_factory=list)

    def run(self, code: str) -> None:
        """Run a cell; a last line that is a figure is shown."""
        *_, last = code.strip().splitlines()
        text = io.StringIO()
        with contextlib.redirect_stdout(text):
            exec(code, self.names)
            if re.fullmatch(r"\)|\w+|Experiment\(.*\)", last):
                value = _last_value(code, self.names)
                if isinstance(value, Experiment):
                    self.shown.append(value)
        self.printed += text.getvalue()

    @property
    def numbers(self) -> list[float]:
        """All numbers that were printed."""
        return [float(word) for word in re.findall(r"-?\d+(?:\.\d+)?(?:e-?\d+)?", self.printed)]


def _last_value(code: str, names: dict[str, Any]) -> Any:
    import ast

    last = ast.parse(code).body[-1]
    return eval(compile(ast.Expression(last.value), "cell", "eval"), names)  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def main_cells() -> Cells:
    """The cells that are no solutions."""
    cells = Cells({})
    for _, tag, code in CELL.findall(SOURCE):
        if not tag:
            cells.run(code)
    return cells


@pytest.fixture(scope="module")
def solutions(main_cells: Cells) -> list[Cells]:
    """The solutions, each after the cells of the page but without the other solutions."""
    solved = []
    for _, tag, code in CELL.findall(SOURCE):
        if tag == "solution":
            solved.append(Cells(dict(main_cells.names)))
            solved[-1].run(code)
    assert len(solved) == EXERCISES
    return solved


# What the page says.


def test_prose_has_no_number_that_a_cell_has_printed(
    main_cells: Cells, solutions: list[Cells]
) -> None:
    """A number that was measured is read off the output, which can't be out of date."""
    code = " ".join(code for *_, code in CELL.findall(SOURCE))
    printed = " ".join(cells.printed for cells in [main_cells, *solutions])
    given, measured, said = (
        {float(number) for number in re.findall(r"\d+\.\d+", text)}
        for text in (code, printed, PROSE)
    )
    assert len(measured - given) > 30
    assert not said & (measured - given)


def test_each_exercise_has_a_solution_below_it() -> None:
    exercises = [int(n) for n in re.findall(r"^\*\*Exercise (\d)\.\*\*", SOURCE, re.M)]
    answers = re.findall(
        r"^:::\{admonition\} Solution of exercise (\d)\n:class: solution\n"
        r":collapsible: closed\n.*?^:::\n\n```\{code-cell\} ipython3\n:tags: \[solution\]",
        SOURCE,
        re.M | re.S,
    )
    assert exercises == [int(n) for n in answers] == list(range(1, EXERCISES + 1))


def test_the_runs_that_the_text_speaks_of(main_cells: Cells) -> None:
    names = main_cells.names
    kinds = [run.verdict.kind for run in names["starts"].runs]
    assert kinds.count("converged") == 4, "one of the five has not come to a minimum"
    assert kinds[-1] == "stuck"
    assert np.linalg.norm(names["starts"].runs[-1].trajectory.gradients[-1]) < 1e-8
    slow, good, large = names["rates"].runs
    assert [run.verdict.kind for run in (slow, good, large)] == ["slow", "converged", "converged"]
    assert all(run.verdict.kind != "converged" for run in names["duel"].runs), "none comes to rest"
    basins = main_cells.shown[-2].runs
    assert basins[0].verdict.point != pytest.approx(basins[1].verdict.point)
    assert len([p for p in critical_points("himmelblau") if p.kind == "minimum"]) == 4


def test_each_method_has_a_best_rate_between_the_extremes(main_cells: Cells) -> None:
    rows = re.findall(r"^ +(0\.\d+) +(\S+) +(\S+)$", main_cells.printed, re.M)
    table = np.array(rows, float)
    assert len(table) == 6
    assert set(table[:, 1:].argmin(axis=0)) <= {1, 2, 3, 4}
    assert table[0, 2] > table[0, 1], "Adam minds a rate that is too small more"
    assert table[-1, 1] > table[-1, 2], "SGD minds one that is too large more"


# What the solutions say.


def test_solution_1_rate_times_steps_settles(solutions: list[Cells]) -> None:
    products = np.array(re.findall(r"product (\S+)", solutions[0].printed), float)
    changes = np.abs(np.diff(products)) / products[-1]
    assert len(products) == 4
    assert (np.diff(changes) < 0).all()
    assert changes[-1] < 0.01


def test_solution_2_bisection_finds_the_largest_stable_rate(solutions: list[Cells]) -> None:
    found, stable = solutions[1].numbers
    assert stable == pytest.approx(critical_points("bowl")[0].largest_stable_rate, abs=1e-4)
    assert stable - 1e-3 < found < stable
    below, above = solutions[1].shown[0].runs
    assert below.verdict.kind == "converged"
    assert (above.verdict.kind, above.verdict.period) == ("oscillating", 2)


def test_solution_3_luck_of_one_start_is_no_rule(solutions: list[Cells]) -> None:
    names = solutions[2].names
    lucky, best, near = names["lucky"], names["best"], names["near"]
    alone, mean, trial = names["alone"], names["mean"], names["trial"]
    assert alone[lucky] < alone[best]
    assert mean[best] < mean[lucky]
    assert abs(trial[best] - names["theory"]) < 0.03
    assert 0 < mean[near] - mean[best] < 0.3, "near the best, not equal to it, hardly worse"


def test_solution_4_nobody_changes_sides_at_a_stable_rate(solutions: list[Cells]) -> None:
    rows = re.findall(r"rate +(\S+) +(\S+)% end", solutions[3].printed)
    rates, shares = np.array(rows, float).T
    stable = rates < critical_points("bowl")[0].largest_stable_rate
    assert 0 < stable.sum() < len(rates)
    assert (shares[stable] == 0).all()
    assert (np.diff(shares[~stable]) > 0).all()
    assert shares[~stable][0] > 0


def test_solution_5_ten_times_closer_costs_a_fixed_number_of_steps(solutions: list[Cells]) -> None:
    (foretold,) = re.findall(r"foretold: (\S+)", solutions[4].printed)
    steps = np.array(re.findall(r"converged at step (\d+)", solutions[4].printed), float)
    assert len(steps) == 8
    assert np.diff(steps[2:]) == pytest.approx(float(foretold), abs=1)


def test_solution_6_height_falls_with_the_rate(solutions: list[Cells]) -> None:
    names = solutions[5].names
    ratios = names["ratios"]
    assert (ratios < 0.55).all()
    assert ratios[-1] > 0.45, "a small rate halves it"
    assert ratios[0] < 0.4, "a large one does more"
    assert names["scheduled"] < names["heights"][0] / 4


def test_solution_7_adam_does_not_feel_the_scale(solutions: list[Cells]) -> None:
    gd, adam = solutions[6].printed.splitlines()
    assert gd.split()[:2] == ["gd", "diverged"]
    assert adam.split()[0] == "adam"
    assert float(adam.split()[4]) < 1e-6


def test_solution_8_adam_by_hand_is_adam(solutions: list[Cells]) -> None:
    assert solutions[7].printed == "the same path: True\n"
    mine, builtin = solutions[7].names["check"].runs
    assert mine.method.optimizer.name == "my_adam"
    first = np.abs(builtin.trajectory.points[1] - builtin.trajectory.points[0])
    assert 0.1 / np.sqrt(0.001) * first == pytest.approx(0.316, abs=1e-3), "three times as long"


# What the editions show.


@pytest.fixture(scope="module")
def page(book: Path) -> str:
    return (book / "html/foundations/lab02.html").read_text("utf-8")


@pytest.fixture(scope="module")
def epub(book: Path) -> str:
    (path,) = (book / "epub").glob("*.epub")
    with zipfile.ZipFile(path) as archive:
        return archive.read("foundations/lab02.xhtml").decode()


@pytest.fixture(scope="module")
def latex(book: Path) -> str:
    (path,) = (book / "latex").glob("*.tex")
    (section,) = re.findall(
        r"\\section\{LAB02.*?(?=\\(?:section|chapter|part)\{)", path.read_text("utf-8"), re.S
    )
    return str(section)


FOLDED = re.compile(r'<details class="[^"]*\bsolution\b[^"]*">(.*?)</details>', re.S)
PICTURE = re.compile(r'<img\b[^>]*class="gdviz"[^>]*>')


def pictures(markup: str) -> list[tuple[str, str]]:
    """Words and file of each figure."""
    tags = PICTURE.findall(markup)
    both = [(re.search(r'alt="(.*?)"', t), re.search(r'src="(.*?)"', t)) for t in tags]
    return [(html.unescape(alt[1]), src[1]) for alt, src in both if alt and src]


def plain(markup: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", markup)).split())


def test_figures_are_there_and_described(
    book: Path, page: str, epub: str, main_cells: Cells, solutions: list[Cells]
) -> None:
    words = sorted(figure.alt for cells in [main_cells, *solutions] for figure in cells.shown)
    assert len(words) == 7
    for markup, folder in ((page, "html"), (epub, "epub")):
        assert sorted(" ".join(alt.split()) for alt, _ in pictures(markup)) == words
        for _, source in pictures(markup):
            picture = (book / folder / "foundations" / source).read_bytes()
            assert picture.startswith(b"<?xml"), "vector graphics"
            assert b"prefers-color-scheme:dark" in picture
    assert "gdviz.css" in page


def test_what_cells_print_is_in_one_piece(page: str, main_cells: Cells) -> None:
    """A kernel hands it over in pieces that depend on the clock."""
    for output in re.findall(r'<div class="cell_output.*?</div>\n</div>\n</div>', page, re.S):
        assert output.count('<div class="output stream') <= 1
    assert plain(main_cells.printed) in plain(
        " ".join(re.findall(r'<div class="output stream.*?</div>', FOLDED.sub("", page), re.S))
    )


def test_solutions_are_folded_on_the_web(page: str, solutions: list[Cells]) -> None:
    folded = FOLDED.findall(page)
    assert len(folded) == EXERCISES
    for number, (inside, cells) in enumerate(zip(folded, solutions, strict=True), start=1):
        assert f"Solution of exercise {number}</summary>" in inside
        assert 'class="cell_input' in inside
        assert plain(cells.printed) in plain(inside)
        assert len(pictures(inside)) == len(cells.shown)


def test_solutions_are_open_where_nothing_unfolds(book: Path, epub: str, latex: str) -> None:
    assert "<details" not in epub
    text = (book / "text/foundations/lab02.txt").read_text("utf-8")
    assert "sphinxadmonition" not in latex, "pages can't break a box"
    for number in range(1, EXERCISES + 1):
        assert f"Solution of exercise {number}</p>" in epub
        assert f"\nSolution of exercise {number}: " in text
        assert rf"\sphinxstylestrong{{Solution of exercise {number}.}} " in latex
    for edition in (plain(epub), text, latex):
        assert edition.count("the same path: True") == 1


def test_print_has_vector_graphics(book: Path, latex: str) -> None:
    names = re.findall(r"\\sphinxincludegraphics\{\{(\w+)\}\.(\w+)\}", latex)
    assert len(names) == 7
    for name, suffix in names:
        assert suffix == "pdf"
        assert (book / "latex" / f"{name}.pdf").read_bytes().startswith(b"%PDF")


def test_plain_text_has_the_words_of_each_figure(book: Path, main_cells: Cells) -> None:
    text = (book / "text/foundations/lab02.txt").read_text("utf-8")
    flowing = " ".join(text.split())
    for figure in main_cells.shown:
        assert f"[{figure.alt}]" in flowing
    assert max(len(line) for line in text.splitlines() if not line.startswith("   ")) < 80

"""Every figure of the book has a program that makes the same runs."""

from __future__ import annotations

import re
from pathlib import Path

from programs import check_panels, check_paths, check_text, run

from sphinx_gdviz.core.experiment import Experiment
from sphinx_gdviz.core.export.python_program import write_program
from sphinx_gdviz.core.losses.dataset import read_file
from sphinx_gdviz.core.options.read import Book, read_experiment

BOOK = Path(__file__).parents[2] / "book"


def figures() -> dict[str, Experiment]:
    """All figures of the book by name."""
    found = {}
    for page in sorted(BOOK.rglob("*.md")):
        # A figure that is shown as an example stands in a longer fence.
        bare = re.sub(r"^````md\n.*?^````$", "", page.read_text("utf-8"), flags=re.M | re.S)
        folder = page.parent
        book = Book(read_data=lambda file, x, y, at=folder: read_file(at / file, file, x, y))
        for body in re.findall(r"^```\{gdviz-figure\}\n(.*?)^```$", bare, re.M | re.S):
            options = {k: v.strip() for k, v in re.findall(r"^:([a-z]+):(.*)$", body, re.M)}
            experiment, mistakes = read_experiment(options, book)
            assert experiment
            assert not mistakes
            found[options.get("name", f"{page.name} {len(found)}")] = experiment
    return found


def test_programs_of_the_book(tmp_path: Path) -> None:
    shown, programs = figures(), {}
    assert len(shown) > 25
    for name, experiment in shown.items():
        programs[name] = write_program(experiment)
        check_text(programs[name], tmp_path)
    ran = run(programs, tmp_path, draw=True)
    for name in programs:
        check_panels(shown[name], ran[name])
        check_paths(shown[name], ran[name])

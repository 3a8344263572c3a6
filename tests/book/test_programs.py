"""Every figure of the book has a program that makes the same runs."""

from __future__ import annotations

from pathlib import Path

import pytest
from programs import check_panels, check_paths, check_text, run
from sources import BOOK, Page

from sphinx_gdviz.core.export.python_program import write_program
from sphinx_gdviz.messages import GdvizError


def test_programs_of_the_book(tmp_path: Path) -> None:
    shown, programs = {}, {}
    for path in sorted(BOOK.rglob("*.md")):
        page = Page(str(path.relative_to(BOOK)))
        shown |= {f"{path.stem} {name}": page.experiment(name) for name in page.figures}
    assert len(shown) > 25
    unlike = [name for name, each in shown.items() if {*each.differences} - {"steps"}]
    for name in unlike + [name for name, each in shown.items() if each.others]:
        with pytest.raises(GdvizError, match="program"):
            write_program(shown.pop(name))
    for name, experiment in shown.items():
        programs[name] = write_program(experiment)
        check_text(programs[name], tmp_path)
    ran = run(programs, tmp_path, draw=True)
    for name in programs:
        check_panels(shown[name], ran[name])
        check_paths(shown[name], ran[name])

"""The width that an author asks for; whatever it is, text keeps its size."""

from __future__ import annotations

import re

import pytest

from sphinx_gdviz.core.experiment import Experiment
from sphinx_gdviz.core.result import run
from sphinx_gdviz.draw.figure import draw

from .drawing import laid_out


@pytest.mark.parametrize(
    ("asked", "inches"),
    [("100%", 5.5), ("66%", 0.66 * 5.5), ("3in", 3.0), ("2.25in", 2.25), ("150%", 8.25)],
)
def test_a_length_or_a_share_of_a_page(asked: str, inches: float) -> None:
    experiment = Experiment(width=asked, steps=3)
    assert laid_out(experiment).drawing.width == pytest.approx(inches * 72)
    root = draw(run(experiment), ["svg"])["svg"]
    width = re.search(rb'<svg [^>]*width="([\d.]+)pt"', root)
    assert width
    assert float(width[1]) == pytest.approx(inches * 72, abs=0.01)


def test_text_keeps_its_size() -> None:
    def sizes(width: str) -> dict[str, float]:
        texts = laid_out(Experiment(width=width, steps=3)).texts
        return {text.layout.text: text.size for text in texts}

    usual, narrow = sizes("100%"), sizes("3in")
    shared = usual.keys() & narrow.keys()
    assert {"Loss", "Start", "Contours", "Loss surface"} <= shared
    assert {text: usual[text] for text in shared} == {text: narrow[text] for text in shared}


def test_a_panel_that_would_be_too_small_gets_a_row_of_its_own() -> None:
    def rows(width: str) -> int:
        page = laid_out(Experiment(lr=(0.01, 0.1, 0.3), width=width, steps=3))
        return len({round(panel.box.top, 3) for panel in page.panels})

    assert rows("100%") == 1
    assert rows("2.5in") > 1


def test_no_width_is_too_small_to_draw() -> None:
    assert len(draw(run(Experiment(width="1%", steps=3)), ["pdf"])["pdf"]) > 10_000

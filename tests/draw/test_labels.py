"""Words in a panel: each near its place, and none on anything that is drawn."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from sphinx_gdviz.core.experiment import Experiment
from sphinx_gdviz.core.losses.named import find_loss
from sphinx_gdviz.core.options.annotations import (
    read_labels,
    read_names,
    read_numbers,
    split_texts,
)
from sphinx_gdviz.core.places import Note, Place
from sphinx_gdviz.core.report.describe import describe
from sphinx_gdviz.core.result import run
from sphinx_gdviz.draw.drawing import Marker, Polyline, Text
from sphinx_gdviz.draw.labels import LAYER, LEADER
from sphinx_gdviz.draw.style import START
from sphinx_gdviz.messages import GdvizError

from .drawing import Part, extent, laid_out, overlap

WORDS = read_labels(
    "start = far out; end = it ends here; minimum = lowest; saddle = a pass $s$; -1, 1 = a slope"
)
EXPERIMENTS = {
    "bowl": Experiment(notes=WORDS, numbers=(0, 5), marks=("minima", "saddles")),
    "zigzag": Experiment(
        loss=find_loss("0.1*x**2 + 2*y**2"),
        start=((-1.8, -1.5),),
        lr=(0.45,),
        steps=30,
        views=("contour",),
        numbers=(0, 4),
        notes=read_labels("end = slow along the valley; step 1 = too far; minimum = the lowest"),
    ),
    "graph": Experiment(
        loss=find_loss("x*cos(0.15*pi*x)"),
        start=((10.0,),),
        lr=(2.0,),
        steps=10,
        notes=read_labels("start = start here; minimum = global; minimum 2 = local; end = stuck"),
        numbers=(1, 3),
    ),
    "rates": Experiment(
        lr=(0.05, 0.2), overlay=True, views=("arrows",), numbers=(0, 3), notes=WORDS[:3]
    ),
}


def labels_of(panel: Part) -> list[Text]:
    """The words of a panel."""
    return [text for text in panel.texts if text.layer == LAYER]


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_words_hide_nothing(name: str) -> None:
    page = laid_out(EXPERIMENTS[name])
    for panel in page.panels:
        labels = labels_of(panel)
        assert labels
        boxes = [extent(label) for label in labels]
        for one, other in combinations(boxes, 2):
            assert overlap(one, other) < 0.01
        for box in boxes:
            assert panel.is_surface or overlap(box, panel.box) == pytest.approx(
                min(box.width, box.height)
            )
            for mark in panel.marks:
                if isinstance(mark, Marker) and mark.layer >= 9 and mark.shape != "arrow":
                    inside = (mark.places > [box.left, box.top]).all(axis=1)
                    inside &= (mark.places < [box.right, box.bottom]).all(axis=1)
                    assert not inside.any(), mark


def test_numbers_stand_beside_their_iterates() -> None:
    page = laid_out(EXPERIMENTS["zigzag"])
    (panel,) = page.panels
    (shown,) = page.result.runs
    places = page.place(panel, shown.trajectory.points[:5])
    labels = {text.layout.text: extent(text) for text in labels_of(panel)}
    for step, (x, y) in enumerate(places):
        box = labels[str(step)]
        away = max(box.left - x, x - box.right, 0) + max(box.top - y, y - box.bottom, 0)
        assert 2 < away < 20


def test_a_place_without_a_mark_has_a_dot_and_a_far_label_a_line() -> None:
    crowd = tuple(Note(Place("point", point=(0.02 * n, 0.0)), f"label {n}") for n in range(9))
    (panel,) = laid_out(Experiment(views=("contour",), steps=0, notes=crowd)).panels
    above = [mark for mark in panel.marks if mark.layer > LAYER - 1]
    assert sum(isinstance(m, Marker) for m in above) == len(crowd)
    leaders = [m for m in above if isinstance(m, Polyline) and len(m.lines) == 1 and m.casing]
    assert leaders
    for leader in leaders:
        assert np.hypot(*np.diff(leader.lines[0], axis=0)[0]) > LEADER
    marked = Experiment(views=("contour",), steps=0, notes=WORDS[2:3], marks=("minima",))
    (panel,) = laid_out(marked).panels
    assert not [m for m in panel.marks if m.layer > LAYER - 1 and isinstance(m, Marker)]


def test_names_of_axes() -> None:
    named = Experiment(names=("$w_0$", "", "risk"))
    surface, contour = laid_out(named).panels
    assert {"$w_0$", r"$\theta_2$"} <= contour.words
    assert {"$w_0$", "risk"} <= surface.words
    graph = laid_out(Experiment(loss=find_loss("x**2"), names=("slope", "$J$"))).panels[0]
    assert {"slope", "$J$"} <= graph.words
    assert "Loss" not in graph.words


def test_texts_are_read() -> None:
    assert split_texts(r"a; $b\;c$ ; d") == ["a", r"$b\;c$", "d"]
    assert read_labels("start = $a = b$") == (Note(Place("start"), "$a = b$"),)
    assert read_labels({"start": "here"}) == (Note(Place("start"), "here"),)
    assert read_numbers("3") == (3, 3)
    assert read_names("a; ; b") == ("a", "", "b")
    for wrong in ("5..3", "-1", "0..100"):
        with pytest.raises(GdvizError):
            read_numbers(wrong)


def test_labels_are_in_the_description() -> None:
    said = describe(run(EXPERIMENTS["bowl"])).panels[1]
    assert "labels: “far out” at (1.5, 1.5), “it ends here” at (−0.358, 0.674)" in said
    assert said.endswith("iterates 0 to 5 with their numbers.")


def test_numbers_have_the_color_of_their_run() -> None:
    (panel,) = laid_out(EXPERIMENTS["rates"]).panels
    colors = {text.color for text in labels_of(panel) if text.layout.text.isdigit()}
    assert len(colors) == 2
    assert START not in colors


def test_a_label_that_is_no_formula_is_told_at_its_option() -> None:
    with pytest.raises(GdvizError, match="can't be set as mathematics") as caught:
        laid_out(Experiment(notes=read_labels(r"start = $\frac$")))
    assert caught.value.option == "label"

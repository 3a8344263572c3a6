"""Values as authors write them who know Python."""

from __future__ import annotations

import pytest

from sphinx_gdviz.core.options.read import read_experiment


@pytest.mark.parametrize(
    ("option", "written", "usual"),
    [
        ("lr", "[0.1, 0.2]", "0.1, 0.2"),
        ("start", "(1, 1)", "1, 1"),
        ("start", "(1, 1); [-1, 2]", "1, 1; -1, 2"),
        ("clip", " ( -1, 1 ) ", "-1, 1"),
        ("view", "[contour, loss]", "contour, loss"),
    ],
)
def test_brackets_around_several_are_no_matter(option: str, written: str, usual: str) -> None:
    experiment, mistakes = read_experiment({option: written})
    assert not mistakes
    assert experiment == read_experiment({option: usual})[0]


@pytest.mark.parametrize(
    ("option", "written"),
    [("lr", "[0.1, 0.2"), ("lr", "(0.1, 0.2]"), ("lr", "[0.1]"), ("start", "[(1, 1), (2, 2)]")],
)
def test_other_brackets_are_told(option: str, written: str) -> None:
    _, (mistake,) = read_experiment({option: written})
    assert mistake.option == option

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


@pytest.mark.parametrize(
    ("option", "written", "usual"),
    [
        ("lr", "1/8, 0.3", "0.125, 0.3"),
        ("start", "-3/4, 1 / 2", "-0.75, 0.5"),
        ("clip", "-1/2, 1/2", "-0.5, 0.5"),
        ("optimizer", "momentum(momentum=9/10, lr=1/4)", "momentum(momentum=0.9, lr=0.25)"),
        ("schedule", "exponential(factor=1/2)", "exponential(factor=0.5)"),
    ],
)
def test_fractions_are_numbers(option: str, written: str, usual: str) -> None:
    experiment, mistakes = read_experiment({option: written})
    assert not mistakes
    assert experiment == read_experiment({option: usual})[0]


@pytest.mark.parametrize(
    ("option", "written", "said"),
    [
        ("lr", "1/0", "“1/0” divides by zero"),
        ("lr", "1e300/1e-300", "not a finite number"),
        ("lr", "1/2/3", "“2/3” is not a number"),
        ("optimizer", "sgd", "write gd; noise or a batch makes it stochastic"),
        ("optimizer", "SGD(lr=0.1)", "write gd"),
        ("optimizer", "Adam", "did you mean “adam”"),
        ("loss", "½x²", "write (1/2) for “½”"),
        ("loss", "3y + x", "a product is written with *: 3*y for “3y”"),
    ],
)
def test_what_would_be_right_is_told(option: str, written: str, said: str) -> None:
    _, (mistake,) = read_experiment({option: written})
    assert said in str(mistake)

"""Rules and steps as TeX: the symbols are known, and the numbers are the run's."""

from __future__ import annotations

import re

import numpy as np
import pytest

from sphinx_gdviz import Experiment
from sphinx_gdviz.core.methods.rules import RULES
from sphinx_gdviz.core.report.worked_steps import derivation, rule_lines


def derive(count: int, form: str = "", **options: object) -> str:
    """The first updates of an experiment's first run."""
    run = Experiment(**options).runs[0]  # type: ignore[arg-type]
    return derivation(run, 1, count, form)


def test_rules_have_their_textbook_form() -> None:
    assert rule_lines(RULES["gd"]) == [(r"\theta", r"\theta - \eta\nabla L(\theta)")]
    assert rule_lines(RULES["momentum"]) == [
        ("b", r"\mu b + \left( 1 - \tau \right)\nabla L(\theta)"),
        (r"\theta", r"\theta - \eta b"),
    ]
    assert rule_lines(RULES["adam"]) == [
        ("g", r"\nabla L(\theta)"),
        ("m", r"\beta_1m + \left( 1 - \beta_1 \right)g"),
        ("v", r"\beta_2v + \left( 1 - \beta_2 \right)g^{2}"),
        (r"\hat m", r"\frac{m}{1 - \beta_1^{t}}"),
        (r"\hat v", r"\frac{v}{1 - \beta_2^{t}}"),
        (r"\theta", r"\theta - \eta\frac{\hat m}{\sqrt{\hat v} + \varepsilon}"),
    ]


def test_settings_take_the_place_of_symbols() -> None:
    momentum = RULES["momentum"]
    lines = rule_lines(momentum, {"momentum": 0.95, "dampening": 0.0}, lr=0.02)
    assert lines == [("b", r"0.95b + \nabla L(\theta)"), (r"\theta", r"\theta - 0.02b")]
    lines = dict(rule_lines(RULES["adam"], dict(RULES["adam"].defaults), lr=0.1))
    assert lines["m"] == "0.9m + 0.1g"
    assert lines["v"] == "0.999v + 0.001g^{2}"
    assert lines[r"\theta"] == r"\theta - 0.1\frac{\hat m}{\sqrt{\hat v} + 10^{-8}}"


@pytest.mark.parametrize("name", RULES)
def test_every_rule_is_balanced_and_has_no_bare_names(name: str) -> None:
    rule = RULES[name]
    for settings, lr in ((None, None), (rule.defaults, 0.1)):
        for left, right in rule_lines(rule, settings, lr):
            text = f"{left} {right}"
            assert text.count("{") == text.count("}")
            assert text.count(r"\left") == text.count(r"\right")
            words = re.sub(r"\\[a-zA-Z]+|\{(cases|sign|clip|else)\}", " ", text)
            assert not re.search(r"[A-Za-z]{3,}", words), text


def test_steps_of_descent_in_full() -> None:
    run = Experiment(lr=0.1).runs[0]

    def pair(point: np.ndarray) -> str:  # type: ignore[type-arg]
        return rf"({point[0]:.6f},\, {point[1]:.6f})"

    points, gradients = (
        list(map(pair, a)) for a in (run.trajectory.points, run.trajectory.gradients)
    )
    assert derive(2, ".6f", lr=0.1).split(" \\\\\n") == [
        rf"\nabla L(\theta_{{0}}) &= {gradients[0]}",
        rf"\theta_{{1}} &= (1.5,\, 1.5) - 0.1 \cdot {gradients[0]} = {points[1]}",
        rf"\nabla L(\theta_{{1}}) &= {gradients[1]}",
        rf"\theta_{{2}} &= {points[1]} - 0.1 \cdot {gradients[1]}",
        rf"&= {points[2]}",
    ]
    assert points[1] == r"(1.231619,\, 1.053370)"


@pytest.mark.parametrize("name", RULES)
def test_steps_end_where_the_run_does(name: str) -> None:
    options = {"optimizer": name, "lr": 0.1, "steps": 3}
    run = Experiment(**options).runs[0]  # type: ignore[arg-type]
    rows = derive(3, ".6f", **options).replace(r"\,", "")
    for step in (1, 2, 3):
        x, y = run.trajectory.points[step]
        last = re.findall(rf"\\theta_\{{{step}\}} &=.*?(?=\\\\\n[^&]|$)", rows, re.S)[-1]
        assert f"({x:.6f}, {y:.6f})" in last


def test_the_box_shows() -> None:
    rows = derive(1, lr=2, clip="-3, 3")
    assert r"\to" in rows
    assert rows.endswith(r"(-3.000,\, -3.000)")
    assert r"\to" not in derive(1, lr=0.1, clip="-3, 3")


def test_schedule_and_noise_are_in_the_numbers() -> None:
    assert r"0.05 \cdot" in derive(1, lr=0.1, schedule="constant(warmup=2)")
    run = Experiment(noise=0.5, lr=0.1).runs[0]
    first, second = run.trajectory.points[:2]
    x, y = (first - second) / 0.1
    rows = derivation(run, 1, 1, ".6f")
    assert rows.startswith(rf"g_{{0}} &= ({x:.6f},\, {y:.6f})")
    assert abs(x - run.trajectory.gradients[0, 0]) > 0.01

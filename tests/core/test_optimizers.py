"""Update rules: against PyTorch and Optax, one step at a time, and their settings."""

from __future__ import annotations

import inspect
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sphinx_gdviz.core.calls import CallError
from sphinx_gdviz.core.descent import descend
from sphinx_gdviz.core.optimizers import (
    BOUNDS,
    RULES,
    Optimizer,
    Rule,
    RuleError,
    check_setting,
    find_optimizer,
)

NAMES = (
    *("gd", "momentum", "nesterov", "adagrad", "rmsprop", "adadelta", "adam", "amsgrad", "adamw"),
    *("nadam", "radam", "adamax", "lion", "rprop"),
)
ORACLE = json.loads(Path(__file__).with_name("oracles").joinpath("optimizers.json").read_text())


def test_all_rules_are_there_and_have_an_oracle() -> None:
    assert set(RULES) == set(NAMES)
    assert {call.partition("(")[0] for _, call, *_ in ORACLE["cases"]} == set(NAMES)
    assert {library for library, *_ in ORACLE["cases"]} == {"torch", "optax"}


@pytest.mark.parametrize(
    "case", ORACLE["cases"], ids=lambda case: "-".join(map(str, case[:5])).replace(" ", "")
)
def test_runs_are_those_of_pytorch_and_optax(case: list[Any]) -> None:
    _, call, loss, lr, schedule, expected = case
    start = ORACLE["starts"][loss]
    run = descend(loss, optimizer=call, lr=lr, start=start, steps=40, schedule=schedule)
    points = run.points[ORACLE["steps"]]
    size = np.maximum(1.0, np.abs(points))
    assert (np.abs(points - expected) / size).max() < 1e-12


@pytest.mark.parametrize("name", NAMES)
def test_a_batch_is_its_runs_one_by_one_bit_for_bit(name: str) -> None:
    """Rates, starts and every setting of the rule differ from run to run."""
    random = np.random.default_rng(3)
    count, rule = 37, RULES[name]
    lr, start = random.uniform(0.01, 0.6, count), random.uniform(-2, 2, (count, 2))
    settings = {
        setting: default * random.uniform(0.5, 1.0, count)
        for setting, default in rule.defaults.items()
        if setting != "grow"
    }
    batch = descend("himmelblau", optimizer=name, lr=lr, start=start, steps=30, settings=settings)
    for index in range(count):
        one = descend(
            "himmelblau",
            optimizer=name,
            lr=lr[index],
            start=start[index],
            steps=30,
            settings={setting: values[index] for setting, values in settings.items()},
        )
        np.testing.assert_array_equal(one.points, batch.points[:, index])
        np.testing.assert_array_equal(one.losses, batch.losses[:, index])
        np.testing.assert_array_equal(one.gradients, batch.gradients[:, index])


@pytest.mark.parametrize("name", NAMES)
def test_a_rule_changes_none_of_its_arguments(name: str) -> None:
    theta, gradient, lr = np.array([[1.0], [2.0]]), np.array([[0.5], [-0.5]]), np.array([0.1])
    memory: Any = None
    for t in range(1, 8):
        before = [array.copy() for array in (theta, gradient, lr)]
        after, memory = RULES[name].update(theta, gradient * (-1) ** t, lr, memory, t)
        for array, copy in zip((theta, gradient, lr), before, strict=True):
            np.testing.assert_array_equal(array, copy)
        theta = after


@pytest.mark.parametrize("name", NAMES)
def test_a_run_that_is_lost_does_not_touch_the_others(name: str) -> None:
    start = [(5.0, 1.0), (-1.0, 1.0)]
    both = descend("log(x) + y**2 + x**2", optimizer=name, start=start, steps=20)
    alone = descend("log(x) + y**2 + x**2", optimizer=name, start=start[0], steps=20)
    np.testing.assert_array_equal(both.points[:, 0], alone.points)
    assert np.isnan(both.losses[0, 1])


@pytest.mark.parametrize("name", NAMES)
def test_docstring_names_formula_defaults_and_paper(name: str) -> None:
    rule = RULES[name]
    text = inspect.getdoc(rule.update) or ""
    assert re.search(r"\b(18|19|20)[0-9]{2}\b", text), "a paper has a year"
    assert "←" in text
    shared = {"beta1", "beta2", "eps"} if "Adam's" in text else set()
    for setting, default in rule.defaults.items():
        if setting not in shared:
            assert f"`{setting}`, {default:g}".replace("e-0", "e-") in text, setting
    depth = 0
    for character in rule.tex:
        depth += {"{": 1, "}": -1}.get(character, 0)
        assert depth >= 0
    assert depth == 0
    assert r"\theta \leftarrow" in rule.tex


def test_defaults_are_pytorchs() -> None:
    assert RULES["adam"].defaults == {"beta1": 0.9, "beta2": 0.999, "eps": 1e-8}
    assert RULES["adamw"].defaults["weight_decay"] == 0.01
    assert RULES["lion"].defaults == {"beta1": 0.9, "beta2": 0.99, "weight_decay": 0.0}
    assert RULES["momentum"].defaults == {"momentum": 0.9, "dampening": 0.0}


def test_an_optimizer_is_read_and_written() -> None:
    written = "adam(lr=0.02, beta1=0.8)"
    optimizer = find_optimizer(written)
    assert optimizer == Optimizer("adam", "Adam", (("beta1", 0.8),), 0.02)
    assert optimizer.call == "adam(beta1=0.8, lr=0.02)"
    assert find_optimizer(optimizer.call) == optimizer
    assert find_optimizer("gd()").call == "gd"
    assert descend(optimizer="gd(lr=0.2)", steps=1).points[1, 0] == pytest.approx(
        1.5 - 0.2 * 2.683806, abs=1e-6
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("adm", "did you mean “adam”"),
        ("sgdd", "known are gd, momentum"),
        ("adam(bata1=0.8)", "did you mean “beta1”"),
        ("gd(momentum=0.9)", "it has lr"),
        ("adam(0.1)", "with its name"),
        ("adam(beta1=0.8, beta1=0.9)", "twice"),
        ("adam(beta1=fast)", "is not a number"),
        ("adam(beta1=nan)", "is not a finite number"),
        ("adam(eps=inf)", "is not a finite number"),
        ("momentum(momentum=0_9)", "is not a number"),
        ("adam(lr=0)", "lr=0: it is above 0"),
        ("adam(lr=-1)", "above 0"),
    ],
)
def test_mistakes_are_explained(text: str, said: str) -> None:
    with pytest.raises(CallError, match=said):
        find_optimizer(text)


@pytest.mark.parametrize("setting", BOUNDS)
def test_settings_stay_within_their_bounds(setting: str) -> None:
    low, high, ends = BOUNDS[setting]
    inside = (low + min(high, low + 1)) / 2
    check_setting(setting, inside)
    for value, is_allowed in ((low, ends[0] == "["), (high, ends[1] == "]"), (low - 1, False)):
        if is_allowed:
            check_setting(setting, value)
        else:
            with pytest.raises(CallError, match=f"{setting}="):
                check_setting(setting, value)
    with pytest.raises(CallError):
        check_setting(setting, float("nan"))
    (rule, *_) = (rule for rule in RULES.values() if setting in rule.defaults)
    check_setting(setting, rule.defaults[setting])
    with pytest.raises(CallError):
        find_optimizer(f"{rule.name}({setting}={low - 1})")
    with pytest.raises(ValueError, match=setting):
        descend(optimizer=rule.name, settings={setting: [inside, low - 1]})


def test_a_setting_that_a_rule_does_not_have_is_told() -> None:
    with pytest.raises(ValueError, match="gd has no setting momentum"):
        descend(settings={"momentum": 0.9})


# Rules of an author's own.


def sign(theta: Any, g: Any, lr: Any, memory: Any, t: int, *, decay: float = 0.1) -> Any:
    return theta - lr * (np.sign(g) + decay * theta), memory


def test_a_rule_of_ones_own() -> None:
    rules = {**RULES, "sign": Rule.of("sign", sign)}
    run = descend("x**2 + y**2", optimizer="sign(decay=0)", lr=0.5, steps=2, rules=rules)
    assert run.points.tolist() == [[1.5, 1.5], [1.0, 1.0], [0.5, 0.5]]
    lion = descend(optimizer="lion(beta1=0, beta2=0, weight_decay=0.1)", lr=0.01)
    np.testing.assert_array_equal(
        descend(optimizer="sign", lr=0.01, rules=rules).points, lion.points
    )


def test_the_code_of_a_rule_tells_its_versions_apart() -> None:
    def same(theta: Any, g: Any, lr: Any, memory: Any, t: int) -> Any:
        return theta - lr * g, memory

    first = Rule.of("mine", same).code

    def same(theta: Any, g: Any, lr: Any, memory: Any, t: int) -> Any:  # type: ignore[no-redef]
        return theta - 2 * lr * g, memory

    assert first
    assert Rule.of("mine", same).code != first
    namespace: dict[str, Any] = {}
    exec("def made(theta, g, lr, memory, t):\n    return theta - lr * g, memory", namespace)
    assert Rule.of("made", namespace["made"]).code, "without a source"


@pytest.mark.parametrize(
    "wrong",
    [
        lambda theta, g: (theta, None),
        lambda theta, g, lr, memory, t, extra: (theta, None),
        lambda theta, g, lr, memory, t, *, name="x": (theta, None),
        lambda theta, g, lr, memory, t, *, flag=True: (theta, None),
        lambda theta, g, lr, memory, t, *, needed: (theta, None),
        3,
        "gd",
        None,
    ],
)
def test_what_is_no_rule_is_refused(wrong: Any) -> None:
    with pytest.raises(ValueError, match=r"write a function of|has no number"):
        Rule.of("wrong", wrong)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (lambda theta, g, lr, memory, t: 1 / 0, "fails at step 1 .ZeroDivisionError"),
        (lambda theta, g, lr, memory, t: theta, "of shape"),
        (lambda theta, g, lr, memory, t: (theta[0], memory), "of shape"),
        (lambda theta, g, lr, memory, t: ("x", memory), "fails at step 1"),
    ],
)
def test_a_rule_that_fails_is_told(rule: Any, said: str) -> None:
    with pytest.raises(RuleError, match=said):
        descend(optimizer="mine", rules={"mine": Rule.of("mine", rule)})

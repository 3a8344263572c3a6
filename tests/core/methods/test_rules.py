"""Update rules: against PyTorch and Optax, one step at a time, and their settings."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import json
import math
import pickle
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sphinx_gdviz.core.descent.run import descend
from sphinx_gdviz.core.losses.base import FormulaLoss
from sphinx_gdviz.core.methods.optimizer import Optimizer, find_optimizer
from sphinx_gdviz.core.methods.rule import BOUNDS, Rule, register
from sphinx_gdviz.core.methods.rules import RULES
from sphinx_gdviz.core.methods.settings import check_bounds
from sphinx_gdviz.messages import GdvizError

NAMES = (
    *("gd", "momentum", "nesterov", "adagrad", "rmsprop", "adadelta", "adam", "amsgrad", "adamw"),
    *("nadam", "radam", "adamax", "lion", "rprop", "normalized", "sign", "newton"),
)
ORACLE = json.loads(Path(__file__).with_name("oracles").joinpath("optimizers.json").read_text())


# The gradients of the oracle's losses and the factors of its schedules, by hand.
GRADIENTS: dict[str, Callable[[float, float], tuple[float, float]]] = {
    "bowl": lambda x, y: (2 * x + 1.5 * math.cos(3 * x), 2 * y - 1.5 * math.sin(3 * y)),
    "ravine": lambda x, y: (x, 25 * y),
    "beale": lambda x, y: (
        sum(2 * (c - x + x * y**n) * (y**n - 1) for n, c in BEALE),
        sum(2 * (c - x + x * y**n) * n * x * y ** (n - 1) for n, c in BEALE),
    ),
    "styblinski-tang": lambda x, y: (2 * x**3 - 16 * x + 2.5, 2 * y**3 - 16 * y + 2.5),
    "rosenbrock": lambda x, y: (2 * (x - 1) - 400 * x * (y - x**2), 200 * (y - x**2)),
}
BEALE = ((1, 1.5), (2, 2.25), (3, 2.625))
FACTORS: dict[str, Callable[[int], float]] = {
    "constant": lambda k: 1.0,
    "step(every=7, factor=0.4)": lambda k: 0.4 ** (k // 7),
    "exponential(factor=0.9)": lambda k: 0.9**k,
    "cosine": lambda k: (1 + math.cos(math.pi * k / 40)) / 2,
}


def along(x: float, y: float) -> tuple[float, float]:
    size = max(math.sqrt(x * x + y * y), 1e-12)
    return x / size, y / size


BY_HAND: dict[str, Callable[[float, float], tuple[float, float]]] = {
    "normalized": along,
    "sign": lambda x, y: (math.copysign(x != 0, x), math.copysign(y != 0, y)),
}
"""The directions of rules that are in no library, from a gradient."""


@pytest.mark.parametrize("name", BY_HAND)
@pytest.mark.parametrize("loss", GRADIENTS)
def test_directions_by_hand(name: str, loss: str) -> None:
    run = descend(loss, optimizer=name, lr=0.05, start=(0.8, -1.3), steps=40, schedule="power")
    place = np.array([0.8, -1.3])
    for step, found in enumerate(run.points):
        np.testing.assert_allclose(found, place, rtol=1e-9, atol=1e-9)
        direction = BY_HAND[name](*GRADIENTS[loss](*place))
        place = place - 0.05 / (1 + 0.1 * step) * np.array(direction)


def test_a_normalized_step_is_as_long_as_the_rate() -> None:
    starts = np.random.default_rng(0).normal(size=(5, 3))
    loss = "x**4 + y**2 + 3*z**2 + x*z"
    run = descend(FormulaLoss(loss), optimizer="normalized", start=starts, lr=0.01, steps=9)
    lengths = np.linalg.norm(np.diff(run.points, axis=0), axis=-1)
    np.testing.assert_allclose(lengths, 0.01, rtol=1e-10)
    for index, start in enumerate(starts):
        alone = descend(FormulaLoss(loss), optimizer="normalized", start=start, lr=0.01, steps=9)
        np.testing.assert_array_equal(alone.points, run.points[:, index])
    at_rest = descend("x**2 + y**2", optimizer="normalized", start=(0.0, 0.0), steps=3)
    assert not at_rest.points.any()


def test_all_rules_are_there_and_have_an_oracle() -> None:
    assert tuple(RULES) == NAMES, "in this order they are listed"
    assert {call.partition("(")[0] for _, call, *_ in ORACLE["cases"]} == {*NAMES} - {
        *BY_HAND,
        "newton",
    }
    assert {library for library, *_ in ORACLE["cases"]} == {"torch", "optax"}


CASES = pytest.mark.parametrize(
    "case", ORACLE["cases"], ids=lambda case: "-".join(map(str, case[:5])).replace(" ", "")
)


def deviation(points: Any, expected: Any) -> float:
    """The largest, relative to the size of a coordinate where that is above 1."""
    return float((np.abs(points - np.array(expected)) / np.maximum(1.0, np.abs(expected))).max())


@CASES
def test_rules_are_those_of_pytorch_and_optax(case: list[Any]) -> None:
    """The rule alone, with gradients and rates by hand."""
    _, call, loss, lr, schedule, expected = case
    optimizer = find_optimizer(call)
    rule, settings = optimizer.rule, dict(optimizer.settings)
    theta, path = np.array(ORACLE["starts"][loss]), []
    memory = rule.start(theta, np.float64(lr * FACTORS[schedule](0)), settings)
    with np.errstate(all="ignore"):
        for t in range(1, 41):
            g = np.array(GRADIENTS[loss](*theta.tolist()))
            rate = np.float64(lr * FACTORS[schedule](t - 1))
            theta, memory = rule.update(theta, g, rate, memory, t, **settings)
            path.append(theta)
    assert deviation([path[step - 1] for step in ORACLE["steps"]], expected) < 1e-12


@CASES
def test_runs_are_those_of_pytorch_and_optax(case: list[Any]) -> None:
    _, call, loss, lr, schedule, expected = case
    start = ORACLE["starts"][loss]
    run = descend(loss, optimizer=call, lr=lr, start=start, steps=40, schedule=schedule)
    assert deviation(run.points[ORACLE["steps"]], expected) < 1e-12


@pytest.mark.parametrize("name", NAMES)
def test_a_batch_is_its_runs_one_by_one_bit_for_bit(name: str) -> None:
    """Rates, starts and every setting differ from run to run; alone, a setting is a number."""
    random = np.random.default_rng(3)
    count, rule = 37, RULES[name]
    lr, start = random.uniform(0.01, 0.6, count), random.uniform(-2, 2, (count, 2))
    settings = {
        setting: max(default, 0.1) * random.uniform(0.5, 1.0, count) + (setting == "grow")
        for setting, default in rule.defaults.items()
    }
    batch = descend("himmelblau", optimizer=name, lr=lr, start=start, steps=30, settings=settings)
    for index in range(count):
        own = tuple((setting, float(values[index])) for setting, values in settings.items())
        one = descend(
            "himmelblau",
            optimizer=Optimizer(name, settings=own).call,
            lr=lr[index],
            start=start[index],
            steps=30,
        )
        np.testing.assert_array_equal(one.points, batch.points[:, index])
        np.testing.assert_array_equal(one.losses, batch.losses[:, index])
        np.testing.assert_array_equal(one.gradients, batch.gradients[:, index])


def curvature(name: str, runs: int) -> dict[str, Any]:
    """The Hessian of x² + y² for a rule that takes it."""
    hessian = np.repeat(2 * np.eye(2)[..., np.newaxis], runs, axis=-1)
    return {"hessian": hessian} if RULES[name].takes_hessian else {}


@pytest.mark.parametrize("name", NAMES)
def test_a_rule_changes_none_of_its_arguments(name: str) -> None:
    theta, gradient, lr = np.array([[1.0], [2.0]]), np.array([[0.5], [-0.5]]), np.array([0.1])
    memory = RULES[name].start(theta, lr, {})
    for t in range(1, 8):
        given = (theta, gradient * (-1) ** t, lr, memory)
        before = copy.deepcopy(given)
        theta, memory = RULES[name].update(*given, t, **curvature(name, 1))
        with np.printoptions(precision=17):
            assert repr(given) == repr(before)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("lost", [math.nan, math.inf])
def test_a_run_that_is_lost_does_not_touch_the_others(name: str, lost: float) -> None:
    """The second of three runs meets a gradient that is no number, at first or later."""
    others = [0, 2]
    theta = np.array([[1.0, 2.0, 3.0], [-1.0, -2.0, 0.5]])
    for first in (1, 4):
        all_three, memory = theta, RULES[name].start(theta, np.full(3, 0.3), {})
        alone = theta[:, others]
        own = RULES[name].start(alone, np.full(2, 0.3), {})
        with np.errstate(all="ignore"):
            for t in range(1, 9):
                g = 2 * all_three
                g[:, 1] = lost if t == first else g[:, 1]
                lr = np.full(3, 0.3 / t)
                all_three, memory = RULES[name].update(
                    all_three, g, lr, memory, t, **curvature(name, 3)
                )
                alone, own = RULES[name].update(
                    alone, 2 * alone, lr[others], own, t, **curvature(name, 2)
                )
        np.testing.assert_array_equal(all_three[:, others], alone)


@pytest.mark.parametrize("name", NAMES)
def test_docstring_names_formula_defaults_and_paper(name: str) -> None:
    rule = RULES[name]
    text = inspect.getdoc(rule.update) or ""
    assert re.search(r"\b(18|19|20)[0-9]{2}\b", text), "a paper has a year"
    assert "←" in text
    of_adam = RULES["adam"].defaults if "settings are Adam's" in " ".join(text.split()) else {}
    for setting, default in rule.defaults.items():
        if setting in of_adam:
            assert default == of_adam[setting], setting
        else:
            written = re.escape(f"`{setting}`, {default:g}".replace("e-0", "e-"))
            assert re.search(rf"{written}(?!\.?[0-9])", text), setting


def test_the_rate_of_adadelta_is_the_experiments() -> None:
    np.testing.assert_array_equal(
        descend(optimizer="adadelta").points, descend(optimizer="adadelta", lr=0.1).points
    )


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
    assert find_optimizer("gd(lr=2.0)").call == "gd(lr=2)"
    assert Optimizer("rprop", settings=(("largest", np.float64(5)),)).call == "rprop(largest=5)"
    assert descend(optimizer="gd(lr=0.2)", steps=1).points[1, 0] == pytest.approx(
        1.5 - 0.2 * 2.683806, abs=1e-6
    )


@pytest.mark.parametrize("value", [0.1, 1 / 3, 1e-300, 0.9999999999999, 123456789.123456789])
def test_an_optimizer_is_written_with_all_its_digits(value: float) -> None:
    optimizer = Optimizer("adam", "Adam", (("eps", value),), value)
    assert find_optimizer(optimizer.call) == optimizer


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
        ("momentum(lr=1_0)", "is not a number"),
        ("adam(lr=0)", "lr=0: it is above 0"),
        ("adam(lr=-1)", "above 0"),
    ],
)
def test_mistakes_are_explained(text: str, said: str) -> None:
    with pytest.raises(GdvizError, match=said):
        find_optimizer(text)


# What is said, what is right at the end of a range or just within it, and what is not.
RANGES: dict[str, tuple[str, list[str], list[str]]] = {
    **dict.fromkeys(
        ("momentum", "beta1", "beta2", "alpha", "rho"),
        ("at least 0 and below 1", ["0", "0.9999"], ["1", "1.5", "-0.001"]),
    ),
    **dict.fromkeys(
        ("eps", "weight_decay", "momentum_decay", "damping"), ("at least 0", ["0", "7"], ["-1e-9"])
    ),
    "dampening": ("at least 0 and at most 1", ["0", "1"], ["-0.001", "1.001"]),
    "shrink": ("above 0 and below 1", ["0.001", "0.999"], ["0", "1"]),
    "grow": ("above 1", ["1.001", "7"], ["1", "0.5"]),
    **dict.fromkeys(("smallest", "largest", "lr"), ("above 0", ["1e-9", "7"], ["0", "-1"])),
}


@pytest.mark.parametrize(
    ("name", "setting"),
    [(name, setting) for name in NAMES for setting in (*RULES[name].defaults, "lr")],
)
def test_settings_stay_within_their_bounds(name: str, setting: str) -> None:
    said, right, wrong = RANGES[setting]
    for value in right:
        optimizer = find_optimizer(f"{name}({setting}={value})")
        assert float(value) in (optimizer.lr, *dict(optimizer.settings).values())
    for value in wrong:
        with pytest.raises(GdvizError, match=f"^{setting}={float(value):g}: it is {said}$"):
            find_optimizer(f"{name}({setting}={value})")
    if setting != "lr":
        with pytest.raises(ValueError, match=f"^{setting}={float(wrong[0]):g}: it is {said}$"):
            descend(optimizer=name, settings={setting: [float(right[0]), float(wrong[0])]})
    with pytest.raises(GdvizError):
        check_bounds(setting, math.nan, RULES[name].bounds[setting])


def test_a_rule_of_ones_own_has_bounds_of_its_own() -> None:
    def mine(theta: Any, g: Any, lr: Any, memory: Any, t: int, *, alpha: float = 2.0) -> Any:
        return theta - alpha * lr * g, memory

    rules = {"mine": register("mine", mine)}
    assert find_optimizer("mine(alpha=-3)", rules).settings == (("alpha", -3.0),)
    descend(optimizer=mine, settings={"alpha": [2.0, 3.0]})
    with pytest.raises(ValueError, match="alpha=nan: it is a finite number"):
        descend(optimizer=mine, settings={"alpha": math.nan})


def test_each_setting_with_bounds_is_one_of_a_rule() -> None:
    assert set(BOUNDS) == {setting for rule in RULES.values() for setting in rule.defaults}


def test_a_setting_that_a_rule_does_not_have_is_told() -> None:
    with pytest.raises(ValueError, match="gd has no setting momentum"):
        descend(settings={"momentum": 0.9})


# Rules of an author's own.


def sign(theta: Any, g: Any, lr: Any, memory: Any, t: int, *, decay: float = 0.1) -> Any:
    return theta - lr * (np.sign(g) + decay * theta), memory


def test_a_rule_of_ones_own() -> None:
    optimizer = find_optimizer("mine(decay=0)", {**RULES, "mine": register("mine", sign)})
    run = descend("x**2 + y**2", optimizer=optimizer, lr=0.5, steps=2)
    assert run.points.tolist() == [[1.5, 1.5], [1.0, 1.0], [0.5, 0.5]]
    lion = descend(optimizer="lion(beta1=0, beta2=0, weight_decay=0.1)", lr=0.01)
    np.testing.assert_array_equal(descend(optimizer=sign, lr=0.01).points, lion.points)


def test_rules_of_one_name_are_kept_apart() -> None:
    """Two books in one process, and an optimizer that has come out of a file."""

    def book(factor: float) -> Rule:
        def mine(theta: Any, g: Any, lr: Any, memory: Any, t: int) -> Any:
            return theta - factor * lr * g, memory

        return register("mine", mine)

    optimizers = [find_optimizer("mine", {"mine": book(factor)}) for factor in (1.0, 3.0)]
    for factor, optimizer in zip((1.0, 3.0), optimizers, strict=True):
        optimizer = pickle.loads(pickle.dumps(optimizer))
        run = descend("x**2 + y**2", optimizer=optimizer, start=(1.0, 2.0), steps=1)
        np.testing.assert_array_equal(run.points[1], [1 - 0.2 * factor, 2 - 0.4 * factor])
    stranger = dataclasses.replace(optimizers[0], code="0")
    with pytest.raises(GdvizError, match="the rule “mine” is not registered here"):
        descend(optimizer=stranger)


def heavy(theta: Any, g: Any, lr: Any, memory: Any, t: int, *, mass: float = 0.5) -> Any:
    speed = mass * memory["speed"] + g
    return theta - lr * speed, {"speed": speed}


def at_rest(theta: Any, lr: Any) -> Any:
    return {"speed": np.zeros_like(theta)}


def test_a_rule_of_ones_own_with_a_memory() -> None:
    run = descend(optimizer=(at_rest, heavy), lr=0.05, steps=20)
    like = descend(optimizer="momentum(momentum=0.5)", lr=0.05, steps=20)
    np.testing.assert_array_equal(run.points, like.points)

    def moving(theta: Any, lr: Any, *, mass: float) -> Any:
        return {"speed": mass * np.ones_like(theta)}

    optimizer = find_optimizer("mine(mass=0.25)", {"mine": register("mine", (moving, heavy))})
    first = descend("x**2", optimizer=optimizer, lr=0.1, start=(1.0, 2.0), steps=1).points[1]
    np.testing.assert_allclose(first, [1 - 0.1 * (0.0625 + 2), 2 - 0.1 * 0.0625])
    assert optimizer.code != register("mine", (at_rest, heavy)).code


def test_the_first_step_of_rprop_has_the_rate_that_its_schedule_says() -> None:
    run = descend(optimizer="rprop", lr=0.4, schedule="constant(warmup=4)", steps=1)
    np.testing.assert_allclose(np.abs(run.points[1] - run.points[0]), 0.1)


def test_the_code_of_a_rule_tells_its_versions_apart() -> None:
    def same(theta: Any, g: Any, lr: Any, memory: Any, t: int) -> Any:
        return theta - lr * g, memory

    first = register("mine", same).code

    def same(theta: Any, g: Any, lr: Any, memory: Any, t: int) -> Any:  # type: ignore[no-redef]
        return theta - 2 * lr * g, memory

    assert first
    assert register("mine", same).code != first
    namespace: dict[str, Any] = {}
    exec("def made(theta, g, lr, memory, t):\n    return theta - lr * g, memory", namespace)
    assert register("made", namespace["made"]).code, "without a source"


@pytest.mark.parametrize(
    "wrong",
    [
        lambda theta, g: (theta, None),
        lambda theta, g, lr, memory, t, extra: (theta, None),
        lambda theta, g, lr, memory, t, *, name="x": (theta, None),
        lambda theta, g, lr, memory, t, *, flag=True: (theta, None),
        lambda theta, g, lr, memory, t, *, endless=math.inf: (theta, None),
        lambda theta, g, lr, memory, t, *, unknown=math.nan: (theta, None),
        lambda theta, g, lr, memory, t, *, needed: (theta, None),
        3,
        "gd",
        None,
        (heavy, heavy),
        (at_rest, at_rest),
        (at_rest, heavy, heavy),
        (None, heavy),
        (lambda theta, lr, *, weight: theta, heavy),
    ],
)
def test_what_is_no_rule_is_refused(wrong: Any) -> None:
    with pytest.raises(ValueError, match=r"write a function of|has no number|lacks: weight$"):
        register("wrong", wrong)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (lambda theta, g, lr, memory, t: 1 / 0, "fails at step 1 .ZeroDivisionError"),
        (lambda theta, g, lr, memory, t: theta, "has to return two things"),
        (lambda theta, g, lr, memory, t: (theta[0], memory), "of shape"),
        (lambda theta, g, lr, memory, t: ("x", memory), "fails at step 1"),
        (lambda theta, g, lr, memory, t: (theta - g, g), "keeps a memory and has no init; write"),
        ((lambda theta, lr: 1 / 0, heavy), "fails before step 1 .ZeroDivisionError"),
    ],
)
def test_a_rule_that_fails_is_told(rule: Any, said: str) -> None:
    with pytest.raises(GdvizError, match=said):
        descend(optimizer=rule)

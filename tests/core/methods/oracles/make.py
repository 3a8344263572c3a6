"""Makes optimizers.json: runs of PyTorch's and Optax's optimizers, to hold ours against.

It needs torch and optax (the versions are in the file), which the tests do not, and is run by hand:

    python tests/core/oracles/make.py

Gradients are by automatic differentiation of the losses below, which are written anew here. A case
is the library, the optimizer as an author writes it, a loss, a rate, how the rate changes, and the
iterates at `STEPS`, which are closer where RAdam begins to adapt.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jax
import optax
import torch

jax.config.update("jax_enable_x64", True)
torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)

STEPS = (1, 2, 3, 5, 6, 7, 8, 12, 20, 40)
TARGET = Path(__file__).with_name("optimizers.json")

LOSSES: dict[str, Callable[[Any, Any, Any], Any]] = {
    "bowl": lambda x, y, m: x**2 + y**2 + 0.5 * m.sin(3 * x) + 0.5 * m.cos(3 * y),
    "ravine": lambda x, y, m: 0.5 * (x**2 + 25 * y**2),
    "beale": lambda x, y, m: (
        (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2
    ),
    "styblinski-tang": lambda x, y, m: 0.5 * (x**4 - 16 * x**2 + 5 * x + y**4 - 16 * y**2 + 5 * y),
    "rosenbrock": lambda x, y, m: (1 - x) ** 2 + 100 * (y - x**2) ** 2,
}
STARTS = {
    "bowl": (1.5, 1.5),
    "ravine": (-1.8, 1.0),
    "beale": (1.0, 1.0),
    "styblinski-tang": (0.5, 4.0),
    "rosenbrock": (-1.2, 1.0),
}
# Rates for which the steps of every rule of the group do not make rounding grow.
SMALL = {"bowl": 0.05, "ravine": 0.02, "beale": 0.004, "styblinski-tang": 0.01, "rosenbrock": 5e-4}
ADAPTIVE = {"bowl": 0.1, "ravine": 0.1, "beale": 0.05, "styblinski-tang": 0.1, "rosenbrock": 0.02}
# Where both gradients differ from zero at the start, for a rule without an ε.
STEEP = {loss: lr for loss, lr in ADAPTIVE.items() if loss != "beale"}
OPTIM = torch.optim

# As an author writes it, PyTorch's class, its settings, the rates.
TORCH: list[tuple[str, Any, dict[str, Any], dict[str, float]]] = [
    ("gd", OPTIM.SGD, {}, SMALL),
    ("momentum", OPTIM.SGD, {"momentum": 0.9}, SMALL),
    (
        "momentum(momentum=0.5, dampening=0.3)",
        OPTIM.SGD,
        {"momentum": 0.5, "dampening": 0.3},
        SMALL,
    ),
    ("nesterov", OPTIM.SGD, {"momentum": 0.9, "nesterov": True}, SMALL),
    ("nesterov(momentum=0.5)", OPTIM.SGD, {"momentum": 0.5, "nesterov": True}, SMALL),
    ("adagrad", OPTIM.Adagrad, {}, ADAPTIVE),
    ("adagrad(eps=0.1)", OPTIM.Adagrad, {"eps": 0.1}, ADAPTIVE),
    ("rmsprop", OPTIM.RMSprop, {}, SMALL),
    ("rmsprop(alpha=0.9, eps=0.001)", OPTIM.RMSprop, {"alpha": 0.9, "eps": 1e-3}, SMALL),
    ("adadelta", OPTIM.Adadelta, {}, dict.fromkeys(LOSSES, 1.0)),
    ("adadelta(rho=0.8, eps=0.0001)", OPTIM.Adadelta, {"rho": 0.8, "eps": 1e-4}, ADAPTIVE),
    ("adam", OPTIM.Adam, {}, ADAPTIVE),
    (
        "adam(beta1=0.8, beta2=0.9, eps=0.001)",
        OPTIM.Adam,
        {"betas": (0.8, 0.9), "eps": 1e-3},
        ADAPTIVE,
    ),
    ("amsgrad", OPTIM.Adam, {"amsgrad": True}, ADAPTIVE),
    (
        "amsgrad(beta1=0.7, beta2=0.8, eps=0.01)",
        OPTIM.Adam,
        {"amsgrad": True, "betas": (0.7, 0.8), "eps": 0.01},
        ADAPTIVE,
    ),
    ("adamw", OPTIM.AdamW, {}, ADAPTIVE),
    (
        "adamw(weight_decay=0.3, beta1=0.8)",
        OPTIM.AdamW,
        {"weight_decay": 0.3, "betas": (0.8, 0.999)},
        ADAPTIVE,
    ),
    ("nadam", OPTIM.NAdam, {}, ADAPTIVE),
    (
        "nadam(momentum_decay=0.1, beta2=0.9)",
        OPTIM.NAdam,
        {"momentum_decay": 0.1, "betas": (0.9, 0.9)},
        ADAPTIVE,
    ),
    ("radam", OPTIM.RAdam, {}, SMALL),
    ("radam(beta1=0.8, beta2=0.9)", OPTIM.RAdam, {"betas": (0.8, 0.9)}, SMALL),
    # With ρ∞ = 4, r would divide by zero.
    ("radam(beta2=0.6)", OPTIM.RAdam, {"betas": (0.9, 0.6)}, SMALL),
    ("adamax", OPTIM.Adamax, {}, ADAPTIVE),
    (
        "adamax(beta1=0.8, beta2=0.9, eps=0.01)",
        OPTIM.Adamax,
        {"betas": (0.8, 0.9), "eps": 0.01},
        ADAPTIVE,
    ),
    ("rprop", OPTIM.Rprop, {}, ADAPTIVE),
    (
        "rprop(shrink=0.3, grow=1.5, smallest=0.001, largest=0.2)",
        OPTIM.Rprop,
        {"etas": (0.3, 1.5), "step_sizes": (1e-3, 0.2)},
        ADAPTIVE,
    ),
    # The first step size is out of bounds too.
    (
        "rprop(smallest=0.03, largest=0.06)",
        OPTIM.Rprop,
        {"step_sizes": (0.03, 0.06)},
        ADAPTIVE,
    ),
]

# The schedule as an author writes it, what PyTorch calls it, and its factor by hand for Optax,
# whose own schedules have single precision.
SCHEDULES: list[tuple[str, Callable[[Any], Any], Callable[[int], float]]] = [
    (
        "step(every=7, factor=0.4)",
        lambda o: OPTIM.lr_scheduler.StepLR(o, 7, 0.4),
        lambda k: 0.4 ** (k // 7),
    ),
    (
        "exponential(factor=0.9)",
        lambda o: OPTIM.lr_scheduler.ExponentialLR(o, 0.9),
        lambda k: 0.9**k,
    ),
    (
        "cosine",
        lambda o: OPTIM.lr_scheduler.CosineAnnealingLR(o, 40),
        lambda k: (1 + math.cos(math.pi * k / 40)) / 2,
    ),
]

OPTAX: list[tuple[str, Callable[[Any], Any], dict[str, float]]] = [
    ("gd", optax.sgd, SMALL),
    ("momentum(momentum=0.8)", lambda lr: optax.sgd(lr, momentum=0.8), SMALL),
    ("nesterov(momentum=0.8)", lambda lr: optax.sgd(lr, momentum=0.8, nesterov=True), SMALL),
    ("adam", optax.adam, ADAPTIVE),
    ("adamw", lambda lr: optax.adamw(lr, weight_decay=0.01), ADAPTIVE),
    ("adadelta", lambda lr: optax.adadelta(lr, rho=0.9, eps=1e-6), ADAPTIVE),
    ("adagrad(eps=0)", lambda lr: optax.adagrad(lr, 0.0, eps=0.0), STEEP),
    ("rmsprop", lambda lr: optax.rmsprop(lr, decay=0.99, eps_in_sqrt=False), SMALL),
    ("lion", lambda lr: optax.lion(lr, weight_decay=0.0), ADAPTIVE),
    (
        "lion(beta1=0.8, beta2=0.9, weight_decay=0.1)",
        lambda lr: optax.lion(lr, b1=0.8, b2=0.9, weight_decay=0.1),
        ADAPTIVE,
    ),
]


def with_torch(
    make: Any, settings: dict[str, Any], lr: float, loss: str, schedule: Any = None
) -> list[list[float]]:
    """A run of PyTorch."""
    theta = torch.tensor(STARTS[loss], requires_grad=True)
    optimizer = make([theta], lr=lr, **settings)
    scheduler = schedule(optimizer) if schedule else None
    path = []
    for _ in range(max(STEPS)):
        optimizer.zero_grad()
        LOSSES[loss](theta[0], theta[1], torch).backward()
        optimizer.step()
        if scheduler:
            scheduler.step()
        path.append(theta.detach().tolist())
    return [path[step - 1] for step in STEPS]


def with_optax(
    make: Callable[[Any], Any],
    lr: float,
    loss: str,
    factor: Callable[[int], float] = lambda k: 1.0,
) -> list[list[float]]:
    """A run of Optax."""
    gradient = jax.grad(lambda theta: LOSSES[loss](theta[0], theta[1], jax.numpy))
    theta = jax.numpy.array(STARTS[loss])
    optimizer = make(lambda count: lr * factor(int(count)))
    state = optimizer.init(theta)
    path = []
    for _ in range(max(STEPS)):
        updates, state = optimizer.update(gradient(theta), state, theta)
        theta = optax.apply_updates(theta, updates)
        path.append(theta.tolist())
    return [path[step - 1] for step in STEPS]


def main() -> None:
    cases = []
    for call, make, settings, rates in TORCH:
        for loss, lr in rates.items():
            for rate in (lr, lr / 5):
                path = with_torch(make, settings, rate, loss)
                cases.append(["torch", call, loss, rate, "constant", path])
        if "(" not in call:
            for schedule, scheduler, _ in SCHEDULES:
                path = with_torch(make, settings, rates["bowl"], "bowl", scheduler)
                cases.append(["torch", call, "bowl", rates["bowl"], schedule, path])
    for call, make, rates in OPTAX:
        if call.startswith("lion"):  # which PyTorch does not have
            for schedule, _, factor in SCHEDULES:
                path = with_optax(make, rates["bowl"], "bowl", factor)
                cases.append(["optax", call, "bowl", rates["bowl"], schedule, path])
        for loss, lr in rates.items():
            cases.append(["optax", call, loss, lr, "constant", with_optax(make, lr, loss)])
    made_with = {
        "torch": torch.__version__.partition("+")[0],
        "optax": optax.__version__,
        "jax": jax.__version__,
    }
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    made_by = "python tests/core/oracles/make.py"
    head = f'{{"made_with":{json.dumps(made_with)},\n"made_by":{json.dumps(made_by)},\n'
    starts = f'"starts":{json.dumps(STARTS)},\n"steps":{json.dumps(STEPS)},\n'
    TARGET.write_text(f'{head}{starts}"cases":[\n{lines}\n]}}\n', encoding="utf-8")
    print(len(cases), "cases,", TARGET.stat().st_size, "bytes")


if __name__ == "__main__":
    main()

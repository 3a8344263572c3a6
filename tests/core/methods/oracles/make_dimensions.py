"""Makes dimensions.json: runs of PyTorch's optimizers on losses of one and of seven parameters.

It needs torch, which the tests do not, and is run by hand:

    python tests/core/methods/oracles/make_dimensions.py

Values, gradients and Hessians at the start are PyTorch's too, by automatic differentiation.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)

STEPS = (1, 2, 5, 12, 40)
TARGET = Path(__file__).with_name("dimensions.json")

# Rows of six inputs, a number to predict and a class, with few digits.
_random = torch.Generator().manual_seed(1)
INPUTS = torch.randn(12, 6, generator=_random).mul(100).round().div(100)
NOISE = torch.randn(12, generator=_random)
NUMBERS = (INPUTS @ torch.arange(-2.0, 4.0) + NOISE).mul(100).round().div(100)
CLASSES = (NUMBERS + 3 * NOISE.flip(0) > 0).double()


def _chain(theta: Any) -> Any:
    """The Rosenbrock function of many parameters."""
    return (100 * (theta[1:] - theta[:-1] ** 2) ** 2 + (1 - theta[:-1]) ** 2).sum()


def _logistic(theta: Any) -> Any:
    t = theta[0] + INPUTS @ theta[1:]
    return torch.nn.functional.binary_cross_entropy_with_logits(t, CLASSES)


LOSSES: dict[str, Callable[[Any], Any]] = {
    "waves": lambda theta: theta[0] ** 2 + torch.sin(3 * theta[0]),
    "quadratic": lambda theta: 0.5 * (torch.arange(1.0, 8.0) * theta**2).sum() + theta.prod(),
    "chain": _chain,
    "least-squares": lambda theta: ((theta[0] + INPUTS @ theta[1:] - NUMBERS) ** 2).mean(),
    "logistic-regression": _logistic,
}
STARTS = {
    "waves": [1.5],
    "quadratic": [1.5, -1.0, 0.5, 0.8, -0.3, 0.9, 0.4],
    "chain": [-1.2, 1.0, -0.5, 0.3, 0.8, -1.0, 1.2],
    "least-squares": [0.5, 1.0, -1.0, 0.2, 0.4, -0.6, 0.3],
    "logistic-regression": [0.5, 1.0, -1.0, 0.2, 0.4, -0.6, 0.3],
}
# Rates for which the steps do not make rounding grow.
SMALL = dict.fromkeys(LOSSES, 0.03) | {"chain": 3e-4}
ADAPTIVE = dict.fromkeys(LOSSES, 0.1) | {"chain": 0.02}
OPTIM = torch.optim

TORCH: list[tuple[str, Any, dict[str, Any], dict[str, float]]] = [
    ("gd", OPTIM.SGD, {}, SMALL),
    ("momentum", OPTIM.SGD, {"momentum": 0.9}, SMALL),
    ("nesterov", OPTIM.SGD, {"momentum": 0.9, "nesterov": True}, SMALL),
    ("adagrad", OPTIM.Adagrad, {}, ADAPTIVE),
    ("rmsprop", OPTIM.RMSprop, {}, SMALL),
    ("adadelta", OPTIM.Adadelta, {}, dict.fromkeys(LOSSES, 1.0)),
    ("adam", OPTIM.Adam, {}, ADAPTIVE),
    ("amsgrad", OPTIM.Adam, {"amsgrad": True}, ADAPTIVE),
    ("adamw", OPTIM.AdamW, {}, ADAPTIVE),
    ("nadam", OPTIM.NAdam, {}, ADAPTIVE),
    ("radam", OPTIM.RAdam, {}, SMALL),
    ("adamax", OPTIM.Adamax, {}, ADAPTIVE),
    ("rprop", OPTIM.Rprop, {}, ADAPTIVE),
]


def run(make: Any, settings: dict[str, Any], lr: float, loss: str) -> list[list[float]]:
    """The iterates of a run at `STEPS`."""
    theta = torch.tensor(STARTS[loss], requires_grad=True)
    optimizer = make([theta], lr=lr, **settings)
    path = []
    for _ in range(max(STEPS)):
        optimizer.zero_grad()
        LOSSES[loss](theta).backward()
        optimizer.step()
        path.append(theta.detach().tolist())
    return [path[step - 1] for step in STEPS]


def at_start(loss: str) -> dict[str, Any]:
    """The value, the gradient and the Hessian of a loss at its start."""
    theta, function = torch.tensor(STARTS[loss]), LOSSES[loss]
    return {
        "start": STARTS[loss],
        "value": function(theta).item(),
        "gradient": torch.autograd.functional.jacobian(function, theta).tolist(),
        "hessian": torch.autograd.functional.hessian(function, theta).tolist(),
    }


def main() -> None:
    cases = [
        [call, loss, rates[loss], run(make, settings, rates[loss], loss)]
        for call, make, settings, rates in TORCH
        for loss in LOSSES
    ]
    data = {
        "made_with": {"torch": torch.__version__.partition("+")[0]},
        "made_by": "python tests/core/methods/oracles/make_dimensions.py",
        "steps": STEPS,
        "rows": torch.column_stack([INPUTS, NUMBERS, CLASSES]).tolist(),
        "losses": {loss: at_start(loss) for loss in LOSSES},
    }
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    head = json.dumps(data, separators=(",", ":")).removesuffix("}")
    TARGET.write_text(f'{head},\n"cases":[\n{lines}\n]}}\n', encoding="utf-8")
    print(len(cases), "cases,", TARGET.stat().st_size, "bytes")


if __name__ == "__main__":
    main()

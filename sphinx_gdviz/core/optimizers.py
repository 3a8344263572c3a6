"""Update rules: how an optimizer turns a gradient into the next iterate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
State = Any
Rule = Callable[[Array, Array, Array, State], tuple[Array, State]]
"""(θ, g, η, state) -> (next θ, next state).

θ and the gradient g have shape (..., 2), the learning rate η has shape (..., 1). The state is
None before the first step and whatever the rule returned afterwards.
"""


def gradient_descent(theta: Array, gradient: Array, lr: Array, state: State) -> tuple[Array, State]:
    """Plain gradient descent, θ ← θ − ηg (Cauchy, Comptes rendus 25, 1847, p. 536)."""
    return theta - lr * gradient, state


OPTIMIZERS: dict[str, Rule] = {"gd": gradient_descent}
"""The rules by the names that authors use."""

"""What descents cost: many at once, against the loop that the source chapter has."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

import numpy as np

from sphinx_gdviz.core.descent.maps import find_basins
from sphinx_gdviz.core.descent.run import descend
from sphinx_gdviz.core.experiment import Experiment
from sphinx_gdviz.core.losses.named import LOSSES

STARTS, STEPS, TIMES = 100_000, 50, 5


def seconds(work: Callable[[], object], times: int = TIMES) -> float:
    """The least time that some work takes; at first it waits for memory from the system."""
    work()
    taken = []
    for _ in range(times):
        begin = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begin)
    return min(taken)


def batch_rate() -> float:
    """Start-steps in a second of a batch, with losses and gradients, on one core."""
    starts = np.random.default_rng(0).uniform(-2, 2, (STARTS, 2))
    return STARTS * STEPS / seconds(lambda: descend(start=starts, steps=STEPS))


def loop_rate() -> float:
    """The same of a plain loop, which calls NumPy's functions with one number at a time."""

    def loss(x: float, y: float) -> float:
        return x**2 + y**2 + 0.5 * np.sin(3 * x) + 0.5 * np.cos(3 * y)

    def run() -> None:
        path = [(1.5, 1.5)]
        losses = [loss(*path[0])]
        for _ in range(STEPS):
            x, y = path[-1]
            x, y = x - 0.1 * (2 * x + 1.5 * np.cos(3 * x)), y - 0.1 * (2 * y - 1.5 * np.sin(3 * y))
            path.append((x, y))
            losses.append(loss(x, y))
        assert math.isclose(losses[-1], -0.0751420668938728)

    return STEPS / seconds(run, 200)


def one_run() -> float:
    """Seconds of one run of 50 steps."""
    return seconds(descend, 200)


def basins() -> float:
    """Seconds of the basins of the chapter's loss, 512 × 512 starts."""
    experiment, loss = Experiment(), LOSSES["bowl"]
    return seconds(lambda: find_basins(loss, experiment.methods[0], loss.xlim, loss.ylim, 512), 1)

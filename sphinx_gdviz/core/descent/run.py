"""The descent: a loss, an update rule and a start give a trajectory."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..losses.base import Array, Loss, Range
from ..losses.named import DEFAULT_LOSS, loss_of
from ..methods.optimizer import Optimizer, as_optimizer
from ..methods.rule import HESSIAN, Functions, Rule
from ..methods.schedules import Factor, Schedule, as_schedule
from ..methods.settings import check_bounds
from .constraint import Constraint, find_constraint
from .sampling import Sampling
from .verdict import Verdict, Verdicts, judge

DEFAULT_LR = 0.1
DEFAULT_START = 1.5
"""Each coordinate of a start that is not given."""
DEFAULT_STEPS = 50
BLOCK = 8192
"""Runs that are made at a time: the arrays of a step then fit into a processor's cache."""

Iterate = tuple[Array, Array, NDArray[np.bool_]]
"""Parameters and gradients of shape (d, n) at one step of n runs, and which runs a clip held."""


@dataclass(frozen=True)
class Method:
    """One way to descend: an optimizer with one learning rate, and what else all runs share."""

    optimizer: Optimizer
    lr: float
    steps: int
    schedule: Schedule = Schedule()
    clip: Range | None = None
    constraint: Constraint | None = None
    noise: float = 0.0
    batch: int | None = None
    seed: int = 0


@dataclass(frozen=True, eq=False)
class Trajectory:
    """The path of a descent, or of a batch of descents of shape (...).

    Attributes
    ----------
    loss : Loss
        The loss that was descended.
    points : ndarray of float64, shape (steps + 1, ..., d)
        The iterates, the start first.
    losses : ndarray of float64, shape (steps + 1, ...)
        The loss at each iterate.
    gradients : ndarray of float64, shape (steps + 1, ..., d)
        The gradient at each iterate: the exact one, also where the steps took a noisy one.
    next_gradient : ndarray of float64, shape (..., d)
        The gradient where one more update would have led.
    clip : tuple of float or None
        The box that every coordinate was held in.
    clip_step : ndarray of int, shape (...)
        The first step at which the box held the iterate; −1 where it never did.
    constraint : Constraint or None
        The set that the iterates were projected onto.
    """

    loss: Loss
    points: Array
    losses: Array
    gradients: Array
    next_gradient: Array
    clip: Range | None
    clip_step: NDArray[np.int64]
    constraint: Constraint | None = None

    @property
    def steps(self) -> int:
        """The number of updates, one less than the number of points."""
        return len(self.points) - 1

    @cached_property
    def verdicts(self) -> Verdicts:
        """The verdict on each run."""
        return judge(self)

    @property
    def verdict(self) -> Verdict:
        """The verdict on a single run; a batch has `verdicts`.

        Raises
        ------
        ValueError
            If this is a batch.
        """
        if self.losses.ndim != 1:
            raise ValueError("this trajectory is a batch of runs: take one, as in run[0].verdict")
        return self.verdicts[()]

    def __getitem__(self, index: int | tuple[int, ...]) -> Trajectory:
        """One run of a batch, or a smaller batch."""
        inner: Any = index if isinstance(index, tuple) else (index,)
        each: Any = (slice(None), *inner)
        return replace(
            self,
            points=self.points[each],
            losses=self.losses[each],
            gradients=self.gradients[each],
            next_gradient=self.next_gradient[inner],
            clip_step=np.asarray(self.clip_step[inner]),
        )


def descend(
    loss: str | Loss = DEFAULT_LOSS,
    *,
    optimizer: str | Optimizer | Functions = "gd",
    lr: ArrayLike | None = None,
    start: ArrayLike | None = None,
    steps: int = DEFAULT_STEPS,
    schedule: str | Schedule | Factor = "constant",
    clip: Range | None = None,
    constraint: str | Constraint | None = None,
    noise: float = 0.0,
    batch: int | None = None,
    seed: int = 0,
    settings: Mapping[str, ArrayLike] | None = None,
) -> Trajectory:
    """Run an optimizer on a loss.

    Parameters
    ----------
    loss : str or Loss
        A formula, the name of a loss, a model with its data, or a loss itself.
    optimizer : str, Optimizer or callable
        A rule by name, with settings where wanted: ``"adam(beta1=0.8)"``; or one of one's own:
        ``f(theta, g, lr, memory, t)``, or a pair of ``init(theta, lr)`` and such a function.
    lr : array_like, shape (...), optional
        Learning rates, positive; if left out, the optimizer's own, or 0.1.
    start : array_like, shape (..., d), optional
        Starting points, 1.5 in each coordinate if left out. `lr`, `start` and `settings` broadcast
        into a batch of runs; each of them is, bit for bit, what it would be alone.
    steps : int
        Updates in each run, at least 1.
    schedule : str, Schedule or callable
        Change of the rate: ``"cosine(warmup=5)"``, or a function of (step, steps).
    clip, constraint : optional
        A box (low, high) that each update is held in; a set that it is projected onto: ``"l1 1"``.
    noise : float
        Standard deviation of Gaussian noise added to each component of each gradient.
    batch : int, optional
        Rows of data for each gradient: all are shuffled, dealt out, and shuffled again.
    seed : int
        Of noise and batches, which are the same for all runs.
    settings : mapping, optional
        Settings of the optimizer as arrays of shape (...), over those of `optimizer`.

    Returns
    -------
    Trajectory
        A run that overflows goes on as ``inf`` or ``nan``: that is a verdict, not an error.

    Raises
    ------
    GdvizError, ValueError
        If an argument is not right.
    """
    (problem, starts), optimizer = _problem(loss, start), as_optimizer(optimizer)
    rate, schedule = optimizer.lr or DEFAULT_LR, as_schedule(schedule)
    region = find_constraint(constraint) if isinstance(constraint, str) else constraint
    method = Method(optimizer, rate, steps, schedule, clip, region, noise, batch, seed)
    return follow(problem, method, starts, lr=lr, settings=settings)


def follow(
    loss: Loss,
    method: Method,
    start: ArrayLike,
    *,
    lr: ArrayLike | None = None,
    settings: Mapping[str, ArrayLike] | None = None,
) -> Trajectory:
    """Descend as a method says, but for rates and settings that are given besides.

    Parameters and errors are those of :func:`descend`.
    """
    _check(loss, method)
    lr = method.lr if lr is None else lr
    rates, starts, settings, shape = _batch(loss, method.optimizer.rule, lr, start, settings or {})

    (dimension, count), rows = starts.shape, method.steps + 1
    points = np.empty((rows, dimension, count))
    gradients = np.empty((rows + 1, dimension, count))
    losses = np.empty((rows, count))
    clip_step = np.full(count, -1)
    for block, iterates in _blocks(loss, method, starts, rates, settings):
        for step, (theta, gradient, held) in enumerate(iterates):
            gradients[step, :, block] = gradient
            if step < rows:
                points[step, :, block] = theta
                clip_step[block][held & (clip_step[block] < 0)] = step
        _fill_losses(loss, points[..., block], losses[:, block])
    return Trajectory(
        loss,
        np.moveaxis(points, 1, -1).reshape(rows, *shape, dimension),
        losses.reshape(rows, *shape),
        np.moveaxis(gradients[:-1], 1, -1).reshape(rows, *shape, dimension),
        gradients[-1].T.reshape(*shape, dimension),
        method.clip,
        clip_step.reshape(shape),
        method.constraint,
    )


def last_iterates(loss: Loss, method: Method, starts: Array) -> tuple[Array, Array, Array]:
    """Descend from starts of shape (n, d), and keep the ends alone.

    Returns
    -------
    points, gradients, next_gradients : ndarray, each of shape (n, d)
        The last iterate of each run, the gradient there, and where one more update would lead.
    """
    ends = np.empty((3, *starts.T.shape))
    rates = np.full(len(starts), method.lr)
    for block, iterates in _blocks(loss, method, starts.T, rates, {}):
        (theta, gradient, _), (_, following, _) = deque(iterates, maxlen=2)
        ends[:, :, block] = theta, gradient, following
    points, gradients, next_gradients = np.moveaxis(ends, 1, -1)
    return points, gradients, next_gradients


def gradients_taken(trajectory: Trajectory, method: Method) -> Array:
    """The gradient that each update of a single run took, with its noise, shape (steps, d)."""
    sampling = _sampling(trajectory.loss, method)
    points, gradients = trajectory.points[..., np.newaxis], trajectory.gradients[..., np.newaxis]
    taken = [
        sampling.gradient(points[step], gradients[step], step)[:, 0]
        for step in range(trajectory.steps)
    ]
    return np.array(taken)


def _problem(loss: str | Loss, start: ArrayLike | None) -> tuple[Loss, ArrayLike]:
    """A loss and its starts, which decide where a formula leaves its number of parameters open."""
    if start is None:
        loss = loss_of(loss, None)
        return loss, np.full(loss.dimension, DEFAULT_START)
    return loss_of(loss, np.shape(start)[-1] if np.ndim(start) else 1), start


def _sampling(loss: Loss, method: Method) -> Sampling:
    return Sampling(loss, method.noise, method.batch, method.seed, method.steps)


def _blocks(
    loss: Loss, method: Method, starts: Array, rates: Array, settings: Mapping[str, Array]
) -> Iterator[tuple[slice, Iterator[Iterate]]]:
    """Yield the runs that are made together, from starts of shape (d, n), and their iterates."""
    sampling = _sampling(loss, method)
    for first in range(0, starts.shape[1], BLOCK):
        block = slice(first, first + BLOCK)
        theta = np.ascontiguousarray(starts[:, block])
        values = {name: value[block] for name, value in settings.items()}
        yield block, _iterates(loss, method, sampling, theta, rates[block], values)


def _iterates(
    loss: Loss,
    method: Method,
    sampling: Sampling,
    theta: Array,
    lr: Array,
    settings: Mapping[str, Array],
) -> Iterator[Iterate]:
    """Yield the iterates from the start on, up to that of one more update than asked for."""
    rule, clip, factors = method.optimizer.rule, method.clip, method.schedule.factors(method.steps)
    factors = np.append(factors, factors[-1])  # of the update after the last
    values: dict[str, Any] = {**dict(method.optimizer.settings), **settings}
    memory = rule.start(theta, lr * factors[0], values)
    held, takes_hessian = np.zeros(theta.shape[1], bool), rule.takes_hessian
    with np.errstate(all="ignore"):
        for step in range(len(factors) + 1):
            gradient = loss.gradient_at(theta)
            yield theta, gradient, held
            if step == len(factors):
                return
            taken = sampling.gradient(theta, gradient, step)
            if takes_hessian:
                values[HESSIAN] = loss.hessian_at(theta)
            theta, memory = rule.step(theta, taken, lr * factors[step], memory, step + 1, values)
            if clip is not None:
                # The memory keeps the update as it was: the box is no part of the rule.
                held = np.asarray(((theta < clip[0]) | (theta > clip[1])).any(axis=0))
                theta = np.clip(theta, *clip)
            if method.constraint is not None:
                theta = method.constraint.project(theta)


def _fill_losses(loss: Loss, points: Array, losses: Array) -> None:
    """Evaluate the loss at points of shape (steps + 1, d, n), several steps at a time."""
    # A call costs as much as some thousand points: of a single run, all steps are one call.
    some = max(1, BLOCK // max(points.shape[2], 1))
    for first in range(0, len(points), some):
        part = points[first : first + some]
        losses[first : first + some] = loss.value_at(np.moveaxis(part, 1, 0))


def _check(loss: Loss, method: Method) -> None:
    """Raise ValueError for a method that can't be carried out."""
    steps, clip, noise, batch = method.steps, method.clip, method.noise, method.batch
    if isinstance(steps, bool) or not isinstance(steps, (int, np.integer)) or steps < 1:
        raise ValueError(f"steps must be a whole number, at least 1, not {steps!r}")
    if clip is not None and not (np.shape(clip) == (2,) and clip[0] < clip[1]):
        raise ValueError(f"clip must be (low, high) with low < high, not {clip}")
    if not (np.isfinite(noise) and noise >= 0):
        raise ValueError(f"noise must be at least 0, not {noise}")
    if batch is not None and not 1 <= batch <= loss.rows:
        raise ValueError(f"batch must be from 1 to {loss.rows}, the rows of the loss, not {batch}")


def _batch(
    loss: Loss, rule: Rule, lr: ArrayLike, start: ArrayLike, settings: Mapping[str, ArrayLike]
) -> tuple[Array, Array, dict[str, Array], tuple[int, ...]]:
    """Rates of shape (n,), starts of shape (d, n), settings of shape (n,), and the batch shape."""
    lr, start = np.asarray(lr, float), np.asarray(start, float)
    if not (np.isfinite(lr).all() and (lr > 0).all()):
        raise ValueError(f"lr must be positive and finite, not {lr}")
    dimension = loss.dimension
    if dimension == 1 and start.ndim == 0:
        start = start[np.newaxis]
    if start.shape[-1:] != (dimension,) or not np.isfinite(start).all():
        size = f"{dimension} finite coordinate{'s' * (dimension > 1)}"
        raise ValueError(
            f"start must hold points of {size} ({', '.join(loss.parameters)}), not {start}"
        )
    if unknown := sorted(set(settings) - set(rule.defaults)):
        raise ValueError(f"{rule.name} has no setting {', '.join(unknown)}")
    own = {name: np.asarray(value, float) for name, value in settings.items()}
    for name, values in own.items():
        for extreme in (values.min(), values.max()) if values.size else ():
            check_bounds(name, float(extreme), rule.bounds[name])
    shape = np.broadcast_shapes(lr.shape, start.shape[:-1], *(v.shape for v in own.values()))

    def flat(values: Array) -> Array:
        return np.array(np.broadcast_to(values, shape)).reshape(-1)

    starts = np.array(np.broadcast_to(start, (*shape, dimension))).reshape(-1, dimension).T
    return flat(lr), starts, {name: flat(values) for name, values in own.items()}, shape

"""The update rules of PyTorch and Lion, as pure functions of arrays.

PyTorch's definitions and defaults are followed, since most readers meet those; the guide says where
other libraries differ. All operations are elementwise, so that a batch of runs is the same as the
runs one by one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..expr.node import called
from .rule import Array, Memory, Rule, Update, enter

RULES: dict[str, Rule] = {}
"""Our rules by the names that authors use."""


def _rule(title: str, *memory: str) -> Callable[[Update], Update]:
    """Enter a function as the rule of its own name."""

    def decorate(update: Update) -> Update:
        name = update.__name__
        RULES[name] = enter(Rule(name, title, update, memory))
        return update

    return decorate


@_rule("Gradient descent")
def gd(theta: Array, g: Array, lr: Array, memory: Memory, t: int) -> tuple[Array, Memory]:
    """Plain gradient descent, θ ← θ − ηg (Cauchy, Comptes rendus 25, 1847, p. 536)."""
    return theta - lr * g, memory


@_rule("Momentum", "b")
def momentum(
    theta: Array,
    g: Array,
    lr: Array,
    memory: Memory,
    t: int,
    *,
    momentum: float = 0.9,
    dampening: float = 0.0,
) -> tuple[Array, Memory]:
    """Heavy ball: b ← μb + (1 − τ)g, θ ← θ − ηb, the first b being g itself.

    μ is `momentum`, 0.9, and τ is `dampening`, 0 (Polyak, USSR Computational Mathematics and
    Mathematical Physics 4(5), 1964, pp. 1–17; the form is that of ``torch.optim.SGD``).
    """
    velocity = g if memory is None else momentum * memory + (1 - dampening) * g
    return theta - lr * velocity, velocity


@_rule("Nesterov", "b")
def nesterov(
    theta: Array, g: Array, lr: Array, memory: Memory, t: int, *, momentum: float = 0.9
) -> tuple[Array, Memory]:
    """Nesterov's momentum: b ← μb + g, θ ← θ − η(g + μb).

    μ is `momentum`, 0.9 (Nesterov, Soviet Mathematics Doklady 27, 1983, pp. 372–376; in the form of
    Sutskever et al., ICML 2013, section 2, written for the points where the gradient is taken).
    """
    velocity = g if memory is None else momentum * memory + g
    return theta - lr * (g + momentum * velocity), velocity


@_rule("AdaGrad", "s")
def adagrad(
    theta: Array, g: Array, lr: Array, memory: Memory, t: int, *, eps: float = 1e-10
) -> tuple[Array, Memory]:
    """AdaGrad: s ← s + g², θ ← θ − ηg/(√s + ε).

    ε is `eps`, 1e-10 (Duchi, Hazan and Singer, Journal of Machine Learning Research 12, 2011,
    section 1.1).
    """
    total = g * g if memory is None else memory + g * g
    return theta - lr * (g / (np.sqrt(total) + eps)), total


@_rule("RMSprop", "v")
def rmsprop(
    theta: Array,
    g: Array,
    lr: Array,
    memory: Memory,
    t: int,
    *,
    alpha: float = 0.99,
    eps: float = 1e-8,
) -> tuple[Array, Memory]:
    """RMSprop: v ← αv + (1 − α)g², θ ← θ − ηg/(√v + ε).

    α is `alpha`, 0.99, and ε is `eps`, 1e-8 (Tieleman and Hinton, Neural Networks for Machine
    Learning, lecture 6.5, Coursera, 2012).
    """
    square = _average(memory, g * g, alpha)
    return theta - lr * (g / (np.sqrt(square) + eps)), square


@_rule("Adadelta", "v", "u")
def adadelta(
    theta: Array,
    g: Array,
    lr: Array,
    memory: Memory,
    t: int,
    *,
    rho: float = 0.9,
    eps: float = 1e-6,
) -> tuple[Array, Memory]:
    """Adadelta: v ← ρv + (1 − ρ)g², Δ = √(u + ε)/√(v + ε) g, u ← ρu + (1 − ρ)Δ², θ ← θ − ηΔ.

    ρ is `rho`, 0.9, and ε is `eps`, 1e-6 (Zeiler, arXiv:1212.5701, 2012, algorithm 1). The paper
    has no η, which is to say 1; that is PyTorch's default, and here a rate to be asked for.
    """
    squares, steps = (None, 0.0) if memory is None else memory
    squares = _average(squares, g * g, rho)
    step = called("delta", np.sqrt(steps + eps) / np.sqrt(squares + eps) * g)
    return theta - lr * step, (squares, rho * steps + (1 - rho) * step * step)


@_rule("Adam", "m", "v")
def adam(
    theta: Array,
    g: Array,
    lr: Array,
    memory: Memory,
    t: int,
    *,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
) -> tuple[Array, Memory]:
    """Adam: m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², θ ← θ − η m̂/(√v̂ + ε).

    m̂ = m/(1 − β₁ᵗ) and v̂ = v/(1 − β₂ᵗ); β₁ is `beta1`, 0.9, β₂ is `beta2`, 0.999, and ε is
    `eps`, 1e-8 (Kingma and Ba, ICLR 2015, arXiv:1412.6980, algorithm 1).
    """
    first, second = _moments(memory, g, beta1, beta2)
    step = called("m_hat", first / _correction(beta1, t))
    square = called("v_hat", second / _correction(beta2, t))
    return theta - lr * (step / (np.sqrt(square) + eps)), (first, second)


@_rule("AMSGrad", "m", "v", "v_max")
def amsgrad(
    theta: Array,
    g: Array,
    lr: Array,
    memory: Memory,
    t: int,
    *,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
) -> tuple[Array, Memory]:
    """AMSGrad: Adam with v̄ ← max(v̄, v) in place of v, corrected afterwards.

    The settings are Adam's (Reddi, Kale and Kumar, ICLR 2018, algorithm 2; the corrections for
    the start at zero are PyTorch's).
    """
    moments, largest = (None, 0.0) if memory is None else memory
    first, second = _moments(moments, g, beta1, beta2)
    largest = np.maximum(largest, second)
    step = called("m_hat", first / _correction(beta1, t))
    square = called("v_hat", largest / _correction(beta2, t))
    return theta - lr * (step / (np.sqrt(square) + eps)), ((first, second), largest)


@_rule("AdamW", "m", "v")
def adamw(
    theta: Array,
    g: Array,
    lr: Array,
    memory: Memory,
    t: int,
    *,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    weight_decay: float = 0.01,
) -> tuple[Array, Memory]:
    """AdamW: θ ← θ − ηλθ, then Adam.

    λ is `weight_decay`, 0.01; the other settings are Adam's (Loshchilov and Hutter, ICLR 2019,
    arXiv:1711.05101, algorithm 2; the decay is multiplied by η, as in PyTorch).
    """
    decayed = called("decayed", theta * (1 - lr * weight_decay))
    return adam(decayed, g, lr, memory, t, beta1=beta1, beta2=beta2, eps=eps)


@_rule("NAdam", "m", "v", "product")
def nadam(
    theta: Array,
    g: Array,
    lr: Array,
    memory: Memory,
    t: int,
    *,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    momentum_decay: float = 0.004,
) -> tuple[Array, Memory]:
    """NAdam: Adam that looks ahead, θ ← θ − η m̂/(√v̂ + ε).

    m̂ = μₜ₊₁m/(1 − ∏ᵗ⁺¹μᵢ) + (1 − μₜ)g/(1 − ∏ᵗμᵢ) with μₜ = β₁(1 − ½·0.96^(tψ)); ψ is
    `momentum_decay`, 0.004, and the other settings are Adam's (Dozat, Incorporating Nesterov
    Momentum into Adam, ICLR Workshop 2016; the form is that of ``torch.optim.NAdam``).
    """
    moments, product = (None, 1.0) if memory is None else memory
    first, second = _moments(moments, g, beta1, beta2)
    now, following = (
        called(name, beta1 * (1 - 0.5 * np.power(0.96, i * momentum_decay)))
        for name, i in (("mu", t), ("mu_next", t + 1))
    )
    product = product * now
    ahead = following * first / (1 - product * following) + (1 - now) * g / (1 - product)
    step, square = called("m_hat", ahead), called("v_hat", second / _correction(beta2, t))
    return theta - lr * (step / (np.sqrt(square) + eps)), ((first, second), product)


@_rule("RAdam", "m", "v")
def radam(
    theta: Array,
    g: Array,
    lr: Array,
    memory: Memory,
    t: int,
    *,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
) -> tuple[Array, Memory]:
    """RAdam: Adam that adapts only once its second moment is known well enough.

    With ρ∞ = 2/(1 − β₂) − 1 and ρₜ = ρ∞ − 2tβ₂ᵗ/(1 − β₂ᵗ): θ ← θ − ηm̂ while ρₜ ≤ 5, and then
    θ ← θ − η r m̂ √(1 − β₂ᵗ)/(√v + ε), r² = (ρₜ − 4)(ρₜ − 2)ρ∞ / ((ρ∞ − 4)(ρ∞ − 2)ρₜ). The
    settings are Adam's (Liu et al., ICLR 2020, arXiv:1908.03265, algorithm 2).
    """
    first, second = _moments(memory, g, beta1, beta2)
    correction = _correction(beta2, t)
    most = called("rho_max", 2 / (1 - beta2) - 1)
    known = called("rho", most - 2 * t * (1 - correction) / correction)
    ratio = (known - 4) * (known - 2) * most / ((most - 4) * (most - 2) * known)
    trust = called("r", np.sqrt(np.maximum(ratio, 0.0)))
    adapted = trust * np.sqrt(correction) / (np.sqrt(second) + eps)
    step = called("m_hat", first / _correction(beta1, t))
    return theta - lr * (step * np.where(known > 5, adapted, 1.0)), (first, second)


@_rule("Adamax", "m", "u")
def adamax(
    theta: Array,
    g: Array,
    lr: Array,
    memory: Memory,
    t: int,
    *,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
) -> tuple[Array, Memory]:
    """Adamax: m ← β₁m + (1 − β₁)g, u ← max(β₂u, |g| + ε), θ ← θ − η/(1 − β₁ᵗ)·m/u.

    The settings are Adam's (Kingma and Ba, ICLR 2015, arXiv:1412.6980, algorithm 2; where ε
    stands is PyTorch's choice).
    """
    first, largest = (None, 0.0) if memory is None else memory
    first = _average(first, g, beta1)
    largest = np.maximum(beta2 * largest, np.abs(g) + eps)
    return theta - lr / _correction(beta1, t) * (first / largest), (first, largest)


@_rule("Lion", "m")
def lion(
    theta: Array,
    g: Array,
    lr: Array,
    memory: Memory,
    t: int,
    *,
    beta1: float = 0.9,
    beta2: float = 0.99,
    weight_decay: float = 0.0,
) -> tuple[Array, Memory]:
    """Lion: θ ← θ − η(sign(β₁m + (1 − β₁)g) + λθ), m ← β₂m + (1 − β₂)g.

    β₁ is `beta1`, 0.9, β₂ is `beta2`, 0.99, and λ is `weight_decay`, 0 (Chen et al., NeurIPS 2023,
    arXiv:2302.06675, algorithm 2; the settings are Optax's, but for λ).
    """
    direction = np.sign(_average(memory, g, beta1))
    return theta - lr * (direction + weight_decay * theta), _average(memory, g, beta2)


@_rule("Rprop", "g_before", "s")
def rprop(
    theta: Array,
    g: Array,
    lr: Array,
    memory: Memory,
    t: int,
    *,
    shrink: float = 0.5,
    grow: float = 1.2,
    smallest: float = 1e-6,
    largest: float = 50.0,
) -> tuple[Array, Memory]:
    """Rprop: each parameter has a step size s of its own, at first η; θ ← θ − s sign g.

    s is multiplied by `grow`, 1.2, where the gradient has kept its sign, and by `shrink`, 0.5,
    where that has changed (the gradient then counts as zero, in this step and for the next sign);
    it stays between `smallest`, 1e-6, and `largest`, 50. A schedule does not touch it (Riedmiller
    and Braun, IEEE International Conference on Neural Networks, 1993, pp. 586–591; without a step
    back where the sign has changed, as in PyTorch: the iRprop− of Igel and Hüsken, Symposium on
    Neural Computation, 2000).
    """
    before, sizes = (np.zeros_like(g), np.broadcast_to(lr, g.shape)) if memory is None else memory
    sign = called("sign", np.sign(g * before))
    factor = called("f", np.where(sign > 0, grow, np.where(sign < 0, shrink, 1.0)))
    sizes = np.clip(sizes * factor, smallest, largest)
    g = called("g", np.where(sign < 0, 0.0, g))
    return theta - sizes * np.sign(g), (g, sizes)


def _average(old: Array | None, new: Array, decay: float) -> Array:
    """A moving average that began at zero."""
    fresh = (1 - decay) * new
    return fresh if old is None else decay * old + fresh


def _moments(memory: Memory, g: Array, beta1: float, beta2: float) -> tuple[Array, Array]:
    """The moving averages of the gradient and of its square."""
    first, second = (None, None) if memory is None else memory
    return _average(first, g, beta1), _average(second, g * g, beta2)


def _correction(beta: float, t: int) -> Any:
    """1 − βᵗ: what a moving average of ones, begun at zero, has come to.

    The power is NumPy's, so that a setting alone has the same bits as in an array.
    """
    return 1 - np.power(beta, t)

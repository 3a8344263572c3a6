"""The update rules of PyTorch and Lion, as pure functions of arrays.

PyTorch's definitions and defaults are followed, since most readers meet those; the guide says where
other libraries differ. All operations are elementwise, so that a batch of runs is the same as the
runs one by one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..expr.node import called, newton_step
from .rule import Array, Init, Memory, Rule, Update, enter

RULES: dict[str, Rule] = {}
"""The rules of this package by the names that authors use."""


def _rule(title: str, init: Init | None = None) -> Callable[[Update], Update]:
    """Enter a function as the rule of its own name."""

    def decorate(update: Update) -> Update:
        name = update.__name__
        RULES[name] = enter(Rule(name, title, init, update))
        return update

    return decorate


def _zeros(*names: str) -> Init:
    """An init for parts of a memory that all begin at zero."""

    def init(theta: Array, lr: Array) -> dict[str, Array]:
        return {name: np.zeros_like(theta) for name in names}

    return init


def _with_product(theta: Array, lr: Array) -> dict[str, Any]:
    """The memory of NAdam: its product has no factors yet."""
    return {"m": np.zeros_like(theta), "v": np.zeros_like(theta), "product": 1.0}


def _with_sizes(theta: Array, lr: Array) -> dict[str, Array]:
    """The memory of Rprop: each step size is at first the learning rate."""
    return {"g_before": np.zeros_like(theta), "s": np.full_like(theta, lr)}


@_rule("Gradient descent")
def gd(theta: Array, g: Array, lr: Array, memory: Memory, t: int) -> tuple[Array, Memory]:
    """Plain gradient descent, θ ← θ − ηg (Cauchy, Comptes rendus 25, 1847, p. 536)."""
    return theta - lr * g, memory


@_rule("Momentum", _zeros("b"))
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
    # A choice, for (1 − τ)g + τg is not g to the bit; gradients that are infinite stay so.
    damped = np.where(t > 1, 1 - dampening, 1.0) * g
    b = momentum * memory["b"] + damped
    return theta - lr * b, {"b": b}


@_rule("Nesterov", _zeros("b"))
def nesterov(
    theta: Array, g: Array, lr: Array, memory: Memory, t: int, *, momentum: float = 0.9
) -> tuple[Array, Memory]:
    """Nesterov's momentum: b ← μb + g, θ ← θ − η(g + μb).

    μ is `momentum`, 0.9 (Nesterov, Soviet Mathematics Doklady 27, 1983, pp. 372–376; in the form of
    Sutskever et al., ICML 2013, section 2, written for the points where the gradient is taken).
    """
    b = momentum * memory["b"] + g
    return theta - lr * (g + momentum * b), {"b": b}


@_rule("AdaGrad", _zeros("s"))
def adagrad(
    theta: Array, g: Array, lr: Array, memory: Memory, t: int, *, eps: float = 1e-10
) -> tuple[Array, Memory]:
    """AdaGrad: s ← s + g², θ ← θ − ηg/(√s + ε).

    ε is `eps`, 1e-10 (Duchi, Hazan and Singer, Journal of Machine Learning Research 12, 2011,
    section 1.1).
    """
    s = memory["s"] + g * g
    return theta - lr * (g / (np.sqrt(s) + eps)), {"s": s}


@_rule("RMSprop", _zeros("v"))
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
    v = _average(memory["v"], g * g, alpha)
    return theta - lr * (g / (np.sqrt(v) + eps)), {"v": v}


@_rule("Adadelta", _zeros("v", "u"))
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
    u, v = memory["u"], _average(memory["v"], g * g, rho)
    delta = called("delta", np.sqrt(u + eps) / np.sqrt(v + eps) * g)
    return theta - lr * delta, {"v": v, "u": rho * u + (1 - rho) * delta * delta}


@_rule("Adam", _zeros("m", "v"))
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
    m, v = _moments(memory, g, beta1, beta2)
    m_hat = called("m_hat", m / _correction(beta1, t))
    v_hat = called("v_hat", v / _correction(beta2, t))
    return theta - lr * (m_hat / (np.sqrt(v_hat) + eps)), {"m": m, "v": v}


@_rule("AMSGrad", _zeros("m", "v", "v_max"))
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
    m, v = _moments(memory, g, beta1, beta2)
    v_max = np.maximum(memory["v_max"], v)
    m_hat = called("m_hat", m / _correction(beta1, t))
    v_hat = called("v_hat", v_max / _correction(beta2, t))
    return theta - lr * (m_hat / (np.sqrt(v_hat) + eps)), {"m": m, "v": v, "v_max": v_max}


@_rule("AdamW", _zeros("m", "v"))
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


@_rule("NAdam", _with_product)
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
    m, v = _moments(memory, g, beta1, beta2)
    mu, mu_next = (
        called(name, beta1 * (1 - 0.5 * np.power(0.96, i * momentum_decay)))
        for name, i in (("mu", t), ("mu_next", t + 1))
    )
    product = memory["product"] * mu
    ahead = mu_next * m / (1 - product * mu_next) + (1 - mu) * g / (1 - product)
    m_hat, v_hat = called("m_hat", ahead), called("v_hat", v / _correction(beta2, t))
    after = theta - lr * (m_hat / (np.sqrt(v_hat) + eps))
    return after, {"m": m, "v": v, "product": product}


@_rule("RAdam", _zeros("m", "v"))
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
    m, v = _moments(memory, g, beta1, beta2)
    correction = _correction(beta2, t)
    rho_max = called("rho_max", 2 / (1 - beta2) - 1)
    rho_t = called("rho_t", rho_max - 2 * t * (1 - correction) / correction)
    # Below 0 in the first updates, where it is not used: no warning of a root that is no number.
    ratio = (rho_t - 4) * (rho_t - 2) * rho_max / ((rho_max - 4) * (rho_max - 2) * rho_t)
    r = called("r", np.sqrt(np.maximum(ratio, 0.0)))
    adapted = r * np.sqrt(correction) / (np.sqrt(v) + eps)
    m_hat = called("m_hat", m / _correction(beta1, t))
    return theta - lr * (m_hat * np.where(rho_t > 5, adapted, 1.0)), {"m": m, "v": v}


@_rule("Adamax", _zeros("m", "u"))
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
    m = _average(memory["m"], g, beta1)
    u = np.maximum(beta2 * memory["u"], np.abs(g) + eps)
    return theta - lr / _correction(beta1, t) * (m / u), {"m": m, "u": u}


@_rule("Lion", _zeros("m"))
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
    direction = np.sign(_average(memory["m"], g, beta1))
    return theta - lr * (direction + weight_decay * theta), {"m": _average(memory["m"], g, beta2)}


@_rule("Rprop", _with_sizes)
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
    sign = called("sign", np.sign(g * memory["g_before"]))
    f = called("f", np.where(sign > 0, grow, np.where(sign < 0, shrink, 1.0)))
    # Its own step sizes take the place of the rate.
    s = np.clip(memory["s"] * f, smallest, largest)
    g = called("g", np.where(sign < 0, 0.0, g))
    return theta - s * np.sign(g), {"g_before": g, "s": s}


@_rule("Normalized gradient descent")
def normalized(
    theta: Array, g: Array, lr: Array, memory: Memory, t: int, *, eps: float = 1e-12
) -> tuple[Array, Memory]:
    """Steps of length η along the gradient, θ ← θ − ηg/max(‖g‖, ε).

    ε is `eps`, 1e-12 (Nesterov, Introductory Lectures on Convex Optimization, Kluwer 2004, section
    3.2.3; the form is that of ``torch.nn.functional.normalize``).
    """
    length = np.linalg.norm(g, axis=0)
    return theta - lr * (g / np.maximum(length, eps)), memory


@_rule("Sign descent")
def sign(theta: Array, g: Array, lr: Array, memory: Memory, t: int) -> tuple[Array, Memory]:
    """Each parameter moves by η, θ ← θ − η sign g (Bernstein et al., ICML 2018, pp. 560–569)."""
    return theta - lr * np.sign(g), memory


@_rule("Newton's method")
def newton(
    theta: Array, g: Array, lr: Array, memory: Memory, t: int, *, hessian: Any, damping: float = 0.0
) -> tuple[Array, Memory]:
    """Newton's method: θ ← θ − η(∇²L(θ) + λI)⁻¹g, at η = 1 to the quadratic model's critical point.

    λ is `damping`, 0. A saddle or a maximum attracts it as a minimum does (Nocedal and Wright,
    Numerical Optimization, 2nd ed., Springer 2006, sections 3.3 and 3.4).
    """
    return theta - lr * newton_step(hessian, g, damping), memory


def _average(old: Array, new: Array, decay: float) -> Array:
    """A moving average. From zero it begins with (1 − decay)·new to the bit: 0 + x is x."""
    return decay * old + (1 - decay) * new


def _moments(memory: Memory, g: Array, beta1: float, beta2: float) -> tuple[Array, Array]:
    """The moving averages of the gradient and of its square."""
    return _average(memory["m"], g, beta1), _average(memory["v"], g * g, beta2)


def _correction(beta: float, t: int) -> Any:
    """1 − βᵗ: what a moving average of ones, begun at zero, has come to.

    The power is NumPy's, so that a setting alone has the same bits as in an array.
    """
    return 1 - np.power(beta, t)

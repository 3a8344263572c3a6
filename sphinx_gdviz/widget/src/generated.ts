// Written by `python -m sphinx_gdviz.widget.generate`; do not edit.

import type { Rule } from "./types.ts";

// sphinx_gdviz.core.descent.verdict
export const TOLERANCE = 0.001;
export const ESCAPE_RADIUS = 10;
export const ESCAPE_GROWTH = 2;
export const CERTAIN_ESCAPE = 100;
export const RISING_SHARE = 0.25;
export const REACH = 0.05;
// sphinx_gdviz.core.descent.oscillation
export const MIN_TURNS = 4;
export const DECAY = 0.7;
export const TREND = 8;
export const RETURN_TOLERANCE = 0.01;
export const DRIFT_TOLERANCE = 0.05;
export const MAX_PERIOD = 64;
// sphinx_gdviz.core.descent.critical_points
export const NEIGHBOURHOOD = 0.01;
// sphinx_gdviz.core.descent.kinds
export const FLAT_CURVATURE = 1e-05;
export const CURVATURE_TOLERANCE = 1e-05;
export const KINK_RADIUS = 1e-05;
export const KINK_TOLERANCE = 0.001;
// sphinx_gdviz.core.descent.neighbourhood
export const DIRECTIONS = 32;
export const ZOOMS = 12;
export const FEWEST_ZOOMS = 4;
export const KINK_ANGLE = 0.1;
// sphinx_gdviz.core.descent.newton
export const MAX_ITERATIONS = 60;
export const NEWTON_TOLERANCE = 1e-14;
export const GRADIENT_TOLERANCE = 1e-09;
export const ROUNDING = 1e-12;
// sphinx_gdviz.core.descent.maps
export const MERGE_RADIUS = 0.002;
export const UNSETTLED = -1;
export const DIVERGED = -2;
// sphinx_gdviz.core.scale
export const TINY = 1e-300;
// sphinx_gdviz.draw.views.contour
export const ARROWS = 13;
// sphinx_gdviz.draw.views.curve
export const DECADES = 2;
export const SPARSE = 60;
// sphinx_gdviz.draw.views.surface.camera
export const HEIGHT = 0.72;
// sphinx_gdviz.draw.views.surface.relief
export const MARGIN = 0.05;
export const SAMPLES = 256;
export const SLACK = 0.001;
export const LIGHT = [-40, 50] as const;
export const DARKEST = 0.62;
export const LIGHTEST = 1.04;
// sphinx_gdviz.draw.views.surface.box
export const SHORT = 0.2;
// sphinx_gdviz.draw.views.surface.panel
export const SPACING = 0.005;
// sphinx_gdviz.draw.style
export const START = "#1a9641";
export const CASING = "#fefefe";
export const FIELD = "#fdfdfd";
export const MARK = "#111112";
export const MARKERS = ["o", "s", "^", "D", "v"] as const;

export const CRITICAL_MARKERS = {"minimum": "v", "saddle": "D", "maximum": "^"} as const;
export const COLORS = ["#d7191c", "#0072b2", "#c47a00", "#a8479c", "#00805f", "#7a6a5f"] as const;
export const DASHES = [[], [5, 1.5], [6, 1.3, 1.5, 1.3], [2.4, 1.2]] as const;
export const BASIN_COLORS = ["#8db7d8", "#f0bf84", "#9fcf9b", "#d9a3c4", "#bfaee0", "#e6de97", "#94d0ca", "#cfb29b", "#f2a79b", "#b9c2cc", "#ececec", "#5d5257"] as const;
export const ISOLINE = [254, 0.7] as const;
export const FAINT_ISOLINE = [26, 0.22] as const;
export const EXPERIMENT_OPTIONS = ["loss", "parameters", "optimizer", "lr", "schedule", "start", "runs", "steps", "clip", "constraint", "noise", "batch", "seed", "view", "against", "overlay", "sweep", "titles", "xlim", "ylim", "levels", "scale", "aspect", "camera", "mark", "arrows", "model", "label", "numbers", "labels", "width"] as const;
export const BOUNDS = {"alpha": {"least": 0, "below": 1}, "beta1": {"least": 0, "below": 1}, "beta2": {"least": 0, "below": 1}, "dampening": {"least": 0, "most": 1}, "damping": {"least": 0}, "eps": {"least": 0}, "grow": {"above": 1}, "largest": {"above": 0}, "momentum": {"least": 0, "below": 1}, "momentum_decay": {"least": 0}, "rho": {"least": 0, "below": 1}, "shrink": {"above": 0, "below": 1}, "smallest": {"above": 0}, "weight_decay": {"least": 0}, "lr": {"above": 0}} as const;

export const RULES: Readonly<Record<string, Rule>> = {
  "gd": {"title": "Gradient descent", "defaults": {}, "symbols": {"lr": "η", "theta": "θ"}, "memory": {}, "update": [["theta", ["subtract", "theta", ["multiply", "lr", "g"]], "{theta} − {(lr}·{(g}", "{theta} − {(lr}·{(g}"]]},
  "momentum": {"title": "Momentum", "defaults": {"momentum": 0.9, "dampening": 0}, "symbols": {"dampening": "τ", "lr": "η", "momentum": "μ", "theta": "θ"}, "memory": {"b": 0}, "update": [["b", ["add", ["multiply", "momentum", "b"], ["multiply", ["where", ["greater", "t", 1], ["subtract", 1, "dampening"], 1], "g"]], "{(momentum}·{(b} + (1 − {(dampening})·{(g}", "{g}"], ["theta", ["subtract", "theta", ["multiply", "lr", "b"]], "{theta} − {(lr}·{(b}", "{theta} − {(lr}·{(b}"]]},
  "nesterov": {"title": "Nesterov", "defaults": {"momentum": 0.9}, "symbols": {"lr": "η", "momentum": "μ", "theta": "θ"}, "memory": {"b": 0}, "update": [["b", ["add", ["multiply", "momentum", "b"], "g"], "{(momentum}·{(b} + {g}", "{g}"], ["theta", ["subtract", "theta", ["multiply", "lr", ["add", "g", ["multiply", "momentum", "b"]]]], "{theta} − {(lr}·({g} + {(momentum}·{(b})", "{theta} − {(lr}·({g} + {(momentum}·{(b})"]]},
  "adagrad": {"title": "AdaGrad", "defaults": {"eps": 1e-10}, "symbols": {"eps": "ε", "lr": "η", "theta": "θ"}, "memory": {"s": 0}, "update": [["s", ["add", "s", ["square", "g"]], "{s} + {(g}²", "{(g}²"], ["theta", ["subtract", "theta", ["multiply", "lr", ["divide", "g", ["add", ["sqrt", "s"], "eps"]]]], "{theta} − {(lr}·{(g}/(√{(s} + {eps})", "{theta} − {(lr}·{(g}/(√{(s} + {eps})"]]},
  "rmsprop": {"title": "RMSprop", "defaults": {"alpha": 0.99, "eps": 1e-08}, "symbols": {"alpha": "α", "eps": "ε", "lr": "η", "theta": "θ"}, "memory": {"v": 0}, "update": [["v", ["add", ["multiply", "alpha", "v"], ["multiply", ["subtract", 1, "alpha"], ["square", "g"]]], "{(alpha}·{(v} + (1 − {(alpha})·{(g}²", "(1 − {(alpha})·{(g}²"], ["theta", ["subtract", "theta", ["multiply", "lr", ["divide", "g", ["add", ["sqrt", "v"], "eps"]]]], "{theta} − {(lr}·{(g}/(√{(v} + {eps})", "{theta} − {(lr}·{(g}/(√{(v} + {eps})"]]},
  "adadelta": {"title": "Adadelta", "defaults": {"rho": 0.9, "eps": 1e-06}, "symbols": {"delta": "Δ", "eps": "ε", "lr": "η", "rho": "ρ", "theta": "θ"}, "memory": {"v": 0, "u": 0}, "update": [["v", ["add", ["multiply", "rho", "v"], ["multiply", ["subtract", 1, "rho"], ["square", "g"]]], "{(rho}·{(v} + (1 − {(rho})·{(g}²", "(1 − {(rho})·{(g}²"], ["delta", ["multiply", ["divide", ["sqrt", ["add", "u", "eps"]], ["sqrt", ["add", "v", "eps"]]], "g"], "√({u} + {eps})/√({v} + {eps})·{(g}", "√{(eps}/√({v} + {eps})·{(g}"], ["u", ["add", ["multiply", "rho", "u"], ["multiply", ["multiply", ["subtract", 1, "rho"], "delta"], "delta"]], "{(rho}·{(u} + (1 − {(rho})·{(delta}·{(delta}", "(1 − {(rho})·{(delta}²"], ["theta", ["subtract", "theta", ["multiply", "lr", "delta"]], "{theta} − {(lr}·{(delta}", "{theta} − {(lr}·{(delta}"]]},
  "adam": {"title": "Adam", "defaults": {"beta1": 0.9, "beta2": 0.999, "eps": 1e-08}, "symbols": {"beta1": "β₁", "beta2": "β₂", "eps": "ε", "lr": "η", "m_hat": "m̂", "theta": "θ", "v_hat": "v̂"}, "memory": {"m": 0, "v": 0}, "update": [["m", ["add", ["multiply", "beta1", "m"], ["multiply", ["subtract", 1, "beta1"], "g"]], "{(beta1}·{(m} + (1 − {(beta1})·{(g}", "(1 − {(beta1})·{(g}"], ["v", ["add", ["multiply", "beta2", "v"], ["multiply", ["subtract", 1, "beta2"], ["square", "g"]]], "{(beta2}·{(v} + (1 − {(beta2})·{(g}²", "(1 − {(beta2})·{(g}²"], ["m_hat", ["divide", "m", ["subtract", 1, ["power", "beta1", "t"]]], "{(m}/(1 − {(beta1}{^t})", "{(m}/(1 − {(beta1}{^t})"], ["v_hat", ["divide", "v", ["subtract", 1, ["power", "beta2", "t"]]], "{(v}/(1 − {(beta2}{^t})", "{(v}/(1 − {(beta2}{^t})"], ["theta", ["subtract", "theta", ["multiply", "lr", ["divide", "m_hat", ["add", ["sqrt", "v_hat"], "eps"]]]], "{theta} − {(lr}·{(m_hat}/(√{(v_hat} + {eps})", "{theta} − {(lr}·{(m_hat}/(√{(v_hat} + {eps})"]]},
  "amsgrad": {"title": "AMSGrad", "defaults": {"beta1": 0.9, "beta2": 0.999, "eps": 1e-08}, "symbols": {"beta1": "β₁", "beta2": "β₂", "eps": "ε", "lr": "η", "m_hat": "m̂", "theta": "θ", "v_hat": "v̂", "v_max": "v̄"}, "memory": {"m": 0, "v": 0, "v_max": 0}, "update": [["m", ["add", ["multiply", "beta1", "m"], ["multiply", ["subtract", 1, "beta1"], "g"]], "{(beta1}·{(m} + (1 − {(beta1})·{(g}", "(1 − {(beta1})·{(g}"], ["v", ["add", ["multiply", "beta2", "v"], ["multiply", ["subtract", 1, "beta2"], ["square", "g"]]], "{(beta2}·{(v} + (1 − {(beta2})·{(g}²", "(1 − {(beta2})·{(g}²"], ["v_max", ["max", "v_max", "v"], "max({v_max}, {v})", "max(0, {v})"], ["m_hat", ["divide", "m", ["subtract", 1, ["power", "beta1", "t"]]], "{(m}/(1 − {(beta1}{^t})", "{(m}/(1 − {(beta1}{^t})"], ["v_hat", ["divide", "v_max", ["subtract", 1, ["power", "beta2", "t"]]], "{(v_max}/(1 − {(beta2}{^t})", "{(v_max}/(1 − {(beta2}{^t})"], ["theta", ["subtract", "theta", ["multiply", "lr", ["divide", "m_hat", ["add", ["sqrt", "v_hat"], "eps"]]]], "{theta} − {(lr}·{(m_hat}/(√{(v_hat} + {eps})", "{theta} − {(lr}·{(m_hat}/(√{(v_hat} + {eps})"]]},
  "adamw": {"title": "AdamW", "defaults": {"beta1": 0.9, "beta2": 0.999, "eps": 1e-08, "weight_decay": 0.01}, "symbols": {"beta1": "β₁", "beta2": "β₂", "decayed": "θ̃", "eps": "ε", "lr": "η", "m_hat": "m̂", "theta": "θ", "v_hat": "v̂", "weight_decay": "λ"}, "memory": {"m": 0, "v": 0}, "update": [["m", ["add", ["multiply", "beta1", "m"], ["multiply", ["subtract", 1, "beta1"], "g"]], "{(beta1}·{(m} + (1 − {(beta1})·{(g}", "(1 − {(beta1})·{(g}"], ["v", ["add", ["multiply", "beta2", "v"], ["multiply", ["subtract", 1, "beta2"], ["square", "g"]]], "{(beta2}·{(v} + (1 − {(beta2})·{(g}²", "(1 − {(beta2})·{(g}²"], ["decayed", ["multiply", "theta", ["subtract", 1, ["multiply", "lr", "weight_decay"]]], "{(theta}·(1 − {(lr}·{(weight_decay})", "{(theta}·(1 − {(lr}·{(weight_decay})"], ["m_hat", ["divide", "m", ["subtract", 1, ["power", "beta1", "t"]]], "{(m}/(1 − {(beta1}{^t})", "{(m}/(1 − {(beta1}{^t})"], ["v_hat", ["divide", "v", ["subtract", 1, ["power", "beta2", "t"]]], "{(v}/(1 − {(beta2}{^t})", "{(v}/(1 − {(beta2}{^t})"], ["theta", ["subtract", "decayed", ["multiply", "lr", ["divide", "m_hat", ["add", ["sqrt", "v_hat"], "eps"]]]], "{decayed} − {(lr}·{(m_hat}/(√{(v_hat} + {eps})", "{decayed} − {(lr}·{(m_hat}/(√{(v_hat} + {eps})"]]},
  "nadam": {"title": "NAdam", "defaults": {"beta1": 0.9, "beta2": 0.999, "eps": 1e-08, "momentum_decay": 0.004}, "symbols": {"beta1": "β₁", "beta2": "β₂", "eps": "ε", "lr": "η", "m_hat": "m̂", "momentum_decay": "ψ", "mu": "μₜ", "mu_next": "μₜ₊₁", "product": "P", "theta": "θ", "v_hat": "v̂"}, "memory": {"m": 0, "v": 0, "product": 1}, "update": [["m", ["add", ["multiply", "beta1", "m"], ["multiply", ["subtract", 1, "beta1"], "g"]], "{(beta1}·{(m} + (1 − {(beta1})·{(g}", "(1 − {(beta1})·{(g}"], ["v", ["add", ["multiply", "beta2", "v"], ["multiply", ["subtract", 1, "beta2"], ["square", "g"]]], "{(beta2}·{(v} + (1 − {(beta2})·{(g}²", "(1 − {(beta2})·{(g}²"], ["mu", ["multiply", "beta1", ["subtract", 1, ["multiply", 0.5, ["power", 0.96, ["multiply", "t", "momentum_decay"]]]]], "{(beta1}·(1 − 0.5·0.96^({(t}·{(momentum_decay}))", "{(beta1}·(1 − 0.5·0.96^({(t}·{(momentum_decay}))"], ["product", ["multiply", "product", "mu"], "{(product}·{(mu}", "{mu}"], ["mu_next", ["multiply", "beta1", ["subtract", 1, ["multiply", 0.5, ["power", 0.96, ["multiply", ["add", "t", 1], "momentum_decay"]]]]], "{(beta1}·(1 − 0.5·0.96^(({t} + 1)·{(momentum_decay}))", "{(beta1}·(1 − 0.5·0.96^(({t} + 1)·{(momentum_decay}))"], ["m_hat", ["add", ["divide", ["multiply", "mu_next", "m"], ["subtract", 1, ["multiply", "product", "mu_next"]]], ["divide", ["multiply", ["subtract", 1, "mu"], "g"], ["subtract", 1, "product"]]], "{(mu_next}·{(m}/(1 − {(product}·{(mu_next}) + (1 − {(mu})·{(g}/(1 − {(product})", "{(mu_next}·{(m}/(1 − {(product}·{(mu_next}) + (1 − {(mu})·{(g}/(1 − {(product})"], ["v_hat", ["divide", "v", ["subtract", 1, ["power", "beta2", "t"]]], "{(v}/(1 − {(beta2}{^t})", "{(v}/(1 − {(beta2}{^t})"], ["theta", ["subtract", "theta", ["multiply", "lr", ["divide", "m_hat", ["add", ["sqrt", "v_hat"], "eps"]]]], "{theta} − {(lr}·{(m_hat}/(√{(v_hat} + {eps})", "{theta} − {(lr}·{(m_hat}/(√{(v_hat} + {eps})"]]},
  "radam": {"title": "RAdam", "defaults": {"beta1": 0.9, "beta2": 0.999, "eps": 1e-08}, "symbols": {"beta1": "β₁", "beta2": "β₂", "eps": "ε", "lr": "η", "m_hat": "m̂", "r": "rₜ", "rho_max": "ρ∞", "rho_t": "ρₜ", "theta": "θ"}, "memory": {"m": 0, "v": 0}, "update": [["m", ["add", ["multiply", "beta1", "m"], ["multiply", ["subtract", 1, "beta1"], "g"]], "{(beta1}·{(m} + (1 − {(beta1})·{(g}", "(1 − {(beta1})·{(g}"], ["v", ["add", ["multiply", "beta2", "v"], ["multiply", ["subtract", 1, "beta2"], ["square", "g"]]], "{(beta2}·{(v} + (1 − {(beta2})·{(g}²", "(1 − {(beta2})·{(g}²"], ["m_hat", ["divide", "m", ["subtract", 1, ["power", "beta1", "t"]]], "{(m}/(1 − {(beta1}{^t})", "{(m}/(1 − {(beta1}{^t})"], ["rho_max", ["subtract", ["divide", 2, ["subtract", 1, "beta2"]], 1], "2/(1 − {(beta2}) − 1", "2/(1 − {(beta2}) − 1"], ["rho_t", ["subtract", "rho_max", ["divide", ["multiply", ["multiply", 2, "t"], ["subtract", 1, ["subtract", 1, ["power", "beta2", "t"]]]], ["subtract", 1, ["power", "beta2", "t"]]]], "{rho_max} − 2·{(t}·(1 − (1 − {(beta2}{^t}))/(1 − {(beta2}{^t})", "{rho_max} − 2·{(t}·{(beta2}{^t}/(1 − {(beta2}{^t})"], ["r", ["sqrt", ["max", ["divide", ["multiply", ["multiply", ["subtract", "rho_t", 4], ["subtract", "rho_t", 2]], "rho_max"], ["multiply", ["multiply", ["subtract", "rho_max", 4], ["subtract", "rho_max", 2]], "rho_t"]], 0]], "√max(({rho_t} − 4)·({rho_t} − 2)·{(rho_max}/(({rho_max} − 4)·({rho_max} − 2)·{(rho_t}), 0)", "√max(({rho_t} − 4)·({rho_t} − 2)·{(rho_max}/(({rho_max} − 4)·({rho_max} − 2)·{(rho_t}), 0)"], ["theta", ["subtract", "theta", ["multiply", "lr", ["multiply", "m_hat", ["where", ["greater", "rho_t", 5], ["divide", ["multiply", "r", ["sqrt", ["subtract", 1, ["power", "beta2", "t"]]]], ["add", ["sqrt", "v"], "eps"]], 1]]]], "{theta} − {(lr}·{(m_hat}·({(r}·√(1 − {(beta2}{^t})/(√{(v} + {eps}) if {rho_t} > 5, else 1)", "{theta} − {(lr}·{(m_hat}·({(r}·√(1 − {(beta2}{^t})/(√{(v} + {eps}) if {rho_t} > 5, else 1)"]]},
  "adamax": {"title": "Adamax", "defaults": {"beta1": 0.9, "beta2": 0.999, "eps": 1e-08}, "symbols": {"beta1": "β₁", "beta2": "β₂", "eps": "ε", "lr": "η", "theta": "θ"}, "memory": {"m": 0, "u": 0}, "update": [["m", ["add", ["multiply", "beta1", "m"], ["multiply", ["subtract", 1, "beta1"], "g"]], "{(beta1}·{(m} + (1 − {(beta1})·{(g}", "(1 − {(beta1})·{(g}"], ["u", ["max", ["multiply", "beta2", "u"], ["add", ["abs", "g"], "eps"]], "max({(beta2}·{(u}, |{g}| + {eps})", "max(0, |{g}| + {eps})"], ["theta", ["subtract", "theta", ["multiply", ["divide", "lr", ["subtract", 1, ["power", "beta1", "t"]]], ["divide", "m", "u"]]], "{theta} − {(lr}/(1 − {(beta1}{^t})·{(m}/{(u}", "{theta} − {(lr}/(1 − {(beta1}{^t})·{(m}/{(u}"]]},
  "lion": {"title": "Lion", "defaults": {"beta1": 0.9, "beta2": 0.99, "weight_decay": 0}, "symbols": {"beta1": "β₁", "beta2": "β₂", "lr": "η", "theta": "θ", "weight_decay": "λ"}, "memory": {"m": 0}, "update": [["theta", ["subtract", "theta", ["multiply", "lr", ["add", ["sign", ["add", ["multiply", "beta1", "m"], ["multiply", ["subtract", 1, "beta1"], "g"]]], ["multiply", "weight_decay", "theta"]]]], "{theta} − {(lr}·(sign({(beta1}·{(m} + (1 − {(beta1})·{(g}) + {(weight_decay}·{(theta})", "{theta} − {(lr}·(sign((1 − {(beta1})·{(g}) + {(weight_decay}·{(theta})"], ["m", ["add", ["multiply", "beta2", "m"], ["multiply", ["subtract", 1, "beta2"], "g"]], "{(beta2}·{(m} + (1 − {(beta2})·{(g}", "(1 − {(beta2})·{(g}"]]},
  "rprop": {"title": "Rprop", "defaults": {"shrink": 0.5, "grow": 1.2, "smallest": 1e-06, "largest": 50}, "symbols": {"g_before": "g′", "grow": "η₊", "largest": "sₘₐₓ", "lr": "η", "shrink": "η₋", "sign": "σ", "smallest": "sₘᵢₙ", "theta": "θ"}, "memory": {"g_before": 0, "s": "lr"}, "update": [["sign", ["sign", ["multiply", "g", "g_before"]], "sign({(g}·{(g_before})", "0"], ["g", ["where", ["less", "sign", 0], 0, "g"], "0 if {sign} < 0, else {g}", "0 if {sign} < 0, else {g}"], ["g_before", "g", "{g}", "{g}"], ["f", ["where", ["greater", "sign", 0], "grow", ["where", ["less", "sign", 0], "shrink", 1]], "{grow} if {sign} > 0, else {shrink} if {sign} < 0, else 1", "{grow} if {sign} > 0, else {shrink} if {sign} < 0, else 1"], ["s", ["clip", ["multiply", "s", "f"], "smallest", "largest"], "clip({(s}·{(f}, {smallest}, {largest})", "clip({(lr}·{(f}, {smallest}, {largest})"], ["theta", ["subtract", "theta", ["multiply", "s", ["sign", "g"]]], "{theta} − {(s}·sign({g})", "{theta} − {(s}·sign({g})"]]},
  "normalized": {"title": "Normalized gradient descent", "defaults": {"eps": 1e-12}, "symbols": {"eps": "ε", "lr": "η", "theta": "θ"}, "memory": {}, "update": [["theta", ["subtract", "theta", ["multiply", "lr", ["divide", "g", ["max", ["norm", "g"], "eps"]]]], "{theta} − {(lr}·{(g}/max(‖{g}‖, {eps})", "{theta} − {(lr}·{(g}/max(‖{g}‖, {eps})"]]},
  "sign": {"title": "Sign descent", "defaults": {}, "symbols": {"lr": "η", "theta": "θ"}, "memory": {}, "update": [["theta", ["subtract", "theta", ["multiply", "lr", ["sign", "g"]]], "{theta} − {(lr}·sign({g})", "{theta} − {(lr}·sign({g})"]]},
};

export const STRINGS = {
  "converged": "converged at step {step} to loss {loss} at {point}",
  "boundary": "converged at step {step} to loss {loss} at {point}, on the boundary",
  "box": "was stuck at the edge of its box from step {step}, at loss {loss}",
  "flat": "was stuck where the loss is flat from step {step}, at loss {loss}",
  "saddle": "was stuck at a saddle from step {step}, at loss {loss}",
  "maximum": "was stuck at a maximum from step {step}, at loss {loss}",
  "periodic": "oscillated with period {period} from step {step} and ended at loss {loss}",
  "irregular": "oscillated irregularly from step {step} and ended at loss {loss}",
  "undefined": "left the domain of the loss at step {step}",
  "diverged": "diverged at step {step}",
  "slow": "was still on its way at step {step}, at loss {loss}",
  "held": "{outcome} (first held by the box at step {step})",
  "play": "Play",
  "pause": "Pause",
  "back": "One step back",
  "forward": "One step forward",
  "step": "Step",
  "stepOf": "Step {step} of {steps}, loss {loss}",
  "rate": "Learning rate η",
  "exact": "Learning rate, exactly",
  "stable": "stable up to {rate}",
  "optimizer": "Optimizer",
  "reset": "Reset",
  "more": "More…",
  "run": "Run",
  "steps": "Steps",
  "startOf": "Start {name}",
  "linked": "Same start and optimizer for all",
  "add": "Add a run",
  "remove": "Remove this run",
  "from": "from {point}",
  "view": "View",
  "turn": "Turn",
  "tilt": "Tilt",
  "zoom": "Zoom",
  "degrees": "{value} degrees",
  "times": "{value} times",
  "why": "See why",
  "arrows": "Arrows at this step",
  "rule": "The update after this step",
  "none": "The run ends here.",
  "basins": "Where each start ends",
  "share": "{end}: {share} %",
  "to": "to {point}",
  "unsettled": "to no single point",
  "lost": "diverged",
  "start": "Start",
  "end": "End",
  "table": "Table of steps",
  "loss": "Loss",
  "slope": "Gradient norm",
  "earlier": "Earlier",
  "later": "Later",
  "take": "Take it away",
  "link": "Copy a link",
  "directive": "Copy as a directive",
  "python": "Copy as Python",
  "csv": "Copy as CSV",
  "file": "Save CSV",
  "png": "Save PNG",
  "svg": "Save SVG",
  "copied": "Copied.",
  "copyThis": "Copy this:",
  "it": "{run}: it {outcome}.",
  "one": "It {outcome}.",
  "tasks": "Try",
  "predict": "Where will it end? Click a place in the contours, or write it here:",
  "reveal": "Reveal",
  "off": "{distance} off your guess. It {outcome}.",
  "canvas": "{title}: {loss}",
  "lossCurve": "Loss against step",
  "rateName": "Learning rate",
  "named": "Learning rate {rate}",
  "all": "All runs",
};

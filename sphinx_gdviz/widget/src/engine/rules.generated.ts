// Written by `python -m sphinx_gdviz.widget.generate`; do not edit.
import { rulesOf } from "./shorthand.ts";

export const RULES = rulesOf({
  gd: [
    "Gradient descent",
    {},
    {},
    "theta=- theta * lr g",
  ],
  momentum: [
    "Momentum",
    {"momentum": 0.9, "dampening": 0},
    {"b": 0},
    "b=+ * momentum b * - 1 dampening g;theta=- theta * lr b",
    "b=g;theta=- theta * lr g",
  ],
  nesterov: [
    "Nesterov",
    {"momentum": 0.9},
    {"b": 0},
    "b=+ * momentum b g;theta=- theta * lr + g * momentum b",
  ],
  adagrad: [
    "AdaGrad",
    {"eps": 1e-10},
    {"s": 0},
    "s=+ s square( g;theta=- theta * lr / g + sqrt( s eps",
  ],
  rmsprop: [
    "RMSprop",
    {"alpha": 0.99, "eps": 1e-08},
    {"v": 0},
    "v=+ * alpha v * - 1 alpha square( g;theta=- theta * lr / g + sqrt( v eps",
  ],
  adadelta: [
    "Adadelta",
    {"rho": 0.9, "eps": 1e-06},
    {"v": 0, "u": 0},
    "v=+ * rho v * - 1 rho square( g;delta=* / sqrt( + u eps sqrt( + v eps g;u=+ * rho u * * - 1 rho delta delta;theta=- theta * lr delta",
  ],
  adam: [
    "Adam",
    {"beta1": 0.9, "beta2": 0.999, "eps": 1e-08},
    {"m": 0, "v": 0},
    "m=+ * beta1 m * - 1 beta1 g;v=+ * beta2 v * - 1 beta2 square( g;m_hat=/ m - 1 ^ beta1 t;v_hat=/ v - 1 ^ beta2 t;theta=- theta * lr / m_hat + sqrt( v_hat eps",
  ],
  amsgrad: [
    "AMSGrad",
    {"beta1": 0.9, "beta2": 0.999, "eps": 1e-08},
    {"m": 0, "v": 0, "v_max": 0},
    "m=+ * beta1 m * - 1 beta1 g;v=+ * beta2 v * - 1 beta2 square( g;v_max=maximum( v_max v;m_hat=/ m - 1 ^ beta1 t;v_hat=/ v_max - 1 ^ beta2 t;theta=- theta * lr / m_hat + sqrt( v_hat eps",
  ],
  adamw: [
    "AdamW",
    {"beta1": 0.9, "beta2": 0.999, "eps": 1e-08, "weight_decay": 0.01},
    {"m": 0, "v": 0},
    "m=+ * beta1 m * - 1 beta1 g;v=+ * beta2 v * - 1 beta2 square( g;decayed=* theta - 1 * lr weight_decay;m_hat=/ m - 1 ^ beta1 t;v_hat=/ v - 1 ^ beta2 t;theta=- decayed * lr / m_hat + sqrt( v_hat eps",
  ],
  nadam: [
    "NAdam",
    {"beta1": 0.9, "beta2": 0.999, "eps": 1e-08, "momentum_decay": 0.004},
    {"m": 0, "v": 0, "product": 1},
    "m=+ * beta1 m * - 1 beta1 g;v=+ * beta2 v * - 1 beta2 square( g;mu=* beta1 - 1 * 0.5 ^ 0.96 * t momentum_decay;product=* product mu;mu_next=* beta1 - 1 * 0.5 ^ 0.96 * + t 1 momentum_decay;m_hat=+ / * mu_next m - 1 * product mu_next / * - 1 mu g - 1 product;v_hat=/ v - 1 ^ beta2 t;theta=- theta * lr / m_hat + sqrt( v_hat eps",
  ],
  radam: [
    "RAdam",
    {"beta1": 0.9, "beta2": 0.999, "eps": 1e-08},
    {"m": 0, "v": 0},
    "m=+ * beta1 m * - 1 beta1 g;v=+ * beta2 v * - 1 beta2 square( g;m_hat=/ m - 1 ^ beta1 t;rho_max=- / 2 - 1 beta2 1;rho=- rho_max / * * 2 t - 1 - 1 ^ beta2 t - 1 ^ beta2 t;r=sqrt( maximum( / * * - rho 4 - rho 2 rho_max * * - rho_max 4 - rho_max 2 rho 0;theta=- theta * lr * m_hat where( greater( rho 5 / * r sqrt( - 1 ^ beta2 t + sqrt( v eps 1",
  ],
  adamax: [
    "Adamax",
    {"beta1": 0.9, "beta2": 0.999, "eps": 1e-08},
    {"m": 0, "u": 0},
    "m=+ * beta1 m * - 1 beta1 g;u=maximum( * beta2 u + abs( g eps;theta=- theta * / lr - 1 ^ beta1 t / m u",
  ],
  lion: [
    "Lion",
    {"beta1": 0.9, "beta2": 0.99, "weight_decay": 0},
    {"m": 0},
    "theta=- theta * lr + sign( + * beta1 m * - 1 beta1 g * weight_decay theta;m=+ * beta2 m * - 1 beta2 g",
  ],
  rprop: [
    "Rprop",
    {"shrink": 0.5, "grow": 1.2, "smallest": 1e-06, "largest": 50},
    {"g_before": 0, "s": "lr"},
    "sign=sign( * g g_before;g=where( less( sign 0 0 g;g_before=g;f=where( greater( sign 0 grow where( less( sign 0 shrink 1;s=clip( * s f smallest largest;theta=- theta * s sign( g",
  ],
});

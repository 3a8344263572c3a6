import assert from "node:assert/strict";
import { test } from "node:test";
import { RULES } from "../../src/generated.ts";
import { updater } from "../../src/engine/rule.ts";
import { withNumbers, withSymbols } from "../../src/figure/rule.ts";

/** Every rule in its second update and later, as a reader sees it. */
const WRITTEN: Record<string, readonly string[]> = {
  gd: [
    "θ ← θ − η·g",
  ],
  momentum: [
    "b ← μ·b + (1 − τ)·g",
    "θ ← θ − η·b",
  ],
  nesterov: [
    "b ← μ·b + g",
    "θ ← θ − η·(g + μ·b)",
  ],
  adagrad: [
    "s ← s + g²",
    "θ ← θ − η·g/(√s + ε)",
  ],
  rmsprop: [
    "v ← α·v + (1 − α)·g²",
    "θ ← θ − η·g/(√v + ε)",
  ],
  adadelta: [
    "v ← ρ·v + (1 − ρ)·g²",
    "Δ ← √(u + ε)/√(v + ε)·g",
    "u ← ρ·u + (1 − ρ)·Δ·Δ",
    "θ ← θ − η·Δ",
  ],
  adam: [
    "m ← β₁·m + (1 − β₁)·g",
    "v ← β₂·v + (1 − β₂)·g²",
    "m̂ ← m/(1 − β₁ᵗ)",
    "v̂ ← v/(1 − β₂ᵗ)",
    "θ ← θ − η·m̂/(√v̂ + ε)",
  ],
  amsgrad: [
    "m ← β₁·m + (1 − β₁)·g",
    "v ← β₂·v + (1 − β₂)·g²",
    "v̄ ← max(v̄, v)",
    "m̂ ← m/(1 − β₁ᵗ)",
    "v̂ ← v̄/(1 − β₂ᵗ)",
    "θ ← θ − η·m̂/(√v̂ + ε)",
  ],
  adamw: [
    "m ← β₁·m + (1 − β₁)·g",
    "v ← β₂·v + (1 − β₂)·g²",
    "θ̃ ← θ·(1 − η·λ)",
    "m̂ ← m/(1 − β₁ᵗ)",
    "v̂ ← v/(1 − β₂ᵗ)",
    "θ ← θ̃ − η·m̂/(√v̂ + ε)",
  ],
  nadam: [
    "m ← β₁·m + (1 − β₁)·g",
    "v ← β₂·v + (1 − β₂)·g²",
    "μₜ ← β₁·(1 − 0.5·0.96^(t·ψ))",
    "P ← P·μₜ",
    "μₜ₊₁ ← β₁·(1 − 0.5·0.96^((t + 1)·ψ))",
    "m̂ ← μₜ₊₁·m/(1 − P·μₜ₊₁) + (1 − μₜ)·g/(1 − P)",
    "v̂ ← v/(1 − β₂ᵗ)",
    "θ ← θ − η·m̂/(√v̂ + ε)",
  ],
  radam: [
    "m ← β₁·m + (1 − β₁)·g",
    "v ← β₂·v + (1 − β₂)·g²",
    "m̂ ← m/(1 − β₁ᵗ)",
    "ρ∞ ← 2/(1 − β₂) − 1",
    "ρₜ ← ρ∞ − 2·t·(1 − (1 − β₂ᵗ))/(1 − β₂ᵗ)",
    "rₜ ← √max((ρₜ − 4)·(ρₜ − 2)·ρ∞/((ρ∞ − 4)·(ρ∞ − 2)·ρₜ), 0)",
    "θ ← θ − η·m̂·(rₜ·√(1 − β₂ᵗ)/(√v + ε) if ρₜ > 5, else 1)",
  ],
  adamax: [
    "m ← β₁·m + (1 − β₁)·g",
    "u ← max(β₂·u, |g| + ε)",
    "θ ← θ − η/(1 − β₁ᵗ)·m/u",
  ],
  lion: [
    "θ ← θ − η·(sign(β₁·m + (1 − β₁)·g) + λ·θ)",
    "m ← β₂·m + (1 − β₂)·g",
  ],
  rprop: [
    "σ ← sign(g·g′)",
    "g ← 0 if σ < 0, else g",
    "g′ ← g",
    "f ← η₊ if σ > 0, else η₋ if σ < 0, else 1",
    "s ← clip(s·f, sₘᵢₙ, sₘₐₓ)",
    "θ ← θ − s·sign(g)",
  ],
  normalized: ["θ ← θ − η·g/max(‖g‖, ε)"],
  sign: ["θ ← θ − η·sign(g)"],
};

test("rules are written with their symbols", () => {
  const written = Object.entries(RULES).map(([name, rule]) => [name, withSymbols(rule, false)]);
  assert.deepEqual(Object.fromEntries(written), WRITTEN);
});

test("the first update is written without the memory before it", () => {
  assert.deepEqual(withSymbols(RULES["momentum"]!, true), ["b ← g", "θ ← θ − η·b"]);
  assert.deepEqual(withSymbols(RULES["rprop"]!, true), [
    "σ ← 0",
    "g ← 0 if σ < 0, else g",
    "g′ ← g",
    "f ← η₊ if σ > 0, else η₋ if σ < 0, else 1",
    "s ← clip(η·f, sₘᵢₙ, sₘₐₓ)",
    "θ ← θ − s·sign(g)",
  ]);
});

test("a rule with its numbers", () => {
  const before = {
    theta: Float64Array.of(1, -2),
    g: Float64Array.of(0.5, 4),
    lr: Float64Array.of(0.1),
    t: Float64Array.of(1),
  };
  const after = Object.fromEntries(
    Object.entries(before).map(([name, value]) => [name, value.slice()]),
  );
  updater(RULES["gd"]!)(after);
  assert.deepEqual(withNumbers(RULES["gd"]!, before, after), [
    "(0.950, −2.400) ← (1.000, −2.000) − 0.1·(0.500, 4.000)",
  ]);
});

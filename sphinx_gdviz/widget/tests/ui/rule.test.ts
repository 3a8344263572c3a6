import assert from "node:assert/strict";
import { test } from "node:test";
import { RULES } from "../../src/engine/rules.generated.ts";
import { updater } from "../../src/engine/rule.ts";
import { withNumbers, withSymbols } from "../../src/ui/rule.ts";

test("rules are written as Python writes them", () => {
  for (const [name, rule] of Object.entries(RULES))
    assert.deepEqual(withSymbols(rule, false), rule.text, name);
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

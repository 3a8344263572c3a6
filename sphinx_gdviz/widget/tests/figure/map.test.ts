import assert from "node:assert/strict";
import { test } from "node:test";
import { shareOn, valueOf, valueOn, withValue } from "../../src/figure/map.ts";
import { printed } from "../../src/figure/store.ts";
import { figureData } from "./data.ts";

const RATES = { name: "lr", low: 0.01, high: 1, log: true };
const STARTS = { name: "y", low: -2, high: 2, log: false };

test("places on an axis and values are each other's inverse, in three digits", () => {
  assert.equal(valueOn(RATES, 0), 0.01);
  assert.equal(valueOn(RATES, 0.5), 0.1);
  assert.equal(valueOn(RATES, 1), 1);
  assert.equal(valueOn(RATES, 0.3), 0.0398);
  assert.equal(valueOn(STARTS, 0.25), -1);
  assert.equal(valueOn(STARTS, 1 / 3), -0.67);
  for (const axis of [RATES, STARTS])
    for (const share of [0, 0.2, 0.7, 1])
      assert.ok(Math.abs(shareOn(axis, valueOn(axis, share)) - share) < 5e-3);
});

test("a place outside of an axis means its end", () => {
  assert.equal(valueOn(STARTS, -3), -2);
  assert.equal(valueOn(RATES, 7), 1);
});

test("a run takes what a map changes, and keeps the rest", () => {
  const run = printed(figureData()).runs[0]!;
  assert.equal(valueOf(run, "momentum", { momentum: 0.9 }), 0.9);
  const changed = withValue(withValue(withValue(run, "lr", 0.3), "y", -1), "momentum", 0.5);
  assert.deepEqual(
    [changed.lr, changed.start, changed.settings, changed.rule],
    [0.3, [1.5, -1], { momentum: 0.5 }, "gd"],
  );
  assert.equal(valueOf(changed, "y", {}), -1);
  assert.equal(valueOf(changed, "x", {}), 1.5);
  assert.equal(valueOf(changed, "momentum", { momentum: 0.9 }), 0.5);
});

/** Ticks, scales and colours are those of the print; numbers are those that its code gives. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { fieldOf, heightOf, lookUp } from "../../src/chart/field.ts";
import { linear, scaleOf } from "../../src/chart/scale.ts";
import { evenTicks, tickLabel } from "../../src/chart/ticks.ts";

function close(found: readonly number[], expected: readonly number[], within: number): void {
  assert.equal(found.length, expected.length);
  found.forEach((value, i) => {
    assert.ok(Math.abs(value - expected[i]!) <= within, `${value} is not ${expected[i]}`);
  });
}

test("even ticks are round and within the range", () => {
  assert.deepEqual(evenTicks(-2, 2, 5), [-2, -1, 0, 1, 2]);
  assert.deepEqual(evenTicks(0, 8.6, 5), [0, 2, 4, 6, 8]);
  assert.deepEqual(evenTicks(-6, 6, 5), [-5, 0, 5]);
  assert.deepEqual(evenTicks(0, 0.37, 5), [0, 0.1, 0.2, 0.3]);
  assert.deepEqual(evenTicks(-0.001, 0.0042, 5), [0, 0.002, 0.004]);
});

test("long numbers have a power of ten, and all a true minus", () => {
  const numbers = [0, -2, 1000, 1e-4, -1e5, 2.5e7, 0.05];
  const written = ["0", "−2", "1000", "10⁻⁴", "−10⁵", "2.5·10⁷", "0.05"];
  assert.deepEqual(numbers.map(tickLabel), written);
});

test("a scale with a linear threshold is that of the print", () => {
  const scale = scaleOf({ low: 0, high: 3609, linearThreshold: 1.4342560000000009 });
  const found = [0, 1, 100, 3609].map(scale.normalize);
  close(found, [0, 0.0675519304830437, 0.5438384408343006, 1], 1e-9);
  assert.deepEqual(
    scale.ticks(5).sort((a, b) => a - b),
    [0, 10, 100, 1000],
  );
});

test("numbers too small to be divided by are nothing", () => {
  const bent = scaleOf({ low: 0, high: 1, linearThreshold: 5e-324 });
  assert.ok(bent.ticks(5).includes(1));
  const flat = scaleOf({ low: 5e-324, high: 1e-310, linearThreshold: null });
  assert.deepEqual([flat.normalize(1e-311), flat.ticks(5)], [0.5, [0]]);
});

test("a linear scale, and what is not finite on it", () => {
  const scale = linear([0, 4]);
  close([0, 2, 4, 5].map(scale.normalize), [0, 0.5, 1, 1.25], 1e-12);
  assert.ok(Number.isNaN(scale.normalize(Infinity)));
});

test("a flat loss lies in the middle", () => {
  assert.equal(linear([3, 3]).normalize(0), 0.5);
  assert.deepEqual(linear([3, 3]).ticks(5), [3]);
});

test("with its low end for a threshold a scale is the logarithm", () => {
  const scale = scaleOf({ low: 1e-8, high: 1e2, linearThreshold: 1e-8 });
  close([1e-8, 1e-3, 1e2].map(scale.normalize), [0, 0.5, 1], 1e-9);
  assert.ok(scale.ticks(5).every((tick) => Number.isInteger(Math.log10(tick))));
});

test("a logarithm over less than a decade still has ticks", () => {
  assert.ok(scaleOf({ low: 1.2, high: 7, linearThreshold: 1.2 }).ticks(5).length >= 2);
});

test("a field is looked up between the points of its grid", () => {
  const field = fieldOf(
    { x: [0, 1], y: [0, 2], n: 3, z: Float64Array.of(0, 1, 2, 2, 3, 4, 4, 5, NaN) },
    { low: 0, high: 4, linearThreshold: null },
    [],
  );
  assert.equal(lookUp(field, 0.25, 0), 0.125);
  assert.equal(lookUp(field, 0, 0.5), 0.5);
  assert.ok(Number.isNaN(lookUp(field, 0.9, 0.9)));
});

test("heights stay in the box", () => {
  close([-9, 0, 1, 9].map(heightOf), [0, (0.05 / 1.1) * 0.72, (1.05 / 1.1) * 0.72, 0.72], 1e-12);
});

/** Ticks, scales and colours are those of the print; numbers are those that its code gives. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { palette } from "../../src/chart/palette.ts";
import { fieldOf, heightOf, lookUp } from "../../src/chart/field.ts";
import { scaleOf, scaleThrough } from "../../src/chart/scale.ts";
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

const KNEE = 1.4342560000000009;
const LEVELS = Array.from(
  { length: 20 },
  (_, i) => KNEE * Math.expm1(((i + 1) / 21) * Math.log1p(3609 / KNEE)),
);

test("a scale with a knee is found again in its isolines", () => {
  const scale = scaleThrough(LEVELS, KNEE);
  close([0, 1, 100, 3609].map(scale.share), [0, 0.0675519304830437, 0.5438384408343006, 1], 1e-9);
  assert.deepEqual(
    scale.ticks(5).sort((a, b) => a - b),
    [0, 10, 100, 1000],
  );
  close(
    LEVELS.map((level) => scale.share(level) * 21),
    LEVELS.map((_, i) => i + 1),
    1e-8,
  );
});

test("a linear scale is found again in its isolines", () => {
  const scale = scaleThrough([1, 2, 3], null);
  close([0, 2, 4, 5].map(scale.share), [0, 0.5, 1, 1.25], 1e-12);
  assert.ok(Number.isNaN(scale.share(Infinity)));
});

test("a flat loss lies in the middle", () => {
  const scale = scaleThrough([], null);
  assert.equal(scale.share(0), 0.5);
  assert.deepEqual(scaleOf(3, 3, null).ticks(5), [3]);
});

test("with its low end for a knee a scale is the logarithm", () => {
  const scale = scaleOf(1e-8, 1e2, 1e-8);
  close([1e-8, 1e-3, 1e2].map(scale.share), [0, 0.5, 1], 1e-9);
  assert.ok(scale.ticks(5).every((tick) => Number.isInteger(Math.log10(tick))));
});

test("a logarithm over less than a decade still has ticks", () => {
  assert.ok(scaleOf(1.2, 7, 1.2).ticks(5).length >= 2);
});

test("bands have the colours of the print", () => {
  const colours = palette(21);
  assert.equal(colours.length, 63);
  close(colours.slice(0, 3), [86.8, 26.6, 101.1], 1);
  close(colours.slice(21, 24), [67.7, 122.4, 153.3], 3);
  close(colours.slice(60), [253.5, 233.5, 58.5], 1);
});

test("a field is looked up between the points of its grid", () => {
  const field = fieldOf(
    { x: [0, 1], y: [0, 2], n: 3, z: Float64Array.of(0, 1, 2, 2, 3, 4, 4, 5, NaN) },
    [1, 2, 3],
    null,
  );
  assert.equal(field.bands, 4);
  assert.equal(lookUp(field, 0.25, 0), 0.125);
  assert.equal(lookUp(field, 0, 0.5), 0.5);
  assert.ok(Number.isNaN(lookUp(field, 0.9, 0.9)));
});

test("heights stay in the box", () => {
  close([-9, 0, 1, 9].map(heightOf), [0, (0.05 / 1.1) * 0.72, (1.05 / 1.1) * 0.72, 0.72], 1e-12);
});

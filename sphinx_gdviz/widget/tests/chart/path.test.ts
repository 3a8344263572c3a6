/** Paths are cut at the frame, told apart where they are hidden, and found on the contours. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { arrowPoints, Contour } from "../../src/chart/contour.ts";
import { suitsLog } from "../../src/chart/curve.ts";
import { fieldOf } from "../../src/chart/field.ts";
import { layPath, type Locate, type Trace } from "../../src/chart/path.ts";
import { lookOf } from "../../src/chart/theme.ts";
import { START } from "../../src/generated.ts";

/** Four bands. */
const PALETTE = new Array<number>(12).fill(128);
const FRAME = { x: [-1, 1], y: [-1, 1] } as const;
const seen: Locate = (x, y) => [x, y, true];

test("a path inside is one line through its iterates", () => {
  const { lines, places, exits } = layPath([-0.5, 0, 0.5, 0, 0.5, 0.5], 3, FRAME, seen);
  assert.equal(lines[0].length, 0);
  assert.equal(lines[1].length, 1);
  assert.deepEqual(lines[1][0]![0], [-0.5, 0, true]);
  assert.deepEqual(lines[1][0]!.at(-1), [0.5, 0.5, true]);
  assert.deepEqual(places, [
    [-0.5, 0, true],
    [0.5, 0, true],
    [0.5, 0.5, true],
  ]);
  assert.equal(exits.length, 0);
});

test("a path that leaves and comes back is cut at the frame", () => {
  const { lines, places, exits } = layPath([0, 0, 4, 0, 0, 0.5], 3, FRAME, seen);
  assert.equal(lines[1].length, 2);
  assert.ok(Math.abs(lines[1][0]!.at(-1)![0] - 1) < 1e-12);
  assert.ok(Math.abs(lines[1][1]![0]![0] - 1) < 1e-12);
  assert.equal(places[1], undefined);
  assert.equal(exits.length, 1);
});

test("steps that miss the frame, or are far beyond it, are not drawn", () => {
  const { lines, exits } = layPath([0, 0, 1e300, 1e300, -1e300, 1e305, 1e9, 1e9], 4, FRAME, seen);
  assert.equal(lines[1].length, 1);
  assert.equal(exits.length, 1);
  assert.ok(lines[1].flat().every(([x, y]) => Math.abs(x) <= 1.001 && Math.abs(y) <= 1.001));
});

test("steps along the edge, and of no length", () => {
  const { lines, places } = layPath([1, 1, 1, 0, 1, 0], 3, FRAME, seen);
  assert.equal(lines[1].length, 1);
  assert.ok(places.every(Boolean));
});

test("hidden stretches join on to those that are seen, and holes do not", () => {
  const locate: Locate = (x, y) => (x > 0.8 ? undefined : [x, y, x < 0]);
  const { lines } = layPath([-0.5, 0, 1, 0], 2, FRAME, locate);
  assert.equal(lines[1].length, 1);
  assert.equal(lines[0].length, 1);
  assert.deepEqual(lines[0][0]![0], lines[1][0]!.at(-1));
  assert.ok(lines[0][0]!.at(-1)![0] <= 0.8);
});

/** A context that takes everything, and counts the calls of its methods. */
function canvas(): HTMLCanvasElement {
  const context: unknown = new Proxy(
    {},
    {
      get: (target: Record<string, unknown>, name: string) =>
        target[name] ??
        ((word: string) => (name === "measureText" ? { width: 6 * word.length } : undefined)),
      set: (target, name: string, value) => ((target[name] = value), true),
    },
  );
  return { width: 0, height: 0, style: {}, getContext: () => context } as unknown as HTMLCanvasElement;
}

test("pixels of a contour panel and parameters are each other's inverse", () => {
  Object.assign(globalThis, {
    devicePixelRatio: 2,
    document: { createElement: canvas },
    ImageData: class {},
  });
  const contour = new Contour(canvas());
  const z = Float64Array.from({ length: 25 }, (_, i) => i);
  const field = fieldOf({ x: [-1, 3], y: [10, 20], n: 5, z }, { low: 0, high: 24, linearThreshold: null }, PALETTE);
  const trace: Trace = {
    points: [1, 15, 2, 16],
    shown: 2,
    ended: true,
    lost: false,
    look: lookOf(0),
    start: START,
  };
  const theme = { foreground: "#222222", font: "serif", size: 11 };
  const names = ["θ₁", "θ₂", "Loss"] as const;
  contour.draw({ width: 320, height: 300, field, traces: [trace], points: [], theme, names });
  for (const [x, y] of [
    [-1, 10],
    [3, 20],
    [0.3, 17.7],
  ] as const) {
    const [a, b] = contour.toPoint(contour.toPixel([x, y]));
    assert.ok(Math.abs(a - x) < 1e-12 && Math.abs(b - y) < 1e-12);
  }
  assert.deepEqual(contour.toPoint([-50, 1000]), [-1, 10], "held within the frame");
  const [left, top] = contour.toPixel([1, 15]);
  assert.equal(contour.startAt([left + 5, top - 5], [trace]), 0);
  assert.equal(contour.startAt([left + 50, top], [trace]), -1);
});

test("arrows stand evenly within the frame", () => {
  const points = arrowPoints({ x: [0, 13], y: [0, 26] });
  assert.equal(points.length, 2 * 169);
  assert.deepEqual([...points.slice(0, 4)], [0.5, 1, 1.5, 1]);
  assert.deepEqual([...points.slice(-2)], [12.5, 25]);
});

test("a log axis suits values above zero over more than two decades", () => {
  const of = (...values: number[]) => [{ values, first: 0, look: lookOf(0) }];
  assert.equal(suitsLog(of(1000, 10, 1)), true);
  assert.equal(suitsLog(of(5, 2, 1)), false);
  assert.equal(suitsLog(of(1000, 1, -1)), false);
  assert.equal(suitsLog(of(1000, 1, NaN, 5)), true);
  assert.equal(suitsLog(of()), false);
});

test("sixty runs look different", () => {
  const looks = Array.from({ length: 60 }, (_, i) => lookOf(i));
  assert.equal(
    new Set(looks.map((look) => JSON.stringify([look.colour, look.dashes, look.shape]))).size,
    60,
  );
});

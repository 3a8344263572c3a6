/** The camera is that of the print, and what a hill hides is hidden. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { depthOf, project, viewOf } from "../../src/chart/camera.ts";
import { fieldOf, heightOf, lookUp } from "../../src/chart/field.ts";
import { paint, buffersFor } from "../../src/chart/raster.ts";
import { HEIGHT, ISOLINE } from "../../src/generated.ts";
import { makeRelief } from "../../src/chart/relief.ts";

/** Camera, a point of the box, and where `draw/views/surface/camera.py` puts it: across, up, and depth. */
const PLACES = [
  [-60, 40, [0.3, -0.2, 0.5], [0.15980762113533153, 0.17527000026122425, -0.32320508075688775]],
  [120, 25, [-0.5, 0.5, 0.72], [0.18301270189221946, 0.36388796584587974, -0.6830127018922192]],
  [200, 80, [0.1, 0.4, 0], [-0.34167503398179655, 0.22727129337321839, 0.23077731940885832]],
] as const;

test("points are projected as in the print", () => {
  for (const [azimuth, elevation, [x, y, z], [across, up, depth]] of PLACES) {
    const view = viewOf({ azimuth, elevation, zoom: 1 }, 100, 7, 300);
    const middle = (HEIGHT / 2) * view.ce;
    const [left, top] = project(view, x, y, z);
    assert.ok(Math.abs((left - 7) / 100 - across) < 1e-12);
    assert.ok(Math.abs((300 - top) / 100 - (up - middle)) < 1e-12);
    assert.ok(Math.abs(depthOf(view, x, y) - depth) < 1e-12);
  }
});

const N = 101;

function hill(z: (x: number, y: number) => number) {
  const heights = Float64Array.from({ length: N * N }, (_, i) =>
    z(((i % N) / (N - 1)) * 2 - 1, (Math.floor(i / N) / (N - 1)) * 2 - 1),
  );
  return fieldOf({ x: [-1, 1], y: [-1, 1], n: N, z: heights }, { low: 0, high: 1, linearThreshold: null }, []);
}

/** Seen from the side of negative y. */
const FRONT = viewOf({ azimuth: -90, elevation: 20, zoom: 1 }, 150, 120, 100);
const [WIDTH, ROWS] = [240, 200];

test("what is behind a hill is hidden, its near side and its top are seen", () => {
  const field = hill((x, y) => Math.exp(-12 * (x * x + y * y)));
  const sees = makeRelief()(field, FRONT, WIDTH, ROWS);
  const at = (x: number, y: number) => sees(x, y, lookUp(field, x + 0.5, y + 0.5));
  assert.equal(at(0, -0.4), true);
  assert.equal(at(0, -0.1), true);
  assert.equal(at(0, 0), true);
  assert.equal(at(0, 0.15), false);
  assert.equal(at(0, 0.3), false);
  assert.equal(at(0.45, 0.3), true, "beside the hill");
});

test("points are hidden that the surface rises before, and no others", () => {
  const field = hill((x, y) => 0.5 + 0.5 * Math.sin(4 * x) * Math.cos(5 * y));
  const heightAt = (x: number, y: number) => heightOf(lookUp(field, x + 0.5, y + 0.5));
  for (const azimuth of [-90, -60, 30]) {
    const view = viewOf({ azimuth, elevation: 25, zoom: 1 }, 150, 120, 100);
    const sees = makeRelief()(field, view, WIDTH, ROWS);
    let wrong = 0;
    for (let i = 0; i < 900; i++) {
      const [x, y] = [((i % 30) + 0.5) / 30 - 0.5, (Math.floor(i / 30) + 0.5) / 30 - 0.5];
      const height = heightAt(x, y);
      let isHidden = false;
      for (let step = 0.004; step < 1.5; step += 0.002) {
        const [a, b] = [x + view.c * step, y + view.s * step];
        if (Math.max(Math.abs(a), Math.abs(b)) > 0.5) break;
        isHidden ||= (heightAt(a, b) - height) * view.ce > step * view.se + 1e-3;
      }
      if (sees(x, y, lookUp(field, x + 0.5, y + 0.5)) === isHidden) wrong++;
    }
    assert.ok(wrong <= 9, `${wrong} of 900 from ${azimuth}°`);
  }
});

test("a pixel of the near slope holds the share of the point that is seen there", () => {
  const field = hill((x, y) => (x * 0 + y + 1) / 2);
  makeRelief()(field, FRONT, WIDTH, ROWS);
  const { shares } = buffersFor(WIDTH * ROWS);
  for (const y of [-0.4, 0, 0.3]) {
    const share = lookUp(field, 0.5, y + 0.5);
    const [left, top] = project(FRONT, 0, y, heightOf(share));
    const found = shares[Math.floor(top) * WIDTH + Math.floor(left)]!;
    assert.ok(Math.abs(found - share) < 0.01, `${found} is not ${share}`);
  }
});

test("a hole stays open, and has no wall around it", () => {
  const field = hill((x, y) => (Math.hypot(x, y) < 0.5 ? NaN : 0.5));
  const top = viewOf({ azimuth: -90, elevation: 90, zoom: 1 }, 150, 120, 100);
  makeRelief()(field, top, WIDTH, ROWS);
  const { shares } = buffersFor(WIDTH * ROWS);
  assert.ok(Number.isNaN(shares[100 * WIDTH + 120]!));
  assert.ok(Math.abs(shares[100 * WIDTH + 60]! - 0.5) < 1e-6);
  assert.ok(Number.isNaN(shares[100 * WIDTH + 20]!), "beside the box");
});

test("buffers are used again", () => {
  const field = hill((x, y) => x * x + y * y);
  const render = makeRelief();
  render(field, FRONT, WIDTH, ROWS);
  const before = buffersFor(WIDTH * ROWS).shares;
  render(field, FRONT, WIDTH, ROWS);
  assert.equal(buffersFor(WIDTH * ROWS).shares, before);
});

test("a pixel has the colour of its band, and lines lie between bands", () => {
  const width = 40;
  const { shares, lights } = buffersFor(width * 3);
  for (let i = 0; i < width * 3; i++) shares[i] = (i % width) / width;
  lights.fill(1);
  const colours = [10, 0, 0, 50, 0, 0, 90, 0, 0, 130, 0, 0];
  const bytes = paint(width, 3, 4, colours, ISOLINE, 1);
  const red = (column: number) => bytes[4 * (width + column)]!;
  assert.deepEqual([5, 15, 25, 35].map(red), [10, 50, 90, 130]);
  assert.ok(red(10) > 100 && red(20) > 100 && red(30) > 100);
  assert.equal(bytes[4 * width + 3], 255);
  shares[width + 5] = NaN;
  assert.equal(paint(width, 3, 4, colours, ISOLINE, 1)[4 * (width + 5) + 3], 0);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { limitOf, placeFrom, placeOf, PLACES, rateAt } from "../../src/figure/rates.ts";

test("places are 1, 2 and 5 times the powers of ten, written as one would", () => {
  const rates = Array.from({ length: PLACES[1] - PLACES[0] + 1 }, (_, i) => rateAt(PLACES[0] + i));
  assert.equal(rates[0], 0.00001);
  assert.deepEqual(rates.slice(-7), [0.1, 0.2, 0.5, 1, 2, 5, 10]);
});

test("a rate's place is where the slider would be, and between others rises", () => {
  for (let place = PLACES[0]; place <= PLACES[1]; place++) {
    assert.ok(Math.abs(placeOf(rateAt(place)) - place) < 1e-12);
  }
  assert.ok(placeOf(0.3) > placeOf(0.2) && placeOf(0.3) < placeOf(0.5));
});

test("from a rate between two on the list each arrow key comes to a neighbour", () => {
  const press = (rate: number, by: number) =>
    rateAt(placeFrom(rate, Math.round(placeOf(rate)) + by));
  assert.equal(press(0.337, 1), 0.5);
  assert.equal(press(0.337, -1), 0.2);
  assert.equal(press(0.21, 1), 0.5);
  assert.equal(press(0.21, -1), 0.2);
  assert.equal(press(0.2, 1), 0.5);
  assert.equal(press(0.2, -1), 0.1);
});

test("a limit is told only where the theory has one", () => {
  assert.equal(limitOf("gd", {}, 0.3), 0.3);
  assert.ok(Math.abs(limitOf("momentum", { momentum: 0.5 }, 0.3) - 0.45) < 1e-12);
  assert.equal(limitOf("adam", {}, 0.3), 0);
});

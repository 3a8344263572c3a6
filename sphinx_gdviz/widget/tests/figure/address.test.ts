import assert from "node:assert/strict";
import { test } from "node:test";
import { RULES } from "../../src/generated.ts";
import { fromAddress, toAddress } from "../../src/figure/address.ts";
import { printed, type State } from "../../src/figure/store.ts";
import { figureData, twoRates } from "./data.ts";

const data = figureData();
const read = (address: string, of = data) => fromAddress(address, "fig-x", of, RULES);
const there = (state: State, of = data) => read(`#${toAddress("fig-x", state, of)}`, of);

test("the printed figure has its name for an address", () => {
  assert.equal(toAddress("fig-x", printed(data), data), "fig-x");
  assert.equal(read("#fig-x"), undefined);
  assert.equal(read("#fig-xy:lr=1"), undefined);
});

test("a state comes back from its address, to the last digit", () => {
  const usual = printed(data);
  const state: State = {
    ...usual,
    steps: 80,
    step: 12,
    camera: { azimuth: -12.5, elevation: 20, zoom: 1.5 },
    arrows: true,
    basins: true,
    runs: [
      { ...usual.runs[0]!, lr: 0.1 + 0.2, start: [-0, 1e-7] },
      {
        rule: "adam",
        settings: { beta1: 0.8, eps: 1e-7 },
        lr: 3e-5,
        start: [1 / 3, -2],
        origin: -1,
      },
    ],
  };
  assert.deepEqual(there(state), {
    ...state,
    runs: [{ ...state.runs[0]!, start: [0, 1e-7] }, state.runs[1]],
  });
});

test("only what differs is written", () => {
  const usual = printed(data);
  const state = { ...usual, runs: [{ ...usual.runs[0]!, lr: 0.3, start: [1.2, -0.5] as const }] };
  assert.equal(toAddress("fig-x", state, data), "fig-x:lr=0.3,start=1.2;-0.5");
  const turned = { ...usual, camera: { ...usual.camera, azimuth: -0.123456 } };
  assert.equal(toAddress("fig-x", turned, data), "fig-x:turn=-0.1235");
});

test("runs that are taken away stay away, whichever they are", () => {
  const rates = twoRates();
  const [first, second] = printed(rates).runs;
  for (const kept of [[first!], [second!]]) {
    assert.deepEqual(there({ ...printed(rates), runs: kept }, rates)!.runs, kept);
  }
  const several = [second!, { ...first!, origin: -1 }];
  assert.deepEqual(there({ ...printed(rates), runs: several }, rates)!.runs, several);
});

test("a step at the end is the last step, whatever the steps are", () => {
  const state = { ...printed(data), steps: 20, step: 20 };
  assert.equal(toAddress("fig-x", state, data), "fig-x:steps=20");
  assert.equal(read("#fig-x:steps=20")!.step, 20);
});

test("an address that went through a mail program is understood", () => {
  assert.deepEqual(read("#fig-x:lr=0.3%2Cstart=1%3B2")!.runs[0]!.start, [1, 2]);
});

test("settings are those that the build takes", () => {
  const settings = (text: string) => read(`#fig-x:rule=${text}`)!.runs[0]!.settings;
  assert.deepEqual(settings("momentum(momentum=1.9;dampening=1)"), { dampening: 1 });
  assert.deepEqual(settings("momentum(momentum=0)"), { momentum: 0 });
  assert.deepEqual(settings("adam(beta1=-0.1;beta2=1;eps=1e-7)"), { eps: 1e-7 });
  assert.deepEqual(settings("rprop(shrink=0;grow=1;smallest=1e-3)"), { smallest: 1e-3 });
  assert.deepEqual(settings("adam(eps=1e999)"), {});
  const rules = { mine: { ...RULES["momentum"]!, title: "Mine" } };
  const own = fromAddress("#fig-x:rule=mine(momentum=1.9)", "fig-x", data, rules);
  assert.deepEqual(own!.runs[0]!.settings, { momentum: 1.9 });
});

test("what makes no sense is passed over", () => {
  for (const text of [
    "lr=-1",
    "lr=0",
    "lr=abc",
    "lr=1e999",
    "start=1",
    "start=a;b",
    "steps=0",
    "steps=9e9",
    "rule=nothing",
    "rule=constructor",
    "rule=gd(what=1)",
    "zoom=99",
    "=",
    ",,,",
    "step=-1",
    "%",
    "%zz",
  ]) {
    const found = read(`#fig-x:${text}`);
    assert.deepEqual(found, printed(data), text);
  }
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { printed } from "../../src/figure/store.ts";
import { csvText, directiveText, optionsOf, pythonText } from "../../src/figure/directive.ts";
import { figureData, twoRates } from "./data.ts";

const data = figureData();
const usual = printed(data);
const [run] = usual.runs;

test("the printed figure is copied as it was written, under another name", () => {
  assert.equal(
    directiveText(usual, data),
    "```{gdviz-figure}\n:name: fig-bowl-2\n:lr: 0.1\n:expect: slow\n\nA bowl.\n```\n",
  );
});

test("what was changed is written, and what was expected before is not", () => {
  const state = {
    ...usual,
    steps: 80,
    runs: [{ ...run!, lr: 0.3, start: [1, -2] as const, rule: "adam", settings: { beta1: 0.8 } }],
  };
  const [options] = optionsOf(state, data);
  assert.deepEqual(options, {
    name: "fig-bowl",
    lr: "0.3",
    optimizer: "adam(beta1=0.8)",
    start: "1, -2",
    steps: "80",
  });
});

test("a camera that was moved", () => {
  const state = { ...usual, camera: { azimuth: -10.04, elevation: 30, zoom: 2 } };
  assert.equal(optionsOf(state, data)[0]!["camera"], "-10.04, 30");
});

test("a second run is laid over the first", () => {
  const state = { ...usual, runs: [run!, { ...run!, lr: 0.3, origin: -1 }] };
  const [options] = optionsOf(state, data);
  assert.equal(options!["lr"], "0.1, 0.3");
  assert.equal(options!["overlay"], "");
  assert.equal(options!["view"], "surface, contour");
});

test("methods with rates of their own", () => {
  const state = { ...usual, runs: [run!, { ...run!, rule: "adam", lr: 0.3, origin: -1 }] };
  assert.equal(optionsOf(state, data)[0]!["optimizer"], "gd(lr=0.1); adam(lr=0.3)");
});

test("panels for each rate keep their titles only if the rates are theirs", () => {
  const rates = twoRates();
  const state = printed(rates);
  assert.equal(optionsOf({ ...state, steps: 60 }, rates)[0]!["titles"], "Slow; Fast");
  const changed = { ...state, runs: state.runs.map((one, i) => (i ? { ...one, lr: 0.5 } : one)) };
  const [options] = optionsOf(changed, rates);
  assert.equal(options!["titles"], undefined);
  assert.equal(options!["lr"], "0.1, 0.5");
  assert.equal(options!["overlay"], undefined);
});

test("runs that are no product of methods and starts need a figure for each start", () => {
  const state = {
    ...usual,
    runs: [run!, { ...run!, lr: 0.3, start: [0, 1] as const, origin: -1 }],
  };
  const found = optionsOf(state, data);
  assert.deepEqual(
    found.map(({ lr, start }) => [lr, start]),
    [
      ["0.1", "1.5, 1.5"],
      ["0.3", "0, 1"],
    ],
  );
  const text = ".. gdviz-figure::\n   {options}\n\n   A bowl.\n";
  const rst = { ...data, directive: { ...data.directive, text } };
  assert.match(directiveText(state, rst), /^\.\. gdviz-figure::\n   :name: fig-bowl-2\n(   .*\n)*\n   A bowl\.\n/);
  assert.equal(directiveText(state, data).match(/:name: fig-bowl-[23]\n/g)!.length, 2);
});

test("Python gets the options that it knows, as text", () => {
  const flagged = {
    ...data,
    directive: { text: "", options: { overlay: "", class: "wide", loss: '"bowl"' } },
  };
  assert.equal(
    pythonText(usual, flagged),
    'from sphinx_gdviz import Experiment\n\nfigure = Experiment(\n    loss="\\"bowl\\"",\n    overlay=True,\n)\nfigure\n',
  );
});

test("CSV has all digits", () => {
  const path = {
    points: Float64Array.of(0.1 + 0.2, 2, 3, 4),
    losses: Float64Array.of(5, Infinity),
    gradients: Float64Array.of(6, 7, 8, 9),
    verdict: { kind: "slow" as const, step: 1 },
  };
  assert.equal(
    csvText([path], figureData()),
    "run,step,theta1,theta2,loss,gradient1,gradient2\n1,0,0.30000000000000004,2,5,6,7\n1,1,3,4,Infinity,8,9\n",
  );
  const { loss } = figureData();
  const named = figureData({ loss: { ...loss, parameters: ["w", "b0"], symbols: ["w", "b₀"] } });
  assert.match(csvText([path], named), /^run,step,w,b0,loss,/);
});

test("values are quoted where MyST would take them for more than their text", () => {
  const titles = ["#1 of 2", "'quoted'", 'one: "two"', "one #2", "-2, 2", "a:b"];
  const options = Object.fromEntries(titles.map((title, i) => [`o${i}`, title]));
  const written = (text: string) =>
    directiveText(usual, { ...data, directive: { text, options } }).split("\n").slice(1, 7);
  const quoted = ['"#1 of 2"', `"'quoted'"`, '"one: \\"two\\""', '"one #2"', "-2, 2", "a:b"];
  assert.deepEqual(written("```\n{options}"), quoted.map((text, i) => `:o${i}: ${text}`));
  assert.deepEqual(written("\n{options}"), titles.map((text, i) => `:o${i}: ${text}`));
});

/**
 * All that a reader sees in words. A page may hold translations, as JSON in
 * `<script type="application/json" class="gdviz-strings">`: what it leaves out stays English.
 */

import { OUTCOMES } from "../engine/words.ts";

export const STRINGS = {
  ...OUTCOMES,
  play: "Play",
  pause: "Pause",
  back: "One step back",
  forward: "One step forward",
  step: "Step",
  stepOf: "Step {step} of {steps}, loss {loss}",
  rate: "Learning rate η",
  exact: "Learning rate, exactly",
  stable: "stable up to {rate}",
  optimizer: "Optimizer",
  reset: "Reset",
  more: "More…",
  run: "Run",
  steps: "Steps",
  x: "Start θ₁",
  y: "Start θ₂",
  linked: "Same start and optimizer for all",
  add: "Add a run",
  remove: "Remove this run",
  from: "from {point}",
  view: "View",
  turn: "Turn",
  tilt: "Tilt",
  zoom: "Zoom",
  degrees: "{value} degrees",
  times: "{value} times",
  why: "See why",
  arrows: "Arrows at this step",
  rule: "The update after this step",
  none: "The run ends here.",
  basins: "Where each start ends",
  share: "{end}: {share} %",
  to: "to {point}",
  unsettled: "to no single point",
  lost: "diverged",
  start: "Start",
  end: "End",
  table: "Table of steps",
  loss: "Loss",
  slope: "Gradient norm",
  earlier: "Earlier",
  later: "Later",
  take: "Take it away",
  link: "Copy a link",
  directive: "Copy as a directive",
  python: "Copy as Python",
  csv: "Copy as CSV",
  file: "Save CSV",
  png: "Save PNG",
  svg: "Save SVG",
  copied: "Copied.",
  copyThis: "Copy this:",
  it: "{run}: it {outcome}.",
  one: "It {outcome}.",
  tasks: "Try",
  predict: "Where will it end? Click a place in the contours, or write it here:",
  reveal: "Reveal",
  off: "{distance} off your guess. It {outcome}.",
  canvas: "{title}: {loss}",
  lossCurve: "Loss against step",
  rateName: "Learning rate",
  named: "Learning rate {rate}",
  all: "All runs",
};

export type Key = keyof typeof STRINGS;

/** Take over a page's translations. */
export function translate(strings: Partial<Record<Key, string>>): void {
  Object.assign(STRINGS, strings);
}

/** A string, with values for what stands in braces. */
export function say(key: Key, values: Record<string, string | number> = {}): string {
  return STRINGS[key].replace(/\{(\w+)\}/g, (all, name: string) => `${values[name] ?? all}`);
}

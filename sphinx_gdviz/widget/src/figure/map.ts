/** A printed map of many runs: its picture stays, and pointing at a place in it shows that run. */

import { byHand } from "../engine/numbers.ts";
import type { Axis, RunMap } from "../types.ts";
import { clamp, normalize } from "../engine/interval.ts";
import { make } from "./dom.ts";
import type { Part } from "./model.ts";
import { isSame, type RunState, type Store } from "./store.ts";

/** Where a value lies on an axis: 0 at its low end, 1 at its high one. */
export function shareOn({ low, high, log }: Axis, value: number): number {
  return log
    ? normalize([Math.log(low), Math.log(high)], Math.log(value))
    : normalize([low, high], value);
}

/** The value at a place of an axis. */
export function valueOn({ low, high, log }: Axis, share: number): number {
  const part = clamp(share, 0, 1);
  const value = log ? low * (high / low) ** part : low + part * (high - low);
  return clamp(byHand(value, log ? value : high - low), low, high);
}

/** What a run has of a thing that changes: its rate, a coordinate of its start, or a setting. */
export function valueOf(run: RunState, name: string, defaults: Readonly<Record<string, number>>) {
  if (name === "lr") return run.lr;
  const axis = "xy".indexOf(name);
  return axis < 0 ? (run.settings[name] ?? defaults[name]!) : run.start[axis]!;
}

/** A run in which a thing has another value. */
export function withValue(run: RunState, name: string, value: number): RunState {
  if (name === "lr") return { ...run, lr: value };
  if (name === "x") return { ...run, start: [value, run.start[1]] };
  if (name === "y") return { ...run, start: [run.start[0], value] };
  return { ...run, settings: { ...run.settings, [name]: value } };
}

/** Lay what can be pointed at over a picture, which is put into an element of ours. */
export function makeMaps(store: Store, picture: HTMLElement): Part {
  const { data } = store;
  const marks = data.maps.map((map) => makeMark(store, map));
  const element = make("div", { class: "gdviz-map" });
  picture.replaceWith(element);
  element.append(picture, ...marks.map(({ area }) => area));
  return {
    element,
    update({ runs }) {
      marks.forEach(({ mark }, i) => {
        const { run: place, axes } = data.maps[i]!;
        const usual = store.printed.runs[place]!;
        const { defaults } = store.rules[usual.rule]!;
        const value = (run: RunState, { name }: Axis) => valueOf(run, name, defaults);
        /** A run with what the map does not show, and the usual values of what it shows. */
        const rest = (run: RunState) =>
          axes.reduce((run, axis) => withValue(run, axis.name, value(usual, axis)), run);
        const run = runs.map(({ run }) => run).find(({ origin }) => origin === place);
        // One that differs in something else is none of those in the picture.
        const isOne = run && isSame(rest(run), rest(usual)) && store.state.steps === data.steps;
        const shares = isOne ? axes.map((axis) => shareOn(axis, value(run, axis))) : [];
        mark.hidden = !isOne || shares.some((share) => !(share >= 0 && share <= 1));
        const [across, up] = shares;
        mark.style.left = `${100 * (across ?? 0)}%`;
        mark.style.bottom = `${100 * (up ?? 0)}%`;
      });
    },
  };
}

function makeMark(store: Store, { run, axes, place }: RunMap) {
  const mark = make("div", { class: axes[1] ? "gdviz-spot" : "gdviz-line" });
  const area = make("div", { class: "gdviz-area" }, mark);
  const [left, top, width, height] = place.map((share) => `${100 * share}%`);
  Object.assign(area.style, { left, top, width, height });
  let isDown = false;
  const pick = ({ clientX, clientY }: PointerEvent) => {
    const box = area.getBoundingClientRect();
    const shares = [(clientX - box.left) / box.width, 1 - (clientY - box.top) / box.height];
    const picked = axes.reduce(
      (run, axis, i) => withValue(run, axis.name, valueOn(axis, shares[i]!)),
      store.run,
    );
    store.setRun(picked, true);
  };
  if (!store.has("start")) return { area, mark };
  area.addEventListener("pointerdown", (event) => {
    if (event.button || store.isHidden) return;
    const chosen = store.state.runs.findIndex(({ origin }) => origin === run);
    if (chosen < 0) return;
    store.select(chosen);
    isDown = true;
    // A finger may be about to scroll: then only a tap counts.
    if (event.pointerType !== "mouse") return;
    area.setPointerCapture(event.pointerId);
    pick(event);
  });
  area.addEventListener("pointermove", (event) => {
    if (isDown && event.pointerType === "mouse") pick(event);
  });
  area.addEventListener("pointerup", (event) => {
    if (!isDown) return;
    isDown = false;
    pick(event);
    store.notify();
  });
  area.addEventListener("pointercancel", () => (isDown = false));
  return { area, mark };
}

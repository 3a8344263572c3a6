/** The basins of runs, found in the background, and what their colours mean. */

import { basinColor } from "../chart/palette.ts";
import { type Basins, basins as findBasins } from "../engine/basins.ts";
import { spoken, spokenPoint } from "../engine/numbers.ts";
import { BASIN_COLORS, DIVERGED, UNSETTLED } from "../generated.ts";
import { draw, make } from "./dom.ts";
import type { Model, PanelState } from "./model.ts";
import { methodOf, type Store } from "./store.ts";
import { say } from "./strings.ts";

/** Milliseconds for which the search may hold up the page. */
const SLICE = 8;
/** So many basins are explained; their colours repeat after that. */
const MAX_KEYS = 10;

/** What gives the basins of a panel: nothing until they have been found, which it begins. */
export function basinFinder(store: Store, model: Model, element: HTMLElement) {
  const maps = new Map<string, Basins | undefined>();

  const search = (key: string, work: ReturnType<typeof findBasins>) => {
    const end = performance.now() + SLICE;
    for (;;) {
      const { value, done } = work.next();
      if (done) {
        maps.set(key, value);
        element.removeAttribute("aria-busy");
        return store.notify();
      }
      if (performance.now() > end) return setTimeout(search, 0, key, work);
    }
  };

  return ({ view, runs }: PanelState): Basins | undefined => {
    const { state, rules, data, isHidden } = store;
    if (view !== "basins" && (!state.basins || isHidden)) return;
    const run = state.runs[runs[0]!]!;
    const key = `${methodOf(run)} ${state.steps}`;
    if (!maps.has(key)) {
      // Only those that are seen are kept.
      if (maps.size > 8) maps.clear();
      maps.set(key, undefined);
      element.setAttribute("aria-busy", "true");
      setTimeout(search, 0, key, findBasins(model.loss, rules, model.descentOf(run), data.frame));
    }
    return maps.get(key);
  };
}

/** What the colours of basins mean: where starts come to, and how many do. */
export function basinKey(basins: Basins | undefined): HTMLElement[] {
  if (!basins) return [];
  const { labels, destinations } = basins;
  const item = (label: number, end: string) => {
    const share = labels.filter((other) => other === label).length / labels.length;
    if (!share) return [];
    const square = draw("rect", {
      width: 12,
      height: 12,
      fill: BASIN_COLORS[basinColor(label)]!,
      stroke: "currentColor",
    });
    const size = { viewBox: "0 0 12 12", width: 12, height: 12, "aria-hidden": "true" };
    const text = say("share", { end, share: spoken(+(100 * share).toPrecision(3)) });
    return [make("span", {}, draw("svg", size, square), text)];
  };
  return [
    ...destinations
      .slice(0, MAX_KEYS)
      .flatMap(({ point }, label) => item(label, say("to", { point: spokenPoint(point) }))),
    ...item(UNSETTLED, say("unsettled")),
    ...item(DIVERGED, say("lost")),
  ];
}

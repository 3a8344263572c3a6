/** The runs, each with its colour and what it did; and what the marks mean. */

import { type Look, lookOf } from "../chart/theme.ts";
import { START } from "../generated.ts";
import { draw, make } from "./dom.ts";
import type { Part, Scene } from "./model.ts";
import type { Store } from "./store.ts";
import { say } from "./strings.ts";

/** The line and the mark of a run. */
function swatch({ colour, dashes, shape }: Look, hasLine = true): SVGElement {
  const corners = shape.map(([a, b]) => `${4 * a},${4 * b}`).join(" ");
  const line = {
    x1: -14,
    x2: 14,
    stroke: colour,
    "stroke-width": 2,
    "stroke-dasharray": dashes.map((dash) => 2 * dash).join(" "),
  };
  return draw(
    "svg",
    { viewBox: "-14 -6 28 12", width: 28, height: 12, "aria-hidden": "true" },
    ...(hasLine ? [draw("line", line)] : []),
    shape.length
      ? draw("polygon", { points: corners, fill: colour })
      : draw("circle", { r: 4, fill: colour }),
  );
}

export function makeRuns(store: Store): Part {
  const element = make("div", { class: "gdviz-runs" });
  let drawn = "";
  return {
    element,
    update({ runs, isApart }) {
      const { selected, isHidden } = store;
      const texts = runs.map(({ name, outcome }) =>
        isHidden ? name : say("it", { run: name, outcome }),
      );
      const colours = runs.map(({ look }) => look.colour);
      const key = [selected, isApart, isHidden, ...texts, ...colours].join("\n");
      if (key === drawn || (store.isPlaying && drawn)) return;
      drawn = key;
      const hadFocus = element.contains(document.activeElement);
      element.replaceChildren(
        ...(runs.length > 1 ? [list(store, runs, texts)] : []),
        ...(isApart ? [] : [markKey(runs[0]!.look, isHidden)]),
      );
      if (hadFocus) element.querySelector<HTMLElement>(":checked")?.focus();
    },
  };
}

/** The runs, of which one is selected. */
function list(store: Store, runs: Scene["runs"], texts: readonly string[]): HTMLElement {
  const labels = runs.map(({ look }, place) => {
    const input = make("input", {
      type: "radio",
      name: `gdviz-${store.id}`,
      "data-gdviz": "run",
      value: place,
      onchange: () => store.select(place),
    });
    input.checked = place === store.selected;
    const text = make("span", {}, texts[place]!);
    return make("label", { class: "gdviz-run" }, input, swatch(look), text);
  });
  return make(
    "div",
    { class: "gdviz-list", role: "radiogroup", "aria-label": say("run") },
    ...labels,
  );
}

/** What the marks of a run by itself mean. */
function markKey({ colour }: Look, isHidden: boolean): HTMLElement {
  const item = (name: "start" | "end", look: Look) =>
    make("span", {}, swatch(look, false), say(name));
  return make(
    "div",
    { class: "gdviz-key" },
    item("start", { ...lookOf(0), colour: START }),
    ...(isHidden ? [] : [item("end", { ...lookOf(1), colour })]),
  );
}

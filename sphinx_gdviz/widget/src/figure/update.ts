/** Why a run goes where it goes: the update in symbols and in numbers, and the loss so far. */

import { themeOf } from "../chart/theme.ts";
import { make } from "./dom.ts";
import type { Part } from "./model.ts";
import { drawCurves } from "./panels.ts";
import { withNumbers, withSymbols } from "./rule.ts";
import type { Store } from "./store.ts";
import { say } from "./strings.ts";

export function makeUpdate(store: Store): Part {
  const rule = make("div", {
    class: "gdviz-rule",
    dir: "ltr",
    tabindex: 0,
    role: "group",
    "aria-label": say("rule"),
  });
  const hasCurve = store.data.panels.some(({ view }) => view === "loss");
  const canvas = make("canvas", { role: "img", "aria-label": say("lossCurve") });
  const plot = make("div", { class: "gdviz-plot" }, canvas);
  const element = make("div", { class: "gdviz-why" }, rule, ...(hasCurve ? [] : [plot]));
  return {
    element,
    update({ runs, selected, isApart, update }) {
      element.hidden = !store.state.arrows || store.isHidden;
      if (element.hidden) return;
      const lines: HTMLElement[] = [];
      if (update) {
        const made = store.rules[selected.run.rule]!;
        const numbers = withNumbers(made, update.before, update.after);
        withSymbols(made, store.state.step === 0).forEach((text, i) =>
          lines.push(make("div", {}, text), make("div", { class: "gdviz-numbers" }, numbers[i]!)),
        );
      } else lines.push(make("div", {}, say("none")));
      rule.replaceChildren(make("strong", {}, say("rule")), ...lines);
      const width = plot.clientWidth;
      const shown = isApart ? runs : [selected];
      if (!hasCurve && width) drawCurves(store, canvas, width, "loss", shown, themeOf(plot));
    },
  };
}

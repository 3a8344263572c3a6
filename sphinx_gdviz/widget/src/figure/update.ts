/** Why the run goes where it goes: the update in symbols and in numbers, and the loss so far. */

import { updateAt } from "../engine/descent.ts";
import { themeOf } from "../chart/theme.ts";
import { make } from "./dom.ts";
import type { Live, Part } from "./figure.ts";
import { drawCurves } from "./panels.ts";
import { withNumbers, withSymbols } from "./rule.ts";
import { say } from "./strings.ts";

export function makeWhy(live: Live): Part {
  const { data, model } = live;
  const rule = make("div", {
    class: "gdviz-rule",
    dir: "ltr",
    tabindex: 0,
    role: "group",
    "aria-label": say("rule"),
  });
  const hasCurve = data.panels.some(({ view }) => view === "loss");
  const canvas = make("canvas", { role: "img", "aria-label": say("lossCurve") });
  const plot = make("div", { class: "gdviz-plot" }, canvas);
  const element = make("div", { class: "gdviz-why" }, rule, ...(hasCurve ? [] : [plot]));
  return {
    element,
    update(shown) {
      const { state } = live;
      element.hidden = !state.arrows || live.isHidden();
      if (element.hidden) return;
      const one = shown[live.selected]!;
      const lines: HTMLElement[] = [make("strong", {}, say("rule"))];
      if (state.step < one.sound) {
        const { run } = one;
        const made = model.rules[run.rule]!;
        const { before, after } = updateAt(
          model.loss,
          model.rules,
          { ...model.descentOf(run, state), start: run.start },
          state.step + 1,
        );
        const numbers = withNumbers(made, before, after);
        withSymbols(made, state.step === 0).forEach((text, i) =>
          lines.push(make("div", {}, text), make("div", { class: "gdviz-numbers" }, numbers[i]!)),
        );
      } else lines.push(make("div", {}, say("none")));
      rule.replaceChildren(...lines);
      if (!hasCurve && plot.clientWidth)
        drawCurves(
          live,
          canvas,
          plot.clientWidth,
          "loss",
          model.isApart(state) ? shown : [one],
          themeOf(plot),
        );
    },
  };
}

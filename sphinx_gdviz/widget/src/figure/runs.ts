/** The runs, each with its colour and what it did; and what the marks mean. */

import { type Look, lookOf, START } from "../chart/theme.ts";
import { spoken, spokenPoint } from "../engine/numbers.ts";
import { type Basins, DIVERGED, UNSETTLED } from "../engine/basins.ts";
import { BASINS } from "../chart/palette.ts";
import { draw, make } from "./dom.ts";
import type { Live, Part } from "./figure.ts";
import { say } from "./strings.ts";

/** So many basins are explained; their colours repeat after that. */
const MOST = 10;

/** The line and the mark of a run. */
export function swatch({ colour, dashes, shape }: Look, hasLine = true): SVGElement {
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

/** What the colours of basins mean: where starts come to, and how many do. */
export function keyOf(basins: Basins | undefined): HTMLElement[] {
  if (!basins) return [];
  const { labels, destinations } = basins;
  const item = (label: number, text: string) => {
    const share = labels.filter((other) => other === label).length / labels.length;
    const place = 3 * (label < 0 ? 9 - label : label % 10);
    const square = draw("rect", {
      width: 12,
      height: 12,
      fill: `rgb(${BASINS.slice(place, place + 3).join()})`,
      stroke: "currentColor",
    });
    const picture = draw(
      "svg",
      { viewBox: "0 0 12 12", width: 12, height: 12, "aria-hidden": "true" },
      square,
    );
    return share
      ? [
          make(
            "span",
            {},
            picture,
            say("share", { end: text, share: spoken(+(100 * share).toPrecision(3)) }),
          ),
        ]
      : [];
  };
  return [
    ...destinations
      .slice(0, MOST)
      .flatMap(({ point }, label) => item(label, say("to", { point: spokenPoint(point) }))),
    ...item(UNSETTLED, say("unsettled")),
    ...item(DIVERGED, say("lost")),
  ];
}

export function makeRuns(live: Live): Part {
  const element = make("div", { class: "gdviz-runs" });
  const group = `gdviz-${live.id}`;
  let drawn = "";
  return {
    element,
    update(shown) {
      const isApart = live.model.isApart(live.state);
      const isSeveral = shown.length > 1;
      const texts = shown.map((one) =>
        live.isHidden() ? one.name : say("it", { run: one.name, outcome: live.said(one) }),
      );
      const key = [live.selected, isApart, live.isHidden(), ...texts, ...shown.map(({ look }) => look.colour)].join(
        "\n",
      );
      if (key === drawn || (live.playing && drawn)) return;
      drawn = key;
      const hadFocus = element.contains(document.activeElement);
      const runs = shown.map(({ look }, place) => {
        const input = make("input", {
          type: "radio",
          name: group,
          "data-gdviz": "run",
          value: place,
          onchange: () => live.select(place),
        });
        input.checked = place === live.selected;
        return make(
          "label",
          { class: "gdviz-run" },
          input,
          swatch(look),
          make("span", {}, texts[place]!),
        );
      });
      const first = shown[0]!.look;
      const key2 = (name: "start" | "end", look: Look) =>
        make("span", {}, swatch(look, false), say(name));
      const marks = isApart
        ? []
        : [
            key2("start", { ...lookOf(0), colour: START }),
            ...(live.isHidden() ? [] : [key2("end", { ...lookOf(1), colour: first.colour })]),
          ];
      const list = make(
        "div",
        { class: "gdviz-list", role: "radiogroup", "aria-label": say("run") },
        ...runs,
      );
      element.replaceChildren(
        ...(isSeveral ? [list] : []),
        ...(marks.length ? [make("div", { class: "gdviz-key" }, ...marks)] : []),
      );
      if (hadFocus) element.querySelector<HTMLElement>(":checked")?.focus();
    },
  };
}

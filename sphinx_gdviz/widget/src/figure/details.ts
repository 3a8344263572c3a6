/** What is under “More”: the run in detail, the view, why, the table, and what to take away. */

import { given } from "../engine/numbers.ts";
import { makeAway } from "./export.ts";
import { button, checkbox, make, numberField, slider } from "./dom.ts";
import type { Live, Part } from "./figure.ts";
import { rounded, MOST_RUNS, TILT, ZOOM } from "./address.ts";
import { symbol } from "./rule.ts";
import { type Key, say } from "./strings.ts";
import { makeTable } from "./table.ts";

export function makeDeep(live: Live): Part {
  const { data, model } = live;
  const current = () => live.state.runs[live.selected]!;
  const [x, y] = [0, 1].map((axis) =>
    numberField(`start-${"xy"[axis]}`, say(axis ? "y" : "x"), (value) => {
      const { start } = current();
      live.setRun({ start: axis ? [start[0], value] : [value, start[1]] });
    }),
  );
  const steps = numberField(
    "steps",
    say("steps"),
    (value) => Number.isInteger(value) && live.set({ steps: value }),
    {
      min: 1,
      max: data.maxSteps,
      step: 1,
    },
  );
  const settings = make("span", { class: "gdviz-settings" });
  let shownRule = "";
  let fields: ReturnType<typeof numberField>[] = [];
  const linked = checkbox("linked", say("linked"), (on) => (live.linked = on));
  linked.input.checked = true;
  const add = button("add", say("add"), () => {
    const { runs } = live.state;
    const added = { ...current(), origin: -1 };
    live.selected = runs.length;
    live.set({ runs: [...runs, added] });
  });
  const remove = button("remove", say("remove"), () => {
    live.set({ runs: live.state.runs.filter((_, place) => place !== live.selected) });
  });

  const camera = (
    name: "azimuth" | "elevation" | "zoom",
    key: Key,
    range: readonly [number, number, number],
  ) =>
    slider(key, say(key), range, (value) =>
      live.set({ camera: { ...live.state.camera, [name]: value } }, true),
    );
  const turn = camera("azimuth", "turn", [-180, 180, 1]);
  const tilt = camera("elevation", "tilt", [...TILT, 1]);
  const zoom = camera("zoom", "zoom", [...ZOOM, 0.05]);

  const arrows = checkbox("why", say("arrows"), (on) => live.set({ arrows: on }));
  const basins = checkbox("basins", say("basins"), (on) => live.set({ basins: on }));
  const table = makeTable(live);

  const isSeen = (views: RegExp) => data.panels.some(({ view }) => views.test(view));
  const has = (name: string, ...elements: HTMLElement[]) => (live.has(name) ? elements : []);
  const group = (label: string, elements: HTMLElement[]) =>
    elements.length
      ? [
          make(
            "fieldset",
            {},
            make("legend", {}, label),
            make("div", { class: "gdviz-bar" }, ...elements),
          ),
        ]
      : [];
  const away = live.has("share") || live.has("copy") || live.has("save") ? [makeAway(live)] : [];
  const groups = [
    ...group(say("run"), [
      ...has("start", x!.element, y!.element),
      ...has("steps", steps.element),
      ...has("settings", settings),
      ...has("runs", linked.element, add, remove),
    ]),
    ...group(
      say("view"),
      isSeen(/surface/) ? has("view", turn.element, tilt.element, zoom.element) : [],
    ),
    ...group(say("why"), [
      ...has("why", arrows.element),
      ...(isSeen(/contour|arrows/) ? has("basins", basins.element) : []),
    ]),
    ...has("table", table.element),
    ...group(say("take"), away),
  ];
  // What tells where a run ends.
  const telling = [basins.element, table.element, ...away];
  const element = make(
    "details",
    { class: "gdviz-deep", "data-gdviz": "more" },
    make("summary", {}, say("more")),
    ...groups,
  );
  element.hidden = !groups.length;

  return {
    element,
    update(shown) {
      const { run } = shown[live.selected]!;
      const { camera, steps: count, arrows: isWhy, basins: isBasins } = live.state;
      x!.show(run.start[0]);
      y!.show(run.start[1]);
      steps.show(count);
      const { defaults } = model.rules[run.rule]!;
      if (shownRule !== run.rule) {
        shownRule = run.rule;
        fields = Object.keys(defaults).map((name) =>
          numberField(`setting-${name}`, labelOf(name), (value) =>
            live.setRun({ settings: { ...current().settings, [name]: value } }),
          ),
        );
        settings.replaceChildren(...fields.map((field) => field.element));
      }
      Object.entries(defaults).forEach(([name, value], i) =>
        fields[i]!.show(run.settings[name] ?? value),
      );
      linked.element.hidden = shown.length < 2;
      remove.disabled = shown.length < 2;
      add.disabled = shown.length >= MOST_RUNS;
      const degrees = (value: number) => say("degrees", { value: given(rounded(value, 3)) });
      turn.show(camera.azimuth, degrees(camera.azimuth));
      tilt.show(camera.elevation, degrees(camera.elevation));
      zoom.show(camera.zoom, say("times", { value: given(rounded(camera.zoom, 2)) }));
      arrows.input.checked = isWhy;
      basins.input.checked = isBasins;
      for (const part of telling) part.hidden = live.isHidden();
      table.update(shown);

      function labelOf(name: string): string {
        const sign = symbol(name, model.rules[run.rule]!);
        const words = name.replace(/_/g, " ");
        return sign === name ? words : `${words} ${sign}`;
      }
    },
  };
}

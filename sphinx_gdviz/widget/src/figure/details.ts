/** What is under “More”: the run in detail, the view, why, the table, and what to take away. */

import { allows } from "../engine/bounds.ts";
import { given, rounded } from "../engine/numbers.ts";
import { button, checkbox, make, numberField, slider } from "./dom.ts";
import { makeExports } from "./export.ts";
import type { Part, Scene } from "./model.ts";
import { symbol } from "./rule.ts";
import { MAX_RUNS, type State, type Store, TILT, ZOOM } from "./store.ts";
import { say } from "./strings.ts";
import { makeTable } from "./table.ts";

/** Controls that stand together under one name. */
interface Group {
  readonly elements: readonly HTMLElement[];
  update(scene: Scene): void;
}

export function makeDetails(store: Store, picture: () => string): Part {
  const { data } = store;
  const isSeen = (views: RegExp) => data.panels.some(({ view }) => views.test(view));
  const [run, camera, table] = [runControls(store), cameraControls(store), makeTable(store)];
  const arrows = checkbox("why", say("arrows"), (on) => store.set({ arrows: on }));
  const basins = checkbox("basins", say("basins"), (on) => store.set({ basins: on }));
  const exports = makeExports(store, picture);
  const group = (label: string, elements: readonly HTMLElement[]) => {
    if (!elements.length) return [];
    const bar = make("div", { class: "gdviz-bar" }, ...elements);
    return [make("fieldset", {}, make("legend", {}, label), bar)];
  };
  const away = ["share", "copy", "save"].some((name) => store.has(name)) ? [exports.element] : [];
  const groups = [
    ...group(say("run"), run.elements),
    ...group(say("view"), isSeen(/surface/) ? store.ifHas("view", ...camera.elements) : []),
    ...group(say("why"), [
      ...store.ifHas("why", arrows.element),
      ...(isSeen(/contour|arrows/) ? store.ifHas("basins", basins.element) : []),
    ]),
    ...store.ifHas("table", table.element),
    ...group(say("take"), away),
  ];
  const element = make(
    "details",
    { class: "gdviz-deep", "data-gdviz": "more" },
    make("summary", {}, say("more")),
    ...groups,
  );
  element.hidden = !groups.length;
  return {
    element,
    update(scene) {
      arrows.input.checked = store.state.arrows;
      basins.input.checked = store.state.basins;
      // What tells where a run ends.
      for (const part of [basins.element, table.element, ...away]) part.hidden = store.isHidden;
      for (const part of [run, camera, table, exports]) part.update(scene);
    },
  };
}

/** The start, the steps and the settings of the selected run; adding and removing runs. */
function runControls(store: Store): Group {
  const [x, y] = store.data.loss.symbols.map((name, axis) =>
    numberField(`start-${"xy"[axis]}`, say("startOf", { name }), (value) => {
      const { start } = store.run;
      store.setRun({ start: axis ? [start[0], value] : [value, start[1]] });
    }),
  );
  const steps = numberField(
    "steps",
    say("steps"),
    (value) => Number.isInteger(value) && store.set({ steps: value }),
    { min: 1, max: store.data.maxSteps, step: 1 },
  );
  const settings = settingFields(store);
  const linked = checkbox("linked", say("linked"), (on) => (store.isLinked = on));
  linked.input.checked = true;
  const add = button("add", say("add"), () => {
    const runs = [...store.state.runs, { ...store.run, origin: -1 }];
    store.selected = runs.length - 1;
    store.set({ runs });
  });
  const remove = button("remove", say("remove"), () =>
    store.set({ runs: store.state.runs.filter((_, place) => place !== store.selected) }),
  );
  return {
    elements: [
      ...store.ifHas("start", x!.element, y!.element),
      ...store.ifHas("steps", steps.element),
      ...store.ifHas("settings", settings.element),
      ...store.ifHas<HTMLElement>("runs", linked.element, add, remove),
    ],
    update(scene) {
      const count = scene.runs.length;
      x!.show(store.run.start[0]);
      y!.show(store.run.start[1]);
      steps.show(store.state.steps);
      settings.update(scene);
      linked.element.hidden = count < 2;
      remove.disabled = count < 2;
      add.disabled = count >= MAX_RUNS;
    },
  };
}

/** A field for each setting of the selected run's rule. */
function settingFields(store: Store): Part {
  const element = make("span", { class: "gdviz-settings" });
  let shown = "";
  let fields: ReturnType<typeof numberField>[] = [];
  return {
    element,
    update() {
      const { run } = store;
      const rule = store.rules[run.rule]!;
      const names = Object.keys(rule.defaults);
      if (shown !== run.rule) {
        shown = run.rule;
        fields = names.map((name) => {
          const [sign, words] = [symbol(name, rule), name.replace(/_/g, " ")];
          return numberField(
            `setting-${name}`,
            sign === name ? words : `${words} ${sign}`,
            (value) => store.setRun({ settings: { ...store.run.settings, [name]: value } }),
            {},
            (value) => allows(store.run.rule, name, value),
          );
        });
        element.replaceChildren(...fields.map((field) => field.element));
      }
      names.forEach((name, i) => fields[i]!.show(run.settings[name] ?? rule.defaults[name]!));
    },
  };
}

/** Sliders for how a surface is seen. */
function cameraControls(store: Store): Group {
  const degrees = (value: number) => say("degrees", { value: given(rounded(value, 3)) });
  const times = (value: number) => say("times", { value: given(rounded(value, 2)) });
  const sliders = (
    [
      ["azimuth", "turn", [-180, 180, 1], degrees],
      ["elevation", "tilt", [...TILT, 1], degrees],
      ["zoom", "zoom", [...ZOOM, 0.05], times],
    ] as const
  ).map(([name, key, range, text]) => {
    const change = (value: number): Partial<State> => ({
      camera: { ...store.state.camera, [name]: value },
    });
    const { element, show } = slider(key, say(key), range, (to) => store.set(change(to), true));
    return { element, update: () => show(store.state.camera[name], text(store.state.camera[name])) };
  });
  return {
    elements: sliders.map(({ element }) => element),
    update: () => sliders.forEach(({ update }) => update()),
  };
}

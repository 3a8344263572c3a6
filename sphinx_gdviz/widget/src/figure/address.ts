/** The state in the page's address, so that a link leads to a figure as somebody has left it. */

import { allows } from "../engine/bounds.ts";
import { rounded } from "../engine/numbers.ts";
import type { FigureData, Pair, Rule } from "../types.ts";
import { MAX_RUNS, printed, ruleText, type RunState, type State, TILT, ZOOM } from "./store.ts";

/**
 * What follows the # in an address: the figure's name, and after a colon what differs from the
 * printed figure. A slash stands before each run but the first.
 *
 *     fig-rates:steps=80,turn=-40,lr=0.2/lr=0.3,start=1;2/-
 */
export function toAddress(id: string, state: State, data: FigureData): string {
  const usual = printed(data);
  const differing = (parts: [string, string | number | boolean, unknown][]) =>
    parts
      .filter(([, value, other]) => value !== other)
      .map(([name, value]) => `${name}=${+value === +value ? +value : value}`);
  const figure = differing([
    ["steps", state.steps, usual.steps],
    ["step", state.step, state.steps],
    ["turn", rounded(state.camera.azimuth), usual.camera.azimuth],
    ["tilt", rounded(state.camera.elevation), usual.camera.elevation],
    ["zoom", rounded(state.camera.zoom), 1],
    ["arrows", state.arrows, false],
    ["basins", state.basins, false],
  ]);
  const added = state.runs.filter(({ origin }) => origin < 0);
  const kept = usual.runs.map((_, i) => state.runs.find(({ origin }) => origin === i));
  const runs = [...kept, ...added].map((run, i) => {
    const before = usual.runs[i];
    if (!run) return "-";
    return differing([
      [
        "rule",
        ruleText(run.rule, run.settings, ";"),
        before && ruleText(before.rule, before.settings, ";"),
      ],
      ["lr", run.lr, before?.lr],
      ["start", run.start.join(";"), before?.start.join(";")],
    ]).join();
  });
  const text =
    [...figure, runs[0]].filter(Boolean).join() +
    runs
      .slice(1)
      .map((run) => `/${run}`)
      .join("");
  const short = text.replace(/\/+$/, "");
  return short ? `${id}:${short}` : id;
}

/** The state in an address; nothing if it is not about this figure. What makes no sense is passed over. */
export function fromAddress(
  address: string,
  id: string,
  data: FigureData,
  rules: Readonly<Record<string, Rule>>,
): State | undefined {
  let text = address.replace(/^#/, "");
  try {
    text = decodeURIComponent(text);
  } catch {
    // A percent sign that means nothing: take it as it is.
  }
  if (!text.startsWith(`${id}:`)) return;
  const usual = printed(data);
  const parts = text.slice(id.length + 1).split("/");
  const read = (part = "") =>
    Object.fromEntries(part.split(",").map((pair) => pair.split(/=(.*)/s, 2))) as Record<
      string,
      string | undefined
    >;
  const number = (value: string | undefined, low: number, high: number, other: number) =>
    value?.trim() && +value >= low && +value <= high ? +value : other;
  const figure = read(parts[0]);
  const { azimuth, elevation } = usual.camera;
  const steps = Math.round(number(figure["steps"], 1, data.maxSteps, data.steps));
  const runs: RunState[] = [];
  for (
    let i = 0;
    i < Math.max(parts.length, usual.runs.length) && runs.length < MAX_RUNS + usual.runs.length;
    i++
  ) {
    const before: RunState = usual.runs[i] ?? { ...usual.runs[0]!, origin: -1 };
    // The first part begins with what is of the figure. Of a run that was added all is written.
    const { rule, lr, start } = read(parts[i]);
    const isLacking = i >= usual.runs.length && !(rule ?? lr ?? start);
    if (parts[i]?.split(",").includes("-") || isLacking) continue;
    const place = start?.split(";").map((part) => (part.trim() ? +part : NaN));
    const isPlace = place?.length === 2 && place.every((value) => Math.abs(value) < 1e100);
    runs.push({
      ...before,
      ...readRule(rule ?? "", rules),
      lr: number(lr, Number.MIN_VALUE, 1e100, before.lr),
      ...(isPlace && { start: place as unknown as Pair }),
    });
  }
  return {
    runs: runs.length ? runs : usual.runs,
    steps,
    step: Math.round(number(figure["step"], 0, steps, steps)),
    camera: {
      azimuth: number(figure["turn"], -360, 360, azimuth),
      elevation: number(figure["tilt"], ...TILT, elevation),
      zoom: number(figure["zoom"], ...ZOOM, 1),
    },
    arrows: figure["arrows"] === "1",
    basins: figure["basins"] === "1",
  };
}

const has = (table: object, name: string) => Object.keys(table).includes(name);

function readRule(
  text: string,
  rules: Readonly<Record<string, Rule>>,
): Pick<RunState, "rule" | "settings"> | undefined {
  const [, rule = "", inside = ""] = /^([^(]*)\(?([^)]*)/.exec(text)!;
  if (!has(rules, rule)) return;
  const settings = inside
    .split(";")
    .map((pair) => pair.split("="))
    .filter(([name, value]) => has(rules[rule]!.defaults, name!) && value?.trim())
    .filter(([name, value]) => allows(rule, name!, +value!))
    .map(([name, value]) => [name, +value!]);
  return { rule, settings: Object.fromEntries(settings) as Record<string, number> };
}

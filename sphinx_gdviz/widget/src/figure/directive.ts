/** A figure as text to take away: as a directive, as Python, as a table of numbers. */

import { EXPERIMENT_OPTIONS } from "../generated.ts";
import type { FigureData, Path } from "../types.ts";
import { rounded } from "../engine/numbers.ts";
import { isSame, methodOf, printed, ruleText, type RunState, type State } from "./store.ts";

type Options = Record<string, string>;

const unique = <T>(items: readonly T[]) => [...new Set(items)];

/**
 * The options that build a figure in this state. A directive runs each method from each start: runs
 * that are no such product need a figure for each start.
 */
export function optionsOf(state: State, data: FigureData): Options[] {
  const usual = printed(data);
  const common: Options = { ...data.directive.options };
  if (state.steps !== usual.steps) common["steps"] = `${state.steps}`;
  const { azimuth, elevation } = state.camera;
  if (azimuth !== usual.camera.azimuth || elevation !== usual.camera.elevation) {
    common["camera"] = `${rounded(azimuth)}, ${rounded(elevation)}`;
  }
  const isSameRuns =
    state.runs.length === usual.runs.length &&
    state.runs.every((run, i) => isSame(run, usual.runs[i]));
  // They speak of runs that are no more.
  if (!isSameRuns || state.steps !== usual.steps) {
    for (const name of ["expect", "alt"]) delete common[name];
  }
  if (isSameRuns) return [common];

  const starts = unique(state.runs.map(({ start }) => start.join(", ")));
  const groups = starts.map((start) => state.runs.filter((run) => run.start.join(", ") === start));
  const methods = (runs: readonly RunState[]) => unique(runs.map(methodOf)).sort();
  const isProduct = groups.every((runs) => `${methods(runs)}` === `${methods(groups[0]!)}`);
  const count = methods(usual.runs).length;
  return (isProduct ? groups.slice(0, 1) : groups).map((runs, i) => {
    const start = isProduct ? starts.join("; ") : starts[i]!;
    const options: Options = { ...common, start, ...methodOptions(runs) };
    const isOther = methods(runs).length !== count;
    const before = (run: RunState) => usual.runs[run.origin] ?? usual.runs[0]!;
    if (isOther || runs.some((run) => methodOf(run) !== methodOf(before(run)))) {
      delete options["titles"];
    }
    if (isOther) options["view"] ??= unique(data.panels.map(({ view }) => view)).join(", ");
    if (isOther && count === 1) options["overlay"] = "";
    return options;
  });
}

/** Optimizers and rates of runs from one start. */
function methodOptions(runs: readonly RunState[]): Options {
  const rules = unique(runs.map(({ rule, settings }) => ruleText(rule, settings)));
  const rates = rules.map((text) =>
    runs.filter((run) => ruleText(run.rule, run.settings) === text).map(({ lr }) => lr),
  );
  const isProduct = rates.every((some) => `${some}` === `${rates[0]}`);
  if (isProduct) return { optimizer: rules.join("; "), lr: rates[0]!.join(", ") };
  const each = runs.map(({ rule, settings, lr }) => ruleText(rule, { ...settings, lr }));
  return { optimizer: unique(each).join("; "), lr: `${rates[0]![0]}` };
}

/** Values that YAML, in which MyST has its options, would take for more than their text. */
const SPECIAL = /^[-?:,[\]{}#&*!|>'"%@`]|:( |$)| #/;

/** As directives in the markup of the page; their names end in -2, -3, …: one that is taken would not do. */
export function directiveText(state: State, data: FigureData): string {
  const { text } = data.directive;
  const [, indent = ""] = /^( *)\{options\}/m.exec(text)!;
  return optionsOf(state, data)
    .map((options, i) => {
      const lines = Object.entries(options).map(([name, value]) => {
        const plain = name === "name" ? `${value}-${i + 2}` : value.replace(/\s+/g, " ").trim();
        const isQuoted = text.startsWith("`") && SPECIAL.test(plain) && !/^-\d/.test(plain);
        const written = isQuoted ? JSON.stringify(plain) : plain;
        return `:${name}: ${written}`.trimEnd();
      });
      return text.replace("{options}", () => lines.join(`\n${indent}`));
    })
    .join("\n");
}

/** As a program in Python. */
export function pythonText(state: State, data: FigureData): string {
  const isNo = (text: string) => /^\s*(no|false)\s*$/i.test(text);
  const written = (name: string, text: string) =>
    name === "overlay" ? (isNo(text) ? "False" : "True") : JSON.stringify(text);
  const calls = optionsOf(state, data).map((options) => {
    const known = EXPERIMENT_OPTIONS.filter((name) => name in options);
    const lines = known.map((name) => `    ${name}=${written(name, options[name]!)},\n`);
    return `figure = Experiment(\n${lines.join("")})\nfigure\n`;
  });
  return ["from sphinx_gdviz import Experiment\n", ...calls].join("\n");
}

/** All steps of all runs, with all digits. */
export function csvText(paths: readonly Path[], data: FigureData): string {
  const lines = paths.flatMap(({ points, losses, gradients }, run) =>
    Array.from(losses, (loss, i) => {
      const [point, gradient] = [points, gradients].map((pairs) => pairs.slice(2 * i, 2 * i + 2));
      return [run + 1, i, point, loss, gradient].join();
    }),
  );
  const names = data.loss.parameters.join();
  return [`run,step,${names},loss,gradient1,gradient2`, ...lines, ""].join("\n");
}

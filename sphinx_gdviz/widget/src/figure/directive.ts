/** A figure as text to take away: as a directive, as Python, as a table of numbers. */

import type { FigureData, Path } from "../types.ts";
import { rounded } from "../engine/numbers.ts";
import { isSame, methodOf, printed, ruleText, type RunState, type State } from "./store.ts";

type Options = Record<string, string>;

/** Options that say what to run and how to show it; Python has these, too. */
const OF_EXPERIMENT =
  "loss optimizer lr schedule start steps clip noise batch seed view overlay sweep titles xlim ylim levels scale camera mark width".split(
    " ",
  );

const unique = <T>(items: readonly T[]) => [...new Set(items)];

/**
 * The options that build a figure in this state. A directive runs each method from each start: runs
 * that are no such product need a figure for each start.
 */
export function optionsOf(state: State, data: FigureData): Options[] {
  const usual = printed(data);
  const written = data.directive.options;
  const isRunsSame =
    state.runs.length === usual.runs.length &&
    state.runs.every((run, i) => isSame(run, usual.runs[i]));
  const common: Options = { ...written };
  if (state.steps !== usual.steps) common["steps"] = `${state.steps}`;
  const { azimuth, elevation } = state.camera;
  if (azimuth !== usual.camera.azimuth || elevation !== usual.camera.elevation) {
    common["camera"] = `${rounded(azimuth)}, ${rounded(elevation)}`;
  }
  if (isRunsSame && state.steps === usual.steps) return [common];
  // They speak of runs that are no more.
  for (const name of ["expect", "alt"]) delete common[name];
  if (isRunsSame) return [common];

  const starts = unique(state.runs.map(({ start }) => start.join(", ")));
  const methods = (runs: readonly RunState[]) => unique(runs.map(methodOf)).sort().join();
  const groups = starts.map((start) => state.runs.filter((run) => run.start.join(", ") === start));
  const isProduct = groups.every((runs) => methods(runs) === methods(groups[0]!));
  return (isProduct ? [groups[0]!] : groups).map((runs, i) => {
    const options: Options = {
      ...common,
      start: isProduct ? starts.join("; ") : starts[i]!,
      ...methodOptions(runs),
    };
    const count = unique(runs.map(methodOf)).length;
    const countBefore = unique(usual.runs.map(methodOf)).length;
    if (
      count !== countBefore ||
      runs.some((run) => methodOf(run) !== methodOf(usual.runs[run.origin] ?? usual.runs[0]!))
    ) {
      delete options["titles"];
    }
    if (count !== countBefore) {
      options["view"] ??= unique(data.panels.map(({ view }) => view)).join(", ");
      if (countBefore === 1) options["overlay"] = "";
    }
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

/** As `gdviz-figure` directives in the markup of the page; their names end in -2, -3, …: one that is taken would not do. */
export function directiveText(state: State, data: FigureData): string {
  const { caption, rst } = data.directive;
  const fence = "`".repeat(
    Math.max(3, ...(caption.match(/`+/g) ?? []).map((ticks) => ticks.length + 1)),
  );
  return optionsOf(state, data)
    .map((options, i) => {
      const lines = Object.entries(options).map(([name, value]) => {
        const text = name === "name" ? `${value}-${i + 2}` : value.replace(/\s+/g, " ");
        return `:${name}: ${text}`.trimEnd();
      });
      const body = `${lines.join("\n")}\n\n${caption}\n`;
      return rst
        ? `.. gdviz-figure::\n${body.replace(/^(?=.)/gm, "   ")}`
        : `${fence}{gdviz-figure}\n${body}${fence}\n`;
    })
    .join("\n");
}

/** As a program in Python. */
export function pythonText(state: State, data: FigureData): string {
  const calls = optionsOf(state, data).map((options) => {
    const known = OF_EXPERIMENT.filter((name) => name in options);
    const lines = known.map(
      (name) =>
        `    ${name}=${name === "overlay" ? flag(options[name]!) : JSON.stringify(options[name])},\n`,
    );
    return `figure = Experiment(\n${lines.join("")})\nfigure\n`;
  });
  return ["from sphinx_gdviz import Experiment\n", ...calls].join("\n");
}

const flag = (text: string) => (/^\s*(no|false)\s*$/i.test(text) ? "False" : "True");

/** All steps of all runs, with all digits. */
export function csvText(paths: readonly Path[]): string {
  const lines = paths.flatMap(({ points, losses, gradients }, run) =>
    Array.from(losses, (loss, i) =>
      [
        run + 1,
        i,
        points[2 * i],
        points[2 * i + 1],
        loss,
        gradients[2 * i],
        gradients[2 * i + 1],
      ].join(),
    ),
  );
  return ["run,step,theta1,theta2,loss,gradient1,gradient2", ...lines, ""].join("\n");
}

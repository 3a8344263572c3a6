/** What is computed of a figure: its field, its paths, and what is said of them. */

import { descend, type Descent, type Rules } from "../engine/descent.ts";
import { lossOf } from "../engine/loss.ts";
import { given } from "../engine/numbers.ts";
import { RULES } from "../engine/rules.generated.ts";
import type { FigureData, PrintedRun, View } from "../types.ts";
import type { Path } from "../types.ts";
import { type Field, fieldOf } from "../chart/field.ts";
import { lookOf, type Look } from "../chart/theme.ts";
import { isSame, methodOf, printed, type RunState, type State } from "./address.ts";
import { say } from "./strings.ts";

/** Points along each side of the grid that is drawn. */
const GRID = 201;
/** So many rows of data are looked at for a grid; with more rows it is coarser. */
const WORK = 4e6;

/** One run as it is shown. */
export interface Shown {
  readonly run: RunState;
  readonly path: Path;
  readonly look: Look;
  readonly name: string;
  /** How many iterates there are before the first without a finite loss. */
  readonly sound: number;
}

/** A panel, and the places of its runs among those of the state. */
export interface Shows {
  readonly view: View;
  readonly title: string;
  readonly runs: readonly number[];
}

export type Model = ReturnType<typeof makeModel>;

export function makeModel(data: FigureData) {
  const loss = lossOf(data.loss);
  const rules: Rules = { ...RULES, ...data.rules };
  const usual = printed(data);
  let paths = new Map<string, Path>();
  let field: Field | undefined;

  /** The field is found when it is first asked for: a figure of curves has none. */
  const fieldOnce = (): Field => {
    if (field) return field;
    const n = Math.min(GRID, Math.round(Math.sqrt(WORK / (data.loss.rows?.x.length ?? 1))));
    const x = new Float64Array(n * n);
    const y = new Float64Array(n * n);
    const { x: across, y: up } = data.frame;
    for (let i = 0; i < n * n; i++) {
      x[i] = across[0] + ((i % n) / (n - 1)) * (across[1] - across[0]);
      y[i] = up[0] + (Math.floor(i / n) / (n - 1)) * (up[1] - up[0]);
    }
    return (field = fieldOf(
      { ...data.frame, n, z: loss.over.value(x, y)[0]! },
      data.levels,
      data.knee,
    ));
  };

  const descentOf = ({ rule, settings, lr }: RunState, { steps }: State): Descent => {
    const { schedule, clip, noise, batch, seed } = data;
    return { method: { rule, settings, lr }, steps, schedule, clip, noise, batch, seed };
  };

  /** Python's own path, with losses and gradients at its points. */
  const printedPath = ({ path, verdict }: PrintedRun): Path => {
    const bytes = Uint8Array.from(atob(path!), (letter) => letter.charCodeAt(0));
    const points = new Float64Array(bytes.buffer);
    const [x, y] = [0, 1].map((axis) => points.filter((_, i) => i % 2 === axis)) as [
      Float64Array,
      Float64Array,
    ];
    const [gx, gy] = loss.over.gradient(x, y) as [Float64Array, Float64Array];
    const gradients = points.map((_, i) => (i % 2 ? gy : gx)[i >> 1]!);
    return { points, losses: loss.over.value(x, y)[0]!, gradients, verdict };
  };

  const pathOf = (run: RunState, state: State): Path => {
    const before = data.runs[run.origin];
    if (before?.path && state.steps === data.steps && isSame(run, usual.runs[run.origin]))
      return printedPath(before);
    return descend(loss, rules, { ...descentOf(run, state), start: run.start });
  };

  /** What tells a run from the others. */
  const nameOf = (run: RunState, runs: readonly RunState[]): string => {
    const differ = (of: (run: RunState) => unknown) =>
      runs.some((other) => `${of(other)}` !== `${of(run)}`);
    const parts: string[] = [];
    const { title } = rules[run.rule]!;
    if (differ(({ rule }) => rule) || runs.length === 1) parts.push(title);
    else if (differ(({ settings }) => JSON.stringify(settings))) {
      parts.push(
        [
          title,
          ...Object.entries(run.settings).map(([name, value]) => `${name} ${given(value)}`),
        ].join(" "),
      );
    }
    if (differ(({ lr }) => lr)) parts.push(`η = ${given(run.lr)}`);
    if (differ(({ start }) => start))
      parts.push(say("from", { point: `(${run.start.map(given).join(", ")})` }));
    return parts.join(", ") || title;
  };

  const isApart = data.panels.some(({ runs }) => runs.length > 1);
  const isSplit = (view: View) => data.panels.filter((panel) => panel.view === view).length > 1;

  return {
    loss,
    rules,
    usual,
    descentOf,
    field: fieldOnce,

    /** Whether runs are told apart by their colours. */
    isApart: (state: State) => isApart || state.runs.some(({ origin }) => origin < 0),

    shown(state: State): Shown[] {
      const kept = new Map<string, Path>();
      let added = 0;
      const shown = state.runs.map((run) => {
        const key = `${methodOf(run)} ${run.start} ${state.steps}`;
        const path = kept.get(key) ?? paths.get(key) ?? pathOf(run, state);
        kept.set(key, path);
        const bad = path.losses.findIndex((value) => !isFinite(value));
        const number =
          run.origin < 0 ? (isApart ? data.runs.length : 1) + added++ : isApart ? run.origin : 0;
        const sound = bad < 0 ? path.losses.length : bad;
        return { run, path, sound, look: lookOf(number), name: nameOf(run, state.runs) };
      });
      paths = kept;
      return shown;
    },

    /**
     * The panels. Where a view has one for each method, an added run gets one of its own, as the
     * directive would give it; else it is shown beside the others.
     */
    panels({ runs }: State): Shows[] {
      const places = (wanted: (run: RunState) => boolean) =>
        runs.flatMap((run, i) => (wanted(run) ? [i] : []));
      const found: Shows[] = [];
      data.panels.forEach(({ view, title, runs: origins }, i) => {
        const split = isSplit(view);
        const own = places(({ origin }) => origins.includes(origin) || (origin < 0 && !split));
        if (own.length) found.push({ view, runs: own, title: titleOf(title, own, split, runs) });
        if (split && data.panels[i + 1]?.view !== view) {
          for (const place of places(({ origin }) => origin < 0)) {
            found.push({ view, runs: [place], title: titleOf("", [place], split, runs) });
          }
        }
      });
      return found;
    },
  };

  /** A title that names what is no longer so gives way to one that says what is. */
  function titleOf(
    title: string,
    places: readonly number[],
    isSplit: boolean,
    runs: readonly RunState[],
  ): string {
    const isStale = places.some((place) => {
      const run = runs[place]!;
      const before = usual.runs[run.origin];
      if (!before || methodOf(before) === methodOf(run)) return false;
      return (
        isSplit || title.includes(given(before.lr)) || title.includes(rules[before.rule]!.title)
      );
    });
    if (title && !isStale) return title;
    const first = runs[places[0]!]!;
    const isOneRule = runs.every(({ rule }) => rule === first.rule);
    if (!isSplit && places.length > 1) return say("all");
    return isOneRule
      ? say("named", { rate: given(first.lr) })
      : `${rules[first.rule]!.title}, η = ${given(first.lr)}`;
  }
}

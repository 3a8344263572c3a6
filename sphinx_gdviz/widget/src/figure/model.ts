/** What is computed of a figure's state: its field, its paths, and what is said of them. */

import { type Field, fieldOf } from "../chart/field.ts";
import { channels } from "../chart/palette.ts";
import { type Look, lookOf } from "../chart/theme.ts";
import { descend, type Descent, updateAt } from "../engine/descent.ts";
import { type Loss, lossOf } from "../engine/loss.ts";
import { given } from "../engine/numbers.ts";
import { outcome } from "../engine/outcome.ts";
import type { Values } from "../engine/rule.ts";
import type { Pair, Path, PrintedRun, View } from "../types.ts";
import { isSame, methodOf, type RunState, type Store } from "./store.ts";
import { say, STRINGS } from "./strings.ts";

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
  /** What it did, as a predicate. */
  readonly outcome: string;
  /** How many iterates there are before the first without a finite loss. */
  readonly sound: number;
}

/** A panel, and the places of its runs among those of the state. */
export interface PanelState {
  readonly view: View;
  readonly title: string;
  readonly runs: readonly number[];
}

/** All that is shown of a state. */
export interface Scene {
  readonly runs: readonly Shown[];
  readonly selected: Shown;
  /** Whether runs are told apart by their colours. */
  readonly isApart: boolean;
  /** What stands in the rule at the current step of the selected run, if a reader asks why. */
  readonly update: { readonly before: Values; readonly after: Values } | undefined;
}

/** A part of a figure, which is brought up to date when something has changed. */
export interface Part {
  readonly element: HTMLElement;
  update(scene: Scene): void;
}

/** Where a run ends; not finite where it is lost. */
export const endOf = ({ points }: Path) => Array.from(points.slice(-2)) as unknown as Pair;

export class Model {
  readonly loss: Loss;
  private paths = new Map<string, Path>();
  private sampled: Field | undefined;
  /** Whether a printed panel shows several runs. */
  private readonly isOverlaid: boolean;

  constructor(private readonly store: Store) {
    this.loss = lossOf(store.data.loss);
    this.isOverlaid = store.data.panels.some(({ runs }) => runs.length > 1);
  }

  /** The loss on a grid, found when it is first asked for: a figure of curves has none. */
  get field(): Field {
    if (this.sampled) return this.sampled;
    const { frame, scale, palette, loss } = this.store.data;
    const n = Math.min(GRID, Math.round(Math.sqrt(WORK / (loss.rows?.x.length ?? 1))));
    const across = ([low, high]: Pair, place: number) => low + (place / (n - 1)) * (high - low);
    const x = Float64Array.from({ length: n * n }, (_, i) => across(frame.x, i % n));
    const y = x.map((_, i) => across(frame.y, Math.floor(i / n)));
    const z = this.loss.over.value(x, y)[0]!;
    return (this.sampled = fieldOf({ ...frame, n, z }, scale, channels(palette)));
  }

  /** The gradients at points x₀, y₀, x₁, y₁, …, in the same order. */
  gradients(points: Float64Array): Float64Array {
    const columns = [0, 1].map((axis) => points.filter((_, i) => i % 2 === axis));
    const [gx, gy] = this.loss.over.gradient(columns[0]!, columns[1]!) as [
      Float64Array,
      Float64Array,
    ];
    return points.map((_, i) => (i % 2 ? gy : gx)[i >> 1]!);
  }

  descentOf({ rule, settings, lr, start }: RunState): Descent & { readonly start: Pair } {
    const { schedule, clip, noise, batch, seed } = this.store.data;
    const { steps } = this.store.state;
    return { method: { rule, settings, lr }, start, steps, schedule, clip, noise, batch, seed };
  }

  scene(): Scene {
    const { state, selected, isHidden } = this.store;
    const { runs, arrows, step } = state;
    const isApart = this.isOverlaid || runs.some(({ origin }) => origin < 0);
    const paths = new Map<string, Path>();
    let added = this.isOverlaid ? this.store.data.runs.length : 1;
    const shown = runs.map((run): Shown => {
      const key = `${methodOf(run)} ${run.start} ${state.steps}`;
      const path = paths.get(key) ?? this.paths.get(key) ?? this.pathOf(run);
      paths.set(key, path);
      const bad = path.losses.findIndex((value) => !isFinite(value));
      return {
        run,
        path,
        look: lookOf(run.origin < 0 ? added++ : this.isOverlaid ? run.origin : 0),
        name: this.nameOf(run, runs),
        outcome: outcome(path.verdict, path.losses[path.losses.length - 1]!, STRINGS),
        sound: bad < 0 ? path.losses.length : bad,
      };
    });
    this.paths = paths;
    const one = shown[selected]!;
    const isAsked = arrows && !isHidden && step < one.sound;
    const update = isAsked
      ? updateAt(this.loss, this.store.rules, this.descentOf(one.run), step + 1)
      : undefined;
    return { runs: shown, selected: one, isApart, update };
  }

  /**
   * The panels. Where a view has one for each method, an added run gets one of its own, as the
   * directive would give it; else it is shown beside the others.
   */
  panels(): PanelState[] {
    const { state, data } = this.store;
    const places = (wanted: (run: RunState) => boolean) =>
      state.runs.flatMap((run, i) => (wanted(run) ? [i] : []));
    const isAdded = ({ origin }: RunState) => origin < 0;
    return data.panels.flatMap(({ view, title, runs: origins }, i) => {
      const isSplit = data.panels.filter((panel) => panel.view === view).length > 1;
      const own = places((run) => origins.includes(run.origin) || (isAdded(run) && !isSplit));
      const found = own.length
        ? [{ view, runs: own, title: this.titleOf(title, own, isSplit) }]
        : [];
      const isLast = isSplit && data.panels[i + 1]?.view !== view;
      for (const place of isLast ? places(isAdded) : []) {
        found.push({ view, runs: [place], title: this.titleOf("", [place], isSplit) });
      }
      return found;
    });
  }

  private pathOf(run: RunState): Path {
    const { data, rules, state, printed } = this.store;
    const before = data.runs[run.origin];
    if (before?.path && state.steps === data.steps && isSame(run, printed.runs[run.origin]))
      return this.printedPath(before);
    return descend(this.loss, rules, this.descentOf(run));
  }

  /** Python's own path, with losses and gradients at its points. */
  private printedPath({ path, verdict }: PrintedRun): Path {
    const bytes = Uint8Array.from(atob(path!), (letter) => letter.charCodeAt(0));
    const points = new Float64Array(bytes.buffer);
    const [x, y] = [0, 1].map((axis) => points.filter((_, i) => i % 2 === axis));
    const losses = this.loss.over.value(x!, y!)[0]!;
    return { points, losses, gradients: this.gradients(points), verdict };
  }

  /** What tells a run from the others. */
  private nameOf(run: RunState, runs: readonly RunState[]): string {
    const differ = (of: (run: RunState) => unknown) =>
      runs.some((other) => `${of(other)}` !== `${of(run)}`);
    const parts: string[] = [];
    const { title } = this.store.rules[run.rule]!;
    if (differ(({ rule }) => rule) || runs.length === 1) parts.push(title);
    else if (differ(({ settings }) => JSON.stringify(settings))) {
      const settings = Object.entries(run.settings);
      parts.push([title, ...settings.map(([name, value]) => `${name} ${given(value)}`)].join(" "));
    }
    if (differ(({ lr }) => lr)) parts.push(`η = ${given(run.lr)}`);
    if (differ(({ start }) => start))
      parts.push(say("from", { point: `(${run.start.map(given).join(", ")})` }));
    return parts.join(", ") || title;
  }

  /** A title that names what is no longer so gives way to one that says what is. */
  private titleOf(title: string, places: readonly number[], isSplit: boolean): string {
    const { rules, printed, state } = this.store;
    const { runs } = state;
    const isStale = places.some((place) => {
      const run = runs[place]!;
      const before = printed.runs[run.origin];
      if (!before || methodOf(before) === methodOf(run)) return false;
      return (
        isSplit || title.includes(given(before.lr)) || title.includes(rules[before.rule]!.title)
      );
    });
    if (title && !isStale) return title;
    const first = runs[places[0]!]!;
    const isOneRule = runs.every(({ rule }) => rule === first.rule);
    if (!isSplit && places.length > 1) return say("all");
    const rate = given(first.lr);
    return isOneRule ? say("named", { rate }) : `${rules[first.rule]!.title}, η = ${rate}`;
  }
}

/** The descent: a loss, an update rule and a start give a path. */

import type { Method, Pair, Path, Rule, Schedule } from "../types.ts";
import type { Loss } from "./loss.ts";
import { randomState } from "./random.ts";
import { computed, remember, updater, type Values } from "./rule.ts";
import { judge } from "./verdict.ts";

/** How a run is made. */
export interface Descent {
  readonly method: Method;
  readonly steps: number;
  readonly schedule: Schedule;
  readonly clip: Pair | null;
  readonly noise: number;
  readonly batch: number | null;
  readonly seed: number;
}

export type Rules = Readonly<Record<string, Rule>>;

/** By what the learning rate is multiplied at each of so many updates (core/methods/schedules.py). */
export function factors(schedule: Schedule, steps: number): number[] {
  const t = Float64Array.from({ length: steps }, (_, step) => step + 1);
  const found = computed(schedule)({ t, steps: Float64Array.of(steps) });
  return Array.from(t, (_, step) => found[found.length > 1 ? step : 0]!);
}

/** What a step takes for the gradient: of a batch of rows, with noise. It changes `g`. */
function chance(loss: Loss, { noise, batch, seed, steps }: Descent) {
  if (!noise && !batch) return () => {};
  const random = randomState(seed);
  // As in core/descent/run.py all noise is drawn first, then all batches.
  const draws = Array.from({ length: noise ? 2 * steps + 2 : 0 }, () => noise * random.normal());
  const rows: number[][] = [];
  let order: number[] = [];
  for (let left = 0; batch && rows.length <= steps; left += batch) {
    if (left >= order.length) {
      order = random.permutation(loss.data.rows!.x.length);
      left = 0;
    }
    rows.push(order.slice(left, left + batch).sort((a, b) => a - b));
  }
  return (step: number, theta: Float64Array, g: Float64Array) => {
    const n = g.length / 2;
    const sampled = batch && loss.batch!(rows[step]!);
    for (let i = 0; i < n; i++) {
      if (sampled) [g[i], g[i + n]] = sampled(theta[i]!, theta[i + n]!) as [number, number];
      if (noise) {
        g[i]! += draws[2 * step]!;
        g[i + n]! += draws[2 * step + 1]!;
      }
    }
  };
}

/** Runs before an update, or after the last one. All arrays change with the next update. */
export interface State {
  /** All that the rule is given and remembers, `theta` among it. */
  readonly values: Values;
  /** The exact gradients, as `theta` is laid out. */
  readonly gradient: Float64Array;
  /** Whether the box has held the first of the runs. */
  readonly held: boolean;
}

/**
 * The states of n runs before each update, after the last one, and after one more.
 *
 * @param starts All first coordinates, then all second ones.
 */
export function* states(
  loss: Loss,
  rules: Rules,
  descent: Descent,
  starts: Float64Array,
): Generator<State, void> {
  const { method, steps, schedule, clip } = descent;
  const rule = rules[method.rule]!;
  const update = updater(rule);
  const sample = chance(loss, descent);
  const rates = factors(schedule, steps);
  const theta = starts.slice();
  const n = theta.length / 2;
  const [x, y] = [theta.subarray(0, n), theta.subarray(n)];
  const gradient = new Float64Array(2 * n);
  const values: Values = { theta, g: gradient.slice() };
  for (const [name, value] of Object.entries({ ...rule.defaults, ...method.settings })) {
    values[name] = Float64Array.of(value);
  }
  let held = false;
  for (let step = 0; ; step++) {
    const slopes = loss.over.gradient(x, y);
    gradient.set(slopes[0]!);
    gradient.set(slopes[1]!, n);
    if (step <= steps) {
      values["g"]!.set(gradient);
      sample(step, theta, values["g"]!);
      values["lr"] = Float64Array.of(method.lr * rates[Math.min(step, steps - 1)]!);
      values["t"] = Float64Array.of(step + 1);
      if (step === 0) remember(rule, values);
    }
    yield { values, gradient, held };
    if (step > steps) return;
    update(values);
    if (clip) {
      const [low, high] = clip;
      const beyond = (value: number) => value < low || value > high;
      held = beyond(x[0]!) || beyond(y[0]!);
      for (let i = 0; i < theta.length; i++) theta[i] = Math.min(Math.max(theta[i]!, low), high);
    }
  }
}

/** Run from a start, and judge the run. */
export function descend(
  loss: Loss,
  rules: Rules,
  descent: Descent & { readonly start: Pair },
): Path {
  const { steps, start } = descent;
  const points = new Float64Array(2 * steps + 2);
  // The last of these is where one more update leads.
  const gradients = new Float64Array(2 * steps + 4);
  let clipStep = -1;
  let step = 0;
  for (const { values, gradient, held } of states(loss, rules, descent, Float64Array.from(start))) {
    gradients.set(gradient, 2 * step);
    if (step <= steps) {
      points.set(values["theta"]!, 2 * step);
      if (held && clipStep < 0) clipStep = step;
    }
    step++;
  }
  const side = (axis: number) => points.filter((_, i) => i % 2 === axis);
  const losses = loss.over.value(side(0), side(1))[0]!;
  return {
    points,
    losses,
    gradients: gradients.subarray(0, 2 * steps + 2),
    verdict: judge(loss, { points, losses, gradients, clipStep, clip: descent.clip }),
  };
}

/**
 * The values of all names before an update, and after it: what stands in a rule in this step.
 * After it θ is not held in the box yet.
 *
 * @param number Of the update: number 1 leads from the start to the first iterate.
 */
export function updateAt(
  loss: Loss,
  rules: Rules,
  descent: Descent & { readonly start: Pair },
  number: number,
): { before: Values; after: Values } {
  const copy = (values: Values): Values =>
    Object.fromEntries(Object.entries(values).map(([name, column]) => [name, column.slice()]));
  let step = 0;
  for (const { values } of states(loss, rules, descent, Float64Array.from(descent.start))) {
    if (++step === number) {
      const before = copy(values);
      const after = copy(values);
      updater(rules[descent.method.rule]!)(after);
      return { before, after };
    }
  }
  throw new Error(`there is no update ${number}`);
}

/** The verdict: what a run did, and at which step it shows. It follows core/descent/verdict.py. */

import {
  CERTAIN_ESCAPE,
  DECAY,
  DRIFT_TOLERANCE,
  ESCAPE_GROWTH,
  ESCAPE_RADIUS,
  MAX_PERIOD,
  MIN_TURNS,
  REACH,
  RETURN_TOLERANCE,
  RISING_SHARE,
  TOLERANCE,
  TREND,
} from "../generated.ts";
import type { Pair, Verdict } from "../types.ts";
import { domain, settledAt } from "./critical_points.ts";
import type { Loss } from "./loss.ts";

const { hypot, min, max, floor } = Math;

export interface Run {
  /** Iterates x₀, y₀, x₁, y₁, … */
  readonly points: Float64Array;
  readonly losses: Float64Array;
  /** The gradient at each iterate, and where one more update would lead. */
  readonly gradients: Float64Array;
  /** The first step at which the box held the run, −1 for never. */
  readonly clipStep: number;
  readonly clip: Pair | null;
}

/** The gradient norm that counts as small. */
export const tolerance = (loss: Loss) => TOLERANCE * min(1, loss.data.steepness);

/** How near a run has come to a point that it converged to. */
export const reach = (loss: Loss) => REACH * domain(loss).radius;

/** How far a point is from the centre of the domain, and how far runs from a start may go. */
export function distances(loss: Loss) {
  const { centre, radius } = domain(loss);
  const distance = (x: number, y: number) => hypot(x - centre[0], y - centre[1]);
  return { distance, limit: (x: number, y: number) => max(ESCAPE_RADIUS * radius, distance(x, y)) };
}

/** Say what a run did. */
export function judge(loss: Loss, run: Run): Verdict {
  const { clipStep } = run;
  return { ...judged(loss, run), ...(clipStep >= 0 && { clipStep }) };
}

function judged(loss: Loss, { points, losses, gradients, clipStep, clip }: Run): Verdict {
  const count = losses.length;
  const last = count - 1;
  const x = (i: number) => points[2 * i]!;
  const y = (i: number) => points[2 * i + 1]!;
  const slope = (i: number) => hypot(gradients[2 * i]!, gradients[2 * i + 1]!);
  const since = (holds: (i: number) => boolean) => heldSince(count, holds);

  const { distance, limit } = distances(loss);
  const away = Array.from(losses, (_, i) => distance(x(i), y(i)));
  const most = limit(x(0), y(0));
  const isAway = (i: number) => !isFinite(losses[i]!) || !(away[i]! <= most);
  const bad = losses.findIndex((value) => !isFinite(value));
  if (bad >= 0) {
    const before = max(bad - 1, 0);
    const nan = (value: number) => value !== value;
    const lacks = (index: number, undefined: boolean) => undefined && away[index]! <= most;
    return lacks(bad, nan(losses[bad]!)) ||
      lacks(before, nan(gradients[2 * before]!) || nan(gradients[2 * before + 1]!))
      ? { kind: "diverged", step: bad, place: "undefined" }
      : { kind: "diverged", step: min(bad, since(isAway)) };
  }
  const quarter = max(1, floor(count / 4));
  const leaving =
    greatest(away.slice(-quarter)) >= ESCAPE_GROWTH * greatest(away.slice(0, -quarter)) ||
    away[last]! >= CERTAIN_ESCAPE * most;
  if (isAway(last) && leaving) return { kind: "diverged", step: since(isAway) };

  const small = tolerance(loss);
  const isSmall = (i: number) => slope(i) < small;
  if (isSmall(last) && isSmall(count)) {
    const gradient = [gradients[2 * last]!, gradients[2 * last + 1]!];
    const { point, place } = settledAt(loss, [x(last), y(last)], gradient, reach(loss));
    const kind = place === "minimum" ? "converged" : "stuck";
    return { kind, step: since(isSmall), place, point };
  }
  const blocked = clip && clipStep >= 0 ? blockedSince(points, gradients, clip, small) : -1;
  if (blocked >= 0) {
    return { kind: "stuck", step: blocked, place: "box", point: [x(last), y(last)] };
  }

  const rises = risesOf(points, losses);
  const later = rises.slice(floor(rises.length / 2));
  const rising = later.filter(Boolean).length / later.length;
  if (rising >= RISING_SHARE && isTurning(points) && !isDecaying(points, losses)) {
    const period = periodOf(points);
    const trend = period ? 0 : trendOf(points, losses);
    const step = rises.indexOf(true) + 1;
    if (!trend) return { kind: "oscillating", step, ...(period && { period }) };
    if (trend > 0 && losses[last]! > losses[0]!) return { kind: "diverged", step };
  }
  return { kind: "slow", step: last };
}

/** The first of so many steps from which something holds to the end. */
function heldSince(count: number, holds: (i: number) => boolean): number {
  while (count && holds(count - 1)) count--;
  return count;
}

/** The step from which the box alone keeps a run from going on, −1 where it does not at the end. */
function blockedSince(
  points: Float64Array,
  gradients: Float64Array,
  [low, high]: Pair,
  small: number,
): number {
  const count = points.length / 2;
  const last = count - 1;
  const isBlocked = (i: number, axis: number) => {
    const [at, g] = [points[2 * i + axis]!, gradients[2 * i + axis]!];
    return (at <= low && g > 0) || (at >= high && g < 0);
  };
  /** Whether the gradient at i is small, without what is blocked at j. */
  const isHeld = (i: number, j = i) =>
    hypot(...[0, 1].map((axis) => (isBlocked(j, axis) ? 0 : gradients[2 * i + axis]!))) < small;
  const isCaught = isBlocked(last, 0) || isBlocked(last, 1);
  return isCaught && isHeld(last) && isHeld(count, last) ? heldSince(count, (i) => isHeld(i)) : -1;
}

// Not Math.max(…values): a run may have more steps than a call may have arguments.
const greatest = (values: readonly number[]) => values.reduce((a, b) => max(a, b), -Infinity);

/** Which steps raise the loss, or go back on the step before without lowering it. */
function risesOf(points: Float64Array, losses: Float64Array): boolean[] {
  const move = (i: number) => points[i + 2]! - points[i]!;
  return Array.from({ length: losses.length - 1 }, (_, i) => {
    const change = losses[i + 1]! - losses[i]!;
    const j = 2 * i;
    const back = i && move(j) * move(j - 2) + move(j + 1) * move(j - 1) < 0;
    return change > 0 || (!!back && change === 0);
  });
}

/** Whether a parameter goes back and forth in the later half of a run. */
function isTurning(points: Float64Array): boolean {
  const count = points.length / 2;
  const first = floor((count - 1) / 2);
  const move = (i: number) => points[i + 2]! - points[i]!;
  const turns = [0, 0];
  for (let i = first + 1; i < count - 1; i++) {
    for (const axis of [0, 1]) {
      if (move(2 * i + axis) * move(2 * i + axis - 2) < 0) turns[axis]!++;
    }
  }
  return max(...turns) >= max(2, min(MIN_TURNS, count - 2 - first));
}

/** The diagonal of the box around the iterates from one step to before another. */
function covered(points: Float64Array, from: number, to: number): number {
  const sides = [0, 1].map((axis) => {
    let low = Infinity;
    let high = -Infinity;
    for (let i = 2 * from + axis; i < 2 * to; i += 2) {
      low = min(low, points[i]!);
      high = max(high, points[i]!);
    }
    return high - low;
  });
  return hypot(...sides);
}

function isDecaying(points: Float64Array, losses: Float64Array): boolean {
  const count = losses.length;
  const quarter = max(2, floor(count / 4));
  const [late, early] = [count - quarter, count - 2 * quarter];
  if (early < 0) return false;
  const sum = (from: number) =>
    losses.subarray(from, from + quarter).reduce((total, value) => total + value, 0);
  return (
    covered(points, late, count) < DECAY * covered(points, early, late) && sum(late) < sum(early)
  );
}

/** 1 where swings grow, and the loss with them; −1 where both die away; else 0. */
function trendOf(points: Float64Array, losses: Float64Array): number {
  const count = losses.length;
  const sizes: number[] = [];
  for (let i = floor((count - 1) / 2); i < count - 1; i++) {
    sizes.push(hypot(points[2 * i + 2]! - points[2 * i]!, points[2 * i + 3]! - points[2 * i + 1]!));
  }
  const width = max(1, floor(sizes.length / TREND));
  const stretches = min(TREND, floor(sizes.length / width));
  if (stretches < 3) return 0;
  const begin = sizes.length - stretches * width;
  const longest = Array.from({ length: stretches }, (_, i) =>
    greatest(sizes.slice(begin + i * width, begin + (i + 1) * width)),
  );
  const quarter = max(2, floor(count / 4));
  const sum = (from: number, to: number) =>
    losses.subarray(from, to).reduce((total, value) => total + value, 0);
  const rise = sum(count - quarter, count) - sum(count - 2 * quarter, count - quarter);
  const changes = longest.slice(1).map((size, i) => size - longest[i]!);
  if (rise > 0 && changes.every((change) => change > 0)) return 1;
  return rise < 0 && changes.every((change) => change < 0) ? -1 : 0;
}

/** In how many steps a run that swings is back; 0 where it is not. */
function periodOf(points: Float64Array): number {
  const count = points.length / 2;
  const window = max(4, floor(count / 4));
  const begin = count - window;
  const most = min(MAX_PERIOD, window, begin);
  if (most < 2) return 0;
  const whole = covered(points, begin, count);
  const half = floor(window / 2);
  const late = covered(points, count - half - 1, count);
  const drift = Math.abs(late - covered(points, begin, begin + half + 1));
  if (drift > DRIFT_TOLERANCE * late) return 0;
  for (let period = 2; period <= most; period++) {
    let apart = 0;
    for (let i = 2 * begin; i < points.length; i += 2) {
      const j = i - 2 * period;
      apart = max(apart, hypot(points[i]! - points[j]!, points[i + 1]! - points[j + 1]!));
    }
    const goesRound = covered(points, count - period - 1, count) >= (1 - DRIFT_TOLERANCE) * whole;
    if (apart <= RETURN_TOLERANCE * whole && goesRound) return period;
  }
  return 0;
}

/** Basins: where descent from each point of a frame ends, as core/descent/maps.py finds them. */

import { DIVERGED, MERGE_RADIUS, NEIGHBOURHOOD, UNSETTLED } from "../generated.ts";
import type { CriticalPoint, Frame, Pair } from "../types.ts";
import { states, type Descent, type Rules } from "./descent.ts";
import { distinct, eigenvalues, isolated, kindOf, polish } from "./critical_points.ts";
import { interpolate } from "./interval.ts";
import type { Loss } from "./loss.ts";
import { distances, reach, tolerance } from "./verdict.ts";

/** So many runs are made at a time, and so many updates between two pauses. */
const BLOCK = 512;
const PAUSE = 4096;
/** So many places are a valley, of which no single point is special; Python looks at more. */
const MOST = 400;

export interface Basins {
  readonly size: number;
  /** For starts at the middles of equal cells, from the lowest row up: a destination or a label. */
  readonly labels: Int16Array;
  /** What runs came to, the lowest first. */
  readonly destinations: readonly CriticalPoint[];
}

/** The square of the frame in which runs end: the first end, and the starts. */
interface Square {
  readonly end: Pair;
  readonly starts: number[];
}

/**
 * Find the basins, a few milliseconds of work between two `yield`s, each of which tells the share
 * that is done.
 */
export function* basins(
  loss: Loss,
  rules: Rules,
  descent: Descent,
  { x, y }: Frame,
  size = 96,
): Generator<number, Basins> {
  const total = size * size;
  const labels = new Int16Array(total).fill(UNSETTLED);
  const diagonal = Math.hypot(x[1] - x[0], y[1] - y[0]);
  const cell = MERGE_RADIUS * diagonal;
  const squares = new Map<string, Square>();
  for (let first = 0; first < total; first += BLOCK) {
    const n = Math.min(BLOCK, total - first);
    const starts = new Float64Array(2 * n);
    for (let i = 0; i < n; i++) {
      starts[i] = interpolate(x, (((first + i) % size) + 0.5) / size);
      starts[i + n] = interpolate(y, (Math.floor((first + i) / size) + 0.5) / size);
    }
    const work = endsOf(loss, rules, descent, starts, (i, end) => {
      if (!end) return void (labels[first + i] = DIVERGED);
      const key = `${Math.round(end[0] / cell)} ${Math.round(end[1] / cell)}`;
      if (!squares.has(key)) squares.set(key, { end, starts: [] });
      squares.get(key)!.starts.push(first + i);
    });
    for (const part of work) yield (first + n * part) / (total + BLOCK);
  }

  const polished: { point: Pair; starts: number[] }[] = [];
  for (const { end, starts } of squares.values()) {
    const point = polish(loss, end, reach(loss));
    if (point) polished.push({ point, starts });
    if (polished.length % 8 === 0) yield total / (total + BLOCK);
  }
  const kept = distinct(polished.map(({ point }) => point), cell);
  const alone = kept.length > MOST ? [] : isolated(loss, kept, diagonal * NEIGHBOURHOOD);
  const destinations = alone.map((point) => describe(loss, point)).sort(inOrder);
  destinations.forEach(({ point: [a, b] }, number) => {
    for (const { point, starts } of polished) {
      if (Math.hypot(point[0] - a, point[1] - b) >= cell) continue;
      for (const start of starts) labels[start] = number;
    }
  });
  return { size, labels, destinations };
}

/** Tell where runs settle, nothing for those that leave; between two pauses the share done. */
function* endsOf(
  loss: Loss,
  rules: Rules,
  descent: Descent,
  starts: Float64Array,
  tell: (run: number, end?: Pair) => void,
): Generator<number, void> {
  const n = starts.length / 2;
  const small = tolerance(loss);
  const { distance, limit } = distances(loss);
  const slope = (gradient: Float64Array, i: number) => Math.hypot(gradient[i]!, gradient[i + n]!);
  let ends = starts;
  let slopes = starts;
  let step = 0;
  for (const { values, gradient } of states(loss, rules, descent, starts)) {
    if (step === descent.steps) [ends, slopes] = [values["theta"]!.slice(), gradient.slice()];
    if (step > descent.steps) {
      const losses = loss.over.value(ends.subarray(0, n), ends.subarray(n))[0]!;
      for (let i = 0; i < n; i++) {
        const end: Pair = [ends[i]!, ends[i + n]!];
        const isFar = !(distance(...end) <= limit(starts[i]!, starts[i + n]!));
        if (isFar || !isFinite(losses[i]!) || !isFinite(slope(slopes, i))) tell(i);
        else if (slope(slopes, i) < small && slope(gradient, i) < small) tell(i, end);
      }
    }
    if (++step % Math.ceil(PAUSE / n) === 0) yield step / (descent.steps + 2);
  }
}

/** By their losses, as far as rounding lets them differ. */
function inOrder(a: CriticalPoint, b: CriticalPoint): number {
  const [first, second] = [a, b].map(({ loss, point }) => [+loss.toPrecision(9), ...point]);
  const differing = first!.findIndex((part, i) => part !== second![i]);
  return differing < 0 ? 0 : first![differing]! - second![differing]!;
}

/** What is to be known of a critical point. */
function describe(loss: Loss, point: Pair): CriticalPoint {
  const { xlim, ylim } = loss.data;
  const away = NEIGHBOURHOOD * Math.hypot(xlim[1] - xlim[0], ylim[1] - ylim[0]);
  const kind = kindOf(loss, point, 0, away);
  const largest = eigenvalues(loss.hessian(...point))[1];
  return {
    point,
    // A point on a plain would not be isolated.
    kind: kind === "flat" ? "saddle" : kind,
    loss: loss.value(...point),
    ...(kind === "minimum" && largest > 0 && { stable: 2 / largest }),
  };
}

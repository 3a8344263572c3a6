/** Basins: where descent from each point of a frame ends, as core/descent/maps.py finds them. */

import type { CriticalPoint, Pair } from "../types.ts";
import { states, type Descent, type Rules } from "./descent.ts";
import { AROUND, distinct, eigenvalues, isolated, kindOf, polish } from "./critical_points.ts";
import type { Loss } from "./loss.ts";
import { distances, reach, tolerance } from "./verdict.ts";

/** So many runs are made at a time, and so many updates between two pauses. */
const BLOCK = 512;
const PAUSE = 4096;
/** Ends that are closer than this share of the frame's diagonal have come to one point. */
const SAME = 2e-3;
const MOST = 400;

/** Labels of starts that came to no single point, and of those that left. */
export const UNSETTLED = -1;
export const DIVERGED = -2;

export interface Basins {
  readonly size: number;
  /** For starts at the middles of equal cells, from the lowest row up: a destination or a label. */
  readonly labels: Int16Array;
  /** What runs came to, the lowest first. */
  readonly destinations: readonly CriticalPoint[];
}

/**
 * Find the basins, a few milliseconds of work between two `yield`s, each of which tells the share
 * that is done.
 */
export function* basins(
  loss: Loss,
  rules: Rules,
  descent: Descent,
  frame: { readonly x: Pair; readonly y: Pair },
  size = 96,
): Generator<number, Basins> {
  const total = size * size;
  const labels = new Int16Array(total).fill(UNSETTLED);
  const small = tolerance(loss);
  const { distance, limit } = distances(loss);
  const middle = ([low, high]: Pair, i: number) => low + ((i + 0.5) / size) * (high - low);
  const cell = SAME * Math.hypot(frame.x[1] - frame.x[0], frame.y[1] - frame.y[0]);
  /** Ends by the square that they lie in: the first of them, and the starts. */
  const squares = new Map<string, { end: Pair; starts: number[] }>();

  for (let first = 0; first < total; first += BLOCK) {
    const n = Math.min(BLOCK, total - first);
    const starts = new Float64Array(2 * n);
    for (let i = 0; i < n; i++) {
      starts[i] = middle(frame.x, (first + i) % size);
      starts[i + n] = middle(frame.y, Math.floor((first + i) / size));
    }
    let ends = starts;
    let slopes = starts;
    let step = 0;
    for (const { values, gradient } of states(loss, rules, descent, starts)) {
      if (step === descent.steps) [ends, slopes] = [values["theta"]!.slice(), gradient.slice()];
      if (step > descent.steps) {
        const losses = loss.over.value(ends.subarray(0, n), ends.subarray(n))[0]!;
        for (let i = 0; i < n; i++) {
          const [x, y] = [ends[i]!, ends[i + n]!];
          const slope = Math.hypot(slopes[i]!, slopes[i + n]!);
          const far = !(distance(x, y) <= limit(starts[i]!, starts[i + n]!));
          if (far || !isFinite(losses[i]!) || !isFinite(slope)) labels[first + i] = DIVERGED;
          else if (slope < small && Math.hypot(gradient[i]!, gradient[i + n]!) < small) {
            const key = `${Math.round(x / cell)} ${Math.round(y / cell)}`;
            const square = squares.get(key) ?? { end: [x, y], starts: [] };
            square.starts.push(first + i);
            squares.set(key, square);
          }
        }
      }
      if (++step % Math.ceil(PAUSE / n) === 0) {
        yield (first + (n * step) / (descent.steps + 2)) / (total + BLOCK);
      }
    }
  }

  const polished: { point: Pair; starts: number[] }[] = [];
  for (const { end, starts } of squares.values()) {
    const point = polish(loss, end, reach(loss));
    if (point) polished.push({ point, starts });
    if (polished.length % 8 === 0) yield total / (total + BLOCK);
  }
  const kept = distinct(polished.map(({ point }) => point), cell);
  // So many are a valley, of which no single point is special.
  const alone = kept.length > MOST ? [] : isolated(loss, kept, (cell / SAME) * AROUND);
  const destinations = alone.map((point) => describe(loss, point)).sort(inOrder);
  destinations.forEach(({ point: [x, y] }, number) => {
    for (const { point, starts } of polished) {
      if (Math.hypot(point[0] - x, point[1] - y) < cell) {
        for (const start of starts) labels[start] = number;
      }
    }
  });
  return { size, labels, destinations };
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
  const away = AROUND * Math.hypot(xlim[1] - xlim[0], ylim[1] - ylim[0]);
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

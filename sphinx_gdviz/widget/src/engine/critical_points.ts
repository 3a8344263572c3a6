/** Critical points, and what kind of point a place is: core/descent/critical_points.py at one point. */

import {
  CURVATURE_TOLERANCE,
  DIRECTIONS,
  FEWEST_ZOOMS,
  FLAT_CURVATURE,
  GRADIENT_TOLERANCE,
  KINK_ANGLE,
  KINK_RADIUS,
  KINK_TOLERANCE,
  MAX_ITERATIONS,
  NEWTON_TOLERANCE,
  ROUNDING,
  ZOOMS,
} from "../generated.ts";
import type { CriticalPoint, Pair } from "../types.ts";
import type { Loss } from "./loss.ts";

type OfPoint = (x: number, y: number) => number;

const { hypot, abs, min, max } = Math;

/** The larger and the smaller eigenvalue of a Hessian, the smaller one first. */
export function eigenvalues(hessian: readonly number[]): Pair {
  const [xx, xy, yy] = hessian as [number, number, number];
  const middle = (xx + yy) / 2;
  const half = hypot((xx - yy) / 2, xy);
  return [middle - half, middle + half];
}

/** The centre of the domain, and its half-diagonal. */
export function domain({ data: { xlim, ylim } }: Loss): { centre: Pair; radius: number } {
  return {
    centre: [(xlim[0] + xlim[1]) / 2, (ylim[0] + ylim[1]) / 2],
    radius: hypot((xlim[1] - xlim[0]) / 2, (ylim[1] - ylim[0]) / 2),
  };
}

/** A value, infinite where it is nan. */
const defined = (value: number) => (value !== value ? Infinity : value);

/** The gradient norm, infinite where there is none. */
const slopeOf =
  (loss: Loss): OfPoint =>
  (x, y) =>
    defined(hypot(...loss.gradient(x, y)));

/** The values of a function on a circle around a point. */
function around(f: OfPoint, [x, y]: Pair, away: number, count = DIRECTIONS, from = 0): number[] {
  return Array.from({ length: count }, (_, i) => {
    const angle = from + (2 * Math.PI * i) / count;
    return f(x + away * Math.cos(angle), y + away * Math.sin(angle));
  });
}

const largest = (slopes: number[]) => max(0, ...slopes.filter(isFinite));

/** How low a function comes on the circle around a point. */
function lowestAround(f: OfPoint, [x, y]: Pair, away: number, zooms: number): number {
  const values = around(f, [x, y], away);
  let lowest = Infinity;
  values.forEach((value, direction) => {
    const before = values.at(direction - 1)!;
    if (value > before || value > values[(direction + 1) % DIRECTIONS]!) return;
    let width = (2 * Math.PI) / DIRECTIONS;
    let angle = direction * width;
    for (let zoom = 0; zoom < zooms; zoom++) {
      const middle = angle;
      value = Infinity;
      for (let i = -16; i <= 16; i++) {
        const tried = middle + (i * width) / 16;
        const found = f(x + away * Math.cos(tried), y + away * Math.sin(tried));
        if (found < value) [value, angle] = [found, tried];
      }
      width /= 16;
    }
    lowest = min(lowest, value);
  });
  return lowest;
}

/** The eigenvalues of the Hessian; nan where the gradient jumps, or where there is none. */
function curvatures(loss: Loss, point: Pair, slope: number, away: number): Pair {
  const found = eigenvalues(loss.hessian(...point));
  const slopes = slopeOf(loss);
  const close = min(...around(slopes, point, KINK_RADIUS * away, 3, KINK_ANGLE));
  const far = largest(around(slopes, point, away, 3, KINK_ANGLE));
  return close > 2 * slope + KINK_TOLERANCE * far || !isFinite(found[0] + found[1]) ? [NaN, NaN] : found;
}

/** What kind of point it is where the gradient norm is `slope`, as good as zero. */
export function kindOf(
  loss: Loss,
  point: Pair,
  slope: number,
  away: number,
): CriticalPoint["kind"] | "flat" {
  const [low, high] = curvatures(loss, point, slope, away);
  let up = low > FLAT_CURVATURE;
  let down = high < -FLAT_CURVATURE;
  if (!up && !down) {
    up = down = low < -FLAT_CURVATURE && high > FLAT_CURVATURE;
    if (!up) {
      const here = loss.value(...point);
      const values = [here, ...around(loss.value, point, away)];
      const span = max(...values) - min(...values);
      const noise = 1e-12 * abs(here) + 1e-6 * span;
      if (span > 4 * away * slope) {
        const lowest = (sign: number) =>
          lowestAround((x, y) => defined(sign * loss.value(x, y)), point, away, FEWEST_ZOOMS);
        down = lowest(1) < here - noise;
        up = -lowest(-1) > here + noise;
      }
    }
  }
  return up ? (down ? "saddle" : "minimum") : down ? "maximum" : "flat";
}

/** Where Newton's method for a zero gradient comes to, with no step longer than `reach`. */
function newton(loss: Loss, [x, y]: Pair, reach: number): Pair {
  for (let i = 0; i < MAX_ITERATIONS; i++) {
    const [gx, gy] = loss.gradient(x, y) as [number, number];
    const [xx, xy, yy] = loss.hessian(x, y) as [number, number, number];
    const determinant = xx * yy - xy * xy;
    let dx = (yy * gx - xy * gy) / determinant;
    let dy = (xx * gy - xy * gx) / determinant;
    if (!isFinite(dx + dy)) {
      const along = (gx ** 2 + gy ** 2) / (gx ** 2 * xx + 2 * gx * gy * xy + gy ** 2 * yy);
      dx = along * gx;
      dy = along * gy;
    }
    const length = hypot(dx, dy);
    if (!(length > NEWTON_TOLERANCE * reach)) break;
    const share = min(1, reach / length);
    x -= share * dx;
    y -= share * dy;
  }
  return [x, y];
}

/** The critical point that Newton's method comes to, if it is near. */
export function polish(loss: Loss, point: Pair, reach: number): Pair | null {
  const end = newton(loss, point, reach);
  const [low, high] = eigenvalues(loss.hessian(...end));
  const critical = hypot(...loss.gradient(...end)) <= GRADIENT_TOLERANCE * reach * max(abs(low), abs(high));
  const near = hypot(end[0] - point[0], end[1] - point[1]) <= reach;
  const rounded = (part: number) => (abs(part) < ROUNDING * reach ? 0 : part);
  return critical && near ? [rounded(end[0]), rounded(end[1])] : null;
}

/** To which point a run has come whose gradient is small, and what kind of point it is. */
export function settledAt(loss: Loss, end: Pair, gradient: readonly number[], reach: number) {
  const polished = polish(loss, end, reach);
  const point = polished ?? end;
  let place = kindOf(loss, point, polished ? 0 : hypot(...gradient), 0.01 * domain(loss).radius);
  if (!polished) {
    // Curved, and yet without a critical point: the tail of an exponential, say.
    const curved = min(...eigenvalues(loss.hessian(...point)).map(abs)) > FLAT_CURVATURE;
    if (place !== "minimum" || curved) place = "flat";
  }
  return { point, place };
}

/** Of critical points those that do not lie on a line or a plain of them. */
export function isolated(loss: Loss, points: readonly Pair[], away: number): Pair[] {
  const slopes = slopeOf(loss);
  const sure: Pair[] = [];
  const doubtful: Pair[] = [];
  for (const point of points) {
    const circle = around(slopes, point, away);
    const steepest = largest(circle);
    if (!(slopes(...point) <= GRADIENT_TOLERANCE * steepest)) continue;
    const [low, high] = eigenvalues(loss.hessian(...point));
    if (min(abs(low), abs(high)) * away > CURVATURE_TOLERANCE * steepest) sure.push(point);
    else if (min(...circle) > GRADIENT_TOLERANCE * steepest) doubtful.push(point);
  }
  const alone = distinct(doubtful, away).filter(
    (point) =>
      lowestAround(slopes, point, away, ZOOMS) > GRADIENT_TOLERANCE * largest(around(slopes, point, away)),
  );
  return [...sure, ...alone];
}

/** The first of each group of points that lie within `apart` of each other. */
export function distinct(points: readonly Pair[], apart: number): Pair[] {
  const chosen: Pair[] = [];
  for (const [x, y] of points) {
    if (chosen.every(([u, v]) => hypot(x - u, y - v) > apart)) chosen.push([x, y]);
  }
  return chosen;
}

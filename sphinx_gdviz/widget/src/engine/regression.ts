/** Models: the mean, over rows of data, of what the line θ₁ + θ₂x makes of each. */

import type { Rows } from "../types.ts";

export type Gradient = (x: number, y: number) => number[];

/** What a row (x, y) adds, as a function of t = θ₁ + θ₂x and y, and its derivatives by t. */
type Parts = readonly [value: Part, slope: Part, curvature: Part];
type Part = (t: number, y: number) => number;

const sigmoid = (t: number) => 1 / (1 + Math.exp(-t));

const PARTS: Record<Rows["model"], Parts> = {
  "least-squares": [(t, y) => (t - y) ** 2, (t, y) => 2 * (t - y), () => 2],
  logistic: [
    // log(1 + exp t) without overflow, for t or −t.
    (t, y) => Math.log1p(Math.exp(-Math.abs(t))) + Math.max(y ? -t : t, 0),
    (t, y) => (y ? -sigmoid(-t) : sigmoid(t)),
    (t) => sigmoid(t) * sigmoid(-t),
  ],
};

/** The loss of a model with its derivatives; `batch` is the gradient over a few of the rows. */
export function modelOf({ model, x, y }: Rows) {
  /** The means of a part times x to the powers 0, 1, … */
  const means =
    (part: Part, powers: number, rows: ArrayLike<number>): Gradient =>
    (a, b) => {
      const sums = new Array<number>(powers).fill(0);
      for (let i = 0; i < rows.length; i++) {
        const at = x[rows[i]!]!;
        let term = part(a + b * at, y[rows[i]!]!) / rows.length;
        for (let power = 0; power < powers; power++, term *= at) sums[power]! += term;
      }
      return sums;
    };
  const [value, slope, curvature] = PARTS[model];
  const all = x.map((_, row) => row);
  const found = {
    value: means(value, 1, all),
    gradient: means(slope, 2, all),
    hessian: means(curvature, 3, all),
    batch: (rows: ArrayLike<number>) => means(slope, 2, rows),
  };
  if (model === "logistic") return found;

  // Least squares need no row: by distances from the minimum, as in core/losses/regression.py.
  const mean = (f: (row: number) => number) =>
    all.reduce((sum, row) => sum + f(row), 0) / all.length;
  const middle = mean((row) => x[row]!);
  const variance = mean((row) => (x[row]! - middle) ** 2);
  const rise = mean((row) => (x[row]! - middle) * y[row]!) / variance;
  const base = mean((row) => y[row]! - rise * x[row]!);
  const [least] = found.value(base, rise) as [number];
  return {
    ...found,
    value: (a: number, b: number) => [
      least + (a - base + middle * (b - rise)) ** 2 + variance * (b - rise) ** 2,
    ],
    gradient(a: number, b: number) {
      const first = 2 * (a - base + middle * (b - rise));
      return [first, middle * first + 2 * variance * (b - rise)];
    },
  };
}

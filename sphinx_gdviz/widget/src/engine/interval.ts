/** Numbers in an interval. */

import type { Pair } from "../types.ts";

/** The nearest number that is not below one and not above another; nan stays nan. */
export const clamp = (value: number, low: number, high: number) =>
  value < low ? low : value > high ? high : value;

/** Where a value lies in an interval: 0 at its low end, 1 at its high one. */
export const normalize = ([low, high]: Pair, value: number) => (value - low) / (high - low);

/** The inverse of {@link normalize}. */
export const interpolate = ([low, high]: Pair, place: number) => low + place * (high - low);

/** How losses are spread over isolines, colours and heights: as in `core/scale.py`. */

import { TINY } from "../generated.ts";
import type { Pair, ScaleData } from "../types.ts";
import { evenTicks } from "./ticks.ts";

/** A monotone map from losses to the unit interval: 0 at its low end and 1 at its high one. */
export interface Scale {
  /** Where a loss lies; nan where it is not finite. */
  readonly normalize: (loss: number) => number;
  /** Round losses within the range, about `count` of them, not too close on the scale. */
  readonly ticks: (count: number) => number[];
}

/** The scale of such data; with its low end for a threshold it is the logarithm itself. */
export function scaleOf({ low, high, linearThreshold }: ScaleData): Scale {
  const threshold = linearThreshold && Math.max(TINY, linearThreshold);
  const isFlat = !(high - low > Math.max(TINY, 1e-13 * Math.max(Math.abs(low), Math.abs(high))));
  // Below the low end, where a path may go between points of the grid, it goes on straight.
  const bend = (excess: number) =>
    threshold ? (excess < 0 ? excess / threshold : Math.log1p(excess / threshold)) : excess;
  const span = bend(high - low);
  const normalize = (loss: number) => (isFinite(loss) ? (isFlat ? 0.5 : bend(loss - low) / span) : NaN);
  const ticks = (count: number): number[] => {
    if (isFlat) return [Math.abs(low) < TINY ? 0 : low];
    if (!threshold) return evenTicks(low, high, count);
    const chosen: number[] = [];
    const choose = (tick: number) => {
      const place = normalize(tick);
      const isFar = chosen.every((other) => Math.abs(place - normalize(other)) >= 0.8 / count);
      if (isFar && place > -1e-9 && place < 1 + 1e-9) chosen.push(tick);
    };
    choose(0);
    const most = Math.ceil(Math.log10(Math.max(-low, high)));
    for (const digit of [1, 5, 2]) {
      for (let power = most; 10 ** power > threshold / count; power--) {
        choose(+`${digit}e${power}`);
        choose(-`${digit}e${power}`);
      }
    }
    return chosen;
  };
  return { normalize, ticks };
}

/** The scale of a parameter, or of a count. */
export const linear = ([low, high]: Pair) => scaleOf({ low, high, linearThreshold: null });

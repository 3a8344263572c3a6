/** How losses are spread over isolines, colours and heights: as in `draw/scale.py`. */

import { evenTicks } from "./ticks.ts";

/** A monotone map from losses to shares of a range, 0 at its low end and 1 at its high one. */
export interface Scale {
  /** Where a loss lies; nan where it is not finite. */
  readonly share: (loss: number) => number;
  /** Round losses within the range, about `count` of them, not too close on the scale. */
  readonly ticks: (count: number) => number[];
}

/** Linear, or log(1 + (loss − low) / knee): with low for the knee, it is the logarithm itself. */
export function scaleOf(low: number, high: number, knee: number | null): Scale {
  const isFlat = !(high - low > 1e-13 * Math.max(Math.abs(low), Math.abs(high)));
  // Below the low end, where a path may go between points of the grid, it goes on straight.
  const bend = (excess: number) =>
    knee ? (excess < 0 ? excess / knee : Math.log1p(excess / knee)) : excess;
  const span = bend(high - low);
  const share = (loss: number) => (isFinite(loss) ? (isFlat ? 0.5 : bend(loss - low) / span) : NaN);
  const ticks = (count: number): number[] => {
    if (isFlat) return [low];
    if (!knee) return evenTicks(low, high, count);
    const chosen: number[] = [];
    const choose = (tick: number) => {
      const place = share(tick);
      const isFar = chosen.every((other) => Math.abs(place - share(other)) >= 0.8 / count);
      if (isFar && place > -1e-9 && place < 1 + 1e-9) chosen.push(tick);
    };
    choose(0);
    const most = Math.ceil(Math.log10(Math.max(-low, high)));
    for (const digit of [1, 5, 2]) {
      for (let power = most; power > Math.log10(knee / count); power--) {
        choose(+`${digit}e${power}`);
        choose(-`${digit}e${power}`);
      }
    }
    return chosen;
  };
  return { share, ticks };
}

/** The scale with these isolines, evenly spaced strictly between its ends; none of a flat loss. */
export function scaleThrough(levels: readonly number[], knee: number | null): Scale {
  const [first = 0, second = first] = levels;
  const count = levels.length;
  if (!knee) return scaleOf(2 * first - second, first + count * (second - first), knee);
  // With a constant added, the losses are a geometric row.
  const ratio = (1 + Math.sqrt(1 + (4 * (second - first)) / knee)) / 2;
  const low = first - knee * (ratio - 1);
  return scaleOf(low, low + knee * (ratio ** (count + 1) - 1), knee);
}

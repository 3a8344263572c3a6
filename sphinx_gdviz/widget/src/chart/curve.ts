/** Curves against the step: loss, gradient norm or rate of several runs, with a moving mark. */

import { CASING, DECADES, SPARSE } from "../generated.ts";
import { drawFrame, plotArea } from "./axes.ts";
import { addLine, addShape, begin, drawShape, type Size, stroke } from "./pen.ts";
import { linear, scaleOf } from "./scale.ts";
import { CIRCLE, CROSS, LINE, type Look, type Theme } from "./theme.ts";

/** The values of one run, one for each step; those after one that is not finite are not shown. */
export interface Series {
  readonly values: ArrayLike<number>;
  /** Number of the first value's step: 0 for losses, 1 for the rates that steps are made with. */
  readonly first: number;
  readonly look: Look;
}

/** What a panel of curves shows. */
export interface CurvePicture extends Size {
  readonly series: readonly Series[];
  /** The last step of the axis. */
  readonly steps: number;
  readonly log: boolean;
  /** The current step, which marks stand at; negative for none. */
  readonly step: number;
  readonly theme: Theme;
  /** Names of the step and of what is shown. */
  readonly names: readonly [string, string];
}

/** Values before the first that is not finite. */
function soundOf({ values }: Series): number[] {
  const all = Array.from(values);
  const bad = all.findIndex((value) => !isFinite(value));
  return bad < 0 ? all : all.slice(0, bad);
}

/** All values in order. */
const sorted = (series: readonly Series[]) => series.flatMap(soundOf).sort((a, b) => a - b);

/** Whether a log axis suits such values. */
export function suitsLog(series: readonly Series[]): boolean {
  const values = sorted(series).filter((value) => value);
  return values[0]! > 0 && Math.log10(values[values.length - 1]! / values[0]!) > DECADES;
}

/** Draw the panel. */
export function drawCurve(canvas: HTMLCanvasElement, picture: CurvePicture): void {
  const { series, steps, theme, names, step, width, height } = picture;
  const context = begin(canvas, picture);
  const values = sorted(series);
  let [low, high] = [values[0] ?? 0, values[values.length - 1] ?? 1];
  let linearThreshold: number | null = null;
  const least = values.find((value) => value > (low < 0 ? low : 0));
  if (picture.log && high > low && least !== undefined) {
    // The logarithm itself; where values may be negative, that of the excess over the lowest one.
    linearThreshold = low < 0 ? least - low : (low = least);
  }
  const scale = scaleOf({ low, high, linearThreshold });
  const count = linear([0, steps]);
  const inset = (share: number) => 0.04 + 0.92 * share;
  const area = plotArea(width, height, theme);
  const ticks = count.ticks(5).filter(Number.isInteger);
  const below = { scale: count, name: names[0], ticks, place: inset };
  drawFrame(context, theme, area, below, { scale, name: names[1], place: inset }, true);
  const [left, top, wide, tall] = area;
  const toX = (at: number) => left + inset(count.normalize(at)) * wide;
  const toY = (value: number) => top + (1 - inset(Math.max(0, scale.normalize(value)))) * tall;
  if (step >= 0) {
    context.beginPath();
    addLine(context, [
      [toX(step), top],
      [toX(step), top + tall],
    ]);
    stroke(context, theme.foreground, 0.6);
  }
  for (const run of series) {
    const { look, first } = run;
    const spots = soundOf(run).map((value, i) => [toX(first + i), toY(value)] as const);
    const last = spots.length - 1;
    context.beginPath();
    spots.forEach((spot) => context.lineTo(...spot));
    stroke(context, look.colour, LINE, look.dashes);
    context.beginPath();
    const stride = last < SPARSE ? 1 : Math.ceil(steps / 12);
    spots.forEach(
      (spot, i) => i % stride || addShape(context, look.shape, spot, stride > 1 ? 5 : 3.6),
    );
    context.fillStyle = look.colour;
    context.fill();
    if (spots[0] && first + last < steps)
      drawShape(context, CROSS, spots[last]!, 9, "", look.colour, 2);
    const now = spots[step - first];
    if (now) drawShape(context, CIRCLE, now, 9.4, look.colour, CASING, 1.5);
  }
}

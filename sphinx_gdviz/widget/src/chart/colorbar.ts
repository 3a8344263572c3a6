/** The colour bar: which colour stands for which loss. */

import { palette } from "./palette.ts";
import { drawFrame } from "./axes.ts";
import type { Field } from "./field.ts";
import { begin, type Size } from "./pen.ts";
import type { Theme } from "./theme.ts";

/** Height of the bar, in letters. */
const BAR = 0.9;
/** Room at its ends, for numbers that stand beyond them. */
const AIR = 2;

/** Draw the bar, its losses from left to right. */
export function drawColorbar(
  canvas: HTMLCanvasElement,
  { bands, scale }: Field,
  theme: Theme,
  name: string,
  width: number,
): void {
  const { size } = theme;
  const picture: Size = { width, height: Math.round(4.2 * size) };
  const context = begin(canvas, picture);
  const [left, wide, high] = [AIR * size, width - 2 * AIR * size, BAR * size];
  const colours = palette(bands);
  for (let band = 0; band < bands; band++) {
    // Each lies over the end of the one before, so that no paper shows between them.
    const at = (band / bands) * wide;
    context.fillStyle = `rgb(${colours.slice(3 * band, 3 * band + 3).join()})`;
    context.fillRect(left + at, 1, wide - at, high);
  }
  drawFrame(context, theme, [left, 1, wide, high], { scale, name }, { scale, name: "", ticks: [] });
}

/** The colour bar: which colour stands for which loss. */

import { drawFrame } from "./axes.ts";
import type { Field } from "./field.ts";
import { begin, type Size } from "./pen.ts";
import type { Theme } from "./theme.ts";

/** Height of the bar, in letters. */
const BAR = 0.9;
/** Padding at its ends, for numbers that stand beyond them. */
const PADDING = 2;

/** Draw the bar, its losses from left to right. */
export function drawColorbar(
  canvas: HTMLCanvasElement,
  { palette, scale }: Field,
  theme: Theme,
  name: string,
  width: number,
): void {
  const { size } = theme;
  const picture: Size = { width, height: Math.round(4.2 * size) };
  const context = begin(canvas, picture);
  const [left, wide, high] = [PADDING * size, width - 2 * PADDING * size, BAR * size];
  const bands = palette.length / 3;
  for (let band = 0; band < bands; band++) {
    // Each lies over the end of the one before, so that no background shows between them.
    const at = (band / bands) * wide;
    context.fillStyle = `rgb(${palette.slice(3 * band, 3 * band + 3).join()})`;
    context.fillRect(left + at, 1, wide - at, high);
  }
  drawFrame(context, theme, [left, 1, wide, high], { scale, name }, { scale, name: "", ticks: [] });
}

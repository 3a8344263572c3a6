/** Marks of critical points: which shape stands for which kind. */

import type { CriticalPoint } from "../types.ts";
import { type Context, drawShape, type Spot } from "./pen.ts";
import { DIAMOND, DOWN, FIELD, MARK, UP } from "./theme.ts";

/** A triangle that points down for a low point, up for a high one, and a diamond between. */
const SHAPES = { minimum: DOWN, saddle: DIAMOND, maximum: UP };

export function drawCritical(context: Context, kind: CriticalPoint["kind"], spot: Spot): void {
  drawShape(context, SHAPES[kind], spot, 9, FIELD, MARK, 1.1);
}

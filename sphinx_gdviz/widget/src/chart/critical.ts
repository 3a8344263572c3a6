/** Marks of critical points: which shape stands for which kind. */

import { CRITICAL_MARKERS, FIELD, MARK } from "../generated.ts";
import type { CriticalPoint } from "../types.ts";
import { type Context, drawShape, type Spot } from "./pen.ts";
import { SHAPES } from "./theme.ts";

export function drawCritical(context: Context, kind: CriticalPoint["kind"], spot: Spot): void {
  drawShape(context, SHAPES[CRITICAL_MARKERS[kind]], spot, 9, FIELD, MARK, 1.1);
}

/** The loss over a frame: normalized heights on a grid. */

import { clamp } from "../engine/interval.ts";
import { HEIGHT, MARGIN } from "../generated.ts";
import type { Frame, ScaleData } from "../types.ts";
import type { Channels } from "./palette.ts";
import { type Scale, scaleOf } from "./scale.ts";

/** Losses at n × n points of a frame, row after row from the lowest y, each from the lowest x. */
export interface Grid extends Frame {
  readonly n: number;
  readonly z: Float64Array;
}

export interface Field extends Frame {
  readonly n: number;
  readonly scale: Scale;
  /** A colour for each of the bands that isolines cut the scale into, from the lowest. */
  readonly palette: Channels;
  /** Where the losses of the grid lie on the scale; nan where they are not finite. */
  readonly heights: Float32Array;
}

/** The field of a figure, with colours for the bands that isolines cut the scale into. */
export function fieldOf({ x, y, n, z }: Grid, data: ScaleData, palette: Channels): Field {
  const scale = scaleOf(data);
  return { x, y, n, scale, palette, heights: new Float32Array(z.map(scale.normalize)) };
}

/** Where the loss lies on the scale at a place in the frame, 0 to 1 across and up. */
export function lookUp({ n, heights }: Field, across: number, up: number): number {
  const x = clamp(across, 0, 1) * (n - 1);
  const y = clamp(up, 0, 1) * (n - 1);
  const column = Math.min(x | 0, n - 2);
  const row = Math.min(y | 0, n - 2);
  const i = row * n + column;
  const low = heights[i]! + (x - column) * (heights[i + 1]! - heights[i]!);
  const high = heights[i + n]! + (x - column) * (heights[i + n + 1]! - heights[i + n]!);
  return low + (y - row) * (high - low);
}

/** Height in the box of a normalized loss, at most its ceiling. */
export const heightOf = (normalized: number) =>
  ((clamp(normalized, -MARGIN, 1 + MARGIN) + MARGIN) / (1 + 2 * MARGIN)) * HEIGHT;

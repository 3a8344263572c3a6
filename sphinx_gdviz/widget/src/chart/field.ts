/** The loss over a frame: heights on a grid, as shares of a scale. */

import { clamp } from "../engine/interval.ts";
import type { Frame } from "../types.ts";
import { HEIGHT } from "./camera.ts";
import { type Scale, scaleThrough } from "./scale.ts";

/** Air between the surface and the box's floor and ceiling, as a share of the scale. */
export const MARGIN = 0.05;

/** Losses at n × n points of a frame, row after row from the lowest y, each from the lowest x. */
export interface Grid extends Frame {
  readonly n: number;
  readonly z: Float64Array;
}

export interface Field extends Frame {
  readonly n: number;
  readonly scale: Scale;
  /** Pieces that the isolines cut the scale into. */
  readonly bands: number;
  /** Where the losses of the grid lie on the scale; nan where they are not finite. */
  readonly shares: Float32Array;
}

/** The field of a figure with these isolines; heights and colours are linear without a knee. */
export function fieldOf(grid: Grid, levels: readonly number[], knee: number | null): Field {
  const { x, y, n, z } = grid;
  const scale = scaleThrough(levels, knee);
  return { x, y, n, scale, bands: levels.length + 1, shares: new Float32Array(z.map(scale.share)) };
}

/** Where the loss lies on the scale at a point given as shares of the frame's sides. */
export function lookUp({ n, shares }: Field, across: number, up: number): number {
  const x = clamp(across, 0, 1) * (n - 1);
  const y = clamp(up, 0, 1) * (n - 1);
  const column = Math.min(x | 0, n - 2);
  const row = Math.min(y | 0, n - 2);
  const i = row * n + column;
  const low = shares[i]! + (x - column) * (shares[i + 1]! - shares[i]!);
  const high = shares[i + n]! + (x - column) * (shares[i + n + 1]! - shares[i + n]!);
  return low + (y - row) * (high - low);
}

/** Height in the box of a share of the scale, at most its ceiling. */
export const heightOf = (share: number) =>
  ((clamp(share, -MARGIN, 1 + MARGIN) + MARGIN) / (1 + 2 * MARGIN)) * HEIGHT;

/** Colours of losses and of basins, as channels from 0 to 255. */

import { BASIN_COLORS } from "../generated.ts";

export type Channels = readonly number[];

/** Colours of the starts that come to one point, of unsettled ones, and of diverging ones. */
export const BASINS = channels(BASIN_COLORS);
/** So many are for points, and repeat. */
const POINTS = BASIN_COLORS.length - 2;

/** The place among the colours of basins of a label, which is below zero where there is no point. */
export const basinColor = (label: number) => (label < 0 ? POINTS - 1 - label : label % POINTS);

/** Red, green and blue of colours, one after the other. */
export function channels(colors: readonly string[]): Channels {
  return colors.flatMap((color) => color.match(/\w\w/g)!.map((two) => parseInt(two, 16)));
}

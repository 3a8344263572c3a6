/** The edges of plots and boxes: a line with ticks, their numbers, and a name. */

import { addLine, type Context, type Spot, stroke } from "./pen.ts";
import type { Scale } from "./scale.ts";
import { GRID, type Theme } from "./theme.ts";
import { tickLabel } from "./ticks.ts";

/** Places that are taken by text: their middles and sizes. */
export type Taken = (readonly [number, number, number, number])[];

const TICK = 4;
const AIR = 4;

export interface Edge {
  readonly scale: Scale;
  readonly name: string;
  /** Numbers that are marked; the scale's own if there are none. */
  readonly ticks?: readonly number[];
  /** Where a share of the scale is along the edge, if that is not the same. */
  readonly place?: (share: number) => number;
}

/** Numbers along an edge, each with its place from 0 where it begins to 1 where it ends. */
export function ticksOf({ scale, ticks, place }: Edge): [number, number][] {
  return (ticks ?? scale.ticks(5)).map((tick) => {
    const share = scale.normalize(tick);
    return [tick, place ? place(share) : share];
  });
}

/**
 * Draw an edge; `out` points away from what it bounds, straight to the left at an upright one.
 * A number that would stand on other text is left out, and a name moves on.
 */
export function drawEdge(
  context: Context,
  theme: Theme,
  edge: Edge,
  [x0, y0]: Spot,
  [x1, y1]: Spot,
  [outX, outY]: Spot,
  taken: Taken,
): void {
  const isUpright = outX === -1;
  let reach = TICK;
  /** Write text so that it begins at a distance from the edge, if there is room. */
  const write = (text: string, x: number, y: number, from: number, isName: boolean): boolean => {
    context.font = `${theme.size + +isName}px ${theme.font}`;
    context.fillStyle = theme.foreground;
    let [wide, high] = [context.measureText(text).width, theme.size];
    const isTurned = isName && isUpright;
    if (isTurned) [wide, high] = [high, wide];
    const far = from + (Math.abs(outX) * wide + Math.abs(outY) * high) / 2;
    const [left, top] = [x + far * outX, y + far * outY];
    const isFree = taken.every(
      ([a, b, w, h]) => Math.abs(left - a) * 2 > wide + w + AIR || Math.abs(top - b) * 2 > high + h,
    );
    if (isFree) {
      taken.push([left, top, wide, high]);
      context.save();
      context.translate(left, top);
      if (isTurned) context.rotate(-Math.PI / 2);
      context.fillText(text, 0, 0.5);
      context.restore();
      if (!isName) reach = Math.max(reach, 2 * far - from);
    }
    return isFree;
  };
  context.beginPath();
  addLine(context, [
    [x0, y0],
    [x1, y1],
  ]);
  for (const [tick, place] of ticksOf(edge)) {
    const [x, y] = [x0 + place * (x1 - x0), y0 + place * (y1 - y0)];
    addLine(context, [
      [x, y],
      [x + TICK * outX, y + TICK * outY],
    ]);
    write(tickLabel(tick), x, y, TICK + AIR, false);
  }
  stroke(context, theme.foreground, 1);
  for (
    let far = reach + AIR;
    !write(edge.name, (x0 + x1) / 2, (y0 + y1) / 2, far, true);
    far += AIR
  );
}

/** Left, top, width and height. */
export type Area = readonly [number, number, number, number];

/** What numbers and names leave of a canvas. */
export function plotArea(width: number, height: number, { size }: Theme): Area {
  return [5 * size, size, width - 6 * size, height - 4.6 * size];
}

/** Draw the box of a plot and its edges; `grid` lays lines across it. */
export function drawFrame(
  context: Context,
  theme: Theme,
  [left, top, width, height]: Area,
  below: Edge,
  beside: Edge,
  grid = false,
): void {
  const [right, bottom] = [left + width, top + height];
  if (grid) {
    context.beginPath();
    for (const [, place] of ticksOf(below)) {
      const x = left + place * width;
      addLine(context, [
        [x, top],
        [x, bottom],
      ]);
    }
    for (const [, place] of ticksOf(beside)) {
      const y = bottom - place * height;
      addLine(context, [
        [left, y],
        [right, y],
      ]);
    }
    context.globalAlpha = GRID;
    stroke(context, theme.foreground, 0.6);
    context.globalAlpha = 1;
  }
  context.beginPath();
  context.rect(left, top, width, height);
  stroke(context, theme.foreground, 1);
  const taken: Taken = [];
  drawEdge(context, theme, below, [left, bottom], [right, bottom], [0, 1], taken);
  drawEdge(context, theme, beside, [left, bottom], [left, top], [-1, 0], taken);
}

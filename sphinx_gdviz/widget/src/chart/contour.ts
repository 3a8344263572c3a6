/** The loss from above: bands and isolines, or basins; arrows, marks, paths and vectors over it. */

import type { CriticalPoint, Pair } from "../types.ts";
import { BASINS, palette } from "./palette.ts";
import { drawCritical } from "./critical.ts";
import { type Area, drawFrame, plotArea } from "./axes.ts";
import { type Field, type Frame, hold, lookUp, shareOf } from "./field.ts";
import { drawTrace, type Trace } from "./path.ts";
import { begin, type Context, drawArrow, fineness, type Size } from "./pen.ts";
import { FAINT, paint, PALE, room, stamp } from "./raster.ts";
import { scaleOf } from "./scale.ts";
import { FIELD, MARK, type Names, type Theme } from "./theme.ts";

/** Where starts end, in n × n cells of the frame: a number, −1 for unsettled, −2 for diverging. */
export interface Basins {
  readonly n: number;
  readonly labels: ArrayLike<number>;
}

/** An arrow in parameters, with a word at its tip. */
export interface Vector {
  readonly at: Pair;
  readonly by: Pair;
  readonly colour: string;
  readonly label: string;
  /** Where that stands, in quarters of a turn from where the arrow points: 0 is ahead of it. */
  readonly side: number;
}

/** What a contour panel shows. */
export interface ContourPicture extends Size {
  readonly field: Field;
  readonly traces: readonly Trace[];
  readonly points: readonly CriticalPoint[];
  readonly theme: Theme;
  readonly names: Names;
  /** Gradients at {@link arrowPoints}. */
  readonly arrows?: ArrayLike<number> | undefined;
  readonly basins?: Basins | undefined;
  readonly vectors?: readonly Vector[] | undefined;
}

/** Something that draws contours into a canvas, and knows where things are on it. */
export interface Contour {
  draw(this: void, picture: ContourPicture): void;
  /** Pixels of CSS from the canvas' corner, of a point. */
  toPixel(this: void, point: Pair): Pair;
  /** The inverse, held within the frame. */
  toPoint(this: void, pixel: Pair): Pair;
  /** Which trace's start is nearest to a place within so many pixels, −1 for none. */
  startAt(this: void, pixel: Pair, traces: readonly Trace[], within?: number): number;
}

/** Arrows along each side of a frame. */
const ARROWS = 13;

/** The points x₀, y₀, x₁, y₁, … at which arrows of −∇L stand. */
export const arrowPoints = ({ x, y }: Frame) =>
  Float64Array.from({ length: 2 * ARROWS * ARROWS }, (_, i) => {
    const [low, high] = i % 2 ? y : x;
    const place = i % 2 ? (i / 2 / ARROWS) | 0 : (i >> 1) % ARROWS;
    return low + ((place + 0.5) / ARROWS) * (high - low);
  });

export function makeContour(canvas: HTMLCanvasElement): Contour {
  let area: Area = [0, 0, 1, 1];
  let x: Pair = [0, 1];
  let y: Pair = x;
  /** What does not move, and what it shows: it is drawn anew only for something else. */
  const ground = document.createElement("canvas");
  let shown: readonly unknown[] = [];

  const toPixel = (point: Pair): Pair => [
    area[0] + shareOf(x, point[0]) * area[2],
    area[1] + (1 - shareOf(y, point[1])) * area[3],
  ];
  const between = ([low, high]: Pair, share: number) => low + hold(share, 0, 1) * (high - low);
  const toPoint = ([left, top]: Pair): Pair => [
    between(x, (left - area[0]) / area[2]),
    between(y, 1 - (top - area[1]) / area[3]),
  ];
  /** An arrow from a point, by so much or, if that is given, of so many pixels. */
  const draw = (
    context: Context,
    at: Pair,
    by: Pair,
    width: number,
    colour: string,
    edge: string,
    long?: number,
  ): Pair => {
    const [left, top] = toPixel(at);
    const [right, bottom] = toPixel([at[0] + by[0], at[1] + by[1]]);
    let [dx, dy] = [right - left, bottom - top];
    const part = long ? long / Math.hypot(dx, dy) : 1;
    dx *= part;
    dy *= part;
    const shift = long ? 0.5 : 0;
    drawArrow(context, [left - shift * dx, top - shift * dy], dx, dy, width, colour, edge);
    return [left + dx, top + dy];
  };

  const drawGround = ({ field, basins, arrows }: ContourPicture): void => {
    const [, , wide, high] = area;
    const fine = fineness();
    const context = begin(ground, { width: wide, height: high });
    const { width, height } = ground;
    const { shares, lights } = room(width * height);
    const acrossAt = (pixel: number) => ((pixel % width) + 0.5) / width;
    const upAt = (pixel: number) => 1 - (((pixel / width) | 0) + 0.5) / height;
    for (let pixel = 0; pixel < width * height; pixel++) {
      shares[pixel] = lookUp(field, acrossAt(pixel), upAt(pixel));
    }
    lights.fill(1);
    const pick = (pixel: number): number => {
      const { n, labels } = basins!;
      const label = labels[((upAt(pixel) * n) | 0) * n + ((acrossAt(pixel) * n) | 0)]!;
      return label < 0 ? 9 - label : label % 10;
    };
    if (basins) paint(width, height, field.bands, BASINS, FAINT, fine, pick);
    else paint(width, height, field.bands, palette(field.bands), PALE, fine);
    stamp(context, width, height, wide, high);
    if (!arrows) return;

    // All point downhill, and the longer, the steeper.
    context.translate(-area[0], -area[1]);
    const points = arrowPoints(field);
    const norms = Array.from({ length: ARROWS * ARROWS }, (_, i) =>
      Math.hypot(arrows[2 * i]!, arrows[2 * i + 1]!),
    );
    const sound = norms.filter((norm) => norm > 0 && isFinite(norm)).sort((a, b) => a - b);
    norms.forEach((norm, i) => {
      const rank = sound.indexOf(norm);
      if (rank < 0) return;
      // Norms may span decades; by rank, the gentlest is a third as long as the steepest.
      const long = (wide / ARROWS / 3.45) * (1 + (2 * rank) / sound.length);
      const unit = (x[1] - x[0]) / norm;
      const by = [-unit * arrows[2 * i]!, -unit * arrows[2 * i + 1]!] as const;
      draw(context, [points[2 * i]!, points[2 * i + 1]!], by, wide / 170, FIELD, "", long);
    });
  };

  return {
    toPixel,
    toPoint,
    startAt(pixel, traces, within = 22) {
      let found = -1;
      traces.forEach(({ points }, i) => {
        const [left, top] = toPixel([points[0]!, points[1]!]);
        const distance = Math.hypot(left - pixel[0], top - pixel[1]);
        if (distance < within) [found, within] = [i, distance];
      });
      return found;
    },
    draw(picture) {
      const { field, theme, names, width, height } = picture;
      const context = begin(canvas, picture);
      area = plotArea(width, height, theme);
      ({ x, y } = field);
      const key = [field, picture.basins, picture.arrows, width, height, fineness()];
      if (key.some((part, i) => part !== shown[i])) {
        shown = key;
        drawGround(picture);
      }
      context.drawImage(ground, ...area);
      const below = { scale: scaleOf(...x, null), name: names[0] };
      drawFrame(context, theme, area, below, { scale: scaleOf(...y, null), name: names[1] });
      for (const { kind, point } of picture.points) drawCritical(context, kind, toPixel(point));
      for (const trace of picture.traces) {
        drawTrace(context, trace, field, (a, b) => [...toPixel([a, b]), true]);
      }
      context.save();
      context.beginPath();
      context.rect(...area);
      context.clip();
      context.font = `bold ${theme.size}px ${theme.font}`;
      for (const { at, by, colour, label, side } of picture.vectors ?? []) {
        const tip = draw(context, at, by, 2.2, colour, MARK);
        const [left, top] = toPixel(at);
        const angle = Math.atan2(tip[1] - top, tip[0] - left) + (side * Math.PI) / 2;
        const place = [
          tip[0] + 1.6 * theme.size * Math.cos(angle),
          tip[1] + 1.1 * theme.size * Math.sin(angle),
        ] as const;
        context.lineWidth = 3;
        context.fillStyle = FIELD;
        context.strokeText(label, ...place);
        context.fillText(label, ...place);
      }
      context.restore();
    },
  };
}

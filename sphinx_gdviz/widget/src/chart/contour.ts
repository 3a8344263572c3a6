/** The loss from above: bands and isolines, or basins; arrows, marks, paths and vectors over it. */

import { ARROWS, FAINT_ISOLINE, FIELD, ISOLINE, MARK } from "../generated.ts";
import type { CriticalPoint, Frame, Pair } from "../types.ts";
import { basinColor, BASINS } from "./palette.ts";
import { drawCritical } from "./critical.ts";
import { type Area, drawFrame, plotArea } from "./axes.ts";
import { clamp, interpolate, normalize } from "../engine/interval.ts";
import { type Field, lookUp } from "./field.ts";
import { drawTrace, type Trace } from "./path.ts";
import { begin, type Context, drawArrow, pixelRatio, type Size } from "./pen.ts";
import { paint, buffersFor, blit } from "./raster.ts";
import { linear } from "./scale.ts";
import type { Names, Theme } from "./theme.ts";

/** Where starts end, in size × size cells of the frame: a number, −1 for unsettled, −2 for diverging. */
export interface Basins {
  readonly size: number;
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

/** The points x₀, y₀, x₁, y₁, … at which arrows of −∇L stand. */
export const arrowPoints = ({ x, y }: Frame) =>
  Float64Array.from({ length: 2 * ARROWS * ARROWS }, (_, i) => {
    const place = i % 2 ? (i / 2 / ARROWS) | 0 : (i >> 1) % ARROWS;
    return interpolate(i % 2 ? y : x, (place + 0.5) / ARROWS);
  });

/** Draws contours into a canvas, and knows where things are on it. */
export class Contour {
  private area: Area = [0, 0, 1, 1];
  private frame: Frame = { x: [0, 1], y: [0, 1] };
  /** What does not move, and what it shows: it is drawn anew only for something else. */
  private readonly ground = document.createElement("canvas");
  private shown: readonly unknown[] = [];

  constructor(private readonly canvas: HTMLCanvasElement) {}

  /** Pixels of CSS from the canvas' corner, of a point. */
  toPixel([a, b]: Pair): Pair {
    const [left, top, width, height] = this.area;
    const { x, y } = this.frame;
    return [left + normalize(x, a) * width, top + (1 - normalize(y, b)) * height];
  }

  /** The inverse, within the frame. */
  toPoint([across, down]: Pair): Pair {
    const [left, top, width, height] = this.area;
    const { x, y } = this.frame;
    return [
      interpolate(x, clamp((across - left) / width, 0, 1)),
      interpolate(y, clamp(1 - (down - top) / height, 0, 1)),
    ];
  }

  /** Which trace's start is nearest to a place within so many pixels, −1 for none. */
  startAt(pixel: Pair, traces: readonly Trace[], within = 22): number {
    let found = -1;
    traces.forEach(({ points }, i) => {
      const [left, top] = this.toPixel([points[0]!, points[1]!]);
      const distance = Math.hypot(left - pixel[0], top - pixel[1]);
      if (distance < within) [found, within] = [i, distance];
    });
    return found;
  }

  draw(picture: ContourPicture): void {
    const { field, theme, names, width, height, basins, arrows } = picture;
    const context = begin(this.canvas, picture);
    const { x, y } = (this.frame = field);
    this.area = plotArea(width, height, theme);
    const key = [field, basins, arrows, width, height, pixelRatio()];
    if (key.some((part, i) => part !== this.shown[i])) {
      this.shown = key;
      this.drawGround(picture);
    }
    context.drawImage(this.ground, ...this.area);
    const below = { scale: linear(x), name: names[0] };
    drawFrame(context, theme, this.area, below, { scale: linear(y), name: names[1] });
    for (const { kind, point } of picture.points) drawCritical(context, kind, this.toPixel(point));
    for (const trace of picture.traces) {
      drawTrace(context, trace, field, (a, b) => [...this.toPixel([a, b]), true]);
    }
    this.drawVectors(context, picture);
  }

  /** The colours and isolines, or the basins, and the arrows. */
  private drawGround({ field, basins, arrows }: ContourPicture): void {
    const [, , wide, high] = this.area;
    const context = begin(this.ground, { width: wide, height: high });
    const { width, height } = this.ground;
    const { shares, lights } = buffersFor(width * height);
    const acrossAt = (pixel: number) => ((pixel % width) + 0.5) / width;
    const upAt = (pixel: number) => 1 - (((pixel / width) | 0) + 0.5) / height;
    for (let pixel = 0; pixel < width * height; pixel++) {
      shares[pixel] = lookUp(field, acrossAt(pixel), upAt(pixel));
    }
    lights.fill(1);
    const pick = (pixel: number): number => {
      const { size, labels } = basins!;
      const label = labels[((upAt(pixel) * size) | 0) * size + ((acrossAt(pixel) * size) | 0)]!;
      return basinColor(label);
    };
    if (basins) paint(width, height, field.palette.length / 3, BASINS, FAINT_ISOLINE, pixelRatio(), pick);
    else paint(width, height, field.palette.length / 3, field.palette, ISOLINE, pixelRatio());
    blit(context, width, height, wide, high);
    if (arrows) this.drawArrows(context, arrows);
  }

  /** All point downhill, and the longer, the steeper. */
  private drawArrows(context: Context, arrows: ArrayLike<number>): void {
    const [left, top, wide] = this.area;
    context.translate(-left, -top);
    const points = arrowPoints(this.frame);
    const norms = Array.from({ length: ARROWS * ARROWS }, (_, i) =>
      Math.hypot(arrows[2 * i]!, arrows[2 * i + 1]!),
    );
    const sound = norms.filter((norm) => norm > 0 && isFinite(norm)).sort((a, b) => a - b);
    norms.forEach((norm, i) => {
      const rank = sound.indexOf(norm);
      if (rank < 0) return;
      // Norms may span decades; by rank, the gentlest is a third as long as the steepest.
      const length = (wide / ARROWS / 3.45) * (1 + (2 * rank) / sound.length);
      const at = [points[2 * i]!, points[2 * i + 1]!] as const;
      const unit = (this.frame.x[1] - this.frame.x[0]) / norm;
      const [dx, dy] = this.spanOf(at, [-unit * arrows[2 * i]!, -unit * arrows[2 * i + 1]!]);
      const part = length / Math.hypot(dx, dy);
      const [x, y] = this.toPixel(at);
      const middle = [x - (part * dx) / 2, y - (part * dy) / 2] as const;
      drawArrow(context, middle, part * dx, part * dy, wide / 170, FIELD, "");
    });
  }

  private drawVectors(context: Context, { vectors = [], theme }: ContourPicture): void {
    context.save();
    context.beginPath();
    context.rect(...this.area);
    context.clip();
    context.font = `bold ${theme.size}px ${theme.font}`;
    for (const { at, by, colour, label, side } of vectors) {
      const [x, y] = this.toPixel(at);
      const [dx, dy] = this.spanOf(at, by);
      drawArrow(context, [x, y], dx, dy, 2.2, colour, MARK);
      const angle = Math.atan2(dy, dx) + (side * Math.PI) / 2;
      const place = [
        x + dx + 1.6 * theme.size * Math.cos(angle),
        y + dy + 1.1 * theme.size * Math.sin(angle),
      ] as const;
      context.lineWidth = 3;
      context.fillStyle = FIELD;
      context.strokeText(label, ...place);
      context.fillText(label, ...place);
    }
    context.restore();
  }

  /** Pixels from a point to where a vector leads from it. */
  private spanOf(at: Pair, by: Pair): Pair {
    const [left, top] = this.toPixel(at);
    const [right, bottom] = this.toPixel([at[0] + by[0], at[1] + by[1]]);
    return [right - left, bottom - top];
  }
}

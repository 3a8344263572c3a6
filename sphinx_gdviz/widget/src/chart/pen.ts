/** The pen: canvases to draw on, strokes, shapes and arrows. */

import type { Shape } from "./theme.ts";

export type Context = CanvasRenderingContext2D;
/** A place on screen, in pixels of CSS. */
export type Spot = readonly [number, number, ...unknown[]];

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The largest pixel ratio: finer is not seen, and takes a page's memory. */
export const MAX_PIXEL_RATIO = 2;

/** What is drawn with instead of a canvas' own context, while a picture is saved. */
export const placeholders = new Map<HTMLCanvasElement, Context>();

/** Pixels of a canvas to one of CSS. */
export const pixelRatio = () => (placeholders.size ? MAX_PIXEL_RATIO : Math.min(devicePixelRatio, MAX_PIXEL_RATIO));

/** Clear a canvas, size it by its attributes, and count in pixels of CSS from now on. */
export function begin(canvas: HTMLCanvasElement, { width, height }: Size): Context {
  const ratio = pixelRatio();
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  const placeholder = placeholders.get(canvas);
  const context = placeholder ?? canvas.getContext("2d")!;
  if (!placeholder && (canvas.width !== w || canvas.height !== h)) {
    canvas.width = w;
    canvas.height = h;
    // It keeps its place on the page, also while it is far away and has no pixels.
    canvas.style.aspectRatio = `${w}/${h}`;
  }
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width + 1, height + 1);
  context.lineJoin = "round";
  // Numbers read from left to right on all pages.
  context.direction = "ltr";
  context.textAlign = "center";
  context.textBaseline = "middle";
  return context;
}

/** Add a polyline to the path that is being built. */
export function addLine(context: Context, spots: readonly Spot[]): void {
  spots.forEach(([x, y], i) => (i ? context.lineTo(x, y) : context.moveTo(x, y)));
}

/** Stroke the path that has been built. */
export function stroke(
  context: Context,
  colour: string,
  width: number,
  dashes: readonly number[] = [],
): void {
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.setLineDash(dashes.map((dash) => dash * width));
  context.stroke();
}

/** Add a shape, so many pixels wide, to the path that is being built. */
export function addShape(
  context: Context,
  shape: Shape,
  [x, y]: Spot,
  size: number,
  angle = 0,
): void {
  const c = (size / 2) * Math.cos(angle);
  const s = (size / 2) * Math.sin(angle);
  const corners = shape.map(([a, b]) => [x + a * c - b * s, y + a * s + b * c] as const);
  if (corners[0]) addLine(context, corners);
  else {
    context.moveTo(x + c, y);
    context.arc(x, y, c, 0, 7);
  }
  context.closePath();
}

/** Draw one shape, filled and with an edge, or one of the two. */
export function drawShape(
  context: Context,
  shape: Shape,
  spot: Spot,
  size: number,
  fill: string,
  edge: string,
  width: number,
  angle = 0,
): void {
  context.beginPath();
  addShape(context, shape, spot, size, angle);
  if (fill) {
    context.fillStyle = fill;
    context.fill();
  }
  if (edge) stroke(context, edge, width);
}

const HEAD: Shape = [
  [1, 0],
  [-0.8, 0.8],
  [-0.45, 0],
  [-0.8, -0.8],
];

/** An arrowhead around a place. */
export function drawHead(
  context: Context,
  spot: Spot,
  angle: number,
  size: number,
  fill: string,
  edge: string,
): void {
  drawShape(context, HEAD, spot, size, fill, edge, 0.7, angle);
}

/** An arrow from a place, by so many pixels; the shaft ends within the head. */
export function drawArrow(
  context: Context,
  [x, y]: Spot,
  dx: number,
  dy: number,
  width: number,
  colour: string,
  edge: string,
): void {
  const length = Math.hypot(dx, dy);
  // A short arrow has a small head, and so is an arrow still.
  const head = Math.min(width * 5, length * 0.8);
  const end = (back: number): Spot => [x + dx * (1 - back / length), y + dy * (1 - back / length)];
  if (length > 0.5 && length < 1e6) {
    context.beginPath();
    addLine(context, [[x, y], end(0.6 * head)]);
    if (edge) stroke(context, edge, width + 2);
    stroke(context, colour, width);
    drawHead(context, end(head / 2), Math.atan2(dy, dx), head, colour, edge);
  }
}

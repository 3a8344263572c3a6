/** The box around a surface: floor, far walls, grid, and the numbers along its near edges. */

import { HEIGHT, SHORT } from "../generated.ts";
import type { Pair } from "../types.ts";
import { project, type View } from "./camera.ts";
import { drawEdge, type Edge, type Taken, ticksOf } from "./axes.ts";
import { type Field, heightOf } from "./field.ts";
import { addLine, type Context, stroke } from "./pen.ts";
import { linear } from "./scale.ts";
import { GRID, type Names, PANE, type Theme } from "./theme.ts";

type Corner = readonly [number, number, number];

/** Sine of the angle between an edge and the way out of the box, below which it is too small. */
const STEEP = 0.45;

/** An edge with an axis, its ends, the way out of the box, and its numbers' lines on the far sides. */
interface Axis {
  readonly edge: Edge;
  readonly ends: readonly [Corner, Corner];
  readonly away: Corner;
  readonly lineAt: (place: number) => readonly Corner[];
}

/** Draw the box behind a surface, and the axes along its near edges. */
export function drawBox(
  context: Context,
  view: View,
  field: Field,
  theme: Theme,
  names: Names,
): void {
  // The floor's corner that is near to the camera; the walls stand on the other sides.
  const x = view.c < 0 ? -0.5 : 0.5;
  const y = view.s < 0 ? -0.5 : 0.5;
  const H = HEIGHT;
  const line = (corners: readonly Corner[]) =>
    addLine(
      context,
      corners.map((corner) => project(view, ...corner)),
    );
  const axes = axesOf(x, y, view, field, names);
  context.globalAlpha = PANE;
  context.fillStyle = theme.foreground;
  context.beginPath();
  line([[x, y, 0], [x, -y, 0], [x, -y, H], [-x, -y, H], [-x, y, H], [-x, y, 0]]);
  context.fill();
  context.globalAlpha = GRID;
  context.beginPath();
  for (const { edge, lineAt } of axes) {
    for (const place of [0, 1, ...ticksOf(edge).map(([, place]) => place)]) line(lineAt(place));
  }
  stroke(context, theme.foreground, 0.7);
  context.globalAlpha = 1;
  const taken: Taken = [];
  for (const axis of axes) drawAxis(context, theme, view, axis, taken);
}

/** The axes of the loss, of x and of y, where (x, y) is the near corner. */
function axesOf(x: number, y: number, view: View, field: Field, names: Names): Axis[] {
  const H = HEIGHT;
  // The height is marked on the leftmost upright edge that lies between a far and a near corner.
  const side = x * view.s + y * view.c > 0 ? 1 : -1;
  const [left, back] = [side * x, -side * y];
  return [
    {
      edge: { scale: field.scale, name: names[2], place: (share) => heightOf(share) / H },
      ends: [[left, back, 0], [left, back, H]],
      away: [0, 0, 0],
      lineAt: (place) => [[-x, y, place * H], [-x, -y, place * H], [x, -y, place * H]],
    },
    {
      edge: { scale: linear(field.x), name: names[0] },
      ends: [[-0.5, y, 0], [0.5, y, 0]],
      away: [0, y, 0],
      lineAt: (place) => [[place - 0.5, y, 0], [place - 0.5, -y, 0], [place - 0.5, -y, H]],
    },
    {
      edge: { scale: linear(field.y), name: names[1] },
      ends: [[x, -0.5, 0], [x, 0.5, 0]],
      away: [x, 0, 0],
      lineAt: (place) => [[x, place - 0.5, 0], [-x, place - 0.5, 0], [-x, place - 0.5, H]],
    },
  ];
}

function drawAxis(context: Context, theme: Theme, view: View, axis: Axis, taken: Taken): void {
  const [middle, first, last, out] = [[0, 0, 0] as const, ...axis.ends, axis.away].map((corner) =>
    project(view, ...corner),
  ) as [Pair, Pair, Pair, Pair];
  let [outX, outY] = [out[0] - middle[0], out[1] - middle[1]];
  let size = Math.hypot(outX, outY);
  const [alongX, alongY] = [last[0] - first[0], last[1] - first[1]];
  const length = Math.hypot(alongX, alongY);
  if (Math.abs(outX * alongY - outY * alongX) < STEEP * size * length) {
    // The numbers would stand on the edge: below it is out, too.
    [outX, outY, size] = alongX > 0 ? [-alongY, alongX, length] : [alongY, -alongX, length];
  }
  const edge = length > SHORT * view.scale ? axis.edge : { ...axis.edge, ticks: [], name: "" };
  const away: Pair = size ? [outX / size, outY / size] : [-1, 0];
  drawEdge(context, theme, edge, first, last, away, taken);
}

/** The box around a surface: floor, far walls, grid, and the numbers along its near edges. */

import { HEIGHT, project, type View } from "./camera.ts";
import { drawEdge, type Edge, type Taken, ticksOf } from "./axes.ts";
import { type Field, heightOf } from "./field.ts";
import { addLine, type Context, stroke } from "./pen.ts";
import { scaleOf } from "./scale.ts";
import { GRID, type Names, PANE, type Theme } from "./theme.ts";

type Corner = readonly [number, number, number];

/** An edge that is seen shorter than this, of a box one wide, has no room for its numbers. */
const SHORT = 0.2;
/** Sine of the angle between an edge and the way out of the box, below which it is too small. */
const STEEP = 0.45;

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
  const line = (...corners: Corner[]) =>
    addLine(
      context,
      corners.map((corner) => project(view, ...corner)),
    );
  // The height is marked on the leftmost upright edge that lies between a far and a near corner.
  const side = x * view.s + y * view.c > 0 ? 1 : -1;
  const [left, back] = [side * x, -side * y];
  /** Each edge, its ends, the way out of the box, and its numbers' lines on the far sides. */
  const axes: readonly (readonly [Edge, Corner, Corner, Corner, (share: number) => void])[] = [
    [
      { scale: field.scale, name: names[2], place: (share) => heightOf(share) / H },
      [left, back, 0],
      [left, back, H],
      [0, 0, 0],
      (share) => line([-x, y, share * H], [-x, -y, share * H], [x, -y, share * H]),
    ],
    [
      { scale: scaleOf(...field.x, null), name: names[0] },
      [-0.5, y, 0],
      [0.5, y, 0],
      [0, y, 0],
      (share) => line([share - 0.5, y, 0], [share - 0.5, -y, 0], [share - 0.5, -y, H]),
    ],
    [
      { scale: scaleOf(...field.y, null), name: names[1] },
      [x, -0.5, 0],
      [x, 0.5, 0],
      [x, 0, 0],
      (share) => line([x, share - 0.5, 0], [-x, share - 0.5, 0], [-x, share - 0.5, H]),
    ],
  ];

  context.globalAlpha = PANE;
  context.fillStyle = theme.ink;
  context.beginPath();
  line([x, y, 0], [x, -y, 0], [x, -y, H], [-x, -y, H], [-x, y, H], [-x, y, 0]);
  context.fill();
  context.globalAlpha = GRID;
  context.beginPath();
  for (const [edge, , , , draw] of axes) {
    draw(0);
    draw(1);
    for (const [, place] of ticksOf(edge)) draw(place);
  }
  stroke(context, theme.ink, 0.7);
  context.globalAlpha = 1;

  const taken: Taken = [];
  const [middleX, middleY] = project(view, 0, 0, 0);
  for (const [edge, begin, end, away] of axes) {
    const [first, last, out] = [
      project(view, ...begin),
      project(view, ...end),
      project(view, ...away),
    ];
    let [outX, outY] = [out[0] - middleX, out[1] - middleY];
    let size = Math.hypot(outX, outY);
    const [alongX, alongY] = [last[0] - first[0], last[1] - first[1]];
    const length = Math.hypot(alongX, alongY);
    if (Math.abs(outX * alongY - outY * alongX) < STEEP * size * length) {
      // The numbers would stand on the edge: below it is out, too.
      [outX, outY, size] = alongX > 0 ? [-alongY, alongX, length] : [alongY, -alongX, length];
    }
    const shown = length > SHORT * view.scale ? edge : { ...edge, ticks: [], name: "" };
    drawEdge(
      context,
      theme,
      shown,
      first,
      last,
      size ? [outX / size, outY / size] : [-1, 0],
      taken,
    );
  }
}

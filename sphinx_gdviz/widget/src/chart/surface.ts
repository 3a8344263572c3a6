/** The loss surface, with paths where they are seen and where they are hidden. */

import { HEIGHT, ISOLINE } from "../generated.ts";
import type { CriticalPoint } from "../types.ts";
import { drawBox } from "./box.ts";
import { type Camera, project, viewOf } from "./camera.ts";
import { drawCritical } from "./critical.ts";
import { normalize } from "../engine/interval.ts";
import { type Field, heightOf, lookUp } from "./field.ts";
import { drawTrace, type Locate, type Trace } from "./path.ts";
import { begin, MAX_PIXEL_RATIO, type Size } from "./pen.ts";
import { paint, blit } from "./raster.ts";
import { makeRelief } from "./relief.ts";
import type { Names, Theme } from "./theme.ts";

/** What a surface shows. */
export interface SurfacePicture extends Size {
  readonly camera: Camera;
  readonly field: Field;
  readonly traces: readonly Trace[];
  readonly points: readonly CriticalPoint[];
  readonly theme: Theme;
  readonly names: Names;
  /** While it moves, it is drawn as fine as pixels of CSS, which is fast. */
  readonly moving: boolean;
}

/** Something that draws surfaces into a canvas, frame after frame. */
export function makeSurface(canvas: HTMLCanvasElement): (picture: SurfacePicture) => void {
  const render = makeRelief();
  return ({ width, height, camera, field, traces, points, theme, names, moving }) => {
    const context = begin(canvas, { width, height });
    const { se, ce } = viewOf(camera, 1, 0, 0);
    // The box is as large as fits from all sides, and keeps its size while it is turned.
    const letter = theme.size;
    const scale =
      camera.zoom *
      Math.min(
        (width - 9 * letter) / Math.SQRT2,
        (height - 4.6 * letter) / (Math.SQRT2 * se + HEIGHT * ce),
      );
    const place = [width / 2, height / 2 - 1.6 * letter] as const;
    const view = viewOf(camera, scale, ...place);
    drawBox(context, view, field, theme, names);

    // Twice as fine as pixels of CSS also where the screen is not: edges are smooth then.
    const ratio = moving ? 1 : MAX_PIXEL_RATIO;
    const [columns, rows] = [Math.round(width * ratio), Math.round(height * ratio)];
    const sees = render(
      field,
      viewOf(camera, scale * ratio, place[0] * ratio, place[1] * ratio),
      columns,
      rows,
    );
    paint(columns, rows, field.palette.length / 3, field.palette, ISOLINE, ratio);
    blit(context, columns, rows, width, height);

    const locate: Locate = (a, b) => {
      const [across, up] = [normalize(field.x, a), normalize(field.y, b)];
      const share = lookUp(field, across, up);
      const [x, y] = [across - 0.5, up - 0.5];
      return share === share
        ? [...project(view, x, y, heightOf(share)), sees(x, y, share)]
        : undefined;
    };
    for (const { kind, point } of points) {
      const place = locate(...point);
      if (place?.[2]) drawCritical(context, kind, place);
    }
    for (const trace of traces) drawTrace(context, trace, field, locate);
  };
}

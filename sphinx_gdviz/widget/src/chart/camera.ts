/** How the box around a surface is seen: as in `draw/views/surface/camera.py`, without perspective. */

import { HEIGHT } from "../generated.ts";
import type { Pair } from "../types.ts";

/** Where the camera stands, in degrees as Matplotlib counts them; elevation from 0 to 90. */
export interface Camera {
  readonly azimuth: number;
  readonly elevation: number;
  readonly zoom: number;
}

/** A camera, and where its picture lies. */
export interface View {
  /** Cosine and sine of the azimuth, and of the elevation. */
  readonly c: number;
  readonly s: number;
  readonly ce: number;
  readonly se: number;
  /** Pixels to a unit, and the place of the box's middle. */
  readonly scale: number;
  readonly left: number;
  readonly top: number;
}

const RADIANS = Math.PI / 180;

export function viewOf(camera: Camera, scale: number, left: number, top: number): View {
  const [turn, tilt] = [camera.azimuth * RADIANS, camera.elevation * RADIANS];
  return {
    c: Math.cos(turn),
    s: Math.sin(turn),
    ce: Math.cos(tilt),
    se: Math.sin(tilt),
    scale,
    left,
    top,
  };
}

/** Away from the camera along the floor. */
export const depthOf = ({ c, s }: View, x: number, y: number) => -(x * c + y * s);

/** Row of pixels, downwards, of a point of this depth and height. */
export const rowOf = ({ ce, se, scale, top }: View, depth: number, z: number) =>
  top - scale * (depth * se + (z - HEIGHT / 2) * ce);

/** Pixels of a point of the box. */
export const project = (view: View, x: number, y: number, z: number): Pair => [
  view.left + view.scale * (y * view.c - x * view.s),
  rowOf(view, depthOf(view, x, y), z),
];

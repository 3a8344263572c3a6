/**
 * The relief: which part of the surface is seen in each pixel, and whether a point is hidden.
 *
 * Found column by column, as in `draw/views/surface/relief.py`: above one line of the floor, walked from the
 * camera outwards, a point is seen from above where it rises higher on screen than all before it,
 * and from below where it sinks lower (Wright 1973). The horizons that this leaves also tell
 * whether a point of a path is seen, which is more exact than the depth of one pixel.
 */

import { depthOf, project, rowOf, type View } from "./camera.ts";
import { clamp } from "../engine/interval.ts";
import { DARKEST, HEIGHT, LIGHT, LIGHTEST, MARGIN, SAMPLES, SLACK } from "../generated.ts";
import { type Field, heightOf } from "./field.ts";
import { buffersFor } from "./raster.ts";

/** Points in the walk along each line of sight: so many for each pixel upwards, up to SAMPLES. */
const DENSITY = 0.4;
/** Direction of the light: to the camera's left, and above the floor. */
const [LIGHT_TURN, LIGHT_TILT] = LIGHT.map((degrees) => (degrees * Math.PI) / 180) as [
  number,
  number,
];

/** Whether a point on the surface is seen from above: its place in the box, and its share. */
export type Sees = (x: number, y: number, share: number) => boolean;

/** A surface as it is seen, which a walk through it leaves behind. */
interface Walk {
  readonly field: Field;
  readonly view: View;
  readonly width: number;
  readonly height: number;
  /** Samples of each line of sight across the whole floor. */
  readonly samples: number;
  /** Nearest and farthest depth of each column. */
  readonly spans: Float64Array;
  /** The highest row that the surface has come to at each sample of each column. */
  readonly horizons: Float32Array;
}

/** Samples of a line so long; the longest is the diagonal of the floor. */
const countOf = ({ samples }: Walk, length: number) =>
  2 + (((length / Math.SQRT2) * (samples - 2)) | 0);

/**
 * A renderer with buffers of its own, which walks a surface and lays it into the pixels:
 * the share of the scale seen in each one, nan where there is none, and its brightness, below
 * zero where the surface is seen from below.
 */
export function makeRelief(): (field: Field, view: View, width: number, height: number) => Sees {
  let spans = new Float64Array(0);
  let horizons = new Float32Array(0);
  return (field, view, width, height) => {
    const { shares } = buffersFor(width * height);
    const samples = Math.min(SAMPLES, Math.ceil(DENSITY * height));
    if (spans.length < 2 * width) {
      spans = new Float64Array(2 * width);
      horizons = new Float32Array(SAMPLES * width);
    }
    shares.fill(NaN, 0, width * height);
    horizons.fill(Infinity);
    const walk: Walk = { field, view, width, height, samples, spans, horizons };
    const walkColumn = columnWalker(walk);
    for (let column = 0; column < width; column++) walkColumn(column);
    return (x, y, share) => isSeen(walk, x, y, share);
  };
}

/** What walks one column: a function of its own, since engines make fast code of those. */
function columnWalker(walk: Walk): (column: number) => void {
  const { field, view, height, samples, spans, horizons } = walk;
  const { c, s, ce, se, scale, left: middle } = view;
  const { n, heights: grid } = field;
  const last = n - 1;
  const base = rowOf(view, 0, 0);
  const [alongX, alongY] = [c || 1e-99, s || 1e-99];
  const [halfX, halfY] = [0.5 / Math.abs(alongX), 0.5 / Math.abs(alongY)];
  const fill = columnFiller(walk);
  return (column) => {
    const across = (column + 0.5 - middle) / scale;
    // The line (x − depth·c, y − depth·s); each side of the floor bounds depth from both ends.
    const x = -across * s;
    const y = across * c;
    const near = Math.max(x / alongX - halfX, y / alongY - halfY);
    const far = Math.min(x / alongX + halfX, y / alongY + halfY);
    spans[2 * column] = near;
    spans[2 * column + 1] = far;
    if (near >= far) return;
    let high = Infinity;
    let low = -Infinity;
    let before = NaN;
    let shareBefore = NaN;
    const count = countOf(walk, far - near);
    const step = (far - near) / (count - 1);
    for (let j = 0; j < count; j++) {
      const depth = near + j * step;
      // Written out and not looked up, because the four corners tell the slope, too.
      let fx = clamp(x - depth * c + 0.5, 0, 1) * last;
      let fy = clamp(y - depth * s + 0.5, 0, 1) * last;
      const ix = fx < last ? fx | 0 : last - 1;
      const iy = fy < last ? fy | 0 : last - 1;
      fx -= ix;
      fy -= iy;
      const i = iy * n + ix;
      const z00 = grid[i]!;
      const dx = grid[i + 1]! - z00;
      const dy = grid[i + n]! - z00;
      const dxy = grid[i + n + 1]! - z00 - dx - dy;
      const share = z00 + fx * dx + fy * (dy + fx * dxy);
      const row = base - scale * (se * depth + ce * heightOf(share));
      if (row < high || row > low) {
        const isAbove = row < high;
        // Where the loss begins to have values there is an edge, and no wall below it.
        const at = before === before ? Math.max(0, Math.ceil((isAbove ? row : low) - 0.5)) : height;
        const end = Math.min(height, (isAbove ? high : row) - 0.5);
        if (at < end) {
          const rise = (share - shareBefore) / (row - before);
          const first = shareBefore + (at + 0.5 - before) * rise;
          fill(column, at, end, first, rise, dx + fy * dxy, dy + fx * dxy, isAbove);
        }
        if (row < high) high = row;
        if (row > low) low = row;
      }
      before = row;
      shareBefore = share;
      horizons[column * samples + j] = high;
    }
  };
}

/** What lays a piece of the surface into a column: rows, the first share and its rise, slopes. */
function columnFiller({ field, view, width, height }: Walk) {
  const { shares, lights } = buffersFor(width * height);
  const steep = ((field.n - 1) * HEIGHT) / (1 + 2 * MARGIN);
  const turn = Math.atan2(view.s, view.c) + LIGHT_TURN;
  const lightX = Math.cos(LIGHT_TILT) * Math.cos(turn) * steep;
  const lightY = Math.cos(LIGHT_TILT) * Math.sin(turn) * steep;
  const lightZ = Math.sin(LIGHT_TILT);
  return (
    column: number,
    row: number,
    end: number,
    share: number,
    rise: number,
    slopeX: number,
    slopeY: number,
    isAbove: boolean,
  ): void => {
    const lit =
      (lightZ - slopeX * lightX - slopeY * lightY) /
      Math.sqrt(1 + steep * steep * (slopeX * slopeX + slopeY * slopeY));
    const light = clamp(0.62 + 0.42 * lit, DARKEST, LIGHTEST) * (isAbove ? 1 : -1);
    for (; row < end; row++, share += rise) {
      shares[row * width + column] = share;
      lights[row * width + column] = light;
    }
  };
}

/** Whether a point is seen from above: it does not lie below the horizon of what is before it. */
function isSeen(walk: Walk, x: number, y: number, share: number): boolean {
  const { view, width, samples, spans, horizons } = walk;
  const depth = depthOf(view, x, y);
  const place = clamp(project(view, x, y, 0)[0] - 0.5, 0, width - 2);
  /** The highest row that the surface comes to in a column before this depth. */
  const horizon = (column: number): number => {
    const near = spans[2 * column]!;
    const length = spans[2 * column + 1]! - near;
    const part = clamp((depth - near) / length, 0, 1);
    // Beside the surface there are no samples.
    const last = length > 0 ? countOf(walk, length) - 1 : 0;
    return horizons[column * samples + ((part * last) | 0)]!;
  };
  const [left, right] = [horizon(place | 0), horizon((place | 0) + 1)];
  // Beside the surface there is no horizon: the column next to it tells.
  const both = left + (place % 1) * (right - left);
  const limit = left + right < Infinity ? both : Math.min(left, right);
  return rowOf(view, depth, heightOf(share)) <= limit + SLACK * view.scale;
}

/**
 * Pixels from shares of the scale: bands in their colours, isolines between them.
 *
 * The buffers are shared by all figures of a page, which draw one after the other.
 */

import type { Channels } from "./palette.ts";
import type { Context } from "./pen.ts";

const buffers = {
  shares: new Float32Array(0),
  lights: new Float32Array(0),
};
let bytes = new Uint8ClampedArray(0);
let sheet: HTMLCanvasElement | undefined;

/** The buffers, for so many pixels: shares of the scale, and brightness. */
export function buffersFor(pixels: number): typeof buffers {
  if (buffers.shares.length < pixels) {
    buffers.shares = new Float32Array(pixels);
    buffers.lights = new Float32Array(pixels);
    bytes = new Uint8ClampedArray(4 * pixels);
  }
  return buffers;
}

/** Isolines: a grey from 0 to 255, and how opaque it is. */
export type Isoline = readonly [number, number];
/** How wide they are, in pixels of CSS. */
const WIDTH = 0.75;

/**
 * Colour the buffers' pixels.
 *
 * @param bands - Pieces that the isolines cut the scale into.
 * @param colours - A colour for each band, or what `pick` picks from for a pixel.
 * @param pixelRatio - Pixels to one of CSS.
 */
export function paint(
  width: number,
  height: number,
  bands: number,
  colours: Channels,
  [grey, opacity]: Isoline,
  pixelRatio: number,
  pick?: (pixel: number) => number,
): Uint8ClampedArray {
  const { shares, lights } = buffers;
  const half = (WIDTH * pixelRatio + 1) / 2;
  const most = Math.min(1, WIDTH * pixelRatio) * opacity;
  /** Of the differences to two neighbours the smaller one: the other may be beyond an edge. */
  const slopeOf = (pixel: number, step: number): number => {
    const share = shares[pixel]!;
    const ahead = Math.abs(share - shares[pixel + step]!);
    const behind = Math.abs(share - shares[pixel - step]!);
    return ahead < behind ? ahead : behind;
  };
  const colour = (pixel: number): void => {
    const place = shares[pixel]! * bands;
    const at = 4 * pixel;
    bytes[at + 3] = place === place ? 255 : 0;
    if (place !== place) return;
    let cover = 0;
    const level = Math.round(place);
    const light = pick ? 1 : lights[pixel]!;
    if (level > 0 && level < bands && light > 0) {
      const right = slopeOf(pixel, 1);
      const down = slopeOf(pixel, width);
      const slope = bands * Math.sqrt(right * right + down * down);
      cover = half - Math.abs(place - level) / slope;
      // Closer together than two pixels, lines would be all that is seen.
      cover = (cover > 0 ? Math.min(cover * opacity, most) : 0) * (slope > 0.5 ? 0.5 / slope : 1);
    }
    let from = 3 * (pick ? pick(pixel) : place > 0 ? Math.min(place | 0, bands - 1) : 0);
    const strength = Math.abs(light) * (1 - cover);
    for (let i = at; i < at + 3; i++) bytes[i] = colours[from++]! * strength + grey * cover;
  };
  for (let pixel = 0; pixel < width * height; pixel++) colour(pixel);
  return bytes;
}

/** Draw the coloured pixels into a rectangle of a canvas. */
export function blit(
  context: Context,
  width: number,
  height: number,
  wide: number,
  high: number,
): void {
  sheet ??= document.createElement("canvas");
  if (sheet.width < width || sheet.height < height) {
    sheet.width = Math.max(sheet.width, width);
    sheet.height = Math.max(sheet.height, height);
  }
  const image = new ImageData(bytes.subarray(0, 4 * width * height), width, height);
  sheet.getContext("2d")!.putImageData(image, 0, 0);
  context.drawImage(sheet, 0, 0, width, height, 0, 0, wide, high);
}

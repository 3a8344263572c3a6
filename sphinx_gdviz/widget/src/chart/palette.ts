/** Colours of losses and of basins, as channels from 0 to 255. */

export type Channels = readonly number[];

/** Viridis at seventeen places, between which it is straight to 2 % of a channel. */
const VIRIDIS = channels(
  "44015448186a472d7b4240863b528b33638d2c728e26828e21918c1fa08828ae803fbc735ec96284d44baddc30d8e219fde725",
);
/** How much of the colour map's strength is shown; the rest is white. */
const STRENGTH = 0.9;

/**
 * Ten colours of starts that come to one point, which repeat; then that of unsettled starts, and
 * that of diverging ones.
 */
export const BASINS = channels(
  "8db7d8f0bf849fcf9bd9a3c4bfaee0e6de9794d0cacfb29bf2a79bb9c2ccececec5d5257",
);

/** Red, green and blue of colours, one after the other. */
function channels(colours: string): Channels {
  return colours.match(/../g)!.map((two) => parseInt(two, 16));
}

/** A colour for each of so many bands, from the lowest. */
export function palette(bands: number): Channels {
  return Array.from({ length: 3 * bands }, (_, i) => {
    const place = (16 * ((i / 3) | 0)) / Math.max(1, bands - 1);
    const stop = Math.min(place | 0, 15);
    const low = VIRIDIS[3 * stop + (i % 3)]!;
    const high = VIRIDIS[3 * stop + 3 + (i % 3)]!;
    return 255 - STRENGTH * (255 - low - (place - stop) * (high - low));
  });
}

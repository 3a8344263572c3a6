/** How runs are told apart, and what the page decides of how figures look. */

import { COLORS, DASHES, MARKERS } from "../generated.ts";

/** What the page decides: it is dark or light, or has forced colours, and its letters. */
export interface Theme {
  readonly foreground: string;
  readonly font: string;
  /** Height of letters, in pixels of CSS. */
  readonly size: number;
}

/** Names of the two parameters, and of the loss. */
export type Names = readonly [string, string, string];

/** How one run is told from the others, three times over: colour, line and mark. */
export interface Look {
  readonly colour: string;
  readonly dashes: readonly number[];
  readonly shape: Shape;
}

/** Corners around the middle of a shape two wide; none at all for a circle. */
export type Shape = readonly (readonly [number, number])[];

export const CIRCLE: Shape = [];
export const SQUARE = polygon("-1-1 1-1 1 1-1 1");
/** Of a run that is lost; its edge is drawn. */
export const CROSS = polygon("-1-1 1 1 0 0 1-1-1 1 0 0");
/** Shapes by the names that Matplotlib has for markers. */
export const SHAPES = {
  o: CIRCLE,
  s: SQUARE,
  "^": polygon("0-1 1 1-1 1"),
  v: polygon("0 1 1-1-1-1"),
  D: polygon("0-1 1 0 0 1-1 0"),
};

/** A shape from its corners, as SVG writes them. */
function polygon(corners: string): Shape {
  const numbers = corners.match(/-?\d/g)!.map(Number);
  return numbers.flatMap((x, i) => (i % 2 ? [] : [[x, numbers[i + 1]!] as const]));
}

/** How opaque the grid and the walls of the box are. */
export const GRID = 0.32;
export const PANE = 0.05;
/** Width of the line of a run. */
export const LINE = 1.8;

/** The look of a figure's run number `index`; the combinations repeat after 60. */
export function lookOf(index: number): Look {
  return {
    colour: COLORS[index % COLORS.length]!,
    dashes: DASHES[index % DASHES.length]!,
    shape: SHAPES[MARKERS[index % MARKERS.length]!],
  };
}

/**
 * The theme where an element stands. Everything of a figure but the foreground is its content; the
 * foreground is the colour of the text around, which a dark page and forced colours have changed.
 * `--gdviz-ink` sets another one.
 */
export function themeOf(element: Element): Theme {
  const style = getComputedStyle(element);
  return {
    foreground: style.getPropertyValue("--gdviz-ink").trim() || style.color,
    font: style.fontFamily,
    size: 11,
  };
}

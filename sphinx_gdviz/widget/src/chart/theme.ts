/** Colours and sizes, those of `draw/style.py`. The one place to change how figures look. */

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
export const SQUARE: Shape = [
  [-1, -1],
  [1, -1],
  [1, 1],
  [-1, 1],
];
export const UP: Shape = [
  [0, -1],
  [1, 1],
  [-1, 1],
];
export const DOWN: Shape = [
  [0, 1],
  [1, -1],
  [-1, -1],
];
export const DIAMOND: Shape = [
  [0, -1],
  [1, 0],
  [0, 1],
  [-1, 0],
];
/** Of a run that is lost; its edge is drawn. */
export const CROSS: Shape = [
  [-1, -1],
  [1, 1],
  [0, 0],
  [1, -1],
  [-1, 1],
  [0, 0],
];

export const START = "#1a9641";
/** Around whatever lies on the colours of a loss, whatever the page. */
export const CASING = "#fefefe";
export const FIELD = "#fdfdfd";
export const MARK = "#111112";
/** How strongly ink is laid on for the grid and the walls of the box; the rest is paper. */
export const GRID = 0.32;
export const PANE = 0.05;
/** Width of the line of a run. */
export const LINE = 1.8;

const COLOURS = ["#d7191c", "#0072b2", "#c47a00", "#a8479c", "#00805f", "#7a6a5f"];
const DASHES = [[], [5, 1.5], [6, 1.3, 1.5, 1.3], [2.4, 1.2]];
const SHAPES = [CIRCLE, SQUARE, UP, DIAMOND, DOWN];

/** The look of a figure's run number `index`; the combinations repeat after 60. */
export function lookOf(index: number): Look {
  return {
    colour: COLOURS[index % COLOURS.length]!,
    dashes: DASHES[index % DASHES.length]!,
    shape: SHAPES[index % SHAPES.length]!,
  };
}

/**
 * The theme where an element stands. Everything of a figure but ink is its content; ink is the
 * colour of the text around, which a dark page and forced colours have changed already.
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

/** The path of a run, drawn the same way in every view: line, iterates, direction, ends. */

import { CASING, SPACING } from "../generated.ts";
import type { Frame } from "../types.ts";
import { addLine, addShape, type Context, drawHead, drawShape, stroke } from "./pen.ts";
import { CIRCLE, CROSS, LINE, type Look, SQUARE } from "./theme.ts";

/** What is shown of a run. */
export interface Trace {
  /** Iterates x₀, y₀, x₁, y₁, … */
  readonly points: ArrayLike<number>;
  /** How many of them are shown; the last of these is the current point. */
  readonly shown: number;
  /** Whether that is the last one of the run; it gets the mark of an end, and not of a point. */
  readonly ended: boolean;
  /** Whether the loss is no longer finite after its end, which gets a cross. */
  readonly lost: boolean;
  readonly look: Look;
  /** Colour of the start: green in a figure of one run, that of the run among several. */
  readonly start: string;
}

/** A place on screen, and whether it is seen or behind something. */
export type Place = readonly [number, number, boolean];

/** Where parameters within the frame are drawn; nothing where there is no loss. */
export type Locate = (x: number, y: number) => Place | undefined;

const START = 11;
const END = 9.4;
const ITERATE = 3.6;
const HEAD = 12;
/** Arrowheads along a path, and how far they are apart. */
const HEADS = 4;
const GAP = 85;
const DOTTED = [1.2, 1.8];

/** What is seen of a run: lines of hidden and of seen places, iterates, and places of exit. */
export interface Laid {
  readonly lines: readonly [Place[][], Place[][]];
  /** Where the iterates are; nothing for those outside the frame. */
  readonly places: readonly (Place | undefined)[];
  readonly exits: readonly (readonly [Place, Place])[];
}

/** Lay the first `count` points into a frame, cut at its edge (Liang and Barsky 1984). */
export function layPath(
  points: ArrayLike<number>,
  count: number,
  frame: Frame,
  locate: Locate,
): Laid {
  const lines: [Place[][], Place[][]] = [[], []];
  const exits: [Place, Place][] = [];
  const places: (Place | undefined)[] = [];
  const limits = [frame.x, frame.y];
  let line: Place[] = [];
  let before: Place | undefined;
  for (let i = 0; i < count; i++) {
    const begin: [number, number] = [0, 0];
    const move: [number, number] = [0, 0];
    let [enter, leave, length] = [0, 1, 0];
    limits.forEach(([low, high], axis) => {
      const at = (begin[axis] = points[2 * (i && i - 1) + axis]!);
      const by = (move[axis] = points[2 * i + axis]! - at);
      const [first, last] = [(low - at) / by, (high - at) / by];
      // Along the frame a step is inside all the way, or not at all.
      if (by) {
        enter = Math.max(enter, Math.min(first, last));
        leave = Math.min(leave, Math.max(first, last));
      } else if (at < low || at > high) leave = -1;
      length = Math.hypot(length, by / (high - low));
    });
    const isInside = enter < leave;
    if (!isInside || enter) before = undefined;
    const parts = Math.max(1, Math.ceil(((leave - enter) * length) / SPACING));
    for (let part = before ? 1 : 0; isInside && part <= parts; part++) {
      const along = enter + ((leave - enter) * part) / parts;
      const place = locate(begin[0] + along * move[0], begin[1] + along * move[1]);
      if (place) {
        if (before?.[2] !== place[2])
          lines[+place[2] as 0 | 1].push((line = before ? [before] : []));
        line.push(place);
      }
      before = place;
    }
    const isExit = leave < 1;
    if (isInside && isExit && line[1] && before) exits.push(line.slice(-2) as [Place, Place]);
    if (isExit) before = undefined;
    places.push(before);
  }
  return { lines, places, exits };
}

/** Draw a run where `locate` puts it: dotted, and with hollow ends, where it is not seen. */
export function drawTrace(context: Context, trace: Trace, frame: Frame, locate: Locate): void {
  const { look, shown, ended } = trace;
  const { colour } = look;
  const { lines, places, exits } = layPath(trace.points, shown, frame, locate);
  lines.forEach((some, isSeen) => {
    context.beginPath();
    for (const line of some) addLine(context, line);
    stroke(
      context,
      CASING,
      isSeen ? 2 * LINE : 1.5 * LINE,
      isSeen ? [] : DOTTED.map((dash) => dash / 1.5),
    );
    stroke(context, colour, LINE, isSeen ? look.dashes : DOTTED);
  });
  drawDirections(context, lines[1], colour);

  context.beginPath();
  let last: Place = [NaN, 0, true];
  for (const place of places.slice(1, -1)) {
    // Where a run settles thousands of iterates lie in one place.
    if (place?.[2] && !(Math.hypot(place[0] - last[0], place[1] - last[1]) < 1)) {
      addShape(context, look.shape, (last = place), ITERATE + look.shape.length / 5);
    }
  }
  context.fillStyle = colour;
  context.fill();
  for (const [a, b] of exits) {
    drawHead(context, b, Math.atan2(b[1] - a[1], b[0] - a[0]), HEAD + 1, colour, CASING);
  }

  const drawEnd = (place: Place | undefined, shape: typeof SQUARE, size: number, fill: string) => {
    if (place)
      drawShape(context, shape, place, size, place[2] ? fill : "", place[2] ? CASING : fill, 1.5);
  };
  const end = places[shown - 1];
  if (ended && trace.lost && end) drawShape(context, CROSS, end, END, "", colour, 2);
  else if (shown > 1) drawEnd(end, ended ? SQUARE : CIRCLE, END, colour);
  drawEnd(places[0], CIRCLE, START, trace.start);
}

/** A few arrowheads along lines, the first where the run sets off. */
function drawDirections(context: Context, lines: readonly Place[][], colour: string): void {
  const lengthOf = (a: Place, b: Place) => Math.hypot(b[0] - a[0], b[1] - a[1]);
  let next = GAP / 2;
  let length = 0;
  for (const line of lines) {
    line.forEach((place, i) => {
      length += i && lengthOf(line[i - 1]!, place);
      if (length < next || next > HEADS * GAP) return;
      next += GAP;
      const [a, b] = [line[Math.max(i - 3, 0)]!, line[Math.min(i + 3, line.length - 1)]!];
      // Not where the path turns round.
      if (lengthOf(a, b) > 2)
        drawHead(context, place, Math.atan2(b[1] - a[1], b[0] - a[0]), HEAD, colour, CASING);
    });
  }
}

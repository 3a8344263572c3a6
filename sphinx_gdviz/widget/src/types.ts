/** What a page holds of a figure: written by `sphinx_gdviz/core/export/page_data.py`, read by everything here. */

/**
 * One step of a straight-line program: a name and the registers it works on, or a constant.
 * Names are those of `sphinx_gdviz/core/expr/program.py`: "x", "y", "add", "multiply", "sin", "power", …
 */
export type Instruction = readonly [string, ...number[]] | number;

/** Instructions in order, each of which computes one register, and the registers that are results. */
export interface Program {
  readonly code: readonly Instruction[];
  readonly out: readonly number[];
}

/**
 * A term of an update rule: a number, the name of a symbol, or an operation on terms.
 * Names are those of `sphinx_gdviz/core/expr/node.py`: "add", "sqrt", "max", "where", …
 */
export type Term = number | string | readonly [string, ...Term[]];

/**
 * An assignment of an update rule: a name, the term that it gets, and that as text with places, in
 * most updates and in the first one.
 */
export type Statement = readonly [name: string, term: Term, text: string, first: string];

/** An update rule as statements. θ, g and memories are pairs. */
export interface Rule {
  readonly title: string;
  /** Settings and their usual values. */
  readonly defaults: Readonly<Record<string, number>>;
  /** What readers know its names by, where that is not the name itself. */
  readonly symbols: Readonly<Record<string, string>>;
  /** What is remembered from update to update, and what it is before the first one. */
  readonly memory: Readonly<Record<string, Term>>;
  readonly update: readonly Statement[];
}

export type Pair = readonly [number, number];

/** The parameters that a figure shows. */
export interface Frame {
  readonly x: Pair;
  readonly y: Pair;
}

/** How a run is made. */
export interface Method {
  /** Name of the rule. */
  readonly rule: string;
  readonly settings: Readonly<Record<string, number>>;
  readonly lr: number;
}

/** The factor of the rate, in the update `t`, from 1, and the number of `steps`. */
export type Schedule = Term;

/** The data of a model, where the loss is a mean over rows: mini-batches need it. */
export interface Rows {
  readonly model: "least-squares" | "logistic";
  readonly x: readonly number[];
  readonly y: readonly number[];
}

export interface LossData {
  /** What it is, in words or as a formula. */
  readonly name: string;
  /** The names of its parameters, and how readers see them: "theta1" and "θ₁". */
  readonly parameters: readonly [string, string];
  readonly symbols: readonly [string, string];
  readonly value: Program;
  /** Outputs: the two first derivatives, then xx, xy, yy. */
  readonly derivatives: Program;
  /** The domain that verdicts are about. */
  readonly xlim: Pair;
  readonly ylim: Pair;
  /** Largest gradient norm on a coarse grid of the domain (`steepness` in core/descent/verdict.py). */
  readonly steepness: number;
  readonly rows?: Rows;
}

export interface CriticalPoint {
  readonly point: Pair;
  readonly kind: "minimum" | "saddle" | "maximum";
  readonly loss: number;
  /** 2/λ of the larger curvature of a minimum. */
  readonly stable?: number;
}

export type View =
  "surface" | "contour" | "arrows" | "basins" | "loss" | "gradient" | "rate";

export interface Verdict {
  readonly kind: "converged" | "stuck" | "oscillating" | "diverged" | "slow";
  readonly step: number;
  readonly place?: "minimum" | "saddle" | "maximum" | "flat" | "box" | "undefined";
  readonly clipStep?: number;
  readonly point?: Pair;
  readonly period?: number;
}

/** A run as it was printed. */
export interface PrintedRun {
  readonly method: Method;
  readonly start: Pair;
  /** Iterates x₀, y₀, x₁, y₁, … as base64 of little-endian doubles; absent for very long runs. */
  readonly path?: string;
  readonly verdict: Verdict;
}

export interface Panel {
  readonly view: View;
  readonly title: string;
  /** Indices of the runs that it shows. */
  readonly runs: readonly number[];
}

/** What changes along a side of a map of many runs. */
export interface Axis {
  /** "lr", "x" or "y" of the start whatever it is called, or a setting of the optimizer. */
  readonly name: string;
  readonly low: number;
  readonly high: number;
  readonly log: boolean;
}

/** A map of many runs, of which the page has the picture. */
export interface RunMap {
  /** Index of the run that is changed. */
  readonly run: number;
  /** What changes from left to right, and upwards if that is not what is shown. */
  readonly axes: readonly Axis[];
  /** Left, top, width and height as shares of the picture. */
  readonly place: readonly number[];
}

/**
 * How losses are spread over heights and colours: evenly, or as log(1 + (loss − low) / threshold),
 * which is nearly linear below the threshold.
 */
export interface ScaleData {
  readonly low: number;
  readonly high: number;
  readonly linearThreshold: number | null;
}

export interface FigureData {
  readonly loss: LossData;
  readonly frame: Frame;
  /** Height of a map for its width. */
  readonly aspect: number;
  readonly scale: ScaleData;
  /** The colour of each of the bands into which isolines cut the scale, from the lowest. */
  readonly palette: readonly string[];
  /** Azimuth and elevation in degrees, as Matplotlib has them. */
  readonly camera: Pair;
  readonly steps: number;
  readonly schedule: Schedule;
  readonly clip: Pair | null;
  readonly noise: number;
  readonly batch: number | null;
  readonly seed: number;
  readonly points: readonly CriticalPoint[];
  readonly marks: readonly ("minima" | "saddles" | "maxima")[];
  readonly runs: readonly PrintedRun[];
  readonly panels: readonly Panel[];
  readonly maps: readonly RunMap[];
  /** Rules that are not among the usual fourteen. */
  readonly rules?: Readonly<Record<string, Rule>>;
  /** The directive in the markup of the page, `{options}` in place of them, and what they were. */
  readonly directive: {
    readonly text: string;
    readonly options: Readonly<Record<string, string>>;
  };
  /**
   * What an author hides, proposes, and asks. Hidden can be: play, step (both buttons), scrub, rate,
   * optimizer, settings (of the optimizer), start (fields and dragging), steps, view (sliders and
   * turning), runs (adding and removing), why (arrows, update and loss), basins, table, share (the
   * link, and the address), copy (directive, Python, CSV) and save (CSV, PNG, SVG).
   */
  readonly hide: readonly string[];
  readonly tasks: readonly string[];
  readonly predict: boolean;
  /** The most steps that may be asked for. */
  readonly maxSteps: number;
}

/** A run that has been made: flat arrays, two numbers a step for points and gradients. */
export interface Path {
  readonly points: Float64Array;
  readonly losses: Float64Array;
  readonly gradients: Float64Array;
  readonly verdict: Verdict;
}

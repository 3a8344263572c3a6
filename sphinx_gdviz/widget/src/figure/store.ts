/** The store of a live figure: its state, and who is told when that changes. */

import type { Camera } from "../chart/camera.ts";
import type { Rules } from "../engine/descent.ts";
import { RULES } from "../generated.ts";
import type { FigureData, Pair } from "../types.ts";

export interface RunState {
  readonly rule: string;
  /** Settings that are not the rule's defaults, or that were written. */
  readonly settings: Readonly<Record<string, number>>;
  readonly lr: number;
  readonly start: Pair;
  /** Which of the printed runs it was, −1 for one that a reader has added. */
  readonly origin: number;
}

/** What a reader can change, and what an address can hold. */
export interface State {
  readonly runs: readonly RunState[];
  readonly steps: number;
  /** The current step. */
  readonly step: number;
  readonly camera: Camera;
  readonly arrows: boolean;
  readonly basins: boolean;
}

export const MAX_RUNS = 12;
export const ZOOM: Pair = [0.5, 3];
export const TILT: Pair = [5, 90];

/** The state of the printed figure. */
export function printed({ runs, steps, camera }: FigureData): State {
  return {
    runs: runs.map(({ method, start }, origin) => ({ ...method, start, origin })),
    steps,
    step: steps,
    camera: { azimuth: camera[0], elevation: camera[1], zoom: 1 },
    arrows: false,
    basins: false,
  };
}

/** Whether two runs are made in the same way. */
export const isSame = (a: RunState, b: RunState | undefined) =>
  !!b && methodOf(a) === methodOf(b) && `${a.start}` === `${b.start}`;

/** A text that is the same for the same optimizer, with the same settings and rate. */
export const methodOf = ({ rule, settings, lr }: RunState) => `${ruleText(rule, settings)} ${lr}`;

/** “adam(beta1=0.8, eps=1e-7)”, as the directive has it. */
export function ruleText(
  rule: string,
  settings: Readonly<Record<string, number>>,
  between = ", ",
): string {
  const inside = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  return inside.length ? `${rule}(${inside.join(between)})` : rule;
}

/** What listeners are told of a change. */
export interface Change {
  /** Whether nothing but the camera has moved. */
  readonly isCamera: boolean;
  /** Whether it has to be shown at once, and not with the next frame. */
  readonly isUrgent: boolean;
}

export class Store {
  /** The rules by name, those of the book among them. */
  readonly rules: Rules;
  readonly printed: State;
  state: State;
  /** The place of the run that the controls are about. */
  selected = 0;
  /** Whether runs that have the same start or optimizer change together. */
  isLinked = true;
  isPlaying = false;
  /** Whether a hand is still at it. At first, too: a coarse figure is there at once. */
  isMoving = true;
  /** Whether the paths are hidden until the reader has guessed where they end. */
  isHidden: boolean;
  guess: Pair | undefined;
  private readonly listeners: ((change: Change) => void)[] = [];

  constructor(
    readonly id: string,
    readonly data: FigureData,
  ) {
    this.rules = { ...RULES, ...data.rules };
    this.printed = this.state = printed(data);
    this.isHidden = data.predict;
  }

  /** Whether the author has left a control there. */
  has(control: string): boolean {
    return !this.data.hide.includes(control);
  }

  /** Elements that belong to a control, if it is there. */
  ifHas<E>(control: string, ...elements: E[]): E[] {
    return this.has(control) ? elements : [];
  }

  get run(): RunState {
    return this.state.runs[this.selected]!;
  }

  subscribe(listener: (change: Change) => void): void {
    this.listeners.push(listener);
  }

  /** Tell that something has changed. */
  notify(isMoving = false, isCamera = false, isUrgent = false): void {
    this.isMoving = isMoving;
    for (const listener of this.listeners) listener({ isCamera, isUrgent });
  }

  /** Change the state; `isMoving` while a hand is still at it. */
  set(change: Partial<State>, isMoving = false): void {
    const { step, steps } = this.state;
    this.state = { ...this.state, ...change };
    if ("steps" in change && !("step" in change)) {
      // Who sees the whole of a run wants to see the whole of a longer one.
      const last = this.state.steps;
      this.state = { ...this.state, step: step === steps ? last : Math.min(step, last) };
    }
    this.selected = Math.min(this.selected, this.state.runs.length - 1);
    // At once, so that what is written into a field next is not written over.
    this.notify(isMoving, Object.keys(change).join() === "camera", !isMoving);
  }

  /** Change the selected run, and linked ones that were the same in this. */
  setRun(change: Partial<RunState>, isMoving = false): void {
    const old = this.run;
    const names = Object.keys(change) as (keyof RunState)[];
    const isShared = this.isLinked && !names.includes("lr");
    const isLike = (run: RunState) =>
      names.every((name) => JSON.stringify(run[name]) === JSON.stringify(old[name]));
    this.guess = undefined;
    this.set(
      {
        runs: this.state.runs.map((run) =>
          run === old || (isShared && isLike(run)) ? { ...run, ...change } : run,
        ),
      },
      isMoving,
    );
  }

  select(place: number): void {
    this.selected = place;
    this.notify(this.isMoving, false, true);
  }

  /** Go to a step, which stops the playing. */
  goTo(step: number, isMoving = false): void {
    this.isPlaying = false;
    this.set({ step: Math.min(this.state.steps, Math.max(0, step)) }, isMoving);
  }

  /** Play, from the start if it is at the end, or pause. */
  play(): void {
    this.isPlaying = !this.isPlaying;
    if (this.isPlaying && this.state.step >= this.state.steps) this.set({ step: 0 });
    else this.notify();
  }

  reveal(guess: Pair): void {
    this.guess = guess;
    this.isHidden = false;
    this.notify();
  }

  /** Back to the printed figure. */
  reset(): void {
    this.isPlaying = false;
    this.guess = undefined;
    this.isHidden = this.data.predict;
    this.selected = 0;
    this.set(this.printed);
  }
}

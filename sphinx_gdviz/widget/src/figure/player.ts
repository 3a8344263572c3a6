/** Plays a run, step after step. */

import { clamp } from "../engine/interval.ts";
import type { Store } from "./store.ts";

/** Milliseconds between two steps that are not to be seen as motion. */
const PAUSE = 500;

/** A run is played in two to eight seconds; two steps a second for readers who want less motion. */
export function makePlayer(store: Store): void {
  let begun: number | undefined;
  let from = 0;
  const tick = (now: number) => {
    if (!store.isPlaying) return void (begun = undefined);
    begun ||= now;
    const { step, steps } = store.state;
    const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const whole = isCalm ? PAUSE * Math.min(steps, 50) : clamp(150 * steps, 2000, 8000);
    const passed = isCalm ? PAUSE * Math.floor((now - begun) / PAUSE) : now - begun;
    const next = Math.min(steps, from + Math.floor((passed * steps) / whole));
    store.isPlaying = next < steps;
    if (next !== step) store.set({ step: next }, store.isPlaying);
    requestAnimationFrame(tick);
  };
  store.subscribe(() => {
    if (!store.isPlaying || begun !== undefined) return;
    begun = 0;
    from = store.state.step;
    requestAnimationFrame(tick);
  });
}

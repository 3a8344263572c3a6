/** What tests/widget/goldens.py has written. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Descent } from "../../src/engine/descent.ts";
import { lossOf, type Loss } from "../../src/engine/loss.ts";
import type { CriticalPoint, LossData, Pair, Rule, Schedule, Verdict } from "../../src/types.ts";

interface Goldens {
  losses: Record<string, LossData>;
  rules: Record<string, Rule>;
  values: { loss: string; points: string; found: string }[];
  updates: { loss: string; descent: Descent; points: string }[];
  judged: { loss: string; descent: Descent; start: Pair; verdict: Verdict; outcome: string }[];
  schedules: { schedule: Schedule; steps: number; factors: string }[];
  randoms: {
    seed: number;
    bits: number[];
    uniform: string;
    normal: string;
    permutations: number[][];
  }[];
  numerals: [string, string, string, string][];
  basins: { loss: string; descent: Descent; labels: number[]; destinations: CriticalPoint[] }[];
  terms: { name: string; a: string; b: string; after: string }[];
}

const folder = process.env["GDVIZ_GOLDENS"];
if (!folder) throw new Error("GDVIZ_GOLDENS names no folder: run pytest tests/widget");

export const goldens = JSON.parse(readFileSync(join(folder, "goldens.json"), "utf8")) as Goldens;

/** Numbers of `runs.bin`, one run after another. */
export function runs(): Float64Array {
  const { buffer, byteOffset, byteLength } = readFileSync(join(folder!, "runs.bin"));
  return new Float64Array(buffer.slice(byteOffset, byteOffset + byteLength));
}

export function unpacked(text: string): Float64Array {
  const bytes = Uint8Array.from(Buffer.from(text, "base64"));
  return new Float64Array(bytes.buffer);
}

export const losses: Record<string, Loss> = Object.fromEntries(
  Object.entries(goldens.losses).map(([name, data]) => [name, lossOf(data)]),
);

/** The largest finite |value|, at least `least`. */
export function scaleOf(values: ArrayLike<number>, least = 0): number {
  let scale = least;
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i]!);
    if (size > scale && size < Infinity) scale = size;
  }
  return scale;
}

/** How far two numbers are apart: 0 for two that are nan, infinite if only one is finite. */
export function apart(a: number, b: number): number {
  if (Object.is(a, b) || a === b) return 0;
  const distance = Math.abs(a - b);
  return Number.isNaN(distance) ? Infinity : distance;
}

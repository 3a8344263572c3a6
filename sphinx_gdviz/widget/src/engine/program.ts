/** Programs of the build, evaluated in the page: at one point, or at many at once. */

import type { Program } from "../types.ts";
import { apply, operation, type Column } from "./columns.ts";

/** So many points are worked on at a time: their registers then fit into a processor's cache. */
const BLOCK = 256;

/** A column of each result, at points whose coordinates are two columns of one length. */
export type Evaluator = (x: ArrayLike<number>, y: ArrayLike<number>) => Column[];

/**
 * Make a program ready to run: an interpreter, since pages may forbid generated code.
 *
 * @param which Results that are wanted, by position; all of them if left out.
 */
export function compile({ code, out }: Program, which?: readonly number[]): Evaluator {
  const results = which ? which.map((index) => out[index]!) : out;
  const needed = new Set(results);
  for (let index = code.length; index--; ) {
    const step = code[index]!;
    if (needed.has(index) && typeof step !== "number") {
      step.slice(1).forEach((operand) => needed.add(operand as number));
    }
  }

  /** Registers for so many points, the coordinates, and what computes the rest of them. */
  function machine(size: number) {
    const x = new Float64Array(size);
    const y = new Float64Array(size);
    const registers: Column[] = [];
    const steps: (() => void)[] = [];
    code.forEach((step, index) => {
      if (!needed.has(index)) return;
      const out = (registers[index] = new Float64Array(size));
      if (typeof step === "number") out.fill(step);
      else if (step[0] === "x") registers[index] = x;
      else if (step[0] === "y") registers[index] = y;
      else {
        const f = operation(step[0]);
        const a = registers[step[1]!]!;
        const b = registers[step[2]!] ?? a;
        const c = registers[step[3]!] ?? a;
        steps.push(() => apply(f, out, a, b, c));
      }
    });
    return { x, y, registers, steps };
  }

  const machines: ReturnType<typeof machine>[] = [];

  return (x, y) => {
    const size = Math.min(BLOCK, x.length);
    const used = (machines[size] ??= machine(size));
    const columns = results.map(() => new Float64Array(x.length));
    for (let first = 0; first < x.length; first += size) {
      // Behind the last point there is rubbish, which is computed and left.
      for (let i = 0; i < size; i++) {
        used.x[i] = x[first + i]!;
        used.y[i] = y[first + i]!;
      }
      for (const step of used.steps) step();
      results.forEach((index, which) =>
        columns[which]!.set(used.registers[index]!.subarray(0, x.length - first), first),
      );
    }
    return columns;
  };
}

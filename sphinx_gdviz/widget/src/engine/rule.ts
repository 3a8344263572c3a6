/** Update rules: statements on numbers and on pairs, for one run or for a batch of runs. */

import type { Rule, Term } from "../types.ts";
import { apply, operation, type Column } from "./columns.ts";

/**
 * What each name of a rule stands for: a number in a column of length 1; a pair, of n runs, in a
 * column of length 2n, all first parameters before all second ones.
 */
export type Values = Record<string, Column>;

type Computed = (values: Values) => Column;

/** What computes a term. */
export function computed(term: Term): Computed {
  if (typeof term === "number") {
    const column = Float64Array.of(term);
    return () => column;
  }
  if (typeof term === "string") return (values) => values[term]!;
  if (term[0] === "norm") return normed(computed(term[1]!));
  const f = operation(term[0]);
  const operands = (term.slice(1) as Term[]).map(computed);
  let out = new Float64Array(0);
  return (values) => {
    const [a, b = a, c = a] = operands.map((operand) => operand(values)) as [Column];
    const size = Math.max(a.length, b.length, c.length);
    if (out.length !== size) out = new Float64Array(size);
    apply(f, out, a, b, c);
    return out;
  };
}

/** The length of each pair, in both of its places. */
function normed(operand: Computed): Computed {
  return (values) => {
    const pairs = operand(values);
    const n = pairs.length / 2;
    return pairs.map((_, i) => Math.sqrt(pairs[i % n]! ** 2 + pairs[(i % n) + n]! ** 2));
  };
}

/** Put the memory before the first update among the values, where all else is that it takes. */
export function remember(rule: Rule, values: Values): void {
  for (const [name, term] of Object.entries(rule.memory))
    values[name] = computed(term)(values).slice();
}

/**
 * What carries out an update: it takes `theta`, `g`, `lr`, `t` (from 1), the settings and the
 * memory among the values, and leaves there all that the rule computes.
 */
export function updater(rule: Rule): (values: Values) => void {
  const update = rule.update.map(([name, term]) => [name, computed(term)] as const);
  return (values) => {
    for (const [name, compute] of update) {
      const result = compute(values);
      if (values[name]?.length === result.length) values[name].set(result);
      else values[name] = result.slice();
    }
  };
}

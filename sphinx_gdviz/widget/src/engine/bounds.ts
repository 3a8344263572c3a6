/** The values that settings of rules may have: those that the build takes. */

import { BOUNDS, RULES } from "../generated.ts";

interface Bounds {
  readonly above?: number;
  readonly least?: number;
  readonly below?: number;
  readonly most?: number;
}

/** Whether a setting of a rule, or its rate, may have a value; an author's rule checks its own. */
export function allows(rule: string, name: string, value: number): boolean {
  const isKnown = name === "lr" || Object.keys(RULES).includes(rule);
  const bounds = (isKnown && (BOUNDS as Readonly<Record<string, Bounds>>)[name]) || {};
  const { above = -Infinity, least = above, below = Infinity, most = below } = bounds;
  return value > above && value >= least && value < below && value <= most;
}

/** What a run did, in words, as core/report/describe.py says it. */

import type { STRINGS } from "../generated.ts";
import type { Verdict } from "../types.ts";
import { spoken, spokenPoint } from "./numbers.ts";

type Strings = Readonly<Record<keyof typeof STRINGS, string>>;

/** What a run did, as a predicate: “converged at step 26 to loss −0.075 at (−0.358, 0.674)”. */
export function outcome(verdict: Verdict, lastLoss: number, strings: Strings): string {
  const { kind, step, place, clipStep, point, period } = verdict;
  const fill = (text: string, values: Record<string, string | number>) =>
    text.replace(/\{(\w+)\}/g, (_, name: string) => `${values[name]}`);
  const swing = period ? "periodic" : "irregular";
  const key = kind === "oscillating" ? swing : kind === "converged" ? kind : (place ?? kind);
  const said = fill(strings[key as keyof Strings], {
    step,
    loss: spoken(lastLoss),
    point: point ? spokenPoint(point) : "",
    period: period ?? "",
  });
  if (clipStep === undefined || place === "box") return said;
  return fill(strings.held, { outcome: said, step: clipStep });
}

/** What a run did, in words, as core/report/sentences.py says it. */

import texts from "../../strings.json";
import type { Verdict } from "../types.ts";
import { spoken, spokenPoint } from "./numbers.ts";

/** Predicates, to be translated as wholes; what stands in braces is put in. */
export const OUTCOMES = {
  converged: texts.converged,
  box: texts.box,
  flat: texts.flat,
  saddle: texts.saddle,
  maximum: texts.maximum,
  periodic: texts.periodic,
  irregular: texts.irregular,
  undefined: texts.undefined,
  diverged: texts.diverged,
  slow: texts.slow,
  held: texts.held,
};

export type Outcomes = Readonly<Record<keyof typeof OUTCOMES, string>>;

/** What a run did, as a predicate: “converged at step 26 to loss −0.075 at (−0.358, 0.674)”. */
export function outcome(verdict: Verdict, lastLoss: number, strings: Outcomes): string {
  const { kind, step, place, clipStep, point, period } = verdict;
  const fill = (text: string, values: Record<string, string | number>) =>
    text.replace(/\{(\w+)\}/g, (_, name: string) => `${values[name]}`);
  const key =
    kind === "oscillating"
      ? period
        ? "periodic"
        : "irregular"
      : kind === "converged" || !place
        ? kind
        : place;
  const said = fill(strings[key as keyof Outcomes], {
    step,
    loss: spoken(lastLoss),
    point: point ? spokenPoint(point) : "",
    period: period ?? "",
  });
  if (clipStep === undefined || place === "box") return said;
  return fill(strings.held, { outcome: said, step: clipStep });
}

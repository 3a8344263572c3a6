/** What a run did, in words, as core/words.py says it. */

import type { Verdict } from "../types.ts";
import { spoken, spokenPoint } from "./number.ts";

/** Predicates, to be translated as wholes; what stands in braces is put in. */
export const OUTCOMES = {
  converged: "converged at step {step} to loss {loss} at {point}",
  box: "was stuck at the edge of its box from step {step}, at loss {loss}",
  flat: "was stuck where the loss is flat from step {step}, at loss {loss}",
  saddle: "was stuck at a saddle from step {step}, at loss {loss}",
  maximum: "was stuck at a maximum from step {step}, at loss {loss}",
  periodic: "oscillated with period {period} from step {step} and ended at loss {loss}",
  irregular: "oscillated irregularly from step {step} and ended at loss {loss}",
  undefined: "left the domain of the loss at step {step}",
  diverged: "diverged at step {step}",
  slow: "was still on its way at step {step}, at loss {loss}",
  held: "{outcome} (first held by the box at step {step})",
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

/** The arrows at the current step: downhill, what is remembered, and the step itself. */

import type { Vector } from "../chart/contour.ts";
import { tolerance } from "../engine/verdict.ts";
import type { Pair } from "../types.ts";
import { endOf, type Model, type Scene } from "./model.ts";
import type { Store } from "./store.ts";

export function vectorsOf(store: Store, model: Model, scene: Scene): Vector[] {
  const { guess } = store;
  const [x, y] = endOf(scene.selected.path);
  const found = updateVectors(store, model, scene);
  if (guess && isFinite(x + y)) {
    const by = [x - guess[0], y - guess[1]] as const;
    found.push({ at: guess, by, colour: "#ffffff", label: "", side: 0 });
  }
  return found;
}

function updateVectors({ data }: Store, model: Model, { update, selected }: Scene): Vector[] {
  if (!update) return [];
  const { x, y } = data.frame;
  const { before, after } = update;
  const pair = (column: ArrayLike<number>): Pair => [column[0]!, column[1]!];
  const at = pair(before["theta"]!);
  const to = pair(after["theta"]!);
  const memory = ["b", "m"].find((name) => (after[name]?.length ?? 0) > 1);
  const size = ([a, b]: Pair) => Math.hypot(a / (x[1] - x[0]), b / (y[1] - y[0]));
  const slopes = [before["g"]!, ...(memory ? [after[memory]!] : [])].map(pair);
  // Slopes have another unit than parameters: the longest is drawn a sixth of the frame long, and
  // none where all of them are as good as zero.
  const isFlat = slopes.every((slope) => Math.hypot(...slope) < tolerance(model.loss));
  const factor = isFlat ? 0 : 0.16 / Math.max(...slopes.map(size));
  const labels = ["−∇L", `−${memory}`];
  const colours = ["#e8f4ff", "#ffd1f4"];
  const arrows = slopes.map(([a, b], i) => ({
    at,
    by: [-factor * a, -factor * b] as Pair,
    colour: colours[i]!,
    label: labels[i]!,
    side: -i,
  }));
  const by: Pair = [to[0] - at[0], to[1] - at[1]];
  return [...arrows, { at, by, colour: selected.look.colour, label: "Δθ", side: 1 }];
}

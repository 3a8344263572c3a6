/** Runs, verdicts and basins are those of the build. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { descend, updateAt } from "../../src/engine/descent.ts";
import { RULES, STRINGS } from "../../src/generated.ts";
import { basins } from "../../src/engine/basins.ts";
import { judge } from "../../src/engine/verdict.ts";
import { outcome } from "../../src/engine/outcome.ts";
import type { Verdict } from "../../src/types.ts";
import { apart, goldens, losses, runs, scaleOf } from "./goldens.ts";

/** Whether two verdicts say the same, their points up to rounding. */
function agree(a: Verdict, b: Verdict, tolerance: number): boolean {
  const rest = ({ point: _, ...others }: Verdict) => JSON.stringify(Object.entries(others).sort());
  const near = [0, 1].every(
    (side) => apart(a.point?.[side] ?? 0, b.point?.[side] ?? 0) <= tolerance,
  );
  return rest(a) === rest(b) && !a.point === !b.point && near;
}

/** Python's runs one after another. */
function* judged() {
  const numbers = runs();
  let at = 0;
  const take = (count: number) => numbers.subarray(at, (at += count));
  for (const golden of goldens.judged) {
    const count = golden.descent.steps + 1;
    const [points, values, gradients] = [take(2 * count), take(count), take(2 * count + 2)];
    const scale = scaleOf([...golden.start, ...losses[golden.loss]!.data.xlim]);
    yield { ...golden, points, losses: values, gradients, scale };
  }
}

const nameOf = ({ loss, descent, start }: (typeof goldens.judged)[number]) =>
  `${loss}, ${JSON.stringify(descent)} from ${start}`;

test("verdicts on Python's runs, and what is said of them", (context) => {
  const counts: Record<string, number> = {};
  for (const golden of judged()) {
    const { clip } = golden.descent;
    const { clipStep = -1 } = golden.verdict;
    const found = judge(losses[golden.loss]!, { ...golden, clip, clipStep });
    const name = nameOf(golden);
    assert.ok(
      agree(found, golden.verdict, 1e-9 * golden.scale),
      `${name}: ${JSON.stringify(found)} is ${JSON.stringify(golden.verdict)}`,
    );
    assert.equal(outcome(golden.verdict, golden.losses.at(-1)!, STRINGS), golden.outcome);
    const key = `${found.kind} ${found.place ?? ""}`;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  context.diagnostic(JSON.stringify(counts));
  for (const [kind, place] of Object.entries({
    converged: "minimum",
    stuck: "saddle",
    diverged: "undefined",
  })) {
    assert.ok(counts[`${kind} ${place}`]! > 9, kind);
  }
  assert.ok(counts["stuck box"] && counts["stuck flat"] && counts["slow "]);
});

test("runs of the page", (context) => {
  let count = 0;
  let same = 0;
  let right = 0;
  let tame = 0;
  for (const golden of judged()) {
    const loss = losses[golden.loss]!;
    const path = descend(loss, RULES, { ...golden.descent, start: golden.start });
    let deviation = 0;
    golden.points.forEach((part, i) => {
      deviation = Math.max(deviation, apart(path.points[i]!, part) / golden.scale);
    });
    const agrees = agree(path.verdict, golden.verdict, 1e-6 * golden.scale);
    count++;
    right += +agrees;
    same += +(deviation <= 1e-9);
    // Other rounding makes another run of a chaotic one, which may do something else.
    const said = `${JSON.stringify(path.verdict)} is ${JSON.stringify(golden.verdict)}`;
    assert.ok(agrees || deviation > 1e-9, `${nameOf(golden)}: ${said}`);
    const { clip, noise, batch, schedule, method } = golden.descent;
    const isTame = method.lr <= 0.1 && (clip || noise || typeof schedule !== "number" || batch);
    tame += +!!isTame;
    if (isTame) assert.ok(deviation <= 1e-9, `${nameOf(golden)}: ${deviation}`);
  }
  context.diagnostic(`${count} runs: ${same} the same to 1e-9, ${right} with the same verdict`);
  assert.ok(tame > 20);
  assert.ok(right >= 0.99 * count, `${right} of ${count}`);
});

test("the values of one update", () => {
  const descent = {
    method: { rule: "adam", settings: { beta1: 0.8 }, lr: 0.1 },
    start: [1.5, 1.5] as const,
    steps: 3,
    schedule: 1,
    clip: null,
    noise: 0,
    batch: null,
    seed: 0,
  };
  const path = descend(losses["bowl"]!, RULES, descent);
  const { before, after } = updateAt(losses["bowl"]!, RULES, descent, 2);
  assert.deepEqual(before["theta"], path.points.slice(2, 4));
  assert.deepEqual(before["g"], path.gradients.slice(2, 4));
  assert.deepEqual(after["theta"], path.points.slice(4, 6));
  assert.deepEqual([before["t"]![0], after["beta1"]![0]], [2, 0.8]);
  assert.ok(before["m"] && after["m_hat"]);
  assert.throws(() => updateAt(losses["bowl"]!, RULES, descent, 9));
});

test("words can be translated", () => {
  const strings = { ...STRINGS, diverged: "à l’étape {step}: parti", held: "{step}: {outcome}" };
  const verdict = { kind: "diverged", step: 4, clipStep: 2 } as const;
  assert.equal(outcome(verdict, NaN, strings), "2: à l’étape 4: parti");
});

test("basins", (context) => {
  for (const { loss: name, descent, labels, destinations } of goldens.basins) {
    const loss = losses[name]!;
    const { xlim: x, ylim: y } = loss.data;
    const work = basins(loss, RULES, descent, { x, y }, 48);
    let done = 0;
    let slices = 0;
    let result = work.next();
    for (; !result.done; result = work.next(), slices++) {
      assert.ok(result.value >= done && result.value < 1);
      done = result.value;
    }
    const found = result.value;
    const kinds = (points: typeof destinations) =>
      points.map(({ point, kind }) => `${kind} ${point.map((part) => part.toFixed(4))}`);
    assert.deepEqual(kinds([...found.destinations]), kinds(destinations), name);
    const same = labels.filter((label, i) => found.labels[i] === label).length;
    context.diagnostic(`${name}: ${same} of ${labels.length} starts, ${slices} slices`);
    assert.ok(same >= 0.99 * labels.length, name);
  }
});

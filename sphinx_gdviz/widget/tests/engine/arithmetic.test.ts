/** Programs, rules, random numbers, schedules and numerals are those of the build. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { apply, operation } from "../../src/engine/columns.ts";
import { factors, states } from "../../src/engine/descent.ts";
import { given, measured, spoken } from "../../src/engine/numbers.ts";
import { compile } from "../../src/engine/program.ts";
import { randomState } from "../../src/engine/random.ts";
import { remember, updater, type Values } from "../../src/engine/rule.ts";
import { RULES } from "../../src/generated.ts";
import { apart, goldens, losses, scaleOf, unpacked } from "./goldens.ts";

test("values and derivatives", (context) => {
  let worst = 0;
  for (const { loss: name, points, found } of goldens.values) {
    const loss = losses[name]!;
    const at = unpacked(points);
    const n = at.length / 2;
    const expected = unpacked(found);
    const x = at.filter((_, i) => i % 2 === 0);
    const y = at.filter((_, i) => i % 2 === 1);
    const hessians = Array.from(x, (each, i) => loss.hessian(each, y[i]!));
    const columns = [
      ...loss.over.value(x, y),
      ...loss.over.gradient(x, y),
      ...[0, 1, 2].map((k) => hessians.map((hessian) => hessian[k]!)),
    ];
    columns.forEach((column, which) => {
      const right = expected.subarray(which * n, (which + 1) * n);
      // Derivatives of one order have one scale: a mixed one may be nothing but rounding.
      const [begin, end] = [[0, 1], [1, 3], [1, 3], [3, 6], [3, 6], [3, 6]][which]!;
      const scale = scaleOf(expected.subarray(begin! * n, end! * n), 1e-300);
      for (let i = 0; i < n; i++) {
        const deviation = apart(column[i]!, right[i]!) / scale;
        worst = Math.max(worst, deviation);
        assert.ok(deviation <= 1e-12, `${name}, ${which}, at ${x[i]}, ${y[i]}: ${deviation}`);
      }
    });
    // A point alone gives the same bits as in company.
    for (let i = 0; i < n; i += 17) {
      assert.equal(loss.value(x[i]!, y[i]!), columns[0]![i]);
      assert.deepEqual(loss.gradient(x[i]!, y[i]!), [columns[1]![i], columns[2]![i]]);
    }
  }
  context.diagnostic(`${goldens.values.length} losses, at most ${worst} of scale`);
});

test("a program whose results are constants or coordinates", () => {
  const over = compile({ code: [["x"], 3, ["y"], ["add", 1, 1]], out: [1, 2, 3, 0] });
  assert.deepEqual(over([5], [7]).map(([value]) => value), [3, 7, 6, 5]);
  const many = Float64Array.from({ length: 1000 }, (_, i) => i);
  for (const length of [1, 5, 256, 257, 1000]) {
    const x = many.slice(0, length);
    const [three, y, six, same] = over(x, x);
    assert.deepEqual([three, six], [x.map(() => 3), x.map(() => 6)]);
    assert.deepEqual([y, same], [x, x]);
  }
});

test("operations on special numbers", () => {
  for (const { name, a, b, after } of goldens.terms) {
    const [left, right] = [unpacked(a), unpacked(b)];
    const out = new Float64Array(left.length);
    apply(operation(name), out, left, right, left);
    const expected = unpacked(after);
    out.forEach((value, i) => {
      // The last bit is the processor's: NumPy has other code for powers where it has AVX-512.
      const last = 4e-16 * Math.abs(expected[i]!);
      assert.ok(
        apart(value, expected[i]!) <= (last < Infinity ? last : 0),
        `${name}(${left[i]}, ${right[i]}) is ${expected[i]}, not ${value}`,
      );
    });
  }
});

test("rules are those of Python", () => {
  assert.deepEqual(RULES, goldens.rules);
});

test("one step from each of Python's points", (context) => {
  let worst = 0;
  let count = 0;
  for (const { loss: name, descent, points } of goldens.updates) {
    const expected = unpacked(points);
    const loss = losses[name]!;
    const rule = RULES[descent.method.rule]!;
    const update = updater(rule);
    const values: Values = { theta: new Float64Array(2), lr: Float64Array.of(descent.method.lr) };
    for (const [key, value] of Object.entries(rule.defaults)) values[key] = Float64Array.of(value);
    const { xlim, ylim } = loss.data;
    const scale = scaleOf([...xlim, ...ylim, ...expected]);
    for (let step = 0; step < descent.steps; step++) {
      const here = expected.subarray(2 * step, 2 * step + 2);
      values["theta"] = here.slice();
      values["g"] = Float64Array.from(loss.gradient(here[0]!, here[1]!));
      values["t"] = Float64Array.of(step + 1);
      if (step === 0) remember(rule, values);
      update(values);
      for (const side of [0, 1]) {
        const right = expected[2 * step + 2 + side]!;
        const deviation = apart(values["theta"][side]!, right) / scale;
        worst = Math.max(worst, deviation);
        count++;
        const where = `${name}, ${descent.method.rule}, step ${step}`;
        assert.ok(deviation <= 1e-12, `${where}: ${deviation}`);
      }
    }
  }
  context.diagnostic(`${count} coordinates, at most ${worst} of scale`);
});

test("whole paths where descent contracts, alone and as a batch", (context) => {
  let worst = 0;
  let count = 0;
  for (const { loss: name, descent, points } of goldens.updates) {
    if (!["ravine", "booth", "matyas", "quartic", "line", "logistic"].includes(name)) continue;
    if (!["gd", "momentum", "nesterov", "adagrad", "adam"].includes(descent.method.rule)) continue;
    const expected = unpacked(points);
    const loss = losses[name]!;
    const { xlim, ylim } = loss.data;
    const scale = scaleOf([...xlim, ...ylim]);
    // The same run three times, between others.
    const [x, y] = expected as unknown as [number, number];
    const starts = Float64Array.of(x, 0.1, x, x, y, 0.2, y, y);
    let step = 0;
    for (const { values } of states(loss, RULES, descent, starts)) {
      if (step > descent.steps) break;
      const theta = values["theta"]!;
      for (const [run, side] of [0, 2, 3].flatMap((each) => [[each, 0], [each, 1]] as const)) {
        const deviation = apart(theta[4 * side + run]!, expected[2 * step + side]!) / scale;
        worst = Math.max(worst, deviation);
        assert.ok(deviation <= 1e-12, `${name}, ${descent.method.rule}, ${step}: ${deviation}`);
      }
      step++;
    }
    count++;
  }
  context.diagnostic(`${count} paths, at most ${worst} of scale`);
});

test("random numbers", (context) => {
  let same = 0;
  let all = 0;
  for (const { seed, bits, uniform, normal, permutations } of goldens.randoms) {
    const words = randomState(seed);
    assert.deepEqual(bits.map(() => words.bits()), bits);
    const parts = randomState(seed);
    assert.deepEqual(unpacked(uniform).map(() => parts.uniform()), unpacked(uniform));
    const random = randomState(seed);
    for (const right of unpacked(normal)) {
      const drawn = random.normal();
      // The logarithm of one C library is not that of another to the last bit.
      assert.ok(apart(drawn, right) <= 5e-16 * Math.abs(right));
      same += +(drawn === right);
      all++;
    }
    for (const right of permutations) {
      assert.deepEqual(Array.from(random.permutation(right.length)), right);
    }
  }
  context.diagnostic(`${same} of ${all} normal numbers have the same bits`);
});

test("schedules", () => {
  for (const { schedule, steps, factors: expected } of goldens.schedules) {
    const found = factors(schedule, steps);
    unpacked(expected).forEach((right, step) => {
      assert.ok(apart(found[step]!, right) <= 1e-13, `${JSON.stringify(schedule)}: ${found} ${right}`);
    });
    assert.equal(found.length, steps);
  }
});

test("numerals", () => {
  for (const [value, plain, written, sentence] of goldens.numerals) {
    const number = unpacked(value)[0]!;
    assert.deepEqual([number, measured(number)], [number, plain]);
    assert.deepEqual([number, spoken(number)], [number, sentence]);
    if (isFinite(number)) assert.deepEqual([number, given(number)], [number, written]);
  }
});

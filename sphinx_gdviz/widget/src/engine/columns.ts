/** Arithmetic on columns of numbers, with NumPy's names and meanings. */

type Operation = (a: number, b: number, c: number) => number;

/** Numbers, one for each of many points; a column of length 1 stands for the same number in all. */
export type Column = Float64Array;

/**
 * What programs and update rules may do. Differences between IEEE arithmetic in C and in JavaScript
 * are mended here: `Math.pow` has no 1 to the power of anything, and `Math.sign` keeps the −0.
 */
const OPERATIONS: Record<string, Operation> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  negative: (a) => -a,
  square: (a) => a * a,
  power: (a, b) => (a === 1 ? 1 : a ** b),
  sign: (a) => Math.sign(a) + 0,
  max: (a, b) => Math.max(a, b),
  min: (a, b) => Math.min(a, b),
  greater: (a, b) => +(a > b),
  less: (a, b) => +(a < b),
  greater_equal: (a, b) => +(a >= b),
  less_equal: (a, b) => +(a <= b),
  where: (a, b, c) => (a ? b : c),
  relu: (a) => Math.max(a, 0),
  sigmoid: (a) => 1 / (1 + Math.exp(-a)),
  softplus: (a) => Math.max(a, 0) + Math.log1p(Math.exp(-Math.abs(a))),
  clip: (a, b, c) => Math.min(Math.max(a, b), c),
};

/** The operation of a name: one of those above, or a function of `Math`. */
export function operation(name: string): Operation {
  const found = OPERATIONS[name] ?? (Math as unknown as Record<string, Operation>)[name];
  if (!found) throw new Error(`there is no operation ${name}`);
  return found;
}

const { add, subtract, multiply } = OPERATIONS;

/** What makes each index 0 where a column is a single number. */
const mask = (column: Column) => (column.length > 1 ? -1 : 0);

/** Carry out an operation for each element of a column that takes the results. */
export function apply(f: Operation, out: Column, a: Column, b: Column, c: Column): void {
  const p = mask(a);
  const q = mask(b);
  const r = mask(c);
  const n = out.length;
  // The three most frequent ones without a call for each element.
  if (f === multiply) for (let i = 0; i < n; i++) out[i] = a[i & p]! * b[i & q]!;
  else if (f === add) for (let i = 0; i < n; i++) out[i] = a[i & p]! + b[i & q]!;
  else if (f === subtract) for (let i = 0; i < n; i++) out[i] = a[i & p]! - b[i & q]!;
  else for (let i = 0; i < n; i++) out[i] = f(a[i & p]!, b[i & q]!, c[i & r]!);
}

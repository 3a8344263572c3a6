/** Losses: a value with its derivatives, from programs or from the rows of a model. */

import type { LossData } from "../types.ts";
import { modelOf, type Gradient } from "./regression.ts";
import { compile, type Evaluator } from "./program.ts";

export interface Loss {
  readonly data: LossData;
  value(x: number, y: number): number;
  /** The two first derivatives. */
  gradient(x: number, y: number): number[];
  /** The second derivatives xx, xy, yy. */
  hessian(x: number, y: number): number[];
  /** The same at many points, given as two columns, in as many columns as there are results. */
  readonly over: { readonly value: Evaluator; readonly gradient: Evaluator };
  /** The first derivatives of the mean over a few rows, where there are rows. */
  readonly batch?: (rows: ArrayLike<number>) => Gradient;
}

/** Make a loss ready to be used. A model needs no programs: their code may be empty. */
export function lossOf(data: LossData): Loss {
  const { value, derivatives, rows } = data;
  const model = rows && modelOf(rows);
  const columns =
    (f: Gradient): Evaluator =>
    (x, y) => {
      const found = Array.from(x, (each, i) => f(each, y[i]!));
      return (found[0] ?? []).map((_, k) => Float64Array.from(found, (results) => results[k]!));
    };
  const over =
    model && !value.code.length
      ? {
          value: columns(model.value),
          gradient: columns(model.gradient),
          hessian: columns(model.hessian),
        }
      : {
          value: compile(value),
          gradient: compile(derivatives, [0, 1]),
          hessian: compile(derivatives, [2, 3, 4]),
        };
  const at =
    (f: Evaluator): Gradient =>
    (x, y) =>
      f([x], [y]).map((column) => column[0]!);
  return {
    data,
    value: (x, y) => over.value([x], [y])[0]![0]!,
    gradient: at(over.gradient),
    hessian: at(over.hessian),
    over,
    ...(model && { batch: model.batch }),
  };
}

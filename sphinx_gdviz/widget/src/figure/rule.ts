/** An update rule for a reader: with its symbols, or with the numbers of one update. */

import symbols from "../../symbols.json";
import { given, measured } from "../engine/numbers.ts";
import type { Values } from "../engine/rule.ts";
import type { Rule, Term } from "../types.ts";

/** What readers know names by; other names stand for themselves. */
const SYMBOLS: Record<string, string> = symbols;

/** Signs, and how tightly they bind. */
const BINARY: Record<string, readonly [string, number]> = {
  add: [" + ", 1],
  subtract: [" − ", 1],
  multiply: ["·", 2],
  divide: ["/", 2],
  greater: [" > ", 0],
  less: [" < ", 0],
};
const POWER = 3;
const ATOM = 4;

export function symbol(name: string, rule: Rule): string {
  if (name === "rho") return name in rule.defaults ? "ρ" : "ρₜ";
  return SYMBOLS[name] ?? name;
}

type Written = readonly [text: string, binds: number];

function write(term: Term, name: (name: string) => Written): Written {
  if (typeof term === "number") return [given(term), term < 0 ? 1 : ATOM];
  if (typeof term === "string") return name(term);
  const [operation, ...operands] = term;
  const texts = operands.map((operand) => write(operand, name));
  const within = (i: number, level: number) =>
    texts[i]![1] >= level ? texts[i]![0] : `(${texts[i]![0]})`;
  const [a, b, c] = texts.map(([text]) => text);
  const sign = BINARY[operation];
  if (sign) {
    const after = sign[1] + +/subtract|divide/.test(operation);
    return [within(0, sign[1]) + sign[0] + within(1, Math.max(after, 1)), sign[1]];
  }
  switch (operation) {
    case "negative":
      return [`−${within(0, 2)}`, 1];
    case "square":
      return [`${within(0, ATOM)}²`, POWER];
    case "power":
      return [
        `${within(0, ATOM)}${operands[1] === "t" ? raise(b!) : `^${within(1, ATOM)}`}`,
        POWER,
      ];
    case "sqrt":
      return [`√${within(0, ATOM)}`, ATOM];
    case "abs":
      return [`|${a}|`, ATOM];
    case "where":
      return [`${b} if ${a}, else ${c}`, 0];
  }
  return [
    `${operation.slice(0, /imum$/.test(operation) ? 3 : undefined)}(${texts.map(([text]) => text).join(", ")})`,
    ATOM,
  ];
}

const raise = (text: string) => text.replace(/[t\d]/g, (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[+digit] ?? "ᵗ");

/** The statements of an update, as text with symbols. */
export function withSymbols(rule: Rule, isFirst: boolean): string[] {
  const name = (name: string): Written => [symbol(name, rule), ATOM];
  return rule[isFirst ? "first" : "later"].map(
    ([result, term]) => `${symbol(result, rule)} ← ${write(term, name)[0]}`,
  );
}

/** The same with the numbers of an update, and what comes out. */
export function withNumbers(rule: Rule, before: Values, after: Values): string[] {
  const known = { ...before };
  return rule[before["t"]![0]! > 1 ? "later" : "first"].map(([result, term]) => {
    const text = write(term, (name) => number(name, known[name]!, rule))[0];
    const [value] = number(result, (known[result] = after[result]!), rule);
    return `${value} ← ${text}`;
  });
}

function number(name: string, column: Values[string], rule: Rule): Written {
  const numeral = name in rule.defaults || name === "lr" || name === "t" ? given : measured;
  if (column.length > 1) return [`(${Array.from(column, numeral).join(", ")})`, ATOM];
  return [numeral(column[0]!), column[0]! < 0 ? 1 : ATOM];
}

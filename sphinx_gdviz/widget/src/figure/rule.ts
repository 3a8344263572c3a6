/** An update rule for a reader: with its symbols, or with the numbers of one update. */

import { given, measured } from "../engine/numbers.ts";
import type { Values } from "../engine/rule.ts";
import type { Rule } from "../types.ts";

export const symbol = (name: string, rule: Rule) => rule.symbols[name] ?? name;

/** Put something into the places of a statement, as core/export/rule_data.py prints it. */
function fill(text: string, write: (name: string) => string): string {
  return text.replace(/\{([(^]?)([^}]+)\}/g, (_, kind: string, name: string) => {
    const written = write(name);
    if (kind === "^")
      return written.replace(/[t\d]/g, (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[+digit] ?? "ᵗ");
    return kind && written.startsWith("−") ? `(${written})` : written;
  });
}

/** The statements of an update, as text with symbols. */
export function withSymbols(rule: Rule, isFirst: boolean): string[] {
  const write = (name: string) => symbol(name, rule);
  return rule.update.map(
    ([name, , text, first]) => `${write(name)} ← ${fill(isFirst ? first : text, write)}`,
  );
}

/** The same with the numbers of an update, and what comes out. */
export function withNumbers(rule: Rule, before: Values, after: Values): string[] {
  const known = { ...before };
  const write = (name: string) => {
    const column = known[name]!;
    const numeral = name in rule.defaults || name === "lr" || name === "t" ? given : measured;
    const numbers = Array.from(column, numeral);
    return numbers.length > 1 ? `(${numbers.join(", ")})` : numbers[0]!;
  };
  return rule.update.map(([name, , text, first]) => {
    const right = fill(before["t"]![0]! > 1 ? text : first, write);
    known[name] = after[name]!;
    return `${write(name)} ← ${right}`;
  });
}

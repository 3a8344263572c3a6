/** Rules from the short form in which the bundle holds them. */

import type { Rule, Term } from "../types.ts";
import { operation } from "./columns.ts";

type Statements = [string, Term][];

/** Title, settings, memory before the first update, later statements, first statements. */
type Shorthand = readonly [
  string,
  Readonly<Record<string, number>>,
  Readonly<Record<string, Term>>,
  string,
  string?,
];

const SIGNS: Record<string, string> = {
  "+": "add",
  "-": "subtract",
  "*": "multiply",
  "/": "divide",
  "^": "power",
};

/** Statements in Polish notation: “b=+ * momentum b g;theta=- theta * lr b”. */
function statements(text: string): Statements {
  return text.split(";").map((each) => {
    const tokens = each.split(/[= ]/);
    const next = (): Term => {
      const token = tokens.shift()!;
      const name = token.endsWith("(") ? token.slice(0, -1) : SIGNS[token];
      if (!name) return isNaN(+token) ? token : +token;
      return [name, ...Array.from({ length: operation(name).length }, next)];
    };
    return [tokens.shift()!, next()];
  });
}

export function rulesOf(short: Readonly<Record<string, Shorthand>>): Record<string, Rule> {
  const rules: Record<string, Rule> = {};
  for (const [name, [title, defaults, memory, later, first]] of Object.entries(short)) {
    const statementsLater = statements(later);
    rules[name] = {
      title,
      defaults,
      memory: Object.keys(memory),
      first: first ? statements(first) : [...Object.entries(memory), ...statementsLater],
      later: statementsLater,
    };
  }
  return rules;
}

/**
 * All that a reader sees in words. A page may hold translations, as JSON in
 * `<script type="application/json" class="gdviz-strings">`: what it leaves out stays English.
 */

import { STRINGS as ENGLISH } from "../generated.ts";

export type Key = keyof typeof ENGLISH;

export const STRINGS: Record<Key, string> = { ...ENGLISH };

/** Take over a page's translations. */
export function translate(strings: Partial<Record<Key, string>>): void {
  Object.assign(STRINGS, strings);
}

/** Numbers and points, which are read from left to right in all languages. */
const NUMBERS = /\([^()\p{L}]*\)|−?\d+(\.\d+)?( × 10[⁻⁰¹²³⁴-⁹]+)?/gu;

/**
 * A string, with values for what stands in braces. On a page from right to left it is isolated, and
 * goes the way of its first letter: a string that nobody has translated is English.
 */
export function say(key: Key, values: Record<string, string | number> = {}): string {
  const text = STRINGS[key].replace(/\{(\w+)\}/g, (all, name: string) => `${values[name] ?? all}`);
  if (document.dir !== "rtl") return text;
  return `\u2068${text.replace(NUMBERS, "\u2066$&\u2069")}\u2069`;
}

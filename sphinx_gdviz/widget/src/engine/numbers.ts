/** Numerals: how numbers are written for a reader, as core/report/numbers.py does. */

import { clamp } from "./interval.ts";

const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** A number that was computed: three decimals, or three digits; zeros at the end are kept. */
export function measured(value: number): string {
  if (value !== value) return "undefined";
  if (!isFinite(value)) return value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  if (!value) return "0";
  return numeral(0.0005 <= size && size < 10_000 ? fixed(value, 3) : general(value, 3));
}

/** A number that somebody has written, as short as it is: “0.1”, “10⁻⁸”. */
export function given(value: number): string {
  const size = Math.abs(value);
  const plain = !value || (1e-4 <= size && size < 1e6);
  return numeral(plain ? short(fixed(value, 10)) : general(value, 10));
}

/** A measured number in a sentence: as short as it is, since it may be read aloud. */
export function spoken(value: number): string {
  return short(measured(value));
}

/** A point that was computed: “(−0.358, 0.674)”. */
export function spokenPoint(point: readonly number[]): string {
  return `(${point.map(spoken).join(", ")})`;
}

const short = (text: string) => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);

/** Of two neighbours that are equally near Python takes the even one, JavaScript the larger one. */
function even(text: string, longer: string, digits: number): string {
  const half = RegExp(`^(-?\\d*\\.\\d{${digits - 1}}[02468])50*(e.*)?$`).exec(longer);
  return half ? half[1]! + (half[2] ?? "") : text;
}

const fixed = (value: number, digits: number) =>
  even(value.toFixed(digits), value.toFixed(digits + 20), digits);

/** What Python's format “g” gives, but for leading zeros of the exponent. */
function general(value: number, digits: number): string {
  const text = even(
    value.toExponential(digits - 1),
    value.toExponential(digits + 20),
    digits - 1,
  );
  const [mantissa, exponent] = text.split("e") as [string, string];
  if (+exponent < -4 || +exponent >= digits) return `${short(mantissa)}e${+exponent}`;
  return short((+text).toFixed(Math.max(0, digits - 1 - +exponent)));
}

/** What Python writes, with a real minus sign and a power of ten. */
function numeral(text: string): string {
  let [digits, exponent] = text.replace("-", "−").split("e") as [string, string?];
  if (!/[1-9]/.test(digits)) return digits.replace("−", "");
  if (!exponent) return digits;
  const raised = exponent.replace(/\d/g, (digit) => RAISED[+digit]!).replace(/[-−]/, "⁻");
  return `${digits === "1" ? "" : `${digits} × `}10${raised}`;
}

/** A number without what floating point has left over from dragging. */
export const rounded = (value: number, digits = 4) => +value.toPrecision(digits);

/** A value as a hand can mean it: in three digits of what it may be moved through. */
export const byHand = (value: number, span: number) =>
  +value.toFixed(clamp(2 - Math.floor(Math.log10(span)), 0, 20));

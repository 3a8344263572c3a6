/** Round numbers along an axis, and how they are written. */

/** Round numbers from low to high, about `count` of them. */
export function evenTicks(low: number, high: number, count: number): number[] {
  const rough = (high - low) / count;
  const decade = 10 ** Math.floor(Math.log10(rough));
  const step = decade * [1, 2, 5, 10].find((digit) => digit * decade >= rough * (1 - 1e-9))!;
  const first = Math.ceil(low / step - 1e-9);
  const ticks = Math.floor(high / step + 1e-9) - first + 1;
  return Array.from({ length: ticks }, (_, i) => +((first + i) * step).toPrecision(12));
}

/** One number by itself, with a power of ten where it would be long. */
export function tickLabel(value: number): string {
  const power = value ? Math.floor(Math.log10(Math.abs(value)) + 1e-9) : 0;
  const isShort = -4 < power && power < 5;
  const digits = isShort ? +value.toPrecision(7) : +(value / 10 ** power).toPrecision(4);
  const ten = "10" + `${power}`.replace(/./g, (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[+digit] ?? "⁻");
  return (isShort ? `${digits}` : `${digits}·${ten}`.replace(/^(-?)1·/, "$1")).replace("-", "−");
}

/** A slider of learning rates: 1, 2 and 5 times the powers of ten. */

/** The least and the largest place on the slider: of 10⁻⁵ and of 10. */
export const PLACES = [-15, 3] as const;

/** The rate at a whole place. */
export const rateAt = (place: number) =>
  +`${[1, 2, 5][((place % 3) + 3) % 3]}e${Math.floor(place / 3)}`;

/** The place on the list that a slider means which was at the place nearest to a rate, and is moved. */
export function placeFrom(rate: number, place: number): number {
  const exact = placeOf(rate);
  const by = place - Math.round(exact);
  if (by === 1) return Math.floor(exact + 1e-9) + 1;
  return by === -1 ? Math.ceil(exact - 1e-9) - 1 : place;
}

/** The place of a rate, between whole ones too. */
export function placeOf(rate: number): number {
  let low = Math.floor(3 * Math.log10(rate)) - 1;
  while (rateAt(low + 1) <= rate) low++;
  return low + Math.log(rate / rateAt(low)) / Math.log(rateAt(low + 1) / rateAt(low));
}

/** The largest rate at which gradient descent, or momentum, comes to a minimum; 0 if that is not known. */
export function limitOf(
  rule: string,
  settings: Readonly<Record<string, number>>,
  stable: number,
): number {
  if (rule === "gd") return stable;
  // Heavy-ball momentum is stable up to 2(1 + μ)/λ.
  const { momentum = 0.9, dampening = 0 } = settings;
  return rule === "momentum" && !dampening ? (1 + momentum) * stable : 0;
}

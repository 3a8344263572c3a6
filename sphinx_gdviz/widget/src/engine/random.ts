/** The random numbers of NumPy's RandomState, whose stream is frozen (NEP 19). */

const SIZE = 624;
const MIDDLE = 397;

/** The Mersenne Twister MT19937 (Matsumoto and Nishimura, 1998), seeded by a number below 2³². */
export function randomState(seed: number) {
  const key = Uint32Array.of(seed, ...new Array<number>(SIZE - 1));
  for (let i = 1; i < SIZE; i++) {
    key[i] = Math.imul(1812433253, key[i - 1]! ^ (key[i - 1]! >>> 30)) + i;
  }
  let position = 0;
  let spare: number | undefined;

  /** 32 random bits. Each word of the key is renewed when its turn comes. */
  function bits(): number {
    const i = position;
    position = (i + 1) % SIZE;
    const joined = (key[i]! & 0x80000000) | (key[position]! & 0x7fffffff);
    let y = key[(i + MIDDLE) % SIZE]! ^ (joined >>> 1) ^ (joined & 1 && 0x9908b0df);
    key[i] = y;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  /** A number from 0 to 1, of 53 bits. */
  const uniform = () => ((bits() >>> 5) * 2 ** 26 + (bits() >>> 6)) / 2 ** 53;

  /** A standard normal number, by Marsaglia's polar method, which makes two at a time. */
  function normal(): number {
    const kept = spare;
    spare = undefined;
    if (kept !== undefined) return kept;
    let x, y, square;
    do {
      x = 2 * uniform() - 1;
      y = 2 * uniform() - 1;
      square = x * x + y * y;
    } while (square >= 1 || !square);
    const factor = Math.sqrt((-2 * Math.log(square)) / square);
    spare = factor * x;
    return factor * y;
  }

  /** The numbers below n, shuffled. */
  function permutation(n: number): number[] {
    const order = Array.from({ length: n }, (_, i) => i);
    for (let i = n; --i > 0; ) {
      const mask = 2 ** (32 - Math.clz32(i)) - 1;
      let j;
      do j = bits() & mask;
      while (j > i);
      [order[i], order[j]] = [order[j]!, order[i]!];
    }
    return order;
  }

  return { bits, uniform, normal, permutation };
}

const SIZE = 624;
const OFFSET = 397;

export type Mersenne = {
  /** The next 32 random bits, as a whole number from 0 below 2^32. */
  word(): number;
  /** A number from 0 below 1 with 53 random bits. */
  random(): number;
  /** A whole number from 0 below `bound`, each equally likely; `bound` is 1 to 2^32 − 1. */
  below(bound: number): number;
};

/**
 * The Mersenne Twister (MT19937) seeded with a whole number the way Python seeds it, so that
 * `random.Random(seed)` gives the same: `random()` is its `random()`, `below(n)` its `randrange(n)`.
 * For draws that anyone must be able to repeat, never for secrets.
 *
 * Source: M. Matsumoto, T. Nishimura (1998), ACM TOMACS 8, 3–30; seeding by array as in mt19937ar.c.
 *
 * @throws RangeError when the seed is not a whole number within ±2^53.
 */
export function mersenne(seed: number): Mersenne {
  if (!Number.isSafeInteger(seed)) throw new RangeError('the seed must be a whole number');
  const state = seeded(keyOf(Math.abs(seed)));
  let next = SIZE;

  const word = () => {
    if (next === SIZE) {
      twist(state);
      next = 0;
    }
    let y = state[next++] as number;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  };

  return {
    word,
    random: () => ((word() >>> 5) * 2 ** 26 + (word() >>> 6)) / 2 ** 53,
    below(bound) {
      if (!Number.isInteger(bound) || bound < 1 || bound >= 2 ** 32) {
        throw new RangeError('the bound must be a whole number from 1 below 2^32');
      }
      // As many bits as the bound itself has, drawn again until they are below it.
      const bits = Math.floor(Math.log2(bound)) + 1;
      for (;;) {
        const drawn = word() >>> (32 - bits);
        if (drawn < bound) return drawn;
      }
    },
  };
}

/** The 32-bit digits of a seed, lowest first. */
const keyOf = (seed: number): number[] =>
  seed < 2 ** 32 ? [seed] : [seed % 2 ** 32, Math.floor(seed / 2 ** 32)];

function seeded(key: readonly number[]): Uint32Array {
  const state = new Uint32Array(SIZE);
  state[0] = 19650218;
  for (let i = 1; i < SIZE; i++) state[i] = Math.imul(1812433253, mixed(state, i)) + i;
  let at = 1;
  for (let k = 0; k < SIZE; k++) {
    const j = k % key.length;
    state[at] = ((state[at] as number) ^ Math.imul(mixed(state, at), 1664525)) + (key[j] ?? 0) + j;
    at = following(state, at);
  }
  for (let k = 1; k < SIZE; k++) {
    state[at] = ((state[at] as number) ^ Math.imul(mixed(state, at), 1566083941)) - at;
    at = following(state, at);
  }
  state[0] = 0x80000000;
  return state;
}

/** The word before one, mixed with its own high bits. */
function mixed(state: Uint32Array, at: number): number {
  const before = state[at - 1] as number;
  return before ^ (before >>> 30);
}

/** The next place; past the end the last word wraps round to the first. */
function following(state: Uint32Array, at: number): number {
  if (at + 1 < SIZE) return at + 1;
  state[0] = state[SIZE - 1] as number;
  return 1;
}

function twist(state: Uint32Array): void {
  for (let i = 0; i < SIZE; i++) {
    const both =
      ((state[i] as number) & 0x80000000) | ((state[(i + 1) % SIZE] as number) & 0x7fffffff);
    const far = state[(i + OFFSET) % SIZE] as number;
    state[i] = far ^ (both >>> 1) ^ (both & 1 ? 0x9908b0df : 0);
  }
}

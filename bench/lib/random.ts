/** Repeatable chance: the same seed and index give the same draws on every machine. */

/** mulberry32 over a seed mixed with an index, so that item 500 000 needs no item before it. */
export function randomOf(seed: number, index: number): () => number {
  let state = (Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(index + 1, 0xc2b2ae35)) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A whole number from 0 to below `limit`. */
export const below = (next: () => number, limit: number): number => Math.floor(next() * limit);

/**
 * Finds nearly equal texts among many, without comparing all with all.
 *
 * A text is the set of its word triples (shingles). MinHash (A. Broder 1997) gives each set
 * BANDS × ROWS minima; texts that agree on all minima of one band are candidates (locality-sensitive
 * hashing), and candidates are compared for real: Jaccard similarity |A ∩ B| / |A ∪ B|. A pair of
 * similarity s becomes a candidate with probability 1 − (1 − s^ROWS)^BANDS: 0.998 at 0.8.
 *
 * Two texts with other numbers, or the same in another order, never count as near: in exercises
 * made from one template they are what makes two questions different.
 *
 * Everything is a function of the texts and their order. Memory: about 1 KB a text and 4 bytes for
 * each of its shingles, at most 5 KB.
 */
import { figuresOf, gramsOf, hashOf, mix } from './words.ts';

const SHINGLE = 3;
const BANDS = 12;
const ROWS = 4;

/**
 * Shingles that are kept of a text, the smallest by hash. Up to this many the similarity is exact;
 * of longer texts it is estimated from as many (bottom-k sketch), within ±0.04 in 99 of 100 pairs.
 */
const MAX_SHINGLES = 1_024;

/** How many candidates are compared with one text: bounds the time on hostile data. */
const MAX_CANDIDATES = 64;

/** From this similarity two texts are nearly equal. */
export const NEAR = 0.8;

/** What is kept of a text. */
export type Sketch = {
  /** Hashes of its shingles, ascending. */
  shingles: Uint32Array;
  /** Hash of its numbers, in order. */
  figures: number;
};

export type Near = {
  /** The number it was added under. */
  id: number;
  /** 0–1. */
  similarity: number;
};

/** The sketch of a text given as words; `figures` are the words whose numbers must agree. */
export function sketchOf(words: readonly string[], figures = words): Sketch {
  const shingles = Uint32Array.from(gramsOf(words, SHINGLE)).sort();
  return { shingles: shingles.slice(0, MAX_SHINGLES), figures: hashOf(figuresOf(figures)) };
}

/** Jaccard similarity of two sketches, 0–1; 0 when both are empty. */
export function similarity({ shingles: a }: Sketch, { shingles: b }: Sketch): number {
  const isCut = a.length === MAX_SHINGLES || b.length === MAX_SHINGLES;
  const limit = isCut ? MAX_SHINGLES : a.length + b.length;
  let [i, j, common, all] = [0, 0, 0, 0];
  while (all < limit && (i < a.length || j < b.length)) {
    const x = a[i] ?? Infinity;
    const y = b[j] ?? Infinity;
    if (x <= y) i++;
    if (y <= x) j++;
    if (x === y) common++;
    all++;
  }
  return all === 0 ? 0 : common / all;
}

/** One number for each band: equal for texts that agree on all its minima, and on their numbers. */
function bandsOf({ shingles, figures }: Sketch): number[] {
  return Array.from({ length: BANDS }, (_, band) => {
    let key = mix(figures + band);
    for (let row = 0; row < ROWS; row++) {
      const seed = mix(band * ROWS + row + 1);
      let least = 0xffffffff;
      for (const shingle of shingles) {
        const value = mix(shingle ^ seed);
        if (value < least) least = value;
      }
      key = mix(Math.imul(key, 31) + least);
    }
    return key;
  });
}

/** An empty index. */
export function openNearIndex() {
  const entries: { id: number; sketch: Sketch }[] = [];
  /** For each band: the newest entry of a key, and for each entry the one before it. */
  const newest = Array.from({ length: BANDS }, () => new Map<number, number>());
  const before = Array.from({ length: BANDS }, (): number[] => []);

  const candidates = (bands: number[]): Set<number> => {
    const found = new Set<number>();
    for (const [band, key] of bands.entries()) {
      let at = newest[band]?.get(key) ?? -1;
      while (at >= 0 && found.size < MAX_CANDIDATES) {
        found.add(at);
        at = before[band]?.[at] ?? -1;
      }
    }
    return found;
  };

  const nearest = (sketch: Sketch, bands: number[]): Near | null => {
    let best: Near | null = null;
    for (const at of [...candidates(bands)].sort((a, b) => a - b)) {
      const entry = entries[at];
      if (!entry || entry.sketch.figures !== sketch.figures) continue;
      const value = similarity(sketch, entry.sketch);
      if (value >= NEAR && value > (best?.similarity ?? 0)) {
        best = { id: entry.id, similarity: value };
      }
    }
    return best;
  };

  const insert = (id: number, sketch: Sketch, bands: number[]) => {
    const at = entries.push({ id, sketch }) - 1;
    for (const [band, key] of bands.entries()) {
      before[band]?.push(newest[band]?.get(key) ?? -1);
      newest[band]?.set(key, at);
    }
  };

  return {
    /** The most similar text of at least `NEAR`, the earliest of equals. */
    find: (sketch: Sketch): Near | null =>
      sketch.shingles.length === 0 ? null : nearest(sketch, bandsOf(sketch)),
    /**
     * The same; a text that is near to none is added. So a group of near texts is held by its first
     * one, and each later one is compared with that.
     */
    findOrAdd(id: number, sketch: Sketch): Near | null {
      if (sketch.shingles.length === 0) return null;
      const bands = bandsOf(sketch);
      const near = nearest(sketch, bands);
      if (!near) insert(id, sketch, bands);
      return near;
    },
  };
}

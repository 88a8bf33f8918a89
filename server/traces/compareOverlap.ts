/**
 * How much lists of words have in common, counted with repetition: two `the` here and three there
 * are two in common.
 */

/** Gives every repetition a key of its own, so that what is in common can be counted as a set. */
export function occurrences(words: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return words.map((word) => {
    const nth = (seen.get(word) ?? 0) + 1;
    seen.set(word, nth);
    return nth === 1 ? word : `${word} ${nth}`;
  });
}

/** How many keys two lists share, both from `occurrences`. */
export function shared(a: readonly string[], b: readonly string[]): number {
  const keys = new Set(a);
  return b.filter((key) => keys.has(key)).length;
}

/**
 * For each list of `base` a row: how many keys it shares with each list of `other`. It goes from
 * keys to the lists that have them, so that lists without anything in common cost nothing. The row
 * is the same array each time.
 */
export function* sharedRows(
  base: readonly (readonly string[])[],
  other: readonly (readonly string[])[],
): Generator<Int32Array, void> {
  const places = new Map<string, number[]>();
  for (const [index, keys] of other.entries()) {
    for (const key of keys) {
      const found = places.get(key);
      if (found) found.push(index);
      else places.set(key, [index]);
    }
  }
  const columns = new Map([...places].map(([key, found]) => [key, Int32Array.from(found)]));
  const row = new Int32Array(other.length);
  for (const keys of base) {
    row.fill(0);
    for (const key of keys) {
      const found = columns.get(key);
      if (!found) continue;
      for (let k = 0; k < found.length; k++) {
        const at = found[k] as number;
        row[at] = (row[at] as number) + 1;
      }
    }
    yield row;
  }
}

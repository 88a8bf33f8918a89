/** Texts as lists of words and as sets of hashed word triples: what the rules compare. */

// Numbers whole; scripts without spaces character by character; signs that change a sum.
const WORD =
  /\p{Nd}+(?:[.,]\p{Nd}+)*|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[\p{L}\p{M}]+|[\p{S}*/%-]/gu;

/** The words of a text: NFKC, lower case, without punctuation; `1,234` is `1234`. */
export const wordsOf = (text: string): string[] =>
  (text.normalize('NFKC').replace(/[−–]/g, '-').toLowerCase().match(WORD) ?? []).map((word) =>
    word.replace(/,(?=\p{Nd}{3}(?!\p{Nd}))/gu, ''),
  );

/** The numbers among words, in order, as one text. */
export const figuresOf = (words: readonly string[]): string =>
  words.filter((word) => /^\p{Nd}/u.test(word)).join(' ');

/** The last step of MurmurHash3: every bit of the input moves every bit of the output. */
export function mix(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** FNV-1a over UTF-16 units, mixed: 32 bits. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return mix(hash);
}

/** Hashes of every `size` words in a row, each once; of all words together when they are fewer. */
export function gramsOf(words: readonly string[], size: number): Set<number> {
  const hashes = words.map(hashOf);
  const grams = new Set<number>();
  if (hashes.length === 0) return grams;
  const width = Math.min(size, hashes.length);
  for (let start = 0; start + width <= hashes.length; start++) {
    let gram = width;
    for (let i = start; i < start + width; i++) gram = mix(Math.imul(gram, 31) + (hashes[i] ?? 0));
    grams.add(gram);
  }
  return grams;
}

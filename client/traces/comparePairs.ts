/** Step pairs as the page shows them: runs of equal steps are one line that unfolds. */

export type PairKind = 'SAME' | 'REWORDED' | 'CHANGED' | 'INSERTED' | 'DELETED';

export type PairBlock<Pair> =
  | { kind: 'same'; first: number; pairs: readonly Pair[] }
  | { kind: 'pair'; at: number; pair: Pair };

/** A single equal step is shown: a line that says "one equal step" would take as much room. */
const FOLDED_FROM = 2;

export function toBlocks<Pair extends { kind: PairKind }>(
  pairs: readonly Pair[],
): PairBlock<Pair>[] {
  const blocks: PairBlock<Pair>[] = [];
  for (let at = 0; at < pairs.length; ) {
    let end = at;
    while (pairs[end]?.kind === 'SAME') end += 1;
    if (end - at >= FOLDED_FROM) {
      blocks.push({ kind: 'same', first: at, pairs: pairs.slice(at, end) });
      at = end;
      continue;
    }
    const pair = pairs[at];
    if (pair) blocks.push({ kind: 'pair', at, pair });
    at += 1;
  }
  return blocks;
}

/** Where the next difference stands after `at`; from the end it begins again at the first. */
export function nextDifference(
  pairs: readonly { kind: PairKind }[],
  at: number | undefined,
): number | undefined {
  const isDifferent = ({ kind }: { kind: PairKind }) => kind !== 'SAME';
  const after = pairs.findIndex((pair, index) => index > (at ?? -1) && isDifferent(pair));
  if (after >= 0) return after;
  const first = pairs.findIndex(isDifferent);
  return first >= 0 ? first : undefined;
}

export type MarkedPart = { text: string; marked: boolean };

const isDigit = (char: string | undefined) => char !== undefined && /[\p{N}]/u.test(char);

/** Cuts a text at each of `values`; a number inside a longer one is not it. */
export function markValues(text: string, values: readonly string[]): MarkedPart[] {
  const wanted = [...new Set(values)].filter(Boolean).sort((a, b) => b.length - a.length);
  const parts: MarkedPart[] = [];
  let plain = '';
  const flush = () => {
    if (plain) parts.push({ text: plain, marked: false });
    plain = '';
  };
  for (let at = 0; at < text.length; ) {
    const value = wanted.find(
      (word) =>
        text.startsWith(word, at) &&
        !(isDigit(word[0]) && isDigit(text[at - 1])) &&
        !(isDigit(word.at(-1)) && isDigit(text[at + word.length])),
    );
    if (value === undefined) {
      plain += text[at];
      at += 1;
      continue;
    }
    flush();
    parts.push({ text: value, marked: true });
    at += value.length;
  }
  flush();
  return parts;
}

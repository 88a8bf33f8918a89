import { mersenne } from '../lib/mersenne.ts';

const SUITS = ['S', 'H', 'D', 'C'] as const;
const RANKS = ['A', '2', '3', '4', '5', '6', '7', '8', '9', 'T', 'J', 'Q', 'K'] as const;

export type Card = {
  /** Rank and suit: `QC`. */
  code: string;
  rank: (typeof RANKS)[number];
  /** 2–14; the ace is the highest. */
  strength: number;
};

const SUIT_NAMES = { S: 'spades', H: 'hearts', D: 'diamonds', C: 'clubs' } as const;
const RANK_NAMES: Record<string, string> = { A: 'ace', T: 'ten', J: 'jack', Q: 'queen', K: 'king' };

/** Suits in their canonical order, each from the ace to the king. */
export const DECK: readonly Card[] = SUITS.flatMap((suit) =>
  RANKS.map((rank, index) => ({
    code: `${rank}${suit}`,
    rank,
    strength: index === 0 ? RANKS.length + 1 : index + 1,
  })),
);

/** `queen of clubs`, from its code. */
export const nameOf = ({ rank, code }: Card): string =>
  `${RANK_NAMES[rank] ?? rank} of ${SUIT_NAMES[code[1] as keyof typeof SUIT_NAMES]}`;

/**
 * A list in the order in which CPython's `random.Random(seed).shuffle` leaves it: from the last
 * place down to the second, each swaps with one drawn from those up to it.
 */
export function shuffled<T>(items: readonly T[], seed: number): T[] {
  const { below } = mersenne(seed);
  const result = [...items];
  for (let last = result.length - 1; last >= 1; last--) {
    const drawn = below(last + 1);
    [result[last], result[drawn]] = [result[drawn] as T, result[last] as T];
  }
  return result;
}

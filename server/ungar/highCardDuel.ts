/**
 * High Card Duel: two players, one hidden card each of a deck of 52, the higher rank wins, suits do
 * not count. Deals like UNGAR, the library the predecessor used, so that a seed names the same cards.
 */
import { mersenne } from '../lib/mersenne.ts';
import type { TracePayload } from '../traces/model.ts';
import { type Card, DECK, nameOf, shuffled } from './cards.ts';

export const GAME = 'high_card_duel';

export type Variant = 'REVEAL' | 'DECISION';
type Result = 'WIN' | 'LOSS' | 'TIE';

export type Deal = { my: Card; opponent: Card; result: Result };

/** The deal of a seed, a whole number within ±2^53, seen by the first player. */
export function deal(seed: number): Deal {
  const [my, opponent] = shuffled(DECK, seed);
  if (!my || !opponent) throw new Error('the deck is empty');
  const ahead = my.strength - opponent.strength;
  return { my, opponent, result: ahead > 0 ? 'WIN' : ahead < 0 ? 'LOSS' : 'TIE' };
}

/** One game and the trace it makes. */
export type Episode = Deal & { seed: number; payload: TracePayload };

/** The game `index` of the batch `batchSeed`; its own seed is the sum of both. */
export function playEpisode(variant: Variant, batchSeed: number, index: number): Episode {
  const seed = batchSeed + index;
  const dealt = deal(seed);
  const { prompt, steps, answer } =
    variant === 'REVEAL' ? reveal(dealt.my) : decide(dealt.my, seed);
  const payload = {
    trace_version: '1.0',
    prompt,
    steps: steps.map(([type, content], i) => ({ i, type, content })),
    final_answer: answer,
    meta: {
      source: 'ungar',
      game: GAME,
      variant: variant.toLowerCase(),
      seed: batchSeed,
      episode_index: index,
      episode_seed: seed,
      my_card: dealt.my.code,
      opponent_card: dealt.opponent.code,
      result: dealt.result.toLowerCase(),
    },
  };
  return { ...dealt, seed, payload };
}

type Solution = { prompt: string; steps: [type: string, content: string][]; answer: string };

/** The predecessor's trace: one prompt, one answer, only the observation differs. */
const reveal = (my: Card): Solution => ({
  prompt: 'You play High Card Duel and hold one hidden card; reveal it when it is your turn.',
  steps: [
    ['legal_moves', 'Legal moves: [reveal]'],
    ['observation', `My card: ${my.code}`],
    ['unseen', 'Unseen cards: 51'],
    ['decision', 'Chosen move: reveal'],
  ],
  answer: 'reveal',
});

const UNSEEN = DECK.length - 1;
const STAKES = 2 ** 32;

/** How many of the unseen cards a card beats, ties and loses to. */
export function odds(my: Card): { lower: number; equal: number; higher: number } {
  const others = DECK.filter(({ code }) => code !== my.code);
  const lower = others.filter(({ strength }) => strength < my.strength).length;
  const higher = others.filter(({ strength }) => strength > my.strength).length;
  return { lower, equal: UNSEEN - lower - higher, higher };
}

/**
 * A question with three answers. Folding costs the ante; revealing wins or loses the stake, doubling
 * twice of it; a tie costs nothing. What is best depends on card and stakes and is computed exactly,
 * in chips × 51; of equal choices the one that risks less.
 */
function decide(my: Card, seed: number): Solution {
  const { lower, equal, higher } = odds(my);
  // Seeded apart, so that the stakes have nothing to do with the deal.
  const { below } = mersenne(seed + STAKES);
  const ante = 1 + below(4);
  const stake = ante + 1 + below(5);
  const edge = lower - higher;
  const play = (chips: number) => ({
    gain: chips * edge,
    said: `${chips} * (${lower} - ${higher}) / ${UNSEEN} = ${((chips * edge) / UNSEEN).toFixed(2)}`,
  });
  const choices = [
    { name: 'fold', gain: -ante * UNSEEN, said: `-${ante}` },
    { name: 'reveal', ...play(stake) },
    { name: 'double', ...play(2 * stake) },
  ];
  const answer = choices.toSorted((a, b) => b.gain - a.gain)[0]?.name ?? '';
  const percent = (count: number) => `${((100 * count) / UNSEEN).toFixed(2)}%`;
  return {
    prompt:
      `High Card Duel: you hold the ${nameOf(my)} (${my.code}) of a deck of 52 cards, your opponent ` +
      'holds one hidden card. The higher rank wins, the ace is the highest, suits do not count. ' +
      `You may fold and lose ${ante}, reveal and win or lose ${stake}, or double and win or lose ` +
      `${2 * stake} chips; a tie costs nothing. Which is best on average: fold, reveal or double? ` +
      'If two are equally good, choose the one that risks less.',
    steps: [
      ['observation', `I hold ${my.code}. ${UNSEEN} cards are unseen.`],
      [
        'count',
        `Lower: ${lower}, equal: ${equal}, higher: ${higher}. ` +
          `${lower} + ${equal} + ${higher} = ${UNSEEN}.`,
      ],
      [
        'probability',
        `I win with ${lower}/${UNSEEN} = ${percent(lower)}, tie with ${equal}/${UNSEEN} = ` +
          `${percent(equal)} and lose with ${higher}/${UNSEEN} = ${percent(higher)}.`,
      ],
      [
        'expected_value',
        `Chips on average: ${choices.map(({ name, said }) => `${name} ${said}`).join('; ')}.`,
      ],
      ['decision', `The best choice is ${answer}.`],
    ],
    answer,
  };
}

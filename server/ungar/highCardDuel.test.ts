import { describe, expect, test } from 'vitest';
import { TracePayload } from '../traces/model.ts';
import { DECK, shuffled } from './cards.ts';
import { deal, odds, playEpisode } from './highCardDuel.ts';

describe('shuffled', () => {
  test('is what CPython makes of 0 to 51 with seed 42', () => {
    const order = shuffled([...Array(52).keys()], 42);
    expect(order.slice(0, 6)).toEqual([9, 23, 25, 3, 21, 38]);
    expect(order.toSorted((a, b) => a - b)).toEqual([...Array(52).keys()]);
  });

  test.for([0, 1])('leaves a list of %i as it is', (length) => {
    expect(shuffled(Array(length).fill('x'), 1)).toEqual(Array(length).fill('x'));
  });
});

describe('the deck', () => {
  test('has 52 cards by suit, each from the ace to the king', () => {
    expect(new Set(DECK.map(({ code }) => code)).size).toBe(52);
    expect([0, 1, 12, 13, 51].map((at) => DECK[at]?.code)).toEqual(['AS', '2S', 'KS', 'AH', 'KC']);
  });

  test('ranks the ace highest', () => {
    const strength = (code: string) => DECK.find((card) => card.code === code)?.strength;
    expect(['2S', 'TS', 'KS', 'AS'].map(strength)).toEqual([2, 10, 13, 14]);
  });
});

describe('deal', () => {
  // random.Random(seed).shuffle of CPython 3.11 on the canonical deck.
  test.for([
    [42, 'TS', 'JH', 'LOSS'],
    [43, '2H', 'QH', 'LOSS'],
    [44, 'AH', '5S', 'WIN'],
    [45, 'QC', '8D', 'WIN'],
    [46, '3C', '7D', 'LOSS'],
    [47, '9S', '3H', 'WIN'],
    [48, 'QS', 'JC', 'WIN'],
    [49, 'AS', '4H', 'WIN'],
    [50, '4H', '6H', 'LOSS'],
    [51, '3D', 'TC', 'LOSS'],
  ] as const)('of seed %i is %s against %s, a %s', ([seed, my, opponent, result]) => {
    expect(deal(seed)).toMatchObject({ my: { code: my }, opponent: { code: opponent }, result });
  });

  test('is a tie as often as three of the 51 other cards are', () => {
    const ties = Array.from({ length: 5000 }, (_, seed) => deal(seed)).filter(
      ({ result }) => result === 'TIE',
    );
    // Five standard deviations.
    expect(Math.abs(ties.length - 5000 * (3 / 51))).toBeLessThan(84);
    for (const { my, opponent } of ties) expect(my.rank).toBe(opponent.rank);
  });
});

describe('odds', () => {
  test.for([
    ['2S', 0, 3, 48],
    ['8H', 24, 3, 24],
    ['QC', 40, 3, 8],
    ['AD', 48, 3, 0],
  ] as const)('of %s are %i lower, %i equal, %i higher', ([code, lower, equal, higher]) => {
    const card = DECK.find((each) => each.code === code);
    expect(card && odds(card)).toEqual({ lower, equal, higher });
  });
});

describe('playEpisode', () => {
  test('adds the index to the seed of the batch and says both', () => {
    const episode = playEpisode('REVEAL', 42, 3);
    expect(episode).toMatchObject({ seed: 45, my: { code: 'QC' }, opponent: { code: '8D' } });
    expect(episode.payload.meta).toEqual({
      source: 'ungar',
      game: 'high_card_duel',
      variant: 'reveal',
      seed: 42,
      episode_index: 3,
      episode_seed: 45,
      my_card: 'QC',
      opponent_card: '8D',
      result: 'win',
    });
  });

  test('of REVEAL differs in the observation alone', () => {
    const [one, two] = [playEpisode('REVEAL', 1, 0).payload, playEpisode('REVEAL', 1, 1).payload];
    expect(one.steps.map(({ i, type }) => [i, type])).toEqual([
      [0, 'legal_moves'],
      [1, 'observation'],
      [2, 'unseen'],
      [3, 'decision'],
    ]);
    const others = ({ steps }: TracePayload) => steps.filter(({ i }) => i !== 1);
    expect(others(two)).toEqual(others(one));
    expect(two.steps[1]).not.toEqual(one.steps[1]);
    expect([one.prompt, one.final_answer]).toEqual([two.prompt, 'reveal']);
  });

  const decisions = Array.from({ length: 500 }, (_, index) => playEpisode('DECISION', 7, index));

  test('of DECISION has all three answers, many prompts and no hidden card in any', () => {
    const answers = Map.groupBy(decisions, ({ payload }) => payload.final_answer);
    expect([...answers.keys()].toSorted()).toEqual(['double', 'fold', 'reveal']);
    for (const group of answers.values()) expect(group.length).toBeGreaterThan(75);
    expect(new Set(decisions.map(({ payload }) => payload.prompt)).size).toBeGreaterThan(300);
    for (const { payload, my, opponent } of decisions) {
      expect(payload.prompt).toContain(`(${my.code})`);
      expect(JSON.stringify([payload.prompt, payload.steps])).not.toContain(opponent.code);
    }
  });

  test('of DECISION answers what is worth most on average over all 51 cards', () => {
    for (const { payload, my } of decisions) {
      const [, ante, stake, twice] =
        /lose (\d+), reveal and win or lose (\d+), or double and win or lose (\d+)/
          .exec(payload.prompt)
          ?.map(Number) ?? [];
      if (!ante || !stake || !twice) throw new Error(payload.prompt);
      const unseen = DECK.filter(({ code }) => code !== my.code);
      const worth = (chips: number) =>
        unseen.reduce((sum, { strength }) => sum + chips * Math.sign(my.strength - strength), 0);
      const worths = { fold: -51 * ante, reveal: worth(stake), double: worth(twice) };
      const best = Math.max(...Object.values(worths));
      const first = Object.entries(worths).find(([, value]) => value === best)?.[0];
      expect(payload.final_answer, payload.prompt).toBe(first);
    }
  });

  test('of DECISION shows its numbers', () => {
    const queen = decisions.find(({ my }) => my.code === 'QC')?.payload;
    const said = queen?.steps.map(({ content }) => content);
    expect(said?.slice(0, 3)).toEqual([
      'I hold QC. 51 cards are unseen.',
      'Lower: 40, equal: 3, higher: 8. 40 + 3 + 8 = 51.',
      'I win with 40/51 = 78.43%, tie with 3/51 = 5.88% and lose with 8/51 = 15.69%.',
    ]);
    expect(said?.[3]).toMatch(/fold -\d; reveal \d+ \* \(40 - 8\) \/ 51 = \d+\.\d\d; double/);
    expect(said?.[4]).toBe('The best choice is double.');
  });

  test.for(['REVEAL', 'DECISION'] as const)(
    'of %s makes a valid trace, always the same',
    (variant) => {
      const { payload } = playEpisode(variant, 3, 5);
      expect(TracePayload.parse(payload)).toEqual(payload);
      expect(playEpisode(variant, 3, 5).payload).toEqual(payload);
    },
  );
});

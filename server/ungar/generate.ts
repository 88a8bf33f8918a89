import { randomInt } from 'node:crypto';
import { z } from 'zod';
import type { App } from '../app.ts';
import { parse } from '../lib/parse.ts';
import { createTraces } from '../traces/create.ts';
import { type Episode, GAME, playEpisode } from './highCardDuel.ts';

/** Version of the rules, texts and deals below; a change of any of them changes it. */
export const UNGAR_VERSION = '1.0.0';
export const UNGAR_GAMES: readonly string[] = [GAME];

const MAX_COUNT = 100;
const MAX_INT = 2 ** 31 - 1;

const Generate = z
  .strictObject({
    count: z.int().min(1).max(MAX_COUNT),
    seed: z
      .int()
      .min(-MAX_INT - 1)
      .nullish(),
    variant: z
      .enum(['REVEAL', 'DECISION'])
      .nullish()
      .transform((variant) => variant ?? 'REVEAL'),
    persist: z
      .boolean()
      .nullish()
      .transform((persist) => persist ?? true),
  })
  .superRefine(({ count, seed }, context) => {
    const limit = MAX_INT - count + 1;
    if (typeof seed !== 'number' || seed <= limit) return;
    context.addIssue({
      code: 'custom',
      path: ['seed'],
      message: `the last of ${count} games would have a seed above ${MAX_INT}; use at most ${limit}`,
      params: { code: 'TOO_LARGE', limit, found: seed },
    });
  });

export type Generated = {
  /** Of the batch: given, or drawn. */
  seed: number;
  created: number;
  duplicates: number;
  /** Ids of the stored traces, in the order of the episodes; empty when nothing was to be stored. */
  traceIds: string[];
  episodes: Episode[];
};

/**
 * Plays up to 100 games of High Card Duel and stores their traces, unless `persist` is false. The
 * same count, seed and variant give the same traces, which are then counted as duplicates.
 * @throws ValidationError for a count or seed out of range.
 */
export async function generateUngarTraces(
  app: Pick<App, 'sql' | 'config' | 'bell' | 'metrics'>,
  input: z.input<typeof Generate>,
): Promise<Generated> {
  const { count, seed: given, variant, persist } = parse(Generate, input);
  const seed = given ?? randomInt(MAX_INT - MAX_COUNT);
  const episodes = Array.from({ length: count }, (_, index) => playEpisode(variant, seed, index));
  if (!persist) return { seed, created: 0, duplicates: 0, traceIds: [], episodes };
  const results = await createTraces(app, {
    traces: episodes.map(({ payload }) => payload),
    mode: 'ALL_OR_NOTHING',
  });
  const stored = results.flatMap((result) => (result.stored ? [result.stored] : []));
  const created = stored.filter((trace) => trace.created).length;
  return {
    seed,
    created,
    duplicates: stored.length - created,
    traceIds: stored.map(({ id }) => id),
    episodes,
  };
}

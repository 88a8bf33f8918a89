import { z } from 'zod';
import type { App } from '../../app.ts';
import { parse } from '../../lib/parse.ts';
import { text } from '../../lib/text.ts';
import { type Judgement, Unjudged } from './judge.ts';
import { findEndpoint, findJudge } from './registry.ts';

const MAX = 100_000;

const TryJudge = z.strictObject({
  /** `name` or `name@version`. */
  judge: z.string(),
  prompt: text(0, MAX),
  expected: text(0, MAX),
  alternatives: z
    .array(text(0, MAX))
    .max(100)
    .nullish()
    .transform((alternatives) => alternatives ?? []),
  text: text(0, MAX),
  reference: z
    .array(text(0, MAX))
    .max(1_000)
    .nullish()
    .transform((reference) => reference ?? []),
  endpoint: z.string().nullish(),
});

/**
 * Judges one text that is given and stores nothing. A model is asked once, for at most the time of
 * its endpoint.
 * @returns what the judge says; `error` says why it could not.
 * @throws ValidationError
 */
export async function tryJudge(
  app: Pick<App, 'config'>,
  input: z.input<typeof TryJudge>,
): Promise<Judgement & { error: string | null }> {
  const { judge: ref, endpoint: name, ...item } = parse(TryJudge, input);
  const judge = findJudge(ref);
  const endpoint = findEndpoint(judge, name, app.config.judgeEndpoints);
  const context = {
    run: null,
    endpoint: endpoint && { ...endpoint, attempts: 1 },
    signal: new AbortController().signal,
  };
  try {
    return { ...(await judge.judge(item, context)), error: null };
  } catch (error) {
    if (!(error instanceof Unjudged)) throw error;
    const { message, details } = error;
    return { correct: false, score: 0, extracted: null, rule: 'UNJUDGED', details, error: message };
  }
}

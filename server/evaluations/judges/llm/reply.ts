import { z } from 'zod';
import { displayable, preview } from '../../../lib/text.ts';
import { NoAnswer } from './ask.ts';

const clamped = (max: number) => z.number().transform((value) => Math.min(max, Math.max(0, value)));

const Reply = z.object({
  score: clamped(100),
  verdict: z.string().transform((verdict) => verdict.trim().toLowerCase()),
  reasoning: z.string().catch(''),
  metrics: z
    .object({ correctness: clamped(1).optional(), safety: clamped(1).optional() })
    .catch({}),
});

type Verdict = 'pass' | 'fail' | 'uncertain';

export type LlmReply = {
  /** 0–100. */
  score: number;
  verdict: Verdict;
  reasoning: string;
  metrics: { correctness?: number | undefined; safety?: number | undefined };
};

const FENCED = /^\s*```(?:json)?\s*\n([\s\S]*?)\n?\s*```\s*$/i;

/**
 * Reads what a model replied: one JSON object, with or without a code fence around it, and nothing
 * else. Numbers are clamped to their range; a verdict that is none of the three is `uncertain`.
 * @throws NoAnswer when it is anything else; there is no guessing at a grade.
 */
export function readReply(text: string): LlmReply {
  const body = FENCED.exec(text)?.[1] ?? text;
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new NoAnswer(`The model did not reply with JSON: ${shown(text)}`, true);
  }
  const parsed = Reply.safeParse(value);
  if (!parsed.success) {
    throw new NoAnswer(`The model's JSON has another shape: ${shown(text)}`, true);
  }
  const { verdict, reasoning, ...rest } = parsed.data;
  return {
    ...rest,
    verdict: isVerdict(verdict) ? verdict : 'uncertain',
    reasoning: shown(reasoning, 2_000),
  };
}

const isVerdict = (verdict: string): verdict is Verdict =>
  ['pass', 'fail', 'uncertain'].includes(verdict);

const shown = (text: string, max = 200) => preview(displayable(text), max);

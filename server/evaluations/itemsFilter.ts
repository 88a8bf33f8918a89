import { z } from 'zod';
import type { Prisma } from '../../prisma/generated/client/client.ts';
import { parse } from '../lib/parse.ts';
import { text } from '../lib/text.ts';

const OUTCOMES = ['CORRECT', 'WRONG', 'FAILED', 'NO_ANSWER'] as const;

export type ItemOutcome = (typeof OUTCOMES)[number];

const NO_ANSWER = ['NONE_FOUND', 'NO_PREDICTION', 'NOT_GENERATED'];

/** What became of an item: exactly one of these. */
export function outcomeOf(item: {
  correct: boolean;
  error: string | null;
  rule: string;
}): ItemOutcome {
  if (item.error !== null) return 'FAILED';
  if (item.correct) return 'CORRECT';
  return NO_ANSWER.includes(item.rule) ? 'NO_ANSWER' : 'WRONG';
}

/** The same as conditions. */
const isOutcome = {
  FAILED: { error: { not: null } },
  CORRECT: { error: null, correct: true },
  NO_ANSWER: { error: null, correct: false, rule: { in: NO_ANSWER } },
  WRONG: { error: null, correct: false, rule: { notIn: NO_ANSWER } },
} satisfies Record<ItemOutcome, Prisma.EvaluationItemWhereInput>;

const ItemsFilter = z.strictObject({
  outcome: z.array(z.enum(OUTCOMES)).nullish(),
  text: text(0, 200).nullish(),
});

/**
 * The Prisma filter for the items of an evaluation: one of the outcomes, and a text that stands, in
 * any case, in the prompt, an answer or what was generated.
 * @throws ValidationError
 */
export function itemsWhere(input: z.input<typeof ItemsFilter> | null | undefined) {
  const { outcome, text } = parse(ItemsFilter, input ?? {});
  const contains = text?.replace(/[\\%_]/g, '\\$&');
  const has = { contains: contains ?? '', mode: 'insensitive' as const };
  return {
    AND: [
      // None of the others, which an empty list says as well.
      ...OUTCOMES.filter((each) => outcome && !outcome.includes(each)).map((each) => ({
        NOT: isOutcome[each],
      })),
      contains
        ? {
            OR: [
              { expected: has },
              { extracted: has },
              { prediction: { text: has } },
              { trace: { promptPreview: has } },
              { setItem: { prompt: has } },
            ],
          }
        : {},
    ],
  } satisfies Prisma.EvaluationItemWhereInput;
}

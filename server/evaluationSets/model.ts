/** The shape of an evaluation set and its limits. */
import { z } from 'zod';
import { handle, text } from '../lib/text.ts';

/** Bytes of one file, in UTF-8. */
export const MAX_SET_BYTES = 10 * 1024 * 1024;
export const MAX_SET_ITEMS = 100_000;

/** Different values of section, category and difficulty each: every one becomes a metric. */
export const MAX_VALUES = 100;

/** What is usual; anything else is allowed and noted. */
export const USUAL = {
  section: ['core', 'trace_sensitive', 'edge_case'],
  difficulty: ['easy', 'medium', 'hard'],
} as const;

/** The fields that cut a set into parts with means of their own. */
export const SLICES = ['section', 'category', 'difficulty'] as const;

const notBlank = (max: number) =>
  text(1, max).refine((value) => value.trim() !== '', {
    message: 'is blank, give it some text',
    params: { code: 'BLANK' },
  });

/** Short enough for `difficulty/<value>/accuracy` to be the metric of a baseline (64 characters). */
const slice = notBlank(40)
  .nullish()
  .transform((value) => value ?? null);

/** One line of a file; the names are those of the files there are. */
export const SetItem = z.strictObject({
  id: notBlank(128),
  prompt: notBlank(50_000),
  expected_answer: notBlank(50_000),
  /** Other answers that are right too. */
  alternatives: z
    .array(notBlank(50_000))
    .max(20)
    .nullish()
    .transform((value) => value ?? []),
  category: slice,
  difficulty: slice,
  section: slice,
});

export type SetItem = z.output<typeof SetItem>;

/** The text of a file and how many items it must have. */
export const SetText = z.strictObject({
  jsonl: z.string().superRefine((value, context) => {
    const bytes = Buffer.byteLength(value);
    if (bytes <= MAX_SET_BYTES) return;
    context.addIssue({
      code: 'custom',
      message: `has ${bytes} bytes, at most ${MAX_SET_BYTES} are allowed`,
      params: { code: 'TOO_LONG', limit: MAX_SET_BYTES, found: bytes },
    });
  }),
  minItems: z
    .int()
    .min(1)
    .max(MAX_SET_ITEMS)
    .nullish()
    .transform((value) => value ?? 1),
});

export const CreateEvaluationSet = SetText.extend({ name: handle(128), version: handle(64) });

export type CreateEvaluationSet = z.input<typeof CreateEvaluationSet>;

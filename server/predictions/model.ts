/** What an import of predictions takes, and what it says of its lines. */
import { z } from 'zod';
import { Split } from '../../prisma/generated/client/enums.ts';
import { text } from '../lib/text.ts';

/** Bytes of one file, in UTF-8. */
export const MAX_PREDICTION_BYTES = 20 * 1024 * 1024;

/** Lines that are reported; the others are only counted. */
export const MAX_LINE_ISSUES = 1_000;

/** Something that was trained elsewhere, under the name that leaderboards show. */
export const System = z.strictObject({ name: text(1, 128), modelId: text(1, 256) });

export type System = z.output<typeof System>;

export const ImportPredictions = z
  .strictObject({
    /** A completed run of ours. */
    runId: z.uuid().nullish(),
    system: System.nullish(),
    datasetKey: text(1, 200).nullish(),
    /** The side of the dataset; TEST when not given. */
    split: z.enum(Split).nullish(),
    evaluationSetKey: text(1, 200).nullish(),
    jsonl: z.string().superRefine((value, context) => {
      const bytes = Buffer.byteLength(value);
      if (bytes <= MAX_PREDICTION_BYTES) return;
      context.addIssue({
        code: 'custom',
        message: `has ${bytes} bytes, at most ${MAX_PREDICTION_BYTES} are allowed`,
        params: { code: 'TOO_LONG', limit: MAX_PREDICTION_BYTES, found: bytes },
      });
    }),
    /** Whether items without a prediction are no error; they count as wrong. */
    allowMissing: z
      .boolean()
      .nullish()
      .transform((allow) => allow ?? false),
  })
  .superRefine(({ runId, system, datasetKey, split, evaluationSetKey }, context) => {
    const refuse = (path: string, code: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message, params: { code } });
    if (!runId === !system) {
      refuse('runId', 'EXACTLY_ONE', 'give either runId or system, and not both');
    }
    if (evaluationSetKey && (datasetKey || split)) {
      const message = 'give either an evaluation set or a side of a dataset, and not both';
      refuse('evaluationSetKey', 'AT_MOST_ONE', message);
    }
    if (system && !datasetKey && !evaluationSetKey) {
      const message = 'say what was predicted: give datasetKey and split, or evaluationSetKey';
      refuse('datasetKey', 'REQUIRED', message);
    }
  });

/**
 * What is wrong with one line, or noted about it. NOT_JSON and INVALID lines say nothing;
 * UNKNOWN_ITEM is about no item of the target; of a DUPLICATE_ITEM the first line counts; an
 * AMBIGUOUS_PROMPT is that of several items.
 */
export type LineIssue = {
  line: number;
  code: 'NOT_JSON' | 'INVALID' | 'UNKNOWN_ITEM' | 'DUPLICATE_ITEM' | 'AMBIGUOUS_PROMPT';
  message: string;
};

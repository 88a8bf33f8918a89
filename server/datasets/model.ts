import { z } from 'zod';
import { text } from '../lib/text.ts';
import { Meta } from '../traces/model.ts';

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
const handle = (max: number) =>
  text(1, max).regex(NAME, 'use letters, digits and . _ - only, starting with a letter or digit');

/** Which traces are candidates: every given condition must hold. */
export const DatasetFilter = z.strictObject({
  source: text(0, 128).nullish(),
  tag: text(0, 64).nullish(),
  importId: z.uuid('this is not the id of an import').nullish(),
  /** Equality on top-level keys of `meta`. */
  meta: Meta.nullish(),
});

const fraction = z.number().min(0).max(1);

export const Fractions = z
  .strictObject({ train: fraction, eval: fraction, test: fraction })
  .refine(({ train, eval: evaluation, test }) => Math.abs(train + evaluation + test - 1) < 1e-6, {
    message: 'train, eval and test must add up to 1',
    params: { code: 'FRACTIONS' },
  })
  .refine(({ train }) => train > 0, {
    message: 'train must be above 0, there is nothing to learn from otherwise',
    path: ['train'],
    params: { code: 'TOO_SMALL' },
  });

export type Fractions = z.output<typeof Fractions>;

export const buildDatasetInput = (maxItems: number) =>
  z
    .strictObject({
      name: handle(128),
      version: handle(64),
      filter: DatasetFilter.nullish().transform((filter) => filter ?? {}),
      strategy: z
        .enum(['LATEST', 'RANDOM'])
        .nullish()
        .transform((value) => value ?? 'LATEST'),
      limit: z
        .int()
        .min(1)
        .max(maxItems)
        .nullish()
        .transform((value) => value ?? 100),
      seed: z.int().nullish(),
      split: Fractions.nullish().transform(
        (value) => value ?? { train: 0.8, eval: 0.1, test: 0.1 },
      ),
      provenance: Meta.nullish().transform((value) => value ?? {}),
      parentKey: text(0, 200).nullish(),
    })
    .superRefine((input, context) => {
      if (input.strategy === 'RANDOM' && typeof input.seed !== 'number') {
        context.addIssue({
          code: 'custom',
          path: ['seed'],
          message: 'RANDOM needs a seed, so that the choice can be repeated',
          params: { code: 'REQUIRED' },
        });
      }
    });

export type BuildDataset = z.input<ReturnType<typeof buildDatasetInput>>;

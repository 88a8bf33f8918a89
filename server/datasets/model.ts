import { z } from 'zod';
import { text } from '../lib/text.ts';
import { TraceFilter } from '../traces/filter.ts';
import { Meta } from '../traces/model.ts';
import { CODES } from './checks/model.ts';

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
const handle = (max: number) =>
  text(1, max).regex(NAME, 'use letters, digits and . _ - only, starting with a letter or digit');

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

const MAX_EXCLUDED = 10_000;
/** Versions hand on what earlier ones left out, so this list grows; 100 000 are 7 MB of a request. */
const MAX_HASHES = 100_000;

/**
 * Traces to leave out: by id, by finding (the trace that it names), by content hash, or by every
 * finding of a check that is not waived, of all rules or of `codes`.
 */
const Exclude = z
  .strictObject({
    traceIds: z.array(z.uuid('this is not the id of a trace')).max(MAX_EXCLUDED).nullish(),
    findingIds: z.array(z.uuid('this is not the id of a finding')).max(MAX_EXCLUDED).nullish(),
    contentHashes: z
      .array(z.string().regex(/^[0-9a-f]{64}$/, 'a content hash has 64 hex digits in lower case'))
      .max(MAX_HASHES)
      .nullish(),
    checkId: z.uuid('this is not the id of a check').nullish(),
    codes: z.array(z.enum(CODES)).nullish(),
  })
  .refine(({ codes, checkId }) => !codes || checkId, {
    path: ['codes'],
    message: 'rules need the check whose findings they choose; give checkId too',
    params: { code: 'REQUIRED' },
  });

export type Exclude = z.output<typeof Exclude>;

/** Which traces are taken and where they stand: the part of a recipe that decides the content. */
const selectionFields = (maxItems: number) => ({
  filter: TraceFilter.nullish().transform((filter) => filter ?? {}),
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
  split: Fractions.nullish().transform((value) => value ?? { train: 0.8, eval: 0.1, test: 0.1 }),
  exclude: Exclude.nullish().transform((value) => value ?? {}),
});

const needsSeed = (
  input: { strategy: string; seed?: number | null | undefined },
  context: z.core.$RefinementCtx,
) => {
  if (input.strategy !== 'RANDOM' || typeof input.seed === 'number') return;
  context.addIssue({
    code: 'custom',
    path: ['seed'],
    message: 'RANDOM needs a seed, so that the choice can be repeated',
    params: { code: 'REQUIRED' },
  });
};

export const selectionInput = (maxItems: number) =>
  z.strictObject(selectionFields(maxItems)).superRefine(needsSeed);

export const buildDatasetInput = (maxItems: number) =>
  z
    .strictObject({
      name: handle(128),
      version: handle(64),
      ...selectionFields(maxItems),
      provenance: Meta.nullish().transform((value) => value ?? {}),
      parentKey: text(0, 200).nullish(),
    })
    .superRefine(needsSeed);

export type Selection = z.input<ReturnType<typeof selectionInput>>;
export type BuildDataset = z.input<ReturnType<typeof buildDatasetInput>>;

/** How a dataset was selected, as it is stored: equal for equal choices, however they were written. */
export type Recipe = {
  /** Only what was given, lists sorted. `importId` and `datasetKey` name things of this database. */
  filter: TraceFilter;
  strategy: 'LATEST' | 'RANDOM';
  limit: number;
  /** Of RANDOM alone. */
  seed: number | null;
  split: Fractions;
  /** Content hashes of what was left out, sorted. */
  exclude: string[];
};

/** A condition in canonical form; undefined when it says nothing. */
function canonical(condition: unknown): unknown {
  if (Array.isArray(condition)) {
    return condition.length > 0 ? [...new Set(condition as string[])].sort() : undefined;
  }
  if (condition === null || condition === '') return undefined;
  const isEmpty = typeof condition === 'object' && Object.keys(condition).length === 0;
  return isEmpty ? undefined : condition;
}

const canonicalFilter = (filter: TraceFilter): TraceFilter =>
  Object.fromEntries(
    Object.entries(filter)
      .map(([name, condition]) => [name, canonical(condition)] as const)
      .filter(([, condition]) => condition !== undefined),
  );

/** The recipe of a parsed input; `exclude` are the content hashes of what it leaves out. */
export function recipeOf(
  input: z.output<ReturnType<typeof selectionInput>>,
  exclude: readonly string[],
): Recipe {
  const { filter, strategy, limit, seed, split } = input;
  return {
    filter: canonicalFilter(filter),
    strategy,
    limit,
    seed: strategy === 'RANDOM' ? (seed ?? null) : null,
    split,
    exclude: [...new Set(exclude)].sort(),
  };
}

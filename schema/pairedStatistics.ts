import type { SliceStatistics } from '../server/evaluations/compareSlices.ts';
import type { PairedComparison, PairedTest as Test } from '../server/lib/statistics/paired.ts';
import type { Interval } from '../server/lib/stats.ts';
import { builder } from './builder.ts';
import { SliceKind } from './sliceScores.ts';

const PairedTest = builder.enumType('PairedTest', {
  description: 'How a difference of paired items was tested. Both are two-sided.',
  values: {
    MCNEMAR_EXACT: { description: "McNemar's exact test, for items that are right or wrong." },
    PAIRED_PERMUTATION: { description: 'A paired permutation test, for items with grades.' },
  } satisfies Record<Test, object>,
});

export const DifferenceInterval = builder.objectRef<Interval>('DifferenceInterval').implement({
  description: 'The range that holds the true difference with confidence 1 − alpha (bootstrap).',
  fields: (t) => ({
    low: t.exposeFloat('low', { description: 'Lower end.' }),
    high: t.exposeFloat('high', { description: 'Upper end.' }),
  }),
});

export const PairedStatistics = builder.objectRef<PairedComparison>('PairedStatistics').implement({
  description:
    'What items that were judged on both sides say of the difference. Values are item scores, 0–1; ' +
    'right or wrong is 1 or 0.',
  fields: (t) => ({
    items: t.exposeInt('items', { description: 'Items that were judged on both sides.' }),
    baselineMean: t.exposeFloat('baselineMean', { description: 'Their mean on the baseline.' }),
    candidateMean: t.exposeFloat('candidateMean', { description: 'Their mean on the candidate.' }),
    delta: t.exposeFloat('delta', { description: 'Candidate minus baseline.' }),
    lower: t.exposeInt('lower', { description: 'Items with a lower score on the candidate.' }),
    higher: t.exposeInt('higher', { description: 'Items with a higher score on the candidate.' }),
    test: t.expose('test', { type: PairedTest, description: 'The test that gave `pValue`.' }),
    pValue: t.exposeFloat('pValue', {
      description: 'How probable a difference at least this large is when there is none, 0–1.',
    }),
    interval: t.expose('interval', {
      type: DifferenceInterval,
      description: 'Paired bootstrap interval of `delta`.',
    }),
    minDetectable: t.exposeFloat('minDetectable', {
      description: 'The smallest difference that so many items show four times in five.',
    }),
    alpha: t.exposeFloat('alpha', { description: 'The significance level that was asked for.' }),
    seed: t.exposeInt('seed', { description: 'Repeats everything that was drawn.' }),
    resamples: t.exposeInt('resamples', { description: 'How often it was drawn.' }),
  }),
});

export const SliceComparison = builder
  .objectRef<SliceStatistics<PairedComparison>>('SliceComparison')
  .implement({
    description: 'One part of the evaluation set on both sides.',
    fields: (t) => ({
      by: t.expose('by', { type: SliceKind, description: 'The field of the items.' }),
      value: t.exposeString('value', { description: 'Its value.' }),
      statistics: t.expose('statistics', {
        type: PairedStatistics,
        description: 'What its paired items say.',
      }),
      adjustedP: t.exposeFloat('adjustedP', {
        description: "The p value, corrected for the number of parts by Holm's method.",
      }),
    }),
  });

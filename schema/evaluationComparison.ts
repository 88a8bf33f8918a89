import type { App } from '../server/app.ts';
import {
  type EvaluationComparison as Comparison,
  type ComparisonStatistics,
  compareEvaluations,
  readStatistics,
} from '../server/evaluations/compare.ts';
import { readComparedItems } from '../server/evaluations/compareItems.ts';
import {
  countFlips,
  FLIP_KINDS,
  type FlipKind as Kind,
  NO_FLIPS,
} from '../server/evaluations/comparePairs.ts';
import { builder } from './builder.ts';
import { FlipKind, ItemComparisonConnection } from './comparedItems.ts';
import { idOrNone } from './ids.ts';
import { costOfPage } from './paging.ts';
import { PairedStatistics, SliceComparison } from './pairedStatistics.ts';

/** A comparison whose statistics are made once, when the first of them is asked for. */
type Shape = Comparison & { read: () => Promise<ComparisonStatistics> };

function shapeOf(app: Pick<App, 'sql'>, comparison: Comparison): Shape {
  let statistics: Promise<ComparisonStatistics> | undefined;
  const read = () => {
    statistics ??= readStatistics(app.sql, comparison);
    return statistics;
  };
  return { ...comparison, read };
}

const FlipCounts = builder.objectRef<Record<Kind, number>>('FlipCounts').implement({
  description: 'How many items there are of each kind.',
  fields: (t) => ({
    broken: t.exposeInt('BROKEN', { description: 'Right before, wrong now.' }),
    fixed: t.exposeInt('FIXED', { description: 'Wrong before, right now.' }),
    bothRight: t.exposeInt('BOTH_RIGHT', { description: 'Right on both sides.' }),
    bothWrong: t.exposeInt('BOTH_WRONG', { description: 'Wrong on both sides.' }),
    unscored: t.exposeInt('UNSCORED', { description: 'Not judged on both sides.' }),
  }),
});

const EvaluationComparison = builder.objectRef<Shape>('EvaluationComparison').implement({
  description:
    'Two evaluations item by item. They compare when the content of their target, judge, judge ' +
    'version and judge settings agree.',
  fields: (t) => {
    const evaluation = (side: 'baseline' | 'candidate', description: string) =>
      t.prismaField({
        type: 'Evaluation',
        description,
        resolve: (query, shape, _args, { app }) =>
          app.db.evaluation.findUniqueOrThrow({ ...query, where: { id: shape[side] } }),
      });
    return {
      baseline: evaluation('baseline', 'The evaluation that is compared with.'),
      candidate: evaluation('candidate', 'The evaluation that is compared.'),
      comparable: t.boolean({
        description: 'Whether they were measured alike.',
        resolve: ({ differences }) => differences.length === 0,
      }),
      notComparableBecause: t.exposeStringList('differences', {
        description: 'What differs, in sentences; then nothing is paired.',
      }),
      statistics: t.field({
        type: PairedStatistics,
        nullable: true,
        description: 'Over all items that were judged on both sides; null when there are none.',
        resolve: async ({ read }) => (await read()).statistics,
      }),
      slices: t.field({
        type: [SliceComparison],
        description: 'The same of each section, category and difficulty of an evaluation set.',
        resolve: async ({ read }) => (await read()).slices,
      }),
      counts: t.field({
        type: FlipCounts,
        description: 'How many items there are of each kind.',
        resolve: ({ differences, ...of }, _args, { app }) =>
          differences.length > 0 ? NO_FLIPS : countFlips(app.sql, of),
      }),
      items: t.field({
        type: ItemComparisonConnection,
        description:
          'The items, by kind, and in each kind those that lost most score first; none when they do ' +
          'not compare.',
        complexity: costOfPage,
        args: {
          kinds: t.arg({ type: [FlipKind], description: 'Only these; all without it.' }),
          first: t.arg.int({ description: 'How many: 1–100, 20 when nothing is given.' }),
          after: t.arg.string({ description: 'Only what follows this cursor.' }),
        },
        resolve: async (shape, { kinds, first, after }, { app }) => {
          const query = { kinds: kinds ?? [...FLIP_KINDS], first: first ?? 20, after };
          const { items, hasNextPage } =
            shape.differences.length > 0
              ? { items: [], hasNextPage: false }
              : await readComparedItems(app.sql, shape, query);
          return {
            edges: items.map((item) => ({ cursor: item.cursor, node: { ...item, of: shape } })),
            pageInfo: {
              hasNextPage,
              hasPreviousPage: Boolean(after),
              startCursor: items[0]?.cursor ?? null,
              endCursor: items.at(-1)?.cursor ?? null,
            },
          };
        },
      }),
    };
  },
});

builder.queryFields((t) => ({
  compareEvaluations: t.field({
    type: EvaluationComparison,
    nullable: true,
    description: 'Two evaluations item by item; null when there is no such evaluation.',
    authScopes: { scope: 'READ' },
    args: {
      baseline: t.arg.id({ required: true, description: 'The `id` of the one to compare with.' }),
      candidate: t.arg.id({ required: true, description: 'The `id` of the one to compare.' }),
      alpha: t.arg.float({
        defaultValue: 0.05,
        description: 'Significance level: intervals are at 1 − alpha.',
      }),
      seed: t.arg.int({
        defaultValue: 0,
        description: 'What is drawn depends on it alone, from 0.',
      }),
    },
    resolve: async (_root, { alpha, seed, ...ids }, { app }) => {
      const comparison = await compareEvaluations(app.sql, {
        baseline: idOrNone('Evaluation', ids.baseline),
        candidate: idOrNone('Evaluation', ids.candidate),
        alpha: alpha ?? 0.05,
        seed: seed ?? 0,
      });
      return comparison && shapeOf(app, comparison);
    },
  }),
}));

import { NotFoundError, ValidationError } from '../server/errors.ts';
import {
  type ComparedEvaluation as ComparedEvaluationShape,
  comparedEvaluations,
  comparedSeries,
  compareRuns,
  type RunComparison as RunComparisonShape,
  type ComparedSeries as SeriesShape,
} from '../server/runs/compare.ts';
import {
  configDifferences,
  type ConfigDifference as DifferenceShape,
} from '../server/runs/differences.ts';
import { builder } from './builder.ts';
import { localId } from './ids.ts';
import { MetricPoint, toSeriesQuery } from './metrics.ts';

const ConfigDifference = builder.objectRef<DifferenceShape>('ConfigDifference').implement({
  description: 'A value of the config that is not the same in all runs.',
  fields: (t) => ({
    path: t.exposeString('path', { description: '`hyperparameters.batchSize`, `datasetKey`, …' }),
    values: t.field({
      type: ['JSON'],
      nullable: { list: false, items: true },
      description: 'One value for each run, in their order; null where a run lacks it.',
      resolve: ({ values }) => values,
    }),
  }),
});

const asked = {
  modelId: true,
  config: true,
  dataset: { select: { key: true } },
  evaluationSet: { select: { key: true } },
} as const;

builder.prismaObjectFields('Run', (t) => ({
  configDifferences: t.field({
    type: [ConfigDifference],
    description:
      'How its config differs from that of its parent: `values` are the parent’s and its own. Empty ' +
      'without a parent.',
    select: { ...asked, parent: { select: asked } },
    resolve: ({ parent, ...run }) => (parent ? configDifferences([parent, run]) : []),
  }),
}));

const ComparedCurve = builder.objectRef<SeriesShape['curves'][number]>('ComparedCurve').implement({
  description: 'One series of one run.',
  fields: (t) => ({
    run: t.prismaField({
      type: 'Run',
      description: 'The run.',
      resolve: (query, { runId }, _args, { app }) =>
        app.db.run.findUniqueOrThrow({ ...query, where: { id: runId } }),
    }),
    points: t.field({
      type: [MetricPoint],
      description: 'Its values by step; spikes survive thinning.',
      resolve: ({ points }) => points,
    }),
  }),
});

const ComparedSeries = builder.objectRef<SeriesShape>('ComparedSeries').implement({
  description: 'One series of every run that has it.',
  fields: (t) => ({
    name: t.exposeString('name', { description: '`train/loss`, `eval/loss`, …' }),
    curves: t.field({
      type: [ComparedCurve],
      description: 'The curves, in the order of the runs.',
      resolve: ({ curves }) => curves,
    }),
  }),
});

const ComparedEvaluation = builder
  .objectRef<ComparedEvaluationShape>('ComparedEvaluation')
  .implement({
    description: 'What one judge said of the same items for each run.',
    fields: (t) => ({
      board: t.exposeString('board', {
        description: 'Key of the dataset or evaluation set that was judged.',
      }),
      judge: t.exposeString('judge', { description: 'Who judged: `answer_correctness@1`.' }),
      split: t.exposeString('split', {
        description: 'The side of the dataset, as `TEST`; `SET` for an evaluation set.',
      }),
      evaluations: t.prismaField({
        type: ['Evaluation'],
        nullable: { list: false, items: true },
        description: 'The newest of each run, in their order; null where a run has none.',
        resolve: async (query, { evaluationIds }, _args, { app }) => {
          const ids = evaluationIds.filter((id) => id !== null);
          const rows = await app.db.evaluation.findMany({ ...query, where: { id: { in: ids } } });
          return evaluationIds.map((id) => rows.find((row) => row.id === id) ?? null);
        },
      }),
    }),
  });

const RunComparison = builder.objectRef<RunComparisonShape>('RunComparison').implement({
  description: 'Several runs side by side.',
  fields: (t) => ({
    runs: t.prismaField({
      type: ['Run'],
      description: 'The runs, in the order asked for.',
      resolve: async (query, { ids }, _args, { app }) => {
        const rows = await app.db.run.findMany({ ...query, where: { id: { in: ids } } });
        return ids.flatMap((id) => rows.filter((row) => row.id === id));
      },
    }),
    differences: t.field({
      type: [ConfigDifference],
      description:
        'What they were asked to do differently: config, model, dataset, evaluation set.',
      resolve: ({ differences }) => differences,
    }),
    series: t.field({
      type: [ComparedSeries],
      description: 'Their curves by name, each step from the newest attempt.',
      complexity: { field: 10 },
      args: {
        names: t.arg.stringList({ description: 'Only these series: `train/loss`.' }),
        maxPoints: t.arg.int({ description: 'Points of a curve: 2–10 000, 1000 by default.' }),
      },
      resolve: ({ ids }, args, { app }) => comparedSeries(app.sql, ids, toSeriesQuery(args)),
    }),
    evaluations: t.field({
      type: [ComparedEvaluation],
      description: 'What the same judge said of the same items, where at least two were judged.',
      resolve: ({ ids }, _args, { app }) => comparedEvaluations(app.sql, ids),
    }),
  }),
});

builder.queryFields((t) => ({
  compareRuns: t.field({
    type: RunComparison,
    description: 'Two to ten runs side by side.',
    authScopes: { scope: 'READ' },
    args: {
      ids: t.arg.idList({ required: true, description: 'The `id` of each run; 2–10, each once.' }),
    },
    errors: {
      types: [ValidationError, NotFoundError],
      union: { description: 'What compareRuns answers.' },
    },
    resolve: (_root, { ids }, { app }) =>
      compareRuns(
        app,
        ids.map((id) => localId('Run', id)),
      ),
  }),
}));

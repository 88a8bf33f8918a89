import type { Floor } from '../server/baselines/policy.ts';
import { metricOf } from '../server/evaluations/model.ts';
import { findable } from '../server/lib/text.ts';
import { BaselineFloor, OnInconclusive } from './baselinePolicy.ts';
import { builder } from './builder.ts';
import './checks.ts';

/** Checks that one baseline shows; more are of no use on a page. */
const CHECKS = 100;

builder.prismaNode('Baseline', {
  id: { field: 'id' },
  nullable: true,
  description: 'A named, pinned evaluation to check others against. Each change is a new revision.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name, the same for all revisions.' }),
    revision: t.exposeInt('revision', { description: 'From 1; the highest counts.' }),
    evaluation: t.relation('evaluation', { description: 'The pinned evaluation.' }),
    metric: t.exposeString('metric', { description: 'The metric that is compared.' }),
    value: t.float({
      description: 'The value of the metric.',
      select: { metric: true, evaluation: { select: { metrics: true } } },
      // setBaseline refuses a metric that the evaluation lacks, and evaluations never change.
      resolve: ({ metric, evaluation }) => metricOf(evaluation.metrics, metric) ?? Number.NaN,
    }),
    lowerIsBetter: t.exposeBoolean('lowerIsBetter', {
      description: 'Whether less is better, as for a loss.',
    }),
    tolerance: t.exposeFloat('tolerance', {
      description: 'Percent of the absolute value that a candidate may lose.',
    }),
    alpha: t.exposeFloat('alpha', {
      description: 'Significance level of the paired test.',
    }),
    onInconclusive: t.expose('onInconclusive', {
      type: OnInconclusive,
      description: 'What a gate does when the data cannot tell.',
    }),
    minItems: t.exposeInt('minItems', {
      description: 'Fewer paired items than this decide nothing.',
    }),
    requiredJudge: t.exposeString('requiredJudge', {
      nullable: true,
      description: '`name@version` by which both sides must be judged; null when any will do.',
    }),
    floors: t.field({
      type: [BaselineFloor],
      description: 'Least accuracies on parts of the evaluation set.',
      select: { floors: true },
      resolve: ({ floors }) => floors as Floor[],
    }),
    note: t.exposeString('note', {
      nullable: true,
      description: 'Why it was set, in the words of who set it.',
    }),
    setBy: t.exposeString('setBy', {
      nullable: true,
      description: 'Who set it, as they were called then; null for older ones.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was set.' }),
    history: t.prismaField({
      type: ['Baseline'],
      description: 'Every revision of this name, newest first.',
      select: { name: true },
      resolve: (query, { name }, _args, { app }) =>
        app.db.baseline.findMany({ ...query, where: { name }, orderBy: { revision: 'desc' } }),
    }),
    checks: t.relation('checks', {
      description: `Checks against this revision, newest first, at most ${CHECKS}.`,
      query: { orderBy: [{ createdAt: 'desc' }, { id: 'desc' }], take: CHECKS },
    }),
  }),
});

builder.queryFields((t) => ({
  baseline: t.prismaField({
    type: 'Baseline',
    nullable: true,
    description: 'The current revision of a baseline; null when there is none of this name.',
    authScopes: { scope: 'READ' },
    args: { name: t.arg.string({ required: true, description: 'Its name.' }) },
    resolve: (query, _root, { name }, { app }) =>
      app.db.baseline.findFirst({
        ...query,
        where: { name: findable(name) },
        orderBy: { revision: 'desc' },
      }),
  }),
  baselines: t.prismaField({
    type: ['Baseline'],
    description: 'The current revision of every baseline, by name.',
    authScopes: { scope: 'READ' },
    resolve: (query, _root, _args, { app }) =>
      app.db.baseline.findMany({
        ...query,
        distinct: ['name'],
        orderBy: [{ name: 'asc' }, { revision: 'desc' }],
      }),
  }),
}));

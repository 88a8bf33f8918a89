import {
  InvalidStateError,
  NotFoundError,
  UnavailableError,
  ValidationError,
} from '../server/errors.ts';
import { whyNoReproduce } from '../server/runs/again.ts';
import { reproduceRun } from '../server/runs/reproduce.ts';
import {
  type ReproductionDiff as DiffShape,
  readReproduction,
} from '../server/runs/reproduction.ts';
import { builder } from './builder.ts';
import { localId } from './ids.ts';
import { runOf } from './runs.ts';

const VersionDiff = builder
  .objectRef<DiffShape['versions'][number]>('ReproductionVersion')
  .implement({
    description: 'A part of the runtime that is of another version.',
    fields: (t) => ({
      name: t.exposeString('name', { description: 'For example `jax`.' }),
      original: t.exposeString('original', { nullable: true, description: 'Of the first run.' }),
      reproduction: t.exposeString('reproduction', { nullable: true, description: 'Of this one.' }),
    }),
  });

const MetricDiff = builder.objectRef<DiffShape['metrics'][number]>('ReproductionMetric').implement({
  description: 'One number of both runs; null where a run has none, or one that is not finite.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'A curve, or the score of a judge.' }),
    original: t.exposeFloat('original', { nullable: true, description: 'Of the first run.' }),
    reproduction: t.exposeFloat('reproduction', { nullable: true, description: 'Of this one.' }),
    delta: t.exposeFloat('delta', { nullable: true, description: 'This one minus the first.' }),
  }),
});

const WeightsDiff = builder
  .objectRef<DiffShape['weights'][number]>('ReproductionWeights')
  .implement({
    description: 'Files of one kind of both runs, compared by path and sha256.',
    fields: (t) => ({
      kind: t.exposeString('kind', { description: '`EXPORT` or `CHECKPOINT`.' }),
      files: t.exposeInt('files', { description: 'Files of either run.' }),
      different: t.exposeInt('different', { description: 'Those that are not the same.' }),
      equal: t.exposeBoolean('equal', { description: 'Whether all are the same, bit by bit.' }),
    }),
  });

const ReproductionDiff = builder.objectRef<DiffShape>('ReproductionDiff').implement({
  description: 'How a run differs from the one it repeats.',
  fields: (t) => ({
    configEqual: t.exposeBoolean('configEqual', {
      description: 'Whether config, model, dataset and evaluation set are the same, by digest.',
    }),
    versions: t.expose('versions', {
      type: [VersionDiff],
      description: 'Parts of the runtime that are not of the same version.',
    }),
    metrics: t.expose('metrics', {
      type: [MetricDiff],
      description: 'The last value of each curve, then the score on each board.',
    }),
    weights: t.expose('weights', { type: [WeightsDiff], description: 'Trained files, by kind.' }),
    predictionsEqual: t.exposeBoolean('predictionsEqual', {
      nullable: true,
      description: 'Whether the final models wrote the same texts; null when there are none.',
    }),
  }),
});

builder.prismaObjectFields('Run', (t) => ({
  reproduces: t.relation('reproduces', {
    nullable: true,
    description: 'The run that this one repeats with everything pinned.',
  }),
  reproductions: t.relation('reproductions', {
    description: 'The runs that repeat this one, newest first; at most 100.',
    query: { orderBy: { number: 'desc' }, take: 100 },
  }),
  reproduction: t.field({
    type: ReproductionDiff,
    nullable: true,
    description: 'How it differs from the run it repeats; null for others, and until it has ended.',
    complexity: { field: 10 },
    select: { id: true },
    resolve: ({ id }, _args, { app }) => readReproduction(app, id),
  }),
  viewerCanReproduce: t.boolean({
    description: 'Whether you may reproduce it.',
    select: { number: true, status: true, mode: true },
    resolve: (run, _args, { actor }) =>
      actor.scopes.has('RUNS_WRITE') && whyNoReproduce(run) === null,
  }),
}));

const ReproduceRunInput = builder.inputType('ReproduceRunInput', {
  description: 'Which run to repeat.',
  fields: (t) => ({
    runId: t.id({ required: true, description: 'The `id` of a run of mode LOCAL.' }),
  }),
});

const ReproduceRunPayload = builder.objectRef<{ runId: string }>('ReproduceRunPayload').implement({
  description: 'The queued run.',
  fields: (t) => ({ run: t.prismaField(runOf('The run.')) }),
});

builder.mutationFields((t) => ({
  reproduceRun: t.field({
    type: ReproduceRunPayload,
    description:
      'Queues a run with the config, seed, dataset and evaluation set of another. Each call makes ' +
      'one more; `Run.reproduction` says how it differs once it has ended.',
    authScopes: { scope: 'RUNS_WRITE' },
    args: { input: t.arg({ type: ReproduceRunInput, required: true, description: 'Which run.' }) },
    errors: {
      types: [ValidationError, NotFoundError, InvalidStateError, UnavailableError],
      union: { description: 'What reproduceRun answers.' },
    },
    resolve: async (_root, { input }, { app, actor }) => {
      const { id } = await reproduceRun(app, localId('Run', input.runId), actor.name);
      return { runId: id };
    },
  }),
}));

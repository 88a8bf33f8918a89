import type { BuildPhase as BuildPhaseValue } from '../prisma/generated/client/enums.ts';
import { buildDataset } from '../server/datasets/build.ts';
import { type Build, followBuild, readBuild } from '../server/datasets/progress.ts';
import { ConflictError, NotFoundError, ValidationError } from '../server/errors.ts';
import { findable } from '../server/lib/text.ts';
import { builder } from './builder.ts';
import {
  DatasetFilter,
  ExcludeInput,
  SelectionStrategy,
  SplitFractionsInput,
  toSelection,
} from './datasetSelection.ts';
import { Dataset } from './datasets.ts';
import { idOrNone } from './ids.ts';

const BuildDatasetInput = builder.inputType('BuildDatasetInput', {
  description: 'The recipe of a dataset.',
  fields: (t) => ({
    name: t.string({ required: true, description: '1–128 letters, digits and `. _ -`.' }),
    version: t.string({ required: true, description: '1–64 letters, digits and `. _ -`.' }),
    filter: t.field({ type: DatasetFilter, description: 'Candidates; all without it.' }),
    strategy: t.field({ type: SelectionStrategy, description: 'LATEST when not given.' }),
    limit: t.int({ description: 'At most this many: 1–10 000 (setting), 100 when not given.' }),
    seed: t.int({ description: 'For RANDOM, which needs one.' }),
    split: t.field({ type: SplitFractionsInput, description: '0.8, 0.1, 0.1 when not given.' }),
    exclude: t.field({ type: ExcludeInput, description: 'Candidates to leave out.' }),
    provenance: t.field({ type: 'JSON', description: 'An object to keep with the dataset.' }),
    parentKey: t.string({ description: 'The key of the version this one replaces.' }),
  }),
});

const BuildDatasetPayload = builder.objectRef<{ id: string }>('BuildDatasetPayload').implement({
  description: 'The new dataset.',
  fields: (t) => ({
    dataset: t.prismaField({
      type: Dataset,
      description: 'The dataset.',
      resolve: (query, { id }, _args, { app }) =>
        app.db.dataset.findUniqueOrThrow({ ...query, where: { id } }),
    }),
  }),
});

const BuildPhase = builder.enumType('BuildPhase', {
  description: 'Where the building of a dataset stands. COMPLETED and FAILED are final.',
  values: {
    SELECTING: { description: 'Traces are looked for and ordered; how many is not known yet.' },
    WRITING: { description: 'Items are written: `done` of `total`.' },
    COMPLETED: { description: 'The dataset is there.' },
    FAILED: { description: 'There is no dataset; see `error`. The key can be built again.' },
  } satisfies Record<BuildPhaseValue, object>,
});

const DatasetBuild = builder.objectRef<Build>('DatasetBuild').implement({
  description: 'How far the building of a dataset is.',
  fields: (t) => ({
    key: t.exposeString('key', { description: 'The key that the dataset will have.' }),
    phase: t.expose('phase', { type: BuildPhase, description: 'Where it stands.' }),
    done: t.exposeInt('done', { description: 'Items written so far.' }),
    total: t.exposeInt('total', {
      nullable: true,
      description: 'Items there will be; null while they are selected.',
    }),
    error: t.exposeString('error', { nullable: true, description: 'Why it failed.' }),
    dataset: t.prismaField({
      type: Dataset,
      nullable: true,
      description: 'The dataset, once it is COMPLETED.',
      resolve: (query, { datasetId }, _args, { app }) =>
        app.db.dataset.findUnique({
          ...query,
          where: { id: datasetId ?? idOrNone('Dataset', '') },
        }),
    }),
    interrupted: t.exposeBoolean('interrupted', {
      description:
        'Whether nothing was heard of it for 30 seconds, so that its process is gone. Build again.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it began.' }),
    updatedAt: t.expose('updatedAt', {
      type: 'DateTime',
      description: 'When it was last heard of; every five seconds while it is at work.',
    }),
  }),
});

builder.queryFields((t) => ({
  datasetBuild: t.field({
    type: DatasetBuild,
    nullable: true,
    description: 'The last build of a key; null when there was none.',
    authScopes: { scope: 'READ' },
    args: { key: t.arg.string({ required: true, description: '`name-version`.' }) },
    resolve: (_root, { key }, { app }) => readBuild(app.sql, findable(key)),
  }),
}));

builder.subscriptionFields((t) => ({
  datasetBuildProgress: t.field({
    type: DatasetBuild,
    description:
      'The build of a key as it is, then after each change. Waits for one that has not begun; a ' +
      'failure from more than 10 seconds before is that of an earlier try and passed over. Ends ' +
      'after COMPLETED or FAILED.',
    authScopes: { scope: 'READ' },
    args: { key: t.arg.string({ required: true, description: '`name-version`.' }) },
    subscribe: (_root, { key }, { app }) => followBuild(app, findable(key)),
    resolve: (build) => build,
  }),
}));

builder.mutationFields((t) => ({
  buildDataset: t.field({
    type: BuildDatasetPayload,
    description:
      'Selects traces, splits them by prompt and freezes the list. `datasetBuildProgress` of its ' +
      'key follows it.',
    authScopes: { scope: 'DATASETS_WRITE' },
    args: { input: t.arg({ type: BuildDatasetInput, required: true, description: 'The recipe.' }) },
    errors: {
      types: [ValidationError, ConflictError, NotFoundError],
      union: { description: 'What buildDataset answers.' },
    },
    resolve: (_root, { input }, { app, actor }) => {
      const provenance = input.provenance as Record<string, unknown> | null | undefined;
      const asked = { ...input, ...toSelection(input), provenance };
      return buildDataset(app, asked, actor.name);
    },
  }),
}));

import { buildDataset } from '../server/datasets/build.ts';
import { DatasetFilter as DatasetFilterModel } from '../server/datasets/model.ts';
import { countMatching } from '../server/datasets/select.ts';
import { ConflictError, NotFoundError, ValidationError } from '../server/errors.ts';
import { parse } from '../server/lib/parse.ts';
import { findable } from '../server/lib/text.ts';
import { builder } from './builder.ts';
import { localId } from './ids.ts';
import { onItems, onPage } from './paging.ts';

export const Split = builder.enumType('Split', {
  description: 'The side of a dataset an item stands on.',
  values: {
    TRAIN: { description: 'What the model learns from.' },
    EVAL: { description: 'What the loss is watched on during training.' },
    TEST: { description: 'What is held out and judged at the end.' },
  } as const,
});

type Stats = {
  avgStepCount: number;
  minStepCount: number;
  maxStepCount: number;
  avgTotalChars: number;
};

const DatasetStats = builder.objectRef<Stats>('DatasetStats').implement({
  description: 'Figures over all items of a dataset.',
  fields: (t) => ({
    avgStepCount: t.exposeFloat('avgStepCount', { description: 'Mean number of steps.' }),
    minStepCount: t.exposeInt('minStepCount', { description: 'Fewest steps.' }),
    maxStepCount: t.exposeInt('maxStepCount', { description: 'Most steps.' }),
    avgTotalChars: t.exposeFloat('avgTotalChars', { description: 'Mean number of characters.' }),
  }),
});

builder.prismaObject('DatasetItem', {
  description: 'One trace at one place of a dataset.',
  fields: (t) => ({
    position: t.exposeInt('position', { description: 'Its place, from 0.' }),
    split: t.expose('split', { type: Split, description: 'The side it stands on.' }),
    trace: t.relation('trace', { description: 'The trace.' }),
    dataset: t.relation('dataset', { description: 'The dataset.' }),
  }),
});

builder.prismaNode('Dataset', {
  id: { field: 'id' },
  nullable: true,
  description: 'An immutable, ordered list of traces with a train, eval and test side.',
  fields: (t) => ({
    key: t.exposeString('key', { description: '`name-version`, the handle in URLs.' }),
    name: t.exposeString('name', { description: 'Its name.' }),
    version: t.exposeString('version', { description: 'Its version.' }),
    contentHash: t.expose('contentHash', {
      type: 'SHA256',
      description: 'Digest over the ordered items and their sides.',
    }),
    recipe: t.field({
      type: 'JSON',
      description: 'How it was selected: filter, strategy, limit, seed, split.',
      select: { recipe: true },
      resolve: ({ recipe }) => recipe,
    }),
    provenance: t.field({
      type: 'JSON',
      description: 'What its maker said of it.',
      select: { provenance: true },
      resolve: ({ provenance }) => provenance,
    }),
    stats: t.field({
      type: DatasetStats,
      description: 'Figures over all items.',
      select: { stats: true },
      resolve: ({ stats }) => stats as Stats,
    }),
    itemCount: t.exposeInt('itemCount', { description: 'How many items it has.' }),
    trainCount: t.exposeInt('trainCount', { description: 'Items on the TRAIN side.' }),
    evalCount: t.exposeInt('evalCount', { description: 'Items on the EVAL side.' }),
    testCount: t.exposeInt('testCount', { description: 'Items on the TEST side.' }),
    parent: t.relation('parent', {
      nullable: true,
      description: 'The version it was made from, as its maker says.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was built.' }),
    items: t.relatedConnection('items', {
      cursor: 'datasetId_position',
      totalCount: true,
      complexity: onItems,
      description: 'Its items in order.',
      args: { split: t.arg({ type: Split, description: 'Only this side.' }) },
      query: ({ split }) => ({
        where: split ? { split } : {},
        orderBy: { position: 'asc' },
      }),
    }),
    runs: t.relatedConnection('runs', {
      cursor: 'id',
      totalCount: true,
      complexity: onPage,
      description: 'The runs on it, newest first.',
      query: { orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] },
    }),
  }),
});

const DatasetFilter = builder.inputType('DatasetFilter', {
  description: 'Which traces are candidates; every given condition must hold.',
  fields: (t) => ({
    source: t.string({ description: 'Where they came from.' }),
    tag: t.string({ description: 'A label they have.' }),
    importId: t.id({ description: 'The import that brought them.' }),
    meta: t.field({ type: 'JSON', description: 'Equality on top-level keys of `meta`.' }),
  }),
});

const SelectionStrategy = builder.enumType('SelectionStrategy', {
  description: 'Which of the candidates are taken when there are more than the limit.',
  values: {
    LATEST: { description: 'The newest.' },
    RANDOM: { description: 'A choice that depends on seed and content alone.' },
  } as const,
});

const SplitFractionsInput = builder.inputType('SplitFractionsInput', {
  description: 'How much goes to each side; the three add up to 1.',
  fields: (t) => ({
    train: t.float({ required: true, description: 'Above 0.' }),
    eval: t.float({ required: true, description: 'From 0.' }),
    test: t.float({ required: true, description: 'From 0.' }),
  }),
});

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
    provenance: t.field({ type: 'JSON', description: 'An object to keep with the dataset.' }),
    parentKey: t.string({ description: 'The key of the version this one replaces.' }),
  }),
});

const BuildDatasetPayload = builder.objectRef<{ id: string }>('BuildDatasetPayload').implement({
  description: 'The new dataset.',
  fields: (t) => ({
    dataset: t.prismaField({
      type: 'Dataset',
      description: 'The dataset.',
      resolve: (query, { id }, _args, { app }) =>
        app.db.dataset.findUniqueOrThrow({ ...query, where: { id } }),
    }),
  }),
});

/** An import is named by its opaque id outside and by its uuid inside. */
const plainFilter = <T extends { importId?: string | null }>(filter: T): T => ({
  ...filter,
  ...(filter.importId && {
    importId: localId('ImportSession', filter.importId) ?? filter.importId,
  }),
});

builder.queryFields((t) => ({
  dataset: t.prismaField({
    type: 'Dataset',
    nullable: true,
    description: 'A dataset by key; null when there is none.',
    authScopes: { read: true },
    args: { key: t.arg.string({ required: true, description: '`name-version`.' }) },
    resolve: (query, _root, { key }, { app }) =>
      app.db.dataset.findUnique({ ...query, where: { key: findable(key) } }),
  }),
  datasets: t.prismaConnection(
    {
      type: 'Dataset',
      cursor: 'id',
      description: 'Datasets, newest first.',
      authScopes: { read: true },
      complexity: onPage,
      totalCount: (_root, _args, { app }) => app.db.dataset.count(),
      resolve: (query, _root, _args, { app }) =>
        app.db.dataset.findMany({ ...query, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] }),
    },
    { name: 'QueryDatasetsConnection', description: 'A page of datasets.' },
    { name: 'QueryDatasetsConnectionEdge', description: 'A dataset on a page.' },
  ),
  datasetSelectionCount: t.int({
    description: 'How many traces a filter matches now.',
    authScopes: { read: true },
    args: { filter: t.arg({ type: DatasetFilter, description: 'All without it.' }) },
    resolve: (_root, { filter }, { app }) =>
      countMatching(app.sql, parse(DatasetFilterModel, plainFilter(filter ?? {}))),
  }),
}));

builder.mutationFields((t) => ({
  buildDataset: t.field({
    type: BuildDatasetPayload,
    description: 'Selects traces, splits them by prompt and freezes the list.',
    authScopes: { write: true },
    args: { input: t.arg({ type: BuildDatasetInput, required: true, description: 'The recipe.' }) },
    errors: {
      types: [ValidationError, ConflictError, NotFoundError],
      union: { description: 'What buildDataset answers.' },
    },
    resolve: (_root, { input }, { app }) =>
      buildDataset(app, {
        ...input,
        filter: input.filter ? plainFilter(input.filter as { importId?: string | null }) : null,
        provenance: input.provenance as Record<string, unknown> | null | undefined,
      }),
  }),
}));

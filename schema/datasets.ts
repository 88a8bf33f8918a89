import { MANIFEST_INLINE_ITEMS, readManifest } from '../server/datasets/manifest.ts';
import { datasetsWhere } from '../server/datasets/readList.ts';
import type { Stats } from '../server/datasets/select.ts';
import { findable } from '../server/lib/text.ts';
import { builder } from './builder.ts';
import { onItems, onPage } from './paging.ts';
import { Split } from './split.ts';

/** How many versions of one name are listed. */
const VERSIONS = 50;

export const DatasetStats = builder.objectRef<Stats>('DatasetStats').implement({
  description: 'Figures over all items of a dataset.',
  fields: (t) => ({
    avgStepCount: t.exposeFloat('avgStepCount', { description: 'Mean number of steps.' }),
    minStepCount: t.exposeInt('minStepCount', { description: 'Fewest steps.' }),
    maxStepCount: t.exposeInt('maxStepCount', { description: 'Most steps.' }),
    avgTotalChars: t.exposeFloat('avgTotalChars', { description: 'Mean number of characters.' }),
  }),
});

export const DatasetItem = builder.prismaObject('DatasetItem', {
  description: 'One trace at one place of a dataset.',
  fields: (t) => ({
    position: t.exposeInt('position', { description: 'Its place, from 0.' }),
    split: t.expose('split', { type: Split, description: 'The side it stands on.' }),
    trace: t.relation('trace', { description: 'The trace.' }),
    dataset: t.relation('dataset', { description: 'The dataset.' }),
  }),
});

export const Dataset = builder.prismaNode('Dataset', {
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
      description:
        'How it was selected: `filter`, `strategy`, `limit`, `seed`, `split` and `exclude`, the ' +
        'content hashes of what was left out. The same recipe on the same traces gives the same ' +
        '`contentHash` on any machine; a filter by `importId` or `datasetKey` names something of ' +
        'this one.',
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
    children: t.relatedConnection('children', {
      cursor: 'id',
      totalCount: true,
      complexity: onPage,
      description: 'The versions that were made from it, newest first.',
      query: { orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] },
    }),
    versions: t.prismaField({
      type: ['Dataset'],
      description: `All versions of its name with this one, newest first, at most ${VERSIONS}.`,
      select: { name: true },
      resolve: (query, { name }, _args, { app }) =>
        app.db.dataset.findMany({
          ...query,
          where: { name },
          orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
          take: VERSIONS,
        }),
    }),
    manifest: t.field({
      type: 'JSON',
      description:
        'What it is made of, with the content hash and side of each item; the same at every ' +
        'reading. `GET /export/datasets/{key}.manifest.json` is the file. Beyond ' +
        `${MANIFEST_INLINE_ITEMS} items \`trace_ids\` and \`items\` are null here, and in the file alone.`,
      // Up to 10 000 items: a few manifests in one operation, not a hundred.
      complexity: 500,
      select: { id: true },
      resolve: async ({ id }, _args, { app }) =>
        readManifest(
          app.sql,
          await app.db.dataset.findUniqueOrThrow({ where: { id }, include: { parent: true } }),
        ),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was built.' }),
    createdBy: t.exposeString('createdBy', {
      nullable: true,
      description: 'Who built it, as they were called then; null for older ones.',
    }),
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

const DatasetsFilter = builder.inputType('DatasetsFilter', {
  description: 'Which datasets; every given condition must hold.',
  fields: (t) => ({
    name: t.string({ description: 'All versions of this name.' }),
    text: t.string({ description: 'Text in the key, in any case.' }),
  }),
});

builder.queryFields((t) => ({
  dataset: t.prismaField({
    type: 'Dataset',
    nullable: true,
    description: 'A dataset by key; null when there is none.',
    authScopes: { scope: 'READ' },
    args: { key: t.arg.string({ required: true, description: '`name-version`.' }) },
    resolve: (query, _root, { key }, { app }) =>
      app.db.dataset.findUnique({ ...query, where: { key: findable(key) } }),
  }),
  datasets: t.prismaConnection(
    {
      type: 'Dataset',
      cursor: 'id',
      description: 'Datasets, newest first.',
      authScopes: { scope: 'READ' },
      complexity: onPage,
      args: { filter: t.arg({ type: DatasetsFilter, description: 'Which ones; all without it.' }) },
      totalCount: (_root, { filter }, { app }) =>
        app.db.dataset.count({ where: datasetsWhere(filter) }),
      resolve: (query, _root, { filter }, { app }) =>
        app.db.dataset.findMany({
          ...query,
          where: datasetsWhere(filter),
          orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
        }),
    },
    { name: 'QueryDatasetsConnection', description: 'A page of datasets.' },
    { name: 'QueryDatasetsConnectionEdge', description: 'A dataset on a page.' },
  ),
}));

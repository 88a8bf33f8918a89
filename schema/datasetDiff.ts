import type { App } from '../server/app.ts';
import {
  countDiff,
  DIFF_KINDS,
  type DiffCounts,
  type DiffEntry,
  placeOf,
  readDiff,
} from '../server/datasets/diff.ts';
import { findable } from '../server/lib/text.ts';
import { builder } from './builder.ts';
import { Dataset, DatasetItem } from './datasets.ts';
import { onPageWith } from './paging.ts';

const DatasetDiffKind = builder.enumType('DatasetDiffKind', {
  description: 'In which way an item differs. Entries come in the order CHANGED to MOVED.',
  values: {
    CHANGED: { description: 'The same prompt, apart from case and spaces, with other content.' },
    ADDED: { description: 'Only in `to`.' },
    REMOVED: { description: 'Only in `from`.' },
    MOVED: { description: 'The same trace on another side.' },
  } as const,
});

/** Two datasets by id; the counts are read once, when the first of them is asked for. */
type Diff = { from: string; to: string; counts: () => Promise<DiffCounts> };

function diffOf(app: Pick<App, 'sql'>, from: string, to: string): Diff {
  let counts: Promise<DiffCounts> | undefined;
  return {
    from,
    to,
    counts: () => {
      counts ??= countDiff(app.sql, from, to);
      return counts;
    },
  };
}

type Entry = DiffEntry & { datasets: { from: string; to: string } };

/** The item at a position; no item has the one that stands for none. */
const itemAt = (app: Pick<App, 'db'>, query: object, datasetId: string, position: number | null) =>
  app.db.datasetItem.findUnique({
    ...query,
    where: { datasetId_position: { datasetId, position: position ?? -1 } },
  });

const DatasetDiffEntry = builder.objectRef<Entry>('DatasetDiffEntry').implement({
  description: 'One item that differs.',
  fields: (t) => ({
    kind: t.expose('kind', { type: DatasetDiffKind, description: 'In which way.' }),
    from: t.prismaField({
      type: DatasetItem,
      nullable: true,
      description: 'The item as it was; null for ADDED.',
      resolve: (query, { datasets, from }, _args, { app }) =>
        itemAt(app, query, datasets.from, from),
    }),
    to: t.prismaField({
      type: DatasetItem,
      nullable: true,
      description: 'The item as it is; null for REMOVED.',
      resolve: (query, { datasets, to }, _args, { app }) => itemAt(app, query, datasets.to, to),
    }),
  }),
});

type Page = { totalCount: () => Promise<number> };

const DatasetDiffConnection = builder.connectionObject(
  {
    type: DatasetDiffEntry,
    name: 'DatasetDiffConnection',
    description: 'A page of the differences between two datasets.',
    fields: (t) => ({
      totalCount: t.int({
        description: 'How many differences of these kinds there are; counted only when asked for.',
        resolve: (page) => (page as unknown as Page).totalCount(),
      }),
    }),
  },
  { name: 'DatasetDiffConnectionEdge', description: 'A difference on a page.' },
);

const CURSOR = /^diff:([0-3]):(\d{1,9})$/;

const cursorOf = (entry: DiffEntry): string => {
  const { rank, position } = placeOf(entry);
  return Buffer.from(`diff:${rank}:${position}`).toString('base64');
};

function placeAfter(cursor: string) {
  const [, rank, position] = CURSOR.exec(Buffer.from(cursor, 'base64').toString('utf8')) ?? [];
  return { rank: Number(rank), position: Number(position) };
}

const DatasetDiff = builder.objectRef<Diff>('DatasetDiff').implement({
  description:
    'What differs between two datasets. Traces are the same when their content is; several of one ' +
    'prompt are paired in the order of their content hashes.',
  fields: (t) => {
    const count = (kind: keyof DiffCounts, description: string) =>
      t.int({ description, resolve: async ({ counts }) => (await counts())[kind] });
    const dataset = (side: 'from' | 'to', description: string) =>
      t.prismaField({
        type: Dataset,
        description,
        resolve: (query, diff, _args, { app }) =>
          app.db.dataset.findUniqueOrThrow({ ...query, where: { id: diff[side] } }),
      });
    return {
      from: dataset('from', 'The dataset that is compared with.'),
      to: dataset('to', 'The dataset that is compared.'),
      addedCount: count('ADDED', 'Items only in `to` whose prompt is not in `from`.'),
      removedCount: count('REMOVED', 'Items only in `from` whose prompt is not in `to`.'),
      changedCount: count('CHANGED', 'Items whose prompt is in both with other content.'),
      movedCount: count('MOVED', 'Traces in both on different sides.'),
      sameCount: count('SAME', 'Traces in both on the same side.'),
      entries: t.field({
        type: DatasetDiffConnection,
        description: 'The differences, CHANGED first, each kind in the order of its dataset.',
        complexity: onPageWith(CURSOR),
        args: {
          kinds: t.arg({ type: [DatasetDiffKind], description: 'Only these; all without it.' }),
          first: t.arg.int({ description: 'How many: 1–100, 20 when nothing is given.' }),
          after: t.arg.string({ description: 'Only what follows this cursor.' }),
        },
        resolve: async ({ from, to, counts }, { kinds, first, after }, { app }) => {
          const { entries, hasMore } = await readDiff(
            app.sql,
            { from, to },
            {
              kinds: kinds ?? DIFF_KINDS,
              first: first ?? 20,
              after: after ? placeAfter(after) : null,
            },
          );
          const edges = entries.map((entry) => ({
            cursor: cursorOf(entry),
            node: { ...entry, datasets: { from, to } },
          }));
          const totalCount = async () => {
            const all = await counts();
            return [...new Set(kinds ?? DIFF_KINDS)].reduce((sum, kind) => sum + all[kind], 0);
          };
          return {
            edges,
            totalCount,
            pageInfo: {
              hasNextPage: hasMore,
              hasPreviousPage: Boolean(after),
              startCursor: edges[0]?.cursor ?? null,
              endCursor: edges.at(-1)?.cursor ?? null,
            },
          };
        },
      }),
    };
  },
});

builder.prismaObjectFields(Dataset, (t) => ({
  diffFromParent: t.field({
    type: DatasetDiff,
    nullable: true,
    description: 'What differs from its parent; null without one.',
    select: { id: true, parentId: true },
    resolve: ({ id, parentId }, _args, { app }) => (parentId ? diffOf(app, parentId, id) : null),
  }),
}));

builder.queryFields((t) => ({
  datasetDiff: t.field({
    type: DatasetDiff,
    nullable: true,
    description: 'What differs between two datasets; null when there is no such dataset.',
    authScopes: { scope: 'READ' },
    args: {
      from: t.arg.string({ required: true, description: 'Key of the dataset to compare with.' }),
      to: t.arg.string({ required: true, description: 'Key of the dataset to compare.' }),
    },
    resolve: async (_root, args, { app }) => {
      const idOf = async (key: string) =>
        (await app.db.dataset.findUnique({ where: { key: findable(key) }, select: { id: true } }))
          ?.id;
      const [from, to] = [await idOf(args.from), await idOf(args.to)];
      return from && to ? diffOf(app, from, to) : null;
    },
  }),
}));

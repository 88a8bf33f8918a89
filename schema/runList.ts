import { queryFromInfo } from '@pothos/plugin-prisma';
import type { GraphQLResolveInfo } from 'graphql';
import { countRuns, readRunPage } from '../server/runs/list.ts';
import { isRunCursor, type RunSort as RunSortValue } from '../server/runs/listOrder.ts';
import { builder, type Context } from './builder.ts';
import { idOrNone } from './ids.ts';
import { onPageWith } from './paging.ts';
import { orBadValue } from './requestError.ts';
import { FailureCode } from './runFailures.ts';
import { Run, RunMode, RunStatus } from './runs.ts';

const RunFilter = builder.inputType('RunFilter', {
  description: 'Which runs; every given condition must hold.',
  fields: (t) => ({
    status: t.field({ type: [RunStatus], description: 'One of these.' }),
    datasetKey: t.string({ description: 'On this dataset.' }),
    evaluationSetKey: t.string({ description: 'Judged on this evaluation set.' }),
    modelId: t.string({ description: 'From this model.' }),
    mode: t.field({ type: RunMode, description: 'In this mode.' }),
    text: t.string({
      description:
        'Stands, in any case, in name, dataset key, model or error; or is the number, with or ' +
        'without #. At most 200 characters.',
    }),
    archived: t.boolean({
      description: 'True for archived runs alone, null for all; the others without it.',
    }),
    label: t.string({ description: 'Only what a runner with this label may take.' }),
    failureCode: t.field({ type: FailureCode, description: 'Failed in this way.' }),
    parentId: t.id({ description: 'Made from this run: its retries, resumes and clones.' }),
  }),
});

const RunSort = builder.enumType('RunSort', {
  description: 'What comes first in a list of runs; equal ones by id.',
  values: {
    NEWEST: { description: 'What was made last.' },
    OLDEST: { description: 'What was made first.' },
    PRIORITY: { description: 'The highest priority.' },
    LONGEST: { description: 'What took longest; what has not ended comes last.' },
    RECENTLY_FINISHED: { description: 'What ended last; what has not ended comes last.' },
  } satisfies Record<RunSortValue, object>,
});

type Args = {
  filter?: typeof RunFilter.$inferInput | null;
  sort?: RunSortValue | null;
} & Partial<Record<'first' | 'last', number | null>> &
  Partial<Record<'after' | 'before', string | null>>;

const toFilter = ({ parentId, ...filter }: NonNullable<Args['filter']>) => ({
  ...filter,
  ...(parentId && { parentId: idOrNone('Run', parentId) }),
});

/** One page as a connection: first the ids, then what is asked for of their rows. */
async function runsPage(args: Args, context: Context, info: GraphQLResolveInfo) {
  const { app } = context;
  const filter = toFilter(args.filter ?? {});
  const { sort, first, after, last, before } = args;
  const page = await readRunPage(app.sql, filter, sort ?? 'NEWEST', {
    first,
    after,
    last,
    before,
  }).catch(orBadValue);
  const query = queryFromInfo({
    context,
    info,
    typeName: 'Run',
    path: ['edges', 'node'],
    select: { id: true },
  });
  const ids = page.rows.map(({ id }) => id);
  const rows = await app.db.run.findMany({ ...query, where: { id: { in: ids } } });
  const byId = new Map(rows.map((row) => [row.id, row]));
  return {
    edges: page.rows.flatMap(({ id, cursor }) => {
      const node = byId.get(id);
      return node ? [{ cursor, node }] : [];
    }),
    pageInfo: {
      hasNextPage: page.hasNextPage,
      hasPreviousPage: page.hasPreviousPage,
      startCursor: page.rows[0]?.cursor ?? null,
      endCursor: page.rows.at(-1)?.cursor ?? null,
    },
    count: () => countRuns(app.sql, filter),
  };
}

type Page = Awaited<ReturnType<typeof runsPage>>;

builder.queryFields((t) => ({
  run: t.prismaField({
    type: 'Run',
    nullable: true,
    description: 'A run by id or number; null when there is none.',
    authScopes: { scope: 'READ' },
    args: {
      id: t.arg.id({ description: 'The `id` of a run.' }),
      number: t.arg.int({ description: 'Its number.' }),
    },
    resolve: (query, _root, args, { app }) => {
      if (typeof args.number === 'number') {
        return app.db.run.findUnique({ ...query, where: { number: args.number } });
      }
      return app.db.run.findUnique({ ...query, where: { id: idOrNone('Run', args.id ?? '') } });
    },
  }),
  runs: t.connection(
    {
      type: Run,
      description: 'Runs, newest first unless sorted otherwise; archived ones only when asked for.',
      authScopes: { scope: 'READ' },
      complexity: onPageWith({ test: isRunCursor }),
      args: {
        filter: t.arg({ type: RunFilter, description: 'Which ones; all without it.' }),
        sort: t.arg({ type: RunSort, defaultValue: 'NEWEST', description: 'What comes first.' }),
      },
      resolve: (_root, args, context, info) => runsPage(args, context, info),
    },
    {
      name: 'QueryRunsConnection',
      description: 'A page of runs.',
      fields: (connection) => ({
        totalCount: connection.int({
          description: 'How many rows the whole list has; counted only when asked for.',
          resolve: (page) => (page as unknown as Page).count(),
        }),
      }),
    },
    { name: 'QueryRunsConnectionEdge', description: 'A run on a page.' },
  ),
}));

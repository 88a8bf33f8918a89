import { queryFromInfo } from '@pothos/plugin-prisma';
import type { GraphQLResolveInfo } from 'graphql';
import { isTraceCursor } from '../server/traces/cursor.ts';
import { hasText } from '../server/traces/filter.ts';
import { type Highlight, readHighlights } from '../server/traces/highlight.ts';
import { countPending } from '../server/traces/indexing.ts';
import { countTraces, RANKED_HITS, readTracePage } from '../server/traces/read.ts';
import { builder, type Context } from './builder.ts';
import { onPageWith } from './paging.ts';
import { TraceFilter, toTraceFilter } from './traceFilter.ts';
import { Trace } from './traces.ts';

const TraceSort = builder.enumType('TraceSort', {
  description: 'What traces are sorted by; equal ones by id.',
  values: {
    CREATED_AT: { description: 'When they were stored.' },
    STEP_COUNT: { description: 'How many steps they have.' },
    TOTAL_CHARS: { description: 'How many characters they have.' },
    BASELINE_SCORE: { description: 'Their baseline score.' },
    RELEVANCE: {
      description:
        'How well they fit `filter.text`, which it needs: hits in the prompt count most, then in ' +
        `the answer, then in steps, and words close together more. The newest ${RANKED_HITS} ` +
        'hits are ranked.',
    },
  } as const,
});

const SortDirection = builder.enumType('SortDirection', {
  description: 'Which end comes first.',
  values: {
    ASC: { description: 'The least, oldest or worst.' },
    DESC: { description: 'The greatest, newest or best.' },
  } as const,
});

const TraceOrder = builder.inputType('TraceOrder', {
  description: 'The order of traces.',
  fields: (t) => ({
    by: t.field({
      type: TraceSort,
      required: true,
      defaultValue: 'CREATED_AT',
      description: 'What they are sorted by.',
    }),
    direction: t.field({
      type: SortDirection,
      required: true,
      defaultValue: 'DESC',
      description: 'Which end comes first.',
    }),
  }),
});

const TracePart = builder.enumType('TracePart', {
  description: 'A part of a trace.',
  values: {
    PROMPT: { description: 'What was asked.' },
    STEPS: { description: 'The steps.' },
    ANSWER: { description: 'The final answer.' },
  } as const,
});

const HighlightPart = builder.objectRef<Highlight['parts'][number]>('HighlightPart').implement({
  description: 'A piece of an excerpt.',
  fields: (t) => ({
    text: t.exposeString('text', { description: 'Plain text, never markup.' }),
    hit: t.exposeBoolean('hit', { description: 'Whether it is what was searched for.' }),
  }),
});

const TraceHighlight = builder.objectRef<Highlight>('TraceHighlight').implement({
  description: 'Where a text was found in a trace.',
  fields: (t) => ({
    parts: t.expose('parts', {
      type: [HighlightPart],
      description:
        'An excerpt of at most 300 characters, cut into what was searched for and the rest. ' +
        'The beginning of the prompt, where the words stand too far in.',
    }),
    where: t.expose('where', {
      type: TracePart,
      description: 'The part it is from: the first of prompt, answer and steps with a hit.',
    }),
    rank: t.exposeFloat('rank', { description: 'What RELEVANCE sorts by.' }),
  }),
});

type Args = {
  filter?: typeof TraceFilter.$inferInput | null;
  orderBy?: typeof TraceOrder.$inferInput | null;
} & Partial<Record<'first' | 'last', number | null>> &
  Partial<Record<'after' | 'before', string | null>>;

/** One page as a connection: first the ids, then what is asked for of their rows. */
async function tracesPage(args: Args, context: Context, info: GraphQLResolveInfo) {
  const { app } = context;
  const filter = toTraceFilter(args.filter);
  const { first, after, last, before, orderBy } = args;
  const page = await readTracePage(app.sql, filter, { orderBy, first, after, last, before });
  const ids = page.rows.map(({ id }) => id);
  const query = queryFromInfo({
    context,
    info,
    typeName: 'Trace',
    path: ['edges', 'node'],
    select: { id: true },
  });
  const rows = await app.db.trace.findMany({ ...query, where: { id: { in: ids } } });
  const byId = new Map(rows.map((row) => [row.id, row]));
  let found: Promise<Map<string, Highlight>> | undefined;
  const highlightOf = async (id: string) => {
    if (!filter.text || !hasText(filter)) return null;
    // The first edge that asks reads for all.
    found ??= readHighlights(app.sql, filter.text, ids);
    return (await found).get(id) ?? null;
  };
  return {
    edges: page.rows.flatMap(({ id, cursor }) => {
      const node = byId.get(id);
      // Deleted since its id was read.
      return node ? [{ cursor, node, highlight: () => highlightOf(id) }] : [];
    }),
    pageInfo: {
      hasNextPage: page.hasNextPage,
      hasPreviousPage: page.hasPreviousPage,
      startCursor: page.rows[0]?.cursor ?? null,
      endCursor: page.rows.at(-1)?.cursor ?? null,
    },
    count: () => countTraces(app.sql, filter),
  };
}

type Page = Awaited<ReturnType<typeof tracesPage>>;

builder.queryFields((t) => ({
  traces: t.connection(
    {
      type: Trace,
      description: 'Traces, newest first unless ordered otherwise.',
      authScopes: { scope: 'READ' },
      complexity: onPageWith({ test: isTraceCursor }),
      args: {
        filter: t.arg({ type: TraceFilter, description: 'Which ones; all without it.' }),
        orderBy: t.arg({ type: TraceOrder, description: 'Newest first without it.' }),
      },
      resolve: (_root, args, context, info) => tracesPage(args, context, info),
    },
    {
      name: 'QueryTracesConnection',
      description: 'A page of traces.',
      fields: (connection) => ({
        totalCount: connection.int({
          description: 'How many rows the whole list has; counted only when asked for.',
          resolve: (page) => (page as unknown as Page).count(),
        }),
        pendingSearch: connection.int({
          description: 'Stored traces that `filter.text` cannot find yet; mostly 0.',
          resolve: (_page, _args, { app }) => countPending(app.sql),
        }),
      }),
    },
    {
      name: 'QueryTracesConnectionEdge',
      description: 'A trace on a page.',
      fields: (edge) => ({
        highlight: edge.field({
          type: TraceHighlight,
          nullable: true,
          description: 'Where `filter.text` was found; null without it.',
          resolve: (row) => (row as unknown as Page['edges'][number]).highlight(),
        }),
      }),
    },
  ),
}));

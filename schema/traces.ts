import type { TracePayload } from '../server/traces/model.ts';
import { tracesWhere } from '../server/traces/read.ts';
import { builder } from './builder.ts';
import { idOrNone, localId } from './ids.ts';
import { onItems, onPage } from './paging.ts';

const TraceStep = builder.objectRef<TracePayload['steps'][number]>('TraceStep').implement({
  description: 'One step of a recorded solution.',
  fields: (t) => ({
    i: t.exposeInt('i', { description: 'Its number, unique in the trace, at least 0.' }),
    type: t.exposeString('type', { description: 'What kind of step it is: 1–64 characters.' }),
    content: t.exposeString('content', { description: 'What it says: 1–20 000 characters.' }),
  }),
});

const payloadOf = (trace: { payload: unknown }) => trace.payload as TracePayload;

builder.prismaNode('Trace', {
  id: { field: 'id' },
  nullable: true,
  description: 'One recorded solution: prompt, ordered steps, final answer. It never changes.',
  fields: (t) => ({
    contentHash: t.expose('contentHash', {
      type: 'SHA256',
      description: 'Digest of the canonical JSON; equal traces are one trace.',
    }),
    traceVersion: t.exposeString('traceVersion', {
      description: 'Version of the format the trace was recorded in.',
    }),
    prompt: t.string({
      description: 'What was asked, in full.',
      select: { payload: true },
      resolve: (trace) => payloadOf(trace).prompt,
    }),
    finalAnswer: t.string({
      description: 'The final answer, in full.',
      select: { payload: true },
      resolve: (trace) => payloadOf(trace).final_answer,
    }),
    steps: t.field({
      type: [TraceStep],
      description: 'The steps in the order they were recorded.',
      select: { payload: true },
      resolve: (trace) => payloadOf(trace).steps,
    }),
    meta: t.field({
      type: 'JSON',
      nullable: true,
      description: 'Whatever else the recorder said; null when nothing.',
      select: { payload: true },
      resolve: (trace) => payloadOf(trace).meta,
    }),
    promptPreview: t.exposeString('promptPreview', {
      description: 'The first 200 characters of the prompt; cheap in lists.',
    }),
    answerPreview: t.exposeString('answerPreview', {
      description: 'The first 200 characters of the answer; cheap in lists.',
    }),
    stepCount: t.exposeInt('stepCount', { description: 'How many steps there are.' }),
    totalChars: t.exposeInt('totalChars', {
      description: 'Characters of prompt, answer and steps together.',
    }),
    source: t.exposeString('source', {
      nullable: true,
      description: 'Where it came from: given at import, else `meta.source`.',
    }),
    tags: t.exposeStringList('tags', { description: 'Labels for filtering.' }),
    importLine: t.exposeInt('importLine', {
      nullable: true,
      description: 'Its line in the file it was imported from.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was stored.' }),
    datasets: t.relatedConnection('datasetItems', {
      cursor: 'datasetId_position',
      totalCount: true,
      complexity: onItems,
      description: 'Where it stands in datasets.',
    }),
  }),
});

const TraceFilter = builder.inputType('TraceFilter', {
  description: 'Which traces; every given condition must hold.',
  fields: (t) => ({
    source: t.string({ description: 'Where they came from.' }),
    tag: t.string({ description: 'A label they have.' }),
    datasetKey: t.string({ description: 'A dataset they stand in, by key.' }),
    importId: t.id({ description: 'The import that brought them.' }),
    text: t.string({ description: 'Text in the first 200 characters of prompt or answer.' }),
  }),
});

builder.queryFields((t) => ({
  trace: t.prismaField({
    type: 'Trace',
    nullable: true,
    description: 'A trace by id; null when there is none.',
    authScopes: { read: true },
    args: { id: t.arg.id({ required: true, description: 'The `id` of a trace.' }) },
    resolve: (query, _root, args, { app }) =>
      app.db.trace.findUnique({ ...query, where: { id: idOrNone('Trace', args.id) } }),
  }),
  traces: t.prismaConnection(
    {
      type: 'Trace',
      cursor: 'id',
      description: 'Traces, newest first.',
      authScopes: { read: true },
      complexity: onPage,
      args: { filter: t.arg({ type: TraceFilter, description: 'Which ones; all without it.' }) },
      totalCount: (_root, { filter }, { app }) =>
        app.db.trace.count({ where: tracesWhere(importIdOf(filter)) }),
      resolve: (query, _root, { filter }, { app }) =>
        app.db.trace.findMany({
          ...query,
          where: tracesWhere(importIdOf(filter)),
          orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
        }),
    },
    { name: 'QueryTracesConnection', description: 'A page of traces.' },
    { name: 'QueryTracesConnectionEdge', description: 'A trace on a page.' },
  ),
  traceSources: t.stringList({
    description: 'Every source that any trace has, at most 100, for filters.',
    authScopes: { read: true },
    resolve: async (_root, _args, { app }) => {
      const rows = await app.db.trace.groupBy({
        by: ['source'],
        where: { source: { not: null } },
        orderBy: { source: 'asc' },
        take: 100,
      });
      return rows.flatMap(({ source }) => (source ? [source] : []));
    },
  }),
}));

function importIdOf<T extends { importId?: string | null }>(filter: T | null | undefined) {
  if (!filter?.importId) return filter;
  return { ...filter, importId: localId('ImportSession', filter.importId) ?? filter.importId };
}

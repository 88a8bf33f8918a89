import type { ImportStatus as ImportStatusValue } from '../prisma/generated/client/enums.ts';
import type { Issue } from '../server/errors.ts';
import { ValidationError } from '../server/errors.ts';
import { createTrace, createTraces } from '../server/traces/create.ts';
import type { LineIssue } from '../server/traces/import.ts';
import type { TracePayload } from '../server/traces/model.ts';
import { tracesWhere } from '../server/traces/read.ts';
import { builder } from './builder.ts';
import { ValidationIssue } from './errors.ts';
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

const ImportStatus = builder.enumType('ImportStatus', {
  description: 'Where an import stands.',
  values: {
    RUNNING: { description: 'Lines are still coming in.' },
    COMPLETED: { description: 'Every line was read.' },
    FAILED: { description: 'It broke off; what is counted is stored.' },
  } satisfies Record<ImportStatusValue, object>,
});

const ImportIssue = builder.objectRef<LineIssue>('ImportIssue').implement({
  description: 'One refused line of an import.',
  fields: (t) => ({
    line: t.exposeInt('line', { description: 'Line number, from 1.' }),
    byteOffset: t.expose('byteOffset', {
      type: 'BigInt',
      description: 'Where the line begins in the file.',
    }),
    code: t.exposeString('code', { description: 'The first rule it breaks.' }),
    message: t.exposeString('message', { description: 'What is wrong with it.' }),
    path: t.exposeStringList('path', { description: 'Where in the trace.' }),
  }),
});

builder.prismaNode('ImportSession', {
  id: { field: 'id' },
  nullable: true,
  description: 'One bulk import: what came in, what was stored, what was refused and why.',
  fields: (t) => ({
    name: t.exposeString('name', { nullable: true, description: 'Name of the file.' }),
    status: t.expose('status', { type: ImportStatus, description: 'Where it stands.' }),
    lines: t.exposeInt('lines', { description: 'Lines read so far, blank ones not counted.' }),
    stored: t.exposeInt('stored', { description: 'New traces.' }),
    duplicates: t.exposeInt('duplicates', { description: 'Traces that were there already.' }),
    rejected: t.exposeInt('rejected', { description: 'Lines that are no valid trace.' }),
    bytes: t.expose('bytes', { type: 'BigInt', description: 'Bytes read and done with.' }),
    report: t.field({
      type: [ImportIssue],
      description: 'The first 1000 refused lines.',
      select: { report: true },
      resolve: ({ report }) => report as unknown as LineIssue[],
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it began.' }),
    finishedAt: t.expose('finishedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it ended.',
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

const TraceStepInput = builder.inputType('TraceStepInput', {
  description: 'One step of a trace.',
  fields: (t) => ({
    i: t.int({ required: true, description: 'Its number, unique in the trace, at least 0.' }),
    type: t.string({ required: true, description: 'What kind of step: 1–64 characters.' }),
    content: t.string({ required: true, description: 'What it says: 1–20 000 characters.' }),
  }),
});

const TraceInput = builder.inputType('TraceInput', {
  description: 'A trace in the field names of the JSONL format.',
  fields: (t) => ({
    trace_version: t.string({ required: true, description: 'Format version, such as "1.0".' }),
    prompt: t.string({ required: true, description: 'What was asked: 1–50 000 characters.' }),
    final_answer: t.string({ required: true, description: 'The answer: 1–50 000 characters.' }),
    steps: t.field({
      type: [TraceStepInput],
      required: true,
      description: '1–1000 steps, each with its own `i`.',
    }),
    meta: t.field({ type: 'JSON', description: 'An object with anything else.' }),
  }),
});

const CreateTraceInput = builder.inputType('CreateTraceInput', {
  description: 'One trace and its labels.',
  fields: (t) => ({
    trace: t.field({ type: TraceInput, required: true, description: 'The trace.' }),
    source: t.string({ description: 'Where it comes from; else `meta.source` is taken.' }),
    tags: t.stringList({ description: 'Up to 32 labels for filtering.' }),
  }),
});

const CreateTracesMode = builder.enumType('CreateTracesMode', {
  description: 'What one bad trace means for the others.',
  values: {
    ALL_OR_NOTHING: { description: 'Nothing is stored.' },
    PER_ITEM: { description: 'The good ones are stored, the bad ones reported.' },
  } as const,
});

const CreateTracesInput = builder.inputType('CreateTracesInput', {
  description: 'Up to 1000 traces and labels for all of them.',
  fields: (t) => ({
    traces: t.field({ type: [TraceInput], required: true, description: '1–1000 traces.' }),
    mode: t.field({
      type: CreateTracesMode,
      description: 'What one bad trace means; ALL_OR_NOTHING when not given.',
    }),
    source: t.string({ description: 'Where they come from.' }),
    tags: t.stringList({ description: 'Up to 32 labels for filtering.' }),
  }),
});

const CreateTracePayload = builder
  .objectRef<{ id: string; created: boolean }>('CreateTracePayload')
  .implement({
    description: 'The stored trace.',
    fields: (t) => ({
      trace: t.prismaField({
        type: 'Trace',
        description: 'The trace.',
        resolve: (query, { id }, _args, { app }) =>
          app.db.trace.findUniqueOrThrow({ ...query, where: { id } }),
      }),
      created: t.exposeBoolean('created', {
        description: 'False when an equal trace was there already.',
      }),
    }),
  });

type Item = { index: number; id: string | null; created: boolean; issues: Issue[] };

const CreateTracesItem = builder.objectRef<Item>('CreateTracesItem').implement({
  description: 'What became of one trace of a batch.',
  fields: (t) => ({
    index: t.exposeInt('index', { description: 'Its place in the input, from 0.' }),
    trace: t.prismaField({
      type: 'Trace',
      nullable: true,
      description: 'The stored trace; null when it was refused.',
      resolve: (query, { id }, _args, { app }) =>
        app.db.trace.findUnique({ ...query, where: { id: id ?? idOrNone('Trace', '') } }),
    }),
    created: t.exposeBoolean('created', {
      description: 'False when it was refused or was there already.',
    }),
    issues: t.field({
      type: [ValidationIssue],
      description: 'Every rule it breaks.',
      resolve: ({ issues }) => issues,
    }),
  }),
});

const CreateTracesPayload = builder.objectRef<Item[]>('CreateTracesPayload').implement({
  description: 'What became of a batch.',
  fields: (t) => ({
    items: t.field({
      type: [CreateTracesItem],
      description: 'One entry for each trace, in their order.',
      resolve: (items) => items,
    }),
    stored: t.int({
      description: 'New traces.',
      resolve: (items) => items.filter((item) => item.created).length,
    }),
    duplicates: t.int({
      description: 'Traces that were there already.',
      resolve: (items) => items.filter((item) => item.id && !item.created).length,
    }),
    rejected: t.int({
      description: 'Refused traces.',
      resolve: (items) => items.filter((item) => !item.id).length,
    }),
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
  importSession: t.prismaField({
    type: 'ImportSession',
    nullable: true,
    description: 'An import by id; null when there is none.',
    authScopes: { read: true },
    args: { id: t.arg.id({ required: true, description: 'The `id` of an import.' }) },
    resolve: (query, _root, args, { app }) =>
      app.db.importSession.findUnique({
        ...query,
        where: { id: idOrNone('ImportSession', args.id) },
      }),
  }),
}));

function importIdOf<T extends { importId?: string | null }>(filter: T | null | undefined) {
  if (!filter?.importId) return filter;
  return { ...filter, importId: localId('ImportSession', filter.importId) ?? filter.importId };
}

builder.mutationFields((t) => ({
  createTrace: t.field({
    type: CreateTracePayload,
    description: 'Stores one trace, or finds the equal one that is there.',
    authScopes: { write: true },
    args: {
      input: t.arg({ type: CreateTraceInput, required: true, description: 'The trace.' }),
    },
    errors: { types: [ValidationError], union: { description: 'What createTrace answers.' } },
    resolve: (_root, { input }, { app }) => createTrace(app, input),
  }),
  createTraces: t.field({
    type: CreateTracesPayload,
    description: 'Stores up to 1000 traces. For files use POST /import/traces.',
    authScopes: { write: true },
    args: {
      input: t.arg({ type: CreateTracesInput, required: true, description: 'The traces.' }),
    },
    errors: { types: [ValidationError], union: { description: 'What createTraces answers.' } },
    resolve: async (_root, { input }, { app }) => {
      const results = await createTraces(app, { ...input, mode: input.mode ?? 'ALL_OR_NOTHING' });
      return results.map(
        ({ stored, issues }, index): Item => ({
          index,
          id: stored?.id ?? null,
          created: stored?.created ?? false,
          issues,
        }),
      );
    },
  }),
}));

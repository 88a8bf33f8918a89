import { type GraphQLResolveInfo, Kind } from 'graphql';
import type { Trace } from '../prisma/generated/client/client.ts';
import type { Issue } from '../server/errors.ts';
import { ValidationError } from '../server/errors.ts';
import { createTrace, createTraces } from '../server/traces/create.ts';
import { builder } from './builder.ts';
import { ValidationIssue } from './errors.ts';
import { idOrNone } from './ids.ts';

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

const asksForIdAlone = ({ fieldNodes }: GraphQLResolveInfo): boolean =>
  fieldNodes.every((node) =>
    node.selectionSet?.selections.every(
      (field) => field.kind === Kind.FIELD && ['id', '__typename'].includes(field.name.value),
    ),
  );

const CreateTracePayload = builder
  .objectRef<{ id: string; created: boolean }>('CreateTracePayload')
  .implement({
    description: 'The stored trace.',
    fields: (t) => ({
      trace: t.prismaField({
        type: 'Trace',
        description: 'The trace.',
        resolve: async (query, { id }, _args, { app }, info) => {
          const read = { ...query, where: { id } };
          // Most callers want the id alone, which is known: half of the work of a create is this read.
          return asksForIdAlone(info) ? ({ id } as Trace) : app.db.trace.findUniqueOrThrow(read);
        },
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

builder.mutationFields((t) => ({
  createTrace: t.field({
    type: CreateTracePayload,
    description: 'Stores one trace, or finds the equal one that is there.',
    authScopes: { scope: 'TRACES_WRITE' },
    args: {
      input: t.arg({ type: CreateTraceInput, required: true, description: 'The trace.' }),
    },
    errors: { types: [ValidationError], union: { description: 'What createTrace answers.' } },
    resolve: (_root, { input }, { app }) => createTrace(app, input),
  }),
  createTraces: t.field({
    type: CreateTracesPayload,
    description: 'Stores up to 1000 traces. For files use POST /import/traces.',
    authScopes: { scope: 'TRACES_WRITE' },
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

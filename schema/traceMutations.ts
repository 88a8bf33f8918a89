import { InUseError, NotFoundError, ValidationError } from '../server/errors.ts';
import { deleteTrace, isTraceInUse } from '../server/traces/remove.ts';
import { scoreTrace } from '../server/traces/scoreTrace.ts';
import { tagTraces } from '../server/traces/tag.ts';
import { builder } from './builder.ts';
import { globalId, idOrNone } from './ids.ts';
import { ScoreCriteria } from './traceScores.ts';

builder.prismaObjectFields('Trace', (t) => ({
  viewerCanDelete: t.boolean({
    description: 'Whether you may delete it now: nothing refers to it, too.',
    select: { id: true },
    resolve: async ({ id }, _args, { app, actor }) =>
      actor.scopes.has('TRACES_WRITE') && !(await isTraceInUse(app, id)),
  }),
  viewerCanTag: t.boolean({
    description: 'Whether you may change its tags.',
    resolve: (_trace, _args, { actor }) => actor.scopes.has('TRACES_WRITE'),
  }),
  viewerCanScore: t.boolean({
    description: 'Whether you may score it.',
    resolve: (_trace, _args, { actor }) => actor.scopes.has('TRACES_WRITE'),
  }),
}));

const DeleteTraceInput = builder.inputType('DeleteTraceInput', {
  description: 'Which trace goes.',
  fields: (t) => ({ id: t.id({ required: true, description: 'The `id` of the trace.' }) }),
});

const DeleteTracePayload = builder.objectRef<{ id: string }>('DeleteTracePayload').implement({
  description: 'The trace is gone.',
  fields: (t) => ({
    deletedId: t.id({
      description: 'The `id` it had.',
      resolve: ({ id }) => globalId('Trace', id),
    }),
  }),
});

const TagTracesInput = builder.inputType('TagTracesInput', {
  description: 'Tags to add to traces and to remove from them.',
  fields: (t) => ({
    ids: t.idList({ required: true, description: 'The `id` of each trace: 1–1000.' }),
    add: t.stringList({
      description: 'Tags they are to have: 1–64 letters, digits or `._:/-` each, 32 on a trace.',
    }),
    remove: t.stringList({ description: 'Tags they are not to have.' }),
  }),
});

type Tagged = { ids: string[]; changed: number };

const TagTracesPayload = builder.objectRef<Tagged>('TagTracesPayload').implement({
  description: 'The traces with their new tags.',
  fields: (t) => ({
    traces: t.prismaField({
      type: ['Trace'],
      description: 'The traces in the order of the input, each once.',
      resolve: async (query, { ids }, _args, { app }) => {
        const rows = await app.db.trace.findMany({ ...query, where: { id: { in: ids } } });
        const byId = new Map(rows.map((row) => [row.id, row]));
        return ids.flatMap((id) => byId.get(id) ?? []);
      },
    }),
    changed: t.exposeInt('changed', {
      description: 'How many of them have other tags than before.',
    }),
  }),
});

const ScoreTraceInput = builder.inputType('ScoreTraceInput', {
  description: 'Which trace is scored and how.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The `id` of the trace.' }),
    criteria: t.field({
      type: ScoreCriteria,
      required: true,
      defaultValue: 'BASELINE',
      description: 'The measure.',
    }),
  }),
});

type Scored = { scoreId: string; traceId: string };

const ScoreTracePayload = builder.objectRef<Scored>('ScoreTracePayload').implement({
  description: 'The new score.',
  fields: (t) => ({
    score: t.prismaField({
      type: 'Score',
      description: 'The score.',
      resolve: (query, { scoreId }, _args, { app }) =>
        app.db.score.findUniqueOrThrow({ ...query, where: { id: scoreId } }),
    }),
    trace: t.prismaField({
      type: 'Trace',
      description: 'The trace.',
      resolve: (query, { traceId }, _args, { app }) =>
        app.db.trace.findUniqueOrThrow({ ...query, where: { id: traceId } }),
    }),
  }),
});

builder.mutationFields((t) => ({
  deleteTrace: t.field({
    type: DeleteTracePayload,
    description: 'Deletes a trace for good, with its scores. Refused while anything refers to it.',
    authScopes: { scope: 'TRACES_WRITE' },
    args: { input: t.arg({ type: DeleteTraceInput, required: true, description: 'Which one.' }) },
    errors: {
      types: [NotFoundError, InUseError],
      union: { description: 'What deleteTrace answers.' },
    },
    resolve: async (_root, { input }, { app }) => {
      const id = idOrNone('Trace', input.id);
      await deleteTrace(app, id);
      return { id };
    },
  }),
  tagTraces: t.field({
    type: TagTracesPayload,
    description: 'Adds tags to traces and removes others: on all of them, or on none.',
    authScopes: { scope: 'TRACES_WRITE' },
    args: { input: t.arg({ type: TagTracesInput, required: true, description: 'What to tag.' }) },
    errors: {
      types: [ValidationError, NotFoundError],
      union: { description: 'What tagTraces answers.' },
    },
    resolve: (_root, { input }, { app }) =>
      tagTraces(app, { ...input, ids: input.ids.map((id) => idOrNone('Trace', id)) }),
  }),
  scoreTrace: t.field({
    type: ScoreTracePayload,
    description: 'Scores a trace and keeps the score beside the earlier ones.',
    authScopes: { scope: 'TRACES_WRITE' },
    args: {
      input: t.arg({ type: ScoreTraceInput, required: true, description: 'What to score.' }),
    },
    errors: { types: [NotFoundError], union: { description: 'What scoreTrace answers.' } },
    resolve: async (_root, { input: { id, criteria } }, { app }) => {
      const traceId = idOrNone('Trace', id);
      return { scoreId: await scoreTrace(app, { id: traceId, criteria }), traceId };
    },
  }),
}));

import type { TracePayload } from '../server/traces/model.ts';
import { builder } from './builder.ts';
import { idOrNone } from './ids.ts';
import { onItems, onPage } from './paging.ts';

export const TraceStep = builder.objectRef<TracePayload['steps'][number]>('TraceStep').implement({
  description: 'One step of a recorded solution.',
  fields: (t) => ({
    i: t.exposeInt('i', { description: 'Its number, unique in the trace, at least 0.' }),
    type: t.exposeString('type', { description: 'What kind of step it is: 1–64 characters.' }),
    content: t.exposeString('content', { description: 'What it says: 1–20 000 characters.' }),
  }),
});

const payloadOf = (trace: { payload: unknown }) => trace.payload as TracePayload;

export const Trace = builder.prismaNode('Trace', {
  id: { field: 'id' },
  nullable: true,
  // Each field reads its own column, so that a list does not read the payload unless asked to.
  select: { id: true },
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
    baselineScore: t.exposeFloat('baselineScore', {
      description:
        '0–100 by volume: `min(n / 10, 1) * 50 + min(L / 500, 1) * 50` for n steps of L ' +
        'characters on average. It says nothing about right or wrong.',
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
    importSession: t.relation('importSession', {
      nullable: true,
      description: 'The import that brought it; null when it came otherwise.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was stored.' }),
    scores: t.relatedConnection('scores', {
      cursor: 'id',
      totalCount: true,
      complexity: onPage,
      description: 'Its stored scores, newest first.',
      query: { orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] },
    }),
    datasets: t.relatedConnection('datasetItems', {
      cursor: 'datasetId_position',
      totalCount: true,
      complexity: onItems,
      description: 'Where it stands in datasets.',
    }),
  }),
});

builder.queryFields((t) => ({
  trace: t.prismaField({
    type: 'Trace',
    nullable: true,
    description: 'A trace by id; null when there is none.',
    authScopes: { scope: 'READ' },
    args: { id: t.arg.id({ required: true, description: 'The `id` of a trace.' }) },
    resolve: (query, _root, args, { app }) =>
      app.db.trace.findUnique({ ...query, where: { id: idOrNone('Trace', args.id) } }),
  }),
}));

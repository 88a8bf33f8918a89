import type { ImportStatus as ImportStatusValue } from '../prisma/generated/client/enums.ts';
import { InvalidStateError, NotFoundError } from '../server/errors.ts';
import { findable } from '../server/lib/text.ts';
import {
  canCancel,
  cancelImport,
  followImport,
  liveStatus,
  paceOf,
} from '../server/traces/importLive.ts';
import type { LineIssue } from '../server/traces/readRecord.ts';
import { builder } from './builder.ts';
import { idOrNone, localId } from './ids.ts';
import { onPage } from './paging.ts';
import { nothing } from './phases.ts';

const ImportStatus = builder.enumType('ImportStatus', {
  description: 'Where an import stands.',
  values: {
    RUNNING: { description: 'Lines are still coming in.' },
    COMPLETED: { description: 'Every line was read.' },
    FAILED: { description: 'It broke off; what is counted is stored.' },
    CANCELLED: { description: 'Someone stopped it; what is counted is stored.' },
    INTERRUPTED: { description: 'Its connection was lost; the same key goes on with it.' },
  } satisfies Record<ImportStatusValue, object>,
});

export const ImportIssue = builder.objectRef<LineIssue>('ImportIssue').implement({
  description: 'A refused line of an import and the first rule it breaks.',
  fields: (t) => ({
    line: t.exposeInt('line', { description: 'Line number, or number of the element, from 1.' }),
    byteOffset: t.expose('byteOffset', {
      type: 'BigInt',
      description: 'Where it begins in the file, in unpacked bytes.',
    }),
    code: t.exposeString('code', { description: 'Stable name of the rule: `BAD_JSON`.' }),
    message: t.exposeString('message', { description: 'What is wrong with it.' }),
    path: t.exposeStringList('path', { description: 'Where in the trace.' }),
    excerpt: t.string({
      nullable: true,
      description: 'Its first 120 characters; what cannot be shown is U+FFFD.',
      resolve: ({ excerpt }) => excerpt || null,
    }),
    limit: t.exposeString('limit', { nullable: true, description: 'The limit that was passed.' }),
    found: t.exposeString('found', { nullable: true, description: 'What was found instead.' }),
  }),
});

const CodeCount = builder.objectRef<{ code: string; count: number }>('ImportCodeCount').implement({
  description: 'How many lines break the same rule.',
  fields: (t) => ({
    code: t.exposeString('code', { description: 'The rule.' }),
    count: t.exposeInt('count', { description: 'How many lines, all of them counted.' }),
  }),
});

builder.prismaNode('ImportSession', {
  id: { field: 'id' },
  nullable: true,
  description: 'One bulk import: what came in, what was stored, what was refused and why.',
  fields: (t) => ({
    name: t.exposeString('name', { nullable: true, description: 'Name of the file.' }),
    key: t.exposeString('key', {
      nullable: true,
      description: 'What its sender named it by, to go on with it after a lost connection.',
    }),
    status: t.field({
      type: ImportStatus,
      description: 'Where it stands.',
      select: { status: true, updatedAt: true },
      resolve: liveStatus,
    }),
    error: t.exposeString('error', { nullable: true, description: 'Why it ended early.' }),
    lines: t.exposeInt('lines', { description: 'Lines read so far, blank ones not counted.' }),
    stored: t.exposeInt('stored', { description: 'New traces.' }),
    duplicates: t.exposeInt('duplicates', { description: 'Traces that were there already.' }),
    rejected: t.exposeInt('rejected', { description: 'Lines that are no valid trace.' }),
    bytes: t.expose('bytes', {
      type: 'BigInt',
      description: 'Unpacked bytes whose lines are stored for certain: where to go on from.',
    }),
    totalBytes: t.expose('totalBytes', {
      type: 'BigInt',
      nullable: true,
      description: 'Unpacked size of the whole file, when its sender said it.',
    }),
    rate: t.float({
      nullable: true,
      description: 'Lines in a second over the last seconds; null when it is not running.',
      resolve: (session) => paceOf(session).rate,
    }),
    etaSeconds: t.float({
      nullable: true,
      description: 'Seconds to the end at this pace; null when the size or the pace is not known.',
      resolve: (session) => paceOf(session).etaSeconds,
    }),
    rejectedByCode: t.field({
      type: [CodeCount],
      description: 'Refused lines by the first rule they break, most frequent first.',
      resolve: ({ rejectedByCode }) =>
        Object.entries(rejectedByCode as Record<string, number>)
          .map(([code, count]) => ({ code, count }))
          .sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1)),
    }),
    report: t.field({
      type: [ImportIssue],
      description: 'The first 1000 refused lines, the first broken rule of each.',
      select: { report: true },
      resolve: ({ report }) => report as unknown as LineIssue[],
    }),
    viewerCanCancel: t.boolean({
      description: 'Whether `cancelImport` would do something.',
      resolve: (session, _args, { actor }) =>
        actor.scopes.has('TRACES_WRITE') && canCancel(session),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it began.' }),
    updatedAt: t.expose('updatedAt', {
      type: 'DateTime',
      description: 'When it moved last, or its connection said that it lives.',
    }),
    finishedAt: t.expose('finishedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it ended.',
    }),
  }),
});

const CancelImportInput = builder.inputType('CancelImportInput', {
  description: 'Which import to stop.',
  fields: (t) => ({ id: t.id({ required: true, description: 'The `id` of an import.' }) }),
});

const CancelImportPayload = builder.objectRef<{ id: string }>('CancelImportPayload').implement({
  description: 'The import that stops.',
  fields: (t) => ({
    importSession: t.prismaField({
      type: 'ImportSession',
      description: 'The import. While its connection lives, it stops after the batch it is at.',
      resolve: (query, { id }, _args, { app }) =>
        app.db.importSession.findUniqueOrThrow({ ...query, where: { id } }),
    }),
  }),
});

builder.queryFields((t) => ({
  importSession: t.prismaField({
    type: 'ImportSession',
    nullable: true,
    description: 'An import by id or key; null when there is none.',
    authScopes: { scope: 'READ' },
    args: {
      id: t.arg.id({ description: 'The `id` of an import.' }),
      key: t.arg.string({ description: 'Its key.' }),
    },
    resolve: (query, _root, { id, key }, { app }) =>
      app.db.importSession.findUnique({
        ...query,
        where:
          typeof key === 'string' && !id
            ? { key: findable(key) }
            : { id: idOrNone('ImportSession', id ?? '') },
      }),
  }),
  importSessions: t.prismaConnection(
    {
      type: 'ImportSession',
      cursor: 'id',
      description: 'Imports, newest first.',
      authScopes: { scope: 'READ' },
      complexity: onPage,
      totalCount: (_root, _args, { app }) => app.db.importSession.count(),
      resolve: (query, _root, _args, { app }) =>
        app.db.importSession.findMany({
          ...query,
          orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
        }),
    },
    { name: 'QueryImportSessionsConnection', description: 'A page of imports.' },
    { name: 'QueryImportSessionsConnectionEdge', description: 'An import on a page.' },
  ),
}));

builder.mutationFields((t) => ({
  cancelImport: t.field({
    type: CancelImportPayload,
    description: 'Stops an import. What it has stored stays.',
    authScopes: { scope: 'TRACES_WRITE' },
    args: {
      input: t.arg({ type: CancelImportInput, required: true, description: 'Which import.' }),
    },
    errors: {
      types: [NotFoundError, InvalidStateError],
      union: { description: 'What cancelImport answers.' },
    },
    resolve: async (_root, { input }, { app }) => ({
      id: await cancelImport(app, idOrNone('ImportSession', input.id)),
    }),
  }),
}));

builder.subscriptionFields((t) => ({
  importProgress: t.prismaField({
    type: 'ImportSession',
    description:
      'An import as it is now and at each change, until it is over. A key may name one that is still ' +
      'to come; an id that there is not ends the stream at once.',
    authScopes: { scope: 'READ' },
    args: {
      id: t.arg.id({ description: 'The `id` of an import.' }),
      key: t.arg.string({ description: 'Its key.' }),
    },
    subscribe: (_root, { id, key }, { app }) => {
      if (id) {
        const local = localId('ImportSession', id);
        return local ? followImport(app, { id: local }) : nothing<{ importId: string }>();
      }
      return key ? followImport(app, { key: findable(key) }) : nothing<{ importId: string }>();
    },
    resolve: (query, event, _args, { app }) =>
      app.db.importSession.findUniqueOrThrow({
        ...query,
        where: { id: (event as { importId: string }).importId },
      }),
  }),
}));

import type { ImportStatus as ImportStatusValue } from '../prisma/generated/client/enums.ts';
import type { LineIssue } from '../server/traces/import.ts';
import { builder } from './builder.ts';
import { idOrNone } from './ids.ts';

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

builder.queryFields((t) => ({
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

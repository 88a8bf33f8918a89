import type { Actor } from '../server/access/actor.ts';
import { type AuditFilter as AuditConditions, readAuditPage } from '../server/audit/read.ts';
import { ActorKind } from './actorKind.ts';
import { builder } from './builder.ts';
import { localId } from './ids.ts';
import { costOfPage } from './paging.ts';
import { orBadValue } from './requestError.ts';

const AuditEntry = builder.prismaNode('AuditEntry', {
  id: { field: 'id' },
  nullable: true,
  description: 'Somebody did something, or was refused. Written once, never changed.',
  authScopes: { scope: 'ADMIN' },
  fields: (t) => ({
    at: t.expose('at', { type: 'DateTime', description: 'When it was written.' }),
    actorKind: t.field({
      type: ActorKind,
      description: 'What sort of somebody.',
      resolve: ({ actorKind }) => actorKind as Actor['kind'],
    }),
    actorName: t.exposeString('actorName', {
      description: 'Who, as they were called then: `ada@example.org`, `key ci of ada@example.org`.',
    }),
    action: t.exposeString('action', {
      description: 'The mutation, or what was done beside GraphQL: `createRun`, `importTraces`.',
    }),
    target: t.id({
      nullable: true,
      description: 'The `id` of what it was done to; that may be gone since.',
      resolve: ({ target }) => target,
    }),
    outcome: t.exposeString('outcome', {
      description: '`OK`, or the code of the error: `VALIDATION`, `FORBIDDEN`.',
    }),
    detail: t.field({
      type: 'JSON',
      description: 'What was asked for: ids, names and counts; no texts of traces and no secrets.',
      resolve: ({ detail }) => detail,
    }),
    requestId: t.exposeString('requestId', {
      nullable: true,
      description: 'The `x-request-id` of the answer, which stands in the log, too.',
    }),
    address: t.exposeString('address', {
      nullable: true,
      description: 'The address it came from.',
    }),
    client: t.exposeString('client', {
      nullable: true,
      description:
        'How the program calls itself: the header `x-graphql-client-name`, or `client` in the payload of `connection_init`.',
    }),
  }),
});

const AuditEntryConnection = builder.connectionObject(
  { type: AuditEntry, name: 'AuditEntryConnection', description: 'A page of the audit log.' },
  { name: 'AuditEntryEdge', description: 'An entry on a page.' },
);

const AuditFilter = builder.inputType('AuditFilter', {
  description: 'Which entries; every given condition must hold.',
  fields: (t) => ({
    actor: t.string({
      description: 'The `id` of a user or an API key, or a part of the name, in any case.',
    }),
    action: t.string({ description: 'This action: `deleteTrace`.' }),
    target: t.id({ description: 'Done to the object with this `id`.' }),
    outcome: t.string({ description: 'With this outcome: `OK`, `FORBIDDEN`.' }),
    from: t.field({ type: 'DateTime', description: 'At this time or later.' }),
    until: t.field({ type: 'DateTime', description: 'Before this time.' }),
  }),
});

/** The conditions of the service; an id of somebody is told from a part of their name. */
function toConditions(filter: typeof AuditFilter.$inferInput | null | undefined): AuditConditions {
  if (!filter?.actor) return filter ?? {};
  const actorId = localId('User', filter.actor) ?? localId('ApiKey', filter.actor);
  return actorId ? { ...filter, actor: null, actorId } : filter;
}

builder.queryFields((t) => ({
  auditLog: t.field({
    type: AuditEntryConnection,
    description: 'Who did what, newest first: every mutation and every import, refused ones too.',
    authScopes: { scope: 'ADMIN' },
    complexity: costOfPage,
    args: {
      first: t.arg.int({ description: 'How many: 1–100, 20 when nothing is given.' }),
      after: t.arg.string({ description: 'Only what follows this cursor.' }),
      filter: t.arg({ type: AuditFilter, description: 'Which ones; all without it.' }),
    },
    resolve: async (_root, { first, after, filter }, { app }) => {
      const page = { after, ...(typeof first === 'number' && { first }) };
      const { rows, hasNextPage } = await readAuditPage(app.sql, toConditions(filter), page).catch(
        orBadValue,
      );
      return {
        edges: rows.map(({ entry, cursor }) => ({ node: entry, cursor })),
        pageInfo: {
          hasNextPage,
          hasPreviousPage: Boolean(after),
          startCursor: rows[0]?.cursor ?? null,
          endCursor: rows.at(-1)?.cursor ?? null,
        },
      };
    },
  }),
}));

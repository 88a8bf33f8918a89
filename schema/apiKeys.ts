import type { Actor } from '../server/access/actor.ts';
import { createApiKey, revokeApiKey } from '../server/access/keys.ts';
import type { Scope as ScopeName } from '../server/access/scopes.ts';
import { InvalidStateError, NotFoundError, ValidationError } from '../server/errors.ts';
import { builder } from './builder.ts';
import { localId } from './ids.ts';
import { onPage } from './paging.ts';
import { Scope } from './scopes.ts';

const isOwn = ({ ownerId }: { ownerId: string | null }, { userId }: Actor) =>
  ownerId !== null && ownerId === userId;

builder.prismaNode('ApiKey', {
  id: { field: 'id' },
  nullable: true,
  description:
    'A secret for programs: scripts, notebooks, CI, runners. You see your own; an admin all.',
  select: { ownerId: true },
  authScopes: (key, { actor }) => isOwn(key, actor) || { scope: 'ADMIN' },
  fields: (t) => ({
    name: t.exposeString('name', { description: 'What it is for.' }),
    prefix: t.exposeString('prefix', { description: 'Its first characters, to know it by.' }),
    scopes: t.field({
      type: [Scope],
      description: 'What it may do, as far as its owner may.',
      select: { scopes: true },
      resolve: ({ scopes }) => scopes as ScopeName[],
    }),
    owner: t.relation('owner', {
      nullable: true,
      description: 'Whose it is; null for the key of a runner that `npm start` made.',
    }),
    createdBy: t.exposeString('createdBy', { nullable: true, description: 'Who made it.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Until when it is good; null for ever.',
    }),
    lastUsedAt: t.expose('lastUsedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was last used, to the minute; null before the first time.',
    }),
    revokedAt: t.expose('revokedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Since when it does nothing; null while it is good.',
    }),
    viewerCanRevoke: t.boolean({
      description: 'Whether you may revoke it now.',
      select: { id: true, ownerId: true, revokedAt: true },
      resolve: (key, _args, { actor }) =>
        key.revokedAt === null &&
        (actor.scopes.has('ADMIN') ||
          (isOwn(key, actor) && (actor.kind !== 'KEY' || key.id === actor.id))),
    }),
  }),
});

const keyOf = {
  type: 'ApiKey' as const,
  description: 'The key.',
  resolve: (
    query: object,
    { id }: { id: string },
    _args: object,
    { app }: typeof builder.$inferSchemaTypes.Context,
  ) => app.db.apiKey.findUniqueOrThrow({ ...query, where: { id } }),
};

const CreateApiKeyPayload = builder
  .objectRef<{ id: string; secret: string }>('CreateApiKeyPayload')
  .implement({
    description: 'The new key.',
    fields: (t) => ({
      apiKey: t.prismaField(keyOf),
      secret: t.exposeString('secret', {
        description: 'What the program sends. It is shown here and never again.',
      }),
    }),
  });

const RevokeApiKeyPayload = builder.objectRef<{ id: string }>('RevokeApiKeyPayload').implement({
  description: 'The key that does nothing any more.',
  fields: (t) => ({ apiKey: t.prismaField(keyOf) }),
});

const CreateApiKeyInput = builder.inputType('CreateApiKeyInput', {
  description: 'What the key is for, and what it may do.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'What it is for: 1–128 characters.' }),
    scopes: t.field({
      type: [Scope],
      required: true,
      description: 'What it may do: only what you may; RUNNER alone, and by an admin.',
    }),
    expiresInDays: t.int({ description: '1–3,650; without it, it is good until it is revoked.' }),
  }),
});

const RevokeApiKeyInput = builder.inputType('RevokeApiKeyInput', {
  description: 'Which key.',
  fields: (t) => ({ apiKeyId: t.id({ required: true, description: 'The `id` of a key.' }) }),
});

/** An admin has all of them. */
const visibleTo = ({ scopes, userId }: Actor) =>
  scopes.has('ADMIN') ? {} : { ownerId: { equals: userId, not: null } };

builder.queryFields((t) => ({
  apiKeys: t.prismaConnection(
    {
      type: 'ApiKey',
      cursor: 'id',
      description: 'Your keys, or everybody’s for an admin; newest first, revoked ones too.',
      authScopes: { scope: 'READ' },
      complexity: onPage,
      totalCount: (_root, _args, { app, actor }) =>
        app.db.apiKey.count({ where: visibleTo(actor) }),
      resolve: (query, _root, _args, { app, actor }) =>
        app.db.apiKey.findMany({
          ...query,
          where: visibleTo(actor),
          orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
        }),
    },
    { name: 'QueryApiKeysConnection', description: 'A page of keys.' },
    { name: 'QueryApiKeysConnectionEdge', description: 'A key on a page.' },
  ),
}));

builder.mutationFields((t) => ({
  createApiKey: t.field({
    type: CreateApiKeyPayload,
    description: 'Makes a key that may do no more than you.',
    authScopes: { scope: 'READ' },
    args: {
      input: t.arg({ type: CreateApiKeyInput, required: true, description: 'What it is for.' }),
    },
    errors: {
      types: [ValidationError, InvalidStateError],
      union: { description: 'What createApiKey answers.' },
    },
    resolve: (_root, { input }, { app, actor }) => createApiKey(app, input, actor),
  }),
  revokeApiKey: t.field({
    type: RevokeApiKeyPayload,
    description:
      'Makes a key do nothing any more, at once; what it has open is closed. A key without ADMIN ends only itself.',
    authScopes: { scope: 'READ' },
    args: { input: t.arg({ type: RevokeApiKeyInput, required: true, description: 'Which.' }) },
    errors: { types: [NotFoundError], union: { description: 'What revokeApiKey answers.' } },
    resolve: (_root, { input }, { app, actor }) =>
      revokeApiKey(app, localId('ApiKey', input.apiKeyId), actor),
  }),
}));

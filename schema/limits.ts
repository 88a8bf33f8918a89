import type { App } from '../server/app.ts';
import { LIMITS } from '../server/limits/numbers.ts';
import type { Rate } from '../server/limits/rates.ts';
import { builder } from './builder.ts';

const Limits = builder.objectRef<Pick<App, 'config'>>('Limits').implement({
  description:
    'What one request may ask for. Whatever is beyond is refused with a code and a remedy.',
  fields: (t) => ({
    depth: t.int({
      description: 'Levels of fields below each other; `TOO_COMPLEX` beyond.',
      resolve: () => LIMITS.depth,
    }),
    breadth: t.int({
      description: 'Fields of one operation over all levels; `TOO_COMPLEX` beyond.',
      resolve: () => LIMITS.breadth,
    }),
    complexity: t.int({
      description:
        'Points of one operation: 1 for a field, times the rows its list may give; `TOO_COMPLEX` beyond.',
      resolve: () => LIMITS.complexity,
    }),
    aliases: t.int({
      description: 'Aliases of one operation, not of `__typename`; `TOO_MANY_ALIASES` beyond.',
      resolve: () => LIMITS.aliases,
    }),
    directives: t.int({
      description: 'Directives of one operation; `TOO_MANY_DIRECTIVES` beyond.',
      resolve: () => LIMITS.directives,
    }),
    tokens: t.int({
      description: 'Words and signs of a document; `TOO_MANY_TOKENS` beyond.',
      resolve: () => LIMITS.tokens,
    }),
    documentBytes: t.int({
      description: 'Bytes of the text of a document; `TOO_LARGE` beyond.',
      resolve: () => LIMITS.documentBytes,
    }),
    bodyBytes: t.int({
      description: 'Bytes of an operation over HTTP; a message on a socket may have 1 MiB.',
      resolve: () => LIMITS.bodyBytes,
    }),
    strangerBodyBytes: t.int({
      nullable: true,
      description:
        'Bytes of an operation of somebody who is not signed in; null where nobody has to sign in: as ' +
        '`bodyBytes`.',
      resolve: ({ config }) => (config.access.required ? LIMITS.strangerBodyBytes : null),
    }),
    pageSize: t.int({
      description: 'Rows of one page of a list.',
      resolve: () => LIMITS.pageSize,
    }),
    subscriptionsPerSocket: t.int({
      description: 'Operations open at once on one socket; `TOO_MANY_SUBSCRIPTIONS` beyond.',
      resolve: () => LIMITS.subscriptionsPerSocket,
    }),
    socketsPerAddress: t.int({
      nullable: true,
      description: 'Sockets from one address; null where nobody has to sign in: no limit.',
      resolve: ({ config }) => (config.access.required ? LIMITS.socketsPerAddress : null),
    }),
    requestsPerMinute: t.int({
      nullable: true,
      description:
        'Requests of one actor in a minute, operations on sockets and transfers of files included; ' +
        'null is without limit.',
      resolve: ({ config }) => (config.access.required && config.limits.requestsPerMinute) || null,
    }),
  }),
});

const RateLimit = builder.objectRef<Rate>('RateLimit').implement({
  description: 'What is left of your requests in this minute.',
  fields: (t) => ({
    limit: t.exposeInt('limit', {
      nullable: true,
      description: 'Requests in a minute; null is without limit.',
    }),
    remaining: t.exposeInt('remaining', {
      nullable: true,
      description: 'How many are left; null without limit.',
    }),
    resetAt: t.expose('resetAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When all are there again; null without limit, or when none was used.',
    }),
  }),
});

builder.queryFields((t) => ({
  limits: t.field({
    type: Limits,
    description: 'What one request may ask for. Anybody may read this.',
    resolve: (_root, _args, { app }) => app,
  }),
  rateLimit: t.field({
    type: RateLimit,
    description: 'What is left of your requests in this minute.',
    authScopes: { scope: 'READ' },
    resolve: (_root, _args, { app, actor, call }) => app.rates.read(actor, call),
  }),
}));

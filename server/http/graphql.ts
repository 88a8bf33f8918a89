import type { IncomingMessage } from 'node:http';
import { createYoga, useExecutionCancellation } from 'graphql-yoga';
import type { Context } from '../../schema/builder.ts';
import { schema } from '../../schema/index.ts';
import type { Actor } from '../access/actor.ts';
import type { App } from '../app.ts';
import { LIMITS } from '../limits/numbers.ts';
import type { Caller } from './caller.ts';
import { NO_CACHE, openDocumentCache } from './documentCache.ts';
import { codeOfSyntax, identifyErrors, mask } from './masking.ts';
import { noteFollowed } from './noteFollowed.ts';
import { observeOperations } from './observeOperations.ts';
import { operationLimits } from './operationLimits.ts';
import { openPersisted, usePersisted } from './persisted.ts';

/**
 * Why the body of an operation is not read: no form of another page can send JSON, and nobody can
 * fill the memory.
 */
export function bodyFault(
  { method, headers }: Pick<IncomingMessage, 'method' | 'headers'>,
  { kind }: Pick<Actor, 'kind'>,
) {
  if (method !== 'POST') return null;
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') {
    const message = 'Send the operation as application/json.';
    return { status: 415, code: 'UNSUPPORTED_TYPE', message };
  }
  const length = headers['content-length'];
  if (length === undefined) {
    return { status: 411, code: 'LENGTH_REQUIRED', message: 'Say the content-length of the body.' };
  }
  const isStranger = kind === 'ANONYMOUS';
  const most = isStranger ? LIMITS.strangerBodyBytes : LIMITS.bodyBytes;
  if (Number(length) <= most) return null;
  const remedy = isStranger ? 'Sign in, or send a key, for more.' : 'Send files to /import/traces.';
  const message = `At most ${most} bytes are read. ${remedy}`;
  return { status: 413, code: 'TOO_LARGE', message };
}

/** Opens the GraphQL endpoint. `documents` are those of our own pages, by hash. */
export function openGraphql(app: App, documents: ReadonlyMap<string, string>) {
  const persisted = openPersisted(documents, app.config.limits.persistedOnly);
  const yoga = createYoga<Caller, Context>({
    schema,
    context: ({ actor, call }) => ({ app, actor, call }),
    graphqlEndpoint: '/graphql',
    landingPage: false,
    cors: false,
    batching: false,
    multipart: false,
    // `bodyFault` has refused what is larger; a second count would copy every body through two streams.
    maxRequestBodySize: false,
    parserAndValidationCache: { documentCache: openDocumentCache(), errorCache: NO_CACHE },
    maskedErrors: { maskError: mask },
    // Served by `serveGraphiql`.
    graphiql: false,
    plugins: [
      useExecutionCancellation(),
      usePersisted(persisted),
      codeOfSyntax,
      ...operationLimits,
      identifyErrors(app),
      observeOperations(app),
      noteFollowed(app),
    ],
    logging: {
      debug: () => {},
      info: () => {},
      warn: (...parts: unknown[]) => app.log.warn({ parts }, 'graphql'),
      // `identify` has logged it, with its request id, unless it was expected.
      error: () => {},
    },
  });
  return Object.assign(yoga, { persisted });
}

export type Graphql = ReturnType<typeof openGraphql>;

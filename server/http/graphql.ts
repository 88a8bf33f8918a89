import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { GraphQLError } from 'graphql';
import { createYoga, type GraphiQLOptions, maskError } from 'graphql-yoga';
import type { Context } from '../../schema/builder.ts';
import { codeOf } from '../../schema/errors.ts';
import { schema } from '../../schema/index.ts';
import { LOCAL } from '../access/actor.ts';
import type { App } from '../app.ts';
import { DomainError, ValidationError } from '../errors.ts';

const EXAMPLES = [
  {
    query: `# The loop at a glance.
query Overview {
  overview { traceCount datasetCount runCount evaluationCount }
  tunixStatus { available version message }
  runs(first: 5) { edges { node { number status dataset { key } progress { percent } } } }
}`,
  },
  {
    query: `# Put the id of a run (query runs) below; after is the last line you have.
subscription Follow($runId: ID!, $after: BigInt = 0) {
  runLogs(runId: $runId, after: $after) {
    __typename
    ... on LogBatch { lastSeq stream text }
    ... on LogGap { seq lostBytes }
    ... on LogOpenLine { text }
    ... on StreamPhase { phase behindBy }
    ... on StreamCompleted { status exitCode lastSeq }
  }
}`,
    variables: '{ "runId": "", "after": "0" }',
  },
];

/** Prisma's code for a row that was there a moment ago and has been deleted since. */
const GONE = 'P2025';

/** What a client may know of an error: our own messages, and a request id for everything else. */
const maskFor = (app: App) => (error: unknown, message: string) => {
  const original = error instanceof GraphQLError ? error.originalError : error;
  if (error instanceof GraphQLError && original instanceof DomainError) {
    // Where a union could answer it did; what comes here is a bad argument of a query.
    const issues = original instanceof ValidationError ? original.issues : undefined;
    return new GraphQLError(original.message, {
      ...(error.nodes && { nodes: error.nodes }),
      ...(error.path && { path: error.path }),
      extensions: issues ? { code: 'BAD_VALUE', issues } : { code: codeOf(original) },
    });
  }
  if (error instanceof GraphQLError && (original as { code?: unknown } | null)?.code === GONE) {
    return new GraphQLError('It has just been deleted.', {
      ...(error.path && { path: error.path }),
      extensions: { code: 'NOT_FOUND' },
    });
  }
  const masked = maskError(error, message, false);
  if (masked !== error && masked instanceof GraphQLError) {
    masked.extensions.requestId = randomUUID();
    const { requestId } = masked.extensions;
    app.log.error({ err: original ?? error, requestId }, 'graphql error');
  }
  return masked;
};

/** Files go to POST /import/traces; this holds 1000 traces of 16 KB. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;

/**
 * Why the body of an operation is not read: no form of another page can send JSON, and nobody can
 * fill the memory.
 */
export function bodyFault({ method, headers }: Pick<IncomingMessage, 'method' | 'headers'>) {
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
  if (Number(length) <= MAX_BODY_BYTES) return null;
  const message = `At most ${MAX_BODY_BYTES} bytes are read. Send files to /import/traces.`;
  return { status: 413, code: 'TOO_LARGE', message };
}

/** The page of GraphiQL. Its scripts take 30 MB, which only a process that shows it should hold. */
async function renderGraphiQL(options: GraphiQLOptions): Promise<string> {
  const page = await import('@graphql-yoga/render-graphiql');
  return page.renderGraphiQL(options);
}

/** Opens the GraphQL endpoint with GraphiQL that needs nothing from outside. */
export const openGraphql = (app: App) =>
  createYoga<object, Context>({
    schema,
    context: () => ({
      app,
      actor: LOCAL,
      call: { requestId: randomUUID(), address: null, client: null },
    }),
    graphqlEndpoint: '/graphql',
    landingPage: false,
    cors: false,
    batching: false,
    multipart: false,
    // `bodyFault` has refused what is larger; a second count would copy every body through two streams.
    maxRequestBodySize: false,
    maskedErrors: { maskError: maskFor(app) },
    renderGraphiQL,
    graphiql: {
      title: 'Tunix RT · GraphiQL',
      subscriptionsProtocol: 'WS',
      defaultTabs: EXAMPLES,
    },
    logging: {
      debug: () => {},
      info: () => {},
      warn: (...parts: unknown[]) => app.log.warn({ parts }, 'graphql'),
      // `maskFor` has logged it, with its request id, unless it was expected.
      error: () => {},
    },
  });

export type Graphql = ReturnType<typeof openGraphql>;

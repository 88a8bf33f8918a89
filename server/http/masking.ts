/**
 * What a client may know of an error: our own messages, and for everything else nothing but the id of
 * the request, under which the log has more.
 */
import { GraphQLError } from 'graphql';
import { isAsyncIterable, mapAsyncIterator, maskError, type Plugin } from 'graphql-yoga';
import { codeOf } from '../../schema/errorCodes.ts';
import type { Call } from '../access/actor.ts';
import type { App } from '../app.ts';
import { DomainError, ValidationError } from '../errors.ts';
import { isOutage } from '../lib/outage.ts';
import { AWAY } from './away.ts';
import type { Caller } from './caller.ts';

type Failing = { errors?: readonly GraphQLError[] };

/** Prisma's code for a row that was there a moment ago and has been deleted since. */
const GONE = 'P2025';

/** What nobody expected, by what is told instead, until it is logged with the request. */
const causes = new WeakMap<GraphQLError, unknown>();

/** What is told instead of an error. */
export function mask(error: unknown, message: string): Error {
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
  if (isOutage(original)) {
    const { status, headers, code } = AWAY;
    const { nodes, path } = error instanceof GraphQLError ? error : {};
    const away = new GraphQLError(AWAY.message, {
      ...(nodes && { nodes }),
      ...(path && { path }),
      extensions: { code, http: { status, headers } },
    });
    causes.set(away, original);
    return away;
  }
  const masked = maskError(error, message, false);
  if (masked !== error && masked instanceof GraphQLError) causes.set(masked, original ?? error);
  return masked;
}

/**
 * Puts the id of the request on every error, logs what nobody expected, counts what was refused.
 * `http`, what an error says of the status of an answer, is left out where there is none.
 */
export function identify<T extends Failing>(
  app: Pick<App, 'log' | 'metrics' | 'rejections'>,
  call: Pick<Call, 'requestId' | 'operation'>,
  result: T,
  isHttp = false,
): T {
  if (!result.errors?.length) return result;
  const errors = result.errors.map((error) => identified(app, call, error, isHttp));
  return { ...result, errors };
}

function identified(
  app: Pick<App, 'log' | 'metrics' | 'rejections'>,
  { requestId, operation }: Pick<Call, 'requestId' | 'operation'>,
  error: GraphQLError,
  isHttp: boolean,
): GraphQLError {
  const cause = causes.get(error);
  if (cause !== undefined) {
    const level = isOutage(cause) ? 'warn' : 'error';
    app.log[level]({ err: cause, requestId, operation }, 'graphql error');
  }
  // Yoga adds the error of the parser of JSON, which repeats the whole body, and takes the status from it.
  const { originalError: notJson, http, ...told } = error.extensions;
  const extensions = {
    // What happened before any field was reached and has no code is a value of a variable.
    ...(!error.path && { code: 'BAD_VALUE' }),
    ...told,
    ...(isHttp && http !== undefined && { http }),
    ...(notJson !== undefined && { http: { status: 400 } }),
    requestId,
  };
  const { code } = extensions;
  app.metrics.api.failed(typeof code === 'string' ? code : 'none');
  if (typeof code === 'string') app.rejections.count(code);
  // A copy: errors of documents are kept for the next who sends the same.
  const { nodes, source, positions, path, originalError } = error;
  return new GraphQLError(error.message, {
    ...(nodes && { nodes }),
    ...(source && { source }),
    ...(positions && { positions }),
    ...(path && { path }),
    ...(originalError && { originalError }),
    extensions,
  });
}

/** Gives an error of syntax its code: yoga does so over HTTP alone. */
export const codeOfSyntax: Plugin = {
  onParse:
    () =>
    ({ result }) => {
      if (result instanceof GraphQLError) result.extensions.code ??= 'GRAPHQL_PARSE_FAILED';
    },
};

/** `identify` for every answer over HTTP, a stream of events included. */
export const identifyErrors = (
  app: Pick<App, 'log' | 'metrics' | 'rejections'>,
): Plugin<Caller, Caller> => ({
  onResultProcess({ result, setResult, serverContext }) {
    const { call } = serverContext;
    if (isAsyncIterable<Failing>(result)) {
      setResult(mapAsyncIterator(result, (each) => identify(app, call, each)) as typeof result);
    } else if (!Array.isArray(result)) {
      setResult(identify(app, call, result as Failing, true) as typeof result);
    }
  },
});

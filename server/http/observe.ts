/** What is told of each request: one line in the log, its numbers, and its span. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { App } from '../app.ts';
import type { Caller } from './caller.ts';

const EXACT = new Set([
  '/graphql',
  '/health',
  '/ready',
  '/metrics',
  '/import/traces',
  '/import/evaluation-sets',
  '/import/predictions',
  '/export/traces.jsonl',
  '/export/ungar/high-card-duel.jsonl',
  '/auth/sign-in',
  '/auth/sign-out',
  '/auth/invitation',
  '/auth/accept',
  '/auth/state',
]);

const PATTERNS: readonly [RegExp, string][] = [
  [
    /^\/(export\/datasets\/[^/]+\.jsonl|datasets\/[^/]+\/export\.jsonl)$/,
    '/export/datasets/:key.jsonl',
  ],
  [
    /^\/(export\/datasets\/[^/]+\.manifest\.json|datasets\/[^/]+\/manifest\.json)$/,
    '/export/datasets/:key.manifest.json',
  ],
  [/^\/export\/runs\/[^/]+\/log\.txt$/, '/export/runs/:number/log.txt'],
  [/^\/export\/runs\/[^/]+\/model\.zip$/, '/export/runs/:number/model.zip'],
  [/^\/artifacts\/.+\/preview$/, '/artifacts/:id/preview'],
  [/^\/artifacts\/.+$/, '/artifacts/:id'],
];

const METHODS = new Set(['GET', 'HEAD', 'POST', 'OPTIONS', 'PUT', 'PATCH', 'DELETE']);

/** The route of a path; every page and file of the UI is `page`, so that nobody can add names. */
export function routeOf(pathname: string): string {
  if (EXACT.has(pathname)) return pathname;
  return PATTERNS.find(([pattern]) => pattern.test(pathname))?.[1] ?? 'page';
}

/** By the status of the answer to a try to sign in. */
function signInOf(status: number) {
  if (status < 300) return 'accepted';
  if (status === 429) return 'limited';
  return status < 500 ? 'refused' : 'failed';
}

/**
 * Observes a request to the end of its answer. Call what it gives as soon as it is known who asks:
 * the span is on the call from then on.
 */
export function observeRequest(
  app: Pick<App, 'log' | 'metrics' | 'tracing'>,
  request: IncomingMessage,
  response: ServerResponse,
): (caller: Caller) => void {
  const startedAt = performance.now();
  // A query may hold what is secret, such as an invitation: of the address the route alone is told.
  const route = routeOf((request.url ?? '').split('?')[0] ?? '');
  const { method: given = '' } = request;
  const method = METHODS.has(given) ? given : 'other';
  const attributes = { 'http.request.method': method, 'http.route': route };
  const { traceparent } = request.headers;
  const parent = typeof traceparent === 'string' ? traceparent : null;
  const span = app.tracing.start(`${method} ${route}`, attributes, parent);
  let caller: Caller | null = null;
  response.once('close', () => {
    const seconds = (performance.now() - startedAt) / 1000;
    // 499, as other servers say it: the client left before it was told anything.
    const status = response.headersSent ? response.statusCode : 499;
    app.metrics.api.answered(method, route, status, seconds);
    if (route === '/auth/sign-in' && method === 'POST') app.metrics.api.signedIn(signInOf(status));
    const requestId = caller?.call.requestId ?? null;
    span.set({ 'http.response.status_code': status, 'tunix.request.id': requestId });
    span.end(status >= 500 ? `HTTP ${status}` : undefined);
    const line = {
      requestId,
      actor: caller?.actor.kind,
      operation: caller?.call.operation,
      ...{ method, route, status, ms: Math.round(seconds * 1000) },
      ...(span.traceId && { traceId: span.traceId }),
    };
    app.log[status >= 500 ? 'info' : 'debug'](line, 'request');
  });
  return (who) => {
    caller = who;
    who.call.span = span;
  };
}

/** What is answered while the database is away, or gives no connection in time. */
import type { ServerResponse } from 'node:http';
import { fail, json } from './respond.ts';

/** The same again may work: it has to be told apart from a fault of ours. */
export const AWAY = {
  status: 503,
  code: 'UNAVAILABLE',
  message: 'The database does not answer. Try again in a few seconds.',
  headers: { 'retry-after': '5' },
} as const;

/** Answers a request that no operation was reached by, each endpoint in its own form. */
export function failAway(response: ServerResponse, path: string | undefined): void {
  const { status, code, message, headers } = AWAY;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (path !== '/graphql') {
    fail(response, status, code, message);
    return;
  }
  const requestId = response.getHeader('x-request-id');
  json(response, status, { errors: [{ message, extensions: { code, requestId } }] });
}

/** What a browser sends to `/auth/…`, and what comes back. */
import type { OutgoingHttpHeaders } from 'node:http';
import type { App } from '../app.ts';
import type { TestServer } from './http.ts';

/** Posts JSON as a browser that names no page it comes from. */
export const post = (
  server: TestServer,
  path: string,
  body: unknown,
  headers: OutgoingHttpHeaders = {},
) =>
  server.send(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

export const codeOf = ({ body }: { body: string }) => JSON.parse(body).error.code;

/** The cookie of an answer, as it is sent from then on. */
export const cookieOf = ({ headers }: { headers: { 'set-cookie'?: string[] } }) =>
  headers['set-cookie']?.[0]?.split(';')[0] ?? '';

/** Whoever asks with these headers, as GraphQL sees them. */
export const viewerOf = async (server: TestServer, headers: OutgoingHttpHeaders) => {
  const query = '{ viewer { kind name role } }';
  const { body } = await post(server, '/graphql', { query }, { origin: server.url, ...headers });
  return JSON.parse(body).data?.viewer;
};

/** The audit entries of an action, newest first. */
export const entriesOf = (app: Pick<App, 'db'>, action: string) =>
  app.db.auditEntry.findMany({ where: { action }, orderBy: { at: 'desc' } });

/** A real server on a free port, and requests with any header and path. */
import { once } from 'node:events';
import { type IncomingHttpHeaders, type RequestOptions, request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { App } from '../app.ts';
import { openHttp } from '../http/server.ts';

type Answer = { status: number; headers: IncomingHttpHeaders; body: string };

export type TestServer = AsyncDisposable & {
  readonly url: string;
  readonly port: number;
  /** Sends a request as it is given: unlike fetch, any Host, Origin and path. */
  send(path: string, options?: RequestOptions & { body?: string | Buffer }): Promise<Answer>;
  /** Posts an operation to /graphql. */
  ask(query: string, variables?: object): Promise<{ data?: unknown; errors?: unknown[] }>;
};

/** Opens the server of an app; `client` is a folder with a built UI. */
export async function openServer(app: App, client?: string): Promise<TestServer> {
  const config = { ...app.config, http: { ...app.config.http, port: 0 } };
  const http = await openHttp({ ...app, config }, client);
  const port = Number(new URL(http.url).port);
  return {
    url: http.url,
    port,
    async send(path, { body, ...options } = {}) {
      const sent = request({ host: '127.0.0.1', port, path, ...options });
      sent.end(body);
      const [answer] = await once(sent, 'response');
      return {
        status: answer.statusCode,
        headers: answer.headers,
        body: await text(answer),
      };
    },
    async ask(query, variables = {}) {
      const answer = await fetch(`${http.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables }),
      });
      return (await answer.json()) as { data?: unknown; errors?: unknown[] };
    },
    [Symbol.asyncDispose]: () => http.close(),
  };
}

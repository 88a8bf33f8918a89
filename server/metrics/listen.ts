/**
 * The port on which a runner says how it is: whether it lives, whether it is ready, and its numbers. It
 * serves nothing else, and asks nobody who they are.
 */
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { App } from '../app.ts';
import { readinessOf, readRunnerHealth } from '../health.ts';
import { fail, json } from '../http/respond.ts';
import { CONTENT_TYPE, NOT_TOLD, scrapeRunner } from './scrape.ts';

export type RunnerPort = AsyncDisposable & { readonly url: string };

type Needs = Pick<App, 'config' | 'metrics' | 'log' | 'sql'>;

/**
 * Starts to listen: `/health`, `/ready` and, unless METRICS is false, `/metrics`. Where the port is taken,
 * as by another runner of this host, it listens on one that is free: a runner works without being asked.
 * `runnerId` tells its own id, null until it has registered.
 */
export async function openRunnerPort(
  app: Needs,
  runnerId: () => string | null,
): Promise<RunnerPort> {
  const { enabled, host, port } = app.config.metrics;
  const server = createServer((request, response) => {
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    answer(app, isRead ? request.url : undefined, runnerId(), response).catch((error: unknown) => {
      app.log.error({ err: error, path: request.url }, 'the runner could not say how it is');
      response.writeHead(500).end();
    });
  });
  if (!(await canListen(server, port, host))) {
    const remedy = 'Give each runner of a host its own METRICS_PORT, or 0 for any that is free.';
    app.log.warn({ host, port, remedy }, 'the port of the runner is taken; another is used');
    await canListen(server, 0, host);
  }
  const address = server.address() as AddressInfo;
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`;
  app.log.info({ url }, `health${enabled ? ' and numbers' : ''} can be read`);
  return {
    url,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function answer(
  app: Needs,
  path: string | undefined,
  runnerId: string | null,
  response: ServerResponse,
): Promise<void> {
  // Of one moment: whoever keeps an answer is wrong about the next.
  response.setHeader('cache-control', 'no-store');
  switch (path) {
    case '/health':
      json(response, 200, { status: 'ok' });
      return;
    case '/ready': {
      const { isReady, body } = readinessOf(await readRunnerHealth(app, runnerId));
      json(response, isReady ? 200 : 503, body);
      return;
    }
    case '/metrics':
      if (!app.config.metrics.enabled) {
        fail(response, 404, 'NOT_FOUND', NOT_TOLD);
        return;
      }
      response.setHeader('content-type', CONTENT_TYPE).end(await scrapeRunner(app));
      return;
    default:
      fail(response, 404, 'NOT_FOUND', 'A runner answers GET /health, /ready and /metrics.');
  }
}

/** Whether it listens now; not where the port is taken. */
async function canListen(server: Server, port: number, host: string): Promise<boolean> {
  try {
    server.listen(port, host);
    await once(server, 'listening');
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    return false;
  }
}

/** The port on which a runner tells its numbers; it serves nothing else, and asks nobody who they are. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { App } from '../app.ts';
import { CONTENT_TYPE, scrapeRunner } from './scrape.ts';

export type MetricsListener = AsyncDisposable & { readonly url: string };

/**
 * Starts to listen; null where METRICS is false. Where the port is taken, as by another runner of this
 * host, it listens on one that is free: a runner works without its numbers, too.
 */
export async function listenForMetrics(
  app: Pick<App, 'config' | 'metrics' | 'log'>,
): Promise<MetricsListener | null> {
  const { enabled, host, port } = app.config.metrics;
  if (!enabled) return null;
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    scrapeRunner(app).then(
      (text) => response.setHeader('content-type', CONTENT_TYPE).end(text),
      (error: unknown) => {
        app.log.error({ err: error }, 'numbers not told');
        response.writeHead(500).end();
      },
    );
  });
  if (!(await canListen(server, port, host))) {
    const remedy = 'Give each runner of a host its own METRICS_PORT, or 0 for any that is free.';
    app.log.warn({ host, port, remedy }, 'the port of the numbers is taken; another is used');
    await canListen(server, 0, host);
  }
  const address = server.address() as AddressInfo;
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${address.port}/metrics`;
  app.log.info({ url }, 'numbers can be read');
  return {
    url,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
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

import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { App } from '../app.ts';
import { readHealth } from '../health.ts';
import { downloadArtifact, previewArtifact } from './downloads.ts';
import { handleEvaluationSet } from './evaluationSets.ts';
import { exportDataset, exportLog, exportManifest, exportUngar } from './exports.ts';
import { bodyFault, openGraphql } from './graphql.ts';
import { refusalOf } from './guard.ts';
import { handleImport } from './imports.ts';
import { handlePredictions } from './predictions.ts';
import { fail, json } from './respond.ts';
import { openSockets } from './sockets.ts';
import { serveClient } from './static.ts';
import { exportTraces } from './traceExport.ts';

/** A connection on which nothing moves for so long is closed. */
const IDLE_MS = 300_000;

export type HttpServer = { readonly url: string; close(): Promise<void> };

/** Starts to listen. Everything is on one port: UI, GraphQL, subscriptions, files, health. */
export async function openHttp(app: App): Promise<HttpServer> {
  const graphql = openGraphql(app);
  const route = async (request: IncomingMessage, response: ServerResponse) => {
    const refusal = refusalOf(request, app.config);
    if (refusal) {
      fail(response, refusal.status, 'REFUSED', refusal.message);
      return;
    }
    const url = URL.parse(request.url ?? '/', 'http://localhost');
    if (!url) {
      fail(response, 400, 'BAD_URL', 'This is no address of a page.');
      return;
    }
    const { pathname, searchParams } = url;
    if (pathname === '/graphql') {
      // Our own page shows GraphiQL in a frame; another site's must not.
      response.setHeader('content-security-policy', "frame-ancestors 'self'");
      response.setHeader('x-content-type-options', 'nosniff');
      const fault = bodyFault(request);
      if (!fault) {
        await graphql(request, response);
        return;
      }
      // The body is not read, so nothing else can follow on this connection.
      response.setHeader('connection', 'close');
      fail(response, fault.status, fault.code, fault.message);
      return;
    }
    if (pathname === '/import/traces') {
      if (request.method === 'POST') await handleImport(app, request, response, searchParams);
      else refuseMethod(response, 'POST');
      return;
    }
    if (pathname === '/import/evaluation-sets') {
      if (request.method === 'POST') {
        await handleEvaluationSet(app, request, response, searchParams);
      } else refuseMethod(response, 'POST');
      return;
    }
    if (pathname === '/import/predictions') {
      if (request.method === 'POST') await handlePredictions(app, request, response, searchParams);
      else refuseMethod(response, 'POST');
      return;
    }
    if (pathname === '/export/traces.jsonl') {
      if (request.method === 'POST') await exportTraces(app, request, response);
      else refuseMethod(response, 'POST');
      return;
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      refuseMethod(response, 'GET, HEAD');
      return;
    }
    await read(app, request, response, pathname, searchParams);
  };
  // A large import takes longer than the five minutes Node gives a whole request; silence ends it.
  const server = createServer({ requestTimeout: 0 }, (request, response) => {
    route(request, response).catch((error: unknown) => {
      // Destroyed, but not by an error of ours.
      if (response.destroyed && !response.errored) {
        app.log.debug({ err: error, url: request.url }, 'client left');
        return;
      }
      app.log.error({ err: error, url: request.url }, 'request failed');
      if (response.headersSent) response.destroy();
      else fail(response, 500, 'INTERNAL', 'Unexpected error. The log of the server has more.');
    });
  });
  server.setTimeout(IDLE_MS);
  const closeSockets = openSockets(app, server, graphql);
  const { host, port } = app.config.http;
  await listen(server, host, port);
  const address = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await closeSockets();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function read(
  app: App,
  request: IncomingMessage,
  response: ServerResponse,
  pathname: string,
  query: URLSearchParams,
): Promise<void> {
  // Beside the pages of the UI under /datasets/, these two files alone.
  const dataset =
    /^\/export\/datasets\/([A-Za-z0-9._-]+)\.jsonl$/.exec(pathname) ??
    /^\/datasets\/([A-Za-z0-9._-]+)\/export\.jsonl$/.exec(pathname);
  const manifest =
    /^\/export\/datasets\/([A-Za-z0-9._-]+)\.manifest\.json$/.exec(pathname) ??
    /^\/datasets\/([A-Za-z0-9._-]+)\/manifest\.json$/.exec(pathname);
  const log = /^\/export\/runs\/(\d{1,9})\/log\.txt$/.exec(pathname);
  const artifact = /^\/artifacts\/([A-Za-z0-9+/=%_-]+?)(\/preview)?$/.exec(pathname);
  if (pathname === '/health') {
    json(response, 200, { status: 'ok' });
  } else if (pathname === '/ready') {
    const parts = await readHealth(app);
    const ready = parts.every((part) => part.ok || !part.required);
    json(response, ready ? 200 : 503, { status: ready ? 'ready' : 'not ready', parts });
  } else if (dataset?.[1]) {
    await exportDataset(app, response, dataset[1], query);
  } else if (manifest?.[1]) {
    await exportManifest(app, response, manifest[1]);
  } else if (pathname === '/export/ungar/high-card-duel.jsonl') {
    await exportUngar(app, response, query);
  } else if (log?.[1]) {
    await exportLog(app, response, Number(log[1]), query);
  } else if (artifact?.[1]) {
    const send = artifact[2] ? previewArtifact : downloadArtifact;
    await send(app, request, response, artifact[1].replaceAll('%3D', '='));
  } else if (/^\/(export|import|artifacts)(\/|$)/.test(pathname)) {
    // A page instead would be saved as if it were the file.
    fail(
      response,
      404,
      'NOT_FOUND',
      'There is no such file. Copy the address of one from its page.',
    );
  } else {
    serveClient(request, response, pathname);
  }
}

function refuseMethod(response: ServerResponse, allowed: string): void {
  response.setHeader('allow', allowed);
  fail(response, 405, 'METHOD', `Use ${allowed}.`);
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    const said = `Port ${port} on ${host} is taken. Stop what uses it, or choose another with PORT.`;
    throw new Error(said, { cause: error });
  }
}

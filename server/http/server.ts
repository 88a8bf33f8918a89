import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ANONYMOUS, LOCAL } from '../access/actor.ts';
import type { App } from '../app.ts';
import { readHealth, readinessOf } from '../health.ts';
import { isOutage } from '../lib/outage.ts';
import { addressOf } from './address.ts';
import { admit } from './admit.ts';
import { handleAuth } from './auth.ts';
import { failAway } from './away.ts';
import { type Caller, callOf } from './caller.ts';
import { downloadArtifact, previewArtifact } from './downloads.ts';
import { handleEvaluationSet } from './evaluationSets.ts';
import { exportDataset, exportLog, exportManifest, exportUngar } from './exports.ts';
import { serveGraphiql, wantsGraphiql } from './graphiql.ts';
import { bodyFault, openGraphql } from './graphql.ts';
import { refusalOf } from './guard.ts';
import { setSafeHeaders } from './headers.ts';
import { handleImport } from './imports.ts';
import { serveMetrics } from './metrics.ts';
import { downloadModel } from './modelDownload.ts';
import { observeRequest } from './observe.ts';
import { readDocuments } from './persisted.ts';
import { handlePredictions } from './predictions.ts';
import { fail, json } from './respond.ts';
import { endSlowBody, timeouts } from './slow.ts';
import { asksForSocket, openSockets } from './sockets.ts';
import { CLIENT, serveClient } from './static.ts';
import { exportTraces } from './traceExport.ts';

/** A connection on which nothing moves for so long is closed. */
const IDLE_MS = 300_000;

export type HttpServer = { readonly url: string; close(): Promise<void> };

/** Starts to listen. Everything is on one port: UI, GraphQL, subscriptions, files, health. */
export async function openHttp(app: App, client = CLIENT): Promise<HttpServer> {
  const graphql = openGraphql(app, readDocuments(client));
  const route = async (
    request: IncomingMessage,
    response: ServerResponse,
    observed: (caller: Caller) => void,
  ) => {
    const actor = app.config.access.required ? ANONYMOUS : LOCAL;
    const caller: Caller = { actor, call: callOf(request) };
    response.setHeader('x-request-id', caller.call.requestId);
    observed(caller);
    setSafeHeaders(response);
    const refusal = refusalOf(request, app.config);
    if (refusal) {
      app.rejections.count(refusal.reason);
      fail(response, refusal.status, 'REFUSED', refusal.message);
      return;
    }
    const url = addressOf(request);
    if (!url) {
      fail(response, 400, 'BAD_URL', 'This is no address of a page.');
      return;
    }
    const { pathname, searchParams } = url;
    if (pathname.startsWith('/auth/')) {
      endSlowBody(app, request);
      await handleAuth(app, pathname, { request, response, query: searchParams, caller });
      return;
    }
    if (!(await admit(app, request, response, pathname, caller))) return;
    if (pathname === '/graphql') {
      if (wantsGraphiql(request)) {
        await serveGraphiql(response);
        return;
      }
      const fault = bodyFault(request, caller.actor);
      if (!fault) {
        endSlowBody(app, request);
        await graphql(request, response, caller);
        return;
      }
      app.rejections.count(fault.code);
      // The body is not read, so nothing else can follow on this connection.
      response.setHeader('connection', 'close');
      fail(response, fault.status, fault.code, fault.message);
      return;
    }
    if (pathname === '/import/traces') {
      if (request.method === 'POST')
        await handleImport(app, request, response, searchParams, caller);
      else refuseMethod(response, 'POST');
      return;
    }
    if (pathname === '/import/evaluation-sets') {
      if (request.method === 'POST') {
        await handleEvaluationSet(app, request, response, searchParams, caller);
      } else refuseMethod(response, 'POST');
      return;
    }
    if (pathname === '/import/predictions') {
      if (request.method === 'POST')
        await handlePredictions(app, request, response, searchParams, caller);
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
    await read(app, request, response, pathname, searchParams, client);
  };
  const options = { ...timeouts, shouldUpgradeCallback: asksForSocket };
  const server = createServer(options, (request, response) => {
    const observed = observeRequest(app, request, response);
    route(request, response, observed).catch((error: unknown) => {
      // Without the query of the address, which may hold what is secret.
      const path = request.url?.split('?')[0];
      const line = { err: error, requestId: response.getHeader('x-request-id'), path };
      // Destroyed, but not by an error of ours.
      if (response.destroyed && !response.errored) {
        app.log.debug(line, 'client left');
        return;
      }
      const isAway = isOutage(error);
      app.log[isAway ? 'warn' : 'error'](line, 'request failed');
      if (response.headersSent) response.destroy();
      else if (isAway) failAway(response, path);
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
  client: string,
): Promise<void> {
  // Beside the pages of the UI under /datasets/, these two files alone.
  const dataset =
    /^\/export\/datasets\/([A-Za-z0-9._-]+)\.jsonl$/.exec(pathname) ??
    /^\/datasets\/([A-Za-z0-9._-]+)\/export\.jsonl$/.exec(pathname);
  const manifest =
    /^\/export\/datasets\/([A-Za-z0-9._-]+)\.manifest\.json$/.exec(pathname) ??
    /^\/datasets\/([A-Za-z0-9._-]+)\/manifest\.json$/.exec(pathname);
  const log = /^\/export\/runs\/(\d{1,9})\/log\.txt$/.exec(pathname);
  const model = /^\/export\/runs\/(\d{1,9})\/model\.zip$/.exec(pathname);
  const artifact = /^\/artifacts\/([A-Za-z0-9+/=%_-]+?)(\/preview)?$/.exec(pathname);
  if (pathname === '/health') {
    json(response, 200, { status: 'ok' });
  } else if (pathname === '/ready') {
    const { isReady, body } = readinessOf(await readHealth(app));
    json(response, isReady ? 200 : 503, body);
  } else if (pathname === '/metrics') {
    await serveMetrics(app, response);
  } else if (dataset?.[1]) {
    await exportDataset(app, response, dataset[1], query);
  } else if (manifest?.[1]) {
    await exportManifest(app, response, manifest[1]);
  } else if (pathname === '/export/ungar/high-card-duel.jsonl') {
    await exportUngar(app, response, query);
  } else if (log?.[1]) {
    await exportLog(app, response, Number(log[1]), query);
  } else if (model?.[1]) {
    await downloadModel(app, request, response, Number(model[1]), query);
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
    await serveClient(request, response, pathname, client);
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

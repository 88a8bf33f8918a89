import type { Server } from 'node:http';
import { type DocumentNode, type ExecutionArgs, GraphQLError } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import type { App } from '../app.ts';
import type { Graphql } from './graphql.ts';
import { refusalOf } from './guard.ts';
import { endStalled } from './stalled.ts';

type Enveloped = ReturnType<Graphql['getEnveloped']>;
/** What graphql-ws hands from `onSubscribe` to `execute` and `subscribe`. */
type Prepared = ExecutionArgs & {
  rootValue: { execute: Enveloped['execute']; subscribe: Enveloped['subscribe'] };
};

/** A document, or what is wrong with it; thrown, it would close the socket and all its streams. */
function parseOr(parse: Enveloped['parse'], query: string): DocumentNode | GraphQLError {
  try {
    return parse(query);
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}

const CLOSE_MS = 2_000;
/** How long a peer may leave unread what was sent to it. */
const STALLED_MS = 60_000;

/** Subscriptions over graphql-transport-ws on the same URL. Returns how to close them all. */
export function openSockets(
  app: App,
  server: Server,
  graphql: Graphql,
  stalledMs = STALLED_MS,
): () => Promise<void> {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 1024 * 1024 });
  const disposable = useServer(
    {
      connectionInitWaitTimeout: 3_000,
      execute: (args) => (args as Prepared).rootValue.execute(args),
      subscribe: (args) => (args as Prepared).rootValue.subscribe(args),
      onSubscribe: async (context, _id, params) => {
        const { schema, execute, subscribe, contextFactory, parse, validate } =
          graphql.getEnveloped({ ...context, req: context.extra.request, params });
        const document = parseOr(parse, params.query);
        if (document instanceof GraphQLError) return [document];
        const args = {
          schema,
          operationName: params.operationName ?? null,
          document,
          variableValues: params.variables ?? null,
          contextValue: await contextFactory(),
          rootValue: { execute, subscribe },
        };
        const errors = validate(args.schema, args.document);
        return errors.length > 0 ? errors : args;
      },
    },
    sockets,
  );
  server.on('upgrade', (request, socket, head) => {
    // Nobody else listens on a socket that is refused, and one that is reset would end the process.
    socket.on('error', () => socket.destroy());
    const refusal = refusalOf(request, app.config);
    // Null for what is no URL; to throw here would end the process.
    const url = URL.parse(request.url ?? '/', 'http://localhost');
    if (refusal || url?.pathname !== '/graphql') {
      const status = refusal ? `${refusal.status} Refused` : '404 Not Found';
      socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (ws) => sockets.emit('connection', ws, request));
  });
  const watch = endStalled(sockets.clients, stalledMs);
  return async () => {
    clearInterval(watch);
    // A peer that does not answer the closing handshake is not waited for.
    const late = setTimeout(() => {
      for (const socket of sockets.clients) socket.terminate();
    }, CLOSE_MS);
    await disposable.dispose();
    clearTimeout(late);
  };
}

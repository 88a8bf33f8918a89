import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import { type ExecutionArgs, type FormattedExecutionResult, GraphQLError } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import type { Call } from '../access/actor.ts';
import type { App } from '../app.ts';
import { LIMITS } from '../limits/numbers.ts';
import { addressOf } from './address.ts';
import { type Caller, callOnSocket } from './caller.ts';
import type { Graphql } from './graphql.ts';
import { refusalOf } from './guard.ts';
import { isOfLostPeer } from './lostPeer.ts';
import { identify, mask } from './masking.ts';
import { overRate } from './rateGuard.ts';
import { openSocketAccess, type SocketExtra } from './socketAccess.ts';
import { openSocketCaps } from './socketCaps.ts';
import { endStalled } from './stalled.ts';

type Enveloped = ReturnType<Graphql['getEnveloped']>;
/** What graphql-ws hands from `onSubscribe` to `execute` and `subscribe`. */
type Prepared = ExecutionArgs & {
  rootValue: { execute: Enveloped['execute']; subscribe: Enveloped['subscribe'] };
};

type Formatted = FormattedExecutionResult;

/** What a function answers, or the error that it throws; thrown on, it would close the socket. */
async function orError<T>(work: () => T | Promise<T>): Promise<T | GraphQLError> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}

const tooManySubscriptions = () =>
  new GraphQLError(
    `This socket has ${LIMITS.subscriptionsPerSocket} operations open, which is as many as one may ` +
      'have. Complete some, or open another.',
    { extensions: { code: 'TOO_MANY_SUBSCRIPTIONS' } },
  );

/**
 * Whether a request asks for a socket. Whatever else it offers to go on as, such as HTTP/2, is not taken
 * up, and it is answered as it stands.
 */
export const asksForSocket = ({ headers }: Pick<IncomingMessage, 'headers'>): boolean =>
  headers.upgrade?.toLowerCase() === 'websocket';

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
  const options = { maxPayload: LIMITS.messageBytes, perMessageDeflate: false };
  const sockets = new WebSocketServer({ noServer: true, ...options });
  const caps = openSocketCaps(LIMITS.socketsPerAddress);
  const access = openSocketAccess(app);
  /** Which call the payload of an operation belongs to, for what comes of it. */
  const calls = new WeakMap<object, Call>();
  const disposable = useServer(
    {
      connectionInitWaitTimeout: 3_000,
      onConnect: async ({ extra, connectionParams }) =>
        (await access.open(extra as SocketExtra, connectionParams)) !== null,
      execute: (args) => (args as Prepared).rootValue.execute(args),
      subscribe: (args) => (args as Prepared).rootValue.subscribe(args),
      onSubscribe: async (context, _id, params) => {
        const extra = context.extra as SocketExtra;
        const call = callOnSocket(extra.request, context.connectionParams);
        calls.set(params, call);
        // At once, while those that came with it are not yet counted.
        if (Object.keys(context.subscriptions).length > LIMITS.subscriptionsPerSocket) {
          return [tooManySubscriptions()];
        }
        const actor = await access.actorOf(extra);
        // The socket is closed, so nobody reads this.
        if (!actor) return [new GraphQLError('Forbidden')];
        const caller: Caller = { actor, call };
        const limited = await overRate(app, caller);
        if (limited) return [limited];
        const { schema, execute, subscribe, contextFactory, parse, validate } =
          graphql.getEnveloped({ ...caller, params });
        const query = await orError(() => graphql.persisted.documentOf(params, caller.actor));
        if (query instanceof GraphQLError) return [query];
        const document = await orError(() => parse(query ?? params.query));
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
      onNext: (_context, _id, params, _args, result) => {
        const call = calls.get(params);
        return call && result.errors ? (identify(app, call, result) as Formatted) : undefined;
      },
      onError: async ({ extra }, _id, params, errors) => {
        if (await isOfLostPeer(extra as SocketExtra, errors)) return undefined;
        const masked = errors.map((error) => mask(error, 'Unexpected error.') as GraphQLError);
        return identify(app, calls.get(params) ?? { requestId: randomUUID() }, { errors: masked })
          .errors;
      },
    },
    sockets,
  );
  server.on('upgrade', (request, socket, head) => {
    // Nobody else listens on a socket that is refused, and one that is reset would end the process.
    socket.on('error', () => socket.destroy());
    const refusal = refusalOf(request, app.config);
    // To throw here would end the process.
    const url = addressOf(request);
    if (refusal) app.rejections.count(refusal.reason);
    if (refusal || url?.pathname !== '/graphql') {
      const status = refusal ? `${refusal.status} Refused` : '404 Not Found';
      socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
      return;
    }
    // Where one user has the machine to themselves there is nobody to keep sockets free for.
    if (app.config.access.required && !caps.admit(socket as Socket)) {
      app.rejections.count('TOO_MANY_SOCKETS');
      socket.end('HTTP/1.1 429 Too Many Requests\r\nConnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (ws) => sockets.emit('connection', ws, request));
  });
  sockets.on('connection', (ws) => {
    app.metrics.api.socketOpened();
    ws.once('close', () => app.metrics.api.socketClosed());
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

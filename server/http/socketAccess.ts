/** Who is on a socket: asked at its first message and again for each operation. */
import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import { BadCredentialError } from '../access/access.ts';
import type { Actor } from '../access/actor.ts';
import type { App } from '../app.ts';

/** What graphql-ws keeps of a socket. */
export type SocketExtra = { socket: WebSocket; request: IncomingMessage };

/** How long a peer that is told to go may take to answer. */
const CLOSE_MS = 2_000;

const end = (socket: WebSocket, code: number, reason: string): void => {
  socket.close(code, reason);
  setTimeout(() => socket.terminate(), CLOSE_MS).unref();
};

export type SocketAccess = {
  /** Whoever opens the socket, by what its first message says; null when it was closed. */
  open(extra: SocketExtra, params: Record<string, unknown> | undefined): Promise<Actor | null>;
  /** Whoever asks for an operation now; null when it was closed. */
  actorOf(extra: SocketExtra): Promise<Actor | null>;
};

export function openSocketAccess(app: Pick<App, 'access' | 'config' | 'log'>): SocketAccess {
  const shown = new WeakMap<WebSocket, string | undefined>();

  const actorOf = async ({ socket, request }: SocketExtra): Promise<Actor | null> => {
    try {
      const actor = await app.access.authenticate(request, shown.get(socket));
      // A browser says from which page it comes, and the guard has compared it; without that, a cookie
      // proves nothing.
      const isForged = actor.credential?.kind === 'SESSION' && request.headers.origin === undefined;
      if (actor.kind !== 'ANONYMOUS' && !isForged) return actor;
      end(socket, isForged ? 4403 : 4401, isForged ? 'Forbidden' : 'Unauthorized');
    } catch (error) {
      if (error instanceof BadCredentialError) {
        end(socket, 4403, 'Forbidden');
      } else {
        // Clients come back after this one.
        app.log.warn({ err: error }, 'nobody could be asked who is on a socket');
        end(socket, 1013, 'Try again later');
      }
    }
    return null;
  };

  return {
    actorOf,
    async open(extra, params) {
      const { socket } = extra;
      const said = params?.authorization;
      shown.set(socket, said === undefined || said === null ? undefined : String(said));
      const actor = await actorOf(extra);
      if (!actor) return null;
      const stop = app.access.watch(actor, () => end(socket, 4403, 'Forbidden'));
      if (socket.readyState === socket.OPEN) socket.once('close', stop);
      else stop();
      return actor;
    },
  };
}

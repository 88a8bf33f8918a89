import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Actor, Call } from '../access/actor.ts';

/** Who asks, and by which call. */
export type Caller = { actor: Actor; call: Call };

/** The call a request is; its id is what the caller named it when that can stand in a log. */
export function callOf(request: IncomingMessage, id = idOf(request)): Call {
  const { 'x-graphql-client-name': client } = request.headers;
  return {
    requestId: id,
    address: request.socket.remoteAddress ?? null,
    client: typeof client === 'string' ? client.slice(0, 100) : null,
  };
}

function idOf({ headers }: IncomingMessage): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && /^[A-Za-z0-9._-]{1,64}$/.test(given) ? given : randomUUID();
}

import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Actor, Call } from '../access/actor.ts';
import { head } from '../lib/text.ts';

/** Who asks, and by which call. */
export type Caller = { actor: Actor; call: Call };

/** The call a request is; its id is what the caller named it when that can stand in a log. */
export function callOf(request: IncomingMessage): Call {
  return {
    requestId: idOf(request),
    address: request.socket.remoteAddress ?? null,
    client: clientOf(request.headers['x-graphql-client-name']),
  };
}

/**
 * The call that one operation of a socket is. Its program is `client` of the first message: a browser
 * cannot set headers of the upgrade, which hold for whoever can and says nothing there.
 */
export const callOnSocket = (
  upgrade: IncomingMessage,
  params: Record<string, unknown> | undefined,
): Call => {
  const call = callOf(upgrade);
  return { ...call, requestId: randomUUID(), client: clientOf(params?.client) ?? call.client };
};

/** What a program calls itself, without what is no character to be read; null for nothing. */
const clientOf = (said: unknown): string | null =>
  typeof said === 'string' ? head(said.replaceAll(/\p{C}/gu, ''), 100) || null : null;

function idOf({ headers }: IncomingMessage): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && /^[A-Za-z0-9._-]{1,64}$/.test(given) ? given : randomUUID();
}

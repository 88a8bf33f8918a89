import { setImmediate } from 'node:timers/promises';
import type { GraphQLError } from 'graphql';
import type { SocketExtra } from './socketAccess.ts';

/** What a write fails with when there is nobody any more to read it. */
const LOST = /^(EPIPE|ECANCELED|ECONNRESET|ECONNABORTED|ERR_STREAM_\w+)$/;

/**
 * Whether an operation ended because its peer went away while something was sent to it. That is no
 * fault of the operation: the same codes from the database would be an outage.
 */
export async function isOfLostPeer(
  { socket }: SocketExtra,
  errors: readonly GraphQLError[],
): Promise<boolean> {
  const codes = errors.map(({ originalError }) => (originalError as NodeJS.ErrnoException)?.code);
  if (!codes.every((code) => LOST.test(code ?? ''))) return false;
  // Whoever writes learns of it a moment before the socket does.
  await setImmediate();
  return socket.readyState !== socket.OPEN;
}

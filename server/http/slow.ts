/** Peers that send so slowly that they only hold what others need. */
import type { IncomingMessage } from 'node:http';
import type { App } from '../app.ts';

/** Set on the server. */
export const timeouts = {
  /** Milliseconds until the head of a request is there; Node's own limit goes with `requestTimeout`. */
  headersTimeout: 20_000,
  /** A large import takes longer than the five minutes Node gives a whole request; silence ends it. */
  requestTimeout: 0,
  connectionsCheckingInterval: 5_000,
};

/** Milliseconds until the body of an operation is there. */
const BODY_MS = 60_000;

/** Ends the connection when its body, which is at most 16 MiB, is not there in time. */
export function endSlowBody(
  app: Pick<App, 'rejections'>,
  request: IncomingMessage,
  patienceMs = BODY_MS,
): void {
  if (request.method !== 'POST') return;
  const timer = setTimeout(() => {
    app.rejections.count('TOO_SLOW');
    request.destroy();
  }, patienceMs);
  timer.unref();
  const done = () => clearTimeout(timer);
  request.once('end', done).once('close', done);
}

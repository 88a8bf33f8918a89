import type { WebSocket } from 'ws';

/**
 * Ends sockets whose peer has read nothing for `patienceMs` although something was sent. What waits
 * for them is bounded, one message for each of their streams, but a thousand such peers are a lot.
 */
export function endStalled(sockets: ReadonlySet<WebSocket>, patienceMs: number): NodeJS.Timeout {
  const seen = new WeakMap<WebSocket, { waiting: number; since: number }>();
  const look = () => {
    const now = performance.now();
    for (const socket of sockets) {
      const waiting = socket.bufferedAmount;
      const before = seen.get(socket);
      // Nothing waits, or some of it has gone since.
      if (waiting === 0 || waiting !== before?.waiting) seen.set(socket, { waiting, since: now });
      else if (now - before.since > patienceMs) socket.terminate();
    }
  };
  return setInterval(look, patienceMs / 4).unref();
}

/** The connection of a test: what `./socket.ts` tells, for `vi.mock`. */
import type { Live } from './live.ts';

let live: Live = { kind: 'live', since: 0, latencyMs: 1 };
const changed = new Set<() => void>();
const reconnected = new Set<() => void>();

const add = (listeners: Set<() => void>, listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

export const liveState = {
  get: () => live,
  subscribe: (listener: () => void) => add(changed, listener),
};

export const onReconnect = (listener: () => void) => add(reconnected, listener);

/** What happens to the connection. */
export const connection = {
  lose: () => {
    live = { kind: 'reconnecting', since: 0 };
    for (const listener of changed) listener();
  },
  comeBack: () => {
    live = { kind: 'live', since: 0, latencyMs: 1 };
    for (const listener of changed) listener();
    for (const listener of reconnected) listener();
  },
};

/**
 * The one WebSocket of the page. It stays open as long as the page does, so that the live
 * indicator speaks of a real connection and not of "nobody asked yet". Its library comes after the
 * first page, which asks over HTTP.
 */
import type { Client, FormattedExecutionResult, Sink, SubscribePayload } from 'graphql-ws/client';
import { CLIENT } from './identity.ts';
import { type Live, type LiveEvent, nextLive } from './live.ts';
import { session } from './session.ts';

const PING_EVERY_MS = 5_000;
const PONG_WITHIN_MS = 4_000;
const LONGEST_WAIT_MS = 5_000;

let live: Live = { kind: 'connecting', since: Date.now() };
const listeners = new Set<() => void>();
const reconnectListeners = new Set<() => void>();

function tell(event: LiveEvent) {
  const next = nextLive(live, event, Date.now());
  if (next === live) return;
  live = next;
  for (const listener of listeners) listener();
}

let openedAt = 0;
let pingedAt = 0;
let pongTimer: ReturnType<typeof setTimeout> | undefined;

/** Resolves after `ms`, or at once when the network or the tab comes back. */
const waitOrWake = (ms: number) =>
  new Promise<void>((resolve) => {
    const done = () => {
      clearTimeout(timer);
      window.removeEventListener('online', done);
      document.removeEventListener('visibilitychange', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    window.addEventListener('online', done);
    document.addEventListener('visibilitychange', done);
  });

/** The server knows nobody by this name, or nobody any more (`server/http/sockets.ts`). */
const SIGNED_OUT = [4401, 4403];

async function open(): Promise<Client> {
  const { createClient } = await import('graphql-ws/client');
  const client = createClient({
    // Nobody is let in before somebody is known, neither at first nor again.
    url: async () => {
      await session.whenIn();
      return `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`;
    },
    connectionParams: { client: CLIENT },
    lazy: false,
    keepAlive: PING_EVERY_MS,
    retryAttempts: Number.POSITIVE_INFINITY,
    // Anything may be a server restart; the library itself gives up on protocol errors.
    shouldRetry: () => true,
    retryWait: async (retries) => {
      const full = Math.min(LONGEST_WAIT_MS, 250 * 2 ** retries);
      await waitOrWake(full / 2 + Math.random() * (full / 2));
      await session.confirm();
    },
    onNonLazyError: () => tell({ kind: 'closed' }),
    on: {
      opened: () => {
        openedAt = performance.now();
      },
      connected: (_socket, _payload, wasRetry) => {
        tell({ kind: 'connected' });
        // The handshake is a round trip too: there is a number before the first ping.
        tell({ kind: 'latency', ms: performance.now() - openedAt });
        if (wasRetry) for (const listener of reconnectListeners) listener();
      },
      ping: (received) => {
        if (received) return;
        pingedAt = performance.now();
        clearTimeout(pongTimer);
        // A half-open connection looks fine until somebody asks; no answer means lost.
        pongTimer = setTimeout(() => client.terminate(), PONG_WITHIN_MS);
      },
      pong: (received) => {
        if (!received) return;
        clearTimeout(pongTimer);
        tell({ kind: 'latency', ms: performance.now() - pingedAt });
      },
      closed: (event) => {
        clearTimeout(pongTimer);
        tell({ kind: 'closed' });
        if (SIGNED_OUT.includes((event as CloseEvent).code)) void session.lose();
      },
    },
  });
  return client;
}

const socket = open();
socket.catch(() => tell({ kind: 'closed' }));

/** Subscribes as soon as the socket is there. Returns what ends it. */
export function subscribe<Data>(
  payload: SubscribePayload,
  sink: Sink<FormattedExecutionResult<Data>>,
): () => void {
  let isOver = false;
  let end = () => {};
  socket.then((client) => {
    if (!isOver) end = client.subscribe<Data>(payload, sink);
  }, sink.error);
  return () => {
    isOver = true;
    end();
  };
}

window.addEventListener('offline', () => tell({ kind: 'network', online: false }));
window.addEventListener('online', () => tell({ kind: 'network', online: true }));

export const liveState = {
  get: () => live,
  subscribe: (listener: () => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
};

/** Calls back after every reconnect: whatever has no cursor of its own must be read again. */
export function onReconnect(listener: () => void) {
  reconnectListeners.add(listener);
  return () => void reconnectListeners.delete(listener);
}

/** Subscriptions of a server, that go on after the connection was lost. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, createClient } from 'graphql-ws';
import WebSocket from 'ws';
import {
  type ApiError,
  paramsOf,
  Refused,
  refusalOf,
  refused,
  type Target,
  Unreachable,
} from './ask.ts';

/** Codes a server closes a socket with when it does not know who asks. */
const WHO_ASKS = [4401, 4403];
/** Codes of errors that pass by themselves. */
const PASSING = ['INTERNAL', 'INTERNAL_SERVER_ERROR', 'UNAVAILABLE', 'RATE_LIMITED'];
/** How long the server may say nothing to a ping. */
const PING_MS = 10_000;
const PONG_MS = 5_000;
const LONGEST_PAUSE_MS = 5_000;

export type Streams = AsyncDisposable & {
  /**
   * What a subscription brings. After a lost connection it subscribes again with what `variables`
   * says then, so a caller that moves its cursor there gets neither gap nor double. Ends when
   * `isOver` says so at the end of a stream, or with the signal.
   * @throws Refused; Unreachable when the server is away for longer than may be waited.
   */
  follow<Data>(query: string, source: Source): AsyncGenerator<Data, void>;
};

type Source = {
  variables(): Record<string, unknown>;
  /** Whether the stream ended because there is nothing more. */
  isOver(): boolean;
};

type Patience = {
  signal: AbortSignal;
  /** How long a server may be away. */
  waitSeconds: number;
  /** Told once for each time that the connection is lost. */
  onLost(reason: string): void;
};

/** Opens one socket for any number of subscriptions. */
export function openStreams(target: Target, patience: Patience): Streams {
  const { signal, waitSeconds, onLost } = patience;
  let heardAt = performance.now();
  const client = openClient(target, () => {
    heardAt = performance.now();
  });
  const stop = () => void client.dispose();
  signal.addEventListener('abort', stop);

  /** Waits before another try. @throws what does not pass */
  async function recover(error: unknown, pause: number): Promise<void> {
    const reason = reasonOf(error, target);
    if ((performance.now() - heardAt) / 1000 >= waitSeconds) {
      throw new Unreachable(`${target.url.origin} cannot be reached: ${reason}.`);
    }
    onLost(reason);
    await sleep(pause * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => {});
  }

  return {
    async *follow<Data>(query: string, { variables, isOver }: Source) {
      let pause = 250;
      while (!signal.aborted) {
        try {
          for await (const { data, errors } of client.iterate<Record<string, unknown>>({
            query,
            variables: variables(),
          })) {
            if (errors) throw errors;
            heardAt = performance.now();
            pause = 250;
            yield data as Data;
          }
          if (signal.aborted || isOver()) return;
          await recover(new Error('the stream ended early'), pause);
        } catch (error) {
          if (signal.aborted) return;
          await recover(error, pause);
        }
        pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
      }
    },
    async [Symbol.asyncDispose]() {
      signal.removeEventListener('abort', stop);
      await client.dispose();
    },
  };
}

/** Pings, and ends a connection that does not answer: the system may notice only after minutes. */
function openClient(target: Target, heard: () => void): Client {
  const url = new URL('/graphql', target.url);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  let silence: NodeJS.Timeout | undefined;
  const client = createClient({
    url: url.href,
    webSocketImpl: WebSocket,
    connectionParams: paramsOf(target),
    retryAttempts: 0,
    keepAlive: PING_MS,
    // Errors come out of the streams too.
    onNonLazyError: () => {},
    on: {
      connected: heard,
      ping: (received) => {
        if (!received) silence = setTimeout(() => client.terminate(), PONG_MS);
      },
      pong: (received) => {
        if (received) clearTimeout(silence);
      },
      closed: () => clearTimeout(silence),
    },
  });
  return client;
}

/** In words why a stream broke. @throws Refused when another try would not help */
function reasonOf(error: unknown, target: Target): string {
  if (error instanceof Refused) throw error;
  if (Array.isArray(error)) {
    const [first] = error as [ApiError];
    const refusal = refusalOf(first, target);
    if (!PASSING.includes(refusal.code)) throw refusal;
    return first.message;
  }
  const { code, reason, message } = error as { code?: number; reason?: string; message?: string };
  if (code !== undefined && WHO_ASKS.includes(code)) {
    throw refused('UNAUTHENTICATED', 'The server ended the connection.', target);
  }
  return reason || message || 'the connection was lost';
}

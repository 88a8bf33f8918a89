/** A TCP proxy that loses, delays and swallows on request, as a network does. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { Transform } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * What it does with bytes and ends of connections: hands them on; keeps them until it passes again,
 * as a network does that comes back; or loses them for good and tells neither side (half-open).
 */
type Passage = 'pass' | 'hold' | 'swallow';

export type ProxyServer = AsyncDisposable & {
  /** The URL of the target with the host and port of the proxy. */
  readonly url: string;
  /** Bytes that went to the clients so far. */
  readonly sent: number;
  /** From now on; `delayMs` is for each piece and direction. */
  set(passage: Passage, delayMs?: number): void;
  /** Leads new connections to another server; those there are stay where they are. */
  retarget(url: string): void;
  /** Breaks every open connection with a reset. Returns how many there were. */
  cut(): number;
};

type Pair = { client: Socket; upstream: Socket; isDead: boolean };

/** Opens a proxy to the server at `target`. */
export async function openProxy(target: string): Promise<ProxyServer> {
  let to = new URL(target);
  let passage: Passage = 'pass';
  let delay = 0;
  let changed = Promise.withResolvers<void>();
  let sent = 0;
  const pairs = new Set<Pair>();

  /** Waits until the pair may pass something on; false when it never may again. */
  const mayPass = async (pair: Pair): Promise<boolean> => {
    if (delay > 0) await pause(delay);
    while (passage === 'hold') await changed.promise;
    // What was lost once is missing for ever: such a connection stays dead.
    pair.isDead ||= passage === 'swallow';
    return !pair.isDead;
  };
  const line = (pair: Pair, count: (bytes: number) => void) =>
    new Transform({
      async transform(bytes: Buffer, _encoding, done) {
        const passes = await mayPass(pair);
        if (passes) count(bytes.length);
        done(null, passes ? bytes : undefined);
      },
      async flush(done) {
        if (await mayPass(pair)) done();
      },
    });

  /** Tells one side that the other has gone, unless that is lost too. */
  const part = async (pair: Pair) => {
    if (!(await mayPass(pair))) return;
    pairs.delete(pair);
    pair.client.destroy();
    pair.upstream.destroy();
  };

  const server = createServer((client) => {
    const upstream = connect(Number(to.port), to.hostname);
    const pair: Pair = { client, upstream, isDead: false };
    pairs.add(pair);
    client.pipe(line(pair, () => {})).pipe(upstream);
    const back = line(pair, (bytes) => {
      sent += bytes;
    });
    upstream.pipe(back).pipe(client);
    for (const socket of [client, upstream]) {
      socket.on('error', () => {});
      socket.on('close', () => void part(pair));
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  const cut = () => {
    const open = pairs.size;
    for (const { client, upstream } of pairs) {
      client.resetAndDestroy();
      upstream.resetAndDestroy();
    }
    pairs.clear();
    return open;
  };
  const set = (next: Passage, delayMs = 0) => {
    passage = next;
    delay = delayMs;
    changed.resolve();
    changed = Promise.withResolvers<void>();
  };
  return {
    get url() {
      const url = new URL(to);
      url.host = `127.0.0.1:${port}`;
      return url.href.replace(/\/$/, '');
    },
    get sent() {
      return sent;
    },
    set,
    retarget(url) {
      to = new URL(url);
    },
    cut,
    async [Symbol.asyncDispose]() {
      set('pass');
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}

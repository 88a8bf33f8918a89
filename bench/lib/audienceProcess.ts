/** The process of `audience.ts`: gets an order, answers when all are connected and when all is heard. */
import { WebSocket } from 'ws';
import type { Heard, Order } from './audience.ts';
import { percentile } from './stats.ts';

type Message = {
  type: string;
  payload?: { data?: { runLogs: Batch }; errors?: unknown[] } | unknown[];
};
type Batch = {
  __typename: string;
  firstSeq?: string | number;
  lastSeq: string | number;
  text?: string;
};

const now = () => performance.timeOrigin + performance.now();

const heard: Heard = {
  complete: 0,
  lines: Number.POSITIVE_INFINITY,
  most: 0,
  gaps: 0,
  messages: 0,
  bytes: 0,
  p50Ms: 0,
  p99Ms: 0,
  maxMs: 0,
};
const times: number[] = [];

function fail(why: unknown): never {
  process.stderr.write(`${String(why)}\n`);
  process.exit(1);
}

/** One subscriber: resolves `first` when it follows, `end` with the end of its stream. */
function subscribe({ url, query, after, greets }: Order, id: string) {
  const first = Promise.withResolvers<void>();
  const end = Promise.withResolvers<void>();
  const socket = new WebSocket(url, query === null ? [] : 'graphql-transport-ws');
  let seq = after;
  let lines = 0;
  let over = false;
  const take = (batch: Batch) => {
    first.resolve();
    if (batch.__typename === 'StreamCompleted') {
      if (Number(batch.lastSeq) !== seq) heard.gaps += 1;
      return;
    }
    if (batch.__typename !== 'LogBatch') return;
    if (Number(batch.firstSeq) !== seq + 1) heard.gaps += 1;
    lines += Number(batch.lastSeq) - seq;
    seq = Number(batch.lastSeq);
    const sent = Number.parseFloat(batch.text ?? '');
    // Only what is written to measure begins with its time.
    if (sent > 1e12) times.push(now() - sent);
  };
  socket.on('error', fail);
  socket.on('close', (code, reason) => {
    if (!over) fail(`closed by the server: ${code} ${reason.toString()}`);
  });
  socket.on('open', () => {
    if (query === null) first.resolve();
    else socket.send('{"type":"connection_init"}');
  });
  socket.on('message', (data) => {
    const text = data.toString();
    heard.messages += 1;
    heard.bytes += text.length;
    const { type, payload } = JSON.parse(text) as Message;
    switch (type) {
      case 'connection_ack':
        socket.send(
          JSON.stringify({
            id: '1',
            type: 'subscribe',
            payload: { query, variables: { id, after: `${after}` } },
          }),
        );
        // Answered after it was subscribed.
        if (!greets) socket.send('{"type":"ping"}');
        return;
      case 'pong':
        first.resolve();
        return;
      case 'next': {
        const { data: found, errors } = payload as { data?: { runLogs: Batch }; errors?: unknown };
        if (errors || !found) fail(text);
        else take(found.runLogs);
        return;
      }
      case 'complete':
        over = true;
        heard.complete += 1;
        heard.lines = Math.min(heard.lines, lines);
        heard.most = Math.max(heard.most, lines);
        socket.close();
        end.resolve();
        return;
      case 'ping':
        socket.send('{"type":"pong"}');
        return;
      default:
        fail(text);
    }
  });
  return { first: first.promise, end: end.promise };
}

/** So many connect at once; more would only wait in the backlog of the server. */
const AT_ONCE = 50;

async function attend(order: Order): Promise<void> {
  const ends: Promise<void>[] = [];
  for (let at = 0; at < order.ids.length; at += AT_ONCE) {
    const some = order.ids.slice(at, at + AT_ONCE).map((id) => subscribe(order, id));
    ends.push(...some.map(({ end }) => end));
    await Promise.all(some.map(({ first }) => first));
  }
  process.send?.('connected');
  await Promise.all(ends);
  const sorted = Float64Array.from(times).sort();
  heard.p50Ms = percentile(sorted, 0.5);
  heard.p99Ms = percentile(sorted, 0.99);
  heard.maxMs = percentile(sorted, 1);
  process.send?.(heard);
}

process.once('message', (order: Order) => void attend(order));

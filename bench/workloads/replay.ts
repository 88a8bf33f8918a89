/** g: the whole log again, from the start and from the middle, while it grows. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { Readable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { WebSocket } from 'ws';
import { globalId } from '../../schema/ids.ts';
import { openLogWriter } from '../../server/logs/writer.ts';
import type { Lease } from '../../server/runs/lease.ts';
import { LOG_SUBSCRIPTION } from '../lib/audience.ts';
import { logBytes, logLine } from '../lib/logLines.ts';
import { makeRunner, makeRuns, openWriterSide } from '../lib/logRun.ts';
import { metered } from '../lib/meter.ts';
import type { Measurement } from '../lib/report.ts';
import { type Server, startApi } from '../lib/server.ts';
import type { Sample } from '../lib/stats.ts';
import { same, type Workload, WrongResult } from '../lib/workload.ts';

type Next = {
  data: { runLogs: { __typename: string; firstSeq: string; lastSeq: string; text: string } };
};

/** Follows from after line `after` until line `until`; every number must come once, in order. */
async function replay(api: Server, runId: string, after: number, until: number): Promise<Sample> {
  const socket = new WebSocket(`${api.url.replace(/^http/, 'ws')}/graphql`, 'graphql-transport-ws');
  await once(socket, 'open');
  socket.send('{"type":"connection_init"}');
  await once(socket, 'message');
  const begin = performance.now();
  let firstMs = Number.NaN;
  let seq = after;
  let bytes = 0;
  const end = Promise.withResolvers<void>();
  socket.on('message', (data) => {
    const text = data.toString();
    const { type, payload } = JSON.parse(text) as { type: string; payload: Next };
    if (type === 'ping') return socket.send('{"type":"pong"}');
    if (type !== 'next') return end.reject(new WrongResult(text.slice(0, 300)));
    const { __typename, firstSeq, lastSeq } = payload.data.runLogs;
    if (__typename !== 'LogBatch') return;
    if (Number.isNaN(firstMs)) firstMs = performance.now() - begin;
    if (Number(firstSeq) !== seq + 1) end.reject(new WrongResult(`${firstSeq} after ${seq}`));
    seq = Number(lastSeq);
    bytes += text.length;
    if (seq >= until) end.resolve();
  });
  socket.on('error', end.reject);
  const query = {
    query: LOG_SUBSCRIPTION,
    variables: { id: globalId('Run', runId), after: `${after}` },
  };
  socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: query }));
  await end.promise;
  const seconds = (performance.now() - begin) / 1000;
  socket.terminate();
  const count = until - after;
  return {
    count,
    seconds,
    firstMs,
    linesPerSecond: count / seconds,
    mbPerSecond: bytes / 1e6 / seconds,
  };
}

/** Until `stop` aborts, a thousand lines a second. */
async function keepWriting(
  write: (bytes: Buffer) => Promise<void>,
  stop: AbortSignal,
): Promise<void> {
  const begin = performance.now();
  for (let sent = 0; !stop.aborted; await delay(5)) {
    for (const due = performance.now() - begin; sent < due; sent += 1) {
      await write(Buffer.from(logLine(sent)));
    }
  }
}

/** The stored chunks as COPY sends them, counted and thrown away. */
async function copyOut(sql: Pool, runId: string, count: number): Promise<Sample> {
  const client = await sql.connect();
  try {
    const begin = performance.now();
    const chunks = `COPY (SELECT data FROM log_chunks WHERE run_id = '${runId}' AND last_seq <= ${count} ORDER BY first_seq) TO STDOUT (FORMAT binary)`;
    const stream = client.query(copyTo(chunks));
    stream.resume();
    await finished(stream);
    const seconds = (performance.now() - begin) / 1000;
    return { count, seconds, linesPerSecond: count / seconds };
  } finally {
    client.release();
  }
}

/** As many bytes over a loopback socket. */
async function overSocket(bytes: Buffer, times: number, count: number): Promise<Sample> {
  const server = createServer((socket) => {
    void pipeline(Readable.from(Array<Buffer>(times).fill(bytes)), socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const begin = performance.now();
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  let received = 0;
  socket.on('data', (data) => {
    received += data.length;
  });
  await once(socket, 'close');
  same('bytes', received, bytes.length * times);
  server.close();
  const seconds = (performance.now() - begin) / 1000;
  return { count, seconds, linesPerSecond: count / seconds };
}

const BLOCK = 10_000;

export const replays: Workload = {
  letter: 'g',
  name: 'replay',
  async open(bench) {
    const count = bench.quick ? 50_000 : 1_000_000;
    await using stack = new AsyncDisposableStack();
    const { sql, url } = stack.use(await bench.postgres.openDatabase('bench_replay'));
    await sql.query('TRUNCATE runs, runners CASCADE');
    const side = stack.use(await openWriterSide(url));
    const [lease] = (await makeRuns(sql, await makeRunner(sql), 1)) as [Lease];
    const writer = openLogWriter(side.app, lease, new AbortController().signal);
    for (let at = 0; at < count; at += BLOCK) await writer.write('STDOUT', logBytes(at, BLOCK));
    const stop = new AbortController();
    const writing = keepWriting((bytes) => writer.write('STDOUT', bytes), stop.signal);
    stack.defer(async () => {
      stop.abort();
      await writing;
      await writer.close();
    });
    const api = stack.use(await startApi(url, bench));
    const watched = { postgres: bench.postgres, sql };
    const block = logBytes(0, BLOCK);

    const opened = stack.move();
    return {
      what: `${count} lines over one subscription, while 1000 more a second are written`,
      skipped: [],
      checks: new Set(['every line came once and in order']),
      headlineOf: () => ({ figure: 'seconds', better: 'lower' }),
      async round() {
        const all: Measurement[] = [];
        for (const [name, after] of [
          ['from the start', 0],
          ['from the middle', count / 2],
        ] as const) {
          const sample = await metered({ ...watched, server: api }, () =>
            replay(api, lease.runId, after, count),
          );
          all.push({ case: name, subject: 'ours', sample });
        }
        const floors = [
          ['floor: COPY of the chunks', () => copyOut(sql, lease.runId, count)],
          ['floor: loopback socket', () => overSocket(block, count / BLOCK, count)],
        ] as const;
        for (const [subject, run] of floors) {
          const sample = await metered({ ...watched, server: null }, run);
          all.push({ case: 'from the start', subject, sample });
        }
        return all;
      },
      [Symbol.asyncDispose]: () => opened.disposeAsync(),
    };
  },
};

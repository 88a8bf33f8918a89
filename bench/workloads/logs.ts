/** e: what a child writes, until it is durable and until a subscriber has it. */
import { createHash } from 'node:crypto';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { globalId } from '../../schema/ids.ts';
import { readAll } from '../../server/logs/read.ts';
import { openLogWriter } from '../../server/logs/writer.ts';
import type { Lease } from '../../server/runs/lease.ts';
import { start } from '../../server/tunix/process.ts';
import { LOG_SUBSCRIPTION, openAudience, sampleOf } from '../lib/audience.ts';
import { logBytes, logLine } from '../lib/logLines.ts';
import { endRuns, makeRunner, makeRuns, openWriterSide } from '../lib/logRun.ts';
import { metered } from '../lib/meter.ts';
import type { Measurement } from '../lib/report.ts';
import { startApi } from '../lib/server.ts';
import type { Sample } from '../lib/stats.ts';
import { same, type Workload } from '../lib/workload.ts';
import { chunksOnly, countOnly, rowsByCopy, rowsByFifty } from './logFloors.ts';

const MANY_RUNS = 64;
const PYTHON = `import sys
for i in range(int(sys.argv[1])):
    print(f"step {i} loss=1.234 lr=2e-05 grad_norm=0.912 tokens/s=10234")
`;

/** A file of `count` log lines, its digest and how to read it. */
async function openLines(count: number) {
  const dir = await mkdtemp(join(tmpdir(), 'tunix-rt-bench-log-'));
  const path = join(dir, 'lines.log');
  const hash = createHash('sha256');
  const file = await open(path, 'w');
  let size = 0;
  for (let at = 0; at < count; at += 10_000) {
    const bytes = logBytes(at, Math.min(10_000, count - at));
    hash.update(bytes);
    size += bytes.length;
    await file.write(bytes);
  }
  await file.close();
  return {
    path,
    count,
    size,
    sha256: hash.digest('hex'),
    [Symbol.asyncDispose]: () => rm(dir, { recursive: true }),
  };
}

const commandOf = (file: string, args: string[]) => ({
  file,
  args,
  env: { PATH: process.env.PATH ?? '', PYTHONUNBUFFERED: '1' },
});

type Side = Awaited<ReturnType<typeof openWriterSide>>;

/** Runs a command whose output is the log of the run; resolves when all of it is durable. */
async function storeOutput(side: Side, lease: Lease, file: string, args: string[]): Promise<void> {
  const writer = openLogWriter(side.app, lease, new AbortController().signal);
  const child = start(commandOf(file, args), tmpdir(), writer.write);
  same('exit', await child.exit, { kind: 'exited', code: 0 });
  await writer.close();
}

/** Digest of all that is stored of a run, and its number of lines. */
async function storedOf(side: Side, runId: string) {
  const hash = createHash('sha256');
  let seq = 0;
  for await (const part of readAll(side.app.sql, runId)) {
    same('first line of a part', part.firstSeq, seq + 1);
    hash.update(part.data);
    seq = part.lastSeq;
  }
  return { lines: seq, sha256: hash.digest('hex') };
}

const clock = () => performance.timeOrigin + performance.now();
/** A line that begins with its time. */
const timed = (index: number) => Buffer.from(`${clock().toFixed(3)} ${logLine(index)}`);

/** Writes lines at their times, `perSecond` of them, however late the timer is. */
async function trickle(
  write: (bytes: Buffer) => Promise<void>,
  perSecond: number,
  seconds: number,
): Promise<number> {
  const begin = performance.now();
  const total = perSecond * seconds;
  for (let sent = 0; sent < total; ) {
    const due = Math.min(total, Math.floor(((performance.now() - begin) / 1000) * perSecond) + 1);
    for (; sent < due; sent += 1) await write(timed(sent));
    await delay(1);
  }
  return total;
}

export const logs: Workload = {
  letter: 'e',
  name: 'logs',
  async open(bench) {
    const count = bench.quick ? 100_000 : 2_000_000;
    const seconds = bench.quick ? 2 : 10;
    await using stack = new AsyncDisposableStack();
    const { sql, url } = stack.use(await bench.postgres.openDatabase('bench_logs'));
    await sql.query('TRUNCATE runs, runners CASCADE');
    const api = stack.use(await startApi(url, bench));
    const side = stack.use(await openWriterSide(url));
    const lines = stack.use(await openLines(count));
    const runnerId = await makeRunner(sql);
    const watched = { postgres: bench.postgres, sql, server: null };
    const checks = new Set<string>();

    /** Stores the lines of every given run and answers how many a second. */
    const stored = async (runs: number, each: typeof lines): Promise<Sample> => {
      const leases = await makeRuns(sql, runnerId, runs);
      const sample = await metered(watched, async () => {
        const begin = performance.now();
        await Promise.all(leases.map((lease) => storeOutput(side, lease, 'cat', [each.path])));
        const taken = (performance.now() - begin) / 1000;
        return { count: each.count * runs, seconds: taken, perSecond: (each.count * runs) / taken };
      });
      for (const { runId } of leases) {
        const { lines: found, sha256 } = await storedOf(side, runId);
        same('stored log', { found, sha256 }, { found: each.count, sha256: each.sha256 });
      }
      checks.add(
        'the stored bytes are those that the child wrote, by sha256, and no number is missing',
      );
      await drop(leases);
      return sample;
    };

    const drop = (leases: Lease[]) =>
      sql.query('DELETE FROM runs WHERE id = ANY($1)', [leases.map(({ runId }) => runId)]);

    /** How long a line takes from the writer to a subscriber. */
    const heard = async (
      write: (put: (bytes: Buffer) => Promise<void>) => Promise<number>,
    ): Promise<Sample> => {
      const [lease] = (await makeRuns(sql, runnerId, 1)) as [Lease];
      const order = {
        url: `${api.url.replace(/^http/, 'ws')}/graphql`,
        query: LOG_SUBSCRIPTION,
        ids: [globalId('Run', lease.runId)],
        after: 0,
        greets: true,
      };
      await using audience = await openAudience(order);
      const writer = openLogWriter(side.app, lease, new AbortController().signal);
      return await metered({ ...watched, server: api }, async () => {
        const begin = performance.now();
        const total = await write((bytes) => writer.write('STDOUT', bytes));
        const taken = (performance.now() - begin) / 1000;
        await writer.close();
        await endRuns(sql, [lease.runId]);
        const all = await audience.done();
        same('lines heard', [all.complete, all.lines, all.gaps], [1, total, 0]);
        checks.add('the subscriber has every line once and in order');
        await drop([lease]);
        return { count: total, ...sampleOf(all, taken) };
      });
    };

    const small = stack.use(await openLines(Math.ceil(count / 100)));
    const floors = [
      { name: 'floor: read and count', run: () => countOnly(lines.path, lines.count) },
      { name: 'floor: deflate + insert', run: () => chunksOnly(url, lines.path, lines.count) },
      { name: 'floor: COPY of rows', run: () => rowsByCopy(url, lines.path, lines.count) },
      {
        name: 'peer: a row a line, a commit for 50',
        run: () => rowsByFifty(url, small.path, small.count),
      },
    ];

    const opened = stack.move();
    return {
      what: `${count} lines (${Math.round(lines.size / 1e6)} MB) by a child, ${MANY_RUNS} children with ${small.count} each; ${seconds} s of 1000 lines a second`,
      skipped: [],
      checks,
      headlineOf: (name) =>
        name.startsWith('line') || name.startsWith('burst')
          ? { figure: 'p99Ms', better: 'lower' }
          : { figure: 'perSecond', better: 'higher' },
      async round() {
        const all: Measurement[] = [];
        const durable = 'as fast as it can, durable';
        all.push({ case: durable, subject: 'ours', sample: await stored(1, lines) });
        for (const { name, run } of floors) {
          all.push({ case: durable, subject: name, sample: await metered(watched, run) });
        }
        const many = await stored(MANY_RUNS, small);
        all.push({ case: `${MANY_RUNS} children at once`, subject: 'ours', sample: many });
        const python = await pythonSpeed(side, sql, runnerId, Math.ceil(count / 4));
        all.push({ case: 'python -u, durable', subject: 'ours', sample: python });
        const live = await heard((put) => trickle(put, 1000, seconds));
        all.push({ case: 'line to subscriber, 1000 a second', subject: 'ours', sample: live });
        const burst = await heard(async (put) => {
          const begin = clock().toFixed(3);
          const rest = Array.from({ length: 9_999 }, (_, index) => `${begin} ${logLine(index)}`);
          await put(Buffer.from(`${begin} first\n${rest.join('')}`));
          return 10_000;
        });
        all.push({ case: 'burst of 10 000 to subscriber', subject: 'ours', sample: burst });
        return all;
      },
      [Symbol.asyncDispose]: () => opened.disposeAsync(),
    };
  },
};

/** What an interpreter that writes each line by itself gets through: it is the limit, not we. */
async function pythonSpeed(
  side: Side,
  sql: Parameters<typeof makeRuns>[0],
  runnerId: string,
  count: number,
): Promise<Sample> {
  const [lease] = (await makeRuns(sql, runnerId, 1)) as [Lease];
  const begin = performance.now();
  await storeOutput(side, lease, 'python3', ['-u', '-c', PYTHON, String(count)]);
  const seconds = (performance.now() - begin) / 1000;
  same('lines of Python', (await storedOf(side, lease.runId)).lines, count);
  await sql.query('DELETE FROM runs WHERE id = $1', [lease.runId]);
  return { count, seconds, perSecond: count / seconds };
}

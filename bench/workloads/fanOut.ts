/** f: many subscribers, on one run and on a run each: does everyone get everything, and how late? */
import { setTimeout as delay } from 'node:timers/promises';
import { globalId } from '../../schema/ids.ts';
import { openLogWriter } from '../../server/logs/writer.ts';
import type { Lease } from '../../server/runs/lease.ts';
import { LOG_SUBSCRIPTION, openAudience, sampleOf } from '../lib/audience.ts';
import { logLine } from '../lib/logLines.ts';
import { endRuns, makeRunner, makeRuns, openWriterSide } from '../lib/logRun.ts';
import { metered } from '../lib/meter.ts';
import type { Measurement } from '../lib/report.ts';
import { startApi, startPeer } from '../lib/server.ts';
import type { Sample } from '../lib/stats.ts';
import { same, type Workload } from '../lib/workload.ts';

const NAIVE = `subscription { runLogs { __typename firstSeq lastSeq text lines { seq stream text } } }`;

/** Adds a line to each of many runs in one statement: their runners are no part of what is measured. */
const APPEND_EACH = `
  WITH fence AS (
    UPDATE runs SET last_log_seq = last_log_seq + 1 WHERE id = ANY($1) RETURNING id, last_log_seq),
  stored AS (
    INSERT INTO log_chunks (run_id, first_seq, last_seq, attempt, stream, data, bytes)
    SELECT id, last_log_seq, last_log_seq, 1, 'STDOUT', $2::bytea, octet_length($2::bytea) FROM fence)
  SELECT pg_notify('tunix_rt', 'run:' || id) FROM fence`;

const clock = () => performance.timeOrigin + performance.now();
const webSocket = (url: string) => `${url.replace(/^http/, 'ws')}/graphql`;

export const fanOut: Workload = {
  letter: 'f',
  name: 'fan-out',
  async open(bench) {
    const seconds = bench.quick ? 2 : 10;
    const onOne = bench.quick ? [100] : [100, 1000, 5000];
    const onMany = bench.quick ? [50] : [1000];
    const ofPeers = bench.quick ? 100 : 1000;
    await using stack = new AsyncDisposableStack();
    const { sql, url } = stack.use(await bench.postgres.openDatabase('bench_fan_out'));
    await sql.query('TRUNCATE runs, runners CASCADE');
    const side = stack.use(await openWriterSide(url));
    const runnerId = await makeRunner(sql);
    const checks = new Set([
      'every subscriber has every line once and in order, and its stream ended by itself',
    ]);

    /** Follows the runs with an API of its own while `write` writes; answers what all heard. */
    const follow = async (
      leases: Lease[],
      subscribers: number,
      write: () => Promise<number>,
    ): Promise<Sample> => {
      await using api = await startApi(url, bench);
      const runIds = leases.map(({ runId }) => runId);
      const ids = Array.from({ length: subscribers }, (_, index) =>
        globalId('Run', runIds[index % runIds.length] ?? ''),
      );
      const order = {
        url: webSocket(api.url),
        query: LOG_SUBSCRIPTION,
        ids,
        after: 0,
        greets: true,
      };
      await using audience = await openAudience(order);
      let connections = 0;
      const sample = await metered({ postgres: bench.postgres, sql, server: api }, async () => {
        const begin = performance.now();
        const counting = countConnections().then((count) => {
          connections = count;
        });
        const lines = await write();
        const taken = (performance.now() - begin) / 1000;
        await counting;
        await endRuns(sql, runIds);
        const all = await audience.done();
        same(
          'heard',
          [all.complete, all.lines, all.most, all.gaps],
          [subscribers, lines, lines, 0],
        );
        return { count: lines * subscribers, ...sampleOf(all, taken) };
      });
      await sql.query('DELETE FROM runs WHERE id = ANY($1)', [runIds]);
      return {
        ...sample,
        connections,
        linesPerSecond: (sample.count ?? 0) / (sample.seconds ?? 1),
      };
    };

    /** Connections of the API in the middle of it: all of the database but ours. */
    const countConnections = async (): Promise<number> => {
      await delay((seconds * 1000) / 2);
      const { rows } = await sql.query(
        `SELECT count(*)::int AS count FROM pg_stat_activity
         WHERE datname = current_database() AND backend_type = 'client backend'`,
      );
      return rows[0].count - sql.totalCount - side.app.sql.totalCount;
    };

    const oneRun = async (subscribers: number): Promise<Sample> => {
      const [lease] = (await makeRuns(sql, runnerId, 1)) as [Lease];
      const writer = openLogWriter(side.app, lease, new AbortController().signal);
      return follow([lease], subscribers, async () => {
        let sent = 0;
        const begin = performance.now();
        while (sent < seconds * 1000) {
          const due = Math.min(seconds * 1000, Math.floor(performance.now() - begin) + 1);
          for (; sent < due; sent += 1) {
            await writer.write('STDOUT', Buffer.from(`${clock().toFixed(3)} ${logLine(sent)}`));
          }
          await delay(1);
        }
        await writer.close();
        return sent;
      });
    };

    const runEach = async (subscribers: number): Promise<Sample> => {
      const leases = await makeRuns(sql, runnerId, subscribers);
      const runIds = leases.map(({ runId }) => runId);
      return follow(leases, subscribers, async () => {
        const total = seconds * 10;
        const begin = performance.now();
        for (let sent = 0; sent < total; sent += 1) {
          await delay(Math.max(0, begin + sent * 100 - performance.now()));
          const line = Buffer.from(`${clock().toFixed(3)} ${logLine(sent)}`);
          await sql.query(APPEND_EACH, [runIds, line]);
        }
        return total;
      });
    };

    const peer = async (raw: boolean): Promise<Sample> => {
      await using server = await startPeer('naiveLogs.ts', raw ? { RAW: '1' } : {});
      const ids = Array.from({ length: ofPeers }, () => '');
      const query = raw ? null : NAIVE;
      const order = { url: webSocket(server.url), query, ids, after: 0, greets: false };
      await using audience = await openAudience(order);
      return await metered({ postgres: bench.postgres, sql, server }, async () => {
        const begin = performance.now();
        const { lines } = (await server.tell(seconds)) as { lines: number };
        const all = await audience.done();
        const taken = (performance.now() - begin) / 1000;
        same('heard', [all.complete, all.lines, all.gaps], [ofPeers, lines, 0]);
        return { count: lines * ofPeers, seconds: taken, ...sampleOf(all, taken) };
      });
    };

    const opened = stack.move();
    return {
      what: `${seconds} s of 1000 lines a second on one run, 10 a second on each of many`,
      skipped: [],
      checks,
      headlineOf: () => ({ figure: 'p99Ms', better: 'lower' }),
      async round() {
        const all: Measurement[] = [];
        for (const count of onOne) {
          const name = `${count} subscribers of one run`;
          all.push({ case: name, subject: 'ours', sample: await oneRun(count) });
          if (count !== ofPeers) continue;
          all.push({
            case: name,
            subject: 'peer: an execution for each, Yoga pub/sub',
            sample: await peer(false),
          });
          all.push({ case: name, subject: 'floor: one prepared frame', sample: await peer(true) });
        }
        for (const count of onMany) {
          const name = `${count} runs with a subscriber each`;
          all.push({ case: name, subject: 'ours', sample: await runEach(count) });
        }
        return all;
      },
      [Symbol.asyncDispose]: () => opened.disposeAsync(),
    };
  },
};

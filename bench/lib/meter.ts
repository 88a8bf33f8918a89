/** What a measurement costs besides time: CPU of everyone involved, memory, write-ahead log. */
import type { Pool } from 'pg';
import { cpuOfTree, forgetPeak, memoryOf } from './processes.ts';
import type { Sample } from './stats.ts';

/** Whom to watch: the server under test, when there is one, and PostgreSQL. */
export type Watched = { server: { pid: number } | null; postgres: { pid: number }; sql: Pool };

const MB = 1e6;

/**
 * Runs `work` and adds to what it found: `seconds` (unless it gives its own), `serverCpuS` and
 * `postgresCpuS`, both also for each of its `count` (`…UsEach`), `clientCpuS` (of this process),
 * `restRssMb` (before) and `peakRssMb` of the server, and `walMb`. A checkpoint before it gives
 * everyone the same start: the first change of each page is logged in full.
 */
export async function metered(watched: Watched, work: () => Promise<Sample>): Promise<Sample> {
  const { server, postgres, sql } = watched;
  await sql.query('CHECKPOINT');
  if (server) await forgetPeak(server.pid);
  const rest = server && (await memoryOf(server.pid));
  const cpu = async () => ({
    server: server && (await cpuOfTree(server.pid)),
    postgres: await cpuOfTree(postgres.pid),
  });
  const before = await cpu();
  const wal = await position(sql);
  const client = process.cpuUsage();
  const start = performance.now();
  const found = await work();
  const seconds = (performance.now() - start) / 1000;
  const used = process.cpuUsage(client);
  const after = await cpu();
  const memory = server && (await memoryOf(server.pid));
  return {
    seconds,
    ...found,
    ...spent('server', before.server, after.server, found.count),
    ...spent('postgres', before.postgres, after.postgres, found.count),
    clientCpuS: (used.user + used.system) / 1e6,
    ...(rest && memory && { restRssMb: rest.now / MB, peakRssMb: memory.peak / MB }),
    walMb: ((await position(sql)) - wal) / MB,
  };
}

/** Bytes of log ever written. Exact at once, unlike `pg_stat_wal`, which backends report late. */
async function position(sql: Pool): Promise<number> {
  const { rows } = await sql.query(
    `SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::float8 AS bytes`,
  );
  return rows[0].bytes;
}

/** CPU in all, and for each of the things done: that is steady also where others want the cores. */
function spent(who: string, before: number | null, after: number | null, count?: number): Sample {
  if (before === null || after === null) return {};
  const seconds = after - before;
  return {
    [`${who}CpuS`]: seconds,
    ...(count && { [`${who}UsEach`]: (seconds * 1e6) / count }),
  };
}

/** Runs that can be written to as their runner would, without a training. */
import { randomUUIDv7 } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { pino } from 'pino';
import { openBell } from '../../server/bell.ts';
import { readConfig } from '../../server/config.ts';
import { openDb } from '../../server/db.ts';
import { openRejections } from '../../server/limits/rejections.ts';
import { openMetrics } from '../../server/metrics/open.ts';
import type { Lease } from '../../server/runs/lease.ts';

const HOUR = 3600;

/**
 * What a runner opens, as far as a log writer uses it. Its bell rings and hears nothing: a runner
 * follows no log.
 */
export async function openWriterSide(url: string) {
  const log = pino({ level: 'warn' });
  const dataDir = await mkdtemp(join(tmpdir(), 'tunix-rt-bench-runner-'));
  const { sql, close } = openDb(url, log);
  const bell = await openBell(sql, async () => ({ close: async () => {} }), log);
  const config = readConfig({ DATA_DIR: dataDir });
  const metrics = openMetrics(config, sql, openRejections(), () => 0);
  return {
    app: { sql, bell, log, config, metrics },
    async [Symbol.asyncDispose]() {
      await bell.close();
      await close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** A runner that all runs of the benchmark belong to. */
export async function makeRunner(sql: Pool): Promise<string> {
  const id = randomUUIDv7();
  await sql.query(
    `INSERT INTO runners (id, name, host, pid, labels, runtime) VALUES ($1, 'bench', 'bench', 0, '{}', '{}')`,
    [id],
  );
  return id;
}

const INSERT = `
  WITH made AS (
    INSERT INTO runs (id, model_id, mode, status, config, config_hash, timeout_seconds, epoch, started_at)
    SELECT id, 'bench', 'EXTERNAL', 'RUNNING', '{}', repeat('0', 64), 60, 1, clock_timestamp()
    FROM unnest($1::uuid[]) AS run(id) RETURNING id)
  INSERT INTO run_attempts (run_id, epoch, runner_id, lease_until)
  SELECT id, 1, $2, clock_timestamp() + interval '1 day' FROM made`;

/** RUNNING runs, each with the lease of its first attempt. */
export async function makeRuns(sql: Pool, runnerId: string, count: number): Promise<Lease[]> {
  const ids = Array.from({ length: count }, () => randomUUIDv7());
  await sql.query(INSERT, [ids, runnerId]);
  return ids.map((runId) => ({
    runId,
    epoch: 1,
    seconds: 24 * HOUR,
    lastLogSeq: 0,
    lastMetricSeq: 0,
    elapsed: 0,
    askedAt: performance.now() / 1000,
  }));
}

/** Ends runs, so that their streams end, and rings for them. */
export async function endRuns(sql: Pool, runIds: readonly string[]): Promise<void> {
  await sql.query(
    `UPDATE runs SET status = 'COMPLETED', finished_at = clock_timestamp() WHERE id = ANY($1)`,
    [runIds],
  );
  await sql.query(`SELECT pg_notify('tunix_rt', 'run:' || id) FROM unnest($1::uuid[]) AS run(id)`, [
    runIds,
  ]);
}
